/* A method learns from arms of all budgets: with the default scheduler a model finds better points than chance does. */
#include "support/search_study.h"

#include <math.h>

enum { FULL = 27, TOTAL = 20 * FULL };

/* The higher x1 is, the later a training gets to where it ends: low budgets lead a little away from the optimum. */
static double loss_at(const afina_point *point, double step)
{
    double x = real(point, "x0") - 0.3, y = real(point, "x1") - 0.7;
    return x * x + y * y + (1 + 0.1 * real(point, "x1")) / step;
}

static int32_t objective(afina_trial *trial, double *values, void *user)
{
    double start, budget;
    (void)user;
    OK(afina_trial_start(trial, &start));
    OK(afina_trial_budget(trial, &budget));
    for (double step = start + 1; step <= budget; step++) {
        values[0] = loss_at(afina_trial_point(trial), step);
        OK(afina_trial_tell_report(trial, step, values, 1));
    }
    return AFINA_OK;
}

/* The mean over seeds of the logarithm of what the best is above the optimum. */
static double log_regret(const char *method, int64_t waves, int seeds)
{
    double sum = 0, optimum = INFINITY;
    for (double y = 0; y <= 1; y += 1e-4)
        optimum = fmin(optimum, (y - 0.7) * (y - 0.7) + (1 + 0.1 * y) / FULL);
    for (int seed = 0; seed < seeds; seed++) {
        afina_space *space = cube_space(2);
        afina_optimizer *o;
        afina_trial *best;
        double value;
        OK(afina_optimizer_new(&o, space, method));
        afina_space_free(space);
        OK(afina_optimizer_set_integer(o, "seed", seed));
        OK(afina_optimizer_set_real(o, "budget_min", 1));
        OK(afina_optimizer_set_real(o, "budget_max", FULL));
        OK(afina_optimizer_set_real(o, "budget_total", TOTAL));
        OK(afina_optimizer_set_integer(o, "adaptive.waves", waves));
        assert_int_equal(afina_optimize(o, objective, NULL, 100000), AFINA_DONE);
        OK(afina_best(o, &best));
        OK(afina_trial_value(best, &value));
        sum += log(value - optimum + 1e-9);
        afina_trial_free(best);
        afina_optimizer_free(o);
    }
    return sum / seeds;
}

static void test_a_model_is_better_than_chance(void **state)
{
    (void)state;
    double random = log_regret("random", 2, 24);
    assert_true(log_regret("tpe", 2, 24) < random - 0.6);
    assert_true(log_regret("tpe", 5, 24) < random - 2);
    assert_true(log_regret("gp", 2, 3) < random - 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_model_is_better_than_chance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
