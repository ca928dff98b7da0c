/* How good the outputs of a network are. */
#ifndef AFINA_MLP_METRIC_H
#define AFINA_MLP_METRIC_H

#include "mlp/pair_sort.h"

#include <stddef.h>
#include <stdint.h>

enum metric {
    METRIC_ERROR,    /* share of wrong answers */
    METRIC_LOSS,     /* mean cross-entropy; regression: mean squared error */
    METRIC_ACCURACY, /* share of right answers */
    METRIC_F1,       /* mean of the F1 scores of the classes */
    METRIC_AUC,      /* area under the ROC curve: one class against the rest, the mean over classes */
    METRIC_MSE,      /* mean squared error */
    METRIC_MAE,      /* mean absolute error */
    METRIC_R2,       /* share of the variance that is explained */
    METRIC_COUNT
};

/* The metric of a name, for a task: AFINA_E_NAME, AFINA_E_TYPE (it measures the
 * other task). */
int32_t metric_find(const char *name, int32_t task, int32_t *metric);

/* 1 when larger is better: what is minimised is then 1 - x. */
int32_t metric_is_gain(int32_t metric);

/* Of class probabilities, rows x classes, against the labels. `scratch` holds
 * `rows` pairs and is used by "f1" and "auc". The row's answer is its most probable
 * class, the first of equals. "f1" takes the classes that occur among the labels
 * or the answers, "auc" those that some labels are and others are not: NaN when
 * there is none. Outputs that are NaN give NaN. */
double metric_of_classes(int32_t metric, const float *probability, const int32_t *labels, size_t rows, size_t classes,
                         struct pair *scratch);

/* Of predicted values against the targets, both in the target's units. "r2" of
 * constant targets is 1 when all are met exactly, else 0. */
double metric_of_values(int32_t metric, const double *predicted, const double *targets, size_t rows);

#endif
