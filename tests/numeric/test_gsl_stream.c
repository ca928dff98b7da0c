/* The counter-based stream behind GSL's distributions. */
#include "numeric/gsl_stream.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_draws_are_those_of_the_stream(void **state)
{
    (void)state;
    struct rng a, b;
    rng_start(&a, 2385, 17, RNG_SUGGEST);
    rng_start(&b, 2385, 17, RNG_SUGGEST);
    gsl_rng r = gsl_stream_over(&a);
    for (int i = 0; i < 100; i++) {
        assert_true(gsl_rng_uniform(&r) == rng_uniform(&b));
        assert_true(gsl_rng_get(&r) == rng_uint32(&b));
    }
}

static void test_moments_of_gsl_distributions(void **state)
{
    (void)state;
    struct rng stream;
    rng_start(&stream, 1, 2, RNG_SUGGEST);
    gsl_rng r = gsl_stream_over(&stream);
    enum { DRAWS = 200000 };
    double normal = 0, square = 0, gamma = 0, poisson = 0;
    for (int i = 0; i < DRAWS; i++) {
        double x = gsl_ran_gaussian_ziggurat(&r, 2.385);
        normal += x;
        square += x * x;
        gamma += gsl_ran_gamma(&r, 3.5, 0.5);
        poisson += gsl_ran_poisson(&r, 7.25);
    }
    assert_true(fabs(normal / DRAWS) < 0.02);
    assert_true(fabs(square / DRAWS / (2.385 * 2.385) - 1) < 0.01);
    assert_true(fabs(gamma / DRAWS - 1.75) < 0.01);
    assert_true(fabs(poisson / DRAWS - 7.25) < 0.03);
}

static void test_set_starts_again(void **state)
{
    (void)state;
    struct rng stream;
    rng_start(&stream, 3, 0, RNG_SUGGEST);
    gsl_rng r = gsl_stream_over(&stream);
    gsl_rng_set(&r, 99);
    unsigned long first = gsl_rng_get(&r);
    gsl_rng_set(&r, 99);
    assert_true(gsl_rng_get(&r) == first);
    gsl_rng_set(&r, 100);
    assert_true(gsl_rng_get(&r) != first);
}

static void test_range_is_that_of_the_type(void **state)
{
    (void)state;
    struct rng stream;
    rng_start(&stream, 5, 0, RNG_SUGGEST);
    gsl_rng r = gsl_stream_over(&stream);
    assert_true(gsl_rng_max(&r) == 0xFFFFFFFFul);
    assert_true(gsl_rng_min(&r) == 0);
    assert_string_equal(gsl_stream_type()->name, "philox");
    for (int i = 0; i < 1000; i++)
        assert_true(gsl_rng_uniform_int(&r, 7) < 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_draws_are_those_of_the_stream),
        cmocka_unit_test(test_moments_of_gsl_distributions),
        cmocka_unit_test(test_set_starts_again),
        cmocka_unit_test(test_range_is_that_of_the_type),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
