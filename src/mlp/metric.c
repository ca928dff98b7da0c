/* Metrics. AUC is the statistic of Mann and Whitney with middle ranks for ties
 * (Hanley and McNeil 1982): (R - p (p + 1) / 2) / (p q), R the sum of the ranks of
 * the p rows of the class among all p + q. With two classes the mean over both
 * is the AUC of either. R2 = 1 - sum (y - f)^2 / sum (y - mean)^2.
 * Check value: scores .1 .4 .35 .8 with labels 0 0 1 1 have the AUC 0.75.
 */
#include "afina_mlp.h"
#include "mlp/metric.h"

#include "core/fail.h"
#include "core/text.h"

#include <float.h>
#include <math.h>
#include <string.h>

static const char *const names[METRIC_COUNT] = {"error", "loss", "accuracy", "f1", "auc", "mse", "mae", "r2"};

static int fits(int32_t metric, int32_t task)
{
    if (metric == METRIC_LOSS)
        return 1;
    int regression = metric == METRIC_MSE || metric == METRIC_MAE || metric == METRIC_R2;
    return regression == (task == AFINA_TASK_REGRESSION);
}

int32_t metric_find(const char *name, int32_t task, int32_t *metric)
{
    for (int32_t m = 0; m < METRIC_COUNT; m++) {
        if (strcmp(names[m], name) != 0)
            continue;
        if (!fits(m, task))
            return fail(AFINA_E_TYPE, "metric \"%s\" does not measure a %s", name,
                        task == AFINA_TASK_REGRESSION ? "regression" : "classification");
        *metric = m;
        return AFINA_OK;
    }
    return fail(AFINA_E_NAME, "there is no metric \"%s\"; for this task there are %s", name,
                task == AFINA_TASK_REGRESSION ? "loss, mse, mae, r2" : "error, loss, accuracy, f1, auc");
}

int32_t metric_is_gain(int32_t metric)
{
    return metric == METRIC_ACCURACY || metric == METRIC_F1 || metric == METRIC_AUC || metric == METRIC_R2;
}

static size_t answer(const float *p, size_t classes)
{
    size_t best = 0;
    for (size_t c = 1; c < classes; c++)
        if (p[c] > p[best])
            best = c;
    return best;
}

static size_t count_right(const float *p, const int32_t *labels, size_t rows, size_t classes)
{
    size_t right = 0;
    for (size_t r = 0; r < rows; r++)
        right += answer(p + r * classes, classes) == (size_t)labels[r];
    return right;
}

static double cross_entropy(const float *p, const int32_t *labels, size_t rows, size_t classes)
{
    double sum = 0;
    for (size_t r = 0; r < rows; r++) {
        double own = (double)p[r * classes + (size_t)labels[r]];
        sum -= log(own < (double)FLT_MIN ? (double)FLT_MIN : own);
    }
    return sum / (double)rows;
}

/* F1 = 2 hits / (labels of the class + answers of the class). */
static double f1(const float *p, const int32_t *labels, size_t rows, size_t classes, struct pair *scratch)
{
    double sum = 0, counted = 0;
    for (size_t r = 0; r < rows; r++)
        scratch[r].index = answer(p + r * classes, classes);
    for (size_t c = 0; c < classes; c++) {
        size_t hits = 0, all = 0;
        for (size_t r = 0; r < rows; r++) {
            int is = (size_t)labels[r] == c, said = scratch[r].index == c;
            hits += (size_t)(is && said);
            all += (size_t)(is + said);
        }
        counted += all > 0;
        sum += all > 0 ? 2 * (double)hits / (double)all : 0;
    }
    return sum / counted;
}

/* The sum of the ranks of the rows of class c. Ranks begin at 1, and ties get their middle. */
static double rank_sum(const struct pair *sorted, const int32_t *labels, size_t rows, size_t c)
{
    double sum = 0;
    for (size_t i = 0, j; i < rows; i = j) {
        size_t own = 0;
        for (j = i; j < rows && sorted[j].key == sorted[i].key; j++)
            own += (size_t)labels[sorted[j].index] == c;
        sum += (double)own * (double)(i + 1 + j) / 2;
    }
    return sum;
}

static double auc(const float *p, const int32_t *labels, size_t rows, size_t classes, struct pair *scratch)
{
    double sum = 0, counted = 0;
    for (size_t c = 0; c < classes; c++) {
        double own = 0;
        for (size_t r = 0; r < rows; r++) {
            scratch[r] = (struct pair){(double)p[r * classes + c], r};
            own += (size_t)labels[r] == c;
        }
        double others = (double)rows - own;
        if (own == 0 || others == 0)
            continue;
        pair_sort(scratch, rows);
        sum += (rank_sum(scratch, labels, rows, c) - own * (own + 1) / 2) / (own * others);
        counted++;
    }
    return sum / counted;
}

static int has_nan(const float *p, size_t n)
{
    float sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += p[i] - p[i]; /* 0, or NaN from a NaN or an infinity */
    return sum != 0.0f;
}

double metric_of_classes(int32_t metric, const float *probability, const int32_t *labels, size_t rows, size_t classes,
                         struct pair *scratch)
{
    if (has_nan(probability, rows * classes))
        return NAN;
    switch (metric) {
    case METRIC_ERROR:
        return (double)(rows - count_right(probability, labels, rows, classes)) / (double)rows;
    case METRIC_ACCURACY:
        return (double)count_right(probability, labels, rows, classes) / (double)rows;
    case METRIC_F1:
        return f1(probability, labels, rows, classes, scratch);
    case METRIC_AUC:
        return auc(probability, labels, rows, classes, scratch);
    default:
        return cross_entropy(probability, labels, rows, classes);
    }
}

double metric_of_values(int32_t metric, const double *predicted, const double *targets, size_t rows)
{
    double squares = 0, absolute = 0, mean = 0, variance = 0, n = (double)rows;
    for (size_t r = 0; r < rows; r++) {
        double e = predicted[r] - targets[r];
        squares += e * e;
        absolute += fabs(e);
        mean += (targets[r] - mean) / (double)(r + 1);
    }
    for (size_t r = 0; r < rows; r++)
        variance += (targets[r] - mean) * (targets[r] - mean);
    if (metric == METRIC_MAE)
        return absolute / n;
    if (metric != METRIC_R2)
        return squares / n;
    if (variance > 0)
        return 1 - squares / variance;
    return squares > 0 ? 0 : squares == 0 ? 1 : NAN;
}
