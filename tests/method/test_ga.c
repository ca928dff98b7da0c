/* ga through the public API: crossover and mutation by their formulas, where it looks when it
 * has gathered, and populations of every size. What every search does is in contract/test_search.c. */
#include "support/search_study.h"

enum { CHILDREN = 4000 };

/* x0 real in [0, 1], n integer in 0..10, k one of a, b, c. */
static afina_space *bred_space(void)
{
    static const char *const kinds[] = {"a", "b", "c"};
    afina_space *space = cube_space(1);
    OK(afina_space_add_integer(space, "n", 0, 10, AFINA_SCALE_LINEAR));
    OK(afina_space_add_categorical(space, "k", kinds, 3));
    return space;
}

static void add_member(afina_optimizer *optimizer, const afina_space *space, double x, const char *k, double value)
{
    afina_point *point;
    OK(afina_point_new(&point, space));
    OK(afina_point_set_real(point, "x0", x));
    OK(afina_point_set_integer(point, "n", 5));
    OK(afina_point_set_string(point, "k", k));
    OK(afina_add_trial(optimizer, point, AFINA_STATE_COMPLETE, &value, 1, NULL));
    afina_point_free(point);
}

/* A population of four whose best two, 0.4 with a and 0.6 with b, are always the parents, in this order. */
static afina_optimizer *bred_study(double crossover, double step)
{
    afina_space *space = bred_space();
    afina_optimizer *optimizer;
    OK(afina_optimizer_new(&optimizer, space, "ga"));
    OK(afina_optimizer_set_integer(optimizer, "population", 4));
    OK(afina_optimizer_set_integer(optimizer, "tournament", 100));
    OK(afina_optimizer_set_real(optimizer, "crossover", crossover));
    OK(afina_optimizer_set_real(optimizer, "step", step));
    OK(afina_optimizer_set_integer(optimizer, "repeats", 1));
    add_member(optimizer, space, 0.4, "a", 1);
    add_member(optimizer, space, 0.6, "b", 2);
    add_member(optimizer, space, 0.9, "c", 3);
    add_member(optimizer, space, 0.1, "c", 4);
    afina_space_free(space);
    return optimizer;
}

struct children {
    double x[CHILDREN];
    int moved;   /* n is not 5 */
    int kind[3]; /* how many are a, b, c */
};

/* Ends the study. */
static void breed(afina_optimizer *optimizer, struct children *out)
{
    *out = (struct children){0};
    for (int i = 0; i < CHILDREN; i++) {
        afina_trial *trial;
        const char *kind;
        int64_t n;
        OK(afina_ask(optimizer, &trial));
        out->x[i] = real(afina_trial_point(trial), "x0");
        OK(afina_point_get_integer(afina_trial_point(trial), "n", &n));
        OK(afina_point_get_string(afina_trial_point(trial), "k", &kind));
        out->moved += n != 5;
        out->kind[kind[0] - 'a']++;
        afina_trial_free(trial);
    }
    afina_optimizer_free(optimizer);
}

/* A half are crossed, half of these above the middle: on the average by the half gap of 0.1 times
 * E[q] = (3/4 + 3/2 (1 - (2 - a)^(2/3))) / a = 1.0994, with a = 2 - 5^-3. */
static void test_crossover_spreads_by_its_index(void **state)
{
    (void)state;
    static struct children children;
    breed(bred_study(1, 1000), &children);
    int above = 0;
    double sum = 0;
    for (int i = 0; i < CHILDREN; i++) {
        above += children.x[i] > 0.5;
        sum += children.x[i] > 0.5 ? children.x[i] - 0.5 : 0;
    }
    assert_in_range(above, CHILDREN * 23 / 100, CHILDREN * 27 / 100);
    assert_true(fabs(sum / above - 0.1099) < 0.006);
}

/* Of the third that moves, the mean square is 2 / (22 * 23), and the range is far. */
static void test_mutation_moves_by_its_index(void **state)
{
    (void)state;
    static struct children children;
    breed(bred_study(0, 20), &children);
    int moved = 0;
    double sum = 0, squares = 0;
    for (int i = 0; i < CHILDREN; i++) {
        double move = children.x[i] - 0.4;
        moved += fabs(move) > 1e-12;
        sum += move;
        squares += move * move;
    }
    assert_in_range(moved, CHILDREN * 31 / 100, CHILDREN * 36 / 100);
    assert_true(fabs(sum / moved) < 0.006);
    assert_true(fabs(squares / moved - 2.0 / (22 * 23)) < 0.0005);
}

/* A third moves, and of a cell w = 1/11 wide a share of (1 - (1 - w)^22) / 22 w = 0.439 leaves. */
static void test_integers_leave_their_cell_by_their_width(void **state)
{
    (void)state;
    static struct children children;
    breed(bred_study(0.9, 20), &children);
    assert_in_range(children.moved, CHILDREN * 131 / 1000, CHILDREN * 162 / 1000); /* 0.1462 */
}

/* a and b by halves, and a third of all by the prior. */
static void test_categories_come_from_either_parent(void **state)
{
    (void)state;
    static struct children children;
    breed(bred_study(1, 20), &children);
    assert_in_range(children.kind[0], CHILDREN * 42 / 100, CHILDREN * 47 / 100); /* 4/9 */
    assert_in_range(children.kind[1], CHILDREN * 42 / 100, CHILDREN * 47 / 100);
    assert_in_range(children.kind[2], CHILDREN * 9 / 100, CHILDREN * 13 / 100); /* 1/9 */
}

/* In one place there is nothing more to find: it looks elsewhere. */
static void test_it_begins_anew_where_it_has_gathered(void **state)
{
    (void)state;
    assert_begins_anew("ga", 500, 1500, 1e-9);
}

static void test_options_are_checked(void **state)
{
    (void)state;
    afina_optimizer *optimizer = small_optimizer("ga");
    FAILS(afina_optimizer_set_integer(optimizer, "population", 501), AFINA_E_RANGE, "500");
    FAILS(afina_optimizer_set_real(optimizer, "crossover", 1.5), AFINA_E_RANGE, "crossover");
    FAILS(afina_optimizer_set_integer(optimizer, "tournaments", 3), AFINA_E_NAME, "tournament");
    afina_optimizer_free(optimizer);
}

static void test_any_population_works(void **state)
{
    (void)state;
    static const int64_t sizes[] = {1, 4, 7, 100, 500};
    assert_sizes_work("ga", "population", sizes, LENGTH(sizes));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_crossover_spreads_by_its_index),
        cmocka_unit_test(test_mutation_moves_by_its_index),
        cmocka_unit_test(test_integers_leave_their_cell_by_their_width),
        cmocka_unit_test(test_categories_come_from_either_parent),
        cmocka_unit_test(test_it_begins_anew_where_it_has_gathered),
        cmocka_unit_test(test_options_are_checked),
        cmocka_unit_test(test_any_population_works),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
