/* The bounded minimiser: valleys, active bounds, values that are not numbers. */
#include "numeric/bounded.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static double rosenbrock(const double *x, double *g, void *user)
{
    size_t n = *(const size_t *)user;
    double f = 0;
    for (size_t i = 0; i < n; i++)
        g[i] = 0;
    for (size_t i = 0; i + 1 < n; i++) {
        double a = x[i + 1] - x[i] * x[i], b = 1 - x[i];
        f += 100 * a * a + b * b;
        g[i] += -400 * a * x[i] - 2 * b;
        g[i + 1] += 200 * a;
    }
    return f;
}

static void minimise(bounded_function f, size_t n, double *x, const double *low, const double *high, void *user,
                     double *value, size_t *evaluations)
{
    struct bounded b;
    double g[16];
    assert_int_equal(bounded_new(&b, n), 0);
    b.max_evaluations = 1000;
    b.gradient_tolerance = 1e-8;
    b.value_tolerance = 0;
    *value = bounded_minimise(&b, x, low, high, f, g, user);
    *evaluations = b.evaluations;
    for (size_t i = 0; i < n; i++)
        assert_true(x[i] >= low[i] && x[i] <= high[i]);
    bounded_fini(&b);
}

static void test_rosenbrock_inside(void **state)
{
    (void)state;
    size_t n = 2, evaluations;
    double x[2] = {-1.2, 1}, low[2] = {-5, -5}, high[2] = {5, 5}, value;
    minimise(rosenbrock, n, x, low, high, &n, &value, &evaluations);
    assert_true(value < 1e-10);
    assert_true(evaluations < 100);
}

static void test_rosenbrock_in_ten_dimensions(void **state)
{
    (void)state;
    size_t n = 10, evaluations;
    double x[10], low[10], high[10], value;
    for (size_t i = 0; i < n; i++) {
        x[i] = i % 2 ? 1 : -1.2;
        low[i] = -2.5;
        high[i] = 2.385;
    }
    minimise(rosenbrock, n, x, low, high, &n, &value, &evaluations);
    assert_true(value < 1e-8 || fabs(value - 3.9866) < 1e-3); /* the known local minimum */
    assert_true(evaluations < 400);
}

static void test_rosenbrock_against_a_bound(void **state)
{
    (void)state;
    size_t n = 2, evaluations;
    double x[2] = {-1.2, 1}, low[2] = {-5, -5}, high[2] = {0.5, 5}, value;
    minimise(rosenbrock, n, x, low, high, &n, &value, &evaluations);
    assert_true(x[0] == 0.5);
    assert_true(fabs(x[1] - 0.25) < 1e-7);
    assert_true(fabs(value - 0.25) < 1e-12);
}

static void test_start_outside_is_clamped_and_fixed_variables_stay(void **state)
{
    (void)state;
    size_t n = 3, evaluations;
    double x[3] = {-100, 0.75, 100}, low[3] = {-5, 0.75, -5}, high[3] = {5, 0.75, 5}, value;
    minimise(rosenbrock, n, x, low, high, &n, &value, &evaluations);
    assert_true(x[1] == 0.75);
    assert_true(fabs(x[2] - 0.5625) < 1e-6);
}

static void test_every_variable_fixed(void **state)
{
    (void)state;
    size_t n = 2, evaluations;
    double x[2] = {1, 2}, low[2] = {1, 2}, high[2] = {1, 2}, value;
    minimise(rosenbrock, n, x, low, high, &n, &value, &evaluations);
    assert_int_equal(evaluations, 1);
    assert_true(value == 100);
}

/* (x - 1)^2 that is NaN right of 1.5 and infinite left of -1. */
static double cliff(const double *x, double *g, void *user)
{
    (void)user;
    g[0] = 2 * (x[0] - 1);
    if (x[0] > 1.5)
        return NAN;
    return x[0] < -1 ? INFINITY : (x[0] - 1) * (x[0] - 1);
}

static void test_values_that_are_no_numbers_are_walked_around(void **state)
{
    (void)state;
    size_t evaluations;
    double x[1] = {-0.9}, low[1] = {-1e6}, high[1] = {1e6}, value;
    minimise(cliff, 1, x, low, high, NULL, &value, &evaluations);
    assert_true(fabs(x[0] - 1) < 1e-6);
}

static double never(const double *x, double *g, void *user)
{
    (void)user;
    g[0] = x[0];
    return NAN;
}

static void test_a_function_without_values_ends_at_the_start(void **state)
{
    (void)state;
    size_t evaluations;
    double x[1] = {0.385}, low[1] = {0}, high[1] = {1}, value;
    minimise(never, 1, x, low, high, NULL, &value, &evaluations);
    assert_true(x[0] == 0.385 && isinf(value) && evaluations == 1);
}

static double line(const double *x, double *g, void *user)
{
    g[0] = *(const double *)user;
    return g[0] * x[0];
}

static void test_a_slope_ends_in_the_corner(void **state)
{
    (void)state;
    size_t evaluations;
    for (double slope = -1e-6; slope < 1e6; slope = slope < 0 ? -slope : slope * 1000) {
        double x[1] = {0.385}, low[1] = {0}, high[1] = {1}, value;
        struct bounded b;
        double g[1];
        assert_int_equal(bounded_new(&b, 1), 0);
        b.gradient_tolerance = 1e-12;
        value = bounded_minimise(&b, x, low, high, line, g, &slope);
        evaluations = b.evaluations;
        bounded_fini(&b);
        assert_true(x[0] == (slope < 0 ? 1 : 0));
        assert_true(value == slope * x[0]);
        assert_true(evaluations < 20);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rosenbrock_inside),
        cmocka_unit_test(test_rosenbrock_in_ten_dimensions),
        cmocka_unit_test(test_rosenbrock_against_a_bound),
        cmocka_unit_test(test_start_outside_is_clamped_and_fixed_variables_stay),
        cmocka_unit_test(test_every_variable_fixed),
        cmocka_unit_test(test_values_that_are_no_numbers_are_walked_around),
        cmocka_unit_test(test_a_function_without_values_ends_at_the_start),
        cmocka_unit_test(test_a_slope_ends_in_the_corner),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
