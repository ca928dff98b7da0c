/* Steps: a grid anchored at low, that keeps its last value. */
#include "space/space_help.h"

#include <stdlib.h>

static struct space *grid(double low, double high, double step)
{
    struct space *space = new_space();
    assert_ok(space_add_real(space, "x", low, high, AFINA_SCALE_LINEAR));
    assert_ok(space_set_step(space, "x", step));
    return space;
}

static double value_at(const struct space *space, uint64_t k)
{
    return parameter_value_at(&space->parameters[0], k).real;
}

/* F46 */
static void test_step_keeps_last_value(void **state)
{
    (void)state;
    struct space *space = grid(0.8, 1.0, 0.1);
    assert_int_equal(space->parameters[0].cells, 3);
    assert_true(same_bits(value_at(space, 0), 0.8));
    assert_true(same_bits(value_at(space, 1), 0.9));
    assert_true(same_bits(value_at(space, 2), 1.0));
    space_free(space);
}

static void test_decimal_steps_give_the_decimals(void **state)
{
    (void)state;
    struct space *space = grid(0, 1, 0.1);
    assert_true(same_bits(value_at(space, 3), 0.3));
    assert_true(same_bits(value_at(space, 7), 0.7));
    space_free(space);
    space = grid(0.0229, 0.1, 0.001);
    assert_true(same_bits(value_at(space, 1), 0.0239));
    assert_true(same_bits(value_at(space, 77), 0.0999));
    assert_int_equal(space->parameters[0].cells, 78);
    space_free(space);
    space = grid(-0.3, 0.3, 0.1);
    assert_true(same_bits(value_at(space, 3), 0));
    assert_true(same_bits(value_at(space, 4), 0.1));
    space_free(space);
}

/* F46: ten thousand grids as people write them: value k is the double that the
 * decimal reads as, and the count is that of whole numbers. */
static void test_ten_thousand_decimal_grids(void **state)
{
    (void)state;
    struct rng rng;
    rng_start(&rng, 505, 0, RNG_SUGGEST);
    print_message("seed 505\n");
    for (int i = 0; i < 10000; i++) {
        int digits = (int)rng_below(&rng, 7);
        int64_t low = (int64_t)rng_below(&rng, 20001) - 10000, step = 1 + (int64_t)rng_below(&rng, 500);
        int64_t count = 1 + (int64_t)rng_below(&rng, 200), rest = (int64_t)rng_below(&rng, (uint64_t)step);
        char text[64];
        double number[3];
        const int64_t whole[3] = {low, step, low + (count - 1) * step + rest};
        for (int j = 0; j < 3; j++) {
            snprintf(text, sizeof text, "%llde-%d", (long long)whole[j], digits);
            number[j] = strtod(text, NULL);
        }
        struct space *space = grid(number[0], number[2], number[1]);
        assert_int_equal(space->parameters[0].cells, count);
        for (int64_t k = 0; k < count; k += 1 + count / 16) {
            snprintf(text, sizeof text, "%llde-%d", (long long)(low + k * step), digits);
            if (value_at(space, (uint64_t)k) != strtod(text, NULL))
                fail_msg("[%.17g, %.17g] step %.17g: value %lld is %.17g, not %s", number[0], number[2], number[1],
                         (long long)k, value_at(space, (uint64_t)k), text);
        }
        if (rest == 0)
            assert_true(value_at(space, (uint64_t)count - 1) == number[2]);
        space_free(space);
    }
}

/* The end of the range as the host computed it, an ulp beside the sum. */
static void test_the_last_value_is_the_bound_to_the_bit(void **state)
{
    (void)state;
    struct rng rng;
    rng_start(&rng, 544, 0, RNG_SUGGEST);
    print_message("seed 544\n");
    for (int i = 0; i < 2000; i++) {
        double low = rng_normal(&rng), step = rng_uniform(&rng);
        uint64_t last = 1 + rng_below(&rng, 50);
        double high = nextafter(low + (double)last * step, rng_below(&rng, 2) ? 100 : -100);
        struct space *space = grid(low, high, step);
        assert_int_equal(space->parameters[0].last, last);
        assert_true(same_bits(value_at(space, last), high));
        space_free(space);
    }
}

/* F50: the grid is anchored at low, never at 0: 1, 3, 5, 7. */
static void test_grid_is_anchored_at_low(void **state)
{
    (void)state;
    struct space *space = grid(1, 7, 2);
    assert_int_equal(space->parameters[0].cells, 4);
    for (uint64_t k = 0; k < 4; k++)
        assert_true(same_bits(value_at(space, k), 1 + 2 * (double)k));
    space_free(space);
    for (int32_t prior = AFINA_PRIOR_UNIFORM; prior <= AFINA_PRIOR_LOGNORMAL; prior++) {
        space = new_space();
        assert_ok(space_add_integer(space, "n", 1, 8, AFINA_SCALE_LINEAR));
        assert_ok(space_set_step(space, "n", 2));
        assert_ok(space_set_prior(space, "n", prior, prior ? 1 : 0, prior ? 0.5 : 0));
        struct space *snapshot = snapshot_of(space);
        struct point *point = new_point(snapshot);
        struct rng rng;
        rng_start(&rng, 186, 0, RNG_SUGGEST);
        for (int i = 0; i < 500; i++) {
            assert_ok(space_sample(snapshot, &rng, point));
            int64_t v = point->value[0].integer;
            assert_true(v >= 1 && v <= 7 && (v - 1) % 2 == 0);
        }
        point_free(point);
        space_release(snapshot);
        space_free(space);
    }
}

static void test_a_step_wider_than_the_range_leaves_low(void **state)
{
    (void)state;
    struct space *space = grid(0.25, 1, 5);
    assert_int_equal(space->parameters[0].cells, 1);
    assert_true(same_bits(value_at(space, 0), 0.25));
    assert_true(same_bits(parameter_from_unit(&space->parameters[0], 1).real, 0.25));
    space_free(space);
    space = grid(0, 1e-10, 1);
    assert_true(same_bits(value_at(space, 0), 0));
    space_free(space);
}

static void test_a_range_that_ends_between_steps_ends_below(void **state)
{
    (void)state;
    struct space *space = grid(0, 1, 0.3);
    assert_int_equal(space->parameters[0].cells, 4);
    assert_true(same_bits(value_at(space, 3), 0.9));
    struct space *snapshot = snapshot_of(space);
    struct point *point = default_point(snapshot);
    assert_int_equal(point_set_real(snapshot, point, 0, 1), AFINA_E_RANGE);
    assert_error_names("\"x\"");
    assert_ok(point_set_real(snapshot, point, 0, 0.9));
    point_free(point);
    space_release(snapshot);
    space_free(space);
}

/* To 1e-9 of a step a value counts as on the grid, and is moved there. */
static void test_a_value_beside_its_grid_is_moved_onto_it(void **state)
{
    (void)state;
    struct space *space = grid(0, 1, 0.1);
    struct space *snapshot = snapshot_of(space);
    struct point *point = default_point(snapshot);
    assert_ok(point_set_real(snapshot, point, 0, 0.1 + 0.2));
    assert_true(same_bits(point->value[0].real, 0.3));
    assert_int_equal(point_set_real(snapshot, point, 0, 0.3001), AFINA_E_RANGE);
    assert_error_names("0.3001");
    assert_true(same_bits(point->value[0].real, 0.3));
    point_free(point);
    space_release(snapshot);
    space_free(space);
}

static void test_an_integer_between_steps_has_the_index_of_the_nearer(void **state)
{
    (void)state;
    struct parameter p = {.kind = AFINA_KIND_INTEGER, .int_low = -7, .int_high = 9, .int_step = 5};
    static const uint64_t nearest[] = {0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3};
    assert_ok(parameter_prepare(&p));
    assert_int_equal(p.cells, 4);
    for (int64_t v = -7; v <= 9; v++)
        assert_int_equal(parameter_index_of(&p, (union value){.integer = v}), nearest[v + 7]);
    assert_int_equal(parameter_index_of(&p, (union value){.integer = INT64_MIN}), 0);
    assert_int_equal(parameter_index_of(&p, (union value){.integer = INT64_MAX}), 3);
}

static void test_integer_steps_reach_across_zero(void **state)
{
    (void)state;
    struct space *space = new_space();
    assert_ok(space_add_integer(space, "n", INT64_MIN, INT64_MAX, AFINA_SCALE_LINEAR));
    assert_ok(space_set_step(space, "n", 0x1p62));
    const struct parameter *p = &space->parameters[0];
    assert_int_equal(p->cells, 4);
    assert_true(parameter_value_at(p, 0).integer == INT64_MIN);
    assert_true(parameter_value_at(p, 2).integer == 0);
    assert_true(parameter_value_at(p, 3).integer == (int64_t)1 << 62);
    assert_int_equal(parameter_index_of(p, (union value){.integer = INT64_MAX}), 3);
    space_free(space);
}

static void test_a_step_of_0_takes_the_step_away(void **state)
{
    (void)state;
    struct space *space = grid(0, 1, 0.25);
    assert_ok(space_add_integer(space, "n", 1, 10, AFINA_SCALE_LINEAR));
    assert_ok(space_set_step(space, "n", 4));
    assert_int_equal(space->parameters[1].cells, 3);
    assert_ok(space_set_step(space, "x", 0));
    assert_ok(space_set_step(space, "n", 0));
    assert_int_equal(space->parameters[0].cells, 0);
    assert_true(same_bits(space->parameters[0].step, 0));
    assert_int_equal(space->parameters[1].cells, 10);
    space_free(space);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_step_keeps_last_value),
        cmocka_unit_test(test_decimal_steps_give_the_decimals),
        cmocka_unit_test(test_ten_thousand_decimal_grids),
        cmocka_unit_test(test_the_last_value_is_the_bound_to_the_bit),
        cmocka_unit_test(test_an_integer_between_steps_has_the_index_of_the_nearer),
        cmocka_unit_test(test_grid_is_anchored_at_low),
        cmocka_unit_test(test_a_step_wider_than_the_range_leaves_low),
        cmocka_unit_test(test_a_range_that_ends_between_steps_ends_below),
        cmocka_unit_test(test_a_value_beside_its_grid_is_moved_onto_it),
        cmocka_unit_test(test_integer_steps_reach_across_zero),
        cmocka_unit_test(test_a_step_of_0_takes_the_step_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
