/* tpe through the public API: what it finds on each kind of space, and what it does
 * with failures, running trials and thousands of results. */
#include "support/search_study.h"

static afina_optimizer *square_study(const char *method)
{
    return cube(2, method);
}

static void test_branin_to_a_tenth_in_a_hundred_trials(void **state)
{
    (void)state;
    double tpe = median_of(SEEDS, square_study, "tpe", branin, 100);
    assert_true(tpe < 0.397887358 + 0.1);
    assert_true(median_of(SEEDS, square_study, "random", branin, 100) > 0.397887358 + 0.25);
}

static void test_mixed_conditional_space_beats_random_by_far(void **state)
{
    (void)state;
    double tpe = median_of(SEEDS, small_optimizer, "tpe", small_value, 60);
    double random = median_of(SEEDS, small_optimizer, "random", small_value, 60);
    assert_true(tpe < 0.02);
    assert_true(random > 3 * tpe);
}

/* Twelve categories of six choices; the best of each is another one. */
static afina_optimizer *categories_study(const char *method)
{
    static const char *const choices[] = {"a", "b", "c", "d", "e", "f"};
    afina_space *space;
    afina_optimizer *optimizer;
    OK(afina_space_new(&space));
    for (int j = 0; j < 12; j++) {
        char name[8];
        snprintf(name, sizeof name, "k%d", j);
        OK(afina_space_add_categorical(space, name, choices, 6));
    }
    OK(afina_optimizer_new(&optimizer, space, method));
    afina_space_free(space);
    return optimizer;
}

static double wrong_choices(const afina_point *point)
{
    double wrong = 0;
    for (int j = 0; j < 12; j++) {
        char name[8];
        const char *choice;
        snprintf(name, sizeof name, "k%d", j);
        OK(afina_point_get_string(point, name, &choice));
        wrong += (choice[0] - 'a' + j) % 6 != 3;
    }
    return wrong;
}

static void test_categories_are_learned(void **state)
{
    (void)state;
    double tpe = median_of(SEEDS, categories_study, "tpe", wrong_choices, 150);
    assert_true(tpe <= 3);
    assert_true(median_of(SEEDS, categories_study, "random", wrong_choices, 150) >= tpe + 3);
}

static void test_univariate_finds_a_bowl_too(void **state)
{
    (void)state;
    afina_optimizer *optimizer = small_optimizer("tpe");
    OK(afina_optimizer_set_string(optimizer, "univariate", "yes"));
    run(optimizer, small_value, 80);
    assert_true(best_value(optimizer) < 0.1);
    afina_optimizer_free(optimizer);
}

static void test_options_are_checked(void **state)
{
    (void)state;
    afina_optimizer *optimizer = small_optimizer("tpe");
    FAILS(afina_optimizer_set_real(optimizer, "gamma", 0.75), AFINA_E_RANGE, "0.5");
    FAILS(afina_optimizer_set_integer(optimizer, "candidates", 0), AFINA_E_RANGE, "1");
    FAILS(afina_optimizer_set_string(optimizer, "univariate", "maybe"), AFINA_E_RANGE, "yes");
    FAILS(afina_optimizer_set_real(optimizer, "gama", 0.1), AFINA_E_NAME, "gamma");
    afina_optimizer_free(optimizer);
}

static void test_failures_teach(void **state)
{
    (void)state;
    afina_optimizer *optimizer = cube(2, "tpe");
    run(optimizer, failing, 60);
    int late = 0;
    for (int64_t i = 40; i < 60; i++)
        late += state_of(optimizer, i) == AFINA_FAILED;
    assert_true(best_value(optimizer) < 0.55);
    assert_in_range(late, 0, 8);
    afina_optimizer_free(optimizer);
}

static void test_all_failing_trials_explore_on(void **state)
{
    (void)state;
    afina_optimizer *optimizer = cube(3, "tpe");
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

/* What runs is above: with many workers the points spread. */
static void test_workers_do_not_crowd(void **state)
{
    (void)state;
    enum { WORKERS = 16 };
    afina_optimizer *optimizer = cube(2, "tpe");
    double x[WORKERS][2], nearest = 1;
    run(optimizer, branin, 40);
    for (int i = 0; i < WORKERS; i++) {
        afina_trial *trial;
        OK(afina_ask(optimizer, &trial));
        x[i][0] = real(afina_trial_point(trial), "x0");
        x[i][1] = real(afina_trial_point(trial), "x1");
        for (int k = 0; k < i; k++)
            nearest = fmin(nearest, hypot(x[i][0] - x[k][0], x[i][1] - x[k][1]));
        afina_trial_free(trial);
    }
    assert_true(nearest > 1e-4);
    afina_optimizer_free(optimizer);
}

/* Good points that the host knows are where the first model looks. */
static void test_added_results_are_learned_from(void **state)
{
    (void)state;
    afina_space *line = cube_space(1);
    afina_optimizer *optimizer = cube(1, "tpe");
    OK(afina_optimizer_set_integer(optimizer, "startup", 1));
    add_results(optimizer, line, 40);
    afina_space_free(line);
    int near = 0;
    for (int i = 0; i < 20; i++) {
        afina_trial *trial;
        OK(afina_ask(optimizer, &trial));
        near += fabs(real(afina_trial_point(trial), "x0") - 0.2385) < 0.15;
        afina_trial_free(trial);
    }
    assert_in_range(near, 12, 20);
    afina_optimizer_free(optimizer);
}

static void test_two_thousand_parameters(void **state)
{
    (void)state;
    afina_optimizer *optimizer = cube(2000, "tpe");
    run(optimizer, distance, 15);
    assert_true(isfinite(best_value(optimizer)));
    afina_optimizer_free(optimizer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_branin_to_a_tenth_in_a_hundred_trials),
        cmocka_unit_test(test_mixed_conditional_space_beats_random_by_far),
        cmocka_unit_test(test_categories_are_learned),
        cmocka_unit_test(test_univariate_finds_a_bowl_too),
        cmocka_unit_test(test_options_are_checked),
        cmocka_unit_test(test_failures_teach),
        cmocka_unit_test(test_all_failing_trials_explore_on),
        cmocka_unit_test(test_workers_do_not_crowd),
        cmocka_unit_test(test_added_results_are_learned_from),
        cmocka_unit_test(test_two_thousand_parameters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
