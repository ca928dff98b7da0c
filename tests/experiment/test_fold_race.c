/* Racing on folds: by hand, and simulated with 10 folds, 500 evaluations, configurations of deviation 1, additive fold
 * effects and noise. */
#include "experiment/fold_race.h"

#include "core/rng.h"
#include "support/small_study.h"

#include <math.h>
#include <stdio.h>

enum { FOLDS = 10, BUDGET = 500 };

static void add_all(struct fold_race *race, size_t arm, const double *losses, size_t n)
{
    for (size_t f = 0; f < n; f++)
        OK(fold_race_add(race, arm, f, losses[f]));
}

static void test_the_pooled_variance_and_the_edge_of_dropping(void **state)
{
    (void)state;
    struct fold_race race;
    double residual, spread;
    fold_race_init(&race, 4);
    add_all(&race, 0, (double[]){0, 10, 20, 30}, 4);
    add_all(&race, 1, (double[]){1, 13, 22, 32}, 4); /* d 1 3 2 2: squares 2, freedom 3 */
    assert_int_equal(fold_race_drop(&race, 1, 0.1), 0);
    add_all(&race, 2, (double[]){4, 16, 26}, 3); /* d 4 6 6: squares 8/3, freedom 2 */
    fold_race_variances(&race, &residual, &spread);
    assert_true(fabs(residual - 14.0 / 15) < 1e-14 && isnan(spread));
    assert_true(fold_race_threshold(&race) == 2.33);
    OK(fold_race_add(&race, 3, 0, 2.2)); /* one fold: 2.2 against z sqrt(14 / 15) */
    double edge = 2.2 / sqrt(14.0 / 15);
    assert_int_equal(fold_race_drop(&race, 3, edge - 1e-9), 1);
    assert_int_equal(fold_race_drop(&race, 3, edge + 1e-9), 0);
    assert_int_equal(fold_race_drop(&race, 0, 0), 0);
    fold_race_fini(&race);
}

static void test_the_race_of_a_table(void **state)
{
    (void)state;
    const double loss[5 * 4] = {0, 10, 20, 30, 1, 13, 22, 32, 4, 16, 26, NAN, 2.2, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    double gain[20];
    int32_t dropped[5] = {9, 9, 9, 9, 9};
    double edge = 2.2 / sqrt(14.0 / 15); /* the third arm has one fold */
    for (int i = 0; i < 20; i++)
        gain[i] = -loss[i];
    OK(afina_fold_race(loss, 5, 4, AFINA_DIRECTION_MINIMISE, 0, edge - 1e-9, dropped));
    assert_true(!dropped[0] && dropped[1] && dropped[2] && dropped[3] && !dropped[4]);
    OK(afina_fold_race(gain, 5, 4, AFINA_DIRECTION_MAXIMISE, 0, edge + 1e-9, dropped));
    assert_true(!dropped[0] && dropped[1] && dropped[2] && !dropped[3] && !dropped[4]);
    OK(afina_fold_race(loss, 5, 4, AFINA_DIRECTION_MINIMISE, 0, NAN, dropped)); /* 2.33: few arms */
    assert_true(!dropped[0] && dropped[1] && dropped[2] && !dropped[3] && !dropped[4]);
    OK(afina_fold_race(loss, 5, 4, AFINA_DIRECTION_MINIMISE, 4, NAN, dropped)); /* nothing to compare with */
    assert_true(!dropped[0] && !dropped[1] && !dropped[2] && !dropped[3] && !dropped[4]);
    FAILS(afina_fold_race(loss, 5, 4, 0, 5, NAN, dropped), AFINA_E_RANGE, "best must be in [0, 4], got 5");
    FAILS(afina_fold_race(loss, 5, 4, 0, 0, 0, dropped), AFINA_E_RANGE,
          "threshold must be finite and > 0, or NaN, got 0");
    FAILS(afina_fold_race(loss, 0, 4, 0, 0, NAN, dropped), AFINA_E_RANGE, "must be at least 1, got 0 and 4");
    FAILS(afina_fold_race(loss, 5, 4, 2, 0, NAN, dropped), AFINA_E_RANGE, "direction must be");
    FAILS(afina_fold_race((double[]){INFINITY}, 1, 1, 0, 0, NAN, dropped), AFINA_E_RANGE, "a loss must be finite");
    FAILS(afina_fold_race(loss, 5, 4, 0, 0, NAN, NULL), AFINA_E_ARGUMENT, "dropped is NULL");
}

/* Sums that grow with each loss are those of a race that is read at once, whatever came first. */
static void test_a_new_best_compares_everything_anew(void **state)
{
    (void)state;
    struct fold_race a, b;
    double x[5][FOLDS], v[2], s[2];
    struct rng rng;
    rng_start(&rng, 3, 0, RNG_OBJECTIVE);
    fold_race_init(&a, FOLDS);
    fold_race_init(&b, FOLDS);
    for (size_t c = 0; c < 5; c++)
        for (size_t f = 0; f < FOLDS; f++)
            x[c][f] = rng_normal(&rng);
    for (size_t c = 0; c < 5; c++)
        add_all(&a, c, x[c], FOLDS - c);
    for (size_t f = FOLDS; f-- > 0;)
        for (size_t c = 5; c-- > 0;)
            if (f < FOLDS - c)
                OK(fold_race_add(&b, c, f, x[c][f]));
    fold_race_set_best(&a, 2);
    fold_race_set_best(&b, 2);
    fold_race_variances(&a, &v[0], &s[0]);
    fold_race_variances(&b, &v[1], &s[1]);
    assert_true(fabs(v[0] - v[1]) < 1e-12 && a.freedom == b.freedom && a.freedom == 7 + 7 + 6 + 5);
    FAILS(fold_race_add(&a, 0, 0, 1), AFINA_E_STATE, "arm 0 has a loss on fold 0");
    FAILS(fold_race_add(&a, 0, FOLDS, 1), AFINA_E_RANGE, "fold must be in [0, 9], got 10");
    FAILS(fold_race_add(&a, 9, 0, INFINITY), AFINA_E_RANGE, "a loss must be finite, got inf");
    fold_race_fini(&a);
    fold_race_fini(&b);
}

struct outcome {
    double tried, truth, dropped;
};

/* One search; threshold 0: decided from the data. */
static void search(uint64_t seed, double fold_sd, double noise, double threshold, struct outcome *sum)
{
    struct rng rng;
    struct fold_race race;
    double fold[FOLDS], truth[BUDGET], least = INFINITY;
    int dropped[BUDGET] = {0};
    size_t arms = 0, best = 0, used = 0, top = 0;
    rng_start(&rng, 2385, seed, RNG_OBJECTIVE);
    fold_race_init(&race, FOLDS);
    for (int f = 0; f < FOLDS; f++)
        fold[f] = fold_sd * rng_normal(&rng);
    for (; used < BUDGET; arms++) {
        double mean = 0;
        size_t f = 0;
        truth[arms] = rng_normal(&rng);
        top = truth[arms] < truth[top] ? arms : top;
        while (f < FOLDS && used < BUDGET && !dropped[arms]) {
            double loss = truth[arms] + fold[f] + noise * rng_normal(&rng);
            OK(fold_race_add(&race, arms, f++, loss));
            mean += loss / FOLDS;
            used++;
            double z = threshold > 0 ? threshold : fold_race_threshold(&race);
            dropped[arms] = f < FOLDS && fold_race_drop(&race, arms, z);
        }
        if (f == FOLDS && mean < least) {
            least = mean;
            fold_race_set_best(&race, best = arms);
        }
    }
    sum->tried += (double)arms;
    sum->truth += truth[best];
    sum->dropped += dropped[top];
    fold_race_fini(&race);
}

/* Tried, the true mean of the chosen, and how often the best one was dropped, within three standard errors of what was
 * published for this rule (600 runs): here 400. */
static void assert_table(double fold_sd, double noise, double threshold, double tried, double truth,
                         double most_dropped)
{
    enum { RUNS = 400 };
    struct outcome sum = {0};
    for (uint64_t k = 0; k < RUNS; k++)
        search(k, fold_sd, noise, threshold, &sum);
    double p = sum.dropped / RUNS, slack = 3 * sqrt(most_dropped * (1 - most_dropped) / RUNS);
    print_message("fold sd %g, noise %g, z %g: %.0f tried, %.2f, best dropped in %.3f\n", fold_sd, noise, threshold,
                  sum.tried / RUNS, sum.truth / RUNS, p);
    if (sum.tried / RUNS < 0.96 * tried || sum.truth / RUNS > truth + 0.07 || p > most_dropped + slack)
        fail_msg("seed 2385, fold sd %g, noise %g, z %g: %.0f tried, %.2f, best dropped in %.3f", fold_sd, noise,
                 threshold, sum.tried / RUNS, sum.truth / RUNS, p);
}

static void test_many_are_tried_and_the_best_is_kept(void **state)
{
    (void)state;
    assert_table(0.5, 0.3, 1.65, 390, -2.94, 0.04);
    assert_table(1, 0.5, 1.65, 341, -2.87, 0.057);
    assert_table(2, 0.5, 1.65, 335, -2.81, 0.055);
    assert_table(1, 0.5, 2.33, 275, -2.77, 0.01);
    assert_table(0.3, 1, 2.33, 154, -2.49, 0.03);
}

/* Six times the 50 that full 10-fold validation tries, where folds differ by 0.5 to 2; careful where noise is large. */
static void test_the_threshold_follows_the_noise(void **state)
{
    (void)state;
    assert_table(0.5, 0.3, 0, 380, -2.90, 0.04);
    assert_table(1, 0.5, 0, 313, -2.80, 0.05);
    assert_table(2, 0.5, 0, 313, -2.80, 0.05);
    assert_table(0.3, 1, 0, 154, -2.45, 0.04);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_pooled_variance_and_the_edge_of_dropping),
        cmocka_unit_test(test_the_race_of_a_table),
        cmocka_unit_test(test_a_new_best_compares_everything_anew),
        cmocka_unit_test(test_many_are_tried_and_the_best_is_kept),
        cmocka_unit_test(test_the_threshold_follows_the_noise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
