/* local: its steps on a bare method, and what it finds through the public API. */
#include "support/bare_method.h"
#include "support/search_laws.h"

static void test_a_hundred_trials_beat_random_in_every_kind_of_space(void **state)
{
    (void)state;
    assert_beats_random(five_numbers, "local", distance, 100, 1e-3);
    assert_beats_random(integers, "local", integer_distance, 100, 0.6);
    assert_beats_random(categories, "local", wrong_choices, 100, 2);
    assert_beats_random(small_optimizer, "local", small_value, 100, 0.01);
}

static void start(struct bare *b, size_t d, const char *climb)
{
    bare_open(b, "local", d);
    OK(options_set_string(&b->options, "climb", climb));
    OK(options_set_integer(&b->options, "startup", 1));
    bare_start(b);
}

static void assert_next(struct bare *b, double x)
{
    bare_ask(b);
    if (!(fabs(b->x[0] - x) < 1e-12))
        fail_msg("next is %g, not %g", b->x[0], x);
}

static void tell_last(struct bare *b, double loss)
{
    bare_told(b, b->numbers - 1, loss);
}

static void test_a_step_that_fails_is_turned_and_halved_and_one_that_does_not_doubles(void **state)
{
    (void)state;
    struct bare b;
    start(&b, 1, "first");
    bare_result(&b, (double[]){0.5}, 1);
    assert_next(&b, 0.7);
    tell_last(&b, 2);
    assert_next(&b, 0.4);
    tell_last(&b, NAN);
    assert_next(&b, 0.55);
    tell_last(&b, 0.9);
    assert_next(&b, 0.65);
    tell_last(&b, 0.8);
    assert_next(&b, 0.85);
    tell_last(&b, 0.7);
    assert_next(&b, 0.45); /* 0.85 + 0.4 is outside */
    bare_close(&b);
}

static void test_steps_under_way_are_taken_to_fail(void **state)
{
    (void)state;
    struct bare b;
    start(&b, 1, "first");
    bare_result(&b, (double[]){0.5}, 1);
    assert_next(&b, 0.7);
    assert_next(&b, 0.4);
    assert_next(&b, 0.55);
    bare_told(&b, 2, 2); /* the second of them: what it says changes nothing */
    assert_next(&b, 0.475);
    bare_told(&b, 1, 0.5);
    assert_next(&b, 0.3); /* from 0.7, 0.4 further is outside; -0.4 */
    bare_close(&b);
}

static void test_the_parameter_with_the_fewest_proposals_is_next(void **state)
{
    (void)state;
    struct bare b;
    int asked[4] = {0};
    start(&b, 4, "first");
    bare_result(&b, (double[]){0.5, 0.5, 0.5, 0.5}, 1);
    for (int i = 0; i < 12; i++) {
        bare_ask(&b);
        asked[(int)b.note[0]]++;
        tell_last(&b, 2);
    }
    for (int j = 0; j < 4; j++)
        assert_int_equal(asked[j], 3);
    bare_close(&b);
}

/* 0.2 halved eight times is under 0.001; then three parameters of the end are changed. */
static void test_a_descent_ends_and_another_begins_from_its_end(void **state)
{
    (void)state;
    struct bare b;
    start(&b, 1, "first");
    bare_result(&b, (double[]){0.5}, 1);
    for (int i = 0; i < 8; i++) {
        bare_ask(&b);
        assert_int_equal(b.note_size, 3);
        tell_last(&b, 2);
    }
    bare_ask(&b);
    assert_int_equal(b.note_size, 0);
    double x = b.x[0];
    tell_last(&b, 3); /* worse, and yet where the next descent begins */
    bare_ask(&b);
    assert_int_equal(b.note_size, 3);
    assert_true(fabs(fabs(b.x[0] - x) - 0.2) < 1e-12);
    bare_close(&b);
}

static void test_steepest_goes_to_the_best_of_all_neighbours(void **state)
{
    (void)state;
    struct bare b;
    start(&b, 2, "steepest");
    bare_result(&b, (double[]){0.5, 0.5}, 1);
    double loss[] = {0.9, 0.7, 0.8, 0.95}, best[2] = {0};
    for (int i = 0; i < 4; i++) {
        bare_ask(&b);
        assert_true(fabs(fabs(b.x[0] - 0.5) + fabs(b.x[1] - 0.5) - 0.2) < 1e-12);
        if (i == 1)
            memcpy(best, b.x, sizeof best);
        tell_last(&b, loss[i]);
    }
    bare_ask(&b);
    assert_int_equal((b.x[0] != best[0]) + (b.x[1] != best[1]), 1);
    bare_close(&b);
}

static void test_steepest_halves_all_steps_when_no_neighbour_is_better(void **state)
{
    (void)state;
    struct bare b;
    start(&b, 2, "steepest");
    bare_result(&b, (double[]){0.5, 0.5}, 1);
    for (int i = 0; i < 8; i++) {
        bare_ask(&b);
        double far = fabs(b.x[0] - 0.5) + fabs(b.x[1] - 0.5);
        assert_true(fabs(far - (i < 4 ? 0.2 : 0.1)) < 1e-12);
        tell_last(&b, 1 + i);
    }
    bare_close(&b);
}

/* Three steps, and as many chances to come first, for each of twenty choices of four. */
static void test_categories_are_tried_in_all_ways(void **state)
{
    (void)state;
    for (int seed = 1; seed <= 5; seed++) {
        afina_optimizer *optimizer = categories("local");
        OK(afina_optimizer_set_integer(optimizer, "seed", seed));
        OK(afina_optimizer_set_integer(optimizer, "startup", 1));
        run(optimizer, wrong_choices, 121);
        if (best_value(optimizer) != 0)
            fail_msg("seed %d: %g are wrong", seed, best_value(optimizer));
        afina_optimizer_free(optimizer);
    }
}

static void test_notes_of_others_are_survived(void **state)
{
    (void)state;
    struct bare b;
    start(&b, 1, "first");
    bare_told(&b, bare_asked(&b, (double[]){0.5}, (double[]){1, 0.1, 0}, 3), 2);
    bare_told(&b, bare_asked(&b, (double[]){0.6}, (double[]){0, 1e300, 0}, 3), 1);
    bare_told(&b, bare_asked(&b, (double[]){0.7}, (double[]){0, 0.1, 1e18}, 3), 1);
    bare_suggest(&b);
    assert_true(b.x[0] >= 0 && b.x[0] <= 1);
    bare_close(&b);
}

static void test_options_are_checked(void **state)
{
    (void)state;
    afina_optimizer *optimizer = small_optimizer("local");
    FAILS(afina_optimizer_set_string(optimizer, "climb", "best"), AFINA_E_RANGE, "steepest");
    FAILS(afina_optimizer_set_real(optimizer, "step", 0.6), AFINA_E_RANGE, "0.5");
    FAILS(afina_optimizer_set_real(optimizer, "steps", 0.2), AFINA_E_NAME, "step");
    afina_optimizer_free(optimizer);
}

static void test_failures_added_results_and_workers(void **state)
{
    (void)state;
    assert_failures_teach("local", 0.501, 10);
    assert_explores_where_all_fails("local");
    assert_learns_from_added_results("local", 18);
    assert_takes_any_number_of_workers("local", 1e-4);
    assert_takes_two_thousand_parameters("local");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_hundred_trials_beat_random_in_every_kind_of_space),
        cmocka_unit_test(test_a_step_that_fails_is_turned_and_halved_and_one_that_does_not_doubles),
        cmocka_unit_test(test_steps_under_way_are_taken_to_fail),
        cmocka_unit_test(test_the_parameter_with_the_fewest_proposals_is_next),
        cmocka_unit_test(test_a_descent_ends_and_another_begins_from_its_end),
        cmocka_unit_test(test_steepest_goes_to_the_best_of_all_neighbours),
        cmocka_unit_test(test_steepest_halves_all_steps_when_no_neighbour_is_better),
        cmocka_unit_test(test_categories_are_tried_in_all_ways),
        cmocka_unit_test(test_notes_of_others_are_survived),
        cmocka_unit_test(test_options_are_checked),
        cmocka_unit_test(test_failures_added_results_and_workers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
