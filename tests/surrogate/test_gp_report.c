/* What a process tells of itself: draws from its posterior, and its report. */
#include "surrogate/gp_report.h"

#include "surrogate/surrogate_case.h"

#include "surrogate/gp_posterior.h"

static void test_draws_have_the_covariance_of_the_posterior(void **state)
{
    (void)state;
    enum { DRAWS = 20000 };
    static double f[DRAWS][2];
    /* From reference.py: variances and covariance at these two points. */
    const double x[2][3] = {{0.45, 0.55, 1}, {0.6, 0.5, 2}}, covariance = 0.04516495976315685,
                 variance[2] = {0.23139263592838095, 0.37946445770422839};
    struct gaussian_process gp;
    double mean[2], sum[3] = {0, 0, 0};
    case_process(&gp, KERNEL_MATERN52, POINTS);
    for (int i = 0; i < 2; i++) {
        double got;
        gp_posterior(&gp, 1, x[i], &mean[i], &got);
        assert_near(got, variance[i], 1e-13);
    }
    OK(gp_draw(&gp, 1, x[0], 2, DRAWS, 2385, f[0]));
    for (size_t k = 0; k < DRAWS; k++) {
        double a = f[k][0] - mean[0], b = f[k][1] - mean[1];
        sum[0] += a * a / DRAWS;
        sum[1] += b * b / DRAWS;
        sum[2] += a * b / DRAWS;
    }
    assert_near(sum[0] / variance[0], 1, 0.04);
    assert_near(sum[1] / variance[1], 1, 0.04);
    assert_near(sum[2], covariance, 0.04 * sqrt(variance[0] * variance[1]));
    gp_fini(&gp);
}

static void test_far_from_one_result_the_mean_is_uncertain(void **state)
{
    (void)state;
    struct gaussian_process gp;
    double theta[4], mean, variance, y = 2.385;
    case_theta(theta);
    theta[0] = log(1e-3);
    theta[3] = -INFINITY;
    OK(gp_init(&gp, case_dimension, 3, KERNEL_MATERN52));
    OK(gp_reserve(&gp, 1));
    gp_clear(&gp, theta);
    gp_add(&gp, case_x[0]);
    gp_factor(&gp);
    gp_train(&gp, &y);
    gp_posterior(&gp, 1.5, case_x[4], &mean, &variance);
    assert_near(mean, y, 1e-15);
    assert_near(variance, 3, 1e-15);
    gp_posterior(&gp, 1.5, case_x[0], &mean, &variance);
    assert_near(variance, 0, 1e-15);
    gp_fini(&gp);
}

static void test_many_draws_at_one_point_and_at_the_data_are_finite(void **state)
{
    (void)state;
    enum { N = 40 };
    static double x[N][3], f[2][N];
    struct gaussian_process gp;
    case_process(&gp, KERNEL_RBF, POINTS);
    for (size_t i = 0; i < N; i++)
        memcpy(x[i], i < 20 ? case_at : case_x[i % POINTS], sizeof x[i]);
    OK(gp_draw(&gp, 1, x[0], N, 2, 7, f[0]));
    for (size_t i = 1; i < N; i++) {
        assert_true(isfinite(f[0][i]) && isfinite(f[1][i]));
        if (i < 20)
            assert_near(f[0][i], f[0][0], 1e-4);
    }
    gp_fini(&gp);
}

static void open_model(struct gp_model *m, struct gp_record *record)
{
    struct gp_prior prior;
    const struct output_transform identity = {0};
    gp_prior_default(&prior, 3, 1);
    gp_record_init(record, 3);
    OK(gp_model_init(m, record, case_dimension, KERNEL_RBF, &prior, &identity, 100));
}

static void test_the_report_passes_the_fallbacks_on(void **state)
{
    (void)state;
    struct gp_record record;
    struct gp_model m, sound;
    struct gp_report report = {0};
    struct surrogate surrogate;
    double theta[5] = {0}, usual[5] = {0};
    open_model(&m, &record);
    open_model(&sound, &record);
    case_theta(usual);
    case_theta(theta);
    theta[0] = theta[1] = log(1e3);
    theta[3] = -INFINITY;
    for (int64_t i = 0; i < 40; i++)
        OK(gp_record_told(&record, i, (const double[3]){(double)i / 40, 0.5, 0}, (double)i, NAN));
    OK(gp_model_build(&m, theta, 40));
    OK(gp_report_open(&report, &m, NULL, &surrogate));
    assert_true(surrogate.functions->fallbacks(surrogate.model) > 0);
    assert_int_equal(surrogate.functions->fallbacks(surrogate.model), m.gp.fallbacks);
    /* Those of the process of untransformed results were not counted. */
    OK(gp_model_build(&sound, usual, 40));
    OK(gp_report_open(&report, &sound, &m, &surrogate));
    assert_int_equal(sound.gp.fallbacks, 0);
    assert_int_equal(surrogate.functions->fallbacks(surrogate.model), m.gp.fallbacks);
    gp_report_fini(&report);
    gp_model_fini(&m);
    gp_model_fini(&sound);
    gp_record_fini(&record);
}

static void test_folds_bear_the_numbers_of_the_trials_that_are_held(void **state)
{
    (void)state;
    enum { TOLD = 130, HELD = 100 };
    struct gp_record record;
    struct gp_model m;
    struct gp_report report = {0};
    struct surrogate surrogate;
    struct surrogate_fold fold[HELD];
    double theta[5] = {0};
    open_model(&m, &record);
    case_theta(theta);
    for (int64_t i = 0; i < TOLD; i++)
        OK(gp_record_told(&record, 1000 + 3 * i, (const double[3]){(double)(i * 37 % TOLD) / TOLD, 0.5, 0}, (double)i,
                          NAN));
    OK(gp_model_build(&m, theta, TOLD));
    OK(gp_report_open(&report, &m, NULL, &surrogate));
    assert_int_equal(surrogate.functions->held(surrogate.model), HELD);
    OK(surrogate.functions->leave_one_out(surrogate.model, fold));
    /* The best of the first 80 and the last 50: losses rise with the number. */
    for (int64_t i = 0; i < HELD; i++)
        assert_int_equal(fold[i].number, 1000 + 3 * (i < 50 ? i : i + TOLD - HELD));
    gp_report_fini(&report);
    gp_model_fini(&m);
    gp_record_fini(&record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_draws_have_the_covariance_of_the_posterior),
        cmocka_unit_test(test_far_from_one_result_the_mean_is_uncertain),
        cmocka_unit_test(test_many_draws_at_one_point_and_at_the_data_are_finite),
        cmocka_unit_test(test_the_report_passes_the_fallbacks_on),
        cmocka_unit_test(test_folds_bear_the_numbers_of_the_trials_that_are_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
