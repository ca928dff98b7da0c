/* A method under a race: what it is shown of arms that were dropped, and that it finds no worse configurations than
 * with every arm in every fold. */
#include "support/search_study.h"

#include "core/rng.h"

enum { FOLDS = 10, BUDGET = 200 };

static double truth_of(const afina_point *point)
{
    double x = real(point, "x0") - 0.3, y = real(point, "x1") - 0.7, z = real(point, "x2") - 0.5;
    return 4 * (x * x + y * y + z * z) + 0.3 * (1 - cos(12 * x)) * (1 - cos(12 * y));
}

struct folds {
    uint64_t seed;
    double fold_sd, noise;
};

static int32_t on_fold(afina_trial *trial, double *values, void *user)
{
    const struct folds *f = user;
    struct rng rng;
    int64_t fold;
    OK(afina_trial_replicate(trial, &fold));
    rng_start(&rng, f->seed, (uint64_t)fold, RNG_OBJECTIVE);
    values[0] = truth_of(afina_trial_point(trial)) + f->fold_sd * rng_normal(&rng);
    rng_start(&rng, f->seed + 1000, (uint64_t)afina_trial_number(trial), RNG_OBJECTIVE);
    values[0] += f->noise * rng_normal(&rng);
    return AFINA_OK;
}

/* The true loss of the best after BUDGET folds. */
static double search(const char *method, const char *scheduler, struct folds *f)
{
    afina_space *space = cube_space(3);
    afina_optimizer *o;
    afina_trial *best;
    OK(afina_optimizer_new(&o, space, method));
    afina_space_free(space);
    OK(afina_optimizer_set_integer(o, "seed", (int64_t)f->seed));
    OK(afina_optimizer_set_integer(o, "replicates", FOLDS));
    OK(afina_optimizer_set_string(o, "scheduler", scheduler));
    OK(afina_optimize(o, on_fold, f, BUDGET));
    OK(afina_best(o, &best));
    double truth = truth_of(afina_trial_point(best));
    afina_trial_free(best);
    afina_optimizer_free(o);
    return truth;
}

static int runs(void)
{
    const char *text = getenv("AFINA_RACE_RUNS");
    return text ? atoi(text) : 8;
}

/* ln of the true loss under the race over that under `repeat`: its mean is below three standard errors. */
static void compare(const char *method, double noise)
{
    double sum[2] = {0, 0}, mean = 0, squares = 0;
    int n = runs();
    for (int k = 0; k < n; k++) {
        struct folds f = {2385 + (uint64_t)k, 1, noise};
        double repeat = search(method, "repeat", &f), race = search(method, "race", &f);
        double ratio = log((race + 1e-4) / (repeat + 1e-4)), away = ratio - mean;
        sum[0] += repeat / n;
        sum[1] += race / n;
        mean += away / (k + 1);
        squares += away * (ratio - mean);
    }
    double error = sqrt(squares / (n - 1) / n);
    print_message("%s, fold sd 1, noise %g, %d seeds from 2385: repeat %.4f, race %.4f, ln ratio %.2f +- %.2f\n",
                  method, noise, n, sum[0], sum[1], mean, error);
    if (mean > 3 * error)
        fail_msg("%s, noise %g, seeds from 2385: ln ratio %.2f +- %.2f", method, noise, mean, error);
}

static void test_a_method_is_no_worse_under_a_race(void **state)
{
    (void)state;
    compare("gp", 0.1);
    compare("gp", 0.5);
    compare("tpe", 0.1);
    compare("tpe", 0.5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_method_is_no_worse_under_a_race),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
