/* Results whose error is known: each has its own noise, against the definition in dense
 * matrices, and the scale is a hyperparameter like the others. */
#include "support/gp_log_likelihood.h"
#include "surrogate/surrogate_case.h"

#include "core/rng.h"
#include "surrogate/gp_model.h"

enum { N = 14, D = 3 };

static const double length[D] = {0.3, 0.7, 1.5};
static const double scale = 1.7, noise = 0.01;

/* Two results are exact, some have errors from 1e-3 to 3, the others have the noise g. */
static const double known[N] = {0.02, NAN, 0, 9, NAN, 1e-6, 0.5, NAN, NAN, 0, 0.385, NAN, 2.385, 1e-3};

static void draw_points(double x[N][D], double y[N])
{
    struct rng rng;
    rng_start(&rng, 2385, 11, RNG_SUGGEST);
    for (size_t i = 0; i < N; i++) {
        x[i][0] = rng_uniform(&rng);
        x[i][1] = rng_uniform(&rng);
        x[i][2] = (double)rng_below(&rng, 3);
        y[i] = sin(7 * x[i][0]) + 0.3 * rng_normal(&rng);
    }
}

static void fill_theta(double theta[5])
{
    for (size_t j = 0; j < D; j++)
        theta[j] = log(length[j]);
    theta[3] = log(noise);
    theta[4] = log(scale);
}

static void open_process(struct gaussian_process *gp, double x[N][D], const double *y)
{
    double theta[5];
    fill_theta(theta);
    OK(gp_init(gp, case_dimension, D, KERNEL_MATERN52));
    OK(gp_reserve(gp, 2)); /* and grows */
    gp->known = 1;
    gp_clear(gp, theta);
    for (size_t i = 0; i < N; i++) {
        OK(gp_reserve(gp, i + 1));
        gp_add(gp, x[i]);
        gp_set_error_variance(gp, i, known[i]);
    }
    gp_factor(gp);
    gp_train(gp, y);
}

/* ------------------------------------------------------- the definition */

static long double covariance(const double *a, const double *b)
{
    long double r2 = 0;
    for (size_t j = 0; j < D; j++) {
        long double delta = j == 2 ? a[j] != b[j] : (long double)a[j] - b[j];
        r2 += delta * delta / ((long double)length[j] * length[j]);
    }
    long double t = sqrtl(5 * r2);
    return scale * (1 + t + t * t / 3) * expl(-t);
}

struct dense {
    long double sigma[N][N], mean;
    long double log_det;
};

/* out := sigma^-1 b by elimination with pivots. */
static void solve(struct dense *s, const long double *b, long double *out)
{
    long double a[N][N + 1];
    s->log_det = 0;
    for (size_t i = 0; i < N; i++) {
        memcpy(a[i], s->sigma[i], sizeof s->sigma[i]);
        a[i][N] = b[i];
    }
    for (size_t k = 0; k < N; k++) {
        for (size_t i = k + 1; i < N; i++)
            if (fabsl(a[i][k]) > fabsl(a[k][k]))
                for (size_t j = 0; j <= N; j++) {
                    long double t = a[i][j];
                    a[i][j] = a[k][j];
                    a[k][j] = t;
                }
        s->log_det += logl(fabsl(a[k][k]));
        for (size_t i = 0; i < N; i++) {
            long double factor = i == k ? 0 : a[i][k] / a[k][k];
            for (size_t j = k; j <= N; j++)
                a[i][j] -= factor * a[k][j];
        }
    }
    for (size_t i = 0; i < N; i++)
        out[i] = a[i][N] / a[i][i];
}

static void open_dense(struct dense *s, double x[N][D], const double *y)
{
    long double one[N], target[N], by_one[N], by_target[N], ones = 0, targets = 0;
    for (size_t i = 0; i < N; i++) {
        for (size_t j = 0; j < N; j++)
            s->sigma[i][j] = covariance(x[i], x[j]);
        long double least = 1e-8L * scale; /* what stands for an exact result */
        s->sigma[i][i] += isnan(known[i]) ? scale * (long double)noise : fmaxl(known[i], least);
        one[i] = 1;
        target[i] = y[i];
    }
    solve(s, one, by_one);
    solve(s, target, by_target);
    for (size_t i = 0; i < N; i++) {
        ones += by_one[i];
        targets += by_target[i];
    }
    s->mean = targets / ones;
}

static void test_posterior_and_likelihood_are_those_of_the_definition(void **state)
{
    (void)state;
    struct gaussian_process gp;
    struct dense s;
    double x[N][D], y[N], mean, variance;
    long double k[N], rest[N], by_k[N], by_rest[N];
    draw_points(x, y);
    open_process(&gp, x, y);
    open_dense(&s, x, y);
    long double want_mean = s.mean, want_variance = scale, square = 0;
    for (size_t i = 0; i < N; i++) {
        k[i] = covariance(case_at, x[i]);
        rest[i] = y[i] - s.mean;
    }
    solve(&s, k, by_k);
    solve(&s, rest, by_rest);
    for (size_t i = 0; i < N; i++) {
        want_mean += k[i] * by_rest[i];
        want_variance -= k[i] * by_k[i];
        square += rest[i] * by_rest[i];
    }
    gp_predict(&gp, case_at, 1, &mean, &variance);
    assert_near(mean, (double)want_mean, 1e-10);
    assert_near(variance, (double)want_variance, 1e-10);
    assert_near(gp.scale, scale, 1e-15);
    assert_near(gp_log_likelihood(&gp), (double)(-0.5L * (square + s.log_det + N * logl(2 * acosl(-1)))), 1e-10);
    for (size_t i = 0; i < N; i++) {
        gp_predict(&gp, x[i], 1, &mean, NULL);
        assert_near(gp_fitted(&gp, i), mean, 1e-10);
    }
    gp_fini(&gp);
}

static void test_gradient_agrees_with_differences(void **state)
{
    (void)state;
    for (int additive = 0; additive < 2; additive++) {
        struct gaussian_process gp;
        struct gp_fitter f;
        struct gp_prior prior;
        double x[N][D], y[N], theta[6], gradient[6], unused[6];
        size_t size = gp_theta_size(D, additive, 1) + 1;
        draw_points(x, y);
        fill_theta(theta);
        theta[size - 2] = additive ? 0.385 : theta[3];
        theta[size - 1] = log(scale);
        open_process(&gp, x, y);
        gp.additive = additive;
        gp_prior_default(&prior, D, 1);
        if (additive)
            gp_prior_make_additive(&prior, D);
        OK(gp_fitter_init(&f, &prior, D));
        OK(gp_fitter_aim(&f, &gp, y));
        gp_fitter_loss(&f, theta, gradient);
        for (size_t j = 0; j < size; j++) {
            double at = theta[j];
            theta[j] = at + 1e-5;
            double high = gp_fitter_loss(&f, theta, unused);
            theta[j] = at - 1e-5;
            double low = gp_fitter_loss(&f, theta, unused);
            theta[j] = at;
            assert_near(gradient[j], (high - low) / 2e-5, 1e-6);
        }
        gp_fitter_fini(&f);
        gp_fini(&gp);
    }
}

/* The gradient of log s where only g is there: the profiled scale is where it vanishes. */
static void test_the_profiled_scale_is_the_best_one(void **state)
{
    (void)state;
    struct gaussian_process gp;
    struct gp_fitter f;
    struct gp_prior prior;
    double x[N][D], y[N], theta[5], gradient[5];
    draw_points(x, y);
    fill_theta(theta);
    open_process(&gp, x, y);
    for (size_t i = 0; i < N; i++)
        gp_set_error_variance(&gp, i, NAN);
    gp_prior_default(&prior, D, 1);
    gp.known = 0;
    gp.scale_shape = prior.scale_shape;
    gp_factor(&gp);
    gp_train(&gp, y);
    theta[4] = log(gp.scale);
    gp.known = 1;
    OK(gp_fitter_init(&f, &prior, D));
    OK(gp_fitter_aim(&f, &gp, y));
    gp_fitter_loss(&f, theta, gradient);
    assert_near(gradient[4], 0, 1e-12);
    gp_fitter_fini(&f);
    gp_fini(&gp);
}

/* ------------------------------------------------------------- the transform */

static void test_an_error_goes_through_the_transform_by_its_slope(void **state)
{
    (void)state;
    const struct output_transform identity = {0}, logarithm = {.log = 1}, half = {.worse = WORSE_RANKED};
    double loss[5] = {1e-4, 1e-3, 1e-2, 1e-1, 1}, y[5], error[10] = {1e-6, NAN, 2e-4, 0, 0.385};
    size_t order[5];
    output_transform_errors(&logarithm, loss, 5, y, order, error);
    double decade = y[1] - y[0], e[10] = {3, 3, NAN, 3, 1e300};
    assert_near(error[0], 1e-2 * decade / log(10), 1e-12);
    assert_true(isnan(error[1]));
    assert_near(error[2], 2e-2 * decade / log(10), 1e-12);
    assert_true(error[3] == 0);
    assert_near(error[4], 0.385 * decade / log(10), 1e-12);
    output_transform_errors(&identity, loss, 5, y, order, e);
    assert_near(e[0], 3 * (y[4] - y[0]) / (1 - 1e-4), 1e-10);
    assert_near(e[4], 1e6, 0); /* the most */

    /* Ranked: 3 to 1000 are scores. The error of 10 reaches from 6.5 to 13.5. */
    double wild[6] = {0, 1, 2, 3, 10, 1000}, z[6], r[12] = {0.5, NAN, NAN, 1e-3, 3.5, 990};
    size_t sorted[6];
    output_transform_errors(&half, wild, 6, z, sorted, r);
    double below = z[3] + (z[4] - z[3]) * 0.5, above = z[4] + (z[5] - z[4]) * 3.5 / 990;
    assert_near(r[0], 0.5 * (z[1] - z[0]), 1e-12);
    assert_near(r[4], 0.5 * (above - below), 1e-12);
    assert_near(r[5], 0.5 * (z[5] - z[4]), 1e-12);
}

static void test_without_a_spread_or_a_finite_loss_an_error_says_nothing(void **state)
{
    (void)state;
    const struct output_transform full = {.log = 1, .worse = WORSE_RANKED};
    double equal[4] = {2.385, 2.385, 2.385, 2.385}, odd[4] = {1, NAN, INFINITY, 2}, y[4];
    double error[8] = {1, 1, 1, 1}, other[8] = {1, 1, 1, 1};
    size_t order[4];
    output_transform_errors(&full, equal, 4, y, order, error);
    for (int i = 0; i < 4; i++)
        assert_true(isnan(error[i]));
    output_transform_errors(&full, odd, 4, y, order, other);
    assert_true(other[0] > 0 && isnan(other[1]) && isnan(other[2]) && isfinite(other[3]));
}

/* ----------------------------------------------------------------- the model */

static void tell_one(struct gp_record *record, int64_t i, struct rng *rng)
{
    double x[D] = {rng_uniform(rng), rng_uniform(rng), (double)rng_below(rng, 3)};
    double error = i >= 12 && i % 3 ? pow(10, -3 + 3 * rng_uniform(rng)) : NAN;
    double value = 2 + sin(7 * x[0]) + 0.3 * x[2] + (isnan(error) ? 0 : error) * rng_normal(rng);
    OK(gp_record_asked(record, i, x));
    OK(gp_record_told(record, i, x, value, error));
}

static void open_model(struct gp_model *m, struct gp_record *record)
{
    static const struct output_transform full = {.log = 1, .worse = WORSE_RANKED};
    struct gp_prior prior;
    gp_prior_default(&prior, D, 1);
    gp_prior_make_additive(&prior, D);
    gp_record_init(record, D);
    OK(gp_model_init(m, record, case_dimension, KERNEL_MATERN52, &prior, &full, 60));
}

static void test_a_model_that_grew_equals_one_that_was_rebuilt(void **state)
{
    (void)state;
    struct gp_record record;
    struct gp_model grown, rebuilt;
    struct rng rng;
    rng_start(&rng, 2385, 0, RNG_SUGGEST);
    open_model(&grown, &record);
    open_model(&rebuilt, &record);
    for (int64_t i = 0; i < 90; i++) {
        tell_one(&record, i, &rng);
        if (i >= 2 && gp_model_is_stale(&grown)) {
            double theta[6];
            OK(gp_model_fit(&grown, theta));
            gp_model_learn(&grown, theta, record.told);
            gp_model_learn(&rebuilt, theta, record.told);
            assert_int_equal(grown.theta[grown.theta_size] != 0, i > 12);
        }
        if (i >= 2)
            OK(gp_model_build(&grown, grown.theta, grown.base));
    }
    OK(gp_model_build(&rebuilt, rebuilt.theta, rebuilt.base));
    double x[2], y[2];
    gp_predict(&grown.gp, case_at, 1, &x[0], &x[1]);
    gp_predict(&rebuilt.gp, case_at, 1, &y[0], &y[1]);
    assert_true(x[0] == y[0] && x[1] == y[1]);
    gp_model_fini(&grown);
    gp_model_fini(&rebuilt);
    gp_record_fini(&record);
}

static void test_the_first_error_asks_for_a_fit(void **state)
{
    (void)state;
    struct gp_record record;
    struct gp_model m;
    struct rng rng;
    double theta[6], x[D] = {0.385, 0.5, 0};
    rng_start(&rng, 2385, 0, RNG_SUGGEST);
    open_model(&m, &record);
    for (int64_t i = 0; i < 50; i++) {
        double at[D] = {rng_uniform(&rng), 0.5, 0};
        OK(gp_record_told(&record, i, at, sin(5 * at[0]), NAN));
    }
    OK(gp_model_fit(&m, theta));
    gp_model_learn(&m, theta, record.told);
    OK(gp_record_told(&record, 50, x, 1, NAN));
    assert_false(gp_model_is_stale(&m));
    OK(gp_record_told(&record, 51, x, 1, 0.25));
    assert_true(gp_model_is_stale(&m));
    gp_model_fini(&m);
    gp_record_fini(&record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_posterior_and_likelihood_are_those_of_the_definition),
        cmocka_unit_test(test_gradient_agrees_with_differences),
        cmocka_unit_test(test_the_profiled_scale_is_the_best_one),
        cmocka_unit_test(test_an_error_goes_through_the_transform_by_its_slope),
        cmocka_unit_test(test_without_a_spread_or_a_finite_loss_an_error_says_nothing),
        cmocka_unit_test(test_a_model_that_grew_equals_one_that_was_rebuilt),
        cmocka_unit_test(test_the_first_error_asks_for_a_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
