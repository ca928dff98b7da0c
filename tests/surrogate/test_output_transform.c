/* What the model learns from what was told. */
#include "surrogate/output_transform.h"

#include "surrogate/surrogate_case.h"

#include <float.h>

static const struct output_transform identity = {0}, full = {.log = 1, .worse = WORSE_RANKED};

static void test_standardised(void **state)
{
    (void)state;
    double loss[3] = {3, 1, 2}, y[3];
    size_t order[3];
    output_transform(&identity, loss, 3, y, order);
    assert_near(y[0], 1.2247448713915890491, 1e-14);
    assert_near(y[1], -1.2247448713915890491, 1e-14);
    assert_near(y[2], 0, 1e-14);
}

static void test_order_is_kept_and_scale_does_not_matter(void **state)
{
    (void)state;
    double loss[9] = {0.5, 8, 2.385, 1e3, 0.75, 40, 1.5, 7, 0.6}, scaled[9], y[9], z[9];
    size_t order[9];
    for (int i = 0; i < 9; i++)
        scaled[i] = 1e-200 * loss[i];
    output_transform(&full, loss, 9, y, order);
    output_transform(&full, scaled, 9, z, order);
    for (int i = 0; i < 9; i++) {
        assert_near(y[i], z[i], 1e-12);
        for (int k = 0; k < 9; k++)
            assert_true((loss[i] < loss[k]) == (y[i] < y[k]));
    }
}

static void test_the_worse_half_is_ranked_and_the_better_kept(void **state)
{
    (void)state;
    const struct output_transform half = {.worse = WORSE_RANKED};
    double mild[7] = {-3, -2, -1, 0, 1, 2, 3}, wild[7] = {-3, -2, -1, 0, 1e2, 1e4, 1e8}, y[7], z[7];
    size_t order[7];
    output_transform(&half, mild, 7, y, order);
    output_transform(&half, wild, 7, z, order);
    /* Equal up to the scaling to [-1, 1], where 1e8 leaves eight digits. */
    for (int i = 0; i < 7; i++)
        assert_near(z[i], y[i], 1e-6);
}

/* Median 0, root mean square of the better half sqrt(5 / 3). */
static void test_a_softened_worse_half_grows_by_logarithms(void **state)
{
    (void)state;
    const struct output_transform soft = {.worse = WORSE_SOFTENED};
    const double loss[5] = {-2, -1, 0, 1, 1000}, sigma = sqrt(5.0 / 3);
    double y[5], error[10] = {0.1, 0.1, 0.1, 0.1, 0.1};
    size_t order[5];
    output_transform_errors(&soft, loss, 5, y, order, error);
    double unit = y[2] - y[1];
    assert_near(y[1] - y[0], unit, 1e-12);
    assert_near(y[3] - y[2], unit * sigma * log(1 + 1 / sigma), 1e-12);
    assert_near(y[4] - y[2], unit * sigma * log(1 + 1000 / sigma), 1e-12);
    assert_near(error[0], 0.1 * unit, 1e-12);
    assert_near(error[4], 0.1 * unit / (1 + 1000 / sigma), 1e-12);
}

static void test_logarithm_only_where_it_takes_skewness_away(void **state)
{
    (void)state;
    const struct output_transform only_log = {.log = 1};
    double skewed[5] = {1e-4, 1e-3, 1e-2, 1e-1, 1}, even[5] = {1, 2, 3, 4, 5}, y[5], z[5];
    size_t order[5];
    output_transform(&only_log, skewed, 5, y, order);
    assert_near(y[1] - y[0], y[4] - y[3], 1e-12);
    output_transform(&only_log, even, 5, y, order);
    output_transform(&identity, even, 5, z, order);
    for (int i = 0; i < 5; i++)
        assert_true(y[i] == z[i]);
}

static void test_failed_trials_are_mean_results(void **state)
{
    (void)state;
    double loss[5] = {1, NAN, 3, 2, NAN}, y[5];
    size_t order[5];
    output_transform(&full, loss, 5, y, order);
    assert_true(y[1] == 0 && y[4] == 0 && y[2] > y[3] && y[3] > y[0]);
}

static void test_infinities_are_clipped(void **state)
{
    (void)state;
    double loss[4] = {INFINITY, 1, 2.385, -INFINITY}, y[4];
    size_t order[4];
    output_transform(&identity, loss, 4, y, order);
    assert_true(y[0] == y[2] && y[3] == y[1] && y[1] < y[2]);
    double alone[2] = {5, INFINITY};
    output_transform(&identity, alone, 2, y, order);
    assert_true(y[0] < y[1]);
}

static void test_any_numbers_give_finite_targets(void **state)
{
    (void)state;
    static const double odd[] = {NAN,     INFINITY, -INFINITY, 1e308,   -1e308, 5e-324, -5e-324, 0,
                                 DBL_MAX, -DBL_MAX, 1,         DBL_MIN, -0.0,   2.385,  1e-300,  1e300};
    const struct output_transform ways[] = {{0, 0}, {0, 1}, {1, 0}, {1, 1}};
    for (size_t w = 0; w < LENGTH(ways); w++)
        for (size_t first = 0; first < LENGTH(odd); first++)
            for (size_t n = 0; first + n <= LENGTH(odd); n++) {
                double y[LENGTH(odd)];
                size_t order[LENGTH(odd)];
                output_transform(&ways[w], odd + first, n, y, order);
                for (size_t i = 0; i < n; i++)
                    if (!isfinite(y[i]) || fabs(y[i]) > 100)
                        fail_msg("way %zu, %zu values from %zu: target %zu is %g", w, n, first, i, y[i]);
            }
}

static void test_constants_become_nought(void **state)
{
    (void)state;
    static const double constants[] = {0, 2.385, -1e308, 5e-324, INFINITY};
    for (size_t c = 0; c < LENGTH(constants); c++)
        for (size_t n = 1; n <= 50; n++) {
            double loss[50], y[50];
            size_t order[50];
            for (size_t i = 0; i < n; i++)
                loss[i] = constants[c];
            output_transform(&full, loss, n, y, order);
            for (size_t i = 0; i < n; i++)
                assert_true(y[i] == 0);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_standardised),
        cmocka_unit_test(test_order_is_kept_and_scale_does_not_matter),
        cmocka_unit_test(test_the_worse_half_is_ranked_and_the_better_kept),
        cmocka_unit_test(test_a_softened_worse_half_grows_by_logarithms),
        cmocka_unit_test(test_logarithm_only_where_it_takes_skewness_away),
        cmocka_unit_test(test_failed_trials_are_mean_results),
        cmocka_unit_test(test_infinities_are_clipped),
        cmocka_unit_test(test_any_numbers_give_finite_targets),
        cmocka_unit_test(test_constants_become_nought),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
