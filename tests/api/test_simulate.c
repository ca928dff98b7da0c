/* Studies in simulated time. */
#define _POSIX_C_SOURCE 200809L /* clock_gettime */
#include "support/search_study.h"

#include <time.h>

/* A trial takes between half and one and a half seconds, drawn by its seed. */
static double duration(afina_trial *trial)
{
    uint64_t seed;
    OK(afina_trial_seed(trial, &seed));
    return 0.5 + (double)(seed >> 11) * 0x1p-53;
}

static int32_t once(afina_trial *trial, int64_t index, double *step, double *values, double *seconds, void *user)
{
    (void)step;
    (void)user;
    assert_int_equal(index, 0);
    values[0] = real(afina_trial_point(trial), "x0");
    *seconds = duration(trial);
    return AFINA_DONE;
}

static afina_optimizer *open_study(const char *method)
{
    afina_space *space = cube_space(2);
    afina_optimizer *o;
    OK(afina_optimizer_new(&o, space, method));
    afina_space_free(space);
    return o;
}

static void test_workers_share_the_time(void **state)
{
    (void)state;
    afina_optimizer *one = open_study("random"), *many = open_study("random");
    double alone, together, busy;
    OK(afina_simulate(one, once, NULL, 1, 400, &alone, &busy));
    assert_true(busy > 1 - 1e-12 && busy < 1 + 1e-12);
    OK(afina_simulate(many, once, NULL, 16, 400, &together, &busy));
    assert_true(alone > 360 && alone < 440);
    assert_true(together > alone / 16 && together < alone / 16 + 3);
    assert_true(busy > 0.9 && busy < 1);
    char *a = log_of(one), *b = log_of(many);
    assert_string_not_equal(a, b); /* results come in another order */
    free(a);
    free(b);
    afina_optimizer_free(one);
    afina_optimizer_free(many);
}

static void test_1280_workers_are_busy(void **state)
{
    (void)state;
    static const char *const schedulers[] = {"none", "asha", "halving", "hyperband"};
    for (size_t i = 0; i < LENGTH(schedulers); i++) {
        afina_optimizer *o = open_study("random");
        double seconds, busy;
        OK(afina_optimizer_set_string(o, "scheduler", schedulers[i]));
        if (i > 0) {
            OK(afina_optimizer_set_real(o, "budget_min", 1));
            OK(afina_optimizer_set_real(o, "budget_max", 27));
        }
        OK(afina_simulate(o, once, NULL, 1280, 50000, &seconds, &busy));
        if (busy < 0.95)
            fail_msg("%s: 1280 workers are busy %g of the time", schedulers[i], busy);
        afina_optimizer_free(o);
    }
}

/* Reports once a second; worse from x0 on. */
static int32_t steps(afina_trial *trial, int64_t index, double *step, double *values, double *seconds, void *user)
{
    double start, budget;
    int *reports = user;
    OK(afina_trial_start(trial, &start));
    OK(afina_trial_budget(trial, &budget));
    *step = start + (double)index + 1;
    *seconds = 1;
    values[0] = real(afina_trial_point(trial), "x0") + 1 / *step;
    ++*reports;
    return *step < budget ? AFINA_OK : AFINA_DONE;
}

static void test_reports_are_judged_as_they_come(void **state)
{
    (void)state;
    afina_optimizer *o = open_study("random");
    int reports = 0;
    double spent;
    int32_t states[100];
    size_t n, stopped = 0;
    OK(afina_optimizer_set_string(o, "scheduler", "none"));
    OK(afina_optimizer_set_string(o, "stopper", "median"));
    OK(afina_optimizer_set_real(o, "budget_min", 1));
    OK(afina_optimizer_set_real(o, "budget_max", 10));
    OK(afina_simulate(o, steps, &reports, 4, 100, NULL, NULL));
    OK(afina_column_states(o, 0, states, 100, &n));
    for (size_t i = 0; i < n; i++)
        stopped += states[i] == AFINA_STATE_STOPPED;
    assert_in_range(stopped, 20, 80);
    OK(afina_optimizer_cost(o, &spent, NULL));
    assert_true(spent == reports);
    assert_true(spent < 1000);
    int64_t number;
    OK(afina_optimizer_replay(o, &number));
    afina_optimizer_free(o);
}

static int32_t backwards(afina_trial *trial, int64_t index, double *step, double *values, double *seconds, void *user)
{
    (void)trial, (void)index, (void)step, (void)user;
    values[0] = 1;
    *seconds = -1;
    return AFINA_DONE;
}

static int32_t broken(afina_trial *trial, int64_t index, double *step, double *values, double *seconds, void *user)
{
    (void)index, (void)step, (void)values, (void)user;
    *seconds = 1;
    return afina_trial_number(trial) == 3 ? AFINA_E_CALLBACK : AFINA_E_STATE;
}

static void test_bad_answers_are_named(void **state)
{
    (void)state;
    afina_optimizer *o = open_study("random");
    FAILS(afina_simulate(o, NULL, NULL, 1, 1, NULL, NULL), AFINA_E_ARGUMENT, "objective is NULL");
    FAILS(afina_simulate(o, once, NULL, 0, 1, NULL, NULL), AFINA_E_RANGE, "workers must be in [1, 1000000], got 0");
    FAILS(afina_simulate(o, once, NULL, 1, -1, NULL, NULL), AFINA_E_RANGE, "trials must be 0 or more");
    FAILS(afina_simulate(o, backwards, NULL, 1, 5, NULL, NULL), AFINA_E_RANGE, "must be finite and >= 0, got -1");
    afina_optimizer_free(o);
    o = open_study("random");
    assert_int_equal(afina_simulate(o, broken, NULL, 2, 50, NULL, NULL), AFINA_E_CALLBACK);
    int64_t count;
    OK(afina_trial_count(o, &count));
    assert_in_range(count, 4, 5);
    afina_optimizer_free(o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_workers_share_the_time),
        cmocka_unit_test(test_1280_workers_are_busy),
        cmocka_unit_test(test_reports_are_judged_as_they_come),
        cmocka_unit_test(test_bad_answers_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
