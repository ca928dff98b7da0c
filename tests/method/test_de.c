/* de through the public API: what it finds, and what it does with failures, hosts
 * and populations of every size. */
#include "support/search_study.h"

static afina_optimizer *five_study(const char *method)
{
    return cube(5, method);
}

static void test_a_bowl_to_a_millionth_in_a_thousand_trials(void **state)
{
    (void)state;
    assert_true(median_of(SEEDS, five_study, "de", distance, 1000) < 1e-6);
    assert_true(median_of(SEEDS, five_study, "random", distance, 1000) > 1e-3);
}

static void test_mixed_conditional_space_beats_random_by_far(void **state)
{
    (void)state;
    double de = median_of(SEEDS, small_optimizer, "de", small_value, 150);
    double random = median_of(SEEDS, small_optimizer, "random", small_value, 150);
    assert_true(de < 2e-3);
    assert_true(random > 4 * de);
}

/* A valley that is oblique to the axes, where steps must learn its direction. */
static double valley(const afina_point *point)
{
    double a = real(point, "x0") - 0.385, b = real(point, "x1") - 0.615;
    return 1000 * (a - b) * (a - b) + a * a;
}

static afina_optimizer *square_study(const char *method)
{
    return cube(2, method);
}

static void test_an_oblique_valley_is_followed(void **state)
{
    (void)state;
    assert_true(median_of(SEEDS, square_study, "de", valley, 500) < 1e-6);
}

static void test_options_are_checked(void **state)
{
    (void)state;
    afina_optimizer *optimizer = small_optimizer("de");
    FAILS(afina_optimizer_set_integer(optimizer, "population", 501), AFINA_E_RANGE, "500");
    FAILS(afina_optimizer_set_integer(optimizer, "populations", 20), AFINA_E_NAME, "population");
    afina_optimizer_free(optimizer);
}

static void test_any_population_works(void **state)
{
    (void)state;
    static const int64_t sizes[] = {1, 4, 7, 100, 500};
    for (size_t i = 0; i < LENGTH(sizes); i++) {
        afina_optimizer *optimizer = square_study("de");
        OK(afina_optimizer_set_integer(optimizer, "population", sizes[i]));
        run(optimizer, distance, 150);
        if (!(best_value(optimizer) < 0.02))
            fail_msg("population %d: %g", (int)sizes[i], best_value(optimizer));
        afina_optimizer_free(optimizer);
    }
}

/* The optimum is at the edge of what fails; far beyond it nothing is tried any more. */
static void test_failures_teach(void **state)
{
    (void)state;
    afina_optimizer *optimizer = cube(2, "de");
    run(optimizer, failing, 200);
    int beyond = 0;
    for (int64_t i = 150; i < 200; i++)
        beyond += number_of(optimizer, i, "x0") > 0.75;
    assert_true(best_value(optimizer) < 0.501);
    assert_in_range(beyond, 0, 4);
    afina_optimizer_free(optimizer);
}

static void test_all_failing_trials_explore_on(void **state)
{
    (void)state;
    afina_optimizer *optimizer = cube(3, "de");
    run(optimizer, always_failing, 60);
    double low = 1, high = 0;
    for (int64_t i = 0; i < 60; i++) {
        double x = number_of(optimizer, i, "x1");
        low = fmin(low, x);
        high = fmax(high, x);
    }
    assert_true(low < 0.1 && high > 0.9);
    afina_optimizer_free(optimizer);
}

/* What the host knows takes the place of the worst members. */
static void test_added_results_are_learned_from(void **state)
{
    (void)state;
    afina_space *line = cube_space(1);
    afina_optimizer *optimizer = cube(1, "de");
    add_results(optimizer, line, 40);
    afina_space_free(line);
    int near = 0;
    for (int i = 0; i < 20; i++) {
        afina_trial *trial;
        OK(afina_ask(optimizer, &trial));
        near += fabs(real(afina_trial_point(trial), "x0") - 0.2385) < 0.3;
        afina_trial_free(trial);
    }
    assert_in_range(near, 16, 20);
    afina_optimizer_free(optimizer);
}

/* A hundred trials run at once, and the last asked ends first. */
static void test_any_number_of_workers(void **state)
{
    (void)state;
    enum { WORKERS = 100 };
    afina_optimizer *optimizer = cube(3, "de");
    for (int round = 0; round < 10; round++) {
        afina_trial *trials[WORKERS];
        for (int i = 0; i < WORKERS; i++)
            OK(afina_ask(optimizer, &trials[i]));
        for (int i = WORKERS - 1; i >= 0; i--) {
            double value = distance(afina_trial_point(trials[i]));
            OK(afina_tell(optimizer, afina_trial_number(trials[i]), &value, 1));
            afina_trial_free(trials[i]);
        }
    }
    assert_true(best_value(optimizer) < 1e-2);
    afina_optimizer_free(optimizer);
}

static void test_two_thousand_parameters(void **state)
{
    (void)state;
    afina_optimizer *optimizer = cube(2000, "de");
    run(optimizer, distance, 15);
    assert_true(isfinite(best_value(optimizer)));
    afina_optimizer_free(optimizer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_bowl_to_a_millionth_in_a_thousand_trials),
        cmocka_unit_test(test_mixed_conditional_space_beats_random_by_far),
        cmocka_unit_test(test_an_oblique_valley_is_followed),
        cmocka_unit_test(test_options_are_checked),
        cmocka_unit_test(test_any_population_works),
        cmocka_unit_test(test_failures_teach),
        cmocka_unit_test(test_all_failing_trials_explore_on),
        cmocka_unit_test(test_added_results_are_learned_from),
        cmocka_unit_test(test_any_number_of_workers),
        cmocka_unit_test(test_two_thousand_parameters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
