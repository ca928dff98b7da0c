/* The fit: its gradient, its optimum, and data that has broken others. */
#include "surrogate/surrogate_case.h"

#include "core/rng.h"
#include "surrogate/gp_fit.h"

static void aim(struct gp_fitter *f, struct gaussian_process *gp, const struct gp_prior *prior, const double *y)
{
    OK(gp_fitter_init(f, prior, 3));
    OK(gp_fitter_aim(f, gp, y));
}

static void test_loss_is_minus_likelihood_times_prior(void **state)
{
    (void)state;
    struct gaussian_process gp;
    struct gp_fitter f;
    struct gp_prior prior;
    double theta[4], gradient[4], want;
    case_theta(theta);
    case_process(&gp, KERNEL_MATERN52, POINTS);
    gp_prior_default(&prior, 3, 1);
    prior.scale_shape = INFINITY;
    aim(&f, &gp, &prior, case_y);
    want = 10.715307718765248 - 0.5 * POINTS * 1.8378770664093454836;
    for (int j = 0; j < 4; j++) {
        double mean = j < 3 ? sqrt(2) + 0.5 * log(3) : prior.noise_mean, sd = j < 3 ? sqrt(3) : prior.noise_sd;
        want += theta[j] + (theta[j] - mean) * (theta[j] - mean) / (2 * sd * sd);
    }
    assert_near(gp_fitter_loss(&f, theta, gradient), want, 1e-13);
    gp_fitter_fini(&f);
    gp_fini(&gp);
}

static void test_gradient_agrees_with_differences(void **state)
{
    (void)state;
    static const double shapes[] = {INFINITY, 2.385};
    for (int kernel = KERNEL_MATERN52; kernel <= KERNEL_RBF; kernel++)
        for (size_t s = 0; s < LENGTH(shapes); s++) {
            struct gaussian_process gp;
            struct gp_fitter f;
            struct gp_prior prior;
            double theta[4], gradient[4], unused[4];
            case_theta(theta);
            case_process(&gp, kernel, POINTS);
            gp_prior_default(&prior, 3, 1);
            prior.scale_shape = shapes[s];
            aim(&f, &gp, &prior, case_y);
            gp_fitter_loss(&f, theta, gradient);
            for (int j = 0; j < 4; j++) {
                double at = theta[j], high, low;
                theta[j] = at + 1e-5;
                high = gp_fitter_loss(&f, theta, unused);
                theta[j] = at - 1e-5;
                low = gp_fitter_loss(&f, theta, unused);
                theta[j] = at;
                assert_near(gradient[j], (high - low) / 2e-5, 1e-6);
            }
            gp_fitter_fini(&f);
            gp_fini(&gp);
        }
}

/* Draws points and the values of a function that ignores its second input. */
static void fit_to(double (*function)(const double *x, struct rng *rng), size_t n, double theta[4], double *loss)
{
    struct gaussian_process gp;
    struct gp_fitter f;
    struct gp_prior prior;
    struct rng rng;
    double y[200];
    rng_start(&rng, 2385, n + 2, RNG_SUGGEST);
    gp_prior_default(&prior, 3, 1);
    gp_prior_start(&prior, 3, theta);
    OK(gp_init(&gp, case_dimension, 3, KERNEL_MATERN52));
    OK(gp_reserve(&gp, n));
    gp_clear(&gp, theta);
    for (size_t i = 0; i < n; i++) {
        double x[3] = {rng_uniform(&rng), rng_uniform(&rng), (double)rng_below(&rng, 3)};
        gp_add(&gp, x);
        y[i] = function(x, &rng);
    }
    aim(&f, &gp, &prior, y);
    *loss = gp_fitter_run(&f, theta, 100);
    for (int j = 0; j < 4; j++)
        assert_true(theta[j] >= f.low[j] && theta[j] <= f.high[j]);
    gp_fitter_fini(&f);
    gp_fini(&gp);
}

static double wave(const double *x, struct rng *rng)
{
    (void)rng;
    return sin(9 * x[0]);
}

static double noisy_wave(const double *x, struct rng *rng)
{
    return sin(9 * x[0]) + 0.5 * rng_normal(rng);
}

static void test_an_irrelevant_input_gets_a_long_scale(void **state)
{
    (void)state;
    double theta[4], loss;
    fit_to(wave, 60, theta, &loss);
    assert_true(isfinite(loss));
    assert_true(theta[1] > theta[0] + 1.5 && theta[2] > theta[0] + 1.5);
}

static void test_noise_is_learned(void **state)
{
    (void)state;
    double clean[4], noisy[4], loss;
    fit_to(wave, 60, clean, &loss);
    fit_to(noisy_wave, 60, noisy, &loss);
    assert_true(exp(noisy[3]) > 0.05);
    assert_true(exp(clean[3]) < 0.01);
}

static void test_without_noise_it_is_fixed(void **state)
{
    (void)state;
    struct gp_prior prior;
    double theta[4];
    gp_prior_default(&prior, 3, 0);
    gp_prior_start(&prior, 3, theta);
    assert_near(theta[3], log(1e-8), 1e-15);
}

static double constant(const double *x, struct rng *rng)
{
    (void)x;
    (void)rng;
    return 0;
}

static double huge(const double *x, struct rng *rng)
{
    (void)rng;
    return x[0] > 0.5 ? 1e300 : -1e300;
}

static void test_botorch_1745_parameters_stay_in_their_bounds(void **state)
{
    (void)state;
    double theta[4], loss;
    fit_to(constant, 50, theta, &loss);
    assert_true(isfinite(loss));
    fit_to(huge, 30, theta, &loss); /* y^2 overflows: theta is as it was */
    for (int j = 0; j < 4; j++)
        assert_true(isfinite(theta[j]));
}

/* Random starts all over the box end inside it. */
static void test_botorch_1745_a_hundred_starts(void **state)
{
    (void)state;
    struct gaussian_process gp;
    struct gp_fitter f;
    struct gp_prior prior;
    struct rng rng;
    case_process(&gp, KERNEL_MATERN52, POINTS);
    gp_prior_default(&prior, 3, 1);
    aim(&f, &gp, &prior, case_y);
    rng_start(&rng, 1745, 0, RNG_SUGGEST);
    for (int start = 0; start < 100; start++) {
        double theta[4];
        for (int j = 0; j < 4; j++)
            theta[j] = f.low[j] + rng_uniform(&rng) * (f.high[j] - f.low[j]);
        assert_true(isfinite(gp_fitter_run(&f, theta, 50)));
        for (int j = 0; j < 4; j++)
            assert_true(theta[j] >= f.low[j] && theta[j] <= f.high[j]);
    }
    gp_fitter_fini(&f);
    gp_fini(&gp);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_loss_is_minus_likelihood_times_prior),
        cmocka_unit_test(test_gradient_agrees_with_differences),
        cmocka_unit_test(test_an_irrelevant_input_gets_a_long_scale),
        cmocka_unit_test(test_noise_is_learned),
        cmocka_unit_test(test_without_noise_it_is_fixed),
        cmocka_unit_test(test_botorch_1745_parameters_stay_in_their_bounds),
        cmocka_unit_test(test_botorch_1745_a_hundred_starts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
