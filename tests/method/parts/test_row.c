/* Arithmetic on rows of mixed spaces, and the trials that run. */
#include "method/parts/row.h"

#include "core/fail.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

enum { NUMBER = 0, CATEGORY = 1, DRAWS = 4000 };

/* A real, and a category of which the last choice has no weight. */
static struct space *mixed_space(void)
{
    static const char *const kinds[] = {"a", "b", "c"};
    static const double weights[] = {1, 3, 0};
    struct space *space, *snapshot;
    assert_int_equal(space_new(&space), 0);
    assert_int_equal(space_add_real(space, "x", -2.385, 7.5, AFINA_SCALE_LINEAR), 0);
    assert_int_equal(space_add_choices(space, "k", AFINA_KIND_CATEGORICAL, kinds, 3), 0);
    assert_int_equal(space_set_weights(space, "k", weights, 3), 0);
    assert_int_equal(space_snapshot(&snapshot, space), 0);
    space_free(space);
    return snapshot;
}

static void start(struct rng *rng)
{
    rng_start(rng, 2385, 0, RNG_SUGGEST);
}

static void test_numbers_shift_by_a_share_of_the_difference(void **state)
{
    (void)state;
    struct space *s = mixed_space();
    const struct parameter *p = &s->parameters[NUMBER];
    struct rng rng;
    start(&rng);
    assert_true(row_shift(p, 0.5, 0.25, 0.75, 0.5, &rng) == 0.75);
    assert_true(row_shift(p, 0.5, 0.75, 0.25, 2, &rng) == -0.5);
    assert_true(row_shift(p, 0.5, ENCODED_INACTIVE, 0.75, 0.5, &rng) == 0.5);
    assert_true(row_shift(p, 0.5, 0.25, ENCODED_INACTIVE, 0.5, &rng) == 0.5);
    space_release(s);
}

static void test_numbers_outside_come_back_half_way(void **state)
{
    (void)state;
    struct space *s = mixed_space();
    const struct parameter *p = &s->parameters[NUMBER];
    assert_true(row_inside(p, -0.1, 0.5) == 0.25);
    assert_true(row_inside(p, 1.5, 0.5) == 0.75);
    assert_true(row_inside(p, 0.385, 0.5) == 0.385);
    assert_true(row_inside(&s->parameters[CATEGORY], 2, 0) == 2);
    space_release(s);
}

static void test_what_is_active_can_change_when_it_has_another_value(void **state)
{
    (void)state;
    struct space *space, *s;
    assert_int_equal(space_new(&space), 0);
    assert_int_equal(space_add_real(space, "x", 0, 1, AFINA_SCALE_LINEAR), 0);
    assert_int_equal(space_add_integer(space, "seven", 7, 7, AFINA_SCALE_LINEAR), 0);
    assert_int_equal(space_snapshot(&s, space), 0);
    assert_int_equal(row_can_change(s, (double[]){0.5, 0.5}, 0), 1);
    assert_int_equal(row_can_change(s, (double[]){ENCODED_INACTIVE, 0.5}, 0), 0);
    assert_int_equal(row_can_change(s, (double[]){0.5, 0.5}, 1), 0);
    space_free(space);
    space_release(s);
}

/* One refused proposal, one parameter; none, none. */
static void test_scattering_changes_as_many_parameters_as_proposals_were_refused(void **state)
{
    (void)state;
    struct space *s = mixed_space();
    struct point *before, *after;
    struct rng rng;
    int changes[2] = {0};
    start(&rng);
    assert_int_equal(point_new(&before, s), 0);
    assert_int_equal(point_new(&after, s), 0);
    space_default(s, before);
    for (int i = 0; i < 200; i++) {
        point_assign(after, before);
        row_scatter(s, &(struct suggestion){.rng = &rng, .point = after, .attempt = 1});
        int x = after->value[NUMBER].real != before->value[NUMBER].real;
        int k = after->value[CATEGORY].integer != before->value[CATEGORY].integer;
        assert_int_equal(x + k, 1);
        changes[NUMBER] += x;
        changes[CATEGORY] += k;
    }
    assert_in_range(changes[NUMBER], 80, 120);
    point_assign(after, before);
    row_scatter(s, &(struct suggestion){.rng = &rng, .point = after, .attempt = 0});
    assert_true(point_equal(after, before));
    point_free(before);
    point_free(after);
    space_release(s);
}

/* k has a child x while it is a, and forty while it is b. */
static struct space *lopsided_space(void)
{
    static const char *const kinds[] = {"a", "b"};
    struct space *space, *snapshot;
    assert_int_equal(space_new(&space), 0);
    assert_int_equal(space_add_choices(space, "k", AFINA_KIND_CATEGORICAL, kinds, 2), 0);
    for (int j = 0; j < 41; j++) {
        char name[24];
        snprintf(name, sizeof name, "x%d", j);
        assert_int_equal(space_add_real(space, name, 0, 1, AFINA_SCALE_LINEAR), 0);
        assert_int_equal(space_add_condition_in(space, name, "k", kinds + (j > 0), 1), 0);
    }
    assert_int_equal(space_snapshot(&snapshot, space), 0);
    space_free(space);
    return snapshot;
}

/* Changes were drawn among all parameters, and those of inactive ones were lost. */
static void test_a_search_in_a_small_branch_begins_again_at_another_point(void **state)
{
    (void)state;
    struct space *s = lopsided_space();
    struct point *point;
    double row[42];
    int left = 0;
    assert_int_equal(point_new(&point, s), 0);
    for (uint64_t k = 0; k < 100; k++) {
        struct rng rng;
        rng_start(&rng, 2385, k, RNG_SUGGEST);
        for (size_t j = 0; j < s->size; j++)
            row[j] = j == 0 ? 0 : j == 1 ? 0.385 : ENCODED_INACTIVE;
        row_restart(s, row, 0, &(struct suggestion){.rng = &rng, .point = point});
        space_encode(s, point, row);
        assert_true(row[0] == 1 || row[1] != 0.385);
        left += row[0] == 1;
    }
    assert_in_range(left, 60, 95);
    point_free(point);
    space_release(s);
}

static void test_categories_shift_with_that_probability(void **state)
{
    (void)state;
    struct space *s = mixed_space();
    const struct parameter *p = &s->parameters[CATEGORY];
    struct rng rng;
    int moved = 0;
    start(&rng);
    for (int i = 0; i < DRAWS; i++)
        moved += row_shift(p, 0, 0, 1, 0.3, &rng) == 1;
    assert_in_range(moved, DRAWS * 27 / 100, DRAWS * 33 / 100);
    assert_true(row_shift(p, 0, 1, 1, 1, &rng) == 0);
    assert_true(row_shift(p, 0, 1, 2, 1, &rng) == 0); /* no weight */
    space_release(s);
}

static void test_draws_follow_the_weights(void **state)
{
    (void)state;
    struct space *s = mixed_space();
    const struct parameter *p = &s->parameters[CATEGORY];
    struct rng rng;
    int count[3] = {0};
    start(&rng);
    for (int i = 0; i < DRAWS; i++)
        count[(int)row_active(p, i % 2 ? ENCODED_INACTIVE : 2, &rng)]++;
    assert_in_range(count[0], DRAWS * 22 / 100, DRAWS * 28 / 100);
    assert_int_equal(count[2], 0);
    assert_true(row_active(p, 1, &rng) == 1);
    space_release(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_shift_by_a_share_of_the_difference),
        cmocka_unit_test(test_numbers_outside_come_back_half_way),
        cmocka_unit_test(test_what_is_active_can_change_when_it_has_another_value),
        cmocka_unit_test(test_scattering_changes_as_many_parameters_as_proposals_were_refused),
        cmocka_unit_test(test_a_search_in_a_small_branch_begins_again_at_another_point),
        cmocka_unit_test(test_categories_shift_with_that_probability),
        cmocka_unit_test(test_draws_follow_the_weights),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
