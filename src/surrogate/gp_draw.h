/* Functions drawn from the posterior of a Gaussian process. */
#ifndef AFINA_SURROGATE_GP_DRAW_H
#define AFINA_SURROGATE_GP_DRAW_H

#include "surrogate/gaussian_process.h"

/* `draws` rows: the values of one drawn function (noise left out) at n encoded
 * points, rows of d. Row k is drawn from the stream (seed, k). */
int32_t gp_draw(const struct gaussian_process *gp, const double *x, size_t n, size_t draws, uint64_t seed,
                double *values);

#endif
