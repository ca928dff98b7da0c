/* A dry run tells what is wrong with an objective, and leaves no trace in the study. */
#include "afina_mlp.h"
#include "support/small_study.h"

#include <math.h>
#include <stdio.h>

/* The study that the objectives below are run for, made anew for each test. */
static afina_optimizer *optimizer;

static int set_up(void **state)
{
    (void)state;
    optimizer = small_optimizer("gp");
    OK(afina_optimizer_set_integer(optimizer, "seed", 2385));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    afina_optimizer_free(optimizer);
    return 0;
}

static afina_dry_run *rehearse(afina_objective objective, void *user)
{
    afina_dry_run *run;
    OK(afina_dry_run_new(&run, optimizer, objective, user));
    return run;
}

static int has(const afina_dry_run *run, size_t from, size_t to, const char *text)
{
    for (size_t i = from; i < to; i++)
        if (strstr(afina_dry_run_finding(run, i), text))
            return 1;
    return 0;
}

static void fail_with_all(const afina_dry_run *run, const char *text)
{
    for (size_t i = 0; i < afina_dry_run_finding_count(run); i++)
        print_message("%zu: %s\n", i, afina_dry_run_finding(run, i));
    fail_msg("no \"%s\"", text);
}

/* The objective has exactly this problem. */
static void assert_problem(afina_objective objective, void *user, const char *text)
{
    afina_dry_run *run = rehearse(objective, user);
    if (!has(run, 0, afina_dry_run_problem_count(run), text) || afina_dry_run_problem_count(run) != 1)
        fail_with_all(run, text);
    afina_dry_run_free(run);
}

/* ------------------------------------------------------------------- objectives */

static int32_t good(afina_trial *trial, double *values, void *user)
{
    int32_t stop;
    if (user)
        ++*(int *)user;
    double value = small_value(afina_trial_point(trial));
    for (int step = 1; step <= 5; step++) {
        OK(afina_trial_tell_report(trial, step, &value, 1));
        OK(afina_trial_should_stop(trial, &stop));
        if (stop)
            return AFINA_OK;
    }
    *values = value;
    return AFINA_OK;
}

static int32_t random_value(afina_trial *trial, double *values, void *user)
{
    (void)trial;
    *values = 0.5 + ++*(int *)user;
    return AFINA_OK;
}

static int32_t seeded(afina_trial *trial, double *values, void *user)
{
    uint64_t seed;
    (void)user;
    OK(afina_trial_seed(trial, &seed));
    *values = (double)(seed >> 11);
    return AFINA_OK;
}

static int32_t answers(afina_trial *trial, double *values, void *user)
{
    (void)trial;
    (void)values;
    return *(int32_t *)user;
}

static int32_t fails_with_a_reason(afina_trial *trial, double *values, void *user)
{
    (void)trial;
    (void)values;
    (void)user;
    afina_set_last_error("no such kernel: rbf2");
    return -100;
}

static int32_t sets(afina_trial *trial, double *values, void *user)
{
    (void)trial;
    *values = *(double *)user;
    return AFINA_OK;
}

static int32_t fails_at_times(afina_trial *trial, double *values, void *user)
{
    (void)trial;
    *values = ++*(int *)user % 2 ? 1.5 : NAN;
    return AFINA_OK;
}

static int32_t reports_backwards(afina_trial *trial, double *values, void *user)
{
    double value = 1;
    int32_t stop;
    (void)user;
    afina_trial_should_stop(trial, &stop);
    for (int step = 3; step > 0; step--)
        (void)afina_trial_tell_report(trial, step, &value, 1);
    if (!stop)
        *values = 1;
    return AFINA_OK;
}

static int32_t never_asks(afina_trial *trial, double *values, void *user)
{
    double value = 1;
    (void)user;
    OK(afina_trial_tell_report(trial, 1, &value, 1));
    *values = 1;
    return AFINA_OK;
}

/* Asks whether to stop and does not heed the answer. */
static int32_t goes_on(afina_trial *trial, double *values, void *user)
{
    double value = 1;
    int32_t stop = 0;
    int leaves_unset = *(int *)user;
    for (int step = 1; step <= 4; step++) {
        if (!stop || leaves_unset)
            OK(afina_trial_tell_report(trial, step, &value, 1));
        OK(afina_trial_should_stop(trial, &stop));
    }
    if (!stop || !leaves_unset)
        *values = 1;
    return AFINA_OK;
}

static int32_t fails_when_stopped(afina_trial *trial, double *values, void *user)
{
    int32_t stop;
    (void)user;
    OK(afina_trial_should_stop(trial, &stop));
    *values = 1;
    afina_set_last_error("interrupted");
    return stop ? -7 : AFINA_OK;
}

static int32_t tells_itself(afina_trial *trial, double *values, void *user)
{
    double value = 2.385;
    (void)values;
    (void)user;
    OK(afina_trial_tell(trial, &value, 1));
    return AFINA_OK;
}

/* -------------------------------------------------------------------------------- */

static void test_a_good_objective_has_no_problem(void **state)
{
    (void)state;
    int runs = 0;
    afina_dry_run *run = rehearse(good, &runs);
    size_t count = afina_dry_run_finding_count(run);
    assert_int_equal(runs, 3);
    if (afina_dry_run_problem_count(run))
        fail_with_all(run, "problem");
    assert_true(has(run, 0, count, "5 reports, the last at step 5"));
    assert_true(has(run, 0, count, "it took"));
    assert_true(has(run, 0, count, "told to stop it stopped"));
    assert_null(afina_dry_run_finding(run, count));
    afina_dry_run_free(run);
    run = rehearse(seeded, NULL);
    assert_int_equal(afina_dry_run_problem_count(run), 0);
    assert_true(has(run, 0, afina_dry_run_finding_count(run), "reports nothing"));
    afina_dry_run_free(run);
    run = rehearse(tells_itself, NULL);
    assert_int_equal(afina_dry_run_problem_count(run), 0);
    afina_dry_run_free(run);
}

static void test_results_that_are_none_or_differ(void **state)
{
    (void)state;
    int calls = 0;
    double nan = NAN, infinite = -INFINITY;
    assert_problem(random_value, &calls, "gave 1.5 and then 2.5 as value 0");
    calls = 0;
    assert_problem(fails_at_times, &calls, "once with a value and once without");
    assert_problem(sets, &infinite, "value 0 of 1 is -inf");
    afina_dry_run *run = rehearse(sets, &nan);
    assert_true(has(run, 0, afina_dry_run_problem_count(run), "value 0 of 1 is NaN or was not set"));
    afina_dry_run_free(run);
}

static void test_what_an_objective_answers(void **state)
{
    (void)state;
    int32_t seven = AFINA_INFEASIBLE_POINT, five = 5, cancelled = AFINA_CANCELLED, error = -100;
    assert_problem(answers, &seven, "the default point is infeasible");
    assert_problem(answers, &cancelled, "although nothing was cancelled");
    assert_problem(answers, &five, "answered 5, which means nothing");
    assert_problem(fails_with_a_reason, NULL, "the objective failed: no such kernel: rbf2");
    afina_dry_run *run = rehearse(answers, &error);
    assert_int_equal(afina_dry_run_problem_count(run), 2);
    assert_true(has(run, 0, 2, "the objective failed: the objective returned -100"));
    assert_true(has(run, 0, 2, "failed without a reason"));
    afina_dry_run_free(run);
}

static void test_reports_and_stopping(void **state)
{
    (void)state;
    int leaves_unset = 1, sets_all_the_same = 0;
    assert_problem(reports_backwards, NULL, "2 reports were refused");
    assert_problem(never_asks, NULL, "never calls afina_trial_should_stop()");
    assert_problem(goes_on, &leaves_unset, "told to stop from the start it went on for 4 reports");
    assert_problem(goes_on, &sets_all_the_same, "leave the value unset");
    assert_problem(fails_when_stopped, NULL, "instead of leaving its values unset: interrupted");
}

static void test_it_leaves_no_trace(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++)
        small_step(optimizer);
    char *before = log_of(optimizer);
    afina_dry_run_free(rehearse(good, NULL));
    char *after = log_of(optimizer);
    assert_string_equal(before, after);
    free(before);
    free(after);
    small_step(optimizer);
}

static int32_t count_values(afina_trial *trial, double *values, void *user)
{
    int32_t state;
    double x;
    OK(afina_trial_state(trial, &state));
    assert_int_equal(state, AFINA_STATE_RUNNING);
    assert_int_equal(afina_trial_number(trial), 0);
    OK(afina_point_get_real(afina_trial_point(trial), "x", &x));
    *(double *)user = x;
    values[0] = values[1] = 1;
    return AFINA_OK;
}

static int32_t above_five(const afina_point *point, void *user)
{
    double x;
    (void)user;
    OK(afina_point_get_real(point, "x", &x));
    return x > 5;
}

static void test_it_is_of_the_studys_space_and_options(void **state)
{
    (void)state;
    double x = 0;
    OK(afina_optimizer_set_integer(optimizer, "objectives", 2));
    OK(afina_optimizer_set_string(optimizer, "direction", "maximise,minimise"));
    afina_dry_run_free(rehearse(count_values, &x));
    assert_true(x == 2.5); /* the default */
    OK(afina_optimizer_set_filter(optimizer, above_five, NULL, NULL));
    assert_problem(count_values, &x, "the filter refuses the default point");
    assert_true(x > 5);
}

static int32_t frees_the_optimizer(afina_trial *trial, double *values, void *user)
{
    (void)trial;
    (void)user;
    afina_optimizer_free(optimizer);
    optimizer = NULL;
    *values = 1;
    return AFINA_OK;
}

static void test_the_objective_may_free_the_optimizer(void **state)
{
    (void)state;
    afina_dry_run *run = rehearse(frees_the_optimizer, NULL);
    assert_int_equal(afina_dry_run_problem_count(run), 0);
    afina_dry_run_free(run);
}

static void test_bad_input(void **state)
{
    (void)state;
    afina_dry_run *run;
    FAILS(afina_dry_run_new(NULL, optimizer, good, NULL), AFINA_E_ARGUMENT, "out is NULL");
    FAILS(afina_dry_run_new(&run, NULL, good, NULL), AFINA_E_ARGUMENT, "optimizer is NULL");
    FAILS(afina_dry_run_new(&run, optimizer, NULL, NULL), AFINA_E_ARGUMENT, "objective is NULL");
    assert_null(run);
    afina_dry_run_free(NULL);
    assert_int_equal(afina_dry_run_problem_count(NULL), 0);
    assert_int_equal(afina_dry_run_finding_count(NULL), 0);
    assert_null(afina_dry_run_finding(NULL, 0));
}

/* The library's own objective is as it should be. */
static void test_the_reference_network(void **state)
{
    (void)state;
    static double x[60], y[60];
    afina_dataset *data;
    afina_mlp *mlp;
    afina_space *space;
    for (int i = 0; i < 60; i++) {
        x[i] = i % 7;
        y[i] = i % 7 > 3;
    }
    OK(afina_dataset_from_arrays(&data, x, 60, 1, y, AFINA_TASK_CLASSIFICATION));
    OK(afina_mlp_new(&mlp, data));
    OK(afina_mlp_space(mlp, &space));
    afina_optimizer_free(optimizer);
    OK(afina_optimizer_new(&optimizer, space, NULL));
    afina_dry_run *run = rehearse(afina_mlp_objective, mlp);
    if (afina_dry_run_problem_count(run))
        fail_with_all(run, "problem");
    afina_dry_run_free(run);
    afina_space_free(space);
    afina_mlp_free(mlp);
    afina_dataset_free(data);
}

static void test_it_has_the_least_budget(void **state)
{
    (void)state;
    OK(afina_optimizer_set_real(optimizer, "budget_min", 5));
    OK(afina_optimizer_set_real(optimizer, "budget_max", 45));
    afina_dry_run *run = rehearse(good, NULL);
    if (afina_dry_run_problem_count(run))
        fail_with_all(run, "problem");
    assert_true(has(run, 0, afina_dry_run_finding_count(run), "its budget was 5"));
    afina_dry_run_free(run);
    OK(afina_optimizer_set_real(optimizer, "budget_min", 4));
    assert_problem(good, NULL, "step 5 with a budget of 4");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_good_objective_has_no_problem, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_results_that_are_none_or_differ, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_an_objective_answers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_reports_and_stopping, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_it_leaves_no_trace, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_it_is_of_the_studys_space_and_options, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_objective_may_free_the_optimizer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_it_has_the_least_budget, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bad_input, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_reference_network, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("dry_run", tests, NULL, NULL);
}
