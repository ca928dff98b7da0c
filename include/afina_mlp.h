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

/* Reads a CSV file, plain or gzipped: decimal numbers, blanks around them or not, commas, optional quotes. header: 1
 * the first line holds names, 0 it does not (columns are then called "1", "2", ...). target: the name of the target's
 * column, NULL the last. categorical: names of the columns that hold categories, which become one 0/1 feature for
 * each category; the target of a classification always holds categories. Errors name file, line and column:
 * AFINA_E_FILE (no such file; longer than 2^30 bytes; gzip data that become more than 2^24 bytes and 100 times as
 * long), AFINA_E_FORMAT (ragged rows, a cell that is no number, no rows, one class only), AFINA_E_NAME (no such
 * column). AFINA_E_RANGE (header, task). May be NULL: target. Since 0.1.0. */
AFINA_API int32_t afina_dataset_from_csv(afina_dataset **out, const char *path, int32_t header, const char *target,
                                         int32_t task, const char *const *categorical, size_t count);

/* Reads a pair of IDX files (images or vectors; labels), plain or gzipped. AFINA_E_FILE, AFINA_E_FORMAT,
 * AFINA_E_RANGE (task). Since 0.1.0. */
AFINA_API int32_t afina_dataset_from_idx(afina_dataset **out, const char *features, const char *targets, int32_t task);

/* Copies rows x columns features (row by row) and one target a row; the targets of a classification are class numbers
 * 0, 1, 2, ... AFINA_E_RANGE, AFINA_E_FORMAT (one class only). Shapes: features[rows][columns], targets[rows].
 * Since 0.1.0. */
AFINA_API int32_t afina_dataset_from_arrays(afina_dataset **out, const double *features, size_t rows, size_t columns,
                                            const double *targets, int32_t task);

/* Frees a data set; NULL is allowed. Since 0.1.0. */
AFINA_API void afina_dataset_free(afina_dataset *dataset);

/* Divides the rows at random, each class in proportion: a share in (0, 1) of them to *second, the others to *first.
 * AFINA_E_RANGE, AFINA_E_STATE (one row). Since 0.1.0. */
AFINA_API int32_t afina_dataset_split(const afina_dataset *dataset, double share, uint64_t seed, afina_dataset **first,
                                      afina_dataset **second);

/* The size of a data set: rows, columns of features, and classes (0 for a regression). All are 0
 * for NULL. Since 0.1.0. */
AFINA_API size_t afina_dataset_rows(const afina_dataset *dataset);
AFINA_API size_t afina_dataset_columns(const afina_dataset *dataset);
AFINA_API size_t afina_dataset_classes(const afina_dataset *dataset);

/* A multilayer perceptron as an objective: training and validation on a data
 * set. Threads: one while it is changed, any number that read. */
typedef struct afina_mlp afina_mlp;

/* A new reference network: it keeps its own reference to the data. AFINA_E_RANGE (one row). Since 0.1.0. */
AFINA_API int32_t afina_mlp_new(afina_mlp **out, const afina_dataset *dataset);
AFINA_API void afina_mlp_free(afina_mlp *mlp);

/* Sets an option of the network; docs/mlp.md has more on them.
 *
 * metric       what is minimised: "error", "loss", "mse", "mae" or "mad", or
 *              the complement 1 - x of "accuracy", "f1", "auc", "auprc",
 *              "tpr", "tnr", "mcc", "r2", "correlation",
 *              "explained_variance"                                ("error"; "mse")
 * layers       most hidden layers the space offers, 1..8                  (3)
 * units        most units of a layer, 1..4096                           (256)
 * epochs       most epochs, 1..100000                                    (60)
 * folds        validation: 0 one split by the hyperparameter
 *              "validation_share", k >= 2 the mean over k folds           (0)
 * checkpoints  what the paths of checkpoints begin with, say a folder with
 *              its slash: trial k writes "<checkpoints>k.training" and no
 *              other file (but for ".part" behind it while it is written);
 *              "": none are kept                                         ("")
 *
 * AFINA_E_NAME, AFINA_E_TYPE, AFINA_E_RANGE. Since 0.1.0. */
AFINA_API int32_t afina_mlp_set_integer(afina_mlp *mlp, const char *key, int64_t value);
AFINA_API int32_t afina_mlp_set_string(afina_mlp *mlp, const char *key, const char *value);

/* The space of the network's hyperparameters; the host owns it. Since 0.1.0. */
AFINA_API int32_t afina_mlp_space(const afina_mlp *mlp, afina_space **out);

/* The network as an objective: an afina_objective whose user is the afina_mlp. Trains on one part of the data, reports
 * the metric on the other after every epoch, and returns the best of them. The point may lack any hyperparameter of
 * afina_mlp_space(): a fixed default stands in.
 *
 * A finite budget of the trial is how many epochs the configuration trains in all, rounded down but
 * at least 1, and at most the hyperparameter "epochs", which the learning rate's schedule goes by whatever the
 * budget is. With the option "checkpoints" a trial that ends, or is told to stop after an epoch,
 * leaves its state in a file and tells the path as its checkpoint; a trial with a parent goes on
 * from the parent's checkpoint, bit for bit as if it had never stopped. Where there is none, or it does not fit, it
 * starts again (afina_trial_tell_restarted()), with a warning. A file that cannot be written is a warning too.
 *
 * The attribute "epochs" of the trial gets the epoch of the best value, the mean over the folds, as a whole number:
 * what to train finally without early stopping (afina_network_train_epochs()). AFINA_E_RANGE, AFINA_E_NAME,
 * AFINA_E_TYPE (a hyperparameter), AFINA_E_STATE (the training diverges). Shapes: values[1]. Since 0.1.0. */
AFINA_API int32_t afina_mlp_objective(afina_trial *trial, double *values, void *user);

/* A trained network. */
typedef struct afina_network afina_network;

/* Trains a network: with the hyperparameters of a point, on the whole data set of the mlp but the validation rows
 * that early stopping needs. AFINA_E_RANGE, AFINA_E_NAME, AFINA_E_TYPE (a hyperparameter), AFINA_E_STATE (the
 * training diverges). Since 0.1.0. */
AFINA_API int32_t afina_network_train(afina_network **out, const afina_mlp *mlp, const afina_point *point,
                                      uint64_t seed);
AFINA_API void afina_network_free(afina_network *network);

/* Trains a network on all rows for exactly so many epochs: without early stopping, none is put aside. The schedule of
 * the learning rate is that of the point, which plans `epochs` or more (AFINA_E_RANGE). A method that searches along
 * lines (bfgs, conjugate_gradient) ends before when it finds nothing better. AFINA_E_STATE when the training
 * diverges. Other errors as afina_network_train(). Since 0.1.0. */
AFINA_API int32_t afina_network_train_epochs(afina_network **out, const afina_mlp *mlp, const afina_point *point,
                                             int32_t epochs, uint64_t seed);

/* A metric of the network: on a data set of the same columns, by its own name; "accuracy" is the share of right
 * answers, and so on. AFINA_E_NAME, AFINA_E_TYPE, AFINA_E_RANGE. Since 0.1.0. */
AFINA_API int32_t afina_network_score(const afina_network *network, const afina_dataset *dataset, const char *metric,
                                      double *value);

/* What a network predicts for rows x columns features: class probabilities (classes a row) or the predicted value
 * (one a row). AFINA_E_RANGE. Shapes: features[rows][columns]. Since 0.1.0. */
AFINA_API int32_t afina_network_predict(const afina_network *network, const double *features, size_t rows,
                                        size_t columns, double *out, size_t capacity, size_t *count);

/* A training that can be left after any epoch and taken up again, also by another process: what
 * afina_mlp_objective() does, in the host's hands. With the option "folds" it is that of all folds
 * side by side. Used by one thread at a time. */
typedef struct afina_training afina_training;

/* A new training: with the hyperparameters of a point, before its first epoch. It keeps the data and the options as
 * they are now; the mlp and the point may be freed. AFINA_E_RANGE, AFINA_E_NAME, AFINA_E_TYPE (a hyperparameter).
 * Since 0.1.0. */
AFINA_API int32_t afina_training_new(afina_training **out, const afina_mlp *mlp, const afina_point *point,
                                     uint64_t seed);
AFINA_API void afina_training_free(afina_training *training);

/* Hears of an epoch of a training: how many were done, and the metric on the validation rows as it is minimised.
 * AFINA_OK goes on; AFINA_CANCELLED or an error ends the run with this status, after which the training can be saved
 * and run again. Any other number counts as AFINA_E_CALLBACK. */
typedef int32_t (*afina_training_report)(int32_t epochs, double value, void *user);

/* Goes on with a training: until `epochs` epochs (>= 0) are done in all, or early stopping or the hyperparameter
 * "epochs" ends it; AFINA_OK in either case. `report` is used during the call alone. Stopping on the way changes
 * nothing: the schedule of the learning rate goes by the hyperparameter. AFINA_E_STATE when the training diverges,
 * and from then on. AFINA_E_RANGE. Passes on: report. May be NULL: report. Since 0.1.0. */
AFINA_API int32_t afina_training_run(afina_training *training, int32_t epochs, afina_training_report report,
                                     void *user);

/* How far a training is: how many epochs were done, of folds by the one that went furthest; *ended is 1 when no further
 * one will be, else 0. Since 0.1.0. */
AFINA_API int32_t afina_training_progress(const afina_training *training, int32_t *epochs, int32_t *ended);

/* The best value of a training: the one so far, as it is minimised, and the epoch that had it: means over the folds.
 * AFINA_E_STATE before the first epoch and after a divergence. Since 0.1.0. */
AFINA_API int32_t afina_training_best(const afina_training *training, double *epoch, double *value);

/* The best network of a training: a copy of that of a fold (0..folds-1; 0 without folds) as it was in its best epoch;
 * the host frees it. AFINA_E_RANGE, and AFINA_E_STATE as in afina_training_best(). Since 0.1.0. */
AFINA_API int32_t afina_training_network(afina_network **out, const afina_training *training, size_t fold);

/* A training as bytes, and back: the whole state, weights, moments, random streams, the record of early stopping; not
 * the data. *size is how many there are; they are written when `capacity` holds them all, else none. Buffer NULL with
 * capacity 0 only measures. AFINA_E_STATE after a divergence.
 *
 * Loading puts a training of the same data, options, layers, units and training rows into the
 * saved state; what follows is then the same bits as if it had never stopped. Hyperparameters that
 * leave the shape as it is may differ, and count from then on. AFINA_E_FORMAT, and the training as
 * it was, when the bytes are no such state, are damaged, of another version of the format, or of
 * another shape, algorithm, number of folds, or data. Since 0.1.0. */
AFINA_API int32_t afina_training_save(const afina_training *training, void *bytes, size_t capacity, size_t *size);
AFINA_API int32_t afina_training_load(afina_training *training, const void *bytes, size_t size);

#ifdef __cplusplus
}
#endif

#endif
