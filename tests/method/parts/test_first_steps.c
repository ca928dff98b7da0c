/* The first steps: where each goes, and when there are none. */
#include "method/parts/first_steps.h"

#include "core/fail.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define OK(call) assert_int_equal(call, 0)

static struct space *snapshot_of(struct space *space)
{
    struct space *snapshot;
    OK(space_snapshot(&snapshot, space));
    space_free(space);
    return snapshot;
}

static struct space *reals(size_t d)
{
    struct space *space;
    OK(space_new(&space));
    for (size_t j = 0; j < d; j++) {
        char name[24];
        snprintf(name, sizeof name, "x%zu", j);
        OK(space_add_real(space, name, 0, 1, AFINA_SCALE_LINEAR));
    }
    return space;
}

static int step(const struct space *space, uint64_t asked, const double *rows, const double *losses, size_t told,
                double *x)
{
    struct rng rng;
    rng_start(&rng, 2385, asked, RNG_SUGGEST);
    return first_steps_take(space, asked, rows, losses, told, &rng, x);
}

static void test_each_trial_moves_the_next_coordinate_of_the_best(void **state)
{
    (void)state;
    static const double rows[] = {0.5, 0.5, 0.5, 0.7, 0.5, 0.5}, losses[] = {2.385, 2.3};
    struct space *space = snapshot_of(reals(3));
    double x[3] = {0.5, 0.5, 0.5};
    assert_false(step(space, 0, NULL, NULL, 0, x)); /* the default itself comes first */
    assert_true(step(space, 1, rows, losses, 1, x));
    assert_true(fabs(fabs(x[0] - 0.5) - 0.2) < 1e-15 && x[1] == 0.5 && x[2] == 0.5);
    assert_true(step(space, 2, rows, losses, 2, x));
    assert_true(x[0] == 0.7 && fabs(fabs(x[1] - 0.5) - 0.2) < 1e-15 && x[2] == 0.5);
    assert_false(step(space, 4, rows, losses, 2, x));
    space_release(space);
}

static void test_workers_that_know_no_result_step_from_the_default(void **state)
{
    (void)state;
    struct space *space = snapshot_of(reals(2));
    double x[2] = {0.385, 0.5};
    assert_true(step(space, 2, NULL, NULL, 0, x));
    assert_true(x[0] == 0.385 && fabs(fabs(x[1] - 0.5) - 0.2) < 1e-15);
    space_release(space);
}

/* Thirty-two streams go both ways in the middle, and one way at an edge. */
static void test_a_step_takes_the_side_that_has_room(void **state)
{
    (void)state;
    static const double places[] = {0.05, 0.95, 0.5};
    struct space *space = snapshot_of(reals(1));
    for (size_t k = 0; k < 3; k++) {
        int up = 0;
        for (uint64_t trial = 0; trial < 32; trial++) {
            struct rng rng;
            double x = places[k];
            rng_start(&rng, 2385, trial, RNG_SUGGEST);
            assert_true(first_steps_take(space, 1, NULL, NULL, 0, &rng, &x));
            assert_true(x >= 0 && x <= 1);
            up += x > places[k];
        }
        assert_true(k == 0 ? up == 32 : k == 1 ? up == 0 : up > 4 && up < 28);
    }
    space_release(space);
}

static void test_a_failure_or_no_difference_ends_them(void **state)
{
    (void)state;
    static const double rows[6] = {0.5, 0.5, 0.7, 0.5, 0.5, 0.3};
    static const double failed[] = {2.385, NAN}, infinite[] = {2.385, INFINITY}, equal[] = {2.385, 2.385};
    struct space *space = snapshot_of(reals(2));
    double x[2] = {0.5, 0.5};
    assert_true(step(space, 2, rows, failed, 1, x));
    assert_false(step(space, 2, rows, failed, 2, x));
    assert_false(step(space, 2, rows, infinite, 2, x));
    assert_false(step(space, 2, rows, equal, 2, x));
    space_release(space);
}

static void test_a_parameter_of_one_value_is_passed_over(void **state)
{
    (void)state;
    struct space *space;
    double x[2] = {0.5, 0.5};
    OK(space_new(&space));
    OK(space_add_integer(space, "n", 3, 3, AFINA_SCALE_LINEAR));
    OK(space_add_real(space, "x", 0, 1, AFINA_SCALE_LINEAR));
    space = snapshot_of(space);
    assert_true(first_steps_suit(space));
    assert_true(step(space, 1, NULL, NULL, 0, x));
    assert_true(x[0] == 0.5 && x[1] != 0.5);
    assert_false(step(space, 2, NULL, NULL, 0, x));
    space_release(space);
}

static int suits(struct space *space)
{
    space = snapshot_of(space);
    int suit = first_steps_suit(space);
    space_release(space);
    return suit;
}

static void test_they_suit_up_to_thirty_numbers_without_conditions(void **state)
{
    (void)state;
    static const char *const kinds[] = {"a", "b"};
    assert_true(suits(reals(FIRST_STEPS_MOST)));
    assert_false(suits(reals(FIRST_STEPS_MOST + 1)));
    struct space *space = reals(2);
    OK(space_add_integer(space, "wide", 1, 21, AFINA_SCALE_LINEAR));
    assert_true(suits(space));
    space = reals(2);
    OK(space_add_integer(space, "narrow", 1, 20, AFINA_SCALE_LINEAR));
    assert_false(suits(space));
    space = reals(2);
    OK(space_add_choices(space, "kind", AFINA_KIND_CATEGORICAL, kinds, 2));
    assert_false(suits(space));
    space = reals(2);
    OK(space_add_condition(space, "x1", "x0", AFINA_COMPARE_GREATER, 0.5));
    assert_false(suits(space));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_trial_moves_the_next_coordinate_of_the_best),
        cmocka_unit_test(test_workers_that_know_no_result_step_from_the_default),
        cmocka_unit_test(test_a_step_takes_the_side_that_has_room),
        cmocka_unit_test(test_a_failure_or_no_difference_ends_them),
        cmocka_unit_test(test_a_parameter_of_one_value_is_passed_over),
        cmocka_unit_test(test_they_suit_up_to_thirty_numbers_without_conditions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
