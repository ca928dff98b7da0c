/* The parts of the benchmark of budgets and arms. */
#ifndef BENCH_ARMS_H
#define BENCH_ARMS_H

#include "pool.h"

#include <stdio.h>

struct arms_settings {
    const char *tasks;      /* words with commas between, a * at the end of one is any end; NULL: all */
    const char *schedulers; /* SCHEDULER, SCHEDULER+STOPPER, with commas between */
    const char *methods, *set, *label;
    const char *data, *out, *pools;
    const char *machine;
    int runs, first_run, jobs;
    double seconds;
};

/* The policies of policies.c on every pool. */
int arms_policies(const struct arms_settings *settings);

/* Schedulers x methods of the library on every pool. */
int arms_studies(const struct arms_settings *settings);

/* Rules for the best arm by simulation; those of the library too. */
int arms_best(const struct arms_settings *settings);

/* A pool for a program in another language; see serve.c. */
int arms_serve(const struct arms_settings *settings, const char *task, FILE *in, FILE *out);

#endif
