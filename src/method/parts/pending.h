/* The trials that run: their encoded rows, and the first numbers of their notes.
 *
 * An end tells the point but not the note; a method that must know what a trial
 * was made for (its parent, its step) finds it here. Numbers come in ascending
 * order, so a trial is found by bisection.
 */
#ifndef AFINA_METHOD_PENDING_H
#define AFINA_METHOD_PENDING_H

#include "method/method.h"

struct pending_trial {
    int64_t number;
    double *x;        /* d numbers */
    double *note;     /* behind them: note_room numbers; 0 where the note was shorter */
    size_t note_size; /* what the note held */
};

struct pending {
    size_t d, note_room;
    struct pending_trial *trials;
    size_t size, capacity;
};

/* Start from {.d = ..., .note_room = ...}. */
int32_t pending_add(struct pending *p, const struct observation *asked, const double *x);

/* NULL when it does not run. */
const struct pending_trial *pending_find(const struct pending *p, int64_t number);

void pending_remove(struct pending *p, int64_t number); /* nothing when it does not run */
void pending_fini(struct pending *p);

#endif
