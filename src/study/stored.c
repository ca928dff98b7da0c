#include "study/stored.h"

#include "core/mem.h"
#include "study/commit.h"
#include "study/header.h"
#include "study/log_line.h"
#include "study/turn.h"

#include <string.h>

int32_t stored_attach(struct study *study, struct store *store, const char *name, int read_only)
{
    struct stored *stored = mem_new(1, sizeof *stored);
    char *copy = mem_copy_string(name);
    if (!stored || !copy) {
        mem_free(stored);
        mem_free(copy);
        store_close(store);
        return fail_memory();
    }
    stored->store = store;
    stored->name = copy;
    stored->lines = study->header ? 1 + study->n_events : 0;
    stored->read_only = read_only;
    study->stored = stored;
    return 0;
}

void stored_detach(struct study *study)
{
    struct stored *stored = study->stored;
    if (!stored)
        return;
    if (study_is_forked(study))
        store_abandon(stored->store);
    else
        store_close(stored->store);
    mem_free(stored->gathered.data);
    mem_free(stored->name);
    mem_free(stored);
    study->stored = NULL;
}

int32_t stored_refuse(const struct study *study, const char *what)
{
    if (!study->stored)
        return 0;
    return fail(AFINA_E_STATE, "the log of %s follows its store: %s", study->stored->name, what);
}

/* Writes whole lines behind those that are known. */
static int32_t append(struct study *study, const struct text *lines, size_t count)
{
    struct stored *stored = study->stored;
    int synced = option_integer(&study->options, "synced") != 0;
    int32_t rc = lines->rc;
    if (!rc)
        rc = store_append(stored->store, stored->lines, lines->data, lines->length, synced);
    if (!rc)
        stored->lines += count;
    return rc;
}

/* The first line goes with the first event. */
static int32_t write_lines(struct study *study, const struct entry *entry, struct text *out, size_t *count)
{
    struct stored *stored = study->stored;
    int is_first = stored->lines == 0 && out->length == 0;
    int32_t rc = is_first ? study_begin(study) : 0;
    if (!rc && is_first)
        rc = header_fix(study);
    if (!rc && is_first)
        rc = header_write(study, out);
    if (!rc)
        rc = log_line_write(entry, out);
    *count = is_first ? 2 : 1;
    return rc;
}

int32_t stored_check_writable(const struct study *study)
{
    if (!study->stored || !study->stored->read_only)
        return 0;
    return fail(AFINA_E_STATE, "%s was opened to be read: nothing can be asked or told", study->stored->name);
}

int32_t stored_append(struct study *study, const struct entry *entry)
{
    struct stored *stored = study->stored;
    struct text lines = {0};
    size_t count;
    if (!stored || stored->takes_in)
        return 0;
    int32_t rc = stored_check_writable(study);
    if (rc || stored->gathers)
        return rc ? rc : write_lines(study, entry, &stored->gathered, &count);
    int was_open = !study->header && !study->begun;
    rc = write_lines(study, entry, &lines, &count);
    if (!rc)
        rc = append(study, &lines, count);
    if (rc && was_open)
        header_open(study);
    mem_free(lines.data);
    return rc;
}

void stored_begin(struct study *study)
{
    if (study->stored)
        study->stored->gathers = 1;
}

static size_t count_lines(const struct text *text)
{
    size_t count = 0;
    for (size_t i = 0; i < text->length; i++)
        count += text->data[i] == '\n';
    return count;
}

int32_t stored_end(struct study *study, int32_t rc)
{
    struct stored *stored = study->stored;
    if (!stored)
        return rc;
    stored->gathers = 0;
    if (!rc && stored->gathered.length > 0)
        rc = append(study, &stored->gathered, count_lines(&stored->gathered));
    mem_free(stored->gathered.data);
    stored->gathered = (struct text){0};
    return rc;
}

/* The first line of the store is the study's: one that was written here before must declare the same, and gives way to
 * it. */
static int32_t adopt_header(struct study *study, const char *line, size_t length)
{
    struct study *theirs = NULL;
    int was_open = !study->header && !study->begun;
    int32_t rc = header_read(&theirs, line, length);
    if (!rc)
        rc = study_begin(study);
    if (!rc)
        rc = stored_check_same(study, theirs);
    if (!rc) {
        mem_free(study->header);
        study->header = theirs->header;
        study->header_length = theirs->header_length;
        study->needs_filter = theirs->needs_filter;
        theirs->header = NULL;
    } else if (was_open) {
        header_open(study);
    }
    study_release(theirs);
    return rc;
}

static int32_t take_line(struct study *study, struct line_reader *reader, const struct lines *lines, size_t position)
{
    struct entry entry;
    if (position == 0)
        return adopt_header(study, lines->line, lines->length);
    int32_t rc = log_line_read(reader, study->space, lines->line, lines->length, position + 1, &entry);
    if (rc)
        return rc;
    rc = study_commit(study, &entry);
    return rc ? log_line_fail(rc, position + 1) : 0;
}

/* All of the lines, or none but the first. */
static int32_t take_lines(struct study *study, const struct text *text)
{
    struct stored *stored = study->stored;
    struct lines lines = {.at = text->data, .end = text->data + text->length};
    struct line_reader reader = {0};
    size_t before = study->n_events, position = stored->lines;
    int32_t rc = 0;
    stored->takes_in = 1;
    while (!rc && lines_next(&lines)) {
        rc = take_line(study, &reader, &lines, position);
        position += !rc;
    }
    stored->takes_in = 0;
    line_reader_fini(&reader);
    if (rc)
        study_truncate(study, before);
    stored->lines = study->header && position > 0 ? 1 + study->n_events : 0;
    return rc;
}

int32_t stored_take_in(struct study *study)
{
    struct text text = {0};
    if (!study->stored)
        return 0;
    int32_t rc = store_read(study->stored->store, study->stored->lines, &text);
    if (!rc && text.length > 0)
        rc = take_lines(study, &text);
    if (!rc && study->stored->lines > study->shared_lines)
        study->shared_lines = study->stored->lines;
    mem_free(text.data);
    return rc;
}

int stored_again(struct study *study, int32_t *rc)
{
    if (*rc != AFINA_STALE)
        return 0;
    *rc = stored_take_in(study);
    return *rc == 0;
}

int stored_again_outside(struct study *study, int32_t *rc)
{
    if (*rc != AFINA_STALE)
        return 0;
    *rc = study_take_turn(study);
    if (*rc)
        return 0;
    *rc = stored_take_in(study);
    study_leave_turn(study);
    return *rc == 0;
}

int32_t stored_refresh(struct study *study, double seconds, size_t *lines)
{
    int32_t rc = study_take_turn(study);
    *lines = 0;
    if (rc)
        return rc;
    size_t before = study->stored ? study->stored->lines : 0;
    rc = stored_take_in(study);
    *lines = study->stored && !rc ? study->stored->lines - before : 0;
    struct store *store = study->stored ? study->stored->store : NULL;
    study_leave_turn(study);
    if (rc || !store || *lines > 0 || !(seconds > 0))
        return rc;
    rc = store_wait(store, before, seconds);
    return rc == 0 ? stored_refresh(study, 0, lines) : rc == AFINA_WAIT ? 0 : rc;
}
