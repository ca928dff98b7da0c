/* Which trials a second proposer gets: often while its proposals gain, and rarely while they do not.
 *
 * The state is a fold over trials: proposer_schedule_asked(), _lost() and _ended() alone change what it
 * means.
 */
#ifndef AFINA_SURROGATE_PROPOSER_SCHEDULE_H
#define AFINA_SURROGATE_PROPOSER_SCHEDULE_H

#include <stdint.h>

struct proposer_schedule {
    int64_t running;     /* number of the proposer's trial that is pending; -1: none */
    uint64_t idle, wait; /* trials since its last one; trials to wait between two of them */
    uint64_t before;     /* `idle` when the last one was asked */
};

struct proposer_schedule proposer_schedule_begin(uint64_t wait);

/* Trial `number` was asked; `proposed`: the proposer made it. */
void proposer_schedule_asked(struct proposer_schedule *s, int64_t number, int proposed);

/* Trial `number`, whosever it was, was lost: it counts as never asked. */
void proposer_schedule_lost(struct proposer_schedule *s, int64_t number);

/* The proposer's pending trial ended. After a gain it gets every second trial; without one the wait
 * doubles, up to 16. */
void proposer_schedule_ended(struct proposer_schedule *s, int gained);

/* 1 when the next trial is the proposer's: none of its trials is pending, or that one seems lost. */
int proposer_schedule_is_due(const struct proposer_schedule *s);

#endif
