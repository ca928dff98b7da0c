/* A method with what it has learned from a log so far. The live study has one;
 * a replay makes another over the same log. */
#ifndef AFINA_STUDY_FOLD_H
#define AFINA_STUDY_FOLD_H

#include "space/lattice.h"
#include "study/study.h"

struct fold {
    struct study *study;
    struct method_context context;
    void *state; /* of the method */
    struct point_set seen;
    struct lattice *lattice; /* of the suggestible points of a finite space; else NULL */
    uint64_t points;         /* how many it has; UINT64_MAX: no end */
    uint64_t used;           /* suggestible points among those seen */
    size_t position;         /* lag 0: events taken in */
    int64_t asked, told;     /* lag > 0: trials taken in as asked and as told */
    int64_t followed;        /* lag > 0: suggestions before this trial are taken in as they knew it */
    int64_t *lost;           /* lag > 0: those that were taken in as lost */
    size_t n_lost, lost_capacity;
    double *losses; /* room for one observation */

    /* The last suggestion. */
    struct point *point;
    double *note; /* room for METHOD_NOTE_MAX */
    size_t note_size;
};

int32_t fold_new(struct fold **out, struct study *study);
void fold_free(struct fold *fold);

/* Takes in what the suggestion of trial `number` may know: with lag 0 the events
 * before `position`, with lag L the trials that the order of numbers allows, with
 * their ends as of `position`. AFINA_WAIT when one of those is still running; then
 * nothing was taken in. The lock is held. */
int32_t fold_advance(struct fold *fold, int64_t number, size_t position);

/* The same for a question to the model, which never waits: what is missing it does not know. A fold that
 * holds lost trials afterwards is of no use for suggestions: they may know other ends. */
int32_t fold_advance_for_question(struct fold *fold, int64_t number, size_t position);

/* Makes the suggestion for trial `number` in fold->point and its note: a valid
 * point that was not seen before (unless the study repeats points). The turn is
 * held, the lock is not. */
int32_t fold_suggest(struct fold *fold, int64_t number);

#endif
