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

/* The options of a method that is not the chosen one. */
static int32_t other_set(struct study *study, const struct method *method, struct option_set **set)
{
    size_t i = 0;
    if (!study->others) {
        study->others = mem_new(method_count(), sizeof *study->others);
        if (!study->others)
            return fail_memory();
    }
    while (method_at(i) != method)
        i++;
    *set = &study->others[i];
    if ((*set)->values)
        return 0;
    return options_init(*set, method->name, method->options, method->n_options);
}

static int32_t find_dotted(struct study *study, const char *key, const char *dot, struct option_set **set)
{
    char name[METHOD_NAME];
    const struct method *method;
    size_t n = (size_t)(dot - key);
    if (n >= sizeof name)
        return fail(AFINA_E_NAME, "option \"%s\": there is no method of a name of %zu bytes", key, n);
    memcpy(name, key, n);
    name[n] = '\0';
    *set = &study->method_options;
    int32_t rc = strcmp(name, study->method->name) == 0 ? 0 : method_find(name, &method);
    if (!rc && strcmp(name, study->method->name) != 0)
        rc = other_set(study, method, set);
    if (!rc && !has(*set, dot + 1))
        rc = options_unknown(*set, dot + 1);
    return rc;
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

int32_t study_find_option(struct study *study, const char *key, struct option_set **set, const char **name)
{
    const char *dot = strchr(key, '.');
    *name = dot ? dot + 1 : key;
    if (dot)
        return find_dotted(study, key, dot, set);
    *set = has(&study->options, key) ? &study->options : &study->method_options;
    return has(*set, key) ? 0 : unknown(study, key);
}

void study_free_dotted(struct study *study)
{
    for (size_t i = 0; study->others && i < method_count(); i++)
        options_fini(&study->others[i]);
    mem_free(study->others);
}
