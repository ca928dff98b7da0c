/* cmaes through the public API: what it finds in spaces of every kind, and populations of
 * every size. What every search does is in contract/test_search.c. */
#include "support/search_study.h"

static void test_a_bowl_to_six_digits_in_a_thousand_trials(void **state)
{
    (void)state;
    assert_true(median_best(five_numbers, "cmaes", distance, 1000) < 1e-12);
    assert_true(median_best(five_numbers, "random", distance, 1000) > 1e-3);
}

/* Rosenbrock's function on [-2, 2]^5. */
static double banana(const afina_point *point)
{
    static const char *const names[] = {"x0", "x1", "x2", "x3", "x4"};
    double sum = 0, x = 4 * real(point, names[0]) - 2;
    for (size_t j = 1; j < LENGTH(names); j++) {
        double y = 4 * real(point, names[j]) - 2;
        sum += 100 * (y - x * x) * (y - x * x) + (1 - x) * (1 - x);
        x = y;
    }
    return sum;
}

static void test_a_bent_valley_is_followed(void **state)
{
    (void)state;
    assert_true(median_best(five_numbers, "cmaes", banana, 3000) < 1e-9);
    assert_true(median_best(five_numbers, "random", banana, 3000) > 10);
}

/* n0, n1, n2 in 1..60, the best at 17, 42, 3. */
static afina_optimizer *integer_study(const char *method)
{
    afina_space *space;
    afina_optimizer *optimizer;
    OK(afina_space_new(&space));
    OK(afina_space_add_integer(space, "n0", 1, 60, AFINA_SCALE_LINEAR));
    OK(afina_space_add_integer(space, "n1", 1, 60, AFINA_SCALE_LINEAR));
    OK(afina_space_add_integer(space, "n2", 1, 60, AFINA_SCALE_LOG));
    OK(afina_optimizer_new(&optimizer, space, method));
    afina_space_free(space);
    return optimizer;
}

static double integer_value(const afina_point *point)
{
    int64_t a, b, c;
    OK(afina_point_get_integer(point, "n0", &a));
    OK(afina_point_get_integer(point, "n1", &b));
    OK(afina_point_get_integer(point, "n2", &c));
    return (double)((a - 17) * (a - 17) + (b - 42) * (b - 42) + 4 * (c - 3) * (c - 3));
}

/* Of 216,000 points the very best: deviations do not fall below what changes a value. */
static void test_integers_are_found_to_the_last(void **state)
{
    (void)state;
    assert_true(median_best(integer_study, "cmaes", integer_value, 300) == 0);
    assert_true(median_best(integer_study, "random", integer_value, 300) > 4);
}

/* Eight categories of four choices; each choice costs its index, turned by the parameter's. */
static afina_optimizer *category_study(const char *method)
{
    static const char *const choices[] = {"a", "b", "c", "d"};
    afina_space *space;
    afina_optimizer *optimizer;
    OK(afina_space_new(&space));
    for (int k = 0; k < 8; k++)
        OK(afina_space_add_categorical(space, (const char[]){'k', (char)('0' + k), 0}, choices, 4));
    OK(afina_optimizer_new(&optimizer, space, method));
    afina_space_free(space);
    return optimizer;
}

static double category_value(const afina_point *point)
{
    double sum = 0;
    for (int k = 0; k < 8; k++) {
        const char *choice;
        OK(afina_point_get_string(point, (const char[]){'k', (char)('0' + k), 0}, &choice));
        sum += (choice[0] - 'a' + k) % 4;
    }
    return sum;
}

static void test_categories_are_learned(void **state)
{
    (void)state;
    assert_true(median_best(category_study, "cmaes", category_value, 200) == 0);
    assert_true(median_best(category_study, "random", category_value, 200) >= 3);
}

/* Twenty-five valleys; the deepest is at 0.2385 in either coordinate. */
static double rugged(const afina_point *point)
{
    const double pi = 3.14159265358979323846;
    double a = 5 * (real(point, "x0") - 0.2385), b = 5 * (real(point, "x1") - 0.2385);
    return 20 + a * a + b * b - 10 * cos(2 * pi * a) - 10 * cos(2 * pi * b);
}

static double restarted_median(const char *restarts)
{
    int seeds = getenv("AFINA_TEST_QUICK") ? 3 : SEEDS;
    double value[SEEDS];
    for (int seed = 0; seed < seeds; seed++) {
        afina_optimizer *optimizer = two_numbers("cmaes");
        OK(afina_optimizer_set_integer(optimizer, "seed", seed + 1));
        OK(afina_optimizer_set_string(optimizer, "restarts", restarts));
        run(optimizer, rugged, 4000);
        value[seed] = best_value(optimizer);
        afina_optimizer_free(optimizer);
    }
    qsort(value, (size_t)seeds, sizeof *value, by_value);
    return value[seeds / 2];
}

static void test_restarts_find_the_deepest_valley(void **state)
{
    (void)state;
    assert_true(restarted_median("bipop") < 1e-9);
    assert_true(restarted_median("ipop") < 1e-3);
}

static void test_options_are_checked(void **state)
{
    (void)state;
    afina_optimizer *optimizer = small_optimizer("cmaes");
    FAILS(afina_optimizer_set_integer(optimizer, "population", 641), AFINA_E_RANGE, "640");
    FAILS(afina_optimizer_set_real(optimizer, "sigma", 0), AFINA_E_RANGE, "1e-06");
    FAILS(afina_optimizer_set_string(optimizer, "restarts", "none"), AFINA_E_RANGE, "bipop");
    FAILS(afina_optimizer_set_integer(optimizer, "populations", 20), AFINA_E_NAME, "population");
    afina_optimizer_free(optimizer);
}

static void test_any_population_works(void **state)
{
    (void)state;
    static const int64_t sizes[] = {1, 4, 7, 100, 640};
    assert_sizes_work("cmaes", "population", sizes, LENGTH(sizes));
}

static double spread_of(afina_optimizer *optimizer, int64_t from, int64_t to)
{
    double low = 1, high = 0;
    for (int64_t i = from; i < to; i++) {
        double x = number_of(optimizer, i, "x1");
        low = fmin(low, x);
        high = fmax(high, x);
    }
    return high - low;
}

static double constant(const afina_point *point)
{
    (void)point;
    return 2.385;
}

/* A density that learns nothing grows, and at last begins elsewhere. */
static void test_a_constant_objective_is_searched_widely(void **state)
{
    (void)state;
    afina_optimizer *optimizer = two_numbers("cmaes");
    run(optimizer, constant, 400);
    assert_true(spread_of(optimizer, 300, 400) > 0.8);
    afina_optimizer_free(optimizer);
}

/* Two valleys. The host knows the deeper one when the search is in the other. */
static double two_valleys(const afina_point *point)
{
    double x = real(point, "x0");
    return x < 0.9 ? (x - 0.3) * (x - 0.3) : 10 * (x - 0.95) * (x - 0.95) - 0.01;
}

static void test_a_better_point_of_the_host_draws_the_density(void **state)
{
    (void)state;
    afina_optimizer *optimizer = cube(1, "cmaes");
    afina_space *line = cube_space(1);
    OK(afina_optimizer_set_integer(optimizer, "seed", 3));
    run(optimizer, two_valleys, 30);
    for (int i = 0; i < 12; i++) {
        afina_point *point;
        OK(afina_point_new(&point, line));
        OK(afina_point_set_real(point, "x0", 0.935 + 0.001 * i));
        OK(afina_enqueue(optimizer, point));
        afina_point_free(point);
        run(optimizer, two_valleys, 6);
    }
    run(optimizer, two_valleys, 60);
    assert_true(number_of(optimizer, 155, "x0") > 0.9);
    afina_space_free(line);
    afina_optimizer_free(optimizer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_bowl_to_six_digits_in_a_thousand_trials),
        cmocka_unit_test(test_a_bent_valley_is_followed),
        cmocka_unit_test(test_integers_are_found_to_the_last),
        cmocka_unit_test(test_categories_are_learned),
        cmocka_unit_test(test_restarts_find_the_deepest_valley),
        cmocka_unit_test(test_options_are_checked),
        cmocka_unit_test(test_any_population_works),
        cmocka_unit_test(test_a_constant_objective_is_searched_widely),
        cmocka_unit_test(test_a_better_point_of_the_host_draws_the_density),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
