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

static void test_the_share_has_a_normal_prior_over_its_logit(void **state)
{
    (void)state;
    struct gaussian_process gp;
    struct gp_fitter f;
    struct gp_prior prior;
    double theta[5], gradient[5], want;
    case_theta_with_share(theta);
    case_process_of(&gp, KERNEL_MATERN52, 1, POINTS);
    gp_prior_default(&prior, 3, 1);
    gp_prior_make_additive(&prior, 3);
    prior.scale_shape = INFINITY;
    prior.share_mean = 0.385;
    aim(&f, &gp, &prior, case_y);
    want = 10.151426872803508 - 0.5 * POINTS * 1.8378770664093454836;
    for (int j = 0; j < 4; j++) {
        double mean = j < 3 ? prior.length_mean : prior.noise_mean, sd = j < 3 ? prior.length_sd : prior.noise_sd;
        want += theta[j] + (theta[j] - mean) * (theta[j] - mean) / (2 * sd * sd);
    }
    want += (theta[4] - 0.385) * (theta[4] - 0.385) / 8;
    assert_near(gp_fitter_loss(&f, theta, gradient), want, 1e-13);
    gp_fitter_fini(&f);
    gp_fini(&gp);
}

/* Steps of 1e-5 either way in every theta. */
static void assert_gradient_agrees(struct gp_fitter *f, double *theta, size_t size)
{
    double gradient[5], unused[5];
    gp_fitter_loss(f, theta, gradient);
    for (size_t j = 0; j < size; j++) {
        double at = theta[j], high, low;
        theta[j] = at + 1e-5;
        high = gp_fitter_loss(f, theta, unused);
        theta[j] = at - 1e-5;
        low = gp_fitter_loss(f, theta, unused);
        theta[j] = at;
        assert_near(gradient[j], (high - low) / 2e-5, 1e-6);
    }
}

static void test_gradient_agrees_with_differences(void **state)
{
    (void)state;
    static const double shapes[] = {INFINITY, 2.385};
    for (int kernel = KERNEL_MATERN52; kernel <= KERNEL_RBF; kernel++)
        for (size_t s = 0; s < 2 * LENGTH(shapes); s++) {
            struct gaussian_process gp;
            struct gp_fitter f;
            struct gp_prior prior;
            double theta[5];
            int additive = s >= LENGTH(shapes);
            case_theta_with_share(theta);
            case_process_of(&gp, kernel, additive, POINTS);
            gp_prior_default(&prior, 3, 1);
            if (additive)
                gp_prior_make_additive(&prior, 3);
            prior.scale_shape = shapes[s % LENGTH(shapes)];
            aim(&f, &gp, &prior, case_y);
            assert_gradient_agrees(&f, theta, gp_theta_size(3, additive, 1));
            gp_fitter_fini(&f);
            gp_fini(&gp);
        }
}

/* Slopes of the log likelihood by reference.py; the second and third length scales change the weights of their terms.
 */
static void test_gradient_with_an_additive_kernel_against_forty_digits(void **state)
{
    (void)state;
    static const double want[3][5] = {
        {0.32352575561516871, -2.0861840744312339, -1.2430240753236431, 0.034055949733449773, 0.3206349484878751},
        {0.18635732992003297, -1.7996320785403541, -1.0855844156635242, 0.031238367798725657, 0.29533923060667367},
        {0.74762054322561447, -2.7397910182006115, -1.6161661720729501, 0.040407499802054664, 0.38178349320922599}};
    for (int kernel = KERNEL_MATERN52; kernel <= KERNEL_RBF; kernel++) {
        struct gaussian_process gp;
        struct gp_fitter f;
        struct gp_prior prior;
        double theta[5], gradient[5];
        case_theta_with_share(theta);
        case_process_of(&gp, kernel, 1, POINTS);
        gp_prior_default(&prior, 3, 1);
        gp_prior_make_additive(&prior, 3);
        prior.scale_shape = INFINITY;
        aim(&f, &gp, &prior, case_y);
        gp_fitter_loss(&f, theta, gradient);
        for (int j = 0; j < 5; j++) {
            double mean = j < 3 ? prior.length_mean : j < 4 ? prior.noise_mean : prior.share_mean;
            double sd = j < 3 ? prior.length_sd : j < 4 ? prior.noise_sd : prior.share_sd;
            double of_prior = (j < 4) + (theta[j] - mean) / (sd * sd);
            assert_near(gradient[j], of_prior - want[kernel][j], 1e-12);
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

static void test_parameters_stay_in_their_bounds(void **state)
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
static void test_a_hundred_starts(void **state)
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

/* ------------------------------------------------------------- how much is a sum */

enum { TERMS = 4 };

static const struct gp_dimension four_numbers[TERMS] = {
    {DIMENSION_NUMERIC, 0}, {DIMENSION_NUMERIC, 0}, {DIMENSION_NUMERIC, 0}, {DIMENSION_NUMERIC, 0}};

/* The share that a fit to n random points ends with. */
static double share_of(double (*function)(const double *x), size_t n)
{
    struct gaussian_process gp;
    struct gp_fitter f;
    struct gp_prior prior;
    struct rng rng;
    double theta[TERMS + 2], y[100];
    gp_prior_default(&prior, TERMS, 1);
    gp_prior_make_additive(&prior, TERMS);
    gp_prior_start(&prior, TERMS, theta);
    OK(gp_init(&gp, four_numbers, TERMS, KERNEL_MATERN52));
    gp.additive = 1;
    OK(gp_reserve(&gp, n));
    gp_clear(&gp, theta);
    rng_start(&rng, 2385, 7, RNG_SUGGEST);
    for (size_t i = 0; i < n; i++) {
        double x[TERMS];
        for (size_t j = 0; j < TERMS; j++)
            x[j] = rng_uniform(&rng);
        gp_add(&gp, x);
        y[i] = function(x);
    }
    OK(gp_fitter_init(&f, &prior, TERMS));
    OK(gp_fitter_aim(&f, &gp, y));
    assert_true(isfinite(gp_fitter_run(&f, theta, 100)));
    for (size_t j = 0; j < TERMS + 2; j++)
        assert_true(theta[j] >= f.low[j] && theta[j] <= f.high[j]);
    gp_fitter_fini(&f);
    gp_fini(&gp);
    return 1 / (1 + exp(-theta[TERMS + 1]));
}

static double sum_of_waves(const double *x)
{
    double sum = 0;
    for (size_t j = 0; j < TERMS; j++)
        sum += sin(4 * x[j] + (double)j);
    return 0.7 * sum;
}

static double product_of_waves(const double *x)
{
    double product = 2.385;
    for (size_t j = 0; j < TERMS; j++)
        product *= sin(4 * x[j] + (double)j);
    return product;
}

static void test_the_share_goes_up_for_a_sum_and_down_for_a_product(void **state)
{
    (void)state;
    double sum = share_of(sum_of_waves, 60), product = share_of(product_of_waves, 60);
    if (!(sum > 0.9 && product < 0.2))
        fail_msg("of a sum %g, of a product %g", sum, product);
}

static double flat(const double *x)
{
    return 0 * x[0];
}

static double overflowing(const double *x)
{
    return x[0] > 0.5 ? 1e150 : -1e150;
}

static void test_the_share_of_odd_data_stays_in_its_bounds(void **state)
{
    (void)state;
    static double (*const functions[])(const double *) = {flat, overflowing, sum_of_waves};
    static const size_t sizes[] = {1, 2, 30};
    const double least = 1 / (1 + exp(6)), most = 1 / (1 + exp(-6));
    for (size_t i = 0; i < LENGTH(functions); i++)
        for (size_t k = 0; k < LENGTH(sizes); k++) {
            double share = share_of(functions[i], sizes[k]);
            assert_true(share >= least && share <= most);
        }
}

static void test_one_parameter_has_no_additive_kernel(void **state)
{
    (void)state;
    struct gp_prior prior;
    struct gp_fitter f;
    gp_prior_default(&prior, 1, 1);
    gp_prior_make_additive(&prior, 1);
    assert_false(prior.additive);
    OK(gp_fitter_init(&f, &prior, 1));
    assert_int_equal(f.search.n, 2);
    gp_fitter_fini(&f);
}

/* With the share at its start in the middle, and at either bound. */
static void test_a_fit_leaves_a_bound_for_the_share(void **state)
{
    (void)state;
    struct gaussian_process gp;
    struct gp_fitter f;
    struct gp_prior prior;
    case_process_of(&gp, KERNEL_MATERN52, 1, POINTS);
    gp_prior_default(&prior, 3, 1);
    gp_prior_make_additive(&prior, 3);
    aim(&f, &gp, &prior, case_y);
    assert_true(f.low[4] == -6 && f.high[4] == 6);
    for (int side = -1; side <= 1; side++) {
        double theta[5];
        gp_prior_start(&prior, 3, theta);
        assert_true(theta[4] == 0);
        theta[4] = side * prior.share_most;
        assert_true(isfinite(gp_fitter_run(&f, theta, 100)));
        assert_true(fabs(theta[4]) < 4);
    }
    gp_fitter_fini(&f);
    gp_fini(&gp);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_loss_is_minus_likelihood_times_prior),
        cmocka_unit_test(test_the_share_has_a_normal_prior_over_its_logit),
        cmocka_unit_test(test_gradient_agrees_with_differences),
        cmocka_unit_test(test_gradient_with_an_additive_kernel_against_forty_digits),
        cmocka_unit_test(test_an_irrelevant_input_gets_a_long_scale),
        cmocka_unit_test(test_noise_is_learned),
        cmocka_unit_test(test_without_noise_it_is_fixed),
        cmocka_unit_test(test_parameters_stay_in_their_bounds),
        cmocka_unit_test(test_a_hundred_starts),
        cmocka_unit_test(test_the_share_goes_up_for_a_sum_and_down_for_a_product),
        cmocka_unit_test(test_the_share_of_odd_data_stays_in_its_bounds),
        cmocka_unit_test(test_one_parameter_has_no_additive_kernel),
        cmocka_unit_test(test_a_fit_leaves_a_bound_for_the_share),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
