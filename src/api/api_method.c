/* Reflection: which methods, schedulers and stoppers there are, and their options. */
#include "api/handles.h"
#include "study/component.h"
#include "study/study_options.h"

#include "core/fail.h"
#include "core/text.h"

#include <string.h>

size_t afina_method_count(void)
{
    return method_count();
}

const char *afina_method_name(size_t index)
{
    return index < method_count() ? method_at(index)->name : NULL;
}

const char *afina_method_summary(const char *method)
{
    const struct method *found;
    if (require_text(method, __func__, "method") || method_find(method, &found))
        return NULL;
    return found->summary;
}

size_t afina_scheduler_count(void)
{
    return scheduler_count();
}

const char *afina_scheduler_name(size_t index)
{
    return index < scheduler_count() ? scheduler_at(index)->name : NULL;
}

const char *afina_scheduler_summary(const char *scheduler)
{
    const struct scheduler *found;
    if (require_text(scheduler, __func__, "scheduler") || scheduler_find(scheduler, &found))
        return NULL;
    return found->summary;
}

size_t afina_stopper_count(void)
{
    return stopper_count();
}

const char *afina_stopper_name(size_t index)
{
    return index < stopper_count() ? stopper_at(index)->name : NULL;
}

const char *afina_stopper_summary(const char *stopper)
{
    const struct stopper *found;
    if (require_text(stopper, __func__, "stopper") || stopper_find(stopper, &found))
        return NULL;
    return found->summary;
}

size_t afina_trait_count(void)
{
    return method_trait_count();
}

const char *afina_trait_name(size_t index)
{
    return index < method_trait_count() ? method_trait_at(index)->name : NULL;
}

static int32_t find_trait(const char *name, const char *function, const struct method_trait **out)
{
    const char *names[32];
    size_t count = 0;
    int32_t rc = require_text(name, function, "trait");
    if (rc)
        return rc;
    for (; count < method_trait_count(); count++) {
        *out = method_trait_at(count);
        names[count] = (*out)->name;
        if (strcmp(name, names[count]) == 0)
            return 0;
    }
    const char *nearest = text_nearest(name, names, count);
    if (nearest)
        return fail(AFINA_E_NAME, "there is no trait \"%s\"; did you mean \"%s\"?", name, nearest);
    return fail(AFINA_E_NAME, "there is no trait \"%s\"; afina_trait_name() lists them", name);
}

const char *afina_trait_summary(const char *trait)
{
    const struct method_trait *found;
    return find_trait(trait, __func__, &found) ? NULL : found->summary;
}

int32_t afina_method_trait(const char *method, const char *trait, int32_t *has)
{
    const struct method *found = NULL;
    const struct method_trait *wanted = NULL;
    int32_t rc = require(has, __func__, "has");
    if (rc)
        return rc;
    rc = require_text(method, __func__, "method");
    if (rc)
        return rc;
    rc = method_find(method, &found);
    if (rc)
        return rc;
    rc = find_trait(trait, __func__, &wanted);
    if (rc)
        return rc;
    *has = (method_traits(found) & wanted->flag) != 0;
    return 0;
}

/* The option table of a method, a scheduler or a stopper, or with NULL that of every optimizer. */
static int32_t find_table(const char *method, const struct option **table, size_t *count)
{
    *table = study_options;
    *count = study_option_count;
    if (!method)
        return 0;
    struct component found;
    int32_t rc = require_text(method, "reflection", "method");
    if (!rc)
        rc = component_find(method, &found);
    if (rc)
        return rc;
    *table = found.options;
    *count = found.n_options;
    return 0;
}

static int32_t find(const char *method, const char *name, const char *function, const struct option **out)
{
    const struct option *table;
    size_t count;
    int32_t rc = require_text(name, function, "option");
    if (!rc)
        rc = find_table(method, &table, &count);
    if (rc)
        return rc;
    *out = option_find(table, count, name);
    if (*out)
        return 0;
    struct option_set set = {.owner = method ? method : "the optimizer", .table = table, .count = count};
    return options_unknown(&set, name);
}

size_t afina_option_count(const char *method)
{
    const struct option *table;
    size_t count;
    return find_table(method, &table, &count) ? 0 : count;
}

const char *afina_option_name(const char *method, size_t index)
{
    const struct option *table;
    size_t count;
    return !find_table(method, &table, &count) && index < count ? table[index].name : NULL;
}

int32_t afina_option_type(const char *method, const char *option, int32_t *type)
{
    const struct option *found;
    int32_t rc = require(type, __func__, "type");
    if (!rc)
        rc = find(method, option, __func__, &found);
    if (!rc)
        *type = found->type;
    return rc;
}

int32_t afina_option_range(const char *method, const char *option, double *low, double *high)
{
    const struct option *found;
    int32_t rc = require(low, __func__, "low");
    if (!rc)
        rc = require(high, __func__, "high");
    if (!rc)
        rc = find(method, option, __func__, &found);
    if (rc)
        return rc;
    *low = found->low;
    *high = found->high;
    return 0;
}

int32_t afina_option_default_number(const char *method, const char *option, double *value)
{
    const struct option *found;
    int32_t rc = require(value, __func__, "value");
    if (!rc)
        rc = find(method, option, __func__, &found);
    if (!rc && found->type != AFINA_OPTION_REAL && found->type != AFINA_OPTION_INTEGER)
        rc = fail(AFINA_E_TYPE, "option \"%s\" is not a number", option);
    if (!rc)
        *value = found->number;
    return rc;
}

const char *afina_option_default_string(const char *method, const char *option)
{
    const struct option *found;
    if (find(method, option, __func__, &found))
        return NULL;
    return found->string;
}

const char *afina_option_choices(const char *method, const char *option)
{
    const struct option *found;
    if (find(method, option, __func__, &found))
        return NULL;
    return found->choices;
}

const char *afina_option_summary(const char *method, const char *option)
{
    const struct option *found;
    if (find(method, option, __func__, &found))
        return NULL;
    return found->summary;
}
