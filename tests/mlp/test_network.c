/* The network against an independent computation in double. */
#include "afina_mlp.h"
#include "core/fail.h"
#include "core/rng.h"
#include "mlp/activation.h"
#include "mlp/backprop.h"
#include "mlp/dataset.h"
#include "mlp/initial_weights.h"
#include "mlp/line_descent.h"
#include "mlp/outputs.h"
#include "mlp/update_rule.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "mlp/near.h"

enum { ROWS = 11, INPUTS = 5, PARAMETERS_MAX = 400, WIDEST = 16 };

/* ------------------------------------------------------------- naive reference */

static double activated(int32_t activation, double z)
{
    static const double scale = 1.0507009873554805, alpha = 1.6732632423543772;
    switch (activation) {
    case ACTIVATION_LOGISTIC:
        return 1 / (1 + exp(-z));
    case ACTIVATION_TANH:
        return tanh(z);
    case ACTIVATION_RELU:
        return z > 0 ? z : 0;
    case ACTIVATION_LEAKY_RELU:
        return z > 0 ? z : 0.01 * z;
    case ACTIVATION_ELU:
        return z > 0 ? z : expm1(z);
    case ACTIVATION_SELU:
        return scale * (z > 0 ? z : alpha * expm1(z));
    case ACTIVATION_SOFTPLUS:
        return log1p(exp(z));
    case ACTIVATION_SOFTSIGN:
        return z / (1 + fabs(z));
    case ACTIVATION_SILU:
        return z / (1 + exp(-z));
    case ACTIVATION_GELU:
        return z * 0.5 * erfc(-z / sqrt(2.0));
    default:
        return z;
    }
}

struct problem {
    struct shape shape;
    double w[PARAMETERS_MAX];
    float x[ROWS * INPUTS];
    int32_t labels[ROWS];
    float targets[ROWS];
    int softmax;
};

static double row_loss(const struct problem *p, size_t r)
{
    const struct shape *s = &p->shape;
    double a[WIDEST], z[WIDEST], sum = 0;
    for (size_t i = 0; i < INPUTS; i++)
        a[i] = (double)p->x[r * INPUTS + i];
    for (size_t l = 0; l <= s->layers; l++) {
        for (size_t j = 0; j < s->units[l + 1]; j++) {
            z[j] = p->w[s->bias_at[l] + j];
            for (size_t i = 0; i < s->units[l]; i++)
                z[j] += a[i] * p->w[s->weight_at[l] + i * s->units[l + 1] + j];
        }
        for (size_t j = 0; j < s->units[l + 1]; j++)
            a[j] = l < s->layers ? activated(s->activation[l], z[j]) : z[j];
    }
    if (!p->softmax)
        return 0.5 * (a[0] - (double)p->targets[r]) * (a[0] - (double)p->targets[r]);
    for (size_t j = 0; j < s->units[s->layers + 1]; j++)
        sum += exp(a[j]);
    return log(sum) - a[p->labels[r]];
}

static double mean_loss(const struct problem *p)
{
    double sum = 0;
    for (size_t r = 0; r < ROWS; r++)
        sum += row_loss(p, r);
    return sum / ROWS;
}

/* Central differences of order four. */
static double difference(struct problem *p, size_t i)
{
    const double h = 1e-4, w = p->w[i];
    double f[4];
    static const double at[4] = {-2, -1, 1, 2};
    for (size_t k = 0; k < 4; k++) {
        p->w[i] = w + at[k] * h;
        f[k] = mean_loss(p);
    }
    p->w[i] = w;
    return (f[0] - 8 * f[1] + 8 * f[2] - f[3]) / (12 * h);
}

static void make_problem(struct problem *p, size_t layers, int32_t activation, int softmax, uint64_t seed)
{
    static const size_t units[] = {INPUTS, 7, 4, 6};
    struct rng rng;
    float single[PARAMETERS_MAX];
    memset(p, 0, sizeof *p);
    p->softmax = softmax;
    p->shape.layers = layers;
    for (size_t l = 0; l <= layers; l++) {
        p->shape.units[l] = units[l];
        p->shape.activation[l] = activation;
    }
    p->shape.units[layers + 1] = softmax ? 3 : 1;
    shape_layout(&p->shape);
    rng_start(&rng, seed, 1, RNG_OBJECTIVE);
    initial_weights_draw(INITIAL_HE_NORMAL, &rng, &p->shape, single);
    for (size_t i = 0; i < p->shape.parameters; i++)
        p->w[i] = (double)(single[i] + (float)(0.1 * rng_normal(&rng)));
    for (size_t i = 0; i < ROWS * INPUTS; i++)
        p->x[i] = (float)rng_normal(&rng);
    for (size_t r = 0; r < ROWS; r++) {
        p->labels[r] = (int32_t)rng_below(&rng, 3);
        p->targets[r] = (float)rng_normal(&rng);
    }
}

/* The library's gradient of the mean loss, in two passes of 7 and 4 rows. */
static double library_gradient(const struct problem *p, float *gradient)
{
    struct backprop pass;
    float w[PARAMETERS_MAX];
    double loss = 0;
    for (size_t i = 0; i < p->shape.parameters; i++)
        w[i] = (float)p->w[i];
    assert_int_equal(backprop_init(&pass, &p->shape, 7), AFINA_OK);
    for (size_t start = 0; start < ROWS; start += 7) {
        size_t n = start ? ROWS - 7 : 7;
        memcpy(pass.layer[0], p->x + start * INPUTS, n * INPUTS * sizeof *p->x);
        backprop_forward(&pass, w, n, p->softmax, 0, NULL);
        loss += p->softmax ? backprop_loss_class(&pass, p->labels + start, n, 1.0f / ROWS)
                           : backprop_loss_value(&pass, p->targets + start, n, 1.0f / ROWS);
        backprop_backward(&pass, w, n, start ? 1.0f : 0.0f, gradient);
    }
    backprop_fini(&pass);
    return loss / ROWS;
}

static void check_gradient(size_t layers, int32_t activation, int softmax)
{
    static struct problem p;
    float gradient[PARAMETERS_MAX];
    make_problem(&p, layers, activation, softmax, 41 + layers);
    for (size_t i = 0; i < p.shape.parameters; i++)
        p.w[i] = (double)(float)p.w[i];
    double loss = library_gradient(&p, gradient), size = 0;
    assert_near(loss, mean_loss(&p), 3e-6);
    for (size_t i = 0; i < p.shape.parameters; i++)
        size = fmax(size, fabs((double)gradient[i]));
    assert_true(size > 0.01);
    for (size_t i = 0; i < p.shape.parameters; i++) {
        double expected = difference(&p, i);
        if (!(fabs((double)gradient[i] - expected) < 1e-5 * size + 1e-4 * fabs(expected)))
            fail_msg("activation %d, %zu layers, parameter %zu: %.9g, not %.9g", activation, layers, i,
                     (double)gradient[i], expected);
    }
}

static void test_gradient_of_every_activation_with_cross_entropy(void **state)
{
    (void)state;
    for (int32_t activation = 0; activation < ACTIVATION_COUNT; activation++)
        for (size_t layers = 1; layers <= 3; layers++)
            check_gradient(layers, activation, 1);
}

static void test_gradient_of_every_activation_with_squared_error(void **state)
{
    (void)state;
    for (int32_t activation = 0; activation < ACTIVATION_COUNT; activation++)
        for (size_t layers = 1; layers <= 3; layers++)
            check_gradient(layers, activation, 0);
}

static void test_dropout_leaves_out_its_share_and_keeps_the_mean(void **state)
{
    (void)state;
    enum { UNITS = 2000, N = 50 };
    struct shape shape = {.layers = 1, .units = {1, UNITS, 1}, .activation = {ACTIVATION_IDENTITY}};
    struct backprop pass;
    struct rng rng;
    static float w[4 * UNITS];
    shape_layout(&shape);
    for (size_t i = 0; i < UNITS; i++)
        w[i] = 1;
    rng_start(&rng, 3, 3, RNG_OBJECTIVE);
    assert_int_equal(backprop_init(&pass, &shape, N), AFINA_OK);
    for (size_t r = 0; r < N; r++)
        pass.layer[0][r] = 1;
    backprop_forward(&pass, w, N, 0, 0.3, &rng);
    size_t dropped = 0;
    for (size_t i = 0; i < N * UNITS; i++) {
        float a = pass.layer[1][i];
        assert_true(a == 0 || fabsf(a - 1 / 0.7f) < 1e-4f);
        assert_true(pass.slope[1][i] == a);
        dropped += a == 0;
    }
    assert_true(fabs((double)dropped / (N * UNITS) - 0.3) < 0.008);
    backprop_fini(&pass);
}

/* ---------------------------------------------------------------- update rules */

/* Two steps with these gradients from w = 1, by hand in double. */
static void check_rule(int32_t algorithm, float l2, double first, double second)
{
    float m[2] = {0}, s[2] = {0}, w[2] = {1, 1};
    struct update_rule rule = {
        .algorithm = algorithm, .weights = 1, .parameters = 2, .l2 = l2, .momentum = 0.8f, .first = m, .second = s};
    update_rule_step(&rule, 0.1, (const float[]){0.5f, 0.5f}, w);
    assert_near(w[0], first, 1e-6);
    update_rule_step(&rule, 0.1, (const float[]){-0.2f, -0.2f}, w);
    assert_near(w[0], second, 1e-6);
}

static void test_update_rules_make_the_steps_of_their_formulas(void **state)
{
    (void)state;
    check_rule(ALGORITHM_SGD, 0, 0.95, 0.97);
    check_rule(ALGORITHM_SGD, 0.3f, 0.92, 0.92 - 0.1 * (-0.2 + 0.3 * 0.92));
    check_rule(ALGORITHM_MOMENTUM, 0, 0.95, 0.95 + (0.8 * -0.05 + 0.02));
    check_rule(ALGORITHM_NESTEROV, 0, 1 + 0.8 * -0.05 - 0.05, 0.91 + 0.8 * (0.8 * -0.05 + 0.02) + 0.02);
    check_rule(ALGORITHM_ADAGRAD, 0, 0.9, 0.9 + 0.1 * 0.2 / sqrt(0.29));
    double s = 0.1 * 0.25, s2 = 0.9 * s + 0.1 * 0.04, w1 = 1 - 0.1 * 0.5 / sqrt(s);
    check_rule(ALGORITHM_RMSPROP, 0, w1, w1 + 0.1 * 0.2 / sqrt(s2));
    double m2 = (0.9 * 0.05 - 0.02) / (1 - 0.81), v2 = (0.999 * 0.00025 + 0.00004) / (1 - 0.998001);
    check_rule(ALGORITHM_ADAM, 0, 0.9, 0.9 - 0.1 * m2 / sqrt(v2));
    check_rule(ALGORITHM_ADAMW, 0.3f, 0.97 - 0.1, 0.87 * 0.97 - 0.1 * m2 / sqrt(v2));
}

static void test_l2_applies_to_weights_not_to_biases(void **state)
{
    (void)state;
    for (int32_t algorithm = 0; algorithm < ALGORITHM_BFGS; algorithm++) {
        float m[2] = {0}, s[2] = {0}, w[2] = {1, 1};
        struct update_rule rule = {
            .algorithm = algorithm, .weights = 1, .parameters = 2, .l2 = 0.5f, .first = m, .second = s};
        update_rule_step(&rule, 0.1, (const float[]){0, 0}, w);
        assert_true(w[0] < 1);
        assert_true(w[1] == 1);
    }
}

/* ---------------------------------------------------------------- line descent */

static double rosenbrock(void *user, const float *w, float *gradient)
{
    double x = (double)w[0], y = (double)w[1];
    *(int *)user += 1;
    gradient[0] = (float)(-400 * x * (y - x * x) - 2 * (1 - x));
    gradient[1] = (float)(200 * (y - x * x));
    return 100 * (y - x * x) * (y - x * x) + (1 - x) * (1 - x);
}

static void check_rosenbrock(int32_t conjugate, int iterations)
{
    struct line_descent d;
    float w[2] = {-1.2f, 1};
    int looks = 0;
    double before = INFINITY;
    assert_int_equal(line_descent_init(&d, 2, conjugate, rosenbrock, &looks), AFINA_OK);
    for (int i = 0; i < iterations && line_descent_step(&d, w) == 1; i++) {
        assert_true(d.value <= before * (1 + 3e-7));
        before = d.value;
    }
    assert_near(w[0], 1, 1e-3);
    assert_near(w[1], 1, 2e-3);
    assert_true(looks < 5 * iterations);
    line_descent_fini(&d);
}

static void test_bfgs_and_conjugate_gradients_solve_rosenbrock(void **state)
{
    (void)state;
    check_rosenbrock(0, 60);
    check_rosenbrock(1, 60);
}

/* A wall: not finite beyond 0.6, where a first step of 1 would land. */
static double walled(void *user, const float *w, float *gradient)
{
    (void)user;
    gradient[0] = 2 * (w[0] - 0.5f);
    return w[0] > 0.6f ? (double)NAN : (double)((w[0] - 0.5f) * (w[0] - 0.5f));
}

static double nowhere(void *user, const float *w, float *gradient)
{
    (void)user;
    (void)w;
    gradient[0] = 1;
    return NAN;
}

static void test_search_steps_back_from_what_is_not_finite(void **state)
{
    (void)state;
    struct line_descent d;
    float w[1] = {-3};
    assert_int_equal(line_descent_init(&d, 1, 0, walled, NULL), AFINA_OK);
    for (int i = 0; i < 20 && line_descent_step(&d, w) == 1; i++)
        ;
    assert_near(w[0], 0.5, 1e-3);
    line_descent_fini(&d);
    assert_int_equal(line_descent_init(&d, 1, 0, nowhere, NULL), AFINA_OK);
    assert_int_equal(line_descent_step(&d, w), -1);
    line_descent_fini(&d);
}

/* --------------------------------------------------------------------- scaling */

static void test_features_are_standardised_on_the_given_rows_only(void **state)
{
    (void)state;
    static const double x[] = {1, 5, 1e9, 3, 5, 1e9, 100, 6, 1e9 + 2}, y[] = {2, 4, 1000};
    static const size_t rows[] = {0, 1};
    struct shape shape = {.layers = 0, .units = {3, 1}};
    struct dataset *d;
    struct network *network;
    float out[9];
    shape_layout(&shape);
    assert_int_equal(dataset_from_arrays(&d, x, 3, 3, y, AFINA_TASK_REGRESSION), AFINA_OK);
    assert_int_equal(network_new(&network, &shape, d, rows, 2), AFINA_OK);
    assert_near(network->mean[0], 2, 1e-12);
    assert_near(network->scale[0], 1, 1e-12);
    assert_true(network->mean[1] == 5 && network->scale[1] == 0);
    assert_near(network->target_mean, 3, 1e-12);
    assert_near(network->target_scale, 1, 1e-12);
    network_scale(network, x, NULL, 3, out);
    static const float expected[] = {-1, 0, 0, 1, 0, 0, 5, 0, 0};
    assert_memory_equal(out, expected, sizeof out);
    network_free(network);
    dataset_free(d);
}

static void test_features_of_any_size_stay_finite(void **state)
{
    (void)state;
    static const double x[] = {1.7e308, 5e-324, -1.7e308, 0}, y[] = {-1.7e308, 1.7e308};
    static const size_t rows[] = {0, 1};
    struct shape shape = {.layers = 0, .units = {2, 1}};
    struct dataset *d;
    struct network *network;
    float out[4];
    shape_layout(&shape);
    assert_int_equal(dataset_from_arrays(&d, x, 2, 2, y, AFINA_TASK_REGRESSION), AFINA_OK);
    assert_int_equal(network_new(&network, &shape, d, rows, 2), AFINA_OK);
    network_scale(network, x, NULL, 2, out);
    for (size_t i = 0; i < 4; i++)
        assert_true(isfinite(out[i]));
    assert_true(isfinite(network->target_mean) && isfinite(network->target_scale));
    network_free(network);
    dataset_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gradient_of_every_activation_with_cross_entropy),
        cmocka_unit_test(test_gradient_of_every_activation_with_squared_error),
        cmocka_unit_test(test_dropout_leaves_out_its_share_and_keeps_the_mean),
        cmocka_unit_test(test_update_rules_make_the_steps_of_their_formulas),
        cmocka_unit_test(test_l2_applies_to_weights_not_to_biases),
        cmocka_unit_test(test_bfgs_and_conjugate_gradients_solve_rosenbrock),
        cmocka_unit_test(test_search_steps_back_from_what_is_not_finite),
        cmocka_unit_test(test_features_are_standardised_on_the_given_rows_only),
        cmocka_unit_test(test_features_of_any_size_stay_finite),
    };
    return cmocka_run_group_tests_name("network", tests, NULL, NULL);
}
