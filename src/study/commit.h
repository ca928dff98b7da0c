/* The one way in which events get into the log of a study: check, prepare, append to the store if there is one, apply.
 * Calls of the host and lines of a log take it alike. The lock is held.
 */
#ifndef AFINA_STUDY_COMMIT_H
#define AFINA_STUDY_COMMIT_H

#include "study/study.h"

/* An entry of the kind that happens now, here: with the wall time and the worker, as
 * the options say. */
struct entry study_entry(const struct study *study, int32_t kind);
struct entry study_trial_entry(const struct study *study, int32_t kind, int64_t trial);

/* Takes the entry into the study, or leaves all as it was. What the entry points to is copied. AFINA_STALE: others
 * wrote to the store of the study; who calls takes that in and begins anew (stored.h). */
int32_t study_commit(struct study *study, const struct entry *entry);

/* The event at a position as an entry; the lock is held while it is used. */
void study_view(const struct study *study, size_t position, struct entry *entry);

/* Takes back the events from `position` on, the last one first. The turn is held. */
void study_truncate(struct study *study, size_t position);

/* Commits the end of a trial, as study_tell() does. */
int32_t study_end(struct study *study, const struct trial *trial, int32_t state, const double *values, size_t count,
                  const char *reason);

/* The trial of that number, or fail() and NULL. */
struct trial *study_find(const struct study *study, int64_t number);

/* AFINA_E_STATE unless the trial runs, or was LOST: then a late result may come. */
int32_t study_check_open(const struct study *study, int64_t number);

/* AFINA_E_FORMAT unless the text of a field has 1 to SPACE_MAX_NAME bytes, as calls demand of a name. */
int32_t study_check_name(const char *field, const char *name);

/* AFINA_E_RANGE unless there is one value for each objective. */
int32_t study_check_count(const struct study *study, size_t count);

#endif
