/* Reads lines of a log: each one becomes an entry, and is committed as a call of the host
 * would be, so that nothing gets in which a host could not tell. */
#include "core/fail.h"
#include "core/mem.h"
#include "study/commit.h"
#include "study/header.h"
#include "study/log.h"
#include "study/log_line.h"
#include "study/turn.h"

#include <string.h>

/* The next line of a text. */
struct lines {
    const char *at, *end;
    const char *line;
    size_t length;
};

/* 0 at the end of the text. */
static int next_line(struct lines *lines)
{
    if (lines->at == lines->end)
        return 0;
    const char *newline = memchr(lines->at, '\n', (size_t)(lines->end - lines->at));
    lines->line = lines->at;
    lines->length = (size_t)((newline ? newline : lines->end) - lines->at);
    lines->at = newline ? newline + 1 : lines->end;
    return 1;
}

/* Takes in one event's line, which becomes line `position`. The lock is held. */
static int32_t take_line(struct study *study, struct line_reader *r, const struct lines *lines, size_t position)
{
    struct entry entry;
    int32_t rc = log_line_read(r, study->space, lines->line, lines->length, position + 1, &entry);
    if (rc)
        return rc;
    rc = study_commit(study, &entry);
    return rc ? log_line_fail(rc, position + 1) : 0;
}

static void share_lines(struct study *study, size_t position)
{
    if (position > study->shared_lines)
        study->shared_lines = position;
}

int32_t study_from_json(struct study **out, const char *text, size_t length)
{
    struct lines lines = {.at = text, .end = text + length};
    struct line_reader reader = {0};
    struct study *study = NULL;
    int32_t rc =
        next_line(&lines) ? header_read(&study, lines.line, lines.length) : fail(AFINA_E_FORMAT, "the log is empty");
    while (!rc && next_line(&lines))
        rc = take_line(study, &reader, &lines, 1 + study->n_events);
    line_reader_fini(&reader);
    if (rc) {
        study_release(study);
        study = NULL;
    } else {
        share_lines(study, 1 + study->n_events);
    }
    *out = study;
    return rc;
}

/* What a line says, in our words: a line of another version may have keys that we do not
 * know, and blanks elsewhere. */
static int32_t same_event(struct study *study, struct line_reader *r, const struct lines *lines, size_t position,
                          int *same)
{
    struct entry theirs, ours;
    struct text a = {0}, b = {0};
    *same = 0;
    int32_t rc = log_line_read(r, study->space, lines->line, lines->length, position + 1, &theirs);
    if (rc)
        return rc;
    study_view(study, position - 1, &ours);
    log_line_write(study->space, &theirs, &a);
    rc = log_line_write(study->space, &ours, &b);
    if (a.rc || rc)
        rc = a.rc ? a.rc : rc;
    else
        *same = a.length == b.length && memcmp(a.data, b.data, a.length) == 0;
    mem_free(a.data);
    mem_free(b.data);
    return rc;
}

/* The header is the same to the byte: it is never written anew. An event that was made here, and not handed
 * out, cannot have come back: one that equals it is another. */
static int32_t same_line(struct study *study, struct line_reader *r, const struct lines *lines, size_t position,
                         int *same)
{
    if (position > 0) {
        int32_t rc = same_event(study, r, lines, position, same);
        *same = *same && position < study->shared_lines;
        return rc;
    }
    *same = lines->length + 1 == study->header_length && memcmp(lines->line, study->header, lines->length) == 0;
    return 0;
}

/* Passes over the lines that are here already. */
static int32_t pass_known(struct study *study, struct line_reader *r, struct lines *lines, size_t *position)
{
    while (*position < 1 + study->n_events) {
        struct lines before = *lines;
        int same;
        if (!next_line(lines))
            return 0;
        int32_t rc = same_line(study, r, lines, *position, &same);
        if (!rc && !same) {
            *lines = before;
            rc = AFINA_STALE;
        }
        if (rc)
            return rc;
        ++*position;
    }
    return 0;
}

/* The turn and the lock are held, so that no event of ours comes between theirs. */
static int32_t append(struct study *study, struct lines *lines, size_t *position)
{
    struct line_reader reader = {0};
    int32_t rc = pass_known(study, &reader, lines, position);
    size_t before = study->n_events;
    while (!rc && next_line(lines)) {
        rc = take_line(study, &reader, lines, *position);
        *position += rc ? 0 : 1;
    }
    line_reader_fini(&reader);
    if (rc < 0)
        study_truncate(study, before);
    if (!rc)
        share_lines(study, *position);
    return rc;
}

/* The options are fixed with the first line: they are open again when nothing was taken in. */
static void open_options(struct study *study)
{
    mem_free(study->header);
    study->header = NULL;
    study->header_length = 0;
    study->needs_filter = 0;
    study->begun = 0;
}

int32_t study_log_append(struct study *study, size_t position, const char *text, size_t length, size_t *next)
{
    struct lines lines = {.at = text, .end = text + length};
    *next = position;
    if (length > 0 && text[length - 1] != '\n')
        return fail(AFINA_E_FORMAT, "the last line of the text has no end");
    int32_t rc = study_take_turn(study);
    if (rc)
        return rc;
    int was_open = !study->header && !study->begun;
    if (position > 1 + study->n_events)
        rc = fail(AFINA_E_RANGE, "the log has %zu lines; those from position %zu on cannot be appended",
                  1 + study->n_events, position);
    if (!rc)
        rc = study_begin(study);
    if (!rc)
        rc = header_fix(study);
    if (!rc)
        rc = append(study, &lines, &position);
    if (rc >= 0)
        *next = position;
    if (rc && was_open)
        open_options(study);
    study_leave_turn(study);
    return rc;
}

/* Room for the trials that go: handles may be left of them. */
static int32_t reserve_dropped(struct study *study, size_t events)
{
    size_t trials = 0;
    for (size_t i = events; i < study->n_events; i++)
        trials += study->events[i].kind == EVENT_ASKED;
    void *dropped = study->dropped;
    int32_t rc = mem_reserve(&dropped, &study->dropped_capacity, study->n_dropped + trials, sizeof(struct trial *));
    study->dropped = dropped;
    return rc;
}

int32_t study_log_rewind(struct study *study, size_t position)
{
    int32_t rc = study_take_turn(study);
    if (rc)
        return rc;
    if (position < 1 || position > 1 + study->n_events)
        rc = fail(AFINA_E_RANGE, "the log has %zu lines; it can be rewound to a position in [1, %zu], got %zu",
                  1 + study->n_events, 1 + study->n_events, position);
    if (!rc)
        rc = reserve_dropped(study, position - 1);
    if (!rc)
        study_truncate(study, position - 1);
    study_leave_turn(study);
    return rc;
}
