/* Studies whose scheduler decides budgets, promotions and repetitions. */
#define _POSIX_C_SOURCE 200809L /* nanosleep */
#include "support/search_study.h"

#include <time.h>

enum { TRIALS = 60 };

static afina_optimizer *budget_study(const char *method, const char *scheduler)
{
    afina_space *space = cube_space(2);
    afina_optimizer *o;
    OK(afina_optimizer_new(&o, space, method));
    afina_space_free(space);
    OK(afina_optimizer_set_string(o, "scheduler", scheduler));
    OK(afina_optimizer_set_real(o, "budget_min", 1));
    OK(afina_optimizer_set_real(o, "budget_max", 9));
    OK(afina_optimizer_set_integer(o, "times", 0));
    return o;
}

static double loss_at(const afina_point *point, double step)
{
    double x = real(point, "x0") - 0.3, y = real(point, "x1") - 0.7;
    return x * x + y * y + 1 / step;
}

/* Reports every step up to the budget, from where it starts, and returns the last value. */
static int32_t objective(afina_trial *trial, double *values, void *user)
{
    double start, budget;
    int32_t stop = 0;
    (void)user;
    OK(afina_trial_start(trial, &start));
    OK(afina_trial_budget(trial, &budget));
    for (double step = start + 1; step <= budget && !stop; step++) {
        values[0] = loss_at(afina_trial_point(trial), step);
        OK(afina_trial_tell_report(trial, step, values, 1));
        OK(afina_trial_should_stop(trial, &stop));
        if (stop && step < budget)
            values[0] = NAN;
    }
    return AFINA_OK;
}

static void replays(afina_optimizer *o, const char *what)
{
    int64_t number;
    int32_t rc = afina_optimizer_replay(o, &number);
    if (rc)
        fail_msg("%s: replay: %d at trial %d: %s", what, (int)rc, (int)number, afina_last_error());
}

static void test_a_promotion_continues_its_parent(void **state)
{
    (void)state;
    afina_optimizer *o = budget_study("random", "halving");
    OK(afina_optimize(o, objective, NULL, TRIALS));
    int promoted = 0;
    for (int64_t i = 0; i < TRIALS; i++) {
        afina_trial *trial, *parent;
        int32_t origin, trial_state;
        int64_t number, arm, arm_of_parent;
        double start, budget, reached;
        OK(afina_trial_get(o, i, &trial));
        OK(afina_trial_origin(trial, &origin));
        OK(afina_trial_parent(trial, &number));
        OK(afina_trial_start(trial, &start));
        OK(afina_trial_budget(trial, &budget));
        OK(afina_trial_arm(trial, &arm));
        OK(afina_trial_state(trial, &trial_state));
        assert_int_equal(trial_state, budget < 9 ? AFINA_STATE_PAUSED : AFINA_STATE_COMPLETE);
        if (origin == AFINA_ORIGIN_PROMOTED) {
            uint64_t seed, seed_of_parent;
            promoted++;
            OK(afina_trial_get(o, number, &parent));
            OK(afina_trial_budget(parent, &reached));
            OK(afina_trial_arm(parent, &arm_of_parent));
            OK(afina_trial_seed(trial, &seed));
            OK(afina_trial_seed(parent, &seed_of_parent));
            assert_true(start == reached);
            assert_true(budget > start);
            assert_int_equal(arm, arm_of_parent);
            assert_true(seed == seed_of_parent);
            afina_trial_free(parent);
        } else {
            assert_int_equal(arm, i);
            assert_true(start == 0);
        }
        afina_trial_free(trial);
    }
    assert_true(promoted > 10);
    replays(o, "halving");
    afina_optimizer_free(o);
}

static void test_the_total_is_kept_exactly(void **state)
{
    (void)state;
    afina_optimizer *o = budget_study("random", "halving");
    double spent, promised;
    OK(afina_optimizer_set_real(o, "budget_total", 100));
    assert_int_equal(afina_optimize(o, objective, NULL, 100000), AFINA_DONE);
    OK(afina_optimizer_cost(o, &spent, &promised));
    assert_true(spent <= 100 && spent > 90);
    assert_true(promised == 0);
    replays(o, "total");
    afina_optimizer_free(o);
}

/* One line of a log at a time: whatever was read so far, the next trial is the logged one. */
static void test_a_study_goes_on_from_any_prefix_of_its_log(void **state)
{
    (void)state;
    static const char *const methods[] = {"random", "gp", "tpe", "de"};
    for (size_t m = 0; m < LENGTH(methods); m++) {
        afina_optimizer *o = budget_study(methods[m], "halving");
        OK(afina_optimize(o, objective, NULL, 30));
        char *whole = log_of(o);
        for (int64_t k = 5; k < 30; k += 6) {
            char key[64];
            snprintf(key, sizeof key, "{\"event\":\"asked\",\"trial\":%d,", (int)k);
            const char *line = strstr(whole, key);
            afina_optimizer *copy;
            OK(afina_optimizer_from_log(&copy, whole, (size_t)(line - whole)));
            OK(afina_optimizer_set_integer(copy, "times", 0));
            OK(afina_optimize(copy, objective, NULL, 30 - k));
            char *again = log_of(copy);
            assert_string_equal(again, whole);
            free(again);
            afina_optimizer_free(copy);
        }
        replays(o, methods[m]);
        free(whole);
        afina_optimizer_free(o);
    }
}

/* The objective takes its time, so that results come in another order than trials. */
static int32_t slow(afina_trial *trial, double *values, void *user)
{
    uint64_t seed;
    struct timespec pause = {0};
    OK(afina_trial_seed(trial, &seed));
    pause.tv_nsec = (long)(seed % 1500000);
    nanosleep(&pause, NULL);
    return objective(trial, values, user);
}

static char *decisions_of(const char *method, const char *scheduler, int64_t lag, int64_t workers)
{
    afina_optimizer *o = budget_study(method, scheduler);
    OK(afina_optimizer_set_integer(o, "lag", lag));
    OK(afina_optimizer_set_integer(o, "workers", workers));
    OK(afina_optimizer_set_real(o, "budget_total", 150));
    assert_int_equal(afina_optimize(o, slow, NULL, 100000), AFINA_DONE);
    replays(o, scheduler);
    int64_t count;
    OK(afina_trial_count(o, &count));
    char *text = calloc((size_t)count + 1, 128), *at = text;
    for (int64_t i = 0; i < count; i++) {
        afina_trial *trial;
        double budget;
        int64_t parent;
        OK(afina_trial_get(o, i, &trial));
        OK(afina_trial_budget(trial, &budget));
        OK(afina_trial_parent(trial, &parent));
        const afina_point *point = afina_trial_point(trial);
        at += snprintf(at, 128, "%a %a %g %d\n", real(point, "x0"), real(point, "x1"), budget, (int)parent);
        afina_trial_free(trial);
    }
    afina_optimizer_free(o);
    return text;
}

static void test_with_lag_any_number_of_workers_gives_the_same_study(void **state)
{
    (void)state;
    static const char *const methods[] = {"random", "tpe", "cmaes"};
    for (size_t m = 0; m < LENGTH(methods); m++) {
        char *one = decisions_of(methods[m], "halving", 8, 1);
        for (int64_t workers = 2; workers <= 8; workers += 3) {
            char *many = decisions_of(methods[m], "halving", 8, workers);
            assert_string_equal(many, one);
            free(many);
        }
        free(one);
    }
}

static void test_a_checkpoint_that_is_gone_is_paid_for(void **state)
{
    (void)state;
    afina_optimizer *o = budget_study("random", "halving");
    afina_trial *trial;
    double start = 0, spent, before, value = 0;
    for (;;) {
        OK(afina_ask(o, &trial));
        OK(afina_trial_start(trial, &start));
        if (start > 0)
            break;
        FAILS(afina_trial_tell_restarted(trial), AFINA_E_STATE, "continues no other");
        OK(afina_trial_tell(trial, &value, 1));
        afina_trial_free(trial);
    }
    OK(afina_optimizer_cost(o, &before, NULL));
    double budget;
    OK(afina_trial_budget(trial, &budget));
    OK(afina_trial_tell_restarted(trial));
    OK(afina_trial_start(trial, &start));
    assert_true(start == 0);
    FAILS(afina_trial_tell_restarted(trial), AFINA_E_STATE, "was restarted already");
    OK(afina_trial_tell(trial, &value, 1));
    OK(afina_optimizer_cost(o, &spent, NULL));
    assert_true(spent == before + budget);
    afina_trial_free(trial);
    replays(o, "restarted");
    afina_optimizer_free(o);
}

/* What is paid again was promised to nobody: it may go beyond the total, and nothing follows. */
static void test_a_restart_may_go_beyond_the_total_and_nothing_else_does(void **state)
{
    (void)state;
    afina_optimizer *o = budget_study("random", "halving");
    afina_trial *trial;
    double start, budget, spent, value = 1;
    int32_t rc;
    OK(afina_optimizer_set_real(o, "budget_total", 33));
    OK(afina_optimizer_set_real(o, "budget_min", 2.25));
    while ((rc = afina_ask(o, &trial)) == AFINA_OK) {
        OK(afina_trial_start(trial, &start));
        OK(afina_trial_budget(trial, &budget));
        if (start > 0)
            OK(afina_trial_tell_restarted(trial));
        OK(afina_trial_tell(trial, &value, 1));
        afina_trial_free(trial);
    }
    assert_int_equal(rc, AFINA_DONE);
    OK(afina_optimizer_cost(o, &spent, NULL));
    assert_true(spent < 33 + 9);
    replays(o, "restarts");
    afina_optimizer_free(o);
}

/* Once what a lost trial had cost was counted by reports that came later, and the replay knew another rest. */
static void test_late_reports_of_a_lost_trial_change_no_cost(void **state)
{
    (void)state;
    afina_optimizer *o = budget_study("random", "halving");
    afina_trial *lost = NULL;
    double value = 1, spent, before, start;
    OK(afina_optimizer_set_real(o, "budget_total", 40));
    for (int64_t i = 0; i < 8; i++) {
        afina_trial *trial;
        OK(afina_ask(o, &trial));
        if (i == 3) {
            OK(afina_trial_tell_lost(trial, NULL));
            lost = trial;
            continue;
        }
        OK(afina_trial_tell(trial, &value, 1));
        afina_trial_free(trial);
    }
    OK(afina_optimizer_cost(o, &before, NULL));
    OK(afina_trial_tell_report(lost, 0.5, &value, 1));
    OK(afina_optimizer_cost(o, &spent, NULL));
    assert_true(spent == before);
    assert_int_equal(afina_optimize(o, objective, NULL, 1000), AFINA_DONE);
    OK(afina_trial_start(lost, &start));
    assert_true(start == 0);
    FAILS(afina_trial_tell_restarted(lost), AFINA_E_STATE, "trial 3 is lost");
    OK(afina_trial_tell(lost, &value, 1));
    replays(o, "late reports");
    afina_trial_free(lost);
    afina_optimizer_free(o);
}

static void test_checkpoints_of_arms_that_were_left_behind_are_stale(void **state)
{
    (void)state;
    afina_optimizer *o = budget_study("random", "halving");
    OK(afina_optimizer_set_integer(o, "groups", 1));
    int32_t rc;
    afina_trial *trial;
    while ((rc = afina_ask(o, &trial)) == AFINA_OK) {
        double values[1];
        OK(afina_trial_tell_checkpoint(trial, "somewhere"));
        OK(objective(trial, values, NULL));
        OK(afina_trial_tell(trial, values, 1));
        afina_trial_free(trial);
    }
    assert_int_equal(rc, AFINA_DONE);
    int64_t count;
    size_t stale;
    OK(afina_trial_count(o, &count));
    OK(afina_stale_checkpoints(o, NULL, 0, &stale));
    assert_int_equal(stale, count);
    afina_optimizer_free(o);
}

static void test_bad_options_are_named(void **state)
{
    (void)state;
    static const struct {
        double min, max, total;
        const char *scheduler, *error;
    } cases[] = {
        {1, NAN, INFINITY, "halving", "option \"budget_max\" is missing"},
        {5, 2, INFINITY, "halving", "\"budget_min\" must be at most \"budget_max\" (2), got 5"},
        {0, 2, INFINITY, "halving", "must be finite and > 0, got 0 and 2"},
        {1, INFINITY, INFINITY, "halving", "must be finite and > 0, got 1 and inf"},
        {NAN, NAN, INFINITY, "hyperband",
         "scheduler \"hyperband\" needs the options \"budget_min\" and \"budget_max\""},
        {NAN, NAN, INFINITY, "halving", "scheduler \"halving\" needs budgets (\"budget_min\", \"budget_max\") or"},
        {1, 9, 5, "halving", "\"budget_total\" must be at least \"budget_max\" (9), got 5"},
        {NAN, NAN, INFINITY, "repeat", "needs option \"replicates\" to be at least 2, got 1"},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        afina_space *space = cube_space(1);
        afina_optimizer *o;
        afina_trial *trial;
        OK(afina_optimizer_new(&o, space, "random"));
        OK(afina_optimizer_set_real(o, "budget_min", cases[i].min));
        OK(afina_optimizer_set_real(o, "budget_max", cases[i].max));
        OK(afina_optimizer_set_real(o, "budget_total", cases[i].total));
        OK(afina_optimizer_set_string(o, "scheduler", cases[i].scheduler));
        FAILS(afina_ask(o, &trial), AFINA_E_RANGE, cases[i].error);
        afina_optimizer_free(o);
        afina_space_free(space);
    }
    afina_space *space = cube_space(1);
    afina_optimizer *o;
    OK(afina_optimizer_new(&o, space, "random"));
    FAILS(afina_optimizer_set_string(o, "scheduler", "halvin"), AFINA_E_NAME, "did you mean \"halving\"?");
    FAILS(afina_optimizer_set_string(o, "stopper", "nver"), AFINA_E_NAME, "did you mean \"never\"?");
    FAILS(afina_optimizer_set_real(o, "halving.eta", 1.5), AFINA_E_RANGE, "eta");
    afina_optimizer_free(o);
    afina_space_free(space);
}

static int32_t noisy(afina_trial *trial, double *values, void *user)
{
    uint64_t seed;
    (void)user;
    OK(afina_trial_seed(trial, &seed));
    values[0] = loss_at(afina_trial_point(trial), 9) + 1e-3 * (double)(seed % 1000);
    return AFINA_OK;
}

/* Later folds are harder for all, by more than arms differ. */
static int32_t on_folds(afina_trial *trial, double *values, void *user)
{
    int64_t fold;
    (void)user;
    OK(afina_trial_replicate(trial, &fold));
    values[0] = 10 * loss_at(afina_trial_point(trial), INFINITY) + 3 * (double)fold;
    return AFINA_OK;
}

/* An arm that was dropped after five easy folds of ten has the lowest mean. */
static void test_arms_are_compared_on_the_folds_that_both_have(void **state)
{
    (void)state;
    for (int workers = 1; workers <= 3; workers += 2) {
        afina_space *space = cube_space(2);
        afina_optimizer *o;
        afina_trial *best, *trial;
        OK(afina_optimizer_new(&o, space, "random"));
        afina_space_free(space);
        OK(afina_optimizer_set_integer(o, "replicates", 10));
        OK(afina_optimizer_set_string(o, "scheduler", "race"));
        OK(afina_optimizer_set_integer(o, "race.first", 6));
        OK(afina_optimizer_set_integer(o, "workers", workers));
        OK(afina_optimize(o, on_folds, NULL, 200));
        double least = INFINITY, loss;
        int64_t count, replicate;
        OK(afina_best(o, &best));
        OK(afina_trial_count(o, &count));
        for (int64_t i = 0; i < count; i++) {
            OK(afina_trial_get(o, i, &trial));
            OK(afina_trial_replicate(trial, &replicate));
            loss = loss_at(afina_trial_point(trial), INFINITY);
            least = replicate >= 4 && loss < least ? loss : least;
            afina_trial_free(trial);
        }
        assert_true(loss_at(afina_trial_point(best), INFINITY) == least);
        afina_trial_free(best);
        replays(o, "race");
        afina_optimizer_free(o);
    }
}

static void test_repeat_gives_every_arm_its_replicates(void **state)
{
    (void)state;
    afina_space *space = cube_space(2);
    afina_optimizer *o;
    afina_trial *best, *trial;
    OK(afina_optimizer_new(&o, space, "gp"));
    OK(afina_optimizer_set_integer(o, "replicates", 4));
    OK(afina_optimize(o, noisy, NULL, 80));
    double sum = 0, least = INFINITY;
    int64_t arm = -1, arm_of_trial, replicate, arm_of_best;
    for (int64_t i = 0; i < 80; i++) {
        double value;
        uint64_t data, first_data;
        OK(afina_trial_get(o, i, &trial));
        OK(afina_trial_replicate(trial, &replicate));
        OK(afina_trial_arm(trial, &arm_of_trial));
        OK(afina_trial_value(trial, &value));
        OK(afina_trial_data_seed(trial, &data));
        assert_int_equal(replicate, i % 4);
        assert_int_equal(arm_of_trial, i - i % 4);
        afina_trial_free(trial);
        OK(afina_trial_get(o, i % 4, &trial));
        OK(afina_trial_data_seed(trial, &first_data));
        assert_true(data == first_data);
        afina_trial_free(trial);
        sum = i % 4 ? sum + value : value;
        if (i % 4 == 3 && sum < least) {
            least = sum;
            arm = arm_of_trial;
        }
    }
    OK(afina_best(o, &best));
    OK(afina_trial_arm(best, &arm_of_best));
    assert_int_equal(arm_of_best, arm);
    afina_trial_free(best);
    replays(o, "repeat");
    afina_optimizer_free(o);
    afina_space_free(space);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_promotion_continues_its_parent),
        cmocka_unit_test(test_the_total_is_kept_exactly),
        cmocka_unit_test(test_a_study_goes_on_from_any_prefix_of_its_log),
        cmocka_unit_test(test_with_lag_any_number_of_workers_gives_the_same_study),
        cmocka_unit_test(test_a_checkpoint_that_is_gone_is_paid_for),
        cmocka_unit_test(test_a_restart_may_go_beyond_the_total_and_nothing_else_does),
        cmocka_unit_test(test_late_reports_of_a_lost_trial_change_no_cost),
        cmocka_unit_test(test_checkpoints_of_arms_that_were_left_behind_are_stale),
        cmocka_unit_test(test_bad_options_are_named),
        cmocka_unit_test(test_arms_are_compared_on_the_folds_that_both_have),
        cmocka_unit_test(test_repeat_gives_every_arm_its_replicates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
