/* Kernels, their slopes and distances. */
#include "surrogate/surrogate_case.h"

static void test_values_and_slopes_against_forty_digits(void **state)
{
    (void)state;
    static const struct {
        int kernel;
        double k, slope;
    } row[] = {
        {KERNEL_MATERN52, 0.3656386015198152739, -0.1767779927468580651},
        {KERNEL_MATERN32, 0.3405794457798261238, -0.1567892315099190992},
        {KERNEL_RBF, 0.4274149319487266699, -0.213707465974363335},
    };
    for (size_t i = 0; i < LENGTH(row); i++) {
        double r2 = 1.7, k, alone, slope;
        kernel_slopes(row[i].kernel, 1, &r2, &k, &slope);
        kernel_values(row[i].kernel, 1, &r2, &alone);
        assert_near(k, row[i].k, 1e-15);
        assert_near(slope, row[i].slope, 1e-15);
        assert_true(k == alone);
    }
}

static void test_one_at_distance_nought_and_none_far_away(void **state)
{
    (void)state;
    for (int kernel = KERNEL_MATERN52; kernel <= KERNEL_RBF; kernel++) {
        double r2[3] = {0, 1e6, 1e300}, k[3], slope[3];
        kernel_slopes(kernel, 3, r2, k, slope);
        assert_true(k[0] == 1);
        for (int i = 1; i < 3; i++)
            assert_true(k[i] >= 0 && k[i] < 1e-300 && slope[i] <= 0);
        assert_true(isfinite(slope[0]));
    }
}

static void test_exponential_is_exact_along_its_range(void **state)
{
    (void)state;
    for (double x = 0; x < 690; x += 0.385) {
        double r2 = 2 * x, k;
        kernel_values(KERNEL_RBF, 1, &r2, &k);
        double want = exp(-x);
        if (!(fabs(k - want) <= 1e-15 * want))
            fail_msg("exp(-%g): %.17g, not %.17g", x, k, want);
    }
}

static void test_distance_is_weighted_with_hamming_inside(void **state)
{
    (void)state;
    double weight[3] = {4, 0.25, 2.385}, r2[2];
    double x[6] = {0.1, 0.6, 0.2, 0.2, 3, 1}; /* two points by columns */
    double point[3] = {0.6, 0.7, 1};
    kernel_distances(case_dimension, 3, weight, x, 2, 0, 2, point, r2);
    assert_near(r2[0], 4 * 0.25 + 0.25 * 0.25 + 2.385, 1e-15);
    assert_near(r2[1], 0.25 * 0.25, 1e-15);
}

static void test_inactive_numbers_become_the_middle_and_categories_stay(void **state)
{
    (void)state;
    double x[3] = {-1, 0.25, -1};
    kernel_impute(case_dimension, 3, x);
    assert_true(x[0] == 0.5 && x[1] == 0.25 && x[2] == -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_and_slopes_against_forty_digits),
        cmocka_unit_test(test_one_at_distance_nought_and_none_far_away),
        cmocka_unit_test(test_exponential_is_exact_along_its_range),
        cmocka_unit_test(test_distance_is_weighted_with_hamming_inside),
        cmocka_unit_test(test_inactive_numbers_become_the_middle_and_categories_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
