/* The options that every optimizer has, and the words for directions. */
#ifndef AFINA_STUDY_STUDY_OPTIONS_H
#define AFINA_STUDY_STUDY_OPTIONS_H

#include "core/option.h"

extern const struct option study_options[];
extern const size_t study_option_count;

/* The signs of the objectives: 1 minimise, -1 maximise. objectives 0: only checks the words. */
int32_t study_parse_direction(const char *text, size_t objectives, double *signs);

/* AFINA_E_RANGE or AFINA_E_NAME for a text that the option of that name cannot have. */
int32_t study_check_text(const char *key, const char *value);

/* 1 for an option that says how a study runs: it is no part of what is suggested nor of the
 * log's header, and may change after the first trial. */
int study_option_may_change(const char *key);

#endif
