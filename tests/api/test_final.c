/* The final answer of a study, and the options that begin and end one by evidence. */
#include "support/search_study.h"

#include "core/rng.h"

/* Noise of deviation 1, the same for the same trial. */
static double noise_of(afina_trial *trial)
{
    uint64_t seed;
    struct rng rng;
    OK(afina_trial_seed(trial, &seed));
    rng_start(&rng, seed, 0, 0);
    return rng_normal(&rng);
}

struct truth {
    double slope, fold_effect;
};

/* The mean is slope * x0, and folds have effects of their own. */
static int32_t objective(afina_trial *trial, double *values, void *user)
{
    const struct truth *truth = user;
    uint64_t data;
    struct rng rng;
    OK(afina_trial_data_seed(trial, &data));
    rng_start(&rng, data, 0, 0);
    values[0] =
        truth->slope * real(afina_trial_point(trial), "x0") + noise_of(trial) + truth->fold_effect * rng_normal(&rng);
    return AFINA_OK;
}

static afina_optimizer *replicated(const char *method, int64_t replicates)
{
    afina_space *space = cube_space(2);
    afina_optimizer *o;
    OK(afina_optimizer_new(&o, space, method));
    OK(afina_optimizer_set_integer(o, "replicates", replicates));
    afina_space_free(space);
    return o;
}

static void test_the_default_is_the_first_arm_where_there_are_replicates(void **state)
{
    (void)state;
    struct truth truth = {1, 0};
    for (int64_t wanted = -1; wanted <= 1; wanted++)
        for (int64_t replicates = 1; replicates <= 2; replicates++) {
            afina_optimizer *o = replicated("random", replicates);
            afina_trial *trial;
            int32_t origin;
            OK(afina_optimizer_set_integer(o, "default_first", wanted));
            OK(afina_optimize(o, objective, &truth, 4));
            OK(afina_trial_get(o, 0, &trial));
            OK(afina_trial_origin(trial, &origin));
            int is_default = real(afina_trial_point(trial), "x0") == 0.5;
            int is_wanted = wanted > 0 || (wanted < 0 && replicates > 1);
            assert_int_equal(is_default, is_wanted);
            assert_int_equal(origin, is_wanted ? AFINA_ORIGIN_ENQUEUED : AFINA_ORIGIN_SUGGESTED);
            int64_t number;
            OK(afina_optimizer_replay(o, &number));
            afina_trial_free(trial);
            afina_optimizer_free(o);
        }
}

static void test_the_winner_is_said_without_its_luck(void **state)
{
    (void)state;
    struct truth truth = {0, 0}; /* nothing matters: the best mean is luck alone */
    int covered = 0, rivals_hold_all = 0;
    double naive = 0, corrected = 0;
    enum { STUDIES = 40, ARMS = 20, FOLDS = 5 };
    for (int i = 0; i < STUDIES; i++) {
        afina_optimizer *o = replicated("random", FOLDS);
        afina_final *final;
        int64_t arm;
        double value, shrunk, low, high;
        size_t rivals;
        OK(afina_optimizer_set_integer(o, "seed", i));
        OK(afina_optimize(o, objective, &truth, ARMS * FOLDS));
        OK(afina_final_new(&final, o, 0.9, 0));
        OK(afina_final_winner(final, &arm, &value, &shrunk, &low, &high));
        OK(afina_final_rivals(final, NULL, 0, &rivals));
        assert_int_equal(arm % FOLDS, 0);
        assert_true(low <= shrunk && shrunk <= high && value <= shrunk);
        naive += value / STUDIES;
        corrected += shrunk / STUDIES;
        covered += low <= 0 && 0 <= high;
        rivals_hold_all += rivals >= ARMS / 2;
        afina_final_free(final);
        afina_optimizer_free(o);
    }
    assert_true(naive < -0.6);          /* 1.87 / sqrt(5) in the mean */
    assert_true(fabs(corrected) < 0.2); /* of an error of 1 / sqrt(5) */
    assert_true(covered >= STUDIES * 0.85);
    assert_true(rivals_hold_all >= STUDIES * 0.9);
}

/* Effects of folds are ten times the noise: means over other folds cannot be compared, the arms themselves can. */
static void test_effects_of_folds_are_taken_out(void **state)
{
    (void)state;
    struct truth truth = {20, 10};
    afina_optimizer *o = replicated("sobol", 5);
    afina_final *final;
    int64_t arm, reference;
    double value, shrunk, low, high, difference, p;
    int32_t verdict;
    OK(afina_optimize(o, objective, &truth, 50));
    OK(afina_final_new(&final, o, 0.95, 0));
    OK(afina_final_winner(final, &arm, &value, &shrunk, &low, &high));
    assert_true(high - low < 6); /* with the effects it would be 20 */
    OK(afina_final_default(final, &reference, &difference, &low, &high, &p, &verdict));
    assert_int_equal(reference, 0);
    assert_int_equal(verdict, AFINA_VERDICT_YES);
    assert_true(difference < -5 && low < difference && difference < high && high < 0 && p < 0.05);
    afina_final_free(final);
    afina_optimizer_free(o);
}

static void test_no_better_than_the_default_is_said(void **state)
{
    (void)state;
    struct truth truth = {0, 0};
    int decided = 0;
    for (int i = 0; i < 20; i++) {
        afina_optimizer *o = replicated("random", 5);
        afina_final *final;
        int32_t verdict;
        OK(afina_optimizer_set_integer(o, "seed", i));
        OK(afina_optimize(o, objective, &truth, 25));
        OK(afina_final_new(&final, o, 0.95, 0.25));
        OK(afina_final_default(final, NULL, NULL, NULL, NULL, NULL, &verdict));
        decided += verdict == AFINA_VERDICT_YES;
        afina_final_free(final);
        afina_optimizer_free(o);
    }
    assert_true(decided <= 4);
}

static void test_the_simplest_is_nearest_to_the_default(void **state)
{
    (void)state;
    struct truth truth = {0, 0};
    afina_optimizer *o = replicated("random", 4);
    afina_final *final;
    int64_t arm;
    OK(afina_optimize(o, objective, &truth, 12));
    OK(afina_final_new(&final, o, 0.9, 0));
    OK(afina_final_simplest(final, &arm));
    assert_int_equal(arm % 4, 0);
    afina_final_free(final);
    afina_optimizer_free(o);
}

static void test_unknown_errors_are_said(void **state)
{
    (void)state;
    struct truth truth = {1, 0};
    afina_optimizer *o = replicated("random", 1);
    afina_final *final;
    int64_t arm, arm_of_best;
    double value, shrunk, low, high;
    size_t rivals;
    afina_trial *best;
    int32_t verdict;
    FAILS(afina_final_new(&final, o, 0.9, 0), AFINA_E_NOT_FOUND, "no trial is complete");
    FAILS(afina_final_new(&final, o, 1, 0), AFINA_E_RANGE, "confidence must be in (0, 1), got 1");
    FAILS(afina_final_new(&final, o, 0.9, -1), AFINA_E_RANGE, "ratio must be finite and >= 0, got -1");
    OK(afina_optimize(o, objective, &truth, 10));
    OK(afina_final_new(&final, o, 0.9, 0));
    OK(afina_final_winner(final, &arm, &value, &shrunk, &low, &high));
    OK(afina_best(o, &best));
    OK(afina_trial_arm(best, &arm_of_best));
    assert_int_equal(arm, arm_of_best);
    assert_true(isnan(shrunk) && isnan(low) && isnan(high));
    FAILS(afina_final_rivals(final, NULL, 0, &rivals), AFINA_E_STATE, "errors of the results are not known");
    FAILS(afina_final_default(final, NULL, NULL, NULL, NULL, NULL, &verdict), AFINA_E_NOT_FOUND, "default point");
    afina_trial_free(best);
    afina_final_free(final);
    afina_optimizer_free(o);
}

static void test_the_model_knows_the_noise(void **state)
{
    (void)state;
    struct truth truth = {1, 0};
    afina_optimizer *o = replicated("gp", 1);
    afina_final *final;
    int64_t arm;
    double value, shrunk, low, high;
    OK(afina_optimize(o, objective, &truth, 30));
    OK(afina_final_new(&final, o, 0.9, 0));
    OK(afina_final_winner(final, &arm, &value, &shrunk, &low, &high));
    if (!(value < -0.5 && shrunk > value && high > 0))
        fail_msg("%g is %g in [%g, %g] without its luck", value, shrunk, low, high);
    afina_final_free(final);
    afina_optimizer_free(o);
}

/* Arm x0 < 0.5 is good in four replicates of five, and very bad in the fifth; the others are always the same. */
static int32_t risky(afina_trial *trial, double *values, void *user)
{
    int64_t replicate;
    double x = real(afina_trial_point(trial), "x0");
    (void)user;
    OK(afina_trial_replicate(trial, &replicate));
    values[0] = x < 0.5 ? (replicate == 2 ? 20 + x : x) : 3 + x;
    return AFINA_OK;
}

static void test_the_aggregate_decides_what_is_good(void **state)
{
    (void)state;
    static const struct {
        const char *rule;
        int takes_risk;
    } cases[] = {{"mean", 0}, {"median", 1}, {"trimmed", 1}, {"mean+sd", 0}, {"worst", 0}};
    for (size_t i = 0; i < LENGTH(cases); i++)
        for (int of_gp = 0; of_gp <= 1; of_gp++) {
            afina_optimizer *o = replicated(of_gp ? "gp" : "random", 5);
            afina_trial *best;
            afina_final *final;
            int64_t number, arm, arm_of_best;
            OK(afina_optimizer_set_string(o, "aggregate", cases[i].rule));
            OK(afina_optimize(o, risky, NULL, 60));
            OK(afina_best(o, &best));
            assert_int_equal(real(afina_trial_point(best), "x0") < 0.5, cases[i].takes_risk);
            OK(afina_final_new(&final, o, 0.9, 0));
            OK(afina_final_winner(final, &arm, NULL, NULL, NULL, NULL));
            OK(afina_trial_arm(best, &arm_of_best));
            assert_int_equal(arm, arm_of_best);
            OK(afina_optimizer_replay(o, &number));
            afina_final_free(final);
            afina_trial_free(best);
            afina_optimizer_free(o);
        }
}

static void test_an_aggregate_needs_replicates(void **state)
{
    (void)state;
    afina_trial *trial;
    afina_optimizer *o = replicated("random", 1);
    OK(afina_optimizer_set_string(o, "aggregate", "median"));
    FAILS(afina_ask(o, &trial), AFINA_E_RANGE, "aggregate \"median\" needs option \"replicates\" in [2, 100], got 1");
    FAILS(afina_optimizer_set_string(o, "aggregate", "medium"), AFINA_E_RANGE, "medium");
    OK(afina_optimizer_set_integer(o, "replicates", 3));
    OK(afina_optimizer_set_real(o, "aggregate_parameter", 0.1));
    FAILS(afina_ask(o, &trial), AFINA_E_RANGE, "aggregate \"median\" has no \"aggregate_parameter\", got 0.1");
    OK(afina_optimizer_set_string(o, "aggregate", "trimmed"));
    OK(afina_optimizer_set_real(o, "aggregate_parameter", 0.6));
    FAILS(afina_ask(o, &trial), AFINA_E_RANGE, "must be in [0, 0.49], got 0.6");
    afina_optimizer_free(o);
}

static int32_t flat(afina_trial *trial, double *values, void *user)
{
    (void)user;
    values[0] = afina_trial_number(trial) < 7 ? -(double)afina_trial_number(trial) : 5;
    return AFINA_OK;
}

static void test_a_study_without_gain_ends(void **state)
{
    (void)state;
    for (int64_t lag = 0; lag <= 3; lag += 3) {
        afina_optimizer *o = replicated("random", 1);
        int64_t count;
        OK(afina_optimizer_set_integer(o, "no_gain", 10));
        OK(afina_optimizer_set_integer(o, "lag", lag));
        assert_int_equal(afina_optimize(o, flat, NULL, 100), AFINA_DONE);
        OK(afina_trial_count(o, &count));
        assert_int_equal(count, 7 + 10 + (lag > 0 ? lag - 1 : 0));
        afina_optimizer_free(o);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_default_is_the_first_arm_where_there_are_replicates),
        cmocka_unit_test(test_the_winner_is_said_without_its_luck),
        cmocka_unit_test(test_effects_of_folds_are_taken_out),
        cmocka_unit_test(test_no_better_than_the_default_is_said),
        cmocka_unit_test(test_the_simplest_is_nearest_to_the_default),
        cmocka_unit_test(test_unknown_errors_are_said),
        cmocka_unit_test(test_the_model_knows_the_noise),
        cmocka_unit_test(test_the_aggregate_decides_what_is_good),
        cmocka_unit_test(test_an_aggregate_needs_replicates),
        cmocka_unit_test(test_a_study_without_gain_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
