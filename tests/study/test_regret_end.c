/* The end of a study when more trials can bring less than the noise: afina_model_regret() and the option `regret_end`.
 */
#include "support/small_study.h"

#include <math.h>

/* One real in [0, 1]. */
static afina_optimizer *line(const char *method)
{
    afina_space *space;
    afina_optimizer *o;
    OK(afina_space_new(&space));
    OK(afina_space_add_real(space, "x", 0, 1, AFINA_SCALE_LINEAR));
    OK(afina_optimizer_new(&o, space, method));
    afina_space_free(space);
    return o;
}

/* A shallow bowl and errors of deviation 0.7 that depend on the number of the trial. */
static double noisy(const afina_trial *trial)
{
    double x;
    OK(afina_point_get_real(afina_trial_point(trial), "x", &x));
    return 10 + (x - 0.4) * (x - 0.4) + sin(1e3 * (double)afina_trial_number(trial));
}

static int32_t noisy_objective(afina_trial *trial, double *values, void *user)
{
    (void)user;
    values[0] = noisy(trial);
    return AFINA_OK;
}

/* Asks and tells at most n trials; what the last ask answered. */
static int32_t run(afina_optimizer *o, int n)
{
    for (int i = 0; i < n; i++) {
        afina_trial *trial;
        int32_t rc = afina_ask(o, &trial);
        if (rc)
            return rc;
        double value = noisy(trial);
        OK(afina_trial_tell(trial, &value, 1));
        afina_trial_free(trial);
    }
    return AFINA_OK;
}

static int64_t count_of(afina_optimizer *o)
{
    int64_t count;
    OK(afina_trial_count(o, &count));
    return count;
}

static void check_replay(afina_optimizer *o)
{
    int64_t number;
    OK(afina_optimizer_replay(o, &number));
}

enum { MOST = 120 };

/* It ends before a multiple of n, where the question says the same. */
static void test_a_noisy_study_ends(void **state)
{
    (void)state;
    afina_optimizer *o = line("gp");
    double bound, noise;
    OK(afina_optimizer_set_integer(o, "regret_end", 10));
    assert_int_equal(run(o, MOST), AFINA_DONE);
    int64_t count = count_of(o);
    assert_true(count >= 20 && count < MOST && count % 10 == 0);
    OK(afina_model_regret(o, 0, &bound, &noise));
    assert_true(bound >= 0 && bound < noise && noise > 0.4 && noise < 1);
    assert_int_equal(run(o, 1), AFINA_DONE); /* asked again */
    assert_int_equal(count_of(o), count);
    check_replay(o);
    afina_optimizer_free(o);
}

/* Until the last check but one it did not say so. */
static void test_it_goes_on_while_the_bound_is_above(void **state)
{
    (void)state;
    afina_optimizer *o = line("gp"), *free_one = line("gp");
    double bound, noise;
    OK(afina_optimizer_set_integer(o, "regret_end", 1));
    assert_int_equal(run(o, MOST), AFINA_DONE);
    int64_t end = count_of(o);
    for (int64_t i = 0; i <= end; i++) {
        if (i >= 20) {
            OK(afina_model_regret(free_one, 0, &bound, &noise));
            assert_int_equal(bound < noise, i == end);
        }
        OK(run(free_one, 1));
    }
    afina_optimizer_free(o);
    afina_optimizer_free(free_one);
}

static void test_without_the_option_it_goes_on(void **state)
{
    (void)state;
    afina_optimizer *o = line("gp");
    OK(run(o, 40));
    double bound, noise;
    OK(afina_model_regret(o, 0, &bound, &noise));
    assert_true(bound < noise);
    OK(run(o, 1));
    afina_optimizer_free(o);
}

static int32_t steep(afina_trial *trial, double *values, void *user)
{
    double x;
    (void)user;
    OK(afina_point_get_real(afina_trial_point(trial), "x", &x));
    values[0] = 10 + 5 * fabs(sin(20 * x)) + x;
    return AFINA_OK;
}

/* More can be gained than what little noise the model finds. */
static void test_without_noise_it_goes_on(void **state)
{
    (void)state;
    afina_optimizer *o = line("gp");
    OK(afina_optimizer_set_integer(o, "regret_end", 20));
    OK(afina_optimize(o, steep, NULL, 41));
    afina_optimizer_free(o);
}

static afina_optimizer *lagging(int64_t workers)
{
    afina_optimizer *o = line("gp");
    OK(afina_optimizer_set_integer(o, "regret_end", 10));
    OK(afina_optimizer_set_integer(o, "lag", 4));
    OK(afina_optimizer_set_integer(o, "workers", workers));
    return o;
}

/* Goes on from its log just before a check. */
static afina_optimizer *read_before_a_check(void)
{
    afina_optimizer *o = lagging(1), *read;
    OK(run(o, 20));
    char *text = log_of(o);
    OK(afina_optimizer_from_log(&read, text, strlen(text)));
    free(text);
    afina_optimizer_free(o);
    return read;
}

/* With lag the same trials for any number of workers, read in the middle or not. */
static void test_the_end_does_not_depend_on_the_workers(void **state)
{
    (void)state;
    double want[MOST] = {0}, got[MOST];
    size_t wanted = 0, n;
    for (int64_t workers = 1; workers <= 5; workers++) {
        afina_optimizer *o = workers < 5 ? lagging(workers) : read_before_a_check();
        assert_int_equal(afina_optimize(o, noisy_objective, NULL, MOST), AFINA_DONE);
        OK(afina_column_reals(o, "x", 0, got, MOST, &n));
        if (workers == 1) {
            wanted = n;
            memcpy(want, got, sizeof want);
        }
        assert_true(n == wanted && n >= 20 && n < MOST);
        assert_memory_equal(got, want, n * sizeof *got);
        check_replay(o);
        afina_optimizer_free(o);
    }
}

/* The host's own trials and points take numbers at which nothing is asked of the model; the next ask makes up for it.
 */
static void test_trials_of_the_host_do_not_hide_a_check(void **state)
{
    (void)state;
    afina_optimizer *o = line("gp");
    int32_t rc = AFINA_OK;
    OK(afina_optimizer_set_integer(o, "regret_end", 2));
    while (rc == AFINA_OK && count_of(o) < MOST) { /* the host has all even numbers */
        afina_trial *own;
        afina_space *space;
        afina_point *point;
        OK(afina_optimizer_get_space(o, &space));
        OK(afina_space_sample(space, 1, (uint64_t)count_of(o), &point));
        OK(afina_start(o, point, &own));
        double value = noisy(own);
        OK(afina_trial_tell(own, &value, 1));
        afina_trial_free(own);
        afina_point_free(point);
        afina_space_free(space);
        rc = run(o, 1);
    }
    assert_int_equal(rc, AFINA_DONE);
    check_replay(o);
    afina_optimizer_free(o);
}

/* Beside a scheduler the model sees arms. */
static void test_with_replicates(void **state)
{
    (void)state;
    afina_optimizer *o = line("gp");
    OK(afina_optimizer_set_integer(o, "regret_end", 10));
    OK(afina_optimizer_set_integer(o, "replicates", 2));
    assert_int_equal(run(o, 2 * MOST), AFINA_DONE);
    assert_true(count_of(o) >= 30);
    check_replay(o);
    afina_optimizer_free(o);
}

static void test_told_errors_are_the_noise(void **state)
{
    (void)state;
    afina_optimizer *o = line("gp");
    double bound, noise;
    for (int i = 0; i < 12; i++) {
        afina_trial *trial;
        double error = 0.125;
        OK(afina_ask(o, &trial));
        double value = noisy(trial);
        OK(afina_tell_errors(o, afina_trial_number(trial), &error, 1));
        OK(afina_trial_tell(trial, &value, 1));
        afina_trial_free(trial);
    }
    OK(afina_model_regret(o, 0, &bound, &noise));
    assert_true(noise == 0.125);
    afina_optimizer_free(o);
}

static void test_a_method_without_a_model_refuses(void **state)
{
    (void)state;
    static const char *const methods[] = {"random", "tpe", "cmaes", "manual"};
    afina_trial *trial;
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        afina_optimizer *o = line(methods[i]);
        OK(afina_optimizer_set_integer(o, "regret_end", 5));
        FAILS(afina_ask(o, &trial), AFINA_E_UNSUPPORTED, "option \"regret_end\" needs a method with a model");
        FAILS(afina_optimize(o, noisy_objective, NULL, 3), AFINA_E_UNSUPPORTED, methods[i]);
        OK(afina_optimizer_set_integer(o, "regret_end", 0)); /* nothing is fixed yet */
        afina_optimizer_free(o);
    }
    afina_optimizer *mix = line("mix");
    OK(afina_optimizer_set_string(mix, "methods", "random,tpe"));
    OK(afina_optimizer_set_integer(mix, "regret_end", 5));
    FAILS(afina_ask(mix, &trial), AFINA_E_UNSUPPORTED, "no part of method \"mix\" has one");
    OK(afina_optimizer_set_string(mix, "methods", "random,gp"));
    assert_int_equal(run(mix, 2 * MOST), AFINA_DONE);
    afina_optimizer_free(mix);
}

static void test_the_range_of_the_option(void **state)
{
    (void)state;
    afina_optimizer *o = line("gp");
    FAILS(afina_optimizer_set_integer(o, "regret_end", -1), AFINA_E_RANGE, "\"regret_end\"");
    FAILS(afina_optimizer_set_real(o, "regret_end", 1.5), AFINA_E_TYPE, "\"regret_end\"");
    OK(run(o, 1));
    FAILS(afina_optimizer_set_integer(o, "regret_end", 1), AFINA_E_STATE, "fixed since the first trial");
    afina_optimizer_free(o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_noisy_study_ends),
        cmocka_unit_test(test_it_goes_on_while_the_bound_is_above),
        cmocka_unit_test(test_without_the_option_it_goes_on),
        cmocka_unit_test(test_without_noise_it_goes_on),
        cmocka_unit_test(test_the_end_does_not_depend_on_the_workers),
        cmocka_unit_test(test_trials_of_the_host_do_not_hide_a_check),
        cmocka_unit_test(test_with_replicates),
        cmocka_unit_test(test_told_errors_are_the_noise),
        cmocka_unit_test(test_a_method_without_a_model_refuses),
        cmocka_unit_test(test_the_range_of_the_option),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
