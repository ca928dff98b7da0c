/* How trials come to be: from the queue, or from the method. */
#include "core/fail.h"
#include "core/mem.h"
#include "study/commit.h"
#include "study/fold.h"
#include "study/turn.h"

/* The point that the host queued first, as a trial. The turn and lock are held. */
static int32_t ask_queued(struct study *study, struct trial **out)
{
    struct trial *trial = trial_new(study->queue[study->queue_head], AFINA_ORIGIN_ENQUEUED);
    if (!trial)
        return fail_memory();
    int32_t rc = study_append_trial(study, trial, study->n_events);
    if (rc) {
        trial_free(trial);
        return rc;
    }
    study->queue_head++;
    *out = trial;
    return 0;
}

/* A suggestion as a trial that is not in the log yet. The turn is held. */
static int32_t suggest_trial(struct fold *fold, int64_t number, struct trial **out)
{
    *out = NULL;
    int32_t rc = fold_suggest(fold, number);
    if (rc)
        return rc;
    struct trial *trial = trial_new(fold->point, AFINA_ORIGIN_SUGGESTED);
    if (!trial)
        return fail_memory();
    if (fold->note_size > 0) {
        trial->note = mem_copy(fold->note, fold->note_size, sizeof *fold->note);
        trial->note_size = fold->note_size;
        if (!trial->note) {
            trial_free(trial);
            return fail_memory();
        }
    }
    *out = trial;
    return 0;
}

static int32_t ask_method(struct study *study, struct trial **out)
{
    int64_t number = (int64_t)study->n_trials;
    size_t seen = study->n_events;
    int32_t rc = study_check_filter(study);
    if (!rc)
        rc = study_ensure_fold(study);
    if (!rc)
        rc = fold_advance(study->fold, number, seen);
    if (rc)
        return study_drop_broken_fold(study, rc);
    struct trial *trial;
    study_unlock(study);
    STUDY_TURN_GUARD struct study *guard = study;
    rc = suggest_trial(study->fold, number, &trial);
    guard = NULL;
    study_lock(study);
    if (rc)
        return study_drop_broken_fold(study, rc);
    rc = study_append_trial(study, trial, seen);
    if (rc)
        trial_free(trial);
    else
        *out = trial;
    return rc;
}

int32_t study_ask(struct study *study, struct trial **out)
{
    *out = NULL;
    int32_t rc = study_take_turn(study);
    if (rc)
        return rc;
    rc = study_begin(study);
    if (!rc)
        rc = study->queue_head < study->n_queue ? ask_queued(study, out) : ask_method(study, out);
    study_leave_turn(study);
    return rc;
}

int32_t study_enqueue(struct study *study, const struct point *point)
{
    struct point *copy;
    int32_t rc = point_copy(&copy, point);
    if (rc)
        return rc;
    study_lock(study);
    void *queue = study->queue;
    rc = mem_reserve(&queue, &study->queue_capacity, study->n_queue + 1, sizeof *study->queue);
    study->queue = queue;
    if (!rc)
        rc = study_append_event(study, EVENT_ENQUEUED, (int64_t)study->n_queue, 0);
    if (!rc)
        study->queue[study->n_queue++] = copy;
    study_unlock(study);
    if (rc)
        point_free(copy);
    return rc;
}
