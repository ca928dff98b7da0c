/* One parameter: its memory, and the checks of the values that a host gives. */
#include "core/fail.h"
#include "core/mem.h"
#include "core/text.h"
#include "space/space.h"

#include <math.h>

static void conditions_free(struct condition *conditions, size_t count)
{
    for (size_t i = 0; i < count; i++)
        mem_free(conditions[i].members);
    mem_free(conditions);
}

static void choices_free(char **choices, size_t count)
{
    for (size_t i = 0; choices && i < count; i++)
        mem_free(choices[i]);
    mem_free(choices);
}

void parameter_fini(struct parameter *p)
{
    mem_free(p->name);
    choices_free(p->choices, p->n_choices);
    mem_free(p->choice_numbers);
    mem_free(p->weights);
    mem_free(p->cumulative);
    conditions_free(p->conditions, p->n_conditions);
    name_table_fini(&p->choice_names);
    *p = (struct parameter){0};
}

static int32_t copy_conditions(struct parameter *out, const struct parameter *p)
{
    if (p->n_conditions == 0)
        return 0;
    out->conditions = mem_new(p->n_conditions, sizeof *out->conditions);
    if (!out->conditions)
        return fail_memory();
    for (; out->n_conditions < p->n_conditions; out->n_conditions++) {
        const struct condition *from = &p->conditions[out->n_conditions];
        struct condition *to = &out->conditions[out->n_conditions];
        *to = *from;
        to->members = NULL;
        if (from->members) {
            to->members = mem_copy(from->members, from->n_members, sizeof *from->members);
            if (!to->members)
                return fail_memory();
        }
    }
    return 0;
}

int32_t parameter_set_choices(struct parameter *p, const char *name, const char *const *choices, size_t count)
{
    int32_t rc = name_table_reserve(&p->choice_names, count);
    if (rc)
        return rc;
    p->choices = mem_new(count, sizeof *p->choices);
    if (!p->choices)
        return fail_memory();
    for (; p->n_choices < count; p->n_choices++) {
        size_t before;
        const char *choice = choices[p->n_choices];
        if (name_table_find(&p->choice_names, choice, &before))
            return fail(AFINA_E_NAME, "parameter \"%s\" has the choice \"%s\" twice, at %zu and %zu", name, choice,
                        before, p->n_choices);
        char *copy = mem_copy_string(choice);
        if (!copy)
            return fail_memory();
        p->choices[p->n_choices] = copy;
        name_table_add(&p->choice_names, copy, p->n_choices);
    }
    return 0;
}

static int32_t copy_doubles(double **out, const double *values, size_t count)
{
    *out = NULL;
    if (!values)
        return 0;
    *out = mem_copy(values, count, sizeof *values);
    return *out ? 0 : fail_memory();
}

/* Copies what belongs to the choices. */
static int32_t copy_numbers(struct parameter *copy, const struct parameter *p)
{
    int32_t rc = copy_doubles(&copy->choice_numbers, p->choice_numbers, p->n_choices);
    if (!rc)
        rc = copy_doubles(&copy->weights, p->weights, p->n_choices);
    return rc ? rc : copy_doubles(&copy->cumulative, p->cumulative, p->n_choices + 1);
}

int32_t parameter_copy(struct parameter *out, const struct parameter *p)
{
    struct parameter copy = *p;
    copy.choices = NULL;
    copy.choice_numbers = copy.weights = copy.cumulative = NULL;
    copy.conditions = NULL;
    copy.n_choices = copy.n_conditions = 0;
    copy.choice_names = (struct name_table){0};
    copy.name = mem_copy_string(p->name);
    int32_t rc = copy.name ? 0 : fail_memory();
    if (rc)
        goto out;
    if (p->n_choices > 0)
        rc = parameter_set_choices(&copy, p->name, (const char *const *)p->choices, p->n_choices);
    if (rc)
        goto out;
    rc = copy_numbers(&copy, p);
    if (rc)
        goto out;
    rc = copy_conditions(&copy, p);
out:
    if (rc)
        parameter_fini(&copy);
    else
        *out = copy;
    return rc;
}

int parameter_number(const struct parameter *p, union value v, double *number)
{
    switch (p->kind) {
    case AFINA_KIND_REAL:
        *number = v.real;
        return 1;
    case AFINA_KIND_INTEGER:
        *number = (double)v.integer;
        return 1;
    default:
        if (!p->choice_numbers)
            return text_to_double(p->choices[v.integer], number);
        *number = p->choice_numbers[v.integer];
        return 1;
    }
}

static const char *kind_name(int32_t kind)
{
    static const char *const names[] = {"a real", "an integer", "categorical", "ordinal"};
    return names[kind];
}

static int32_t wrong_type(const struct parameter *p, const char *got)
{
    return fail(AFINA_E_TYPE, "parameter \"%s\" is %s, not %s", p->name, kind_name(p->kind), got);
}

/* A value may be off its grid by this share of a step. */
static const double grid_tolerance = 1e-9;

/* Refuses a real that is outside its range or off its grid. */
static int32_t fail_real(const struct parameter *p, double value)
{
    if (!isfinite(value) || value < p->low || value > p->high)
        return fail(AFINA_E_RANGE, "parameter \"%s\" must be finite and in [%g, %g], got %g", p->name, p->low, p->high,
                    value);
    return fail(AFINA_E_RANGE, "parameter \"%s\" goes from %g to at most %g in steps of %g; %g is between two of them",
                p->name, p->low, p->high, p->step, value);
}

int32_t parameter_check_real(const struct parameter *p, double value, union value *out)
{
    if (p->kind != AFINA_KIND_REAL)
        return wrong_type(p, "a real");
    double slack = grid_tolerance * fmin(p->step, p->high - p->low); /* 3 * 0.1 is above 0.3 */
    if (!isfinite(value) || !(value >= p->low - slack && value <= p->high + slack))
        return fail_real(p, value);
    union value v = {.real = one_zero(value)};
    if (p->cells != 0) {
        union value nearest = parameter_value_at(p, parameter_index_of(p, v));
        if (fabs(nearest.real - value) > slack)
            return fail_real(p, value);
        v = nearest;
    }
    *out = v;
    return 0;
}

int32_t parameter_check_integer(const struct parameter *p, int64_t value, union value *out)
{
    if (p->kind == AFINA_KIND_REAL) {
        double real = (double)value;
        if (real >= 0x1p63 || (int64_t)real != value)
            return fail(AFINA_E_RANGE, "parameter \"%s\" is a real, and %lld has more digits than one holds", p->name,
                        (long long)value);
        return parameter_check_real(p, real, out);
    }
    if (p->kind != AFINA_KIND_INTEGER)
        return wrong_type(p, "an integer");
    if (value < p->int_low || value > p->int_high)
        return fail(AFINA_E_RANGE, "parameter \"%s\" must be in [%lld, %lld], got %lld", p->name, (long long)p->int_low,
                    (long long)p->int_high, (long long)value);
    if (((uint64_t)value - (uint64_t)p->int_low) % p->int_step != 0)
        return fail(AFINA_E_RANGE, "parameter \"%s\" goes from %lld in steps of %llu; %lld is between two of them",
                    p->name, (long long)p->int_low, (unsigned long long)p->int_step, (long long)value);
    out->integer = value;
    return 0;
}

int32_t parameter_check_string(const struct parameter *p, const char *value, union value *out)
{
    if (p->kind != AFINA_KIND_CATEGORICAL && p->kind != AFINA_KIND_ORDINAL)
        return wrong_type(p, "a choice");
    size_t i;
    if (name_table_find(&p->choice_names, value, &i)) {
        out->integer = (int64_t)i;
        return 0;
    }
    const char *nearest = text_nearest(value, (const char *const *)p->choices, p->n_choices);
    if (nearest)
        return fail(AFINA_E_RANGE, "parameter \"%s\" has no choice \"%s\"; did you mean \"%s\"?", p->name, value,
                    nearest);
    return fail(AFINA_E_RANGE, "parameter \"%s\" has no choice \"%s\"; its %zu choices begin with \"%s\"", p->name,
                value, p->n_choices, p->choices[0]);
}
