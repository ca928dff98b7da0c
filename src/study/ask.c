/* How trials come to be: from the queue, or from the method. */
#include "core/fail.h"
#include "study/commit.h"
#include "study/era.h"
#include "study/fold.h"
#include "study/stored.h"
#include "study/turn.h"

#include <math.h>

/* The entry of the next trial, with its number. */
static struct entry next_trial(const struct study *study, int32_t origin, struct space *space,
                               const struct point *point, size_t seen)
{
    struct entry entry = study_trial_entry(study, EVENT_ASKED, (int64_t)study->n_trials);
    entry.present |= FIELD_ORIGIN | FIELD_POINT | FIELD_SEEN;
    entry.origin = origin;
    entry.space = space;
    entry.point = point;
    entry.seen = (int64_t)seen;
    return entry;
}

/* Takes the entry of a trial in; the trial in *out. */
static int32_t commit_trial(struct study *study, const struct entry *entry, struct trial **out)
{
    int32_t rc = study_commit(study, entry);
    if (!rc)
        *out = study->trials[study->n_trials - 1];
    return rc;
}

/* The point that the host queued first, as a trial. The turn and lock are held. */
static int32_t ask_queued(struct study *study, struct trial **out)
{
    const struct queued *first = &study->queue[study->queue_head];
    struct entry entry = next_trial(study, AFINA_ORIGIN_ENQUEUED, first->space, first->point, study->n_events);
    return commit_trial(study, &entry, out);
}

/* What the method wrote of the fold's suggestion. */
static void add_note(const struct study *study, struct entry *entry)
{
    const struct fold *fold = study->fold;
    if (fold->note_size == 0)
        return;
    entry->present |= FIELD_NOTE | (study->method->note_version ? FIELD_NOTE_VERSION : 0);
    entry->note = fold->note;
    entry->note_size = fold->note_size;
    entry->note_version = study->method->note_version;
}

/* With `lag` a scheduler that waited may have been shown more ends than the next decision knows, now that the host
 * takes the number for which it waited, or queues a point. */
static void forget_waiting(struct study *study)
{
    study->may_have_waited = 1;
}

/* The fold as the suggestion of the next trial must find it. The turn and lock are held. */
static int32_t advance(struct study *study, size_t seen)
{
    int32_t rc = study_check_filter(study);
    if (study->may_have_waited && study->lag > 0 && study_is_scheduled(study))
        study_drop_fold(study);
    study->may_have_waited = 0;
    if (!rc)
        rc = study_ensure_fold(study);
    if (!rc)
        rc = fold_advance(study->fold, (int64_t)study->n_trials, seen);
    return rc;
}

/* The fold's decision as a trial. The turn and lock are held. */
static int32_t commit_decision(struct study *study, size_t seen, const struct decision *decision, struct trial **out)
{
    static const int32_t origins[] = {AFINA_ORIGIN_SUGGESTED, AFINA_ORIGIN_PROMOTED, AFINA_ORIGIN_REPEATED,
                                      AFINA_ORIGIN_SUGGESTED};
    struct fold *fold = study->fold;
    int continues = decision->kind == ACTION_CONTINUE || decision->kind == ACTION_REPEAT;
    int is_suggested = decision->kind == ACTION_NEW && !decision->from_queue;
    const struct point *point = fold->point;
    int32_t rc = continues ? era_view_point(&fold->view, study->trials[decision->parent], TRIAL_RUNS, &point) : 0;
    if (rc)
        return rc;
    struct entry entry = next_trial(study, origins[decision->kind], fold->view.era->space, point, seen);
    if (decision->from_queue) {
        entry.origin = AFINA_ORIGIN_ENQUEUED;
        entry.space = study->queue[study->queue_head].space;
        entry.point = study->queue[study->queue_head].point;
    }
    if (is_suggested)
        add_note(study, &entry);
    entry.present |= (decision->parent >= 0 ? FIELD_PARENT : 0) | (isfinite(decision->budget) ? FIELD_BUDGET : 0) |
                     (decision->replicate > 0 ? FIELD_REPLICATE : 0) | (decision->exhausted ? FIELD_EXHAUSTED : 0);
    entry.parent = decision->parent;
    entry.budget = decision->budget;
    entry.replicate = decision->replicate;
    entry.exhausted = decision->exhausted;
    rc = commit_trial(study, &entry, out);
    if (!rc && study->lag > 0)
        study->fold->followed = (*out)->number + 1;
    return rc;
}

/* The decision stands when others only told results since it was made, as it does when another thread told them. When
 * they asked for a trial, or declared something, it is AFINA_STALE: the number is taken. */
static int32_t commit_or_renew(struct study *study, size_t seen, const struct decision *decision, struct trial **out)
{
    size_t trials = study->n_trials, growths = study->n_growths;
    int32_t rc;
    do {
        rc = commit_decision(study, seen, decision, out);
        if (!stored_again(study, &rc))
            return rc;
    } while (study->n_trials == trials && study->n_growths == growths);
    forget_waiting(study);
    return AFINA_STALE;
}

/* The next trial by the fold: the method's suggestion, or what the scheduler decides. `seen` is set before the lock is
 * let go: what other threads tell while the method thinks is not known to it. */
static int32_t ask_fold(struct study *study, struct trial **out)
{
    size_t seen = study->n_events;
    int64_t number = (int64_t)study->n_trials;
    struct decision decision = {.kind = ACTION_NEW, .parent = -1, .budget = INFINITY};
    int32_t rc = advance(study, seen);
    if (rc)
        return study_drop_broken_fold(study, rc);
    if (fold_is_over(study->fold))
        return AFINA_DONE;
    study_unlock(study);
    STUDY_TURN_GUARD struct study *guard = study;
    rc = fold_check_regret(study->fold, number);
    if (!rc)
        rc = study_plans(study) ? fold_decide(study->fold, number, seen, &decision) : fold_suggest(study->fold, number);
    guard = NULL;
    int32_t forked = study_check_process(study); /* by the filter; the lock is another process' */
    if (forked)
        return forked;
    study_lock(study);
    if (rc)
        return study_drop_broken_fold(study, rc);
    rc = commit_or_renew(study, seen, &decision, out);
    if (!rc && (*out)->origin == AFINA_ORIGIN_SUGGESTED)
        study->suggested_here = 1;
    return study_drop_broken_fold(study, rc);
}

/* The default point is the first of all, where the options want it and the host queued nothing else. */
static int32_t queue_default(struct study *study)
{
    int64_t wanted = option_integer(&study->options, "default_first");
    if (wanted == 0 || (wanted < 0 && study->replicates < 2) || study->n_trials > 0 || study->n_queue > 0)
        return 0;
    struct point *point;
    int32_t rc = point_new(&point, study->space);
    if (rc)
        return rc;
    space_default(study->space, point);
    struct entry entry = study_entry(study, EVENT_ENQUEUED);
    entry.present |= FIELD_POINT;
    entry.space = study->space;
    entry.point = point;
    rc = study_commit(study, &entry);
    point_free(point);
    return rc;
}

/* The option `trials_total` ends the study. The number of a trial is only given with its line, so that of several
 * processes none goes beyond it. */
static int32_t check_total(const struct study *study)
{
    int64_t total = option_integer(&study->options, "trials_total");
    return total > 0 && (int64_t)study->n_trials >= total ? AFINA_DONE : 0;
}

/* The points of the queue come first; where a scheduler decides, as its new arms. */
static int32_t ask_next(struct study *study, struct trial **out)
{
    int takes_queue = study->queue_head < study->n_queue && !study_plans(study);
    return takes_queue ? ask_queued(study, out) : ask_fold(study, out);
}

int32_t study_ask(struct study *study, struct trial **out)
{
    *out = NULL;
    int32_t rc = study_take_turn(study);
    if (rc)
        return rc;
    rc = stored_check_writable(study);
    if (!rc)
        rc = stored_take_in(study);
    do {
        if (!rc)
            rc = study_begin(study);
        if (!rc)
            rc = check_total(study);
        if (!rc)
            rc = queue_default(study);
        if (!rc)
            rc = ask_next(study, out);
    } while (!study_is_forked(study) && stored_again(study, &rc));
    if (!study_is_forked(study))
        study_leave_turn(study);
    return rc;
}

int32_t study_enqueue(struct study *study, const struct afina_point *point)
{
    int32_t rc;
    do {
        study_lock(study);
        struct entry entry = study_entry(study, EVENT_ENQUEUED);
        entry.present |= FIELD_POINT;
        entry.space = point->space;
        entry.point = point->point;
        rc = study_commit(study, &entry);
        forget_waiting(study);
        study_unlock(study);
    } while (stored_again_outside(study, &rc));
    return rc;
}

int32_t study_start(struct study *study, const struct afina_point *point, struct trial **out)
{
    *out = NULL;
    int32_t rc = study_take_turn(study);
    if (rc)
        return rc;
    rc = study_begin(study);
    if (!rc) {
        do {
            struct entry entry = next_trial(study, AFINA_ORIGIN_ADDED, point->space, point->point, study->n_events);
            rc = commit_trial(study, &entry, out);
        } while (stored_again(study, &rc));
        forget_waiting(study);
    }
    study_leave_turn(study);
    return rc;
}

/* A result from elsewhere: the trial, and its end. The turn and lock are held. */
static int32_t add(struct study *study, const struct afina_point *point, int32_t state, const double *values,
                   size_t count, struct trial **out)
{
    size_t before = study->n_events;
    struct entry entry = next_trial(study, AFINA_ORIGIN_ADDED, point->space, point->point, before);
    struct trial *trial = NULL;
    int32_t rc = state == AFINA_STATE_COMPLETE ? study_check_count(study, count) : 0;
    stored_begin(study);
    if (!rc)
        rc = commit_trial(study, &entry, &trial);
    if (!rc)
        rc = study_end(study, trial, state, values, count, NULL);
    rc = stored_end(study, rc);
    if (rc)
        study_truncate(study, before);
    else
        *out = trial;
    return rc;
}

int32_t study_add(struct study *study, const struct afina_point *point, int32_t state, const double *values,
                  size_t count, struct trial **out)
{
    *out = NULL;
    int32_t rc = study_take_turn(study);
    if (rc)
        return rc;
    rc = study_begin(study);
    if (!rc)
        rc = stored_take_in(study);
    do {
        if (!rc)
            rc = add(study, point, state, values, count, out);
    } while (stored_again(study, &rc));
    forget_waiting(study);
    study_leave_turn(study);
    return rc;
}
