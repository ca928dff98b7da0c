/* Sequential halving and successive rejects over replicates. */
#include "core/fail.h"
#include "core/mem.h"
#include "schedule/parts/pulls.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/noisy_arms.h"

#include <math.h>
#include <string.h>

/* Arm 5 of eight is the best. */
static double ordered(void *user, int64_t arm, const struct point *point, double budget, int64_t replicate)
{
    (void)user, (void)point, (void)budget, (void)replicate;
    return fabs((double)arm - 5);
}

static int64_t pulls_of(const struct sim_result *r, int64_t index)
{
    int64_t count = 0;
    for (int64_t i = 0; i < r->n; i++)
        count += r->trial[i].index == index;
    return count;
}

static int64_t best_index(const struct sim_result *r)
{
    return r->conclusion.arm < 0 ? -1 : r->trial[r->conclusion.arm].index;
}

static struct sim with(const char *scheduler, int64_t arms, double total, sim_loss *loss, void *user)
{
    return (struct sim){.scheduler = scheduler,
                        .budget_total = total,
                        .replicates = INT64_MAX,
                        .arms = arms,
                        .queued = arms,
                        .loss = loss,
                        .user = user};
}

static void test_rounds_of_halving_cost_the_same(void **state)
{
    (void)state;
    struct sim_result r;
    const struct sim sim = with("halving", 8, 240, ordered, NULL);
    sim_run(&sim, &r);
    assert_int_equal(r.n, 240);
    assert_int_equal(pulls_of(&r, 0), 10);
    assert_int_equal(pulls_of(&r, 3), 10 + 20);
    assert_int_equal(pulls_of(&r, 4), 10 + 20 + 40);
    assert_int_equal(pulls_of(&r, 5), 10 + 20 + 40);
    assert_int_equal(r.ended, 1);
    assert_int_equal(best_index(&r), 5);
    assert_int_equal(r.conclusion.decided, 1);
    sim_free(&r);
}

static void test_any_eta_ends_with_one_arm(void **state)
{
    (void)state;
    const char *const etas[] = {"eta=2", "eta=2.5", "eta=3", "eta=4", "eta=1000"};
    for (size_t i = 0; i < 5; i++) {
        struct sim_result r;
        struct sim sim = with("halving", 8, 100, ordered, NULL);
        sim.options = (const char *const[]){etas[i], NULL};
        sim_run(&sim, &r);
        assert_in_range(r.n, 90, 100);
        assert_int_equal(best_index(&r), 5);
        assert_int_equal(r.conclusion.decided, 1);
        sim_free(&r);
    }
}

/* Without a total the last two get all that they may have: shares of 1, 3 and 7 in 7 of 14. */
static void test_replicates_alone_limit_halving(void **state)
{
    (void)state;
    struct sim_result r;
    struct sim sim = with("halving", 8, 0, ordered, NULL);
    sim.replicates = 14;
    sim_run(&sim, &r);
    assert_int_equal(pulls_of(&r, 0), 2);
    assert_int_equal(pulls_of(&r, 3), 6);
    assert_int_equal(pulls_of(&r, 4), 14);
    assert_int_equal(pulls_of(&r, 5), 14);
    assert_int_equal(r.ended, 1);
    sim_free(&r);
}

/* n_k of Audibert and Bubeck for K = 4, T = 104: L = 1/2 + 1/2 + 1/3 + 1/4 = 19/12, 100/L = 63.16, over 4, 3, 2. */
static void test_rejects_pulls_as_its_formula_says(void **state)
{
    (void)state;
    struct sim_result r;
    const struct sim sim = with("rejects", 4, 104, ordered, NULL);
    sim_run(&sim, &r);
    assert_int_equal(pulls_of(&r, 0), 16);
    assert_int_equal(pulls_of(&r, 1), 22);
    assert_int_equal(pulls_of(&r, 2), 32);
    assert_int_equal(pulls_of(&r, 3), 32);
    assert_int_equal(r.n, 102);
    assert_int_equal(best_index(&r), 3);
    assert_int_equal(r.conclusion.decided, 1);
    assert_true(isnan(r.conclusion.gap));
    sim_free(&r);
}

static const char *const BOTH[] = {"halving", "rejects"};

static double odd_fail(void *user, int64_t arm, const struct point *point, double budget, int64_t replicate)
{
    return arm % 2 && replicate == 2 ? NAN : ordered(user, arm, point, budget, replicate);
}

static void test_an_arm_that_fails_is_out(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct sim_result r;
        struct sim sim = with(BOTH[i], 8, 240, odd_fail, NULL);
        sim.workers = 3;
        sim_run(&sim, &r);
        assert_true(pulls_of(&r, 1) <= 5);
        assert_int_equal(best_index(&r), 4);
        assert_int_equal(r.ended, 1);
        sim_free(&r);
    }
}

static double nan_always(void *user, int64_t arm, const struct point *point, double budget, int64_t replicate)
{
    (void)user, (void)arm, (void)point, (void)budget, (void)replicate;
    return NAN;
}

static void test_when_every_arm_fails_there_is_no_best(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct sim_result r;
        struct sim sim = with(BOTH[i], 8, 240, nan_always, NULL);
        sim.workers = 2;
        sim_run(&sim, &r);
        assert_int_equal(r.n, 8);
        assert_int_equal(r.ended, 1);
        assert_int_equal(r.conclusion.arm, -1);
        assert_int_equal(r.conclusion.decided, 0);
        sim_free(&r);
    }
}

static double equal(void *user, int64_t arm, const struct point *point, double budget, int64_t replicate)
{
    (void)user, (void)arm, (void)point, (void)budget, (void)replicate;
    return 2.385;
}

static void test_of_equal_arms_the_first_remains(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct sim_result r;
        const struct sim sim = with(BOTH[i], 8, 240, equal, NULL);
        sim_run(&sim, &r);
        assert_int_equal(best_index(&r), 0);
        assert_in_range(r.n, 200, 240);
        sim_free(&r);
    }
}

static void test_one_arm_is_the_best_at_once(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct sim_result r;
        const struct sim sim = with(BOTH[i], 1, 240, equal, NULL);
        sim_run(&sim, &r);
        assert_int_equal(r.n, 1);
        assert_int_equal(r.ended, 1);
        assert_int_equal(best_index(&r), 0);
        sim_free(&r);
    }
}

static void test_more_arms_than_the_total_are_not_begun(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct sim_result r;
        const struct sim sim = with(BOTH[i], 100, 30, ordered, NULL);
        sim_run(&sim, &r);
        assert_int_equal(r.n, 30);
        assert_int_equal(r.n_arms, 30);
        assert_int_equal(best_index(&r), 5);
        assert_int_equal(r.ended, 1);
        sim_free(&r);
    }
}

/* Five points in all, of which the set would have 64: the log says so with the sixth trial. */
static void test_the_space_may_have_fewer_points_than_the_set(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct sim_result r;
        struct sim sim = with(BOTH[i], 5, 400, ordered, NULL);
        sim.queued = 0;
        sim_run(&sim, &r);
        assert_int_equal(r.n_arms, 5);
        assert_in_range(r.n, 380, 400);
        assert_int_equal(best_index(&r), 4);
        assert_int_equal(r.ended, 1);
        sim_free(&r);
    }
}

/* The lost ones are pulled again as far as the total goes; an arm of which only one was lost is not out. */
static void test_lost_trials_hold_no_round_up(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct sim_result r;
        struct sim sim = with(BOTH[i], 8, 240, ordered, NULL);
        sim.workers = 4;
        sim.seed = 5;
        sim.lose_from = 3;
        sim.lose_to = 8;
        sim_run(&sim, &r);
        assert_int_equal(r.ended, 1);
        assert_in_range(r.n, 200, 240);
        assert_int_equal(best_index(&r), 5);
        sim_free(&r);
    }
}

static void test_no_arm_has_more_than_its_replicates(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct sim_result r;
        struct sim sim = with(BOTH[i], 8, 1000, ordered, NULL);
        sim.replicates = 7; /* which the simulation checks */
        sim.workers = 8;
        sim_run(&sim, &r);
        assert_int_equal(best_index(&r), 5);
        assert_true(r.n <= 56);
        assert_int_equal(r.ended, 1);
        sim_free(&r);
    }
}

static void test_eight_workers_are_busy(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct sim_result r;
        struct noisy_arms arms = {ARMS_LINEAR, 64, 1, 3};
        struct sim sim = with(BOTH[i], 64, 4096, noisy_loss, &arms);
        sim.workers = 8;
        sim.seed = 2;
        sim_run(&sim, &r);
        assert_true(r.spent <= 4096);
        if (r.busy <= 0.95)
            fail_msg("%s: busy %g", BOTH[i], r.busy);
        sim_free(&r);
    }
}

/* Of 60 runs; a uniform division errs in .610 and .062 (anchors), 400 runs of these in .36 and .07, and .19 and .01. */
static void test_errors_are_few_where_one_arm_is_good(void **state)
{
    (void)state;
    const int most[2][2] = {{36, 12}, {26, 4}};
    for (int i = 0; i < 2; i++)
        for (int budget = 0; budget < 2; budget++) {
            int errors = 0;
            for (uint64_t seed = 0; seed < 60; seed++) {
                struct sim_result r;
                struct noisy_arms arms = {ARMS_ONE_GOOD, 64, 1, seed};
                const struct sim sim = with(BOTH[i], 64, budget ? 4096 : 1024, noisy_loss, &arms);
                sim_run(&sim, &r);
                errors += best_index(&r) != noisy_best(&arms);
                sim_free(&r);
            }
            if (errors > most[i][budget])
                fail_msg("%s: %d errors in 60 runs from seed 0", BOTH[i], errors);
        }
}

static void refused(const char *scheduler, struct schedule_context context, const char *option, double value,
                    const char *text)
{
    const struct scheduler *s;
    struct option_set options;
    assert_int_equal(scheduler_find(scheduler, &s), 0);
    assert_int_equal(options_init(&options, scheduler, s->options, s->n_options), 0);
    if (option)
        assert_int_equal(options_set_integer(&options, option, (int64_t)value), 0);
    void *state = mem_new(1, s->state_size);
    context.options = &options;
    context.budget_min = context.budget_max = INFINITY;
    assert_int_equal(s->init(state, &context), AFINA_E_RANGE);
    if (!strstr(fail_text(), text))
        fail_msg("\"%s\" is not in \"%s\"", text, fail_text());
    s->fini(state);
    mem_free(state);
    options_fini(&options);
}

static void test_what_does_not_fit_together_is_refused(void **state)
{
    (void)state;
    struct schedule_context context = {.budget_total = 50, .replicates = 1};
    refused("halving", context, NULL, 0,
            "\"halving\" needs budgets (\"budget_min\", \"budget_max\") or \"replicates\"");
    refused("rejects", context, NULL, 0, "option \"replicates\" must be at least 2, got 1");
    context.replicates = INT64_MAX;
    for (int i = 0; i < 2; i++) {
        refused(BOTH[i], context, "arms", 1, "arms\" must be 0 or at least 2, got 1");
        refused(BOTH[i], context, "arms", 51, "arms\" must be at most 50");
    }
    refused("halving", context, "groups", 2, "\"halving.groups\" must be 0 or 1 without budgets, got 2");
    context.budget_total = INFINITY;
    for (int i = 0; i < 2; i++)
        refused(BOTH[i], context, NULL, 0, "set \"budget_total\" or \"replicates\"");
}

static void tell(struct pulls *pulls, int64_t trial, int32_t outcome, double loss, int is_late)
{
    const struct schedule_event event = {.kind = SCHEDULE_TOLD,
                                         .trial = trial,
                                         .replicate = trial,
                                         .budget = INFINITY,
                                         .state = outcome,
                                         .loss = loss,
                                         .is_late = is_late};
    assert_int_equal(pulls_observe(pulls, &event), 0);
}

static void test_a_late_result_takes_the_place_of_the_lost_one(void **state)
{
    (void)state;
    struct pulls pulls = {.arms = {.full = INFINITY}, .target = 1, .limit = INT64_MAX, .total = 100, .cost = 1};
    const struct situation situation = {.number = 0};
    for (int64_t trial = 0; trial < 3; trial++) {
        const struct schedule_event event = {.kind = SCHEDULE_ASKED,
                                             .trial = trial,
                                             .replicate = trial,
                                             .parent = trial - 1,
                                             .budget = INFINITY,
                                             .situation = &situation};
        assert_int_equal(pulls_observe(&pulls, &event), 0);
    }
    const struct arm *arm = pulls_at(&pulls, 0);
    tell(&pulls, 0, AFINA_STATE_LOST, NAN, 0);
    assert_int_equal(pulls_are_sound(arm), 1);
    tell(&pulls, 1, AFINA_STATE_LOST, NAN, 0);
    assert_int_equal(pulls_are_sound(arm), 0);
    assert_true(isnan(pulls_mean(arm)));
    tell(&pulls, 0, AFINA_STATE_COMPLETE, 2.385, 1);
    assert_int_equal(pulls_are_sound(arm), 1);
    assert_true(pulls_mean(arm) == 2.385);
    assert_int_equal(pulls_ended(arm), 2);
    assert_int_equal(pulls_asked(arm), 3);
    tell(&pulls, 1, AFINA_STATE_FAILED, NAN, 1);
    assert_int_equal(pulls_are_sound(arm), 0);
    assert_int_equal(pulls_ended(arm), 2);
    pulls_fini(&pulls);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rounds_of_halving_cost_the_same),
        cmocka_unit_test(test_any_eta_ends_with_one_arm),
        cmocka_unit_test(test_replicates_alone_limit_halving),
        cmocka_unit_test(test_rejects_pulls_as_its_formula_says),
        cmocka_unit_test(test_an_arm_that_fails_is_out),
        cmocka_unit_test(test_when_every_arm_fails_there_is_no_best),
        cmocka_unit_test(test_of_equal_arms_the_first_remains),
        cmocka_unit_test(test_one_arm_is_the_best_at_once),
        cmocka_unit_test(test_more_arms_than_the_total_are_not_begun),
        cmocka_unit_test(test_the_space_may_have_fewer_points_than_the_set),
        cmocka_unit_test(test_lost_trials_hold_no_round_up),
        cmocka_unit_test(test_no_arm_has_more_than_its_replicates),
        cmocka_unit_test(test_eight_workers_are_busy),
        cmocka_unit_test(test_errors_are_few_where_one_arm_is_good),
        cmocka_unit_test(test_a_late_result_takes_the_place_of_the_lost_one),
        cmocka_unit_test(test_what_does_not_fit_together_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
