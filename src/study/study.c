#define _POSIX_C_SOURCE 200809L /* getpid */
#include "study/study.h"

#include "core/fail.h"
#include "core/mem.h"
#include "core/text.h"
#include "study/advice.h"
#include "study/commit.h"
#include "study/delivery.h"
#include "study/era.h"
#include "study/dotted.h"
#include "study/fold.h"
#include "study/stored.h"
#include "study/turn.h"
#include "study/study_options.h"

#include <stdatomic.h>
#include <math.h>
#include <stdarg.h>
#include <unistd.h>

int32_t study_new(struct study **out, struct space *space, const struct method *method)
{
    *out = NULL;
    struct study *study = mem_new(1, sizeof *study);
    if (!study)
        return fail_memory();
    int32_t rc = options_init(&study->options, "the optimizer", study_options, study_option_count);
    if (!rc)
        rc = options_init(&study->method_options, method->name, method->options, method->n_options);
    study->space = space;
    if (!rc)
        rc = study_make_eras(study);
    if (rc) {
        study_free_eras(study);
        options_fini(&study->options);
        options_fini(&study->method_options);
        mem_free(study);
        return rc;
    }
    study->method = method;
    study->best = -1;
    study->shared_lines = 1;
    atomic_init(&study->references, 1);
    study->process = getpid();
    pthread_mutex_init(&study->lock, NULL);
    study->delivered_best = -1;
    pthread_mutex_init(&study->next, NULL);
    pthread_mutex_init(&study->advising, NULL);
    pthread_cond_init(&study->turn_free, NULL);
    pthread_cond_init(&study->delivery_ended, NULL);
    turn_init_changed(&study->changed);
    *out = study;
    return 0;
}

struct study *study_reference(struct study *study)
{
    atomic_fetch_add_explicit(&study->references, 1, memory_order_relaxed);
    return study;
}

/* In a forked child a thread that does not exist there may have held the lock or the
 * turn, and left things half changed: all is left alone. */
static int is_half_changed(struct study *study)
{
    return study_is_forked(study) && (pthread_mutex_trylock(&study->lock) || study->turn_taken);
}

static void destroy_locks(struct study *study)
{
    if (study_is_forked(study))
        return;
    pthread_cond_destroy(&study->turn_free);
    pthread_cond_destroy(&study->delivery_ended);
    pthread_cond_destroy(&study->changed);
    pthread_mutex_destroy(&study->lock);
    pthread_mutex_destroy(&study->next);
    pthread_mutex_destroy(&study->advising);
}

/* The events are taken back one by one: what each of them owns is freed then. */
static void free_log(struct study *study)
{
    while (study->n_events > 0) {
        const struct event *event = &study->events[--study->n_events];
        event_kinds[event->kind]->undo(study, event);
    }
    for (size_t i = 0; i < study->n_dropped; i++)
        trial_free(study->dropped[i]);
    for (size_t i = 0; i < study->n_workers; i++)
        mem_free(study->workers[i]);
    name_table_fini(&study->worker_names);
    mem_free(study->workers);
    mem_free(study->dropped);
    mem_free(study->trials);
    mem_free(study->queue);
    mem_free(study->events);
    mem_free(study->header);
}

void study_release(struct study *study)
{
    if (!study || atomic_fetch_sub_explicit(&study->references, 1, memory_order_acq_rel) > 1)
        return;
    if (is_half_changed(study))
        return;
    stored_detach(study);
    fold_free(study->fold);
    advice_free(study->advice);
    free_log(study);
    study_free_means(study);
    mem_free(study->signs);
    options_fini(&study->options);
    options_fini(&study->method_options);
    study_free_dotted(study);
    study_free_eras(study);
    callback_release(study->message);
    callback_release(study->observer);
    destroy_locks(study);
    mem_free(study);
}

struct space *study_space(const struct study *study)
{
    study_lock(study);
    struct space *space = space_reference(study->space);
    study_unlock(study);
    return space;
}

int study_has_grown(const struct study *study)
{
    study_lock(study);
    int has_grown = study->n_growths > 0;
    study_unlock(study);
    return has_grown;
}

struct space *study_declared_space(const struct study *study)
{
    study_lock(study);
    struct space *space = space_reference(study->eras[0]->space);
    study_unlock(study);
    return space;
}

int study_is_forked(const struct study *study)
{
    return study->process != getpid();
}

int32_t study_check_process(const struct study *study)
{
    if (!study_is_forked(study))
        return 0;
    return fail(AFINA_E_FORKED, "the optimizer belongs to process %lld; this is its child %lld",
                (long long)study->process, (long long)getpid());
}

int32_t study_check_trial(const struct study *study, const struct trial *trial)
{
    int32_t rc = study_check_process(study);
    if (rc)
        return rc;
    study_lock(study);
    rc = study_check_current(trial);
    study_unlock(study);
    return rc;
}

int32_t study_check(const struct study *study)
{
    int32_t rc = study_check_process(study);
    if (rc)
        return rc;
    if (atomic_load_explicit(&study->closed, memory_order_acquire))
        return fail(AFINA_E_STATE, "the optimizer of this trial was freed");
    return 0;
}

/* A thread waits for the lock with `next` held, so that a thread that unlocks and locks again at
 * once (log_write.c) gets the lock after it. */
void study_lock(const struct study *study)
{
    pthread_mutex_lock((pthread_mutex_t *)&study->next);
    pthread_mutex_lock((pthread_mutex_t *)&study->lock);
    pthread_mutex_unlock((pthread_mutex_t *)&study->next);
}

void study_unlock(const struct study *study)
{
    pthread_mutex_unlock((pthread_mutex_t *)&study->lock);
}

int32_t study_trial(const struct study *study, int64_t number, struct trial **out)
{
    study_lock(study);
    *out = study_find(study, number);
    study_unlock(study);
    return *out ? 0 : AFINA_E_NOT_FOUND;
}

int64_t study_trial_count(const struct study *study)
{
    study_lock(study);
    int64_t count = (int64_t)study->n_trials;
    study_unlock(study);
    return count;
}

/* The lock is held. */
static size_t count_objectives(const struct study *study)
{
    return study->begun ? study->objectives : (size_t)option_integer(&study->options, "objectives");
}

size_t study_objectives(const struct study *study)
{
    study_lock(study);
    size_t count = count_objectives(study);
    study_unlock(study);
    return count;
}

int32_t study_best(struct study *study, struct trial **out)
{
    *out = NULL;
    study_lock(study);
    size_t objectives = count_objectives(study);
    if (study->best >= 0)
        *out = study->trials[study->best];
    study_unlock(study);
    if (objectives > 1)
        return fail(AFINA_E_UNSUPPORTED, "there is no single best trial of %zu objectives", objectives);
    if (!*out)
        return fail(AFINA_E_NOT_FOUND, "no trial is complete and feasible");
    return 0;
}

void study_get_cost(struct study *study, double *spent, double *promised)
{
    *spent = *promised = 0;
    study_lock(study);
    for (size_t i = 0; i < study->n_trials; i++) {
        const struct trial *trial = study->trials[i];
        const struct trial_extras *extras = trial->extras;
        if (trial->state == AFINA_STATE_RUNNING)
            *promised += schedule_cost(extras->budget, extras->restarted ? 0 : extras->start);
        else
            *spent += trial_cost(trial, trial->state, study->objectives);
    }
    study_unlock(study);
}

int study_reached(const struct study *study, double value, double target)
{
    return study->signs[0] * value <= study->signs[0] * target;
}

void study_log(struct study *study, int32_t level, const char *format, ...)
{
    char text[FAIL_TEXT_SIZE];
    va_list args;
    study_lock(study);
    CALLBACK_SCOPE struct callback *message = callback_reference(study->message);
    study_unlock(study);
    if (!message)
        return;
    va_start(args, format);
    text_vformat(text, sizeof text, format, args);
    va_end(args);
    uint32_t failures = fail_count();
    int32_t answer = ((afina_message_function)message->function)(level, text, message->user);
    study_keep_answer(study, "the message function", answer, failures);
}

int64_t study_started(const struct study *study, const struct trial *trial)
{
    return trial->asked == TRIAL_DROPPED ? EVENT_TIMELESS : study->events[trial->asked].time;
}

int64_t study_ended(const struct study *study, const struct trial *trial)
{
    int has_ended = trial->state != AFINA_STATE_RUNNING && trial->asked != TRIAL_DROPPED;
    return has_ended ? study->events[trial->end->position].time : EVENT_TIMELESS;
}
