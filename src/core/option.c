#include "core/option.h"

#include "core/fail.h"
#include "core/mem.h"
#include "core/text.h"

#include <math.h>
#include <string.h>

enum { MOST_REALS = 4096 };

const struct option *option_find(const struct option *table, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(table[i].name, name) == 0)
            return &table[i];
    return NULL;
}

static int32_t set_default(union option_value *value, const struct option *option)
{
    switch (option->type) {
    case AFINA_OPTION_INTEGER:
        value->integer = (int64_t)option->number;
        return 0;
    case AFINA_OPTION_REAL:
        value->real = option->number;
        return 0;
    case AFINA_OPTION_REALS:
        value->reals = NULL;
        return 0;
    default:
        value->string = mem_copy_string(option->string);
        return value->string ? 0 : fail_memory();
    }
}

int32_t options_init(struct option_set *set, const char *owner, const struct option *table, size_t count)
{
    struct option_set fresh = {.owner = owner, .table = table};
    fresh.values = mem_new(count, sizeof *fresh.values);
    if (!fresh.values)
        return fail_memory();
    for (; fresh.count < count; fresh.count++) {
        int32_t rc = set_default(&fresh.values[fresh.count], &table[fresh.count]);
        if (rc) {
            options_fini(&fresh);
            return rc;
        }
    }
    *set = fresh;
    return 0;
}

int32_t options_copy(struct option_set *out, const struct option_set *set)
{
    struct option_set copy;
    int32_t rc = options_init(&copy, set->owner, set->table, set->count);
    if (rc)
        return rc;
    for (size_t i = 0; i < set->count; i++) {
        const union option_value *value = &set->values[i];
        if (set->table[i].type == AFINA_OPTION_STRING)
            rc = options_set_string(&copy, set->table[i].name, value->string);
        else if (set->table[i].type != AFINA_OPTION_REALS)
            copy.values[i] = *value;
        else if (value->reals)
            rc = options_set_reals(&copy, set->table[i].name, value->reals->value, value->reals->count);
        if (rc) {
            options_fini(&copy);
            return rc;
        }
    }
    *out = copy;
    return 0;
}

static void free_value(const struct option *option, union option_value *value)
{
    if (option->type == AFINA_OPTION_STRING)
        mem_free(value->string);
    if (option->type == AFINA_OPTION_REALS)
        mem_free(value->reals);
}

void options_fini(struct option_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        free_value(&set->table[i], &set->values[i]);
    mem_free(set->values);
    *set = (struct option_set){0};
}

int32_t options_unknown(const struct option_set *set, const char *name)
{
    enum { MOST = 64 };
    const char *names[MOST] = {0};
    size_t count = set->count < MOST ? set->count : MOST;
    for (size_t i = 0; i < count; i++)
        names[i] = set->table[i].name;
    const char *nearest = text_nearest(name, names, count);
    if (nearest)
        return fail(AFINA_E_NAME, "%s has no option \"%s\"; did you mean \"%s\"?", set->owner, name, nearest);
    struct text list = {0};
    int32_t rc = 0;
    for (size_t i = 0; i < count && !rc; i++) {
        rc = text_append(&list, i ? ", " : "");
        if (!rc)
            rc = text_append(&list, names[i]);
    }
    rc = fail(AFINA_E_NAME, "%s has no option \"%s\"; it has: %s", set->owner, name, !rc && count ? list.data : "none");
    mem_free(list.data);
    return rc;
}

static const char *type_name(int32_t type)
{
    static const char *const names[] = {"an integer", "a real number", "a string", "a list of real numbers"};
    return names[type];
}

/* The index of the option, which must take values of the type. */
static int32_t find_checked(struct option_set *set, const char *name, int32_t type, size_t *index)
{
    const struct option *option = option_find(set->table, set->count, name);
    if (!option)
        return options_unknown(set, name);
    if (option->type != type && !(option->type == AFINA_OPTION_REAL && type == AFINA_OPTION_INTEGER))
        return fail(AFINA_E_TYPE, "option \"%s\" of %s takes %s, not %s", name, set->owner, type_name(option->type),
                    type_name(type));
    *index = (size_t)(option - set->table);
    return 0;
}

int32_t options_set_real(struct option_set *set, const char *name, double value)
{
    size_t i;
    int32_t rc = find_checked(set, name, AFINA_OPTION_REAL, &i);
    if (rc)
        return rc;
    const struct option *option = &set->table[i];
    int is_none = isnan(value) && isnan(option->number);
    if (!is_none && !(value >= option->low && value <= option->high))
        return fail(AFINA_E_RANGE, "option \"%s\" of %s must be in [%g, %g], got %g", name, set->owner, option->low,
                    option->high, value);
    set->values[i].real = is_none ? option->number : value;
    return 0;
}

int32_t options_set_integer(struct option_set *set, const char *name, int64_t value)
{
    size_t i;
    int32_t rc = find_checked(set, name, AFINA_OPTION_INTEGER, &i);
    if (rc)
        return rc;
    const struct option *option = &set->table[i];
    if (option->type == AFINA_OPTION_REAL)
        return options_set_real(set, name, (double)value);
    if ((double)value < option->low || (double)value > option->high)
        return fail(AFINA_E_RANGE, "option \"%s\" of %s must be in [%g, %g], got %lld", name, set->owner, option->low,
                    option->high, (long long)value);
    set->values[i].integer = value;
    return 0;
}

/* Whether `value` is one of "a,b,c". */
static int is_choice(const char *choices, const char *value)
{
    size_t length = strlen(value);
    for (const char *p = choices;; p++) {
        size_t n = strcspn(p, ",");
        if (n == length && memcmp(p, value, n) == 0)
            return 1;
        p += n;
        if (*p == '\0')
            return 0;
    }
}

int32_t options_set_string(struct option_set *set, const char *name, const char *value)
{
    size_t i;
    int32_t rc = find_checked(set, name, AFINA_OPTION_STRING, &i);
    if (rc)
        return rc;
    const struct option *option = &set->table[i];
    if (option->choices[0] && !is_choice(option->choices, value))
        return fail(AFINA_E_RANGE, "option \"%s\" of %s must be one of %s, got \"%s\"", name, set->owner,
                    option->choices, value);
    if (!value[0] && option->string[0])
        return fail(AFINA_E_ARGUMENT, "option \"%s\" of %s is empty", name, set->owner);
    char *copy = mem_copy_string(value);
    if (!copy)
        return fail_memory();
    mem_free(set->values[i].string);
    set->values[i].string = copy;
    return 0;
}

int32_t options_set_reals(struct option_set *set, const char *name, const double *values, size_t count)
{
    size_t i;
    int32_t rc = find_checked(set, name, AFINA_OPTION_REALS, &i);
    if (rc)
        return rc;
    const struct option *option = &set->table[i];
    for (size_t k = 0; k < count; k++)
        if (!(values[k] >= option->low && values[k] <= option->high))
            return fail(AFINA_E_RANGE, "number %zu of option \"%s\" of %s must be in [%g, %g], got %g", k, name,
                        set->owner, option->low, option->high, values[k]);
    if (count > MOST_REALS)
        return fail(AFINA_E_RANGE, "option \"%s\" of %s takes at most %d numbers, got %zu", name, set->owner,
                    MOST_REALS, count);
    struct option_reals *reals = mem_new(sizeof *reals + count * sizeof *values, 1);
    if (!reals)
        return fail_memory();
    reals->count = count;
    if (count > 0)
        memcpy(reals->value, values, count * sizeof *values);
    mem_free(set->values[i].reals);
    set->values[i].reals = reals;
    return 0;
}

static const union option_value *value_of(const struct option_set *set, const char *name)
{
    return &set->values[option_find(set->table, set->count, name) - set->table];
}

int64_t option_integer(const struct option_set *set, const char *name)
{
    return value_of(set, name)->integer;
}

double option_real(const struct option_set *set, const char *name)
{
    return value_of(set, name)->real;
}

const char *option_string(const struct option_set *set, const char *name)
{
    return value_of(set, name)->string;
}

const double *option_reals(const struct option_set *set, const char *name, size_t *count)
{
    const struct option_reals *reals = value_of(set, name)->reals;
    *count = reals ? reals->count : 0;
    return reals ? reals->value : NULL;
}
