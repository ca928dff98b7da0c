#define _POSIX_C_SOURCE 200809L /* nanosleep */
/* What is told through the handle of a trial. */
#include "support/small_study.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

static afina_trial *asked(afina_optimizer *o)
{
    afina_trial *trial;
    OK(afina_ask(o, &trial));
    return trial;
}

static int32_t state_through(const afina_trial *trial)
{
    int32_t state;
    OK(afina_trial_state(trial, &state));
    return state;
}

static void assert_reason(const afina_trial *trial, const char *reason)
{
    char text[32];
    size_t n;
    OK(afina_trial_reason(trial, text, sizeof text, &n));
    assert_string_equal(text, reason);
}

static void test_each_end_is_told_through_the_handle(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    afina_trial *trials[5];
    double value = 2.385, read;
    for (int i = 0; i < 5; i++)
        trials[i] = asked(o);
    OK(afina_trial_tell_report(trials[4], 1, &value, 1));
    OK(afina_trial_tell(trials[0], &value, 1));
    OK(afina_trial_tell_failed(trials[1], "out of luck"));
    OK(afina_trial_tell_infeasible(trials[2], NULL));
    OK(afina_trial_tell_lost(trials[3], "gone"));
    OK(afina_trial_tell_stopped(trials[4]));
    assert_int_equal(state_through(trials[0]), AFINA_STATE_COMPLETE);
    assert_int_equal(state_through(trials[1]), AFINA_STATE_FAILED);
    assert_int_equal(state_through(trials[2]), AFINA_STATE_INFEASIBLE);
    assert_int_equal(state_through(trials[3]), AFINA_STATE_LOST);
    assert_int_equal(state_through(trials[4]), AFINA_STATE_STOPPED);
    OK(afina_trial_value(trials[0], &read));
    assert_true(read == 2.385);
    OK(afina_trial_value(trials[4], &read));
    assert_true(read == 2.385);
    assert_reason(trials[1], "out of luck");
    assert_reason(trials[3], "gone");
    for (int i = 0; i < 5; i++)
        afina_trial_free(trials[i]);
    afina_optimizer_free(o);
}

static void test_what_cannot_be_told_is_refused(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    afina_trial *trial = asked(o);
    double values[] = {1, 2};
    FAILS(afina_trial_tell(trial, NULL, 1), AFINA_E_ARGUMENT, "values is NULL");
    FAILS(afina_trial_tell(trial, values, 2), AFINA_E_RANGE, "2 values given for 1 objective");
    FAILS(afina_trial_tell_failed(trial, "\xFF"), AFINA_E_ARGUMENT, "reason is not UTF-8");
    OK(afina_trial_tell(trial, values, 1));
    FAILS(afina_trial_tell(trial, values, 1), AFINA_E_STATE, "it is complete");
    FAILS(afina_trial_tell_stopped(trial), AFINA_E_STATE, "it is complete");
    afina_trial_free(trial);
    trial = asked(o);
    afina_optimizer_free(o);
    FAILS(afina_trial_tell(trial, values, 1), AFINA_E_STATE, "the optimizer of this trial was freed");
    FAILS(afina_trial_tell_lost(trial, NULL), AFINA_E_STATE, "the optimizer of this trial was freed");
    afina_trial_free(trial);
}

static void test_a_trial_that_was_rewound_is_told_nothing(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    afina_trial *gone = asked(o), *now;
    double value = 1;
    size_t n;
    OK(afina_log_rewind(o, 1));
    now = asked(o);
    assert_int_equal(afina_trial_number(gone), afina_trial_number(now));
    FAILS(afina_trial_tell_report(gone, 1, &value, 1), AFINA_E_STATE, "rewound past it");
    FAILS(afina_trial_tell_constraints(gone, &value, 1), AFINA_E_STATE, "rewound past it");
    FAILS(afina_trial_tell_errors(gone, &value, 1), AFINA_E_STATE, "rewound past it");
    FAILS(afina_trial_tell_checkpoint(gone, "a"), AFINA_E_STATE, "rewound past it");
    FAILS(afina_trial_tell_attribute(gone, "a", "b"), AFINA_E_STATE, "rewound past it");
    FAILS(afina_trial_tell(gone, &value, 1), AFINA_E_STATE, "rewound past it");
    FAILS(afina_trial_tell_failed(gone, NULL), AFINA_E_STATE, "rewound past it");
    assert_int_equal(state_through(now), AFINA_STATE_RUNNING);
    OK(afina_trial_attribute_count(now, &n));
    assert_int_equal(n, 0);
    afina_trial_free(gone);
    afina_trial_free(now);
    afina_optimizer_free(o);
}

enum { GENERATIONS = 100, ROOM = 1 << 17 };
static _Atomic int rewinding = 1, astray;

static double x_of(const afina_trial *trial)
{
    double x;
    OK(afina_point_get_real(afina_trial_point(trial), "x", &x));
    return x;
}

/* Trial 0 of generation after generation, each of which has its own x. The attribute of a trial
 * begins with its x, or it was meant for another. */
static void *rewind_again_and_again(void *user)
{
    afina_optimizer *o = user;
    afina_space *space = small_space();
    afina_point *point;
    OK(afina_point_new(&point, space));
    for (int i = 0; i < GENERATIONS; i++) {
        afina_trial *trial;
        char told[32];
        size_t n;
        OK(afina_log_rewind(o, 1));
        OK(afina_point_set_real(point, "x", 1e-3 * i));
        OK(afina_start(o, point, &trial));
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL); /* for the other thread to tell */
        if (afina_trial_attribute(trial, "x", told, sizeof told, &n) == AFINA_OK)
            atomic_fetch_add(&astray, strtod(told, NULL) != x_of(trial));
        afina_trial_free(trial);
    }
    afina_point_free(point);
    afina_space_free(space);
    atomic_store(&rewinding, 0);
    return NULL;
}

/* A tell through a handle once reached the trial that had the number by then: the handle was
 * checked before the text, and a long text takes a while. */
static void test_a_rewind_by_another_thread_leads_no_tell_astray(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    pthread_t other;
    char *text = calloc(ROOM, 1);
    afina_trial_free(asked(o));
    assert_int_equal(pthread_create(&other, NULL, rewind_again_and_again, o), 0);
    while (atomic_load(&rewinding)) {
        afina_trial *trial;
        if (afina_trial_get(o, 0, &trial))
            continue;
        memset(text, ' ', ROOM - 1);
        text[snprintf(text, 32, "%.17g", x_of(trial))] = ' ';
        int32_t rc = afina_trial_tell_attribute(trial, "x", text);
        assert_true(rc == AFINA_OK || rc == AFINA_E_STATE);
        afina_trial_free(trial);
    }
    assert_int_equal(pthread_join(other, NULL), 0);
    assert_int_equal(atomic_load(&astray), 0);
    free(text);
    afina_optimizer_free(o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_end_is_told_through_the_handle),
        cmocka_unit_test(test_what_cannot_be_told_is_refused),
        cmocka_unit_test(test_a_trial_that_was_rewound_is_told_nothing),
        cmocka_unit_test(test_a_rewind_by_another_thread_leads_no_tell_astray),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
