/* What was put into a space, read out again. */
#include "api/handles.h"
#include "core/mem.h"

#include <string.h>

/* The parameter of a name, after the checks of every function below. */
static int32_t find(const afina_space *space, const char *name, const void *out, const char *argument,
                    const char *function, const struct parameter **p)
{
    size_t index;
    int32_t rc = require(space, function, "space");
    if (!rc)
        rc = require_text(name, function, "name");
    if (!rc)
        rc = require(out, function, argument);
    if (!rc)
        rc = space_find(space->space, name, &index);
    if (!rc)
        *p = &space->space->parameters[index];
    return rc;
}

static int is_number(const struct parameter *p)
{
    return p->kind == AFINA_KIND_REAL || p->kind == AFINA_KIND_INTEGER;
}

static int32_t no_number(const struct parameter *p, const char *what)
{
    return fail(AFINA_E_TYPE, "parameter \"%s\" has choices: it has no %s", p->name, what);
}

int32_t afina_space_get_kind(const afina_space *space, const char *name, int32_t *kind)
{
    const struct parameter *p;
    int32_t rc = find(space, name, kind, "kind", __func__, &p);
    if (!rc)
        *kind = p->kind;
    return rc;
}

int32_t afina_space_get_real_bounds(const afina_space *space, const char *name, double *low, double *high)
{
    const struct parameter *p;
    int32_t rc = find(space, name, low, "low", __func__, &p);
    if (!rc)
        rc = require(high, __func__, "high");
    if (!rc && p->kind != AFINA_KIND_REAL)
        rc = fail(AFINA_E_TYPE, "parameter \"%s\" is not a real", name);
    if (rc)
        return rc;
    *low = p->low;
    *high = p->high;
    return 0;
}

int32_t afina_space_get_integer_bounds(const afina_space *space, const char *name, int64_t *low, int64_t *high)
{
    const struct parameter *p;
    int32_t rc = find(space, name, low, "low", __func__, &p);
    if (!rc)
        rc = require(high, __func__, "high");
    if (!rc && p->kind != AFINA_KIND_INTEGER)
        rc = fail(AFINA_E_TYPE, "parameter \"%s\" is not an integer", name);
    if (rc)
        return rc;
    *low = p->int_low;
    *high = p->int_high;
    return 0;
}

int32_t afina_space_get_scale(const afina_space *space, const char *name, int32_t *scale)
{
    const struct parameter *p;
    int32_t rc = find(space, name, scale, "scale", __func__, &p);
    if (!rc && !is_number(p))
        rc = no_number(p, "scale");
    if (!rc)
        *scale = p->scale;
    return rc;
}

int32_t afina_space_get_step(const afina_space *space, const char *name, double *step)
{
    const struct parameter *p;
    int32_t rc = find(space, name, step, "step", __func__, &p);
    if (!rc && !is_number(p))
        rc = no_number(p, "step");
    if (!rc)
        *step = p->kind == AFINA_KIND_REAL ? p->step : (double)p->int_step;
    return rc;
}

int32_t afina_space_get_prior(const afina_space *space, const char *name, int32_t *prior, double *mean, double *sd)
{
    const struct parameter *p;
    int32_t rc = find(space, name, prior, "prior", __func__, &p);
    if (!rc)
        rc = require(mean, __func__, "mean");
    if (!rc)
        rc = require(sd, __func__, "sd");
    if (!rc && !is_number(p))
        rc = no_number(p, "prior; afina_space_get_weights() reads its weights");
    if (rc)
        return rc;
    *prior = p->prior;
    *mean = p->prior == AFINA_PRIOR_UNIFORM ? 0 : p->mean;
    *sd = p->prior == AFINA_PRIOR_UNIFORM ? 0 : p->sd;
    return 0;
}

int32_t afina_space_get_default_real(const afina_space *space, const char *name, double *value)
{
    const struct parameter *p;
    int32_t rc = find(space, name, value, "value", __func__, &p);
    if (!rc && p->kind != AFINA_KIND_REAL)
        rc = fail(AFINA_E_TYPE, "parameter \"%s\" is not a real", name);
    if (!rc)
        *value = p->default_value.real;
    return rc;
}

int32_t afina_space_get_default_integer(const afina_space *space, const char *name, int64_t *value)
{
    const struct parameter *p;
    int32_t rc = find(space, name, value, "value", __func__, &p);
    if (!rc && p->kind != AFINA_KIND_INTEGER)
        rc = fail(AFINA_E_TYPE, "parameter \"%s\" is not an integer", name);
    if (!rc)
        *value = p->default_value.integer;
    return rc;
}

int32_t afina_space_get_default_string(const afina_space *space, const char *name, const char **value)
{
    const struct parameter *p;
    int32_t rc = find(space, name, value, "value", __func__, &p);
    if (!rc && is_number(p))
        rc = fail(AFINA_E_TYPE, "parameter \"%s\" has no choices", name);
    if (!rc)
        *value = p->choices[p->default_value.integer];
    return rc;
}

int32_t afina_space_get_weights(const afina_space *space, const char *name, double *weights, size_t capacity,
                                size_t *count)
{
    const struct parameter *p;
    int32_t rc = find(space, name, count, "count", __func__, &p);
    if (!rc && is_number(p))
        rc = fail(AFINA_E_TYPE, "parameter \"%s\" has no choices", name);
    if (!rc && capacity > 0)
        rc = require(weights, __func__, "weights");
    if (rc)
        return rc;
    for (size_t i = 0; i < p->n_choices && i < capacity; i++)
        weights[i] = p->weights ? p->weights[i] : 1 / (double)p->n_choices;
    *count = p->n_choices;
    return 0;
}

size_t afina_space_get_choice_count(const afina_space *space, const char *name)
{
    const struct parameter *p;
    return find(space, name, space, "space", __func__, &p) ? 0 : p->n_choices;
}

const char *afina_space_get_choice(const afina_space *space, const char *name, size_t choice)
{
    const struct parameter *p;
    return !find(space, name, space, "space", __func__, &p) && choice < p->n_choices ? p->choices[choice] : NULL;
}

int32_t afina_space_get_condition_count(const afina_space *space, const char *child, size_t *count)
{
    const struct parameter *p;
    int32_t rc = find(space, child, count, "count", __func__, &p);
    if (!rc)
        *count = p->n_conditions;
    return rc;
}

static int32_t find_condition(const afina_space *space, const char *child, size_t index, const void *out,
                              const char *argument, const char *function, const struct condition **condition)
{
    const struct parameter *p;
    int32_t rc = find(space, child, out, argument, function, &p);
    if (!rc && index >= p->n_conditions)
        rc = fail(AFINA_E_RANGE, "condition %zu: parameter \"%s\" has %zu", index, child, p->n_conditions);
    if (!rc)
        *condition = &p->conditions[index];
    return rc;
}

int32_t afina_space_get_condition(const afina_space *space, const char *child, size_t index, const char **parent,
                                  int32_t *comparison, double *number)
{
    const struct condition *condition;
    int32_t rc = find_condition(space, child, index, parent, "parent", __func__, &condition);
    if (!rc)
        rc = require(comparison, __func__, "comparison");
    if (!rc)
        rc = require(number, __func__, "number");
    if (rc)
        return rc;
    int is_set = condition->comparison == SPACE_IN;
    *parent = space->space->parameters[condition->parent].name;
    *comparison = is_set ? AFINA_COMPARE_IN : condition->comparison;
    *number = is_set ? 0 : condition->number;
    return 0;
}

int32_t afina_space_get_condition_value_count(const afina_space *space, const char *child, size_t index, size_t *count)
{
    const struct condition *condition;
    int32_t rc = find_condition(space, child, index, count, "count", __func__, &condition);
    if (!rc)
        *count = condition->n_members;
    return rc;
}

int32_t afina_space_get_condition_value(const afina_space *space, const char *child, size_t index, size_t value,
                                        char *text, size_t capacity, size_t *length)
{
    const struct condition *condition;
    int32_t rc = find_condition(space, child, index, length, "length", __func__, &condition);
    if (!rc && value >= condition->n_members)
        rc = fail(AFINA_E_RANGE, "value %zu: condition %zu of parameter \"%s\" has %zu", value, index, child,
                  condition->n_members);
    if (rc)
        return rc;
    const struct parameter *parent = &space->space->parameters[condition->parent];
    char number[NUMBER_SIZE];
    const char *member = number;
    if (parent->kind == AFINA_KIND_INTEGER)
        text_format(number, sizeof number, "%lld", (long long)condition->members[value]);
    else
        member = parent->choices[condition->members[value]];
    return give_text(member, strlen(member), text, capacity, length, __func__);
}

int32_t afina_space_has_filter(const afina_space *space, int32_t *has)
{
    int32_t rc = require(space, __func__, "space");
    if (!rc)
        rc = require(has, __func__, "has");
    if (!rc)
        *has = space->space->filter != NULL;
    return rc;
}
