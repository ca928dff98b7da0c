/* The log as text: the header, then one event a line. docs/log.md describes it for readers
 * outside this library. */
#include "study/log.h"

#include "core/fail.h"
#include "study/commit.h"
#include "study/header.h"
#include "study/log_line.h"
#include "study/turn.h"

/* The lines that there are. The lock is held. */
static size_t count_lines(const struct study *study)
{
    return 1 + study->n_events;
}

size_t study_log_length(const struct study *study)
{
    study_lock(study);
    size_t lines = count_lines(study);
    study_unlock(study);
    return lines;
}

static void write_line(const struct study *study, size_t position, struct text *out)
{
    struct entry entry;
    if (position == 0) {
        header_write(study, out);
        return;
    }
    study_view(study, position - 1, &entry);
    log_line_write(&entry, out);
}

/* What is being written: lines into `out`, which had `start` bytes and may have `limit`. The caller
 * takes `room` bytes of them, or none. */
struct writing {
    struct text *out;
    size_t start, limit, room, position;
};

/* Appends lines up to position `end`, some LOG_CHUNK bytes at most. 1 when the next line
 * does not fit; the first one of all always does. The lock is held. */
static int write_chunk(const struct study *study, struct writing *w, size_t end)
{
    struct text *out = w->out;
    size_t chunk = out->length;
    while (w->position < end && out->length - chunk < LOG_CHUNK && !out->rc) {
        size_t mark = out->length;
        write_line(study, w->position, out);
        if (out->length > w->limit && mark > w->start) {
            out->length = mark;
            return 1;
        }
        w->position++;
    }
    return 0;
}

static int32_t past_end(size_t position, size_t lines)
{
    return fail(AFINA_E_RANGE, "the log has %zu lines; position %zu is past its end", lines, position);
}

/* Notes that the lines from `position` on were handed out. They do not count where lines before them were not. */
static void hand_out(struct study *study, size_t position, const struct writing *w)
{
    int is_taken = w->out->length - w->start <= w->room;
    if (is_taken && position <= study->shared_lines && w->position > study->shared_lines)
        study->shared_lines = w->position;
}

/* The lines that there are when it begins. Others have the lock between two chunks; when they take
 * lines away, it begins anew. */
static int32_t write_from(struct study *study, size_t position, struct writing *w)
{
    study_lock(study);
    uint64_t rewound = study->rewound;
    size_t end = count_lines(study);
    w->position = position;
    int32_t rc = position <= end ? 0 : past_end(position, end);
    int is_full = 0;
    while (!rc && !is_full && w->position < end) {
        is_full = write_chunk(study, w, end);
        rc = w->out->rc;
        study_unlock(study);
        study_lock(study);
        if (rewound == study->rewound)
            continue;
        rewound = study->rewound;
        end = count_lines(study);
        w->position = position;
        w->out->length = w->start;
        rc = position <= end ? rc : past_end(position, end);
    }
    if (!rc)
        hand_out(study, position, w);
    study_unlock(study);
    return rc;
}

int32_t study_to_json(struct study *study, size_t room, struct text *out)
{
    struct writing w = {.out = out, .start = out->length, .limit = SIZE_MAX, .room = room};
    return write_from(study, 0, &w);
}

/* A line that was handed out never changes. */
static int32_t fix_header(struct study *study)
{
    study_lock(study);
    int is_fixed = study->header != NULL;
    study_unlock(study);
    if (is_fixed)
        return 0;
    int32_t rc = study_take_turn(study);
    if (rc)
        return rc;
    rc = study_begin(study);
    if (!rc)
        rc = header_fix(study);
    study_leave_turn(study);
    return rc;
}

int32_t study_log_read(struct study *study, size_t position, size_t room, struct text *out, size_t *next)
{
    struct writing w = {.out = out, .start = out->length, .limit = out->length + room, .room = room};
    int32_t rc = fix_header(study);
    if (!rc)
        rc = write_from(study, position, &w);
    *next = w.position;
    return rc;
}
