/* One line of a log: an entry as JSON, and back. The header is a line of its own kind
 * (header.h). */
#ifndef AFINA_STUDY_LOG_LINE_H
#define AFINA_STUDY_LOG_LINE_H

#include "core/json_reader.h"
#include "core/text.h"
#include "study/study.h"

/* The keys of the fields, FIELD_TRIAL first. */
extern const char *const field_keys[FIELD_COUNT];

/* Appends the line, with its end. */
int32_t log_line_write(const struct entry *entry, struct text *out);

/* The lines of a text one after the other; starts with `at` and `end`. 0 at the end of the text. */
struct lines {
    const char *at, *end;
    const char *line; /* without its end */
    size_t length;
};
int lines_next(struct lines *lines);

/* Reads lines one after the other, in room that is used again. Starts from {0}. */
struct line_reader {
    struct json_reader json;
    struct space *space; /* borrowed: the study's at this line */
    struct point *point; /* of it */
    struct space *part;  /* of a line "declared", with the point and its text */
    struct point *given;
    const char *given_text;
    size_t given_length;
    struct text names;
    const char **name;
    size_t name_capacity;
    double *values, *note;
    size_t value_capacity, note_capacity;
    struct text reason, key, text, worker;
};

/* The entry of a line, which stands in the log as line `number` (the first one is 1). It
 * lives until the next one is read. Unknown keys are passed over. */
int32_t log_line_read(struct line_reader *r, struct space *space, const char *line, size_t length, size_t number,
                      struct entry *out);
void line_reader_fini(struct line_reader *r);

/* Makes what the entry of the last line points to the caller's, who frees it. */
void line_reader_give(struct line_reader *r, struct entry *entry);
void line_entry_free(struct entry *entry);

/* fail() with the failure's text and the line before it: what is wrong, and where. */
int32_t log_line_fail(int32_t rc, size_t number);

#endif
