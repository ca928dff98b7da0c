/* Optima, the simplest point and the bound of the regret against models whose answers are known in closed form. */
#include "core/fail.h" /* before cmocka, which has a macro of that name */

#include "core/rng.h"
#include "numeric/special.h"
#include "surrogate/optima.h"
#include "surrogate/regret.h"
#include "surrogate/simplify.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define OK(call) assert_int_equal(call, 0)

enum { D = 3, RESULTS = 25 };

/* mean sum_j slope_j |x_j - centre_j|, the same deviation everywhere. */
struct cone {
    double slope[D], centre[D], sd, noise;
    double result[RESULTS][D];
    double loss[RESULTS], error[RESULTS];
    size_t results;
};

static double mean_of(const struct cone *cone, const double *x)
{
    double sum = 0;
    for (size_t j = 0; j < D; j++)
        sum += cone->slope[j] * fabs(x[j] - cone->centre[j]);
    return sum;
}

static void predict(void *model, const double *x, double *mean, double *sd)
{
    *mean = mean_of(model, x);
    *sd = ((struct cone *)model)->sd;
}

static double quantile(void *model, const double *x, double p)
{
    return mean_of(model, x) + ((struct cone *)model)->sd * normal_quantile(p);
}

static double noise(void *model, const double *x)
{
    (void)x;
    return ((struct cone *)model)->noise;
}

static size_t held(void *model)
{
    return ((struct cone *)model)->results;
}

static void result(void *model, size_t i, struct surrogate_result *out)
{
    const struct cone *cone = model;
    *out = (struct surrogate_result){.x = cone->result[i], .loss = cone->loss[i], .error = cone->error[i]};
}

/* Function k has its tip at a uniform place in the first coordinate, which the mean does not depend on. */
static int32_t draw(void *model, const double *x, size_t n, size_t draws, uint64_t seed, double *losses)
{
    struct cone cone = *(struct cone *)model;
    for (size_t k = 0; k < draws; k++) {
        struct rng rng;
        rng_start(&rng, seed, k, RNG_MODEL);
        cone.slope[0] = 1;
        cone.centre[0] = rng_uniform(&rng);
        for (size_t i = 0; i < n; i++)
            losses[k * n + i] = mean_of(&cone, x + i * D);
    }
    return 0;
}

static const struct surrogate_functions functions = {
    .predict = predict, .quantile = quantile, .noise = noise, .held = held, .result = result, .draw = draw};

static struct space *cube(void)
{
    struct space *space, *snapshot;
    OK(space_new(&space));
    OK(space_add_real(space, "a", 0, 1, AFINA_SCALE_LINEAR));
    OK(space_add_real(space, "b", 0, 1, AFINA_SCALE_LINEAR));
    OK(space_add_real(space, "c", 0, 1, AFINA_SCALE_LINEAR));
    OK(space_snapshot(&snapshot, space));
    space_free(space);
    return snapshot;
}

/* Results on the diagonal, the best of them at 0.2. */
static void add_results(struct cone *cone)
{
    cone->results = RESULTS;
    for (size_t i = 0; i < RESULTS; i++) {
        for (size_t j = 0; j < D; j++)
            cone->result[i][j] = 0.2 + 0.03 * (double)i;
        cone->loss[i] = mean_of(cone, cone->result[i]);
        cone->error[i] = NAN;
    }
}

/* ------------------------------------------------------------------------ optima */

/* The least points are where the tips are, and the range of a share of them has that length. */
static void test_optima_are_at_the_tips(void **state)
{
    (void)state;
    enum { DRAWS = 500 };
    struct cone cone = {.sd = 1};
    struct surrogate surrogate = {.functions = &functions, .model = &cone};
    struct space *space = cube();
    struct point *points[DRAWS];
    double low, high;
    OK(optima_draw(&surrogate, space, DRAWS, 2385, points));
    for (size_t k = 0; k < DRAWS; k++) {
        struct rng rng;
        rng_start(&rng, 2385, k, RNG_MODEL);
        assert_true(fabs(points[k]->value[0].real - rng_uniform(&rng)) < 0.03);
    }
    for (double share = 0.2; share < 1; share += 0.2) {
        OK(optima_range(space, points, DRAWS, 0, share, &low, &high));
        assert_true(fabs(high - low - share) < 0.1);
        size_t inside = 0;
        for (size_t k = 0; k < DRAWS; k++)
            inside += points[k]->value[0].real >= low && points[k]->value[0].real <= high;
        assert_true(inside >= (size_t)(share * DRAWS) && inside <= (size_t)(share * DRAWS) + 5);
    }
    for (size_t k = 0; k < DRAWS; k++)
        point_free(points[k]);
    space_release(space);
}

/* By hand: of 0, 1, 2, 3, 10 four fifths lie between 0 and 3, a fifth at the first. */
static void test_the_shortest_interval(void **state)
{
    (void)state;
    static const int64_t numbers[] = {10, 2, 0, 3, 1};
    struct space *space, *snapshot;
    struct point *points[5];
    double low, high;
    OK(space_new(&space));
    OK(space_add_integer(space, "n", 0, 10, AFINA_SCALE_LINEAR));
    OK(space_snapshot(&snapshot, space));
    for (size_t i = 0; i < 5; i++) {
        OK(point_new(&points[i], snapshot));
        points[i]->value[0].integer = numbers[i];
        points[i]->active[0] = 1;
    }
    OK(optima_range(snapshot, points, 5, 0, 0.8, &low, &high));
    assert_true(low == 0 && high == 3);
    OK(optima_range(snapshot, points, 5, 0, 0.81, &low, &high));
    assert_true(low == 0 && high == 10);
    OK(optima_range(snapshot, points, 5, 0, 0.01, &low, &high));
    assert_true(low == high);
    for (size_t i = 0; i < 5; i++)
        points[i]->active[0] = 0;
    assert_int_equal(optima_range(snapshot, points, 5, 0, 0.5, &low, &high), AFINA_E_NOT_FOUND);
    for (size_t i = 0; i < 5; i++)
        point_free(points[i]);
    space_release(snapshot);
    space_free(space);
}

/* ---------------------------------------------------------------------- simplify */

/* From 0 each parameter costs half its slope to set back to 0.5; together at most one deviation. */
static void test_the_least_harmful_go_back_until_a_deviation_is_spent(void **state)
{
    (void)state;
    static const struct {
        double sd, want[D];
    } rows[] = {{0, {0, 0, 0}},        {0.49, {0, 0, 0}},     {0.51, {0, 0.5, 0}},    {1.99, {0, 0.5, 0}},
                {2.01, {0, 0.5, 0.5}}, {3.99, {0, 0.5, 0.5}}, {4.01, {0.5, 0.5, 0.5}}};
    struct space *space = cube();
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        struct cone cone = {.slope = {4, 1, 3}, .sd = rows[r].sd};
        struct surrogate surrogate = {.functions = &functions, .model = &cone};
        struct point *point;
        OK(point_new(&point, space));
        space_resolve(space, point, 1);
        OK(simplify_point(&surrogate, space, point));
        for (size_t j = 0; j < D; j++)
            assert_true(point->value[j].real == rows[r].want[j]);
        point_free(point);
    }
    space_release(space);
}

/* ------------------------------------------------------------------------ regret */

/* The loss of the best result is known, the least of the space is 0 and the width of both bounds z deviations. */
static void test_the_bound_in_closed_form(void **state)
{
    (void)state;
    struct space *space = cube();
    for (double sd = 0; sd <= 0.1; sd += 0.05) {
        struct cone cone = {.slope = {1, 2, 0}, .sd = sd, .noise = 0.3};
        struct surrogate surrogate = {.functions = &functions, .model = &cone};
        double bound, deviation, z = sqrt(0.4 * log(3 * 625.0 * 9.869604401089358 / 0.6));
        add_results(&cone);
        OK(regret_bound(&surrogate, space, 1, &bound, &deviation));
        double want = 0.6 + 2 * z * sd;
        assert_true(bound <= want + 1e-9 && bound > want - 0.02);
        assert_true(deviation == 0.3);
        cone.error[0] = 0.07; /* of the best result */
        OK(regret_bound(&surrogate, space, 1, &bound, &deviation));
        assert_true(deviation == 0.07);
        cone.loss[0] = NAN; /* it failed: the next one is the best, and has no error */
        OK(regret_bound(&surrogate, space, 1, &bound, &deviation));
        assert_true(bound <= want + 0.09 + 1e-9 && bound > want + 0.07 && deviation == 0.3);
    }
    space_release(space);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_optima_are_at_the_tips),
        cmocka_unit_test(test_the_shortest_interval),
        cmocka_unit_test(test_the_least_harmful_go_back_until_a_deviation_is_spent),
        cmocka_unit_test(test_the_bound_in_closed_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
