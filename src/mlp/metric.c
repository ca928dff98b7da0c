/* Metrics. AUC is the statistic of Mann and Whitney with middle ranks for ties
 * (Hanley and McNeil 1982): (R - p (p + 1) / 2) / (p q), R the sum of the ranks of
 * the p rows of the class among all p + q. With two classes the mean over both
 * is the AUC of either. The area under the curve of precision and recall is the
 * average precision, sum over thresholds of (recall gained) * precision, without
 * interpolation (Davis and Goadrich 2006 say why). The coefficient of Matthews (1975)
 * is that of Gorodkin (2004) for several classes: with c right answers of n, p_k
 * answers and t_k labels of class k,
 *
 *     (c n - sum p_k t_k) / sqrt((n^2 - sum p_k^2) (n^2 - sum t_k^2))
 *
 * R2 = 1 - sum (y - f)^2 / sum (y - mean)^2. Other libraries call the mean absolute
 * deviation from the target "mad"; it is not that of the median.
 * Check values: scores .1 .4 .35 .8 with labels 0 0 1 1 have the AUC 0.75 and the
 * average precision 0.8333.
 */
#include "core/elementary.h"
#include "afina_mlp.h"
#include "mlp/metric.h"

#include "core/fail.h"
#include "core/text.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { OF_CLASSES = 1, OF_VALUES = 2 };

static const struct {
    const char *name;
    int32_t tasks, gain;
} table[METRIC_COUNT] = {
    [METRIC_ERROR] = {"error", OF_CLASSES, 0},
    [METRIC_LOSS] = {"loss", OF_CLASSES | OF_VALUES, 0},
    [METRIC_ACCURACY] = {"accuracy", OF_CLASSES, 1},
    [METRIC_F1] = {"f1", OF_CLASSES, 1},
    [METRIC_AUC] = {"auc", OF_CLASSES, 1},
    [METRIC_AUPRC] = {"auprc", OF_CLASSES, 1},
    [METRIC_TPR] = {"tpr", OF_CLASSES, 1},
    [METRIC_TNR] = {"tnr", OF_CLASSES, 1},
    [METRIC_MCC] = {"mcc", OF_CLASSES, 1},
    [METRIC_MSE] = {"mse", OF_VALUES, 0},
    [METRIC_MAE] = {"mae", OF_VALUES, 0},
    [METRIC_MAD] = {"mad", OF_VALUES, 0},
    [METRIC_R2] = {"r2", OF_VALUES, 1},
    [METRIC_CORRELATION] = {"correlation", OF_VALUES, 1},
    [METRIC_EXPLAINED_VARIANCE] = {"explained_variance", OF_VALUES, 1},
};

static int fits(int32_t metric, int32_t task)
{
    return (table[metric].tasks & (task == AFINA_TASK_REGRESSION ? OF_VALUES : OF_CLASSES)) != 0;
}

/* "error, loss, ..." */
static void list_metrics(int32_t task, char *text, size_t size)
{
    size_t n = 0;
    text[0] = '\0';
    for (int32_t m = 0; m < METRIC_COUNT; m++)
        if (fits(m, task) && n < size)
            n += text_format(text + n, size - n, "%s%s", n ? ", " : "", table[m].name);
}

int32_t metric_find(const char *name, int32_t task, int32_t *metric)
{
    char list[256];
    for (int32_t m = 0; m < METRIC_COUNT; m++) {
        if (strcmp(table[m].name, name) != 0)
            continue;
        if (!fits(m, task))
            return fail(AFINA_E_TYPE, "metric \"%s\" does not measure a %s", name,
                        task == AFINA_TASK_REGRESSION ? "regression" : "classification");
        *metric = m;
        return AFINA_OK;
    }
    list_metrics(task, list, sizeof list);
    return fail(AFINA_E_NAME, "there is no metric \"%s\"; for this task there are %s", name, list);
}

int32_t metric_is_gain(int32_t metric)
{
    return table[metric].gain;
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
        sum -= portable_log(own < (double)FLT_MIN ? (double)FLT_MIN : own);
    }
    return sum / (double)rows;
}

/* The answer for each row, in scratch[r].index. */
static void find_answers(const float *p, size_t rows, size_t classes, struct pair *scratch)
{
    for (size_t r = 0; r < rows; r++)
        scratch[r].index = answer(p + r * classes, classes);
}

/* F1 = 2 hits / (labels of the class + answers of the class). */
static double f1(const float *p, const int32_t *labels, size_t rows, size_t classes, struct pair *scratch)
{
    double sum = 0, counted = 0;
    find_answers(p, rows, classes, scratch);
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

/* The positive classes: number 1 of two, else all in turn. */
static size_t first_positive(size_t classes)
{
    return classes == 2 ? 1 : 0;
}

/* The rows that are of the class, or (positive 0) are not: which share is answered so. */
static double rate(const float *p, const int32_t *labels, size_t rows, size_t classes, int positive,
                   struct pair *scratch)
{
    double sum = 0, counted = 0;
    find_answers(p, rows, classes, scratch);
    for (size_t c = first_positive(classes); c < classes; c++) {
        size_t hits = 0, all = 0;
        for (size_t r = 0; r < rows; r++) {
            if (((size_t)labels[r] == c) != positive)
                continue;
            all++;
            hits += (scratch[r].index == c) == positive;
        }
        counted += all > 0;
        sum += all > 0 ? (double)hits / (double)all : 0;
    }
    return sum / counted;
}

/* Rows of equal scores pass the threshold together. */
static double average_precision(const struct pair *sorted, const int32_t *labels, size_t rows, size_t c, double own)
{
    double sum = 0, found = 0;
    for (size_t end = rows, start; end > 0; end = start) {
        double gained = 0;
        for (start = end; start > 0 && sorted[start - 1].key == sorted[end - 1].key; start--)
            gained += (size_t)labels[sorted[start - 1].index] == c;
        found += gained;
        sum += gained / own * found / (double)(rows - start);
    }
    return sum;
}

static double auprc(const float *p, const int32_t *labels, size_t rows, size_t classes, struct pair *scratch)
{
    double sum = 0, counted = 0;
    for (size_t c = first_positive(classes); c < classes; c++) {
        double own = 0;
        for (size_t r = 0; r < rows; r++) {
            scratch[r] = (struct pair){(double)p[r * classes + c], r};
            own += (size_t)labels[r] == c;
        }
        if (own == 0)
            continue;
        pair_sort(scratch, rows);
        sum += average_precision(scratch, labels, rows, c, own);
        counted++;
    }
    return sum / counted;
}

static double matthews(const float *p, const int32_t *labels, size_t rows, size_t classes, struct pair *scratch)
{
    double right = 0, both = 0, answered = 0, labelled = 0, n = (double)rows;
    find_answers(p, rows, classes, scratch);
    for (size_t c = 0; c < classes; c++) {
        double answers = 0, own = 0;
        for (size_t r = 0; r < rows; r++) {
            int is = (size_t)labels[r] == c, said = scratch[r].index == c;
            answers += said;
            own += is;
            right += is && said;
        }
        both += answers * own;
        answered += answers * answers;
        labelled += own * own;
    }
    double spread = (n * n - answered) * (n * n - labelled);
    return spread > 0 ? (right * n - both) / sqrt(spread) : 0;
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
    case METRIC_AUPRC:
        return auprc(probability, labels, rows, classes, scratch);
    case METRIC_TPR:
    case METRIC_TNR:
        return rate(probability, labels, rows, classes, metric == METRIC_TPR, scratch);
    case METRIC_MCC:
        return matthews(probability, labels, rows, classes, scratch);
    default:
        return cross_entropy(probability, labels, rows, classes);
    }
}

static double mean_of(const double *x, size_t n)
{
    double mean = 0;
    for (size_t r = 0; r < n; r++)
        mean += (x[r] - mean) / (double)(r + 1);
    return mean;
}

/* 1 - the share that is left of the variance; of constant targets 1 when nothing is left. */
static double share_explained(double left, double variance)
{
    if (variance > 0)
        return 1 - left / variance;
    return left > 0 ? 0 : left == 0 ? 1 : NAN;
}

/* Deviations are divided by the largest one, so that no product of them overflows or vanishes. */
static double correlation(const double *predicted, const double *targets, size_t rows)
{
    double mean_p = mean_of(predicted, rows), mean_t = mean_of(targets, rows), top_p = 0, top_t = 0;
    double product = 0, square_p = 0, square_t = 0;
    for (size_t r = 0; r < rows; r++) {
        if (!isfinite(predicted[r]))
            return NAN;
        top_p = fmax(top_p, fabs(predicted[r] - mean_p));
        top_t = fmax(top_t, fabs(targets[r] - mean_t));
    }
    if (!(top_p > 0) || !(top_t > 0))
        return 0;
    for (size_t r = 0; r < rows; r++) {
        double a = (predicted[r] - mean_p) / top_p, b = (targets[r] - mean_t) / top_t;
        product += a * b;
        square_p += a * a;
        square_t += b * b;
    }
    return product / sqrt(square_p * square_t);
}

/* Squares of the errors around `centre`. */
static double squares_around(const double *predicted, const double *targets, size_t rows, double centre)
{
    double squares = 0;
    for (size_t r = 0; r < rows; r++) {
        double e = predicted[r] - targets[r] - centre;
        squares += e * e;
    }
    return squares;
}

static double explained_variance(const double *predicted, const double *targets, size_t rows, double variance)
{
    double centre = 0;
    for (size_t r = 0; r < rows; r++)
        centre += (predicted[r] - targets[r] - centre) / (double)(r + 1);
    return share_explained(squares_around(predicted, targets, rows, centre), variance);
}

double metric_of_values(int32_t metric, const double *predicted, const double *targets, size_t rows)
{
    double absolute = 0, variance = 0, mean = mean_of(targets, rows), n = (double)rows;
    for (size_t r = 0; r < rows; r++) {
        absolute += fabs(predicted[r] - targets[r]);
        variance += (targets[r] - mean) * (targets[r] - mean);
    }
    switch (metric) {
    case METRIC_MAE:
    case METRIC_MAD:
        return absolute / n;
    case METRIC_R2:
        return share_explained(squares_around(predicted, targets, rows, 0), variance);
    case METRIC_CORRELATION:
        return correlation(predicted, targets, rows);
    case METRIC_EXPLAINED_VARIANCE:
        return explained_variance(predicted, targets, rows, variance);
    default:
        return squares_around(predicted, targets, rows, 0) / n;
    }
}
