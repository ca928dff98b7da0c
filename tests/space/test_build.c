/* Building a space: what is refused, in which words, and that a refused call
 * changes nothing. */
#include "space/space_help.h"

#include <float.h>

static const char *const colours[] = {"red", "green", "blue"};

/* A space with one of everything. */
static struct space *sample_space(void)
{
    static const double weights[] = {1, 2, 3};
    struct space *space = new_space();
    assert_ok(space_add_real(space, "rate", 1e-5, 0.1, AFINA_SCALE_LOG));
    assert_ok(space_add_integer(space, "layers", 1, 5, AFINA_SCALE_LINEAR));
    assert_ok(space_add_choices(space, "colour", AFINA_KIND_CATEGORICAL, colours, 3));
    assert_ok(space_add_real(space, "drop", 0, 0.5, AFINA_SCALE_LINEAR));
    assert_ok(space_set_step(space, "drop", 0.1));
    assert_ok(space_set_weights(space, "colour", weights, 3));
    assert_ok(space_set_default_real(space, "drop", 0.2));
    assert_ok(space_add_condition(space, "drop", "layers", AFINA_COMPARE_GREATER, 1));
    return space;
}

/* A refused call: this code, a text with this part, and the space as it was. */
#define assert_refused(space, call, code, part)                                                                        \
    do {                                                                                                               \
        char *before_ = json_of(space);                                                                                \
        assert_int_equal(call, code);                                                                                  \
        assert_error_names(part);                                                                                      \
        char *after_ = json_of(space);                                                                                 \
        assert_string_equal(before_, after_);                                                                          \
        mem_free(before_);                                                                                             \
        mem_free(after_);                                                                                              \
    } while (0)

static void test_bad_bounds_are_refused(void **state)
{
    (void)state;
    struct space *s = sample_space();
    assert_refused(s, space_add_real(s, "x", 2, 1, AFINA_SCALE_LINEAR), AFINA_E_RANGE, "\"x\"");
    assert_refused(s, space_add_real(s, "x", NAN, 1, AFINA_SCALE_LINEAR), AFINA_E_RANGE, "nan");
    assert_refused(s, space_add_real(s, "x", 0, INFINITY, AFINA_SCALE_LINEAR), AFINA_E_RANGE, "inf");
    assert_refused(s, space_add_real(s, "x", -INFINITY, 0, AFINA_SCALE_LINEAR), AFINA_E_RANGE, "inf");
    assert_refused(s, space_add_real(s, "x", 0, 1, 3), AFINA_E_RANGE, "3");
    assert_refused(s, space_add_real(s, "x", 1, 2, -1), AFINA_E_RANGE, "-1");
    assert_refused(s, space_add_integer(s, "x", 5, 4, AFINA_SCALE_LINEAR), AFINA_E_RANGE, "5");
    assert_refused(s, space_add_integer(s, "x", INT64_MAX, INT64_MIN, AFINA_SCALE_LINEAR), AFINA_E_RANGE,
                   "9223372036854775807");
    assert_refused(s, space_add_prior(s, "x", AFINA_PRIOR_NORMAL, 0, 1, 2, 1), AFINA_E_RANGE, "\"x\"");
    assert_refused(s, space_add_prior(s, "x", AFINA_PRIOR_NORMAL, 0, 1, NAN, 1), AFINA_E_RANGE, "nan");
    assert_refused(s, space_add_prior(s, "x", AFINA_PRIOR_NORMAL, 0, 1, INFINITY, INFINITY), AFINA_E_RANGE, "inf");
    assert_refused(s, space_add_prior(s, "x", AFINA_PRIOR_NORMAL, 0, 0, 1, 2), AFINA_E_RANGE, "sd");
    assert_refused(s, space_add_prior(s, "x", AFINA_PRIOR_NORMAL, 0, NAN, 1, 2), AFINA_E_RANGE, "sd");
    assert_refused(s, space_add_prior(s, "x", AFINA_PRIOR_NORMAL, INFINITY, 1, 1, 2), AFINA_E_RANGE, "mean");
    assert_refused(s, space_add_prior(s, "x", AFINA_PRIOR_LOGNORMAL, 0, 1, -1, 2), AFINA_E_RANGE, "low");
    assert_refused(s, space_add_prior(s, "x", AFINA_PRIOR_UNIFORM, 0, 1, 1, 2), AFINA_E_RANGE, "prior");
    assert_refused(s, space_add_prior(s, "x", 77, 0, 1, 1, 2), AFINA_E_RANGE, "77");
    space_free(s);
}

/* F49 */
static void test_a_log_scale_needs_positive_bounds(void **state)
{
    (void)state;
    struct space *s = sample_space();
    assert_refused(s, space_add_real(s, "x", 0, 1, AFINA_SCALE_LOG), AFINA_E_RANGE, "\"x\"");
    assert_refused(s, space_add_real(s, "x", -1, 1, AFINA_SCALE_LOG), AFINA_E_RANGE, "low > 0");
    assert_refused(s, space_add_real(s, "x", 0, 1, AFINA_SCALE_REVERSE_LOG), AFINA_E_RANGE, "low > 0");
    assert_refused(s, space_add_integer(s, "x", 0, 9, AFINA_SCALE_LOG), AFINA_E_RANGE, "\"x\"");
    assert_refused(s, space_add_integer(s, "x", INT64_MIN, 9, AFINA_SCALE_REVERSE_LOG), AFINA_E_RANGE, "low > 0");
    space_free(s);
}

/* F47 */
static void test_log_and_step_are_refused_at_once(void **state)
{
    (void)state;
    struct space *s = sample_space();
    assert_refused(s, space_set_step(s, "rate", 0.01), AFINA_E_RANGE, "logarithmic");
    /* An integer may have both. */
    assert_ok(space_add_integer(s, "units", 16, 512, AFINA_SCALE_LOG));
    assert_ok(space_set_step(s, "units", 16));
    space_free(s);
}

static void test_bad_steps_are_refused(void **state)
{
    (void)state;
    struct space *s = sample_space();
    assert_ok(space_add_prior(s, "open", AFINA_PRIOR_NORMAL, 0, 1, 0, INFINITY));
    assert_ok(space_add_real(s, "wide", -DBL_MAX, DBL_MAX, AFINA_SCALE_LINEAR));
    assert_ok(space_add_real(s, "far", 1e16, 1e16 + 64, AFINA_SCALE_LINEAR));
    const double bad[] = {-1, NAN, INFINITY};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_refused(s, space_set_step(s, "drop", bad[i]), AFINA_E_RANGE, "step");
        assert_refused(s, space_set_step(s, "layers", bad[i]), AFINA_E_RANGE, "step");
    }
    assert_refused(s, space_set_step(s, "layers", 1.5), AFINA_E_RANGE, "1.5");
    assert_refused(s, space_set_step(s, "layers", 0x1p63), AFINA_E_RANGE, "2^63");
    assert_refused(s, space_set_step(s, "colour", 1), AFINA_E_TYPE, "colour");
    assert_refused(s, space_set_step(s, "drop", 1e-17), AFINA_E_RANGE, "drop");
    assert_refused(s, space_set_step(s, "open", 1), AFINA_E_RANGE, "finite");
    assert_refused(s, space_set_step(s, "wide", 1e300), AFINA_E_RANGE, "wide");
    assert_refused(s, space_set_step(s, "far", 0.5), AFINA_E_RANGE, "far");
    /* The default 0.2 has no place on this grid. */
    assert_refused(s, space_set_step(s, "drop", 0.15), AFINA_E_RANGE, "0.2");
    assert_refused(s, space_set_step(s, "nothing", 1), AFINA_E_NAME, "nothing");
    space_free(s);
}

static void test_bad_priors_are_refused(void **state)
{
    (void)state;
    struct space *s = sample_space();
    assert_ok(space_add_prior(s, "open", AFINA_PRIOR_NORMAL, 0, 1, 0, INFINITY));
    assert_refused(s, space_set_prior(s, "drop", AFINA_PRIOR_NORMAL, NAN, 1), AFINA_E_RANGE, "mean");
    assert_refused(s, space_set_prior(s, "drop", AFINA_PRIOR_NORMAL, 0, -1), AFINA_E_RANGE, "sd");
    assert_refused(s, space_set_prior(s, "drop", 9, 0, 1), AFINA_E_RANGE, "9");
    assert_refused(s, space_set_prior(s, "colour", AFINA_PRIOR_NORMAL, 0, 1), AFINA_E_TYPE, "colour");
    assert_refused(s, space_set_prior(s, "open", AFINA_PRIOR_UNIFORM, 0, 0), AFINA_E_RANGE, "finite");
    assert_refused(s, space_set_prior(s, "drop", AFINA_PRIOR_UNIFORM, 0, 1), AFINA_E_RANGE,
                   "mean and sd 0, got 0 and 1");
    assert_refused(s, space_set_prior(s, "drop", AFINA_PRIOR_UNIFORM, NAN, 0), AFINA_E_RANGE, "mean and sd 0");
    assert_ok(space_add_integer(s, "signed", -5, 5, AFINA_SCALE_LINEAR));
    assert_refused(s, space_set_prior(s, "signed", AFINA_PRIOR_LOGNORMAL, 0, 1), AFINA_E_RANGE, "signed");
    space_free(s);
}

static void test_bad_weights_are_refused(void **state)
{
    (void)state;
    struct space *s = sample_space();
    assert_refused(s, space_set_weights(s, "colour", (double[]){1, -1, 1}, 3), AFINA_E_RANGE, "-1");
    assert_refused(s, space_set_weights(s, "colour", (double[]){1, NAN, 1}, 3), AFINA_E_RANGE, "nan");
    assert_refused(s, space_set_weights(s, "colour", (double[]){1, INFINITY, 1}, 3), AFINA_E_RANGE, "inf");
    assert_refused(s, space_set_weights(s, "colour", (double[]){0, 0, 0}, 3), AFINA_E_RANGE, "colour");
    assert_refused(s, space_set_weights(s, "colour", (double[]){1, 1}, 2), AFINA_E_RANGE, "3 choices");
    assert_refused(s, space_set_weights(s, "layers", (double[]){1, 1}, 2), AFINA_E_TYPE, "layers");
    space_free(s);
}

static void test_bad_defaults_are_refused(void **state)
{
    (void)state;
    struct space *s = sample_space();
    assert_refused(s, space_set_default_real(s, "drop", 0.25), AFINA_E_RANGE, "0.25");
    assert_refused(s, space_set_default_real(s, "drop", 0.6), AFINA_E_RANGE, "0.5");
    assert_refused(s, space_set_default_real(s, "rate", NAN), AFINA_E_RANGE, "rate");
    assert_refused(s, space_set_default_real(s, "layers", 2), AFINA_E_TYPE, "layers");
    assert_refused(s, space_set_default_integer(s, "layers", 6), AFINA_E_RANGE, "[1, 5]");
    assert_refused(s, space_set_default_integer(s, "colour", 1), AFINA_E_TYPE, "colour");
    assert_refused(s, space_set_default_string(s, "colour", "grean"), AFINA_E_RANGE, "green");
    assert_refused(s, space_set_default_string(s, "rate", "0.01"), AFINA_E_TYPE, "rate");
    space_free(s);
}

/* F70 */
static void test_hyperopt_duplicates_and_empties_are_refused(void **state)
{
    (void)state;
    static const char *const twice[] = {"a", "b", "a"};
    static const char *const empty[] = {"a", ""};
    struct space *s = sample_space();
    struct space *snapshot;
    assert_refused(s, space_add_real(s, "rate", 0, 1, AFINA_SCALE_LINEAR), AFINA_E_NAME, "rate");
    assert_refused(s, space_add_real(s, "", 0, 1, AFINA_SCALE_LINEAR), AFINA_E_ARGUMENT, "empty");
    assert_refused(s, space_add_choices(s, "c", AFINA_KIND_CATEGORICAL, twice, 3), AFINA_E_NAME, "\"a\"");
    assert_refused(s, space_add_choices(s, "c", AFINA_KIND_ORDINAL, empty, 2), AFINA_E_ARGUMENT, "\"c\"");
    assert_refused(s, space_add_choices(s, "c", AFINA_KIND_ORDINAL, twice, 0), AFINA_E_ARGUMENT, "\"c\"");
    space_free(s);
    s = new_space();
    assert_int_equal(space_snapshot(&snapshot, s), 0); /* a study may begin with it and grow */
    assert_int_equal(snapshot->size, 0);
    space_release(snapshot);
    space_free(s);
}

static void test_hyperopt_ten_thousand_parameters_and_no_more(void **state)
{
    (void)state;
    char name[16];
    struct space *s = new_space();
    for (int i = 0; i < SPACE_MAX_PARAMETERS; i++) {
        snprintf(name, sizeof name, "x%d", i);
        assert_ok(space_add_real(s, name, 0, 1, AFINA_SCALE_LINEAR));
    }
    assert_int_equal(space_add_real(s, "x77", 0, 1, AFINA_SCALE_LINEAR), AFINA_E_NAME);
    assert_int_equal(space_add_real(s, "more", 0, 1, AFINA_SCALE_LINEAR), AFINA_E_RANGE);
    assert_error_names("10000");
    assert_error_names("more");
    struct space *snapshot = snapshot_of(s);
    size_t index;
    assert_ok(space_find(snapshot, "x9999", &index));
    assert_int_equal(index, 9999);
    space_release(snapshot);
    space_free(s);
}

/* A hundred thousand choices, then one that is there already; and a condition
 * that lists them all. */
static void test_a_hundred_thousand_choices_and_no_more(void **state)
{
    (void)state;
    char(*texts)[16] = mem_new(SPACE_MAX_CHOICES + 1, sizeof *texts);
    const char **choices = mem_new(SPACE_MAX_CHOICES + 1, sizeof *choices);
    struct space *s = new_space();
    for (size_t i = 0; i <= SPACE_MAX_CHOICES; i++) {
        snprintf(texts[i], sizeof texts[i], "choice %zu", i);
        choices[i] = texts[i];
    }
    assert_int_equal(space_add_choices(s, "c", AFINA_KIND_CATEGORICAL, choices, SPACE_MAX_CHOICES + 1), AFINA_E_RANGE);
    choices[SPACE_MAX_CHOICES - 1] = texts[5];
    assert_int_equal(space_add_choices(s, "c", AFINA_KIND_CATEGORICAL, choices, SPACE_MAX_CHOICES), AFINA_E_NAME);
    assert_error_names("choice 5");
    choices[SPACE_MAX_CHOICES - 1] = texts[SPACE_MAX_CHOICES - 1];
    assert_ok(space_add_choices(s, "c", AFINA_KIND_CATEGORICAL, choices, SPACE_MAX_CHOICES));
    assert_ok(space_add_real(s, "x", 0, 1, AFINA_SCALE_LINEAR));
    assert_ok(space_add_condition_in(s, "x", "c", choices, SPACE_MAX_CHOICES));
    assert_int_equal(s->parameters[1].conditions[0].n_members, SPACE_MAX_CHOICES);
    space_free(s);
    mem_free((void *)choices);
    mem_free(texts);
}

/* F67: any UTF-8 text is a name; what is not UTF-8 is refused. */
static void test_names_of_every_script(void **state)
{
    (void)state;
    char longest[SPACE_MAX_NAME + 2];
    static const char *const names[] = {
        "\xF0\x9F\x9A\x80 rocket", "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D", "e\xCC\x81", "a \xE2\x80\x94 b",
        "'; DROP TABLE trials;--", "<script>alert(1)</script>",        "%s%n%d",    "\"quoted\\\"",
        "new\nline\ttab\x01"};
    static const char *const malformed[] = {"\xFF", "a\xC3", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\x80"};
    struct space *s = new_space(), *back;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_ok(space_add_choices(s, names[i], AFINA_KIND_CATEGORICAL, names, sizeof names / sizeof *names));
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
        assert_refused(s, space_add_real(s, malformed[i], 0, 1, AFINA_SCALE_LINEAR), AFINA_E_ARGUMENT, "UTF-8");
        assert_refused(s, space_add_choices(s, "c", AFINA_KIND_ORDINAL, &malformed[i], 1), AFINA_E_ARGUMENT, "UTF-8");
    }
    memset(longest, 'x', sizeof longest);
    longest[SPACE_MAX_NAME + 1] = '\0';
    assert_refused(s, space_add_real(s, longest, 0, 1, AFINA_SCALE_LINEAR), AFINA_E_ARGUMENT, "1024");
    longest[SPACE_MAX_NAME] = '\0';
    assert_ok(space_add_real(s, longest, 0, 1, AFINA_SCALE_LINEAR));
    assert_refused(s, space_add_real(s, longest, 0, 1, AFINA_SCALE_LINEAR), AFINA_E_NAME, "already");

    char *json = json_of(s);
    assert_ok(space_from_json(&back, json, strlen(json)));
    char *again = json_of(back);
    assert_string_equal(json, again);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_string_equal(back->parameters[i].name, names[i]);
    mem_free(json);
    mem_free(again);
    space_free(back);
    space_free(s);
}

static void test_an_unknown_name_gets_the_nearest(void **state)
{
    (void)state;
    struct space *s = sample_space();
    size_t index;
    assert_int_equal(space_find(s, "layer", &index), AFINA_E_NAME);
    assert_error_names("\"layers\"");
    assert_int_equal(space_find(s, "entirely other", &index), AFINA_E_NAME);
    assert_error_names("entirely other");
    space_free(s);
}

static void test_a_clone_is_the_same_and_apart(void **state)
{
    (void)state;
    struct space *s = sample_space(), *clone;
    assert_ok(space_clone(&clone, s));
    char *a = json_of(s), *b = json_of(clone);
    assert_string_equal(a, b);
    assert_ok(space_add_real(clone, "more", 0, 1, AFINA_SCALE_LINEAR));
    assert_ok(space_set_weights(clone, "colour", (double[]){0, 0, 1}, 3));
    char *c = json_of(s);
    assert_string_equal(a, c);
    mem_free(a);
    mem_free(b);
    mem_free(c);
    space_free(clone);
    assert_int_equal(space_find(s, "more", &(size_t){0}), AFINA_E_NAME);
    space_free(s);
}

static void test_a_snapshot_lives_as_long_as_it_is_referenced(void **state)
{
    (void)state;
    struct space *s = sample_space();
    struct space *snapshot = snapshot_of(s);
    space_free(s);
    assert_ptr_equal(space_reference(snapshot), snapshot);
    space_release(snapshot);
    assert_string_equal(snapshot->parameters[2].name, "colour");
    space_release(snapshot);
    space_release(NULL);
    space_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bad_bounds_are_refused),
        cmocka_unit_test(test_a_log_scale_needs_positive_bounds),
        cmocka_unit_test(test_log_and_step_are_refused_at_once),
        cmocka_unit_test(test_bad_steps_are_refused),
        cmocka_unit_test(test_bad_priors_are_refused),
        cmocka_unit_test(test_bad_weights_are_refused),
        cmocka_unit_test(test_bad_defaults_are_refused),
        cmocka_unit_test(test_hyperopt_duplicates_and_empties_are_refused),
        cmocka_unit_test(test_hyperopt_ten_thousand_parameters_and_no_more),
        cmocka_unit_test(test_a_hundred_thousand_choices_and_no_more),
        cmocka_unit_test(test_names_of_every_script),
        cmocka_unit_test(test_an_unknown_name_gets_the_nearest),
        cmocka_unit_test(test_a_clone_is_the_same_and_apart),
        cmocka_unit_test(test_a_snapshot_lives_as_long_as_it_is_referenced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
