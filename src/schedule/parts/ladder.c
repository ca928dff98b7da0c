#include "schedule/parts/ladder.h"

#include "core/fail.h"
#include "core/mem.h"

#include <math.h>
#include <stdlib.h>

void ladder_init(struct ladder *ladder, const struct schedule_context *context, double factor)
{
    arms_init(&ladder->arms, context);
    levels_init(&ladder->levels, context->budget_min, context->budget_max, factor);
}

void ladder_fini(struct ladder *ladder)
{
    for (size_t i = 0; i < LEVELS_MOST; i++)
        mem_free(ladder->rung[i].member);
    mem_free(ladder->entered);
    arms_fini(&ladder->arms);
}

static int is_at_least(double budget, double level)
{
    return budget * (1 + 1e-9) >= level;
}

static int32_t make_entered(struct ladder *ladder)
{
    void *list = ladder->entered;
    int32_t rc = mem_reserve(&list, &ladder->entered_capacity, ladder->arms.n, sizeof *ladder->entered);
    ladder->entered = list;
    while (!rc && ladder->n_entered < ladder->arms.n)
        ladder->entered[ladder->n_entered++] = 0;
    return rc;
}

static int32_t add_member(struct rung *rung, struct ranked item)
{
    void *list = rung->member;
    int32_t rc = mem_reserve(&list, &rung->capacity, rung->n + 1, sizeof *rung->member);
    rung->member = list;
    if (!rc)
        rung->member[rung->n++] = item;
    return rc;
}

/* The arm becomes a member of the rungs that its trial has passed, or would have: once. */
static int32_t enter(struct ladder *ladder, const struct arm *arm, double budget)
{
    unsigned char *entered = &ladder->entered[arm - ladder->arms.arm];
    int32_t rc = 0;
    for (; !rc && *entered < ladder->levels.count && is_at_least(budget, ladder->levels.value[*entered]); ++*entered) {
        double loss = arm_loss_at(arm, ladder->levels.value[*entered]);
        if (!isnan(loss))
            rc = add_member(&ladder->rung[*entered], (struct ranked){loss, arm->number});
    }
    return rc;
}

static void count_coming(struct ladder *ladder, const struct schedule_event *event)
{
    for (size_t i = 0; i < ladder->levels.count; i++) {
        double level = ladder->levels.value[i];
        if (is_at_least(event->asked_start, level) || !is_at_least(event->budget, level))
            continue;
        if (event->kind == SCHEDULE_ASKED)
            ladder->rung[i].coming++;
        else
            ladder->rung[i].coming--;
    }
}

int32_t ladder_observe(struct ladder *ladder, const struct schedule_event *event)
{
    struct arm *arm;
    int32_t rc = arms_observe(&ladder->arms, event, &arm);
    if (!rc)
        rc = make_entered(ladder);
    if (rc || event->replicate != 0 || event->kind == SCHEDULE_REPORT)
        return rc;
    if (!event->is_late)
        count_coming(ladder, event);
    if (event->kind == SCHEDULE_TOLD && !event->is_late && event->asked_start > 0) {
        ladder->continued++;
        ladder->restarted += event->start < event->asked_start;
    }
    return event->kind == SCHEDULE_TOLD ? enter(ladder, arm, event->budget) : 0;
}

size_t ladder_from(const struct ladder *ladder, double budget)
{
    size_t level = 0;
    while (level + 1 < ladder->levels.count && !is_at_least(ladder->levels.value[level], budget))
        level++;
    return level;
}

size_t ladder_count(const struct ladder *ladder, size_t level)
{
    return ladder->rung[level].n + ladder->rung[level].coming;
}

int ladder_is_beyond(const struct ladder *ladder, const struct arm *arm, size_t level)
{
    double value = ladder->levels.value[level];
    return is_at_least(arm->reached, value) || is_at_least(arm->planned, value);
}

int ladder_is_waiting(const struct ladder *ladder, const struct arm *arm, size_t level)
{
    return !arm->is_out && arm->running == 0 && arm->last >= 0 && isfinite(arm->loss) &&
           !ladder_is_beyond(ladder, arm, level);
}

static int compare(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    return ranked_before(*x, *y) ? -1 : ranked_before(*y, *x);
}

int32_t ladder_sort(const struct ladder *ladder, size_t level, struct ranked **out)
{
    const struct rung *rung = &ladder->rung[level];
    *out = mem_copy(rung->member, rung->n, sizeof *rung->member);
    if (!*out)
        return fail_memory();
    qsort(*out, rung->n, sizeof **out, compare);
    return 0;
}

double ladder_agreement(const struct ladder *ladder, const struct ranked *sorted, size_t n, size_t low)
{
    double value = ladder->levels.value[low], alike = 0;
    size_t pairs = 0;
    for (size_t i = 0; i < (n + 1) / 2; i++) {
        double better = arm_loss_at(arms_of(&ladder->arms, sorted[i].number), value);
        for (size_t j = i + 1; j < n; j++) {
            double worse = arm_loss_at(arms_of(&ladder->arms, sorted[j].number), value);
            if (isnan(better) || isnan(worse) || sorted[i].loss == sorted[j].loss)
                continue;
            alike += better < worse ? 1 : better == worse ? 0.5 : 0;
            pairs++;
        }
    }
    return pairs ? alike / (double)pairs : NAN;
}

double ladder_step_cost(const struct ladder *ladder, double from, double to)
{
    double kept = ladder->continued ? 1 - (double)ladder->restarted / (double)ladder->continued : 1;
    return to - kept * from;
}

double ladder_climb_cost(const struct ladder *ladder, size_t level, double count, double keep)
{
    const double *value = ladder->levels.value;
    double cost = 0;
    for (; level + 1 < ladder->levels.count; level++) {
        cost += count * ladder_step_cost(ladder, value[level], value[level + 1]);
        count = fmax(1, floor(count / keep * (1 + 1e-12)));
    }
    return cost;
}
