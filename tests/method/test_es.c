/* es: the step-size rules by hand, then what either strategy finds through the public API.
 * What every search does is in contract/test_search.c, for the strategy "plus". */
#include "core/fail.h" /* before cmocka, which has a macro of that name */

#include "support/hand.h"
#include "support/search_study.h"

#define NEAR(a, b) assert_true(fabs((a) - (b)) < 1e-12)

/* A strategy of its own in [0, 1]^2, after a design of one trial whose loss is 4. */
static void start_by_hand(struct hand *hand, const char *strategy)
{
    struct space *space;
    const struct point *point;
    assert_int_equal(space_new(&space), 0);
    assert_int_equal(space_add_real(space, "x0", 0, 1, AFINA_SCALE_LINEAR), 0);
    assert_int_equal(space_add_real(space, "x1", 0, 1, AFINA_SCALE_LINEAR), 0);
    hand_start(hand, "es", space, 1);
    space_free(space);
    hand_set_string(hand, "strategy", strategy);
    hand_set_integer(hand, "startup", 1);
    assert_int_equal(hand_ask(hand, &point), AFINA_OK);
    hand_tell(hand, 0, &(double){4});
}

/* Asks a trial; the step size that is in its note. */
static double asked_sigma(struct hand *hand)
{
    hand_next(hand);
    const struct hand_entry *last = &hand->log[hand->size - 1];
    assert_int_equal(last->note_size, 3);
    return last->note[0];
}

/* sigma exp(0.8 / sqrt(3)) after a success, and a fourth of that way back after a failure. */
static void test_the_one_fifth_rule(void **state)
{
    (void)state;
    struct hand hand;
    start_by_hand(&hand, "plus");
    NEAR(asked_sigma(&hand), 0.125);
    hand_tell(&hand, 1, &(double){3});
    NEAR(asked_sigma(&hand), 0.125 * exp(0.8 / sqrt(3)));
    hand_tell(&hand, 2, &(double){3.5});
    NEAR(asked_sigma(&hand), 0.125 * exp(0.6 / sqrt(3)));
    hand_tell(&hand, 3, NULL);
    NEAR(asked_sigma(&hand), 0.125 * exp(0.4 / sqrt(3)));
    hand_end(&hand);
}

/* Five trials of one sigma that fail say no more than one. */
static void test_failures_at_once_count_once(void **state)
{
    (void)state;
    struct hand hand;
    start_by_hand(&hand, "plus");
    for (int i = 0; i < 5; i++)
        NEAR(asked_sigma(&hand), 0.125);
    for (size_t i = 5; i >= 1; i--)
        hand_tell(&hand, i, &(double){5});
    NEAR(asked_sigma(&hand), 0.125 * exp(-0.2 / sqrt(3)));
    hand_end(&hand);
}

/* Four of d = 2: lambda = 4 + floor(3 ln 2) = 6 children, the best alone is the parent. */
static void test_children_inherit_the_step_size_of_the_best(void **state)
{
    (void)state;
    struct hand hand;
    double sigma[7];
    start_by_hand(&hand, "comma");
    for (size_t i = 1; i <= 6; i++) {
        sigma[i] = asked_sigma(&hand);
        assert_true(sigma[i] != 0.125);
        hand_tell(&hand, i, &(double){i == 4 ? 1 : 5});
    }
    double sum = 0;
    for (int i = 0; i < 400; i++)
        sum += log(asked_sigma(&hand)) / 400;
    assert_true(fabs(sum - log(sigma[4])) < 0.1);
    hand_end(&hand);
}

static afina_optimizer *comma(afina_optimizer *optimizer)
{
    OK(afina_optimizer_set_string(optimizer, "strategy", "comma"));
    return optimizer;
}

static afina_optimizer *five_comma(const char *method)
{
    return comma(cube(5, method));
}

static afina_optimizer *small_comma(const char *method)
{
    return comma(small_optimizer(method));
}

static void test_a_bowl_to_the_last_step_size(void **state)
{
    (void)state;
    assert_true(median_best(five_numbers, "es", distance, 500) < 1e-7);
    assert_true(median_best(five_comma, "es", distance, 1000) < 1e-7);
    assert_true(median_best(five_numbers, "random", distance, 1000) > 1e-3);
}

static void test_comma_beats_random_in_a_mixed_conditional_space(void **state)
{
    (void)state;
    double es = median_of(SEEDS, small_comma, "es", small_value, 150);
    double random = median_of(SEEDS, small_optimizer, "random", small_value, 150);
    assert_true(random > 2 * es);
}

/* Six categories of four choices and two integers in 1..60, the best 17 and 42. */
static afina_optimizer *discrete_study(const char *method)
{
    static const char *const choices[] = {"a", "b", "c", "d"};
    afina_space *space;
    afina_optimizer *optimizer;
    OK(afina_space_new(&space));
    for (int k = 0; k < 6; k++)
        OK(afina_space_add_categorical(space, (const char[]){'k', (char)('0' + k), 0}, choices, 4));
    OK(afina_space_add_integer(space, "n0", 1, 60, AFINA_SCALE_LINEAR));
    OK(afina_space_add_integer(space, "n1", 1, 60, AFINA_SCALE_LINEAR));
    OK(afina_optimizer_new(&optimizer, space, method));
    afina_space_free(space);
    return optimizer;
}

static double discrete_value(const afina_point *point)
{
    double sum = 0;
    int64_t a, b;
    for (int k = 0; k < 6; k++) {
        const char *choice;
        OK(afina_point_get_string(point, (const char[]){'k', (char)('0' + k), 0}, &choice));
        sum += (choice[0] - 'a' + k) % 4;
    }
    OK(afina_point_get_integer(point, "n0", &a));
    OK(afina_point_get_integer(point, "n1", &b));
    return sum + 0.1 * fabs((double)(a - 17)) + 0.1 * fabs((double)(b - 42));
}

static void test_categories_and_integers_are_found(void **state)
{
    (void)state;
    double es = median_best(discrete_study, "es", discrete_value, 300);
    double random = median_best(discrete_study, "random", discrete_value, 300);
    assert_true(es <= 0.2);
    assert_true(random > 2);
}

static void test_options_are_checked(void **state)
{
    (void)state;
    afina_optimizer *optimizer = small_optimizer("es");
    FAILS(afina_optimizer_set_integer(optimizer, "population", 501), AFINA_E_RANGE, "500");
    FAILS(afina_optimizer_set_string(optimizer, "strategy", "minus"), AFINA_E_RANGE, "comma");
    FAILS(afina_optimizer_set_string(optimizer, "strategi", "plus"), AFINA_E_NAME, "strategy");
    afina_optimizer_free(optimizer);
}

static void test_any_population_works(void **state)
{
    (void)state;
    static const int64_t sizes[] = {1, 4, 7, 100, 500};
    for (size_t i = 0; i < LENGTH(sizes); i++) {
        afina_optimizer *optimizer = comma(two_numbers("es"));
        OK(afina_optimizer_set_integer(optimizer, "population", sizes[i]));
        run(optimizer, distance, 150);
        if (!(best_value(optimizer) < 0.02))
            fail_msg("population %d: %g", (int)sizes[i], best_value(optimizer));
        afina_optimizer_free(optimizer);
    }
}

/* Two valleys, the deeper one narrow: a search that ended in the other begins elsewhere. */
static double two_valleys(const afina_point *point)
{
    double x = real(point, "x0"), y = real(point, "x1");
    double wide = (x - 0.7) * (x - 0.7) + (y - 0.7) * (y - 0.7);
    double narrow = 4 * ((x - 0.2) * (x - 0.2) + (y - 0.2) * (y - 0.2)) - 0.1;
    return fmin(wide, narrow);
}

static void test_a_search_that_ended_begins_elsewhere(void **state)
{
    (void)state;
    assert_true(median_best(two_numbers, "es", two_valleys, 3000) < -0.0999);
    afina_optimizer *optimizer = two_numbers("es");
    run(optimizer, distance, 1000);
    double far = 0;
    for (int64_t i = 300; i < 1000; i++)
        far = fmax(far, fabs(number_of(optimizer, i, "x0") - 0.2385));
    assert_true(far > 0.5);
    afina_optimizer_free(optimizer);
}

/* The optimum is at the edge of what fails. */
static void test_failures_teach_comma(void **state)
{
    (void)state;
    afina_optimizer *optimizer = comma(cube(2, "es"));
    run(optimizer, failing, 200);
    assert_true(best_value(optimizer) < 0.501);
    afina_optimizer_free(optimizer);
}

static void test_comma_takes_any_number_of_workers(void **state)
{
    (void)state;
    afina_optimizer *optimizer = comma(cube(3, "es"));
    run_at_once(optimizer, distance, 100, 10);
    assert_true(best_value(optimizer) < 1e-3);
    afina_optimizer_free(optimizer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_one_fifth_rule),
        cmocka_unit_test(test_failures_at_once_count_once),
        cmocka_unit_test(test_children_inherit_the_step_size_of_the_best),
        cmocka_unit_test(test_a_bowl_to_the_last_step_size),
        cmocka_unit_test(test_comma_beats_random_in_a_mixed_conditional_space),
        cmocka_unit_test(test_categories_and_integers_are_found),
        cmocka_unit_test(test_options_are_checked),
        cmocka_unit_test(test_any_population_works),
        cmocka_unit_test(test_a_search_that_ended_begins_elsewhere),
        cmocka_unit_test(test_failures_teach_comma),
        cmocka_unit_test(test_comma_takes_any_number_of_workers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
