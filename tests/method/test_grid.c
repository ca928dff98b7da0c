/* The grid: everything once, in order or shuffled, however large. */
#include "core/fail.h" /* before cmocka, which has a macro of that name */

#include "space/lattice.h"
#include "support/hand.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct space *new_space(void)
{
    struct space *space;
    assert_int_equal(space_new(&space), 0);
    return space;
}

/* layers 1..3, and units_2, units_3 only when there are so many layers: 4 + 16 +
 * 64 = 84 combinations with units_1. */
static struct space *layered_space(void)
{
    const char *choices[] = {"8", "16", "32", "64"};
    struct space *space = new_space();
    assert_int_equal(space_add_integer(space, "layers", 1, 3, AFINA_SCALE_LINEAR), 0);
    assert_int_equal(space_add_choices(space, "units_1", AFINA_KIND_ORDINAL, choices, 4), 0);
    assert_int_equal(space_add_choices(space, "units_2", AFINA_KIND_ORDINAL, choices, 4), 0);
    assert_int_equal(space_add_choices(space, "units_3", AFINA_KIND_ORDINAL, choices, 4), 0);
    assert_int_equal(space_add_condition(space, "units_2", "layers", AFINA_COMPARE_GREATER_EQUAL, 2), 0);
    assert_int_equal(space_add_condition(space, "units_3", "layers", AFINA_COMPARE_GREATER_EQUAL, 3), 0);
    return space;
}

static struct space *wide_space(size_t d)
{
    struct space *space = new_space();
    for (size_t j = 0; j < d; j++) {
        char name[3] = {'x', (char)('a' + j), 0};
        assert_int_equal(space_add_real(space, name, 0, 1, AFINA_SCALE_LINEAR), 0);
    }
    return space;
}

/* Asks until the end; the number of different points, each of which came once. */
static size_t ask_all(struct hand *hand)
{
    const struct point *point;
    int32_t rc;
    while ((rc = hand_ask(hand, &point)) == 0)
        assert_int_equal(hand->seen.size, hand->size);
    assert_int_equal(rc, AFINA_EXHAUSTED);
    assert_int_equal(hand_ask(hand, &point), AFINA_EXHAUSTED);
    return hand->size;
}

static void test_conditional_grid_has_every_combination_once(void **state)
{
    (void)state;
    const char *orders[] = {"sequential", "shuffled"};
    struct space *space = layered_space();
    for (size_t k = 0; k < 2; k++) {
        struct hand hand;
        hand_start(&hand, "grid", space, 9);
        hand_set_string(&hand, "order", orders[k]);
        assert_int_equal(ask_all(&hand), 84);
        for (size_t i = 0; i < 84; i++) {
            const struct point *p = hand.log[i].point;
            assert_int_equal(p->active[2], p->value[0].integer >= 2);
            assert_int_equal(p->active[3], p->value[0].integer >= 3);
        }
        hand_end(&hand);
    }
    space_free(space);
}

static void test_last_parameter_varies_fastest(void **state)
{
    (void)state;
    const char *choices[] = {"a", "b", "c"};
    struct space *space = new_space();
    struct hand hand;
    assert_int_equal(space_add_integer(space, "k", 5, 6, AFINA_SCALE_LINEAR), 0);
    assert_int_equal(space_add_choices(space, "letter", AFINA_KIND_CATEGORICAL, choices, 3), 0);
    hand_start(&hand, "grid", space, 0);
    for (int64_t i = 0; i < 6; i++) {
        const struct point *p = hand_next(&hand);
        assert_int_equal(p->value[0].integer, 5 + i / 3);
        assert_int_equal(p->value[1].integer, i % 3);
    }
    hand_end(&hand);
    space_free(space);
}

static void test_shuffled_order_is_mixed_and_depends_on_the_seed(void **state)
{
    (void)state;
    struct space *space = new_space();
    assert_int_equal(space_add_integer(space, "k", 0, 99, AFINA_SCALE_LINEAR), 0);
    int64_t values[2][100];
    for (uint64_t seed = 0; seed < 2; seed++) {
        struct hand hand;
        hand_start(&hand, "grid", space, seed);
        hand_set_integer(&hand, "levels", 100);
        hand_set_string(&hand, "order", "shuffled");
        int in_place = 0, low = 0;
        for (int i = 0; i < 100; i++) {
            values[seed][i] = hand_next(&hand)->value[0].integer;
            in_place += values[seed][i] == i;
            low += i < 50 && values[seed][i] < 50;
        }
        assert_in_range(in_place, 0, 5);
        assert_in_range(low, 15, 35);
        hand_end(&hand);
    }
    assert_memory_not_equal(values[0], values[1], sizeof values[0]);
    space_free(space);
}

static void test_levels_are_for_what_has_more_values(void **state)
{
    (void)state;
    const char *letters[] = {"a", "b", "c", "d", "e"};
    struct space *space = new_space();
    struct hand hand;
    assert_int_equal(space_add_real(space, "x", -2.385, 4, AFINA_SCALE_LINEAR), 0);              /* 3 */
    assert_int_equal(space_add_integer(space, "wide", 1, 1000, AFINA_SCALE_LOG), 0);             /* 3 */
    assert_int_equal(space_add_integer(space, "narrow", 1, 2, AFINA_SCALE_LINEAR), 0);           /* 2 */
    assert_int_equal(space_add_choices(space, "letter", AFINA_KIND_CATEGORICAL, letters, 5), 0); /* 5 */
    assert_int_equal(space_add_real(space, "constant", 0.7, 0.7, AFINA_SCALE_LINEAR), 0);        /* 1 */
    hand_start(&hand, "grid", space, 0);
    hand_set_integer(&hand, "levels", 3);
    assert_int_equal(ask_all(&hand), 90);
    for (size_t i = 0; i < 90; i++) {
        const struct point *p = hand.log[i].point;
        assert_true(p->value[0].real >= -2.385 && p->value[0].real <= 4);
        assert_in_range(p->value[1].integer, 1, 1000);
        assert_true(p->value[4].real == 0.7);
    }
    hand_end(&hand);
    space_free(space);
}

static void test_levels_are_evenly_spread_and_hold_both_bounds(void **state)
{
    (void)state;
    struct space *space = new_space();
    struct hand hand;
    assert_int_equal(space_add_real(space, "x", -2.385, 4, AFINA_SCALE_LINEAR), 0);
    assert_int_equal(space_add_real(space, "rate", 1, 1000, AFINA_SCALE_LOG), 0);
    hand_start(&hand, "grid", space, 0);
    hand_set_string(&hand, "levels_of", "x=8,rate=4");
    assert_int_equal(ask_all(&hand), 32);
    for (size_t i = 0; i < 32; i++) {
        const struct point *p = hand.log[i].point;
        assert_true(fabs(p->value[0].real - (-2.385 + 6.385 / 7 * (double)(i / 4))) < 1e-12);
        assert_true(fabs(p->value[1].real / pow(10, (double)(i % 4)) - 1) < 1e-12);
    }
    assert_true(hand.log[0].point->value[0].real == -2.385 && hand.log[31].point->value[0].real == 4);
    hand_end(&hand);
    space_free(space);
}

static void test_unbounded_priors_have_finite_levels(void **state)
{
    (void)state;
    struct space *space = new_space();
    struct hand hand;
    assert_int_equal(space_add_prior(space, "x", AFINA_PRIOR_NORMAL, 1.5, 2, -INFINITY, INFINITY), 0);
    assert_int_equal(space_add_prior(space, "y", AFINA_PRIOR_LOGNORMAL, -1, 2, 0, INFINITY), 0);
    hand_start(&hand, "grid", space, 0);
    hand_set_integer(&hand, "levels", 5);
    assert_int_equal(ask_all(&hand), 25);
    for (size_t i = 0; i < 25; i++)
        assert_true(isfinite(hand.log[i].point->value[0].real) && isfinite(hand.log[i].point->value[1].real));
    hand_end(&hand);
    space_free(space);
}

static void test_single_parameters_may_have_their_own_levels(void **state)
{
    (void)state;
    struct space *space = wide_space(3);
    struct hand hand;
    hand_start(&hand, "grid", space, 0);
    hand_set_integer(&hand, "levels", 4);
    hand_set_string(&hand, "levels_of", "xa=7, xc = 1");
    assert_int_equal(ask_all(&hand), 28);
    hand_end(&hand);
    space_free(space);
}

static int32_t status_of(const char *levels_of)
{
    struct space *space = wide_space(2);
    struct hand hand;
    hand_start(&hand, "grid", space, 0);
    hand_set_string(&hand, "levels_of", levels_of);
    int32_t rc = hand_init(&hand);
    hand_end(&hand);
    space_free(space);
    return rc;
}

static void test_bad_exceptions_are_told_apart(void **state)
{
    (void)state;
    static char endless[3000];
    memset(endless, 'x', sizeof endless - 1);
    assert_int_equal(status_of("xa=5,xb=2"), 0);
    assert_int_equal(status_of("xa=5,"), 0);
    assert_int_equal(status_of("rate=5"), AFINA_E_NAME);
    assert_non_null(strstr(fail_text(), "rate"));
    assert_int_equal(status_of("xa"), AFINA_E_FORMAT);
    assert_string_equal(fail_text(), "option \"levels_of\" of grid must be name=count,..., got \"xa\"");
    assert_int_equal(status_of("xa=,xb=2"), AFINA_E_FORMAT);
    assert_int_equal(status_of("xa=2.5"), AFINA_E_FORMAT);
    assert_int_equal(status_of(",xa=2"), AFINA_E_FORMAT);
    assert_int_equal(status_of("xa=0"), AFINA_E_RANGE);
    assert_int_equal(status_of("xa=-3"), AFINA_E_RANGE);
    assert_int_equal(status_of("xa=99999999999"), AFINA_E_RANGE);
    assert_int_equal(status_of(endless), AFINA_E_RANGE);
}

static void test_resuming_equals_going_on(void **state)
{
    (void)state;
    const char *orders[] = {"sequential", "shuffled"};
    struct space *space = layered_space();
    for (size_t k = 0; k < 2; k++) {
        struct hand whole, resumed;
        hand_start(&whole, "grid", space, 2);
        hand_set_string(&whole, "order", orders[k]);
        ask_all(&whole);
        for (size_t n = 0; n <= 84; n += 12) {
            hand_start(&resumed, "grid", space, 2);
            hand_set_string(&resumed, "order", orders[k]);
            hand_replay(&resumed, &whole, n);
            assert_int_equal(ask_all(&resumed), 84);
            for (size_t i = 0; i < 84; i++)
                assert_true(point_equal(resumed.log[i].point, whole.log[i].point));
            hand_end(&resumed);
        }
        hand_end(&whole);
    }
    space_free(space);
}

/* A grid of 8^20 = 2^60 points answers from its first point on, and its middle
 * and end are as near: nothing of its size is stored. */
static void test_a_grid_of_two_to_the_sixty_costs_nothing(void **state)
{
    (void)state;
    const char *orders[] = {"sequential", "shuffled"};
    struct space *space = wide_space(20);
    for (size_t k = 0; k < 2; k++) {
        struct hand hand;
        hand_start(&hand, "grid", space, 3);
        hand_set_integer(&hand, "levels", 8);
        hand_set_string(&hand, "order", orders[k]);
        for (int i = 0; i < 500; i++)
            hand_next(&hand);
        assert_int_equal(hand.seen.size, 500);
        /* A process that folds a log whose last note is near the end. */
        uint64_t next = (UINT64_C(1) << 60) - 2;
        double note[2] = {(double)(next >> 32), (double)(next & UINT32_MAX)};
        struct observation o = {.kind = OBSERVED_ASKED, .point = hand.log[0].point, .note = note, .note_size = 2};
        assert_int_equal(hand.method->observe(hand.state, &o), 0);
        assert_int_equal(ask_all(&hand), 502);
        hand_end(&hand);
    }
    space_free(space);
}

/* More points than a counter holds: the first 2^64 - 1 are the grid. */
static void test_a_grid_past_all_counting_still_starts(void **state)
{
    (void)state;
    struct space *space = wide_space(26);
    struct hand hand;
    hand_start(&hand, "grid", space, 3);
    hand_set_integer(&hand, "levels", 1000);
    hand_set_string(&hand, "order", "shuffled");
    for (int i = 0; i < 50; i++)
        hand_next(&hand);
    assert_int_equal(hand.seen.size, 50);
    hand_end(&hand);
    space_free(space);
}

static void test_points_seen_before_are_passed_over(void **state)
{
    (void)state;
    struct space *space = layered_space();
    struct hand hand;
    struct lattice *lattice;
    struct point *mine;
    hand_start(&hand, "grid", space, 0);
    assert_int_equal(lattice_new(&lattice, hand.context.space), 0);
    assert_int_equal(point_new(&mine, hand.context.space), 0);
    for (uint64_t rank = 3; rank < 84; rank += 10) {
        lattice_unrank(lattice, rank, mine);
        hand_enqueue(&hand, mine);
    }
    assert_int_equal(ask_all(&hand), 84);
    point_free(mine);
    lattice_free(lattice);
    hand_end(&hand);
    space_free(space);
}

static int32_t is_even(const afina_point *point, void *user)
{
    (void)user;
    return point->point->value[0].integer % 2 == 0;
}

static int32_t is_never(const afina_point *point, void *user)
{
    (void)point;
    ++*(uint64_t *)user;
    return 0;
}

static void test_forbidden_points_are_passed_over(void **state)
{
    (void)state;
    struct space *space = new_space();
    struct hand hand;
    assert_int_equal(space_add_integer(space, "k", 1, 9, AFINA_SCALE_LINEAR), 0);
    hand_start(&hand, "grid", space, 0);
    assert_int_equal(space_set_filter(hand.context.space, is_even, NULL, NULL), 0);
    assert_int_equal(ask_all(&hand), 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(hand.log[i].point->value[0].integer, 2 * (int64_t)i + 2);
        assert_int_equal(hand.attempts, 0);
    }
    hand_end(&hand);
    space_free(space);
}

/* One ask does a bounded amount of work, even when nothing may be asked. */
static void test_a_filter_that_forbids_everything_does_not_hang(void **state)
{
    (void)state;
    struct space *space = wide_space(12);
    struct hand hand;
    const struct point *point;
    uint64_t calls = 0;
    hand_start(&hand, "grid", space, 0);
    assert_int_equal(space_set_filter(hand.context.space, is_never, &calls, NULL), 0);
    assert_int_equal(hand_ask(&hand, &point), AFINA_E_NO_POINT);
    assert_int_equal(calls, 1000000);
    assert_string_equal(fail_text(), "1000000 cells of grid in a row, from number 0 on, are forbidden or seen");
    hand_end(&hand);
    space_free(space);
    space = layered_space();
    hand_start(&hand, "grid", space, 0);
    assert_int_equal(space_set_filter(hand.context.space, is_never, &calls, NULL), 0);
    assert_int_equal(hand_ask(&hand, &point), AFINA_E_NO_POINT);
    hand.context.repeats = 1;
    assert_int_equal(hand_ask(&hand, &point), AFINA_E_NO_POINT);
    hand_end(&hand);
    space_free(space);
}

static void test_choices_of_weight_zero_are_left_out(void **state)
{
    (void)state;
    const char *choices[] = {"a", "b", "c"};
    struct space *space = new_space();
    struct hand hand;
    assert_int_equal(space_add_choices(space, "letter", AFINA_KIND_CATEGORICAL, choices, 3), 0);
    assert_int_equal(space_set_weights(space, "letter", (double[]){1, 0, 3}, 3), 0);
    assert_int_equal(space_add_integer(space, "k", 1, 4, AFINA_SCALE_LINEAR), 0);
    hand_start(&hand, "grid", space, 0);
    assert_int_equal(ask_all(&hand), 8);
    for (size_t i = 0; i < 8; i++)
        assert_int_not_equal(hand.log[i].point->value[0].integer, 1);
    hand_end(&hand);
    space_free(space);
}

/* Every round has every point once; a shuffled one has its own order. */
static void test_with_repeats_the_grid_starts_again(void **state)
{
    (void)state;
    struct space *space = new_space();
    struct hand hand;
    assert_int_equal(space_add_integer(space, "k", 0, 6, AFINA_SCALE_LINEAR), 0);
    hand_start(&hand, "grid", space, 1);
    hand.context.repeats = 1;
    hand_set_string(&hand, "order", "shuffled");
    int64_t rounds[3][7];
    for (int round = 0; round < 3; round++) {
        int hit[7] = {0};
        for (int i = 0; i < 7; i++)
            hit[rounds[round][i] = hand_next(&hand)->value[0].integer]++;
        for (int i = 0; i < 7; i++)
            assert_int_equal(hit[i], 1);
    }
    assert_memory_not_equal(rounds[0], rounds[1], sizeof rounds[0]);
    assert_memory_not_equal(rounds[1], rounds[2], sizeof rounds[1]);
    hand_end(&hand);
    space_free(space);
}

static void test_a_step_is_kept(void **state)
{
    (void)state;
    struct space *space = new_space();
    struct hand hand;
    assert_int_equal(space_add_real(space, "share", 0.1, 0.9, AFINA_SCALE_LINEAR), 0);
    assert_int_equal(space_set_step(space, "share", 0.2), 0);
    assert_int_equal(space_add_integer(space, "units", 16, 128, AFINA_SCALE_LINEAR), 0);
    assert_int_equal(space_set_step(space, "units", 16), 0);
    hand_start(&hand, "grid", space, 0);
    assert_int_equal(ask_all(&hand), 5 * 8);
    for (size_t i = 0; i < 40; i++) {
        assert_true(fabs(hand.log[i].point->value[0].real - (0.1 + 0.2 * (double)(i / 8))) < 1e-12);
        assert_int_equal(hand.log[i].point->value[1].integer, 16 * (1 + (int64_t)i % 8));
    }
    hand_end(&hand);
    space_free(space);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conditional_grid_has_every_combination_once),
        cmocka_unit_test(test_last_parameter_varies_fastest),
        cmocka_unit_test(test_shuffled_order_is_mixed_and_depends_on_the_seed),
        cmocka_unit_test(test_levels_are_for_what_has_more_values),
        cmocka_unit_test(test_levels_are_evenly_spread_and_hold_both_bounds),
        cmocka_unit_test(test_unbounded_priors_have_finite_levels),
        cmocka_unit_test(test_single_parameters_may_have_their_own_levels),
        cmocka_unit_test(test_bad_exceptions_are_told_apart),
        cmocka_unit_test(test_resuming_equals_going_on),
        cmocka_unit_test(test_a_grid_of_two_to_the_sixty_costs_nothing),
        cmocka_unit_test(test_a_grid_past_all_counting_still_starts),
        cmocka_unit_test(test_points_seen_before_are_passed_over),
        cmocka_unit_test(test_forbidden_points_are_passed_over),
        cmocka_unit_test(test_a_filter_that_forbids_everything_does_not_hang),
        cmocka_unit_test(test_choices_of_weight_zero_are_left_out),
        cmocka_unit_test(test_with_repeats_the_grid_starts_again),
        cmocka_unit_test(test_a_step_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
