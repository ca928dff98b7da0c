/* The simplest point that a model cannot tell from a given one. */
#ifndef AFINA_SURROGATE_SIMPLIFY_H
#define AFINA_SURROGATE_SIMPLIFY_H

#include "space/space.h"
#include "surrogate/surrogate.h"

/* Sets parameters of a canonical point back to the default, the least harmful first, while the mean of the loss stays
 * within a standard deviation of the loss at the point as it was given. Runs the host's filter. */
int32_t simplify_point(const struct surrogate *surrogate, struct space *space, struct point *point);

#endif
