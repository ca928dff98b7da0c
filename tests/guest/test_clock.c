/* A wall clock that jumps: the host's administrator sets it, or a daylight rule does. Limits of time go by the clock
 * that only runs forward. */
#define _GNU_SOURCE /* syscall, usleep */
#include "support/small_study.h"

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static _Atomic int64_t jump, looks; /* seconds that the next look at the wall clock is away from the last */

/* In place of the C library's for the whole program, afina's objects included. */
int clock_gettime(clockid_t clock, struct timespec *now)
{
    static _Atomic int64_t shift;
    long rc = syscall(SYS_clock_gettime, clock, now);
    if (clock == CLOCK_REALTIME) {
        looks++;
        shift += looks % 2 ? jump : -2 * jump;
        now->tv_sec += (time_t)shift;
    }
    return (int)rc;
}

static int64_t milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int32_t slow(afina_trial *trial, double *values, void *user)
{
    (void)user;
    usleep(1000);
    values[0] = small_value(afina_trial_point(trial));
    return AFINA_OK;
}

/* Neither at once, as after a jump forward, nor an hour later, as after one back. */
static void test_a_run_takes_its_seconds(void **state)
{
    (void)state;
    for (jump = -3600; jump <= 3600; jump += 7200) {
        afina_optimizer *o = small_optimizer("random");
        int64_t count, start = milliseconds();
        OK(afina_optimizer_set_real(o, "seconds", 0.2));
        assert_int_equal(afina_optimize(o, slow, NULL, 1000000), AFINA_DONE);
        assert_in_range(milliseconds() - start, 190, 20000);
        OK(afina_trial_count(o, &count));
        assert_true(count > 1 && looks > count);
        afina_optimizer_free(o);
    }
}

/* Counts the trials that heard that they should stop and are lost. */
static int32_t waits_to_be_lost(afina_trial *trial, double *values, void *user)
{
    int32_t stop = 0, is = AFINA_STATE_RUNNING;
    (void)values;
    for (int i = 0; i < 20000 && !(stop && is == AFINA_STATE_LOST); i++) {
        usleep(1000);
        OK(afina_trial_should_stop(trial, &stop));
        OK(afina_trial_state(trial, &is));
    }
    *(int *)user += stop && is == AFINA_STATE_LOST;
    return AFINA_OK;
}

static void test_a_trial_is_lost_after_its_seconds(void **state)
{
    (void)state;
    jump = -3600;
    afina_optimizer *o = small_optimizer("random");
    int64_t start = milliseconds();
    int lost = 0;
    OK(afina_optimizer_set_real(o, "trial_seconds", 0.1));
    assert_true(afina_optimize(o, waits_to_be_lost, &lost, 2) >= 0);
    assert_in_range(milliseconds() - start, 190, 20000);
    assert_int_equal(lost, 2);
    afina_optimizer_free(o);
}

static void test_a_wait_for_a_trial_ends_in_time(void **state)
{
    (void)state;
    jump = -3600;
    afina_optimizer *o = small_optimizer("random");
    afina_trial *first, *second;
    int64_t start = milliseconds();
    OK(afina_optimizer_set_integer(o, "lag", 1));
    OK(afina_ask(o, &first));
    assert_int_equal(afina_ask_wait(o, 0.1, &second), AFINA_WAIT);
    assert_in_range(milliseconds() - start, 95, 20000);
    afina_trial_free(first);
    afina_optimizer_free(o);
}

/* What the log says of times is what the clock said, in whatever order; it is read again, and replays. */
static void test_a_log_with_times_out_of_order_is_a_log(void **state)
{
    (void)state;
    jump = -3600;
    afina_optimizer *o = small_optimizer("tpe"), *back;
    int64_t started, ended, number;
    size_t length, again_length;
    int backwards = 0;
    for (int i = 0; i < 20; i++)
        small_step(o);
    for (int64_t i = 0; i < 20; i++) {
        afina_trial *trial;
        OK(afina_trial_get(o, i, &trial));
        OK(afina_trial_times(trial, &started, &ended));
        backwards += ended < started;
        afina_trial_free(trial);
    }
    assert_true(backwards > 0);
    OK(afina_optimizer_to_log(o, NULL, 0, &length));
    char *text = malloc(length + 1), *again = malloc(length + 1);
    OK(afina_optimizer_to_log(o, text, length + 1, &length));
    OK(afina_optimizer_from_log(&back, text, length));
    OK(afina_optimizer_to_log(back, again, length + 1, &again_length));
    assert_string_equal(text, again);
    OK(afina_optimizer_replay(back, &number));
    free(text);
    free(again);
    afina_optimizer_free(back);
    afina_optimizer_free(o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_run_takes_its_seconds),
        cmocka_unit_test(test_a_trial_is_lost_after_its_seconds),
        cmocka_unit_test(test_a_wait_for_a_trial_ends_in_time),
        cmocka_unit_test(test_a_log_with_times_out_of_order_is_a_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
