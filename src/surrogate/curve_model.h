/* A model of learning curves that tells where each will end: a Gaussian process over configuration x log step.
 *
 * It is made from n curves, each an encoded configuration (or none: d = 0) and the losses reported so far, with steps
 * in (0, R]. No two curves need to have steps in common, and none needs to have reached R. Losses have to be finite:
 * who calls clips a loss that diverged to a bad one, e.g. the worst finite one. Answers are those of the latent curve,
 * noise left out, and pure functions of the curves, of theta and of the seed. The process lives in units of targets, a
 * monotone transform of all losses together (output_transform.h); levels are in these units, losses in those that were
 * told. curve_kernel.h has the covariance and theta.
 */
#ifndef AFINA_SURROGATE_CURVE_MODEL_H
#define AFINA_SURROGATE_CURVE_MODEL_H

#include "surrogate/curve_kernel.h"
#include "surrogate/output_inverse.h"

#include <stddef.h>
#include <stdint.h>

/* The most curves; who has more chooses among them. The most points of a curve that are read: longer ones are thinned
 * to points evenly spaced in log step, first and last included. And the most curves from which hyperparameters are
 * learned; predictions use all. */
enum { CURVE_MOST = 300, CURVE_MOST_POINTS = 12, CURVE_MOST_FITTED = 60 };

/* Evaluations of the likelihood that a first fit, and one that starts at a theta fitted to nearly the same curves, is
 * worth. */
enum { CURVE_FIRST_FIT = 40, CURVE_WARM_FIT = 8 };

struct curve {
    const double *x;           /* the encoded configuration: d numbers, inactive ones -1; not read where d = 0 */
    size_t count;              /* of its reports; 0: a configuration that has not begun */
    const double *step, *loss; /* steps ascending */
};

/* A value of a curve. */
struct curve_query {
    size_t curve;    /* its index, or CURVE_UNSEEN: one of the configuration x that has no reports */
    const double *x; /* not read for a curve of the model */
    double step;     /* taken into [first step of all curves, R] */
};
#define CURVE_UNSEEN SIZE_MAX

struct curve_model {
    size_t d;
    struct gp_dimension *dimension;
    double budget; /* R */
    double *theta; /* CURVE_THETA(d); may be set before curve_model_fit(), e.g. to that of an earlier fit */
    /* The curves, n of them. Curve i has the points first[i] .. first[i + 1] - 1. */
    size_t n, points;
    double first_step; /* t_0 */
    double *x;         /* d columns of n, inactive coordinates imputed */
    size_t *first;
    double *position, *target; /* v and y of each point */
    struct output_inverse inverse;
    struct curve_likelihood *factor; /* of theta and all curves; NULL before curve_model_fit() */
};

/* For configurations of d dimensions and budget R > 0, a finite number. theta becomes the centre of its prior. */
int32_t curve_model_init(struct curve_model *m, const struct gp_dimension *dimension, size_t d, double budget);
void curve_model_fini(struct curve_model *m); /* a zeroed one is fine */

/* Replaces the curves by n others, which are copied; theta stays. Refuses other steps and losses than those above, more
 * than CURVE_MOST curves, and curves without a single report. On failure the model has no curves. */
int32_t curve_model_set(struct curve_model *m, const struct curve *curves, size_t n);

/* Fits theta, from where it is, with at most `evaluations` evaluations of the likelihood (0: keeps it), and factors.
 * A theta that cannot be factored is replaced by the centre of the prior. On failure theta is as it was. */
int32_t curve_model_fit(struct curve_model *m, size_t evaluations);

/* v of a step, in [0, 1]. */
double curve_model_position(const struct curve_model *m, double step);

/* The functions below need a fit since the curves were set. */

/* Means of `count` levels and, unless NULL, their covariance, count x count. */
int32_t curve_model_levels(const struct curve_model *m, const struct curve_query *query, size_t count, double *mean,
                           double *covariance);

/* Mean and standard deviation of the losses. */
int32_t curve_model_predict(const struct curve_model *m, const struct curve_query *query, size_t count, double *mean,
                            double *sd);

/* The probability that each is below `loss`. */
int32_t curve_model_chance(const struct curve_model *m, const struct curve_query *query, size_t count, double loss,
                           double *chance);

/* `draws` rows of `count` losses drawn together; row k is a function of (seed, k). */
int32_t curve_model_draw(const struct curve_model *m, const struct curve_query *query, size_t count, size_t draws,
                         uint64_t seed, double *losses);

#endif
