/* The proof of a log: every suggestion is derived again and compared bit for bit. */
#include "core/fail.h"
#include "study/advice.h"
#include "study/fold.h"
#include "study/log.h"
#include "study/turn.h"

#include <math.h>
#include <string.h>

static int same_note(const struct trial *trial, const struct fold *fold)
{
    if (trial->note_size != fold->note_size)
        return 0;
    return fold->note_size == 0 || memcmp(trial->note, fold->note, fold->note_size * sizeof *fold->note) == 0;
}

static int same_plan(const struct trial *trial, const struct decision *decision)
{
    const struct trial_extras *extras = trial->extras;
    return extras->parent == decision->parent && extras->budget == decision->budget &&
           extras->replicate == decision->replicate && extras->exhausted == decision->exhausted;
}

/* 1 when the decision is the one that the trial was logged with. */
static int is_same(const struct fold *fold, const struct trial *trial, const struct decision *decision)
{
    if (!same_plan(trial, decision))
        return 0;
    switch (trial->origin) {
    case AFINA_ORIGIN_SUGGESTED:
        return (decision->kind == ACTION_NEW || decision->kind == ACTION_BRANCH) && !decision->from_queue &&
               point_equal(fold->point, trial->point) && (decision->kind == ACTION_BRANCH || same_note(trial, fold));
    case AFINA_ORIGIN_ENQUEUED:
        return decision->from_queue;
    case AFINA_ORIGIN_PROMOTED:
        return decision->kind == ACTION_CONTINUE;
    default:
        return decision->kind == ACTION_REPEAT;
    }
}

/* Derives one decision; 1 in *same when it is the logged one. The turn is held, the lock is not. */
static int32_t derive(struct fold *fold, const struct trial *trial, size_t seen, int *same)
{
    struct study *study = fold->study;
    struct decision decision = {.kind = ACTION_NEW, .parent = -1, .budget = INFINITY};
    study_lock(study);
    int32_t rc = fold_advance(fold, trial->number, seen);
    study_unlock(study);
    if (!rc)
        rc = study_plans(study) ? fold_decide(fold, trial->number, seen, &decision) : fold_suggest(fold, trial->number);
    int32_t forked = study_check_process(study); /* by the filter */
    if (forked)
        return forked;
    *same = rc == 0 && is_same(fold, trial, &decision);
    if (*same)
        fold->followed = trial->number + 1;
    return rc < 0 && rc != AFINA_E_NO_POINT ? rc : 0;
}

/* 1 for a trial that the method or the scheduler decided, not the host alone. */
static int is_derived(const struct study *study, const struct trial *trial)
{
    return trial->origin == AFINA_ORIGIN_SUGGESTED || (study_plans(study) && trial->origin != AFINA_ORIGIN_ADDED);
}

/* 1 when a note is there that a suggestion of this library cannot be compared with. */
static int is_of_another_version(const struct study *study, const struct trial *trial)
{
    return trial->note_size > 0 && trial->note_version != study->method->note_version;
}

static int32_t fail_version(const struct study *study, const struct trial *trial)
{
    return fail(AFINA_E_VERSION,
                "the note of trial %lld was written by another version: notes of method \"%s\" have version %d here, "
                "not %d",
                (long long)trial->number, study->method->name, (int)study->method->note_version,
                (int)trial->note_version);
}

/* How many reports of the trial there are in the first `position` events. The lock is held. */
static size_t count_reports(const struct study *study, const struct trial *trial, size_t position)
{
    while (position-- > trial->asked) {
        const struct event *event = &study->events[position];
        if (event->kind == EVENT_REPORT && event->subject == trial->number)
            return event->detail.index + 1;
    }
    return 0;
}

/* Derives a stop again. */
static int32_t replay_stop(struct study *study, struct advice *advice, const struct event *event, int64_t *number)
{
    int stop = 0;
    study_lock(study);
    const struct trial *trial = study->trials[event->subject];
    size_t seen = (size_t)event->detail.seen, n_reports = count_reports(study, trial, seen);
    study_unlock(study);
    int32_t rc = n_reports > 0 ? advice_ask(advice, trial, n_reports, seen, &stop) : 0;
    if (rc || stop)
        return rc;
    *number = trial->number;
    return fail(AFINA_E_REPLAY, "the stop of trial %lld does not come out as logged", (long long)trial->number);
}

/* Draws the values again that a trial took for the parameters which it declared. The turn is held, the lock is not. */
static int32_t replay_growth(struct study *study, const struct growth *growth, int64_t *number)
{
    struct point *given;
    int same = 0;
    int32_t rc = growth_choose(study, study->trials[growth->trial], growth->before, growth->part, &given);
    if (rc && rc != AFINA_E_NO_POINT)
        return rc;
    if (!rc)
        same = point_equal(given, growth->given);
    point_free(given);
    if (same)
        return 0;
    *number = growth->trial;
    return fail(AFINA_E_REPLAY, "what trial %lld declared does not come out as logged", (long long)growth->trial);
}

static int32_t replay(struct study *study, struct fold *fold, struct advice *advice, size_t n_events, int64_t *number)
{
    int32_t rc = 0;
    for (size_t i = 0; i < n_events && !rc; i++) {
        study_lock(study);
        struct event event = study->events[i];
        const struct trial *trial = event.kind == EVENT_ASKED ? study->trials[event.subject] : NULL;
        study_unlock(study);
        if (event.kind == EVENT_STOP && study_has_stopper(study))
            rc = replay_stop(study, advice, &event, number);
        if (event.kind == EVENT_DECLARED && event.detail.growth->trial >= 0)
            rc = replay_growth(study, event.detail.growth, number);
        if (!trial || !is_derived(study, trial))
            continue;
        int same = 0, of_another = is_of_another_version(study, trial);
        if (of_another)
            rc = fail_version(study, trial);
        else
            rc = derive(fold, trial, (size_t)event.detail.seen, &same);
        if (of_another)
            *number = trial->number;
        if (!rc && !same) {
            *number = trial->number;
            rc = fail(AFINA_E_REPLAY, "the %s of trial %lld does not come out as logged",
                      trial->origin == AFINA_ORIGIN_SUGGESTED ? "suggestion" : "plan", (long long)trial->number);
        }
    }
    return rc;
}

static void drop(struct fold **fold)
{
    fold_free(*fold);
}

static void drop_advice(struct advice **advice)
{
    advice_free(*advice);
}

static void let_go(struct study **kept)
{
    study_release(*kept);
}

int32_t study_replay(struct study *study, int64_t *number)
{
    struct study *kept __attribute__((cleanup(let_go))) = study_reference(study); /* a filter may free the optimizer */
    (void)kept;
    *number = -1;
    int32_t rc = study_take_turn(study);
    if (rc)
        return rc;
    struct fold *fold __attribute__((cleanup(drop))) = NULL;
    struct advice *advice __attribute__((cleanup(drop_advice))) = NULL;
    rc = study_begin(study);
    if (!rc)
        rc = study_check_filter(study);
    if (!rc)
        rc = fold_new(&fold, study);
    if (!rc)
        rc = advice_new(&advice, study);
    size_t n_events = study->n_events;
    study_unlock(study);
    STUDY_TURN_GUARD struct study *guard = study;
    if (!rc)
        rc = replay(study, fold, advice, n_events, number);
    guard = NULL;
    if (study_is_forked(study))
        return rc;
    study_lock(study);
    study_leave_turn(study);
    return rc;
}
