/* Tails of distributions against values of scipy 1.x (scipy.special.betainc, scipy.stats), and closed forms. */
#include "numeric/tails.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void assert_near(double value, double expected, double relative)
{
    if (!(fabs(value - expected) <= relative * fabs(expected)))
        fail_msg("%.17g instead of %.17g", value, expected);
}

static void test_the_incomplete_beta_function(void **state)
{
    (void)state;
    assert_near(beta_cdf(0.3, 2, 5), 0.5798250000000003, 1e-13);
    assert_near(beta_cdf(0.97, 0.5, 3.5), 0.9999986228283368, 1e-13);
    assert_near(beta_cdf(1e-3, 0.5, 0.5), 0.020135041633377492, 1e-13);
    assert_near(beta_cdf(0.51, 500, 480), 0.4947294759140738, 1e-12);
    assert_true(beta_cdf(0, 2, 3) == 0 && beta_cdf(1, 2, 3) == 1 && isnan(beta_cdf(NAN, 2, 3)));
}

static void test_tails_of_test_statistics(void **state)
{
    (void)state;
    assert_near(chi_square_tail(7.815, 3), 0.049993902974883875, 1e-13);
    assert_near(chi_square_tail(0.5, 1), 0.47950012218695337, 1e-13);
    assert_near(chi_square_tail(100, 4), 9.836624224615988e-21, 1e-12);
    assert_near(chi_square_tail(2.385, 10), 0.9924476826882526, 1e-13);
    assert_near(chi_square_tail(2.385, 2), exp(-2.385 / 2), 1e-14);
    assert_near(f_tail(2.385, 3, 27), 0.09123722397516523, 1e-13);
    assert_near(f_tail(15, 9, 4), 0.009578158315201271, 1e-13);
    assert_near(f_tail(0.3, 2, 1000), 0.7408848706621238, 1e-12);
    assert_near(f_tail(60, 4, 200), 3.1796582381915264e-33, 1e-11);
    assert_near(student_tail(2.385, 9), 0.020445589857510424, 1e-13);
    assert_near(student_tail(-1.2, 3), 0.8418689426509474, 1e-13);
    assert_near(student_tail(12, 4), 0.0001382142742514865, 1e-13);
    assert_near(student_tail(40, 30), 6.863022597203209e-28, 1e-12);
    assert_near(student_tail(1.96, 1e6), 0.024998033792634926, 1e-9);
}

static void test_the_ends_have_defined_answers(void **state)
{
    (void)state;
    assert_true(chi_square_tail(0, 3) == 1 && chi_square_tail(INFINITY, 3) == 0 && isnan(chi_square_tail(NAN, 3)));
    assert_true(f_tail(-1, 3, 4) == 1 && f_tail(INFINITY, 3, 4) == 0 && isnan(f_tail(NAN, 3, 4)));
    assert_true(student_tail(0, 3) == 0.5 && student_tail(INFINITY, 3) == 0 && student_tail(-INFINITY, 3) == 1);
    assert_true(range_tail(0, 3) == 1 && range_tail(1e9, 3) < 1e-14 && isnan(range_tail(NAN, 3)));
    assert_true(student_quantile(0.5, 3) == 0);
}

static void test_quantiles(void **state)
{
    (void)state;
    assert_near(student_quantile(0.975, 5), 2.5705818356363146, 1e-12);
    assert_near(student_quantile(0.05, 1), -6.313751514675044, 1e-12);
    assert_near(student_quantile(0.995, 19), 2.8609346064649794, 1e-12);
    assert_near(student_quantile(0.9, 1e5), 1.2815600314493614, 1e-9);
    assert_near(range_tail_quantile(0.05, 2), 2.771807648699355, 1e-10);
    assert_near(range_tail_quantile(0.05, 3), 3.314493155398122, 1e-8);
    assert_near(range_tail_quantile(0.05, 10), 4.474124221725907, 1e-8);
}

static void test_ranges_and_greatest_values_of_normal_samples(void **state)
{
    (void)state;
    double mean, sd;
    assert_near(range_tail(2.385, 3), 0.21035564378546023, 1e-8);
    assert_near(range_tail(3.633, 4), 0.0500149789953781, 1e-8);
    assert_near(range_tail(5, 10), 0.014857437887783598, 1e-7);
    normal_greatest(1, &mean, &sd);
    assert_true(fabs(mean) < 1e-14);
    assert_near(sd, 1, 1e-13);
    normal_greatest(2, &mean, &sd); /* 1 / sqrt(pi), and 1 - 1 / pi */
    assert_near(mean, 0.56418958354775628695, 1e-13);
    assert_near(sd * sd, 1 - 0.31830988618379067154, 1e-13);
    normal_greatest(3, &mean, &sd); /* 3 / (2 sqrt(pi)) */
    assert_near(mean, 0.84628437532163443042, 1e-13);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_incomplete_beta_function),
        cmocka_unit_test(test_tails_of_test_statistics),
        cmocka_unit_test(test_the_ends_have_defined_answers),
        cmocka_unit_test(test_quantiles),
        cmocka_unit_test(test_ranges_and_greatest_values_of_normal_samples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
