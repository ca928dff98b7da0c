/* What a method is shown, and in which order: the events of the log, or with `lag` the trials by
 * their numbers. */
#include "core/mem.h"
#include "study/fold.h"

#include <math.h>

/* The losses of one row of values, or NULL when one of them is NaN. */
static const double *losses_of(struct fold *fold, const double *values)
{
    if (!values)
        return NULL;
    for (size_t i = 0; i < fold->study->objectives; i++) {
        if (isnan(values[i]))
            return NULL;
        fold->losses[i] = fold->study->signs[i] * values[i];
    }
    return fold->losses;
}

int fold_has_note(const struct fold *fold, const struct trial *trial)
{
    return trial->note_version == fold->study->method->note_version && trial->era == fold->view.era;
}

int32_t fold_origin(const struct fold *fold, const struct trial *trial)
{
    int is_older = trial->origin == AFINA_ORIGIN_SUGGESTED && trial->era != fold->view.era;
    return is_older ? AFINA_ORIGIN_ENQUEUED : trial->origin;
}

static int32_t observe(struct fold *fold, const struct trial *trial, int32_t kind, int which, struct observation *out)
{
    int has_note = fold_has_note(fold, trial);
    *out = (struct observation){
        .kind = kind,
        .number = trial->number,
        .origin = fold_origin(fold, trial),
        .budget = trial->extras->budget,
        .replicate = trial->extras->replicate,
        .note = has_note ? trial->note : NULL,
        .note_size = has_note ? trial->note_size : 0,
    };
    return era_view_point(&fold->view, trial, which, &out->point);
}

/* 1 for a trial that a method without the trait METHOD_BUDGETS would take for a full one. */
static int is_partial(const struct fold *fold, const struct trial *trial)
{
    const struct trial_extras *extras = trial->extras;
    return extras->budget < fold->study->budget_max || extras->replicate != 0 || trial_arm(trial) != trial->number;
}

/* Where a scheduler decides, the method is shown arms (fold_arms.c). */
static int32_t show(struct fold *fold, const struct trial *trial, const struct observation *o)
{
    const struct method *method = fold->study->method;
    if (!fold->state || fold->schedule.shows_arms || (!(method->traits & METHOD_BUDGETS) && is_partial(fold, trial)))
        return 0;
    return method->observe(fold->state, o);
}

/* The loss of the only objective; NaN: there is none. */
static double first_loss(const double *losses)
{
    return losses ? losses[0] : NAN;
}

/* The points of a finite space that may be suggested are counted. */
static int is_counted(const struct fold *fold, const struct point *point)
{
    return fold->lattice && space_is_suggestible(fold->view.era->space, point);
}

static int32_t see(struct fold *fold, const struct point *point)
{
    size_t before = fold->seen.size;
    int32_t rc = point_set_add(&fold->seen, point);
    if (fold->seen.size > before && is_counted(fold, point))
        fold->used++;
    return rc;
}

static void unsee(struct fold *fold, const struct point *point)
{
    size_t before = fold->seen.size;
    point_set_remove(&fold->seen, point);
    if (fold->seen.size < before && is_counted(fold, point))
        fold->used--;
}

static int32_t observe_asked(struct fold *fold, const struct trial *trial)
{
    struct observation o;
    int32_t rc = observe(fold, trial, OBSERVED_ASKED, TRIAL_RUNS, &o);
    if (!rc && trial_arm(trial) == trial->number)
        rc = see(fold, o.point);
    if (!rc)
        rc = fold_explore_asked(fold, trial);
    if (!rc && fold->schedule.state)
        rc = fold_schedule_asked(fold, trial, o.point);
    return rc ? rc : show(fold, trial, &o);
}

static int32_t observe_report(struct fold *fold, const struct trial *trial, size_t index)
{
    const double *row = trial->extras->reports + index * (1 + fold->study->objectives);
    struct observation o;
    int32_t rc = observe(fold, trial, OBSERVED_REPORT, TRIAL_RUNS, &o);
    o.step = row[0];
    o.losses = losses_of(fold, row + 1);
    if (!rc && fold->schedule.state)
        rc = fold_schedule_report(fold, trial, o.point, o.step, first_loss(o.losses));
    return rc ? rc : show(fold, trial, &o);
}

static int has_values(int32_t state)
{
    return state == AFINA_STATE_COMPLETE || state == AFINA_STATE_STOPPED || state == AFINA_STATE_PAUSED;
}

/* A method without the trait METHOD_CONSTRAINTS is shown a trial that violates a constraint as
 * INFEASIBLE, without losses: nothing infeasible is learned as good. */
static int32_t shown_state(const struct fold *fold, const struct trial *trial, int32_t state)
{
    int learns_constraints = (fold->study->method->traits & METHOD_CONSTRAINTS) != 0 && !fold->schedule.shows_arms;
    return has_values(state) && !learns_constraints && !trial_is_feasible(trial) ? AFINA_STATE_INFEASIBLE : state;
}

/* The point of a lost trial may come again: it is no longer among those that were seen. */
static int32_t observe_lost(struct fold *fold, const struct trial *trial)
{
    struct observation o;
    int32_t rc = observe(fold, trial, OBSERVED_TOLD, TRIAL_RUNS, &o);
    o.state = AFINA_STATE_LOST;
    if (!rc && trial_arm(trial) == trial->number)
        unsee(fold, o.point);
    if (!rc && fold->schedule.state)
        rc = fold_schedule_told(fold, trial, &o, NAN, 0);
    return rc ? rc : show(fold, trial, &o);
}

/* `end` may be older than trial->end, which came later than what the fold may know. It is late
 * when the trial was observed as lost before: then the point is seen again, and the note is gone. */
static int32_t observe_told(struct fold *fold, const struct trial *trial, const struct ending *end, int is_late)
{
    if (end->state == AFINA_STATE_LOST)
        return observe_lost(fold, trial);
    struct observation o;
    int32_t rc = observe(fold, trial, OBSERVED_TOLD, TRIAL_RUNS, &o);
    if (!rc && is_late && trial_arm(trial) == trial->number)
        rc = see(fold, o.point);
    if (!rc)
        rc = era_view_point(&fold->view, trial, TRIAL_ENDED, &o.point);
    if (rc)
        return rc;
    if (is_late) {
        o.note = NULL;
        o.note_size = 0;
    }
    o.state = shown_state(fold, trial, end->state);
    int counts = has_values(o.state);
    o.losses = counts ? losses_of(fold, end->values) : NULL;
    o.constraints = trial->extras->constraints;
    o.n_constraints = trial->extras->n_constraints;
    o.errors = o.losses ? trial->extras->errors : NULL;
    if (!is_partial(fold, trial))
        no_gain_tell(&fold->no_gain, first_loss(o.losses));
    if (fold->schedule.state)
        rc = fold_schedule_told(fold, trial, &o, first_loss(o.losses), is_late);
    return rc ? rc : show(fold, trial, &o);
}

/* What comes of a trial while it is lost reaches the method with its late end, if at all. */
static int32_t take_report(struct fold *fold, const struct event *event)
{
    const struct trial *trial = fold->study->trials[event->subject];
    if (trial_end_before(trial, fold->position)->state == AFINA_STATE_LOST)
        return 0;
    return observe_report(fold, trial, event->detail.index);
}

static int32_t take_told(struct fold *fold, const struct event *event)
{
    const struct ending *end = event->detail.ending;
    return observe_told(fold, fold->study->trials[event->subject], end, end->before->state == AFINA_STATE_LOST);
}

static int32_t take_event(struct fold *fold, const struct event *event)
{
    switch (event->kind) {
    case EVENT_ASKED:
        fold->asked++;
        return observe_asked(fold, fold->study->trials[event->subject]);
    case EVENT_REPORT:
        return take_report(fold, event);
    case EVENT_TOLD:
        return take_told(fold, event);
    case EVENT_RESTARTED:
        if (fold->schedule.state)
            fold_schedule_restarted(fold, fold->study->trials[event->subject]);
        return 0;
    default:
        return 0; /* the queue, constraints and errors reach the method with their trial; for the space see fold_enter()
                   */
    }
}

/* A trial's reports, then its end, all at once. */
static int32_t take_trial(struct fold *fold, const struct trial *trial, const struct ending *end, int is_late)
{
    size_t n_reports = end->state == AFINA_STATE_LOST ? 0 : trial->extras->n_reports;
    for (size_t i = 0; i < n_reports; i++) {
        int32_t rc = observe_report(fold, trial, i);
        if (rc)
            return rc;
    }
    return observe_told(fold, trial, end, is_late);
}

static int32_t remember_lost(struct fold *fold, int64_t number)
{
    void *lost = fold->lost;
    int32_t rc = mem_reserve(&lost, &fold->lost_capacity, fold->n_lost + 1, sizeof *fold->lost);
    fold->lost = lost;
    if (!rc)
        fold->lost[fold->n_lost++] = number;
    return rc;
}

/* With lag L the order is that of the numbers: for k = 0, 1, 2, ... the end of
 * trial k - L, then the asking of trial k; it does not depend on when results
 * came in. */
static int32_t take_next_end(struct fold *fold, size_t position)
{
    const struct trial *trial = fold->study->trials[fold->told];
    const struct ending *end = trial_end_before(trial, position);
    if (end->state == AFINA_STATE_RUNNING)
        return AFINA_WAIT;
    int32_t rc = take_trial(fold, trial, end, 0);
    if (!rc && end->state == AFINA_STATE_LOST)
        rc = remember_lost(fold, fold->told);
    fold->told++;
    return rc;
}

int32_t fold_take_one_more(struct fold *fold, int64_t number, size_t position)
{
    return fold->told < number ? take_next_end(fold, position) : AFINA_WAIT;
}

static int32_t advance_by_number(struct fold *fold, int64_t number, size_t position)
{
    const struct study *study = fold->study;
    int32_t rc = 0;
    while (!rc) {
        if (fold->told <= fold->asked - study->lag) {
            rc = take_next_end(fold, position);
        } else if (fold->asked < number) {
            rc = observe_asked(fold, study->trials[fold->asked]);
            fold->asked++;
        } else {
            break;
        }
    }
    return rc;
}

/* The late results of trials that were taken in as lost. */
static int32_t take_late(struct fold *fold, size_t position)
{
    size_t kept = 0;
    int32_t rc = 0;
    for (size_t i = 0; i < fold->n_lost; i++) {
        const struct trial *trial = fold->study->trials[fold->lost[i]];
        const struct ending *end = trial_end_before(trial, position);
        if (rc || end->state == AFINA_STATE_LOST) {
            fold->lost[kept++] = fold->lost[i];
            continue;
        }
        rc = take_trial(fold, trial, end, 1);
    }
    fold->n_lost = kept;
    return rc;
}

/* 1 when a result that trial `number` must know is missing. */
static int must_wait(const struct fold *fold, int64_t number, size_t position)
{
    const struct study *study = fold->study;
    for (int64_t i = fold->told; i <= number - study->lag; i++)
        if (trial_end_before(study->trials[i], position)->state == AFINA_STATE_RUNNING)
            return 1;
    return 0;
}

/* Before the event at the fold's position: was the trial that is asked next decided here? */
static void situate_next(struct fold *fold)
{
    const struct study *study = fold->study;
    if (!fold->schedule.state || (size_t)fold->asked >= study->n_trials)
        return;
    const struct trial *trial = study->trials[fold->asked];
    if ((size_t)study->events[trial->asked].detail.seen == fold->position)
        fold_situate(fold, trial->number, fold->position, trial->extras->exhausted);
}

static int32_t advance_by_event(struct fold *fold, size_t position)
{
    while (fold->position < position) {
        situate_next(fold);
        int32_t rc = take_event(fold, &fold->study->events[fold->position]);
        if (rc)
            return rc;
        fold->position++;
    }
    return 0;
}

/* What the suggestion of trial `number` knew, when the log had `position` events. */
static int32_t advance_with_lag(struct fold *fold, int64_t number, size_t position)
{
    if (must_wait(fold, number, position))
        return AFINA_WAIT;
    int32_t rc = take_late(fold, position);
    return rc ? rc : advance_by_number(fold, number, position);
}

/* A decision that knew something: the point of the queue needs no more where there is no scheduler. */
static int is_decided(const struct fold *fold, const struct trial *trial)
{
    return trial->origin == AFINA_ORIGIN_SUGGESTED || (fold->schedule.state && trial->origin != AFINA_ORIGIN_ADDED);
}

/* A scheduler that had to wait was shown more ends than the lag allows, as few as it needed. */
static int32_t settle(struct fold *fold, const struct trial *trial, size_t position)
{
    struct action action;
    int32_t rc = 0;
    while (!rc) {
        fold_situate(fold, trial->number, position, trial->extras->exhausted);
        rc = fold_ask_scheduler(fold, &action);
        if (rc || action.kind != ACTION_WAIT)
            return rc;
        rc = fold_take_one_more(fold, trial->number, position);
    }
    return rc;
}

/* A loss is known to the suggestions that were made before the late result and to no other, so
 * the fold goes through what each suggestion before trial `number` knew. */
static int32_t follow_decisions(struct fold *fold, int64_t number)
{
    const struct study *study = fold->study;
    int32_t rc = 0;
    for (; fold->followed < number && rc >= 0; fold->followed++) {
        const struct trial *trial = study->trials[fold->followed];
        size_t seen = (size_t)study->events[trial->asked].detail.seen;
        if (!is_decided(fold, trial))
            continue;
        rc = advance_with_lag(fold, trial->number, seen);
        if (!rc && fold->schedule.state)
            rc = settle(fold, trial, seen);
    }
    return rc < 0 ? rc : 0;
}

int32_t fold_advance(struct fold *fold, int64_t number, size_t position)
{
    struct study *study = fold->study;
    struct era *era;
    int32_t rc = study_era_at(study, number, position, &era);
    if (!rc && study->lag > 0 && must_wait(fold, number, position))
        return AFINA_WAIT;
    if (!rc)
        rc = fold_enter(fold, era);
    if (!rc && study->lag == 0)
        return advance_by_event(fold, position);
    if (!rc)
        rc = follow_decisions(fold, number);
    return rc ? rc : advance_with_lag(fold, number, position);
}

/* Questions are about the space as it is. */
int32_t fold_advance_for_question(struct fold *fold, int64_t number, size_t position)
{
    int32_t rc = fold_enter(fold, fold->study->era);
    if (!rc && fold->study->lag == 0)
        return advance_by_event(fold, position);
    if (!rc)
        rc = follow_decisions(fold, number);
    if (!rc)
        rc = take_late(fold, position);
    if (!rc)
        rc = advance_by_number(fold, number, position);
    return rc == AFINA_WAIT ? 0 : rc;
}
