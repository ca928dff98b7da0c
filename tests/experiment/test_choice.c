/* The simplest of equally good configurations, bootstrap bias correction, and intervals for a prediction error. */
#include "core/rng.h"
#include "support/small_study.h"

#include <math.h>
#include <stdio.h>

static void assert_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance))
        fail_msg("%.12g instead of %.12g", value, expected);
}

static void test_the_cheapest_within_a_standard_error(void **state)
{
    (void)state;
    const double loss[5] = {0.30, 0.21, 0.20, 0.24, 0.26}, error[5] = {0.1, 0.02, 0.05, 0.01, 0.01};
    const double gain[5] = {-0.30, -0.21, -0.20, -0.24, -0.26}, cost[5] = {1, 5, 9, 2, 1}, same[5] = {3, 3, 3, 3, 3};
    size_t chosen;
    OK(afina_winner_simplest(loss, error, cost, 5, AFINA_DIRECTION_MINIMISE, 1, &chosen));
    assert_int_equal(chosen, 3); /* 0.26 is beyond 0.20 + 0.05 */
    OK(afina_winner_simplest(gain, error, cost, 5, AFINA_DIRECTION_MAXIMISE, 1, &chosen));
    assert_int_equal(chosen, 3);
    OK(afina_winner_simplest(loss, error, cost, 5, AFINA_DIRECTION_MINIMISE, 2, &chosen));
    assert_int_equal(chosen, 4); /* of the two that cost 1 the better one */
    OK(afina_winner_simplest(loss, error, cost, 5, AFINA_DIRECTION_MINIMISE, 0, &chosen));
    assert_int_equal(chosen, 2);
    OK(afina_winner_simplest(loss, error, same, 5, AFINA_DIRECTION_MINIMISE, 1, &chosen));
    assert_int_equal(chosen, 2);
}

/* All 27 samples of three rows, but those that leave no row out. */
static double by_enumeration(const double loss[2][3])
{
    double sum = 0, samples = 0;
    for (int code = 0; code < 27; code++) {
        double drawn[3] = {0}, mean[2] = {0}, left = 0, outside = 0;
        drawn[code % 3]++;
        drawn[code / 3 % 3]++;
        drawn[code / 9]++;
        for (int c = 0; c < 2; c++)
            for (int i = 0; i < 3; i++)
                mean[c] += drawn[i] * loss[c][i];
        for (int i = 0; i < 3; i++) {
            left += drawn[i] == 0;
            outside += drawn[i] == 0 ? loss[mean[1] < mean[0]][i] : 0;
        }
        if (left > 0) {
            sum += outside / left;
            samples++;
        }
    }
    return sum / samples;
}

static void test_bootstrap_bias_correction_of_three_rows(void **state)
{
    (void)state;
    const double loss[2][3] = {{0, 1, 3}, {2, 0, 0.5}}, gain[2][3] = {{-0.0, -1, -3}, {-2, -0.0, -0.5}};
    double naive, estimate, low, high, mirrored[4];
    OK(afina_winner_rows(&loss[0][0], 2, 3, AFINA_DIRECTION_MINIMISE, 40000, 7, 0.9, &naive, &estimate, &low, &high));
    assert_near(naive, 2.5 / 3, 1e-15);
    assert_near(estimate, by_enumeration(loss), 0.02);
    assert_true(low >= 0 && high <= 3 && low < estimate && estimate < high);
    OK(afina_winner_rows(&gain[0][0], 2, 3, AFINA_DIRECTION_MAXIMISE, 40000, 7, 0.9, &mirrored[0], &mirrored[1],
                         &mirrored[2], &mirrored[3]));
    assert_true(mirrored[0] == -naive && mirrored[1] == -estimate && mirrored[2] == -high && mirrored[3] == -low);
}

/* 50 classifiers of accuracies Beta(9, 6) on 100 rows: the best mean is 0.034 too good, the estimate at most a little
 * too bad. */
static void test_bootstrap_bias_correction_of_simulated_studies(void **state)
{
    (void)state;
    enum { COUNT = 50, ROWS = 100, STUDIES = 200 };
    static double loss[COUNT * ROWS];
    double naive_bias = 0, bias = 0;
    for (uint64_t k = 0; k < STUDIES; k++) {
        struct rng rng;
        double error[COUNT], naive, estimate, low, high, least = 2;
        size_t best = 0;
        rng_start(&rng, 2385, k, RNG_OBJECTIVE);
        for (size_t c = 0; c < COUNT; c++) {
            double a = 0, b = 0, mean = 0; /* gammas of whole shapes */
            for (int i = 0; i < 15; i++)
                *(i < 9 ? &a : &b) -= log(rng_uniform(&rng));
            error[c] = b / (a + b);
            for (size_t i = 0; i < ROWS; i++)
                mean += loss[c * ROWS + i] = rng_uniform(&rng) < error[c];
            if (mean < least * ROWS) {
                least = mean / ROWS;
                best = c;
            }
        }
        OK(afina_winner_rows(loss, COUNT, ROWS, AFINA_DIRECTION_MINIMISE, 100, k, 0.9, &naive, &estimate, &low, &high));
        naive_bias += (error[best] - naive) / STUDIES;
        bias += (error[best] - estimate) / STUDIES;
    }
    if (naive_bias < 0.025 || bias > 0.01 || bias < -0.03)
        fail_msg("seed 2385: too good by %.4f, corrected by %.4f", naive_bias, bias);
}

static void test_intervals_in_closed_form(void **state)
{
    (void)state;
    const double x[4] = {1, 2, 3, 4}, first[2] = {1, 3}, second[2] = {2, 1};
    const double inner[3] = {2, 3, 4}, outer[3] = {3, 3, 1}, variances[3] = {0.25, 0.5, 0.75};
    double mean, low, high;
    OK(afina_interval_resampled(x, 4, 1.0 / 3, 0.95, &mean, &low, &high));
    assert_near(mean, 2.5, 1e-15);
    assert_near(high - mean, 3.1824463052842638 * sqrt(7.0 / 12 * 5 / 3), 1e-12);
    assert_near(mean - low, high - mean, 1e-14);
    OK(afina_interval_halves(5, first, second, 2, 0.95, &low, &high));
    assert_near(high - 5, 1.959963984540054 * sqrt(5.0 / 4), 1e-12);
    /* a - b = (1 + 0 + 9) / 3 - 0.5 = 17 / 6; 2 / 3 of it: 17 / 9. inner 3, bias (1 + 1/3) (3 - 2.9). */
    OK(afina_interval_nested(inner, outer, variances, 3, 3, 2.9, 1, 0.95, &mean, &low, &high));
    assert_near(mean, 3 - 4.0 / 30, 1e-14);
    assert_near(high - mean, 1.959963984540054 * sqrt(17.0 / 9), 1e-12);
    OK(afina_interval_nested(inner, outer, variances, 3, 3, 2.9, 0.5, 0.95, &mean, &low, &high));
    assert_near(high - mean, 1.959963984540054 * 0.5 * sqrt(3), 1e-12); /* not above */
    OK(afina_interval_nested(inner, outer, variances, 3, 3, 2.9, 2, 0.95, &mean, &low, &high));
    assert_near(high - mean, 1.959963984540054 * 2, 1e-12); /* not below */
}

/* ------------------------------------------------------------------ simulation */

/* A known generator: y is normal, the model is the mean of its training rows, the loss is squared, so the error of the
 * model on all rows is 1 + mean^2. */
enum { ROWS = 60, FOLDS = 5, REPEATS = 10, PART = ROWS / FOLDS };

struct sums {
    double n, sum;
};

static struct sums without(const double *y, const size_t *order, int first, int second)
{
    struct sums s = {0};
    for (int i = 0; i < ROWS; i++)
        if (i / PART != first && i / PART != second) {
            s.sum += y[order[i]];
            s.n++;
        }
    return s;
}

/* The mean squared loss on one part, and the sum of squares of the losses around it. */
static double loss_on(const double *y, const size_t *order, int part, struct sums training, double *losses)
{
    double mean = 0, model = training.sum / training.n;
    for (int i = 0; i < PART; i++) {
        losses[i] = pow(y[order[part * PART + i]] - model, 2);
        mean += losses[i] / PART;
    }
    return mean;
}

static double variance_of(const double *x, int n, double mean)
{
    double squares = 0;
    for (int i = 0; i < n; i++)
        squares += (x[i] - mean) * (x[i] - mean);
    return squares / (n - 1);
}

struct study {
    double inner[REPEATS * FOLDS], outer[REPEATS * FOLDS], variances[REPEATS * FOLDS], cv, cv_error;
};

static void cross_validate(const double *y, struct rng *rng, struct study *s)
{
    double cv_losses[ROWS], squares = 0;
    s->cv = 0;
    for (int r = 0; r < REPEATS; r++) {
        size_t order[ROWS];
        rng_permutation(rng, order, ROWS);
        for (int f = 0; f < FOLDS; f++) {
            int at = r * FOLDS + f;
            s->outer[at] = loss_on(y, order, f, without(y, order, f, f), cv_losses + f * PART);
            s->variances[at] = variance_of(cv_losses + f * PART, PART, s->outer[at]) / PART;
            s->cv += s->outer[at] / (REPEATS * FOLDS);
            s->inner[at] = 0;
            for (int g = 0; g < FOLDS; g++) {
                double unused[PART];
                if (g != f)
                    s->inner[at] += loss_on(y, order, g, without(y, order, f, g), unused) / (FOLDS - 1);
            }
        }
        double mean = 0;
        for (int i = 0; i < ROWS; i++)
            mean += cv_losses[i] / ROWS;
        squares += variance_of(cv_losses, ROWS, mean) / ROWS / REPEATS;
    }
    s->cv_error = sqrt(squares);
}

static void test_intervals_hold_the_error_of_a_known_generator(void **state)
{
    (void)state;
    enum { STUDIES = 500 };
    double nested = 0, corrected = 0;
    for (uint64_t k = 0; k < STUDIES; k++) {
        struct rng rng;
        struct study s;
        double y[ROWS], mean = 0, estimate, low, high;
        rng_start(&rng, 99, k, RNG_OBJECTIVE);
        for (int i = 0; i < ROWS; i++)
            mean += (y[i] = rng_normal(&rng)) / ROWS;
        cross_validate(y, &rng, &s);
        double truth = 1 + mean * mean;
        OK(afina_interval_nested(s.inner, s.outer, s.variances, REPEATS * FOLDS, FOLDS, s.cv, s.cv_error, 0.95,
                                 &estimate, &low, &high));
        nested += (low <= truth && truth <= high) / (double)STUDIES;
        OK(afina_interval_resampled(s.outer, REPEATS * FOLDS, 1.0 / (FOLDS - 1), 0.95, &estimate, &low, &high));
        corrected += (low <= truth && truth <= high) / (double)STUDIES;
    }
    print_message("coverage at .95: nested %.3f, corrected %.3f\n", nested, corrected);
    if (nested < 0.91 || nested > 0.99 || corrected < 0.91)
        fail_msg("seed 99: coverage at .95 is %.3f (nested), %.3f (corrected)", nested, corrected);
}

static void test_what_is_no_estimate_is_refused(void **state)
{
    (void)state;
    double x[4] = {1, 2, 3, 4}, v, nan[2] = {1, NAN};
    size_t w;
    FAILS(afina_winner_simplest(x, x, x, 0, 0, 1, &w), AFINA_E_RANGE, "count must be at least 1, got 0");
    FAILS(afina_winner_simplest(x, x, nan, 2, 0, 1, &w), AFINA_E_RANGE, "cost 1 must be finite, got nan");
    FAILS(afina_winner_simplest(x, x, x, 2, 0, -1, &w), AFINA_E_RANGE, "within must be finite and >= 0, got -1");
    FAILS(afina_winner_simplest(x, NULL, x, 2, 0, 1, &w), AFINA_E_ARGUMENT, "errors is NULL");
    FAILS(afina_winner_rows(x, 2, 1, 0, 10, 0, 0.9, &v, &v, &v, &v), AFINA_E_RANGE,
          "row_count at least 2, got 2 and 1");
    FAILS(afina_winner_rows(x, 2, 2, 0, 0, 0, 0.9, &v, &v, &v, &v), AFINA_E_RANGE,
          "draws must be in [1, 1000000], got 0");
    FAILS(afina_winner_rows(x, 2, 2, 0, 10, 0, 1, &v, &v, &v, &v), AFINA_E_RANGE,
          "confidence must be in (0, 1), got 1");
    FAILS(afina_winner_rows(nan, 1, 2, 0, 10, 0, 0.9, &v, &v, &v, &v), AFINA_E_RANGE, "value 1 must be finite");
    FAILS(afina_winner_rows(x, 2, 2, 0, 10, 0, 0.9, &v, NULL, &v, &v), AFINA_E_ARGUMENT, "estimate, low or high");
    FAILS(afina_interval_resampled(x, 1, 0, 0.9, &v, &v, &v), AFINA_E_RANGE, "count must be at least 2, got 1");
    FAILS(afina_interval_resampled(x, 2, NAN, 0.9, &v, &v, &v), AFINA_E_RANGE, "ratio must be finite and >= 0");
    FAILS(afina_interval_halves(NAN, x, x, 2, 0.9, &v, &v), AFINA_E_RANGE, "estimate 0 must be finite");
    FAILS(afina_interval_halves(1, x, x, 0, 0.9, &v, &v), AFINA_E_RANGE, "count must be at least 1");
    FAILS(afina_interval_nested(x, x, x, 4, 3, 1, 1, 0.9, &v, &v, &v), AFINA_E_RANGE, "divide count, got 3 and 4");
    FAILS(afina_interval_nested(x, x, x, 4, 4, 1, -1, 0.9, &v, &v, &v), AFINA_E_RANGE, "cv_error >= 0, got 1 and -1");
    FAILS(afina_interval_nested(x, x, NULL, 4, 4, 1, 1, 0.9, &v, &v, &v), AFINA_E_ARGUMENT, "variances is NULL");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_cheapest_within_a_standard_error),
        cmocka_unit_test(test_bootstrap_bias_correction_of_three_rows),
        cmocka_unit_test(test_bootstrap_bias_correction_of_simulated_studies),
        cmocka_unit_test(test_intervals_in_closed_form),
        cmocka_unit_test(test_intervals_hold_the_error_of_a_known_generator),
        cmocka_unit_test(test_what_is_no_estimate_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
