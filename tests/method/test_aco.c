/* aco through the public API: the densities it draws from, where it looks when it has
 * gathered, and archives of every size. What every search does is in contract/test_search.c. */
#include "support/search_study.h"

enum { DRAWS = 4000 };

static const char *const kinds[] = {"a", "b", "c"};

/* x0 real in [0, 1], n integer in 0..10, k one of a, b, c. */
static afina_space *drawn_space(void)
{
    afina_space *space = cube_space(1);
    OK(afina_space_add_integer(space, "n", 0, 10, AFINA_SCALE_LINEAR));
    OK(afina_space_add_categorical(space, "k", kinds, 3));
    return space;
}

/* Ten results: x0 = 0.45, 0.46, ..., the first is the best and the only one with b; n is 5 in all. */
static afina_optimizer *drawn_study(void)
{
    afina_space *space = drawn_space();
    afina_optimizer *optimizer;
    OK(afina_optimizer_new(&optimizer, space, "aco"));
    for (int i = 0; i < 10; i++) {
        afina_point *point;
        double value = i;
        OK(afina_point_new(&point, space));
        OK(afina_point_set_real(point, "x0", 0.45 + 0.01 * i));
        OK(afina_point_set_integer(point, "n", 5));
        OK(afina_point_set_string(point, "k", i == 0 ? "b" : "a"));
        OK(afina_add_trial(optimizer, point, AFINA_STATE_COMPLETE, &value, 1, NULL));
        afina_point_free(point);
    }
    afina_space_free(space);
    return optimizer;
}

struct drawn {
    double mean, deviation; /* of x0 */
    int moved;              /* n is not 5 */
    int is_b;
};

static struct drawn draw_many(void)
{
    struct drawn out = {0};
    double sum = 0, squares = 0;
    afina_optimizer *optimizer = drawn_study();
    for (int i = 0; i < DRAWS; i++) {
        afina_trial *trial;
        const char *choice;
        int64_t n;
        OK(afina_ask(optimizer, &trial));
        double x = real(afina_trial_point(trial), "x0");
        OK(afina_point_get_integer(afina_trial_point(trial), "n", &n));
        OK(afina_point_get_string(afina_trial_point(trial), "k", &choice));
        sum += x;
        squares += x * x;
        out.moved += n != 5;
        out.is_b += choice[0] == 'b';
        afina_trial_free(trial);
    }
    afina_optimizer_free(optimizer);
    out.mean = sum / DRAWS;
    out.deviation = sqrt(squares / DRAWS - out.mean * out.mean);
    return out;
}

/* Ranks weigh 1, 0.1353, 0.0003, of a sum of 1.1357. The mean distance of the others to the
 * best is 0.45 / 9, to the second 0.37 / 9, so s is 0.0425 and 0.0349. */
static void test_numbers_are_normal_around_the_guide(void **state)
{
    (void)state;
    struct drawn drawn = draw_many();
    assert_true(fabs(drawn.mean - 0.4512) < 0.003);
    assert_true(fabs(drawn.deviation - 0.0418) < 0.002);
}

/* Where all agree on a cell, s is its width by the root of 12, and half a cell is 1.732 s. */
static void test_a_number_of_one_cell_moves_by_a_twelfth(void **state)
{
    (void)state;
    struct drawn drawn = draw_many();
    assert_in_range(drawn.moved, DRAWS * 65 / 1000, DRAWS * 100 / 1000); /* 0.083 */
}

/* b has the weight 0.8805, and a third of the sixth that is drawn at random. */
static void test_categories_follow_the_weights(void **state)
{
    (void)state;
    struct drawn drawn = draw_many();
    assert_in_range(drawn.is_b, DRAWS * 76 / 100, DRAWS * 82 / 100); /* 0.789 */
}

/* In one place there is nothing more to find: it looks elsewhere. */
static void test_it_begins_anew_where_it_has_gathered(void **state)
{
    (void)state;
    assert_begins_anew("aco", 300, 600, 1e-12);
}

static void test_options_are_checked(void **state)
{
    (void)state;
    afina_optimizer *optimizer = small_optimizer("aco");
    FAILS(afina_optimizer_set_integer(optimizer, "archive", 501), AFINA_E_RANGE, "500");
    FAILS(afina_optimizer_set_real(optimizer, "q", 0), AFINA_E_RANGE, "q");
    FAILS(afina_optimizer_set_real(optimizer, "chi", 1), AFINA_E_NAME, "xi");
    afina_optimizer_free(optimizer);
}

static void test_any_archive_works(void **state)
{
    (void)state;
    static const int64_t sizes[] = {1, 4, 7, 100, 500};
    assert_sizes_work("aco", "archive", sizes, LENGTH(sizes));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_are_normal_around_the_guide),
        cmocka_unit_test(test_a_number_of_one_cell_moves_by_a_twelfth),
        cmocka_unit_test(test_categories_follow_the_weights),
        cmocka_unit_test(test_it_begins_anew_where_it_has_gathered),
        cmocka_unit_test(test_options_are_checked),
        cmocka_unit_test(test_any_archive_works),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
