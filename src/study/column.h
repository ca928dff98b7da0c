/* Columns: one property of many trials at once. Each function writes what belongs to the
 * trials first, first + 1, ... until the array of `capacity` elements is full, and stores
 * in *count how many trials there are from `first` on. The lock is held for a bounded
 * number of trials at a time.
 */
#ifndef AFINA_STUDY_COLUMN_H
#define AFINA_STUDY_COLUMN_H

#include "study/study.h"

/* What a column is made of. Of the arrays those that are not NULL are filled. */
struct column {
    int64_t first;
    size_t capacity;
    size_t objective;    /* of `values` */
    struct space *space; /* that of the parameter's arrays, counted by the caller */
    size_t parameter;    /* its index there */
    const char *key;     /* of `texts` */
    const char **texts;  /* NULL: the trial has no such attribute */
    int32_t *states, *origins;
    double *values;           /* NaN: the trial has none */
    double *reals;            /* NaN: the parameter is not active, or its choice is no number */
    int64_t *integers;        /* 0 when not active */
    int32_t *choices;         /* index; -1 when not active */
    int32_t *active;          /* 1 or 0 */
    int64_t *started, *ended; /* study_started(), study_ended() */
};

int32_t study_read_column(const struct study *study, const struct column *column, size_t *count);

/* The numbers of the trials that run, ascending: the array and *count as above. */
void study_read_running(const struct study *study, int64_t *numbers, size_t capacity, size_t *count);

#endif
