/* What was put into a space is read out of it, and out of a study made from it. */
#include "support/small_study.h"

#include <math.h>

/* One parameter of every kind, with all that can be said of one. */
static afina_space *full_space(void)
{
    static const char *const colours[] = {"red", "green", "blue"}, *const sizes[] = {"1", "2.5", "10"};
    static const char *const some[] = {"blue", "red"}, *const counts[] = {"7", "3"};
    static const double weights[] = {1, 3, 0};
    afina_space *space;
    OK(afina_space_new(&space));
    OK(afina_space_add_real(space, "rate", 1e-5, 0.1, AFINA_SCALE_LOG));
    OK(afina_space_add_real(space, "drop", 0, 0.9, AFINA_SCALE_LINEAR));
    OK(afina_space_set_step(space, "drop", 0.1));
    OK(afina_space_add_integer(space, "layers", -3, 9, AFINA_SCALE_LINEAR));
    OK(afina_space_set_step(space, "layers", 2));
    OK(afina_space_add_normal(space, "bias", 2.385, 0.5, -INFINITY, 7));
    OK(afina_space_add_categorical(space, "colour", colours, 3));
    OK(afina_space_set_weights(space, "colour", weights, 3));
    OK(afina_space_add_ordinal(space, "size", sizes, 3));
    OK(afina_space_set_default_real(space, "rate", 0.01));
    OK(afina_space_set_default_integer(space, "layers", 5));
    OK(afina_space_set_default_string(space, "size", "10"));
    OK(afina_space_add_condition_in(space, "drop", "colour", some, 2));
    OK(afina_space_add_condition_in(space, "drop", "layers", counts, 2));
    OK(afina_space_add_condition(space, "bias", "size", AFINA_COMPARE_GREATER, 1.5));
    return space;
}

static void check_numbers(const afina_space *s)
{
    double low, high, step, mean, sd;
    int64_t first, last;
    int32_t scale, prior;
    OK(afina_space_get_real_bounds(s, "rate", &low, &high));
    assert_true(low == 1e-5 && high == 0.1);
    OK(afina_space_get_real_bounds(s, "bias", &low, &high));
    assert_true(low == -INFINITY && high == 7);
    OK(afina_space_get_integer_bounds(s, "layers", &first, &last));
    assert_true(first == -3 && last == 9);
    OK(afina_space_get_scale(s, "rate", &scale));
    assert_int_equal(scale, AFINA_SCALE_LOG);
    OK(afina_space_get_step(s, "rate", &step));
    assert_true(step == 0);
    OK(afina_space_get_step(s, "drop", &step));
    assert_true(step == 0.1);
    OK(afina_space_get_step(s, "layers", &step));
    assert_true(step == 2);
    OK(afina_space_get_prior(s, "bias", &prior, &mean, &sd));
    assert_true(prior == AFINA_PRIOR_NORMAL && mean == 2.385 && sd == 0.5);
    OK(afina_space_get_prior(s, "rate", &prior, &mean, &sd));
    assert_true(prior == AFINA_PRIOR_UNIFORM && mean == 0 && sd == 0);
}

static void check_defaults(const afina_space *s)
{
    double rate, weights[3];
    int64_t layers;
    const char *text;
    size_t n;
    OK(afina_space_get_default_real(s, "rate", &rate));
    assert_true(rate == 0.01);
    OK(afina_space_get_default_integer(s, "layers", &layers));
    assert_int_equal(layers, 5);
    OK(afina_space_get_default_string(s, "size", &text));
    assert_string_equal(text, "10");
    OK(afina_space_get_default_string(s, "colour", &text));
    assert_string_equal(text, "green"); /* the most probable */
    OK(afina_space_get_weights(s, "colour", weights, 3, &n));
    assert_int_equal(n, 3);
    assert_true(weights[0] == 0.25 && weights[1] == 0.75 && weights[2] == 0);
    OK(afina_space_get_weights(s, "size", weights, 1, &n));
    assert_int_equal(n, 3);
    assert_true(weights[0] == 1.0 / 3);
}

static void check_value(const afina_space *s, size_t condition, size_t value, const char *expected)
{
    char text[16];
    size_t n;
    OK(afina_space_get_condition_value(s, "drop", condition, value, text, sizeof text, &n));
    assert_string_equal(text, expected);
    assert_int_equal(n, strlen(expected));
}

static void check_conditions(const afina_space *s)
{
    const char *parent;
    int32_t comparison;
    double number;
    size_t n;
    OK(afina_space_get_condition_count(s, "rate", &n));
    assert_int_equal(n, 0);
    OK(afina_space_get_condition_count(s, "drop", &n));
    assert_int_equal(n, 2);
    OK(afina_space_get_condition(s, "drop", 0, &parent, &comparison, &number));
    assert_string_equal(parent, "colour");
    assert_int_equal(comparison, AFINA_COMPARE_IN);
    OK(afina_space_get_condition_value_count(s, "drop", 0, &n));
    assert_int_equal(n, 2);
    check_value(s, 0, 0, "red");
    check_value(s, 0, 1, "blue");
    check_value(s, 1, 0, "3");
    check_value(s, 1, 1, "7");
    OK(afina_space_get_condition(s, "bias", 0, &parent, &comparison, &number));
    assert_string_equal(parent, "size");
    assert_int_equal(comparison, AFINA_COMPARE_GREATER);
    assert_true(number == 1.5);
    OK(afina_space_get_condition_value_count(s, "bias", 0, &n));
    assert_int_equal(n, 0);
}

static void test_all_that_was_said_of_a_parameter_is_read(void **state)
{
    (void)state;
    afina_space *space = full_space();
    check_numbers(space);
    check_defaults(space);
    check_conditions(space);
    afina_space_free(space);
}

static int32_t all(const afina_point *point, void *user)
{
    (void)user;
    return point != NULL;
}

static void test_the_space_and_method_of_a_study_read_from_its_log(void **state)
{
    (void)state;
    afina_space *space = full_space(), *again;
    afina_optimizer *o;
    afina_trial *trial;
    const char *method;
    int32_t has;
    int64_t seed;
    OK(afina_space_set_filter(space, all, NULL, NULL));
    OK(afina_space_has_filter(space, &has));
    assert_int_equal(has, 1);
    OK(afina_optimizer_new(&o, space, "tpe"));
    afina_space_free(space);
    OK(afina_optimizer_get_space(o, &again));
    OK(afina_space_has_filter(again, &has));
    assert_int_equal(has, 1);
    afina_space_free(again);
    OK(afina_optimizer_set_integer(o, "seed", 17));
    OK(afina_ask(o, &trial));
    afina_trial_free(trial);
    char *text = log_of(o);
    afina_optimizer_free(o);
    OK(afina_optimizer_from_log(&o, text, strlen(text)));
    free(text);
    OK(afina_optimizer_get_method(o, &method));
    assert_string_equal(method, "tpe");
    OK(afina_optimizer_get_integer(o, "seed", &seed));
    assert_int_equal(seed, 17);
    OK(afina_optimizer_get_space(o, &again));
    check_numbers(again);
    check_defaults(again);
    check_conditions(again);
    OK(afina_space_has_filter(again, &has));
    assert_int_equal(has, 0);
    afina_optimizer_free(o);
    afina_space_free(again);
}

static void test_a_kind_that_has_no_such_thing_says_so(void **state)
{
    (void)state;
    afina_space *s = full_space();
    double x, y;
    int64_t k, l;
    int32_t i;
    size_t n;
    const char *text;
    FAILS(afina_space_get_real_bounds(s, "layers", &x, &y), AFINA_E_TYPE, "\"layers\" is not a real");
    FAILS(afina_space_get_integer_bounds(s, "rate", &k, &l), AFINA_E_TYPE, "\"rate\" is not an integer");
    FAILS(afina_space_get_scale(s, "colour", &i), AFINA_E_TYPE, "\"colour\" has choices: it has no scale");
    FAILS(afina_space_get_step(s, "size", &x), AFINA_E_TYPE, "it has no step");
    FAILS(afina_space_get_prior(s, "size", &i, &x, &y), AFINA_E_TYPE, "afina_space_get_weights()");
    FAILS(afina_space_get_default_real(s, "colour", &x), AFINA_E_TYPE, "not a real");
    FAILS(afina_space_get_default_integer(s, "rate", &k), AFINA_E_TYPE, "not an integer");
    FAILS(afina_space_get_default_string(s, "rate", &text), AFINA_E_TYPE, "no choices");
    FAILS(afina_space_get_weights(s, "rate", &x, 1, &n), AFINA_E_TYPE, "no choices");
    FAILS(afina_space_get_step(s, "rates", &x), AFINA_E_NAME, "did you mean \"rate\"");
    FAILS(afina_space_get_condition(s, "bias", 1, &text, &i, &x), AFINA_E_RANGE,
          "condition 1: parameter \"bias\" has 1");
    FAILS(afina_space_get_condition_value(s, "bias", 0, 0, NULL, 0, &n), AFINA_E_RANGE, "value 0");
    afina_space_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_that_was_said_of_a_parameter_is_read),
        cmocka_unit_test(test_the_space_and_method_of_a_study_read_from_its_log),
        cmocka_unit_test(test_a_kind_that_has_no_such_thing_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
