/* Back from targets to losses. */
#include "surrogate/output_inverse.h"

#include "surrogate/surrogate_case.h"

#include "core/rng.h"

#include <float.h>

static const struct output_transform identity = {0}, full = {.log = 1, .worse = WORSE_RANKED};

static void open_inverse(struct output_inverse *v, const struct output_transform *how, const double *loss, size_t n)
{
    OK(output_inverse_init(v, how, loss, n));
}

static void test_without_log_and_ranks_it_is_a_straight_line(void **state)
{
    (void)state;
    struct output_inverse v;
    double mean, sd;
    open_inverse(&v, &identity, (const double[]){3, 1, 2}, 3);
    for (double t = -40; t < 40; t += 0.385)
        assert_near(output_inverse_at(&v, t), 2 + t * sqrt(2.0 / 3), 1e-13);
    output_inverse_moments(&v, -1.385, 0.75, &mean, &sd);
    assert_near(mean, 2 - 1.385 * sqrt(2.0 / 3), 1e-13);
    assert_near(sd, 0.75 * sqrt(2.0 / 3), 1e-13);
    output_inverse_fini(&v);
}

static void test_every_loss_comes_back_from_its_target(void **state)
{
    (void)state;
    double loss[50], y[50];
    size_t order[50];
    struct rng rng;
    rng_start(&rng, 2385, 0, RNG_SUGGEST);
    for (int round = 0; round < 20; round++) {
        struct output_inverse v;
        for (size_t i = 0; i < 50; i++)
            loss[i] = round % 2 ? exp(4 * rng_normal(&rng)) : 1e100 * rng_normal(&rng);
        output_transform(&full, loss, 50, y, order);
        open_inverse(&v, &full, loss, 50);
        for (size_t i = 0; i < 50; i++)
            assert_near(output_inverse_at(&v, y[i]) / loss[i], 1, 1e-12);
        output_inverse_fini(&v);
    }
}

/* exp of a normal: its moments are known, and the quadrature has to find them. */
static void test_moments_of_a_logarithm_are_those_of_the_log_normal(void **state)
{
    (void)state;
    const struct output_transform logarithm = {.log = 1};
    struct output_inverse v;
    double mean, sd;
    open_inverse(&v, &logarithm, (const double[]){1, exp(1), exp(2), exp(3), exp(10)}, 5);
    assert_true(v.logged);
    double slope = log(output_inverse_at(&v, 1)) - log(output_inverse_at(&v, 0)), m = log(output_inverse_at(&v, 0.25));
    double s = 0.2 * slope;
    output_inverse_moments(&v, 0.25, 0.2, &mean, &sd);
    assert_near(mean / exp(m + 0.5 * s * s), 1, 1e-10);
    assert_near(sd / (exp(m + 0.5 * s * s) * sqrt(expm1(s * s))), 1, 1e-10);
    output_inverse_fini(&v);
}

static void test_it_never_falls_and_ends_at_the_worst_where_ranks_end(void **state)
{
    (void)state;
    struct output_inverse v;
    double before = -INFINITY;
    open_inverse(&v, &full, (const double[]){5, 1, 40, 2, 1e6, 3, 2.5, 17, 1.5}, 9);
    for (double t = -30; t < 30; t += 0.0385) {
        double value = output_inverse_at(&v, t);
        assert_true(value >= before && value > 0);
        before = value;
    }
    assert_near(before, 1e6, 1e-12);
    output_inverse_fini(&v);
}

static void test_failures_are_no_knots(void **state)
{
    (void)state;
    struct output_inverse v;
    open_inverse(&v, &identity, (const double[]){NAN, 1, NAN, 2, 3, NAN}, 6);
    assert_int_equal(v.knots, 3);
    output_inverse_fini(&v);
}

static void test_extreme_losses_come_back_finite(void **state)
{
    (void)state;
    static const double odd[][5] = {
        {DBL_MAX, -DBL_MAX, 0, DBL_MAX, -DBL_MAX},
        {INFINITY, 1, -INFINITY, 2, 3},
        {5e-324, 0, 5e-324, -5e-324, 0},
        {1e-300, 1e300, 1, 1e-300, 1e300},
        {7, 7, 7, 7, 7},
        {7, INFINITY, 7, 7, -INFINITY},
        {1, 1 + DBL_EPSILON, 1, 1e308, NAN},
        {1e-320, 1e-310, 1e300, 1, 2},
    };
    for (size_t k = 0; k < LENGTH(odd); k++)
        for (int transformed = 0; transformed < 2; transformed++) {
            struct output_inverse v;
            open_inverse(&v, transformed ? &full : &identity, odd[k], 5);
            double before = -INFINITY;
            for (double t = -50; t <= 50; t += 0.125) {
                double value = output_inverse_at(&v, t), mean, sd;
                assert_true(isfinite(value) && value >= before);
                output_inverse_moments(&v, t, 1.385, &mean, &sd);
                assert_true(isfinite(mean) && isfinite(sd) && sd >= 0);
                before = value;
            }
            output_inverse_fini(&v);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_without_log_and_ranks_it_is_a_straight_line),
        cmocka_unit_test(test_every_loss_comes_back_from_its_target),
        cmocka_unit_test(test_moments_of_a_logarithm_are_those_of_the_log_normal),
        cmocka_unit_test(test_it_never_falls_and_ends_at_the_worst_where_ranks_end),
        cmocka_unit_test(test_failures_are_no_knots),
        cmocka_unit_test(test_extreme_losses_come_back_finite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
