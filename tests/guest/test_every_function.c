/* Every public function is called, and leaves what belongs to the host as it was: support/host_state.h says what is
 * looked at before and after each call. A function of lib/afina.map that is not called here fails the last test. */
#define _GNU_SOURCE /* host_state.h, mkdtemp */
#include "afina_experimental.h"
#include "afina_mlp.h"
#include "support/host_state.h"
#include "support/small_study.h"
#include "support/store_folder.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

/* ------------------------------------------------------------------ the watch */

enum { MOST_NAMES = 1000, DEEPEST = 4 };

static const char *called[MOST_NAMES];
static size_t n_called;
static struct host_state before[DEEPEST], after;
static int depth;

static const char *watch_begin(const char *name)
{
    assert_true(n_called < MOST_NAMES && depth < DEEPEST);
    size_t i = 0;
    while (i < n_called && strcmp(called[i], name) != 0)
        i++;
    if (i == n_called)
        called[n_called++] = name;
    host_state_read(&before[depth++]);
    return name;
}

static void watch_end(const char **name)
{
    host_state_read(&after);
    const char *what = host_state_difference(&before[--depth], &after);
    if (what)
        fail_msg("%s() changed %s", *name, what);
}

/* The call, watched; its value is that of the function. */
#define CALL(function, arguments)                                                                                      \
    __extension__({                                                                                                    \
        __attribute__((cleanup(watch_end), unused)) const char *watched_ = watch_begin(#function);                     \
        function arguments;                                                                                            \
    })

#define DONE(function, arguments) OK(CALL(function, arguments))

/* It answers an error, and leaves no trace either. */
#define REFUSED(function, arguments) assert_true(CALL(function, arguments) < 0)

static int set_up(void **state)
{
    (void)state;
    depth = 0;
    host_prepare();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    host_give_back();
    return 0;
}

/* The BLAS starts what it starts at its first call; that is the host's own setting. */
static int warm_up(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("gp");
    for (int i = 0; i < 12; i++)
        small_step(o);
    afina_optimizer_free(o);
    return 0;
}

static char text[20000];
static size_t length, count;

/* ------------------------------------------------------- library, reflection */

static void test_library_and_reflection(void **state)
{
    (void)state;
    int32_t number;
    assert_non_null(CALL(afina_version, ()));
    assert_true(CALL(afina_version_number, ()) >= 100);
    assert_true(CALL(afina_abi_version, ()) >= 0);
    DONE(afina_set_last_error, ("a text of the host"));
    REFUSED(afina_set_last_error, (NULL));
    assert_non_null(CALL(afina_last_error, ()));
    assert_string_equal(CALL(afina_status_name, (AFINA_E_RANGE)), "AFINA_E_RANGE");
    assert_true(CALL(afina_constant_count, ()) > 50);
    assert_non_null(CALL(afina_constant_name, (0)));
    DONE(afina_constant_value, ("AFINA_STATE_LOST", &number));
    REFUSED(afina_constant_value, ("AFINA_NOTHING", &number));
    assert_true(CALL(afina_method_count, ()) > 5);
    assert_non_null(CALL(afina_method_name, (0)));
    assert_non_null(CALL(afina_method_summary, ("gp")));
    DONE(afina_method_trait, ("gp", "model", &number));
    assert_true(CALL(afina_trait_count, ()) > 3);
    assert_non_null(CALL(afina_trait_name, (0)));
    assert_non_null(CALL(afina_trait_summary, ("model")));
    assert_true(CALL(afina_scheduler_count, ()) > 3);
    assert_non_null(CALL(afina_scheduler_name, (0)));
    assert_non_null(CALL(afina_scheduler_summary, ("asha")));
    assert_true(CALL(afina_stopper_count, ()) > 3);
    assert_non_null(CALL(afina_stopper_name, (0)));
    assert_non_null(CALL(afina_stopper_summary, ("median")));
}

static void test_options_and_names(void **state)
{
    (void)state;
    int32_t type;
    double low, high;
    assert_true(CALL(afina_option_count, ("gp")) > 3);
    assert_non_null(CALL(afina_option_name, ("gp", 0)));
    DONE(afina_option_type, ("gp", "startup", &type));
    DONE(afina_option_range, ("gp", "startup", &low, &high));
    DONE(afina_option_default_number, ("gp", "startup", &low));
    assert_non_null(CALL(afina_option_default_string, ("gp", "kernel")));
    assert_non_null(CALL(afina_option_choices, ("gp", "kernel")));
    assert_non_null(CALL(afina_option_summary, ("gp", "kernel")));
    assert_true(CALL(afina_aggregate_count, ()) > 3);
    assert_non_null(CALL(afina_aggregate_name, (0)));
    assert_non_null(CALL(afina_aggregate_summary, ("mean")));
    assert_true(CALL(afina_resampling_scheme_count, ()) > 3);
    assert_non_null(CALL(afina_resampling_scheme_name, (0)));
    assert_non_null(CALL(afina_resampling_scheme_summary, ("kfold")));
}

/* -------------------------------------------------------------------- space */

static int32_t allows_all(const afina_point *point, void *user)
{
    int32_t active;
    (void)user;
    DONE(afina_point_is_active, (point, "depth", &active));
    return 1;
}

/* Real "x", "mean" and "rate", integer "depth" in 1..4 while "kind" is not "a", ordinal "size". */
static afina_space *build_space(void)
{
    static const char *const kinds[] = {"a", "b", "c"}, *const sizes[] = {"1", "2", "4"};
    static const double weights[] = {1, 2, 3};
    afina_space *s;
    DONE(afina_space_new, (&s));
    DONE(afina_space_add_real, (s, "x", -1, 1, AFINA_SCALE_LINEAR));
    DONE(afina_space_add_normal, (s, "mean", 0, 1, -INFINITY, INFINITY));
    DONE(afina_space_add_lognormal, (s, "rate", 0, 1, 0, 100));
    DONE(afina_space_add_integer, (s, "depth", 1, 4, AFINA_SCALE_LINEAR));
    DONE(afina_space_add_categorical, (s, "kind", kinds, 3));
    DONE(afina_space_add_ordinal, (s, "size", sizes, 3));
    DONE(afina_space_set_step, (s, "x", 0.25));
    DONE(afina_space_set_prior, (s, "mean", AFINA_PRIOR_NORMAL, 0.5, 2));
    DONE(afina_space_set_weights, (s, "kind", weights, 3));
    DONE(afina_space_set_default_real, (s, "x", 0.5));
    DONE(afina_space_set_default_integer, (s, "depth", 2));
    DONE(afina_space_set_default_string, (s, "kind", "c"));
    DONE(afina_space_add_condition_in, (s, "depth", "kind", kinds + 1, 2));
    DONE(afina_space_add_condition, (s, "rate", "depth", AFINA_COMPARE_GREATER, 1));
    DONE(afina_space_set_filter, (s, allows_all, NULL, NULL));
    REFUSED(afina_space_add_real, (s, "x", 0, 1, AFINA_SCALE_LINEAR));
    return s;
}

static void read_parameters(const afina_space *s)
{
    double low, high, weights[3];
    int64_t least, most;
    int32_t number;
    const char *borrowed;
    assert_int_equal(CALL(afina_space_parameter_count, (s)), 6);
    assert_string_equal(CALL(afina_space_parameter_name, (s, 0)), "x");
    DONE(afina_space_get_kind, (s, "x", &number));
    assert_int_equal(CALL(afina_space_get_choice_count, (s, "kind")), 3);
    assert_string_equal(CALL(afina_space_get_choice, (s, "kind", 1)), "b");
    DONE(afina_space_get_real_bounds, (s, "x", &low, &high));
    DONE(afina_space_get_integer_bounds, (s, "depth", &least, &most));
    DONE(afina_space_get_scale, (s, "x", &number));
    DONE(afina_space_get_step, (s, "x", &low));
    DONE(afina_space_get_prior, (s, "mean", &number, &low, &high));
    DONE(afina_space_get_default_real, (s, "x", &low));
    DONE(afina_space_get_default_integer, (s, "depth", &least));
    DONE(afina_space_get_default_string, (s, "kind", &borrowed));
    DONE(afina_space_get_weights, (s, "kind", weights, 3, &count));
    REFUSED(afina_space_get_kind, (s, "y", &number));
}

static void read_conditions(const afina_space *s)
{
    const char *parent;
    int32_t comparison;
    double number;
    DONE(afina_space_get_condition_count, (s, "depth", &count));
    DONE(afina_space_get_condition, (s, "depth", 0, &parent, &comparison, &number));
    DONE(afina_space_get_condition_value_count, (s, "depth", 0, &count));
    DONE(afina_space_get_condition_value, (s, "depth", 0, 0, text, sizeof text, &length));
    DONE(afina_space_has_filter, (s, &comparison));
}

static void test_spaces(void **state)
{
    (void)state;
    afina_space *s = build_space(), *copy, *back;
    afina_point *point;
    uint64_t number;
    read_parameters(s);
    read_conditions(s);
    DONE(afina_space_copy, (&copy, s));
    DONE(afina_space_to_json, (s, text, sizeof text, &length));
    DONE(afina_space_from_json, (&back, text, length));
    DONE(afina_space_point_count, (s, &number));
    DONE(afina_space_sample, (s, 2385, 7, &point));
    CALL(afina_point_free, (point));
    CALL(afina_space_free, (back));
    REFUSED(afina_space_from_json, (&back, text, length / 2));
    CALL(afina_space_free, (copy));
    CALL(afina_space_free, (s));
    DONE(afina_space_new, (&s));
    DONE(afina_space_add_integer, (s, "n", 1, 5, AFINA_SCALE_LINEAR));
    DONE(afina_space_unrank, (s, 3, &point));
    DONE(afina_space_rank, (s, point, &number));
    assert_int_equal(number, 3);
    CALL(afina_point_free, (point));
    CALL(afina_space_free, (s));
}

static void test_points(void **state)
{
    (void)state;
    afina_space *s = build_space();
    afina_point *p, *copy;
    double real;
    int64_t integer;
    const char *choice;
    DONE(afina_point_new, (&p, s));
    DONE(afina_point_set_real, (p, "x", 0.75));
    DONE(afina_point_set_integer, (p, "depth", 4));
    DONE(afina_point_set_string, (p, "kind", "b"));
    REFUSED(afina_point_set_real, (p, "x", NAN));
    DONE(afina_point_get_real, (p, "x", &real));
    DONE(afina_point_get_integer, (p, "depth", &integer));
    DONE(afina_point_get_string, (p, "kind", &choice));
    DONE(afina_point_get_text, (p, "x", text, sizeof text, &length));
    assert_string_equal(text, "0.75");
    DONE(afina_point_copy, (&copy, p));
    CALL(afina_point_free, (p));
    DONE(afina_point_to_json, (copy, text, sizeof text, &length));
    DONE(afina_point_from_json, (&p, s, text, length));
    CALL(afina_point_free, (copy));
    CALL(afina_point_free, (p));
    CALL(afina_space_free, (s));
}

/* ---------------------------------------------------------------- optimizer */

static int32_t hears(int32_t event, afina_trial *trial, int64_t report, void *user)
{
    (void)event;
    (void)report;
    (void)user;
    assert_true(CALL(afina_trial_number, (trial)) >= 0);
    return AFINA_OK;
}

static int32_t reads(int32_t level, const char *message, void *user)
{
    (void)level;
    (void)message;
    (void)user;
    return AFINA_OK;
}

static afina_optimizer *watched_optimizer(const char *method)
{
    afina_space *s = small_space();
    afina_optimizer *o;
    DONE(afina_optimizer_new, (&o, s, method));
    afina_space_free(s);
    return o;
}

static void test_options_and_attributes_of_an_optimizer(void **state)
{
    (void)state;
    afina_optimizer *o = watched_optimizer("de");
    afina_space *s;
    const char *method;
    double reals[2] = {0.5, 0.7};
    int64_t integer;
    DONE(afina_optimizer_set_integer, (o, "seed", 5));
    DONE(afina_optimizer_set_real, (o, "seconds", 100));
    DONE(afina_optimizer_set_string, (o, "direction", "minimise"));
    DONE(afina_optimizer_set_reals, (o, "mix.weights", reals, 2));
    REFUSED(afina_optimizer_set_integer, (o, "sead", 5));
    DONE(afina_optimizer_get_integer, (o, "seed", &integer));
    DONE(afina_optimizer_get_real, (o, "seconds", reals));
    DONE(afina_optimizer_get_string, (o, "direction", text, sizeof text, &length));
    DONE(afina_optimizer_get_reals, (o, "mix.weights", reals, 2, &count));
    DONE(afina_optimizer_get_space, (o, &s));
    DONE(afina_optimizer_get_method, (o, &method));
    DONE(afina_optimizer_set_filter, (o, allows_all, NULL, NULL));
    DONE(afina_optimizer_set_filter, (o, NULL, NULL, NULL));
    DONE(afina_optimizer_set_observer, (o, hears, NULL, NULL));
    DONE(afina_optimizer_set_message, (o, reads, NULL, NULL));
    DONE(afina_optimizer_set_attribute, (o, "who", "a test"));
    DONE(afina_optimizer_get_attribute, (o, "who", text, sizeof text, &length));
    DONE(afina_optimizer_attribute_count, (o, &count));
    DONE(afina_optimizer_attribute_key, (o, 0, text, sizeof text, &length));
    CALL(afina_space_free, (s));
    CALL(afina_optimizer_free, (o));
}

/* One trial of every end, by number. */
static void test_tells_by_number(void **state)
{
    (void)state;
    afina_optimizer *o = watched_optimizer("random");
    afina_space *s = small_space();
    afina_point *point;
    afina_trial *t;
    double value = 1, constraint = -1, error = 0.1;
    int32_t stop;
    int64_t number;
    OK(afina_point_new(&point, s));
    DONE(afina_enqueue, (o, point));
    DONE(afina_ask, (o, &t));
    DONE(afina_tell_report, (o, 0, 1, &value, 1));
    DONE(afina_should_stop, (o, 0, &stop));
    DONE(afina_tell_constraints, (o, 0, &constraint, 1));
    DONE(afina_tell_errors, (o, 0, &error, 1));
    DONE(afina_tell_checkpoint, (o, 0, "a path"));
    DONE(afina_tell_attribute, (o, 0, "key", "text"));
    REFUSED(afina_tell_restarted, (o, 0));
    DONE(afina_tell, (o, 0, &value, 1));
    REFUSED(afina_tell, (o, 0, &value, 1));
    CALL(afina_trial_free, (t));
    DONE(afina_ask_wait, (o, 0, &t));
    afina_trial_free(t);
    DONE(afina_tell_failed, (o, 1, "it crashed"));
    OK(afina_ask(o, &t));
    afina_trial_free(t);
    DONE(afina_tell_infeasible, (o, 2, NULL));
    OK(afina_ask(o, &t));
    afina_trial_free(t);
    OK(afina_tell_report(o, 3, 1, &value, 1));
    DONE(afina_tell_stopped, (o, 3));
    DONE(afina_start, (o, point, &t));
    afina_trial_free(t);
    DONE(afina_tell_lost, (o, 4, "its worker is gone"));
    DONE(afina_add_trial, (o, point, AFINA_STATE_COMPLETE, &value, 1, &number));
    DONE(afina_stale_checkpoints, (o, &number, 1, &count));
    afina_point_free(point);
    afina_space_free(s);
    afina_optimizer_free(o);
}

static afina_trial *ask(afina_optimizer *o)
{
    afina_trial *t;
    OK(afina_ask(o, &t));
    return t;
}

static void test_tells_through_a_handle(void **state)
{
    (void)state;
    afina_optimizer *o = watched_optimizer("random");
    afina_trial *t[5];
    double value = 1, constraint = -1, error = 0.1;
    int32_t stop;
    for (int i = 0; i < 5; i++)
        t[i] = ask(o);
    DONE(afina_trial_tell_report, (t[0], 1, &value, 1));
    DONE(afina_trial_should_stop, (t[0], &stop));
    DONE(afina_trial_tell_constraints, (t[0], &constraint, 1));
    DONE(afina_trial_tell_errors, (t[0], &error, 1));
    DONE(afina_trial_tell_checkpoint, (t[0], "a path"));
    DONE(afina_trial_tell_attribute, (t[0], "key", "text"));
    REFUSED(afina_trial_tell_restarted, (t[0]));
    DONE(afina_trial_tell, (t[0], &value, 1));
    DONE(afina_trial_tell_failed, (t[1], "it crashed"));
    DONE(afina_trial_tell_infeasible, (t[2], NULL));
    OK(afina_trial_tell_report(t[3], 1, &value, 1));
    DONE(afina_trial_tell_stopped, (t[3]));
    DONE(afina_trial_tell_lost, (t[4], NULL));
    for (int i = 0; i < 5; i++)
        afina_trial_free(t[i]);
    afina_optimizer_free(o);
}

static void read_plan(const afina_trial *t)
{
    double budget;
    int64_t number;
    int32_t kind;
    uint64_t seed;
    DONE(afina_trial_state, (t, &kind));
    DONE(afina_trial_origin, (t, &kind));
    DONE(afina_trial_budget, (t, &budget));
    DONE(afina_trial_start, (t, &budget));
    DONE(afina_trial_arm, (t, &number));
    DONE(afina_trial_replicate, (t, &number));
    DONE(afina_trial_parent, (t, &number));
    DONE(afina_trial_seed, (t, &seed));
    DONE(afina_trial_data_seed, (t, &seed));
}

static void test_what_a_trial_says(void **state)
{
    (void)state;
    afina_optimizer *o = watched_optimizer("random");
    afina_trial *t = ask(o);
    double value = 1, step;
    int64_t started, ended;
    OK(afina_trial_tell_report(t, 1, &value, 1));
    OK(afina_trial_tell_attribute(t, "key", "text"));
    OK(afina_trial_tell(t, &value, 1));
    afina_trial_free(t);
    DONE(afina_trial_get, (o, 0, &t));
    assert_non_null(CALL(afina_trial_point, (t)));
    read_plan(t);
    DONE(afina_trial_value, (t, &value));
    DONE(afina_trial_values, (t, &value, 1, &count));
    DONE(afina_trial_constraints, (t, &value, 1, &count));
    DONE(afina_trial_errors, (t, &value, 1, &count));
    DONE(afina_trial_reason, (t, text, sizeof text, &length));
    DONE(afina_trial_report_count, (t, &count));
    DONE(afina_trial_report, (t, 0, &step, &value, 1, &count));
    DONE(afina_trial_checkpoint, (t, text, sizeof text, &length));
    DONE(afina_trial_attribute, (t, "key", text, sizeof text, &length));
    DONE(afina_trial_attribute_count, (t, &count));
    DONE(afina_trial_attribute_key, (t, 0, text, sizeof text, &length));
    DONE(afina_trial_times, (t, &started, &ended));
    afina_trial_free(t);
    REFUSED(afina_trial_get, (o, 1, &t));
    afina_optimizer_free(o);
}

static void test_columns(void **state)
{
    (void)state;
    enum { N = 4 };
    afina_space *s = build_space();
    afina_optimizer *o;
    int32_t numbers[N];
    int64_t integers[N];
    double reals[N], value = 1;
    const char *texts[N];
    OK(afina_optimizer_new(&o, s, "random"));
    for (int i = 0; i < N; i++) {
        afina_trial *t = ask(o);
        if (i > 0)
            OK(afina_trial_tell(t, &value, 1));
        afina_trial_free(t);
    }
    DONE(afina_trial_count, (o, integers));
    DONE(afina_column_states, (o, 0, numbers, N, &count));
    DONE(afina_column_origins, (o, 0, numbers, N, &count));
    DONE(afina_column_values, (o, 0, 0, reals, N, &count));
    DONE(afina_column_reals, (o, "x", 0, reals, N, &count));
    DONE(afina_column_integers, (o, "depth", 0, integers, numbers, N, &count));
    DONE(afina_column_choices, (o, "kind", 0, numbers, N, &count));
    DONE(afina_column_started, (o, 0, integers, N, &count));
    DONE(afina_column_ended, (o, 0, integers, N, &count));
    DONE(afina_column_attributes, (o, "key", 0, texts, N, &count));
    DONE(afina_running_trials, (o, integers, N, &count));
    assert_int_equal(count, 1);
    DONE(afina_optimizer_cost, (o, reals, reals + 1));
    afina_trial *best;
    DONE(afina_best, (o, &best));
    afina_trial_free(best);
    afina_space_free(s);
    afina_optimizer_free(o);
}

static afina_space *space_with(const char *name)
{
    afina_space *s = small_space();
    OK(afina_space_add_real(s, name, 0, 1, AFINA_SCALE_LINEAR));
    return s;
}

static void test_growing_spaces(void **state)
{
    (void)state;
    afina_optimizer *o = watched_optimizer("random");
    afina_space *first = space_with("first"), *second = small_space(), *declared;
    afina_trial *t;
    const char *name = "x";
    int32_t unused;
    DONE(afina_optimizer_extend, (o, first));
    DONE(afina_optimizer_get_declared_space, (o, &declared));
    OK(afina_space_add_real(second, "second", 0, 1, AFINA_SCALE_LINEAR));
    t = ask(o);
    DONE(afina_trial_extend, (t, second));
    DONE(afina_trial_tell_unused, (t, &name, 1));
    DONE(afina_trial_is_unused, (t, "x", &unused));
    assert_int_equal(unused, 1);
    afina_trial_free(t);
    afina_trial_free(ask(o));
    DONE(afina_extend, (o, 1, second));
    DONE(afina_tell_unused, (o, 1, &name, 1));
    REFUSED(afina_tell_unused, (o, 1, &name, 1));
    afina_space_free(declared);
    afina_space_free(second);
    afina_space_free(first);
    afina_optimizer_free(o);
}

static void test_logs(void **state)
{
    (void)state;
    afina_optimizer *o = watched_optimizer("random"), *back;
    int64_t number;
    for (int i = 0; i < 3; i++)
        small_step(o);
    DONE(afina_optimizer_to_log, (o, text, sizeof text, &length));
    DONE(afina_optimizer_from_log, (&back, text, length));
    DONE(afina_optimizer_replay, (back, &number));
    DONE(afina_log_length, (back, &number));
    DONE(afina_log_rewind, (back, 5));
    DONE(afina_log_read, (o, 5, text, sizeof text, &length, &number));
    DONE(afina_log_append, (back, 5, text, length, &number));
    afina_optimizer_free(back);
    REFUSED(afina_optimizer_from_log, (&back, text, length));
    afina_optimizer_free(o);
}

/* Opening a study in a file is the host's wish for an open file: it is there until the handle is freed, a second one
 * from the first event on. All that comes after leaves no trace. */
static void test_stores(void **state)
{
    (void)state;
    struct folder f = folder_new();
    afina_space *s = small_space();
    afina_optimizer *o = folder_open(&f, "one", "random"), *other;
    double value = 1;
    int64_t lines;
    DONE(afina_optimizer_open, ("memory:", "one", s, "random", AFINA_OPEN_CREATE, &other));
    afina_optimizer_free(other);
    REFUSED(afina_optimizer_open, (f.url, "two", NULL, NULL, AFINA_OPEN_EXISTING, &other));
    small_step(o);
    afina_trial *t = ask(o);
    DONE(afina_trial_tell, (t, &value, 1));
    afina_trial_free(t);
    DONE(afina_optimizer_refresh, (o, 0.01, &lines));
    DONE(afina_store_list, (f.url, text, sizeof text, &length));
    DONE(afina_store_delete, (f.url, "one"));
    REFUSED(afina_store_delete, (f.url, "one"));
    REFUSED(afina_ask, (o, &t));
    afina_space_free(s);
    afina_optimizer_free(o);
    folder_free(&f);
}

/* -------------------------------------------------------------------- model */

static afina_optimizer *learned(void)
{
    afina_optimizer *o = small_optimizer("gp");
    for (int i = 0; i < 16; i++)
        small_step(o);
    return o;
}

static void test_the_model_of_values(void **state)
{
    (void)state;
    afina_optimizer *o = learned();
    afina_trial *best;
    double values[40], sds[40], residuals[40];
    int64_t numbers[40];
    DONE(afina_model_best, (o, 0, &best));
    const afina_point *point = afina_trial_point(best);
    DONE(afina_model_predict, (o, 0, point, values, sds));
    DONE(afina_model_quantile, (o, 0, point, 0.5, values));
    DONE(afina_model_noise, (o, 0, point, sds));
    DONE(afina_model_draws, (o, 0, &point, 1, 3, 7, values, 3, &count));
    DONE(afina_model_leave_one_out, (o, 0, numbers, values, sds, residuals, 40, &count));
    DONE(afina_model_regret, (o, 0, values, sds));
    DONE(afina_model_fallbacks, (o, numbers));
    REFUSED(afina_model_noise, (o, 1, point, sds));
    afina_trial_free(best);
    afina_optimizer_free(o);
}

static void test_the_model_of_parameters(void **state)
{
    (void)state;
    afina_optimizer *o = learned();
    afina_trial *best;
    afina_point *points[2];
    double values[3], high;
    OK(afina_best(o, &best));
    DONE(afina_model_length_scale, (o, 0, "x", values));
    DONE(afina_model_importances, (o, 0, values, 3, &count));
    DONE(afina_model_importance, (o, 0, "x", values));
    DONE(afina_model_optima, (o, 0, 2, 7, points));
    afina_point_free(points[0]);
    afina_point_free(points[1]);
    DONE(afina_model_range, (o, 0, "x", 0.8, 7, values, &high));
    DONE(afina_model_choice_shares, (o, 0, "k", 7, values, 3, &count));
    DONE(afina_model_simplify, (o, 0, afina_trial_point(best), points));
    afina_point_free(points[0]);
    afina_trial_free(best);
    afina_optimizer_free(o);
}

/* --------------------------------------------------------------------- runs */

static int32_t objective(afina_trial *trial, double *values, void *user)
{
    double step_value = 1;
    int32_t stop;
    (void)user;
    DONE(afina_trial_tell_report, (trial, 1, &step_value, 1));
    DONE(afina_trial_should_stop, (trial, &stop));
    if (!stop)
        values[0] = small_value(afina_trial_point(trial));
    return AFINA_OK;
}

/* Of several threads at once none looks. */
static int32_t quiet_objective(afina_trial *trial, double *values, void *user)
{
    (void)user;
    values[0] = small_value(afina_trial_point(trial));
    return AFINA_OK;
}

static int32_t simulated(afina_trial *trial, int64_t index, double *step, double *values, double *seconds, void *user)
{
    (void)user;
    *step = (double)(index + 1);
    *seconds = 1;
    values[0] = small_value(afina_trial_point(trial));
    return index < 2 ? AFINA_OK : AFINA_DONE;
}

static int32_t sets_up(afina_optimizer *optimizer, size_t method, int64_t seed, void *user)
{
    (void)method;
    (void)seed;
    (void)user;
    DONE(afina_optimizer_set_integer, (optimizer, "workers", 1));
    return AFINA_OK;
}

/* Each method, alone and with threads of its own, and with a trial that is too slow for none. */
static void test_runs(void **state)
{
    (void)state;
    for (size_t m = 0; m < afina_method_count(); m++) {
        afina_optimizer *o = small_optimizer(afina_method_name(m));
        DONE(afina_optimizer_set_observer, (o, hears, NULL, NULL));
        assert_true(CALL(afina_optimize, (o, objective, NULL, 3)) >= 0);
        DONE(afina_optimizer_set_observer, (o, NULL, NULL, NULL));
        OK(afina_optimizer_set_integer(o, "workers", 3));
        OK(afina_optimizer_set_real(o, "trial_seconds", 100));
        assert_true(CALL(afina_optimize, (o, quiet_objective, NULL, 12)) >= 0);
        DONE(afina_cancel, (o));
        afina_optimizer_free(o);
    }
}

static void test_dry_and_simulated_runs(void **state)
{
    (void)state;
    static const char *const methods[] = {"random", "sobol"};
    afina_optimizer *o = small_optimizer("random");
    afina_space *s = small_space();
    afina_dry_run *run;
    double seconds, busy, best[4];
    DONE(afina_dry_run_new, (&run, o, objective, NULL));
    assert_int_equal(CALL(afina_dry_run_problem_count, (run)), 0);
    assert_true(CALL(afina_dry_run_finding_count, (run)) > 0);
    assert_non_null(CALL(afina_dry_run_finding, (run, 0)));
    CALL(afina_dry_run_free, (run));
    DONE(afina_simulate, (o, simulated, NULL, 3, 10, &seconds, &busy));
    DONE(afina_compare_methods, (s, methods, 2, 4, 2, sets_up, objective, NULL, best));
    afina_space_free(s);
    afina_optimizer_free(o);
}

static void test_the_end_of_a_study(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    afina_final *final;
    int64_t arm, arms[64];
    int32_t decided, verdict;
    double v[5];
    OK(afina_optimizer_set_integer(o, "replicates", 4));
    OK(afina_optimizer_set_string(o, "scheduler", "halving"));
    assert_true(afina_optimize(o, quiet_objective, NULL, 24) >= 0);
    int32_t rc = CALL(afina_conclusion, (o, &arm, &decided, v));
    assert_true(rc == AFINA_OK || rc == AFINA_E_UNSUPPORTED);
    DONE(afina_final_new, (&final, o, 0.9, 0));
    DONE(afina_final_winner, (final, &arm, v, v + 1, v + 2, v + 3));
    rc = CALL(afina_final_rivals, (final, arms, 64, &count));
    assert_true(rc == AFINA_OK || rc == AFINA_E_STATE);
    DONE(afina_final_simplest, (final, &arm));
    rc = CALL(afina_final_default, (final, &arm, v, v + 1, v + 2, v + 3, &verdict));
    assert_true(rc == AFINA_OK || rc == AFINA_E_NOT_FOUND);
    CALL(afina_final_free, (final));
    afina_optimizer_free(o);
}

/* -------------------------------------------------------------- experiments */

static int32_t evaluate(afina_trial *trial, const int64_t *training, size_t training_count, const int64_t *validation,
                        size_t validation_count, double *values, void *user)
{
    (void)training;
    (void)training_count;
    (void)user;
    values[0] = small_value(afina_trial_point(trial)) + (double)validation[0] / (double)validation_count;
    return AFINA_OK;
}

static void test_resampling(void **state)
{
    (void)state;
    enum { ROWS = 12 };
    afina_resampling *r, *inner;
    afina_experiment *experiment;
    afina_optimizer *o = small_optimizer("random");
    int64_t labels[ROWS], rows[ROWS], number;
    size_t other;
    for (int i = 0; i < ROWS; i++)
        labels[i] = i % 2;
    DONE(afina_resampling_new, (&r, "holdout", ROWS));
    DONE(afina_resampling_set_real, (r, "share", 0.5));
    DONE(afina_resampling_set_groups, (r, labels, ROWS));
    CALL(afina_resampling_free, (r));
    DONE(afina_resampling_new, (&r, "kfold", ROWS));
    DONE(afina_resampling_set_integer, (r, "folds", 3));
    DONE(afina_resampling_set_classes, (r, labels, ROWS));
    DONE(afina_resampling_count, (r, &number));
    DONE(afina_resampling_rows, (r, 0, rows, ROWS, &count, labels, ROWS, &other));
    DONE(afina_resampling_inner, (&inner, r, 0, "kfold"));
    DONE(afina_experiment_new, (&experiment, r, evaluate, NULL, NULL));
    afina_trial *t = ask(o);
    double value;
    DONE(afina_experiment_objective, (t, &value, experiment));
    afina_trial_free(t);
    CALL(afina_experiment_free, (experiment));
    afina_resampling_free(inner);
    afina_resampling_free(r);
    afina_optimizer_free(o);
}

/* Twelve results: of two configurations on six folds, or of six on two. */
static const double results[12] = {1, 2, 3, 2.5, 1.5, 2.2, 2, 3.1, 4, 3.3, 2.7, 3};
static const double errors[12] = {0.1, 0.2, 0.1, 0.3, 0.1, 0.2, 0.1, 0.2, 0.1, 0.3, 0.1, 0.2};

static void test_statistics_of_replicates(void **state)
{
    (void)state;
    double v[12], e[12], f[6];
    int32_t flags[12];
    size_t best;
    DONE(afina_aggregate, (results, 6, AFINA_DIRECTION_MINIMISE, "median", NAN, 0.2, v, e));
    DONE(afina_additive_fit, (results, 2, 6, v, e, f, NULL, NULL));
    DONE(afina_fold_race, (results, 2, 6, AFINA_DIRECTION_MINIMISE, 0, NAN, flags));
    DONE(afina_winner, (results, errors, 12, AFINA_DIRECTION_MINIMISE, 0.9, &best, v, v + 1, v + 2));
    DONE(afina_winner_rivals, (results, errors, 12, AFINA_DIRECTION_MINIMISE, 0.9, flags));
    DONE(afina_winner_simplest, (results, errors, errors, 12, AFINA_DIRECTION_MINIMISE, 1, &best));
    DONE(afina_winner_rows, (results, 2, 6, AFINA_DIRECTION_MINIMISE, 100, 7, 0.9, v, v + 1, v + 2, v + 3));
    DONE(afina_interval_resampled, (results, 6, 0.2, 0.9, v, v + 1, v + 2));
    DONE(afina_interval_halves, (2, results, results + 6, 6, 0.9, v, v + 1));
    DONE(afina_interval_nested, (results, results + 6, errors, 6, 3, 2, 0.1, 0.9, v, v + 1, v + 2));
    DONE(afina_resampling_632, (0.1, 0.3, 0.5, v));
    REFUSED(afina_aggregate, (results, 6, AFINA_DIRECTION_MINIMISE, "middle", NAN, 0.2, v, e));
}

static void test_statistics_of_comparisons(void **state)
{
    (void)state;
    static const char *const names[] = {"first", "second"};
    double v[12];
    int32_t verdict;
    DONE(afina_compare_ranks, (results, 6, 2, AFINA_DIRECTION_MINIMISE, v));
    DONE(afina_compare_friedman, (results, 6, 2, AFINA_DIRECTION_MINIMISE, v, v + 1, v + 2, v + 3));
    for (int32_t posthoc = AFINA_POSTHOC_WILCOXON; posthoc <= AFINA_POSTHOC_NEMENYI; posthoc++)
        DONE(afina_compare_pairs, (results, 6, 2, AFINA_DIRECTION_MINIMISE, posthoc, v));
    DONE(afina_compare_critical_difference, (6, 2, 0.05, v));
    DONE(afina_compare_picture,
         (results, 6, 2, AFINA_DIRECTION_MINIMISE, AFINA_POSTHOC_NEMENYI, 0.05, names, text, sizeof text, &length));
    DONE(afina_compare_paired,
         (results, results + 6, 6, AFINA_DIRECTION_MINIMISE, 0.2, 0.9, v, v + 1, v + 2, v + 3, &verdict));
}

/* ------------------------------------------------------------------ network */

enum { ROWS = 40, COLUMNS = 2 };

static afina_dataset *dataset(void)
{
    double features[ROWS * COLUMNS], targets[ROWS];
    afina_dataset *d;
    for (int i = 0; i < ROWS; i++) {
        targets[i] = i % 2;
        features[2 * i] = i % 2 + 0.01 * i;
        features[2 * i + 1] = 0.3 * (i % 7);
    }
    DONE(afina_dataset_from_arrays, (&d, features, ROWS, COLUMNS, targets, AFINA_TASK_CLASSIFICATION));
    return d;
}

static void write_file(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    fclose(file);
}

static void test_data_sets(void **state)
{
    (void)state;
    static const unsigned char features[] = {0, 0, 8, 2, 0, 0, 0, 4, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8};
    static const unsigned char labels[] = {0, 0, 8, 1, 0, 0, 0, 4, 0, 1, 0, 1};
    char folder[] = "/tmp/afina_guest_XXXXXX", paths[2][64];
    afina_dataset *d = dataset(), *first, *second;
    assert_int_equal(CALL(afina_dataset_rows, (d)), ROWS);
    assert_int_equal(CALL(afina_dataset_columns, (d)), COLUMNS);
    assert_int_equal(CALL(afina_dataset_classes, (d)), 2);
    DONE(afina_dataset_split, (d, 0.25, 7, &first, &second));
    afina_dataset_free(first);
    afina_dataset_free(second);
    CALL(afina_dataset_free, (d));
    assert_non_null(mkdtemp(folder));
    snprintf(paths[0], sizeof paths[0], "%s/features", folder);
    snprintf(paths[1], sizeof paths[1], "%s/labels", folder);
    write_file(paths[0], features, sizeof features);
    write_file(paths[1], labels, sizeof labels);
    DONE(afina_dataset_from_idx, (&d, paths[0], paths[1], AFINA_TASK_CLASSIFICATION));
    afina_dataset_free(d);
    unlink(paths[0]);
    unlink(paths[1]);
    rmdir(folder);
    DONE(afina_dataset_from_csv, (&d, "examples/data/digits.csv", 1, "y", AFINA_TASK_CLASSIFICATION, NULL, 0));
    afina_dataset_free(d);
    REFUSED(afina_dataset_from_csv, (&d, "/nowhere", 1, NULL, AFINA_TASK_REGRESSION, NULL, 0));
}

static void use_network(afina_network *network, const afina_dataset *d)
{
    const double features[COLUMNS] = {1, 0.5};
    double value, shares[2];
    DONE(afina_network_score, (network, d, "accuracy", &value));
    DONE(afina_network_predict, (network, features, 1, COLUMNS, shares, 2, &count));
    CALL(afina_network_free, (network));
}

static void use_training(const afina_mlp *m, const afina_point *point)
{
    afina_training *training;
    afina_network *network;
    int32_t epochs, ended;
    double epoch, value;
    unsigned char *bytes;
    DONE(afina_training_new, (&training, m, point, 7));
    DONE(afina_training_run, (training, 2, NULL, NULL));
    DONE(afina_training_progress, (training, &epochs, &ended));
    DONE(afina_training_best, (training, &epoch, &value));
    DONE(afina_training_network, (&network, training, 0));
    afina_network_free(network);
    DONE(afina_training_save, (training, NULL, 0, &count));
    bytes = malloc(count);
    DONE(afina_training_save, (training, bytes, count, &count));
    DONE(afina_training_load, (training, bytes, count));
    REFUSED(afina_training_load, (training, bytes, count / 2));
    free(bytes);
    CALL(afina_training_free, (training));
}

static void test_networks(void **state)
{
    (void)state;
    afina_dataset *d = dataset();
    afina_mlp *m;
    afina_space *s;
    afina_point *point;
    afina_network *network;
    afina_optimizer *o;
    DONE(afina_mlp_new, (&m, d));
    DONE(afina_mlp_set_integer, (m, "epochs", 4));
    DONE(afina_mlp_set_string, (m, "metric", "loss"));
    DONE(afina_mlp_space, (m, &s));
    OK(afina_point_new(&point, s));
    DONE(afina_network_train, (&network, m, point, 7));
    use_network(network, d);
    DONE(afina_network_train_epochs, (&network, m, point, 2, 7));
    afina_network_free(network);
    use_training(m, point);
    OK(afina_optimizer_new(&o, s, "random"));
    afina_trial *t = ask(o);
    double value;
    DONE(afina_mlp_objective, (t, &value, m));
    afina_trial_free(t);
    afina_optimizer_free(o);
    afina_point_free(point);
    afina_space_free(s);
    CALL(afina_mlp_free, (m));
    afina_dataset_free(d);
}

/* ---------------------------------------------------------------------- all */

static int was_called(const char *name)
{
    for (size_t i = 0; i < n_called; i++)
        if (strcmp(called[i], name) == 0)
            return 1;
    return 0;
}

/* The last test. The names stand one a line, indented, in the version script. */
static void test_every_function_was_called(void **state)
{
    (void)state;
    FILE *map = fopen("lib/afina.map", "r");
    char line[200], name[100];
    size_t n = 0;
    assert_non_null(map);
    while (fgets(line, sizeof line, map)) {
        if (sscanf(line, " %99[a-z0-9_];", name) != 1 || strncmp(name, "afina_", 6) != 0)
            continue;
        n++;
        if (!was_called(name))
            fail_msg("%s() is called by no test of this file", name);
    }
    fclose(map);
    assert_int_equal(n, n_called);
}

/* A watch that sees nothing would find nothing. */
static void test_the_watch_sees_a_change(void **state)
{
    (void)state;
    struct host_state now;
    host_state_read(&before[0]);
    assert_null(host_state_difference(&before[0], &before[0]));
    assert_true(rand() >= 0);
    host_state_read(&now);
    assert_string_equal(host_state_difference(&before[0], &now), "the state of rand()");
    before[0] = now;
    printf("a word\n");
    host_state_read(&now);
    assert_string_equal(host_state_difference(&before[0], &now), "standard output");
    before[0] = now;
    setenv("AFINA_GUEST", "1", 1);
    host_state_read(&now);
    unsetenv("AFINA_GUEST");
    assert_string_equal(host_state_difference(&before[0], &now), "the environment");
}

#define WATCHED(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WATCHED(test_the_watch_sees_a_change),
        WATCHED(test_library_and_reflection),
        WATCHED(test_options_and_names),
        WATCHED(test_spaces),
        WATCHED(test_points),
        WATCHED(test_options_and_attributes_of_an_optimizer),
        WATCHED(test_tells_by_number),
        WATCHED(test_tells_through_a_handle),
        WATCHED(test_what_a_trial_says),
        WATCHED(test_columns),
        WATCHED(test_growing_spaces),
        WATCHED(test_logs),
        WATCHED(test_stores),
        WATCHED(test_the_model_of_values),
        WATCHED(test_the_model_of_parameters),
        WATCHED(test_runs),
        WATCHED(test_dry_and_simulated_runs),
        WATCHED(test_the_end_of_a_study),
        WATCHED(test_resampling),
        WATCHED(test_statistics_of_replicates),
        WATCHED(test_statistics_of_comparisons),
        WATCHED(test_data_sets),
        WATCHED(test_networks),
        cmocka_unit_test(test_every_function_was_called),
    };
    return cmocka_run_group_tests(tests, warm_up, NULL);
}
