/* What more trials can bring, by a model. */
#ifndef AFINA_SURROGATE_REGRET_H
#define AFINA_SURROGATE_REGRET_H

#include "space/space.h"
#include "surrogate/surrogate.h"

/* An upper bound of the loss that the best finished trial still has over the optimum, and the standard deviation of its
 * result: the error it was told with, or else the noise that the model learned. The model must have `held`, `result`
 * and `noise`. Runs the host's filter. */
int32_t regret_bound(const struct surrogate *surrogate, struct space *space, uint64_t seed, double *bound,
                     double *noise);

#endif
