/* What the host's observer and message function hear of: events of the log, each once and in
 * the order of the log. One thread delivers at a time, whichever committed an event while no
 * other did, and it goes on until nothing is left; so the thread that committed an event need
 * not be the one that delivers it. No lock is held while the host's code runs.
 */
#ifndef AFINA_STUDY_DELIVERY_H
#define AFINA_STUDY_DELIVERY_H

#include "study/study.h"

struct delivery {
    int32_t event; /* AFINA_EVENT_ASKED, _REPORTED or _TOLD */
    int is_best;   /* TOLD: the trial is the best from here on */
    struct trial *trial;
    int64_t report;              /* REPORTED: its index; else 0 */
    int32_t state;               /* TOLD */
    double value;                /* TOLD: of the first objective; NaN: none */
    char reason[FAIL_TEXT_SIZE]; /* TOLD; "": none */
};

/* 1 when there is something to deliver and the calling thread does it from here on; then
 * study_next_delivery() is called until it answers 0, which ends the delivery. */
int study_begin_delivery(struct study *study);
int study_next_delivery(struct study *study, struct delivery *out);

/* For an exception of the host: the delivery ends where it is, and what is left waits for
 * the next one. Set to NULL when study_next_delivery() answered 0. */
#define DELIVERY_GUARD __attribute__((cleanup(study_abandon_delivery)))
void study_abandon_delivery(struct study **study);

/* Waits until what is in the log now was delivered, by another thread; not in a callback of
 * the delivery itself. */
void study_wait_delivered(struct study *study);

/* The host's functions, counted for the caller; NULL: none. */
struct callback *study_observer(struct study *study);
struct callback *study_message(struct study *study);
/* study.h has the message function's. */
int32_t study_set_observer(struct study *study, afina_observer observer, void *user, afina_release release);

/* Takes what the observer or the message function answered; `who` names it, `failures` is
 * fail_count() before the call. AFINA_OK goes on. AFINA_CANCELLED and an error ask for an end,
 * and so does AFINA_E_CALLBACK in the place of any other number. The first of these is kept,
 * the text of an error with it, until it is taken. 0: none. */
void study_keep_answer(struct study *study, const char *who, int32_t answer, uint32_t failures);
int32_t study_take_answer(struct study *study);

#endif
