/* afina_mlp.h - the reference objective: data sets, and a multilayer perceptron to tune on them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A host with a model of its own does not need this header. The conventions are
 * those of afina.h; docs/mlp.md describes the network.
 */
#ifndef AFINA_MLP_H
#define AFINA_MLP_H

#include "afina.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a data set's target is. */
enum { AFINA_TASK_CLASSIFICATION = 0, AFINA_TASK_REGRESSION = 1 };

/* Rows of features with a target: what a network learns. */
typedef struct afina_dataset afina_dataset;

/* Reads a CSV file, plain or gzipped: decimal numbers, blanks around them or not,
 * commas, optional quotes. header: 1 the first line holds names, 0 it does not (columns are then called "1", "2", ...).
 * target: the name of the target's column, NULL the last. categorical: names of the columns that hold categories, which
 * become one 0/1 feature for each category; the target of a classification always holds categories. Errors name file,
 * line and column: AFINA_E_FILE (no such file; longer than 2^30 bytes; gzip data that become more than 2^24 bytes and
 * 100 times as long), AFINA_E_FORMAT (ragged rows, a cell that is no number, no rows, one class only), AFINA_E_NAME (no
 * such column). Since 0.1.0. */
AFINA_API int32_t afina_dataset_from_csv(afina_dataset **out, const char *path, int32_t header, const char *target,
                                         int32_t task, const char *const *categorical, size_t count);

/* Reads a pair of IDX files (images or vectors; labels), plain or gzipped. Since 0.1.0. */
AFINA_API int32_t afina_dataset_from_idx(afina_dataset **out, const char *features, const char *targets, int32_t task);

/* Copies rows x columns features (row by row) and one target a row; the targets
 * of a classification are class numbers 0, 1, 2, ... Since 0.1.0. */
AFINA_API int32_t afina_dataset_from_arrays(afina_dataset **out, const double *features, size_t rows, size_t columns,
                                            const double *targets, int32_t task);

/* Frees a data set; NULL is allowed. Since 0.1.0. */
AFINA_API void afina_dataset_free(afina_dataset *dataset);

/* Divides the rows at random, each class in proportion: a share in (0, 1) of
 * them to *second, the others to *first. Since 0.1.0. */
AFINA_API int32_t afina_dataset_split(const afina_dataset *dataset, double share, uint64_t seed, afina_dataset **first,
                                      afina_dataset **second);

/* The size of a data set: rows, columns of features, and classes (0 for a regression). All are 0
 * for NULL. Since 0.1.0. */
AFINA_API size_t afina_dataset_rows(const afina_dataset *dataset);
AFINA_API size_t afina_dataset_columns(const afina_dataset *dataset);
AFINA_API size_t afina_dataset_classes(const afina_dataset *dataset);

/* A multilayer perceptron as an objective: training and validation on a data
 * set. Thread-safe once its options are set. */
typedef struct afina_mlp afina_mlp;

/* Keeps its own reference to the data. Since 0.1.0. */
AFINA_API int32_t afina_mlp_new(afina_mlp **out, const afina_dataset *dataset);
AFINA_API void afina_mlp_free(afina_mlp *mlp);

/* Options; see docs/mlp.md.
 *
 * metric       what is minimised: "error", "loss", "mse", "mae", or the
 *              complement 1 - x of "accuracy", "f1", "auc", "r2"   ("error"; "mse")
 * layers       most hidden layers the space offers, 1..8                  (3)
 * units        most units of a layer, 1..4096                           (256)
 * epochs       most epochs, 1..100000                                    (60)
 * folds        validation: 0 one split by the hyperparameter
 *              "validation_share", k >= 2 the mean over k folds           (0) Since 0.1.0. */
AFINA_API int32_t afina_mlp_set_integer(afina_mlp *mlp, const char *key, int64_t value);
AFINA_API int32_t afina_mlp_set_string(afina_mlp *mlp, const char *key, const char *value);

/* The space of the network's hyperparameters; the host owns it. Since 0.1.0. */
AFINA_API int32_t afina_mlp_space(const afina_mlp *mlp, afina_space **out);

/* An afina_objective; user is the afina_mlp. Trains on one part of the data,
 * reports the metric on the other after every epoch, and returns the best of
 * them. The point may lack any hyperparameter of afina_mlp_space(): a fixed default stands in.
 * Since 0.1.0. */
AFINA_API int32_t afina_mlp_objective(afina_trial *trial, double *values, void *user);

/* A trained network. */
typedef struct afina_network afina_network;

/* Trains with the hyperparameters of a point on the whole data set of the mlp
 * but the validation rows that early stopping needs. Since 0.1.0. */
AFINA_API int32_t afina_network_train(afina_network **out, const afina_mlp *mlp, const afina_point *point,
                                      uint64_t seed);
AFINA_API void afina_network_free(afina_network *network);

/* A metric of the network on a data set of the same columns, by its own name:
 * "accuracy" is the share of right answers, and so on. Since 0.1.0. */
AFINA_API int32_t afina_network_score(const afina_network *network, const afina_dataset *dataset, const char *metric,
                                      double *value);

/* Outputs for rows x columns features: class probabilities (classes a row) or
 * the predicted value (one a row). Since 0.1.0. */
AFINA_API int32_t afina_network_predict(const afina_network *network, const double *features, size_t rows,
                                        size_t columns, double *out, size_t capacity, size_t *count);

#ifdef __cplusplus
}
#endif

#endif
