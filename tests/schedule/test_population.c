/* Population based training on the simulated workers: who copies whom, what it costs, and what goes wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/schedule_sim.h"

#include <math.h>

static double ordered(void *user, int64_t arm, const struct point *point, double budget, int64_t replicate)
{
    (void)user, (void)point, (void)replicate;
    return (double)(arm * 7 % 13) + 1 / budget;
}

static int is_branch(const struct sim_trial *t, int64_t number)
{
    return t->arm == number && t->parent >= 0;
}

/* How many arms were better at a budget than a trial that got there, of those before trial `end`; *all: of how many. */
static int64_t better(const struct sim_result *r, double budget, double loss, int64_t end, int64_t *all)
{
    int64_t count = 0;
    *all = 0;
    for (int64_t i = 0; i < end; i++)
        if (r->trial[i].budget == budget) {
            ++*all;
            count += r->trial[i].loss < loss;
        }
    return count;
}

/* One worker: all eight are ready before two leave, and two of the best two are copied at the same budget. */
static void test_the_worst_quarter_is_replaced_by_the_best(void **state)
{
    (void)state;
    struct sim_result r;
    int64_t branches = 0;
    const struct sim sim = {.scheduler = "pbt",
                            .budget_min = 2,
                            .budget_max = 10,
                            .loss = ordered,
                            .options = (const char *const[]){"population=8", NULL}};
    sim_run(&sim, &r);
    assert_int_equal(r.ended, 1);
    assert_true(r.spent == 8 * 10);
    assert_int_equal(r.n, 8 * 5);
    for (int64_t i = 0; i < r.n; i++) {
        const struct sim_trial *t = &r.trial[i];
        assert_true(t->budget - t->start == 2);
        if (!is_branch(t, i))
            continue;
        int64_t all;
        branches++;
        assert_true(r.trial[t->parent].budget == t->start);
        assert_true(better(&r, t->start, r.trial[t->parent].loss, i, &all) < 2);
        assert_int_equal(all, 8);
    }
    assert_int_equal(branches, 2 * 4); /* after each level but the last */
    sim_free(&r);
}

static int64_t count_at(const struct sim_result *r, double budget)
{
    int64_t count = 0;
    for (int64_t i = 0; i < r->n; i++)
        count += r->trial[i].budget == budget && isfinite(r->trial[i].loss);
    return count;
}

static void test_levels_end_at_the_full_budget(void **state)
{
    (void)state;
    struct sim_result r;
    const struct sim sim = {.scheduler = "pbt",
                            .budget_min = 3,
                            .budget_max = 10,
                            .loss = ordered,
                            .options = (const char *const[]){"population=5", "interval=2", NULL}};
    sim_run(&sim, &r); /* 3, 5, 7, 9, 10 */
    assert_int_equal(r.ended, 1);
    assert_int_equal(r.n, 5 * 5);
    assert_int_equal(count_at(&r, 10), 5);
    assert_true(r.trial[r.n - 1].start == 9);
    sim_free(&r);
}

/* Half as many workers as members do not wait before the end, and every member gets there. */
static void test_workers_do_not_wait_for_the_slowest(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct sim_result r;
        const struct sim sim = {.scheduler = "pbt",
                                .budget_min = 1,
                                .budget_max = 60,
                                .workers = 8,
                                .seed = seed,
                                .loss = ordered,
                                .options = (const char *const[]){"population=16", NULL}};
        sim_run(&sim, &r);
        assert_int_equal(r.ended, 1);
        assert_int_equal(count_at(&r, 60), 16);
        if (r.busy < 0.95)
            fail_msg("seed %d: workers are busy for %.3f of their time", (int)seed, r.busy);
        sim_free(&r);
    }
}

static double fails_at_times(void *user, int64_t arm, const struct point *point, double budget, int64_t replicate)
{
    return arm % 3 == 1 && budget > 3 ? NAN : arm % 5 == 4 ? INFINITY : ordered(user, arm, point, budget, replicate);
}

static void test_failed_and_lost_members_are_replaced(void **state)
{
    (void)state;
    for (int workers = 1; workers <= 6; workers++) {
        struct sim_result r;
        const struct sim sim = {.scheduler = "pbt",
                                .budget_min = 1,
                                .budget_max = 8,
                                .workers = workers,
                                .lose_from = 9,
                                .lose_to = 13,
                                .loss = fails_at_times,
                                .options = (const char *const[]){"population=8", NULL}};
        sim_run(&sim, &r);
        assert_int_equal(r.ended, 1);
        int64_t finished = count_at(&r, 8);
        if (finished != 8)
            fail_msg("%d workers: %d members finished", workers, (int)finished);
        sim_free(&r);
    }
}

static double nothing(void *user, int64_t arm, const struct point *point, double budget, int64_t replicate)
{
    (void)user, (void)arm, (void)point, (void)budget, (void)replicate;
    return NAN;
}

static double same(void *user, int64_t arm, const struct point *point, double budget, int64_t replicate)
{
    (void)user, (void)arm, (void)point, (void)replicate;
    return 1 / budget;
}

static void test_all_failing_or_equal_ends(void **state)
{
    (void)state;
    for (int workers = 1; workers <= 4; workers += 3) {
        struct sim_result r;
        struct sim sim = {.scheduler = "pbt",
                          .budget_min = 1,
                          .budget_max = 4,
                          .workers = workers,
                          .arms = 30,
                          .loss = nothing,
                          .options = (const char *const[]){"population=4", NULL}};
        sim_run(&sim, &r);
        assert_int_equal(r.ended, 1);
        assert_int_equal(r.n, 30);
        sim_free(&r);
        sim.loss = same;
        sim_run(&sim, &r);
        assert_int_equal(r.ended, 1);
        assert_int_equal(count_at(&r, 4), 4);
        sim_free(&r);
    }
}

static void test_the_total_is_kept(void **state)
{
    (void)state;
    struct sim_result r;
    const struct sim sim = {.scheduler = "pbt",
                            .budget_min = 1,
                            .budget_max = 50,
                            .budget_total = 77,
                            .workers = 3,
                            .loss = ordered,
                            .options = (const char *const[]){"population=6", NULL}};
    sim_run(&sim, &r);
    assert_int_equal(r.ended, 1);
    assert_true(r.spent <= 77 && r.spent > 75);
    sim_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_worst_quarter_is_replaced_by_the_best),
        cmocka_unit_test(test_levels_end_at_the_full_budget),
        cmocka_unit_test(test_workers_do_not_wait_for_the_slowest),
        cmocka_unit_test(test_failed_and_lost_members_are_replaced),
        cmocka_unit_test(test_all_failing_or_equal_ends),
        cmocka_unit_test(test_the_total_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
