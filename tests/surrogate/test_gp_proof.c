/* The process, its fit and the acquisition functions against values computed from
 * their definitions in 60 digits (reference_proof.py): 25 points of two numeric
 * coordinates and a category under nine processes, and 92 acquisitions. */
#include "support/gp_log_likelihood.h"
#include "surrogate/surrogate_case.h"

#include "surrogate/acquisition.h"
#include "surrogate/gp_fit.h"

enum { PROOF_POINTS = 25, PROOF_AT = 3, PROOF_LEFT_OUT = 3 };

struct proof_process {
    int kernel;
    double theta[4];
    double mean[PROOF_AT], variance[PROOF_AT];
    double mean_gradient[PROOF_AT][2], variance_gradient[PROOF_AT][2];
    double log_likelihood, loss, loss_gradient[4];
    double left_out[PROOF_LEFT_OUT][2];
};

struct proof_acquisition {
    int kind;
    double mean, variance;
    double want[3]; /* value, by mean, by variance */
};

#include "surrogate/reference_proof.h"

static const size_t left_out[PROOF_LEFT_OUT] = {0, 7, 24};
static const double proof_shape = 2.5;

/* Relative, but for what is a difference of numbers near 1. */
static void assert_same(double got, double want, double floor, const char *what, size_t row)
{
    if (!(fabs(got - want) <= 1e-10 * fmax(floor, fabs(want))))
        fail_msg("%s of row %zu: got %.17g, want %.17g", what, row, got, want);
}

static void proof_x(size_t i, double x[3])
{
    x[0] = (double)(37 * i % 64) / 64;
    x[1] = (double)((11 * i + 5) % 32) / 32;
    x[2] = (double)(i % 3);
}

static void proof_points(double at[PROOF_AT][3])
{
    const double elsewhere[2][3] = {{29.0 / 64, 35.0 / 64, 1}, {5.0 / 64, 61.0 / 64, 2}};
    memcpy(at, elsewhere, sizeof elsewhere);
    proof_x(4, at[2]);
    at[2][0] += 1.0 / 1024;
}

static void proof_values(double y[PROOF_POINTS])
{
    for (int i = 0; i < PROOF_POINTS; i++)
        y[i] = (double)(29 * i % 41 - 20) / 16;
}

/* The process of a row; the first `base` points are factored, the others appended. */
static void open_process(struct gaussian_process *gp, const struct proof_process *row, size_t base)
{
    double x[3], y[PROOF_POINTS];
    OK(gp_init(gp, case_dimension, 3, row->kernel));
    OK(gp_reserve(gp, PROOF_POINTS));
    gp->scale_shape = proof_shape;
    gp_clear(gp, row->theta);
    for (size_t i = 0; i < PROOF_POINTS; i++) {
        proof_x(i, x);
        if (i == base)
            gp_factor(gp);
        if (i < base)
            gp_add(gp, x);
        else
            gp_append(gp, x);
    }
    if (base == PROOF_POINTS)
        gp_factor(gp);
    proof_values(y);
    gp_train(gp, y);
}

static void test_posterior_mean_and_variance(void **state)
{
    (void)state;
    double at[PROOF_AT][3], mean[PROOF_AT], variance[PROOF_AT];
    proof_points(at);
    for (size_t r = 0; r < LENGTH(proof_processes); r++)
        for (size_t base = 2; base <= PROOF_POINTS; base += PROOF_POINTS - 2) {
            const struct proof_process *row = &proof_processes[r];
            struct gaussian_process gp;
            open_process(&gp, row, base);
            gp_predict(&gp, at[0], PROOF_AT, mean, variance);
            for (size_t i = 0; i < PROOF_AT; i++) {
                assert_same(mean[i], row->mean[i], 0, "mean", r);
                assert_same(variance[i], row->variance[i], 0, "variance", r);
            }
            assert_int_equal(gp.fallbacks, 0);
            gp_fini(&gp);
        }
}

static void test_gradients_of_mean_and_variance(void **state)
{
    (void)state;
    double at[PROOF_AT][3], mean[PROOF_AT], variance[PROOF_AT], dm[PROOF_AT][3], dv[PROOF_AT][3];
    proof_points(at);
    for (size_t r = 0; r < LENGTH(proof_processes); r++) {
        const struct proof_process *row = &proof_processes[r];
        struct gaussian_process gp;
        open_process(&gp, row, PROOF_POINTS);
        gp_predict_gradient(&gp, at[0], PROOF_AT, mean, variance, dm[0], dv[0]);
        for (size_t i = 0; i < PROOF_AT; i++)
            for (size_t j = 0; j < 2; j++) {
                assert_same(dm[i][j], row->mean_gradient[i][j], 0, "mean gradient", r);
                assert_same(dv[i][j], row->variance_gradient[i][j], 0, "variance gradient", r);
            }
        gp_fini(&gp);
    }
}

static void test_log_marginal_likelihood(void **state)
{
    (void)state;
    for (size_t r = 0; r < LENGTH(proof_processes); r++) {
        struct gaussian_process gp;
        open_process(&gp, &proof_processes[r], PROOF_POINTS);
        assert_same(gp_log_likelihood(&gp), proof_processes[r].log_likelihood, 0, "log likelihood", r);
        gp_fini(&gp);
    }
}

static void test_loss_of_the_fit_and_its_gradient(void **state)
{
    (void)state;
    double y[PROOF_POINTS], gradient[4];
    proof_values(y);
    for (size_t r = 0; r < LENGTH(proof_processes); r++) {
        const struct proof_process *row = &proof_processes[r];
        struct gaussian_process gp;
        struct gp_fitter f;
        struct gp_prior prior;
        gp_prior_default(&prior, 3, 1);
        prior.scale_shape = proof_shape;
        open_process(&gp, row, PROOF_POINTS);
        OK(gp_fitter_init(&f, &prior, 3));
        OK(gp_fitter_aim(&f, &gp, y));
        assert_same(gp_fitter_loss(&f, row->theta, gradient), row->loss, 1, "loss", r);
        for (size_t j = 0; j < 4; j++)
            assert_same(gradient[j], row->loss_gradient[j], 1, "gradient of the loss", r);
        gp_fitter_fini(&f);
        gp_fini(&gp);
    }
}

static void test_leave_one_out(void **state)
{
    (void)state;
    double mean[PROOF_POINTS], variance[PROOF_POINTS];
    for (size_t r = 0; r < LENGTH(proof_processes); r++) {
        const struct proof_process *row = &proof_processes[r];
        struct gaussian_process gp;
        open_process(&gp, row, PROOF_POINTS);
        OK(gp_leave_one_out(&gp, mean, variance));
        for (size_t k = 0; k < PROOF_LEFT_OUT; k++) {
            assert_same(mean[left_out[k]], row->left_out[k][0], 1, "left-out mean", r);
            assert_same(variance[left_out[k]], row->left_out[k][1], 0, "left-out variance", r);
        }
        gp_fini(&gp);
    }
}

static void test_acquisitions_and_their_slopes_to_forty_deviations(void **state)
{
    (void)state;
    static const char *const what[3] = {"value", "slope by mean", "slope by variance"};
    for (size_t r = 0; r < LENGTH(proof_acquisitions); r++) {
        const struct proof_acquisition *row = &proof_acquisitions[r];
        struct acquisition a = {.kind = row->kind, .best = 0.25, .kappa = 1.75, .inflation = 0.5};
        double got[3];
        got[0] = acquisition_value(&a, row->mean, row->variance, &got[1], &got[2]);
        for (size_t k = 0; k < 3; k++)
            assert_same(got[k], row->want[k], 0, what[k], r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_posterior_mean_and_variance),
        cmocka_unit_test(test_gradients_of_mean_and_variance),
        cmocka_unit_test(test_log_marginal_likelihood),
        cmocka_unit_test(test_loss_of_the_fit_and_its_gradient),
        cmocka_unit_test(test_leave_one_out),
        cmocka_unit_test(test_acquisitions_and_their_slopes_to_forty_deviations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
