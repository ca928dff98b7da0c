/* A trial that runs too long is given up, and holds up nobody but its own thread. */
#define _POSIX_C_SOURCE 200809L /* nanosleep */
#include "support/small_study.h"

#include <stdatomic.h>
#include <time.h>

struct world {
    afina_optimizer *optimizer;
    _Atomic int others; /* trials that ended beside trial 0 */
    int wanted;         /* trial 0 ends after so many of them */
    _Atomic int lost;   /* trial 0 was seen as lost while its objective ran */
    _Atomic int is_inside;
    int32_t answer;
};

static void nap(double seconds)
{
    struct timespec time = {.tv_sec = (time_t)seconds, .tv_nsec = (long)(1e9 * (seconds - (double)(time_t)seconds))};
    nanosleep(&time, NULL);
}

/* Waits, for ten seconds at most, and does not heed should_stop. */
static int comes_to(const _Atomic int *count, int wanted)
{
    for (int i = 0; i < 10000 && atomic_load(count) < wanted; i++)
        nap(0.001);
    return atomic_load(count) >= wanted;
}

/* Trial 0 stalls until others have ended, then has a result after all. */
static int32_t stalls(afina_trial *trial, double *values, void *user)
{
    struct world *w = user;
    if (afina_trial_number(trial) > 0) {
        atomic_fetch_add(&w->others, 1);
        values[0] = (double)afina_trial_number(trial);
        return AFINA_OK;
    }
    atomic_store(&w->is_inside, 1);
    assert_true(comes_to(&w->others, w->wanted));
    assert_true(comes_to(&w->lost, 1));
    atomic_store(&w->is_inside, 0);
    values[0] = -2.385;
    return w->answer;
}

static int32_t see_lost(int32_t event, afina_trial *trial, int64_t report, void *user)
{
    struct world *w = user;
    int32_t state;
    (void)report;
    OK(afina_trial_state(trial, &state));
    if (event == AFINA_EVENT_TOLD && afina_trial_number(trial) == 0 && state == AFINA_STATE_LOST &&
        atomic_load(&w->is_inside))
        atomic_fetch_add(&w->lost, 1);
    return AFINA_OK;
}

static void begin(struct world *w, int64_t workers, int64_t lag, int wanted)
{
    *w = (struct world){.optimizer = small_optimizer("random"), .wanted = wanted};
    OK(afina_optimizer_set_integer(w->optimizer, "workers", workers));
    OK(afina_optimizer_set_integer(w->optimizer, "lag", lag));
    OK(afina_optimizer_set_real(w->optimizer, "trial_seconds", 0.05));
    OK(afina_optimizer_set_observer(w->optimizer, see_lost, w, NULL));
}

static int occurs(afina_optimizer *o, const char *text)
{
    char *log = log_of(o);
    int found = strstr(log, text) != NULL;
    free(log);
    return found;
}

static void test_the_others_go_on_and_the_late_result_is_kept(void **state)
{
    (void)state;
    struct world w;
    afina_trial *best;
    int64_t differs;
    begin(&w, 3, 0, 9);
    OK(afina_optimize(w.optimizer, stalls, &w, 10));
    assert_int_equal(w.lost, 1);
    assert_true(occurs(w.optimizer, "\"state\":\"lost\",\"reason\":\"it ran longer than 0.05 s\""));
    assert_int_equal(state_of(w.optimizer, 0), AFINA_STATE_COMPLETE);
    OK(afina_best(w.optimizer, &best));
    assert_int_equal(afina_trial_number(best), 0);
    OK(afina_optimizer_replay(w.optimizer, &differs));
    afina_trial_free(best);
    afina_optimizer_free(w.optimizer);
}

/* With a lag of 2 trial 2 needs the result of trial 0: it waits until that one is given up. */
static void test_a_lag_does_not_wait_for_what_is_lost(void **state)
{
    (void)state;
    struct world w;
    begin(&w, 2, 2, 5);
    OK(afina_optimize(w.optimizer, stalls, &w, 6));
    assert_int_equal(w.lost, 1);
    assert_int_equal(state_of(w.optimizer, 0), AFINA_STATE_COMPLETE);
    afina_optimizer_free(w.optimizer);
}

static void test_one_worker_is_watched_too(void **state)
{
    (void)state;
    struct world w;
    begin(&w, 1, 0, 0);
    OK(afina_optimize(w.optimizer, stalls, &w, 3));
    assert_int_equal(w.lost, 1);
    assert_int_equal(state_of(w.optimizer, 0), AFINA_STATE_COMPLETE);
    assert_int_equal(w.others, 2);
    afina_optimizer_free(w.optimizer);
}

static void test_a_late_failure_is_a_failure(void **state)
{
    (void)state;
    struct world w;
    begin(&w, 2, 0, 3);
    w.answer = -100;
    OK(afina_optimize(w.optimizer, stalls, &w, 4));
    assert_int_equal(state_of(w.optimizer, 0), AFINA_STATE_FAILED);
    afina_optimizer_free(w.optimizer);
}

static int32_t heeds(afina_trial *trial, double *values, void *user)
{
    int32_t stop = 0;
    double value = 1.5;
    (void)values;
    (void)user;
    OK(afina_trial_tell_report(trial, 1, &value, 1));
    for (int i = 0; i < 10000 && !stop; i++) {
        nap(0.001);
        OK(afina_trial_should_stop(trial, &stop));
    }
    assert_true(stop);
    return AFINA_OK;
}

static void test_an_objective_that_asks_is_stopped_in_time(void **state)
{
    (void)state;
    for (int64_t workers = 1; workers <= 2; workers++) {
        afina_optimizer *o = small_optimizer("random");
        OK(afina_optimizer_set_integer(o, "workers", workers));
        OK(afina_optimizer_set_real(o, "trial_seconds", 0.02));
        OK(afina_optimize(o, heeds, NULL, 4));
        for (int64_t i = 0; i < 4; i++)
            assert_int_equal(state_of(o, i), AFINA_STATE_STOPPED);
        afina_optimizer_free(o);
    }
}

static int32_t quick(afina_trial *trial, double *values, void *user)
{
    (void)user;
    values[0] = (double)afina_trial_number(trial);
    return AFINA_OK;
}

static void test_who_is_in_time_is_left_alone(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    OK(afina_optimizer_set_integer(o, "workers", 4));
    OK(afina_optimizer_set_real(o, "trial_seconds", 1000));
    OK(afina_optimize(o, quick, NULL, 500));
    for (int64_t i = 0; i < 500; i++)
        assert_int_equal(state_of(o, i), AFINA_STATE_COMPLETE);
    assert_false(occurs(o, "trial_seconds")); /* no part of the log */
    afina_optimizer_free(o);
}

/* Trials that end in the moment in which they are given up are counted once. */
static void test_ends_at_the_limit_are_counted_once(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    int64_t count;
    OK(afina_optimizer_set_integer(o, "workers", 8));
    OK(afina_optimizer_set_real(o, "trial_seconds", 0.001));
    OK(afina_optimize(o, heeds, NULL, 200));
    OK(afina_trial_count(o, &count));
    assert_int_equal(count, 200);
    for (int64_t i = 0; i < 200; i++)
        assert_int_equal(state_of(o, i), AFINA_STATE_STOPPED);
    afina_optimizer_free(o);
}

static void test_the_range_of_the_limit(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    double seconds;
    OK(afina_optimizer_get_real(o, "trial_seconds", &seconds));
    assert_true(seconds > 1e300);
    FAILS(afina_optimizer_set_real(o, "trial_seconds", 0), AFINA_E_RANGE, "[0.001, inf]");
    FAILS(afina_optimizer_set_real(o, "trial_seconds", -1), AFINA_E_RANGE, "got -1");
    OK(afina_optimize(o, quick, NULL, 1));
    OK(afina_optimizer_set_real(o, "trial_seconds", 3)); /* may change after the first trial */
    afina_optimizer_free(o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_others_go_on_and_the_late_result_is_kept),
        cmocka_unit_test(test_a_lag_does_not_wait_for_what_is_lost),
        cmocka_unit_test(test_one_worker_is_watched_too),
        cmocka_unit_test(test_a_late_failure_is_a_failure),
        cmocka_unit_test(test_an_objective_that_asks_is_stopped_in_time),
        cmocka_unit_test(test_who_is_in_time_is_left_alone),
        cmocka_unit_test(test_ends_at_the_limit_are_counted_once),
        cmocka_unit_test(test_the_range_of_the_limit),
    };
    return cmocka_run_group_tests_name("trial_seconds", tests, NULL, NULL);
}
