/* gp through the public API: what it finds, and the data that broke others. What every search
 * does is in contract/test_search.c. */
#include "support/search_study.h"

#include <float.h>

/* ------------------------------------------------------------------ what it finds */

static void test_branin_to_a_thousandth_in_forty_trials(void **state)
{
    (void)state;
    assert_true(median_best(two_numbers, "gp", branin, 40) < 0.397887358 + 1e-3);
}

static double sphere(const afina_point *point)
{
    static const char *const names[] = {"x0", "x1", "x2", "x3", "x4"};
    double sum = 0;
    for (size_t j = 0; j < LENGTH(names); j++) {
        double delta = real(point, names[j]) - 0.385;
        sum += delta * delta;
    }
    return sum;
}

static afina_optimizer *five_numbers_without_refinement(const char *method)
{
    afina_optimizer *optimizer = cube(5, method);
    OK(afina_optimizer_set_string(optimizer, "refinement", "none"));
    return optimizer;
}

static void test_refinement_takes_a_sphere_in_five_dimensions_to_1e_8(void **state)
{
    (void)state;
    double with = median_best(five_numbers, "gp", sphere, 60);
    double without = median_best(five_numbers_without_refinement, "gp", sphere, 60);
    if (!(with < 1e-8 && without > 100 * with))
        fail_msg("with refinement %g, without %g", with, without);
}

static double tiny_sphere(const afina_point *point)
{
    return 1e-9 * sphere(point);
}

static void test_refinement_does_not_depend_on_the_unit_of_the_loss(void **state)
{
    (void)state;
    assert_true(median_best(five_numbers, "gp", tiny_sphere, 60) < 1e-17);
}

static void test_every_acquisition_kernel_and_transform_finds_a_bowl(void **state)
{
    (void)state;
    static const char *const settings[][2] = {
        {"acquisition", "logei"},   {"acquisition", "ei"},    {"acquisition", "pi"},  {"acquisition", "lcb"},
        {"kernel", "matern32"},     {"kernel", "rbf"},        {"noise", "none"},      {"transform", "none"},
        {"structure", "joint"},     {"structure", "learned"}, {"refinement", "none"}, {"refinement", "auto"},
        {"conditions", "additive"}, {"conditions", "chosen"},
    };
    for (size_t i = 0; i < LENGTH(settings); i++) {
        afina_optimizer *optimizer = small_optimizer("gp");
        OK(afina_optimizer_set_string(optimizer, settings[i][0], settings[i][1]));
        run(optimizer, small_value, 30);
        if (!(best_value(optimizer) < 0.1))
            fail_msg("%s = %s: %g", settings[i][0], settings[i][1], best_value(optimizer));
        afina_optimizer_free(optimizer);
    }
}

static void test_options_are_checked(void **state)
{
    (void)state;
    afina_optimizer *optimizer = small_optimizer("gp");
    FAILS(afina_optimizer_set_string(optimizer, "kernel", "matern"), AFINA_E_RANGE, "matern52");
    FAILS(afina_optimizer_set_string(optimizer, "structure", "additive"), AFINA_E_RANGE, "learned");
    FAILS(afina_optimizer_set_string(optimizer, "structure", "additive"), AFINA_E_RANGE, "joint");
    FAILS(afina_optimizer_set_string(optimizer, "conditions", "imputing"), AFINA_E_RANGE, "imputed");
    FAILS(afina_optimizer_set_string(optimizer, "refinement", "always"), AFINA_E_RANGE, "auto");
    FAILS(afina_optimizer_set_string(optimizer, "refinement", "always"), AFINA_E_RANGE, "none");
    FAILS(afina_optimizer_set_integer(optimizer, "candidates", 3), AFINA_E_RANGE, "32");
    FAILS(afina_optimizer_set_integer(optimizer, "startups", 3), AFINA_E_NAME, "startup");
    afina_optimizer_free(optimizer);
}

static void go_on_from_the_log(const char *conditions)
{
    afina_optimizer *one = small_optimizer("gp"), *other;
    OK(afina_optimizer_set_string(one, "conditions", conditions));
    run(one, small_value, 17);
    char *text = log_of(one);
    OK(afina_optimizer_from_log(&other, text, strlen(text)));
    free(text);
    run(one, small_value, 33);
    run(other, small_value, 33);
    for (int64_t i = 0; i < 50; i++) {
        afina_trial *a, *b;
        OK(afina_trial_get(one, i, &a));
        OK(afina_trial_get(other, i, &b));
        assert_true(real(afina_trial_point(a), "x") == real(afina_trial_point(b), "x"));
        afina_trial_free(a);
        afina_trial_free(b);
    }
    int64_t number;
    OK(afina_optimizer_replay(one, &number));
    assert_int_equal(number, -1);
    afina_optimizer_free(one);
    afina_optimizer_free(other);
}

static void test_a_study_read_from_its_log_goes_on_with_the_same_bits(void **state)
{
    (void)state;
    go_on_from_the_log("imputed");
    go_on_from_the_log("additive");
    go_on_from_the_log("chosen");
}

/* ------------------------------------------------------------- failure stories */

static int turn;

static double odd_numbers(const afina_point *point)
{
    static const double odd[] = {NAN, INFINITY, -INFINITY, 1e308, -1e308, 5e-324, -5e-324, DBL_MAX, 0, 2.385};
    (void)point;
    return odd[turn++ % (int)LENGTH(odd)];
}

static void test_any_number_may_be_told(void **state)
{
    (void)state;
    turn = 0;
    afina_optimizer *optimizer = small_optimizer("gp");
    run(optimizer, odd_numbers, 60);
    afina_optimizer_free(optimizer);
}

static double constant(const afina_point *point)
{
    (void)point;
    return 2.385;
}

static double two_values(const afina_point *point)
{
    return real(point, "x0") < 0.25 ? 1e308 : -1e308;
}

static double only_failures(const afina_point *point)
{
    (void)point;
    return NAN;
}

static void test_constant_two_valued_and_failing_objectives(void **state)
{
    (void)state;
    static const loss_function losses[] = {constant, two_values, only_failures};
    for (size_t k = 0; k < LENGTH(losses); k++) {
        afina_optimizer *optimizer = cube(2, "gp");
        run(optimizer, losses[k], 50);
        afina_optimizer_free(optimizer);
    }
}

static void test_a_hundred_results_for_one_point(void **state)
{
    (void)state;
    for (int different = 0; different < 2; different++) {
        afina_optimizer *optimizer = small_optimizer("gp");
        afina_space *space = small_space();
        afina_point *point;
        OK(afina_point_new(&point, space));
        for (int i = 0; i < 100; i++) {
            double value = different ? sin(i) : 0.385;
            OK(afina_add_trial(optimizer, point, AFINA_STATE_COMPLETE, &value, 1, NULL));
        }
        run(optimizer, small_value, 10);
        afina_point_free(point);
        afina_space_free(space);
        afina_optimizer_free(optimizer);
    }
}

static double coordinate(const afina_point *point, int j)
{
    char name[8];
    snprintf(name, sizeof name, "x%d", j);
    return real(point, name);
}

static double squared(double x)
{
    return x * x;
}

/* Constant but for a ball of a fourteenth of the box. */
static double plateau(const afina_point *point)
{
    static const double center[] = {0.68, 0.58, 0.19, 0.43};
    double sum = 0;
    for (int j = 0; j < 4; j++)
        sum += squared((coordinate(point, j) - center[j]) / 0.35);
    return fmin(1, sum);
}

static afina_optimizer *four_numbers(const char *method)
{
    return cube(4, method);
}

/* Equal results made the fit sure that all is equal, and the trials went to the corners. */
static void test_a_plateau_is_searched_all_over_until_two_results_differ(void **state)
{
    (void)state;
    assert_true(median_best(four_numbers, "gp", plateau, 80) < 0.05);
}

/* Its least value 0 lies beside a wall of failures, and the default point behind it. */
static double walled(const afina_point *point)
{
    static const double least[] = {0.2, 0.6, 0.35, 0.5};
    double sum = 0, x0 = real(point, "x0");
    for (int j = 0; j < 4; j++)
        sum += squared(coordinate(point, j) - least[j]);
    return x0 > 0.22 && x0 < 0.47 ? NAN : sum * (1 + real(point, "x1"));
}

/* Failures counted as the worst results: the hill around them hid the optimum beside them. */
static void test_an_optimum_beside_a_wall_of_failures_is_found(void **state)
{
    (void)state;
    double best = median_best(four_numbers, "gp", walled, 100);
    if (!(best < 1e-3))
        fail_msg("%g", best);
}

/* Constant on each of 6^4 cells. */
static double rounded(const afina_point *point)
{
    static const double least[] = {0.31, 0.68, 0.19, 0.43};
    double sum = 0;
    for (int j = 0; j < 4; j++)
        sum += (1 + 0.385 * j) * squared((floor(6 * coordinate(point, j)) + 0.5) / 6 - least[j]);
    return sum;
}

/* Trials with a value that none had before. */
static void test_flat_cells_are_left(void **state)
{
    (void)state;
    enum { TRIALS = 60 };
    int distinct = 0;
    for (int64_t seed = 1; seed <= 5; seed++) {
        afina_optimizer *optimizer = four_numbers("gp");
        double value[TRIALS];
        OK(afina_optimizer_set_integer(optimizer, "seed", seed));
        run(optimizer, rounded, TRIALS);
        for (int64_t i = 0; i < TRIALS; i++) {
            int is_new = 1;
            value[i] = value_of(optimizer, i);
            for (int64_t k = 0; k < i; k++)
                is_new &= value[k] != value[i];
            distinct += is_new;
        }
        afina_optimizer_free(optimizer);
    }
    if (!(distinct > 160))
        fail_msg("%d of 300 values are new", distinct);
}

static double identity(const afina_point *point)
{
    return real(point, "x0");
}

static double far_corner(const afina_point *point)
{
    return -real(point, "x0") - 2 * real(point, "x1") - 0.5 * real(point, "x2");
}

static void test_a_line_a_constant_and_a_corner(void **state)
{
    (void)state;
    afina_optimizer *optimizer = cube(1, "gp");
    run(optimizer, identity, 15);
    assert_true(best_value(optimizer) < 1e-6);
    afina_optimizer_free(optimizer);
    optimizer = cube(1, "gp");
    run(optimizer, constant, 15);
    afina_optimizer_free(optimizer);
    optimizer = cube(3, "gp");
    run(optimizer, far_corner, 25);
    assert_true(best_value(optimizer) < -3.4999);
    afina_optimizer_free(optimizer);
}

static double many_inputs(const afina_point *point)
{
    double sum = 0;
    for (int j = 0; j < 40; j++)
        sum += squared(coordinate(point, j) - 0.385);
    return sum;
}

static void test_forty_dimensions_and_duplicates_of_results(void **state)
{
    (void)state;
    afina_optimizer *optimizer = cube(40, "gp");
    run(optimizer, many_inputs, 60);
    assert_true(best_value(optimizer) < 0.5); /* the default point gives 0.529 */
    afina_optimizer_free(optimizer);
}

static void test_rounding_never_repeats_while_a_point_is_left(void **state)
{
    (void)state;
    afina_space *space;
    afina_optimizer *optimizer;
    OK(afina_space_new(&space));
    OK(afina_space_add_integer(space, "n", 1, 6, AFINA_SCALE_LOG));
    OK(afina_space_add_real(space, "x", 0, 1, AFINA_SCALE_LINEAR));
    OK(afina_space_set_step(space, "x", 0.2));
    OK(afina_optimizer_new(&optimizer, space, "gp"));
    int seen[6][6] = {{0}}, count = 0;
    afina_trial *trial;
    int32_t rc;
    while ((rc = afina_ask(optimizer, &trial)) == AFINA_OK) {
        int64_t n;
        double x = real(afina_trial_point(trial), "x"), value = (x - 0.385) * (x - 0.385);
        OK(afina_point_get_integer(afina_trial_point(trial), "n", &n));
        int *times = &seen[n - 1][(int)lround(5 * x)];
        assert_int_equal((*times)++, 0);
        value += (double)n;
        OK(afina_tell(optimizer, afina_trial_number(trial), &value, 1));
        afina_trial_free(trial);
        count++;
    }
    assert_int_equal(rc, AFINA_EXHAUSTED);
    assert_int_equal(count, 36);
    afina_optimizer_free(optimizer);
    afina_space_free(space);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_branin_to_a_thousandth_in_forty_trials),
        cmocka_unit_test(test_refinement_takes_a_sphere_in_five_dimensions_to_1e_8),
        cmocka_unit_test(test_refinement_does_not_depend_on_the_unit_of_the_loss),
        cmocka_unit_test(test_every_acquisition_kernel_and_transform_finds_a_bowl),
        cmocka_unit_test(test_options_are_checked),
        cmocka_unit_test(test_a_study_read_from_its_log_goes_on_with_the_same_bits),
        cmocka_unit_test(test_any_number_may_be_told),
        cmocka_unit_test(test_constant_two_valued_and_failing_objectives),
        cmocka_unit_test(test_a_hundred_results_for_one_point),
        cmocka_unit_test(test_a_plateau_is_searched_all_over_until_two_results_differ),
        cmocka_unit_test(test_an_optimum_beside_a_wall_of_failures_is_found),
        cmocka_unit_test(test_flat_cells_are_left),
        cmocka_unit_test(test_a_line_a_constant_and_a_corner),
        cmocka_unit_test(test_forty_dimensions_and_duplicates_of_results),
        cmocka_unit_test(test_rounding_never_repeats_while_a_point_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
