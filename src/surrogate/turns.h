/* Which trials are given to something else than the usual search: often while it gains, and
 * rarely while it does not.
 *
 * A fold over trials: turns_asked() and turns_ended() alone change what it means.
 */
#ifndef AFINA_SURROGATE_TURNS_H
#define AFINA_SURROGATE_TURNS_H

#include <stdint.h>

struct turns {
    int64_t running;     /* number of the turn that runs; -1: none */
    uint64_t idle, wait; /* trials since the last turn; trials to wait between turns */
};

struct turns turns_begin(uint64_t wait);

/* Trial `number` was asked; `taken`: it is a turn. */
void turns_asked(struct turns *t, int64_t number, int taken);

/* The turn that runs ended: a gain makes every second trial a turn, and without one the wait
 * doubles, up to 16. */
void turns_ended(struct turns *t, int gained);

/* 1 when it is time for a turn: none runs, or it seems that it will never end. */
int turns_are_due(const struct turns *t);

#endif
