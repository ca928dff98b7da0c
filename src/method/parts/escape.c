#include "method/parts/escape.h"

#include "core/fail.h"
#include "core/mem.h"
#include "method/parts/row.h"
#include "method/parts/told.h"

#include <math.h>

int32_t escape_init(struct escape *e, const struct method_context *context)
{
    *e = (struct escape){.context = context, .best = INFINITY};
    e->x = mem_new(context->space->size, sizeof *e->x);
    return e->x ? 0 : fail_memory();
}

void escape_fini(struct escape *e)
{
    mem_free(e->x);
    *e = (struct escape){0};
}

void escape_observe(struct escape *e, const struct observation *observation)
{
    if (observation->kind != OBSERVED_TOLD || !told_counts(observation))
        return;
    double loss = told_loss(observation);
    int is_equal = isfinite(loss) && loss == e->best;
    e->equal += (uint64_t)is_equal;
    e->is_due = is_equal && e->equal % 2 == 0;
    if (loss < e->best) {
        e->best = loss;
        e->equal = 0;
        space_encode(e->context->space, observation->point, e->x);
    }
}

int escape_suggest(const struct escape *e, struct suggestion *suggestion)
{
    if (e->is_due)
        row_begin_beside(e->context->space, e->x, (size_t)e->equal, suggestion);
    return e->is_due;
}
