/* The `capacity` told points of least key, as encoded rows in ascending order.
 *
 * With the loss as key it is a ranking, failures last; with a hash of the trial's
 * number it is a uniform sample of all that was told. Either is a function of the
 * set of points that were put in, not of their order (but for equal keys of one
 * number). Memory and the cost of a put do not grow with the study.
 */
#ifndef AFINA_METHOD_ARCHIVE_H
#define AFINA_METHOD_ARCHIVE_H

#include <stddef.h>
#include <stdint.h>

struct archived {
    double key;
    int64_t number; /* of the trial; the less comes first where keys are equal */
    double loss;    /* INFINITY: failed */
    double *x;      /* the row */
};

struct archive {
    size_t d, size, capacity;
    struct archived *entries; /* `size` of them, ascending */
};

/* Makes an empty archive in memory of the caller's: `capacity` entries, and as many rows of d
 * numbers. searcher_archive() does it for a method. */
void archive_place(struct archive *a, size_t d, size_t capacity, struct archived *entries, double *rows);

/* Copies the row in when its key is among the least. Its place, or `capacity`
 * when it stayed outside. */
size_t archive_put(struct archive *a, double key, int64_t number, double loss, const double *x);

/* The place of a trial among the first `count`, or `count` when it is not there. */
size_t archive_find(const struct archive *a, size_t count, int64_t number);

/* Takes the entry out. */
void archive_remove(struct archive *a, size_t place);

/* 1 when the first `count` are in one place: the same categories, and numbers within a millionth of
 * every range. */
int archive_is_gathered(const struct archive *a, size_t count);

/* How many entries are no failures, in an archive with the loss as key. */
size_t archive_results(const struct archive *a);

#endif
