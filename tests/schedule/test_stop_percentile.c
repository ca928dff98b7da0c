#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/rng.h"
#include "support/schedule_sim.h"
#include "support/stopper_drive.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

#define LOSSES(...) (const double[]){__VA_ARGS__}, sizeof((const double[]){__VA_ARGS__}) / sizeof(double)
#define OPTIONS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void test_a_trial_above_the_median_is_ended(void **state)
{
    (void)state;
    struct drive d;
    drive_open(&d, "median", OPTIONS("startup=3", "min_trials=3"));
    assert_int_equal(drive_trial(&d, LOSSES(5, 4, 3)), 0);
    assert_int_equal(drive_trial(&d, LOSSES(9, 8, 7)), 0); /* nobody is ended among the first three */
    assert_int_equal(drive_trial(&d, LOSSES(7, 6, 5)), 0);
    assert_int_equal(drive_trial(&d, LOSSES(7, 6, 5)), 0); /* the median is not above itself */
    assert_int_equal(drive_trial(&d, LOSSES(7.125, 1, 1)), 1);
    assert_int_equal(drive_trial(&d, LOSSES(6, 6.125, 5.125)), 3); /* its best so far is 6, then 5.125 > 5 */
    drive_close(&d);
}

static void test_with_patience_a_trial_that_improves_is_spared(void **state)
{
    (void)state;
    struct drive d;
    drive_open(&d, "median", OPTIONS("startup=3", "min_trials=3", "patience=2"));
    for (int k = 0; k < 3; k++)
        assert_int_equal(drive_trial(&d, LOSSES(1, 1, 1, 1, 1)), 0); /* they do not improve, but are not above */
    assert_int_equal(drive_trial(&d, LOSSES(9, 8, 7, 6, 5)), 0);
    assert_int_equal(drive_trial(&d, LOSSES(9, 8, 7, 7, 7.5)), 5); /* 7 and 7.5 are not below 7 */
    assert_int_equal(drive_trial(&d, LOSSES(9, 9, 8.875, 9, 9)), 5);
    assert_int_equal(drive_trial(&d, LOSSES(9, NAN, NAN, 1, 1)), 3);
    drive_close(&d);
}

static void test_patience_counts_for_the_best_trial_as_well(void **state)
{
    (void)state;
    const char *const patience[] = {"patience=0", "patience=2"};
    const int64_t ended[] = {0, 3};
    for (size_t i = 0; i < 2; i++) {
        struct drive d;
        drive_open(&d, "median", OPTIONS("startup=3", "min_trials=3", patience[i]));
        assert_int_equal(drive_trial(&d, LOSSES(5, 4, 3)), 0);
        assert_int_equal(drive_trial(&d, LOSSES(5, 4, 3)), 0);
        assert_int_equal(drive_trial(&d, LOSSES(9, 8, 1)), 0); /* the best, which the median alone would have ended */
        assert_int_equal(drive_trial(&d, LOSSES(20, 20, 20)), ended[i]);
        drive_close(&d);
    }
}

/* Of 2, 4, 6, 8 the percentiles 25, 50 and 75 are 3.5, 5 and 6.5 (numpy.percentile). */
static void test_percentiles_lie_between_losses(void **state)
{
    (void)state;
    const double bound[] = {2, 3.5, 5, 6.5, 8};
    const char *const share[] = {"percentile=0", "percentile=25", "percentile=50", "percentile=75", "percentile=100"};
    for (size_t i = 0; i < 5; i++) {
        struct drive d;
        drive_open(&d, "percentile", OPTIONS("startup=4", "min_trials=1", "safe=0", share[i]));
        const double order[] = {6, 2, 8, 4};
        for (size_t k = 0; k < 4; k++)
            drive_trial(&d, LOSSES(order[k], 0));
        assert_true(drive_trial_at(&d, (const double[]){1}, LOSSES(bound[i]), AFINA_STATE_STOPPED) == 0);
        assert_true(drive_trial_at(&d, (const double[]){1}, LOSSES(bound[i] + 1e-9), AFINA_STATE_STOPPED) == 1);
        drive_close(&d);
    }
}

static int compare(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static double sorted_percentile(double *loss, size_t n, double p)
{
    qsort(loss, n, sizeof *loss, compare);
    double position = (double)(n - 1) * p / 100;
    size_t low = (size_t)position;
    return low + 1 < n ? loss[low] + (position - (double)low) * (loss[low + 1] - loss[low]) : loss[low];
}

static void test_the_percentile_is_that_of_a_sort(void **state)
{
    (void)state;
    struct rng rng;
    struct drive d;
    double seen[200];
    rng_start(&rng, 17, 0, 0);
    drive_open(&d, "percentile", OPTIONS("percentile=30", "startup=1", "min_trials=1", "safe=0"));
    for (size_t n = 0; n < 200; n++) {
        double loss = floor(50 * rng_uniform(&rng)), probe = 50 * rng_uniform(&rng);
        drive_trial_at(&d, (const double[]){1}, &loss, 1, AFINA_STATE_COMPLETE);
        seen[n] = loss;
        double ended = drive_trial_at(&d, (const double[]){1}, &probe, 1, AFINA_STATE_STOPPED);
        assert_int_equal(ended > 0, probe > sorted_percentile(seen, n + 1, 30));
    }
    drive_close(&d);
}

static void test_warm_up_and_interval_are_kept(void **state)
{
    (void)state;
    struct drive d;
    drive_open(&d, "median", OPTIONS("startup=1", "min_trials=1", "warmup=3", "interval=4"));
    assert_int_equal(drive_trial(&d, LOSSES(1, 1, 1, 1, 1, 1, 1, 1, 1, 1)), 0);
    assert_int_equal(drive_trial(&d, LOSSES(2, 2, 2, 2)), 3);
    assert_int_equal(drive_trial(&d, LOSSES(1, 1, 1, 1, 1, 1, 1, 1, 1, 1)), 0);
    const double step[] = {1, 4, 5, 6, 6.5, 7.5, 8, 9};
    assert_true(drive_trial_at(&d, step, LOSSES(2, 1, 1, 1, 1, 1, 1, 1), AFINA_STATE_FAILED) == 0);
    /* The first report in 3..7, then the first in 7..11. */
    const double late[] = {2, 4, 5, 6, 7.5, 8};
    assert_true(drive_trial_at(&d, late, LOSSES(9, 9, 9, 9, 9, 9), AFINA_STATE_FAILED) == 4);
    drive_close(&d);
}

static void test_equal_trials_go_on(void **state)
{
    (void)state;
    struct drive d;
    drive_open(&d, "median", NULL);
    for (int i = 0; i < 50; i++)
        assert_int_equal(drive_trial(&d, LOSSES(1, 1, 1)), 0);
    drive_close(&d);
}

static void test_nan_and_infinity_are_the_worst(void **state)
{
    (void)state;
    struct drive d;
    drive_open(&d, "median", OPTIONS("startup=3", "min_trials=3", "safe=0"));
    drive_trial(&d, LOSSES(1, 1));
    drive_trial(&d, LOSSES(NAN, 2));
    drive_trial(&d, LOSSES(INFINITY, 3));
    assert_int_equal(drive_trial(&d, LOSSES(NAN, 3)), 2); /* at first the median is infinite, too */
    drive_trial(&d, LOSSES(2, 2));
    drive_trial(&d, LOSSES(2, 2));
    assert_int_equal(drive_trial(&d, LOSSES(NAN, 1)), 1);
    assert_int_equal(drive_trial(&d, LOSSES(INFINITY, 1)), 1);
    assert_int_equal(drive_trial(&d, LOSSES(-INFINITY, NAN)), 0);
    drive_close(&d);
}

/* Lost, failed and stopped trials are not compared with. */
static void test_only_trials_that_ended_as_planned_count(void **state)
{
    (void)state;
    struct drive d;
    const int32_t states[] = {AFINA_STATE_LOST, AFINA_STATE_FAILED, AFINA_STATE_STOPPED, AFINA_STATE_INFEASIBLE};
    drive_open(&d, "median", OPTIONS("startup=1", "min_trials=1"));
    for (size_t i = 0; i < 4; i++)
        drive_trial_at(&d, (const double[]){1, 2}, LOSSES(0, 0), states[i]);
    assert_int_equal(drive_trial(&d, LOSSES(5, 5)), 0);
    assert_int_equal(drive_trial(&d, LOSSES(5, 5)), 0);
    assert_int_equal(drive_trial(&d, LOSSES(6, 5)), 1);
    drive_close(&d);
}

/* Steps that no two trials share: the others count with what they had reported by then. */
static void test_trials_may_report_at_steps_of_their_own(void **state)
{
    (void)state;
    struct drive d;
    drive_open(&d, "median", OPTIONS("startup=3", "min_trials=3"));
    drive_trial_at(&d, (const double[]){1, 11, 21, 31}, LOSSES(9, 8, 7, 6), AFINA_STATE_COMPLETE);
    drive_trial_at(&d, (const double[]){2, 12, 22, 32}, LOSSES(8, 7, 6, 5), AFINA_STATE_COMPLETE);
    drive_trial_at(&d, (const double[]){3, 13, 23, 33}, LOSSES(7, 6, 5, 4), AFINA_STATE_COMPLETE);
    const double step[] = {4, 14, 24, 34};
    assert_true(drive_trial_at(&d, step, LOSSES(8, 7, 6, 5), AFINA_STATE_FAILED) == 0);
    assert_true(drive_trial_at(&d, step, LOSSES(9, 9, 9, 9), AFINA_STATE_FAILED) == 14);
    drive_close(&d);
}

/* The best of the finished began as the worst: whoever is like it must not be ended. */
static void test_safe_ends_nobody_when_the_best_would_have_been(void **state)
{
    (void)state;
    for (int safe = 0; safe < 2; safe++) {
        struct drive d;
        drive_open(&d, "median", OPTIONS("startup=4", "min_trials=4", safe ? "safe=1" : "safe=0"));
        drive_trial(&d, LOSSES(9, 5, 1));
        for (int i = 0; i < 3; i++)
            drive_trial(&d, LOSSES(5, 5, 5));
        assert_int_equal(drive_trial(&d, LOSSES(9, 5, 1)), safe ? 0 : 1);
        if (safe) { /* another best, that would have gone on */
            assert_int_equal(drive_trial(&d, LOSSES(5, 5, 0)), 0);
            assert_int_equal(drive_trial(&d, LOSSES(9, 5, 1)), 1);
        }
        drive_close(&d);
    }
}

static double family(void *user, int64_t arm, const struct point *point, double budget, int64_t replicate)
{
    (void)user, (void)point, (void)replicate;
    return (double)(arm * 61 % 97) / 97 + 2 / budget;
}

/* Curves that do not cross: the best is never ended, and half of the work is saved. */
static void test_in_a_consistent_family_the_best_is_found_for_less(void **state)
{
    (void)state;
    for (int workers = 1; workers <= 8; workers += 7) {
        struct sim_result r;
        const struct sim sim = {.scheduler = "none",
                                .budget_min = 1,
                                .budget_max = 50,
                                .loss = family,
                                .trials = 97,
                                .workers = workers,
                                .report_every = 1,
                                .seed = 8,
                                .stopper = "median"};
        sim_run(&sim, &r);
        assert_int_equal(r.trial[0].state, AFINA_STATE_COMPLETE); /* arm 0 is the best */
        assert_true(r.spent < 0.5 * 97 * 50);
        for (int64_t i = 0; i < r.n; i++)
            assert_true(r.trial[i].state == AFINA_STATE_COMPLETE || r.trial[i].loss > r.trial[0].loss);
        sim_free(&r);
    }
}

/* Paused trials are ended as planned: they fill the table, and a continued one starts where its parent ended. */
static void test_it_works_beside_a_scheduler(void **state)
{
    (void)state;
    struct sim_result r;
    int64_t stopped = 0;
    const struct sim sim = {.scheduler = "hyperband",
                            .budget_min = 1,
                            .budget_max = 27,
                            .budget_total = 27 * 60,
                            .loss = family,
                            .workers = 3,
                            .report_every = 1,
                            .seed = 1,
                            .stopper = "median"};
    sim_run(&sim, &r);
    for (int64_t i = 0; i < r.n; i++)
        stopped += r.trial[i].state == AFINA_STATE_STOPPED;
    assert_true(stopped > 10);
    assert_true(r.spent <= 27 * 60);
    assert_int_equal(r.ended, 1);
    sim_free(&r);
}

/* Printed, not checked: a machine may be busy. */
static void test_advice_at_a_hundred_thousand_trials(void **state)
{
    (void)state;
    struct drive d;
    struct rng rng;
    double loss[10];
    rng_start(&rng, 3, 0, 0);
    drive_open(&d, "median", OPTIONS("safe=0"));
    for (int i = 0; i < 100000; i++) {
        for (int k = 0; k < 10; k++)
            loss[k] = rng_uniform(&rng) - k;
        drive_trial_at(&d, (const double[]){1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, loss, 10, AFINA_STATE_COMPLETE);
    }
    const struct progress progress = {.trial = d.n,
                                      .arm = d.n,
                                      .budget = INFINITY,
                                      .n = 10,
                                      .steps = (const double[]){1, 2, 3, 4, 5, 6, 7, 8, 9, 10},
                                      .losses = loss};
    int stop = 0;
    clock_t from = clock();
    for (int i = 0; i < 100000; i++)
        assert_int_equal(d.stopper->advise(d.state, &progress, &stop), 0);
    assert_int_equal(stop, loss[9] > -8.5);
    print_message("%.3f microseconds an advice\n", 10 * (double)(clock() - from) / CLOCKS_PER_SEC);
    drive_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_trial_above_the_median_is_ended),
        cmocka_unit_test(test_with_patience_a_trial_that_improves_is_spared),
        cmocka_unit_test(test_patience_counts_for_the_best_trial_as_well),
        cmocka_unit_test(test_percentiles_lie_between_losses),
        cmocka_unit_test(test_the_percentile_is_that_of_a_sort),
        cmocka_unit_test(test_warm_up_and_interval_are_kept),
        cmocka_unit_test(test_equal_trials_go_on),
        cmocka_unit_test(test_nan_and_infinity_are_the_worst),
        cmocka_unit_test(test_only_trials_that_ended_as_planned_count),
        cmocka_unit_test(test_trials_may_report_at_steps_of_their_own),
        cmocka_unit_test(test_safe_ends_nobody_when_the_best_would_have_been),
        cmocka_unit_test(test_in_a_consistent_family_the_best_is_found_for_less),
        cmocka_unit_test(test_it_works_beside_a_scheduler),
        cmocka_unit_test(test_advice_at_a_hundred_thousand_trials),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
