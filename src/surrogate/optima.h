/* Where the optimum may lie, by functions drawn from a model. */
#ifndef AFINA_SURROGATE_OPTIMA_H
#define AFINA_SURROGATE_OPTIMA_H

#include "space/space.h"
#include "surrogate/surrogate.h"

/* The points where `draws` drawn functions are least, which the caller frees; on failure all of them are NULL. The
 * model must have `draw`. Runs the host's filter. */
int32_t optima_draw(const struct surrogate *surrogate, struct space *space, size_t draws, uint64_t seed,
                    struct point **out);

/* The shortest interval (under the prior) of a real or integer parameter that holds at least `share` of its values
 * among the points in which it is active; AFINA_E_NOT_FOUND when there is no such point. */
int32_t optima_range(const struct space *space, struct point *const *points, size_t n, size_t parameter, double share,
                     double *low, double *high);

/* How many of the n points have each choice of a parameter, divided by n. Where it is not active it has none. */
void optima_choice_shares(const struct space *space, struct point *const *points, size_t n, size_t parameter,
                          double *shares);

#endif
