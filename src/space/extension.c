/* What is an extension of a space: nothing that it has is lost, and nothing that was suggested in it changes its
 * meaning. */
#include "space/extension.h"

#include "core/fail.h"
#include "core/mem.h"
#include "core/text.h"

#include <math.h>
#include <string.h>

static const char *const kind_names[] = {"a real", "an integer", "categorical", "ordinal"};
static const char *const scale_names[] = {"linear", "logarithmic", "reverse logarithmic"};

int has_choices(const struct parameter *p)
{
    return p->kind == AFINA_KIND_CATEGORICAL || p->kind == AFINA_KIND_ORDINAL;
}

int extension_is_wider(const struct parameter *p, const struct parameter *q)
{
    size_t at;
    if (p->kind != q->kind)
        return 0;
    if (p->kind == AFINA_KIND_REAL)
        return q->low < p->low || q->high > p->high;
    if (p->kind == AFINA_KIND_INTEGER)
        return q->int_low < p->int_low || q->int_high > p->int_high;
    for (size_t i = 0; i < q->n_choices; i++)
        if (!name_table_find(&p->choice_names, q->choices[i], &at))
            return 1;
    return 0;
}

/* ---------------------------------------------------- what makes two one */

/* 1 when all choices of `less` are among those of `more`, in their order. */
static int is_subsequence(const struct parameter *less, const struct parameter *more)
{
    size_t found = 0;
    for (size_t i = 0; i < more->n_choices && found < less->n_choices; i++)
        found += strcmp(more->choices[i], less->choices[found]) == 0;
    return found == less->n_choices;
}

static int32_t check_choices(const struct parameter *p, const struct parameter *q)
{
    if (p->kind == AFINA_KIND_ORDINAL && !is_subsequence(p, q) && !is_subsequence(q, p))
        return fail(AFINA_E_RANGE,
                    "parameter \"%s\" is ordinal: the extended choices must have those of the study in their order",
                    p->name);
    if (p->kind == AFINA_KIND_ORDINAL && (p->choice_numbers != NULL) != (q->choice_numbers != NULL))
        return fail(AFINA_E_RANGE, "parameter \"%s\" is ordinal: its choices are %s, and must all be so", p->name,
                    p->choice_numbers ? "numbers" : "no numbers");
    return 0;
}

/* 1 when the difference of two bounds is a multiple of the step. */
static int is_aligned(const struct parameter *p, const struct parameter *q)
{
    if (p->kind == AFINA_KIND_INTEGER) {
        int64_t low = p->int_low < q->int_low ? p->int_low : q->int_low;
        int64_t high = p->int_low < q->int_low ? q->int_low : p->int_low;
        return ((uint64_t)high - (uint64_t)low) % p->int_step == 0;
    }
    if (!(p->step > 0))
        return 1;
    double steps = (p->low - q->low) / p->step;
    return fabs(steps - floor(steps + 0.5)) <= 1e-9;
}

static int32_t check_steps(const struct parameter *p, const struct parameter *q)
{
    double step = p->kind == AFINA_KIND_REAL ? p->step : (double)p->int_step;
    double other = q->kind == AFINA_KIND_REAL ? q->step : (double)q->int_step;
    if (step != other)
        return fail(AFINA_E_RANGE, "parameter \"%s\" has step %g; an extension keeps it, got %g", p->name, step, other);
    if (!is_aligned(p, q))
        return fail(AFINA_E_RANGE, "parameter \"%s\" has step %g: a lower bound of %g leaves out its values", p->name,
                    step, p->kind == AFINA_KIND_REAL ? q->low : (double)q->int_low);
    struct parameter wide = *p;
    wide.low = fmin(p->low, q->low);
    wide.high = fmax(p->high, q->high);
    return p->kind == AFINA_KIND_REAL ? parameter_check_step(&wide, step) : 0;
}

int32_t extension_check_join(const struct parameter *p, const struct parameter *q)
{
    if (p->kind != q->kind)
        return fail(AFINA_E_TYPE, "parameter \"%s\" is %s; an extension keeps that, got one that is %s", p->name,
                    kind_names[p->kind], kind_names[q->kind]);
    if (has_choices(p))
        return check_choices(p, q);
    if (p->scale != q->scale)
        return fail(AFINA_E_RANGE, "parameter \"%s\" has a %s scale; an extension keeps it, got a %s one", p->name,
                    scale_names[p->scale], scale_names[q->scale]);
    if (p->prior != q->prior || p->mean != q->mean || p->sd != q->sd)
        return fail(AFINA_E_RANGE, "parameter \"%s\" has another prior (mean %g, sd %g); an extension keeps it",
                    p->name, p->mean, p->sd);
    return check_steps(p, q);
}

/* ------------------------------------------------------ what the host may say */

static int32_t check_range(const struct parameter *p, const struct parameter *q)
{
    if (p->kind == AFINA_KIND_REAL && (q->low > p->low || q->high < p->high))
        return fail(AFINA_E_RANGE, "parameter \"%s\" has the range [%g, %g]; an extension contains it, got [%g, %g]",
                    p->name, p->low, p->high, q->low, q->high);
    if (p->kind == AFINA_KIND_INTEGER && (q->int_low > p->int_low || q->int_high < p->int_high))
        return fail(AFINA_E_RANGE,
                    "parameter \"%s\" has the range [%lld, %lld]; an extension contains it, got [%lld, %lld]", p->name,
                    (long long)p->int_low, (long long)p->int_high, (long long)q->int_low, (long long)q->int_high);
    size_t at;
    for (size_t i = 0; has_choices(p) && i < p->n_choices; i++)
        if (!name_table_find(&q->choice_names, p->choices[i], &at))
            return fail(AFINA_E_RANGE, "parameter \"%s\" has the choice \"%s\"; an extension keeps it", p->name,
                        p->choices[i]);
    return 0;
}

/* The share of the k-th choice. */
static double weight_of(const struct parameter *p, int64_t k)
{
    return p->weights ? p->weights[k] : 1 / (double)p->n_choices;
}

/* Weights are kept among the choices that there are. */
static int32_t check_weights(const struct parameter *p, const struct parameter *q)
{
    if (!has_choices(p) || (!p->weights && !q->weights))
        return 0;
    if (!q->weights && !extension_is_wider(p, q))
        return 0;
    double sum = 0;
    for (size_t i = 0; i < p->n_choices; i++) {
        int64_t k = choice_in(q, p, (int64_t)i);
        if (k < 0 || !q->weights)
            return fail(AFINA_E_RANGE,
                        "parameter \"%s\" has weights: an extension has a weight for each of its choices", p->name);
        sum += q->weights[k];
    }
    for (size_t i = 0; i < p->n_choices; i++)
        if (fabs(weight_of(q, choice_in(q, p, (int64_t)i)) - sum * weight_of(p, (int64_t)i)) > 1e-9)
            return fail(AFINA_E_RANGE,
                        "parameter \"%s\" has other weights: an extension keeps those of \"%s\" beside each other",
                        p->name, p->choices[i]);
    return 0;
}

static int same_value(const struct parameter *p, const struct parameter *q)
{
    if (has_choices(p))
        return choice_in(p, q, q->default_value.integer) == p->default_value.integer;
    if (p->kind == AFINA_KIND_INTEGER)
        return p->default_value.integer == q->default_value.integer;
    return fabs(p->default_value.real - q->default_value.real) <= 1e-9 * p->step ||
           p->default_value.real == q->default_value.real;
}

static int32_t check_default(const struct parameter *p, const struct parameter *q)
{
    struct text text = {0};
    if (!q->has_default || same_value(p, q))
        return 0;
    value_to_json(p, p->default_value, &text);
    int32_t rc =
        text.rc ? text.rc
                : fail(AFINA_E_RANGE, "parameter \"%s\" has the default %s; an extension keeps it", p->name, text.data);
    mem_free(text.data);
    return rc;
}

/* 1 when the set of one condition is part of that of the other. */
static int same_members(const struct parameter *parent, const struct condition *c, const struct parameter *other,
                        const struct condition *of)
{
    size_t found = 0;
    for (size_t i = 0; i < of->n_members; i++) {
        int64_t v = has_choices(other) ? choice_in(parent, other, of->members[i]) : of->members[i];
        for (size_t k = 0; k < c->n_members; k++)
            found += c->members[k] == v;
    }
    return found == of->n_members || found == c->n_members;
}

int extension_has_conditions(const struct space *space, const struct parameter *p, const struct space *part,
                             const struct parameter *q)
{
    if (p->n_conditions != q->n_conditions)
        return 0;
    for (size_t k = 0; k < p->n_conditions; k++) {
        const struct condition *c = &p->conditions[k], *of = &q->conditions[k];
        const struct parameter *parent = &space->parameters[c->parent], *other = &part->parameters[of->parent];
        if (strcmp(parent->name, other->name) != 0 || c->comparison != of->comparison || c->number != of->number ||
            !same_members(parent, c, other, of))
            return 0;
    }
    return 1;
}

/* A value that the parent has already may not make a child active that was inactive with it. */
static int32_t check_members(const struct space *space, const struct parameter *p, const struct space *part,
                             const struct parameter *q)
{
    for (size_t k = 0; k < q->n_conditions; k++) {
        const struct condition *c = &p->conditions[k], *of = &q->conditions[k];
        const struct parameter *parent = &space->parameters[c->parent], *other = &part->parameters[of->parent];
        for (size_t i = 0; i < of->n_members; i++) {
            int64_t v = has_choices(other) ? choice_in(parent, other, of->members[i]) : of->members[i];
            union value value = {.integer = v};
            int is_old = has_choices(other) ? v >= 0 : v >= parent->int_low && v <= parent->int_high;
            if (is_old && !condition_holds(c, parent, value))
                return fail(
                    AFINA_E_RANGE,
                    "parameter \"%s\" has another condition: an extension adds only values that \"%s\" did not have",
                    p->name, parent->name);
        }
    }
    return 0;
}

static int32_t check_conditions(const struct space *space, const struct parameter *p, const struct space *part,
                                const struct parameter *q)
{
    if (p->n_conditions == 0 || q->n_conditions == 0)
        return 0;
    if (!extension_has_conditions(space, p, part, q))
        return fail(AFINA_E_RANGE, "parameter \"%s\" has other conditions; an extension keeps them", p->name);
    return check_members(space, p, part, q);
}

int32_t space_check_extension(const struct space *space, const struct space *part, int may_lack)
{
    int32_t rc = 0;
    if (part->filter)
        return fail(AFINA_E_ARGUMENT, "an extension has no filter: the study keeps its own");
    for (size_t j = 0; !rc && j < part->size; j++) {
        const struct parameter *q = &part->parameters[j];
        size_t i = parameter_in(space, q, j);
        if (i == SIZE_MAX)
            continue;
        const struct parameter *p = &space->parameters[i];
        rc = extension_check_join(p, q);
        if (!rc && !may_lack)
            rc = check_range(p, q);
        if (!rc)
            rc = check_weights(p, q);
        if (!rc)
            rc = check_default(p, q);
        if (!rc)
            rc = check_conditions(space, p, part, q);
    }
    return rc;
}

int space_contains(const struct space *space, const struct space *other)
{
    for (size_t j = 0; j < other->size; j++) {
        const struct parameter *q = &other->parameters[j];
        size_t i = parameter_in(space, q, j);
        if (i == SIZE_MAX || extension_check_join(&space->parameters[i], q) ||
            extension_is_wider(&space->parameters[i], q))
            return 0;
    }
    return 1;
}

int space_covers(const struct space *space, const struct space *part)
{
    for (size_t j = 0; j < part->size; j++) {
        const struct parameter *q = &part->parameters[j];
        size_t i = parameter_in(space, q, j);
        if (i == SIZE_MAX || extension_is_wider(&space->parameters[i], q))
            return 0;
        const struct parameter *p = &space->parameters[i];
        if (q->n_conditions > 0 && p->n_conditions == 0)
            return 0;
    }
    return 1;
}
