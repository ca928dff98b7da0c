/* The first line of a log: what was declared. It is fixed by the first trial, or when it
 * is read or handed out before, and from then on never written anew. */
#ifndef AFINA_STUDY_HEADER_H
#define AFINA_STUDY_HEADER_H

#include "core/text.h"
#include "study/study.h"

enum { LOG_FORMAT = 1 };

/* Makes study->header unless it is there. The options are as study_begin() took them. */
int32_t header_fix(struct study *study);

/* The line as it is, or as it would be now, with its end. The lock is held. */
int32_t header_write(const struct study *study, struct text *out);

/* The options are fixed with the first line: they are open again where it came to nothing. There are no events. */
void header_open(struct study *study);

/* The line as it would be now, whatever is fixed, and the value of one option as it stands there. */
int32_t header_declare(const struct study *study, struct text *out);
int32_t header_write_value(struct text *out, const struct option *option, const union option_value *value);

/* A study that has this first line and no events. The line is given without its end. */
int32_t header_read(struct study **out, const char *line, size_t length);

/* AFINA_E_UNSUPPORTED, with its name, for an entry of "needs" that this library does not know. */
int32_t header_check_need(const char *need);

#endif
