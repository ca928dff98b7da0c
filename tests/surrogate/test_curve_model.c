/* Learning curves: agreement with the dense covariance, gradients, and what odd curves get. */
#include "core/fail.h"
#include "surrogate/surrogate_case.h"

#include "core/rng.h"
#include "numeric/special.h"
#include "surrogate/curve_likelihood.h"
#include "surrogate/curve_model.h"

#include <stdlib.h>

enum { D = 3, CURVES = 7, LONGEST = 20, MOST = CURVES * CURVE_MOST_POINTS, THETA = CURVE_THETA(D) };

static const double budget = 20;
static const uint64_t seed = 2385;

/* Curves of different lengths, some with gaps, one without reports. */
struct sample {
    double x[CURVES][D], step[CURVES][LONGEST], loss[CURVES][LONGEST];
    struct curve curve[CURVES];
};

static void draw_sample(struct sample *s)
{
    static const size_t length[CURVES] = {20, 3, 11, 1, 7, 20, 0};
    struct rng rng;
    print_message("seed %llu\n", (unsigned long long)seed);
    rng_start(&rng, seed, 0, RNG_MODEL);
    for (size_t i = 0; i < CURVES; i++) {
        for (size_t j = 0; j < D; j++)
            s->x[i][j] = j == 2 ? (double)(i % 3) : rng_uniform(&rng);
        for (size_t k = 0, at = 0; k < length[i]; k++) {
            at += i == 4 && k % 2 ? 2 : 1;
            s->step[i][k] = (double)at;
            s->loss[i][k] = 1 + s->x[i][0] + exp(-0.3 * (double)at * (1 + s->x[i][1])) + 0.05 * rng_normal(&rng);
        }
        s->curve[i] = (struct curve){s->x[i], length[i], s->step[i], s->loss[i]};
    }
}

static void make_model(struct curve_model *m, struct sample *s, size_t d)
{
    draw_sample(s);
    OK(curve_model_init(m, case_dimension, d, budget));
    OK(curve_model_set(m, s->curve, CURVES));
}

/* A theta away from the centre of its prior. */
static void move_theta(double *theta, size_t size)
{
    struct rng rng;
    rng_start(&rng, seed, 1, RNG_MODEL);
    for (size_t k = 0; k < size; k++)
        theta[k] += 0.3 * rng_normal(&rng);
}

/* ------------------------------------------------------------- the dense reference */

static double sigmoid(double t)
{
    return 1 / (1 + exp(-t));
}

/* k_x of part p by kernel.h, from theta alone. */
static double configuration_kernel(size_t d, const double *theta, const double *a, const double *b)
{
    double weight[2 * D + 1], k;
    if (d == 0)
        return 0;
    for (size_t j = 0; j < d; j++)
        weight[j] = exp(-2 * theta[j]);
    double varying = kernel_weigh_terms(d, weight, weight + d);
    struct kernel kernel = {KERNEL_MATERN52, d, case_dimension, weight, sigmoid(theta[d]), weight + d, varying, 1};
    kernel_row(&kernel, a, 1, 1, b, &k, NULL, 0, NULL);
    return k;
}

/* cov(y_a(v), y_b(u)) without noise, as in the head of curve_kernel.h. */
static double dense_covariance(size_t d, const double *theta, int same, const double *xa, const double *xb, double v,
                               double u)
{
    const double *rest = theta + CURVE_PARTS * (d + CURVE_PART);
    double k[CURVE_PARTS], sum;
    for (size_t p = 0; p < CURVE_PARTS; p++) {
        const double *own = theta + p * (d + CURVE_PART) + d;
        double s = d > 0 ? sigmoid(own[CURVE_OWN]) : 1;
        k[p] = exp(own[CURVE_COMMON]) +
               (same ? 1 : (1 - s) * configuration_kernel(d, theta + p * (d + CURVE_PART), xa, xb));
    }
    sum = k[0] * exp(rest[CURVE_LEVEL]) + (same ? exp(rest[CURVE_WANDER]) * fmin(v, u) : 0);
    for (int a = 0; a < CURVE_SEGMENTS; a++)
        for (int b = 0; b < CURVE_SEGMENTS; b++) {
            double pa = fmin(fmax(CURVE_SEGMENTS * v - a, 0), 1), pb = fmin(fmax(CURVE_SEGMENTS * u - b, 0), 1);
            sum += k[1] * pa * pb * exp(rest[CURVE_CHANGE] - rest[CURVE_DECAY] * (a + b) / CURVE_SEGMENTS) *
                   pow(sigmoid(rest[CURVE_PULL]), abs(a - b)) / CURVE_SEGMENTS;
        }
    return sum;
}

struct dense {
    size_t n, curve[MOST];
    double l[MOST][MOST], z[MOST]; /* the factor; L^-1 y */
    double log_determinant, square;
};

static void solve_dense(const struct dense *r, double *x)
{
    for (size_t i = 0; i < r->n; i++) {
        for (size_t j = 0; j < i; j++)
            x[i] -= r->l[i][j] * x[j];
        x[i] /= r->l[i][i];
    }
}

static void make_dense(struct dense *r, const struct curve_model *m, struct sample *s, const double *theta)
{
    double noise = exp(theta[CURVE_PARTS * (m->d + CURVE_PART) + CURVE_NOISE]);
    *r = (struct dense){.n = m->points};
    for (size_t i = 0; i < m->n; i++)
        for (size_t k = m->first[i]; k < m->first[i + 1]; k++)
            r->curve[k] = i;
    for (size_t i = 0; i < r->n; i++) {
        for (size_t j = 0; j <= i; j++) {
            size_t a = r->curve[i], b = r->curve[j];
            double sum = dense_covariance(m->d, theta, a == b, s->x[a], s->x[b], m->position[i], m->position[j]) +
                         (i == j ? noise : 0);
            for (size_t k = 0; k < j; k++)
                sum -= r->l[i][k] * r->l[j][k];
            r->l[i][j] = i == j ? sqrt(sum) : sum / r->l[j][j];
        }
        r->log_determinant += log(r->l[i][i]);
        r->z[i] = m->target[i];
    }
    solve_dense(r, r->z);
    for (size_t i = 0; i < r->n; i++)
        r->square += r->z[i] * r->z[i];
}

static double prior_loss(size_t d, const double *theta)
{
    double loss = 0;
    for (size_t k = 0; k < CURVE_THETA(d); k++) {
        struct curve_prior prior = curve_prior(d, k);
        loss += 0.5 * (theta[k] - prior.mean) * (theta[k] - prior.mean) / (prior.sd * prior.sd);
    }
    return loss;
}

static void test_likelihood_is_that_of_the_dense_covariance(void **state)
{
    (void)state;
    static struct dense r;
    for (size_t d = 0; d <= D; d += D) {
        struct sample s;
        struct curve_model m;
        struct curve_likelihood *f;
        size_t all[CURVES] = {0, 1, 2, 3, 4, 5, 6};
        make_model(&m, &s, d);
        move_theta(m.theta, CURVE_THETA(d));
        make_dense(&r, &m, &s, m.theta);
        OK(curve_likelihood_new(&f, &m, all, CURVES));
        assert_near(curve_likelihood_loss(f, m.theta, NULL),
                    r.log_determinant + 0.5 * r.square + prior_loss(d, m.theta), 1e-9);
        curve_likelihood_free(f);
        curve_model_fini(&m);
    }
}

/* Of curves seen and not, at steps seen and not. */
static void test_posterior_is_that_of_the_dense_covariance(void **state)
{
    (void)state;
    enum { QUERIES = 7 };
    static struct dense r;
    static double v[QUERIES][MOST];
    for (size_t d = 0; d <= D; d += D) {
        static const double new_x[D] = {0.385, 0.2, 1};
        const struct curve_query query[QUERIES] = {{0, NULL, 20},           {1, NULL, 20},
                                                   {1, NULL, 5.5},          {3, NULL, 1},
                                                   {6, NULL, 20},           {CURVE_UNSEEN, new_x, 20},
                                                   {CURVE_UNSEEN, new_x, 3}};
        struct sample s;
        struct curve_model m;
        double mean[QUERIES], covariance[QUERIES * QUERIES];
        make_model(&m, &s, d);
        move_theta(m.theta, CURVE_THETA(d));
        OK(curve_model_fit(&m, 0));
        OK(curve_model_levels(&m, query, QUERIES, mean, covariance));
        make_dense(&r, &m, &s, m.theta);
        for (size_t a = 0; a < QUERIES; a++) {
            double want = 0, at = curve_model_position(&m, query[a].step);
            const double *x = a < 5 ? s.x[query[a].curve] : new_x;
            for (size_t i = 0; i < r.n; i++)
                v[a][i] =
                    dense_covariance(d, m.theta, r.curve[i] == query[a].curve, s.x[r.curve[i]], x, m.position[i], at);
            solve_dense(&r, v[a]);
            for (size_t i = 0; i < r.n; i++)
                want += v[a][i] * r.z[i];
            assert_near(mean[a], want, 1e-8);
            for (size_t b = 0; b <= a; b++) {
                int same = query[a].curve == query[b].curve && (a < 5 || b == a || d > 0);
                double cov = dense_covariance(d, m.theta, same, x, b < 5 ? s.x[query[b].curve] : new_x, at,
                                              curve_model_position(&m, query[b].step));
                for (size_t i = 0; i < r.n; i++)
                    cov -= v[a][i] * v[b][i];
                assert_near(covariance[a * QUERIES + b], cov, 1e-8);
                assert_true(covariance[a * QUERIES + b] == covariance[b * QUERIES + a]);
            }
        }
        curve_model_fini(&m);
    }
}

static void test_gradient_agrees_with_differences(void **state)
{
    (void)state;
    for (size_t d = 0; d <= D; d++) {
        struct sample s;
        struct curve_model m;
        struct curve_likelihood *f;
        double gradient[THETA], step = 1e-5;
        size_t some[] = {5, 1, 2, 3, 4, 6};
        make_model(&m, &s, d);
        move_theta(m.theta, CURVE_THETA(d));
        OK(curve_likelihood_new(&f, &m, some, LENGTH(some)));
        assert_true(isfinite(curve_likelihood_loss(f, m.theta, gradient)));
        for (size_t k = 0; k < CURVE_THETA(d); k++) {
            double middle = m.theta[k];
            m.theta[k] = middle + step;
            double high = curve_likelihood_loss(f, m.theta, NULL);
            m.theta[k] = middle - step;
            double low = curve_likelihood_loss(f, m.theta, NULL);
            m.theta[k] = middle;
            assert_near(gradient[k], (high - low) / (2 * step), 1e-6);
        }
        curve_likelihood_free(f);
        curve_model_fini(&m);
    }
}

/* ------------------------------------------------------------------------ targets */

static void test_targets_are_normal_scores_and_answers_are_losses(void **state)
{
    (void)state;
    const double step[] = {1, 2, 3}, loss[] = {40, 3, 3};
    const struct curve curve = {NULL, 3, step, loss};
    struct curve_model m;
    OK(curve_model_init(&m, NULL, 0, 3));
    OK(curve_model_set(&m, &curve, 1));
    assert_near(m.target[0], normal_quantile(2.5 / 3), 1e-14);
    assert_near(m.target[1], normal_quantile(1.0 / 3), 1e-14);
    assert_true(m.target[1] == m.target[2]);
    assert_near(output_inverse_at(&m.inverse, m.target[0]), 40, 1e-12);
    assert_near(output_inverse_at(&m.inverse, m.target[1]), 3, 1e-12);
    assert_near(output_inverse_at(&m.inverse, 8), 40, 1e-12);
    curve_model_fini(&m);
}

/* The point of one curve is longer than the list of curves. */
static void test_fewer_curves_than_parameters(void **state)
{
    (void)state;
    enum { MANY = 12 };
    static const struct gp_dimension dimension[MANY];
    const double step[] = {1, 2, 3}, loss[] = {40, 3, 2};
    double x[MANY];
    for (size_t j = 0; j < MANY; j++)
        x[j] = 0.0625 * (double)j;
    const struct curve curve = {x, 3, step, loss};
    struct curve_model m;
    OK(curve_model_init(&m, dimension, MANY, 3));
    OK(curve_model_set(&m, &curve, 1));
    for (size_t j = 0; j < MANY; j++)
        assert_true(m.x[j] == x[j]);
    curve_model_fini(&m);
}

/* A strictly increasing function of the losses changes no level and no chance. */
static void test_a_monotone_change_of_losses_changes_no_level(void **state)
{
    (void)state;
    struct sample s;
    struct curve_model m;
    struct curve_query query[CURVES];
    double level[2][CURVES], chance[2][CURVES];
    draw_sample(&s);
    for (size_t i = 0; i < CURVES; i++)
        query[i] = (struct curve_query){i, NULL, budget};
    for (int round = 0; round < 2; round++) {
        double best = round ? exp(10 * s.loss[0][19]) : s.loss[0][19];
        for (size_t i = 0; round && i < CURVES; i++)
            for (size_t k = 0; k < s.curve[i].count; k++)
                s.loss[i][k] = exp(10 * s.loss[i][k]);
        OK(curve_model_init(&m, case_dimension, D, budget));
        OK(curve_model_set(&m, s.curve, CURVES));
        OK(curve_model_fit(&m, CURVE_FIRST_FIT));
        OK(curve_model_levels(&m, query, CURVES, level[round], NULL));
        OK(curve_model_chance(&m, query, CURVES, best, chance[round]));
        curve_model_fini(&m);
    }
    for (size_t i = 0; i < CURVES; i++) {
        assert_true(level[0][i] == level[1][i]);
        assert_near(chance[0][i], chance[1][i], 1e-9);
    }
}

/* ------------------------------------------------------------------------- answers */

static void test_fit_lowers_the_loss_and_goes_on_from_where_it_was(void **state)
{
    (void)state;
    struct sample s;
    struct curve_model m;
    struct curve_likelihood *f;
    double theta[THETA];
    size_t all[CURVES] = {0, 1, 2, 3, 4, 5, 6};
    make_model(&m, &s, D);
    OK(curve_likelihood_new(&f, &m, all, CURVES));
    double start = curve_likelihood_loss(f, m.theta, NULL);
    OK(curve_model_fit(&m, CURVE_FIRST_FIT));
    double first = curve_likelihood_loss(f, m.theta, NULL);
    memcpy(theta, m.theta, sizeof theta);
    OK(curve_model_fit(&m, 0));
    assert_memory_equal(theta, m.theta, sizeof theta);
    OK(curve_model_fit(&m, CURVE_WARM_FIT));
    assert_true(first < start && curve_likelihood_loss(f, m.theta, NULL) <= first);
    curve_likelihood_free(f);
    curve_model_fini(&m);
}

/* Half of the curves fall fast and end low: the model learns it from those that ended. */
static void test_configurations_tell_which_curves_cross(void **state)
{
    (void)state;
    enum { N = 24, R = 32, ENDED = 8 };
    double x[N], step[R], loss[N][R];
    struct curve curve[N];
    struct curve_query query[N];
    double mean[N], sd[N];
    struct curve_model m;
    for (size_t i = 0; i < N; i++) {
        int slow = i % 2 == 0; /* begins worse, ends better */
        x[i] = slow ? 0.2 : 0.8;
        for (size_t k = 0; k < R; k++) {
            double v = log((double)k + 1) / log(R);
            step[k] = (double)k + 1;
            loss[i][k] = (slow ? 3 - 2.5 * v : 2 - v) + 0.01 * (double)(i / 2);
        }
        curve[i] = (struct curve){&x[i], i < ENDED ? R : 4, step, loss[i]};
        query[i] = (struct curve_query){i, NULL, R};
    }
    OK(curve_model_init(&m, case_dimension, 1, R));
    OK(curve_model_set(&m, curve, N));
    OK(curve_model_fit(&m, CURVE_FIRST_FIT));
    OK(curve_model_predict(&m, query, N, mean, sd));
    for (size_t i = ENDED; i < N; i += 2)
        assert_true(loss[i][3] > loss[i + 1][3] && mean[i] < mean[i + 1]);
    for (size_t i = 0; i < ENDED; i++)
        assert_near(mean[i], loss[i][R - 1], 0.1);
    curve_model_fini(&m);
}

static void test_draws_have_the_mean_and_chance_of_the_model(void **state)
{
    (void)state;
    enum { DRAWS = 4000, QUERIES = 2 };
    static double losses[DRAWS * QUERIES], again[10 * QUERIES];
    const struct curve_query query[QUERIES] = {{1, NULL, 20}, {4, NULL, 20}};
    struct sample s;
    struct curve_model m;
    double mean[QUERIES], sd[QUERIES], chance[QUERIES];
    make_model(&m, &s, D);
    OK(curve_model_fit(&m, CURVE_FIRST_FIT));
    OK(curve_model_predict(&m, query, QUERIES, mean, sd));
    OK(curve_model_chance(&m, query, QUERIES, mean[0], chance));
    OK(curve_model_draw(&m, query, QUERIES, DRAWS, 7, losses));
    OK(curve_model_draw(&m, query, QUERIES, 10, 7, again));
    assert_memory_equal(losses, again, sizeof again);
    for (size_t c = 0; c < QUERIES; c++) {
        double sum = 0, below = 0;
        for (size_t k = 0; k < DRAWS; k++) {
            sum += losses[k * QUERIES + c] / DRAWS;
            below += losses[k * QUERIES + c] < mean[0] ? 1.0 / DRAWS : 0;
        }
        assert_true(fabs(sum - mean[c]) < 5 * sd[c] / sqrt(DRAWS) + 2e-3);
        assert_true(fabs(below - chance[c]) < 5 * 0.5 / sqrt(DRAWS));
    }
    curve_model_fini(&m);
}

/* ---------------------------------------------------------------------- odd curves */

static void predict_ends(const struct curve *curve, size_t n, double r, double *mean, double *sd)
{
    struct curve_query query[8];
    struct curve_model m;
    for (size_t i = 0; i < n; i++)
        query[i] = (struct curve_query){i, NULL, r};
    OK(curve_model_init(&m, case_dimension, 0, r));
    OK(curve_model_set(&m, curve, n));
    OK(curve_model_fit(&m, CURVE_FIRST_FIT));
    OK(curve_model_predict(&m, query, n, mean, sd));
    curve_model_fini(&m);
    for (size_t i = 0; i < n; i++)
        assert_true(isfinite(mean[i]) && sd[i] >= 0 && isfinite(sd[i]));
}

static void test_one_report_predicts_itself(void **state)
{
    (void)state;
    const double step[] = {1}, loss[] = {2.385};
    const struct curve curve = {NULL, 1, step, loss};
    double mean, sd;
    predict_ends(&curve, 1, 100, &mean, &sd);
    assert_near(mean, 2.385, 1e-12);
    predict_ends(&curve, 1, 1, &mean, &sd);
    assert_near(mean, 2.385, 1e-12);
}

static void test_constant_and_equal_curves_stay_where_they_are(void **state)
{
    (void)state;
    const double step[] = {1, 2, 3, 4}, loss[] = {7, 7, 7, 7};
    const struct curve curve[] = {{NULL, 4, step, loss}, {NULL, 2, step, loss}, {NULL, 0, NULL, NULL}};
    double mean[3], sd[3];
    predict_ends(curve, 3, 4, mean, sd);
    for (size_t i = 0; i < 3; i++)
        assert_true(mean[i] == 7 && sd[i] == 0);
}

static void test_huge_losses_leave_the_others_apart(void **state)
{
    (void)state;
    const double step[] = {1, 2, 3}, good[] = {1, 0.5, 0.25}, fair[] = {1, 0.9, 0.8}, bad[] = {1e300, 1e308, 1e308};
    const struct curve curve[] = {{NULL, 3, step, good}, {NULL, 3, step, fair}, {NULL, 3, step, bad}};
    double mean[3], sd[3];
    predict_ends(curve, 3, 3, mean, sd);
    assert_true(mean[0] < mean[1] && mean[1] < 1 && mean[2] > 1e200);
}

static void test_many_curves_use_some_for_the_fit_and_all_for_the_answer(void **state)
{
    (void)state;
    enum { N = 3 * CURVE_MOST_FITTED };
    static double x[N], step[40], loss[N][40];
    static struct curve curve[N];
    struct curve_model m;
    for (size_t i = 0; i < N; i++) {
        x[i] = (double)i / N;
        for (size_t k = 0; k < 40; k++) {
            step[k] = (double)k + 1;
            loss[i][k] = x[i] + 1 / step[k];
        }
        curve[i] = (struct curve){&x[i], i % 3 ? 10 : 40, step, loss[i]};
    }
    OK(curve_model_init(&m, case_dimension, 1, 40));
    OK(curve_model_set(&m, curve, N));
    assert_true(m.first[1] < CURVE_MOST_POINTS && m.position[0] == 0 && m.position[m.first[1] - 1] == 1);
    OK(curve_model_fit(&m, CURVE_WARM_FIT));
    assert_int_equal(m.factor->n, N);
    for (size_t i = 1; i < N; i += 60) {
        struct curve_query query = {i, NULL, 40};
        double mean, sd;
        OK(curve_model_predict(&m, &query, 1, &mean, &sd));
        assert_near(mean, loss[i][39], 0.05);
    }
    curve_model_fini(&m);
}

/* -------------------------------------------------------------------- bad arguments */

static void refuse(const double *step, const double *loss, size_t count, const char *text)
{
    struct curve curve = {NULL, count, step, loss};
    struct curve_model m;
    OK(curve_model_init(&m, NULL, 0, 10));
    assert_int_equal(curve_model_set(&m, &curve, 1), AFINA_E_RANGE);
    assert_string_equal(fail_text(), text);
    assert_int_equal(m.n, 0);
    assert_int_equal(curve_model_fit(&m, 1), AFINA_E_STATE);
    curve_model_fini(&m);
}

static void test_steps_and_losses_that_are_none_are_refused(void **state)
{
    (void)state;
    const double loss[] = {1, 2}, nan_loss[] = {1, NAN}, infinite[] = {1, INFINITY};
    const double good[] = {1, 2}, same[] = {2, 2}, falling[] = {2, 1}, zero[] = {0, 1}, beyond[] = {1, 11};
    refuse(same, loss, 2, "step 2 of learning curve 0 must be above 2 and at most the budget 10");
    refuse(falling, loss, 2, "step 1 of learning curve 0 must be above 2 and at most the budget 10");
    refuse(zero, loss, 2, "step 0 of learning curve 0 must be above 0 and at most the budget 10");
    refuse(beyond, loss, 2, "step 11 of learning curve 0 must be above 1 and at most the budget 10");
    refuse(good, nan_loss, 2, "the loss nan at step 2 of learning curve 0 must be finite");
    refuse(good, infinite, 2, "the loss inf at step 2 of learning curve 0 must be finite");
}

static void test_what_has_no_curve_or_budget_is_refused(void **state)
{
    (void)state;
    static const double odd[] = {0, -1, NAN, INFINITY};
    struct curve_model m;
    struct curve nothing = {NULL, 0, NULL, NULL};
    struct curve_query query = {0, NULL, 1};
    double mean, sd;
    for (size_t k = 0; k < LENGTH(odd); k++)
        assert_int_equal(curve_model_init(&m, NULL, 0, odd[k]), AFINA_E_RANGE);
    OK(curve_model_init(&m, NULL, 0, 1));
    assert_int_equal(curve_model_set(&m, &nothing, CURVE_MOST + 1), AFINA_E_RANGE);
    assert_string_equal(fail_text(), "a learning-curve model holds at most 300 curves, got 301");
    assert_int_equal(curve_model_set(&m, &nothing, 1), AFINA_E_STATE);
    assert_string_equal(fail_text(), "none of 1 learning curves has a report");
    assert_int_equal(curve_model_predict(&m, &query, 1, &mean, &sd), AFINA_E_STATE);
    assert_string_equal(fail_text(), "a learning-curve model must be fitted before it is asked");
    curve_model_fini(&m);
    curve_model_fini(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_likelihood_is_that_of_the_dense_covariance),
        cmocka_unit_test(test_posterior_is_that_of_the_dense_covariance),
        cmocka_unit_test(test_gradient_agrees_with_differences),
        cmocka_unit_test(test_targets_are_normal_scores_and_answers_are_losses),
        cmocka_unit_test(test_fewer_curves_than_parameters),
        cmocka_unit_test(test_a_monotone_change_of_losses_changes_no_level),
        cmocka_unit_test(test_fit_lowers_the_loss_and_goes_on_from_where_it_was),
        cmocka_unit_test(test_configurations_tell_which_curves_cross),
        cmocka_unit_test(test_draws_have_the_mean_and_chance_of_the_model),
        cmocka_unit_test(test_one_report_predicts_itself),
        cmocka_unit_test(test_constant_and_equal_curves_stay_where_they_are),
        cmocka_unit_test(test_huge_losses_leave_the_others_apart),
        cmocka_unit_test(test_many_curves_use_some_for_the_fit_and_all_for_the_answer),
        cmocka_unit_test(test_steps_and_losses_that_are_none_are_refused),
        cmocka_unit_test(test_what_has_no_curve_or_budget_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
