#include "core/fail.h"
#include "space/space.h"

#include <string.h>

static int same_choices(const struct parameter *a, const struct parameter *b)
{
    if (a->n_choices != b->n_choices)
        return 0;
    for (size_t i = 0; i < a->n_choices; i++)
        if (strcmp(a->choices[i], b->choices[i]) != 0)
            return 0;
    return 1;
}

/* 1 when both have the same values. Prior and scale do not matter: they say only how likely
 * a value is. */
static int same_values(const struct parameter *a, const struct parameter *b)
{
    if (a->kind != b->kind)
        return 0;
    if (a->kind == AFINA_KIND_REAL)
        return a->low == b->low && a->high == b->high && a->step == b->step;
    return a->int_low == b->int_low && a->int_high == b->int_high && a->int_step == b->int_step && same_choices(a, b);
}

int same_conditions(const struct parameter *a, const struct parameter *b)
{
    if (a->n_conditions != b->n_conditions)
        return 0;
    for (size_t k = 0; k < a->n_conditions; k++) {
        const struct condition *c = &a->conditions[k], *e = &b->conditions[k];
        if (c->parent != e->parent || c->comparison != e->comparison || c->number != e->number ||
            c->n_members != e->n_members)
            return 0;
        for (size_t i = 0; i < c->n_members; i++)
            if (c->members[i] != e->members[i])
                return 0;
    }
    return 1;
}

int32_t space_check_same(const struct space *space, const struct space *other)
{
    if (space == other)
        return 0;
    if (space->size != other->size)
        return fail(AFINA_E_ARGUMENT, "the point belongs to a space of %zu parameters; the optimizer's has %zu",
                    other->size, space->size);
    for (size_t i = 0; i < space->size; i++) {
        const struct parameter *p = &space->parameters[i], *q = &other->parameters[i];
        if (strcmp(p->name, q->name) != 0)
            return fail(AFINA_E_ARGUMENT, "the point belongs to a space whose parameter %zu is \"%s\", not \"%s\"", i,
                        q->name, p->name);
        if (!same_values(p, q))
            return fail(AFINA_E_ARGUMENT,
                        "the point belongs to a space whose parameter \"%s\" has other values than the optimizer's",
                        p->name);
    }
    return 0;
}

static int same_doubles(const double *a, const double *b, size_t n)
{
    return (!a && !b) || (a && b && memcmp(a, b, n * sizeof *a) == 0);
}

static int same_parameter(const struct parameter *p, const struct parameter *q)
{
    return strcmp(p->name, q->name) == 0 && same_values(p, q) && p->scale == q->scale && p->prior == q->prior &&
           p->mean == q->mean && p->sd == q->sd && same_doubles(p->weights, q->weights, p->n_choices) &&
           p->has_default == q->has_default && p->default_value.integer == q->default_value.integer &&
           same_conditions(p, q);
}

int space_equal(const struct space *a, const struct space *b)
{
    if (a->size != b->size)
        return 0;
    for (size_t i = 0; i < a->size; i++)
        if (!same_parameter(&a->parameters[i], &b->parameters[i]))
            return 0;
    return 1;
}
