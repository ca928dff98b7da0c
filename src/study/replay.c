/* The proof of a log: every suggestion is derived again and compared bit for bit. */
#include "core/fail.h"
#include "study/fold.h"
#include "study/log.h"
#include "study/turn.h"

#include <string.h>

static int same_note(const struct trial *trial, const struct fold *fold)
{
    if (trial->note_size != fold->note_size)
        return 0;
    return fold->note_size == 0 || memcmp(trial->note, fold->note, fold->note_size * sizeof *fold->note) == 0;
}

/* Derives one suggestion; 1 in *same when it is the logged one. The turn is held,
 * the lock is not. */
static int32_t derive(struct fold *fold, const struct trial *trial, size_t seen, int *same)
{
    study_lock(fold->study);
    int32_t rc = fold_advance(fold, trial->number, seen);
    study_unlock(fold->study);
    if (!rc)
        rc = fold_suggest(fold, trial->number);
    int32_t forked = study_check_process(fold->study); /* by the filter */
    if (forked)
        return forked;
    *same = rc == 0 && point_equal(fold->point, trial->point) && same_note(trial, fold);
    return rc < 0 && rc != AFINA_E_NO_POINT ? rc : 0;
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

static int32_t replay(struct study *study, struct fold *fold, size_t n_events, int64_t *number)
{
    int32_t rc = 0;
    for (size_t i = 0; i < n_events && !rc; i++) {
        study_lock(study);
        struct event event = study->events[i];
        const struct trial *trial = event.kind == EVENT_ASKED ? study->trials[event.subject] : NULL;
        study_unlock(study);
        if (!trial || trial->origin != AFINA_ORIGIN_SUGGESTED)
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
            rc = fail(AFINA_E_REPLAY, "the suggestion of trial %lld does not come out as logged",
                      (long long)trial->number);
        }
    }
    return rc;
}

static void drop(struct fold **fold)
{
    fold_free(*fold);
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
    rc = study_begin(study);
    if (!rc)
        rc = study_check_filter(study);
    if (!rc)
        rc = fold_new(&fold, study);
    size_t n_events = study->n_events;
    study_unlock(study);
    STUDY_TURN_GUARD struct study *guard = study;
    if (!rc)
        rc = replay(study, fold, n_events, number);
    guard = NULL;
    if (study_is_forked(study))
        return rc;
    study_lock(study);
    study_leave_turn(study);
    return rc;
}
