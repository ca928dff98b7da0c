/* The polish: steps to the minimum of a quadratic around the best point.
 *
 * A fold over trials, as a method is: trust_region_asked(), _lost() and _told() alone change
 * what it means.
 */
#ifndef AFINA_SURROGATE_TRUST_REGION_H
#define AFINA_SURROGATE_TRUST_REGION_H

#include "space/space.h"
#include "surrogate/quadratic.h"
#include "surrogate/proposer_schedule.h"

/* A step in numbers, which travel in the note of its trial. */
enum { TRUST_REGION_NOTE = 4 };

struct trust_region {
    const struct space *space;
    size_t d;
    /* Learned. */
    struct proposer_schedule schedule; /* the trials that are steps */
    double radius;                     /* of the next step, in encoded units; 0: none taken yet */
    double before, promise;            /* of the step that runs: the best loss, the decrease expected */
    double *last;                      /* where the last step went */
    double *previous, previous_radius; /* the same before it, should it be lost */
    /* Workspaces. */
    struct quadratic quadratic;
    size_t *moved; /* coordinates that a step may change */
    size_t m;
    double *distance, *z, *y, *step, *low, *high;
    double *coordinates; /* the memory of last, previous, step, low and high */
    size_t *order;
    size_t room;
};

int32_t trust_region_init(struct trust_region *t, const struct space *space);
void trust_region_fini(struct trust_region *t); /* a zeroed one is fine */

/* A trial was asked; `note` is NULL when it is no step. */
void trust_region_asked(struct trust_region *t, int64_t number, const double *x, const double *note);

/* Trial `number`, a step or not, was lost: it counts as never asked. */
void trust_region_lost(struct trust_region *t, int64_t number);

/* It ended; NaN: without a loss. */
void trust_region_told(struct trust_region *t, int64_t number, double loss);

/* A step from the best of n told points (rows of d encoded coordinates; losses, NaN: none) to
 * x, and its note. *made is 0 where there is none to take. */
int32_t trust_region_suggest(struct trust_region *t, const double *rows, const double *losses, size_t n, double *x,
                             double *note, int *made);

#endif
