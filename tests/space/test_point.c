/* Points: values a host sets, what is active, and when two are the same. */
#include "space/space_help.h"

/* optimiser "sgd" switches momentum on, and momentum above 0.5 nesterov. */
static struct space *training_space(void)
{
    static const char *const names[] = {"sgd", "adam"}, *const yes_no[] = {"no", "yes"};
    struct space *space = new_space();
    assert_ok(space_add_choices(space, "nesterov", AFINA_KIND_CATEGORICAL, yes_no, 2));
    assert_ok(space_add_real(space, "momentum", 0, 0.99, AFINA_SCALE_LINEAR));
    assert_ok(space_add_choices(space, "optimiser", AFINA_KIND_CATEGORICAL, names, 2));
    assert_ok(space_set_default_string(space, "nesterov", "yes"));
    assert_ok(space_set_default_string(space, "optimiser", "adam"));
    assert_ok(space_add_condition_in(space, "momentum", "optimiser", names, 1));
    assert_ok(space_add_condition(space, "nesterov", "momentum", AFINA_COMPARE_GREATER, 0.5));
    struct space *snapshot = snapshot_of(space);
    space_free(space);
    return snapshot;
}

static struct space *one_real(double low, double high, double step)
{
    struct space *space = new_space();
    assert_ok(space_add_real(space, "x", low, high, AFINA_SCALE_LINEAR));
    if (step > 0)
        assert_ok(space_set_step(space, "x", step));
    struct space *snapshot = snapshot_of(space);
    space_free(space);
    return snapshot;
}

static void test_values_may_be_set_before_what_activates_them(void **state)
{
    (void)state;
    struct space *space = training_space();
    struct point *point = new_point(space);
    space_defaults(space, point);
    assert_memory_equal(point->active, ((unsigned char[]){0, 0, 1}), 3);
    assert_int_equal(point->value[0].integer, 1); /* its default, seen once it is active */
    assert_ok(point_set_real(space, point, 1, 0.875));
    space_resolve(space, point, 0);
    assert_memory_equal(point->active, ((unsigned char[]){0, 0, 1}), 3);
    assert_ok(point_set_string(space, point, 2, "sgd"));
    space_resolve(space, point, 0);
    assert_memory_equal(point->active, ((unsigned char[]){1, 1, 1}), 3);
    assert_true(same_bits(point->value[1].real, 0.875));
    point_free(point);
    space_release(space);
}

static void test_canonical_points_forget_what_is_inactive(void **state)
{
    (void)state;
    struct space *space = training_space();
    struct point *a = default_point(space), *b = new_point(space);
    space_defaults(space, b);
    assert_false(point_equal(a, b)); /* b remembers the defaults of what is not active */
    assert_ok(point_set_real(space, b, 1, 0.25));
    space_resolve(space, b, 1);
    assert_true(point_equal(a, b));
    assert_true(point_hash(a) == point_hash(b));
    assert_canonical(space, b);
    point_free(a);
    point_free(b);
    space_release(space);
}

static void test_copies_are_apart(void **state)
{
    (void)state;
    struct space *space = training_space();
    struct point *a = default_point(space), *copy, *other = new_point(space);
    assert_ok(point_copy(&copy, a));
    assert_true(point_equal(a, copy));
    assert_ok(point_set_string(space, a, 2, "sgd"));
    space_resolve(space, a, 1);
    assert_false(point_equal(a, copy));
    assert_true(point_hash(a) != point_hash(copy));
    point_assign(other, a);
    assert_true(point_equal(other, a));
    point_assign(a, a);
    assert_true(point_equal(other, a));
    point_free(a);
    assert_int_equal(copy->active[2], 1);
    assert_int_equal(other->active[1], 1);
    point_free(copy);
    point_free(other);
    point_free(NULL);
    space_release(space);
}

/* 0 of an active parameter is not the nothing of an inactive one. */
static void test_an_active_zero_is_a_value(void **state)
{
    (void)state;
    static const char *const choices[] = {"a", "b"};
    struct space *space = new_space();
    assert_ok(space_add_choices(space, "c", AFINA_KIND_CATEGORICAL, choices, 2));
    assert_ok(space_add_integer(space, "n", 0, 3, AFINA_SCALE_LINEAR));
    struct space *snapshot = snapshot_of(space);
    struct point *a = new_point(snapshot), *b = new_point(snapshot);
    a->active[0] = b->active[0] = a->active[1] = 1;
    assert_false(point_equal(a, b));
    assert_true(point_hash(a) != point_hash(b));
    point_free(a);
    point_free(b);
    space_release(snapshot);
    space_free(space);
}

static void test_there_is_one_zero(void **state)
{
    (void)state;
    struct space *space = one_real(-1, 1, 0), *grid = one_real(-0.0, 1, 0.5);
    struct point *a = default_point(space), *b = default_point(space);
    assert_ok(point_set_real(space, a, 0, 0.0));
    assert_ok(point_set_real(space, b, 0, -0.0));
    assert_true(point_equal(a, b));
    assert_ok(point_set_real(grid, a, 0, -0.0));
    assert_true(same_bits(a->value[0].real, 0.0));
    point_free(a);
    point_free(b);
    space_release(space);
    space_release(grid);
}

/* F46: low + k * step, as a host computes it, may end an ulp above high. */
static void test_the_last_step_of_a_host_is_accepted(void **state)
{
    (void)state;
    struct space *space = one_real(0, 0.3, 0.1), *plain = one_real(0, 0.3, 0);
    struct point *point = default_point(space);
    assert_true(0.1 * 3 > 0.3);
    assert_ok(point_set_real(space, point, 0, 0.1 * 3));
    assert_true(same_bits(point->value[0].real, 0.3));
    assert_ok(point_set_real(space, point, 0, -1e-12));
    assert_true(same_bits(point->value[0].real, 0));
    assert_int_equal(point_set_real(space, point, 0, 0.3 + 1e-9), AFINA_E_RANGE);
    assert_string_equal(fail_text(), "parameter \"x\" must be finite and in [0, 0.3], got 0.300000001");
    assert_int_equal(point_set_real(plain, point, 0, 0.1 * 3), AFINA_E_RANGE); /* without a step nothing is rounded */
    assert_true(same_bits(point->value[0].real, 0));
    point_free(point);
    space_release(space);
    space_release(plain);
}

/* An integer is given to a real when the real holds it to the last digit. */
static void test_integers_for_reals_are_exact(void **state)
{
    (void)state;
    struct space *space = one_real(-1e19, 1e19, 0);
    struct point *point = default_point(space);
    static const int64_t good[] = {0, -7, 9007199254740992, 9007199254740994, 12345678901234568, INT64_MIN};
    static const int64_t bad[] = {9007199254740993, -9007199254740993, INT64_MAX, INT64_MAX - 1, INT64_MIN + 1};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_ok(point_set_integer(space, point, 0, good[i]));
        assert_true(same_bits(point->value[0].real, (double)good[i]));
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(point_set_integer(space, point, 0, bad[i]), AFINA_E_RANGE);
    assert_string_equal(fail_text(),
                        "parameter \"x\" is a real, and -9223372036854775807 has more digits than one holds");
    point_free(point);
    space_release(space);
}

/* Reals that are written without a fraction are read as they were. */
static void test_large_whole_reals_come_back_from_json(void **state)
{
    (void)state;
    static const double values[] = {12345678901234568, 9007199254740994, -1e16, 99999999999999984, 1e17, 1e18, -2, 0};
    struct space *space = one_real(-1e19, 1e19, 0);
    struct point *point = default_point(space), *back = default_point(space);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct text text = {0};
        assert_ok(point_set_real(space, point, 0, values[i]));
        assert_ok(point_to_json(space, point, &text));
        if (point_from_json(space, text.data, text.length, back))
            fail_msg("%s: %s", text.data, fail_text());
        assert_true(point_equal(point, back));
        mem_free(text.data);
    }
    point_free(point);
    point_free(back);
    space_release(space);
}

static void test_points_of_another_space_are_told_apart(void **state)
{
    (void)state;
    static const char *const choices[] = {"a", "b"}, *const others[] = {"a", "c"};
    struct space *space[6];
    for (size_t i = 0; i < 6; i++) {
        space[i] = new_space();
        assert_ok(space_add_choices(space[i], "c", AFINA_KIND_ORDINAL, i == 1 ? others : choices, 2));
        assert_ok(space_add_integer(space[i], "n", 1, i == 2 ? 8 : 9, AFINA_SCALE_LINEAR));
        assert_ok(
            space_add_real(space[i], i == 3 ? "rate" : "x", 1, 2.385, i == 5 ? AFINA_SCALE_LOG : AFINA_SCALE_LINEAR));
    }
    assert_ok(space_add_real(space[4], "y", 0, 1, AFINA_SCALE_LINEAR));
    assert_ok(space_check_same(space[0], space[0]));
    assert_ok(space_check_same(space[0], space[5])); /* a scale is no value */
    for (size_t i = 1; i < 5; i++)
        assert_int_equal(space_check_same(space[0], space[i]), AFINA_E_ARGUMENT);
    assert_error_names("4 parameters");
    assert_int_equal(space_check_same(space[0], space[3]), AFINA_E_ARGUMENT);
    assert_error_names("\"rate\"");
    for (size_t i = 0; i < 6; i++)
        space_free(space[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_may_be_set_before_what_activates_them),
        cmocka_unit_test(test_canonical_points_forget_what_is_inactive),
        cmocka_unit_test(test_copies_are_apart),
        cmocka_unit_test(test_an_active_zero_is_a_value),
        cmocka_unit_test(test_there_is_one_zero),
        cmocka_unit_test(test_the_last_step_of_a_host_is_accepted),
        cmocka_unit_test(test_integers_for_reals_are_exact),
        cmocka_unit_test(test_large_whole_reals_come_back_from_json),
        cmocka_unit_test(test_points_of_another_space_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
