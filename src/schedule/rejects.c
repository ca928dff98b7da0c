/* Successive rejects (J.-Y. Audibert, S. Bubeck, R. Munos, "Best arm identification in multi-armed bandits", COLT 2010,
 * figure 3): K arms, T pulls, K - 1 phases. At the end of phase k each of the arms that are left has had
 *
 *     n_k = ceil((T - K) / (L (K + 1 - k))),    L = 1/2 + sum of 1/i over i = 2..K
 *
 * pulls, and the worst of them is dropped. n_k is a function of K + 1 - k, the arms that are left, alone: an arm that
 * fails takes the place of a rejected one. */
#include "schedule/parts/rounds.h"

#include <math.h>

static const struct option options[] = {PULLS_OPTION_ARMS};

static double harmonic(size_t K)
{
    double sum = 0.5;
    for (size_t i = 2; i <= K; i++)
        sum += 1 / (double)i;
    return sum;
}

/* Without a total the last two arms have all the replicates that they may have. */
static struct round_plan plan_round(const struct round_start *start, const void *user)
{
    (void)user;
    double L = harmonic(start->all), K = (double)start->all;
    double T = start->total < INT64_MAX ? (double)start->total : K + 2 * L * (double)start->limit;
    double n = ceil((T - K) / (L * (double)start->left) * (1 - 1e-12));
    int64_t pulls = n < 1 ? 1 : (int64_t)n;
    return (struct round_plan){.pulls = pulls > start->pulls ? pulls : start->pulls, .kept = start->left - 1};
}

static int32_t init(void *state, const struct schedule_context *context)
{
    return rounds_init(state, context, "rejects", plan_round, NULL);
}

static int32_t observe(void *state, const struct schedule_event *event)
{
    return rounds_observe(state, event);
}

static int32_t next(void *state, const struct situation *situation, struct action *action)
{
    return rounds_next(state, situation, action);
}

static void conclude(void *state, struct conclusion *out)
{
    rounds_conclude(state, out);
}

static void fini(void *state)
{
    rounds_fini(state);
}

const struct scheduler scheduler_rejects = {
    .name = "rejects",
    .summary = "successive rejects: arms are repeated equally often, and one after the other the worst is dropped",
    .needs = SCHEDULE_REPLICATES,
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .state_size = sizeof(struct rounds),
    .init = init,
    .observe = observe,
    .next = next,
    .conclude = conclude,
    .fini = fini,
};
