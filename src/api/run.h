/* One afina_optimize(): what its workers share, and their loop.
 *
 * A run's lock is taken before the study's, and none is held while the host's code runs.
 */
#ifndef AFINA_API_RUN_H
#define AFINA_API_RUN_H

#include "api/handles.h"

#include <pthread.h>

struct run {
    struct study *study;
    afina_objective objective;
    void *user;
    int64_t trials;
    double deadline, target;
    _Atomic int32_t cancelled; /* an afina_cancel() is this run's */
    pthread_mutex_t lock;
    pthread_cond_t told; /* a trial ended: one that waited may ask again */
    pthread_t *threads;  /* n_threads workers beside the calling thread */
    size_t n_threads;
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

/* 1 when the run was cancelled. The first to see a pending afina_cancel() takes it, so
 * that it ends one run and no more. */
int run_is_cancelled(struct run *run);

/* Tells what an objective left: its status, and `values` with NaN for what it did not set.
 * The status that ends the run, or 0. `failures` is fail_count() before the objective. */
int32_t tell_outcome(struct study *study, afina_trial *trial, int32_t status, const double *values, uint32_t failures);

#endif
