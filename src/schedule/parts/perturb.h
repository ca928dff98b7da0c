/* A configuration like another one: what population based training explores with. */
#ifndef AFINA_SCHEDULE_PARTS_PERTURB_H
#define AFINA_SCHEDULE_PARTS_PERTURB_H

#include "core/rng.h"
#include "space/space.h"

struct perturb {
    struct space *space;
    double factor;        /* > 1: numbers are multiplied by it or divided by it, in [0, 1] as they are encoded */
    double resample;      /* the probability that a value is drawn from the prior instead */
    double *row, *fresh;  /* workspace: encoded points */
    struct point *sample; /* workspace */
};

/* AFINA_E_MEMORY. */
int32_t perturb_init(struct perturb *perturb, struct space *space, double factor, double resample);
void perturb_fini(struct perturb *perturb); /* a zeroed one is fine */

/* *out becomes a point near `from`, canonical and allowed by the filter; `from` itself when none is found. Categories
 * change by being drawn only; parameters that become active are drawn. Errors are those of the filter. */
int32_t perturb_point(struct perturb *perturb, const struct point *from, struct rng *rng, struct point *out);

#endif
