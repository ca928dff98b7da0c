#define _POSIX_C_SOURCE 200809L /* pthread_sigmask */
#include "api/run.h"

#include "core/mem.h"
#include "study/delivery.h"

#include <stdatomic.h>
#include <math.h>
#include <signal.h>

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

int run_is_cancelled(struct run *run)
{
    int32_t pending = 1;
    if (atomic_load_explicit(&run->cancelled, memory_order_acquire))
        return 1;
    if (!atomic_compare_exchange_strong_explicit(&run->study->cancelled, &pending, 0, memory_order_acq_rel,
                                                 memory_order_acquire))
        return 0;
    atomic_store_explicit(&run->cancelled, 1, memory_order_release);
    return 1;
}

/* 1 when another trial should start. The lock is held. */
static int may_start(struct run *run)
{
    if (run->result || run->started >= run->trials)
        return 0;
    int32_t status = study_take_answer(run->study);
    if (status)
        end_run(run, status);
    else if (run_is_cancelled(run))
        end_run(run, AFINA_CANCELLED);
    else if (study_check(run->study))
        end_run(run, AFINA_E_STATE); /* freed */
    else if (isfinite(run->deadline) && clock_seconds() >= run->deadline)
        end_run(run, AFINA_DONE);
    return run->result == 0;
}

/* Asks with the lock let go: the method thinks, and the host's filter and observer run;
 * trials may start and end meanwhile. In a child that these forked no lock is taken. */
static int32_t ask_unlocked(struct run *run, afina_trial **out)
{
    pthread_mutex_unlock(&run->lock);
    int32_t rc = trial_ask(out, run->study);
    if (!rc)
        deliver(run->study);
    int32_t forked = study_check_process(run->study);
    if (forked)
        return forked;
    pthread_mutex_lock(&run->lock);
    return rc;
}

/* With `lag` it may have to wait for a result of another worker. When there is none to
 * come, what it waits for is a trial of the host. Returns with the lock held, but for
 * AFINA_E_FORKED. */
static int32_t next_trial(struct run *run, afina_trial **out)
{
    for (;;) {
        if (!may_start(run))
            return AFINA_DONE;
        run->started++;
        run->running++;
        int64_t ended = run->ended;
        int32_t rc = ask_unlocked(run, out);
        if (!rc || study_is_forked(run->study))
            return rc;
        run->started--;
        run->running--;
        if (rc == AFINA_WAIT && (run->ended != ended || run->result))
            continue; /* something happened since: nobody would end the wait for it */
        if (rc != AFINA_WAIT || run->running == 0) {
            end_run(run, rc);
            return rc;
        }
        wait_for(&run->told, &run->lock);
    }
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

/* Keeps the reason of a failed trial. The lock is held. */
static void count_failed(struct run *run, const struct trial *trial)
{
    study_lock(run->study);
    if (trial->state == AFINA_STATE_FAILED) {
        run->failed++;
        text_format(run->reason, sizeof run->reason, "%s",
                    trial->end->reason ? trial->end->reason : "no reason was told");
    }
    study_unlock(run->study);
}

void run_count(struct run *run)
{
    run->running--;
    run->ended++;
    pthread_cond_broadcast(&run->told);
}

/* The trial of a worker ended. A status that is not 0 ends the run. */
static void count_ended(struct worker *worker, int32_t status)
{
    struct run *run = worker->run;
    const struct trial *trial = worker->trial->trial;
    pthread_mutex_lock(&run->lock);
    watch_end(worker);
    count_failed(run, trial);
    if (status)
        end_run(run, status);
    else if (reached_target(run, trial))
        end_run(run, AFINA_DONE);
    if (!worker->is_lost)
        run_count(run);
    pthread_mutex_unlock(&run->lock);
}

/* The objective ended its thread (pthread_exit, pthread_cancel): the run tells its
 * trial. On the thread that called afina_optimize() it is the host's to tell. */
static void tell_abandoned(struct worker *worker)
{
    study_tell_trial(worker->run->study, worker->trial->trial, AFINA_STATE_LOST, NULL, 0,
                     "the objective ended its thread");
    count_ended(worker, 0);
}

/* An exception of the host passes through the thread that called afina_optimize(). */
static void leave(struct worker *worker)
{
    pthread_mutex_lock(&worker->run->lock);
    watch_end(worker);
    pthread_mutex_unlock(&worker->run->lock);
}

static void worker_fini(struct worker *worker)
{
    if (worker->evaluates && !study_is_forked(worker->run->study)) {
        if (worker->is_helper)
            tell_abandoned(worker);
        else
            leave(worker);
    }
    afina_trial_free(worker->trial);
    mem_free(worker->values);
}

/* Evaluates one trial. In a child that the host's code forked it is AFINA_E_FORKED, and
 * no lock is touched. */
static int32_t evaluate(struct worker *worker)
{
    struct run *run = worker->run;
    afina_trial *trial = worker->trial;
    for (size_t i = 0; i < run->study->objectives; i++)
        worker->values[i] = NAN;
    trial->run = run;
    pthread_mutex_lock(&run->lock);
    watch_begin(worker);
    pthread_mutex_unlock(&run->lock);
    trial->deadline = fmin(run->deadline, worker->overdue);
    uint32_t failures = fail_count();
    worker->evaluates = 1;
    int32_t status = run->objective(trial, worker->values, run->user);
    worker->evaluates = 0;
    int32_t rc = study_check_process(run->study);
    if (rc)
        return rc;
    int32_t end = tell_outcome(run->study, trial, status, worker->values, failures);
    count_ended(worker, end);
    deliver(run->study);
    return study_check_process(run->study);
}

/* Room for the values is made with the first trial: then their number is fixed. The lock
 * is held. */
static int32_t begin_trial(struct worker *worker)
{
    struct run *run = worker->run;
    int32_t rc = next_trial(run, &worker->trial);
    if (rc || worker->values)
        return rc;
    worker->values = mem_new(run->study->objectives, sizeof *worker->values);
    if (worker->values)
        return 0;
    rc = fail_memory();
    end_run(run, rc);
    run->running--;
    return rc;
}

static void work(struct run *run, int is_helper)
{
    struct worker worker __attribute__((cleanup(worker_fini))) = {.run = run, .is_helper = is_helper};
    int32_t rc;
    do {
        pthread_mutex_lock(&run->lock);
        rc = begin_trial(&worker);
        if (study_is_forked(run->study))
            return;
        pthread_mutex_unlock(&run->lock);
        if (!rc)
            rc = evaluate(&worker);
        afina_trial_free(worker.trial);
        worker.trial = NULL;
    } while (!rc);
}

static void *help(void *run)
{
    work(run, 1);
    return NULL;
}

/* Threads are started with every signal blocked, so that the host's handlers run on the host's. */
static int start_thread(pthread_t *thread, void *(*function)(void *), struct run *run)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(thread, NULL, function, run);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return !failed;
}

static void start_workers(struct run *run, size_t count)
{
    while (run->n_threads < count && start_thread(&run->threads[run->n_threads], help, run))
        run->n_threads++;
}

/* A limit that is not watched would be accepted and ignored. */
static int32_t start_watcher(struct run *run)
{
    if (!isfinite(run->trial_seconds))
        return 0;
    run->is_watching = 1;
    if (start_thread(&run->watcher, watch, run))
        return 0;
    run->is_watching = 0;
    return fail(AFINA_E_STATE, "the thread that \"trial_seconds\" needs cannot be started");
}

static void end_watcher(struct run *run)
{
    if (!run->is_watching)
        return;
    pthread_mutex_lock(&run->lock);
    run->is_watching = 0;
    pthread_cond_signal(&run->watch);
    pthread_mutex_unlock(&run->lock);
    pthread_join(run->watcher, NULL);
}

static void join_workers(struct run *run)
{
    for (; run->n_threads > 0; run->n_threads--)
        pthread_join(run->threads[run->n_threads - 1], NULL);
}

/* The run goes on with fewer threads when one cannot be started. */
static int32_t start_helpers(struct run *run, size_t count)
{
    if (count == 0)
        return 0;
    run->threads = mem_new(count, sizeof *run->threads);
    if (!run->threads)
        return fail_memory();
    start_workers(run, count);
    if (run->n_threads < count)
        study_log(run->study, AFINA_MESSAGE_WARNING, "only %zu of %zu workers could be started", run->n_threads + 1,
                  count + 1);
    return study_check_process(run->study);
}

/* What a callback answered to the last trials counts more than news of another end. */
static void take_last_answer(struct run *run)
{
    if (run->result < 0)
        return;
    int32_t status = study_take_answer(run->study);
    if (!status)
        return;
    run->result = 0;
    end_run(run, status);
}

int32_t run_workers(struct run *run, size_t count)
{
    int32_t rc = start_watcher(run);
    if (!rc)
        rc = start_helpers(run, count - 1);
    if (rc)
        return rc;
    work(run, 0);
    rc = study_check_process(run->study);
    if (rc)
        return rc;
    join_workers(run);
    end_watcher(run);
    deliver(run->study);
    rc = study_check_process(run->study);
    if (rc)
        return rc;
    study_wait_delivered(run->study);
    take_last_answer(run);
    return run->result < 0 ? fail(run->result, "%s", run->error) : run->result;
}

/* Workers are left only when an exception of the host passes through this thread: they
 * end what they evaluate first. In a forked child there are none. */
void run_fini(struct run *run)
{
    if (!study_is_forked(run->study)) {
        pthread_mutex_lock(&run->lock);
        end_run(run, AFINA_CANCELLED);
        pthread_mutex_unlock(&run->lock);
        join_workers(run);
        end_watcher(run);
        pthread_cond_destroy(&run->watch);
        pthread_cond_destroy(&run->told);
        pthread_mutex_destroy(&run->lock);
    }
    mem_free(run->threads);
    study_release(run->study);
}
