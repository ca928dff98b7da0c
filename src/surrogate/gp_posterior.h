/* The full posterior of a Gaussian process: it includes the uncertainty of the constant mean, and
 * covariances between points. Suggestions need gp_predict() only. */
#ifndef AFINA_SURROGATE_GP_POSTERIOR_H
#define AFINA_SURROGATE_GP_POSTERIOR_H

#include "surrogate/gaussian_process.h"

/* Mean and variance of the function (noise left out) at one encoded point. `scale` is
 * s, here and below: gp->scale or another estimate. */
void gp_posterior(const struct gaussian_process *gp, double scale, const double *x, double *mean, double *variance);

/* `draws` rows: the values of one drawn function (noise left out) at n encoded
 * points, rows of d. Row k is drawn from the stream (seed, k). */
int32_t gp_draw(const struct gaussian_process *gp, double scale, const double *x, size_t n, size_t draws, uint64_t seed,
                double *values);

#endif
