/* The list of methods, and the one that suggests nothing. */
#include "core/fail.h"
#include "support/hand.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void test_every_method_is_found_by_its_name(void **state)
{
    (void)state;
    const struct method *m;
    for (size_t i = 0; i < method_count(); i++) {
        assert_int_equal(method_find(method_at(i)->name, &m), 0);
        assert_ptr_equal(m, method_at(i));
    }
    assert_true(method_count() > 0);
    assert_null(method_at(method_count()));
}

static void test_every_method_says_what_it_is(void **state)
{
    (void)state;
    for (size_t i = 0; i < method_count(); i++) {
        const struct method *m = method_at(i);
        assert_true(strlen(m->summary) > 10 && strlen(m->summary) < 100);
        assert_true(m->state_size > 0);
        assert_non_null(m->init);
        assert_non_null(m->observe);
        assert_non_null(m->suggest);
        assert_non_null(m->fini);
        for (size_t k = 0; k < m->n_options; k++) {
            const struct option *o = &m->options[k];
            assert_true(strlen(o->summary) > 10);
            assert_non_null(o->string);
            assert_non_null(o->choices);
            if (o->type != AFINA_OPTION_STRING)
                assert_true(o->low <= o->number && o->number <= o->high);
        }
    }
}

/* Every default can be set anew, so it is among the choices. */
static void test_defaults_are_allowed_values(void **state)
{
    (void)state;
    for (size_t i = 0; i < method_count(); i++) {
        const struct method *m = method_at(i);
        struct option_set set, copy;
        assert_int_equal(options_init(&set, m->name, m->options, m->n_options), 0);
        assert_int_equal(options_copy(&copy, &set), 0);
        options_fini(&copy);
        options_fini(&set);
    }
}

/* A method without a trait that the table names would be asked for it in vain. */
static void test_traits_have_names_of_their_own(void **state)
{
    (void)state;
    uint32_t named = METHOD_PORTFOLIO; /* an inner matter */
    for (size_t i = 0; i < method_trait_count(); i++) {
        const struct method_trait *trait = method_trait_at(i);
        assert_int_equal(named & trait->flag, 0);
        assert_true(strlen(trait->summary) > 10);
        named |= trait->flag;
    }
    assert_null(method_trait_at(method_trait_count()));
    for (size_t i = 0; i < method_count(); i++)
        assert_int_equal(method_traits(method_at(i)) & ~named, 0);
}

/* What a method learns from it can only learn when it learns. */
static void test_traits_agree_with_each_other(void **state)
{
    (void)state;
    const uint32_t kinds = METHOD_CONSTRAINTS | METHOD_ERRORS | METHOD_REPORTS | METHOD_BUDGETS | METHOD_MODEL;
    for (size_t i = 0; i < method_count(); i++) {
        uint32_t traits = method_traits(method_at(i));
        if (!(traits & METHOD_LEARNS))
            assert_int_equal(traits & kinds, 0);
        if (traits & METHOD_HOST_ONLY)
            assert_true(traits & METHOD_ENDS);
        assert_int_equal(!(method_at(i)->traits & METHOD_MODEL), 1);
    }
}

static void test_unknown_name_is_told_its_nearest(void **state)
{
    (void)state;
    const struct method *m;
    assert_int_equal(method_find("sobel", &m), AFINA_E_NAME);
    assert_string_equal(fail_text(), "there is no method \"sobel\"; did you mean \"sobol\"?");
    assert_int_equal(method_find("simulated annealing", &m), AFINA_E_NAME);
    assert_non_null(strstr(fail_text(), "there is no method \"simulated annealing\""));
}

static void test_manual_has_no_point_of_its_own(void **state)
{
    (void)state;
    struct space *space;
    struct hand hand;
    struct point *mine;
    const struct point *point;
    assert_int_equal(space_new(&space), 0);
    assert_int_equal(space_add_real(space, "rate", 0.001, 2.385, AFINA_SCALE_LOG), 0);
    hand_start(&hand, "manual", space, 1);
    assert_int_equal(hand_ask(&hand, &point), AFINA_EXHAUSTED);
    assert_int_equal(point_new(&mine, hand.context.space), 0);
    space_default(hand.context.space, mine);
    hand_enqueue(&hand, mine);
    hand_tell(&hand, 0, &(double){0.25});
    assert_int_equal(hand_ask(&hand, &point), AFINA_EXHAUSTED);
    point_free(mine);
    hand_end(&hand);
    space_free(space);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_method_is_found_by_its_name),
        cmocka_unit_test(test_every_method_says_what_it_is),
        cmocka_unit_test(test_defaults_are_allowed_values),
        cmocka_unit_test(test_traits_have_names_of_their_own),
        cmocka_unit_test(test_traits_agree_with_each_other),
        cmocka_unit_test(test_unknown_name_is_told_its_nearest),
        cmocka_unit_test(test_manual_has_no_point_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
