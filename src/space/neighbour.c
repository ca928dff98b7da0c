/* Small moves from a point: what local searches and mutations are made of. */
#include "core/rng.h"
#include "space/space.h"

#include <math.h>

/* Reflects u at 0 and 1; in closed form, so that no width makes it loop. */
static double reflect(double u)
{
    double folded = fmod(fabs(u), 2);
    return folded > 1 ? 2 - folded : folded;
}

/* Another choice, by weight; k itself never. */
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

/* The cell next to k, to the side that the sign of `move` says, or to the other
 * at an end. */
static uint64_t adjacent(const struct parameter *p, uint64_t k, double move)
{
    if (k == 0)
        return 1;
    if (k == p->last)
        return k - 1;
    return move < 0 ? k - 1 : k + 1;
}

static union value moved(const struct parameter *p, union value v, double width, struct rng *rng)
{
    if (p->kind == AFINA_CATEGORICAL) {
        v.integer = other_choice(p, v.integer, rng);
        return v;
    }
    double move = width * rng_normal(rng);
    if (p->kind == AFINA_ORDINAL)
        return parameter_value_at(p, adjacent(p, (uint64_t)v.integer, move));
    union value next = parameter_from_unit(p, reflect(parameter_to_unit(p, v) + move));
    if (p->cells == 0)
        return next;
    uint64_t k = parameter_index_of(p, v);
    return parameter_index_of(p, next) != k ? next : parameter_value_at(p, adjacent(p, k, move));
}

/* Gives what became active its default. */
static void settle(const struct space *space, const struct point *before, struct point *out)
{
    for (size_t at = 0; at < space->size; at++) {
        size_t i = space->order[at];
        int active = space_is_active(space, out, i);
        if (active && !before->active[i])
            out->value[i] = space->parameters[i].default_value;
        if (!active)
            out->value[i].integer = 0;
        out->active[i] = (unsigned char)active;
    }
}

int space_mutate(const struct space *space, const struct point *point, size_t i, double width, struct rng *rng,
                 struct point *out)
{
    const struct parameter *p = &space->parameters[i];
    if (!point->active[i] || p->cells == 1)
        return 0;
    point_assign(out, point);
    out->value[i] = moved(p, point->value[i], width, rng);
    settle(space, point, out);
    return 1;
}

static void emit(const struct space *space, const struct point *point, size_t i, union value v, struct point **out,
                 size_t capacity, size_t *count)
{
    if (*count < capacity) {
        point_assign(out[*count], point);
        out[*count]->value[i] = v;
        settle(space, point, out[*count]);
    }
    ++*count;
}

void space_neighbours(const struct space *space, const struct point *point, struct point **out, size_t capacity,
                      size_t *count)
{
    *count = 0;
    for (size_t i = 0; i < space->size; i++) {
        const struct parameter *p = &space->parameters[i];
        if (!point->active[i] || p->cells < 2)
            continue;
        uint64_t k = parameter_index_of(p, point->value[i]);
        if (p->kind == AFINA_CATEGORICAL) {
            for (uint64_t other = 0; other <= p->last; other++)
                if (other != k)
                    emit(space, point, i, parameter_value_at(p, other), out, capacity, count);
            continue;
        }
        if (k > 0)
            emit(space, point, i, parameter_value_at(p, k - 1), out, capacity, count);
        if (k < p->last)
            emit(space, point, i, parameter_value_at(p, k + 1), out, capacity, count);
    }
}
