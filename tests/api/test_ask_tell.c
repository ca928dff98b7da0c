/* Asking and telling: what each order of calls gives. */
#include "support/small_study.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void test_a_told_trial_holds_its_value(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    double value = 2.385;
    afina_trial *trial;
    OK(afina_ask(o, &trial));
    assert_int_equal(afina_trial_number(trial), 0);
    assert_int_equal(state_of(o, 0), AFINA_STATE_RUNNING);
    OK(afina_tell(o, 0, &value, 1));
    assert_int_equal(state_of(o, 0), AFINA_STATE_COMPLETE);
    assert_true(value_of(o, 0) == 2.385);
    afina_trial_free(trial);
    afina_optimizer_free(o);
}

static void test_a_trial_is_told_once(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    double value = 1.5;
    small_step(o);
    double before = value_of(o, 0);
    FAILS(afina_tell(o, 0, &value, 1), AFINA_E_STATE, "trial 0 is not running: it is complete");
    FAILS(afina_tell_failed(o, 0, "late"), AFINA_E_STATE, "complete");
    FAILS(afina_tell_infeasible(o, 0, NULL), AFINA_E_STATE, "complete");
    FAILS(afina_tell_stopped(o, 0), AFINA_E_STATE, "complete");
    FAILS(afina_tell_constraints(o, 0, &value, 1), AFINA_E_STATE, "complete");
    assert_true(value_of(o, 0) == before);
    afina_optimizer_free(o);
}

static void test_unknown_numbers_are_named(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    double value = 1;
    afina_trial *trial;
    FAILS(afina_tell(o, 0, &value, 1), AFINA_E_NOT_FOUND, "none was asked");
    small_step(o);
    FAILS(afina_tell(o, 7, &value, 1), AFINA_E_NOT_FOUND, "there is no trial 7; numbers go from 0 to 0");
    FAILS(afina_tell(o, -1, &value, 1), AFINA_E_NOT_FOUND, "-1");
    FAILS(afina_trial_get(o, INT64_MAX, &trial), AFINA_E_NOT_FOUND, "9223372036854775807");
    assert_null(trial);
    afina_optimizer_free(o);
}

static void test_the_count_of_values_is_that_of_objectives(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    double values[3] = {1, 2, 3};
    afina_trial *trial;
    OK(afina_optimizer_set_integer(o, "objectives", 2));
    OK(afina_ask(o, &trial));
    FAILS(afina_tell(o, 0, values, 1), AFINA_E_RANGE, "1 values given for 2 objectives");
    FAILS(afina_tell(o, 0, values, 3), AFINA_E_RANGE, "3 values given for 2 objectives");
    OK(afina_tell(o, 0, values, 2));
    size_t n;
    double got[2];
    OK(afina_trial_values(trial, got, 2, &n));
    assert_int_equal(n, 2);
    assert_true(got[0] == 1 && got[1] == 2);
    afina_trial_free(trial);
    FAILS(afina_best(o, &trial), AFINA_E_UNSUPPORTED, "2 objectives");
    afina_optimizer_free(o);
}

static void test_nan_is_a_failed_trial(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    double value = NAN;
    afina_trial *trial;
    char reason[64];
    size_t n;
    OK(afina_ask(o, &trial));
    OK(afina_tell(o, 0, &value, 1));
    assert_int_equal(state_of(o, 0), AFINA_STATE_FAILED);
    assert_true(isnan(value_of(o, 0))); /* kept as it was told */
    OK(afina_trial_reason(trial, reason, sizeof reason, &n));
    assert_string_equal(reason, "the value is NaN");
    afina_trial_free(trial);
    afina_optimizer_free(o);
}

static void test_nan_does_not_spoil_the_best(void **state)
{
    (void)state;
    static const double told[] = {NAN, 3.5, NAN, 2.25, 7, NAN};
    afina_optimizer *o = small_optimizer("random");
    afina_trial *trial;
    for (int i = 0; i < 6; i++) {
        OK(afina_ask(o, &trial));
        OK(afina_tell(o, i, &told[i], 1));
        afina_trial_free(trial);
    }
    OK(afina_best(o, &trial));
    assert_int_equal(afina_trial_number(trial), 3);
    afina_trial_free(trial);
    afina_optimizer_free(o);
}

static void test_infinities_are_results_in_their_order(void **state)
{
    (void)state;
    static const double told[] = {INFINITY, 5, -INFINITY, -1e308};
    afina_optimizer *o = small_optimizer("random");
    afina_trial *trial;
    for (int i = 0; i < 4; i++) {
        OK(afina_ask(o, &trial));
        OK(afina_tell(o, i, &told[i], 1));
        afina_trial_free(trial);
        assert_int_equal(state_of(o, i), AFINA_STATE_COMPLETE);
    }
    OK(afina_best(o, &trial));
    assert_int_equal(afina_trial_number(trial), 2);
    afina_trial_free(trial);
    afina_optimizer_free(o);
}

static void test_maximise_turns_the_best_round(void **state)
{
    (void)state;
    static const double told[] = {1, 9, 4};
    afina_optimizer *o = small_optimizer("random");
    afina_trial *trial;
    OK(afina_optimizer_set_string(o, "direction", "maximise"));
    for (int i = 0; i < 3; i++) {
        OK(afina_ask(o, &trial));
        OK(afina_tell(o, i, &told[i], 1));
        afina_trial_free(trial);
    }
    OK(afina_best(o, &trial));
    assert_int_equal(afina_trial_number(trial), 1);
    afina_trial_free(trial);
    afina_optimizer_free(o);
}

static void test_the_earlier_of_equals_is_best(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    afina_trial *trial;
    double value = 0.5;
    for (int i = 0; i < 3; i++) {
        OK(afina_ask(o, &trial));
        afina_trial_free(trial);
    }
    for (int64_t i = 3; i-- > 0;)
        OK(afina_tell(o, i, &value, 1));
    OK(afina_best(o, &trial));
    assert_int_equal(afina_trial_number(trial), 0);
    afina_trial_free(trial);
    afina_optimizer_free(o);
}

static void test_there_is_no_best_before_a_result(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    afina_trial *trial;
    FAILS(afina_best(o, &trial), AFINA_E_NOT_FOUND, "no trial is complete");
    OK(afina_ask(o, &trial));
    OK(afina_tell_failed(o, 0, "segmentation fault"));
    afina_trial_free(trial);
    FAILS(afina_best(o, &trial), AFINA_E_NOT_FOUND, "no trial is complete");
    afina_optimizer_free(o);
}

static void test_the_best_is_feasible(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    afina_trial *trial;
    static const double told[] = {1, 2, 3, 4};
    static const double constraint[][2] = {{0.1, -1}, {NAN, -1}, {0, -2}, {-1, -1}};
    for (int i = 0; i < 4; i++) {
        OK(afina_ask(o, &trial));
        OK(afina_tell_constraints(o, i, constraint[i], 2));
        OK(afina_tell(o, i, &told[i], 1));
        afina_trial_free(trial);
    }
    OK(afina_best(o, &trial));
    assert_int_equal(afina_trial_number(trial), 2);
    double got[2];
    size_t n;
    OK(afina_trial_constraints(trial, got, 2, &n));
    assert_int_equal(n, 2);
    assert_true(got[1] == -2);
    afina_trial_free(trial);
    afina_optimizer_free(o);
}

static void test_errors_are_told_once_before_the_values_and_are_finite(void **state)
{
    (void)state;
    static const double bad[] = {-1e-300, -0.385, NAN, INFINITY, -INFINITY};
    afina_optimizer *o = small_optimizer("gp");
    afina_trial *trial;
    double error = 0.25, value = 2.385, got;
    size_t n;
    OK(afina_ask(o, &trial));
    OK(afina_trial_errors(trial, NULL, 0, &n));
    assert_int_equal(n, 0);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        FAILS(afina_tell_errors(o, 0, &bad[i], 1), AFINA_E_RANGE, "finite and >= 0");
    FAILS(afina_tell_errors(o, 0, &bad[1], 1), AFINA_E_RANGE, "-0.385");
    FAILS(afina_tell_errors(o, 0, &error, 2), AFINA_E_RANGE, "2 values given for 1 objective");
    FAILS(afina_tell_errors(o, 1, &error, 1), AFINA_E_NOT_FOUND, "");
    OK(afina_tell_errors(o, 0, &error, 1));
    FAILS(afina_tell_errors(o, 0, &error, 1), AFINA_E_STATE, "told already");
    OK(afina_tell(o, 0, &value, 1));
    FAILS(afina_tell_errors(o, 0, &error, 1), AFINA_E_STATE, "complete");
    OK(afina_trial_errors(trial, &got, 1, &n));
    assert_int_equal(n, 1);
    assert_true(got == 0.25);
    afina_trial_free(trial);
    afina_optimizer_free(o);
}

static void test_constraints_are_told_once(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    afina_trial *trial;
    double c = -1;
    OK(afina_ask(o, &trial));
    OK(afina_tell_constraints(o, 0, &c, 1));
    FAILS(afina_tell_constraints(o, 0, &c, 1), AFINA_E_STATE, "told already");
    FAILS(afina_tell_constraints(o, 0, &c, 0), AFINA_E_ARGUMENT, "values is empty");
    afina_trial_free(trial);
    afina_optimizer_free(o);
}

static void test_a_thousand_asks_without_a_tell(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    for (int64_t i = 0; i < 1000; i++) {
        afina_trial *trial;
        OK(afina_ask(o, &trial));
        assert_int_equal(afina_trial_number(trial), i);
        afina_trial_free(trial);
    }
    double value = 1;
    for (int64_t i = 1000; i-- > 0;) /* in the opposite order */
        OK(afina_tell(o, i, &value, 1));
    afina_optimizer_free(o);
}

static void test_reports_are_kept_in_order(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    afina_trial *trial;
    double value = 0.75, step, got;
    size_t n;
    OK(afina_ask(o, &trial));
    for (int i = 1; i <= 20; i++) {
        value = 1.0 / i;
        OK(afina_trial_tell_report(trial, i, &value, 1));
    }
    FAILS(afina_trial_tell_report(trial, 20, &value, 1), AFINA_E_RANGE, "greater than the one before (20)");
    FAILS(afina_trial_tell_report(trial, NAN, &value, 1), AFINA_E_RANGE, "must be finite");
    FAILS(afina_trial_tell_report(trial, INFINITY, &value, 1), AFINA_E_RANGE, "must be finite");
    FAILS(afina_trial_tell_report(trial, 21, &value, 2), AFINA_E_RANGE, "2 values given for 1 objective");
    OK(afina_trial_report_count(trial, &n));
    assert_int_equal(n, 20);
    OK(afina_trial_report(trial, 3, &step, &got, 1, &n));
    assert_true(step == 4 && got == 0.25);
    FAILS(afina_trial_report(trial, 20, &step, &got, 1, &n), AFINA_E_RANGE, "report 20: trial 0 has 20");
    afina_trial_free(trial);
    afina_optimizer_free(o);
}

static void test_a_stopped_trial_is_worth_its_last_report(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    afina_trial *first, *second, *best;
    double value = 0.25;
    size_t n;
    OK(afina_ask(o, &first));
    OK(afina_ask(o, &second));
    OK(afina_trial_tell_report(first, 1, &value, 1));
    OK(afina_tell_stopped(o, 0));
    OK(afina_tell_stopped(o, 1));
    assert_int_equal(state_of(o, 0), AFINA_STATE_STOPPED);
    assert_true(value_of(o, 0) == 0.25);
    OK(afina_trial_values(second, NULL, 0, &n));
    assert_int_equal(n, 0);
    FAILS(afina_best(o, &best), AFINA_E_NOT_FOUND, "complete");
    afina_trial_free(first);
    afina_trial_free(second);
    afina_optimizer_free(o);
}

static void test_queued_points_come_first_and_in_order(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("sobol");
    afina_space *space = small_space();
    afina_point *point;
    small_step(o);
    OK(afina_point_new(&point, space));
    for (int i = 0; i < 3; i++) {
        OK(afina_point_set_real(point, "x", i));
        OK(afina_enqueue(o, point));
    }
    for (int i = 0; i < 3; i++) {
        afina_trial *trial;
        double x;
        int32_t origin;
        OK(afina_ask(o, &trial));
        OK(afina_point_get_real(afina_trial_point(trial), "x", &x));
        OK(afina_trial_origin(trial, &origin));
        assert_true(x == i);
        assert_int_equal(origin, AFINA_ORIGIN_ENQUEUED);
        afina_trial_free(trial);
    }
    afina_point_free(point);
    afina_space_free(space);
    afina_optimizer_free(o);
}

static void test_a_point_of_another_space_is_refused(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    afina_space *other;
    afina_point *point;
    OK(afina_space_new(&other));
    OK(afina_space_add_real(other, "x", 0, 1, AFINA_SCALE_LINEAR));
    OK(afina_point_new(&point, other));
    FAILS(afina_enqueue(o, point), AFINA_E_ARGUMENT, "a space of 1 parameters; the optimizer's has 3");
    afina_point_free(point);
    afina_space_free(other);
    other = small_space();
    OK(afina_space_add_real(other, "z", 0, 1, AFINA_SCALE_LINEAR));
    OK(afina_point_new(&point, other));
    FAILS(afina_add_trial(o, point, AFINA_STATE_FAILED, NULL, 0, NULL), AFINA_E_ARGUMENT, "4 parameters");
    afina_point_free(point);
    afina_space_free(other);
    afina_optimizer_free(o);
}

/* The value of y where it is active, else 0. */
static double y_of(const afina_point *point)
{
    double y;
    return afina_point_get_real(point, "y", &y) == AFINA_OK ? y : 0;
}

/* A trial that has no y: the small space has none while k is "a". */
static afina_trial *trial_without_y(afina_optimizer *o)
{
    for (;;) {
        afina_trial *trial;
        OK(afina_ask(o, &trial));
        if (y_of(afina_trial_point(trial)) == 0)
            return trial;
        afina_trial_free(trial);
    }
}

/* Once: a parameter that was not active in a trial, a sample or a ranked point was
 * 0 when a copy activated it, whatever its range. */
static void test_what_a_copy_activates_has_its_default(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    afina_trial *trial = trial_without_y(o);
    afina_space *space = small_space();
    afina_point *points[2];
    OK(afina_point_copy(&points[0], afina_trial_point(trial)));
    for (uint64_t i = 0;; i++) {
        OK(afina_space_sample(space, 7, i, &points[1]));
        if (y_of(points[1]) == 0)
            break;
        afina_point_free(points[1]);
    }
    for (int i = 0; i < 2; i++) {
        OK(afina_point_set_string(points[i], "k", "b"));
        assert_true(fabs(y_of(points[i]) - 1e-2) < 1e-9);
        afina_point_free(points[i]);
    }
    afina_trial_free(trial);
    afina_space_free(space);
    afina_optimizer_free(o);
}

static void test_what_a_ranked_point_activates_has_its_default(void **state)
{
    (void)state;
    static const char *const choices[] = {"off", "on"};
    afina_space *space;
    afina_point *point;
    int64_t n = 0;
    OK(afina_space_new(&space));
    OK(afina_space_add_categorical(space, "k", choices, 2));
    OK(afina_space_add_integer(space, "n", 5, 9, AFINA_SCALE_LINEAR));
    OK(afina_space_add_condition_in(space, "n", "k", choices + 1, 1));
    for (uint64_t rank = 0; rank < 6; rank++) {
        OK(afina_space_unrank(space, rank, &point));
        int32_t active;
        OK(afina_point_is_active(point, "n", &active));
        OK(afina_point_set_string(point, "k", "on"));
        OK(afina_point_get_integer(point, "n", &n));
        assert_true(active ? n >= 5 && n <= 9 : n == 7);
        afina_point_free(point);
    }
    afina_space_free(space);
}

/* Once: a trial's point, taken to a space where its missing parameter is always
 * active, brought a 0 out of range. */
static void test_a_trial_goes_to_a_space_without_its_condition(void **state)
{
    (void)state;
    static const char *const choices[] = {"a", "b", "c"};
    afina_optimizer *from = small_optimizer("random"), *to;
    afina_trial *trial = trial_without_y(from), *taken;
    afina_space *space;
    OK(afina_space_new(&space));
    OK(afina_space_add_real(space, "x", -5, 10, AFINA_SCALE_LINEAR));
    OK(afina_space_add_categorical(space, "k", choices, 3));
    OK(afina_space_add_real(space, "y", 1e-4, 1, AFINA_SCALE_LOG));
    OK(afina_optimizer_new(&to, space, "random"));
    OK(afina_enqueue(to, afina_trial_point(trial)));
    OK(afina_ask(to, &taken));
    assert_true(fabs(y_of(afina_trial_point(taken)) - 1e-2) < 1e-9);
    afina_trial_free(taken);
    afina_trial_free(trial);
    afina_space_free(space);
    afina_optimizer_free(to);
    afina_optimizer_free(from);
}

/* Once: setting the filter freed the space that the handle's point reads. */
static void test_a_filter_set_late_leaves_the_handles_their_space(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    afina_space *space = small_space();
    afina_point *point;
    afina_trial *trial;
    double value = 2.385, x;
    OK(afina_point_new(&point, space));
    OK(afina_add_trial(o, point, AFINA_STATE_COMPLETE, &value, 1, NULL));
    OK(afina_trial_get(o, 0, &trial));
    OK(afina_optimizer_set_filter(o, NULL, NULL, NULL));
    OK(afina_point_get_real(afina_trial_point(trial), "x", &x));
    assert_true(x == 2.5);
    afina_trial_free(trial);
    afina_point_free(point);
    afina_space_free(space);
    afina_optimizer_free(o);
}

static void test_results_from_elsewhere_are_trials(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    afina_space *space = small_space();
    afina_point *point;
    afina_trial *best;
    int64_t number = -1;
    double value = -3.5;
    OK(afina_point_new(&point, space));
    OK(afina_add_trial(o, point, AFINA_STATE_COMPLETE, &value, 1, &number));
    assert_int_equal(number, 0);
    OK(afina_add_trial(o, point, AFINA_STATE_FAILED, NULL, 0, &number));
    assert_int_equal(number, 1);
    assert_int_equal(state_of(o, 1), AFINA_STATE_FAILED);
    value = NAN;
    OK(afina_add_trial(o, point, AFINA_STATE_COMPLETE, &value, 1, NULL));
    assert_int_equal(state_of(o, 2), AFINA_STATE_FAILED);
    FAILS(afina_add_trial(o, point, AFINA_STATE_RUNNING, NULL, 0, NULL), AFINA_E_RANGE, "AFINA_STATE_COMPLETE (1)");
    FAILS(afina_add_trial(o, point, AFINA_STATE_COMPLETE, NULL, 0, NULL), AFINA_E_ARGUMENT, "values is NULL");
    FAILS(afina_add_trial(o, point, AFINA_STATE_INFEASIBLE, &value, 1, NULL), AFINA_E_RANGE, "takes 0 values");
    OK(afina_best(o, &best));
    assert_int_equal(afina_trial_number(best), 0);
    afina_trial_free(best);
    small_step(o);
    OK(afina_trial_count(o, &number));
    assert_int_equal(number, 4);
    afina_point_free(point);
    afina_space_free(space);
    afina_optimizer_free(o);
}

static void test_a_trial_outlives_its_optimizer(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    afina_trial *trial;
    double x, value = 1;
    int32_t stop;
    OK(afina_ask(o, &trial));
    afina_optimizer_free(o);
    OK(afina_point_get_real(afina_trial_point(trial), "x", &x));
    FAILS(afina_trial_tell_report(trial, 1, &value, 1), AFINA_E_STATE, "was freed");
    OK(afina_trial_should_stop(trial, &stop));
    assert_int_equal(stop, 1);
    afina_trial_free(trial);
}

static int32_t only_left_half(const afina_point *point, void *user)
{
    double x;
    ++*(int *)user;
    return afina_point_get_real(point, "x", &x) == AFINA_OK && x < 2.5;
}

static void test_a_filter_is_obeyed(void **state)
{
    (void)state;
    for (size_t m = 0; m < afina_method_count(); m++) {
        if (strcmp(afina_method_name(m), "manual") == 0)
            continue;
        afina_space *space = small_space();
        afina_optimizer *o;
        int calls = 0;
        OK(afina_space_set_filter(space, only_left_half, &calls, NULL));
        OK(afina_optimizer_new(&o, space, afina_method_name(m)));
        for (int i = 0; i < 12; i++) {
            afina_trial *trial;
            double x;
            OK(afina_ask(o, &trial));
            OK(afina_point_get_real(afina_trial_point(trial), "x", &x));
            assert_true(x < 2.5);
            OK(afina_tell(o, i, &x, 1));
            afina_trial_free(trial);
        }
        assert_true(calls >= 12);
        afina_optimizer_free(o);
        afina_space_free(space);
    }
}

static int32_t none(const afina_point *point, void *user)
{
    (void)point;
    (void)user;
    return 0;
}

static void test_a_filter_that_refuses_all_ends_the_ask(void **state)
{
    (void)state;
    for (size_t m = 0; m < afina_method_count(); m++) {
        int32_t host_only;
        OK(afina_method_trait(afina_method_name(m), "host_only", &host_only));
        if (host_only)
            continue;
        afina_space *space = small_space();
        afina_optimizer *o;
        afina_trial *trial;
        OK(afina_space_set_filter(space, none, NULL, NULL));
        OK(afina_optimizer_new(&o, space, afina_method_name(m)));
        assert_int_equal(afina_ask(o, &trial), AFINA_E_NO_POINT);
        assert_null(trial);
        afina_optimizer_free(o);
        afina_space_free(space);
    }
}

struct reentrant {
    afina_optimizer *optimizer;
    int32_t status;
};

static int32_t asks_again(const afina_point *point, void *user)
{
    struct reentrant *r = user;
    afina_trial *trial;
    (void)point;
    r->status = afina_ask(r->optimizer, &trial);
    return 1;
}

static void test_a_filter_that_asks_gets_an_answer(void **state)
{
    (void)state;
    struct reentrant r = {0};
    afina_space *space = small_space();
    afina_trial *trial;
    OK(afina_space_set_filter(space, asks_again, &r, NULL));
    OK(afina_optimizer_new(&r.optimizer, space, "random"));
    OK(afina_ask(r.optimizer, &trial));
    assert_int_equal(r.status, AFINA_E_BUSY);
    afina_trial_free(trial);
    afina_optimizer_free(r.optimizer);
    afina_space_free(space);
}

static int32_t frees_it(const afina_point *point, void *user)
{
    afina_optimizer **o = user;
    double x;
    afina_optimizer_free(*o);
    *o = NULL;
    return afina_point_get_real(point, "x", &x) == AFINA_OK;
}

static int32_t allows(const afina_point *point, void *user)
{
    (void)point;
    (void)user;
    return 1;
}

/* Once the study was gone while it made the suggestion. */
static void test_a_filter_may_free_the_optimizer(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    afina_trial *trial;
    int64_t number;
    OK(afina_optimizer_set_filter(o, frees_it, &o, NULL));
    OK(afina_ask(o, &trial));
    assert_null(o);
    assert_int_equal(afina_trial_number(trial), 0);
    afina_trial_free(trial);
    o = small_optimizer("random");
    OK(afina_optimizer_set_filter(o, allows, NULL, NULL));
    small_step(o);
    char *text = log_of(o);
    afina_optimizer_free(o);
    OK(afina_optimizer_from_log(&o, text, strlen(text)));
    free(text);
    OK(afina_optimizer_set_filter(o, frees_it, &o, NULL));
    OK(afina_optimizer_replay(o, &number));
    assert_null(o);
}

static int32_t changes_the_space(const afina_point *point, void *user)
{
    double x;
    int32_t rc = afina_space_set_filter(user, NULL, NULL, NULL);
    return rc == AFINA_OK && afina_point_get_real(point, "x", &x) == AFINA_OK;
}

static void test_a_filter_may_change_the_space(void **state)
{
    (void)state;
    afina_space *space = small_space();
    afina_point *point;
    double x;
    OK(afina_space_set_filter(space, changes_the_space, space, NULL));
    OK(afina_space_sample(space, 7, 0, &point));
    OK(afina_point_get_real(point, "x", &x));
    afina_point_free(point);
    afina_space_free(space);
}

static void test_a_finite_space_ends(void **state)
{
    (void)state;
    for (size_t m = 0; m < afina_method_count(); m++) {
        static const char *const choices[] = {"p", "q"};
        afina_space *space;
        afina_optimizer *o;
        afina_trial *trial;
        double value = 1;
        OK(afina_space_new(&space));
        OK(afina_space_add_integer(space, "n", 1, 3, AFINA_SCALE_LINEAR));
        OK(afina_space_add_categorical(space, "k", choices, 2));
        OK(afina_optimizer_new(&o, space, afina_method_name(m)));
        int asked = 0;
        while (afina_ask(o, &trial) == AFINA_OK) {
            OK(afina_tell(o, asked++, &value, 1));
            afina_trial_free(trial);
            assert_true(asked <= 6);
        }
        assert_int_equal(afina_ask(o, &trial), AFINA_EXHAUSTED);
        assert_int_equal(asked, strcmp(afina_method_name(m), "manual") == 0 ? 0 : 6);
        afina_optimizer_free(o);
        afina_space_free(space);
    }
}

static void test_repeats_are_allowed_on_request(void **state)
{
    (void)state;
    static const char *const methods[] = {"random", "sobol", "lhs", "gp"};
    for (size_t m = 0; m < sizeof methods / sizeof methods[0]; m++) {
        afina_space *space;
        afina_optimizer *o;
        OK(afina_space_new(&space));
        OK(afina_space_add_integer(space, "n", 1, 3, AFINA_SCALE_LINEAR));
        OK(afina_optimizer_new(&o, space, methods[m]));
        OK(afina_optimizer_set_integer(o, "repeats", 1));
        for (int64_t i = 0; i < 20; i++) {
            afina_trial *trial;
            double value = 1;
            OK(afina_ask(o, &trial));
            OK(afina_tell(o, i, &value, 1));
            afina_trial_free(trial);
        }
        afina_optimizer_free(o);
        afina_space_free(space);
    }
}

static void test_a_constant_parameter_is_legal(void **state)
{
    (void)state;
    afina_space *space;
    afina_optimizer *o;
    afina_trial *trial;
    double x;
    uint64_t count;
    OK(afina_space_new(&space));
    OK(afina_space_add_real(space, "x", 1, 1, AFINA_SCALE_LOG));
    OK(afina_space_point_count(space, &count));
    assert_int_equal(count, 1);
    OK(afina_optimizer_new(&o, space, "gp"));
    OK(afina_ask(o, &trial));
    OK(afina_point_get_real(afina_trial_point(trial), "x", &x));
    assert_true(x == 1);
    afina_trial_free(trial);
    assert_int_equal(afina_ask(o, &trial), AFINA_EXHAUSTED);
    afina_optimizer_free(o);
    afina_space_free(space);
}

static void test_weightless_choices_are_never_suggested(void **state)
{
    (void)state;
    static const char *const choices[] = {"never", "often", "seldom"};
    static const double weights[] = {0, 9, 1};
    afina_space *space;
    afina_optimizer *o;
    afina_trial *trial;
    afina_point *point;
    OK(afina_space_new(&space));
    OK(afina_space_add_categorical(space, "k", choices, 3));
    OK(afina_space_set_weights(space, "k", weights, 3));
    OK(afina_optimizer_new(&o, space, "random"));
    for (int i = 0; i < 2; i++) {
        const char *k;
        OK(afina_ask(o, &trial));
        OK(afina_point_get_string(afina_trial_point(trial), "k", &k));
        assert_string_not_equal(k, "never");
        afina_trial_free(trial);
    }
    assert_int_equal(afina_ask(o, &trial), AFINA_EXHAUSTED);
    OK(afina_point_new(&point, space));
    OK(afina_point_set_string(point, "k", "never"));
    OK(afina_enqueue(o, point));
    OK(afina_ask(o, &trial));
    afina_trial_free(trial);
    afina_point_free(point);
    afina_optimizer_free(o);
    afina_space_free(space);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_told_trial_holds_its_value),
        cmocka_unit_test(test_a_trial_is_told_once),
        cmocka_unit_test(test_unknown_numbers_are_named),
        cmocka_unit_test(test_the_count_of_values_is_that_of_objectives),
        cmocka_unit_test(test_nan_is_a_failed_trial),
        cmocka_unit_test(test_nan_does_not_spoil_the_best),
        cmocka_unit_test(test_infinities_are_results_in_their_order),
        cmocka_unit_test(test_maximise_turns_the_best_round),
        cmocka_unit_test(test_the_earlier_of_equals_is_best),
        cmocka_unit_test(test_there_is_no_best_before_a_result),
        cmocka_unit_test(test_the_best_is_feasible),
        cmocka_unit_test(test_constraints_are_told_once),
        cmocka_unit_test(test_errors_are_told_once_before_the_values_and_are_finite),
        cmocka_unit_test(test_a_thousand_asks_without_a_tell),
        cmocka_unit_test(test_reports_are_kept_in_order),
        cmocka_unit_test(test_a_stopped_trial_is_worth_its_last_report),
        cmocka_unit_test(test_queued_points_come_first_and_in_order),
        cmocka_unit_test(test_a_point_of_another_space_is_refused),
        cmocka_unit_test(test_what_a_copy_activates_has_its_default),
        cmocka_unit_test(test_what_a_ranked_point_activates_has_its_default),
        cmocka_unit_test(test_a_trial_goes_to_a_space_without_its_condition),
        cmocka_unit_test(test_a_filter_set_late_leaves_the_handles_their_space),
        cmocka_unit_test(test_results_from_elsewhere_are_trials),
        cmocka_unit_test(test_a_trial_outlives_its_optimizer),
        cmocka_unit_test(test_a_filter_is_obeyed),
        cmocka_unit_test(test_a_filter_that_refuses_all_ends_the_ask),
        cmocka_unit_test(test_a_filter_that_asks_gets_an_answer),
        cmocka_unit_test(test_a_filter_may_free_the_optimizer),
        cmocka_unit_test(test_a_filter_may_change_the_space),
        cmocka_unit_test(test_a_finite_space_ends),
        cmocka_unit_test(test_repeats_are_allowed_on_request),
        cmocka_unit_test(test_a_constant_parameter_is_legal),
        cmocka_unit_test(test_weightless_choices_are_never_suggested),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
