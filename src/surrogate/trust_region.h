/* Local refinement by a quadratic trust region: steps to the minimum of a quadratic around the best point.
 *
 * The state is a fold over trials, as that of a method is: trust_region_asked(), trust_region_lost() and
 * trust_region_told() alone change what it means.
 */
#ifndef AFINA_SURROGATE_TRUST_REGION_H
#define AFINA_SURROGATE_TRUST_REGION_H

#include "space/space.h"
#include "surrogate/quadratic.h"
#include "surrogate/proposer_schedule.h"

/* The size of a step's note, which is logged with its trial. */
enum { TRUST_REGION_NOTE = 4 };

struct trust_region {
    const struct space *space;
    size_t d;
    /* Learned. */
    struct proposer_schedule schedule; /* the trials that are steps */
    double radius;                     /* of the next step, in encoded units; 0: none taken yet */
    double before, predicted;          /* of the pending step: the best loss before it; the predicted decrease */
    double *last;                      /* where the last step went */
    double *previous, previous_radius; /* the step before it, which counts again when the last one is lost */
    /* Workspaces. */
    struct quadratic quadratic;
    size_t *moved; /* the m coordinates that a step may change */
    size_t m;
    double *distance, *z, *y, *step, *low, *high;
    double *coordinates; /* the memory of last, previous, step, low and high */
    size_t *order;
    size_t room;
};

int32_t trust_region_init(struct trust_region *t, const struct space *space);
void trust_region_fini(struct trust_region *t); /* a zeroed one is fine */

/* Trial `number` was asked at x; `note` is NULL when it is no step. */
void trust_region_asked(struct trust_region *t, int64_t number, const double *x, const double *note);

/* Trial `number`, a step or not, was lost: it counts as never asked. */
void trust_region_lost(struct trust_region *t, int64_t number);

/* Trial `number` ended with a loss; NaN: it has none. */
void trust_region_told(struct trust_region *t, int64_t number, double loss);

/* Computes a step from the best of n results (encoded rows of d and losses, NaN: none) to x, and its
 * note. *made becomes 1 when there is one to take, and 0 otherwise. */
int32_t trust_region_suggest(struct trust_region *t, const double *rows, const double *losses, size_t n, double *x,
                             double *note, int *made);

#endif
