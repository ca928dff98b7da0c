/* Reads the first line of a log: a study without events. */
#include "core/fail.h"
#include "core/json_reader.h"
#include "core/mem.h"
#include "core/version.h"
#include "study/header.h"
#include "study/log_line.h"
#include "study/dotted.h"
#include "study/study_options.h"
#include "study/turn.h"

#include <math.h>
#include <string.h>

/* The members of the header that this library knows. Others are passed over. */
enum { EVENT, FORMAT, NEEDS, METHOD, OPTIONS, METHOD_OPTIONS, SPACE, MEMBERS };
static const char *const names[MEMBERS] = {"event", "format", "needs", "method", "options", "method_options", "space"};

/* The text of a member; NULL: it is not there. */
struct member {
    const char *text;
    size_t length;
};

static int32_t find_members(struct json_reader *json, struct member *members)
{
    const char *key;
    json_enter_object(json);
    while (json_next_key(json, &key)) {
        size_t i = 0;
        while (i < MEMBERS && strcmp(names[i], key) != 0)
            i++;
        if (i == MEMBERS)
            json_skip(json);
        else if (members[i].text)
            return json_fail(json, AFINA_E_FORMAT, "\"%s\" stands there twice", key);
        else
            json_next_raw(json, &members[i].text, &members[i].length);
    }
    return json_end(json);
}

static int32_t missing(int member)
{
    return fail(AFINA_E_FORMAT, "the log: line 1: \"%s\" is missing", names[member]);
}

/* Goes to a member. */
static int32_t go(struct json_reader *json, const struct member *members, int member)
{
    if (!members[member].text)
        return missing(member);
    json_start(json, members[member].text, members[member].length, "the log");
    json->name = names[member];
    return 0;
}

static int32_t check_format(struct json_reader *json, const struct member *members)
{
    const char *event = "";
    int64_t format;
    int32_t rc = members[EVENT].text ? go(json, members, EVENT) : 0;
    if (!rc && members[EVENT].text)
        rc = json_next_string(json, &event);
    if (!rc && strcmp(event, "study") != 0)
        rc = fail(AFINA_E_FORMAT, "a log begins with its \"study\" line");
    if (!rc)
        rc = go(json, members, FORMAT);
    if (!rc)
        rc = json_next_int64(json, &format);
    if (!rc && format != LOG_FORMAT)
        rc = fail(AFINA_E_FORMAT, "the log: format %lld is not known; this library (%s) reads format %d",
                  (long long)format, VERSION_TEXT, LOG_FORMAT);
    return rc;
}

/* What the log needs is all known; *filter says whether that is among it. */
static int32_t read_needs(struct json_reader *json, const struct member *members, int *filter)
{
    const char *need;
    *filter = 0;
    if (!members[NEEDS].text)
        return 0;
    int32_t rc = go(json, members, NEEDS);
    if (!rc)
        json_enter_array(json);
    while (!rc && json_next_element(json) && !json_next_string(json, &need)) {
        rc = header_check_need(need);
        *filter = 1;
    }
    return rc ? rc : json->rc;
}

static int32_t wrong_type(const struct option_set *set, const char *key)
{
    return fail(AFINA_E_TYPE, "option \"%s\" of %s has a value of the wrong type in the log", key, set->owner);
}

static int32_t read_reals(struct json_reader *json, struct option_set *set, const struct option *option)
{
    double *values = NULL, value;
    size_t count = 0, capacity = 0;
    if (json_kind(json) != JSON_KIND_ARRAY)
        return wrong_type(set, option->name);
    int32_t rc = json_enter_array(json);
    while (!rc && json_next_element(json) && !json_next_double(json, &value)) {
        void *grown = values;
        rc = mem_reserve(&grown, &capacity, count + 1, sizeof *values);
        values = grown;
        if (!rc)
            values[count++] = value;
    }
    rc = rc ? rc : json->rc;
    if (!rc)
        rc = options_set_reals(set, option->name, values, count);
    mem_free(values);
    return rc;
}

static int32_t read_option(struct json_reader *json, struct option_set *set, const struct option *option)
{
    enum json_kind kind = json_kind(json);
    const char *string;
    int64_t integer;
    double real;
    switch (option->type) {
    case AFINA_OPTION_INTEGER:
        if (kind != JSON_KIND_INTEGER)
            return wrong_type(set, option->name);
        return json_next_int64(json, &integer) ? json->rc : options_set_integer(set, option->name, integer);
    case AFINA_OPTION_REAL:
        if (json_next_double(json, &real))
            return json->rc;
        return isnan(real) ? 0 : options_set_real(set, option->name, real); /* NaN: the default that says "none" */
    case AFINA_OPTION_REALS:
        return read_reals(json, set, option);
    default:
        if (kind != JSON_KIND_STRING)
            return wrong_type(set, option->name);
        return json_next_string(json, &string) ? json->rc : options_set_string(set, option->name, string);
    }
}

/* Keys with a dot are those of other methods. 0 for a key that this library does not know. */
static int find_place(struct study *study, struct option_set *set, const char *key, struct option_place *out)
{
    if (set == &study->method_options && strchr(key, '.'))
        return study_look_option_up(study, key, out);
    *out = (struct option_place){.set = set, .option = option_find(set->table, set->count, key)};
    return out->option != NULL;
}

/* An option of a later version is passed over: "needs" tells what may not be. */
static int32_t read_key(struct json_reader *json, struct study *study, struct option_set *set, const char *key)
{
    struct option_place place;
    int made;
    if (!find_place(study, set, key, &place)) {
        json_skip(json);
        return 0;
    }
    if (place.set == &study->options && study_option_may_change(place.option->name))
        return fail(AFINA_E_FORMAT, "option \"%s\" is no part of a log", place.option->name);
    int32_t rc = study_make_set(study, &place, &made);
    return rc ? rc : read_option(json, place.set, place.option);
}

static int32_t read_options(struct json_reader *json, const struct member *members, int member, struct study *study,
                            struct option_set *set)
{
    const char *key;
    int32_t rc = go(json, members, member);
    if (!rc)
        json_enter_object(json);
    while (!rc && json_next_key(json, &key))
        rc = read_key(json, study, set, key);
    return rc ? rc : json->rc;
}

static int32_t read_space(const struct member *members, struct space **out)
{
    struct space *space = NULL;
    *out = NULL;
    if (!members[SPACE].text)
        return missing(SPACE);
    int32_t rc = space_from_json(&space, members[SPACE].text, members[SPACE].length);
    if (!rc)
        rc = space_snapshot(out, space);
    space_free(space);
    return rc;
}

static int32_t make_study(struct json_reader *json, const struct member *members, struct study **out)
{
    const char *name;
    const struct method *method;
    struct space *space = NULL;
    int32_t rc = go(json, members, METHOD);
    if (!rc)
        rc = json_next_string(json, &name);
    if (!rc)
        rc = method_find(name, &method);
    if (!rc)
        rc = read_space(members, &space);
    if (!rc)
        rc = study_new(out, space, method);
    space_release(space);
    if (!rc)
        rc = read_options(json, members, OPTIONS, *out, &(*out)->options);
    if (!rc)
        rc = read_options(json, members, METHOD_OPTIONS, *out, &(*out)->method_options);
    return rc;
}

/* The line is kept as it is: it is never written anew. */
static int32_t keep_line(struct study *study, const char *line, size_t length)
{
    struct text kept = {0};
    text_append_bytes(&kept, line, length);
    text_append(&kept, "\n");
    if (kept.rc) {
        mem_free(kept.data);
        return kept.rc;
    }
    study->header = kept.data;
    study->header_length = kept.length;
    return 0;
}

int32_t header_read(struct study **out, const char *line, size_t length)
{
    struct json_reader json = {0};
    struct member members[MEMBERS] = {{NULL, 0}};
    struct study *study = NULL;
    int filter;
    *out = NULL;
    json_start(&json, line, length, "the log");
    int32_t rc = find_members(&json, members);
    if (!rc)
        rc = check_format(&json, members);
    if (!rc)
        rc = read_needs(&json, members, &filter);
    if (!rc)
        rc = make_study(&json, members, &study);
    if (!rc)
        rc = study_begin(study);
    if (!rc)
        rc = keep_line(study, line, length);
    json_fini(&json);
    if (rc) {
        study_release(study);
        return rc;
    }
    study->needs_filter = filter;
    *out = study;
    return 0;
}
