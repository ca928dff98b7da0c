/* How rows are divided into training and validation rows, again and again.
 *
 * A scheme divides `rows` rows in a number of replicates. Which rows a replicate
 * trains on and which it validates on is a function of the seed and of the
 * replicate's number alone, so that any process can compute any replicate.
 */
#ifndef AFINA_EXPERIMENT_RESAMPLING_H
#define AFINA_EXPERIMENT_RESAMPLING_H

#include "core/option.h"

#include <stddef.h>
#include <stdint.h>

struct resampling;

/* What a scheme can take into account. */
enum { SCHEME_CLASSES = 1, SCHEME_GROUPS = 2, SCHEME_BOTH = 4 };

struct scheme {
    const char *name;
    const char *summary; /* one line */
    uint32_t traits;
    const struct option *options;
    size_t n_options;
    /* The number of replicates. */
    int64_t (*count)(const struct resampling *r);
    /* Fails when the options and the rows do not fit. NULL: they always do. */
    int32_t (*check)(const struct resampling *r);
    /* Sets times[i] of each row: how often it is in the training rows, IS_VALIDATION, or 0
     * for a row that is left out. `times` is zeroed. */
    int32_t (*divide)(const struct resampling *r, int64_t replicate, int32_t *times);
};

enum { IS_VALIDATION = -1 };

struct resampling {
    const struct scheme *scheme;
    struct option_set options;
    size_t rows;
    size_t *classes; /* of each row, 0..n_classes-1; NULL: one class */
    size_t n_classes;
    size_t *groups; /* of each row, 0..n_groups-1; NULL: each row is a group of its own */
    size_t n_groups;
    int64_t *names; /* of each row in the outer rows of a nested scheme; NULL: its index */
};

int32_t resampling_new(struct resampling **out, const char *scheme, size_t rows);
int32_t resampling_copy(struct resampling **out, const struct resampling *r);
void resampling_free(struct resampling *r);

/* One label for each row. Equal labels are one class, or one group. NULL removes them. */
int32_t resampling_set_classes(struct resampling *r, const int64_t *labels, size_t count);
int32_t resampling_set_groups(struct resampling *r, const int64_t *labels, size_t count);

/* AFINA_E_RANGE or AFINA_E_UNSUPPORTED when the options and the rows do not fit. */
int32_t resampling_check(const struct resampling *r);

/* The rows of a replicate in ascending order; a row that is drawn several times stands there as often.
 * The caller frees both arrays. */
int32_t resampling_get(const struct resampling *r, int64_t replicate, int64_t **training, size_t *n_training,
                       int64_t **validation, size_t *n_validation);

/* A scheme over the training rows of a replicate of `outer`, which keep their numbers. */
int32_t resampling_inner(struct resampling **out, const struct resampling *outer, int64_t replicate,
                         const char *scheme);

/* The .632 estimate of the prediction error from the error on the training rows and the mean out-of-bag error;
 * the .632+ estimate when the no-information error is not NaN. B. Efron, R. Tibshirani, "Improvements on
 * cross-validation: the .632+ bootstrap method", JASA 92 (1997), equations 24 and 28-32. */
double estimate_632(double training, double out_of_bag, double no_information);

/* ------------------------------------------------ between files of experiment/ */

extern const struct scheme *const resampling_schemes[];
extern const size_t resampling_scheme_count;

#endif
