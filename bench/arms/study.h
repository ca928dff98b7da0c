/* A study of the library on a pool, through the public interface alone. */
#ifndef BENCH_STUDY_H
#define BENCH_STUDY_H

#include "pool.h"

struct study {
    const struct pool *pool;
    const char *scheduler, *stopper, *method; /* method "pool": the pool's own rows, in the order of the run */
    const char *options;                      /* key=value,... or NULL */
    uint64_t run;

    /* What came of it. */
    double percentile; /* of the best of those at the highest step */
    double spent;      /* in full trainings */
    long trials;
    char status[256];
};

void study_run(struct study *study);

#endif
