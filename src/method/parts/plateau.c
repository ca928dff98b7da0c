#include "method/parts/plateau.h"

#include "core/fail.h"
#include "core/mem.h"
#include "method/parts/row.h"

#include <math.h>
#include <string.h>

int32_t plateau_init(struct plateau *p, const struct space *space)
{
    *p = (struct plateau){.space = space, .best = INFINITY};
    p->x = mem_new(space->size, sizeof *p->x);
    return p->x ? 0 : fail_memory();
}

void plateau_fini(struct plateau *p)
{
    mem_free(p->x);
    *p = (struct plateau){0};
}

void plateau_told(struct plateau *p, const double *x, double loss)
{
    int is_equal = isfinite(loss) && loss == p->best;
    p->equal += (uint64_t)is_equal;
    p->is_due = is_equal && p->equal % 2 == 0;
    if (loss < p->best) {
        p->best = loss;
        p->equal = 0;
        memcpy(p->x, x, p->space->size * sizeof *x);
    }
}

int plateau_suggest(const struct plateau *p, struct suggestion *suggestion)
{
    if (p->is_due)
        row_restart(p->space, p->x, (size_t)p->equal, suggestion);
    return p->is_due;
}
