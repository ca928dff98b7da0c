/* What a study on a pool has trained, and what it has left: the accounts that all
 * policies and libraries are held to. */
#ifndef BENCH_COURSE_H
#define BENCH_COURSE_H

#include "pool.h"

struct course {
    const struct pool *pool;
    size_t *order; /* the rows, shuffled for the run */
    size_t next;   /* of them, the first that was not drawn */
    int *at;       /* the step that each row has reached */
    int left;      /* steps that may still be spent */
};

int course_begin(struct course *course, const struct pool *pool, uint64_t run);
void course_end(struct course *course);

/* A new row, SIZE_MAX when all were drawn. */
size_t course_draw(struct course *course);

/* Trains a row to a step and pays the difference; 0 and nothing happens when that is not
 * left. */
int course_train(struct course *course, size_t row, int step);

/* The percentile of the best of those at the highest step that any has reached. */
double course_percentile(const struct course *course);

#endif
