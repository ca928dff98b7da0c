/* One afina_optimize(): what its workers share, and their loop.
 *
 * A run's lock is taken before the study's, and none is held while the host's code runs. With a limit
 * of time on each trial another thread watches the workers (watch.c).
 */
#ifndef AFINA_API_RUN_H
#define AFINA_API_RUN_H

#include "api/handles.h"

#include <pthread.h>

/* What a worker holds, and lets go of when an exception of the host passes through. */
struct worker {
    struct run *run;
    afina_trial *trial;
    double *values; /* room for the objectives */
    int is_helper;  /* on a thread of its own */
    int evaluates;
    struct worker *before, *after; /* among those that are watched */
    double overdue;                /* when its trial has run too long, on the monotonic clock */
    int is_lost;                   /* its trial has, and was counted */
};

struct run {
    struct study *study;
    afina_objective objective;
    void *user;
    int64_t trials;
    double deadline, target, trial_seconds;
    _Atomic int32_t cancelled; /* an afina_cancel() is this run's */
    pthread_mutex_t lock;
    pthread_cond_t told; /* a trial ended: one that waited may ask again */
    pthread_t *threads;  /* n_threads workers beside the calling thread */
    size_t n_threads;
    struct worker *watched; /* those that evaluate a trial */
    pthread_cond_t watch;   /* there is another one, or the run ends */
    pthread_t watcher;
    int is_watching;
    int64_t started, running, ended, failed;
    char reason[FAIL_TEXT_SIZE]; /* of the last trial that failed */
    int32_t result;              /* why the run ends; AFINA_OK while it goes on */
    char error[FAIL_TEXT_SIZE];  /* the text that belongs to a negative result */
};

/* Evaluates trials on `count` threads, the calling one included, and answers with the
 * result of the run. AFINA_E_FORKED in a child that the host's code made. */
int32_t run_workers(struct run *run, size_t count);

/* Ends the run, waits for its threads and frees what it has: at the end of a scope, also
 * when an exception of the host passes through. */
void run_fini(struct run *run);

/* watch.c: puts a worker that begins a trial among the watched ones, and takes it out. The lock is held. */
void watch_begin(struct worker *worker);
void watch_end(struct worker *worker);

/* What the watching thread does: a trial that has run too long is told as lost, and counts as ended. */
void *watch(void *run);

/* A trial ended, or was given up. The lock is held. */
void run_count(struct run *run);

/* 1 when the run was cancelled. The first to see a pending afina_cancel() takes it, so
 * that it ends one run and no more. */
int run_is_cancelled(struct run *run);

/* Tells what an objective left: its status, and `values` with NaN for what it did not set.
 * The status that ends the run, or 0. `failures` is fail_count() before the objective. */
int32_t tell_outcome(struct study *study, afina_trial *trial, int32_t status, const double *values, uint32_t failures);

#endif
