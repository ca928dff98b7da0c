#include "schedule/parts/bracket.h"

#include "core/fail.h"
#include "core/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int32_t bracket_init(struct bracket *bracket, size_t size, size_t first_level)
{
    *bracket = (struct bracket){.size = size, .first = first_level, .level = first_level, .n = size};
    bracket->arm = mem_new(size, sizeof *bracket->arm);
    bracket->trial = mem_new(size, sizeof *bracket->trial);
    return bracket->arm && bracket->trial ? 0 : fail_memory();
}

void bracket_fini(struct bracket *bracket)
{
    mem_free(bracket->arm);
    mem_free(bracket->trial);
}

static size_t kept_of(size_t n, double eta)
{
    double kept = floor((double)n / eta * (1 + 1e-12));
    return kept < 1 ? 1 : (size_t)kept;
}

/* One that remains alone goes to the top at once. */
static size_t level_after(const struct levels *levels, size_t level, size_t kept)
{
    return kept == 1 ? levels->count - 1 : level + 1;
}

/* What the levels above one cost for those of `size` arms that go on. */
static double cost_above(const struct levels *levels, double eta, size_t size, size_t level)
{
    double cost = 0;
    while (level + 1 < levels->count) {
        size = kept_of(size, eta);
        size_t next = level_after(levels, level, size);
        cost += (double)size * (levels->value[next] - levels->value[level]);
        level = next;
    }
    return cost;
}

double bracket_cost(const struct levels *levels, double eta, size_t size, size_t first_level)
{
    return (double)size * levels->value[first_level] + cost_above(levels, eta, size, first_level);
}

double bracket_outstanding(const struct bracket *bracket, const struct levels *levels, double eta)
{
    if (bracket->is_over)
        return 0;
    double each = levels->value[bracket->level];
    if (bracket->level > bracket->first)
        each -= levels->value[bracket->level - 1];
    return (double)(bracket->n - bracket->asked) * each + cost_above(levels, eta, bracket->n, bracket->level);
}

/* Moves an arm of the rung that was not asked yet to the next place; 0: there is none. */
static int bring_forward(struct bracket *bracket, int64_t arm)
{
    size_t at = bracket->asked;
    while (at < bracket->n && bracket->arm[at] != arm)
        at++;
    if (at == bracket->n)
        return 0;
    bracket->arm[at] = bracket->arm[bracket->asked];
    bracket->arm[bracket->asked] = arm;
    return 1;
}

/* A log from elsewhere may hold promotions that no bracket asked for: they do not count. */
void bracket_asked(struct bracket *bracket, const struct schedule_event *event)
{
    int is_new = event->trial == event->arm, is_first = bracket->level == bracket->first;
    if (bracket->is_over || bracket->asked == bracket->n || is_new != is_first)
        return;
    if (is_new)
        bracket->arm[bracket->asked] = event->arm;
    else if (!bring_forward(bracket, event->arm))
        return;
    bracket->trial[bracket->asked++] = event->trial;
}

struct standing {
    double loss;
    int64_t arm;
};

static int compare(const void *a, const void *b)
{
    const struct standing *x = a, *y = b;
    return arm_is_before(x->loss, x->arm, y->loss, y->arm) ? -1 : arm_is_before(y->loss, y->arm, x->loss, x->arm);
}

/* The arms of the rung that go on, the best first: *count of them, none of those that have no finite loss. */
static int32_t select_arms(const struct bracket *bracket, const struct arms *arms, const struct levels *levels,
                           double eta, int64_t *out, size_t *count)
{
    struct standing *list = mem_new(bracket->asked, sizeof *list);
    if (!list)
        return fail_memory();
    size_t n = 0, most = kept_of(bracket->asked, eta);
    for (size_t i = 0; i < bracket->asked; i++) {
        const struct arm *arm = arms_of(arms, bracket->arm[i]);
        double loss = arm->is_out ? INFINITY : arm_loss_at(arm, levels->value[bracket->level]);
        if (isfinite(loss))
            list[n++] = (struct standing){loss, arm->number};
    }
    qsort(list, n, sizeof *list, compare);
    *count = n < most ? n : most;
    for (size_t i = 0; i < *count; i++)
        out[i] = list[i].arm;
    mem_free(list);
    return 0;
}

/* The rung is complete: the next one begins, or the bracket is over. */
static int32_t climb(struct bracket *bracket, const struct arms *arms, const struct levels *levels, double eta)
{
    size_t kept = 0;
    int32_t rc = 0;
    if (bracket->level + 1 < levels->count)
        rc = select_arms(bracket, arms, levels, eta, bracket->arm, &kept);
    if (rc)
        return rc;
    bracket->is_over = kept == 0;
    bracket->level = level_after(levels, bracket->level, kept);
    bracket->n = kept;
    bracket->asked = bracket->done = 0;
    return 0;
}

int32_t bracket_told(struct bracket *bracket, int64_t trial, const struct arms *arms, const struct levels *levels,
                     double eta)
{
    size_t at = 0;
    while (at < bracket->asked && bracket->trial[at] != trial)
        at++;
    if (at == bracket->asked)
        return 0;
    bracket->trial[at] = -1;
    bracket->done++;
    return bracket->done == bracket->n ? climb(bracket, arms, levels, eta) : 0;
}

int32_t bracket_close(struct bracket *bracket, const struct arms *arms, const struct levels *levels, double eta)
{
    if (bracket->is_over || bracket->level != bracket->first || bracket->asked == bracket->n)
        return 0;
    bracket->n = bracket->asked;
    if (bracket->done < bracket->n)
        return 0;
    return climb(bracket, arms, levels, eta);
}

static void continue_arm(const struct arms *arms, const struct levels *levels, int64_t number, size_t level,
                         struct action *action)
{
    action->kind = ACTION_CONTINUE;
    action->trial = arms_of(arms, number)->last;
    action->budget = levels->value[level];
}

/* What the first rung leads to when it can get no more arms. */
static int32_t next_when_closed(const struct bracket *bracket, const struct arms *arms, const struct levels *levels,
                                double eta, struct action *action)
{
    size_t kept = 0;
    if (bracket->done < bracket->asked)
        return 0;
    int64_t *list = mem_new(bracket->asked + 1, sizeof *list);
    if (!list)
        return fail_memory();
    int32_t rc = 0;
    if (bracket->level + 1 < levels->count)
        rc = select_arms(bracket, arms, levels, eta, list, &kept);
    action->kind = ACTION_DONE;
    if (!rc && kept > 0)
        continue_arm(arms, levels, list[0], level_after(levels, bracket->level, kept), action);
    mem_free(list);
    return rc;
}

int32_t bracket_next(const struct bracket *bracket, const struct arms *arms, const struct levels *levels, double eta,
                     int exhausted, struct action *action)
{
    int is_first = bracket->level == bracket->first;
    action->kind = ACTION_WAIT;
    if (bracket->is_over)
        action->kind = ACTION_DONE;
    else if (bracket->asked == bracket->n)
        return 0;
    else if (!is_first)
        continue_arm(arms, levels, bracket->arm[bracket->asked], bracket->level, action);
    else if (exhausted)
        return next_when_closed(bracket, arms, levels, eta, action);
    else {
        action->kind = ACTION_NEW;
        action->budget = levels->value[bracket->level];
    }
    return 0;
}
