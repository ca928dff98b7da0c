/* The driver: the table is that of studies run by hand, options are set by study, and failures leave gaps. */
#include "support/small_study.h"

#include <math.h>

enum { METHODS = 3, SEEDS = 2, TRIALS = 6 };

static const char *const methods[METHODS] = {"random", "random", "sobol"};

struct host {
    int64_t calls, setups;
    int32_t answer; /* of the objective */
    int64_t from;   /* answered from this call on */
    int is_maximum;
};

static int32_t objective(afina_trial *trial, double *values, void *user)
{
    struct host *host = user;
    if (host->calls++ >= host->from && host->answer)
        return host->answer;
    values[0] = small_value(afina_trial_point(trial)) * (host->is_maximum ? -1 : 1);
    return AFINA_OK;
}

static int32_t setup(afina_optimizer *optimizer, size_t method, int64_t seed, void *user)
{
    struct host *host = user;
    assert_int_equal(host->setups++, seed * METHODS + (int64_t)method);
    if (method == 1)
        OK(afina_optimizer_set_integer(optimizer, "seed", seed + 100));
    return host->is_maximum ? afina_optimizer_set_string(optimizer, "direction", "maximise") : AFINA_OK;
}

static double by_hand(const char *method, int64_t seed)
{
    afina_optimizer *optimizer = small_optimizer(method);
    OK(afina_optimizer_set_integer(optimizer, "seed", seed));
    double best = INFINITY;
    for (int i = 0; i < TRIALS; i++)
        best = fmin(best, value_of(optimizer, small_step(optimizer)));
    afina_optimizer_free(optimizer);
    return best;
}

static void test_the_table_is_that_of_single_studies(void **state)
{
    (void)state;
    for (int most = 0; most <= 1; most++) {
        struct host host = {.is_maximum = most};
        afina_space *space = small_space();
        double best[SEEDS * METHODS];
        OK(afina_compare_methods(space, methods, METHODS, TRIALS, SEEDS, setup, objective, &host, best));
        afina_space_free(space);
        assert_int_equal(host.calls, SEEDS * METHODS * TRIALS);
        for (int64_t seed = 0; seed < SEEDS; seed++)
            for (size_t m = 0; m < METHODS; m++)
                assert_true(best[seed * METHODS + (int64_t)m] ==
                            by_hand(methods[m], m == 1 ? seed + 100 : seed) * (most ? -1 : 1));
    }
}

static void test_failures_and_ends_leave_gaps(void **state)
{
    (void)state;
    afina_space *space = small_space();
    double best[SEEDS * METHODS];
    struct host fails = {.answer = AFINA_E_FILE, .from = TRIALS}, all = {.answer = AFINA_E_FILE};
    OK(afina_compare_methods(space, methods, METHODS, TRIALS, SEEDS, NULL, objective, &fails, best));
    assert_true(isfinite(best[0]) && isnan(best[1]) && isnan(best[5]));
    assert_int_equal(afina_compare_methods(space, methods, METHODS, TRIALS, SEEDS, NULL, objective, &all, best),
                     AFINA_ALL_FAILED);
    struct host ends = {.answer = AFINA_CANCELLED, .from = TRIALS + 2};
    assert_int_equal(afina_compare_methods(space, methods, METHODS, TRIALS, SEEDS, NULL, objective, &ends, best),
                     AFINA_CANCELLED);
    assert_true(isfinite(best[0]) && isnan(best[1]) && isnan(best[2]) && isnan(best[5]));
    assert_int_equal(ends.calls, TRIALS + 3);
    afina_space_free(space);
}

static int32_t refuse(afina_optimizer *optimizer, size_t method, int64_t seed, void *user)
{
    (void)user;
    (void)method;
    (void)seed;
    return afina_optimizer_set_integer(optimizer, "objectives", 2);
}

static int32_t answer(afina_optimizer *optimizer, size_t method, int64_t seed, void *user)
{
    (void)optimizer;
    (void)method;
    (void)seed;
    return *(int32_t *)user;
}

static void test_what_setup_answers_ends_the_comparison(void **state)
{
    (void)state;
    afina_space *space = small_space();
    double best[METHODS];
    int32_t status = AFINA_E_CALLBACK;
    assert_int_equal(afina_compare_methods(space, methods, METHODS, 1, 1, answer, objective, &status, best), status);
    struct host host = {0};
    assert_int_equal(afina_compare_methods(space, methods, METHODS, 1, 1, refuse, objective, &host, best),
                     AFINA_E_UNSUPPORTED);
    afina_space_free(space);
}

static void test_bad_arguments_are_refused_before_anything_runs(void **state)
{
    (void)state;
    afina_space *space = small_space();
    const char *const unknown[2] = {"random", "randon"};
    struct host host = {0};
    double best[2];
    FAILS(afina_compare_methods(NULL, methods, 2, 1, 1, NULL, objective, &host, best), AFINA_E_ARGUMENT,
          "space is NULL");
    FAILS(afina_compare_methods(space, NULL, 2, 1, 1, NULL, objective, &host, best), AFINA_E_ARGUMENT, "methods");
    FAILS(afina_compare_methods(space, unknown, 2, 1, 1, NULL, objective, &host, best), AFINA_E_NAME, "randon");
    FAILS(afina_compare_methods(space, methods, 0, 1, 1, NULL, objective, &host, best), AFINA_E_RANGE,
          "method_count must be at least 1, got 0");
    FAILS(afina_compare_methods(space, methods, 2, 0, 1, NULL, objective, &host, best), AFINA_E_RANGE,
          "trials must be at least 1, got 0");
    FAILS(afina_compare_methods(space, methods, 2, 1, 0, NULL, objective, &host, best), AFINA_E_RANGE,
          "seed_count must be at least 1, got 0");
    FAILS(afina_compare_methods(space, methods, 2, 1, 1, NULL, NULL, &host, best), AFINA_E_ARGUMENT,
          "objective is NULL");
    FAILS(afina_compare_methods(space, methods, 2, 1, 1, NULL, objective, &host, NULL), AFINA_E_ARGUMENT,
          "best is NULL");
    assert_int_equal(host.calls, 0);
    afina_space_free(space);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_table_is_that_of_single_studies),
        cmocka_unit_test(test_failures_and_ends_leave_gaps),
        cmocka_unit_test(test_what_setup_answers_ends_the_comparison),
        cmocka_unit_test(test_bad_arguments_are_refused_before_anything_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
