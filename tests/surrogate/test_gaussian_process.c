/* The posterior against its definition in 40 digits, and what keeps its bits. */
#include "support/gp_log_likelihood.h"
#include "surrogate/surrogate_case.h"

#include "core/rng.h"

static void test_posterior_of_every_kernel(void **state)
{
    (void)state;
    static const double want[3][2] = {{-0.34154002703147626, 0.23088023048843326},
                                      {-0.32243840773522005, 0.30296190871712076},
                                      {-0.30812907074513986, 0.13756689190782347}};
    for (int kernel = KERNEL_MATERN52; kernel <= KERNEL_RBF; kernel++) {
        struct gaussian_process gp;
        double mean, variance;
        case_process(&gp, kernel, POINTS);
        gp_predict(&gp, case_at, 1, &mean, &variance);
        assert_near(mean, want[kernel][0], 1e-13);
        assert_near(variance, want[kernel][1], 1e-13);
        gp_fini(&gp);
    }
}

static void test_log_likelihood(void **state)
{
    (void)state;
    struct gaussian_process gp;
    case_process(&gp, KERNEL_MATERN52, POINTS);
    assert_near(gp_log_likelihood(&gp), -10.715307718765248, 1e-13);
    gp_fini(&gp);
}

static void test_posterior_and_likelihood_with_an_additive_kernel(void **state)
{
    (void)state;
    static const double want[3][3] = {{-0.37482581749205566, 0.21262663724986941, -10.151426872803508},
                                      {-0.36773384132223501, 0.26380260510490451, -10.088159861675058},
                                      {-0.3497336315761871, 0.14715297222656219, -10.289850042331226}};
    for (int kernel = KERNEL_MATERN52; kernel <= KERNEL_RBF; kernel++)
        for (size_t base = 2; base <= POINTS; base += 4) {
            struct gaussian_process gp;
            double mean, variance;
            case_process_of(&gp, kernel, 1, base);
            gp_predict(&gp, case_at, 1, &mean, &variance);
            assert_near(mean, want[kernel][0], 1e-13);
            assert_near(variance, want[kernel][1], 1e-13);
            assert_near(gp_log_likelihood(&gp), want[kernel][2], 1e-13);
            gp_fini(&gp);
        }
}

static void test_leave_one_out_is_what_the_others_say(void **state)
{
    (void)state;
    static const double want[POINTS][2] = {
        {0.57013732714473563, 0.66186274074333544}, {0.3039388550953909, 0.6638770603922383},
        {0.19826585924496414, 0.49970469784726369}, {0.010108129512236055, 0.77151249606518928},
        {0.79992031009404402, 0.77904778041341305}, {0.16316388718688166, 0.56897186232300599}};
    struct gaussian_process gp;
    double mean[POINTS], variance[POINTS];
    case_process(&gp, KERNEL_MATERN52, POINTS);
    OK(gp_leave_one_out(&gp, mean, variance));
    for (size_t i = 0; i < POINTS; i++) {
        assert_near(mean[i], want[i][0], 1e-13);
        assert_near(variance[i], want[i][1], 1e-13);
    }
    gp_fini(&gp);
}

static void test_fitted_is_the_prediction_at_a_trained_point(void **state)
{
    (void)state;
    struct gaussian_process gp;
    double mean[POINTS], variance[POINTS];
    case_process(&gp, KERNEL_MATERN32, POINTS);
    gp_predict(&gp, case_x[0], POINTS, mean, variance);
    for (size_t i = 0; i < POINTS; i++)
        assert_near(gp_fitted(&gp, i), mean[i], 1e-13);
    gp_fini(&gp);
}

static void test_appended_points_give_the_same_posterior(void **state)
{
    (void)state;
    struct gaussian_process whole, grown;
    double a[2], b[2];
    case_process(&whole, KERNEL_MATERN52, POINTS);
    case_process(&grown, KERNEL_MATERN52, 2);
    gp_predict(&whole, case_at, 1, &a[0], &a[1]);
    gp_predict(&grown, case_at, 1, &b[0], &b[1]);
    assert_near(a[0], b[0], 1e-13);
    assert_near(a[1], b[1], 1e-13);
    gp_fini(&whole);
    gp_fini(&grown);
}

/* One process grows point by point, with pending trials appended and removed between
 * and its room enlarged; the other is rebuilt at once. */
static void test_factor_is_a_pure_function_of_theta_base_and_order(void **state)
{
    (void)state;
    enum { N = 70, BASE = 33 };
    static double x[N + 2][3], y[N];
    struct rng rng;
    rng_start(&rng, 2385, 1, RNG_SUGGEST);
    for (size_t i = 0; i < N + 2; i++) {
        x[i][0] = rng_uniform(&rng);
        x[i][1] = rng_uniform(&rng);
        x[i][2] = (double)rng_below(&rng, 3);
        if (i < N)
            y[i] = rng_normal(&rng);
    }
    struct gaussian_process gp[2];
    double theta[4];
    case_theta(theta);
    for (int k = 0; k < 2; k++) {
        OK(gp_init(&gp[k], case_dimension, 3, KERNEL_MATERN52));
        OK(gp_reserve(&gp[k], k == 0 ? BASE : 2 * N));
        gp_clear(&gp[k], theta);
        for (size_t i = 0; i < BASE; i++)
            gp_add(&gp[k], x[i]);
        gp_factor(&gp[k]);
    }
    for (size_t i = BASE; i < N; i++) {
        gp_append(&gp[1], x[i]);
        OK(gp_reserve(&gp[0], i + 3));
        gp_append(&gp[0], x[i]);
        gp_train(&gp[0], y);
        gp_append_pending(&gp[0], x[N]);
        gp_append_pending(&gp[0], x[N + 1]);
        gp_truncate(&gp[0], i + 1);
    }
    gp_train(&gp[0], y);
    gp_train(&gp[1], y);
    double a[2], b[2];
    gp_predict(&gp[0], case_at, 1, &a[0], &a[1]);
    gp_predict(&gp[1], case_at, 1, &b[0], &b[1]);
    assert_true(a[0] == b[0] && a[1] == b[1]);
    assert_memory_equal(gp[0].alpha, gp[1].alpha, N * sizeof(double));
    gp_fini(&gp[0]);
    gp_fini(&gp[1]);
}

static void test_a_pending_point_leaves_the_mean_and_shrinks_the_variance(void **state)
{
    (void)state;
    struct gaussian_process gp;
    double mean[2], variance[2];
    const double elsewhere[3] = {0.5, 0.5, 1};
    case_process(&gp, KERNEL_MATERN52, POINTS);
    gp_predict(&gp, elsewhere, 1, &mean[0], &variance[0]);
    gp_append_pending(&gp, case_at);
    gp_predict(&gp, elsewhere, 1, &mean[1], &variance[1]);
    assert_near(mean[1], mean[0], 1e-14);
    assert_true(variance[1] < 0.8 * variance[0]);
    gp_truncate(&gp, POINTS);
    gp_predict(&gp, elsewhere, 1, &mean[1], &variance[1]);
    assert_true(mean[1] == mean[0] && variance[1] == variance[0]);
    gp_fini(&gp);
}

/* The second point lies near a pending one. */
static void assert_gradients_agree(int kernel, int additive)
{
    struct gaussian_process gp;
    case_process_of(&gp, kernel, additive, 3);
    gp.scale = 1.385;
    gp_append_pending(&gp, (const double[3]){0.2, 0.3, 2});
    double x[2][3] = {{0.45, 0.55, 1}, {0.21, 0.31, 2}}, mean[2], variance[2], dm[6], dv[6];
    gp_predict_gradient(&gp, x[0], 2, mean, variance, dm, dv);
    for (size_t c = 0; c < 2; c++) {
        assert_true(dm[3 * c + 2] == 0 && dv[3 * c + 2] == 0);
        for (size_t j = 0; j < 2; j++) {
            const double step = 1e-5;
            double at[6], m[2], v[2];
            memcpy(at, x[c], sizeof x[c]);
            memcpy(at + 3, x[c], sizeof x[c]);
            at[j] += step;
            at[3 + j] -= step;
            gp_predict(&gp, at, 2, m, v);
            assert_near(dm[3 * c + j], (m[0] - m[1]) / (2 * step), 1e-7);
            assert_near(dv[3 * c + j], (v[0] - v[1]) / (2 * step), 1e-7);
        }
    }
    gp_fini(&gp);
}

static void test_gradients_agree_with_differences(void **state)
{
    (void)state;
    for (int kernel = KERNEL_MATERN52; kernel <= KERNEL_RBF; kernel++) {
        assert_gradients_agree(kernel, 0);
        assert_gradients_agree(kernel, 1);
    }
}

static void test_shifting_and_stretching_targets_shifts_and_stretches_the_mean(void **state)
{
    (void)state;
    struct gaussian_process gp;
    double y[POINTS], mean[2], variance[2];
    case_process(&gp, KERNEL_MATERN52, POINTS);
    gp.scale_shape = 0.5;
    gp_train(&gp, case_y);
    gp_predict(&gp, case_at, 1, &mean[0], &variance[0]);
    for (size_t i = 0; i < POINTS; i++)
        y[i] = 7.5 - 2.385 * case_y[i];
    gp_train(&gp, y);
    gp_predict(&gp, case_at, 1, &mean[1], &variance[1]);
    assert_near(mean[1], 7.5 - 2.385 * mean[0], 1e-12);
    assert_true(variance[1] > variance[0]);
    gp_fini(&gp);
}

static void test_a_hundred_copies_of_one_point(void **state)
{
    (void)state;
    struct gaussian_process gp;
    double theta[4], y[100], mean, variance;
    case_theta(theta);
    theta[3] = log(1e-8);
    OK(gp_init(&gp, case_dimension, 3, KERNEL_RBF));
    OK(gp_reserve(&gp, 100));
    gp_clear(&gp, theta);
    for (size_t i = 0; i < 100; i++) {
        y[i] = i % 2 ? 1 : -1;
        if (i < 50)
            gp_add(&gp, case_at);
    }
    gp_factor(&gp);
    for (size_t i = 50; i < 100; i++)
        gp_append(&gp, case_at);
    gp_train(&gp, y);
    gp_predict(&gp, case_at, 1, &mean, &variance);
    assert_near(mean, 0, 1e-6);
    assert_true(variance >= 0 && variance < 1e-6);
    gp_predict(&gp, case_x[0], 1, &mean, &variance);
    assert_true(isfinite(mean) && variance > 0);
    gp_fini(&gp);
}

/* A noise of 0 is nothing a fit may choose: it stands for any matrix that a
 * factorisation refuses. */
static void test_jitter_makes_every_matrix_definite_and_is_counted(void **state)
{
    (void)state;
    struct gaussian_process gp;
    double theta[4], y[40], mean, variance;
    case_theta(theta);
    theta[0] = theta[1] = log(1e3);
    theta[3] = -INFINITY;
    OK(gp_init(&gp, case_dimension, 3, KERNEL_RBF));
    OK(gp_reserve(&gp, 40));
    gp_clear(&gp, theta);
    for (size_t i = 0; i < 40; i++) {
        gp_add(&gp, (const double[3]){(double)i / 40, 0.5, 0});
        y[i] = (double)i;
    }
    gp_factor(&gp);
    gp_train(&gp, y);
    gp_predict(&gp, case_at, 1, &mean, &variance);
    assert_true(gp.fallbacks > 0);
    assert_true(isfinite(mean) && isfinite(variance) && variance >= 0);
    gp_fini(&gp);
}

/* No kernel gives such matrices, so the noise is made impossible by hand: -0.9 leaves
 * eigenvalues below 0 that no jitter lifts, NaN leaves nothing finite. */
static void test_a_matrix_that_no_jitter_helps_has_a_factor_too(void **state)
{
    (void)state;
    static const double noises[] = {-0.9, NAN, INFINITY, -INFINITY};
    for (size_t k = 0; k < LENGTH(noises); k++)
        for (size_t n = 1; n <= 300; n += 299) {
            struct gaussian_process gp;
            struct rng rng;
            double theta[4], y[300], mean, variance;
            rng_start(&rng, 2385, 4, RNG_SUGGEST);
            case_theta(theta);
            OK(gp_init(&gp, case_dimension, 3, KERNEL_MATERN52));
            OK(gp_reserve(&gp, n + 1));
            gp_clear(&gp, theta);
            for (size_t i = 0; i < n; i++) {
                gp_add(&gp, (const double[3]){rng_uniform(&rng), rng_uniform(&rng), 0});
                y[i] = sin(5 * (double)i);
            }
            gp.noise = noises[k];
            gp_factor(&gp);
            size_t helped = gp.fallbacks;
            assert_true(n == 1 && k == 0 ? helped == 0 : helped >= 5);
            gp_train(&gp, y);
            gp_append(&gp, case_at);
            gp_predict(&gp, case_at, 1, &mean, &variance);
            assert_true(isfinite(mean) && isfinite(variance) && variance >= 0);
            assert_true(isfinite(gp_fitted(&gp, 0)));
            gp_fini(&gp);
        }
}

static void test_many_points_are_predicted_in_chunks(void **state)
{
    (void)state;
    enum { MANY = 2 * GP_CHUNK + 17 };
    static double x[MANY][3], mean[MANY], variance[MANY];
    struct gaussian_process gp;
    case_process(&gp, KERNEL_MATERN52, POINTS);
    for (size_t i = 0; i < MANY; i++) {
        x[i][0] = (double)i / MANY;
        x[i][1] = 0.385;
        x[i][2] = (double)(i % 3);
    }
    gp_predict(&gp, x[0], MANY, mean, variance);
    for (size_t i = 0; i < MANY; i += 97) {
        double m, v;
        gp_predict(&gp, x[i], 1, &m, &v);
        assert_near(mean[i], m, 1e-13);
        assert_near(variance[i], v, 1e-12);
    }
    gp_fini(&gp);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_posterior_of_every_kernel),
        cmocka_unit_test(test_log_likelihood),
        cmocka_unit_test(test_posterior_and_likelihood_with_an_additive_kernel),
        cmocka_unit_test(test_leave_one_out_is_what_the_others_say),
        cmocka_unit_test(test_fitted_is_the_prediction_at_a_trained_point),
        cmocka_unit_test(test_appended_points_give_the_same_posterior),
        cmocka_unit_test(test_factor_is_a_pure_function_of_theta_base_and_order),
        cmocka_unit_test(test_a_pending_point_leaves_the_mean_and_shrinks_the_variance),
        cmocka_unit_test(test_gradients_agree_with_differences),
        cmocka_unit_test(test_shifting_and_stretching_targets_shifts_and_stretches_the_mean),
        cmocka_unit_test(test_a_hundred_copies_of_one_point),
        cmocka_unit_test(test_jitter_makes_every_matrix_definite_and_is_counted),
        cmocka_unit_test(test_a_matrix_that_no_jitter_helps_has_a_factor_too),
        cmocka_unit_test(test_many_points_are_predicted_in_chunks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
