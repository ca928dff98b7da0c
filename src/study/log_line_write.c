#include "core/json.h"
#include "study/log_line.h"

const char *const field_keys[FIELD_COUNT] = {
    "trial", "origin", "seen",  "parent", "budget", "replicate", "exhausted", "space", "point", "note_version",
    "note",  "step",   "state", "values", "reason", "names",     "key",       "text",  "time",  "worker",
};

static int32_t write_names(const struct entry *e, struct text *out)
{
    for (size_t i = 0; i < e->n_names; i++) {
        text_append(out, i ? "," : "[");
        json_write_string(out, e->names[i]);
    }
    return text_append(out, "]");
}

static int32_t write_field(const struct entry *e, uint32_t field, struct text *out)
{
    switch (field) {
    case FIELD_TRIAL:
        return text_append_int64(out, e->trial);
    case FIELD_ORIGIN:
        return json_write_string(out, trial_origin_name(e->origin));
    case FIELD_SEEN:
        return text_append_int64(out, e->seen);
    case FIELD_PARENT:
        return text_append_int64(out, e->parent);
    case FIELD_BUDGET:
        return json_write_double(out, e->budget);
    case FIELD_REPLICATE:
        return text_append_int64(out, e->replicate);
    case FIELD_EXHAUSTED:
        return text_append_int64(out, e->exhausted);
    case FIELD_POINT:
        return point_to_json(e->space, e->point, out);
    case FIELD_SPACE:
        return space_to_json(e->space, out);
    case FIELD_NOTE_VERSION:
        return text_append_int64(out, e->note_version);
    case FIELD_NOTE:
        return json_write_doubles(out, e->note, e->note_size);
    case FIELD_STEP:
        return json_write_double(out, e->step);
    case FIELD_STATE:
        return json_write_string(out, trial_state_name(e->state));
    case FIELD_VALUES:
        return json_write_doubles(out, e->values, e->n_values);
    case FIELD_REASON:
        return json_write_string(out, e->reason);
    case FIELD_NAMES:
        return write_names(e, out);
    case FIELD_KEY:
        return json_write_string(out, e->key);
    case FIELD_TEXT:
        return json_write_string(out, e->text);
    case FIELD_TIME:
        return text_append_int64(out, e->time);
    default:
        return json_write_string(out, e->worker);
    }
}

int32_t log_line_write(const struct entry *entry, struct text *out)
{
    text_append(out, "{\"event\":\"");
    text_append(out, event_kinds[entry->kind]->name);
    text_append(out, "\"");
    for (int i = 0; i < FIELD_COUNT; i++) {
        uint32_t field = 1u << i;
        if (!(entry->present & field))
            continue;
        text_append(out, ",\"");
        text_append(out, field_keys[i]);
        text_append(out, "\":");
        write_field(entry, field, out);
    }
    return text_append(out, "}\n");
}
