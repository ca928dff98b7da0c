#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "core/fail.h"

#include <cmocka.h>

#include "core/rng.h"
#include "schedule/no_gain.h"
#include "support/schedule_sim.h"
#include "support/stopper_drive.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LOSSES(...) (const double[]){__VA_ARGS__}, sizeof((const double[]){__VA_ARGS__}) / sizeof(double)
#define OPTIONS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void test_threshold_ends_what_leaves_the_bounds(void **state)
{
    (void)state;
    struct drive d;
    drive_open(&d, "threshold", OPTIONS("lower=-1", "upper=2"));
    assert_int_equal(drive_trial(&d, LOSSES(2, -1, 0)), 0);
    assert_int_equal(drive_trial(&d, LOSSES(1, 2.125, 0)), 2);
    assert_int_equal(drive_trial(&d, LOSSES(1, 1, -1.125)), 3);
    assert_int_equal(drive_trial(&d, LOSSES(1, NAN, 1)), 2);
    assert_int_equal(drive_trial(&d, LOSSES(-INFINITY, 1)), 1);
    drive_close(&d);
}

static void test_threshold_without_bounds_ends_nan_only(void **state)
{
    (void)state;
    struct drive d;
    drive_open(&d, "threshold", OPTIONS("warmup=2"));
    assert_int_equal(drive_trial(&d, LOSSES(INFINITY, -INFINITY, 1e300)), 0);
    assert_int_equal(drive_trial(&d, LOSSES(NAN, 1, NAN)), 3);
    drive_close(&d);
}

static void test_threshold_wants_bounds_in_order(void **state)
{
    (void)state;
    assert_int_equal(drive_try("threshold", OPTIONS("lower=2", "upper=1")), AFINA_E_RANGE);
    assert_string_equal(fail_text(), "option \"threshold.lower\" must be at most \"threshold.upper\", got 2 and 1");
    assert_int_equal(drive_try("threshold", OPTIONS("lower=1", "upper=1")), 0);
}

static void test_patience_ends_what_does_not_improve(void **state)
{
    (void)state;
    struct drive d;
    drive_open(&d, "patience", OPTIONS("patience=3", "min_delta=0.5", "startup=0", "safe=0"));
    assert_int_equal(drive_trial(&d, LOSSES(5, 5, 5, 5)), 4);
    assert_int_equal(drive_trial(&d, LOSSES(5, 4.75, 4.625, 4.5)), 4); /* 0.5 is not more than 0.5 */
    assert_int_equal(drive_trial(&d, LOSSES(5, 4.75, 4.625, 4.375, 4.25, 4.125)), 5);
    assert_int_equal(drive_trial(&d, LOSSES(5, 4, 3, 2, 1, 0)), 0);
    assert_int_equal(drive_trial(&d, LOSSES(5, 6, 7)), 0);
    assert_int_equal(drive_trial(&d, LOSSES(5, NAN, INFINITY, NAN, 1)), 4);
    assert_int_equal(drive_trial(&d, LOSSES(NAN, NAN, NAN, NAN)), 4);
    drive_close(&d);
}

static void test_patience_waits_for_warm_up_and_startup(void **state)
{
    (void)state;
    struct drive d;
    drive_open(&d, "patience", OPTIONS("patience=1", "warmup=4", "startup=1", "safe=0"));
    assert_int_equal(drive_trial(&d, LOSSES(1, 1, 1, 1, 1, 1)), 0);
    assert_int_equal(drive_trial(&d, LOSSES(1, 1, 1, 1, 1, 1)), 4);
    drive_close(&d);
}

static void test_patience_is_safe(void **state)
{
    (void)state;
    struct drive d;
    drive_open(&d, "patience", OPTIONS("patience=2", "startup=1"));
    assert_int_equal(drive_trial(&d, LOSSES(3, 3, 3, 1)), 0); /* it would have been ended at 3, and is the best */
    assert_int_equal(drive_trial(&d, LOSSES(3, 3, 3, 3)), 0);
    assert_int_equal(drive_trial(&d, LOSSES(3, 2, 1, 0)), 0); /* now this one is */
    assert_int_equal(drive_trial(&d, LOSSES(3, 3, 3, 3)), 3);
    drive_close(&d);
}

/* The check in rungs.c, and what comes after it: the lowest two of five, of six three. */
static void test_rungs_let_the_best_of_each_go_on(void **state)
{
    (void)state;
    struct drive d;
    drive_open(&d, "rungs", OPTIONS("min_resource=2", "eta=2", "safe=0"));
    assert_int_equal(drive_trial(&d, LOSSES(0, 3, 3, 3)), 0);
    assert_int_equal(drive_trial(&d, LOSSES(9, 1, 1, 1)), 0);
    assert_int_equal(drive_trial(&d, LOSSES(9, 2, 0, 0)), 2);
    assert_int_equal(drive_trial(&d, LOSSES(0, 4, 0, 0)), 2);
    assert_int_equal(drive_trial(&d, LOSSES(0, 2, 9, 1)), 0); /* equal to the second; at 4 it is equal to the best */
    assert_int_equal(drive_trial(&d, LOSSES(0, 2, 0, 2)), 4);
    assert_int_equal(drive_trial(&d, LOSSES(0, NAN, 0, 0)), 2);
    drive_close(&d);
}

static void test_rungs_begin_at_a_hundredth_of_the_first(void **state)
{
    (void)state;
    struct drive d;
    const double step[] = {10, 500, 1000};
    drive_open(&d, "rungs", OPTIONS("safe=0"));
    assert_true(drive_trial_at(&d, step, LOSSES(1, 1, 1), AFINA_STATE_COMPLETE) == 0);
    /* Rungs at 10, 40, 160, 640. */
    const double other[] = {5, 15, 30, 41, 200, 1000};
    assert_true(drive_trial_at(&d, other, LOSSES(9, 0, 9, 0, 2, 0), AFINA_STATE_STOPPED) == 200);
    drive_close(&d);
}

static void test_equal_trials_pass_all_rungs(void **state)
{
    (void)state;
    struct drive d;
    drive_open(&d, "rungs", OPTIONS("min_resource=1"));
    for (int i = 0; i < 30; i++)
        assert_int_equal(drive_trial(&d, LOSSES(1, 1, 1, 1, 1)), 0);
    drive_close(&d);
}

static void test_rungs_end_the_first_few_on_request(void **state)
{
    (void)state;
    struct drive d;
    drive_open(&d, "rungs", OPTIONS("min_resource=1", "bootstrap=2", "safe=0"));
    assert_int_equal(drive_trial(&d, LOSSES(3, 1)), 1);
    assert_int_equal(drive_trial(&d, LOSSES(2, 1)), 1);
    assert_int_equal(drive_trial(&d, LOSSES(1, 1)), 0);
    drive_close(&d);
}

/* Whoever goes on was among the lowest of those that had come: checked by a sort. */
static void test_rungs_are_those_of_a_sort(void **state)
{
    (void)state;
    struct drive d;
    struct rng rng;
    double seen[300];
    rng_start(&rng, 5, 0, 0);
    drive_open(&d, "rungs", OPTIONS("min_resource=1", "eta=3", "safe=0"));
    for (size_t n = 0; n < 300; n++) {
        size_t lower = 0, most = (n + 1) / 3 > 1 ? (n + 1) / 3 : 1;
        seen[n] = floor(40 * rng_uniform(&rng));
        for (size_t i = 0; i < n; i++)
            lower += seen[i] < seen[n];
        assert_int_equal(drive_trial(&d, &seen[n], 1), lower >= most);
    }
    drive_close(&d);
}

static double family(void *user, int64_t arm, const struct point *point, double budget, int64_t replicate)
{
    (void)user, (void)point, (void)replicate;
    return (double)(arm * 61 % 97) / 97 + 2 / budget;
}

static void test_in_a_consistent_family_the_best_passes_all_rungs(void **state)
{
    (void)state;
    for (int workers = 1; workers <= 8; workers += 7) {
        struct sim_result r;
        const struct sim sim = {.scheduler = "none",
                                .budget_min = 1,
                                .budget_max = 64,
                                .loss = family,
                                .trials = 97,
                                .workers = workers,
                                .report_every = 1,
                                .seed = 8,
                                .stopper = "rungs"};
        sim_run(&sim, &r);
        assert_int_equal(r.trial[0].state, AFINA_STATE_COMPLETE);
        assert_true(r.spent < 0.3 * 97 * 64);
        sim_free(&r);
    }
}

/* One-sided p of the differences 1..n is 2^-n: 1/8 for three, 1/16 for four. */
static void test_wilcoxon_ends_what_is_worse_in_every_pair(void **state)
{
    (void)state;
    struct drive d;
    drive_open(&d, "wilcoxon", NULL);
    assert_int_equal(drive_trial(&d, LOSSES(1, 2, 3, 4, 5, 6)), 0);
    assert_int_equal(drive_trial(&d, LOSSES(2, 4, 6, 8, 10, 12)), 4);
    assert_int_equal(drive_trial(&d, LOSSES(2, 4, 6, 3, 4, 5.5)), 0);
    drive_close(&d);
}

/* Differences 1, 2, 3, 4, -5: ten of the 32 subsets of the ranks have a sum up to 5, so that p = 10/32; a further pair
 * that is equal changes nothing, and a further difference of 6 makes it 10/64. */
static void test_wilcoxon_has_the_exact_p(void **state)
{
    (void)state;
    const char *const thresholds[] = {"p_threshold=0.3126", "p_threshold=0.3124", "p_threshold=0.1563",
                                      "p_threshold=0.1562"};
    const double loss[2][6] = {{11, 22, 33, 44, 45, 60}, {11, 22, 33, 44, 45, 66}};
    const double ended[] = {5, 0, 6, 0};
    for (size_t i = 0; i < 4; i++) {
        struct drive d;
        drive_open(&d, "wilcoxon", OPTIONS(thresholds[i], "startup_steps=5", "safe=0"));
        drive_trial(&d, LOSSES(10, 20, 30, 40, 50, 60, 1));
        const double step[] = {1, 2, 3, 4, 5, 6};
        assert_true(drive_trial_at(&d, step, loss[i / 2], 6, AFINA_STATE_STOPPED) == ended[i]);
        drive_close(&d);
    }
}

static void test_wilcoxon_goes_on_while_the_mean_is_better(void **state)
{
    (void)state;
    struct drive d;
    drive_open(&d, "wilcoxon", OPTIONS("safe=0"));
    drive_trial(&d, LOSSES(1, 1, 1, 1, 20));
    assert_int_equal(drive_trial(&d, LOSSES(2, 2, 2, 2, 2)), 0); /* worse in the first four, and better in the mean */
    drive_close(&d);
}

static void test_wilcoxon_pairs_the_same_steps(void **state)
{
    (void)state;
    struct drive d;
    drive_open(&d, "wilcoxon", OPTIONS("safe=0"));
    drive_trial_at(&d, (const double[]){1, 2, 4, 5, 7}, LOSSES(1, 1, 1, 1, 1), AFINA_STATE_COMPLETE);
    const double step[] = {1, 3, 4, 5, 6, 7, 8};
    assert_true(drive_trial_at(&d, step, LOSSES(2, 9, 3, 4, 9, 5, 6), AFINA_STATE_STOPPED) == 7);
    drive_close(&d);
}

static void test_wilcoxon_says_nothing_of_nan_and_ties(void **state)
{
    (void)state;
    struct drive d;
    drive_open(&d, "wilcoxon", OPTIONS("p_threshold=1"));
    drive_trial(&d, LOSSES(1, 1, 1, 1));
    assert_int_equal(drive_trial(&d, LOSSES(1, 1, 1, 1)), 0);
    assert_int_equal(drive_trial(&d, LOSSES(NAN, 9, 9, 9, 9)), 0);
    assert_int_equal(drive_trial(&d, LOSSES(INFINITY, 9, 9, 9, 9)), 0);
    drive_close(&d);
}

/* It would end the trial at its fourth report. */
static void test_wilcoxon_keeps_warmup_and_interval(void **state)
{
    (void)state;
    static const struct {
        const char *first, *second;
        size_t ended;
    } cases[] = {{"warmup=0", "interval=0", 4}, {"warmup=6", "interval=0", 6}, {"warmup=2", "interval=3", 5}};
    for (size_t i = 0; i < 3; i++) {
        struct drive d;
        drive_open(&d, "wilcoxon", OPTIONS(cases[i].first, cases[i].second));
        assert_int_equal(drive_trial(&d, LOSSES(1, 2, 3, 4, 5, 6, 7)), 0);
        assert_int_equal(drive_trial(&d, LOSSES(2, 4, 6, 8, 10, 12, 14)), cases[i].ended);
        drive_close(&d);
    }
}

static void test_wilcoxon_is_safe(void **state)
{
    (void)state;
    struct drive d;
    drive_open(&d, "wilcoxon", NULL);
    drive_trial(&d, LOSSES(1, 1, 1, 1, 9, 9));
    /* The second trial is worse at the first four steps, then better: it is shown as if the host had let it go on. */
    const double step[] = {1, 2, 3, 4, 5, 6};
    assert_true(drive_trial_at(&d, step, LOSSES(8, 8, 8, 8, 1, 1), AFINA_STATE_COMPLETE) == 4);
    assert_int_equal(drive_trial(&d, LOSSES(99, 99, 99, 99, 99, 99)), 0);
    drive_close(&d);
}

static void test_no_gain_in_so_many_trials_is_the_end(void **state)
{
    (void)state;
    struct no_gain g;
    const double loss[] = {10, 9.5, 9.25, 8.75, 9, NAN, 8.7, INFINITY};
    const int over[] = {0, 0, 0, 0, 0, 0, 1, 1};
    no_gain_init(&g, 10); /* 8.75 is more than a tenth below 10, what comes after it is not below 7.875 */
    for (size_t i = 0; i < 8; i++) {
        no_gain_tell(&g, loss[i]);
        assert_int_equal(no_gain_is_over(&g, 3), over[i]);
    }
    assert_true(g.reference == 8.75);
}

static void test_no_gain_of_negative_losses_and_failures(void **state)
{
    (void)state;
    struct no_gain g;
    no_gain_init(&g, 50);
    for (int i = 0; i < 4; i++)
        no_gain_tell(&g, NAN);
    assert_int_equal(no_gain_is_over(&g, 4), 1);
    assert_int_equal(no_gain_is_over(&g, 5), 0);
    no_gain_tell(&g, -4);
    assert_int_equal(g.since, 0);
    no_gain_tell(&g, -6); /* 6 is not more than 1.5 times 4 */
    assert_int_equal(g.since, 1);
    no_gain_tell(&g, -6.125);
    assert_int_equal(g.since, 0);
    no_gain_init(&g, 0);
    no_gain_tell(&g, 1);
    no_gain_tell(&g, 1);
    assert_int_equal(g.since, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_threshold_ends_what_leaves_the_bounds),
        cmocka_unit_test(test_threshold_without_bounds_ends_nan_only),
        cmocka_unit_test(test_threshold_wants_bounds_in_order),
        cmocka_unit_test(test_patience_ends_what_does_not_improve),
        cmocka_unit_test(test_patience_waits_for_warm_up_and_startup),
        cmocka_unit_test(test_patience_is_safe),
        cmocka_unit_test(test_rungs_let_the_best_of_each_go_on),
        cmocka_unit_test(test_rungs_begin_at_a_hundredth_of_the_first),
        cmocka_unit_test(test_equal_trials_pass_all_rungs),
        cmocka_unit_test(test_rungs_end_the_first_few_on_request),
        cmocka_unit_test(test_rungs_are_those_of_a_sort),
        cmocka_unit_test(test_in_a_consistent_family_the_best_passes_all_rungs),
        cmocka_unit_test(test_wilcoxon_ends_what_is_worse_in_every_pair),
        cmocka_unit_test(test_wilcoxon_has_the_exact_p),
        cmocka_unit_test(test_wilcoxon_goes_on_while_the_mean_is_better),
        cmocka_unit_test(test_wilcoxon_pairs_the_same_steps),
        cmocka_unit_test(test_wilcoxon_says_nothing_of_nan_and_ties),
        cmocka_unit_test(test_wilcoxon_keeps_warmup_and_interval),
        cmocka_unit_test(test_wilcoxon_is_safe),
        cmocka_unit_test(test_no_gain_in_so_many_trials_is_the_end),
        cmocka_unit_test(test_no_gain_of_negative_losses_and_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
