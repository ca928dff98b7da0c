/* Every arm is evaluated in every replicate. The replicates of an arm come one after the other; several workers share
 * them, and begin the next arm when all are asked. */
#include "schedule/parts/arms.h"

struct repeat {
    struct arms arms;
    int64_t replicates;
    size_t first_open; /* arms before it need no more */
};

static int32_t init(void *state, const struct schedule_context *context)
{
    struct repeat *repeat = state;
    repeat->replicates = context->replicates;
    arms_init(&repeat->arms, context);
    return 0;
}

/* An arm that failed is not repeated. */
static int is_complete(const struct repeat *repeat, const struct arm *arm)
{
    return arm->is_out || arm->asked >= repeat->replicates;
}

static int32_t observe(void *state, const struct schedule_event *event)
{
    struct repeat *repeat = state;
    struct arm *arm;
    int32_t rc = arms_observe(&repeat->arms, event, &arm);
    while (!rc && repeat->first_open < repeat->arms.n && is_complete(repeat, &repeat->arms.arm[repeat->first_open]))
        repeat->first_open++;
    return rc;
}

static int32_t next(void *state, const struct situation *situation, struct action *action)
{
    struct repeat *repeat = state;
    for (size_t i = repeat->first_open; i < repeat->arms.n; i++) {
        const struct arm *arm = &repeat->arms.arm[i];
        if (is_complete(repeat, arm))
            continue;
        action->kind = ACTION_REPEAT;
        action->trial = arm->number;
        action->replicate = arm->asked;
        return 0;
    }
    action->kind = situation->exhausted ? ACTION_DONE : ACTION_NEW;
    return 0;
}

static void fini(void *state)
{
    struct repeat *repeat = state;
    arms_fini(&repeat->arms);
}

const struct scheduler scheduler_repeat = {
    .name = "repeat",
    .summary = "every configuration is evaluated in every replicate",
    .needs = SCHEDULE_REPLICATES,
    .state_size = sizeof(struct repeat),
    .init = init,
    .observe = observe,
    .next = next,
    .fini = fini,
};
