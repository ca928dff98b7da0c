/* No stopper: nothing ends early. */
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

static int32_t advise(void *state, const struct progress *progress, int *stop)
{
    (void)state;
    (void)progress;
    *stop = 0;
    return 0;
}

static void fini(void *state)
{
    (void)state;
}

const struct stopper stopper_never = {
    .name = "never",
    .summary = "no trial is ended early",
    .state_size = 1,
    .init = init,
    .observe = observe,
    .advise = advise,
    .fini = fini,
};
