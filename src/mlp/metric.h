/* How good the outputs of a network are. */
#ifndef AFINA_MLP_METRIC_H
#define AFINA_MLP_METRIC_H

#include "mlp/pair_sort.h"

#include <stddef.h>
#include <stdint.h>

enum metric {
    METRIC_ERROR,              /* share of wrong answers */
    METRIC_LOSS,               /* mean cross-entropy; regression: mean squared error */
    METRIC_ACCURACY,           /* share of right answers */
    METRIC_F1,                 /* mean of the F1 scores of the classes */
    METRIC_AUC,                /* area under the ROC curve: one class against the rest, the mean over classes */
    METRIC_AUPRC,              /* area under the curve of precision and recall: the average precision */
    METRIC_TPR,                /* true positive rate: share of the positive rows that are found */
    METRIC_TNR,                /* true negative rate: share of the negative rows that are left */
    METRIC_MCC,                /* correlation coefficient of Matthews */
    METRIC_MSE,                /* mean squared error */
    METRIC_MAE,                /* mean absolute error */
    METRIC_MAD,                /* mean absolute deviation from the target: another name of the same */
    METRIC_R2,                 /* 1 - squared error / variance of the targets */
    METRIC_CORRELATION,        /* of Pearson */
    METRIC_EXPLAINED_VARIANCE, /* 1 - variance of the errors / variance of the targets */
    METRIC_COUNT
};

/* The metric of a name, for a task: AFINA_E_NAME, AFINA_E_TYPE (it measures the
 * other task). */
int32_t metric_find(const char *name, int32_t task, int32_t *metric);

/* 1 when larger is better: what is minimised is then 1 - x. */
int32_t metric_is_gain(int32_t metric);

/* Of class probabilities, rows x classes, against the labels. `scratch` holds
 * `rows` pairs. The row's answer is its most probable class, the first of equals.
 * "f1" takes the classes that occur among the labels or the answers, "auc" those
 * that some labels are and others are not: NaN when there is none.
 *
 * Of two classes, number 1 is the positive one of "auprc", "tpr" and "tnr"; with
 * more, each is in turn, and the mean counts. Classes without a positive row
 * ("tnr": without a negative one) are left out: NaN when none remains. "mcc" is 0
 * when all labels or all answers are one class. Outputs that are NaN give NaN. */
double metric_of_classes(int32_t metric, const float *probability, const int32_t *labels, size_t rows, size_t classes,
                         struct pair *scratch);

/* Of predicted values against the targets, both in the target's units. "r2" of
 * constant targets is 1 when all are met exactly, else 0; "explained_variance" of
 * them is 1 when all errors are equal, else 0. "correlation" is 0 when the targets
 * or the predictions are constant. */
double metric_of_values(int32_t metric, const double *predicted, const double *targets, size_t rows);

#endif
