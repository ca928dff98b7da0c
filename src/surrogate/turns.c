/* Turns that double their distance, as retries of a network do: what never gains costs one
 * trial in 17. */
#include "surrogate/turns.h"

enum {
    LONGEST_WAIT = 16,
    PATIENCE = 64 /* trials, before a turn that runs is taken for one that never ends */
};

struct turns turns_begin(uint64_t wait)
{
    return (struct turns){.running = -1, .wait = wait};
}

void turns_asked(struct turns *t, int64_t number, int taken)
{
    t->idle = taken ? 0 : t->idle + 1;
    if (taken)
        t->running = number;
}

void turns_ended(struct turns *t, int gained)
{
    t->running = -1;
    t->wait = gained ? 1 : 2 * t->wait < LONGEST_WAIT ? 2 * t->wait : LONGEST_WAIT;
}

int turns_are_due(const struct turns *t)
{
    return t->idle >= (t->running < 0 ? t->wait : PATIENCE);
}
