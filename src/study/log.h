/* The log of a study as text (log_write.c, log_read.c), and its proof (replay.c). */
#ifndef AFINA_STUDY_LOG_H
#define AFINA_STUDY_LOG_H

#include "core/text.h"
#include "study/study.h"

enum { LOG_FORMAT = 1 };

int32_t study_to_json(const struct study *study, struct text *out);
int32_t study_from_json(struct study **out, const char *text, size_t length);

/* Derives every suggestion again. AFINA_E_REPLAY and the number of the first that differs. */
int32_t study_replay(struct study *study, int64_t *number);

#endif
