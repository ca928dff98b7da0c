/* Acquisition functions far into the tail, and their derivatives. */
#include "surrogate/acquisition.h"

#include "surrogate/surrogate_case.h"

static void test_log_improvement_against_forty_digits(void **state)
{
    (void)state;
    static const double row[][2] = {
        {-100000.0, -5000000023.944789463}, {-1000, -500014.7344520911584}, {-40, -808.2985683566199602},
        {-10, -55.55312203612235593},       {-1.5, -3.529935920805709851},  {-1, -2.485121025712641337},
        {-0.9, -2.298282989459651772},      {0, -0.9189385332046727418},    {0.5, -0.3598276837450638186},
        {2.385, 0.8703916863130599589},     {40, 3.688879454113936303},
    };
    for (size_t i = 0; i < LENGTH(row); i++)
        assert_near(log_improvement(row[i][0]), row[i][1], 2e-15);
}

static void test_log_improvement_never_falls(void **state)
{
    (void)state;
    double before = log_improvement(-1e6);
    for (double z = -999; z < 50; z += 0.0385) {
        double now = log_improvement(z);
        assert_true(now > before);
        before = now;
    }
}

static void spread_minima(struct acquisition *a, double from, double to)
{
    for (size_t k = 0; k < ACQUISITION_MINIMA; k++)
        a->minima[k] = from + (to - from) * (double)k / (ACQUISITION_MINIMA - 1);
}

static void test_entropy_of_the_minimum_against_forty_digits(void **state)
{
    (void)state;
    static const double row[][2] = {
        {-30, 1.3408651406662892763}, {-2, 0.34356757709505103213},  {0, -0.36651292058166432701},
        {2, -2.5477087975928469265},  {8.5, -35.570072479242115318}, {40, -797.92195781906674683},
    };
    for (size_t i = 0; i < LENGTH(row); i++) {
        struct acquisition a = {.kind = ACQUISITION_MES}; /* all minima 0, variance 1 - 1e-12 */
        assert_near(acquisition_value(&a, row[i][0], 1 - 1e-12, NULL, NULL), row[i][1], 1e-12);
    }
    struct acquisition a = {.kind = ACQUISITION_MES};
    double before = acquisition_value(&a, -9999, 1, NULL, NULL);
    assert_near(acquisition_value(&a, -10001, 1, NULL, NULL), before, 1e-4);
}

/* Of 200 equal and independent values the least is known in closed form. */
static void test_drawn_minima_have_the_distribution_of_the_least(void **state)
{
    (void)state;
    enum { N = 200, DRAWS = 4000 };
    double mean[N] = {0}, variance[N], sum = 0;
    struct acquisition a = {.kind = ACQUISITION_MES};
    struct rng rng;
    rng_start(&rng, 2385, 0, RNG_SUGGEST);
    for (size_t i = 0; i < N; i++)
        variance[i] = 1;
    int below = 0;
    for (int draw = 0; draw < DRAWS / ACQUISITION_MINIMA; draw++) {
        acquisition_draw_minima(&a, mean, variance, N, &rng);
        for (size_t k = 0; k < ACQUISITION_MINIMA; k++) {
            sum += a.minima[k];
            below += a.minima[k] < -2.70070; /* the median: 1 - (1 - Phi)^200 = 1/2 */
        }
    }
    assert_near((double)below / DRAWS, 0.5, 0.06);
    assert_near(sum / DRAWS, -2.746, 0.02);
}

static void test_derivatives_agree_with_differences(void **state)
{
    (void)state;
    for (int kind = ACQUISITION_LOG_EI; kind <= ACQUISITION_MES; kind++)
        for (double mean = -3; mean < 40; mean += 2.385) {
            struct acquisition a = {.kind = kind, .best = 0.25, .kappa = 1.8, .inflation = 0.5};
            spread_minima(&a, -4, 0);
            double variance = 0.75, by_mean, by_variance;
            acquisition_value(&a, mean, variance, &by_mean, &by_variance);
            double up = acquisition_value(&a, mean + 1e-5, variance, NULL, NULL);
            double down = acquisition_value(&a, mean - 1e-5, variance, NULL, NULL);
            assert_near(by_mean, (up - down) / 2e-5, 1e-6);
            up = acquisition_value(&a, mean, variance + 1e-5, NULL, NULL);
            down = acquisition_value(&a, mean, variance - 1e-5, NULL, NULL);
            assert_near(by_variance, (up - down) / 2e-5, 1e-6);
        }
}

/* EI times p and log EI plus log p are the same thing. */
static void test_what_may_fail_promises_less(void **state)
{
    (void)state;
    static const double log_p = -1.385;
    for (int kind = ACQUISITION_LOG_EI; kind <= ACQUISITION_MES; kind++) {
        struct acquisition a = {.kind = kind};
        double by_value, by_log_p, unused, value = kind == ACQUISITION_EI ? 0.25 : -2.385;
        double weighed = acquisition_of_working(&a, value, log_p, &by_value, &by_log_p);
        double up = acquisition_of_working(&a, value, log_p + 1e-6, &unused, &unused);
        assert_near(weighed, kind == ACQUISITION_EI ? 0.25 * exp(log_p) : value + log_p, 1e-15);
        assert_near(by_log_p, (up - weighed) / 1e-6, 1e-5);
        up = acquisition_of_working(&a, value + 1e-6, log_p, &unused, &unused);
        assert_near(by_value, (up - weighed) / 1e-6, 1e-5);
    }
}

static void test_log_ei_is_the_logarithm_of_ei(void **state)
{
    (void)state;
    struct acquisition a = {.kind = ACQUISITION_LOG_EI, .best = 0}, b = {.kind = ACQUISITION_EI, .best = 0};
    for (double mean = -2; mean < 5; mean += 0.385)
        assert_near(acquisition_value(&a, mean, 0.5, NULL, NULL), log(acquisition_value(&b, mean, 0.5, NULL, NULL)),
                    1e-12);
}

static void test_no_variance_still_has_a_value_and_a_slope(void **state)
{
    (void)state;
    for (int kind = ACQUISITION_LOG_EI; kind <= ACQUISITION_MES; kind++) {
        struct acquisition a = {.kind = kind, .best = 0, .kappa = 1.8};
        for (double mean = -1; mean <= 1; mean += 0.5) {
            double by_mean, by_variance, value = acquisition_value(&a, mean, 0, &by_mean, &by_variance);
            assert_true(isfinite(value) && isfinite(by_mean) && isfinite(by_variance));
        }
    }
}

static void test_inflation_is_a_greater_variance(void **state)
{
    (void)state;
    struct acquisition sure = {.kind = ACQUISITION_LOG_EI}, inflated = {.kind = ACQUISITION_LOG_EI, .inflation = 0.5};
    assert_near(acquisition_value(&inflated, 1.385, 2, NULL, NULL), acquisition_value(&sure, 1.385, 3, NULL, NULL),
                1e-12);
}

static void test_lower_means_and_greater_variances_promise_more(void **state)
{
    (void)state;
    for (int kind = ACQUISITION_LOG_EI; kind <= ACQUISITION_MES; kind++) {
        struct acquisition a = {.kind = kind, .best = -1, .kappa = 1.8};
        spread_minima(&a, -3, -1);
        double value = acquisition_value(&a, 0.5, 1, NULL, NULL);
        assert_true(acquisition_value(&a, 0.385, 1, NULL, NULL) > value);
        assert_true(acquisition_value(&a, 0.5, 1.385, NULL, NULL) > value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_log_improvement_against_forty_digits),
        cmocka_unit_test(test_log_improvement_never_falls),
        cmocka_unit_test(test_entropy_of_the_minimum_against_forty_digits),
        cmocka_unit_test(test_drawn_minima_have_the_distribution_of_the_least),
        cmocka_unit_test(test_derivatives_agree_with_differences),
        cmocka_unit_test(test_what_may_fail_promises_less),
        cmocka_unit_test(test_log_ei_is_the_logarithm_of_ei),
        cmocka_unit_test(test_no_variance_still_has_a_value_and_a_slope),
        cmocka_unit_test(test_inflation_is_a_greater_variance),
        cmocka_unit_test(test_lower_means_and_greater_variances_promise_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
