/* What may be suggested: every value but a choice of weight 0, which only a host may use. */
#include "space/space.h"

int parameter_is_suggestible(const struct parameter *p, uint64_t k)
{
    return !p->weights || p->weights[k] > 0;
}

int space_is_suggestible(const struct space *space, const struct point *point)
{
    for (size_t i = 0; i < space->size; i++) {
        const struct parameter *p = &space->parameters[i];
        if (p->weights && point->active[i] && !parameter_is_suggestible(p, (uint64_t)point->value[i].integer))
            return 0;
    }
    return 1;
}

size_t parameter_most_probable(const struct parameter *p)
{
    size_t best = 0;
    for (size_t k = 1; p->weights && k < p->n_choices; k++)
        if (p->weights[k] > p->weights[best])
            best = k;
    return best;
}

union value parameter_suggestible_default(const struct parameter *p)
{
    union value v = p->default_value;
    if (p->weights && p->weights[v.integer] == 0)
        v.integer = (int64_t)parameter_most_probable(p);
    return v;
}
