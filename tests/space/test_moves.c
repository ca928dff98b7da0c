/* Draws, filters and mutations: bounded, inside, and never still. */
#include "space/space_help.h"

/* Counts what it is shown, and allows one point in `every`. */
struct gate {
    uint64_t shown, every;
};

static int32_t open_sometimes(const afina_point *point, void *user)
{
    struct gate *gate = user;
    (void)point;
    gate->shown++;
    return gate->every > 0 && gate->shown % gate->every == 0;
}

/* F60: a filter that allows nothing, or next to nothing, ends in a bounded number
 * of tries. */
static void test_a_filter_that_allows_nothing_ends(void **state)
{
    (void)state;
    struct gate gate = {0, 0};
    struct space *space = new_space();
    struct rng rng;
    rng_start(&rng, 300, 0, RNG_SUGGEST);
    assert_ok(space_add_real(space, "x", 0, 1, AFINA_SCALE_LINEAR));
    assert_int_equal(space_set_filter(space, open_sometimes, &gate, NULL), 0);
    struct space *snapshot = snapshot_of(space);
    struct point *point = new_point(snapshot);
    assert_int_equal(space_sample(snapshot, &rng, point), AFINA_E_NO_POINT);
    assert_int_equal(gate.shown, SPACE_SAMPLE_TRIES);
    gate = (struct gate){0, 1000000};
    assert_int_equal(space_sample(snapshot, &rng, point), AFINA_E_NO_POINT);
    gate = (struct gate){0, 9000};
    assert_ok(space_sample(snapshot, &rng, point));
    point_free(point);
    space_release(snapshot);
    space_free(space);
}

/* What a filter of a conditional space sees: flags as they are, and a copy that
 * may go on from the defaults of what is inactive. */
struct witness {
    int shown, inactive;
};

static int32_t look(const afina_point *point, void *user)
{
    struct witness *witness = user;
    afina_point *copy;
    int32_t active;
    double value;
    witness->shown++;
    assert_ok(afina_point_is_active(point, "child", &active));
    if (active) {
        assert_ok(afina_point_get_real(point, "child", &value));
        assert_true(value >= 2 && value <= 3);
        return 1;
    }
    witness->inactive++;
    assert_int_equal(afina_point_get_real(point, "child", &value), AFINA_E_STATE);
    assert_ok(afina_point_copy(&copy, point));
    assert_ok(afina_point_set_string(copy, "switch", "on"));
    assert_ok(afina_point_get_real(copy, "child", &value));
    assert_true(same_bits(value, 2.385));
    afina_point_free(copy);
    return 1;
}

static void test_a_filter_sees_the_whole_point(void **state)
{
    (void)state;
    static const char *const onoff[] = {"off", "on"};
    struct witness witness = {0, 0};
    struct space *space = new_space();
    struct rng rng;
    rng_start(&rng, 1656, 0, RNG_SUGGEST);
    assert_ok(space_add_real(space, "child", 2, 3, AFINA_SCALE_LINEAR));
    assert_ok(space_set_default_real(space, "child", 2.385));
    assert_ok(space_add_choices(space, "switch", AFINA_KIND_CATEGORICAL, onoff, 2));
    assert_ok(space_add_condition_in(space, "child", "switch", &onoff[1], 1));
    assert_int_equal(space_set_filter(space, look, &witness, NULL), 0);
    struct space *snapshot = snapshot_of(space);
    struct point *point = new_point(snapshot);
    for (int i = 0; i < 50; i++) {
        assert_ok(space_sample(snapshot, &rng, point));
        assert_canonical(snapshot, point);
    }
    assert_int_equal(witness.shown, 50);
    assert_in_range(witness.inactive, 10, 40);
    point_free(point);
    space_release(snapshot);
    space_free(space);
}

/* ------------------------------------------------------------------- mutations */

static struct space *mixed_space(void)
{
    static const char *const letters[] = {"a", "b", "c", "d"};
    struct space *space = new_space();
    assert_ok(space_add_real(space, "linear", -1, 1, AFINA_SCALE_LINEAR));
    assert_ok(space_add_real(space, "log", 1e-6, 1, AFINA_SCALE_LOG));
    assert_ok(space_add_prior(space, "normal", AFINA_PRIOR_NORMAL, 0, 1, -INFINITY, INFINITY));
    assert_ok(space_add_real(space, "thin", 1, nextafter(1, 2), AFINA_SCALE_LINEAR));
    assert_ok(space_add_real(space, "grid", 0, 1, AFINA_SCALE_LINEAR));
    assert_ok(space_set_step(space, "grid", 0.25));
    assert_ok(space_add_integer(space, "integer", 1, 100, AFINA_SCALE_LOG));
    assert_ok(space_add_integer(space, "wide", INT64_MIN, INT64_MAX, AFINA_SCALE_LINEAR));
    assert_ok(space_add_integer(space, "pair", 7, 8, AFINA_SCALE_LINEAR));
    assert_ok(space_add_choices(space, "category", AFINA_KIND_CATEGORICAL, letters, 4));
    assert_ok(space_add_choices(space, "order", AFINA_KIND_ORDINAL, letters, 4));
    return space;
}

/* F51: for any width, also none and a huge one, a move ends, stays inside and
 * changes the parameter it is asked to change, and only that. */
static void test_every_move_ends_and_moves(void **state)
{
    (void)state;
    static const double widths[] = {0, 1e-300, 1e-12, 0.01, 0.2, 5, 1e9, 1e300};
    struct space *space = mixed_space();
    struct space *snapshot = snapshot_of(space);
    struct point *point = new_point(snapshot), *next = new_point(snapshot);
    struct rng rng;
    rng_start(&rng, 263, 0, RNG_SUGGEST);
    print_message("seed 263\n");
    for (int i = 0; i < 2000; i++) {
        assert_ok(space_sample(snapshot, &rng, point));
        for (size_t k = 0; k < snapshot->size; k++) {
            double width = widths[rng_below(&rng, sizeof widths / sizeof *widths)];
            assert_int_equal(space_mutate(snapshot, point, k, width, &rng, next), 1);
            assert_canonical(snapshot, next);
            for (size_t j = 0; j < snapshot->size; j++)
                assert_int_equal(point->value[j].integer == next->value[j].integer, j != k);
        }
    }
    point_free(point);
    point_free(next);
    space_release(snapshot);
    space_free(space);
}

/* A step of deviation 0.05 in u, whatever the scale. */
static void test_the_width_of_a_move_is_in_u(void **state)
{
    (void)state;
    enum { MOVES = 4000 };
    struct space *space = mixed_space();
    struct space *snapshot = snapshot_of(space);
    struct point *point = default_point(snapshot), *next = new_point(snapshot);
    struct rng rng;
    rng_start(&rng, 140, 0, RNG_SUGGEST);
    for (size_t k = 0; k < 3; k++) {
        double sum = 0, squares = 0, u = parameter_to_unit(&snapshot->parameters[k], point->value[k]);
        for (int i = 0; i < MOVES; i++) {
            assert_int_equal(space_mutate(snapshot, point, k, 0.05, &rng, next), 1);
            double d = parameter_to_unit(&snapshot->parameters[k], next->value[k]) - u;
            sum += d;
            squares += d * d;
        }
        assert_near(sum / MOVES, 0, 0.004);
        assert_near(sqrt(squares / MOVES), 0.05, 0.003);
    }
    point_free(point);
    point_free(next);
    space_release(snapshot);
    space_free(space);
}

/* A move beyond an end comes back by as much, rather than resting on the end. */
static void test_moves_are_reflected_at_the_ends(void **state)
{
    (void)state;
    enum { MOVES = 2000 };
    struct space *space = mixed_space();
    struct space *snapshot = snapshot_of(space);
    struct point *point = default_point(snapshot), *next = new_point(snapshot);
    struct rng rng;
    rng_start(&rng, 141, 0, RNG_SUGGEST);
    for (int end = 0; end < 2; end++) {
        double sum = 0;
        point->value[0].real = end ? 1 : -1;
        for (int i = 0; i < MOVES; i++) {
            assert_int_equal(space_mutate(snapshot, point, 0, 0.05, &rng, next), 1);
            sum += fabs(next->value[0].real - point->value[0].real) / 2;
        }
        assert_near(sum / MOVES, 0.05 * sqrt(2 / 3.14159265358979323), 0.003); /* mean of a half normal */
    }
    point_free(point);
    point_free(next);
    space_release(snapshot);
    space_free(space);
}

static void test_a_move_switches_children_on_with_their_default(void **state)
{
    (void)state;
    static const char *const onoff[] = {"off", "on"};
    struct space *space = new_space();
    struct rng rng;
    rng_start(&rng, 262, 0, RNG_SUGGEST);
    assert_ok(space_add_integer(space, "grandchild", 1, 9, AFINA_SCALE_LINEAR));
    assert_ok(space_add_choices(space, "child", AFINA_KIND_CATEGORICAL, onoff, 2));
    assert_ok(space_add_choices(space, "switch", AFINA_KIND_CATEGORICAL, onoff, 2));
    assert_ok(space_add_condition_in(space, "child", "switch", &onoff[1], 1));
    assert_ok(space_add_condition_in(space, "grandchild", "child", &onoff[1], 1));
    assert_ok(space_set_default_string(space, "child", "on"));
    assert_ok(space_set_default_integer(space, "grandchild", 7));
    struct space *snapshot = snapshot_of(space);
    struct point *point = default_point(snapshot), *next = new_point(snapshot);
    assert_int_equal(space_mutate(snapshot, point, 0, 0.1, &rng, next), 0);
    assert_true(point_equal(point, next));
    assert_int_equal(space_mutate(snapshot, point, 2, 0.1, &rng, next), 1);
    assert_canonical(snapshot, next);
    assert_int_equal(next->value[1].integer, 1);
    assert_int_equal(next->value[0].integer, 7);
    assert_int_equal(space_mutate(snapshot, next, 2, 0.1, &rng, next), 1);
    assert_true(point_equal(point, next));
    point_free(point);
    point_free(next);
    space_release(snapshot);
    space_free(space);
}

/* A choice of weight 0 may be enqueued, and never comes of a move. */
static void test_moves_obey_weights(void **state)
{
    (void)state;
    static const char *const letters[] = {"a", "b", "c", "d"};
    struct space *space = new_space();
    struct rng rng;
    rng_start(&rng, 199, 0, RNG_SUGGEST);
    assert_ok(space_add_choices(space, "category", AFINA_KIND_CATEGORICAL, letters, 4));
    assert_ok(space_add_choices(space, "order", AFINA_KIND_ORDINAL, letters, 4));
    assert_ok(space_add_choices(space, "single", AFINA_KIND_CATEGORICAL, letters, 2));
    assert_ok(space_set_weights(space, "category", (double[]){1, 0, 8, 1}, 4));
    assert_ok(space_set_weights(space, "order", (double[]){1, 0, 1, 0}, 4));
    assert_ok(space_set_weights(space, "single", (double[]){0, 1}, 2));
    struct space *snapshot = snapshot_of(space);
    struct point *point = default_point(snapshot), *next = new_point(snapshot);
    int heavy = 0;
    point->value[0].integer = 0;
    for (int i = 0; i < 900; i++) {
        assert_int_equal(space_mutate(snapshot, point, 0, 0.1, &rng, next), 1);
        assert_true(next->value[0].integer == 2 || next->value[0].integer == 3);
        heavy += next->value[0].integer == 2;
        assert_int_equal(space_mutate(snapshot, point, 1, 0.1, &rng, next), 1);
        assert_int_equal(next->value[1].integer, 2);
        assert_int_equal(space_mutate(snapshot, point, 2, 0.1, &rng, next), 0);
    }
    assert_in_range(heavy, 750, 850); /* 8 of 9 */
    point->value[0].integer = 1;
    point->value[1].integer = 3;
    point->value[2].integer = 0;
    assert_int_equal(space_mutate(snapshot, point, 0, 0.1, &rng, next), 1);
    assert_int_equal(space_mutate(snapshot, point, 1, 0.1, &rng, next), 1);
    assert_int_equal(next->value[1].integer, 2);
    assert_int_equal(space_mutate(snapshot, point, 2, 0.1, &rng, next), 1);
    point_free(point);
    point_free(next);
    space_release(snapshot);
    space_free(space);
}

/* --------------------------------------------------------------------- sets */

/* F58: a set knows points by value, so that no rounding makes a new one of an
 * old one. */
static void test_a_point_that_rounds_to_a_known_one_is_known(void **state)
{
    (void)state;
    struct space *space = new_space();
    struct point_set set = {0};
    struct rng rng;
    rng_start(&rng, 230, 0, RNG_SUGGEST);
    assert_ok(space_add_integer(space, "n", 1, 10, AFINA_SCALE_LOG));
    assert_ok(space_add_real(space, "x", -0.2, 0.2, AFINA_SCALE_LINEAR));
    assert_ok(space_set_step(space, "x", 0.1));
    struct space *snapshot = snapshot_of(space);
    struct point *points[2000];
    for (int i = 0; i < 2000; i++) {
        points[i] = new_point(snapshot);
        space_from_unit(snapshot, (double[]){rng_uniform(&rng), rng_uniform(&rng)}, points[i]);
        assert_ok(point_set_add(&set, points[i]));
    }
    assert_int_equal(set.size, 50);
    struct point *zero = default_point(snapshot);
    assert_ok(point_set_real(snapshot, zero, 1, -0.0));
    assert_ok(point_set_integer(snapshot, zero, 0, 4));
    assert_true(point_set_contains(&set, zero));
    point_free(zero);
    for (int i = 0; i < 2000; i++)
        point_free(points[i]);
    point_set_fini(&set);
    assert_int_equal(set.capacity, 0);
    space_release(snapshot);
    space_free(space);
}

static void test_a_set_of_many_points_forgets_none(void **state)
{
    (void)state;
    enum { MANY = 20000 };
    struct space *space = new_space();
    struct point_set set = {0};
    assert_ok(space_add_integer(space, "n", 0, 2 * MANY, AFINA_SCALE_LINEAR));
    struct space *snapshot = snapshot_of(space);
    struct point **points = mem_new(MANY, sizeof *points);
    struct point *other = default_point(snapshot);
    for (int i = 0; i < MANY; i++) {
        points[i] = default_point(snapshot);
        points[i]->value[0].integer = 2 * i;
        assert_false(point_set_contains(&set, points[i]));
        assert_ok(point_set_add(&set, points[i]));
        assert_ok(point_set_add(&set, points[i]));
    }
    assert_int_equal(set.size, MANY);
    for (int i = 0; i < MANY; i++) {
        assert_true(point_set_contains(&set, points[i]));
        other->value[0].integer = 2 * i + 1;
        assert_false(point_set_contains(&set, other));
    }
    point_free(other);
    for (int i = 0; i < MANY; i++)
        point_free(points[i]);
    mem_free(points);
    point_set_fini(&set);
    space_release(snapshot);
    space_free(space);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_filter_that_allows_nothing_ends),
        cmocka_unit_test(test_a_filter_sees_the_whole_point),
        cmocka_unit_test(test_every_move_ends_and_moves),
        cmocka_unit_test(test_the_width_of_a_move_is_in_u),
        cmocka_unit_test(test_moves_are_reflected_at_the_ends),
        cmocka_unit_test(test_a_move_switches_children_on_with_their_default),
        cmocka_unit_test(test_moves_obey_weights),
        cmocka_unit_test(test_a_point_that_rounds_to_a_known_one_is_known),
        cmocka_unit_test(test_a_set_of_many_points_forgets_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
