#include "study/dotted.h"

#include "core/fail.h"
#include "core/mem.h"
#include "core/text.h"
#include "study/component.h"
#include "study/study_options.h"

#include <math.h>
#include <string.h>

enum { MOST_NAMES = 128, COMPONENT_NAME = 64 };

static int has(const struct option_set *set, const char *name)
{
    return option_find(set->table, set->count, name) != NULL;
}

static int look_dotted_up(struct study *study, const char *key, const char *dot, struct option_place *out)
{
    struct component component;
    if (!component_look_up(key, (size_t)(dot - key), &component))
        return 0;
    out->option = option_find(component.options, component.n_options, dot + 1);
    out->component = component.index;
    if (component.index == component_of_method(study->method))
        out->set = &study->method_options;
    else if (study->others && study->others[component.index].values)
        out->set = &study->others[component.index];
    return out->option != NULL;
}

const struct scheduler *study_chosen_scheduler(const struct study *study)
{
    const struct scheduler *scheduler;
    const char *name = option_string(&study->options, "scheduler");
    if (!name[0])
        name = !isnan(option_real(&study->options, "budget_max"))  ? "adaptive"
               : option_integer(&study->options, "replicates") > 1 ? "repeat"
                                                                   : "none";
    return scheduler_find(name, &scheduler) ? NULL : scheduler;
}

const struct stopper *study_chosen_stopper(const struct study *study)
{
    const struct stopper *stopper;
    return stopper_find(option_string(&study->options, "stopper"), &stopper) ? NULL : stopper;
}

/* An undotted key of the chosen scheduler or stopper. */
static int look_chosen_up(struct study *study, const char *key, struct option_place *out)
{
    size_t chosen[] = {component_of_scheduler(study_chosen_scheduler(study)),
                       component_of_stopper(study_chosen_stopper(study))};
    for (size_t i = 0; i < 2; i++) {
        struct component component = component_at(chosen[i]);
        out->option = option_find(component.options, component.n_options, key);
        if (!out->option)
            continue;
        out->component = component.index;
        out->set = study->others && study->others[component.index].values ? &study->others[component.index] : NULL;
        return 1;
    }
    return 0;
}

int study_look_option_up(struct study *study, const char *key, struct option_place *out)
{
    const char *dot = strchr(key, '.');
    *out = (struct option_place){0};
    if (dot)
        return look_dotted_up(study, key, dot, out);
    out->set = has(&study->options, key) ? &study->options : &study->method_options;
    out->option = option_find(out->set->table, out->set->count, key);
    return out->option != NULL || look_chosen_up(study, key, out);
}

int32_t study_component_options(struct study *study, size_t component, struct option_set **out)
{
    struct option_place place = {.component = component};
    int made;
    if (component == component_of_method(study->method))
        place.set = &study->method_options;
    else if (study->others && study->others[component].values)
        place.set = &study->others[component];
    int32_t rc = study_make_set(study, &place, &made);
    *out = place.set;
    return rc;
}

int32_t study_make_set(struct study *study, struct option_place *place, int *made)
{
    *made = 0;
    if (place->set)
        return 0;
    if (!study->others) {
        study->others = mem_new(component_count(), sizeof *study->others);
        if (!study->others)
            return fail_memory();
    }
    struct component component = component_at(place->component);
    place->set = &study->others[place->component];
    if (place->set->owner)
        return 0; /* a set without options */
    int32_t rc = options_init(place->set, component.name, component.options, component.n_options);
    *made = !rc;
    return rc;
}

static int32_t unknown_dotted(const char *key, const char *dot)
{
    char name[COMPONENT_NAME];
    struct component component;
    size_t n = (size_t)(dot - key);
    if (n >= sizeof name)
        return fail(AFINA_E_NAME, "option \"%s\": there is no method of a name of %zu bytes", key, n);
    memcpy(name, key, n);
    name[n] = '\0';
    int32_t rc = component_find(name, &component);
    if (rc)
        return rc;
    struct option_set set = {.owner = component.name, .table = component.options, .count = component.n_options};
    return options_unknown(&set, dot + 1);
}

/* An option of that name that another component has, with its dotted key. */
static int32_t name_another(const struct study *study, const char *key)
{
    for (size_t i = 0; i < component_count(); i++) {
        struct component component = component_at(i);
        if (option_find(component.options, component.n_options, key))
            return fail(AFINA_E_NAME, "method \"%s\" has no option \"%s\"; did you mean \"%s.%s\"?",
                        study->method->name, key, component.name, key);
    }
    return 0;
}

/* The message speaks of what is nearest among the options of the study and the chosen method. */
static int32_t unknown(const struct study *study, const char *key)
{
    const char *names[MOST_NAMES];
    const struct option_set *sets[] = {&study->method_options, &study->options};
    size_t count = 0;
    for (size_t s = 0; s < 2; s++)
        for (size_t i = 0; i < sets[s]->count && count < MOST_NAMES; i++)
            names[count++] = sets[s]->table[i].name;
    const char *nearest = text_nearest(key, names, count);
    int is_cut = nearest && strncmp(nearest, key, strlen(key)) == 0; /* "level" for "levels" */
    int32_t rc = is_cut ? 0 : name_another(study, key);
    if (rc)
        return rc;
    if (nearest)
        return fail(AFINA_E_NAME, "method \"%s\" has no option \"%s\"; did you mean \"%s\"?", study->method->name, key,
                    nearest);
    return options_unknown(study->method_options.count > 0 ? sets[0] : sets[1], key);
}

int32_t study_find_option(struct study *study, const char *key, struct option_place *out)
{
    const char *dot = strchr(key, '.');
    if (study_look_option_up(study, key, out))
        return 0;
    return dot ? unknown_dotted(key, dot) : unknown(study, key);
}

void study_free_dotted(struct study *study)
{
    for (size_t i = 0; study->others && i < component_count(); i++)
        options_fini(&study->others[i]);
    mem_free(study->others);
}
