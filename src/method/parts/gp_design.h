/* The initial design of gp: what it tries before its processes can say anything.
 *
 * The default point, in continuous spaces a step along each coordinate (first_steps.c), and then a scrambled
 * Sobol sequence (startup.c): clamp(2 + d/2, 4, 10) trials unless the host says otherwise, and more as long as
 * no two results differ.
 */
#ifndef AFINA_METHOD_GP_DESIGN_H
#define AFINA_METHOD_GP_DESIGN_H

#include "method/parts/startup.h"
#include "surrogate/gp_record.h"

struct gp_design {
    struct startup startup;
    int steps; /* 1: with a step along each coordinate */
};

/* `size`: trials of the design; 0: as above. */
int32_t gp_design_init(struct gp_design *design, const struct method_context *context, uint64_t size);
void gp_design_fini(struct gp_design *design); /* a zeroed one is fine */

/* 1 when the next trial may be a step along a coordinate. */
int gp_design_step_is_due(const struct gp_design *design, const struct suggestion *s);

/* Takes that step from the results of the record; 0 when there is none to take. `x` is room for an encoded point. */
int gp_design_take_step(const struct gp_design *design, const struct gp_record *record, struct suggestion *s,
                        double *x);

/* 1 while the design lasts. Each of the first failures of a study adds a trial, since a failure
 * asks where else trials work. */
int gp_design_lasts(const struct gp_design *design, size_t failures);

#endif
