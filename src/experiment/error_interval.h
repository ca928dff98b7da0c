/* Intervals for the prediction error of a model, from resampling. */
#ifndef AFINA_EXPERIMENT_ERROR_INTERVAL_H
#define AFINA_EXPERIMENT_ERROR_INTERVAL_H

#include <stddef.h>

/* The standard error from pairs of halves: first[i] and second[i] are estimates on the two halves of one random
 * division of the rows, i < n. */
double halves_error(const double *first, const double *second, size_t n);

/* One outer fold of nested cross-validation. */
struct nested_fold {
    double inner;    /* mean loss of the cross-validation over the other rows */
    double outer;    /* mean loss on the outer fold of the model that was trained on the other rows */
    double variance; /* of the losses on the outer fold, over their number: that of `outer` */
};

/* n folds over all repetitions, each repetition with `folds` of them; `cv` is the mean loss of cross-validation of all
 * rows, `cv_error` the standard deviation of its losses over sqrt(rows). Gives the estimate and its standard error. */
double nested_estimate(const struct nested_fold *fold, size_t n, size_t folds, double cv, double cv_error,
                       double *error);

#endif
