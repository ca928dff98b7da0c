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
    return fabs((double)(arm % 50) - 40) + 1 / budget;
}

static int64_t begun_at(const struct sim_result *r, double budget)
{
    int64_t count = 0;
    for (int64_t i = 0; i < r->n; i++)
        count += r->trial[i].parent < 0 && r->trial[i].budget == budget;
    return count;
}

static int64_t ended_at(const struct sim_result *r, double budget)
{
    int64_t count = 0;
    for (int64_t i = 0; i < r->n; i++)
        count += r->trial[i].budget == budget;
    return count;
}

/* R = 27, eta = 3: 27, 9, 3, 1; 12, 4, 1; 6, 2; 4. The last 1 of the second bracket is at 27, since it is alone. */
static void test_a_round_is_that_of_the_paper(void **state)
{
    (void)state;
    struct sim_result r;
    const struct sim sim = {.scheduler = "hyperband",
                            .budget_min = 1,
                            .budget_max = 27,
                            .loss = ordered,
                            .options = (const char *const[]){"rounds=1", NULL}};
    sim_run(&sim, &r);
    assert_int_equal(begun_at(&r, 1), 27);
    assert_int_equal(begun_at(&r, 3), 12);
    assert_int_equal(begun_at(&r, 9), 6);
    assert_int_equal(begun_at(&r, 27), 4);
    assert_int_equal(ended_at(&r, 3), 12 + 9);
    assert_int_equal(ended_at(&r, 9), 6 + 4 + 3);
    assert_int_equal(ended_at(&r, 27), 4 + 2 + 1 + 1);
    assert_int_equal(r.ended, 1);
    sim_free(&r);
}

static void test_rounds_follow_each_other_for_any_number_of_workers(void **state)
{
    (void)state;
    for (int workers = 1; workers <= 9; workers += 4) {
        struct sim_result r;
        const struct sim sim = {.scheduler = "hyperband",
                                .budget_min = 1,
                                .budget_max = 27,
                                .loss = ordered,
                                .workers = workers,
                                .seed = 7,
                                .options = (const char *const[]){"rounds=3", NULL}};
        sim_run(&sim, &r);
        assert_int_equal(r.n_arms, 3 * (27 + 12 + 6 + 4));
        assert_int_equal(ended_at(&r, 27), 3 * (4 + 2 + 1 + 1));
        assert_int_equal(r.ended, 1);
        sim_free(&r);
    }
}

static void test_workers_are_busy_and_the_total_is_kept(void **state)
{
    (void)state;
    struct sim_result r;
    const struct sim sim = {.scheduler = "hyperband",
                            .budget_min = 1,
                            .budget_max = 27,
                            .budget_total = 27 * 200,
                            .loss = ordered,
                            .workers = 8,
                            .seed = 3};
    sim_run(&sim, &r);
    assert_true(r.spent <= 27 * 200);
    assert_true(r.spent > 0.97 * 27 * 200);
    assert_true(r.busy > 0.95);
    assert_int_equal(r.ended, 1);
    sim_free(&r);
}

static double fails_often(void *user, int64_t arm, const struct point *point, double budget, int64_t replicate)
{
    return arm % 3 ? NAN : ordered(user, arm, point, budget, replicate);
}

static void test_failed_arms_do_not_go_on_and_every_bracket_ends(void **state)
{
    (void)state;
    struct sim_result r;
    const struct sim sim = {.scheduler = "hyperband",
                            .budget_min = 1,
                            .budget_max = 9,
                            .loss = fails_often,
                            .workers = 4,
                            .seed = 2,
                            .options = (const char *const[]){"rounds=2", NULL}};
    sim_run(&sim, &r);
    for (int64_t i = 0; i < r.n; i++)
        assert_true(r.trial[i].parent < 0 || r.trial[i].index % 3 == 0);
    assert_int_equal(r.ended, 1);
    sim_free(&r);
}

static void test_one_level_is_a_search_at_the_full_budget(void **state)
{
    (void)state;
    struct sim_result r;
    const struct sim sim = {
        .scheduler = "hyperband", .budget_min = 10, .budget_max = 10, .budget_total = 105, .loss = ordered};
    sim_run(&sim, &r);
    assert_int_equal(r.n, 10);
    assert_int_equal(r.ended, 1);
    sim_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_round_is_that_of_the_paper),
        cmocka_unit_test(test_rounds_follow_each_other_for_any_number_of_workers),
        cmocka_unit_test(test_workers_are_busy_and_the_total_is_kept),
        cmocka_unit_test(test_failed_arms_do_not_go_on_and_every_bracket_ends),
        cmocka_unit_test(test_one_level_is_a_search_at_the_full_budget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
