#include "study/dotted.h"

#include "core/fail.h"
#include "core/mem.h"
#include "core/text.h"
#include "study/study_options.h"

#include <string.h>

enum { MOST_NAMES = 128, METHOD_NAME = 64 };

static int has(const struct option_set *set, const char *name)
{
    return option_find(set->table, set->count, name) != NULL;
}

/* The method whose name stands before the dot, and its number in the registry; NULL: there is none. */
static const struct method *method_of(const char *key, const char *dot, size_t *index)
{
    size_t n = (size_t)(dot - key);
    for (*index = 0; *index < method_count(); ++*index) {
        const struct method *method = method_at(*index);
        if (strncmp(method->name, key, n) == 0 && method->name[n] == '\0')
            return method;
    }
    return NULL;
}

static int look_dotted_up(struct study *study, const char *key, const char *dot, struct option_place *out)
{
    size_t index;
    const struct method *method = method_of(key, dot, &index);
    if (!method)
        return 0;
    out->option = option_find(method->options, method->n_options, dot + 1);
    if (method == study->method) {
        out->set = &study->method_options;
        return out->option != NULL;
    }
    out->method = method;
    if (study->others && study->others[index].values)
        out->set = &study->others[index];
    return out->option != NULL;
}

int study_look_option_up(struct study *study, const char *key, struct option_place *out)
{
    const char *dot = strchr(key, '.');
    *out = (struct option_place){0};
    if (dot)
        return look_dotted_up(study, key, dot, out);
    out->set = has(&study->options, key) ? &study->options : &study->method_options;
    out->option = option_find(out->set->table, out->set->count, key);
    return out->option != NULL;
}

int32_t study_make_set(struct study *study, struct option_place *place, int *made)
{
    size_t i = 0;
    *made = 0;
    if (place->set)
        return 0;
    if (!study->others) {
        study->others = mem_new(method_count(), sizeof *study->others);
        if (!study->others)
            return fail_memory();
    }
    while (method_at(i) != place->method)
        i++;
    place->set = &study->others[i];
    int32_t rc = options_init(place->set, place->method->name, place->method->options, place->method->n_options);
    *made = !rc;
    return rc;
}

static int32_t unknown_dotted(const char *key, const char *dot)
{
    char name[METHOD_NAME];
    const struct method *method;
    size_t n = (size_t)(dot - key);
    if (n >= sizeof name)
        return fail(AFINA_E_NAME, "option \"%s\": there is no method of a name of %zu bytes", key, n);
    memcpy(name, key, n);
    name[n] = '\0';
    int32_t rc = method_find(name, &method);
    if (rc)
        return rc;
    struct option_set set = {.owner = method->name, .table = method->options, .count = method->n_options};
    return options_unknown(&set, dot + 1);
}

/* An option of that name that another method has, with its dotted key. */
static int32_t name_another(const struct study *study, const char *key)
{
    for (size_t i = 0; i < method_count(); i++) {
        const struct method *method = method_at(i);
        if (option_find(method->options, method->n_options, key))
            return fail(AFINA_E_NAME, "method \"%s\" has no option \"%s\"; did you mean \"%s.%s\"?",
                        study->method->name, key, method->name, key);
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
    int32_t rc = name_another(study, key);
    if (rc)
        return rc;
    const char *nearest = text_nearest(key, names, count);
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
    for (size_t i = 0; study->others && i < method_count(); i++)
        options_fini(&study->others[i]);
    mem_free(study->others);
}
