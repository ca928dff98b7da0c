/* Which checkpoints no trial will continue. */
#include "core/fail.h"
#include "core/mem.h"
#include "study/fold.h"
#include "study/turn.h"

/* The trials whose work one that runs continues: it may still read their checkpoints. */
static int32_t mark_in_use(const struct study *study, char **out)
{
    char *marks = mem_new(study->n_trials + 1, 1);
    *out = marks;
    if (!marks)
        return fail_memory();
    for (size_t i = 0; i < study->n_trials; i++) {
        const struct trial *trial = study->trials[i];
        if (trial->state == AFINA_STATE_RUNNING && trial->extras->parent >= 0)
            marks[trial->extras->parent] = 1;
    }
    return 0;
}

/* 1 when a later trial may continue this one, which has ended. */
static int may_be_continued(const struct fold *fold, const struct trial *trial)
{
    const struct fold_schedule *s = &fold->schedule;
    const struct scheduler *scheduler = fold->study->scheduler;
    if (trial->state != AFINA_STATE_PAUSED || !s->state || !study_is_scheduled(fold->study))
        return 0;
    if ((uint64_t)trial->number >= s->arms.n_trials) /* with `lag`: the scheduler has not been shown it */
        return 1;
    const struct arm *arm = arms_of(&s->arms, trial->number);
    if (arm->is_out || arm->last != trial->number)
        return 0;
    return scheduler->may_continue ? scheduler->may_continue(s->state, arm->number) : 1;
}

static void list_stale(const struct study *study, const char *in_use, int64_t *numbers, size_t capacity, size_t *count)
{
    *count = 0;
    for (size_t i = 0; i < study->n_trials; i++) {
        const struct trial *trial = study->trials[i];
        int runs = trial->state == AFINA_STATE_RUNNING || trial->state == AFINA_STATE_LOST;
        if (!trial->extras->checkpoint || runs || in_use[i] || may_be_continued(study->fold, trial))
            continue;
        if (*count < capacity)
            numbers[*count] = trial->number;
        ++*count;
    }
}

/* The fold, up to date. The turn and lock are held. */
static int32_t advance(struct study *study)
{
    int32_t rc = study_begin(study);
    if (!rc)
        rc = study_ensure_fold(study);
    if (!rc)
        rc = fold_advance_for_question(study->fold, (int64_t)study->n_trials, study->n_events);
    return rc;
}

/* A fold that holds lost trials now is of no use for suggestions. */
static int32_t leave(struct study *study, int32_t rc)
{
    rc = study_drop_broken_fold(study, rc);
    if (study->fold && study->fold->n_lost > 0)
        study_drop_fold(study);
    study_leave_turn(study);
    return rc;
}

int32_t study_stale_checkpoints(struct study *study, int64_t *numbers, size_t capacity, size_t *count)
{
    char *in_use = NULL;
    *count = 0;
    int32_t rc = study_take_turn(study);
    if (rc)
        return rc;
    if (study->n_trials > 0)
        rc = advance(study);
    if (!rc)
        rc = mark_in_use(study, &in_use);
    if (!rc && study->n_trials > 0)
        list_stale(study, in_use, numbers, capacity, count);
    mem_free(in_use);
    return leave(study, rc);
}
