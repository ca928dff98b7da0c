/* How events get into the log of a study. The lock is held. */
#ifndef AFINA_STUDY_COMMIT_H
#define AFINA_STUDY_COMMIT_H

#include "study/study.h"

/* The trial is taken over on success. */
int32_t study_append_trial(struct study *study, struct trial *trial, uint64_t seen);
int32_t study_append_event(struct study *study, int32_t kind, int64_t subject, uint64_t detail);

#endif
