/* Reads the text that log_write.c writes: the same calls that a host would make
 * build the study again, so that nothing gets in which a host could not tell. */
#include "core/fail.h"
#include "core/json.h"
#include "core/mem.h"
#include "study/commit.h"
#include "study/log.h"
#include "study/turn.h"

#include <math.h>
#include <string.h>

/* What is wrong, and in which line. */
struct reader {
    struct study *study;
    size_t line;
    char what[48]; /* "line 12 of the log" */
};

static int32_t bad(const struct reader *r, const char *fact)
{
    return fail(AFINA_E_FORMAT, "%s: %s", r->what, fact);
}

/* Where a dump goes. The failure is remembered here: jansson passes some of its
 * callback's failures over. */
struct sink {
    struct text *out;
    int32_t rc;
};

static int append_chunk(const char *buffer, size_t size, void *data)
{
    struct sink *sink = data;
    if (!sink->rc)
        sink->rc = text_append_bytes(sink->out, buffer, size);
    return sink->rc ? -1 : 0;
}

/* Text of a part of a line, for the modules that read text. */
static int32_t text_of(const json_t *value, struct text *out)
{
    struct sink sink = {.out = out};
    int failed =
        json_dump_callback(value, append_chunk, &sink, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(17));
    return failed || sink.rc ? fail_memory() : 0;
}

static int32_t read_point(struct reader *r, const json_t *line, struct point **out)
{
    const json_t *value = json_object_get(line, "point");
    struct text text = {0};
    *out = NULL;
    if (!json_is_object(value))
        return bad(r, "\"point\" must be an object");
    int32_t rc = text_of(value, &text);
    if (!rc)
        rc = point_new(out, r->study->space);
    if (!rc)
        rc = point_from_json(r->study->space, text.data, text.length, *out);
    if (!rc)
        space_resolve(r->study->space, *out, 1);
    if (rc) {
        point_free(*out);
        *out = NULL;
    }
    mem_free(text.data);
    return rc;
}

static int32_t read_option(struct option_set *set, const char *key, const json_t *value)
{
    const struct option *option = option_find(set->table, set->count, key);
    double number;
    if (!option)
        return options_unknown(set, key);
    if (json_is_string(value) && option->type == AFINA_OPTION_STRING)
        return options_set_string(set, key, json_string_value(value));
    if (json_is_integer(value) && option->type == AFINA_OPTION_INTEGER)
        return options_set_integer(set, key, json_integer_value(value));
    if (option->type == AFINA_OPTION_REAL && json_read_double(value, &number))
        return isnan(number) ? 0 : options_set_real(set, key, number); /* NaN is the default that says "none" */
    return fail(AFINA_E_TYPE, "option \"%s\" of %s has a value of the wrong type in the log", key, set->owner);
}

static int32_t read_options(struct reader *r, const json_t *header, const char *key, struct option_set *set)
{
    json_t *options = json_object_get(header, key);
    const char *name;
    json_t *value;
    if (!json_is_object(options))
        return bad(r, "options must be an object");
    json_object_foreach(options, name, value)
    {
        int32_t rc = read_option(set, name, value);
        if (rc)
            return rc;
    }
    return 0;
}

static int32_t read_space(struct reader *r, const json_t *header, struct space **out)
{
    const json_t *value = json_object_get(header, "space");
    struct text text = {0};
    struct space *space = NULL;
    *out = NULL;
    if (!json_is_object(value))
        return bad(r, "\"space\" must be an object");
    int32_t rc = text_of(value, &text);
    if (!rc)
        rc = space_from_json(&space, text.data, text.length);
    if (!rc)
        rc = space_snapshot(out, space);
    space_free(space);
    mem_free(text.data);
    return rc;
}

static int32_t check_format(struct reader *r, const json_t *header)
{
    int64_t format;
    const char *event = json_string_value(json_object_get(header, "event"));
    if (!event || strcmp(event, "study") != 0)
        return bad(r, "a log begins with its \"study\" line");
    if (!json_read_int64(json_object_get(header, "format"), &format))
        return bad(r, "\"format\" must be an integer");
    if (format != LOG_FORMAT)
        return fail(AFINA_E_FORMAT, "%s: format %lld is not known; this library (%s) reads format %d", r->what,
                    (long long)format, afina_version(), LOG_FORMAT);
    return 0;
}

static int32_t read_header(struct reader *r, const json_t *header)
{
    const char *name = json_string_value(json_object_get(header, "method"));
    const struct method *method;
    struct space *space = NULL;
    int32_t rc = check_format(r, header);
    if (rc)
        return rc;
    if (!name)
        return bad(r, "\"method\" must be a string");
    rc = method_find(name, &method);
    if (!rc)
        rc = read_space(r, header, &space);
    if (!rc)
        rc = study_new(&r->study, space, method);
    space_release(space);
    if (!rc)
        rc = read_options(r, header, "options", &r->study->options);
    if (!rc)
        rc = read_options(r, header, "method_options", &r->study->method_options);
    if (!rc)
        r->study->needs_filter = json_is_true(json_object_get(header, "filter"));
    return rc;
}

/* Values of a line: as many as there are objectives, or none when not required. */
static int32_t read_values(struct reader *r, const json_t *line, int required, double **out)
{
    const json_t *value = json_object_get(line, "values");
    size_t count;
    *out = NULL;
    if (!value)
        return required ? bad(r, "\"values\" is missing") : 0;
    int32_t rc = json_read_doubles(value, r->what, out, &count);
    if (!rc && count != r->study->objectives) {
        mem_free(*out);
        *out = NULL;
        rc = bad(r, "\"values\" must have one number for each objective");
    }
    return rc;
}

static int32_t read_enqueued(struct reader *r, const json_t *line)
{
    struct point *point;
    int32_t rc = read_point(r, line, &point);
    if (!rc)
        rc = study_enqueue(r->study, point);
    point_free(point);
    return rc;
}

static int32_t fill_asked(struct reader *r, const json_t *line, struct trial *trial, int64_t *seen)
{
    const char *origin = json_string_value(json_object_get(line, "origin"));
    const json_t *budget = json_object_get(line, "budget"), *replicate = json_object_get(line, "replicate");
    const json_t *note = json_object_get(line, "note");
    trial->budget = INFINITY;
    trial->origin = origin ? trial_origin_from_name(origin) : -1;
    if (trial->origin < 0)
        return bad(r, "\"origin\" must be \"suggested\", \"enqueued\" or \"added\"");
    if (!json_read_int64(json_object_get(line, "seen"), seen) || *seen < 0 || (uint64_t)*seen > r->study->n_events)
        return bad(r, "\"seen\" must be a number of events before this one");
    if (budget && !json_read_double(budget, &trial->budget))
        return bad(r, "\"budget\" must be a number");
    if (replicate && !json_read_int64(replicate, &trial->replicate))
        return bad(r, "\"replicate\" must be an integer");
    if (trial->origin == AFINA_ORIGIN_ENQUEUED && r->study->queue_head >= r->study->n_queue)
        return bad(r, "nothing was enqueued for this trial");
    if (!note)
        return 0;
    int32_t rc = json_read_doubles(note, r->what, &trial->note, &trial->note_size);
    if (!rc && trial->note_size > METHOD_NOTE_MAX)
        rc = bad(r, "\"note\" is too long");
    return rc;
}

static int32_t read_asked(struct reader *r, const json_t *line)
{
    int64_t number, seen;
    struct trial *trial;
    if (!json_read_int64(json_object_get(line, "trial"), &number) || number != (int64_t)r->study->n_trials)
        return bad(r, "\"trial\" must be the next number");
    trial = mem_new(1, sizeof *trial);
    if (!trial)
        return fail_memory();
    int32_t rc = fill_asked(r, line, trial, &seen);
    if (!rc)
        rc = read_point(r, line, &trial->point);
    if (!rc)
        rc = study_append_trial(r->study, trial, (uint64_t)seen);
    if (rc)
        trial_free(trial);
    else if (trial->origin == AFINA_ORIGIN_ENQUEUED)
        r->study->queue_head++;
    return rc;
}

static int32_t read_report(struct reader *r, const json_t *line, struct trial *trial)
{
    double step, *values;
    if (!json_read_double(json_object_get(line, "step"), &step))
        return bad(r, "\"step\" must be a number");
    int32_t rc = read_values(r, line, 1, &values);
    if (!rc)
        rc = study_report(r->study, trial, step, values, r->study->objectives);
    mem_free(values);
    return rc;
}

static int32_t read_constraints(struct reader *r, const json_t *line, struct trial *trial)
{
    double *values;
    size_t count;
    int32_t rc = json_read_doubles(json_object_get(line, "values"), r->what, &values, &count);
    if (!rc)
        rc = study_constrain(r->study, trial->number, values, count);
    mem_free(values);
    return rc;
}

static int has_nan(const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (isnan(values[i]))
            return 1;
    return 0;
}

static int32_t read_errors(struct reader *r, const json_t *line, struct trial *trial)
{
    double *errors;
    int32_t rc = read_values(r, line, 1, &errors);
    if (!rc)
        rc = study_tell_errors(r->study, trial->number, errors, r->study->objectives);
    mem_free(errors);
    return rc;
}

/* A FAILED trial keeps the values (one of them NaN) that made it fail. */
static int32_t read_told(struct reader *r, const json_t *line, struct trial *trial)
{
    const char *name = json_string_value(json_object_get(line, "state"));
    const char *reason = json_string_value(json_object_get(line, "reason"));
    int32_t state = name ? trial_state_from_name(name) : -1;
    double *values;
    if (state <= AFINA_STATE_RUNNING)
        return bad(r, "\"state\" must be that of a trial that has ended");
    int32_t rc = read_values(r, line, state == AFINA_STATE_COMPLETE, &values);
    if (!rc && values && state == AFINA_STATE_FAILED) {
        state = AFINA_STATE_COMPLETE;
        if (!has_nan(values, r->study->objectives))
            rc = bad(r, "a failed trial has values only when one of them is \"nan\"");
    }
    if (!rc)
        rc = study_tell(r->study, trial->number, state, values, r->study->objectives, reason);
    mem_free(values);
    return rc;
}

static int32_t read_trial_event(struct reader *r, const json_t *line, const char *event)
{
    int64_t number;
    struct trial *trial;
    if (!json_read_int64(json_object_get(line, "trial"), &number))
        return bad(r, "\"trial\" must be a number");
    int32_t rc = study_trial(r->study, number, &trial);
    if (rc)
        return rc;
    if (strcmp(event, event_names[EVENT_REPORT]) == 0)
        return read_report(r, line, trial);
    if (strcmp(event, event_names[EVENT_CONSTRAINTS]) == 0)
        return read_constraints(r, line, trial);
    if (strcmp(event, event_names[EVENT_ERRORS]) == 0)
        return read_errors(r, line, trial);
    if (strcmp(event, event_names[EVENT_TOLD]) == 0)
        return read_told(r, line, trial);
    return bad(r, "\"event\" is not one that this library knows");
}

static int32_t read_event(struct reader *r, const json_t *line)
{
    const char *event = json_string_value(json_object_get(line, "event"));
    if (!event)
        return bad(r, "\"event\" must be a string");
    if (strcmp(event, event_names[EVENT_ENQUEUED]) == 0)
        return read_enqueued(r, line);
    int32_t rc = study_begin(r->study); /* the options are fixed by the first trial */
    if (rc)
        return rc;
    return strcmp(event, event_names[EVENT_ASKED]) == 0 ? read_asked(r, line) : read_trial_event(r, line, event);
}

static int32_t read_line(struct reader *r, const char *text, size_t length)
{
    json_t *line = NULL;
    int32_t rc = json_parse(text, length, r->what, &line);
    if (rc)
        return rc;
    if (!json_is_object(line))
        rc = bad(r, "a line must be an object");
    else
        rc = r->study ? read_event(r, line) : read_header(r, line);
    json_decref(line);
    return rc;
}

int32_t study_from_json(struct study **out, const char *text, size_t length)
{
    struct reader r = {0};
    int32_t rc = 0;
    *out = NULL;
    for (size_t at = 0; at < length && !rc;) {
        const char *end = memchr(text + at, '\n', length - at);
        size_t n = end ? (size_t)(end - (text + at)) : length - at;
        r.line++;
        text_format(r.what, sizeof r.what, "line %zu of the log", r.line);
        if (n > 0)
            rc = read_line(&r, text + at, n);
        at += n + 1;
    }
    if (!rc && !r.study)
        rc = fail(AFINA_E_FORMAT, "the log is empty");
    if (rc)
        study_release(r.study);
    else
        *out = r.study;
    return rc;
}
