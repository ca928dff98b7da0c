/* The lines of a text as entries: all of them are read before one is taken into a study, so that
 * reading needs no lock.
 */
#ifndef AFINA_STUDY_LOG_BATCH_H
#define AFINA_STUDY_LOG_BATCH_H

#include "study/log_line.h"

struct batch {
    const char *header; /* the first line of the text when it is line 0 of the log, else NULL */
    size_t header_length;
    struct entry *entries; /* of the lines behind it */
    size_t count, capacity;
    struct space **spaces; /* what the lines make of the space, counted: entries refer to them */
    size_t n_spaces, space_capacity;
    int32_t rc; /* why the line behind the last entry could not be read; 0: all of them were */
    char failure[FAIL_TEXT_SIZE];
};

/* Reads a text whose first line stands at `position` of a log. Starts from {0}, and is freed also
 * after an error, which is one of memory. */
int32_t batch_read(struct batch *batch, struct space *space, const char *text, size_t length, size_t position);
void batch_fini(struct batch *batch);

#endif
