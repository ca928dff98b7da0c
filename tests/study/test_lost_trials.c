#define _POSIX_C_SOURCE 200809L /* rand_r */
/* Trials that were interrupted: nothing is learned of them, and a late result counts. */
#include "support/small_study.h"

#include <stdio.h>

static int64_t ask_number(afina_optimizer *o)
{
    afina_trial *trial;
    OK(afina_ask(o, &trial));
    int64_t number = afina_trial_number(trial);
    afina_trial_free(trial);
    return number;
}

static double x_of(afina_optimizer *o, int64_t number)
{
    afina_trial *trial;
    double x;
    OK(afina_trial_get(o, number, &trial));
    OK(afina_point_get_real(afina_trial_point(trial), "x", &x));
    afina_trial_free(trial);
    return x;
}

static void assert_replays(afina_optimizer *o)
{
    int64_t differs;
    OK(afina_optimizer_replay(o, &differs));
    assert_int_equal(differs, -1);
}

static void test_a_lost_trial_is_lost_once(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    afina_trial *best;
    char reason[64];
    size_t n;
    ask_number(o);
    OK(afina_tell_lost(o, 0, "SIGINT"));
    assert_int_equal(state_of(o, 0), AFINA_STATE_LOST);
    FAILS(afina_tell_lost(o, 0, NULL), AFINA_E_STATE, "trial 0 is lost already");
    FAILS(afina_tell_lost(o, 1, NULL), AFINA_E_NOT_FOUND, "trial 1");
    FAILS(afina_tell_lost(o, 0, "\xFF"), AFINA_E_ARGUMENT, "UTF-8");
    FAILS(afina_best(o, &best), AFINA_E_NOT_FOUND, "no trial is complete");
    OK(afina_trial_get(o, 0, &best));
    OK(afina_trial_reason(best, reason, sizeof reason, &n));
    assert_string_equal(reason, "SIGINT");
    afina_trial_free(best);
    afina_optimizer_free(o);
}

static void test_a_late_result_replaces_the_loss(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random"), *read;
    afina_trial *best;
    double value = 2.385, error = 0.1, constraint = -1;
    ask_number(o);
    OK(afina_tell_lost(o, 0, NULL));
    OK(afina_tell_constraints(o, 0, &constraint, 1));
    OK(afina_tell_errors(o, 0, &error, 1));
    OK(afina_tell(o, 0, &value, 1));
    assert_true(value_of(o, 0) == 2.385);
    OK(afina_best(o, &best));
    afina_trial_free(best);
    FAILS(afina_tell(o, 0, &value, 1), AFINA_E_STATE, "it is complete");
    FAILS(afina_tell_lost(o, 0, NULL), AFINA_E_STATE, "it is complete");
    char *text = log_of(o);
    OK(afina_optimizer_from_log(&read, text, strlen(text)));
    char *again = log_of(read);
    assert_string_equal(text, again);
    assert_true(value_of(read, 0) == 2.385);
    free(text);
    free(again);
    afina_optimizer_free(o);
    afina_optimizer_free(read);
}

/* Of three points one is lost: it is asked a fourth time, and then the space is used up. */
static void test_the_point_of_a_lost_trial_comes_again(void **state)
{
    (void)state;
    for (size_t m = 0; m < afina_method_count(); m++) {
        static const char *const choices[] = {"a", "b", "c"};
        const char *method = afina_method_name(m);
        if (strcmp(method, "manual") == 0)
            continue;
        afina_space *space;
        afina_optimizer *o;
        afina_trial *trial;
        double value = 1;
        const char *lost, *again;
        OK(afina_space_new(&space));
        OK(afina_space_add_categorical(space, "k", choices, 3));
        OK(afina_optimizer_new(&o, space, method));
        ask_number(o);
        OK(afina_tell_lost(o, 0, NULL));
        for (int64_t i = 1; i <= 3; i++) {
            int32_t rc = afina_ask(o, &trial);
            if (rc == AFINA_EXHAUSTED)
                fail_msg("%s ends at trial %d", method, (int)i);
            OK(rc);
            OK(afina_tell(o, i, &value, 1));
            afina_trial_free(trial);
        }
        if (afina_ask(o, &trial) == AFINA_OK)
            fail_msg("%s asks a point twice", method);
        int found = 0;
        OK(afina_trial_get(o, 0, &trial));
        OK(afina_point_get_string(afina_trial_point(trial), "k", &lost));
        for (int64_t i = 1; i <= 3; i++) {
            afina_trial *other;
            OK(afina_trial_get(o, i, &other));
            OK(afina_point_get_string(afina_trial_point(other), "k", &again));
            found += strcmp(lost, again) == 0;
            afina_trial_free(other);
        }
        assert_int_equal(found, 1);
        assert_replays(o);
        afina_trial_free(trial);
        afina_optimizer_free(o);
        afina_space_free(space);
    }
}

static void test_with_lag_nobody_waits_for_a_lost_trial(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("gp");
    afina_trial *trial;
    double value = 2.385;
    OK(afina_optimizer_set_integer(o, "lag", 2));
    ask_number(o);
    ask_number(o);
    OK(afina_tell(o, 1, &value, 1));
    assert_int_equal(afina_ask(o, &trial), AFINA_WAIT);
    OK(afina_tell_lost(o, 0, NULL));
    assert_int_equal(ask_number(o), 2);
    assert_replays(o);
    afina_optimizer_free(o);
}

/* One random run: asks, tells, losses, late results, in any order. */
static void run(const char *method, int64_t lag, unsigned int seed)
{
    enum { MOST = 60 };
    afina_optimizer *o = small_optimizer(method);
    int lost[MOST] = {0}, running[MOST] = {0};
    OK(afina_optimizer_set_integer(o, "lag", lag));
    for (int step = 0; step < 300; step++) {
        int64_t count;
        double value = (double)rand_r(&seed) / RAND_MAX, unused;
        OK(afina_trial_count(o, &count));
        int64_t i = count > 0 ? rand_r(&seed) % count : 0;
        switch (rand_r(&seed) % 8) {
        case 0:
            if (count > 0 && running[i]) {
                OK(afina_tell_lost(o, i, NULL));
                running[i] = 0;
                lost[i] = 1;
            }
            break;
        case 1:
        case 2:
        case 3:
            if (count > 0 && (running[i] || lost[i])) {
                OK(afina_tell(o, i, &value, 1));
                running[i] = lost[i] = 0;
            }
            break;
        case 4:
            if (rand_r(&seed) % 4 == 0) { /* dies and comes back */
                char *text = log_of(o);
                afina_optimizer_free(o);
                OK(afina_optimizer_from_log(&o, text, strlen(text)));
                free(text);
            }
            (void)afina_model_length_scale(o, 0, "x", &unused);
            break;
        default:
            if (count < MOST) {
                afina_trial *trial;
                int32_t rc = afina_ask(o, &trial);
                assert_true(rc == AFINA_OK || rc == AFINA_WAIT);
                if (rc == AFINA_OK)
                    running[count] = 1;
                afina_trial_free(trial);
            }
        }
    }
    assert_replays(o);
    char *text = log_of(o);
    afina_optimizer *read;
    OK(afina_optimizer_from_log(&read, text, strlen(text)));
    assert_replays(read);
    free(text);
    afina_optimizer_free(o);
    afina_optimizer_free(read);
}

static void test_replay_is_exact_with_losses_and_late_results(void **state)
{
    (void)state;
    static const char *const methods[] = {"random", "sobol", "tpe", "cmaes", "de", "nelder-mead", "gp"};
    for (size_t m = 0; m < sizeof methods / sizeof methods[0]; m++)
        for (int64_t lag = 0; lag <= 3; lag += 3)
            for (unsigned int seed = 1; seed <= 3; seed++) {
                print_message("%s, lag %d, seed %u\n", methods[m], (int)lag, seed);
                run(methods[m], lag, seed);
            }
}

static void test_a_report_of_a_lost_trial_is_kept(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    afina_trial *trial;
    double value = 1;
    size_t count;
    OK(afina_ask(o, &trial));
    OK(afina_tell_lost(o, 0, NULL));
    OK(afina_trial_tell_report(trial, 1, &value, 1));
    OK(afina_tell_stopped(o, 0));
    OK(afina_trial_report_count(trial, &count));
    assert_int_equal(count, 1);
    assert_true(value_of(o, 0) == 1);
    assert_true(x_of(o, 0) >= -5);
    ask_number(o);
    assert_replays(o);
    afina_trial_free(trial);
    afina_optimizer_free(o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_lost_trial_is_lost_once),
        cmocka_unit_test(test_a_late_result_replaces_the_loss),
        cmocka_unit_test(test_the_point_of_a_lost_trial_comes_again),
        cmocka_unit_test(test_with_lag_nobody_waits_for_a_lost_trial),
        cmocka_unit_test(test_replay_is_exact_with_losses_and_late_results),
        cmocka_unit_test(test_a_report_of_a_lost_trial_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
