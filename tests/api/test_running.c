/* Trials while they run: begun by the host, told through their handles and by number, waited for. */
#define _POSIX_C_SOURCE 200809L /* usleep, clock_gettime */
#include "support/small_study.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>

static void test_a_trial_of_the_hosts_own_point_runs(void **state)
{
    (void)state;
    for (size_t m = 0; m < afina_method_count(); m++) {
        const char *method = afina_method_name(m);
        afina_space *space = small_space();
        afina_optimizer *o = small_optimizer(method);
        afina_point *point;
        afina_trial *trial;
        double value = 1.5, x;
        int32_t origin;
        int64_t differs;
        int asks = strcmp(method, "manual") != 0;
        OK(afina_point_new(&point, space));
        OK(afina_point_set_real(point, "x", 2.5));
        for (int i = 0; asks && i < 6; i++)
            small_step(o);
        OK(afina_start(o, point, &trial));
        for (int i = 0; asks && i < 4; i++)
            small_step(o);
        assert_int_equal(afina_trial_number(trial), asks ? 6 : 0);
        OK(afina_trial_origin(trial, &origin));
        assert_int_equal(origin, AFINA_ORIGIN_ADDED);
        OK(afina_point_get_real(afina_trial_point(trial), "x", &x));
        assert_true(x == 2.5);
        OK(afina_trial_tell_report(trial, 1, &value, 1));
        OK(afina_tell(o, afina_trial_number(trial), &value, 1));
        for (int i = 0; asks && i < 4; i++)
            small_step(o);
        OK(afina_optimizer_replay(o, &differs));
        char *text = log_of(o);
        afina_optimizer_free(o);
        OK(afina_optimizer_from_log(&o, text, strlen(text)));
        OK(afina_optimizer_replay(o, &differs));
        free(text);
        afina_trial_free(trial);
        afina_point_free(point);
        afina_space_free(space);
        afina_optimizer_free(o);
    }
}

static void test_what_runs_is_told_through_its_handle(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    afina_trial *trial;
    double excess = -2.385, error = 0.25, value = 1, read;
    char text[32];
    size_t n;
    OK(afina_ask(o, &trial));
    OK(afina_trial_tell_constraints(trial, &excess, 1));
    OK(afina_trial_tell_errors(trial, &error, 1));
    OK(afina_trial_tell_checkpoint(trial, "epoch-3.pt"));
    OK(afina_trial_tell_attribute(trial, "host", "alpha"));
    FAILS(afina_trial_tell_constraints(trial, &excess, 1), AFINA_E_STATE, "told already");
    FAILS(afina_trial_tell_constraints(trial, &excess, 0), AFINA_E_ARGUMENT, "values is empty");
    FAILS(afina_trial_tell_errors(NULL, &error, 1), AFINA_E_ARGUMENT, "trial is NULL");
    FAILS(afina_trial_tell_checkpoint(trial, "\xff"), AFINA_E_ARGUMENT, "not UTF-8");
    OK(afina_tell(o, 0, &value, 1));
    OK(afina_trial_constraints(trial, &read, 1, &n));
    assert_true(n == 1 && read == -2.385);
    OK(afina_trial_errors(trial, &read, 1, &n));
    assert_true(n == 1 && read == 0.25);
    OK(afina_trial_checkpoint(trial, text, sizeof text, &n));
    assert_string_equal(text, "epoch-3.pt");
    OK(afina_trial_attribute(trial, "host", text, sizeof text, &n));
    assert_string_equal(text, "alpha");
    afina_optimizer_free(o);
    FAILS(afina_trial_tell_errors(trial, &error, 1), AFINA_E_STATE, "was freed");
    afina_trial_free(trial);
}

static void test_what_runs_is_told_by_its_number(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    afina_trial *trial;
    double value = 2.385;
    int32_t stop;
    size_t n;
    OK(afina_ask(o, &trial));
    OK(afina_tell_report(o, 0, 1, &value, 1));
    FAILS(afina_tell_report(o, 0, 1, &value, 1), AFINA_E_RANGE, "step");
    FAILS(afina_tell_report(o, 1, 1, &value, 1), AFINA_E_NOT_FOUND, "no trial 1");
    OK(afina_trial_report_count(trial, &n));
    assert_int_equal(n, 1);
    OK(afina_should_stop(o, 0, &stop));
    assert_int_equal(stop, 0);
    OK(afina_cancel(o));
    OK(afina_should_stop(o, 0, &stop));
    assert_int_equal(stop, 1);
    FAILS(afina_should_stop(o, 1, &stop), AFINA_E_NOT_FOUND, "no trial 1");
    afina_trial_free(trial);
    afina_optimizer_free(o);
}

static void test_every_trial_has_as_many_constraints(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    afina_trial *trial;
    double values[2] = {-1, -2};
    for (int i = 0; i < 3; i++) {
        OK(afina_ask(o, &trial));
        afina_trial_free(trial);
    }
    OK(afina_tell_constraints(o, 1, values, 2));
    FAILS(afina_tell_constraints(o, 0, values, 1), AFINA_E_RANGE,
          "1 constraint values of trial 0; the trials of this study have 2");
    OK(afina_tell_constraints(o, 0, values, 2));
    OK(afina_tell(o, 2, values, 1)); /* none is allowed */
    afina_optimizer_free(o);
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void test_a_trial_says_when_it_ran(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    afina_trial *trial;
    int64_t before = now_ms(), started, ended, column[2];
    double value = 1;
    size_t n;
    OK(afina_ask(o, &trial));
    OK(afina_trial_times(trial, &started, &ended));
    assert_true(started >= before && started <= now_ms());
    assert_true(ended == INT64_MIN);
    OK(afina_tell(o, 0, &value, 1));
    OK(afina_trial_times(trial, &started, &ended));
    assert_true(ended >= started && ended <= now_ms());
    OK(afina_column_started(o, 0, column, 1, &n));
    assert_true(n == 1 && column[0] == started);
    OK(afina_column_ended(o, 0, column, 1, &n));
    assert_true(column[0] == ended);
    afina_trial_free(trial);
    afina_optimizer_free(o);
}

struct waiting {
    afina_optimizer *optimizer;
    afina_trial *trial;
    int32_t status;
};

static void *wait_long(void *user)
{
    struct waiting *w = user;
    w->status = afina_ask_wait(w->optimizer, INFINITY, &w->trial);
    return NULL;
}

/* An optimizer with lag 1 whose trial 0 runs: the next ask waits for it. */
static afina_optimizer *one_that_waits(void)
{
    afina_optimizer *o = small_optimizer("random");
    afina_trial *trial;
    OK(afina_optimizer_set_integer(o, "lag", 1));
    OK(afina_ask(o, &trial));
    afina_trial_free(trial);
    return o;
}

static void test_an_ask_waits_until_it_can_be_answered(void **state)
{
    (void)state;
    struct waiting w = {.optimizer = one_that_waits()};
    afina_trial *trial;
    pthread_t thread;
    double value = 1;
    assert_int_equal(afina_ask(w.optimizer, &trial), AFINA_WAIT);
    assert_int_equal(afina_ask_wait(w.optimizer, 0, &trial), AFINA_WAIT);
    assert_int_equal(afina_ask_wait(w.optimizer, 0.01, &trial), AFINA_WAIT);
    assert_null(trial);
    assert_int_equal(pthread_create(&thread, NULL, wait_long, &w), 0);
    OK(afina_tell(w.optimizer, 0, &value, 1));
    pthread_join(thread, NULL);
    OK(w.status);
    assert_int_equal(afina_trial_number(w.trial), 1);
    afina_trial_free(w.trial);
    FAILS(afina_ask_wait(w.optimizer, -1, &trial), AFINA_E_RANGE, "seconds must be 0 or more, got -1");
    FAILS(afina_ask_wait(w.optimizer, NAN, &trial), AFINA_E_RANGE, "seconds must be 0 or more");
    afina_optimizer_free(w.optimizer);
}

static void test_a_cancel_ends_a_wait_and_nothing_else(void **state)
{
    (void)state;
    struct waiting w = {.optimizer = one_that_waits()};
    afina_trial *trial;
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, wait_long, &w), 0);
    OK(afina_cancel(w.optimizer));
    pthread_join(thread, NULL);
    assert_int_equal(w.status, AFINA_CANCELLED);
    assert_null(w.trial);
    assert_int_equal(afina_ask_wait(w.optimizer, 0.01, &trial), AFINA_WAIT);
    afina_optimizer_free(w.optimizer);
}

static void test_a_wait_ends_when_the_optimizer_is_freed(void **state)
{
    (void)state;
    struct waiting w = {.optimizer = one_that_waits()};
    pthread_t thread;
    struct timespec pause = {.tv_nsec = 50000000};
    assert_int_equal(pthread_create(&thread, NULL, wait_long, &w), 0);
    nanosleep(&pause, NULL);
    afina_optimizer_free(w.optimizer);
    pthread_join(thread, NULL);
    assert_int_equal(w.status, AFINA_E_STATE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_trial_of_the_hosts_own_point_runs),
        cmocka_unit_test(test_what_runs_is_told_through_its_handle),
        cmocka_unit_test(test_what_runs_is_told_by_its_number),
        cmocka_unit_test(test_every_trial_has_as_many_constraints),
        cmocka_unit_test(test_a_trial_says_when_it_ran),
        cmocka_unit_test(test_an_ask_waits_until_it_can_be_answered),
        cmocka_unit_test(test_a_cancel_ends_a_wait_and_nothing_else),
        cmocka_unit_test(test_a_wait_ends_when_the_optimizer_is_freed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
