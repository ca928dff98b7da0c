/* Mutations of a point. */
#include "core/rng.h"
#include "space/space.h"

#include <math.h>

/* Reflects u at 0 and 1, as often as its size requires. */
static double reflect(double u)
{
    double folded = fmod(fabs(u), 2);
    return folded > 1 ? 2 - folded : folded;
}

/* Draws another choice than k, by weight; k itself when no other has a weight. */
static int64_t other_choice(const struct parameter *p, int64_t k, struct rng *rng)
{
    if (!p->weights) {
        int64_t drawn = (int64_t)rng_below(rng, p->n_choices - 1);
        return drawn < k ? drawn : drawn + 1;
    }
    double rest = 1 - p->weights[k], u = rng_uniform(rng) * rest;
    int64_t last = k;
    for (size_t i = 0; i < p->n_choices; i++) {
        if ((int64_t)i == k || p->weights[i] == 0)
            continue;
        last = (int64_t)i;
        u -= p->weights[i];
        if (u < 0)
            break;
    }
    return last;
}

/* The nearest cell below k, or above it, that may be suggested; k when there is none. */
static uint64_t cell_below(const struct parameter *p, uint64_t k)
{
    uint64_t at = k;
    while (at > 0)
        if (parameter_is_suggestible(p, --at))
            return at;
    return k;
}

static uint64_t cell_above(const struct parameter *p, uint64_t k)
{
    uint64_t at = k;
    while (at < p->last)
        if (parameter_is_suggestible(p, ++at))
            return at;
    return k;
}

/* The cell next to k on the side that the sign of `move` says, or on the other side when k
 * is the last one there. */
static uint64_t adjacent(const struct parameter *p, uint64_t k, double move)
{
    uint64_t near = move < 0 ? cell_below(p, k) : cell_above(p, k);
    if (near != k)
        return near;
    return move < 0 ? cell_above(p, k) : cell_below(p, k);
}

/* Moves a real by `move` in u. When that is too small to change it, a draw from the prior
 * replaces it, and after four draws that do not change it either, the end of the range that
 * is farther away in u. */
static double moved_real(const struct parameter *p, double x, double move, struct rng *rng)
{
    union value v = {.real = x};
    double u = parameter_to_unit(p, v);
    double next = parameter_from_unit(p, reflect(u + move)).real;
    for (int i = 0; i < 4 && next == x; i++)
        next = parameter_from_unit(p, rng_uniform(rng)).real;
    return next != x ? next : parameter_from_unit(p, u < 0.5 ? 1 : 0).real;
}

static union value moved(const struct parameter *p, union value v, double width, struct rng *rng)
{
    if (p->kind == AFINA_KIND_CATEGORICAL) {
        v.integer = other_choice(p, v.integer, rng);
        return v;
    }
    double move = width * rng_normal(rng);
    if (p->kind == AFINA_KIND_ORDINAL)
        return parameter_value_at(p, adjacent(p, (uint64_t)v.integer, move));
    if (p->cells == 0) {
        v.real = moved_real(p, v.real, move, rng);
        return v;
    }
    union value next = parameter_from_unit(p, reflect(parameter_to_unit(p, v) + move));
    uint64_t k = parameter_index_of(p, v);
    return parameter_index_of(p, next) != k ? next : parameter_value_at(p, adjacent(p, k, move));
}

/* Sets the flags of `out`, and gives parameters that were not active in `before` their
 * suggestible default. */
static void settle(const struct space *space, const struct point *before, struct point *out)
{
    for (size_t at = 0; at < space->size; at++) {
        size_t i = space->order[at];
        int active = space_is_active(space, out, i);
        if (active && !before->active[i])
            out->value[i] = parameter_suggestible_default(&space->parameters[i]);
        if (!active)
            out->value[i].integer = 0;
        out->active[i] = (unsigned char)active;
    }
}

int space_mutate(const struct space *space, const struct point *point, size_t i, double width, struct rng *rng,
                 struct point *out)
{
    const struct parameter *p = &space->parameters[i];
    union value v = point->value[i];
    point_assign(out, point);
    if (!point->active[i] || p->cells == 1)
        return 0;
    out->value[i] = moved(p, v, width, rng);
    settle(space, point, out);
    return out->value[i].integer != v.integer;
}
