/* What a host can ask about a method. */
#include "support/search_study.h"

static int32_t has(const char *method, const char *trait)
{
    int32_t has = -1;
    OK(afina_method_trait(method, trait, &has));
    return has;
}

static void test_a_method_tells_what_it_learns_from(void **state)
{
    (void)state;
    assert_int_equal(has("gp", "learns"), 1);
    assert_int_equal(has("gp", "errors"), 1);
    assert_int_equal(has("gp", "model"), 1);
    assert_int_equal(has("gp", "several_objectives"), 0);
    assert_int_equal(has("random", "learns"), 0);
    assert_int_equal(has("random", "several_objectives"), 1);
    assert_int_equal(has("grid", "ends"), 1);
    assert_int_equal(has("manual", "host_only"), 1);
}

static void test_every_trait_is_listed_with_a_summary(void **state)
{
    (void)state;
    assert_true(afina_trait_count() >= 9);
    for (size_t i = 0; i < afina_trait_count(); i++) {
        assert_true(strlen(afina_trait_summary(afina_trait_name(i))) > 10);
        for (size_t m = 0; m < afina_method_count(); m++)
            assert_in_range(has(afina_method_name(m), afina_trait_name(i)), 0, 1);
    }
    assert_null(afina_trait_name(afina_trait_count()));
}

static void test_unknown_names_are_told_their_nearest(void **state)
{
    (void)state;
    int32_t value = 7;
    assert_int_equal(afina_method_trait("gp", "eror", &value), AFINA_E_NAME);
    assert_string_equal(afina_last_error(), "there is no trait \"eror\"; did you mean \"errors\"?");
    assert_int_equal(afina_method_trait("gpp", "errors", &value), AFINA_E_NAME);
    assert_int_equal(afina_method_trait("gp", "colour of the sky", &value), AFINA_E_NAME);
    assert_non_null(strstr(afina_last_error(), "afina_trait_name() lists them"));
    assert_null(afina_trait_summary("eror"));
    assert_null(afina_trait_summary(NULL));
    assert_int_equal(afina_method_trait(NULL, "errors", &value), AFINA_E_ARGUMENT);
    assert_int_equal(afina_method_trait("gp", NULL, &value), AFINA_E_ARGUMENT);
    assert_int_equal(afina_method_trait("gp", "errors", NULL), AFINA_E_ARGUMENT);
    assert_int_equal(value, 7);
}

/* The trait "several_objectives" and what an ask says are the same. */
static void test_several_objectives_are_taken_or_refused_as_the_trait_says(void **state)
{
    (void)state;
    for (size_t m = 0; m < afina_method_count(); m++) {
        const char *method = afina_method_name(m);
        afina_optimizer *optimizer = cube(2, method);
        afina_trial *trial;
        OK(afina_optimizer_set_integer(optimizer, "objectives", 2));
        int32_t rc = afina_ask(optimizer, &trial);
        assert_int_equal(rc != AFINA_E_UNSUPPORTED, has(method, "several_objectives"));
        afina_trial_free(trial);
        afina_optimizer_free(optimizer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_method_tells_what_it_learns_from),
        cmocka_unit_test(test_every_trait_is_listed_with_a_summary),
        cmocka_unit_test(test_unknown_names_are_told_their_nearest),
        cmocka_unit_test(test_several_objectives_are_taken_or_refused_as_the_trait_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
