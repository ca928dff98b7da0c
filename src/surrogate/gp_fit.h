/* Hyperparameters of a Gaussian process: the maximum of likelihood times prior. */
#ifndef AFINA_SURROGATE_GP_FIT_H
#define AFINA_SURROGATE_GP_FIT_H

#include "numeric/bounded.h"
#include "surrogate/gaussian_process.h"

struct gp_prior {
    double length_mean, length_sd; /* log l ~ N(mean, sd), the density taken over l */
    double length_low, length_high;
    double noise_mean, noise_sd; /* log g likewise */
    double noise_low, noise_high;
    size_t blocks;                           /* more than 1: theta has the form of the kernel, which a fit leaves */
    int chooses;                             /* 1: the form is chosen by gp_model_fit(); 0: it is 1 */
    int additive;                            /* 1: theta has the logit of a, which is ~ N(mean, sd) */
    double share_mean, share_sd, share_most; /* and at most so large either way */
    double scale_shape;                      /* as in struct gaussian_process */
    double scale_low, scale_high;            /* of s, where it is in theta */
};

/* The defaults for d parameters; without noise g is fixed at its lowest. Not additive. */
void gp_prior_default(struct gp_prior *prior, size_t d, int noise);

/* Adds the additive part, where there is more than one parameter. */
void gp_prior_add_parts(struct gp_prior *prior, size_t d);

/* The parameters in the blocks of `dimension`, where there are several and not too many. */
void gp_prior_add_blocks(struct gp_prior *prior, const struct gp_dimension *dimension, size_t d, int chooses);

/* Where a fit may start: the length scales at the mode of their prior, the noise
 * at its median, from where a fit finds its way to much noise as to none. */
void gp_prior_start(const struct gp_prior *prior, size_t d, double *theta);

struct gp_fitter {
    struct gp_prior prior;
    const struct gaussian_process *gp; /* lends points, kernel, dimensions */
    size_t n, capacity;
    const double *y;
    double *matrix, *slope, *excess; /* n x n, slope one for each block; excess: with an additive part */
    double *z, *ones, *point, *gradient, *low, *high, *weight, *parts;
    struct bounded search;
};

int32_t gp_fitter_init(struct gp_fitter *f, const struct gp_prior *prior, size_t d);
void gp_fitter_fini(struct gp_fitter *f); /* a zeroed one is fine */

/* Aims at the points of gp (without their factor) and targets y; both are
 * borrowed. The scale's prior is that of `prior`. */
int32_t gp_fitter_aim(struct gp_fitter *f, const struct gaussian_process *gp, const double *y);

/* -log(likelihood x prior), mean and scale profiled, and its gradient in theta;
 * infinite where the matrix cannot be factored. */
double gp_fitter_loss(struct gp_fitter *f, const double *theta, double *gradient);

/* Descends from theta, at most `evaluations` times; theta becomes the best found.
 * Returns the loss there; infinite when there was none, and theta is untouched. */
double gp_fitter_run(struct gp_fitter *f, double *theta, size_t evaluations);

#endif
