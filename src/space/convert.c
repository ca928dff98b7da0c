/* A point of one space as a point of another one that has grown, or that has not grown as far. */
#include "space/extension.h"
#include "space/space.h"

#include <math.h>
#include <string.h>

int64_t choice_in(const struct parameter *p, const struct parameter *other, int64_t k)
{
    size_t i = (size_t)k;
    if (i < p->n_choices && strcmp(p->choices[i], other->choices[i]) == 0)
        return k;
    return name_table_find(&p->choice_names, other->choices[i], &i) ? (int64_t)i : -1;
}

size_t parameter_in(const struct space *space, const struct parameter *p, size_t guess)
{
    size_t i = guess;
    if (i < space->size && strcmp(space->parameters[i].name, p->name) == 0)
        return i;
    return name_table_find(&space->names, p->name, &i) ? i : SIZE_MAX;
}

/* The value of `from` nearest to v in `to`; the default of `to` where the kinds differ or it lacks the choice. */
static union value convert_value(const struct parameter *from, union value v, const struct parameter *to)
{
    if (from->kind != to->kind)
        return to->default_value;
    if (has_choices(to)) {
        v.integer = choice_in(to, from, v.integer);
        return v.integer < 0 ? to->default_value : v;
    }
    if (to->kind == AFINA_KIND_INTEGER) {
        v.integer = v.integer < to->int_low ? to->int_low : v.integer > to->int_high ? to->int_high : v.integer;
        return parameter_value_at(to, parameter_index_of(to, v));
    }
    v.real = fmax(to->low, fmin(to->high, v.real));
    return to->cells != 0 ? parameter_value_at(to, parameter_index_of(to, v)) : v;
}

/* Puts the value of the parameter of that name, if the point has one, at index j of `out`. *is_there: the space has
 * the parameter. */
static int take(const struct space *from, const struct point *point, const struct space *to, size_t j,
                struct point *out, int *is_there)
{
    size_t i = from ? parameter_in(from, &to->parameters[j], j) : SIZE_MAX;
    *is_there = i != SIZE_MAX;
    if (!*is_there || !point->active[i])
        return 0;
    out->value[j] = convert_value(&from->parameters[i], point->value[i], &to->parameters[j]);
    return 1;
}

/* Switches off what the conditions do not allow. */
static void settle(const struct space *space, struct point *out)
{
    for (size_t at = 0; at < space->size; at++) {
        size_t i = space->order[at];
        out->active[i] = (unsigned char)(out->active[i] && space_is_active(space, out, i));
        if (!out->active[i])
            out->value[i].integer = 0;
    }
}

void space_convert(const struct space *from, const struct point *point, const struct space *part,
                   const struct point *extra, const struct space *to, struct point *out)
{
    for (size_t j = 0; j < to->size; j++) {
        int is_there, is_declared;
        int active = take(from, point, to, j, out, &is_there) || take(part, extra, to, j, out, &is_declared);
        if (!active && !is_there && !to->parameters[j].from_trial) {
            out->value[j] = to->parameters[j].default_value;
            active = 1;
        }
        out->active[j] = (unsigned char)active;
    }
    settle(to, out);
}

int space_lacks(const struct space *space, const struct point *point, const struct parameter *p)
{
    size_t i = parameter_in(space, p, SIZE_MAX);
    return i == SIZE_MAX || (!point->active[i] && space_is_active(space, point, i));
}

void point_switch_off(const struct space *space, struct point *point, const char *name)
{
    size_t i;
    if (!name_table_find(&space->names, name, &i))
        return;
    point->active[i] = 0;
    settle(space, point);
}

/* 1 when both reals, integers or choices are the same. */
static int same_value(const struct parameter *p, union value v, const struct parameter *q, union value w)
{
    if (p->kind != q->kind)
        return 0;
    if (has_choices(p))
        return strcmp(p->choices[v.integer], q->choices[w.integer]) == 0;
    return v.integer == w.integer; /* the bits of a real */
}

int space_same_point(const struct space *space, const struct point *point, const struct space *other,
                     const struct point *said)
{
    for (size_t j = 0; j < other->size; j++)
        if (said->active[j] && parameter_in(space, &other->parameters[j], j) == SIZE_MAX)
            return 0;
    for (size_t i = 0; i < space->size; i++) {
        const struct parameter *p = &space->parameters[i];
        size_t j = parameter_in(other, p, i);
        int is_said = j != SIZE_MAX && said->active[j];
        if (!point->active[i])
            continue;
        if (!is_said && (p->from_trial || point->value[i].integer != p->default_value.integer))
            return 0;
        if (is_said && !same_value(p, point->value[i], &other->parameters[j], said->value[j]))
            return 0;
    }
    return 1;
}
