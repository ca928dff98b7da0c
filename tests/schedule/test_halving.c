#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/schedule_sim.h"

#include <math.h>

/* Arm 5 is the best, and every budget says so. */
static double ordered(void *user, int64_t arm, const struct point *point, double budget, int64_t replicate)
{
    (void)user;
    (void)point;
    (void)replicate;
    return fabs((double)(arm % 8) - 5) + 1 / budget;
}

static int64_t trials_at(const struct sim_result *r, double budget)
{
    int64_t count = 0;
    for (int64_t i = 0; i < r->n; i++)
        count += r->trial[i].budget == budget;
    return count;
}

static void test_eight_arms_become_four_two_and_one(void **state)
{
    (void)state;
    struct sim_result r;
    const struct sim sim = {.scheduler = "halving",
                            .budget_min = 1,
                            .budget_max = 8,
                            .loss = ordered,
                            .options = (const char *const[]){"groups=1", NULL}};
    sim_run(&sim, &r);
    assert_int_equal(r.n, 8 + 4 + 2 + 1);
    assert_int_equal(trials_at(&r, 1), 8);
    assert_int_equal(trials_at(&r, 2), 4);
    assert_int_equal(trials_at(&r, 4), 2);
    assert_int_equal(trials_at(&r, 8), 1);
    assert_int_equal(r.trial[r.n - 1].arm, 5);
    assert_true(r.spent == 8 + 4 + 2 * 2 + 4);
    assert_int_equal(r.ended, 1);
    sim_free(&r);
}

static double fails_below(void *user, int64_t arm, const struct point *point, double budget, int64_t replicate)
{
    return arm % 2 ? NAN : ordered(user, arm, point, budget, replicate);
}

static void test_arms_that_fail_do_not_go_on(void **state)
{
    (void)state;
    struct sim_result r;
    const struct sim sim = {.scheduler = "halving",
                            .budget_min = 1,
                            .budget_max = 8,
                            .loss = fails_below,
                            .workers = 3,
                            .seed = 4,
                            .options = (const char *const[]){"groups=1", NULL}};
    sim_run(&sim, &r);
    for (int64_t i = 0; i < r.n; i++)
        assert_true(r.trial[i].parent < 0 || r.trial[i].index % 2 == 0);
    assert_int_equal(r.trial[r.n - 1].index, 4);
    assert_int_equal(r.ended, 1);
    sim_free(&r);
}

static double nan_always(void *user, int64_t arm, const struct point *point, double budget, int64_t replicate)
{
    (void)user, (void)arm, (void)point, (void)budget, (void)replicate;
    return NAN;
}

static void test_when_every_arm_fails_the_group_is_over(void **state)
{
    (void)state;
    struct sim_result r;
    const struct sim sim = {.scheduler = "halving",
                            .budget_min = 1,
                            .budget_max = 8,
                            .loss = nan_always,
                            .workers = 2,
                            .options = (const char *const[]){"groups=3", NULL}};
    sim_run(&sim, &r);
    assert_int_equal(r.n, 24);
    assert_int_equal(r.ended, 1);
    sim_free(&r);
}

static void test_the_total_is_kept_and_used(void **state)
{
    (void)state;
    for (int workers = 1; workers <= 8; workers++) {
        struct sim_result r;
        const struct sim sim = {.scheduler = "halving",
                                .budget_min = 1,
                                .budget_max = 50,
                                .budget_total = 1000,
                                .loss = ordered,
                                .workers = workers,
                                .seed = 9};
        sim_run(&sim, &r);
        assert_true(r.spent <= 1000);
        assert_true(r.spent > 900);
        assert_int_equal(r.ended, 1);
        sim_free(&r);
    }
}

static void test_few_points_make_a_small_group(void **state)
{
    (void)state;
    struct sim_result r;
    const struct sim sim = {
        .scheduler = "halving", .budget_min = 1, .budget_max = 8, .loss = ordered, .arms = 6, .queued = 6};
    sim_run(&sim, &r);
    assert_int_equal(r.n, 6 + 3 + 1);
    assert_int_equal(r.trial[r.n - 1].arm, 5);
    assert_true(r.trial[r.n - 1].budget == 8);
    assert_int_equal(r.ended, 1);
    sim_free(&r);
}

static void test_eight_workers_are_busy(void **state)
{
    (void)state;
    struct sim_result r;
    const struct sim sim = {.scheduler = "halving",
                            .budget_min = 1,
                            .budget_max = 27,
                            .budget_total = 27 * 200,
                            .loss = ordered,
                            .workers = 8,
                            .seed = 3};
    sim_run(&sim, &r);
    assert_true(r.busy > 0.95);
    sim_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_eight_arms_become_four_two_and_one),
        cmocka_unit_test(test_arms_that_fail_do_not_go_on),
        cmocka_unit_test(test_when_every_arm_fails_the_group_is_over),
        cmocka_unit_test(test_the_total_is_kept_and_used),
        cmocka_unit_test(test_few_points_make_a_small_group),
        cmocka_unit_test(test_eight_workers_are_busy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
