/* No scheduler: every trial is a new arm at the full budget. */
#include "schedule/schedule.h"

static int32_t init(void *state, const struct schedule_context *context)
{
    (void)state;
    (void)context;
    return 0;
}

static int32_t observe(void *state, const struct schedule_event *event)
{
    (void)state;
    (void)event;
    return 0;
}

static int32_t next(void *state, const struct situation *situation, struct action *action)
{
    (void)state;
    action->kind = situation->exhausted ? ACTION_DONE : ACTION_NEW;
    return 0;
}

static void fini(void *state)
{
    (void)state;
}

const struct scheduler scheduler_none = {
    .name = "none",
    .summary = "every trial is a new configuration at the full budget",
    .state_size = 1,
    .init = init,
    .observe = observe,
    .next = next,
    .fini = fini,
};
