#define _POSIX_C_SOURCE 200809L /* pthread_sigmask */
/* The callback loop: ask, evaluate, tell, on one thread or several. */
#include "api/handles.h"
#include "core/mem.h"

#include <math.h>
#include <pthread.h>
#include <signal.h>

/* What the workers of one afina_optimize() share. */
struct run {
    struct study *study;
    afina_objective objective;
    void *user;
    int64_t trials;
    double deadline, target;
    pthread_mutex_t lock;
    pthread_cond_t told; /* a trial ended: one that waited may ask again */
    int64_t started, running, ended;
    int32_t result;             /* why the run ends; AFINA_OK while it goes on */
    char error[FAIL_TEXT_SIZE]; /* the text that belongs to a negative result */
};

/* The first reason to end counts. The lock is held. */
static void end_run(struct run *run, int32_t result)
{
    if (run->result)
        return;
    run->result = result;
    if (result < 0)
        text_format(run->error, sizeof run->error, "%s", fail_text());
    pthread_cond_broadcast(&run->told);
}

/* 1 when another trial should start. The lock is held. */
static int may_start(struct run *run)
{
    if (run->result || run->started >= run->trials)
        return 0;
    if (__atomic_load_n(&run->study->cancelled, __ATOMIC_ACQUIRE))
        end_run(run, AFINA_CANCELLED);
    else if (study_check(run->study))
        end_run(run, AFINA_E_STATE);
    else if (isfinite(run->deadline) && clock_seconds() >= run->deadline)
        end_run(run, AFINA_DONE);
    return run->result == 0;
}

/* Asks; with `lag` this may have to wait for a result of another worker. When
 * there is none to come, what it waits for is a trial of the host. The lock is
 * held, and let go while the method thinks: trials may start and end meanwhile. */
static int32_t next_trial(struct run *run, afina_trial **out)
{
    for (;;) {
        if (!may_start(run))
            return AFINA_DONE;
        run->started++;
        run->running++;
        int64_t ended = run->ended;
        pthread_mutex_unlock(&run->lock);
        int32_t rc = trial_ask(out, run->study);
        pthread_mutex_lock(&run->lock);
        if (!rc)
            return 0;
        run->started--;
        run->running--;
        if (rc == AFINA_WAIT && run->ended != ended)
            continue;
        if (rc != AFINA_WAIT || run->running == 0) {
            end_run(run, rc);
            return rc;
        }
        pthread_cond_wait(&run->told, &run->lock);
    }
}

/* Tells what the objective left: values set, none, or part of them. */
static int32_t tell_outcome(struct run *run, afina_trial *trial, int32_t status, const double *values)
{
    int64_t number = trial->trial->number;
    size_t set = 0;
    for (size_t i = 0; i < run->study->objectives; i++)
        set += isnan(values[i]) ? 0 : 1;
    int32_t state;
    study_lock(run->study);
    state = trial->trial->state;
    study_unlock(run->study);
    if (state != AFINA_RUNNING)
        return 0; /* the objective told it itself */
    if (status == AFINA_INFEASIBLE_POINT)
        return study_tell(run->study, number, AFINA_INFEASIBLE, NULL, 0, NULL);
    if (status != AFINA_OK) {
        char reason[64];
        text_format(reason, sizeof reason, "the objective returned %d", (int)status);
        return study_tell(run->study, number, AFINA_FAILED, NULL, 0, reason);
    }
    if (set == run->study->objectives)
        return study_tell(run->study, number, AFINA_COMPLETE, values, set, NULL);
    if (trial->stop_asked && set == 0)
        return study_tell(run->study, number, AFINA_STOPPED, NULL, 0, NULL);
    return study_tell(run->study, number, AFINA_FAILED, NULL, 0, "the objective did not set its value");
}

static void log_outcome(struct run *run, const struct trial *trial)
{
    int32_t state;
    double value = NAN;
    study_lock(run->study);
    state = trial->state;
    if (trial->values)
        value = trial->values[0];
    int best = run->study->best == trial->number;
    study_unlock(run->study);
    study_log(run->study, AFINA_LOG_INFO, "trial %lld is %s%s: %g", (long long)trial->number, trial_state_name(state),
              best ? ", the best so far" : "", value);
}

static int reached_target(const struct run *run, const struct trial *trial)
{
    if (isnan(run->target) || run->study->objectives != 1)
        return 0;
    study_lock(run->study);
    int reached = trial->state == AFINA_COMPLETE && study_reached(run->study, trial->values[0], run->target);
    study_unlock(run->study);
    return reached;
}

/* Evaluates one trial. `values` has room for the objectives. */
static void evaluate(struct run *run, afina_trial *trial, double *values)
{
    for (size_t i = 0; i < run->study->objectives; i++)
        values[i] = NAN;
    trial->deadline = run->deadline;
    int32_t status = run->objective(trial, values, run->user);
    int32_t rc = tell_outcome(run, trial, status, values);
    if (!rc)
        log_outcome(run, trial->trial);
    pthread_mutex_lock(&run->lock);
    run->running--;
    run->ended++;
    if (rc)
        end_run(run, rc);
    else if (reached_target(run, trial->trial))
        end_run(run, AFINA_DONE);
    pthread_cond_broadcast(&run->told);
    pthread_mutex_unlock(&run->lock);
}

static void *work(void *argument)
{
    struct run *run = argument;
    double *values = NULL;
    for (;;) {
        afina_trial *trial;
        pthread_mutex_lock(&run->lock);
        int32_t rc = next_trial(run, &trial);
        if (!rc && !values) {
            values = mem_new(run->study->objectives, sizeof *values);
            if (!values) {
                end_run(run, fail_memory());
                rc = AFINA_E_MEMORY;
                run->running--;
                afina_trial_free(trial);
            }
        }
        pthread_mutex_unlock(&run->lock);
        if (rc)
            break;
        evaluate(run, trial, values);
        afina_trial_free(trial);
    }
    mem_free(values);
    return NULL;
}

/* Starts up to count workers with every signal blocked, so that the host's
 * handlers run on the host's threads. Returns how many were started. */
static size_t start_workers(struct run *run, pthread_t *threads, size_t count)
{
    sigset_t all, before;
    size_t started = 0;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (started < count && pthread_create(&threads[started], NULL, work, run) == 0)
        started++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

/* This thread is one of the workers; a thread that cannot be had is done without. */
static int32_t run_workers(struct run *run, size_t count)
{
    pthread_t *threads = NULL;
    size_t started = 0;
    if (count > 1) {
        threads = mem_new(count - 1, sizeof *threads);
        if (!threads)
            return fail_memory();
        started = start_workers(run, threads, count - 1);
        if (started < count - 1)
            study_log(run->study, AFINA_LOG_WARNING, "only %zu of %zu workers could be started", started + 1, count);
    }
    work(run);
    for (size_t i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    mem_free(threads);
    return run->result < 0 ? fail(run->result, "%s", run->error) : run->result;
}

int32_t afina_optimize(afina_optimizer *optimizer, afina_objective objective, void *user, int64_t trials)
{
    int32_t rc = require(optimizer, __func__, "optimizer");
    if (!rc && !objective)
        rc = fail(AFINA_E_ARGUMENT, "%s: objective is NULL", __func__);
    if (!rc && trials < 0)
        rc = fail(AFINA_E_RANGE, "%s: trials must be 0 or more, got %lld", __func__, (long long)trials);
    if (!rc)
        rc = study_check(optimizer->study);
    if (rc)
        return rc;
    struct study_limits limits;
    study_get_limits(optimizer->study, &limits);
    struct run run = {
        .study = study_reference(optimizer->study), /* the objective may free the optimizer */
        .objective = objective,
        .user = user,
        .trials = trials,
        .deadline = clock_seconds() + limits.seconds,
        .target = limits.target,
    };
    pthread_mutex_init(&run.lock, NULL);
    pthread_cond_init(&run.told, NULL);
    rc = run_workers(&run, (size_t)limits.workers);
    if (rc == AFINA_CANCELLED)
        __atomic_store_n(&run.study->cancelled, 0, __ATOMIC_RELEASE);
    pthread_cond_destroy(&run.told);
    pthread_mutex_destroy(&run.lock);
    study_release(run.study);
    return rc;
}
