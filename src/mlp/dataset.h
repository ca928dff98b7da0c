/* Rows of features with a target. A data set never changes once it is made, so
 * it is shared between threads without a lock; only its count of references is
 * written. */
#ifndef AFINA_MLP_DATASET_H
#define AFINA_MLP_DATASET_H

#include "afina_mlp.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* Wider tables and longer lists of classes are refused. */
enum { DATASET_COLUMNS_MAX = 1 << 20, DATASET_CLASSES_MAX = 1 << 16 };

struct dataset {
    atomic_size_t references;
    int32_t task; /* AFINA_TASK_CLASSIFICATION, AFINA_TASK_REGRESSION */
    size_t rows, columns;
    size_t classes;     /* 0: regression */
    double *features;   /* rows x columns, row by row; all finite */
    int32_t *labels;    /* classification: the class of each row, 0..classes-1 */
    double *values;     /* regression: the target of each row; finite */
    char **class_names; /* as the file had them, or NULL: classes are numbers only */
};

/* The functions of afina.h of the same names. Text is not NULL and UTF-8; the
 * array pointers are not NULL. */
int32_t dataset_from_csv(struct dataset **out, const char *path, int32_t header, const char *target, int32_t task,
                         const char *const *categorical, size_t count);
int32_t dataset_from_idx(struct dataset **out, const char *features, const char *targets, int32_t task);
int32_t dataset_from_arrays(struct dataset **out, const double *features, size_t rows, size_t columns,
                            const double *targets, int32_t task);
int32_t dataset_split(const struct dataset *d, double share, uint64_t seed, struct dataset **first,
                      struct dataset **second);

/* Gives up one reference; the last one frees. NULL is allowed. */
void dataset_free(struct dataset *d);

/* One more reference to the same data. */
struct dataset *dataset_share(const struct dataset *d);

/* Room for a table, zeroed; AFINA_E_MEMORY. Its class names are not set. */
int32_t dataset_new(struct dataset **out, int32_t task, size_t rows, size_t columns, size_t classes);

/* AFINA_E_RANGE unless the number is one of the tasks. */
int32_t dataset_check_task(int32_t task);

/* All rows in a random order of which every stretch holds the classes in
 * proportion, to one row: order[0..rows-1]. */
int32_t dataset_order(const struct dataset *d, uint64_t seed, size_t *order);

#endif
