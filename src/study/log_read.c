/* Reads lines of a log: each one becomes an entry, and is committed as a call of the host
 * would be, so that nothing gets in which a host could not tell. */
#include "core/fail.h"
#include "core/mem.h"
#include "study/commit.h"
#include "study/header.h"
#include "study/log.h"
#include "study/log_line.h"

/* Takes in one event's line, which becomes line `position`. */
static int32_t take_line(struct study *study, struct line_reader *r, const struct lines *lines, size_t position)
{
    struct entry entry;
    int32_t rc = log_line_read(r, study->space, lines->line, lines->length, position + 1, &entry);
    if (rc)
        return rc;
    rc = study_commit(study, &entry);
    return rc ? log_line_fail(rc, position + 1) : 0;
}

int32_t study_from_json(struct study **out, const char *text, size_t length)
{
    struct lines lines = {.at = text, .end = text + length};
    struct line_reader reader = {0};
    struct study *study = NULL;
    int32_t rc =
        lines_next(&lines) ? header_read(&study, lines.line, lines.length) : fail(AFINA_E_FORMAT, "the log is empty");
    while (!rc && lines_next(&lines))
        rc = take_line(study, &reader, &lines, 1 + study->n_events);
    line_reader_fini(&reader);
    if (rc) {
        study_release(study);
        study = NULL;
    } else {
        study->shared_lines = 1 + study->n_events;
    }
    *out = study;
    return rc;
}
