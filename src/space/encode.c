/* The encoding: points as rows of doubles, and back. */
#include "space/space.h"

#include <math.h>

void space_encode(const struct space *space, const struct point *point, double *x)
{
    for (size_t i = 0; i < space->size; i++) {
        const struct parameter *p = &space->parameters[i];
        if (!point->active[i])
            x[i] = ENCODED_INACTIVE;
        else if (p->kind == AFINA_KIND_CATEGORICAL)
            x[i] = (double)point->value[i].integer;
        else
            x[i] = parameter_to_unit(p, point->value[i]);
    }
}

static union value decode(const struct parameter *p, double x)
{
    union value v;
    if (x == ENCODED_INACTIVE || isnan(x))
        return parameter_suggestible_default(p);
    if (p->kind != AFINA_KIND_CATEGORICAL)
        return parameter_from_unit(p, x);
    double k = floor(x + 0.5);
    double most = (double)p->n_choices - 1;
    v.integer = (int64_t)(k < 0 ? 0 : k > most ? most : k);
    return v;
}

void space_decode(const struct space *space, const double *x, struct point *out)
{
    for (size_t i = 0; i < space->size; i++)
        out->value[i] = decode(&space->parameters[i], x[i]);
    space_resolve(space, out, 1);
}

void space_from_unit(const struct space *space, const double *u, struct point *out)
{
    for (size_t i = 0; i < space->size; i++)
        out->value[i] = parameter_from_unit(&space->parameters[i], u[i]);
    space_resolve(space, out, 1);
}

int space_is_continuous(const struct space *space)
{
    for (size_t i = 0; i < space->size; i++)
        if (space->parameters[i].cells == 0)
            return 1;
    return 0;
}
