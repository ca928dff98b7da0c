#include "schedule/parts/arms.h"

#include "core/fail.h"
#include "core/mem.h"

#include <math.h>

void arms_init(struct arms *arms, const struct schedule_context *context)
{
    *arms = (struct arms){.full = context->budget_max};
}

static void curve_fini(struct arm_curve *curve)
{
    mem_free(curve->step);
    mem_free(curve->loss);
}

void arms_fini(struct arms *arms)
{
    for (size_t i = 0; i < arms->n; i++)
        curve_fini(&arms->arm[i].curve);
    mem_free(arms->arm);
    mem_free(arms->index);
}

struct arm *arms_of(const struct arms *arms, int64_t trial)
{
    return &arms->arm[arms->index[trial]];
}

/* Trials come in the order of their numbers, but for those that the scheduler is not shown: their places stay 0. */
static int32_t add_trial(struct arms *arms, int64_t trial, int64_t place)
{
    void *index = arms->index;
    int32_t rc = mem_reserve(&index, &arms->trial_capacity, (size_t)trial + 1, sizeof *arms->index);
    arms->index = index;
    if (rc)
        return rc;
    for (; arms->n_trials < (size_t)trial; arms->n_trials++)
        arms->index[arms->n_trials] = 0;
    arms->index[trial] = place;
    arms->n_trials = (size_t)trial + 1;
    return 0;
}

static int32_t add_arm(struct arms *arms, const struct schedule_event *event)
{
    void *list = arms->arm;
    int32_t rc = mem_reserve(&list, &arms->capacity, arms->n + 1, sizeof *arms->arm);
    arms->arm = list;
    if (!rc)
        rc = add_trial(arms, event->trial, (int64_t)arms->n);
    if (!rc)
        arms->arm[arms->n++] = (struct arm){.number = event->arm, .point = event->point, .last = -1, .loss = INFINITY};
    return rc;
}

static int32_t observe_asked(struct arms *arms, const struct schedule_event *event)
{
    int is_new = event->trial == event->arm;
    int32_t rc = is_new ? add_arm(arms, event) : add_trial(arms, event->trial, arms->index[event->arm]);
    if (rc)
        return rc;
    struct arm *arm = arms_of(arms, event->trial);
    arm->running++;
    arms->running++;
    if (event->budget > arm->planned)
        arm->planned = event->budget;
    if (event->replicate >= arm->asked)
        arm->asked = event->replicate + 1;
    return 0;
}

/* Results of a later trial at steps that an earlier one had reached replace those. */
static int32_t curve_add(struct arm_curve *curve, double step, double loss)
{
    void *steps = curve->step, *losses = curve->loss;
    size_t capacity = curve->capacity;
    while (curve->n > 0 && curve->step[curve->n - 1] >= step)
        curve->n--;
    int32_t rc = mem_reserve(&losses, &capacity, curve->n + 1, sizeof *curve->loss);
    curve->loss = losses;
    if (!rc)
        rc = mem_reserve(&steps, &curve->capacity, curve->n + 1, sizeof *curve->step);
    curve->step = steps;
    if (rc)
        return rc;
    curve->step[curve->n] = step;
    curve->loss[curve->n++] = loss;
    return 0;
}

static void add_replicate(struct arm *arm, double loss)
{
    if (!isfinite(loss)) {
        arm->failed++;
        return;
    }
    double difference = loss - arm->mean;
    arm->n++;
    arm->mean += difference / (double)arm->n;
    arm->m2 += difference * (loss - arm->mean);
}

static int has_result(const struct schedule_event *event)
{
    return (event->state == AFINA_STATE_COMPLETE || event->state == AFINA_STATE_PAUSED) && !isnan(event->loss);
}

static int32_t observe_result(struct arms *arms, struct arm *arm, const struct schedule_event *event)
{
    int32_t rc = 0;
    arm->is_out = 0; /* a late result of a trial that was lost */
    if (event->budget >= arm->reached) {
        arm->reached = event->budget;
        arm->loss = event->loss;
        arm->last = event->trial;
    }
    if (event->budget >= arms->full)
        add_replicate(arm, event->loss);
    if (isfinite(event->budget) && event->replicate == 0)
        rc = curve_add(&arm->curve, event->budget, event->loss);
    return rc;
}

static int32_t observe_told(struct arms *arms, struct arm *arm, const struct schedule_event *event, int is_late)
{
    if (!is_late) {
        arm->running--;
        arms->running--;
    }
    if (arm->running == 0)
        arm->planned = 0;
    arm->lost -= is_late;
    arm->state = event->state;
    if (has_result(event))
        return observe_result(arms, arm, event);
    arm->is_out = 1;
    if (event->state == AFINA_STATE_LOST)
        arm->lost++;
    else
        arm->failed++;
    if (event->state == AFINA_STATE_FAILED || event->state == AFINA_STATE_INFEASIBLE)
        arm->loss = INFINITY;
    return 0;
}

int32_t arms_observe(struct arms *arms, const struct schedule_event *event, struct arm **out)
{
    int32_t rc = event->kind == SCHEDULE_ASKED ? observe_asked(arms, event) : 0;
    if (rc)
        return rc;
    struct arm *arm = arms_of(arms, event->trial);
    *out = arm;
    if (event->kind == SCHEDULE_REPORT)
        return event->replicate == 0 ? curve_add(&arm->curve, event->step, event->loss) : 0;
    return event->kind == SCHEDULE_TOLD ? observe_told(arms, arm, event, event->is_late) : 0;
}

/* How many results of a curve are at steps up to `most`. */
static size_t count_up_to(const struct arm_curve *curve, double most)
{
    size_t low = 0, high = curve->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (curve->step[middle] <= most)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

double arm_loss_at(const struct arm *arm, double budget)
{
    const struct arm_curve *curve = &arm->curve;
    size_t count = count_up_to(curve, budget * (1 + 1e-9));
    if (count > 0 && curve->step[count - 1] >= budget * 0.9)
        return curve->loss[count - 1];
    if (count == 0 && !isfinite(budget) && arm->reached > 0)
        return arm->loss;
    return arm->is_out ? INFINITY : NAN;
}

int arm_is_done_at(const struct arm *arm, double budget)
{
    return arm->is_out || arm->reached * (1 + 1e-9) >= budget;
}

double arm_deviation(const struct arm *arm)
{
    return arm->n < 2 ? NAN : sqrt(arm->m2 / (double)(arm->n - 1));
}

int arm_is_before(double loss_a, int64_t number_a, double loss_b, int64_t number_b)
{
    if (isnan(loss_a) != isnan(loss_b))
        return isnan(loss_b);
    if (loss_a != loss_b && !isnan(loss_a))
        return loss_a < loss_b;
    return number_a < number_b;
}
