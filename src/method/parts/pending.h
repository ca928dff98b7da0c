/* The trials that run, in the ascending order of their numbers, and for a method that
 * wants them their points as encoded rows. */
#ifndef AFINA_METHOD_PENDING_H
#define AFINA_METHOD_PENDING_H

#include <stddef.h>
#include <stdint.h>

struct pending_trial {
    int64_t number;
    double *x; /* NULL where no rows are kept */
};

struct pending {
    size_t d; /* numbers of a row; 0: no rows are kept */
    struct pending_trial *trials;
    size_t size, capacity;
};

/* Starts from {.d = ...}. The row is copied. */
int32_t pending_add(struct pending *p, int64_t number, const double *x);

/* 1 when the trial was running. */
int pending_remove(struct pending *p, int64_t number);

void pending_fini(struct pending *p); /* a zeroed one is fine */

#endif
