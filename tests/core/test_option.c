/* Options by name: defaults, types, ranges, and answers to wrong names. */
#include "core/option.h"

#include "core/core_help.h"

static const struct option table[] = {
    {"trees", AFINA_OPTION_INTEGER, 1, 500, 100, NULL, NULL, "trees of the forest"},
    {"gamma", AFINA_OPTION_REAL, 0, 1, 0.25, NULL, NULL, "share of good trials"},
    {"target", AFINA_OPTION_REAL, -INFINITY, INFINITY, NAN, NULL, NULL, "value to stop at"},
    {"kernel", AFINA_OPTION_STRING, 0, 0, 0, "matern52", "matern52,matern32,rbf", "covariance"},
    {"note", AFINA_OPTION_STRING, 0, 0, 0, "", "", "any text"},
};

enum { OPTIONS = sizeof table / sizeof *table };

static struct option_set new_set(void)
{
    struct option_set set;
    OK(options_init(&set, "forest", table, OPTIONS));
    return set;
}

static void test_options_start_at_their_defaults(void **state)
{
    (void)state;
    struct option_set set = new_set();
    assert_int_equal(option_integer(&set, "trees"), 100);
    assert_true(same_bits(option_real(&set, "gamma"), 0.25));
    assert_true(isnan(option_real(&set, "target")));
    assert_string_equal(option_string(&set, "kernel"), "matern52");
    assert_string_equal(option_string(&set, "note"), "");
    options_fini(&set);
}

static void test_values_are_kept(void **state)
{
    (void)state;
    struct option_set set = new_set();
    char text[] = "rbf";
    OK(options_set_integer(&set, "trees", 23));
    OK(options_set_real(&set, "gamma", 0.2385));
    OK(options_set_integer(&set, "target", -7)); /* an integer may be given to a real */
    OK(options_set_string(&set, "kernel", text));
    OK(options_set_string(&set, "note", "anything, with commas"));
    text[0] = 'x'; /* the set has its own */
    assert_int_equal(option_integer(&set, "trees"), 23);
    assert_true(same_bits(option_real(&set, "gamma"), 0.2385));
    assert_true(same_bits(option_real(&set, "target"), -7));
    assert_string_equal(option_string(&set, "kernel"), "rbf");
    assert_string_equal(option_string(&set, "note"), "anything, with commas");
    options_fini(&set);
}

static void test_ranges_are_closed(void **state)
{
    (void)state;
    struct option_set set = new_set();
    OK(options_set_integer(&set, "trees", 1));
    OK(options_set_integer(&set, "trees", 500));
    OK(options_set_real(&set, "gamma", 0));
    OK(options_set_real(&set, "gamma", 1));
    FAILS(options_set_integer(&set, "trees", 0), AFINA_E_RANGE,
          "option \"trees\" of forest must be in [1, 500], got 0");
    FAILS(options_set_integer(&set, "trees", INT64_MIN), AFINA_E_RANGE,
          "option \"trees\" of forest must be in [1, 500], got -9223372036854775808");
    FAILS(options_set_real(&set, "gamma", 1.5), AFINA_E_RANGE, "option \"gamma\" of forest must be in [0, 1], got 1.5");
    FAILS(options_set_integer(&set, "gamma", 2), AFINA_E_RANGE, "option \"gamma\" of forest must be in [0, 1], got 2");
    FAILS(options_set_real(&set, "gamma", NAN), AFINA_E_RANGE, "option \"gamma\" of forest must be in [0, 1], got nan");
    OK(options_set_real(&set, "target", NAN)); /* its default: none */
    assert_true(isnan(option_real(&set, "target")));
    assert_int_equal(option_integer(&set, "trees"), 500);
    assert_true(same_bits(option_real(&set, "gamma"), 1));
    options_fini(&set);
}

static void test_a_string_is_one_of_its_choices(void **state)
{
    (void)state;
    struct option_set set = new_set();
    static const char *const bad[] = {"", "matern", "matern52,rbf", "rbf,", "RBF", "matern522"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(options_set_string(&set, "kernel", bad[i]), AFINA_E_RANGE);
    FAILS(options_set_string(&set, "kernel", "linear"), AFINA_E_RANGE,
          "option \"kernel\" of forest must be one of matern52,matern32,rbf, got \"linear\"");
    assert_string_equal(option_string(&set, "kernel"), "matern52");
    OK(options_set_string(&set, "kernel", "matern32"));
    assert_string_equal(option_string(&set, "kernel"), "matern32");
    options_fini(&set);
}

static void test_types_do_not_mix(void **state)
{
    (void)state;
    struct option_set set = new_set();
    FAILS(options_set_real(&set, "trees", 7), AFINA_E_TYPE,
          "option \"trees\" of forest takes an integer, not a real number");
    FAILS(options_set_string(&set, "trees", "7"), AFINA_E_TYPE,
          "option \"trees\" of forest takes an integer, not a string");
    FAILS(options_set_string(&set, "gamma", "0.5"), AFINA_E_TYPE,
          "option \"gamma\" of forest takes a real number, not a string");
    FAILS(options_set_integer(&set, "kernel", 1), AFINA_E_TYPE,
          "option \"kernel\" of forest takes a string, not an integer");
    options_fini(&set);
}

static void test_an_unknown_name_gets_the_nearest_or_all(void **state)
{
    (void)state;
    struct option_set set = new_set(), none;
    FAILS(options_set_real(&set, "gama", 0.5), AFINA_E_NAME, "forest has no option \"gama\"; did you mean \"gamma\"?");
    FAILS(options_set_integer(&set, "temperature", 1), AFINA_E_NAME,
          "forest has no option \"temperature\"; it has: trees, gamma, target, kernel, note");
    OK(options_init(&none, "random", NULL, 0));
    FAILS(options_set_string(&none, "x", ""), AFINA_E_NAME, "random has no option \"x\"; it has: none");
    options_fini(&none);
    options_fini(&set);
}

static void test_a_copy_is_its_own(void **state)
{
    (void)state;
    struct option_set set = new_set(), copy;
    OK(options_set_integer(&set, "trees", 7));
    OK(options_set_string(&set, "kernel", "rbf"));
    OK(options_copy(&copy, &set));
    OK(options_set_integer(&set, "trees", 8));
    OK(options_set_string(&set, "kernel", "matern32"));
    options_fini(&set);
    assert_int_equal(option_integer(&copy, "trees"), 7);
    assert_string_equal(option_string(&copy, "kernel"), "rbf");
    assert_true(isnan(option_real(&copy, "target")));
    options_fini(&copy);
    options_fini(&copy); /* a zeroed set is fine */
}

static void test_the_table_is_found_by_name(void **state)
{
    (void)state;
    assert_ptr_equal(option_find(table, OPTIONS, "kernel"), &table[3]);
    assert_null(option_find(table, OPTIONS, "Kernel"));
    assert_null(option_find(table, 0, "kernel"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_options_start_at_their_defaults),
        cmocka_unit_test(test_values_are_kept),
        cmocka_unit_test(test_ranges_are_closed),
        cmocka_unit_test(test_a_string_is_one_of_its_choices),
        cmocka_unit_test(test_types_do_not_mix),
        cmocka_unit_test(test_an_unknown_name_gets_the_nearest_or_all),
        cmocka_unit_test(test_a_copy_is_its_own),
        cmocka_unit_test(test_the_table_is_found_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
