/* Changes in any order: what was said before still holds, or the change is
 * refused and nothing is changed; and every space that was built can be written
 * and read. */
#include "space/space_help.h"

static void assert_round_trip(const struct space *space)
{
    char *json = json_of(space), *again;
    struct space *back;
    if (space_from_json(&back, json, strlen(json)))
        fail_msg("%s: %s", json, fail_text());
    again = json_of(back);
    assert_string_equal(json, again);
    space_free(back);
    mem_free(json);
    mem_free(again);
}

static void test_a_step_keeps_what_conditions_ask_for(void **state)
{
    (void)state;
    static const char *const asked[] = {"4", "7"};
    struct space *space = new_space();
    assert_ok(space_add_integer(space, "layers", 1, 10, AFINA_SCALE_LINEAR));
    assert_ok(space_add_real(space, "rate", 0, 1, AFINA_SCALE_LINEAR));
    assert_ok(space_add_condition_in(space, "rate", "layers", asked, 2));
    char *before = json_of(space);
    assert_int_equal(space_set_step(space, "layers", 2), AFINA_E_RANGE);
    assert_string_equal(fail_text(),
                        "parameter \"layers\": a step of 2 leaves out 4, which a condition of \"rate\" needs");
    char *after = json_of(space);
    assert_string_equal(before, after);
    assert_ok(space_set_step(space, "layers", 3));
    assert_round_trip(space);
    mem_free(before);
    mem_free(after);
    space_free(space);
}

static void test_a_step_keeps_the_default(void **state)
{
    (void)state;
    struct space *space = new_space();
    assert_ok(space_add_integer(space, "n", 1, 10, AFINA_SCALE_LINEAR));
    assert_ok(space_add_real(space, "x", 0, 1, AFINA_SCALE_LINEAR));
    assert_ok(space_set_default_integer(space, "n", 4));
    assert_ok(space_set_default_real(space, "x", 0.3));
    assert_int_equal(space_set_step(space, "n", 2), AFINA_E_RANGE);
    assert_int_equal(space_set_step(space, "x", 0.2), AFINA_E_RANGE);
    assert_int_equal(space->parameters[0].cells, 10);
    assert_int_equal(space->parameters[1].cells, 0);
    assert_ok(space_set_step(space, "n", 3));
    assert_ok(space_set_step(space, "x", 0.1));
    assert_int_equal(space->parameters[0].default_value.integer, 4);
    assert_round_trip(space);
    space_free(space);
}

/* A step wider than the range leaves low alone, not what is near it on its scale. */
static void test_a_very_wide_step_accepts_low_only(void **state)
{
    (void)state;
    struct space *space = new_space();
    union value v;
    assert_ok(space_add_real(space, "x", -1, 1, AFINA_SCALE_LINEAR));
    assert_ok(space_set_default_real(space, "x", 1));
    assert_int_equal(space_set_step(space, "x", 1e300), AFINA_E_RANGE);
    assert_ok(space_set_default_real(space, "x", -1));
    assert_ok(space_set_step(space, "x", 1e300));
    assert_ok(parameter_check_real(&space->parameters[0], -1, &v));
    assert_int_equal(parameter_check_real(&space->parameters[0], 1, &v), AFINA_E_RANGE);
    assert_int_equal(parameter_check_real(&space->parameters[0], 5, &v), AFINA_E_RANGE);
    space_free(space);
}

static void test_a_default_moves_onto_the_grid_beside_it(void **state)
{
    (void)state;
    struct space *space = new_space();
    assert_ok(space_add_real(space, "x", 0, 1, AFINA_SCALE_LINEAR));
    assert_ok(space_set_default_real(space, "x", 0.1 + 0.2));
    assert_ok(space_set_step(space, "x", 0.1));
    assert_true(same_bits(space->parameters[0].default_value.real, 0.3));
    assert_round_trip(space);
    space_free(space);
}

/* Without a default of the host's, the default follows the prior. */
static void test_a_default_that_nobody_set_moves(void **state)
{
    (void)state;
    static const char *const choices[] = {"a", "b"};
    const double weights[] = {1, 3};
    struct space *space = new_space();
    assert_ok(space_add_real(space, "x", 0, 1, AFINA_SCALE_LINEAR));
    assert_ok(space_add_choices(space, "c", AFINA_KIND_CATEGORICAL, choices, 2));
    assert_near(space->parameters[0].default_value.real, 0.5, 1e-15);
    assert_ok(space_set_prior(space, "x", AFINA_PRIOR_NORMAL, 0.25, 0.01));
    assert_near(space->parameters[0].default_value.real, 0.25, 1e-9);
    assert_ok(space_set_step(space, "x", 0.2));
    assert_near(space->parameters[0].default_value.real, 0.2, 1e-15);
    assert_ok(space_set_weights(space, "c", weights, 2));
    assert_int_equal(space->parameters[1].default_value.integer, 1);
    space_free(space);
}

/* One random call on one of the parameters; most are refused. */
static void change(struct space *space, struct rng *rng)
{
    static const char *const names[] = {"r", "l", "n", "c", "o", "nobody"};
    static const char *const texts[] = {"8", "16", "a", "3"};
    const double numbers[] = {0, 1, 0.25, -1, 3, 1e-3, NAN, INFINITY, 1e300, 0.5};
    const char *name = names[rng_below(rng, 6)], *other = names[rng_below(rng, 6)];
    double x = numbers[rng_below(rng, 10)], y = numbers[rng_below(rng, 10)];
    char *before = json_of(space);
    int32_t rc = 0;
    switch (rng_below(rng, 8)) {
    case 0:
        rc = space_set_step(space, name, x);
        break;
    case 1:
        rc = space_set_prior(space, name, (int32_t)rng_below(rng, 4), x, y);
        break;
    case 2:
        rc = space_set_weights(space, name, (const double[]){x, y, 2}, 2 + rng_below(rng, 2));
        break;
    case 3:
        rc = space_set_default_real(space, name, x);
        break;
    case 4:
        rc = space_set_default_integer(space, name, (int64_t)rng_below(rng, 12));
        break;
    case 5:
        rc = space_set_default_string(space, name, texts[rng_below(rng, 4)]);
        break;
    case 6:
        rc = space_add_condition_in(space, name, other, texts, 1 + rng_below(rng, 4));
        break;
    default:
        rc = space_add_condition(space, name, other, (int32_t)rng_below(rng, 7), x);
    }
    if (rc) {
        char *after = json_of(space);
        assert_string_equal(before, after);
        mem_free(after);
    }
    mem_free(before);
}

static void test_every_space_that_was_built_can_be_read(void **state)
{
    (void)state;
    static const char *const sizes[] = {"8", "16", "32"}, *const letters[] = {"a", "b", "8"};
    struct rng rng;
    print_message("seed 2385\n");
    rng_start(&rng, 2385, 0, RNG_SUGGEST);
    for (int i = 0; i < 2000; i++) {
        struct space *space = new_space();
        assert_ok(space_add_real(space, "r", -1, 1, AFINA_SCALE_LINEAR));
        assert_ok(space_add_real(space, "l", 0.001, 3, AFINA_SCALE_LOG));
        assert_ok(space_add_integer(space, "n", 0, 10, AFINA_SCALE_LINEAR));
        assert_ok(space_add_choices(space, "c", AFINA_KIND_CATEGORICAL, letters, 3));
        assert_ok(space_add_choices(space, "o", AFINA_KIND_ORDINAL, sizes, 3));
        for (int k = 0; k < 12; k++)
            change(space, &rng);
        assert_round_trip(space);
        struct space *snapshot = snapshot_of(space);
        struct point *point = new_point(snapshot);
        for (int k = 0; k < 5; k++) {
            assert_ok(space_sample(snapshot, &rng, point));
            assert_canonical(snapshot, point);
        }
        point_free(point);
        space_release(snapshot);
        space_free(space);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_step_keeps_what_conditions_ask_for),
        cmocka_unit_test(test_a_step_keeps_the_default),
        cmocka_unit_test(test_a_very_wide_step_accepts_low_only),
        cmocka_unit_test(test_a_default_moves_onto_the_grid_beside_it),
        cmocka_unit_test(test_a_default_that_nobody_set_moves),
        cmocka_unit_test(test_every_space_that_was_built_can_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
