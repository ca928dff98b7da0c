/* Whole columns of the trials of a study. */
#include "api/handles.h"
#include "study/column.h"

/* `out` may be NULL when nothing fits in it. */
static int32_t check(const afina_optimizer *optimizer, const void *out, size_t capacity, const size_t *count,
                     const char *argument, const char *function)
{
    int32_t rc = optimizer_check(optimizer, function);
    if (!rc)
        rc = require(count, function, "count");
    return rc || capacity == 0 ? rc : require(out, function, argument);
}

static int32_t read_column(const afina_optimizer *optimizer, const struct column *column, const void *out,
                           size_t *count, const char *argument, const char *function)
{
    int32_t rc = check(optimizer, out, column->capacity, count, argument, function);
    return rc ? rc : study_read_column(optimizer->study, column, count);
}

/* The parameter of a name, if its kind is wanted: the column's space is counted then. */
static int32_t find_parameter(const afina_optimizer *optimizer, const char *name, int is_wanted(int32_t kind),
                              const char *what, const char *function, struct column *column)
{
    int32_t rc = optimizer_check(optimizer, function);
    if (!rc)
        rc = require_text(name, function, "name");
    if (rc)
        return rc;
    struct space *space = study_space(optimizer->study);
    rc = space_find(space, name, &column->parameter);
    if (!rc && !is_wanted(space->parameters[column->parameter].kind))
        rc = fail(AFINA_E_TYPE, "%s: parameter \"%s\" is not %s", function, name, what);
    if (rc)
        space_release(space);
    else
        column->space = space;
    return rc;
}

static int is_any(int32_t kind)
{
    (void)kind;
    return 1;
}

static int is_integer(int32_t kind)
{
    return kind == AFINA_KIND_INTEGER;
}

static int is_of_choices(int32_t kind)
{
    return kind == AFINA_KIND_CATEGORICAL || kind == AFINA_KIND_ORDINAL;
}

int32_t afina_column_states(const afina_optimizer *optimizer, int64_t first, int32_t *states, size_t capacity,
                            size_t *count)
{
    struct column column = {.first = first, .capacity = capacity, .states = states};
    return read_column(optimizer, &column, states, count, "states", __func__);
}

int32_t afina_column_origins(const afina_optimizer *optimizer, int64_t first, int32_t *origins, size_t capacity,
                             size_t *count)
{
    struct column column = {.first = first, .capacity = capacity, .origins = origins};
    return read_column(optimizer, &column, origins, count, "origins", __func__);
}

int32_t afina_column_values(const afina_optimizer *optimizer, size_t objective, int64_t first, double *values,
                            size_t capacity, size_t *count)
{
    struct column column = {.first = first, .capacity = capacity, .objective = objective, .values = values};
    int32_t rc = optimizer_check(optimizer, __func__);
    if (rc)
        return rc;
    size_t objectives = study_objectives(optimizer->study);
    if (objective >= objectives)
        return fail(AFINA_E_RANGE, "%s: objective must be in 0..%zu, got %zu", __func__, objectives - 1, objective);
    return read_column(optimizer, &column, values, count, "values", __func__);
}

int32_t afina_column_reals(const afina_optimizer *optimizer, const char *name, int64_t first, double *values,
                           size_t capacity, size_t *count)
{
    struct column column = {.first = first, .capacity = capacity, .reals = values};
    int32_t rc = find_parameter(optimizer, name, is_any, "", __func__, &column);
    if (!rc)
        rc = read_column(optimizer, &column, values, count, "values", __func__);
    space_release(column.space);
    return rc;
}

int32_t afina_column_integers(const afina_optimizer *optimizer, const char *name, int64_t first, int64_t *values,
                              int32_t *active, size_t capacity, size_t *count)
{
    struct column column = {.first = first, .capacity = capacity, .integers = values, .active = active};
    int32_t rc = find_parameter(optimizer, name, is_integer, "an integer", __func__, &column);
    if (!rc)
        rc = read_column(optimizer, &column, values, count, "values", __func__);
    space_release(column.space);
    return rc;
}

int32_t afina_column_choices(const afina_optimizer *optimizer, const char *name, int64_t first, int32_t *choices,
                             size_t capacity, size_t *count)
{
    struct column column = {.first = first, .capacity = capacity, .choices = choices};
    int32_t rc = find_parameter(optimizer, name, is_of_choices, "one with choices", __func__, &column);
    if (!rc)
        rc = read_column(optimizer, &column, choices, count, "choices", __func__);
    space_release(column.space);
    return rc;
}

int32_t afina_column_started(const afina_optimizer *optimizer, int64_t first, int64_t *times, size_t capacity,
                             size_t *count)
{
    struct column column = {.first = first, .capacity = capacity, .started = times};
    return read_column(optimizer, &column, times, count, "times", __func__);
}

int32_t afina_column_ended(const afina_optimizer *optimizer, int64_t first, int64_t *times, size_t capacity,
                           size_t *count)
{
    struct column column = {.first = first, .capacity = capacity, .ended = times};
    return read_column(optimizer, &column, times, count, "times", __func__);
}

int32_t afina_column_attributes(const afina_optimizer *optimizer, const char *key, int64_t first, const char **texts,
                                size_t capacity, size_t *count)
{
    struct column column = {.first = first, .capacity = capacity, .key = key, .texts = texts};
    int32_t rc = require_text(key, __func__, "key");
    return rc ? rc : read_column(optimizer, &column, texts, count, "texts", __func__);
}

int32_t afina_running_trials(const afina_optimizer *optimizer, int64_t *numbers, size_t capacity, size_t *count)
{
    int32_t rc = check(optimizer, numbers, capacity, count, "numbers", __func__);
    if (!rc)
        study_read_running(optimizer->study, numbers, capacity, count);
    return rc;
}
