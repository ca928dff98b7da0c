/* The logarithm of the gamma function against values of 40 digits, and against exact factorials. */
#include "numeric/log_gamma.h"

#include "core/elementary.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void assert_near(double got, double want)
{
    if (!(fabs(got - want) <= 7e-15 + 7e-16 * fabs(want)))
        fail_msg("got %.17g, want %.17g, error %.3g", got, want, fabs(got - want));
}

static void test_values(void **state)
{
    (void)state;
    static const struct {
        double x, y;
    } row[] = {
        {1e-300, 690.7755278982137052},
        {1e-09, 20.72326583636919543},
        {0.03, 3.489971043442411954},
        {0.5, 0.5723649429247000871},
        {1, 0.0},
        {1.5, -0.1207822376352452223},
        {2, 0.0},
        {2.385, 0.2071239065075036357},
        {3.5, 1.200973602347074225},
        {9.999, 12.79957578007741371},
        {10, 12.80182748008146961},
        {10.5, 13.94062521940376363},
        {57.5, 174.3721298187451532},
        {100000.0, 1051287.708973656895},
        {1e+17, 3814394658089877644.0},
        {1e+300, 6.897755278982137415e+302},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        assert_near(log_gamma(row[i].x), row[i].y);
}

static void test_factorials(void **state)
{
    (void)state;
    double factorial = 1;
    for (int n = 1; n <= 22; n++)
        assert_near(log_gamma(n + 1), portable_log(factorial *= n));
}

static void test_the_ends(void **state)
{
    (void)state;
    assert_true(log_gamma(INFINITY) == INFINITY);
    assert_true(isnan(log_gamma(0)) && isnan(log_gamma(-1.5)) && isnan(log_gamma(NAN)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_factorials),
        cmocka_unit_test(test_the_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
