/* The first steps in a continuous space: from the best point so far along one coordinate after
 * another.
 *
 * They need no state: a step follows from the trials so far.
 */
#ifndef AFINA_METHOD_FIRST_STEPS_H
#define AFINA_METHOD_FIRST_STEPS_H

#include "core/rng.h"
#include "space/space.h"

/* 1 when all parameters are numbers of more than FIRST_STEPS_VALUES values, always active, and at most
 * FIRST_STEPS_MOST. */
enum { FIRST_STEPS_VALUES = 20, FIRST_STEPS_MOST = 30 };
int first_steps_suit(const struct space *space);

/* The step of the trial that follows `asked` others, of which `told` gave the losses (NaN: failed)
 * at the encoded rows. x: the encoded default point, and out the step. 0 when there is no
 * step. */
int first_steps_take(const struct space *space, uint64_t asked, const double *rows, const double *losses, size_t told,
                     struct rng *rng, double *x);

#endif
