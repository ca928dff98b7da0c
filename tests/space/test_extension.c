/* Spaces that grow by a part, and points that go from one to the other. */
#include "space/space_help.h"

static const char *const letters[] = {"a", "b", "c", "d"};

/* A snapshot of what a function builds. */
static struct space *made(void (*build)(struct space *space))
{
    struct space *space = new_space(), *snapshot;
    build(space);
    assert_ok(space_snapshot(&snapshot, space));
    space_free(space);
    return snapshot;
}

static void refuse(void (*build)(struct space *), void (*more)(struct space *), int may_lack, int32_t code,
                   const char *text)
{
    struct space *space = made(build), *part = made(more);
    assert_int_equal(space_check_extension(space, part, may_lack), code);
    if (!strstr(fail_text(), text))
        fail_msg("\"%s\" lacks \"%s\"", fail_text(), text);
    space_release(space);
    space_release(part);
}

static struct space *extended(void (*build)(struct space *), void (*more)(struct space *))
{
    struct space *space = made(build), *part = made(more), *grown;
    assert_ok(space_check_extension(space, part, 0));
    assert_ok(space_extend(&grown, space, part, 0));
    assert_true(space_covers(grown, part) && space_covers(grown, space));
    assert_true(space_contains(grown, space) && !space_equal(grown, space));
    space_release(space);
    space_release(part);
    return grown;
}

/* --------------------------------------------------------------------- spaces */

static void ordered(struct space *s)
{
    assert_ok(space_add_choices(s, "size", AFINA_KIND_ORDINAL, letters + 1, 2));
    assert_ok(space_set_default_string(s, "size", "c"));
    assert_ok(space_add_real(s, "x", 0, 1, AFINA_SCALE_LINEAR));
    assert_ok(space_add_condition_in(s, "x", "size", letters + 2, 1));
}

static void ordered_more(struct space *s)
{
    assert_ok(space_add_choices(s, "size", AFINA_KIND_ORDINAL, letters, 4));
}

static void ordered_otherwise(struct space *s)
{
    static const char *const turned[] = {"c", "b", "d"};
    assert_ok(space_add_choices(s, "size", AFINA_KIND_ORDINAL, turned, 3));
}

static void weighted(struct space *s)
{
    static const double weights[] = {1, 3};
    assert_ok(space_add_choices(s, "k", AFINA_KIND_CATEGORICAL, letters, 2));
    assert_ok(space_set_weights(s, "k", weights, 2));
}

static void weighted_more(struct space *s)
{
    static const double weights[] = {2, 6, 8};
    assert_ok(space_add_choices(s, "k", AFINA_KIND_CATEGORICAL, letters, 3));
    assert_ok(space_set_weights(s, "k", weights, 3));
}

static void weighted_otherwise(struct space *s)
{
    static const double weights[] = {3, 1, 4};
    assert_ok(space_add_choices(s, "k", AFINA_KIND_CATEGORICAL, letters, 3));
    assert_ok(space_set_weights(s, "k", weights, 3));
}

static void unweighted_more(struct space *s)
{
    assert_ok(space_add_choices(s, "k", AFINA_KIND_CATEGORICAL, letters, 3));
}

static void stepped(struct space *s)
{
    assert_ok(space_add_real(s, "x", 0.1, 0.5, AFINA_SCALE_LINEAR));
    assert_ok(space_set_step(s, "x", 0.1));
    assert_ok(space_add_integer(s, "n", 3, 9, AFINA_SCALE_LINEAR));
    assert_ok(space_set_step(s, "n", 3));
}

static void stepped_more(struct space *s)
{
    assert_ok(space_add_real(s, "x", -0.3, 1.2, AFINA_SCALE_LINEAR));
    assert_ok(space_set_step(s, "x", 0.1));
    assert_ok(space_add_integer(s, "n", -3, 12, AFINA_SCALE_LINEAR));
    assert_ok(space_set_step(s, "n", 3));
}

static void stepped_beside(struct space *s)
{
    assert_ok(space_add_integer(s, "n", 2, 9, AFINA_SCALE_LINEAR));
    assert_ok(space_set_step(s, "n", 3));
}

static void narrower(struct space *s)
{
    assert_ok(space_add_integer(s, "n", 6, 12, AFINA_SCALE_LINEAR));
    assert_ok(space_set_step(s, "n", 3));
}

static void tree(struct space *s)
{
    assert_ok(space_add_choices(s, "k", AFINA_KIND_CATEGORICAL, letters, 2));
    assert_ok(space_add_real(s, "y", 0, 4, AFINA_SCALE_LINEAR));
    assert_ok(space_add_condition_in(s, "y", "k", letters, 1));
}

static void tree_with_a_branch_more(struct space *s)
{
    static const char *const both[] = {"a", "c"};
    assert_ok(space_add_choices(s, "k", AFINA_KIND_CATEGORICAL, letters, 3));
    assert_ok(space_add_real(s, "y", 0, 4, AFINA_SCALE_LINEAR));
    assert_ok(space_add_condition_in(s, "y", "k", both, 2));
    assert_ok(space_add_real(s, "z", 0, 4, AFINA_SCALE_LINEAR));
    assert_ok(space_add_condition(s, "z", "y", AFINA_COMPARE_GREATER, 1));
}

static void tree_with_an_old_branch(struct space *s)
{
    assert_ok(space_add_choices(s, "k", AFINA_KIND_CATEGORICAL, letters, 3));
    assert_ok(space_add_real(s, "y", 0, 4, AFINA_SCALE_LINEAR));
    assert_ok(space_add_condition_in(s, "y", "k", letters, 3));
}

static void tree_upside_down(struct space *s)
{
    assert_ok(space_add_choices(s, "k", AFINA_KIND_CATEGORICAL, letters, 2));
    assert_ok(space_add_real(s, "y", 0, 4, AFINA_SCALE_LINEAR));
    assert_ok(space_add_condition(s, "k", "y", AFINA_COMPARE_GREATER, 1));
}

static void prior(struct space *s)
{
    assert_ok(space_add_prior(s, "w", AFINA_PRIOR_NORMAL, 0, 1, -3, 3));
}

static void another_prior(struct space *s)
{
    assert_ok(space_add_prior(s, "w", AFINA_PRIOR_NORMAL, 0, 2, -3, 3));
}

/* ----------------------------------------------------------------------- tests */

static void test_new_choices_of_an_ordinal_take_their_place(void **state)
{
    (void)state;
    struct space *space = made(ordered), *grown = extended(ordered, ordered_more);
    struct point *point, *there;
    const struct parameter *p = &grown->parameters[0];
    assert_int_equal(p->n_choices, 4);
    for (int i = 0; i < 4; i++)
        assert_string_equal(p->choices[i], letters[i]);
    assert_string_equal(p->choices[p->default_value.integer], "c");
    assert_int_equal(grown->parameters[1].conditions[0].members[0], 2); /* c has moved */
    assert_ok(point_new(&point, space));
    assert_ok(point_new(&there, grown));
    space_default(space, point);
    space_convert(space, point, NULL, NULL, grown, there);
    assert_int_equal(there->value[0].integer, 2);
    assert_true(there->active[1] && there->value[1].real == 0.5);
    point_free(point);
    point_free(there);
    space_release(space);
    space_release(grown);
}

static void test_grids_are_extended_to_the_bit(void **state)
{
    (void)state;
    struct space *space = made(stepped), *grown = extended(stepped, stepped_more);
    struct point *point, *there;
    assert_ok(point_new(&point, space));
    assert_ok(point_new(&there, grown));
    assert_true(grown->parameters[0].default_value.real == 0.3 && grown->parameters[0].has_default);
    for (uint64_t k = 0; k < 5; k++) {
        point->value[0] = parameter_value_at(&space->parameters[0], k);
        point->value[1].integer = 6;
        space_resolve(space, point, 1);
        space_convert(space, point, NULL, NULL, grown, there);
        union value v;
        assert_ok(parameter_check_real(&grown->parameters[0], 0.1 * (double)(k + 1), &v));
        assert_true(there->value[0].real == v.real);
        assert_int_equal(there->value[1].integer, 6);
    }
    point_free(point);
    point_free(there);
    space_release(space);
    space_release(grown);
}

static void test_weights_are_kept_beside_each_other(void **state)
{
    (void)state;
    struct space *grown = extended(weighted, weighted_more);
    assert_true(grown->parameters[0].weights[0] == 0.125 && grown->parameters[0].weights[2] == 0.5);
    space_release(grown);
    refuse(weighted, weighted_otherwise, 0, AFINA_E_RANGE, "parameter \"k\" has other weights");
    refuse(weighted, unweighted_more, 0, AFINA_E_RANGE, "parameter \"k\" has weights");
}

static void test_conditions_are_added_where_there_is_no_doubt(void **state)
{
    (void)state;
    struct space *grown = extended(tree, tree_with_a_branch_more), *space = made(tree);
    struct point *point, *there;
    assert_int_equal(grown->parameters[1].conditions[0].n_members, 2);
    assert_ok(point_new(&point, space));
    assert_ok(point_new(&there, grown));
    space_default(space, point); /* k = a, y = 2 */
    space_convert(space, point, NULL, NULL, grown, there);
    assert_true(there->active[1] && there->active[2] && there->value[2].real == 2);
    point->value[0].integer = 1;
    space_resolve(space, point, 1);
    space_convert(space, point, NULL, NULL, grown, there);
    assert_true(!there->active[1] && !there->active[2] && there->value[2].integer == 0);
    point_free(point);
    point_free(there);
    space_release(space);
    space_release(grown);
    refuse(tree, tree_with_an_old_branch, 0, AFINA_E_RANGE,
           "parameter \"y\" has another condition: an extension adds only values that \"k\" did not have");
}

static void test_a_cycle_is_found_when_both_are_joined(void **state)
{
    (void)state;
    struct space *space = made(tree), *part = made(tree_upside_down), *grown;
    assert_int_equal(space_extend(&grown, space, part, 0), AFINA_E_SPACE);
    assert_null(grown);
    space_release(space);
    space_release(part);
}

static void test_what_differs_is_named(void **state)
{
    (void)state;
    refuse(ordered, ordered_otherwise, 0, AFINA_E_RANGE, "parameter \"size\" is ordinal");
    refuse(stepped, stepped_beside, 1, AFINA_E_RANGE, "parameter \"n\" has step 3: a lower bound of 2 leaves out");
    refuse(stepped, narrower, 0, AFINA_E_RANGE,
           "parameter \"n\" has the range [3, 9]; an extension contains it, got [6, 12]");
    refuse(prior, another_prior, 0, AFINA_E_RANGE, "parameter \"w\" has another prior");
    struct space *space = made(stepped), *part = made(narrower), *grown;
    assert_ok(space_check_extension(space, part, 1));
    assert_ok(space_extend(&grown, space, part, 1));
    assert_int_equal(grown->parameters[1].int_low, 3);
    assert_int_equal(grown->parameters[1].int_high, 12);
    space_release(grown);
    space_release(space);
    space_release(part);
}

static void test_a_point_goes_back_to_a_smaller_space(void **state)
{
    (void)state;
    struct space *space = made(stepped), *grown = extended(stepped, stepped_more);
    struct point *point, *back;
    assert_ok(point_new(&point, grown));
    assert_ok(point_new(&back, space));
    space_default(grown, point);
    assert_ok(point_set_real(grown, point, 0, 1.2));
    assert_ok(point_set_integer(grown, point, 1, -3));
    space_convert(grown, point, NULL, NULL, space, back);
    assert_true(back->value[0].real == 0.5);
    assert_int_equal(back->value[1].integer, 3);
    point_free(point);
    point_free(back);
    space_release(space);
    space_release(grown);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_new_choices_of_an_ordinal_take_their_place),
        cmocka_unit_test(test_grids_are_extended_to_the_bit),
        cmocka_unit_test(test_weights_are_kept_beside_each_other),
        cmocka_unit_test(test_conditions_are_added_where_there_is_no_doubt),
        cmocka_unit_test(test_a_cycle_is_found_when_both_are_joined),
        cmocka_unit_test(test_what_differs_is_named),
        cmocka_unit_test(test_a_point_goes_back_to_a_smaller_space),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
