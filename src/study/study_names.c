/* The words for events, states and origins in logs and messages. */
#include "study/study.h"

#include <string.h>

static const char *const state_names[] = {"running", "complete", "stopped", "paused", "failed", "infeasible", "lost"};
static const char *const origin_names[] = {"suggested", "enqueued", "added"};

const char *const event_names[] = {"enqueued", "asked", "report", "constraints", "told", "errors"};

static int32_t find(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return (int32_t)i;
    return -1;
}

const char *trial_state_name(int32_t state)
{
    return state_names[state];
}

int32_t trial_state_from_name(const char *name)
{
    return find(state_names, sizeof state_names / sizeof state_names[0], name);
}

const char *trial_origin_name(int32_t origin)
{
    return origin_names[origin];
}

int32_t trial_origin_from_name(const char *name)
{
    return find(origin_names, sizeof origin_names / sizeof origin_names[0], name);
}
