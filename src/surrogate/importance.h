/* How much of what a model knows hangs on each parameter. */
#ifndef AFINA_SURROGATE_IMPORTANCE_H
#define AFINA_SURROGATE_IMPORTANCE_H

#include "space/space.h"
#include "surrogate/surrogate.h"

/* One share for each parameter of the space, >= 0, of sum 1; all 0 when the model
 * expects the same everywhere. The filter is not asked. */
int32_t importance_shares(const struct surrogate *surrogate, const struct space *space, double *shares);

#endif
