/* The log of a study as text, and its proof (replay.c). Line 0 is the header; line k is
 * event k - 1. A position is a number of lines.
 */
#ifndef AFINA_STUDY_LOG_H
#define AFINA_STUDY_LOG_H

#include "core/text.h"
#include "study/study.h"

/* The whole text, appended (log_write.c). The caller has room for `room` bytes of it: the lines are handed out
 * when that is enough. */
int32_t study_to_json(struct study *study, size_t room, struct text *out);

/* Appends whole lines from a position on, until `room` bytes are written or no line is
 * left; the next position in *next. A line that is longer than `room` is written all the
 * same, alone. The lock is held for LOG_CHUNK bytes and one line at a time. */
enum { LOG_CHUNK = 1 << 16 };
int32_t study_log_read(struct study *study, size_t position, size_t room, struct text *out, size_t *next);

/* The number of lines. */
size_t study_log_length(const struct study *study);

/* A study from the whole text (log_read.c). */
int32_t study_from_json(struct study **out, const char *text, size_t length);

/* Takes in whole lines that stand at `position` of a log (log_append.c). Those that are here already are
 * passed over; AFINA_STALE, and the position of the first line that differs in *next, when
 * another line stands here. So does a line that was made here and never handed out: what
 * equals it was made elsewhere. All of them are taken in, or none. */
int32_t study_log_append(struct study *study, size_t position, const char *text, size_t length, size_t *next);

/* Takes the lines from `position` on away. */
int32_t study_log_rewind(struct study *study, size_t position);

/* Derives every suggestion again. AFINA_E_REPLAY and the number of the first that differs;
 * AFINA_E_VERSION and the number of the first whose note has another version. */
int32_t study_replay(struct study *study, int64_t *number);

#endif
