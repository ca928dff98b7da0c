#include "schedule/parts/rounds.h"

#include "core/fail.h"
#include "core/mem.h"
#include "core/order.h"

#include <math.h>

int32_t rounds_init(struct rounds *rounds, const struct schedule_context *context, const char *name,
                    round_planner *plan, const void *user)
{
    *rounds = (struct rounds){.plan = plan, .user = user};
    if (context->replicates < 2)
        return fail(AFINA_E_RANGE, "scheduler \"%s\" repeats arms: option \"replicates\" must be at least 2, got %lld",
                    name, (long long)context->replicates);
    int32_t rc = pulls_init(&rounds->pulls, context, name);
    if (!rc && rounds->pulls.total == INT64_MAX && rounds->pulls.limit == INT64_MAX)
        rc = fail(AFINA_E_RANGE, "scheduler \"%s\" divides a number of trials: set \"budget_total\" or \"replicates\"",
                  name);
    return rc;
}

void rounds_fini(struct rounds *rounds)
{
    mem_free(rounds->left);
    mem_free(rounds->mean);
    pulls_fini(&rounds->pulls);
}

static struct arm *arm_left(const struct rounds *rounds, size_t i)
{
    return pulls_at(&rounds->pulls, rounds->left[i]);
}

/* What is left of the total, and what arms had ahead of the round. */
static int64_t available(const struct rounds *rounds, int64_t pulls)
{
    int64_t sum = rounds->pulls.total - rounds->pulls.asked;
    if (rounds->pulls.total == INT64_MAX)
        return INT64_MAX;
    for (size_t i = 0; i < rounds->n; i++) {
        int64_t ahead = pulls_asked(arm_left(rounds, i)) - pulls;
        sum += ahead > 0 ? ahead : 0;
    }
    return sum;
}

static struct round_plan plan_round(const struct rounds *rounds, size_t round, size_t left, int64_t pulls)
{
    const struct round_start start = {.all = rounds->pulls.n,
                                      .left = left,
                                      .round = round,
                                      .pulls = pulls,
                                      .available = available(rounds, pulls),
                                      .total = rounds->pulls.total,
                                      .limit = rounds->pulls.limit};
    struct round_plan plan = rounds->plan(&start, rounds->user);
    if (plan.pulls > rounds->pulls.limit)
        plan.pulls = rounds->pulls.limit;
    return plan;
}

/* The best first; those without a result last. */
static void sort(struct rounds *rounds)
{
    for (size_t i = 0; i < rounds->n; i++) {
        double mean = pulls_mean(arm_left(rounds, i));
        rounds->mean[rounds->left[i]] = isnan(mean) ? INFINITY : mean;
    }
    order_by(rounds->mean, rounds->left, rounds->n);
}

static void drop_unsound(struct rounds *rounds)
{
    size_t n = 0;
    for (size_t i = 0; i < rounds->n; i++)
        if (pulls_are_sound(arm_left(rounds, i)))
            rounds->left[n++] = rounds->left[i];
    rounds->n = n;
}

static int is_complete(const struct rounds *rounds)
{
    for (size_t i = 0; i < rounds->n; i++) {
        const struct arm *arm = arm_left(rounds, i);
        int is_full = arm->running == 0 && !pulls_may_go_on(&rounds->pulls, arm);
        if (pulls_ended(arm) < rounds->now.pulls && !is_full)
            return 0;
    }
    return 1;
}

/* Goes through all rounds that are complete. */
static void settle(struct rounds *rounds)
{
    drop_unsound(rounds);
    while (rounds->n > 1 && is_complete(rounds)) {
        sort(rounds);
        int64_t affordable = rounds->pulls.total - rounds->pulls.asked;
        if (rounds->n > rounds->now.kept)
            rounds->n = rounds->now.kept;
        if ((int64_t)rounds->n > affordable)
            rounds->n = affordable < 1 ? 1 : (size_t)affordable;
        rounds->now = plan_round(rounds, ++rounds->round, rounds->n, rounds->now.pulls);
    }
}

static int32_t begin(struct rounds *rounds)
{
    if (!rounds->mean)
        rounds->mean = mem_new(rounds->pulls.n, sizeof *rounds->mean);
    if (rounds->mean)
        rounds->left = mem_new(rounds->pulls.n, sizeof *rounds->left);
    if (!rounds->left)
        return fail_memory();
    rounds->n = rounds->pulls.n;
    for (size_t i = 0; i < rounds->n; i++)
        rounds->left[i] = i;
    rounds->now = plan_round(rounds, 0, rounds->n, 0);
    return 0;
}

int32_t rounds_observe(struct rounds *rounds, const struct schedule_event *event)
{
    int32_t rc = pulls_observe(&rounds->pulls, event);
    if (!rc && rounds->pulls.is_closed && !rounds->left)
        rc = begin(rounds);
    if (!rc && rounds->left)
        settle(rounds);
    return rc;
}

/* The arm that is left, may go on, and has had the fewest pulls, of which it is to have `most`; NULL: none. */
static const struct arm *find_fewest(const struct rounds *rounds, int64_t most)
{
    const struct arm *found = NULL;
    for (size_t i = 0; i < rounds->n; i++) {
        const struct arm *arm = arm_left(rounds, i);
        int64_t asked = pulls_asked(arm);
        if (asked < most && pulls_may_go_on(&rounds->pulls, arm) && (!found || asked < pulls_asked(found)))
            found = arm;
    }
    return found;
}

/* How many of those that are left look better than an arm. */
static size_t rank_of(const struct rounds *rounds, const struct arm *arm)
{
    size_t rank = 0;
    for (size_t i = 0; i < rounds->n; i++) {
        const struct arm *other = arm_left(rounds, i);
        rank += (size_t)arm_is_before(pulls_mean(other), other->number, pulls_mean(arm), arm->number);
    }
    return rank;
}

/* While the last pulls of a round run: the best arm that the next round would pull; NULL: none. */
static const struct arm *find_ahead(const struct rounds *rounds)
{
    const struct arm *found = NULL;
    if (rounds->now.kept < 2)
        return NULL;
    struct round_plan plan = plan_round(rounds, rounds->round + 1, rounds->now.kept, rounds->now.pulls);
    for (size_t i = 0; i < rounds->n; i++) {
        const struct arm *arm = arm_left(rounds, i);
        if (arm->n > 0 && pulls_asked(arm) < plan.pulls && pulls_may_go_on(&rounds->pulls, arm) &&
            (!found || arm->mean < found->mean))
            found = arm;
    }
    return found && rank_of(rounds, found) < rounds->now.kept ? found : NULL;
}

/* There are no more new arms, which the log will say with the next trial: until then the best is pulled. */
static const struct arm *find_before_beginning(const struct rounds *rounds)
{
    const struct pulls *pulls = &rounds->pulls;
    const struct arm *found = pulls_best(pulls);
    if (pulls->n < 2 || (found && pulls_may_go_on(pulls, found)))
        return pulls->n < 2 ? NULL : found;
    for (size_t i = 0; i < pulls->n; i++)
        if (pulls_may_go_on(pulls, pulls_at(pulls, i)))
            return pulls_at(pulls, i);
    return NULL;
}

int32_t rounds_next(struct rounds *rounds, const struct situation *situation, struct action *action)
{
    const struct arm *arm = NULL;
    if (pulls_collect(&rounds->pulls, situation, action) || pulls_are_spent(&rounds->pulls, situation, action))
        return 0;
    if (!rounds->left)
        arm = find_before_beginning(rounds);
    else if (rounds->n > 1)
        arm = find_fewest(rounds, rounds->now.pulls);
    if (!arm && rounds->n > 1)
        arm = find_ahead(rounds);
    if (arm)
        pulls_repeat(arm, action);
    else
        pulls_end(situation, action);
    return 0;
}

void rounds_conclude(const struct rounds *rounds, struct conclusion *out)
{
    const struct arm *best = NULL;
    for (size_t i = 0; i < rounds->n; i++) {
        const struct arm *arm = arm_left(rounds, i);
        if (!isnan(pulls_mean(arm)) &&
            (!best || arm->mean < best->mean || (arm->mean == best->mean && arm->number < best->number)))
            best = arm;
    }
    if (!best)
        best = pulls_best(&rounds->pulls);
    out->arm = best ? best->number : -1;
    out->decided = best && (rounds->n == 1 || rounds->pulls.asked >= rounds->pulls.total);
    out->gap = NAN;
}
