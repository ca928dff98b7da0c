#define _POSIX_C_SOURCE 200809L /* clock_gettime, pthread_condattr_setclock */
#include "study/turn.h"

#include "core/fail.h"
#include "core/mem.h"
#include "study/fold.h"
#include "study/study_options.h"

#include <time.h>

void wait_for(pthread_cond_t *condition, pthread_mutex_t *lock)
{
    int before;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
    pthread_cond_wait(condition, lock);
    pthread_setcancelstate(before, NULL);
}

/* The lock is held. */
static int32_t check_owner(const struct study *study)
{
    if (!study->turn_taken || !pthread_equal(study->turn_owner, pthread_self()))
        return 0;
    return fail(AFINA_E_BUSY,
                "a filter may not ask for trials, add them or ask the model of the optimizer that calls it");
}

int32_t study_check_turn(struct study *study)
{
    study_lock(study);
    int32_t rc = check_owner(study);
    study_unlock(study);
    return rc;
}

int32_t study_take_turn(struct study *study)
{
    study_lock(study);
    int32_t rc = check_owner(study);
    if (rc) {
        study_unlock(study);
        return rc;
    }
    while (study->turn_taken)
        wait_for(&study->turn_free, &study->lock);
    study->turn_taken = 1;
    study->turn_owner = pthread_self();
    return 0;
}

/* A turn that brought no trial has fixed nothing, unless the header stands already. */
static void unfix(struct study *study)
{
    study_drop_fold(study);
    study->begun = study->header != NULL;
}

void study_leave_turn(struct study *study)
{
    if (study->n_trials == 0)
        unfix(study);
    study->turn_taken = 0;
    pthread_cond_signal(&study->turn_free);
    study_unlock(study);
}

void study_abandon_turn(struct study **guard)
{
    struct study *study = *guard;
    if (!study || study_is_forked(study))
        return;
    study_lock(study);
    study_drop_fold(study);
    study_leave_turn(study);
}

uint64_t study_changes(const struct study *study)
{
    study_lock(study);
    uint64_t changes = study->changes;
    study_unlock(study);
    return changes;
}

/* Uses CLOCK_MONOTONIC, which setting the time does not change. */
void turn_init_changed(pthread_cond_t *changed)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(changed, &attributes);
    pthread_condattr_destroy(&attributes);
}

void study_wait_change(struct study *study, uint64_t changes, double seconds)
{
    struct timespec end;
    int before, rc = 0;
    clock_gettime(CLOCK_MONOTONIC, &end);
    int64_t nanoseconds = end.tv_nsec + (int64_t)(1e9 * seconds);
    end.tv_sec += (time_t)(nanoseconds / 1000000000);
    end.tv_nsec = (long)(nanoseconds % 1000000000);
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
    study_lock(study);
    while (study->changes == changes && rc == 0)
        rc = pthread_cond_timedwait(&study->changed, &study->lock, &end);
    study_unlock(study);
    pthread_setcancelstate(before, NULL);
}

int32_t study_ensure_fold(struct study *study)
{
    return study->fold ? 0 : fold_new(&study->fold, study);
}

void study_drop_fold(struct study *study)
{
    fold_free(study->fold);
    study->fold = NULL;
}

int32_t study_drop_broken_fold(struct study *study, int32_t rc)
{
    int is_broken = rc < 0 && rc != AFINA_E_NO_POINT && rc != AFINA_E_STATE;
    /* A lost trial may have another end when the next suggestion is made, which no other one knew as lost. */
    int is_early = rc && rc != AFINA_WAIT && study->fold && study->fold->n_lost > 0;
    if (is_broken || is_early)
        study_drop_fold(study);
    return rc;
}

static int32_t check_method(const struct study *study)
{
    if (study->objectives > 1 && !(study->method->traits & METHOD_MANY_OBJECTIVES))
        return fail(AFINA_E_UNSUPPORTED, "method \"%s\" handles one objective, not %zu", study->method->name,
                    study->objectives);
    return 0;
}

int32_t study_check_filter(const struct study *study)
{
    if (study->needs_filter && !study->space->filter)
        return fail(AFINA_E_STATE,
                    "the study was made with a filter: set it with afina_optimizer_set_filter() before asking");
    return 0;
}

int32_t study_begin(struct study *study)
{
    if (study->begun)
        return 0;
    study->seed = (uint64_t)option_integer(&study->options, "seed");
    study->objectives = (size_t)option_integer(&study->options, "objectives");
    study->lag = option_integer(&study->options, "lag");
    study->repeats = option_integer(&study->options, "repeats") != 0;
    mem_free(study->signs);
    study->signs = mem_new(study->objectives, sizeof *study->signs);
    if (!study->signs)
        return fail_memory();
    int32_t rc = study_parse_direction(option_string(&study->options, "direction"), study->objectives, study->signs);
    if (!rc)
        rc = check_method(study);
    if (rc)
        return rc;
    study->begun = 1;
    return 0;
}
