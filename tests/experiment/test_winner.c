/* The best of several estimates: known values, and coverage and bias on simulated studies. */
#include "core/rng.h"
#include "support/small_study.h"

#include <math.h>
#include <stdio.h>

enum { MOST = 50 };

static void assert_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance))
        fail_msg("%.10g instead of %.10g", value, expected);
}

static void test_a_lone_winner_has_the_usual_interval(void **state)
{
    (void)state;
    size_t winner;
    double shrunk, low, high;
    int32_t set[2];
    OK(afina_winner((double[]){0, 10}, (double[]){1, 1}, 2, AFINA_DIRECTION_MAXIMISE, 0.9, &winner, &shrunk, &low,
                    &high));
    assert_int_equal(winner, 1);
    assert_near(low, 10 - 1.6449, 0.03);
    assert_near(high, 10 + 1.6449, 0.03);
    /* Variance of the means (50 - 1): 5 + 49 / 50 * 5. */
    assert_near(shrunk, 9.9, 1e-9);
    OK(afina_winner_rivals((double[]){0, 10}, (double[]){1, 1}, 2, AFINA_DIRECTION_MAXIMISE, 0.9, set));
    assert_int_equal(set[0], 0);
    assert_int_equal(set[1], 1);
    OK(afina_winner((double[]){7}, (double[]){2}, 1, AFINA_DIRECTION_MINIMISE, 0.95, &winner, &shrunk, &low, &high));
    assert_near(shrunk, 7, 0);
    assert_near(low, 7 - 2 * 1.959964, 1e-5);
    assert_near(high, 7 + 2 * 1.959964, 1e-5);
}

/* Two equal candidates: the second is a rival while the lead is below z(0.9) sqrt(2). */
static void test_two_rivals_part_at_the_quantile_of_a_difference(void **state)
{
    (void)state;
    int32_t set[2];
    double edge = 1.2815516 * sqrt(2);
    for (int beyond = 0; beyond <= 1; beyond++) {
        double lead = edge + (beyond ? 0.01 : -0.01);
        OK(afina_winner_rivals((double[]){-lead, 0}, (double[]){1, 1}, 2, AFINA_DIRECTION_MINIMISE, 0.9, set));
        assert_int_equal(set[0], 1);
        assert_int_equal(set[1], !beyond);
    }
}

static void test_the_direction_mirrors_everything(void **state)
{
    (void)state;
    const double x[4] = {0.3, -1.25, 2.385, 2.1}, mirrored[4] = {-0.3, 1.25, -2.385, -2.1}, s[4] = {1, 0.5, 0.7, 2};
    size_t a, b;
    double shrunk[2], low[2], high[2];
    OK(afina_winner(x, s, 4, AFINA_DIRECTION_MAXIMISE, 0.9, &a, &shrunk[0], &low[0], &high[0]));
    OK(afina_winner(mirrored, s, 4, AFINA_DIRECTION_MINIMISE, 0.9, &b, &shrunk[1], &low[1], &high[1]));
    assert_int_equal(a, 2);
    assert_int_equal(b, 2);
    assert_true(shrunk[0] == -shrunk[1] && low[0] == -high[1] && high[0] == -low[1]);
    assert_true(low[0] < shrunk[0] && shrunk[0] < 2.385 && 2.385 < high[0]);
}

static void test_exact_values_leave_nothing_open(void **state)
{
    (void)state;
    size_t winner;
    double shrunk, low, high;
    int32_t set[3];
    const double x[3] = {2, 1, 1}, none[3] = {0, 0, 0}, one[3] = {0, 0, 3};
    OK(afina_winner(x, none, 3, AFINA_DIRECTION_MINIMISE, 0.9, &winner, &shrunk, &low, &high));
    assert_int_equal(winner, 1);
    assert_true(shrunk == 1 && low == 1 && high == 1);
    OK(afina_winner_rivals(x, none, 3, AFINA_DIRECTION_MINIMISE, 0.9, set));
    assert_true(!set[0] && set[1] && set[2]);
    OK(afina_winner(x, one, 3, AFINA_DIRECTION_MINIMISE, 0.9, &winner, &shrunk, &low, &high));
    assert_true(isfinite(shrunk) && low <= 1 && high >= 1);
    OK(afina_winner_rivals(x, one, 3, AFINA_DIRECTION_MINIMISE, 0.9, set));
    assert_true(!set[0] && set[1] && set[2]);
}

/* Of studies with m candidates whose true means have deviation `spread`: how often the interval holds the winner's
 * mean and the set the best candidate, and the bias in standard errors. */
static void assert_honest(size_t m, double spread, int studies, uint64_t seed)
{
    double held = 0, in_set = 0, bias = 0, naive = 0, x[MOST], truth[MOST], s[MOST];
    int32_t set[MOST];
    for (int k = 0; k < studies; k++) {
        struct rng rng;
        size_t winner, best = 0;
        double shrunk, low, high;
        rng_start(&rng, seed, (uint64_t)k, RNG_OBJECTIVE);
        for (size_t j = 0; j < m; j++) {
            truth[j] = spread * rng_normal(&rng);
            s[j] = k % 2 ? 1 : exp(0.5 * rng_normal(&rng));
            x[j] = truth[j] + s[j] * rng_normal(&rng);
            best = truth[j] < truth[best] ? j : best;
        }
        OK(afina_winner(x, s, m, AFINA_DIRECTION_MINIMISE, 0.9, &winner, &shrunk, &low, &high));
        OK(afina_winner_rivals(x, s, m, AFINA_DIRECTION_MINIMISE, 0.9, set));
        held += low <= truth[winner] && truth[winner] <= high;
        in_set += set[best];
        bias += (shrunk - truth[winner]) / s[winner];
        naive += (x[winner] - truth[winner]) / s[winner];
    }
    double least = 0.9 - 3 * sqrt(0.09 / studies); /* three standard errors of a share */
    if (held / studies < least || in_set / studies < least || fabs(bias / studies) > 0.2 + 3 / sqrt(studies) / 2)
        fail_msg("seed %llu, %zu candidates of spread %g: interval %.3f, set %.3f, bias %.2f (naive %.2f)",
                 (unsigned long long)seed, m, spread, held / studies, in_set / studies, bias / studies,
                 naive / studies);
    if (spread <= 1)
        assert_true(naive / studies < -0.7); /* what the correction is for */
}

static void test_coverage_is_at_least_nominal_and_the_bias_small(void **state)
{
    (void)state;
    assert_honest(10, 0, 200, 11);
    assert_honest(10, 1, 200, 12);
    assert_honest(10, 10, 200, 13);
    assert_honest(50, 0, 60, 14);
    assert_honest(50, 1, 60, 15);
    assert_honest(50, 10, 60, 16);
}

static void test_what_is_no_estimate_is_refused(void **state)
{
    (void)state;
    size_t w;
    double v = 1;
    int32_t set[2];
    FAILS(afina_winner(NULL, &v, 1, 0, 0.9, &w, &v, &v, &v), AFINA_E_ARGUMENT, "values is NULL");
    FAILS(afina_winner(&v, &v, 0, 0, 0.9, &w, &v, &v, &v), AFINA_E_RANGE, "count must be at least 1, got 0");
    FAILS(afina_winner(&v, &v, 1, 2, 0.9, &w, &v, &v, &v), AFINA_E_RANGE, "direction must be 0 (minimise) or 1");
    FAILS(afina_winner(&v, &v, 1, 0, 1, &w, &v, &v, &v), AFINA_E_RANGE, "confidence must be in (0, 1), got 1");
    FAILS(afina_winner(&v, &v, 1, 0, 0.9, &w, NULL, &v, &v), AFINA_E_ARGUMENT, "NULL");
    FAILS(afina_winner((double[]){1, INFINITY}, (double[]){1, 1}, 2, 0, 0.9, &w, &v, &v, &v), AFINA_E_RANGE,
          "value 1 must be finite, got inf");
    FAILS(afina_winner_rivals((double[]){1, 2}, (double[]){1, -1}, 2, 0, 0.9, set), AFINA_E_RANGE,
          "standard error 1 must be finite and >= 0, got -1");
    FAILS(afina_winner_rivals((double[]){1, 2}, (double[]){1, 1}, 2, 0, 0.9, NULL), AFINA_E_ARGUMENT, "in_set is NULL");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_lone_winner_has_the_usual_interval),
        cmocka_unit_test(test_two_rivals_part_at_the_quantile_of_a_difference),
        cmocka_unit_test(test_the_direction_mirrors_everything),
        cmocka_unit_test(test_exact_values_leave_nothing_open),
        cmocka_unit_test(test_coverage_is_at_least_nominal_and_the_bias_small),
        cmocka_unit_test(test_what_is_no_estimate_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
