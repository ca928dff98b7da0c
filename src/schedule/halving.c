/* Successive halving (Z. Karnin et al. 2013; K. Jamieson, A. Talwalkar 2016): a group of arms is evaluated at a low
 * budget, the best of them, one in eta, at eta times that, and so on until the best remains. Then another group
 * begins, while the budget lasts. */
#include "schedule/parts/brackets.h"

#include "core/fail.h"

#include <math.h>

struct halving {
    struct brackets brackets;
    int64_t arms, groups;
};

static const struct option options[] = {
    {"eta", AFINA_OPTION_REAL, 2, 1000, 2, "", "", "one arm in eta goes on to a budget eta times as large"},
    {"arms", AFINA_OPTION_INTEGER, 0, 100000, 0, "", "",
     "arms of a group; 0: as many as leave one at the full budget. More when more points are queued"},
    {"groups", AFINA_OPTION_INTEGER, 0, 1000000, 0, "", "", "groups, one after the other; 0: while the budget lasts"},
};

/* eta^(levels - 1), rounded up. */
static size_t usual_size(const struct brackets *brackets)
{
    double size = ceil(pow(brackets->eta, (double)(brackets->levels.count - 1)) * (1 - 1e-12));
    return size < 100000 ? (size_t)size : 100000;
}

static struct bracket_plan plan(const struct brackets *brackets, size_t count, const struct situation *situation)
{
    const struct halving *halving = brackets->user;
    size_t size = halving->arms > 0 ? (size_t)halving->arms : usual_size(brackets);
    if (halving->groups > 0 && count >= (size_t)halving->groups)
        return (struct bracket_plan){0};
    if (situation->queued > (int64_t)size)
        size = (size_t)situation->queued;
    return brackets_fit(brackets, size, 0, situation->remaining);
}

static int32_t init(void *state, const struct schedule_context *context)
{
    struct halving *halving = state;
    halving->arms = option_integer(context->options, "arms");
    halving->groups = option_integer(context->options, "groups");
    if (halving->arms == 1)
        return fail(AFINA_E_RANGE, "option \"halving.arms\" must be 0 or at least 2, got 1");
    return brackets_init(&halving->brackets, context, option_real(context->options, "eta"), plan, halving);
}

static int32_t observe(void *state, const struct schedule_event *event)
{
    struct halving *halving = state;
    return brackets_observe(&halving->brackets, event);
}

static int32_t next(void *state, const struct situation *situation, struct action *action)
{
    struct halving *halving = state;
    return brackets_next(&halving->brackets, situation, action);
}

static void fini(void *state)
{
    struct halving *halving = state;
    brackets_fini(&halving->brackets);
}

const struct scheduler scheduler_halving = {
    .name = "halving",
    .summary = "successive halving: of a group the best go on to a larger budget, until one remains",
    .needs = SCHEDULE_BUDGETS,
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .state_size = sizeof(struct halving),
    .init = init,
    .observe = observe,
    .next = next,
    .fini = fini,
};
