/* A space as JSON text, and back. docs/space-json.md describes the format; the
 * same calls that a host would make build the space again. */
#include "core/fail.h"
#include "core/json.h"
#include "core/mem.h"
#include "space/space.h"

#include <string.h>

enum { SPACE_FORMAT = 1 };

static const char *const kind_names[] = {"real", "integer", "categorical", "ordinal"};
static const char *const scale_names[] = {"linear", "log", "reverse_log"};
static const char *const prior_names[] = {"uniform", "normal", "lognormal"};
static const char *const comparison_names[] = {"==", "!=", "<", "<=", ">", ">="};

/* ------------------------------------------------------------------ writing */

static void write_key_string(struct text *out, const char *key, const char *value)
{
    text_append(out, key);
    json_write_string(out, value);
}

static void write_key_double(struct text *out, const char *key, double value)
{
    text_append(out, key);
    json_write_double(out, value);
}

static void write_key_int64(struct text *out, const char *key, int64_t value)
{
    text_append(out, key);
    text_append_int64(out, value);
}

void value_to_json(const struct parameter *p, union value v, struct text *out)
{
    if (p->kind == AFINA_KIND_REAL)
        json_write_double(out, v.real);
    else if (p->kind == AFINA_KIND_INTEGER)
        text_append_int64(out, v.integer);
    else
        json_write_string(out, p->choices[v.integer]);
}

static void write_prior(struct text *out, const struct parameter *p)
{
    write_key_string(out, ",\"prior\":{\"kind\":", prior_names[p->prior]);
    write_key_double(out, ",\"mean\":", p->mean);
    write_key_double(out, ",\"sd\":", p->sd);
    text_append(out, "}");
}

static void write_range(struct text *out, const struct parameter *p)
{
    if (p->kind == AFINA_KIND_REAL) {
        write_key_double(out, ",\"low\":", p->low);
        write_key_double(out, ",\"high\":", p->high);
        if (p->step > 0)
            write_key_double(out, ",\"step\":", p->step);
    } else {
        write_key_int64(out, ",\"low\":", p->int_low);
        write_key_int64(out, ",\"high\":", p->int_high);
        if (p->int_step > 1)
            write_key_int64(out, ",\"step\":", (int64_t)p->int_step);
    }
    if (p->scale != AFINA_SCALE_LINEAR)
        write_key_string(out, ",\"scale\":", scale_names[p->scale]);
    if (p->prior != AFINA_PRIOR_UNIFORM)
        write_prior(out, p);
}

static void write_choices(struct text *out, const struct parameter *p)
{
    for (size_t i = 0; i < p->n_choices; i++)
        write_key_string(out, i ? "," : ",\"choices\":[", p->choices[i]);
    text_append(out, "]");
    if (p->weights) {
        text_append(out, ",\"weights\":");
        json_write_doubles(out, p->weights, p->n_choices);
    }
}

static void write_members(struct text *out, const struct parameter *parent, const struct condition *c)
{
    text_append(out, ",\"in\":[");
    for (size_t i = 0; i < c->n_members; i++) {
        union value v = {.integer = c->members[i]};
        text_append(out, i ? "," : "");
        value_to_json(parent, v, out);
    }
    text_append(out, "]}");
}

static void write_condition(struct text *out, const struct space *space, const struct condition *c)
{
    const struct parameter *parent = &space->parameters[c->parent];
    write_key_string(out, "{\"parent\":", parent->name);
    if (c->comparison == SPACE_IN) {
        write_members(out, parent, c);
        return;
    }
    write_key_string(out, ",\"comparison\":", comparison_names[c->comparison]);
    write_key_double(out, ",\"number\":", c->number);
    text_append(out, "}");
}

static void write_conditions(struct text *out, const struct space *space, const struct parameter *p)
{
    for (size_t i = 0; i < p->n_conditions; i++) {
        text_append(out, i ? "," : ",\"conditions\":[");
        write_condition(out, space, &p->conditions[i]);
    }
    if (p->n_conditions > 0)
        text_append(out, "]");
}

static void write_parameter(struct text *out, const struct space *space, const struct parameter *p)
{
    write_key_string(out, "{\"name\":", p->name);
    write_key_string(out, ",\"kind\":", kind_names[p->kind]);
    if (p->choices)
        write_choices(out, p);
    else
        write_range(out, p);
    if (p->has_default) {
        text_append(out, ",\"default\":");
        value_to_json(p, p->default_value, out);
    }
    write_conditions(out, space, p);
    text_append(out, "}");
}

int32_t space_to_json(const struct space *space, struct text *out)
{
    write_key_int64(out, "{\"format\":", SPACE_FORMAT);
    text_append(out, ",\"parameters\":[");
    for (size_t i = 0; i < space->size; i++) {
        text_append(out, i ? "," : "");
        write_parameter(out, space, &space->parameters[i]);
    }
    return text_append(out, "]}");
}

/* ------------------------------------------------------------------ reading */

/* The index of a string among names; fail()s when it is none of them. */
static int32_t read_name(const json_t *value, const char *what, const char *const *names, int32_t count, int32_t *out)
{
    const char *s = json_string_value(value);
    for (int32_t i = 0; s && i < count; i++) {
        if (strcmp(s, names[i]) == 0) {
            *out = i;
            return 0;
        }
    }
    return fail(AFINA_E_FORMAT, "%s: \"%s\" is not one that this library knows", what, s ? s : "(no string)");
}

static int32_t missing(const char *name, const char *key)
{
    return fail(AFINA_E_FORMAT, "parameter \"%s\": \"%s\" is missing or of the wrong type", name, key);
}

/* Names and choices follow the rules of the API. */
static int32_t check_text(const char *s, const char *what)
{
    if (!s || !s[0])
        return fail(AFINA_E_FORMAT, "%s must be a string that is not empty", what);
    if (strlen(s) > SPACE_MAX_NAME)
        return fail(AFINA_E_RANGE, "%s has %zu bytes; at most %d are allowed", what, strlen(s), SPACE_MAX_NAME);
    return 0;
}

static int32_t read_strings(const json_t *array, const char *what, const char ***out, size_t *count)
{
    *count = json_array_size(array);
    *out = NULL;
    if (*count == 0)
        return fail(AFINA_E_FORMAT, "%s must be an array of strings that is not empty", what);
    const char **strings = mem_new(*count, sizeof *strings);
    if (!strings)
        return fail_memory();
    int32_t rc = 0;
    for (size_t i = 0; i < *count && !rc; i++) {
        strings[i] = json_string_value(json_array_get(array, i));
        rc = check_text(strings[i], what);
    }
    if (rc)
        mem_free((void *)strings);
    else
        *out = strings;
    return rc;
}

static int32_t read_choices(struct space *space, const char *name, int32_t kind, const json_t *object)
{
    const char **choices;
    size_t count;
    double *weights = NULL;
    int32_t rc = read_strings(json_object_get(object, "choices"), "\"choices\"", &choices, &count);
    if (rc)
        return rc;
    rc = space_add_choices(space, name, kind, choices, count);
    mem_free((void *)choices);
    const json_t *value = json_object_get(object, "weights");
    if (rc || !value)
        return rc;
    rc = json_read_doubles(value, "\"weights\"", &weights, &count);
    if (!rc)
        rc = space_set_weights(space, name, weights, count);
    mem_free(weights);
    return rc;
}

struct prior {
    int32_t kind;
    double mean, sd;
};

static int32_t read_prior(const char *name, const json_t *object, struct prior *out)
{
    const json_t *value = json_object_get(object, "prior");
    *out = (struct prior){0};
    if (!value)
        return 0;
    static const char *const known[] = {"kind", "mean", "sd"};
    int32_t rc = json_check_keys(value, "a prior", known, sizeof known / sizeof known[0]);
    if (!rc)
        rc = read_name(json_object_get(value, "kind"), "the kind of a prior", prior_names, 3, &out->kind);
    if (rc || out->kind == AFINA_PRIOR_UNIFORM)
        return rc;
    if (!json_read_double(json_object_get(value, "mean"), &out->mean))
        return missing(name, "mean");
    if (!json_read_double(json_object_get(value, "sd"), &out->sd))
        return missing(name, "sd");
    return 0;
}

static int32_t read_real(struct space *space, const char *name, int32_t scale, const json_t *object)
{
    double low, high;
    struct prior prior;
    if (!json_read_double(json_object_get(object, "low"), &low))
        return missing(name, "low");
    if (!json_read_double(json_object_get(object, "high"), &high))
        return missing(name, "high");
    int32_t rc = read_prior(name, object, &prior);
    if (rc)
        return rc;
    if (prior.kind != AFINA_PRIOR_UNIFORM)
        return space_add_prior(space, name, prior.kind, prior.mean, prior.sd, low, high);
    return space_add_real(space, name, low, high, scale);
}

static int32_t read_integer(struct space *space, const char *name, int32_t scale, const json_t *object)
{
    int64_t low, high;
    struct prior prior;
    if (!json_read_int64(json_object_get(object, "low"), &low))
        return missing(name, "low");
    if (!json_read_int64(json_object_get(object, "high"), &high))
        return missing(name, "high");
    int32_t rc = read_prior(name, object, &prior);
    if (!rc)
        rc = space_add_integer(space, name, low, high, scale);
    if (!rc && prior.kind != AFINA_PRIOR_UNIFORM)
        rc = space_set_prior(space, name, prior.kind, prior.mean, prior.sd);
    return rc;
}

static int32_t read_number(struct space *space, const char *name, int32_t kind, const json_t *object)
{
    int32_t scale = AFINA_SCALE_LINEAR, rc = 0;
    double step;
    const json_t *value = json_object_get(object, "scale");
    if (value)
        rc = read_name(value, "\"scale\"", scale_names, 3, &scale);
    if (!rc)
        rc = kind == AFINA_KIND_REAL ? read_real(space, name, scale, object) : read_integer(space, name, scale, object);
    value = json_object_get(object, "step");
    if (rc || !value)
        return rc;
    if (!json_read_double(value, &step))
        return missing(name, "step");
    return space_set_step(space, name, step);
}

static int32_t read_default(struct space *space, const char *name, const json_t *value)
{
    double number;
    if (!value)
        return 0;
    if (json_is_string(value))
        return space_set_default_string(space, name, json_string_value(value));
    if (json_is_integer(value))
        return space_set_default_integer(space, name, json_integer_value(value));
    if (json_read_double(value, &number))
        return space_set_default_real(space, name, number);
    return missing(name, "default");
}

static int32_t read_parameter(struct space *space, const json_t *object)
{
    static const char *const of_numbers[] = {"name", "kind",  "low",     "high",      "scale",
                                             "step", "prior", "default", "conditions"};
    static const char *const of_choices[] = {"name", "kind", "choices", "weights", "default", "conditions"};
    int32_t kind = 0;
    const char *name = json_string_value(json_object_get(object, "name"));
    int32_t rc = check_text(name, "the name of a parameter");
    if (!rc)
        rc = read_name(json_object_get(object, "kind"), "the kind of a parameter", kind_names, 4, &kind);
    if (rc)
        return rc;
    if (kind == AFINA_KIND_CATEGORICAL || kind == AFINA_KIND_ORDINAL) {
        rc = json_check_keys(object, "a parameter with choices", of_choices, sizeof of_choices / sizeof of_choices[0]);
        if (!rc)
            rc = read_choices(space, name, kind, object);
    } else {
        rc = json_check_keys(object, "a parameter with bounds", of_numbers, sizeof of_numbers / sizeof of_numbers[0]);
        if (!rc)
            rc = read_number(space, name, kind, object);
    }
    return rc ? rc : read_default(space, name, json_object_get(object, "default"));
}

/* Members of a condition as texts: strings, or integers printed into `numbers`. */
static int32_t read_members(struct space *space, const char *child, const char *parent, const json_t *array)
{
    size_t count = json_array_size(array);
    const char **texts = mem_new(count, sizeof *texts);
    char(*numbers)[NUMBER_SIZE] = mem_new(count, sizeof *numbers);
    int32_t rc = texts && numbers ? 0 : fail_memory();
    for (size_t i = 0; i < count && !rc; i++) {
        const json_t *value = json_array_get(array, i);
        texts[i] = json_string_value(value);
        if (texts[i])
            continue;
        if (!json_is_integer(value))
            rc = missing(child, "in");
        text_format(numbers[i], sizeof numbers[i], "%lld", (long long)json_integer_value(value));
        texts[i] = numbers[i];
    }
    if (!rc)
        rc = space_add_condition_in(space, child, parent, texts, count);
    mem_free((void *)texts);
    mem_free(numbers);
    return rc;
}

static int32_t read_condition(struct space *space, const char *child, const json_t *object)
{
    int32_t comparison = 0;
    double number;
    const char *parent = json_string_value(json_object_get(object, "parent"));
    const json_t *members = json_object_get(object, "in");
    static const char *const of_sets[] = {"parent", "in"};
    static const char *const of_comparisons[] = {"parent", "comparison", "number"};
    if (!parent)
        return missing(child, "parent");
    int32_t rc = members ? json_check_keys(object, "a condition with \"in\"", of_sets, 2)
                         : json_check_keys(object, "a condition", of_comparisons, 3);
    if (rc)
        return rc;
    if (members)
        return json_is_array(members) ? read_members(space, child, parent, members) : missing(child, "in");
    rc = read_name(json_object_get(object, "comparison"), "\"comparison\"", comparison_names, 6, &comparison);
    if (rc)
        return rc;
    if (!json_read_double(json_object_get(object, "number"), &number))
        return missing(child, "number");
    return space_add_condition(space, child, parent, comparison, number);
}

/* Conditions come last: a parent may stand behind its child. */
static int32_t read_conditions(struct space *space, const json_t *object)
{
    const char *name = json_string_value(json_object_get(object, "name"));
    const json_t *array = json_object_get(object, "conditions");
    int32_t rc = 0;
    if (array && !json_is_array(array))
        return missing(name, "conditions");
    for (size_t i = 0; i < json_array_size(array) && !rc; i++)
        rc = read_condition(space, name, json_array_get(array, i));
    return rc;
}

static int32_t read_space(struct space *space, const json_t *root)
{
    int64_t format;
    static const char *const known[] = {"format", "parameters"};
    const json_t *parameters = json_object_get(root, "parameters");
    if (!json_is_object(root))
        return fail(AFINA_E_FORMAT, "a space must be an object");
    int32_t rc = json_check_keys(root, "a space", known, 2);
    if (rc)
        return rc;
    if (!json_read_int64(json_object_get(root, "format"), &format))
        return fail(AFINA_E_FORMAT, "\"format\" of a space must be an integer");
    if (format != SPACE_FORMAT)
        return fail(AFINA_E_FORMAT, "format %lld of a space is not known; this library (%s) reads format %d",
                    (long long)format, afina_version(), SPACE_FORMAT);
    if (!json_is_array(parameters))
        return fail(AFINA_E_FORMAT, "\"parameters\" of a space must be an array");
    for (size_t i = 0; i < json_array_size(parameters) && !rc; i++)
        rc = read_parameter(space, json_array_get(parameters, i));
    for (size_t i = 0; i < json_array_size(parameters) && !rc; i++)
        rc = read_conditions(space, json_array_get(parameters, i));
    return rc;
}

int32_t space_from_json(struct space **out, const char *text, size_t length)
{
    json_t *root = NULL;
    struct space *space = NULL;
    *out = NULL;
    int32_t rc = json_parse(text, length, "the space", &root);
    if (!rc)
        rc = space_new(&space);
    if (!rc)
        rc = read_space(space, root);
    if (rc)
        space_free(space);
    else
        *out = space;
    json_decref(root);
    return rc;
}
