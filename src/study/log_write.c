/* The log as text: a header that says what was declared, then one event a line.
 * docs/log.md describes it for readers outside this library. */
#include "core/json.h"
#include "study/log.h"

#include <math.h>

static int32_t write_option(struct text *out, const struct option *option, const union option_value *value)
{
    int32_t rc = json_write_string(out, option->name);
    if (!rc)
        rc = text_append(out, ":");
    if (rc)
        return rc;
    switch (option->type) {
    case AFINA_OPTION_INTEGER:
        return text_append_int64(out, value->integer);
    case AFINA_OPTION_REAL:
        return json_write_double(out, value->real);
    default:
        return json_write_string(out, value->string);
    }
}

static int32_t write_options(struct text *out, const char *key, const struct option_set *set)
{
    int32_t rc = text_append(out, key);
    for (size_t i = 0; i < set->count && !rc; i++) {
        rc = text_append(out, i ? "," : "");
        if (!rc)
            rc = write_option(out, &set->table[i], &set->values[i]);
    }
    return rc ? rc : text_append(out, "}");
}

static int32_t write_header(struct text *out, const struct study *study)
{
    int32_t rc = text_append(out, "{\"event\":\"study\",\"format\":");
    if (!rc)
        rc = text_append_int64(out, LOG_FORMAT);
    if (!rc)
        rc = text_append(out, ",\"version\":");
    if (!rc)
        rc = json_write_string(out, afina_version());
    if (!rc)
        rc = text_append(out, ",\"method\":");
    if (!rc)
        rc = json_write_string(out, study->method->name);
    if (!rc)
        rc = write_options(out, ",\"options\":{", &study->options);
    if (!rc)
        rc = write_options(out, ",\"method_options\":{", &study->method_options);
    if (!rc)
        rc = text_append(out, study->space->filter || study->needs_filter ? ",\"filter\":true" : ",\"filter\":false");
    if (!rc)
        rc = text_append(out, ",\"space\":");
    if (!rc)
        rc = space_to_json(study->space, out);
    return rc ? rc : text_append(out, "}\n");
}

static int32_t write_key_doubles(struct text *out, const char *key, const double *values, size_t count)
{
    if (!values)
        return 0;
    int32_t rc = text_append(out, key);
    return rc ? rc : json_write_doubles(out, values, count);
}

static int32_t write_asked(struct text *out, const struct study *study, const struct trial *trial, uint64_t seen)
{
    int32_t rc = text_append(out, ",\"origin\":");
    if (!rc)
        rc = json_write_string(out, trial_origin_name(trial->origin));
    if (!rc)
        rc = text_append(out, ",\"seen\":");
    if (!rc)
        rc = text_append_int64(out, (int64_t)seen);
    if (!rc && isfinite(trial->budget)) {
        rc = text_append(out, ",\"budget\":");
        if (!rc)
            rc = json_write_double(out, trial->budget);
    }
    if (!rc && trial->replicate != 0) {
        rc = text_append(out, ",\"replicate\":");
        if (!rc)
            rc = text_append_int64(out, trial->replicate);
    }
    if (!rc)
        rc = text_append(out, ",\"point\":");
    if (!rc)
        rc = point_to_json(study->space, trial->point, out);
    return rc ? rc : write_key_doubles(out, ",\"note\":", trial->note, trial->note_size);
}

static int32_t write_report(struct text *out, const struct study *study, const struct trial *trial, size_t index)
{
    const double *row = trial->reports + index * (1 + study->objectives);
    int32_t rc = text_append(out, ",\"step\":");
    if (!rc)
        rc = json_write_double(out, row[0]);
    return rc ? rc : write_key_doubles(out, ",\"values\":", row + 1, study->objectives);
}

static int32_t write_told(struct text *out, const struct study *study, const struct trial *trial)
{
    int32_t rc = text_append(out, ",\"state\":");
    if (!rc)
        rc = json_write_string(out, trial_state_name(trial->state));
    if (!rc)
        rc = write_key_doubles(out, ",\"values\":", trial->values, study->objectives);
    if (rc || !trial->reason)
        return rc;
    rc = text_append(out, ",\"reason\":");
    return rc ? rc : json_write_string(out, trial->reason);
}

static int32_t write_trial_event(struct text *out, const struct study *study, const struct event *event)
{
    const struct trial *trial = study->trials[event->subject];
    int32_t rc = text_append(out, ",\"trial\":");
    if (!rc)
        rc = text_append_int64(out, trial->number);
    if (rc)
        return rc;
    switch (event->kind) {
    case EVENT_ASKED:
        return write_asked(out, study, trial, event->detail);
    case EVENT_REPORT:
        return write_report(out, study, trial, (size_t)event->detail);
    case EVENT_CONSTRAINTS:
        return write_key_doubles(out, ",\"values\":", trial->constraints, trial->n_constraints);
    case EVENT_ERRORS:
        return write_key_doubles(out, ",\"values\":", trial->errors, study->objectives);
    default:
        return write_told(out, study, trial);
    }
}

static int32_t write_event(struct text *out, const struct study *study, const struct event *event)
{
    int32_t rc = text_append(out, "{\"event\":");
    if (!rc)
        rc = json_write_string(out, event_names[event->kind]);
    if (!rc && event->kind == EVENT_ENQUEUED) {
        rc = text_append(out, ",\"point\":");
        if (!rc)
            rc = point_to_json(study->space, study->queue[event->subject], out);
    } else if (!rc) {
        rc = write_trial_event(out, study, event);
    }
    return rc ? rc : text_append(out, "}\n");
}

int32_t study_to_json(const struct study *study, struct text *out)
{
    study_lock(study);
    int32_t rc = write_header(out, study);
    for (size_t i = 0; i < study->n_events && !rc; i++)
        rc = write_event(out, study, &study->events[i]);
    study_unlock(study);
    return rc;
}
