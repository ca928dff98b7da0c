/* What the scheduler is shown, what the study has spent, and what the scheduler answers. */
#include "core/fail.h"
#include "core/mem.h"
#include "study/component.h"
#include "study/dotted.h"
#include "study/fold.h"
#include "study/trial_event.h"

#include <math.h>

/* Where replicates are few, what they have in common is taken out of the results of arms (fold_arms.c). */
enum { MOST_REPLICATES = 100 };

static int32_t keep_replicates(struct fold_schedule *s)
{
    int64_t replicates = s->context.replicates;
    return replicates >= 2 && replicates <= MOST_REPLICATES ? additive_init(&s->replicates, (size_t)replicates) : 0;
}

int32_t fold_schedule_init(struct fold *fold)
{
    struct study *study = fold->study;
    struct fold_schedule *s = &fold->schedule;
    struct option_set *options;
    int32_t rc = study_component_options(study, component_of_scheduler(study->scheduler), &options);
    if (rc)
        return rc;
    s->context = schedule_context_of(study, fold->view.era->space, options);
    arms_init(&s->arms, &s->context);
    s->shows_arms = study_is_scheduled(study);
    rc = keep_replicates(s);
    if (rc)
        return rc;
    s->state = mem_new(study->scheduler->state_size, 1);
    return s->state ? study->scheduler->init(s->state, &s->context) : fail_memory();
}

void fold_schedule_fini(struct fold *fold)
{
    struct fold_schedule *s = &fold->schedule;
    if (s->state) {
        fold->study->scheduler->fini(s->state);
        mem_free(s->state);
    }
    arms_fini(&s->arms);
    additive_fini(&s->replicates);
}

static int has_replicate(const struct additive *replicates, size_t arm, size_t replicate)
{
    for (size_t i = 0; arm < replicates->n_arms && i < replicates->arms[arm].n; i++)
        if (replicates->arms[arm].cells[i].fold == replicate)
            return 1;
    return 0;
}

/* A result at the full budget; of two of one replicate the first counts. */
static int32_t add_replicate(struct fold_schedule *s, const struct schedule_event *event, const struct arm *arm)
{
    size_t place = (size_t)(arm - s->arms.arm), replicate = (size_t)event->replicate;
    int is_result = event->kind == SCHEDULE_TOLD && event->state == AFINA_STATE_COMPLETE && isfinite(event->loss) &&
                    event->budget >= s->arms.full;
    if (!is_result || replicate >= s->replicates.folds || has_replicate(&s->replicates, place, replicate))
        return 0;
    return additive_add(&s->replicates, place, replicate, event->loss);
}

static int32_t show(struct fold *fold, const struct schedule_event *event)
{
    struct arm *arm;
    fold->schedule.is_stale = 1;
    int32_t rc = arms_observe(&fold->schedule.arms, event, &arm);
    if (!rc)
        rc = add_replicate(&fold->schedule, event, arm);
    return rc ? rc : fold->study->scheduler->observe(fold->schedule.state, event);
}

/* What the trial was promised when it was asked for. */
static double promise_of(const struct trial *trial)
{
    return schedule_cost(trial->extras->budget, trial->extras->start);
}

int32_t fold_schedule_asked(struct fold *fold, const struct trial *trial, const struct point *point)
{
    struct fold_schedule *s = &fold->schedule;
    struct schedule_event event = trial_event(trial, point, SCHEDULE_ASKED);
    struct situation situation = s->situation;
    situation.exhausted = trial->extras->exhausted;
    situation.rng = NULL;
    if (trial->origin != AFINA_ORIGIN_ADDED)
        event.situation = &situation;
    s->running++;
    s->promised += promise_of(trial);
    s->dequeued += trial->origin == AFINA_ORIGIN_ENQUEUED;
    return study_is_scheduled(fold->study) ? show(fold, &event) : 0;
}

int32_t fold_schedule_report(struct fold *fold, const struct trial *trial, const struct point *point, double step,
                             double loss)
{
    struct schedule_event event = trial_event(trial, point, SCHEDULE_REPORT);
    event.step = step;
    event.loss = loss;
    return study_is_scheduled(fold->study) ? show(fold, &event) : 0;
}

int32_t fold_schedule_told(struct fold *fold, const struct trial *trial, const struct observation *o, double loss,
                           int is_late)
{
    struct fold_schedule *s = &fold->schedule;
    struct schedule_event event = trial_event(trial, o->point, SCHEDULE_TOLD);
    event.state = o->state;
    event.loss = loss;
    event.is_late = is_late;
    if (!is_late) {
        s->running--;
        s->promised -= promise_of(trial);
        if (fold->study->lag == 0 && trial->extras->restarted)
            s->promised -= trial->extras->start;
        s->spent += trial_cost(trial, o->state, fold->study->objectives);
    }
    return study_is_scheduled(fold->study) ? show(fold, &event) : 0;
}

/* With `lag` the restart is known with the end alone, which finds the promise as it was made. */
void fold_schedule_restarted(struct fold *fold, const struct trial *trial)
{
    fold->schedule.promised += trial->extras->start;
}

/* Points that were queued in the first `position` events. */
static int64_t count_enqueued(struct fold *fold, size_t position)
{
    struct fold_schedule *s = &fold->schedule;
    for (; s->queue_position < position; s->queue_position++)
        s->enqueued += fold->study->events[s->queue_position].kind == EVENT_ENQUEUED;
    return s->enqueued;
}

void fold_situate(struct fold *fold, int64_t number, size_t position, int exhausted)
{
    struct fold_schedule *s = &fold->schedule;
    s->situation = (struct situation){
        .number = number,
        .queued = count_enqueued(fold, position) - s->dequeued,
        .running = s->running,
        .remaining = fold->study->budget_total - s->spent - s->promised,
        .exhausted = exhausted,
    };
}

/* Where the trial that the action asks for would begin. The lock is not needed: ended trials do not change. */
static double start_of(const struct fold *fold, const struct action *action)
{
    if (action->kind != ACTION_CONTINUE && action->kind != ACTION_BRANCH)
        return 0;
    return trial_reached(fold->study->trials[action->trial]);
}

static int can_pay(const struct fold *fold, const struct action *action)
{
    double total = fold->study->budget_total;
    double cost = schedule_cost(action->budget, start_of(fold, action));
    return isinf(total) || cost <= fold->schedule.situation.remaining + 1e-9 * total;
}

int32_t fold_ask_scheduler(struct fold *fold, struct action *action)
{
    struct fold_schedule *s = &fold->schedule;
    struct situation situation = s->situation;
    *action = (struct action){.budget = fold->study->budget_max, .trial = -1, .point = fold->point};
    rng_start(&s->rng, fold->study->seed, (uint64_t)situation.number, RNG_SCHEDULE);
    situation.rng = &s->rng;
    int32_t rc = fold->study->scheduler->next(s->state, &situation, action);
    /* In a log from elsewhere the arm may have gone further than it was to go: nothing is left to do. */
    if (!rc && action->kind < ACTION_WAIT && action->budget < start_of(fold, action))
        action->budget = start_of(fold, action);
    if (!rc && action->kind < ACTION_WAIT && !can_pay(fold, action))
        action->kind = s->running > 0 ? ACTION_WAIT : ACTION_DONE;
    return rc;
}
