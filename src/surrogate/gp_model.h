/* What a Gaussian process knows of a study: the results told, the trials that
 * run, and a trained process over them, kept up to date at O(n^2) a result.
 *
 * Only gp_model_told, _asked, _forget and _learn change what the model means;
 * the rest fills caches that are a pure function of it.
 */
#ifndef AFINA_SURROGATE_GP_MODEL_H
#define AFINA_SURROGATE_GP_MODEL_H

#include "surrogate/gaussian_process.h"
#include "surrogate/gp_fit.h"
#include "surrogate/output_transform.h"

enum { GP_MOST_PENDING = 256 };

struct gp_pending {
    int64_t number;
    double *x;
};

struct gp_model {
    size_t d, most_points;
    struct output_transform transform; /* the steps that are allowed */
    struct output_transform applied;   /* those by which the targets were made */
    int plain;                         /* 1: results as they are, without these; may be set before a fit or build */
    /* Told: rows of d, losses (NaN: failed), their standard errors (NaN: not known) and
     * trials, in the order of the tells. */
    double *x, *loss, *error;
    int64_t *number;
    size_t told, x_capacity, loss_capacity, error_capacity, number_capacity;
    size_t first_known;         /* the first result with an error; SIZE_MAX: none */
    struct gp_pending *pending; /* in the order asked */
    size_t n_pending, pending_capacity;
    double *theta; /* theta_size, and log s: 0 unless errors were known when it was fitted */
    size_t theta_size;
    size_t base; /* results known when theta was fitted; 0: never */
    /* Caches. */
    struct gaussian_process gp;
    struct gp_fitter fitter;
    double *built_theta, *fitted_theta;
    size_t built_base, built_told; /* built_base 0: nothing */
    int built_plain, fitted_plain;
    size_t data; /* rows of gp that are results */
    size_t fitted_told, fitted_base;
    int64_t *believed; /* numbers of the pending rows of gp */
    size_t *used, *order;
    double *target, *y;   /* of all results; of the rows of gp */
    double *target_error; /* of all results, and as much room again */
    size_t room;
};

int32_t gp_model_init(struct gp_model *m, const struct gp_dimension *dimension, size_t d, int kernel,
                      const struct gp_prior *prior, const struct output_transform *transform, size_t most_points);
void gp_model_fini(struct gp_model *m); /* a zeroed one is fine */

/* A trial runs at the encoded point x. */
int32_t gp_model_asked(struct gp_model *m, int64_t number, const double *x);

/* It ended with a loss (NaN: it failed) and the standard error of that (NaN: not known). */
int32_t gp_model_told(struct gp_model *m, int64_t number, const double *x, double loss, double error);

/* It ended and taught nothing. */
void gp_model_forget(struct gp_model *m, int64_t number);

/* 1 when an error is known among the first n results: theta then ends with log s. */
int gp_model_knows(const struct gp_model *m, size_t n);

/* Hyperparameters fitted when the first `base` results were known. */
void gp_model_learn(struct gp_model *m, const double *theta, size_t base);

/* 1 when enough was told since the last fit. */
int gp_model_is_stale(const struct gp_model *m);

/* 1 when a result since then lies further from its prediction than chance allows. After gp_model_build(). */
int gp_model_is_surprised(const struct gp_model *m);

/* A fit to all that was told; `theta` is what gp_model_learn() should get. */
int32_t gp_model_fit(struct gp_model *m, double *theta);

/* Brings m->gp up to date under theta and base, pending trials believed. */
int32_t gp_model_build(struct gp_model *m, const double *theta, size_t base);

#endif
