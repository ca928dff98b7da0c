#include "schedule/parts/brackets.h"

#include "core/fail.h"
#include "core/mem.h"

#include <math.h>

int32_t brackets_init(struct brackets *brackets, const struct schedule_context *context, double eta,
                      bracket_planner *plan, const void *user)
{
    *brackets = (struct brackets){.eta = eta, .plan = plan, .user = user};
    arms_init(&brackets->arms, context);
    levels_init(&brackets->levels, context->budget_min, context->budget_max, eta);
    return 0;
}

void brackets_fini(struct brackets *brackets)
{
    for (size_t i = 0; i < brackets->n; i++)
        bracket_fini(&brackets->bracket[i]);
    mem_free(brackets->bracket);
    mem_free(brackets->home);
    arms_fini(&brackets->arms);
}

/* The plan of a further bracket, for which the open ones leave their part of the budget. */
static struct bracket_plan plan_next(const struct brackets *brackets, const struct situation *situation)
{
    struct situation left = *situation;
    if (isfinite(left.remaining))
        for (size_t i = brackets->first_open; i < brackets->n; i++)
            left.remaining -= bracket_outstanding(&brackets->bracket[i], &brackets->levels, brackets->eta);
    return brackets->plan(brackets, brackets->n, &left);
}

static int32_t begin(struct brackets *brackets, const struct situation *situation)
{
    struct bracket_plan plan = plan_next(brackets, situation);
    void *list = brackets->bracket;
    int32_t rc = mem_reserve(&list, &brackets->capacity, brackets->n + 1, sizeof *brackets->bracket);
    brackets->bracket = list;
    if (!rc)
        rc = bracket_init(&brackets->bracket[brackets->n++], plan.size > 0 ? plan.size : 1, plan.first_level);
    return rc;
}

/* Of the arm at a place; room for it is made. */
static int32_t set_home(struct brackets *brackets, size_t place, size_t home)
{
    void *list = brackets->home;
    int32_t rc = mem_reserve(&list, &brackets->home_capacity, place + 1, sizeof *brackets->home);
    brackets->home = list;
    if (rc)
        return rc;
    for (; brackets->home_count <= place; brackets->home_count++)
        brackets->home[brackets->home_count] = 0;
    brackets->home[place] = home;
    return 0;
}

/* The first open bracket that takes a new arm; n: none does. */
static size_t find_filling(const struct brackets *brackets)
{
    for (size_t i = brackets->first_open; i < brackets->n; i++) {
        const struct bracket *b = &brackets->bracket[i];
        if (!b->is_over && b->level == b->first && b->asked < b->n)
            return i;
    }
    return brackets->n;
}

static int32_t close_all(struct brackets *brackets)
{
    int32_t rc = 0;
    for (size_t i = brackets->first_open; !rc && i < brackets->n; i++)
        rc = bracket_close(&brackets->bracket[i], &brackets->arms, &brackets->levels, brackets->eta);
    return rc;
}

static int32_t take_new(struct brackets *brackets, const struct schedule_event *event, size_t place)
{
    size_t home = find_filling(brackets);
    int32_t rc = home == brackets->n ? begin(brackets, event->situation) : 0;
    if (!rc)
        rc = set_home(brackets, place, home + 1);
    if (!rc)
        bracket_asked(&brackets->bracket[home], event);
    return rc;
}

int32_t brackets_observe(struct brackets *brackets, const struct schedule_event *event)
{
    struct arm *arm;
    int32_t rc = 0;
    if (event->kind == SCHEDULE_ASKED && event->situation && event->situation->exhausted)
        rc = close_all(brackets);
    if (!rc)
        rc = arms_observe(&brackets->arms, event, &arm);
    if (rc)
        return rc;
    size_t place = (size_t)(arm - brackets->arms.arm);
    size_t home = place < brackets->home_count ? brackets->home[place] : 0;
    if (event->kind == SCHEDULE_ASKED && !event->situation)
        return 0;
    if (event->kind == SCHEDULE_ASKED && event->trial == event->arm)
        return take_new(brackets, event, place);
    if (home == 0)
        return 0;
    if (event->kind == SCHEDULE_ASKED)
        bracket_asked(&brackets->bracket[home - 1], event);
    if (event->kind == SCHEDULE_TOLD && !event->is_late)
        rc =
            bracket_told(&brackets->bracket[home - 1], event->trial, &brackets->arms, &brackets->levels, brackets->eta);
    while (brackets->first_open < brackets->n && brackets->bracket[brackets->first_open].is_over)
        brackets->first_open++;
    return rc;
}

int32_t brackets_next(struct brackets *brackets, const struct situation *situation, struct action *action)
{
    int waits = 0;
    for (size_t i = brackets->first_open; i < brackets->n; i++) {
        int32_t rc = bracket_next(&brackets->bracket[i], &brackets->arms, &brackets->levels, brackets->eta,
                                  situation->exhausted, action);
        if (rc || action->kind <= ACTION_CONTINUE)
            return rc;
        waits |= action->kind == ACTION_WAIT;
    }
    struct bracket_plan plan = {0};
    if (!situation->exhausted)
        plan = plan_next(brackets, situation);
    if (plan.size > 0) {
        action->kind = ACTION_NEW;
        action->budget = brackets->levels.value[plan.first_level];
    } else {
        action->kind = waits ? ACTION_WAIT : ACTION_DONE;
    }
    return 0;
}

struct bracket_plan brackets_fit(const struct brackets *brackets, size_t size, size_t first_level, double remaining)
{
    const struct levels *levels = &brackets->levels;
    double most = remaining * (1 + 1e-9);
    size_t low = 0, high = size; /* the cost grows with the size */
    while (low < high) {
        size_t middle = high - (high - low) / 2;
        if (bracket_cost(levels, brackets->eta, middle, first_level) <= most)
            low = middle;
        else
            high = middle - 1;
    }
    if (low >= size || (double)low >= brackets->eta)
        return (struct bracket_plan){low, first_level};
    size_t top = levels->count - 1; /* too few to choose from: one alone, at the full budget */
    return (struct bracket_plan){levels->value[top] <= most ? 1 : 0, top};
}

int brackets_may_continue(const struct brackets *brackets, int64_t arm)
{
    size_t place = (size_t)(arms_of(&brackets->arms, arm) - brackets->arms.arm);
    size_t home = place < brackets->home_count ? brackets->home[place] : 0;
    if (home == 0)
        return 0;
    const struct bracket *b = &brackets->bracket[home - 1];
    size_t known = b->level == b->first ? b->asked : b->n;
    for (size_t i = 0; i < known && !b->is_over; i++)
        if (b->arm[i] == arm)
            return 1;
    return 0;
}
