#include "method/parts/row.h"

#include <math.h>

int row_can_change(const struct space *space, const double *x, size_t j)
{
    return x[j] != ENCODED_INACTIVE && space->parameters[j].cells != 1;
}

double row_draw(const struct parameter *p, struct rng *rng)
{
    double u = rng_uniform(rng);
    return p->kind == AFINA_KIND_CATEGORICAL ? (double)parameter_from_unit(p, u).integer : u;
}

static int is_weightless(const struct parameter *p, double x)
{
    return p->kind == AFINA_KIND_CATEGORICAL && p->weights && p->weights[(size_t)x] == 0;
}

double row_active(const struct parameter *p, double x, struct rng *rng)
{
    return x == ENCODED_INACTIVE || is_weightless(p, x) ? row_draw(p, rng) : x;
}

double row_shift(const struct parameter *p, double x, double from, double to, double f, struct rng *rng)
{
    if (from == ENCODED_INACTIVE || to == ENCODED_INACTIVE || from == to)
        return x;
    if (p->kind != AFINA_KIND_CATEGORICAL)
        return x + f * (to - from);
    return rng_uniform(rng) < fabs(f) && !is_weightless(p, to) ? to : x;
}

double row_inside(const struct parameter *p, double x, double parent)
{
    if (p->kind == AFINA_KIND_CATEGORICAL || (x >= 0 && x <= 1))
        return x;
    return x < 0 ? parent / 2 : (1 + parent) / 2;
}

/* A random parameter among the active ones that have another value; any one when there is none. */
static size_t draw_active(const struct space *space, const struct point *point, struct rng *rng)
{
    size_t drawn = (size_t)rng_below(rng, space->size), next = drawn;
    uint64_t count = 0;
    if (point->active[drawn] && space->parameters[drawn].cells != 1)
        return drawn;
    for (size_t j = 0; j < space->size; j++)
        if (point->active[j] && space->parameters[j].cells != 1 && rng_below(rng, ++count) == 0)
            next = j;
    return next;
}

void row_mutate(const struct space *space, struct point *point, size_t times, double width, struct rng *rng)
{
    for (size_t i = 0; i < times; i++)
        space_mutate(space, point, draw_active(space, point, rng), width, rng, point);
}

void row_scatter(const struct space *space, struct suggestion *suggestion)
{
    row_mutate(space, suggestion->point, suggestion->attempt, 0.1, suggestion->rng);
}

void row_propose(const struct space *space, const double *x, struct suggestion *suggestion)
{
    space_decode(space, x, suggestion->point);
    row_scatter(space, suggestion);
}

void row_restart(const struct space *space, const double *x, size_t stagnation, struct suggestion *suggestion)
{
    size_t more = stagnation < space->size ? stagnation : space->size;
    space_decode(space, x, suggestion->point);
    row_mutate(space, suggestion->point, 3 + more, 0.5, suggestion->rng);
    row_scatter(space, suggestion);
}
