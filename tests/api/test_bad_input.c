/* Bad input: every public function given NULL, a bad name or a bad number answers
 * with a code and a text, and changes nothing. */
#include "afina_mlp.h"
#include "support/small_study.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The call is refused with AFINA_E_ARGUMENT, and its text begins with its own name. */
#define NEEDS(function, arguments) FAILS(function arguments, AFINA_E_ARGUMENT, #function ": ")

static void test_space_functions_refuse_null(void **state)
{
    (void)state;
    static const char *const choices[] = {"a"};
    static const char *const hole[] = {"a", NULL};
    double weight = 1;
    size_t n;
    uint64_t count;
    int32_t kind;
    afina_space *s = small_space(), *out;
    afina_point *p;
    NEEDS(afina_space_new, (NULL));
    NEEDS(afina_space_copy, (NULL, s));
    NEEDS(afina_space_copy, (&out, NULL));
    assert_null(out);
    NEEDS(afina_space_add_real, (NULL, "z", 0, 1, 0));
    NEEDS(afina_space_add_real, (s, NULL, 0, 1, 0));
    NEEDS(afina_space_add_integer, (NULL, "z", 0, 1, 0));
    NEEDS(afina_space_add_integer, (s, NULL, 0, 1, 0));
    NEEDS(afina_space_add_categorical, (NULL, "z", choices, 1));
    NEEDS(afina_space_add_categorical, (s, "z", NULL, 1));
    NEEDS(afina_space_add_categorical, (s, "z", choices, 0));
    NEEDS(afina_space_add_categorical, (s, "z", hole, 2));
    NEEDS(afina_space_add_ordinal, (s, NULL, choices, 1));
    NEEDS(afina_space_add_ordinal, (s, "z", hole, 2));
    NEEDS(afina_space_add_normal, (NULL, "z", 0, 1, 0, 1));
    NEEDS(afina_space_add_lognormal, (s, NULL, 0, 1, 0, 1));
    NEEDS(afina_space_set_step, (NULL, "x", 1));
    NEEDS(afina_space_set_prior, (s, NULL, 0, 0, 1));
    NEEDS(afina_space_set_weights, (s, "k", NULL, 3));
    NEEDS(afina_space_set_weights, (NULL, "k", &weight, 1));
    NEEDS(afina_space_set_default_real, (NULL, "x", 1));
    NEEDS(afina_space_set_default_integer, (s, NULL, 1));
    NEEDS(afina_space_set_default_string, (s, "k", NULL));
    NEEDS(afina_space_add_condition_in, (s, NULL, "k", choices, 1));
    NEEDS(afina_space_add_condition_in, (s, "x", NULL, choices, 1));
    NEEDS(afina_space_add_condition_in, (s, "x", "k", NULL, 1));
    NEEDS(afina_space_add_condition_in, (NULL, "x", "k", choices, 1));
    NEEDS(afina_space_add_condition, (NULL, "x", "k", 0, 1));
    NEEDS(afina_space_add_condition, (s, NULL, "k", 0, 1));
    NEEDS(afina_space_add_condition, (s, "x", NULL, 0, 1));
    NEEDS(afina_space_set_filter, (NULL, NULL, NULL, NULL));
    NEEDS(afina_space_point_count, (NULL, &count));
    NEEDS(afina_space_point_count, (s, NULL));
    NEEDS(afina_space_unrank, (NULL, 0, &p));
    NEEDS(afina_space_unrank, (s, 0, NULL));
    NEEDS(afina_space_rank, (s, NULL, &count));
    NEEDS(afina_space_sample, (NULL, 0, 0, &p));
    assert_null(p);
    NEEDS(afina_space_sample, (s, 0, 0, NULL));
    NEEDS(afina_space_get_kind, (s, NULL, &kind));
    NEEDS(afina_space_get_kind, (s, "x", NULL));
    NEEDS(afina_space_to_json, (NULL, NULL, 0, &n));
    NEEDS(afina_space_to_json, (s, NULL, 0, NULL));
    NEEDS(afina_space_to_json, (s, NULL, 5, &n));
    NEEDS(afina_space_from_json, (NULL, "{}", 2));
    NEEDS(afina_space_from_json, (&out, NULL, 2));
    assert_int_equal(afina_space_parameter_count(NULL), 0);
    assert_null(afina_space_parameter_name(NULL, 0));
    assert_null(afina_space_parameter_name(s, 3));
    assert_int_equal(afina_space_get_choice_count(NULL, "k"), 0);
    assert_int_equal(afina_space_get_choice_count(s, "nobody"), 0);
    assert_null(afina_space_get_choice(s, "k", 3));
    assert_int_equal(afina_space_parameter_count(s), 3); /* nothing got in */
    afina_space_free(s);
    afina_space_free(NULL);
}

static void test_point_functions_refuse_null(void **state)
{
    (void)state;
    afina_space *s = small_space();
    afina_point *p, *out;
    double real;
    int64_t integer;
    int32_t active;
    const char *string;
    size_t n;
    OK(afina_point_new(&p, s));
    NEEDS(afina_point_new, (NULL, s));
    NEEDS(afina_point_new, (&out, NULL));
    NEEDS(afina_point_copy, (&out, NULL));
    NEEDS(afina_point_copy, (NULL, p));
    NEEDS(afina_point_set_real, (NULL, "x", 1));
    NEEDS(afina_point_set_real, (p, NULL, 1));
    NEEDS(afina_point_set_integer, (NULL, "x", 1));
    NEEDS(afina_point_set_string, (p, "k", NULL));
    NEEDS(afina_point_get_real, (NULL, "x", &real));
    NEEDS(afina_point_get_real, (p, "x", NULL));
    NEEDS(afina_point_get_integer, (p, "", &integer));
    NEEDS(afina_point_get_string, (p, "k", NULL));
    NEEDS(afina_point_get_string, (NULL, "k", &string));
    NEEDS(afina_point_is_active, (p, "y", NULL));
    NEEDS(afina_point_is_active, (NULL, "y", &active));
    NEEDS(afina_point_get_text, (p, "x", NULL, 0, NULL));
    NEEDS(afina_point_to_json, (NULL, NULL, 0, &n));
    NEEDS(afina_point_from_json, (NULL, s, "{}", 2));
    NEEDS(afina_point_from_json, (&out, NULL, "{}", 2));
    NEEDS(afina_point_from_json, (&out, s, NULL, 2));
    afina_point_free(p);
    afina_point_free(NULL);
    afina_space_free(s);
}

static int32_t objective(afina_trial *trial, double *values, void *user)
{
    (void)trial;
    (void)user;
    values[0] = 1;
    return 0;
}

static void test_optimizer_functions_refuse_null(void **state)
{
    (void)state;
    afina_space *s = small_space();
    afina_optimizer *o, *out;
    afina_trial *t;
    afina_point *p, *made;
    double value = 1;
    int64_t number;
    size_t n;
    OK(afina_point_new(&p, s));
    OK(afina_optimizer_new(&o, s, NULL));
    NEEDS(afina_optimizer_new, (NULL, s, NULL));
    NEEDS(afina_optimizer_new, (&out, NULL, NULL));
    assert_null(out);
    NEEDS(afina_optimizer_set_integer, (NULL, "seed", 1));
    NEEDS(afina_optimizer_set_integer, (o, NULL, 1));
    NEEDS(afina_optimizer_set_real, (o, "", 1));
    NEEDS(afina_optimizer_set_string, (o, "direction", NULL));
    NEEDS(afina_optimizer_get_integer, (o, "seed", NULL));
    NEEDS(afina_optimizer_get_real, (NULL, "seconds", &value));
    NEEDS(afina_optimizer_get_string, (o, NULL, NULL, 0, &n));
    NEEDS(afina_optimizer_get_string, (o, "direction", NULL, 1, &n));
    NEEDS(afina_optimizer_get_string, (o, "direction", NULL, 0, NULL));
    NEEDS(afina_optimizer_set_filter, (NULL, NULL, NULL, NULL));
    NEEDS(afina_optimizer_set_message, (NULL, NULL, NULL, NULL));
    NEEDS(afina_ask, (NULL, &t));
    NEEDS(afina_ask, (o, NULL));
    NEEDS(afina_tell, (NULL, 0, &value, 1));
    NEEDS(afina_tell, (o, 0, NULL, 1));
    NEEDS(afina_tell_failed, (NULL, 0, NULL));
    NEEDS(afina_tell_failed, (o, 0, "\xFF"));
    NEEDS(afina_tell_infeasible, (NULL, 0, NULL));
    NEEDS(afina_tell_stopped, (NULL, 0));
    NEEDS(afina_tell_constraints, (o, 0, NULL, 1));
    NEEDS(afina_tell_errors, (NULL, 0, &value, 1));
    NEEDS(afina_tell_errors, (o, 0, NULL, 1));
    NEEDS(afina_trial_tell, (NULL, &value, 1));
    NEEDS(afina_trial_tell_failed, (NULL, NULL));
    NEEDS(afina_trial_tell_infeasible, (NULL, NULL));
    NEEDS(afina_trial_tell_stopped, (NULL));
    NEEDS(afina_trial_tell_lost, (NULL, NULL));
    NEEDS(afina_trial_tell_report, (NULL, 0, &value, 1));
    NEEDS(afina_trial_should_stop, (NULL, NULL));
    NEEDS(afina_enqueue, (o, NULL));
    NEEDS(afina_enqueue, (NULL, p));
    NEEDS(afina_add_trial, (o, NULL, AFINA_STATE_FAILED, NULL, 0, NULL));
    NEEDS(afina_optimize, (NULL, objective, NULL, 1));
    NEEDS(afina_best, (NULL, &t));
    NEEDS(afina_best, (o, NULL));
    NEEDS(afina_model_best, (NULL, 0, &t));
    NEEDS(afina_model_best, (o, 0, NULL));
    NEEDS(afina_model_optima, (NULL, 0, 1, 0, &made));
    assert_null(made);
    NEEDS(afina_model_optima, (o, 0, 1, 0, NULL));
    NEEDS(afina_model_range, (NULL, 0, "x", 0.5, 0, &value, &value));
    NEEDS(afina_model_range, (o, 0, NULL, 0.5, 0, &value, &value));
    NEEDS(afina_model_range, (o, 0, "x", 0.5, 0, NULL, &value));
    NEEDS(afina_model_range, (o, 0, "x", 0.5, 0, &value, NULL));
    NEEDS(afina_model_choice_shares, (NULL, 0, "k", 0, NULL, 0, &n));
    NEEDS(afina_model_choice_shares, (o, 0, NULL, 0, NULL, 0, &n));
    NEEDS(afina_model_choice_shares, (o, 0, "k", 0, NULL, 0, NULL));
    NEEDS(afina_model_simplify, (NULL, 0, p, &made));
    NEEDS(afina_model_simplify, (o, 0, NULL, &made));
    assert_null(made);
    NEEDS(afina_model_simplify, (o, 0, p, NULL));
    NEEDS(afina_model_regret, (NULL, 0, &value, &value));
    NEEDS(afina_model_regret, (o, 0, NULL, &value));
    NEEDS(afina_model_regret, (o, 0, &value, NULL));
    NEEDS(afina_trial_count, (o, NULL));
    NEEDS(afina_trial_count, (NULL, &number));
    NEEDS(afina_trial_get, (o, 0, NULL));
    NEEDS(afina_optimizer_to_log, (NULL, NULL, 0, &n));
    NEEDS(afina_optimizer_to_log, (o, NULL, 0, NULL));
    NEEDS(afina_optimizer_from_log, (NULL, "", 0));
    NEEDS(afina_optimizer_replay, (o, NULL));
    NEEDS(afina_optimizer_replay, (NULL, &number));
    assert_int_equal(afina_trial_number(NULL), -1);
    assert_null(afina_trial_point(NULL));
    afina_trial_free(NULL);
    afina_optimizer_free(NULL);
    OK(afina_trial_count(o, &number));
    assert_int_equal(number, 0);
    afina_point_free(p);
    afina_optimizer_free(o);
    afina_space_free(s);
}

static void test_trial_functions_refuse_null(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    afina_trial *t;
    double value;
    int64_t replicate, parent;
    uint64_t seed;
    int32_t number;
    size_t n;
    OK(afina_ask(o, &t));
    NEEDS(afina_trial_state, (NULL, &number));
    NEEDS(afina_trial_state, (t, NULL));
    NEEDS(afina_trial_origin, (NULL, &number));
    NEEDS(afina_trial_origin, (t, NULL));
    NEEDS(afina_trial_budget, (NULL, &value));
    NEEDS(afina_trial_budget, (t, NULL));
    NEEDS(afina_trial_replicate, (NULL, &replicate));
    NEEDS(afina_trial_replicate, (t, NULL));
    NEEDS(afina_trial_parent, (NULL, &parent));
    NEEDS(afina_trial_parent, (t, NULL));
    NEEDS(afina_trial_values, (NULL, NULL, 0, &n));
    NEEDS(afina_trial_values, (t, NULL, 1, &n));
    NEEDS(afina_trial_values, (t, NULL, 0, NULL));
    NEEDS(afina_trial_constraints, (NULL, NULL, 0, &n));
    NEEDS(afina_trial_errors, (NULL, NULL, 0, &n));
    NEEDS(afina_trial_reason, (NULL, NULL, 0, &n));
    NEEDS(afina_trial_reason, (t, NULL, 0, NULL));
    NEEDS(afina_trial_report_count, (t, NULL));
    NEEDS(afina_trial_report, (t, 0, NULL, NULL, 0, &n));
    NEEDS(afina_trial_seed, (NULL, &seed));
    NEEDS(afina_trial_seed, (t, NULL));
    OK(afina_trial_budget(t, &value));
    OK(afina_trial_replicate(t, &replicate));
    OK(afina_trial_parent(t, &parent));
    assert_true(isinf(value) && replicate == 0 && parent == -1);
    afina_trial_free(t);
    afina_optimizer_free(o);
}

static void test_network_functions_refuse_null(void **state)
{
    (void)state;
    double x[] = {0, 1, 2, 3}, y[] = {0, 1, 0, 1}, value;
    afina_dataset *d, *a, *b;
    afina_mlp *m;
    afina_space *s;
    afina_network *net;
    afina_training *t;
    size_t n;
    NEEDS(afina_dataset_from_csv, (NULL, "x.csv", 1, NULL, 0, NULL, 0));
    NEEDS(afina_dataset_from_csv, (&d, NULL, 1, NULL, 0, NULL, 0));
    NEEDS(afina_dataset_from_csv, (&d, "x.csv", 1, "", 0, NULL, 0));
    NEEDS(afina_dataset_from_csv, (&d, "x.csv", 1, NULL, 0, NULL, 2));
    NEEDS(afina_dataset_from_idx, (&d, NULL, "b", 0));
    NEEDS(afina_dataset_from_idx, (&d, "a", NULL, 0));
    NEEDS(afina_dataset_from_arrays, (&d, NULL, 4, 1, y, 0));
    NEEDS(afina_dataset_from_arrays, (&d, x, 4, 1, NULL, 0));
    NEEDS(afina_dataset_from_arrays, (NULL, x, 4, 1, y, 0));
    OK(afina_dataset_from_arrays(&d, x, 4, 1, y, AFINA_TASK_CLASSIFICATION));
    NEEDS(afina_dataset_split, (NULL, 0.5, 0, &a, &b));
    NEEDS(afina_dataset_split, (d, 0.5, 0, NULL, &b));
    NEEDS(afina_dataset_split, (d, 0.5, 0, &a, NULL));
    NEEDS(afina_mlp_new, (&m, NULL));
    NEEDS(afina_mlp_new, (NULL, d));
    OK(afina_mlp_new(&m, d));
    NEEDS(afina_mlp_set_integer, (NULL, "layers", 1));
    NEEDS(afina_mlp_set_string, (m, "metric", NULL));
    NEEDS(afina_mlp_space, (NULL, &s));
    NEEDS(afina_mlp_space, (m, NULL));
    NEEDS(afina_mlp_objective, (NULL, &value, m));
    NEEDS(afina_network_train, (NULL, m, NULL, 0));
    NEEDS(afina_network_train, (&net, m, NULL, 0));
    NEEDS(afina_network_train_epochs, (NULL, m, NULL, 1, 0));
    NEEDS(afina_network_train_epochs, (&net, m, NULL, 1, 0));
    NEEDS(afina_training_new, (NULL, m, NULL, 0));
    NEEDS(afina_training_new, (&t, m, NULL, 0));
    NEEDS(afina_training_run, (NULL, 1, NULL, NULL));
    NEEDS(afina_training_progress, (NULL, NULL, NULL));
    NEEDS(afina_training_best, (NULL, &value, &value));
    NEEDS(afina_training_network, (NULL, NULL, 0));
    NEEDS(afina_training_network, (&net, NULL, 0));
    NEEDS(afina_training_save, (NULL, NULL, 0, &n));
    NEEDS(afina_training_load, (NULL, "", 0));
    afina_training_free(NULL);
    NEEDS(afina_network_score, (NULL, d, "error", &value));
    NEEDS(afina_network_predict, (NULL, x, 4, 1, NULL, 0, &n));
    assert_int_equal(afina_dataset_rows(NULL), 0);
    assert_int_equal(afina_dataset_columns(NULL), 0);
    assert_int_equal(afina_dataset_classes(NULL), 0);
    afina_dataset_free(NULL);
    afina_mlp_free(NULL);
    afina_network_free(NULL);
    afina_mlp_free(m);
    afina_dataset_free(d);
}

static void test_names_are_checked(void **state)
{
    (void)state;
    afina_space *s = small_space();
    char longest[1026];
    memset(longest, 'n', 1025);
    longest[1025] = '\0';
    FAILS(afina_space_add_real(s, "", 0, 1, 0), AFINA_E_ARGUMENT, "name is empty");
    FAILS(afina_space_add_real(s, "a\xC0\x80", 0, 1, 0), AFINA_E_ARGUMENT, "name is not UTF-8");
    FAILS(afina_space_add_real(s, longest, 0, 1, 0), AFINA_E_RANGE, "1025 bytes; at most 1024");
    longest[1024] = '\0';
    OK(afina_space_add_real(s, longest, 0, 1, 0));
    FAILS(afina_space_add_real(s, "x", 0, 1, 0), AFINA_E_NAME, "the space has a parameter of this name already: \"x\"");
    FAILS(afina_space_add_real(s, "rate", -0.5, 1, AFINA_SCALE_LOG), AFINA_E_RANGE, "needs low > 0, got -0.5");
    FAILS(afina_space_add_integer(s, "n", INT64_MIN, 1, AFINA_SCALE_LOG), AFINA_E_RANGE, "got -9223372036854775808");
    FAILS(afina_space_add_categorical(s, "c", (const char *[]){"a", "", "b"}, 3), AFINA_E_ARGUMENT,
          "choices[1] is empty");
    FAILS(afina_space_add_ordinal(s, "c", (const char *[]){"a", "b", NULL}, 3), AFINA_E_ARGUMENT, "choices[2] is NULL");
    afina_space_free(s);
}

static void test_unknown_names_are_answered_with_the_nearest(void **state)
{
    (void)state;
    afina_optimizer *o;
    afina_space *s = small_space();
    FAILS(afina_optimizer_new(&o, s, "randm"), AFINA_E_NAME, "\"random\"");
    assert_null(o);
    FAILS(afina_optimizer_new(&o, s, "zzzzzz"), AFINA_E_NAME, "zzzzzz");
    OK(afina_optimizer_new(&o, s, "grid"));
    FAILS(afina_optimizer_set_integer(o, "sed", 1), AFINA_E_NAME, "did you mean \"seed\"?");
    FAILS(afina_optimizer_set_integer(o, "levls", 1), AFINA_E_NAME, "did you mean \"levels\"?");
    FAILS(afina_optimizer_set_integer(o, "temperature", 1), AFINA_E_NAME, "grid has no option \"temperature\"");
    FAILS(afina_optimizer_set_real(o, "seed", 1.5), AFINA_E_TYPE, "takes an integer");
    FAILS(afina_optimizer_set_string(o, "seed", "1"), AFINA_E_TYPE, "takes an integer");
    FAILS(afina_optimizer_set_integer(o, "lag", -1), AFINA_E_RANGE, "must be in [0, 65536], got -1");
    FAILS(afina_optimizer_set_integer(o, "workers", 0), AFINA_E_RANGE, "must be in [1, 1024], got 0");
    FAILS(afina_optimizer_set_real(o, "seconds", NAN), AFINA_E_RANGE, "must be in [0, inf], got");
    FAILS(afina_optimizer_set_string(o, "direction", "up"), AFINA_E_RANGE, "got \"up\"");
    FAILS(afina_optimizer_set_string(o, "order", "random"), AFINA_E_RANGE, "must be one of");
    int64_t value;
    OK(afina_optimizer_get_integer(o, "lag", &value));
    assert_int_equal(value, 0);
    afina_optimizer_free(o);
    afina_space_free(s);
}

static void test_directions_match_the_objectives(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    afina_trial *t;
    OK(afina_optimizer_set_string(o, "direction", "minimise,maximise"));
    FAILS(afina_ask(o, &t), AFINA_E_RANGE, "names 2 directions for 1 objective");
    OK(afina_optimizer_set_integer(o, "objectives", 2));
    OK(afina_ask(o, &t));
    afina_trial_free(t);
    afina_optimizer_free(o);
}

static void test_options_are_fixed_with_the_first_trial(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("grid");
    small_step(o);
    FAILS(afina_optimizer_set_integer(o, "seed", 2), AFINA_E_STATE, "\"seed\" is fixed since the first trial");
    FAILS(afina_optimizer_set_integer(o, "levels", 3), AFINA_E_STATE, "\"levels\" is fixed");
    OK(afina_optimizer_set_integer(o, "workers", 2));
    OK(afina_optimizer_set_real(o, "seconds", 5));
    OK(afina_optimizer_set_real(o, "target", 0));
    afina_optimizer_free(o);
}

/* Once: a first call that failed, or a replay of nothing, fixed the options. */
static void test_a_call_without_a_trial_fixes_nothing(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("manual");
    afina_space *space = small_space();
    afina_point *point;
    afina_trial *trial;
    const double values[] = {1, 2};
    int64_t number;
    OK(afina_point_new(&point, space));
    FAILS(afina_add_trial(o, point, AFINA_STATE_COMPLETE, values, 2, NULL), AFINA_E_RANGE, "2 values given");
    OK(afina_optimizer_set_integer(o, "objectives", 2));
    assert_int_equal(afina_ask(o, &trial), AFINA_EXHAUSTED);
    OK(afina_optimizer_set_string(o, "direction", "maximise"));
    OK(afina_optimizer_replay(o, &number));
    OK(afina_optimizer_set_integer(o, "seed", 2385));
    OK(afina_add_trial(o, point, AFINA_STATE_COMPLETE, values, 2, NULL));
    FAILS(afina_optimizer_set_integer(o, "seed", 1), AFINA_E_STATE, "fixed since the first trial");
    afina_point_free(point);
    afina_space_free(space);
    afina_optimizer_free(o);
}

static void test_a_method_that_cannot_do_it_says_so(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("gp");
    afina_trial *t;
    OK(afina_optimizer_set_integer(o, "objectives", 2));
    FAILS(afina_ask(o, &t), AFINA_E_UNSUPPORTED, "method \"gp\" handles one objective, not 2");
    OK(afina_optimizer_set_integer(o, "objectives", 1)); /* nothing was fixed */
    OK(afina_ask(o, &t));
    afina_trial_free(t);
    afina_optimizer_free(o);
}

static void test_an_empty_space_has_no_points(void **state)
{
    (void)state;
    afina_space *s;
    afina_point *p;
    uint64_t count;
    OK(afina_space_new(&s));
    FAILS(afina_point_new(&p, s), AFINA_E_SPACE, "the space has no parameter");
    FAILS(afina_space_sample(s, 0, 0, &p), AFINA_E_SPACE, "the space has no parameter");
    FAILS(afina_space_point_count(s, &count), AFINA_E_SPACE, "the space has no parameter");
    afina_space_free(s);
}

static void test_texts_are_measured_and_cut(void **state)
{
    (void)state;
    afina_space *s = small_space();
    afina_point *p;
    char text[8] = "#######";
    size_t n;
    OK(afina_point_new(&p, s));
    OK(afina_point_to_json(p, NULL, 0, &n));
    assert_int_equal(n, strlen("{\"x\":2.5,\"k\":\"a\"}"));
    OK(afina_point_to_json(p, text, 6, &n));
    assert_string_equal(text, "{\"x\":");
    assert_int_equal(n, strlen("{\"x\":2.5,\"k\":\"a\"}"));
    afina_point_free(p);
    afina_space_free(s);
}

static void test_values_are_read_as_what_they_are(void **state)
{
    (void)state;
    static const char *const sizes[] = {"16", "32", "large"};
    afina_space *s;
    afina_point *p;
    double real;
    int64_t integer;
    const char *string;
    char text[32];
    size_t n;
    OK(afina_space_new(&s));
    OK(afina_space_add_ordinal(s, "size", sizes, 3));
    OK(afina_space_add_integer(s, "n", INT64_MIN, INT64_MAX, AFINA_SCALE_LINEAR));
    OK(afina_space_add_real(s, "x", 0, 1, AFINA_SCALE_LINEAR));
    OK(afina_point_new(&p, s));
    OK(afina_point_set_string(p, "size", "32"));
    OK(afina_point_get_integer(p, "size", &integer));
    assert_int_equal(integer, 32);
    OK(afina_point_get_real(p, "size", &real));
    assert_true(real == 32);
    OK(afina_point_set_string(p, "size", "large"));
    FAILS(afina_point_get_real(p, "size", &real), AFINA_E_TYPE, "not a number");
    FAILS(afina_point_get_string(p, "n", &string), AFINA_E_TYPE, "\"n\" is an integer; its value is not a string");
    OK(afina_point_set_integer(p, "n", INT64_MIN));
    OK(afina_point_get_integer(p, "n", &integer));
    assert_true(integer == INT64_MIN);
    OK(afina_point_get_text(p, "n", text, sizeof text, &n));
    assert_string_equal(text, "-9223372036854775808");
    FAILS(afina_point_get_integer(p, "x", &integer), AFINA_E_TYPE, "not an integer");
    FAILS(afina_point_set_real(p, "x", NAN), AFINA_E_RANGE, "must be finite and in [0, 1], got nan");
    FAILS(afina_point_set_real(p, "x", 1.0000001), AFINA_E_RANGE, "must be finite and in [0, 1]");
    FAILS(afina_point_set_real(p, "n", 1), AFINA_E_TYPE, "\"n\" is an integer, not a real");
    FAILS(afina_point_set_string(p, "size", "lage"), AFINA_E_RANGE, "did you mean \"large\"?");
    OK(afina_point_set_integer(p, "x", 1));
    afina_point_free(p);
    afina_space_free(s);
}

static void test_inactive_values_are_not_read(void **state)
{
    (void)state;
    afina_space *s = small_space();
    afina_point *p;
    double y;
    int32_t active;
    OK(afina_point_new(&p, s));
    OK(afina_point_set_real(p, "y", 0.125)); /* before the choice that makes it active */
    FAILS(afina_point_get_real(p, "y", &y), AFINA_E_STATE, "\"y\" is not active");
    OK(afina_point_set_string(p, "k", "b"));
    OK(afina_point_is_active(p, "y", &active));
    assert_int_equal(active, 1);
    OK(afina_point_get_real(p, "y", &y));
    assert_true(y == 0.125);
    afina_point_free(p);
    afina_space_free(s);
}

static void test_reflection_lists_what_there_is(void **state)
{
    (void)state;
    double low, high, value;
    int32_t type;
    assert_true(afina_method_count() >= 7);
    assert_null(afina_method_name(afina_method_count()));
    assert_null(afina_method_summary("nobody"));
    for (size_t m = 0; m < afina_method_count(); m++) {
        const char *method = afina_method_name(m);
        assert_true(strlen(afina_method_summary(method)) > 10);
        for (size_t i = 0; i < afina_option_count(method); i++) {
            const char *option = afina_option_name(method, i);
            OK(afina_option_type(method, option, &type));
            OK(afina_option_range(method, option, &low, &high));
            assert_true(low <= high);
            assert_true(strlen(afina_option_summary(method, option)) > 5);
            if (type == AFINA_OPTION_STRING) {
                assert_non_null(afina_option_default_string(method, option));
                assert_non_null(afina_option_choices(method, option));
                FAILS(afina_option_default_number(method, option, &value), AFINA_E_TYPE, "not a number");
            } else if (type == AFINA_OPTION_REALS) {
                FAILS(afina_option_default_number(method, option, &value), AFINA_E_TYPE, "not a number");
            } else {
                OK(afina_option_default_number(method, option, &value));
                assert_true(isnan(value) || (value >= low && value <= high));
            }
        }
    }
    assert_int_equal(afina_option_count(NULL), 25);
    assert_string_equal(afina_option_name(NULL, 0), "seed");
    assert_null(afina_option_name(NULL, 25));
    FAILS(afina_option_type("grid", "levls", &type), AFINA_E_NAME, "did you mean \"levels\"?");
    assert_null(afina_option_summary("grid", "levls"));
    assert_int_equal(afina_option_count("nobody"), 0);
}

static void test_the_library_names_itself(void **state)
{
    (void)state;
    char version[32];
    int32_t n = afina_version_number();
    snprintf(version, sizeof version, "%d.%d.%d", n / 10000, n / 100 % 100, n % 100);
    assert_string_equal(afina_version(), version);
    assert_int_equal(afina_abi_version(), 0);
    assert_non_null(afina_last_error());
}

static void test_every_status_has_a_number_and_a_name_of_its_own(void **state)
{
    (void)state;
#define STATUS(name)                                                                                                   \
    {                                                                                                                  \
        name, #name                                                                                                    \
    }
    static const struct {
        int32_t number;
        const char *name;
    } all[] = {
        STATUS(AFINA_OK),         STATUS(AFINA_DONE),       STATUS(AFINA_EXHAUSTED),     STATUS(AFINA_WAIT),
        STATUS(AFINA_CANCELLED),  STATUS(AFINA_ALL_FAILED), STATUS(AFINA_STALE),         STATUS(AFINA_INFEASIBLE_POINT),
        STATUS(AFINA_E_ARGUMENT), STATUS(AFINA_E_RANGE),    STATUS(AFINA_E_NAME),        STATUS(AFINA_E_TYPE),
        STATUS(AFINA_E_STATE),    STATUS(AFINA_E_MEMORY),   STATUS(AFINA_E_SPACE),       STATUS(AFINA_E_NO_POINT),
        STATUS(AFINA_E_FORMAT),   STATUS(AFINA_E_FILE),     STATUS(AFINA_E_UNSUPPORTED), STATUS(AFINA_E_NOT_FOUND),
        STATUS(AFINA_E_FORKED),   STATUS(AFINA_E_REPLAY),   STATUS(AFINA_E_BUSY),        STATUS(AFINA_E_CALLBACK),
        STATUS(AFINA_E_VERSION),
    };
#undef STATUS
    size_t count = sizeof all / sizeof all[0], known = 0;
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(afina_status_name(all[i].number), all[i].name);
        for (size_t k = 0; k < i; k++)
            assert_int_not_equal(all[i].number, all[k].number);
    }
    for (int32_t number = -100; number <= 100; number++)
        known += strcmp(afina_status_name(number), "unknown") != 0;
    assert_int_equal(known, count); /* and the table has them all */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_space_functions_refuse_null),
        cmocka_unit_test(test_point_functions_refuse_null),
        cmocka_unit_test(test_optimizer_functions_refuse_null),
        cmocka_unit_test(test_trial_functions_refuse_null),
        cmocka_unit_test(test_network_functions_refuse_null),
        cmocka_unit_test(test_names_are_checked),
        cmocka_unit_test(test_unknown_names_are_answered_with_the_nearest),
        cmocka_unit_test(test_directions_match_the_objectives),
        cmocka_unit_test(test_options_are_fixed_with_the_first_trial),
        cmocka_unit_test(test_a_call_without_a_trial_fixes_nothing),
        cmocka_unit_test(test_a_method_that_cannot_do_it_says_so),
        cmocka_unit_test(test_an_empty_space_has_no_points),
        cmocka_unit_test(test_texts_are_measured_and_cut),
        cmocka_unit_test(test_values_are_read_as_what_they_are),
        cmocka_unit_test(test_inactive_values_are_not_read),
        cmocka_unit_test(test_reflection_lists_what_there_is),
        cmocka_unit_test(test_the_library_names_itself),
        cmocka_unit_test(test_every_status_has_a_number_and_a_name_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
