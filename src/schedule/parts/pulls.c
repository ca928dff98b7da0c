#include "schedule/parts/pulls.h"

#include "core/fail.h"
#include "core/mem.h"

#include <math.h>

enum { PULLS_EACH = 4 }; /* that arms of a set without a given size can have on the average */

/* floor(budget / cost), where that is a number of pulls. */
static int64_t affordable(double budget, double cost)
{
    double count = floor(budget / cost * (1 + 1e-12));
    return count < 0x1p53 ? (int64_t)count : INT64_MAX;
}

int32_t pulls_init(struct pulls *pulls, const struct schedule_context *context, const char *name)
{
    *pulls = (struct pulls){.wanted = option_integer(context->options, "arms"), .limit = context->replicates};
    arms_init(&pulls->arms, context);
    pulls->cost = schedule_cost(context->budget_max, 0);
    pulls->total = affordable(context->budget_total, pulls->cost);
    if (pulls->wanted == 1)
        return fail(AFINA_E_RANGE, "option \"%s.arms\" must be 0 or at least 2, got 1", name);
    if (pulls->wanted > pulls->total)
        return fail(AFINA_E_RANGE,
                    "option \"%s.arms\" must be at most %lld, the trials that \"budget_total\" allows, got %lld", name,
                    (long long)pulls->total, (long long)pulls->wanted);
    return 0;
}

void pulls_fini(struct pulls *pulls)
{
    arms_fini(&pulls->arms);
    mem_free(pulls->member);
}

struct arm *pulls_at(const struct pulls *pulls, size_t i)
{
    return &pulls->arms.arm[pulls->member[i]];
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Arms that the set is to have, when that many points are queued now. One alone, say the default, is no set. */
static int64_t target_with(const struct pulls *pulls, int64_t queued)
{
    int64_t target = pulls->target, all = (int64_t)pulls->n + queued;
    if (target == 0 && pulls->wanted > 0)
        target = pulls->wanted;
    if (target == 0 && queued <= 1)
        target = pulls->total / PULLS_EACH < 2 ? 2 : least(PULLS_ARMS, pulls->total / PULLS_EACH);
    return least(all > target ? all : target, pulls->total);
}

static int32_t add_member(struct pulls *pulls, int64_t queued)
{
    void *member = pulls->member;
    int32_t rc = mem_reserve(&member, &pulls->capacity, pulls->n + 1, sizeof *pulls->member);
    pulls->member = member;
    if (rc)
        return rc;
    pulls->target = target_with(pulls, queued);
    pulls->member[pulls->n++] = pulls->arms.n - 1;
    pulls->is_closed = (int64_t)pulls->n >= pulls->target;
    return 0;
}

int32_t pulls_observe(struct pulls *pulls, const struct schedule_event *event)
{
    struct arm *arm;
    int32_t rc = arms_observe(&pulls->arms, event, &arm);
    if (rc || event->kind != SCHEDULE_ASKED || !event->situation)
        return rc;
    pulls->asked++;
    if (event->trial == event->arm)
        return add_member(pulls, event->situation->queued);
    pulls->is_closed = pulls->n > 0; /* the host's own arm may be repeated in a log from elsewhere */
    return 0;
}

int pulls_collect(const struct pulls *pulls, const struct situation *situation, struct action *action)
{
    if (pulls->is_closed || situation->exhausted || (int64_t)pulls->n >= target_with(pulls, situation->queued))
        return 0;
    action->kind = ACTION_NEW;
    return 1;
}

int pulls_are_spent(const struct pulls *pulls, const struct situation *situation, struct action *action)
{
    if (situation->remaining >= pulls->cost * (1 - 1e-9) && pulls->asked < pulls->total)
        return 0;
    action->kind = ACTION_DONE;
    return 1;
}

void pulls_repeat(const struct arm *arm, struct action *action)
{
    action->kind = ACTION_REPEAT;
    action->trial = arm->number;
    action->replicate = arm->asked;
}

void pulls_end(const struct situation *situation, struct action *action)
{
    action->kind = situation->running > 0 ? ACTION_WAIT : ACTION_DONE;
}

int pulls_are_sound(const struct arm *arm)
{
    return arm->failed == 0 && arm->lost <= arm->n + 1;
}

int64_t pulls_ended(const struct arm *arm)
{
    return arm->n + arm->failed + arm->lost;
}

int64_t pulls_asked(const struct arm *arm)
{
    return pulls_ended(arm) + arm->running;
}

int pulls_may_go_on(const struct pulls *pulls, const struct arm *arm)
{
    return pulls_are_sound(arm) && arm->asked < pulls->limit;
}

double pulls_mean(const struct arm *arm)
{
    return arm->n > 0 && pulls_are_sound(arm) ? arm->mean : NAN;
}

const struct arm *pulls_best(const struct pulls *pulls)
{
    const struct arm *best = NULL;
    for (size_t i = 0; i < pulls->n; i++) {
        const struct arm *arm = pulls_at(pulls, i);
        double mean = pulls_mean(arm);
        if (mean < INFINITY && (!best || mean < best->mean))
            best = arm;
    }
    return best;
}

struct pulls_spread pulls_spread(const struct pulls *pulls)
{
    struct pulls_spread spread = {0, 0};
    for (size_t i = 0; i < pulls->n; i++) {
        const struct arm *arm = pulls_at(pulls, i);
        if (arm->n > 1) {
            spread.sum += arm->m2;
            spread.freedom += (double)(arm->n - 1);
        }
    }
    return spread;
}
