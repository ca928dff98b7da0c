/* Successive halving (Z. Karnin et al. 2013; K. Jamieson, A. Talwalkar 2016): a group of arms is evaluated, the best of
 * them, one in eta, are evaluated further, and so on until the best remains.
 *
 * With budgets an evaluation goes up to a budget, the next one to eta times that; after a group another begins, while
 * the total lasts. Without budgets it is sequential halving (Karnin et al., algorithm 1): a round is a number of
 * replicates of each arm, and all rounds cost the same. Deviations: the means are over all rounds; rounding down leaves
 * what it saves to the later rounds. */
#include "core/elementary.h"
#include "schedule/parts/brackets.h"
#include "schedule/parts/rounds.h"

#include "core/fail.h"

#include <math.h>

struct halving {
    int has_budgets;
    struct brackets brackets; /* with budgets */
    struct rounds rounds;     /* without */
    double eta;
    int64_t arms, groups;
};

static const struct option options[] = {
    {"eta", AFINA_OPTION_REAL, 2, 1000, 2, "", "", "one arm in eta goes on, to a budget eta times as large"},
    {"arms", AFINA_OPTION_INTEGER, 0, 100000, 0, "", "",
     "arms of a group; 0: as many as leave one at the full budget, or 64 without budgets. More when more are queued"},
    {"groups", AFINA_OPTION_INTEGER, 0, 1000000, 0, "", "",
     "groups, one after the other; 0: while the budget lasts. One without budgets"},
};

/* eta^(levels - 1), rounded up. */
static size_t usual_size(const struct brackets *brackets)
{
    double size = ceil(portable_pow(brackets->eta, (double)(brackets->levels.count - 1)) * (1 - 1e-12));
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

/* Rounds until one of n arms is left. */
static size_t rounds_of(double n, double eta)
{
    double rounds = ceil(portable_log(n) / portable_log(eta) * (1 - 1e-12));
    return rounds < 1 ? 1 : (size_t)rounds;
}

/* Pulls of an arm up to the end of a round when only those of the last arms are limited: eta times as many in each
 * round as in the one before. */
static int64_t pulls_up_to(const struct round_start *start, size_t rounds, double eta)
{
    double share = (portable_pow(eta, (double)(start->round + 1)) - 1) / (portable_pow(eta, (double)rounds) - 1);
    return (int64_t)round((double)start->limit * share);
}

static struct round_plan plan_round(const struct round_start *start, const void *user)
{
    const struct halving *halving = user;
    size_t rounds = rounds_of((double)start->all, halving->eta);
    size_t to_come = start->round + 1 < rounds ? rounds - start->round : 1;
    int64_t pulls = start->total < INT64_MAX ? start->pulls + start->available / (int64_t)(to_come * start->left)
                                             : pulls_up_to(start, rounds, halving->eta);
    double kept = ceil((double)start->left / halving->eta * (1 - 1e-12));
    return (struct round_plan){.pulls = pulls > start->pulls ? pulls : start->pulls + 1,
                               .kept = to_come == 1 ? 1 : (size_t)kept};
}

static int32_t init(void *state, const struct schedule_context *context)
{
    struct halving *halving = state;
    halving->eta = option_real(context->options, "eta");
    halving->arms = option_integer(context->options, "arms");
    halving->groups = option_integer(context->options, "groups");
    halving->has_budgets = isfinite(context->budget_max);
    if (halving->arms == 1)
        return fail(AFINA_E_RANGE, "option \"halving.arms\" must be 0 or at least 2, got 1");
    if (halving->has_budgets)
        return brackets_init(&halving->brackets, context, halving->eta, plan, halving);
    if (context->replicates < 2)
        return fail(AFINA_E_RANGE, "scheduler \"halving\" needs budgets (\"budget_min\", \"budget_max\") or "
                                   "\"replicates\" of at least 2");
    if (halving->groups > 1)
        return fail(AFINA_E_RANGE, "option \"halving.groups\" must be 0 or 1 without budgets, got %lld",
                    (long long)halving->groups);
    return rounds_init(&halving->rounds, context, "halving", plan_round, halving);
}

static int32_t observe(void *state, const struct schedule_event *event)
{
    struct halving *halving = state;
    return halving->has_budgets ? brackets_observe(&halving->brackets, event) : rounds_observe(&halving->rounds, event);
}

static int32_t next(void *state, const struct situation *situation, struct action *action)
{
    struct halving *halving = state;
    return halving->has_budgets ? brackets_next(&halving->brackets, situation, action)
                                : rounds_next(&halving->rounds, situation, action);
}

/* With budgets: the best of the results at the full one. */
static void conclude(void *state, struct conclusion *out)
{
    const struct halving *halving = state;
    const struct arms *arms = &halving->brackets.arms;
    if (!halving->has_budgets) {
        rounds_conclude(&halving->rounds, out);
        return;
    }
    const struct arm *best = NULL;
    for (size_t i = 0; i < arms->n; i++)
        if (arms->arm[i].n > 0 && (!best || arms->arm[i].mean < best->mean))
            best = &arms->arm[i];
    *out = (struct conclusion){.arm = best ? best->number : -1, .gap = NAN};
}

static int may_continue(void *state, int64_t arm)
{
    struct halving *halving = state;
    return brackets_may_continue(&halving->brackets, arm);
}

static void fini(void *state)
{
    struct halving *halving = state;
    brackets_fini(&halving->brackets);
    rounds_fini(&halving->rounds);
}

const struct scheduler scheduler_halving = {
    .name = "halving",
    .summary = "successive halving: of a group the best are evaluated further, until one remains",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .state_size = sizeof(struct halving),
    .init = init,
    .observe = observe,
    .next = next,
    .may_continue = may_continue,
    .conclude = conclude,
    .fini = fini,
};
