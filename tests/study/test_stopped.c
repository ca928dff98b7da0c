/* Studies whose trials are ended by a stopper, alone and beside a scheduler. */
#define _POSIX_C_SOURCE 200809L /* nanosleep */
#include "support/search_study.h"

#include "schedule/schedule.h"

#include <time.h>

enum { TRIALS = 60, BUDGET = 9 };

/* The options that make a stopper act on short curves. */
static void set_stopper(afina_optimizer *o, const char *stopper)
{
    OK(afina_optimizer_set_string(o, "stopper", stopper));
    OK(afina_optimizer_set_real(o, "threshold.upper", 0.9));
    OK(afina_optimizer_set_integer(o, "patience.patience", 2));
    OK(afina_optimizer_set_real(o, "patience.min_delta", 0.1));
    OK(afina_optimizer_set_integer(o, "patience.safe", 0));
    OK(afina_optimizer_set_integer(o, "curve.curves", 12));
}

static afina_optimizer *stopped_study(const char *scheduler, const char *stopper)
{
    afina_space *space = cube_space(2);
    afina_optimizer *o;
    OK(afina_optimizer_new(&o, space, "random"));
    afina_space_free(space);
    OK(afina_optimizer_set_string(o, "scheduler", scheduler));
    OK(afina_optimizer_set_real(o, "budget_min", 1));
    OK(afina_optimizer_set_real(o, "budget_max", BUDGET));
    OK(afina_optimizer_set_integer(o, "times", 0));
    set_stopper(o, stopper);
    return o;
}

static double loss_at(const afina_point *point, double step)
{
    double x = real(point, "x0") - 0.3, y = real(point, "x1") - 0.7;
    return x * x + y * y + 0.5 / step;
}

/* Takes a time of its own for each report, so that with workers reports come in any order. */
static int32_t objective(afina_trial *trial, double *values, void *user)
{
    double start, budget;
    int32_t stop = 0;
    uint64_t seed;
    struct timespec pause = {0};
    OK(afina_trial_start(trial, &start));
    OK(afina_trial_budget(trial, &budget));
    OK(afina_trial_seed(trial, &seed));
    pause.tv_nsec = user ? (long)(seed % 300000) : 0;
    for (double step = start + 1; step <= budget && !stop; step++) {
        if (user)
            nanosleep(&pause, NULL);
        values[0] = loss_at(afina_trial_point(trial), step);
        OK(afina_trial_tell_report(trial, step, values, 1));
        OK(afina_trial_should_stop(trial, &stop));
        if (stop && step < budget)
            values[0] = NAN;
    }
    return AFINA_OK;
}

static int64_t count_state(afina_optimizer *o, int32_t wanted)
{
    int64_t count, found = 0;
    OK(afina_trial_count(o, &count));
    for (int64_t i = 0; i < count; i++) {
        afina_trial *trial;
        int32_t state;
        OK(afina_trial_get(o, i, &trial));
        OK(afina_trial_state(trial, &state));
        found += state == wanted;
        afina_trial_free(trial);
    }
    return found;
}

static void replays(afina_optimizer *o, const char *what)
{
    int64_t number;
    int32_t rc = afina_optimizer_replay(o, &number);
    if (rc)
        fail_msg("%s: replay: %d at trial %d: %s", what, (int)rc, (int)number, afina_last_error());
}

static void test_every_stopper_ends_trials_and_is_replayed(void **state)
{
    (void)state;
    for (size_t i = 0; i < stopper_count(); i++) {
        const char *name = stopper_at(i)->name;
        int never = strcmp(name, "never") == 0;
        afina_optimizer *o = stopped_study("none", name);
        OK(afina_optimize(o, objective, NULL, TRIALS));
        int64_t stopped = count_state(o, AFINA_STATE_STOPPED);
        print_message("%s: %d of %d ended early\n", name, (int)stopped, TRIALS);
        /* The reports are no replicates here, and wilcoxon compares them all the same. */
        assert_true(never ? stopped == 0 : stopped > 0);
        assert_true(count_state(o, AFINA_STATE_COMPLETE) > 0);
        replays(o, name);
        afina_optimizer_free(o);
    }
}

/* The losses of all trials after lag decides what is known. */
static char *ends_of(const char *scheduler, const char *stopper, int64_t workers)
{
    afina_optimizer *o = stopped_study(scheduler, stopper);
    int random_time = 1;
    OK(afina_optimizer_set_integer(o, "lag", 8));
    OK(afina_optimizer_set_integer(o, "workers", workers));
    OK(afina_optimize(o, objective, &random_time, TRIALS));
    replays(o, stopper);
    char *text = calloc(TRIALS + 1, 64), *at = text;
    for (int64_t i = 0; i < TRIALS; i++) {
        afina_trial *trial;
        double budget;
        int32_t trial_state;
        size_t reports;
        OK(afina_trial_get(o, i, &trial));
        OK(afina_trial_budget(trial, &budget));
        OK(afina_trial_state(trial, &trial_state));
        OK(afina_trial_report_count(trial, &reports));
        at += snprintf(at, 64, "%a %g %d %d\n", real(afina_trial_point(trial), "x0"), budget, (int)trial_state,
                       (int)reports);
        afina_trial_free(trial);
    }
    afina_optimizer_free(o);
    return text;
}

static void test_with_lag_stops_are_the_same_for_any_number_of_workers(void **state)
{
    (void)state;
    static const char *const schedulers[] = {"none", "hyperband", "asha"};
    for (size_t s = 0; s < LENGTH(schedulers); s++)
        for (size_t i = 0; i < stopper_count(); i++) {
            char *one = ends_of(schedulers[s], stopper_at(i)->name, 1);
            for (int64_t workers = 3; workers <= 8; workers += 5) {
                char *many = ends_of(schedulers[s], stopper_at(i)->name, workers);
                assert_string_equal(many, one);
                free(many);
            }
            free(one);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_stopper_ends_trials_and_is_replayed),
        cmocka_unit_test(test_with_lag_stops_are_the_same_for_any_number_of_workers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
