/* Hyperparameters of a Gaussian process: the maximum of likelihood times prior. */
#ifndef AFINA_SURROGATE_GP_FIT_H
#define AFINA_SURROGATE_GP_FIT_H

#include "numeric/bounded.h"
#include "surrogate/gaussian_process.h"

struct gp_prior {
    double length_mean, length_sd; /* log l ~ N(mean, sd); the density is that of l */
    double length_low, length_high;
    double noise_mean, noise_sd; /* log g likewise */
    double noise_low, noise_high;
    size_t blocks;                /* more than 1: theta has the form of the kernel, which a descent keeps */
    int chooses;                  /* 1: gp_model_fit() chooses the form; 0: it is 1 */
    int additive;                 /* 1: theta has the logit of a */
    double share_mean, share_sd;  /* logit a ~ N(mean, sd) */
    double share_most;            /* bound of |logit a| */
    double scale_shape;           /* as in struct gaussian_process */
    double scale_low, scale_high; /* of s, where it is in theta */
};

/* The defaults for d parameters, without an additive kernel; noise 0 fixes g at its lowest. */
void gp_prior_default(struct gp_prior *prior, size_t d, int noise);

/* Adds the additive kernel when there is more than one parameter. */
void gp_prior_make_additive(struct gp_prior *prior, size_t d);

/* Lets the kernel be a sum over the blocks of `dimension`, when there are several and not too many. */
void gp_prior_add_blocks(struct gp_prior *prior, const struct gp_dimension *dimension, size_t d, int chooses);

/* Hyperparameters at which a descent may start: the length scales at the mode of their prior,
 * the noise at its median, from which a descent reaches both much noise and none. */
void gp_prior_start(const struct gp_prior *prior, size_t d, double *theta);

struct gp_fitter {
    struct gp_prior prior;
    const struct gaussian_process *gp; /* lends points, kernel, dimensions */
    size_t n, capacity;
    const double *y;
    double *matrix, *slope, *excess; /* n x n; slope: one for each block; excess: NULL without an additive kernel */
    double *z, *ones, *point, *gradient, *low, *high, *weight;
    double *term_sums; /* S: d */
    struct bounded search;
};

int32_t gp_fitter_init(struct gp_fitter *f, const struct gp_prior *prior, size_t d);
void gp_fitter_fini(struct gp_fitter *f); /* a zeroed one is fine */

/* Sets the points, those of gp, and their targets y; both are borrowed. The factor of gp is not
 * read, and the scale has the prior of `prior`. */
int32_t gp_fitter_aim(struct gp_fitter *f, const struct gaussian_process *gp, const double *y);

/* Returns -log(likelihood x prior) with mean and scale profiled, and its gradient by theta;
 * infinity where the matrix cannot be factored. */
double gp_fitter_loss(struct gp_fitter *f, const double *theta, double *gradient);

/* Descends from theta with at most `evaluations` evaluations; theta becomes the best that was found.
 * Returns the loss there. When no loss was finite it returns infinity and leaves theta as it was. */
double gp_fitter_run(struct gp_fitter *f, double *theta, size_t evaluations);

#endif
