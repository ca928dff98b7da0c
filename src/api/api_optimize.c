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
    pthread_t *threads;  /* n_threads workers beside the calling thread */
    size_t n_threads;
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
        end_run(run, AFINA_E_STATE); /* freed */
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
        wait_for(&run->told, &run->lock);
    }
}

/* Tells what the objective left: values set, none, or part of them. */
static int32_t tell_what_is_left(struct run *run, afina_trial *trial, int32_t status, const double *values)
{
    size_t set = 0;
    for (size_t i = 0; i < run->study->objectives; i++)
        set += isnan(values[i]) ? 0 : 1;
    if (status == AFINA_INFEASIBLE_POINT)
        return study_tell_trial(run->study, trial->trial, AFINA_STATE_INFEASIBLE, NULL, 0, NULL);
    if (status != AFINA_OK) {
        char reason[64];
        text_format(reason, sizeof reason, "the objective returned %d", (int)status);
        return study_tell_trial(run->study, trial->trial, AFINA_STATE_FAILED, NULL, 0, reason);
    }
    if (set == run->study->objectives)
        return study_tell_trial(run->study, trial->trial, AFINA_STATE_COMPLETE, values, set, NULL);
    if (trial->stop_asked && set == 0)
        return study_tell_trial(run->study, trial->trial, AFINA_STATE_STOPPED, NULL, 0, NULL);
    return study_tell_trial(run->study, trial->trial, AFINA_STATE_FAILED, NULL, 0,
                            "the objective did not set its value");
}

/* AFINA_E_STATE: the objective told its trial itself, or another thread did. */
static int32_t tell_outcome(struct run *run, afina_trial *trial, int32_t status, const double *values)
{
    int32_t rc = tell_what_is_left(run, trial, status, values);
    return rc == AFINA_E_STATE ? 0 : rc;
}

static void log_outcome(struct run *run, const struct trial *trial)
{
    int32_t state;
    double value = NAN;
    study_lock(run->study);
    state = trial->state;
    if (trial->end->values)
        value = trial->end->values[0];
    int best = run->study->best == trial->number;
    study_unlock(run->study);
    study_log(run->study, AFINA_MESSAGE_INFO, "trial %lld is %s%s: %g", (long long)trial->number,
              trial_state_name(state), best ? ", the best so far" : "", value);
}

static int reached_target(const struct run *run, const struct trial *trial)
{
    if (isnan(run->target) || run->study->objectives != 1)
        return 0;
    study_lock(run->study);
    int reached = trial->state == AFINA_STATE_COMPLETE && trial_is_feasible(trial) &&
                  study_reached(run->study, trial->end->values[0], run->target);
    study_unlock(run->study);
    return reached;
}

/* What a worker holds, and lets go of when an exception of the host passes through. */
struct worker {
    afina_trial *trial;
    double *values; /* room for the objectives */
};

static void worker_fini(struct worker *worker)
{
    afina_trial_free(worker->trial);
    mem_free(worker->values);
}

/* Evaluates one trial. In a child that the objective forked it is AFINA_E_FORKED, and
 * no lock is touched. */
static int32_t evaluate(struct run *run, struct worker *worker)
{
    afina_trial *trial = worker->trial;
    for (size_t i = 0; i < run->study->objectives; i++)
        worker->values[i] = NAN;
    trial->deadline = run->deadline;
    int32_t status = run->objective(trial, worker->values, run->user);
    int32_t rc = study_check_process(run->study);
    if (rc)
        return rc;
    rc = tell_outcome(run, trial, status, worker->values);
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
    return 0;
}

static void *work(void *argument)
{
    struct run *run = argument;
    struct worker worker __attribute__((cleanup(worker_fini))) = {0};
    int32_t rc;
    do {
        pthread_mutex_lock(&run->lock);
        rc = next_trial(run, &worker.trial);
        if (!rc && !worker.values) {
            worker.values = mem_new(run->study->objectives, sizeof *worker.values);
            if (!worker.values) {
                rc = fail_memory();
                end_run(run, rc);
                run->running--;
            }
        }
        pthread_mutex_unlock(&run->lock);
        if (!rc)
            rc = evaluate(run, &worker);
        afina_trial_free(worker.trial);
        worker.trial = NULL;
    } while (!rc);
    return NULL;
}

/* Starts up to count workers with every signal blocked, so that the host's
 * handlers run on the host's threads. */
static void start_workers(struct run *run, size_t count)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (run->n_threads < count && pthread_create(&run->threads[run->n_threads], NULL, work, run) == 0)
        run->n_threads++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void join_workers(struct run *run)
{
    for (; run->n_threads > 0; run->n_threads--)
        pthread_join(run->threads[run->n_threads - 1], NULL);
}

/* This thread is one of the workers; a thread that cannot be had is done without. */
static int32_t run_workers(struct run *run, size_t count)
{
    if (count > 1) {
        run->threads = mem_new(count - 1, sizeof *run->threads);
        if (!run->threads)
            return fail_memory();
        start_workers(run, count - 1);
        if (run->n_threads < count - 1)
            study_log(run->study, AFINA_MESSAGE_WARNING, "only %zu of %zu workers could be started", run->n_threads + 1,
                      count);
    }
    work(run);
    int32_t rc = study_check_process(run->study);
    if (rc)
        return rc;
    join_workers(run);
    return run->result < 0 ? fail(run->result, "%s", run->error) : run->result;
}

/* Workers are left only when an exception of the host passes through this thread: they
 * end what they evaluate first. In a forked child there are none. */
static void run_fini(struct run *run)
{
    if (!study_is_forked(run->study)) {
        pthread_mutex_lock(&run->lock);
        end_run(run, AFINA_CANCELLED);
        pthread_mutex_unlock(&run->lock);
        join_workers(run);
        pthread_cond_destroy(&run->told);
        pthread_mutex_destroy(&run->lock);
    }
    mem_free(run->threads);
    study_release(run->study);
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
    struct run run __attribute__((cleanup(run_fini))) = {
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
    /* Also when it came too late to end anything: the next run is another one. */
    int32_t cancelled = __atomic_exchange_n(&run.study->cancelled, 0, __ATOMIC_ACQ_REL);
    return rc >= 0 && cancelled ? AFINA_CANCELLED : rc;
}
