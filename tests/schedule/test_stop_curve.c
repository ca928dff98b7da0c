#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "space/space.h"
#include "support/schedule_sim.h"

#include <math.h>
#include <time.h>

#define OPTIONS(...) ((const char *const[]){__VA_ARGS__, NULL})

static double x_of(const struct point *point, size_t parameter)
{
    return point->value[parameter].real;
}

/* Curves that fall to a level which depends on x, at a speed which depends on y. */
static double falling(void *user, int64_t arm, const struct point *point, double budget, int64_t replicate)
{
    (void)user, (void)arm, (void)replicate;
    return x_of(point, 0) + exp(-budget / (3 + 10 * x_of(point, 1)));
}

static const struct sim_trial *best_of(const struct sim_result *r)
{
    const struct sim_trial *best = NULL;
    for (int64_t i = 0; i < r->n; i++)
        if (r->trial[i].state == AFINA_STATE_COMPLETE && (!best || r->trial[i].loss < best->loss))
            best = &r->trial[i];
    return best;
}

static struct sim case_sim(sim_loss *loss, uint64_t seed, const char *const *options)
{
    return (struct sim){.scheduler = "none",
                        .budget_min = 1,
                        .budget_max = 40,
                        .loss = loss,
                        .trials = 60,
                        .report_every = 2,
                        .seed = seed,
                        .stopper = "curve",
                        .stopper_options = options};
}

/* The trials of `all` that are better than the best finished one of `r`. */
static int64_t count_better(const struct sim_result *all, const struct sim_result *r)
{
    int64_t better = 0;
    for (int64_t i = 0; i < all->n; i++)
        better += all->trial[i].loss < best_of(r)->loss;
    return better;
}

/* Of 60 trials at most one that is better than what is found is left out in the mean, for a third of the work. */
static void test_it_ends_what_will_not_become_the_best(void **state)
{
    (void)state;
    static const char *const stoppers[] = {"curve", "median"};
    int64_t better[2] = {0};
    double spent[2] = {0};
    clock_t from = clock();
    for (int i = 0; i < 20; i++) {
        struct sim_result all, r;
        struct sim sim = case_sim(falling, (uint64_t)(1 + i / 2), NULL);
        sim.stopper = stoppers[i % 2];
        sim_run(&sim, &r);
        sim.stopper = NULL;
        sim_run(&sim, &all);
        better[i % 2] += count_better(&all, &r);
        spent[i % 2] += r.spent / all.spent / 10;
        sim_free(&all);
        sim_free(&r);
    }
    for (int k = 0; k < 2; k++)
        print_message("%s, seeds 1 to 10: spent %.2f, %d better ones left out\n", stoppers[k], spent[k],
                      (int)better[k]);
    print_message("%.2f s a study\n", (double)(clock() - from) / CLOCKS_PER_SEC / 10);
    assert_true(better[0] <= 10);
    assert_true(spent[0] < 0.34);
}

static void test_the_same_for_workers_and_a_scheduler(void **state)
{
    (void)state;
    struct sim_result r;
    struct sim sim = case_sim(falling, 4, OPTIONS("curves=20"));
    sim.scheduler = "asha";
    sim.workers = 4;
    sim.trials = 60;
    sim.report_every = 1;
    sim_run(&sim, &r);
    assert_non_null(best_of(&r));
    assert_int_equal(r.n, 60);
    sim_free(&r);
}

static double odd(void *user, int64_t arm, const struct point *point, double budget, int64_t replicate)
{
    if (arm % 5 == 1 && budget < 40)
        return NAN;
    if (arm % 5 == 2 && budget < 20)
        return INFINITY;
    if (arm % 5 == 3 && budget < 4)
        return -INFINITY;
    return falling(user, arm, point, budget, replicate);
}

static double equal(void *user, int64_t arm, const struct point *point, double budget, int64_t replicate)
{
    (void)user, (void)arm, (void)point, (void)budget, (void)replicate;
    return 1;
}

static double infinite(void *user, int64_t arm, const struct point *point, double budget, int64_t replicate)
{
    (void)user, (void)arm, (void)point, (void)budget, (void)replicate;
    return INFINITY;
}

static void test_odd_losses_have_an_answer(void **state)
{
    (void)state;
    sim_loss *const kinds[] = {odd, equal, infinite};
    for (size_t i = 0; i < 3; i++) {
        struct sim_result r;
        struct sim sim = case_sim(kinds[i], 5, OPTIONS("curves=16"));
        sim.trials = 20;
        sim_run(&sim, &r);
        assert_int_equal(r.n, 20);
        for (int64_t k = 0; k < 5; k++)
            assert_int_not_equal(r.trial[k].state, AFINA_STATE_STOPPED);
        if (i == 2)
            for (int64_t k = 0; k < r.n; k++)
                assert_int_equal(r.trial[k].state, AFINA_STATE_COMPLETE);
        sim_free(&r);
    }
}

/* The better the end, the worse the beginning: what the rule says of beginnings is wrong until it has learned that. */
static double crossing(void *user, int64_t arm, const struct point *point, double budget, int64_t replicate)
{
    (void)user, (void)arm, (void)replicate;
    return x_of(point, 0) * budget / 40 + (1 - x_of(point, 0)) * (1 - budget / 40) * 2;
}

static void test_of_crossing_curves_a_good_one_is_found(void **state)
{
    (void)state;
    int64_t better = 0;
    for (uint64_t seed = 7; seed < 12; seed++) {
        struct sim_result all, r;
        struct sim sim = case_sim(crossing, seed, NULL);
        sim_run(&sim, &r);
        sim.stopper = NULL;
        sim_run(&sim, &all);
        better += count_better(&all, &r);
        print_message("seed %d: spent %.2f, %d better ones left out\n", (int)seed, r.spent / all.spent,
                      (int)count_better(&all, &r));
        sim_free(&all);
        sim_free(&r);
    }
    assert_true(better <= 5 * 4);
}

static void test_warm_up_is_kept(void **state)
{
    (void)state;
    struct sim_result r;
    struct sim sim = case_sim(falling, 3, OPTIONS("warmup=20", "curves=20", "interval=10"));
    int64_t stopped = 0;
    sim_run(&sim, &r);
    for (int64_t i = 0; i < r.n; i++)
        if (r.trial[i].state == AFINA_STATE_STOPPED) {
            assert_true(r.trial[i].reached == 20 || r.trial[i].reached == 30);
            stopped++;
        }
    assert_true(stopped > 0);
    sim_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_ends_what_will_not_become_the_best),
        cmocka_unit_test(test_the_same_for_workers_and_a_scheduler),
        cmocka_unit_test(test_odd_losses_have_an_answer),
        cmocka_unit_test(test_of_crossing_curves_a_good_one_is_found),
        cmocka_unit_test(test_warm_up_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
