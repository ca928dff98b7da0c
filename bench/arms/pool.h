/* A pool: configurations with their learning curves, from which a study draws.
 *
 * Tables are pools of measured configurations; of a fitted surrogate, 3,000 uniform
 * ones make the pool that others are ranked in, and any other point can be asked for.
 * Values are minimised; a step of a training that diverged is INFINITY. */
#ifndef BENCH_POOL_H
#define BENCH_POOL_H

#include "problems/problem.h"

enum { POOL_STEPS = 128 };

struct pool {
    const struct problem *problem;
    afina_space *space;
    const char *group; /* taskset, nmtlc, lora, lcbench */
    size_t rows, d;
    int steps;       /* of a full training */
    int budget;      /* full trainings a study may spend */
    double *x;       /* rows x d, natural values */
    double *unit;    /* rows x d, where nearness is measured */
    double *curve;   /* rows x steps */
    double *finals;  /* last steps, sorted */
    double expected; /* mean of ln p of the best of `budget` random full trainings */
};

/* How many there are where the data is, in a fixed order. */
size_t pool_count(void);
const char *pool_name(size_t index);

/* Loads a pool; what is computed is kept in `cache`. NULL with a line on the error
 * stream. */
struct pool *pool_load(size_t index, const char *cache);
void pool_free(struct pool *pool);

double pool_value(const struct pool *pool, size_t row, int step);

/* Of a value at the last step: the share of the pool that is better, and half of
 * what is equal; at least that of the pool's best alone. */
double pool_percentile(const struct pool *pool, double value);

/* The mean of ln percentile of the best of k <= rows random full trainings. */
double pool_expected_log(const struct pool *pool, int k);

/* The row whose point is nearest among those that are not marked as used, or among all
 * where all are; of equally near ones the first of the order. */
size_t pool_nearest(const struct pool *pool, const double *x, const unsigned char *used, const size_t *order);

/* The rows in an order drawn for a run. */
void pool_order(const struct pool *pool, uint64_t run, size_t *order);

#endif
