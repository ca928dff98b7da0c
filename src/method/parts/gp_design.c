#include "method/parts/gp_design.h"

#include "method/parts/first_steps.h"

enum { MOST_ANSWERS = 10 }; /* failures that add a trial */

static uint64_t automatic_size(size_t d)
{
    uint64_t n = 2 + (d + 1) / 2;
    return n < 4 ? 4 : n > 10 ? 10 : n;
}

int32_t gp_design_init(struct gp_design *design, const struct method_context *context, uint64_t size)
{
    design->steps = size == 0 && first_steps_suit(context->space);
    return startup_init(&design->startup, context, size > 0 ? size : automatic_size(context->space->size));
}

void gp_design_fini(struct gp_design *design)
{
    startup_fini(&design->startup);
}

int gp_design_step_is_due(const struct gp_design *design, const struct suggestion *s)
{
    const struct startup *startup = &design->startup;
    return design->steps && s->attempt == 0 && startup->asked <= startup->context->space->size;
}

int gp_design_take_step(const struct gp_design *design, const struct gp_record *record, struct suggestion *s, double *x)
{
    const struct space *space = design->startup.context->space;
    space_default(space, s->point);
    space_encode(space, s->point, x);
    if (!first_steps_take(space, design->startup.asked, record->x, record->loss, record->told, s->rng, x))
        return 0;
    space_decode(space, x, s->point);
    return 1;
}

int gp_design_lasts(const struct gp_design *design, size_t failures)
{
    size_t answers = failures < MOST_ANSWERS ? failures : MOST_ANSWERS;
    return startup_lasts(&design->startup) || (answers > 0 && design->startup.index < 1 + answers);
}
