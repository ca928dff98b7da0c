/* Further answers about the chosen configuration: the simplest that is as good, and what per-row losses say. */
#include "api/handles.h"
#include "core/mem.h"
#include "experiment/bootstrap_bias.h"
#include "experiment/corrected_t.h"
#include "experiment/error_interval.h"
#include "numeric/special.h"

#include <float.h>
#include <math.h>

static int32_t check_direction(int32_t direction)
{
    if (direction != AFINA_DIRECTION_MINIMISE && direction != AFINA_DIRECTION_MAXIMISE)
        return fail(AFINA_E_RANGE, "direction must be 0 (minimise) or 1 (maximise), got %d", (int)direction);
    return AFINA_OK;
}

static int32_t check_confidence(double confidence)
{
    if (!(confidence > 0 && confidence < 1))
        return fail(AFINA_E_RANGE, "confidence must be in (0, 1), got %g", confidence);
    return AFINA_OK;
}

static int32_t check_finite(const double *x, size_t n, const char *what)
{
    for (size_t i = 0; i < n; i++)
        if (!isfinite(x[i]))
            return fail(AFINA_E_RANGE, "%s %zu must be finite, got %g", what, i, x[i]);
    return AFINA_OK;
}

/* --------------------------------------------------------------- the simplest */

static int32_t check_simplest(const double *values, const double *errors, const double *costs, size_t count,
                              int32_t direction, const char *function)
{
    int32_t rc = require(values, function, "values");
    if (!rc)
        rc = require(errors, function, "errors");
    if (!rc)
        rc = require(costs, function, "costs");
    if (!rc && count < 1)
        rc = fail(AFINA_E_RANGE, "%s: count must be at least 1, got 0", function);
    if (!rc)
        rc = check_direction(direction);
    if (!rc)
        rc = check_finite(values, count, "value");
    if (!rc)
        rc = check_finite(costs, count, "cost");
    for (size_t j = 0; !rc && j < count; j++)
        if (!(errors[j] >= 0 && errors[j] <= DBL_MAX))
            rc = fail(AFINA_E_RANGE, "standard error %zu must be finite and >= 0, got %g", j, errors[j]);
    return rc;
}

int32_t afina_winner_simplest(const double *values, const double *errors, const double *costs, size_t count,
                              int32_t direction, double within, size_t *chosen)
{
    int32_t rc = check_simplest(values, errors, costs, count, direction, __func__);
    if (!rc && !(within >= 0 && isfinite(within)))
        rc = fail(AFINA_E_RANGE, "within must be finite and >= 0, got %g", within);
    if (!rc)
        rc = require(chosen, __func__, "chosen");
    if (rc)
        return rc;
    double sign = direction == AFINA_DIRECTION_MAXIMISE ? -1 : 1;
    size_t best = 0;
    for (size_t j = 1; j < count; j++)
        best = sign * values[j] < sign * values[best] ? j : best;
    size_t simplest = best;
    for (size_t j = 0; j < count; j++) {
        double loss = sign * values[j];
        if (loss > sign * values[best] + within * errors[best] || costs[j] > costs[simplest])
            continue;
        if (costs[j] < costs[simplest] || loss < sign * values[simplest])
            simplest = j;
    }
    *chosen = simplest;
    return AFINA_OK;
}

/* -------------------------------------------------------------- per-row losses */

static int32_t check_rows(const double *values, size_t count, size_t rows, int32_t direction, int64_t draws,
                          double confidence, const char *function)
{
    int32_t rc = require(values, function, "values");
    if (!rc && (count < 1 || rows < 2 || rows > SIZE_MAX / sizeof *values / count))
        rc = fail(AFINA_E_RANGE, "%s: count must be at least 1 and row_count at least 2, got %zu and %zu", function,
                  count, rows);
    if (!rc)
        rc = check_direction(direction);
    if (!rc && (draws < 1 || draws > 1000000))
        rc = fail(AFINA_E_RANGE, "draws must be in [1, 1000000], got %lld", (long long)draws);
    if (!rc)
        rc = check_confidence(confidence);
    return rc ? rc : check_finite(values, count * rows, "value");
}

int32_t afina_winner_rows(const double *values, size_t count, size_t row_count, int32_t direction, int64_t draws,
                          uint64_t seed, double confidence, double *naive, double *estimate, double *low, double *high)
{
    struct bootstrap_bias b;
    double sign = direction == AFINA_DIRECTION_MAXIMISE ? -1 : 1;
    int32_t rc = check_rows(values, count, row_count, direction, draws, confidence, __func__);
    if (!rc && (!naive || !estimate || !low || !high))
        rc = fail(AFINA_E_ARGUMENT, "%s: naive, estimate, low or high is NULL", __func__);
    if (rc)
        return rc;
    double *losses = mem_copy(values, count * row_count, sizeof *losses);
    if (!losses)
        return fail_memory();
    for (size_t i = 0; i < count * row_count; i++)
        losses[i] *= sign;
    rc = bootstrap_bias_correct(losses, count, row_count, (size_t)draws, seed, confidence, &b);
    mem_free(losses);
    if (rc)
        return rc;
    *naive = sign * b.naive;
    *estimate = sign * b.estimate;
    *low = sign > 0 ? b.low : -b.high;
    *high = sign > 0 ? b.high : -b.low;
    return AFINA_OK;
}

/* ------------------------------------------------------------------- intervals */

int32_t afina_interval_resampled(const double *values, size_t count, double ratio, double confidence, double *mean,
                                 double *low, double *high)
{
    int32_t rc = require(values, __func__, "values");
    if (!rc && count < 2)
        rc = fail(AFINA_E_RANGE, "%s: count must be at least 2, got %zu", __func__, count);
    if (!rc && !(ratio >= 0 && isfinite(ratio)))
        rc = fail(AFINA_E_RANGE, "ratio must be finite and >= 0, got %g", ratio);
    if (!rc)
        rc = check_confidence(confidence);
    if (!rc)
        rc = check_finite(values, count, "value");
    if (!rc && (!mean || !low || !high))
        rc = fail(AFINA_E_ARGUMENT, "%s: mean, low or high is NULL", __func__);
    if (rc)
        return rc;
    struct corrected_t t = corrected_t_test(values, count, ratio, confidence);
    *mean = t.mean;
    *low = t.low;
    *high = t.high;
    return AFINA_OK;
}

int32_t afina_interval_halves(double estimate, const double *first, const double *second, size_t count,
                              double confidence, double *low, double *high)
{
    int32_t rc = require(first, __func__, "first");
    if (!rc)
        rc = require(second, __func__, "second");
    if (!rc && count < 1)
        rc = fail(AFINA_E_RANGE, "%s: count must be at least 1, got 0", __func__);
    if (!rc)
        rc = check_confidence(confidence);
    if (!rc)
        rc = check_finite(&estimate, 1, "estimate");
    if (!rc)
        rc = check_finite(first, count, "first");
    if (!rc)
        rc = check_finite(second, count, "second");
    if (!rc && (!low || !high))
        rc = fail(AFINA_E_ARGUMENT, "%s: low or high is NULL", __func__);
    if (rc)
        return rc;
    double reach = normal_quantile(0.5 + 0.5 * confidence) * halves_error(first, second, count);
    *low = estimate - reach;
    *high = estimate + reach;
    return AFINA_OK;
}

static int32_t check_nested(const double *inner, const double *outer, const double *variances, size_t count,
                            size_t folds, const char *function)
{
    int32_t rc = require(inner, function, "inner");
    if (!rc)
        rc = require(outer, function, "outer");
    if (!rc)
        rc = require(variances, function, "variances");
    if (!rc && (folds < 3 || count < folds || count % folds))
        rc = fail(AFINA_E_RANGE, "fold_count must be at least 3 and divide count, got %zu and %zu", folds, count);
    if (!rc)
        rc = check_finite(inner, count, "inner");
    if (!rc)
        rc = check_finite(outer, count, "outer");
    for (size_t i = 0; !rc && i < count; i++)
        if (!(variances[i] >= 0 && isfinite(variances[i])))
            rc = fail(AFINA_E_RANGE, "variance %zu must be finite and >= 0, got %g", i, variances[i]);
    return rc;
}

int32_t afina_interval_nested(const double *inner, const double *outer, const double *variances, size_t count,
                              size_t fold_count, double cv, double cv_error, double confidence, double *estimate,
                              double *low, double *high)
{
    int32_t rc = check_nested(inner, outer, variances, count, fold_count, __func__);
    if (!rc && !(isfinite(cv) && cv_error >= 0 && isfinite(cv_error)))
        rc = fail(AFINA_E_RANGE, "cv and cv_error must be finite, cv_error >= 0, got %g and %g", cv, cv_error);
    if (!rc)
        rc = check_confidence(confidence);
    if (!rc && (!estimate || !low || !high))
        rc = fail(AFINA_E_ARGUMENT, "%s: estimate, low or high is NULL", __func__);
    if (rc)
        return rc;
    struct nested_fold *folds = mem_new(count, sizeof *folds);
    if (!folds)
        return fail_memory();
    for (size_t i = 0; i < count; i++)
        folds[i] = (struct nested_fold){inner[i], outer[i], variances[i]};
    double error, reach = normal_quantile(0.5 + 0.5 * confidence);
    *estimate = nested_estimate(folds, count, fold_count, cv, cv_error, &error);
    *low = *estimate - reach * error;
    *high = *estimate + reach * error;
    mem_free(folds);
    return AFINA_OK;
}
