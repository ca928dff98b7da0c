/* tabu: its rounds on a bare method, and what it finds through the public API. */
#include "support/bare_method.h"
#include "support/hand.h"
#include "support/search_spaces.h"

static void test_a_hundred_trials_beat_random_in_every_kind_of_space(void **state)
{
    (void)state;
    assert_beats_random(five_numbers, "tabu", distance, 100, 0.01);
    assert_beats_random(integers, "tabu", integer_distance, 100, 0.6);
    assert_beats_random(categories, "tabu", wrong_choices, 100, 4);
    assert_beats_random(small_optimizer, "tabu", small_value, 100, 0.02);
}

enum { INTENSIFY = 0, DIVERSIFY = 1 };

static void start(struct bare *b, size_t d, double radius, double finest, double ball)
{
    bare_open(b, "tabu", d);
    OK(options_set_integer(&b->options, "startup", 1));
    OK(options_set_real(&b->options, "radius", radius));
    OK(options_set_real(&b->options, "finest", finest));
    OK(options_set_real(&b->options, "ball", ball));
    bare_start(b);
}

static void fail_round(struct bare *b, int size)
{
    for (int i = 0; i < size; i++)
        bare_told(b, bare_ask(b), 9);
}

static void test_neighbours_change_one_parameter_in_turn_within_their_shell(void **state)
{
    (void)state;
    struct bare b;
    int shells[3] = {0};
    start(&b, 3, 0.4, 1e-3, 0.2);
    bare_result(&b, (double[]){0.5, 0.5, 0.5}, 1);
    for (int i = 0; i < 60; i++) {
        bare_ask(&b);
        size_t axis = (size_t)i % 3;
        double r = b.note[1], far = b.x[axis] - 0.5;
        for (size_t j = 0; j < 3; j++)
            assert_true(j == axis || b.x[j] == 0.5);
        assert_true(fabs(far) >= r / 2 - 1e-12 && fabs(far) <= r + 1e-12);
        assert_true((far > 0) == (i / 3 % 2 == 0));
        assert_true(r == 0.4 || r == 0.2 || r == 0.1);
        shells[r == 0.4 ? 0 : r == 0.2 ? 1 : 2]++;
    }
    for (int k = 0; k < 3; k++)
        assert_in_range(shells[k], 10, 30);
    bare_close(&b);
}

/* Of two dimensions a round has four neighbours. */
static void test_a_round_in_vain_halves_the_radius(void **state)
{
    (void)state;
    struct bare b;
    start(&b, 2, 0.01, 1e-3, 0.2);
    bare_result(&b, (double[]){0.5, 0.5}, 1);
    for (double r = 0.01; r >= 1e-3; r /= 2)
        for (int i = 0; i < 4; i++) {
            int64_t number = bare_ask(&b);
            assert_int_equal((int)b.note[2], INTENSIFY);
            assert_true(b.note[1] <= r && b.note[1] >= r / 4);
            bare_told(&b, number, 2);
        }
    bare_ask(&b);
    assert_int_equal((int)b.note[2], DIVERSIFY);
    bare_close(&b);
}

/* Eight values are an eighth of the range apart: after the radii 1/2, 1/4 and 1/8 all neighbours are of
 * the number, and a round has two. */
static void test_a_discrete_parameter_rests_while_the_radius_is_under_its_values(void **state)
{
    (void)state;
    struct space *space;
    struct hand hand;
    double loss = 1;
    size_t asked = 0;
    OK(space_new(&space));
    OK(space_add_integer(space, "i", 0, 7, AFINA_SCALE_LINEAR));
    OK(space_add_real(space, "x", 0, 1, AFINA_SCALE_LINEAR));
    hand_start(&hand, "tabu", space, 2385);
    hand_set_integer(&hand, "startup", 1);
    int64_t start = hand_next(&hand)->value[0].integer;
    for (hand_tell(&hand, 0, &loss);; asked++) {
        const struct point *point = hand_next(&hand);
        const struct hand_entry *last = &hand.log[hand.size - 1];
        if (last->note[2] == DIVERSIFY)
            break;
        assert_true(asked < 12 || point->value[0].integer == start);
        loss++;
        hand_tell(&hand, hand.size - 1, &loss);
    }
    assert_int_equal(asked, 3 * 4 + 6 * 2);
    hand_end(&hand);
    space_free(space);
}

static void test_the_first_better_neighbour_is_moved_to(void **state)
{
    (void)state;
    struct bare b;
    start(&b, 1, 0.4, 1e-3, 0.2);
    bare_result(&b, (double[]){0.5}, 1);
    double round = -1, x;
    int64_t number = bare_ask(&b);
    round = b.note[0];
    x = b.x[0];
    bare_told(&b, number, 0.5);
    bare_ask(&b);
    assert_true(b.note[0] == round + 1);
    assert_true(fabs(b.x[0] - x) <= b.note[1] + 1e-12);
    bare_close(&b);
}

/* One area is searched to its end, of which a box of 0.2 is tabu then. */
static void leave(struct bare *b)
{
    start(b, 2, 0.01, 0.01, 0.2);
    bare_result(b, (double[]){0.5, 0.5}, 1);
    fail_round(b, 4);
}

static int is_in_box(const struct bare *b, double x0, double x1)
{
    return fabs(b->x[0] - x0) <= 0.2 && fabs(b->x[1] - x1) <= 0.2;
}

static void test_what_was_left_is_tabu(void **state)
{
    (void)state;
    struct bare b;
    bare_open(&b, "tabu", 2);
    OK(options_set_integer(&b.options, "startup", 1));
    OK(options_set_real(&b.options, "finest", 0.4));
    bare_start(&b);
    bare_result(&b, (double[]){0.5, 0.5}, 1);
    fail_round(&b, 4); /* the radius is 0.25, under 0.4 */
    for (int i = 0; i < 100; i++) {
        bare_ask(&b);
        assert_int_equal((int)b.note[2], DIVERSIFY);
        assert_false(is_in_box(&b, 0.5, 0.5));
    }
    bare_close(&b);
}

/* A promising area that was not searched yet is next, without another trial there. */
static void test_the_best_promising_area_is_next(void **state)
{
    (void)state;
    struct bare b;
    bare_open(&b, "tabu", 2);
    OK(options_set_integer(&b.options, "startup", 1));
    OK(options_set_real(&b.options, "finest", 0.4));
    bare_start(&b);
    bare_result(&b, (double[]){0.5, 0.5}, 1);
    bare_result(&b, (double[]){0.05, 0.95}, 2);
    bare_result(&b, (double[]){0.95, 0.05}, 3);
    bare_result(&b, (double[]){0.95, 0.95}, 4);
    fail_round(&b, 4); /* around the best */
    fail_round(&b, 4); /* elsewhere */
    bare_ask(&b);
    assert_int_equal((int)b.note[2], INTENSIFY);
    assert_true(b.x[0] == 0.05 || b.x[1] == 0.95);
    bare_close(&b);
}

/* Where all is worse it moves all the same: to the best neighbour of the round. */
static void test_a_diversification_moves_to_the_best_neighbour_though_it_is_worse(void **state)
{
    (void)state;
    struct bare b;
    bare_open(&b, "tabu", 1);
    OK(options_set_integer(&b.options, "startup", 1));
    OK(options_set_real(&b.options, "finest", 0.4));
    OK(options_set_real(&b.options, "ball", 0.01));
    bare_start(&b);
    bare_result(&b, (double[]){0.5}, 1);
    fail_round(&b, 2);
    double x[2], loss[] = {7, 8};
    for (int i = 0; i < 2; i++) {
        int64_t number = bare_ask(&b);
        assert_int_equal((int)b.note[2], DIVERSIFY);
        x[i] = b.x[0];
        bare_told(&b, number, loss[i]);
    }
    bare_ask(&b);
    assert_true(fabs(b.x[0] - x[0]) <= b.note[1] + 1e-12);
    bare_close(&b);
}

/* Aspiration: the best of all is moved to, wherever it comes from. */
static void test_the_best_of_all_ends_a_diversification(void **state)
{
    (void)state;
    struct bare b;
    leave(&b);
    int64_t number = bare_ask(&b);
    assert_int_equal((int)b.note[2], DIVERSIFY);
    bare_told(&b, number, 0.5);
    bare_ask(&b);
    assert_int_equal((int)b.note[2], INTENSIFY);
    bare_result(&b, (double[]){0.1, 0.1}, 0.25);
    bare_ask(&b);
    assert_true(b.x[0] == 0.1 || b.x[1] == 0.1);
    bare_close(&b);
}

static void test_notes_of_others_are_survived(void **state)
{
    (void)state;
    struct bare b;
    start(&b, 1, 0.4, 1e-3, 0.2);
    static const double notes[][3] = {{0, 0, 0}, {-1, 1e300, 7}, {1e300, -1, 0}, {1, -1e300, 0}, {2, 1e300, 0}};
    for (size_t i = 0; i < LENGTH(notes); i++)
        bare_told(&b, bare_asked(&b, (double[]){0.1 * (double)i}, notes[i], 3), 5 - (double)i);
    for (int i = 0; i < 5; i++) {
        int64_t number = bare_ask(&b);
        assert_true(b.x[0] >= 0 && b.x[0] <= 1);
        bare_told(&b, number, 9);
    }
    bare_close(&b);
}

static void test_options_are_checked(void **state)
{
    (void)state;
    afina_optimizer *optimizer = small_optimizer("tabu");
    FAILS(afina_optimizer_set_real(optimizer, "radius", 0.6), AFINA_E_RANGE, "0.5");
    FAILS(afina_optimizer_set_real(optimizer, "ball", -0.1), AFINA_E_RANGE, "ball");
    FAILS(afina_optimizer_set_real(optimizer, "balls", 0.1), AFINA_E_NAME, "ball");
    afina_optimizer_free(optimizer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_hundred_trials_beat_random_in_every_kind_of_space),
        cmocka_unit_test(test_neighbours_change_one_parameter_in_turn_within_their_shell),
        cmocka_unit_test(test_a_round_in_vain_halves_the_radius),
        cmocka_unit_test(test_a_discrete_parameter_rests_while_the_radius_is_under_its_values),
        cmocka_unit_test(test_the_first_better_neighbour_is_moved_to),
        cmocka_unit_test(test_what_was_left_is_tabu),
        cmocka_unit_test(test_the_best_promising_area_is_next),
        cmocka_unit_test(test_a_diversification_moves_to_the_best_neighbour_though_it_is_worse),
        cmocka_unit_test(test_the_best_of_all_ends_a_diversification),
        cmocka_unit_test(test_notes_of_others_are_survived),
        cmocka_unit_test(test_options_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
