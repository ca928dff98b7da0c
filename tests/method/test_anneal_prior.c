/* anneal-prior through the public API: what it finds, and how wide it draws. */
#include "support/search_spaces.h"

static void test_a_hundred_trials_beat_random_in_every_kind_of_space(void **state)
{
    (void)state;
    assert_beats_random(five_numbers, "anneal-prior", distance, 100, 0.03);
    assert_beats_random(integers, "anneal-prior", integer_distance, 100, 1);
    assert_beats_random(categories, "anneal-prior", wrong_choices, 100, 8);
    assert_beats_random(small_optimizer, "anneal-prior", small_value, 100, 0.02);
}

/* With `average` 1 all is drawn around the best of 40 results, in a range of 1 / (1 + 0.1 * 40). */
static void draw_after_forty(double *low, double *high, double best)
{
    afina_space *line = cube_space(1);
    afina_optimizer *optimizer = cube(1, "anneal-prior");
    OK(afina_optimizer_set_real(optimizer, "average", 1));
    for (int i = 0; i < 40; i++) {
        afina_point *point;
        OK(afina_point_new(&point, line));
        OK(afina_point_set_real(point, "x0", i == 7 ? best : 0.5 + i / 100.0));
        double value = i == 7 ? 0 : 1;
        OK(afina_add_trial(optimizer, point, AFINA_STATE_COMPLETE, &value, 1, NULL));
        afina_point_free(point);
    }
    *low = 1;
    *high = 0;
    for (int i = 0; i < 200; i++) {
        afina_trial *trial;
        OK(afina_ask(optimizer, &trial));
        double x = real(afina_trial_point(trial), "x0");
        *low = fmin(*low, x);
        *high = fmax(*high, x);
        afina_trial_free(trial);
    }
    afina_optimizer_free(optimizer);
    afina_space_free(line);
}

static void test_ranges_are_as_wide_as_the_formula_says(void **state)
{
    (void)state;
    double low, high;
    draw_after_forty(&low, &high, 0.4385);
    assert_true(low >= 0.3385 && low < 0.345);
    assert_true(high <= 0.5385 && high > 0.532);
}

static void test_a_range_is_moved_inside_the_bounds(void **state)
{
    (void)state;
    double low, high;
    draw_after_forty(&low, &high, 0.0385);
    assert_true(low < 0.005);
    assert_true(high <= 0.2 && high > 0.195);
}

static double prefers_b(const afina_point *point)
{
    const char *k;
    OK(afina_point_get_string(point, "k", &k));
    return k[0] != 'b';
}

/* After 90 results s = 0.1: a choice of three differs from the best's with probability 0.1 * 2 / 3. */
static void test_a_category_is_kept_with_probability_one_minus_s(void **state)
{
    (void)state;
    afina_optimizer *optimizer = small_optimizer("anneal-prior");
    OK(afina_optimizer_set_real(optimizer, "average", 1));
    OK(afina_optimizer_set_integer(optimizer, "startup", 90));
    run(optimizer, prefers_b, 90);
    double others = 0;
    for (int i = 0; i < 1000; i++) {
        afina_trial *trial;
        OK(afina_ask(optimizer, &trial));
        others += prefers_b(afina_trial_point(trial));
        afina_trial_free(trial);
    }
    assert_true(fabs(others - 1000 * 0.1 * 2 / 3) < 24); /* three deviations */
    afina_optimizer_free(optimizer);
}

static void test_shrink_nothing_is_random_search(void **state)
{
    (void)state;
    afina_optimizer *optimizer = cube(1, "anneal-prior");
    OK(afina_optimizer_set_real(optimizer, "shrink", 0));
    run(optimizer, distance, 200);
    int high = 0;
    for (int64_t i = 100; i < 200; i++)
        high += number_of(optimizer, i, "x0") > 0.75;
    assert_in_range(high, 15, 35);
    afina_optimizer_free(optimizer);
}

static void test_options_are_checked(void **state)
{
    (void)state;
    afina_optimizer *optimizer = small_optimizer("anneal-prior");
    FAILS(afina_optimizer_set_real(optimizer, "average", 0.5), AFINA_E_RANGE, "average");
    FAILS(afina_optimizer_set_real(optimizer, "shrink", -1), AFINA_E_RANGE, "shrink");
    FAILS(afina_optimizer_set_real(optimizer, "averages", 2), AFINA_E_NAME, "average");
    afina_optimizer_free(optimizer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_hundred_trials_beat_random_in_every_kind_of_space),
        cmocka_unit_test(test_ranges_are_as_wide_as_the_formula_says),
        cmocka_unit_test(test_a_range_is_moved_inside_the_bounds),
        cmocka_unit_test(test_a_category_is_kept_with_probability_one_minus_s),
        cmocka_unit_test(test_shrink_nothing_is_random_search),
        cmocka_unit_test(test_options_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
