/* gp under data that made other optimisers fail, named after where that was told:
 * whatever it learns, it suggests points of the space and its model answers. */
#include "afina_experimental.h"
#include "support/small_study.h"

#include "core/rng.h"

#include <float.h>
#include <math.h>
#include <stdio.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static void name_of(size_t j, char name[24])
{
    snprintf(name, 24, "x%zu", j);
}

static afina_space *cube_space(size_t d)
{
    afina_space *space;
    OK(afina_space_new(&space));
    for (size_t j = 0; j < d; j++) {
        char name[24];
        name_of(j, name);
        OK(afina_space_add_real(space, name, 0, 1, AFINA_SCALE_LINEAR));
    }
    return space;
}

static afina_optimizer *cube(size_t d)
{
    afina_space *space = cube_space(d);
    afina_optimizer *optimizer;
    OK(afina_optimizer_new(&optimizer, space, "gp"));
    afina_space_free(space);
    return optimizer;
}

/* Asks; the coordinates must be in the cube. */
static int64_t ask(afina_optimizer *optimizer, size_t d, double *x)
{
    afina_trial *trial;
    OK(afina_ask(optimizer, &trial));
    for (size_t j = 0; j < d; j++) {
        char name[24];
        name_of(j, name);
        OK(afina_point_get_real(afina_trial_point(trial), name, &x[j]));
        assert_true(x[j] >= 0 && x[j] <= 1);
    }
    int64_t number = afina_trial_number(trial);
    afina_trial_free(trial);
    return number;
}

static void set_point(afina_point *point, size_t d, const double *x)
{
    for (size_t j = 0; j < d; j++) {
        char name[24];
        name_of(j, name);
        OK(afina_point_set_real(point, name, x[j]));
    }
}

/* A result from elsewhere. */
static void add(afina_optimizer *optimizer, size_t d, const double *x, double value)
{
    afina_space *space = cube_space(d);
    afina_point *point;
    OK(afina_point_new(&point, space));
    set_point(point, d, x);
    OK(afina_add_trial(optimizer, point, AFINA_STATE_COMPLETE, &value, 1, NULL));
    afina_point_free(point);
    afina_space_free(space);
}

/* Once two results are known, the model answers at the last point. */
static void assert_answers(afina_optimizer *optimizer, int64_t number)
{
    afina_trial *trial;
    double mean, sd;
    OK(afina_trial_get(optimizer, number, &trial));
    int32_t rc = afina_model_predict(optimizer, 0, afina_trial_point(trial), &mean, &sd);
    if (rc == AFINA_OK)
        assert_true(isfinite(mean) && isfinite(sd) && sd >= 0);
    else
        assert_int_equal(rc, AFINA_E_STATE);
    afina_trial_free(trial);
}

/* A host that keeps its own history adds it to a new study for each suggestion, and got a point of the initial design
 * every time. */
static void test_results_from_elsewhere_stand_for_the_initial_design(void **state)
{
    (void)state;
    afina_space *space = cube_space(1);
    afina_optimizer *optimizer;
    afina_trial *trial;
    char name[24];
    double x;
    name_of(0, name);
    OK(afina_optimizer_new(&optimizer, space, "gp"));
    for (int i = 0; i < 12; i++)
        add(optimizer, 1, (double[1]){i / 11.0}, (i / 11.0 - 0.3) * (i / 11.0 - 0.3));
    OK(afina_ask(optimizer, &trial));
    OK(afina_point_get_real(afina_trial_point(trial), name, &x));
    assert_true(fabs(x - 0.3) < 0.03);
    afina_trial_free(trial);
    afina_optimizer_free(optimizer);
    afina_space_free(space);
}

static double best_value(afina_optimizer *optimizer)
{
    afina_trial *best;
    double value;
    size_t count;
    OK(afina_best(optimizer, &best));
    OK(afina_trial_values(best, &value, 1, &count));
    afina_trial_free(best);
    return value;
}

static void test_any_two_numbers_alternate(void **state)
{
    (void)state;
    static const double odd[] = {NAN, INFINITY, -INFINITY, 1e308, -1e308, 5e-324, 0, 2.385};
    for (size_t a = 0; a < LENGTH(odd); a++)
        for (size_t b = a; b < LENGTH(odd); b++) {
            afina_optimizer *optimizer = cube(2);
            for (int i = 0; i < 12; i++) {
                double x[2];
                int64_t number = ask(optimizer, 2, x);
                OK(afina_tell(optimizer, number, i % 2 ? &odd[b] : &odd[a], 1));
                assert_answers(optimizer, number);
            }
            afina_optimizer_free(optimizer);
        }
}

static void test_constants_for_one_to_fifty_trials(void **state)
{
    (void)state;
    static const double constants[] = {0, 2.385, -1e308, 5e-324};
    for (size_t k = 0; k < LENGTH(constants); k++) {
        afina_optimizer *optimizer = cube(1);
        for (int i = 0; i < 50; i++) {
            double x;
            int64_t number = ask(optimizer, 1, &x);
            OK(afina_tell(optimizer, number, &constants[k], 1));
            assert_answers(optimizer, number);
        }
        afina_optimizer_free(optimizer);
    }
}

static void test_thousands_of_copies_of_one_point(void **state)
{
    (void)state;
    for (int different = 0; different < 2; different++) {
        afina_optimizer *optimizer = cube(2);
        for (int i = 0; i < 3000; i++)
            add(optimizer, 2, (const double[2]){0.5, 0.5}, different ? sin(i) : 0.385);
        for (int i = 0; i < 5; i++) {
            double x[2], value = 1 + i;
            int64_t number = ask(optimizer, 2, x);
            assert_true(fabs(x[0] - 0.5) + fabs(x[1] - 0.5) > 1e-9);
            OK(afina_tell(optimizer, number, &value, 1));
            assert_answers(optimizer, number);
        }
        afina_optimizer_free(optimizer);
    }
}

/* Points that differ in the last digits only, in many dimensions and without noise:
 * as near to singular as a matrix of a study comes. */
static void test_near_copies_in_thirty_dimensions(void **state)
{
    (void)state;
    enum { D = 30, COPIES = 150 };
    afina_optimizer *optimizer = cube(D);
    struct rng rng;
    double x[D];
    int64_t fallbacks;
    OK(afina_optimizer_set_string(optimizer, "noise", "none"));
    OK(afina_optimizer_set_string(optimizer, "kernel", "rbf"));
    rng_start(&rng, 862, 0, RNG_OBJECTIVE);
    for (int i = 0; i < COPIES; i++) {
        for (size_t j = 0; j < D; j++)
            x[j] = 0.5 + 1e-12 * rng_normal(&rng);
        add(optimizer, D, x, rng_normal(&rng));
    }
    for (int i = 0; i < 5; i++) {
        double value = rng_normal(&rng);
        int64_t number = ask(optimizer, D, x);
        OK(afina_tell(optimizer, number, &value, 1));
        assert_answers(optimizer, number);
    }
    OK(afina_model_fallbacks(optimizer, &fallbacks));
    assert_int_equal(fallbacks, 0);
    afina_optimizer_free(optimizer);
}

/* Results from a normal distribution to one without moments. */
static double heavy(struct rng *rng, int tail)
{
    return rng_normal(rng) / pow(rng_uniform(rng), tail);
}

static void assert_length_scales_in_bounds(afina_optimizer *optimizer, size_t d)
{
    for (size_t j = 0; j < d; j++) {
        char name[24];
        double scale;
        name_of(j, name);
        OK(afina_model_length_scale(optimizer, 0, name, &scale));
        assert_true(scale >= 0.01 * (1 - 1e-12) && scale <= 1000 * (1 + 1e-12));
    }
}

static void test_length_scales_of_a_hundred_random_studies_stay_in_bounds(void **state)
{
    (void)state;
    struct rng rng;
    rng_start(&rng, 1745, 0, RNG_OBJECTIVE);
    for (int study = 0; study < 100; study++) {
        size_t d = 1 + rng_below(&rng, 5), n = 2 + rng_below(&rng, 40);
        double x[5];
        afina_optimizer *optimizer = cube(d);
        for (size_t i = 0; i < n; i++) {
            for (size_t j = 0; j < d; j++)
                x[j] = study % 3 ? rng_uniform(&rng) : (double)rng_below(&rng, 3) / 2;
            add(optimizer, d, x, heavy(&rng, study % 10));
        }
        assert_length_scales_in_bounds(optimizer, d);
        ask(optimizer, d, x);
        afina_optimizer_free(optimizer);
    }
}

static void test_optima_in_every_corner_of_a_square(void **state)
{
    (void)state;
    for (int corner = 0; corner < 4; corner++) {
        afina_optimizer *optimizer = cube(2);
        for (int i = 0; i < 25; i++) {
            double x[2];
            int64_t number = ask(optimizer, 2, x);
            double value = fabs(x[0] - corner % 2) + 2 * fabs(x[1] - corner / 2);
            OK(afina_tell(optimizer, number, &value, 1));
        }
        assert_true(best_value(optimizer) < 1e-6);
        afina_optimizer_free(optimizer);
    }
}

static double one_of_many(const double *x)
{
    return (x[7] - 0.9) * (x[7] - 0.9);
}

/* Random search comes so near in 60 trials in one case of five. */
static void test_one_of_two_hundred_parameters_matters(void **state)
{
    (void)state;
    enum { D = 200, TRIALS = 60, SEEDS = 3 };
    static double x[D];
    for (int seed = 1; seed <= SEEDS; seed++) {
        afina_optimizer *optimizer = cube(D);
        OK(afina_optimizer_set_integer(optimizer, "seed", seed));
        for (int i = 0; i < TRIALS; i++) {
            int64_t number = ask(optimizer, D, x);
            double value = one_of_many(x);
            OK(afina_tell(optimizer, number, &value, 1));
        }
        if (!(best_value(optimizer) < 3e-6))
            fail_msg("seed %d: %g", seed, best_value(optimizer));
        afina_optimizer_free(optimizer);
    }
}

/* The trials of an optimizer go where it expects the best, and in 200 dimensions two
 * coordinates of a few points agree by chance: independent points tell them apart. */
static void test_which_of_two_hundred_parameters_matters(void **state)
{
    (void)state;
    enum { D = 200, RESULTS = 120 };
    static double x[D], share[D];
    size_t count;
    struct rng rng;
    afina_optimizer *optimizer = cube(D);
    rng_start(&rng, 200, 0, RNG_OBJECTIVE);
    for (int i = 0; i < RESULTS; i++) {
        for (size_t j = 0; j < D; j++)
            x[j] = rng_uniform(&rng);
        add(optimizer, D, x, one_of_many(x));
    }
    OK(afina_model_importances(optimizer, 0, share, D, &count));
    for (size_t j = 0; j < D; j++)
        if (!(j == 7 || share[7] > 20 * share[j]))
            fail_msg("the share of x7 is %g, that of x%zu %g (seed 200)", share[7], j, share[j]);
    afina_optimizer_free(optimizer);
}

static void test_values_over_six_hundred_orders_of_magnitude(void **state)
{
    (void)state;
    afina_optimizer *optimizer = cube(1);
    for (int i = 0; i < 25; i++) {
        double x;
        int64_t number = ask(optimizer, 1, &x);
        double value = pow(10, 600 * fabs(x - 0.385) - 300);
        OK(afina_tell(optimizer, number, &value, 1));
        assert_answers(optimizer, number);
    }
    assert_true(best_value(optimizer) < 1e-298);
    afina_optimizer_free(optimizer);
}

static void test_a_space_of_one_point(void **state)
{
    (void)state;
    static const char *const only[] = {"only"};
    for (int repeats = 0; repeats < 2; repeats++) {
        afina_space *space;
        afina_optimizer *optimizer;
        afina_trial *trial;
        OK(afina_space_new(&space));
        OK(afina_space_add_integer(space, "n", 7, 7, AFINA_SCALE_LINEAR));
        OK(afina_space_add_categorical(space, "k", only, 1));
        OK(afina_optimizer_new(&optimizer, space, "gp"));
        OK(afina_optimizer_set_integer(optimizer, "repeats", repeats));
        int asked = 0;
        for (; asked < 20 && afina_ask(optimizer, &trial) == AFINA_OK; asked++) {
            double value = sin(asked);
            OK(afina_tell(optimizer, asked, &value, 1));
            assert_answers(optimizer, asked);
            afina_trial_free(trial);
        }
        assert_int_equal(asked, repeats ? 20 : 1);
        afina_optimizer_free(optimizer);
        afina_space_free(space);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_results_from_elsewhere_stand_for_the_initial_design),
        cmocka_unit_test(test_any_two_numbers_alternate),
        cmocka_unit_test(test_constants_for_one_to_fifty_trials),
        cmocka_unit_test(test_thousands_of_copies_of_one_point),
        cmocka_unit_test(test_near_copies_in_thirty_dimensions),
        cmocka_unit_test(test_length_scales_of_a_hundred_random_studies_stay_in_bounds),
        cmocka_unit_test(test_optima_in_every_corner_of_a_square),
        cmocka_unit_test(test_one_of_two_hundred_parameters_matters),
        cmocka_unit_test(test_which_of_two_hundred_parameters_matters),
        cmocka_unit_test(test_values_over_six_hundred_orders_of_magnitude),
        cmocka_unit_test(test_a_space_of_one_point),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
