#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/schedule_sim.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double listed(void *user, int64_t arm, const struct point *point, double budget, int64_t replicate)
{
    const double *loss = user;
    (void)point, (void)budget, (void)replicate;
    return loss[arm % 27];
}

static void check_trial(const struct sim_result *r, int64_t number, int64_t index, double budget)
{
    assert_int_equal(r->trial[number].index, index);
    assert_true(r->trial[number].budget == budget);
}

/* One worker, eta 3: after every third arm the best that has not gone on is among the top of the lowest rung. */
static void test_the_sequence_is_that_of_the_rule(void **state)
{
    (void)state;
    double loss[27] = {5, 4, 6, 9, 8, 7, 1, 2, 3};
    struct sim_result r;
    const struct sim sim = {
        .scheduler = "asha", .budget_min = 1, .budget_max = 9, .loss = listed, .user = loss, .trials = 13};
    sim_run(&sim, &r);
    check_trial(&r, 2, 2, 1);
    check_trial(&r, 3, 1, 3); /* 4 is the best of 5, 4, 6 */
    check_trial(&r, 6, 5, 1);
    check_trial(&r, 7, 0, 3); /* the top two of six are 4 and 5 */
    check_trial(&r, 8, 6, 1);
    check_trial(&r, 9, 6, 3);  /* 1 is now among the top two of seven */
    check_trial(&r, 10, 6, 9); /* and the best of the three that got to 3 */
    check_trial(&r, 11, 7, 1);
    check_trial(&r, 12, 7, 3); /* 2 is the second of eight */
    sim_free(&r);
}

static double equal(void *user, int64_t arm, const struct point *point, double budget, int64_t replicate)
{
    (void)user, (void)arm, (void)point, (void)budget, (void)replicate;
    return 1;
}

static int64_t ended_at(const struct sim_result *r, double budget)
{
    int64_t count = 0;
    for (int64_t i = 0; i < r->n; i++)
        count += r->trial[i].budget == budget;
    return count;
}

static void test_of_equal_arms_a_third_goes_on(void **state)
{
    (void)state;
    struct sim_result r;
    const struct sim sim = {.scheduler = "asha", .budget_min = 1, .budget_max = 9, .loss = equal, .arms = 27};
    sim_run(&sim, &r);
    assert_int_equal(r.n_arms, 27);
    assert_int_equal(ended_at(&r, 3), 9);
    assert_int_equal(ended_at(&r, 9), 3);
    assert_int_equal(r.ended, 1);
    sim_free(&r);
}

static double nan_always(void *user, int64_t arm, const struct point *point, double budget, int64_t replicate)
{
    (void)user, (void)arm, (void)point, (void)budget, (void)replicate;
    return NAN;
}

static double infinite(void *user, int64_t arm, const struct point *point, double budget, int64_t replicate)
{
    (void)user, (void)arm, (void)point, (void)budget, (void)replicate;
    return INFINITY;
}

static void test_arms_without_a_result_do_not_go_on(void **state)
{
    (void)state;
    sim_loss *const kinds[] = {nan_always, infinite};
    for (size_t k = 0; k < 2; k++) {
        struct sim_result r;
        const struct sim sim = {
            .scheduler = "asha", .budget_min = 1, .budget_max = 9, .loss = kinds[k], .arms = 20, .workers = 3};
        sim_run(&sim, &r);
        assert_int_equal(r.n, 20);
        assert_int_equal(r.ended, 1);
        sim_free(&r);
    }
}

/* Four arms leave one at 3 and none at the top: the best goes there. */
static void test_when_points_end_the_best_goes_to_the_top(void **state)
{
    (void)state;
    double loss[27] = {5, 4, 6, 9};
    struct sim_result r;
    const struct sim sim = {
        .scheduler = "asha", .budget_min = 1, .budget_max = 9, .loss = listed, .user = loss, .arms = 4};
    sim_run(&sim, &r);
    assert_int_equal(r.n, 6);
    check_trial(&r, 5, 1, 9);
    assert_true(r.trial[5].start == 3);
    assert_int_equal(r.ended, 1);
    sim_free(&r);
}

static double ordered(void *user, int64_t arm, const struct point *point, double budget, int64_t replicate)
{
    (void)user, (void)point, (void)replicate;
    return fabs((double)(arm * 37 % 101) - 40) + 1 / budget;
}

static void test_a_small_total_ends_with_an_arm_at_the_top(void **state)
{
    (void)state;
    for (int workers = 1; workers <= 5; workers++)
        for (double total = 27; total < 200; total += 13) {
            struct sim_result r;
            const struct sim sim = {.scheduler = "asha",
                                    .budget_min = 1,
                                    .budget_max = 27,
                                    .budget_total = total,
                                    .loss = ordered,
                                    .workers = workers,
                                    .seed = 5};
            sim_run(&sim, &r);
            assert_true(r.spent <= total);
            assert_true(ended_at(&r, 27) >= 1);
            assert_int_equal(r.ended, 1);
            sim_free(&r);
        }
}

static void test_with_brackets_arms_begin_in_the_shares_of_hyperband(void **state)
{
    (void)state;
    struct sim_result r;
    const struct sim sim = {.scheduler = "asha",
                            .budget_min = 1,
                            .budget_max = 9,
                            .loss = ordered,
                            .arms = 110,
                            .options = (const char *const[]){"brackets=3", NULL}};
    int64_t begun[10] = {0};
    sim_run(&sim, &r);
    for (int64_t i = 0; i < r.n; i++)
        if (r.trial[i].parent < 0)
            begun[(int)r.trial[i].budget]++;
    /* 1/3 : 1/6 : 1/9 = 6 : 3 : 2 of 11 */
    assert_int_equal(begun[1], 60);
    assert_int_equal(begun[3], 30);
    assert_int_equal(begun[9], 20);
    sim_free(&r);
}

static void test_a_thousand_workers_are_busy(void **state)
{
    (void)state;
    struct sim_result r;
    const struct sim sim = {.scheduler = "asha",
                            .budget_min = 1,
                            .budget_max = 27,
                            .budget_total = 27 * 1280 * 20,
                            .loss = ordered,
                            .workers = 1280,
                            .seed = 11};
    sim_run(&sim, &r);
    print_message("%lld trials, workers busy %.3f\n", (long long)r.n, r.busy);
    assert_true(r.busy > 0.95);
    sim_free(&r);
}

static double drawn(void *user, int64_t arm, const struct point *point, double budget, int64_t replicate)
{
    (void)user, (void)point, (void)replicate;
    return (double)(uint32_t)((uint32_t)arm * 2654435761u) + budget;
}

/* Printed, not checked: a machine may be busy. */
static void test_a_hundred_thousand_trials_are_soon_planned(void **state)
{
    (void)state;
    struct sim_result r;
    const struct sim sim = {.scheduler = "asha", .budget_min = 1, .budget_max = 81, .loss = drawn, .trials = 100000};
    clock_t from = clock();
    sim_run(&sim, &r);
    double seconds = (double)(clock() - from) / CLOCKS_PER_SEC;
    print_message("%.2f microseconds a trial, the simulation included\n", 10 * seconds);
    assert_int_equal(r.n, 100000);
    sim_free(&r);
}

/* Every promotion is of an arm that no better one of its rung was kept from. */
static void test_an_arm_goes_on_only_when_it_is_among_the_top(void **state)
{
    (void)state;
    struct sim_result r;
    const struct sim sim = {.scheduler = "asha",
                            .budget_min = 1,
                            .budget_max = 27,
                            .loss = ordered,
                            .workers = 7,
                            .trials = 400,
                            .seed = 6};
    sim_run(&sim, &r);
    for (int64_t i = 0; i < r.n; i++) {
        const struct sim_trial *t = &r.trial[i];
        int64_t among = 0, better = 0;
        for (int64_t j = 0; j < r.n && t->parent >= 0; j++)
            if (r.trial[j].budget == t->start && r.trial[j].until <= t->from) {
                double loss = r.trial[t->parent].loss;
                among++;
                better += r.trial[j].loss < loss || (r.trial[j].loss == loss && r.trial[j].arm < t->arm);
            }
        assert_true(t->parent < 0 || 3 * (better + 1) <= among);
    }
    sim_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_sequence_is_that_of_the_rule),
        cmocka_unit_test(test_of_equal_arms_a_third_goes_on),
        cmocka_unit_test(test_arms_without_a_result_do_not_go_on),
        cmocka_unit_test(test_when_points_end_the_best_goes_to_the_top),
        cmocka_unit_test(test_a_small_total_ends_with_an_arm_at_the_top),
        cmocka_unit_test(test_with_brackets_arms_begin_in_the_shares_of_hyperband),
        cmocka_unit_test(test_a_thousand_workers_are_busy),
        cmocka_unit_test(test_a_hundred_thousand_trials_are_soon_planned),
        cmocka_unit_test(test_an_arm_goes_on_only_when_it_is_among_the_top),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
