/* Reads the text that space_json.c writes: the same calls that a host would make build
 * the space again. Keys may stand in any order, so an object is passed over first, and
 * its values are read from their places in the order in which they are needed. */
#include "core/fail.h"
#include "core/mem.h"
#include "core/version.h"
#include "space/space_json.h"
#include "space/space_read.h"

#include <string.h>

static int32_t read_double(struct space_entry *e, int key, double *out)
{
    int32_t rc = entry_go(e, key);
    return rc ? rc : json_next_double(e->reader, out);
}

static int32_t read_int64(struct space_entry *e, int key, int64_t *out)
{
    int32_t rc = entry_go(e, key);
    return rc ? rc : json_next_int64(e->reader, out);
}

/* -------------------------------------------------------------------- choices */

static int32_t list_choices(struct space_entry *e, struct string_list *choices)
{
    const char *choice;
    int32_t rc = entry_go(e, CHOICES);
    if (!rc)
        rc = json_enter_array(e->reader);
    while (!rc && json_next_element(e->reader)) {
        rc = entry_read_text(e->reader, "a choice", &choice);
        if (!rc)
            rc = string_list_add(choices, choice);
    }
    return rc ? rc : e->reader->rc;
}

static int32_t read_choices(struct space_entry *e)
{
    struct string_list choices = {0};
    int32_t rc = list_choices(e, &choices);
    if (rc)
        goto out;
    if (choices.count == 0)
        rc = fail(AFINA_E_FORMAT, "parameter \"%s\": \"choices\" must not be empty", e->name);
    else
        rc = space_add_choices(e->space, e->name, e->kind, (const char *const *)choices.items, choices.count);
out:
    string_list_fini(&choices);
    return rc;
}

static int32_t read_weights(struct space_entry *e)
{
    double *weights;
    size_t count;
    json_go(e->reader, e->at[WEIGHTS]);
    int32_t rc = json_next_doubles(e->reader, &weights, &count);
    if (!rc)
        rc = space_set_weights(e->space, e->name, weights, count);
    mem_free(weights);
    return rc;
}

/* --------------------------------------------------------------------- bounds */

struct prior {
    int32_t kind;
    double mean, sd;
};

static int32_t read_prior(struct space_entry *e, struct prior *out)
{
    static const char *const known[] = {"kind", "mean", "sd"};
    struct json_reader *r = e->reader;
    struct json_place at[3];
    *out = (struct prior){.kind = AFINA_PRIOR_UNIFORM};
    if (!e->at[PRIOR].at)
        return 0;
    json_go(r, e->at[PRIOR]);
    if (json_fields(r, "a prior", known, 3, at))
        return r->rc;
    if (!at[0].at)
        return entry_missing(e->name, known[0]);
    json_go(r, at[0]);
    int32_t rc = entry_read_name(r, "the kind of a prior", space_prior_names, 3, &out->kind);
    for (int i = 1; i < 3 && !rc; i++) {
        if (out->kind == AFINA_PRIOR_UNIFORM && !at[i].at)
            continue;
        if (out->kind == AFINA_PRIOR_UNIFORM)
            return json_fail(r, AFINA_E_NAME, "parameter \"%s\": a uniform prior has no \"%s\"", e->name, known[i]);
        if (!at[i].at)
            return entry_missing(e->name, known[i]);
        json_go(r, at[i]);
        rc = json_next_double(r, i == 1 ? &out->mean : &out->sd);
    }
    return rc;
}

static int32_t read_real(struct space_entry *e, int32_t scale, struct prior prior)
{
    double low, high;
    int32_t rc = read_double(e, LOW, &low);
    if (!rc)
        rc = read_double(e, HIGH, &high);
    if (rc)
        return rc;
    if (prior.kind != AFINA_PRIOR_UNIFORM)
        return space_add_prior(e->space, e->name, prior.kind, prior.mean, prior.sd, low, high);
    return space_add_real(e->space, e->name, low, high, scale);
}

static int32_t read_integer(struct space_entry *e, int32_t scale, struct prior prior)
{
    int64_t low, high;
    int32_t rc = read_int64(e, LOW, &low);
    if (!rc)
        rc = read_int64(e, HIGH, &high);
    if (!rc)
        rc = space_add_integer(e->space, e->name, low, high, scale);
    if (!rc && prior.kind != AFINA_PRIOR_UNIFORM)
        rc = space_set_prior(e->space, e->name, prior.kind, prior.mean, prior.sd);
    return rc;
}

/* The scale; a normal prior, which takes its place, has no other than the linear one. */
static int32_t read_scale(struct space_entry *e, struct prior prior, int32_t *out)
{
    *out = AFINA_SCALE_LINEAR;
    if (!e->at[SCALE].at)
        return 0;
    json_go(e->reader, e->at[SCALE]);
    int32_t rc = entry_read_name(e->reader, "\"scale\"", space_scale_names, 3, out);
    if (!rc && *out != AFINA_SCALE_LINEAR && prior.kind != AFINA_PRIOR_UNIFORM)
        rc = json_fail(e->reader, AFINA_E_FORMAT, "parameter \"%s\": a %s prior takes the place of the scale \"%s\"",
                       e->name, space_prior_names[prior.kind], space_scale_names[*out]);
    return rc;
}

static int32_t read_bounds(struct space_entry *e)
{
    int32_t scale;
    struct prior prior;
    double step;
    int32_t rc = read_prior(e, &prior);
    if (!rc)
        rc = read_scale(e, prior, &scale);
    if (!rc)
        rc = e->kind == AFINA_KIND_REAL ? read_real(e, scale, prior) : read_integer(e, scale, prior);
    if (rc || !e->at[STEP].at)
        return rc;
    rc = read_double(e, STEP, &step);
    if (!rc && step == 0)
        rc = fail(AFINA_E_RANGE, "parameter \"%s\": step must be finite and > 0, got 0", e->name);
    return rc ? rc : space_set_step(e->space, e->name, step);
}

/* ----------------------------------------------------------------- parameters */

static int32_t read_default(struct space_entry *e)
{
    struct json_reader *r = e->reader;
    const char *choice;
    int64_t integer;
    double real;
    json_go(r, e->at[DEFAULT]);
    switch (json_kind(r)) {
    case JSON_KIND_STRING:
        return json_next_string(r, &choice) ? r->rc : space_set_default_string(e->space, e->name, choice);
    case JSON_KIND_INTEGER:
        return json_next_int64(r, &integer) ? r->rc : space_set_default_integer(e->space, e->name, integer);
    case JSON_KIND_REAL:
        return json_next_double(r, &real) ? r->rc : space_set_default_real(e->space, e->name, real);
    default:
        return json_fail(r, AFINA_E_FORMAT, "parameter \"%s\": \"default\" must be a number or a string", e->name);
    }
}

/* Reads what the rest of a parameter depends on. */
static int32_t read_head(struct space_entry *e)
{
    const char *name;
    if (!e->at[NAME].at)
        return json_fail(e->reader, AFINA_E_FORMAT, "a parameter has no \"name\"");
    json_go(e->reader, e->at[NAME]);
    int32_t rc = entry_read_text(e->reader, "the name of a parameter", &name);
    if (rc)
        return rc;
    memcpy(e->name, name, strlen(name) + 1);
    rc = entry_go(e, KIND);
    return rc ? rc : entry_read_name(e->reader, "the kind of a parameter", space_kind_names, 4, &e->kind);
}

/* Refuses the keys from `first` to before `end`. */
static int32_t refuse(struct space_entry *e, int first, int end, const char *what)
{
    for (int key = first; key < end; key++) {
        if (e->at[key].at) {
            json_go(e->reader, e->at[key]);
            return json_fail(e->reader, AFINA_E_NAME, "parameter \"%s\": one with %s cannot have \"%s\"", e->name, what,
                             entry_keys[key]);
        }
    }
    return 0;
}

static int32_t read_parameter(struct space_entry *e)
{
    int32_t rc;
    if (e->kind == AFINA_KIND_CATEGORICAL || e->kind == AFINA_KIND_ORDINAL) {
        rc = refuse(e, LOW, CHOICES, "choices");
        if (!rc)
            rc = read_choices(e);
        if (!rc && e->at[WEIGHTS].at)
            rc = read_weights(e);
    } else {
        rc = refuse(e, CHOICES, N_ENTRY_KEYS, "bounds");
        if (!rc)
            rc = read_bounds(e);
    }
    return rc || !e->at[DEFAULT].at ? rc : read_default(e);
}

/* ------------------------------------------------------------------ the space */

static int32_t for_each_parameter(struct space_entry *e, struct json_place parameters,
                                  int32_t (*read)(struct space_entry *))
{
    struct json_reader *r = e->reader;
    json_go(r, parameters);
    int32_t rc = json_enter_array(r);
    while (!rc && json_next_element(r)) {
        rc = json_fields(r, "a parameter", entry_keys, N_ENTRY_KEYS, e->at);
        struct json_place after = json_here(r);
        if (!rc)
            rc = read_head(e);
        if (!rc)
            rc = read(e);
        json_go(r, after);
    }
    return rc ? rc : r->rc;
}

static int32_t check_format(struct json_reader *r)
{
    int64_t format;
    if (json_next_int64(r, &format))
        return r->rc;
    if (format != SPACE_FORMAT)
        return json_fail(r, AFINA_E_FORMAT, "format %lld of a space is not known; this library (%s) reads format %d",
                         (long long)format, VERSION_TEXT, SPACE_FORMAT);
    return 0;
}

/* This version knows of nothing that a space could need. */
static int32_t check_needs(struct json_reader *r)
{
    const char *need;
    json_enter_array(r);
    while (json_next_element(r))
        if (json_next_string(r, &need) == 0)
            json_fail(r, AFINA_E_UNSUPPORTED, "the space needs \"%s\", which this library (%s) does not know", need,
                      VERSION_TEXT);
    return r->rc;
}

static int32_t read_ignorable(struct json_reader *r, struct string_list *out)
{
    const char *key;
    int32_t rc = json_enter_array(r);
    while (!rc && json_next_element(r) && json_next_string(r, &key) == 0) {
        if (out->count == SPACE_MAX_IGNORABLE) /* each unknown key is looked for among them */
            return json_fail(r, AFINA_E_RANGE, "a space has more than %d ignorable keys", SPACE_MAX_IGNORABLE);
        rc = string_list_add(out, key);
    }
    return rc ? rc : r->rc;
}

enum { FORMAT, NEEDS, IGNORABLE, PARAMETERS, N_SPACE_KEYS };
static const char *const space_keys[N_SPACE_KEYS] = {"format", "needs", "ignorable", "parameters"};

/* Reads what says whether and how the rest can be read, wherever it stands in the object. */
static int32_t read_declaration(struct json_reader *r, struct string_list *ignorable)
{
    const char *key;
    int32_t rc = json_enter_object(r);
    while (!rc && json_next_key(r, &key)) {
        if (strcmp(key, space_keys[FORMAT]) == 0)
            rc = check_format(r);
        else if (strcmp(key, space_keys[NEEDS]) == 0)
            rc = check_needs(r);
        else if (strcmp(key, space_keys[IGNORABLE]) == 0)
            rc = read_ignorable(r, ignorable);
        else
            rc = json_skip(r);
    }
    return rc ? rc : r->rc;
}

/* Reads the object a second time, now that the keys are known which may be passed over. */
static int32_t read_space(struct space_entry *e)
{
    struct json_reader *r = e->reader;
    struct json_place at[N_SPACE_KEYS];
    if (json_fields(r, "a space", space_keys, N_SPACE_KEYS, at))
        return r->rc;
    struct json_place after = json_here(r);
    if (!at[FORMAT].at)
        return json_fail(r, AFINA_E_FORMAT, "a space has no \"format\"");
    if (!at[PARAMETERS].at)
        return json_fail(r, AFINA_E_FORMAT, "a space has no \"parameters\"");
    int32_t rc = space_new(&e->space);
    if (!rc)
        rc = for_each_parameter(e, at[PARAMETERS], read_parameter);
    if (!rc)
        rc = for_each_parameter(e, at[PARAMETERS], entry_read_conditions);
    json_go(r, after);
    return rc;
}

static int32_t read_value(struct space **out, struct json_reader *r)
{
    struct space_entry e = {.reader = r};
    struct string_list ignorable = {0};
    struct json_place start = json_here(r);
    *out = NULL;
    int32_t rc = read_declaration(r, &ignorable);
    if (rc)
        goto out;
    json_go(r, start);
    r->ignorable = (const char *const *)ignorable.items;
    r->n_ignorable = ignorable.count;
    rc = read_space(&e);
    r->ignorable = NULL;
    r->n_ignorable = 0;
out:
    string_list_fini(&ignorable);
    if (rc)
        space_free(e.space);
    else
        *out = e.space;
    return rc;
}

int32_t space_from_json(struct space **out, const char *text, size_t length)
{
    struct json_reader r = {0};
    json_start(&r, text, length, "the space");
    int32_t rc = read_value(out, &r);
    if (!rc && json_end(&r)) {
        rc = r.rc;
        space_free(*out);
        *out = NULL;
    }
    json_fini(&r);
    return rc;
}
