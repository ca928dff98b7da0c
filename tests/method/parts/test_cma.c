/* The density of CMA-ES against numbers worked out from the tutorial's formulas, and
 * what many coordinates, equal losses and steps from elsewhere do to it. */
#include "method/parts/cma.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NEAR(a, b) assert_true(fabs((a) - (b)) < 1e-12)

enum { N = 2, LAMBDA = 6 };

static const double rows[LAMBDA][N] = {{0.35, 0.55}, {0.4, 0.7}, {0.1, 0.5}, {0.25, 0.9}, {0.6, 0.2}, {0.8, 0.65}};

static struct cma small_density(void)
{
    struct cma s;
    assert_int_equal(cma_init(&s, N, 10), 0);
    cma_set_lambda(&s, LAMBDA);
    cma_start(&s, (const double[]){0.3, 0.6}, 0.25);
    cma_stretch(&s);
    return s;
}

static int update(struct cma *s, const double *loss)
{
    const double *x[LAMBDA];
    for (size_t i = 0; i < LAMBDA; i++)
        x[i] = rows[i];
    return cma_update(s, x, loss);
}

static void test_weights_and_rates(void **state)
{
    (void)state;
    static const double weight[] = {0.6370425712412168,   0.28457025743803294, 0.07838717132075033,
                                    -0.28638378259655295, -0.7649580940851275, -1.1559817781589212};
    struct cma s = small_density();
    for (size_t i = 0; i < LAMBDA; i++)
        NEAR(s.weight[i], weight[i]);
    NEAR(s.mu_eff, 2.0286114646100617);
    NEAR(s.c_sigma, 0.44620498737831715);
    NEAR(s.d_sigma, 1.4462049873783172);
    NEAR(s.c_c, 0.6245545390268264);
    NEAR(s.c_1, 0.1548153998964136);
    NEAR(s.c_mu, 0.057859085071916304);
    cma_fini(&s);
}

static void test_two_generations(void **state)
{
    (void)state;
    static const double loss[] = {1, 2, 3, 4, 5, 6};
    struct cma s = small_density();
    assert_int_equal(update(&s, loss), 0);
    NEAR(s.mean[0], 0.34463172004171405);
    NEAR(s.mean[1], 0.5887661800496674);
    NEAR(s.sigma, 0.19376213297510173);
    NEAR(s.c[0], 0.7654430042548287);
    NEAR(s.c[1], 0.03506611851107027);
    NEAR(s.c[3], 0.8301973213249838);
    assert_int_equal(update(&s, loss), 0);
    NEAR(s.sigma, 0.1466190921111463);
    NEAR(s.c[0], 0.5856113116707286);
    NEAR(s.c[1], 0.06216050507857915);
    NEAR(s.c[3], 0.693418072488387);
    cma_fini(&s);
}

/* (0.6370 + 0.2846) / 2 for each of the two that are best. */
static void test_equal_losses_share_their_weights(void **state)
{
    (void)state;
    static const double loss[] = {1, 1, 3, 4, 5, 6};
    struct cma s = small_density();
    assert_int_equal(update(&s, loss), 0);
    double half = (0.6370425712412168 + 0.28457025743803294) / 2;
    NEAR(s.mean[0], half * (0.35 + 0.4) + 0.07838717132075033 * 0.1);
    NEAR(s.mean[1], half * (0.55 + 0.7) + 0.07838717132075033 * 0.5);
    cma_fini(&s);
}

static void test_draws_have_the_covariance(void **state)
{
    (void)state;
    enum { DRAWS = 20000 };
    static const double loss[] = {1, 2, 3, 4, 5, 6};
    struct cma s = small_density();
    struct rng rng;
    double x[N], sum[3] = {0};
    assert_int_equal(update(&s, loss), 0);
    s.least[1] = 0.75;
    cma_stretch(&s);
    NEAR(cma_deviation(&s, 1), 0.75);
    rng_start(&rng, 2385, 0, RNG_SUGGEST);
    for (int i = 0; i < DRAWS; i++) {
        cma_draw(&s, &rng, x);
        double a = x[0] - s.mean[0], b = x[1] - s.mean[1];
        sum[0] += a * a / DRAWS;
        sum[1] += a * b / DRAWS;
        sum[2] += b * b / DRAWS;
    }
    double deviation = cma_deviation(&s, 0), correlation = s.c[1] / sqrt(s.c[0] * s.c[3]);
    assert_true(fabs(sum[0] / (deviation * deviation) - 1) < 0.03);
    assert_true(fabs(sum[2] / (0.75 * 0.75) - 1) < 0.03);
    assert_true(fabs(sum[1] / sqrt(sum[0] * sum[2]) - correlation) < 0.03);
    cma_fini(&s);
}

/* sqrt(2) + 4 / 4 deviations is as far as a step from elsewhere goes. */
static void test_a_step_from_elsewhere_is_bounded(void **state)
{
    (void)state;
    struct cma s = small_density();
    double far[N] = {0.3, 3.6}, near[N] = {0.3, 0.85};
    cma_bound(&s, far);
    cma_bound(&s, near);
    NEAR(far[0], 0.3);
    NEAR(far[1], 0.6 + 0.25 * (sqrt(2) + 1));
    NEAR(near[1], 0.85);
    cma_fini(&s);
}

static double bowl(size_t n, const double *x)
{
    double sum = 0;
    for (size_t j = 0; j < n; j++)
        sum += (x[j] - 0.2385) * (x[j] - 0.2385) * (j % 2 ? 100 : 1);
    return sum;
}

/* Draws and ranks so many generations; the loss of the mean. */
static double descend(struct cma *s, int generations)
{
    struct rng rng;
    double *x = calloc(s->lambda * s->n, sizeof *x), loss[64];
    const double *ranked[64];
    assert_non_null(x);
    assert_true(s->lambda <= 64);
    rng_start(&rng, 2385, 0, RNG_SUGGEST);
    for (int g = 0; g < generations; g++) {
        for (size_t i = 0; i < s->lambda; i++) {
            cma_draw(s, &rng, x + i * s->n);
            double value = bowl(s->n, x + i * s->n);
            size_t at = i;
            for (; at > 0 && loss[at - 1] > value; at--) {
                loss[at] = loss[at - 1];
                ranked[at] = ranked[at - 1];
            }
            loss[at] = value;
            ranked[at] = x + i * s->n;
        }
        assert_int_equal(cma_update(s, ranked, loss), 0);
    }
    free(x);
    return bowl(s->n, s->mean);
}

static double descend_from_the_middle(size_t n, size_t lambda, int generations)
{
    struct cma s;
    double *mean = calloc(n, sizeof *mean);
    assert_non_null(mean);
    for (size_t j = 0; j < n; j++)
        mean[j] = 0.5;
    assert_int_equal(cma_init(&s, n, lambda), 0);
    cma_set_lambda(&s, lambda);
    cma_start(&s, mean, 0.2);
    cma_stretch(&s);
    double loss = descend(&s, generations);
    cma_fini(&s);
    free(mean);
    return loss;
}

static void test_it_goes_down(void **state)
{
    (void)state;
    assert_true(descend_from_the_middle(1, 4, 60) < 1e-9);
    assert_true(descend_from_the_middle(5, 8, 200) < 1e-14);
    assert_true(descend_from_the_middle(CMA_MOST_FULL + 1, 17, 1000) < 1e-9);
}

/* The best of earlier results lie on a line, and so does the density. */
static void test_a_warm_start_has_the_shape_of_what_is_known(void **state)
{
    (void)state;
    static const double known[3][N] = {{0.2, 0.2}, {0.4, 0.4}, {0.6, 0.6}};
    const double *x[] = {known[0], known[1], known[2]};
    struct cma s = small_density();
    cma_start_from(&s, x, 3, 0.1);
    cma_stretch(&s);
    double variance = (0.04 + 0.04) / 3;
    NEAR(s.mean[0], 0.4);
    NEAR(cma_deviation(&s, 1), sqrt(variance + 0.01));
    NEAR(s.sigma * s.sigma * s.c[1], variance);
    NEAR(s.c[0] * s.c[3] - s.c[1] * s.c[1], 1);
    cma_fini(&s);
}

/* An axis that vanishes has no inverse. */
static void test_a_density_without_width_is_lost(void **state)
{
    (void)state;
    static const double flat[LAMBDA][N] = {{0.3, 0.6}, {0.3, 0.6}, {0.3, 0.6}, {0.3, 0.6}, {0.3, 0.6}, {0.3, 0.6}};
    static const double loss[] = {1, 2, 3, 4, 5, 6};
    const double *x[LAMBDA];
    struct cma s = small_density();
    int lost = 0;
    for (size_t i = 0; i < LAMBDA; i++)
        x[i] = flat[i];
    for (int g = 0; g < 20000 && !lost; g++)
        lost = cma_update(&s, x, loss);
    assert_int_equal(lost, 1);
    cma_fini(&s);
}

/* So is one of which a bad step took all the width of an axis, where C is a diagonal. */
static void test_a_variance_below_nothing_is_noticed(void **state)
{
    (void)state;
    enum { MANY = CMA_MOST_FULL + 1 };
    static double row[4][MANY];
    const double *x[] = {row[0], row[1], row[2], row[3]}, loss[] = {1, 2, 3, 4};
    struct cma s;
    assert_int_equal(cma_init(&s, MANY, 4), 0);
    cma_set_lambda(&s, 4);
    cma_start(&s, row[0], 0.25);
    cma_stretch(&s);
    s.c[0] = -1;
    int lost = 0;
    for (int g = 0; g < 50 && !lost; g++)
        lost = cma_update(&s, x, loss);
    assert_int_equal(lost, 1);
    cma_fini(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_weights_and_rates),
        cmocka_unit_test(test_two_generations),
        cmocka_unit_test(test_equal_losses_share_their_weights),
        cmocka_unit_test(test_draws_have_the_covariance),
        cmocka_unit_test(test_a_step_from_elsewhere_is_bounded),
        cmocka_unit_test(test_it_goes_down),
        cmocka_unit_test(test_a_warm_start_has_the_shape_of_what_is_known),
        cmocka_unit_test(test_a_density_without_width_is_lost),
        cmocka_unit_test(test_a_variance_below_nothing_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
