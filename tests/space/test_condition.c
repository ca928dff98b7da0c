/* Conditions: when a parameter is active, and which conditions are refused. */
#include "space/space_help.h"

static const char *const methods[] = {"sgd", "adam", "bfgs"};
static const char *const sizes[] = {"128", "32", "64"};

static struct space *network_space(void)
{
    struct space *space = new_space();
    assert_ok(space_add_real(space, "momentum", 0.5, 0.99, AFINA_SCALE_LINEAR));
    assert_ok(space_add_choices(space, "method", AFINA_KIND_CATEGORICAL, methods, 3));
    assert_ok(space_add_integer(space, "layers", 1, 4, AFINA_SCALE_LINEAR));
    assert_ok(space_add_choices(space, "batch", AFINA_KIND_ORDINAL, sizes, 3));
    assert_ok(space_add_real(space, "warmup", 0, 1, AFINA_SCALE_LINEAR));
    return space;
}

static int is_active(const struct space *snapshot, const struct point *point, const char *name)
{
    size_t i;
    assert_ok(space_find(snapshot, name, &i));
    return point->active[i];
}

static void set_choice(const struct space *snapshot, struct point *point, const char *name, const char *value)
{
    size_t i;
    assert_ok(space_find(snapshot, name, &i));
    assert_ok(point_set_string(snapshot, point, i, value));
    space_resolve(snapshot, point, 0);
}

static void set_integer(const struct space *snapshot, struct point *point, const char *name, int64_t value)
{
    size_t i;
    assert_ok(space_find(snapshot, name, &i));
    assert_ok(point_set_integer(snapshot, point, i, value));
    space_resolve(snapshot, point, 0);
}

static void test_a_set_of_choices(void **state)
{
    (void)state;
    struct space *space = network_space();
    const char *const wanted[] = {"bfgs", "sgd", "bfgs"};
    assert_ok(space_add_condition_in(space, "momentum", "method", wanted, 3));
    assert_int_equal(space->parameters[0].conditions[0].n_members, 2);
    struct space *snapshot = snapshot_of(space);
    struct point *point = default_point(snapshot);
    assert_true(is_active(snapshot, point, "momentum"));
    set_choice(snapshot, point, "method", "adam");
    assert_false(is_active(snapshot, point, "momentum"));
    set_choice(snapshot, point, "method", "bfgs");
    assert_true(is_active(snapshot, point, "momentum"));
    point_free(point);
    space_release(snapshot);
    space_free(space);
}

static void test_a_set_of_integers(void **state)
{
    (void)state;
    struct space *space = network_space();
    const char *const wanted[] = {"2", "4"};
    assert_ok(space_add_condition_in(space, "momentum", "layers", wanted, 2));
    struct space *snapshot = snapshot_of(space);
    struct point *point = default_point(snapshot);
    for (int64_t n = 1; n <= 4; n++) {
        set_integer(snapshot, point, "layers", n);
        assert_int_equal(is_active(snapshot, point, "momentum"), n % 2 == 0);
    }
    point_free(point);
    space_release(snapshot);
    space_free(space);
}

/* Of the numbers that the choices spell, not of their order. */
static void test_an_ordinal_compares_by_its_number(void **state)
{
    (void)state;
    struct space *space = network_space();
    assert_ok(space_add_condition(space, "warmup", "batch", AFINA_COMPARE_GREATER_EQUAL, 64));
    struct space *snapshot = snapshot_of(space);
    struct point *point = default_point(snapshot);
    set_choice(snapshot, point, "batch", "128");
    assert_true(is_active(snapshot, point, "warmup"));
    set_choice(snapshot, point, "batch", "32");
    assert_false(is_active(snapshot, point, "warmup"));
    set_choice(snapshot, point, "batch", "64");
    assert_true(is_active(snapshot, point, "warmup"));
    point_free(point);
    space_release(snapshot);
    space_free(space);
}

static void test_every_comparison(void **state)
{
    (void)state;
    static const int answers[6][3] = {{0, 1, 0}, {1, 0, 1}, {1, 0, 0}, {1, 1, 0}, {0, 0, 1}, {0, 1, 1}};
    for (int32_t comparison = AFINA_COMPARE_EQUAL; comparison <= AFINA_COMPARE_GREATER_EQUAL; comparison++) {
        struct parameter real = {.kind = AFINA_KIND_REAL}, integer = {.kind = AFINA_KIND_INTEGER};
        struct condition c = {.comparison = comparison, .number = 3};
        for (int i = 0; i < 3; i++) {
            assert_int_equal(condition_holds(&c, &real, (union value){.real = 2 + i}), answers[comparison][i]);
            assert_int_equal(condition_holds(&c, &integer, (union value){.integer = 2 + i}), answers[comparison][i]);
        }
    }
}

/* 2^53 + 1 is no double, and 2^63 no int64_t. */
static void test_integers_compare_exactly(void **state)
{
    (void)state;
    struct parameter p = {.kind = AFINA_KIND_INTEGER};
    struct condition equal = {.comparison = AFINA_COMPARE_EQUAL, .number = 0x1p53};
    struct condition less = {.comparison = AFINA_COMPARE_LESS, .number = 0x1p63};
    struct condition greater = {.comparison = AFINA_COMPARE_GREATER, .number = -INFINITY};
    struct condition half = {.comparison = AFINA_COMPARE_GREATER, .number = -2.5};
    assert_true(condition_holds(&equal, &p, (union value){.integer = (int64_t)1 << 53}));
    assert_false(condition_holds(&equal, &p, (union value){.integer = ((int64_t)1 << 53) + 1}));
    assert_true(condition_holds(&less, &p, (union value){.integer = INT64_MAX}));
    assert_true(condition_holds(&greater, &p, (union value){.integer = INT64_MIN}));
    assert_true(condition_holds(&half, &p, (union value){.integer = -2}));
    assert_false(condition_holds(&half, &p, (union value){.integer = -3}));
    half.comparison = AFINA_COMPARE_LESS;
    assert_true(condition_holds(&half, &p, (union value){.integer = -3}));
    assert_false(condition_holds(&half, &p, (union value){.integer = -2}));
}

static void test_all_conditions_must_hold_and_the_parent_be_active(void **state)
{
    (void)state;
    struct space *space = network_space();
    assert_ok(space_add_condition(space, "batch", "layers", AFINA_COMPARE_GREATER, 1));
    assert_ok(space_add_condition(space, "warmup", "batch", AFINA_COMPARE_GREATER, 32));
    assert_ok(space_add_condition_in(space, "warmup", "method", methods, 2));
    struct space *snapshot = snapshot_of(space);
    struct point *point = default_point(snapshot);
    set_integer(snapshot, point, "layers", 2);
    set_choice(snapshot, point, "batch", "64");
    assert_true(is_active(snapshot, point, "warmup"));
    set_choice(snapshot, point, "method", "bfgs");
    assert_false(is_active(snapshot, point, "warmup"));
    set_choice(snapshot, point, "method", "adam");
    set_integer(snapshot, point, "layers", 1);
    assert_false(is_active(snapshot, point, "batch"));
    assert_false(is_active(snapshot, point, "warmup"));
    point_free(point);
    space_release(snapshot);
    space_free(space);
}

static void test_cycles_are_refused_with_their_names(void **state)
{
    (void)state;
    struct space *space = network_space();
    assert_ok(space_add_condition_in(space, "momentum", "method", methods, 1));
    assert_ok(space_add_condition(space, "layers", "momentum", AFINA_COMPARE_GREATER, 0.9));
    char *before = json_of(space);
    assert_int_equal(space_add_condition(space, "method", "layers", AFINA_COMPARE_GREATER, 1), AFINA_E_SPACE);
    assert_error_names("method");
    assert_error_names("layers");
    assert_error_names("momentum");
    assert_int_equal(space_add_condition(space, "momentum", "layers", AFINA_COMPARE_GREATER, 1), AFINA_E_SPACE);
    assert_int_equal(space_add_condition(space, "batch", "batch", AFINA_COMPARE_GREATER, 32), AFINA_E_SPACE);
    assert_error_names("batch");
    char *after = json_of(space);
    assert_string_equal(before, after);
    mem_free(before);
    mem_free(after);
    space_free(space);
}

static void test_a_cycle_of_ten_thousand_is_found(void **state)
{
    (void)state;
    char name[16], parent[16] = "";
    struct space *space = new_space();
    for (int i = 0; i < SPACE_MAX_PARAMETERS; i++) {
        snprintf(name, sizeof name, "n%d", i);
        assert_ok(space_add_integer(space, name, 0, 9, AFINA_SCALE_LINEAR));
        if (i > 0)
            assert_ok(space_add_condition(space, name, parent, AFINA_COMPARE_LESS, 5));
        memcpy(parent, name, sizeof parent);
    }
    assert_int_equal(space_add_condition(space, "n0", parent, AFINA_COMPARE_LESS, 5), AFINA_E_SPACE);
    assert_error_names("n0");
    struct space *snapshot = snapshot_of(space);
    struct point *point = default_point(snapshot);
    assert_true(point->active[0]);
    point_free(point);
    space_release(snapshot);
    space_free(space);
}

/* Fifty rungs of two, each needing both of the rung below: 2^50 paths, which
 * nobody walks. */
static void test_a_ladder_of_conditions_is_walked_once(void **state)
{
    (void)state;
    enum { RUNGS = 50 };
    char name[2][16], below[2][16];
    struct space *space = new_space();
    for (int rung = 0; rung < RUNGS; rung++) {
        for (int side = 0; side < 2; side++) {
            snprintf(name[side], sizeof name[side], "r%d %d", rung, side);
            assert_ok(space_add_integer(space, name[side], 0, 1, AFINA_SCALE_LINEAR));
            for (int k = 0; k < 2 && rung > 0; k++)
                assert_ok(space_add_condition(space, name[side], below[k], AFINA_COMPARE_EQUAL, 1));
        }
        memcpy(below, name, sizeof below);
    }
    assert_int_equal(space_add_condition(space, "r0 0", below[1], AFINA_COMPARE_EQUAL, 1), AFINA_E_SPACE);
    space_free(space);
}

static void test_bad_conditions_are_refused(void **state)
{
    (void)state;
    struct space *space = network_space();
    const char *const unknown[] = {"adam", "adamw"};
    const char *const word[] = {"two"};
    const char *const outside[] = {"5"};
    char *before = json_of(space);
    assert_int_equal(space_add_condition_in(space, "momentum", "metod", methods, 1), AFINA_E_NAME);
    assert_error_names("\"method\"");
    assert_int_equal(space_add_condition_in(space, "momentun", "method", methods, 1), AFINA_E_NAME);
    assert_int_equal(space_add_condition_in(space, "momentum", "method", unknown, 2), AFINA_E_RANGE);
    assert_error_names("adamw");
    assert_int_equal(space_add_condition_in(space, "momentum", "method", methods, 0), AFINA_E_ARGUMENT);
    assert_int_equal(space_add_condition_in(space, "momentum", "warmup", methods, 1), AFINA_E_TYPE);
    assert_int_equal(space_add_condition_in(space, "momentum", "layers", word, 1), AFINA_E_TYPE);
    assert_error_names("two");
    assert_int_equal(space_add_condition_in(space, "momentum", "layers", outside, 1), AFINA_E_RANGE);
    assert_error_names("[1, 4]");
    assert_int_equal(space_add_condition(space, "momentum", "method", AFINA_COMPARE_EQUAL, 1), AFINA_E_TYPE);
    assert_int_equal(space_add_condition(space, "momentum", "layers", AFINA_COMPARE_EQUAL, NAN), AFINA_E_RANGE);
    assert_int_equal(space_add_condition(space, "momentum", "layers", 6, 1), AFINA_E_RANGE);
    assert_int_equal(space_add_condition(space, "momentum", "layers", SPACE_IN, 1), AFINA_E_RANGE);
    char *after = json_of(space);
    assert_string_equal(before, after);
    mem_free(before);
    mem_free(after);
    space_free(space);
}

/* A parent may be added after its child; order puts it before. */
static void test_parents_come_before_children(void **state)
{
    (void)state;
    struct rng rng;
    rng_start(&rng, 264, 0, RNG_SUGGEST);
    for (int i = 0; i < 200; i++) {
        struct space *space = random_space(&rng, 12, 2);
        struct space *snapshot = snapshot_of(space);
        unsigned char seen[12] = {0};
        for (size_t at = 0; at < 12; at++) {
            const struct parameter *p = &snapshot->parameters[snapshot->order[at]];
            for (size_t c = 0; c < p->n_conditions; c++)
                assert_true(seen[p->conditions[c].parent]);
            assert_false(seen[snapshot->order[at]]);
            seen[snapshot->order[at]] = 1;
        }
        space_release(snapshot);
        space_free(space);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_set_of_choices),
        cmocka_unit_test(test_a_set_of_integers),
        cmocka_unit_test(test_an_ordinal_compares_by_its_number),
        cmocka_unit_test(test_every_comparison),
        cmocka_unit_test(test_integers_compare_exactly),
        cmocka_unit_test(test_all_conditions_must_hold_and_the_parent_be_active),
        cmocka_unit_test(test_cycles_are_refused_with_their_names),
        cmocka_unit_test(test_a_cycle_of_ten_thousand_is_found),
        cmocka_unit_test(test_a_ladder_of_conditions_is_walked_once),
        cmocka_unit_test(test_bad_conditions_are_refused),
        cmocka_unit_test(test_parents_come_before_children),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
