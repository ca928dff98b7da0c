/* Racing on the simulated workers: configurations of deviation 1, additive effects of folds, noise. */
#include "core/fail.h"
#include "core/mem.h"
#include "core/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/schedule_sim.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { FOLDS = 10, BUDGET = 500 };

struct folds {
    uint64_t seed;
    double fold_sd, noise;
};

static double normal(uint64_t seed, uint64_t key, uint64_t stream)
{
    struct rng rng;
    rng_start(&rng, seed * 4 + stream, key, RNG_OBJECTIVE);
    return rng_normal(&rng);
}

static double truth_of(const struct folds *f, int64_t arm)
{
    return normal(f->seed, (uint64_t)arm, 0);
}

static double on_folds(void *user, int64_t arm, const struct point *point, double budget, int64_t replicate)
{
    const struct folds *f = user;
    (void)point, (void)budget;
    return truth_of(f, arm) + f->fold_sd * normal(f->seed, (uint64_t)replicate, 1) +
           f->noise * normal(f->seed, (uint64_t)(arm * FOLDS + replicate), 2);
}

/* What a race comes to, summed over runs. */
struct outcome {
    double tried, truth, dropped, busy;
    int runs;
};

/* Chosen is the complete arm with the lowest mean; the best one is dropped when it has too few for the budget's end to
 * explain it. */
static void count(const struct folds *f, const struct sim_result *r, struct outcome *sum)
{
    enum { MOST = 4096 };
    static double mean[MOST];
    static int done[MOST];
    int64_t best = 0, chosen = -1;
    for (int64_t a = 0; a < r->n_arms; a++)
        mean[a] = done[a] = 0;
    for (int64_t i = 0; i < r->n; i++) {
        const struct sim_trial *t = &r->trial[i];
        mean[t->index] += t->loss / FOLDS;
        done[t->index]++;
        best = truth_of(f, t->index) < truth_of(f, best) ? t->index : best;
    }
    for (int64_t a = 0; a < r->n_arms; a++)
        if (done[a] == FOLDS && (chosen < 0 || mean[a] < mean[chosen]))
            chosen = a;
    sum->tried += (double)r->n_arms;
    sum->truth += truth_of(f, chosen);
    sum->dropped += done[best] < FOLDS && best < r->n_arms - FOLDS;
    sum->busy += r->busy;
    sum->runs++;
}

static struct outcome race(const char *const *options, double fold_sd, double noise, int workers, int runs)
{
    struct outcome sum = {0};
    for (int k = 0; k < runs; k++) {
        struct folds f = {2385 + (uint64_t)k, fold_sd, noise};
        struct sim_result r;
        const struct sim sim = {.scheduler = "race",
                                .replicates = FOLDS,
                                .budget_total = BUDGET,
                                .workers = workers,
                                .seed = f.seed,
                                .options = options,
                                .loss = on_folds,
                                .user = &f};
        sim_run(&sim, &r);
        assert_true(r.spent == BUDGET);
        count(&f, &r, &sum);
        sim_free(&r);
    }
    sum.tried /= runs;
    sum.truth /= runs;
    sum.dropped /= runs;
    sum.busy /= runs;
    print_message("%-14s fold sd %g, noise %g, %d workers: %.0f tried, %.2f, best dropped in %.3f, busy %.3f\n",
                  options ? options[0] : "default", fold_sd, noise, workers, sum.tried, sum.truth, sum.dropped,
                  sum.busy);
    return sum;
}

/* AFINA_RACE_RUNS=600 AFINA_RACE_TABLE=1 gives the table of docs/schedulers/race.md. */
static int runs(void)
{
    const char *text = getenv("AFINA_RACE_RUNS");
    return text ? atoi(text) : 50;
}

/* Six times the 50 configurations of full validation where folds differ by 0.5 to 2, the best dropped in at most 6 % of
 * runs; with three standard errors of slack for the few runs that there are here. */
static void assert_race(double fold_sd, double noise, int workers, double tried, double truth, double dropped)
{
    struct outcome o = race(NULL, fold_sd, noise, workers, runs());
    double slack = 3 * sqrt(dropped * (1 - dropped) / o.runs);
    if (o.tried < tried || o.truth > truth || o.dropped > dropped + slack || o.busy < 0.95)
        fail_msg("fold sd %g, noise %g, %d workers, seeds from 2385: %.0f tried, %.2f, best dropped in %.3f, busy %.3f",
                 fold_sd, noise, workers, o.tried, o.truth, o.dropped, o.busy);
}

static void test_many_are_tried_and_the_best_is_kept(void **state)
{
    (void)state;
    assert_race(0.5, 0.3, 1, 300, -2.85, 0.06);
    assert_race(1, 0.5, 1, 300, -2.78, 0.06);
    assert_race(2, 0.5, 1, 300, -2.78, 0.06);
    assert_race(0.3, 1, 1, 150, -2.40, 0.06);
    assert_race(0.5, 0.3, 8, 300, -2.85, 0.06);
    assert_race(1, 0.5, 8, 270, -2.75, 0.06);
}

/* Other tests take more folds. The least truth is a standard error above what full validation reaches, -2.21. */
static void test_every_test_drops_bad_arms_and_keeps_good_ones(void **state)
{
    (void)state;
    static const char *const tests[] = {"test=friedman", "test=t", "test=wilcoxon"};
    for (size_t t = 0; t < 3; t++)
        for (int workers = 1; workers <= 8; workers += 7) {
            struct outcome o = race((const char *const[]){tests[t], NULL}, 1, 0.5, workers, runs());
            if (o.tried < 75 || o.truth > -2.3 || o.dropped > 0.15 || o.busy < 0.95)
                fail_msg("%s, %d workers, seeds from 2385: %.0f tried, %.2f, best dropped in %.3f, busy %.3f", tests[t],
                         workers, o.tried, o.truth, o.dropped, o.busy);
        }
}

/* With AFINA_RACE_TABLE all tests in all settings. */
static void test_table(void **state)
{
    (void)state;
    static const char *const tests[] = {"test=pooled", "test=friedman", "test=t", "test=wilcoxon"};
    static const double setting[][2] = {{0.5, 0.3}, {1, 0.5}, {2, 0.5}, {0.3, 1}};
    if (!getenv("AFINA_RACE_TABLE"))
        return;
    for (size_t t = 0; t < 4; t++)
        for (size_t s = 0; s < 4; s++)
            for (int workers = 1; workers <= 8; workers += 7)
                race((const char *const[]){tests[t], NULL}, setting[s][0], setting[s][1], workers, runs());
}

static int64_t replicates_of(const struct sim_result *r, int64_t index)
{
    int64_t count = 0;
    for (int64_t i = 0; i < r->n; i++)
        count += r->trial[i].index == index && r->trial[i].state == AFINA_STATE_COMPLETE;
    return count;
}

/* Arm 3 is the best, then 4 and 2; a little noise that is the same for all. */
static double ordered(void *user, int64_t arm, const struct point *point, double budget, int64_t replicate)
{
    (void)user, (void)point, (void)budget;
    return fabs((double)arm - 3.2) + 0.01 * normal(7, (uint64_t)(arm * 10 + replicate), 3) + (double)(replicate % 3);
}

static void test_so_many_elites_are_kept(void **state)
{
    (void)state;
    static const char *const tests[] = {"test=pooled", "test=friedman", "test=t", "test=wilcoxon"};
    for (size_t t = 0; t < 4; t++)
        for (int workers = 1; workers <= 5; workers += 2) {
            struct sim_result r;
            const struct sim sim = {.scheduler = "race",
                                    .replicates = 8,
                                    .arms = 20,
                                    .workers = workers,
                                    .options = (const char *const[]){"elites=3", tests[t], NULL},
                                    .loss = ordered};
            sim_run(&sim, &r);
            assert_int_equal(r.ended, 1);
            assert_int_equal(r.n_arms, 20);
            for (int64_t arm = 2; arm <= 4; arm++)
                assert_int_equal(replicates_of(&r, arm), 8);
            assert_true(replicates_of(&r, 12) < 8);
            sim_free(&r);
        }
}

static double equal(void *user, int64_t arm, const struct point *point, double budget, int64_t replicate)
{
    (void)user, (void)arm, (void)point, (void)budget;
    return (double)replicate;
}

static void test_of_equal_arms_none_is_dropped(void **state)
{
    (void)state;
    static const char *const tests[] = {"test=pooled", "test=friedman", "test=t", "test=wilcoxon"};
    for (size_t t = 0; t < 4; t++) {
        struct sim_result r;
        const struct sim sim = {.scheduler = "race",
                                .replicates = 6,
                                .arms = 12,
                                .workers = 3,
                                .options = (const char *const[]){tests[t], NULL},
                                .loss = equal};
        sim_run(&sim, &r);
        assert_int_equal(r.ended, 1);
        assert_int_equal(r.n, 12 * 6);
        sim_free(&r);
    }
}

static double fails(void *user, int64_t arm, const struct point *point, double budget, int64_t replicate)
{
    return arm == 0 && replicate == 2 ? NAN : arm == 1 ? INFINITY : arm == 2 ? NAN : equal(user, arm, point, budget, 0);
}

/* The first arm is the elite until it fails. */
static void test_an_arm_that_fails_is_out_elite_or_not(void **state)
{
    (void)state;
    struct sim_result r;
    const struct sim sim = {.scheduler = "race", .replicates = 4, .arms = 6, .loss = fails};
    sim_run(&sim, &r);
    assert_int_equal(r.ended, 1);
    assert_int_equal(replicates_of(&r, 0), 2);
    assert_int_equal(replicates_of(&r, 1), 1); /* an infinite loss is a result, but ends the arm */
    assert_int_equal(replicates_of(&r, 2), 0);
    for (int64_t arm = 3; arm < 6; arm++)
        assert_int_equal(replicates_of(&r, arm), 4);
    sim_free(&r);
}

static double fails_always(void *user, int64_t arm, const struct point *point, double budget, int64_t replicate)
{
    (void)user, (void)arm, (void)point, (void)budget, (void)replicate;
    return NAN;
}

static void test_a_race_in_which_all_fail_ends(void **state)
{
    (void)state;
    struct sim_result r;
    const struct sim sim = {.scheduler = "race", .replicates = 4, .arms = 9, .workers = 4, .loss = fails_always};
    sim_run(&sim, &r);
    assert_int_equal(r.ended, 1);
    assert_int_equal(r.n, 9);
    sim_free(&r);
}

static void test_lost_replicates_are_made_up_for(void **state)
{
    (void)state;
    for (int workers = 1; workers <= 4; workers++) {
        struct sim_result r;
        const struct sim sim = {.scheduler = "race",
                                .replicates = 5,
                                .arms = 4,
                                .workers = workers,
                                .lose_from = 3,
                                .lose_to = 5,
                                .loss = equal};
        sim_run(&sim, &r);
        assert_int_equal(r.ended, 1);
        assert_int_equal(r.n, 4 * 5 + 2);
        for (int64_t arm = 0; arm < 4; arm++)
            assert_int_equal(replicates_of(&r, arm), 5);
        sim_free(&r);
    }
}

static void test_options_that_do_not_fit_are_named(void **state)
{
    (void)state;
    static const struct {
        int64_t replicates;
        const char *first, *error;
    } cases[] = {
        {5, "6", "option \"race.first\" must be at most the 5 \"replicates\", got 6"},
        {5000, "0", "a race needs the option \"replicates\" to be at most 4096, got 5000"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct scheduler *scheduler;
        struct option_set options;
        assert_int_equal(scheduler_find("race", &scheduler), 0);
        assert_int_equal(options_init(&options, "race", scheduler->options, scheduler->n_options), 0);
        assert_int_equal(options_set_integer(&options, "first", atoi(cases[i].first)), 0);
        const struct schedule_context context = {.options = &options, .replicates = cases[i].replicates};
        void *race = mem_new(1, scheduler->state_size);
        assert_int_equal(scheduler->init(race, &context), AFINA_E_RANGE);
        assert_string_equal(fail_text(), cases[i].error);
        scheduler->fini(race);
        mem_free(race);
        options_fini(&options);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_many_are_tried_and_the_best_is_kept),
        cmocka_unit_test(test_every_test_drops_bad_arms_and_keeps_good_ones),
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_so_many_elites_are_kept),
        cmocka_unit_test(test_of_equal_arms_none_is_dropped),
        cmocka_unit_test(test_an_arm_that_fails_is_out_elite_or_not),
        cmocka_unit_test(test_a_race_in_which_all_fail_ends),
        cmocka_unit_test(test_lost_replicates_are_made_up_for),
        cmocka_unit_test(test_options_that_do_not_fit_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
