#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "schedule/parts/ladder.h"
#include "support/schedule_sim.h"

#include <math.h>

enum { FULL = 64 };

/* How good an arm is in the end: uniform, the least is the best. */
static double quality(const struct point *point)
{
    return point->value[0].real;
}

/* Every level ranks arms as the last one does. */
static double agreeing(void *user, int64_t arm, const struct point *point, double budget, int64_t replicate)
{
    (void)user, (void)arm, (void)replicate;
    return quality(point) + 1 / budget;
}

/* Up to the share `*user` of the full budget, the worst looks best. */
static double reversed(void *user, int64_t arm, const struct point *point, double budget, int64_t replicate)
{
    double until = *(const double *)user * FULL;
    return budget < until ? 2 - quality(point) : agreeing(NULL, arm, point, budget, replicate);
}

/* A finished study chooses the best of those at the full budget. */
static double chosen(const struct sim_result *r)
{
    double best = INFINITY;
    for (int64_t i = 0; i < r->n; i++)
        if (r->trial[i].budget == FULL && r->trial[i].loss < best)
            best = r->trial[i].loss;
    return best - 1. / FULL;
}

/* How many times as many full trainings at random reach the same: of n uniform ones the mean of the logarithm of the
 * least is -(1 + 1/2 + ... + 1/n). */
static double figure(const struct sim *like, int n)
{
    enum { RUNS = 60 };
    double sum = 0;
    for (int i = 1; i <= n; i++)
        sum -= RUNS / (double)i;
    for (uint64_t seed = 0; seed < RUNS; seed++) {
        struct sim sim = *like;
        struct sim_result r;
        sim.scheduler = "adaptive";
        sim.budget_min = 1;
        sim.budget_max = FULL;
        sim.budget_total = n * FULL;
        sim.report_every = 1;
        sim.seed = seed + 1;
        sim_run(&sim, &r);
        sum -= log(chosen(&r));
        sim_free(&r);
    }
    return exp(sum / RUNS);
}

static void test_where_levels_agree_it_is_worth_many_full_trainings(void **state)
{
    (void)state;
    assert_true(figure(&(struct sim){.loss = agreeing}, 20) > 7);
    assert_true(figure(&(struct sim){.loss = agreeing}, 5) > 3.5);
    assert_true(figure(&(struct sim){.loss = agreeing, .workers = 8}, 20) > 6.5);
}

static void test_where_the_first_steps_mislead_it_is_better_than_full_trainings(void **state)
{
    (void)state;
    double until = 0.07;
    assert_true(figure(&(struct sim){.loss = reversed, .user = &until}, 20) > 3);
}

static void test_where_all_but_the_last_level_mislead_it_is_hardly_worse_than_full_trainings(void **state)
{
    (void)state;
    double until = 0.99;
    assert_true(figure(&(struct sim){.loss = reversed, .user = &until}, 20) > 0.7);
}

static void test_where_trials_begin_from_nothing_fewer_arms_begin(void **state)
{
    (void)state;
    assert_true(figure(&(struct sim){.loss = agreeing, .restarts = 1}, 20) > 3);
    assert_true(figure(&(struct sim){.loss = agreeing, .restarts = 1, .workers = 8}, 20) > 3);
    assert_true(figure(&(struct sim){.loss = agreeing, .restarts = 1}, 8) > 3);
}

static double failing(void *user, int64_t arm, const struct point *point, double budget, int64_t replicate)
{
    (void)user, (void)arm, (void)point, (void)budget, (void)replicate;
    return NAN;
}

static double equal(void *user, int64_t arm, const struct point *point, double budget, int64_t replicate)
{
    (void)user, (void)arm, (void)point, (void)budget, (void)replicate;
    return 0.5;
}

static double half_fails(void *user, int64_t arm, const struct point *point, double budget, int64_t replicate)
{
    return arm % 2 && budget > 4 ? NAN : agreeing(user, arm, point, budget, replicate);
}

static int64_t trials_at(const struct sim_result *r, double budget)
{
    int64_t count = 0;
    for (int64_t i = 0; i < r->n; i++)
        count += r->trial[i].budget == budget;
    return count;
}

static void test_where_trials_begin_from_nothing_one_gets_the_full_budget(void **state)
{
    (void)state;
    for (int i = 0; i < 3 * 40; i++) {
        struct sim_result r;
        double total = FULL * (3 + i / 3);
        sim_run(&(struct sim){.scheduler = "adaptive",
                              .budget_min = 4,
                              .budget_max = FULL,
                              .budget_total = total,
                              .loss = agreeing,
                              .restarts = 1,
                              .seed = (uint64_t)i,
                              .options = i % 3 == 1   ? (const char *const[]){"eta=2", NULL}
                                         : i % 3 == 2 ? (const char *const[]){"eta=3", NULL}
                                                      : NULL},
                &r);
        assert_true(trials_at(&r, FULL) > 0);
        assert_true(r.spent <= total + FULL);
        assert_true(r.spent > 0.7 * total);
        sim_free(&r);
    }
}

static void test_the_total_is_kept_and_used(void **state)
{
    (void)state;
    static sim_loss *const losses[] = {agreeing, equal, half_fails, failing};
    static const double totals[] = {1, 1.5, 3, 10, 40};
    for (int i = 0; i < 4 * 5 * 8; i++) {
        struct sim_result r;
        double total = FULL * totals[i / 4 % 5];
        sim_run(&(struct sim){.scheduler = "adaptive",
                              .budget_min = 1,
                              .budget_max = FULL,
                              .budget_total = total,
                              .loss = losses[i % 4],
                              .workers = 1 + i / 20,
                              .report_every = i % 3,
                              .seed = (uint64_t)i,
                              .options = i % 2 ? (const char *const[]){"waves=6", NULL} : NULL},
                &r);
        assert_true(r.spent <= total);
        assert_true(r.spent > 0.9 * total || losses[i % 4] == failing);
        assert_int_equal(r.ended, 1);
        sim_free(&r);
    }
}

static void test_the_best_of_a_small_set_is_found(void **state)
{
    (void)state;
    for (int64_t arms = 1; arms <= 40; arms += 13)
        for (int workers = 1; workers < 5; workers += 3)
            for (int endless = 0; endless < 2; endless++) {
                struct sim_result r;
                sim_run(&(struct sim){.scheduler = "adaptive",
                                      .budget_min = 1,
                                      .budget_max = FULL,
                                      .budget_total = endless ? 0 : 50 * FULL,
                                      .loss = agreeing,
                                      .workers = workers,
                                      .arms = arms,
                                      .report_every = 1,
                                      .seed = 7},
                        &r);
                double best = INFINITY;
                for (int64_t i = 0; i < r.n; i++)
                    best = fmin(best, r.trial[i].loss - 1 / r.trial[i].budget);
                assert_int_equal(r.n_arms, arms);
                assert_int_equal(r.ended, 1);
                assert_true(fabs(chosen(&r) - best) < 1e-12);
                sim_free(&r);
            }
}

static void test_eight_workers_are_busy(void **state)
{
    (void)state;
    for (int endless = 0; endless < 2; endless++) {
        struct sim_result r;
        sim_run(&(struct sim){.scheduler = "adaptive",
                              .budget_min = 1,
                              .budget_max = FULL,
                              .budget_total = endless ? 0 : 100 * FULL,
                              .trials = endless ? 3000 : 0,
                              .loss = agreeing,
                              .workers = 8,
                              .report_every = 1,
                              .seed = 3},
                &r);
        assert_true(r.busy > 0.95);
        sim_free(&r);
    }
}

static void test_without_a_total_waves_follow_each_other(void **state)
{
    (void)state;
    int64_t finished[2];
    for (int64_t i = 0; i < 2; i++) {
        struct sim_result r;
        sim_run(&(struct sim){.scheduler = "adaptive",
                              .budget_min = 1,
                              .budget_max = FULL,
                              .trials = 1000 * (i + 1),
                              .loss = agreeing,
                              .report_every = 1,
                              .seed = 3},
                &r);
        assert_int_equal(r.n, 1000 * (i + 1));
        finished[i] = trials_at(&r, FULL);
        sim_free(&r);
    }
    assert_true(finished[0] >= 5);
    assert_true(finished[1] >= finished[0] + 3);
}

/* Full trainings among the first half of the trials. */
static int64_t finished_early(const char *const *options)
{
    struct sim_result r;
    int64_t count = 0;
    sim_run(&(struct sim){.scheduler = "adaptive",
                          .budget_min = 1,
                          .budget_max = FULL,
                          .budget_total = 200 * FULL,
                          .loss = agreeing,
                          .report_every = 1,
                          .seed = 3,
                          .options = options},
            &r);
    for (int64_t i = 0; i < r.n / 2; i++)
        count += r.trial[i].budget == FULL;
    sim_free(&r);
    return count;
}

static void test_more_waves_reach_the_full_budget_earlier(void **state)
{
    (void)state;
    assert_true(finished_early((const char *const[]){"waves=6", NULL}) >= finished_early(NULL) + 10);
}

static void test_one_level_is_full_trainings(void **state)
{
    (void)state;
    struct sim_result r;
    sim_run(&(struct sim){.scheduler = "adaptive",
                          .budget_min = FULL,
                          .budget_max = FULL,
                          .budget_total = 9 * FULL,
                          .loss = agreeing,
                          .workers = 2},
            &r);
    assert_int_equal(r.n_arms, 9);
    assert_int_equal(trials_at(&r, FULL), 9);
    sim_free(&r);
}

static void test_few_steps_are_levels_enough(void **state)
{
    (void)state;
    for (int steps = 2; steps <= 6; steps++) {
        struct sim_result r;
        sim_run(&(struct sim){.scheduler = "adaptive",
                              .budget_min = 1,
                              .budget_max = steps,
                              .budget_total = 30 * steps,
                              .loss = agreeing,
                              .report_every = 1,
                              .seed = 5},
                &r);
        assert_true(r.n_arms > 35);
        assert_true(trials_at(&r, steps) >= 2);
        sim_free(&r);
    }
}

static void test_lost_trials_do_not_hold_a_level_up(void **state)
{
    (void)state;
    static const int64_t from[] = {0, 5, 14, 60, 150};
    for (int i = 0; i < 5; i++) {
        struct sim_result r;
        sim_run(&(struct sim){.scheduler = "adaptive",
                              .budget_min = 1,
                              .budget_max = FULL,
                              .budget_total = 20 * FULL,
                              .loss = agreeing,
                              .workers = 3,
                              .report_every = 1,
                              .lose_from = from[i],
                              .lose_to = from[i] + 12,
                              .seed = 11},
                &r);
        assert_int_equal(r.ended, 1);
        assert_true(trials_at(&r, FULL) >= 1);
        assert_true(chosen(&r) < 0.1);
        sim_free(&r);
    }
}

/* A trial that must begin from nothing leaves the rungs to which it was counted when it was asked, and no others. */
static void test_a_restart_leaves_the_rungs_as_they_were(void **state)
{
    (void)state;
    const struct schedule_context context = {.budget_min = 1, .budget_max = 9};
    struct ladder ladder = {0};
    struct schedule_event event = {
        .kind = SCHEDULE_ASKED, .parent = -1, .budget = 3, .state = AFINA_STATE_PAUSED, .loss = 1};
    ladder_init(&ladder, &context, 3);
    assert_int_equal(ladder_observe(&ladder, &event), 0);
    event.kind = SCHEDULE_TOLD;
    assert_int_equal(ladder_observe(&ladder, &event), 0);
    event.kind = SCHEDULE_ASKED;
    event.trial = 1;
    event.parent = 0;
    event.budget = 9;
    event.start = event.asked_start = 3;
    assert_int_equal(ladder_observe(&ladder, &event), 0);
    assert_int_equal(ladder.rung[2].coming, 1);
    assert_true(ladder_step_cost(&ladder, 3, 9) == 6);
    event.kind = SCHEDULE_TOLD;
    event.state = AFINA_STATE_COMPLETE;
    event.start = 0;
    assert_int_equal(ladder_observe(&ladder, &event), 0);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(ladder.rung[i].coming, 0);
    assert_true(ladder_step_cost(&ladder, 3, 9) == 9);
    ladder_fini(&ladder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_restart_leaves_the_rungs_as_they_were),
        cmocka_unit_test(test_where_levels_agree_it_is_worth_many_full_trainings),
        cmocka_unit_test(test_where_the_first_steps_mislead_it_is_better_than_full_trainings),
        cmocka_unit_test(test_where_all_but_the_last_level_mislead_it_is_hardly_worse_than_full_trainings),
        cmocka_unit_test(test_where_trials_begin_from_nothing_fewer_arms_begin),
        cmocka_unit_test(test_where_trials_begin_from_nothing_one_gets_the_full_budget),
        cmocka_unit_test(test_the_total_is_kept_and_used),
        cmocka_unit_test(test_the_best_of_a_small_set_is_found),
        cmocka_unit_test(test_eight_workers_are_busy),
        cmocka_unit_test(test_without_a_total_waves_follow_each_other),
        cmocka_unit_test(test_more_waves_reach_the_full_budget_earlier),
        cmocka_unit_test(test_one_level_is_full_trainings),
        cmocka_unit_test(test_few_steps_are_levels_enough),
        cmocka_unit_test(test_lost_trials_do_not_hold_a_level_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
