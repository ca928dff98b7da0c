/* A pair of functions as an objective: every fold once, in every way of running. */
#include "support/search_study.h"

enum { ROWS = 20, FOLDS = 5 };

struct counts {
    int calls, released;
    int64_t validated[ROWS];
};

static int32_t evaluate(afina_trial *trial, const int64_t *training, size_t n_training, const int64_t *validation,
                        size_t n_validation, double *values, void *user)
{
    struct counts *counts = user;
    assert_int_equal(n_training, ROWS - ROWS / FOLDS);
    assert_int_equal(n_validation, ROWS / FOLDS);
    assert_in_range(training[0], 0, ROWS - 1);
    counts->calls++;
    double sum = 0;
    for (size_t i = 0; i < n_validation; i++) {
        counts->validated[validation[i]]++;
        sum += (double)validation[i];
    }
    values[0] = real(afina_trial_point(trial), "x0") + sum / (double)n_validation; /* 9.5 in the mean over folds */
    return AFINA_OK;
}

static void release(void *user)
{
    ((struct counts *)user)->released++;
}

static afina_experiment *experiment_of(struct counts *counts)
{
    afina_resampling *folds;
    afina_experiment *e;
    OK(afina_resampling_new(&folds, "kfold", ROWS));
    OK(afina_resampling_set_integer(folds, "folds", FOLDS));
    OK(afina_experiment_new(&e, folds, evaluate, counts, release));
    afina_resampling_free(folds);
    return e;
}

static afina_optimizer *open_study(void)
{
    afina_space *space = cube_space(1);
    afina_optimizer *o;
    OK(afina_optimizer_new(&o, space, "random"));
    afina_space_free(space);
    return o;
}

static void each_value_is_that_of_all_folds(afina_optimizer *o, int64_t trials)
{
    for (int64_t i = 0; i < trials; i++) {
        afina_trial *trial;
        double value;
        int32_t state;
        OK(afina_trial_get(o, i, &trial));
        OK(afina_trial_state(trial, &state));
        if (state == AFINA_STATE_COMPLETE) {
            OK(afina_trial_value(trial, &value));
            assert_true(fabs(value - real(afina_trial_point(trial), "x0") - 9.5) < 1e-12);
        }
        afina_trial_free(trial);
    }
}

static void test_a_trial_is_the_mean_of_all_folds(void **state)
{
    (void)state;
    struct counts counts = {0};
    afina_experiment *e = experiment_of(&counts);
    afina_optimizer *o = open_study();
    afina_trial *trial;
    double error, step, value;
    size_t n;
    OK(afina_optimize(o, afina_experiment_objective, e, 3));
    assert_int_equal(counts.calls, 3 * FOLDS);
    for (int i = 0; i < ROWS; i++)
        assert_int_equal(counts.validated[i], 3);
    each_value_is_that_of_all_folds(o, 3);
    OK(afina_trial_get(o, 0, &trial));
    OK(afina_trial_errors(trial, &error, 1, &n));
    assert_int_equal(n, 1);
    assert_true(error > 0 && error < 6);
    OK(afina_trial_report_count(trial, &n));
    assert_int_equal(n, FOLDS);
    OK(afina_trial_report(trial, 1, &step, &value, 1, &n));
    assert_true(step == 2);
    afina_trial_free(trial);
    afina_optimizer_free(o);
    afina_experiment_free(e);
    assert_int_equal(counts.released, 1);
}

static void test_a_replicate_is_a_fold(void **state)
{
    (void)state;
    struct counts counts = {0};
    afina_experiment *e = experiment_of(&counts);
    afina_optimizer *o = open_study();
    OK(afina_optimizer_set_integer(o, "replicates", FOLDS));
    OK(afina_optimize(o, afina_experiment_objective, e, 3 * FOLDS));
    assert_int_equal(counts.calls, 3 * FOLDS);
    for (int i = 0; i < ROWS; i++)
        assert_int_equal(counts.validated[i], 3);
    afina_optimizer_free(o);
    afina_experiment_free(e);
}

static void test_more_replicates_than_folds_are_named(void **state)
{
    (void)state;
    struct counts counts = {0};
    char reason[128];
    size_t length;
    afina_experiment *e = experiment_of(&counts);
    afina_optimizer *o = open_study();
    afina_trial *trial;
    OK(afina_optimizer_set_integer(o, "replicates", FOLDS + 1));
    OK(afina_optimize(o, afina_experiment_objective, e, FOLDS + 1));
    OK(afina_trial_get(o, FOLDS, &trial));
    OK(afina_trial_reason(trial, reason, sizeof reason, &length));
    assert_string_equal(reason, "replicate 5: the resampling has 5");
    afina_trial_free(trial);
    afina_optimizer_free(o);
    afina_experiment_free(e);
}

static void test_a_budget_is_a_number_of_folds(void **state)
{
    (void)state;
    struct counts counts = {0};
    double spent;
    int64_t trials;
    afina_experiment *e = experiment_of(&counts);
    afina_optimizer *o = open_study();
    OK(afina_optimizer_set_string(o, "scheduler", "halving"));
    OK(afina_optimizer_set_real(o, "budget_min", 1));
    OK(afina_optimizer_set_real(o, "budget_max", FOLDS));
    OK(afina_optimize(o, afina_experiment_objective, e, 40));
    OK(afina_optimizer_cost(o, &spent, NULL));
    assert_true(spent == counts.calls);
    OK(afina_trial_count(o, &trials));
    each_value_is_that_of_all_folds(o, trials);
    int64_t number;
    OK(afina_optimizer_replay(o, &number));
    afina_optimizer_free(o);
    afina_experiment_free(e);
}

static int32_t refuse(afina_trial *trial, const int64_t *training, size_t n_training, const int64_t *validation,
                      size_t n_validation, double *values, void *user)
{
    (void)trial, (void)training, (void)n_training, (void)validation, (void)n_validation, (void)values, (void)user;
    return AFINA_INFEASIBLE_POINT;
}

static void test_bad_input_is_named(void **state)
{
    (void)state;
    afina_resampling *folds;
    afina_experiment *e;
    double value;
    OK(afina_resampling_new(&folds, "kfold", 3));
    FAILS(afina_experiment_new(&e, folds, refuse, NULL, NULL), AFINA_E_RANGE, "5");
    assert_null(e);
    OK(afina_resampling_set_integer(folds, "folds", 3));
    FAILS(afina_experiment_new(&e, folds, NULL, NULL, NULL), AFINA_E_ARGUMENT, "evaluate is NULL");
    FAILS(afina_experiment_new(&e, NULL, refuse, NULL, NULL), AFINA_E_ARGUMENT, "resampling");
    OK(afina_experiment_new(&e, folds, refuse, NULL, NULL));
    FAILS(afina_experiment_objective(NULL, &value, e), AFINA_E_ARGUMENT, "trial is NULL");
    afina_optimizer *o = open_study();
    int32_t states[2];
    size_t n;
    OK(afina_optimize(o, afina_experiment_objective, e, 2));
    OK(afina_column_states(o, 0, states, 2, &n));
    assert_int_equal(states[0], AFINA_STATE_INFEASIBLE);
    afina_optimizer_free(o);
    afina_experiment_free(e);
    afina_resampling_free(folds);
}

/* Of another program: its trial 1 goes on where a trial without a budget ended. */
static void test_a_start_beyond_all_folds_is_named(void **state)
{
    (void)state;
    static const char lines[] =
        "{\"event\":\"asked\",\"trial\":0,\"origin\":\"suggested\",\"seen\":0,\"point\":{\"x0\":0.5}}\n"
        "{\"event\":\"told\",\"trial\":0,\"state\":\"complete\",\"values\":[1]}\n"
        "{\"event\":\"asked\",\"trial\":1,\"origin\":\"promoted\",\"parent\":0,\"seen\":2,\"point\":{\"x0\":0.5}}\n";
    struct counts counts = {0};
    afina_experiment *e = experiment_of(&counts);
    afina_optimizer *o = open_study();
    afina_trial *trial;
    int64_t position = 1;
    double value;
    char *header = log_of(o);
    free(header);
    OK(afina_log_append(o, position, lines, strlen(lines), &position));
    OK(afina_trial_get(o, 1, &trial));
    FAILS(afina_experiment_objective(trial, &value, e), AFINA_E_RANGE, "begins after inf folds: the resampling has 5");
    assert_int_equal(counts.calls, 0);
    afina_trial_free(trial);
    afina_optimizer_free(o);
    afina_experiment_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_trial_is_the_mean_of_all_folds),
        cmocka_unit_test(test_a_replicate_is_a_fold),
        cmocka_unit_test(test_more_replicates_than_folds_are_named),
        cmocka_unit_test(test_a_budget_is_a_number_of_folds),
        cmocka_unit_test(test_a_start_beyond_all_folds_is_named),
        cmocka_unit_test(test_bad_input_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
