/* pso through the public API: the flights by the formula, where it looks when it has gathered,
 * and swarms of every size. What every search does is in contract/test_search.c. */
#include "support/search_study.h"

enum { FLIGHTS = 600 };

static const double w = 0.7213475, c = 1.1931472;

/* Ten results: particles 0 to 4 stand at 0.05, 0.15, 0.25, 0.35, 0.45, and the third is the best. */
static afina_optimizer *line_of_five(int seed)
{
    afina_space *line = cube_space(1);
    afina_optimizer *optimizer = cube(1, "pso");
    OK(afina_optimizer_set_integer(optimizer, "seed", seed));
    add_results(optimizer, line, 10);
    afina_space_free(line);
    return optimizer;
}

/* Asks for a move, and tells it this. */
static double fly(afina_optimizer *optimizer, double loss)
{
    afina_trial *trial;
    OK(afina_ask(optimizer, &trial));
    double x = real(afina_trial_point(trial), "x0");
    OK(afina_tell(optimizer, afina_trial_number(trial), &loss, 1));
    afina_trial_free(trial);
    return x;
}

/* Places in a ball, as shares of its radius: uniform in -1..1. */
static void assert_uniform(const double *share, int count)
{
    double sum = 0, squares = 0;
    for (int i = 0; i < count; i++) {
        assert_true(fabs(share[i]) <= 1 + 1e-12);
        sum += share[i];
        squares += share[i] * share[i];
    }
    assert_true(fabs(sum / count) < 0.08);
    assert_true(fabs(squares / count - 1.0 / 3) < 0.04);
}

/* From rest at its best place: G - x is c (l - x) / 3. */
static void test_the_first_flight_ends_in_the_ball_around_g(void **state)
{
    (void)state;
    double share[FLIGHTS];
    for (int i = 0; i < FLIGHTS; i++) {
        afina_optimizer *optimizer = line_of_five(i);
        double pull = c * (0.25 - 0.05) / 3;
        share[i] = (fly(optimizer, 1) - 0.05 - pull) / pull;
        afina_optimizer_free(optimizer);
    }
    assert_uniform(share, FLIGHTS);
}

/* The first particle again, after the four others: it came from 0.05, which was better. */
static void test_the_second_flight_has_the_velocity_of_the_first(void **state)
{
    (void)state;
    double share[FLIGHTS];
    for (int i = 0; i < FLIGHTS; i++) {
        afina_optimizer *optimizer = line_of_five(i);
        double x = fly(optimizer, 1);
        for (int k = 1; k < 5; k++)
            fly(optimizer, 1);
        double pull = c * (0.05 - x + 0.25 - x) / 3;
        share[i] = (fly(optimizer, 1) - x - w * (x - 0.05) - pull) / fabs(pull);
        afina_optimizer_free(optimizer);
    }
    assert_uniform(share, FLIGHTS);
}

/* Ten results of one category and one integer in 0..10; the first is a and 3, the best b and 4. */
static afina_optimizer *discrete_study(const char *name, int seed)
{
    static const char *const kinds[] = {"a", "b", "c"};
    afina_space *space;
    afina_optimizer *optimizer;
    OK(afina_space_new(&space));
    if (name[0] == 'k')
        OK(afina_space_add_categorical(space, "k", kinds, 3));
    else
        OK(afina_space_add_integer(space, "n", 0, 10, AFINA_SCALE_LINEAR));
    OK(afina_optimizer_new(&optimizer, space, "pso"));
    OK(afina_optimizer_set_integer(optimizer, "seed", seed));
    OK(afina_optimizer_set_integer(optimizer, "repeats", 1));
    for (int i = 0; i < 10; i++) {
        afina_point *point;
        double value = i == 1 ? 0 : i + 1;
        OK(afina_point_new(&point, space));
        if (name[0] == 'k')
            OK(afina_point_set_string(point, "k", i == 1 ? "b" : "a"));
        else
            OK(afina_point_set_integer(point, "n", i == 1 ? 4 : 3));
        OK(afina_add_trial(optimizer, point, AFINA_STATE_COMPLETE, &value, 1, NULL));
        afina_point_free(point);
    }
    afina_space_free(space);
    return optimizer;
}

/* Half of the draws are of the prior where there is one parameter; of the rest b is that of l. */
static void test_categories_are_of_the_particle_or_the_best(void **state)
{
    (void)state;
    int count[3] = {0};
    for (int i = 0; i < FLIGHTS; i++) {
        afina_optimizer *optimizer = discrete_study("k", i);
        afina_trial *trial;
        const char *choice;
        OK(afina_ask(optimizer, &trial));
        OK(afina_point_get_string(afina_trial_point(trial), "k", &choice));
        count[choice[0] - 'a']++;
        afina_trial_free(trial);
        afina_optimizer_free(optimizer);
    }
    assert_in_range(count[0], FLIGHTS * 45 / 100, FLIGHTS * 55 / 100); /* 2/6 + 1/6 */
    assert_in_range(count[1], FLIGHTS * 28 / 100, FLIGHTS * 39 / 100); /* 1/6 + 1/6 */
    assert_in_range(count[2], FLIGHTS * 12 / 100, FLIGHTS * 21 / 100); /* 1/6 */
}

/* The mean move is c / 3 = 0.398 cells, and a move of that length ends as often in the next. */
static void test_integers_fall_into_a_cell_by_chance(void **state)
{
    (void)state;
    int moved = 0;
    for (int i = 0; i < FLIGHTS; i++) {
        afina_optimizer *optimizer = discrete_study("n", i);
        afina_trial *trial;
        int64_t n;
        OK(afina_ask(optimizer, &trial));
        OK(afina_point_get_integer(afina_trial_point(trial), "n", &n));
        assert_in_range(n, 3, 4);
        moved += n == 4;
        afina_trial_free(trial);
        afina_optimizer_free(optimizer);
    }
    assert_in_range(moved, FLIGHTS * 34 / 100, FLIGHTS * 46 / 100);
}

static double slope(const afina_point *point)
{
    return real(point, "x0") + fabs(real(point, "x1") - 1);
}

/* What would leave the range stops at its end. */
static void test_a_corner_is_reached(void **state)
{
    (void)state;
    afina_optimizer *optimizer = cube(2, "pso");
    run(optimizer, slope, 100);
    assert_true(best_value(optimizer) == 0);
    afina_optimizer_free(optimizer);
}

/* In one place there is nothing more to find: it looks elsewhere. */
static void test_it_begins_anew_where_it_has_gathered(void **state)
{
    (void)state;
    assert_begins_anew("pso", 300, 600, 1e-12);
}

static void test_options_are_checked(void **state)
{
    (void)state;
    afina_optimizer *optimizer = small_optimizer("pso");
    FAILS(afina_optimizer_set_integer(optimizer, "swarm", 201), AFINA_E_RANGE, "200");
    FAILS(afina_optimizer_set_integer(optimizer, "particles", 20), AFINA_E_NAME, "swarm");
    afina_optimizer_free(optimizer);
}

static void test_any_swarm_works(void **state)
{
    (void)state;
    static const int64_t sizes[] = {1, 3, 7, 40, 200};
    assert_sizes_work("pso", "swarm", sizes, LENGTH(sizes));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_first_flight_ends_in_the_ball_around_g),
        cmocka_unit_test(test_the_second_flight_has_the_velocity_of_the_first),
        cmocka_unit_test(test_categories_are_of_the_particle_or_the_best),
        cmocka_unit_test(test_integers_fall_into_a_cell_by_chance),
        cmocka_unit_test(test_a_corner_is_reached),
        cmocka_unit_test(test_it_begins_anew_where_it_has_gathered),
        cmocka_unit_test(test_options_are_checked),
        cmocka_unit_test(test_any_swarm_works),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
