/* The wait doubles as that between retries of a network does: a proposer that never gains
 * costs one trial in 17. */
#include "surrogate/proposer_schedule.h"

enum {
    LONGEST_WAIT = 16,
    PATIENCE = 64 /* trials, after which a pending trial is taken for one that never ends */
};

struct proposer_schedule proposer_schedule_begin(uint64_t wait)
{
    return (struct proposer_schedule){.running = -1, .wait = wait};
}

void proposer_schedule_asked(struct proposer_schedule *s, int64_t number, int proposed)
{
    if (!proposed) {
        s->idle++;
        return;
    }
    s->running = number;
    s->before = s->idle;
    s->idle = 0;
}

void proposer_schedule_lost(struct proposer_schedule *s, int64_t number)
{
    if (number == s->running) {
        s->running = -1;
        s->idle += s->before;
    } else if (s->idle > 0) {
        s->idle--;
    }
}

void proposer_schedule_ended(struct proposer_schedule *s, int gained)
{
    s->running = -1;
    s->wait = gained ? 1 : 2 * s->wait < LONGEST_WAIT ? 2 * s->wait : LONGEST_WAIT;
}

int proposer_schedule_is_due(const struct proposer_schedule *s)
{
    return s->idle >= (s->running < 0 ? s->wait : PATIENCE);
}
