/* Hyperband (L. Li, K. Jamieson, G. DeSalvo, A. Rostamizadeh, A. Talwalkar, JMLR 18, 2018): brackets of successive
 * halving that begin at every level in turn, since it is not known how early a loss may be believed.
 *
 * Bracket s = s_max, ..., 1, 0 begins with n = ceil((s_max + 1) eta^s / (s + 1)) arms at the budget R eta^-s, so that
 * each costs about the same; then the sequence is repeated. Check: R = 27 r and eta = 3 give n = 27, 12, 6, 4.
 *
 * The paper runs one bracket after the other. Here the next one begins as soon as a worker would have to wait. */
#include "core/elementary.h"
#include "schedule/parts/brackets.h"

#include <math.h>

struct hyperband {
    struct brackets brackets;
    int64_t rounds;
};

static const struct option options[] = {
    {"eta", AFINA_OPTION_REAL, 2, 1000, 3, "", "", "one arm in eta goes on to a budget eta times as large"},
    {"rounds", AFINA_OPTION_INTEGER, 0, 1000000, 0, "", "",
     "times that the sequence of brackets is run; 0: while the budget lasts"},
};

static size_t size_of(const struct brackets *brackets, size_t s)
{
    double size =
        ceil((double)brackets->levels.count * portable_pow(brackets->eta, (double)s) / (double)(s + 1) * (1 - 1e-12));
    return size < 100000 ? (size_t)size : 100000;
}

static struct bracket_plan plan(const struct brackets *brackets, size_t count, const struct situation *situation)
{
    const struct hyperband *hyperband = brackets->user;
    size_t levels = brackets->levels.count, first = count % levels;
    if (hyperband->rounds > 0 && count / levels >= (size_t)hyperband->rounds)
        return (struct bracket_plan){0};
    return brackets_fit(brackets, size_of(brackets, levels - 1 - first), first, situation->remaining);
}

static int32_t init(void *state, const struct schedule_context *context)
{
    struct hyperband *hyperband = state;
    hyperband->rounds = option_integer(context->options, "rounds");
    return brackets_init(&hyperband->brackets, context, option_real(context->options, "eta"), plan, hyperband);
}

static int32_t observe(void *state, const struct schedule_event *event)
{
    struct hyperband *hyperband = state;
    return brackets_observe(&hyperband->brackets, event);
}

static int32_t next(void *state, const struct situation *situation, struct action *action)
{
    struct hyperband *hyperband = state;
    return brackets_next(&hyperband->brackets, situation, action);
}

static int may_continue(void *state, int64_t arm)
{
    struct hyperband *hyperband = state;
    return brackets_may_continue(&hyperband->brackets, arm);
}

static void fini(void *state)
{
    struct hyperband *hyperband = state;
    brackets_fini(&hyperband->brackets);
}

const struct scheduler scheduler_hyperband = {
    .name = "hyperband",
    .summary = "brackets of successive halving that begin at every budget in turn",
    .needs = SCHEDULE_BUDGETS,
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .state_size = sizeof(struct hyperband),
    .init = init,
    .observe = observe,
    .next = next,
    .may_continue = may_continue,
    .fini = fini,
};
