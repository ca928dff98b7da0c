/* gp, told how uncertain results are: it uses that, and it goes on from the log. */
#include "support/search_study.h"

#include "core/rng.h"

#include <string.h>

/* Branin over some 100, observed with a standard error of 0.3 to 100 that the host knows:
 * a training on few data, or on many. */
static double observe(const afina_point *point, struct rng *rng, double *error)
{
    *error = 0.3 * pow(10, 2.5 * rng_uniform(rng));
    return branin(point) + *error * rng_normal(rng);
}

/* The true value where the model expects the best of the points it saw. */
static double recommended(afina_optimizer *optimizer, int trials)
{
    double least = INFINITY, value = NAN;
    for (int i = 0; i < trials; i++) {
        afina_trial *trial;
        double mean, sd;
        OK(afina_trial_get(optimizer, i, &trial));
        OK(afina_model_predict(optimizer, 0, afina_trial_point(trial), &mean, &sd));
        if (mean < least) {
            least = mean;
            value = branin(afina_trial_point(trial));
        }
        afina_trial_free(trial);
    }
    return value;
}

static double end_of(const char *method, int64_t seed, int tells, int trials)
{
    afina_optimizer *optimizer = two_numbers(method);
    struct rng rng;
    rng_start(&rng, (uint64_t)seed, 0, RNG_OBJECTIVE);
    OK(afina_optimizer_set_integer(optimizer, "seed", seed));
    for (int i = 0; i < trials; i++) {
        afina_trial *trial;
        OK(afina_ask(optimizer, &trial));
        double error, value = observe(afina_trial_point(trial), &rng, &error);
        if (tells)
            OK(afina_tell_errors(optimizer, i, &error, 1));
        OK(afina_tell(optimizer, i, &value, 1));
        afina_trial_free(trial);
    }
    double value = recommended(optimizer, trials);
    afina_optimizer_free(optimizer);
    return value;
}

static double median(double *value, int n)
{
    qsort(value, (size_t)n, sizeof *value, by_value);
    return 0.5 * (value[(n - 1) / 2] + value[n / 2]);
}

static void test_known_errors_lead_to_better_points(void **state)
{
    (void)state;
    enum { STUDIES = 20, TRIALS = 60 };
    static const double least = 0.397887;
    double with[STUDIES], without[STUDIES];
    int studies = getenv("AFINA_TEST_QUICK") ? 4 : STUDIES;
    for (int seed = 0; seed < studies; seed++) {
        with[seed] = end_of("gp", seed, 1, TRIALS);
        without[seed] = end_of("gp", seed, 0, TRIALS);
    }
    double regret = median(with, studies) - least, other = median(without, studies) - least;
    if (!(regret < 0.4 * other))
        fail_msg("regret %g with errors, %g without", regret, other);
}

/* Trials first .. last - 1; those from 15 on that are not divisible by 3 have an error. */
static void go_on(afina_optimizer *optimizer, int first, int last)
{
    for (int i = first; i < last; i++) {
        afina_trial *trial;
        OK(afina_ask(optimizer, &trial));
        double error = 0.1 * (i % 7), value = branin(afina_trial_point(trial));
        if (i >= 15 && i % 3)
            OK(afina_tell_errors(optimizer, i, &error, 1));
        OK(afina_tell(optimizer, i, &value, 1));
        afina_trial_free(trial);
    }
}

static void test_a_study_with_errors_goes_on_from_its_log(void **state)
{
    (void)state;
    static const char *const methods[] = {"gp", "auto", "mix"};
    enum { TRIALS = 50 };
    for (size_t m = 0; m < LENGTH(methods); m++)
        for (int64_t lag = 0; lag < 2; lag++) {
            afina_optimizer *whole = two_numbers(methods[m]), *part = two_numbers(methods[m]);
            OK(afina_optimizer_set_integer(whole, "lag", lag));
            OK(afina_optimizer_set_integer(part, "lag", lag));
            go_on(whole, 0, TRIALS);
            for (int i = 0; i < TRIALS; i += 5) {
                go_on(part, i, i + 5);
                char *text = log_of(part);
                afina_optimizer_free(part);
                OK(afina_optimizer_from_log(&part, text, strlen(text)));
                free(text);
            }
            char *a = log_of(whole), *b = log_of(part);
            int64_t number;
            assert_string_equal(a, b);
            OK(afina_optimizer_replay(part, &number));
            free(a);
            free(b);
            afina_optimizer_free(whole);
            afina_optimizer_free(part);
        }
}

static void test_a_result_without_weight_moves_no_prediction(void **state)
{
    (void)state;
    double mean[3], sd;
    for (int k = 0; k < 3; k++) {
        afina_optimizer *optimizer = cube(1, "gp");
        OK(afina_optimizer_set_string(optimizer, "transform", "none"));
        OK(afina_optimizer_set_integer(optimizer, "startup", 12));
        for (int i = 0; i < 12; i++) {
            afina_trial *trial;
            OK(afina_ask(optimizer, &trial));
            double x = real(afina_trial_point(trial), "x0"), value = i == 11 ? 3 * k : sin(4 * x);
            double error = i == 11 ? 1e5 : 1e-3;
            OK(afina_tell_errors(optimizer, i, &error, 1));
            OK(afina_tell(optimizer, i, &value, 1));
            if (i == 11)
                OK(afina_model_predict(optimizer, 0, afina_trial_point(trial), &mean[k], &sd));
            afina_trial_free(trial);
        }
        afina_optimizer_free(optimizer);
    }
    assert_true(fabs(mean[1] - mean[0]) < 0.02 && fabs(mean[2] - mean[0]) < 0.02);
}

/* Of all notes; a step of the trust region has four numbers more than a fit. */
static size_t longest_note(double error)
{
    afina_optimizer *optimizer = two_numbers("gp");
    size_t most = 0;
    for (int i = 0; i < 60; i++) {
        afina_trial *trial;
        OK(afina_ask(optimizer, &trial));
        double value = distance(afina_trial_point(trial));
        OK(afina_tell_errors(optimizer, i, &error, 1));
        OK(afina_tell(optimizer, i, &value, 1));
        afina_trial_free(trial);
    }
    char *text = log_of(optimizer);
    for (const char *note = text; (note = strstr(note, "\"note\":[")); note++) {
        size_t commas = 0;
        for (const char *c = note; *c != ']'; c++)
            commas += *c == ',';
        most = commas > most ? commas : most;
    }
    free(text);
    afina_optimizer_free(optimizer);
    return most;
}

static void test_known_errors_keep_steps_of_the_trust_region_away(void **state)
{
    (void)state;
    assert_true(longest_note(0.3) < longest_note(1e-9));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_errors_lead_to_better_points),
        cmocka_unit_test(test_a_study_with_errors_goes_on_from_its_log),
        cmocka_unit_test(test_a_result_without_weight_moves_no_prediction),
        cmocka_unit_test(test_known_errors_keep_steps_of_the_trust_region_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
