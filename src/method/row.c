#include "method/row.h"

#include <math.h>

double row_draw(const struct parameter *p, struct rng *rng)
{
    double u = rng_uniform(rng);
    return p->kind == AFINA_CATEGORICAL ? (double)parameter_from_unit(p, u).integer : u;
}

static int is_weightless(const struct parameter *p, double x)
{
    return p->kind == AFINA_CATEGORICAL && p->weights && p->weights[(size_t)x] == 0;
}

double row_active(const struct parameter *p, double x, struct rng *rng)
{
    return x == ENCODED_INACTIVE || is_weightless(p, x) ? row_draw(p, rng) : x;
}

double row_shift(const struct parameter *p, double x, double from, double to, double f, struct rng *rng)
{
    if (from == ENCODED_INACTIVE || to == ENCODED_INACTIVE || from == to)
        return x;
    if (p->kind != AFINA_CATEGORICAL)
        return x + f * (to - from);
    return rng_uniform(rng) < fabs(f) && !is_weightless(p, to) ? to : x;
}

double row_inside(const struct parameter *p, double x, double parent)
{
    if (p->kind == AFINA_CATEGORICAL || (x >= 0 && x <= 1))
        return x;
    return x < 0 ? parent / 2 : (1 + parent) / 2;
}

void row_perturb(const struct space *space, struct point *point, size_t times, double width, struct rng *rng)
{
    for (size_t i = 0; i < times; i++) {
        size_t j = (size_t)rng_below(rng, space->size);
        space_mutate(space, point, j, width, rng, point);
    }
}

void row_scatter(const struct space *space, struct suggestion *suggestion)
{
    row_perturb(space, suggestion->point, suggestion->attempt, 0.1, suggestion->rng);
}
