#include "core/fail.h"
#include "core/mem.h"
#include "study/log_line.h"

#include <string.h>

int32_t log_line_fail(int32_t rc, size_t number)
{
    char fact[FAIL_TEXT_SIZE];
    if (rc == AFINA_E_MEMORY)
        return rc;
    text_format(fact, sizeof fact, "%s", fail_text());
    return fail(rc, "the log: line %zu: %s", number, fact);
}

void line_reader_fini(struct line_reader *r)
{
    json_fini(&r->json);
    point_free(r->point);
    space_release(r->part);
    point_free(r->given);
    mem_free(r->names.data);
    mem_free(r->name);
    mem_free(r->values);
    mem_free(r->note);
    mem_free(r->reason.data);
    mem_free(r->key.data);
    mem_free(r->text.data);
    mem_free(r->worker.data);
    *r = (struct line_reader){0};
}

int lines_next(struct lines *lines)
{
    if (lines->at == lines->end)
        return 0;
    const char *newline = memchr(lines->at, '\n', (size_t)(lines->end - lines->at));
    lines->line = lines->at;
    lines->length = (size_t)((newline ? newline : lines->end) - lines->at);
    lines->at = newline ? newline + 1 : lines->end;
    return 1;
}

static void give_text(uint32_t present, struct text *kept, const char **text)
{
    if (present)
        *kept = (struct text){0};
    else
        *text = NULL;
}

void line_reader_give(struct line_reader *r, struct entry *entry)
{
    if (entry->present & FIELD_SPACE) {
        r->part = NULL;
        r->given = NULL;
    } else if (entry->present & FIELD_POINT) {
        r->point = NULL;
    }
    if (entry->present & FIELD_NAMES) {
        r->names = (struct text){0};
        r->name = NULL;
        r->name_capacity = 0;
    } else {
        entry->names = NULL;
    }
    if (entry->present & FIELD_VALUES) {
        r->values = NULL;
        r->value_capacity = 0;
    } else {
        entry->values = NULL;
    }
    if (entry->present & FIELD_NOTE) {
        r->note = NULL;
        r->note_capacity = 0;
    } else {
        entry->note = NULL;
    }
    give_text(entry->present & FIELD_REASON, &r->reason, &entry->reason);
    give_text(entry->present & FIELD_KEY, &r->key, &entry->key);
    give_text(entry->present & FIELD_TEXT, &r->text, &entry->text);
    give_text(entry->present & FIELD_WORKER, &r->worker, &entry->worker);
}

void line_entry_free(struct entry *entry)
{
    point_free((struct point *)entry->point);
    if (entry->present & FIELD_SPACE)
        space_release(entry->space);
    if (entry->n_names > 0)
        mem_free((char *)entry->names[0]); /* one text, in which all of them are */
    mem_free((void *)entry->names);
    mem_free((double *)entry->values);
    mem_free((double *)entry->note);
    mem_free((char *)entry->reason);
    mem_free((char *)entry->key);
    mem_free((char *)entry->text);
    mem_free((char *)entry->worker);
}

/* Numbers into room that is used again; *count of them. */
static int32_t read_numbers(struct json_reader *json, double **numbers, size_t *capacity, size_t *count)
{
    *count = 0;
    json_enter_array(json);
    while (json_next_element(json)) {
        void *room = *numbers;
        int32_t rc = mem_reserve(&room, capacity, *count + 1, sizeof **numbers);
        *numbers = room;
        if (rc)
            return rc;
        if (!json_next_double(json, *numbers + *count))
            ++*count;
    }
    return json->rc;
}

/* A string that is kept until the next line. */
static int32_t read_text(struct json_reader *json, struct text *kept, const char **out)
{
    const char *string;
    if (json_next_string(json, &string))
        return json->rc;
    kept->length = 0;
    kept->rc = 0;
    *out = "";
    if (!text_append(kept, string))
        *out = kept->data;
    return kept->rc;
}

static int32_t read_origin(struct json_reader *json, int32_t *origin)
{
    const char *name;
    if (json_next_string(json, &name))
        return json->rc;
    *origin = trial_origin_from_name(name);
    return *origin >= 0 ? 0 : json_fail(json, AFINA_E_FORMAT, "\"origin\" is not one that this library knows");
}

static int32_t read_state(struct json_reader *json, int32_t *state)
{
    const char *name;
    if (json_next_string(json, &name))
        return json->rc;
    *state = trial_state_from_name(name);
    return *state >= 0 ? 0 : json_fail(json, AFINA_E_FORMAT, "\"state\" is not one that this library knows");
}

static int32_t read_point(struct line_reader *r, struct entry *e)
{
    if (e->kind == EVENT_DECLARED) { /* of the space that the line declares */
        e->point = NULL;
        return json_next_raw(&r->json, &r->given_text, &r->given_length);
    }
    int32_t rc = r->point ? 0 : point_new(&r->point, r->space);
    e->point = r->point;
    e->space = r->space;
    e->is_said = 1;
    return rc ? rc : point_read_said(r->space, &r->json, r->point);
}

/* A space, which is counted until the next line. */
static int32_t read_space(struct line_reader *r, struct entry *e)
{
    const char *text;
    size_t length;
    struct space *space = NULL;
    int32_t rc = json_next_raw(&r->json, &text, &length);
    if (!rc)
        rc = space_from_json(&space, text, length);
    if (!rc)
        rc = space_snapshot(&r->part, space);
    space_free(space);
    e->space = r->part;
    return rc;
}

/* The point of a line "declared", when its space is known. */
static int32_t read_given(struct line_reader *r, struct entry *e)
{
    int32_t rc = point_new(&r->given, r->part);
    size_t line = r->json.line;
    json_start(&r->json, r->given_text, r->given_length, "the log");
    r->json.line = line;
    if (!rc)
        rc = point_read_said(r->part, &r->json, r->given);
    e->point = r->given;
    e->is_said = 1;
    return rc ? rc : json_end(&r->json);
}

/* The names stand behind each other in one text, whose place is known when it is whole. */
static int32_t read_names(struct line_reader *r, struct entry *e)
{
    const char *name;
    e->n_names = 0;
    r->names.length = 0;
    r->names.rc = 0;
    json_enter_array(&r->json);
    while (json_next_element(&r->json) && !json_next_string(&r->json, &name)) {
        void *room = r->name;
        int32_t rc = mem_reserve(&room, &r->name_capacity, e->n_names + 1, sizeof *r->name);
        r->name = room;
        if (!rc)
            rc = text_append_bytes(&r->names, name, strlen(name) + 1);
        if (rc)
            return rc;
        e->n_names++;
    }
    const char *at = r->names.data;
    for (size_t i = 0; i < e->n_names; i++, at += strlen(at) + 1)
        r->name[i] = at;
    e->names = r->name;
    return r->json.rc;
}

static int32_t read_field(struct line_reader *r, uint32_t field, struct entry *e)
{
    switch (field) {
    case FIELD_TRIAL:
        return json_next_int64(&r->json, &e->trial);
    case FIELD_ORIGIN:
        return read_origin(&r->json, &e->origin);
    case FIELD_SEEN:
        return json_next_int64(&r->json, &e->seen);
    case FIELD_PARENT:
        return json_next_int64(&r->json, &e->parent);
    case FIELD_BUDGET:
        return json_next_double(&r->json, &e->budget);
    case FIELD_REPLICATE:
        return json_next_int64(&r->json, &e->replicate);
    case FIELD_EXHAUSTED:
        return json_next_int64(&r->json, &e->exhausted);
    case FIELD_POINT:
        return read_point(r, e);
    case FIELD_SPACE:
        return read_space(r, e);
    case FIELD_NAMES:
        return read_names(r, e);
    case FIELD_NOTE_VERSION:
        return json_next_int64(&r->json, &e->note_version);
    case FIELD_NOTE:
        e->note = NULL;
        return read_numbers(&r->json, &r->note, &r->note_capacity, &e->note_size);
    case FIELD_STEP:
        return json_next_double(&r->json, &e->step);
    case FIELD_STATE:
        return read_state(&r->json, &e->state);
    case FIELD_VALUES:
        return read_numbers(&r->json, &r->values, &r->value_capacity, &e->n_values);
    case FIELD_REASON:
        return read_text(&r->json, &r->reason, &e->reason);
    case FIELD_KEY:
        return read_text(&r->json, &r->key, &e->key);
    case FIELD_TEXT:
        return read_text(&r->json, &r->text, &e->text);
    case FIELD_TIME:
        return json_next_int64(&r->json, &e->time);
    default:
        return read_text(&r->json, &r->worker, &e->worker);
    }
}

/* The field of a key, 0: there is none. In a line of ours it is the one after the field
 * before. */
static uint32_t field_of(const char *key, int *next)
{
    for (int i = 0; i < FIELD_COUNT; i++) {
        int at = (*next + i) % FIELD_COUNT;
        if (strcmp(field_keys[at], key) == 0) {
            *next = at + 1;
            return 1u << at;
        }
    }
    return 0;
}

static int32_t read_kind(struct json_reader *json, struct entry *e)
{
    const char *name;
    if (json_next_string(json, &name))
        return json->rc;
    if (e->kind >= 0)
        return 0;
    e->kind = event_kind_from_name(name);
    if (e->kind >= 0)
        return 0;
    return json_fail(json, AFINA_E_UNSUPPORTED, "\"event\" is \"%s\", which this library does not know", name);
}

/* The members of the line; those that stand before "event" are passed over. *early says
 * whether there were any. */
static int32_t read_members(struct line_reader *r, struct entry *e, int *early)
{
    const char *key;
    int next = 0, events = 0;
    *early = 0;
    json_enter_object(&r->json);
    while (json_next_key(&r->json, &key)) {
        int32_t rc = 0;
        uint32_t field = 0;
        int is_event = strcmp(key, "event") == 0;
        if (!is_event && e->kind >= 0)
            field = field_of(key, &next) &
                    (event_kinds[e->kind]->required | event_kinds[e->kind]->optional | FIELD_TIME | FIELD_WORKER);
        events += is_event;
        if ((field & e->present) || events > 1)
            return json_fail(&r->json, AFINA_E_FORMAT, "\"%s\" stands there twice", key);
        *early |= !is_event && e->kind < 0;
        if (is_event)
            rc = read_kind(&r->json, e);
        else if (field)
            rc = read_field(r, field, e);
        else
            json_skip(&r->json);
        if (rc)
            return rc;
        e->present |= field;
    }
    return json_end(&r->json);
}

static int32_t check_required(const struct entry *e)
{
    uint32_t missing = event_kinds[e->kind]->required & ~e->present;
    for (int i = 0; i < FIELD_COUNT; i++)
        if (missing & 1u << i)
            return fail(AFINA_E_FORMAT, "\"%s\" is missing", field_keys[i]);
    return 0;
}

static void start(struct line_reader *r, const char *line, size_t length, size_t number)
{
    json_start(&r->json, line, length, "the log");
    r->json.line = number;
}

/* Room for points of another space is of no use. */
static void enter_space(struct line_reader *r, struct space *space)
{
    if (r->space != space) {
        point_free(r->point);
        r->point = NULL;
    }
    r->space = space;
    space_release(r->part);
    point_free(r->given);
    r->part = NULL;
    r->given = NULL;
}

int32_t log_line_read(struct line_reader *r, struct space *space, const char *line, size_t length, size_t number,
                      struct entry *out)
{
    int early;
    *out = (struct entry){.kind = -1, .trial = -1, .parent = -1};
    enter_space(r, space);
    start(r, line, length, number);
    int32_t rc = read_members(r, out, &early);
    if (!rc && out->kind < 0)
        rc = json_fail(&r->json, AFINA_E_FORMAT, "\"event\" is missing");
    if (!rc && early) {
        out->present = 0;
        enter_space(r, space);
        start(r, line, length, number);
        rc = read_members(r, out, &early);
    }
    if (!rc && (rc = check_required(out)))
        return log_line_fail(rc, number);
    if (!rc && out->kind == EVENT_DECLARED && (out->present & FIELD_POINT))
        rc = read_given(r, out);
    if (rc && !r->json.rc)
        return log_line_fail(rc, number); /* found by another than the reader, who does not know the place */
    out->note = r->note;
    out->values = r->values;
    return rc;
}
