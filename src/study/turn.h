/* The turn: suggestions are made one at a time, by the thread that has it. */
#ifndef AFINA_STUDY_TURN_H
#define AFINA_STUDY_TURN_H

#include "study/study.h"

/* Freezes the options and makes the fold. The turn is held. */
int32_t study_begin(struct study *study);

/* A study read from a log that had a filter makes no suggestion without it. */
int32_t study_check_filter(const struct study *study);

/* The fold is made when it is first needed: a study that is only read, or fed with
 * results, costs no method. The turn is held. */
int32_t study_ensure_fold(struct study *study);

/* The next suggestion makes the fold anew from the log. The turn is held. */
void study_drop_fold(struct study *study);

/* A fold that ran out of memory half-way is dropped; the next ask makes it anew
 * from the log. Passes `rc` on. */
int32_t study_drop_broken_fold(struct study *study, int32_t rc);

/* Waits for the turn to add trials. AFINA_E_BUSY for the thread that has it
 * (a filter that asks). Returns with the lock held when 0. */
int32_t study_take_turn(struct study *study);
int32_t study_check_turn(struct study *study); /* AFINA_E_BUSY alone */
void study_leave_turn(struct study *study);    /* the lock is held, and released */

/* The condition that the log changed, for study_wait_change(). */
void turn_init_changed(pthread_cond_t *changed);

/* For a scope in which the host's filter runs: an exception that passes through it
 * leaves the turn, and a fold that may be half-way is dropped. Set to NULL at its end. */
#define STUDY_TURN_GUARD __attribute__((cleanup(study_abandon_turn)))
void study_abandon_turn(struct study **study);

#endif
