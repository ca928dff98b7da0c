/* How much of the variation that a model predicts each parameter accounts for. */
#ifndef AFINA_SURROGATE_IMPORTANCE_H
#define AFINA_SURROGATE_IMPORTANCE_H

#include "space/space.h"
#include "surrogate/surrogate.h"

/* Sets one share for each parameter of the space; they are >= 0 and sum to 1, or are all 0 when the model
 * predicts the same everywhere. The filter is not asked. */
int32_t importance_shares(const struct surrogate *surrogate, const struct space *space, double *shares);

#endif
