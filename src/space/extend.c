/* A space that grows by a part.
 *
 * extension.c checks that the part is an extension. Parts that were checked in one order can be taken in any other:
 * of what differs then, defaults and conditions, the first that comes stays.
 */
#include "core/fail.h"
#include "core/mem.h"
#include "space/extension.h"
#include "space/space.h"

#include <stdlib.h>
#include <string.h>

void space_share_filter(struct space *space, const struct space *other)
{
    struct callback *before = space->filter;
    space->filter = callback_reference(other->filter);
    callback_release(before);
}

/* The choices of both: those of an ordinal in the order of the one that has more, of a categorical the new ones last.
 */
static size_t list_choices(const struct parameter *p, const struct parameter *q, const char **list)
{
    const struct parameter *first = p->kind == AFINA_KIND_ORDINAL && q->n_choices > p->n_choices ? q : p;
    const struct parameter *second = first == p ? q : p;
    size_t count = 0, at;
    for (size_t i = 0; i < first->n_choices; i++)
        list[count++] = first->choices[i];
    for (size_t i = 0; i < second->n_choices; i++)
        if (!name_table_find(&first->choice_names, second->choices[i], &at))
            list[count++] = second->choices[i];
    return count;
}

/* The weights of the one that has all choices; where none has, a new choice gets an equal share. */
static int32_t join_weights(struct parameter *out, const struct parameter *p, const struct parameter *q)
{
    const struct parameter *of = q->weights && q->n_choices == out->n_choices ? q : p;
    if (!p->weights && !q->weights)
        return 0;
    out->weights = mem_new(out->n_choices, sizeof *out->weights);
    if (!out->weights)
        return fail_memory();
    double n = (double)out->n_choices, kept = (double)of->n_choices / n;
    for (size_t i = 0; i < out->n_choices; i++) {
        int64_t k = choice_in(of, out, (int64_t)i);
        out->weights[i] = k < 0 ? 1 / n : of->weights ? kept * of->weights[k] : 1 / n;
    }
    return 0;
}

/* What the widened parameter owns anew: its choices, and what belongs to them. */
static int32_t join_choices(struct parameter *out, const struct parameter *p, const struct parameter *q)
{
    const char **list = mem_new(p->n_choices + q->n_choices, sizeof *list);
    int32_t rc = list ? 0 : fail_memory();
    out->choices = NULL;
    out->choice_numbers = out->weights = out->cumulative = NULL;
    out->n_choices = 0;
    out->choice_names = (struct name_table){0};
    if (!rc)
        rc = parameter_set_choices(out, p->name, list, list_choices(p, q, list));
    mem_free(list);
    if (rc)
        return rc;
    out->int_high = (int64_t)out->n_choices - 1;
    out->default_value.integer = choice_in(out, p, p->default_value.integer);
    rc = parameter_read_numbers(out);
    return rc ? rc : join_weights(out, p, q);
}

static void join_ranges(struct parameter *out, const struct parameter *q)
{
    if (out->kind == AFINA_KIND_REAL) {
        out->low = q->low < out->low ? q->low : out->low;
        out->high = q->high > out->high ? q->high : out->high;
    } else {
        out->int_low = q->int_low < out->int_low ? q->int_low : out->int_low;
        out->int_high = q->int_high > out->int_high ? q->int_high : out->int_high;
    }
}

/* Frees what a widened parameter has anew, or what the narrower one had. */
static void free_choices(struct parameter *p)
{
    for (size_t i = 0; p->choices && i < p->n_choices; i++)
        mem_free(p->choices[i]);
    mem_free(p->choices);
    mem_free(p->choice_numbers);
    mem_free(p->weights);
    mem_free(p->cumulative);
    name_table_fini(&p->choice_names);
}

/* On failure p is as it was. The default stays what it was, although the median of the prior moves. */
static int32_t widen(struct parameter *p, const struct parameter *q)
{
    struct parameter wide = *p;
    int choices = has_choices(p);
    wide.has_default = 1;
    if (!choices)
        join_ranges(&wide, q);
    int32_t rc = choices ? join_choices(&wide, p, q) : 0;
    if (!rc)
        rc = parameter_prepare(&wide);
    if (rc) {
        if (choices)
            free_choices(&wide);
        return rc;
    }
    if (choices)
        free_choices(p);
    else if (p->kind == AFINA_KIND_REAL && wide.cells != 0) /* to the bit as the wider grid has it */
        wide.default_value = parameter_value_at(&wide, parameter_index_of(&wide, wide.default_value));
    *p = wide;
    return 0;
}

static int32_t add(struct space *space, const struct parameter *q, int from_trial)
{
    struct parameter *p = &space->parameters[space->size];
    int32_t rc = parameter_copy(p, q);
    if (rc)
        return rc;
    for (size_t k = 0; k < p->n_conditions; k++)
        mem_free(p->conditions[k].members);
    mem_free(p->conditions);
    p->conditions = NULL;
    p->n_conditions = 0;
    p->from_trial = from_trial;
    name_table_add(&space->names, p->name, space->size++);
    return 0;
}

static int compare_members(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Appends the members of a condition of `from`, as values of `to`, without those that are there. */
static int32_t add_members(struct condition *c, const struct condition *of, const struct parameter *from,
                           const struct parameter *to)
{
    int64_t *grown = mem_resize(c->members, c->n_members + of->n_members, sizeof *grown);
    if (!grown)
        return fail_memory();
    c->members = grown;
    for (size_t i = 0; i < of->n_members; i++) {
        int64_t v = has_choices(from) ? choice_in(to, from, of->members[i]) : of->members[i];
        size_t at = 0;
        while (at < c->n_members && c->members[at] != v)
            at++;
        if (v >= 0 || !has_choices(from))
            c->members[at] = v;
        c->n_members += at == c->n_members;
    }
    qsort(c->members, c->n_members, sizeof *c->members, compare_members);
    return 0;
}

/* The conditions of a parameter of `part`, for one of the space that has none or the same. */
static int32_t add_conditions(struct space *space, struct parameter *p, const struct space *part,
                              const struct parameter *q)
{
    int is_new = p->n_conditions == 0;
    if (!is_new && !extension_has_conditions(space, p, part, q))
        return 0;
    if (is_new) {
        p->conditions = mem_new(q->n_conditions, sizeof *p->conditions);
        if (!p->conditions)
            return fail_memory();
    }
    for (size_t k = 0; k < q->n_conditions; k++) {
        const struct condition *of = &q->conditions[k];
        const struct parameter *parent = &part->parameters[of->parent];
        size_t up = parameter_in(space, parent, of->parent);
        if (is_new)
            p->conditions[p->n_conditions++] =
                (struct condition){.parent = up, .comparison = of->comparison, .number = of->number};
        int32_t rc = of->n_members > 0 ? add_members(&p->conditions[k], of, parent, &space->parameters[up]) : 0;
        if (rc)
            return rc;
    }
    return 0;
}

/* Where the choices of a parent moved, its conditions move with them. */
static int32_t move_members(struct space *space, const struct space *before)
{
    for (size_t i = 0; i < before->size; i++)
        for (size_t k = 0; k < space->parameters[i].n_conditions; k++) {
            struct condition *c = &space->parameters[i].conditions[k];
            const struct parameter *from = &before->parameters[c->parent], *to = &space->parameters[c->parent];
            for (size_t m = 0; has_choices(from) && m < c->n_members; m++)
                c->members[m] = choice_in(to, from, c->members[m]);
            if (c->n_members > 0)
                qsort(c->members, c->n_members, sizeof *c->members, compare_members);
        }
    return 0;
}

static int32_t reserve(struct space *space, size_t count)
{
    void *parameters = space->parameters;
    if (count > SPACE_MAX_PARAMETERS)
        return fail(AFINA_E_RANGE, "a space has at most %d parameters; with the new ones it has %zu",
                    SPACE_MAX_PARAMETERS, count);
    int32_t rc = mem_reserve(&parameters, &space->capacity, count, sizeof *space->parameters);
    space->parameters = parameters;
    return rc ? rc : name_table_reserve(&space->names, count);
}

static size_t count_new(const struct space *space, const struct space *part)
{
    size_t count = 0, i;
    for (size_t j = 0; j < part->size; j++)
        count += !name_table_find(&space->names, part->parameters[j].name, &i);
    return count;
}

/* `before` is what the space is a copy of. */
static int32_t grow(struct space *space, const struct space *before, const struct space *part, int from_trial)
{
    int32_t rc = reserve(space, space->size + count_new(space, part));
    for (size_t j = 0; !rc && j < part->size; j++) {
        const struct parameter *q = &part->parameters[j];
        size_t i = parameter_in(space, q, j);
        if (i == SIZE_MAX)
            rc = add(space, q, from_trial);
        else if (extension_is_wider(&space->parameters[i], q) && !extension_check_join(&space->parameters[i], q))
            rc = widen(&space->parameters[i], q);
    }
    if (!rc)
        rc = move_members(space, before);
    for (size_t j = 0; !rc && j < part->size; j++) {
        const struct parameter *q = &part->parameters[j];
        if (q->n_conditions > 0)
            rc = add_conditions(space, &space->parameters[parameter_in(space, q, j)], part, q);
    }
    return rc;
}

int32_t space_extend(struct space **out, const struct space *space, const struct space *part, int from_trial)
{
    struct space *grown;
    *out = NULL;
    int32_t rc = space_clone(&grown, space);
    if (rc)
        return rc;
    rc = grow(grown, space, part, from_trial);
    if (!rc)
        rc = space_snapshot(out, grown);
    space_free(grown);
    return rc;
}
