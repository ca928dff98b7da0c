/* Normal priors where a host means no harm and doubles do: means out of sight of
 * the range, deviations of any size, ranges of one ulp. */
#include "space/space_help.h"

#include <float.h>

static struct parameter prior(int32_t kind, double mean, double sd, double low, double high)
{
    struct parameter p = {.kind = AFINA_KIND_REAL, .prior = kind, .mean = mean, .sd = sd, .low = low, .high = high};
    assert_ok(parameter_prepare(&p));
    return p;
}

/* Finite values in the range, ascending with u, whose u is in [0, 1]. */
static void assert_sound(const struct parameter *p)
{
    double before = p->low, blur = 4 * DBL_EPSILON * fmax(fabs(p->low), fabs(p->high));
    for (int k = 0; k <= 20; k++) {
        double u = k / 20.0, x = parameter_from_unit(p, u).real;
        double back = parameter_to_unit(p, (union value){.real = x});
        if (!(isfinite(x) && x >= p->low && x <= p->high && x >= before - blur && back >= 0 && back <= 1))
            fail_msg("prior %d of mean %g, sd %g in [%.17g, %.17g]: u %g gave %.17g, and that %g", (int)p->prior,
                     p->mean, p->sd, p->low, p->high, u, x, back);
        before = x;
    }
}

static void test_no_prior_leaves_its_range(void **state)
{
    (void)state;
    static const double sds[] = {5e-324, 1e-300, 1e-200, 1e-160, 1e-100, 1e-20, 1e-5, 1, 1e5, 1e100, 1e300, DBL_MAX};
    static const double means[] = {-DBL_MAX, -1e300, -700, -1, 0, 1, 700, 1e300, DBL_MAX};
    static const double lows[] = {-INFINITY, -DBL_MAX, -1e300, -1e10, -1, 0, 1e-300, 1, 1e10, 1e300};
    static const double highs[] = {-1e300, -1e10, 0, 5e-324, 1e-300, 1, 1.5, 1e10, 1e300, DBL_MAX, INFINITY};
    for (size_t s = 0; s < sizeof sds / sizeof *sds; s++)
        for (size_t m = 0; m < sizeof means / sizeof *means; m++)
            for (size_t l = 0; l < sizeof lows / sizeof *lows; l++)
                for (size_t h = 0; h < sizeof highs / sizeof *highs; h++) {
                    if (!(lows[l] <= highs[h]))
                        continue;
                    struct parameter p = prior(AFINA_PRIOR_NORMAL, means[m], sds[s], lows[l], highs[h]);
                    assert_sound(&p);
                    if (lows[l] < 0 || highs[h] <= 0)
                        continue;
                    p = prior(AFINA_PRIOR_LOGNORMAL, means[m], sds[s], lows[l], highs[h]);
                    assert_sound(&p);
                }
}

static void test_ranges_of_one_ulp_have_priors(void **state)
{
    (void)state;
    static const double lows[] = {-1e300, -1, 0, 1e-300, 2.385, 1e300};
    static const double sds[] = {1e-300, 1e-16, 1, 1e300};
    for (size_t l = 0; l < sizeof lows / sizeof *lows; l++)
        for (size_t s = 0; s < sizeof sds / sizeof *sds; s++)
            for (int kind = AFINA_PRIOR_NORMAL; kind <= AFINA_PRIOR_LOGNORMAL; kind++) {
                if (kind == AFINA_PRIOR_LOGNORMAL && lows[l] < 0)
                    continue;
                struct parameter p = prior(kind, 2.385, sds[s], lows[l], nextafter(lows[l], INFINITY));
                assert_sound(&p);
            }
}

/* With the mean out of sight, the end nearest to it is all there is. */
static void test_a_mean_far_outside_gives_the_nearest_end(void **state)
{
    (void)state;
    struct parameter above = prior(AFINA_PRIOR_NORMAL, 1, 1e-300, -INFINITY, 0.25);
    struct parameter below = prior(AFINA_PRIOR_NORMAL, -700, 1e-300, -1.5, 1);
    struct parameter beyond = prior(AFINA_PRIOR_NORMAL, 1e308, 1e-10, 0.25, 2.385); /* overflows in deviations */
    struct parameter beneath = prior(AFINA_PRIOR_NORMAL, -1e308, 1e-10, 0.25, 2.385);
    for (int k = 1; k < 10; k++) {
        assert_true(same_bits(parameter_from_unit(&above, k / 10.0).real, 0.25));
        assert_true(same_bits(parameter_from_unit(&below, k / 10.0).real, -1.5));
        assert_true(same_bits(parameter_from_unit(&beyond, k / 10.0).real, 2.385));
        assert_true(same_bits(parameter_from_unit(&beneath, k / 10.0).real, 0.25));
    }
}

/* A deviation so wide that the ends look alike: even, not constant. */
static void test_a_very_wide_prior_is_even(void **state)
{
    (void)state;
    struct parameter p = prior(AFINA_PRIOR_NORMAL, 1e300, 1e300, 1, 3);
    assert_near(parameter_from_unit(&p, 0.25).real, 1.5, 1e-15);
    assert_near(parameter_to_unit(&p, (union value){.real = 2.5}), 0.75, 1e-15);
    p = prior(AFINA_PRIOR_NORMAL, 0, DBL_MAX, 1, 3);
    assert_near(parameter_from_unit(&p, 0.25).real, 1.5, 1e-9);
}

static void test_the_ends_are_kept_to_the_bit(void **state)
{
    (void)state;
    struct rng rng;
    rng_start(&rng, 2390, 0, RNG_SUGGEST);
    print_message("seed 2390\n");
    for (int i = 0; i < 20000; i++) {
        double low = exp(20 * rng_normal(&rng)), high = low + exp(20 * rng_normal(&rng));
        int32_t kind = 1 + (int32_t)rng_below(&rng, 2);
        struct parameter p = prior(kind, 10 * rng_normal(&rng), exp(5 * rng_normal(&rng)), low, high);
        assert_true(same_bits(parameter_from_unit(&p, 0).real, low));
        assert_true(same_bits(parameter_from_unit(&p, 1).real, high));
    }
}

/* Steps and integers under a prior come back from their u, where it has mass. */
static void test_grids_under_a_prior_come_back(void **state)
{
    (void)state;
    struct rng rng;
    rng_start(&rng, 2391, 0, RNG_SUGGEST);
    print_message("seed 2391\n");
    for (int i = 0; i < 20000; i++) {
        int64_t low = (int64_t)rng_below(&rng, 100), width = 1 + (int64_t)rng_below(&rng, 1000);
        struct parameter p = {.kind = AFINA_KIND_INTEGER, .int_low = low, .int_high = low + width};
        p.prior = 1 + (int32_t)rng_below(&rng, 2);
        p.int_step = 1 + rng_below(&rng, 9);
        p.sd = p.prior == AFINA_PRIOR_NORMAL ? 0.25 * (double)width : 1;
        p.mean = p.prior == AFINA_PRIOR_NORMAL ? (double)low + 0.5 * (double)width : log((double)(low + width));
        assert_ok(parameter_prepare(&p));
        uint64_t k = rng_below(&rng, p.last + 1);
        double u = parameter_to_unit(&p, parameter_value_at(&p, k));
        assert_true(u > 0 && u < 1);
        assert_int_equal(parameter_from_unit(&p, u).integer, parameter_value_at(&p, k).integer);
    }
}

/* Once: -0.0 + sd * 0 was suggested, and its log did not replay. */
static void test_a_mean_of_minus_zero_gives_no_minus_zero(void **state)
{
    (void)state;
    struct parameter p = prior(AFINA_PRIOR_NORMAL, -0.0, 2.385, -1e308, INFINITY);
    for (int k = 0; k <= 20; k++) {
        double x = parameter_from_unit(&p, k / 20.0).real;
        assert_false(x == 0 && signbit(x));
    }
    assert_false(signbit(p.default_value.real));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_prior_leaves_its_range),
        cmocka_unit_test(test_ranges_of_one_ulp_have_priors),
        cmocka_unit_test(test_a_mean_far_outside_gives_the_nearest_end),
        cmocka_unit_test(test_a_very_wide_prior_is_even),
        cmocka_unit_test(test_the_ends_are_kept_to_the_bit),
        cmocka_unit_test(test_grids_under_a_prior_come_back),
        cmocka_unit_test(test_a_mean_of_minus_zero_gives_no_minus_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
