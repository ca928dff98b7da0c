/* A trained Gaussian process over the record of a study. A result costs O(n^2) between two fits.
 * Several models may read one record.
 *
 * Only the record and gp_model_learn() change what the model means; the rest fills
 * caches that are a pure function of these.
 */
#ifndef AFINA_SURROGATE_GP_MODEL_H
#define AFINA_SURROGATE_GP_MODEL_H

#include "surrogate/gaussian_process.h"
#include "surrogate/gp_fit.h"
#include "surrogate/gp_record.h"
#include "surrogate/output_transform.h"

enum { GP_MOST_PENDING = 256 };

struct gp_model {
    const struct gp_record *record; /* borrowed */
    size_t d, most_points;
    struct output_transform transform; /* the steps that are allowed */
    struct output_transform applied;   /* the steps that the targets were made by */
    double *theta;                     /* theta_size numbers, then log s: 0 unless errors were known at the fit */
    size_t theta_size;
    size_t base; /* results known when theta was fitted; 0: never */
    /* Caches. */
    struct gaussian_process gp;
    struct gp_fitter fitter;
    double *built_theta, *fitted_theta;
    size_t built_base, built_told; /* built_base 0: nothing was built */
    size_t data;                   /* rows of gp that are results */
    size_t fitted_told, fitted_base;
    int64_t *pending_number; /* of the pending rows of gp */
    size_t *used, *order;
    double *target, *y;   /* of all results; of the rows of gp */
    double *target_error; /* of all results; the second half is workspace */
    size_t room;
};

int32_t gp_model_init(struct gp_model *m, const struct gp_record *record, const struct gp_dimension *dimension,
                      int kernel, const struct gp_prior *prior, const struct output_transform *transform,
                      size_t most_points);
void gp_model_fini(struct gp_model *m); /* a zeroed one is fine */

/* Learns hyperparameters that were fitted when the first `base` results were known. */
void gp_model_learn(struct gp_model *m, const double *theta, size_t base);

/* 1 when enough results were told since the last fit. */
int gp_model_is_stale(const struct gp_model *m);

/* 1 when a result since the last fit lies further from its prediction than chance allows. After
 * gp_model_build(). */
int gp_model_is_surprised(const struct gp_model *m);

/* Fits the hyperparameters to all results; `theta` is what gp_model_learn() should get. */
int32_t gp_model_fit(struct gp_model *m, double *theta);

/* Brings m->gp up to date under theta and base; pending trials follow the results. */
int32_t gp_model_build(struct gp_model *m, const double *theta, size_t base);

#endif
