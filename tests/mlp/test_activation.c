#include "core/rng.h"
#include "mlp/activation.h"
#include "mlp/float_math.h"
#include "mlp/initial_weights.h"
#include "mlp/network.h"
#include "mlp/rate_schedule.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "mlp/near.h"

/* ------------------------------------------------------- elementary functions */

static double relative(float got, double expected)
{
    return expected == 0 ? fabs((double)got) : fabs((double)got - expected) / fabs(expected);
}

/* The largest relative error over arguments low, low + step, ... */
static double worst(float (*f)(float), double (*exact)(double), double low, double high, double step)
{
    double most = 0;
    for (double x = low; x <= high; x += step) {
        float single = (float)x;
        most = fmax(most, relative(f(single), exact((double)single)));
    }
    return most;
}

static double logistic(double x)
{
    return 1 / (1 + exp(-x));
}

static void test_exp_is_right_to_1e_7(void **state)
{
    (void)state;
    double most = worst(float_exp, exp, -87, 88, 0.000317);
    assert_true(most < 1.0e-7);
    assert_true(float_exp(0) == 1);
}

static void test_expm1_is_right_to_1_5e_7_also_near_0(void **state)
{
    (void)state;
    double far = worst(float_expm1, expm1, -87, 88, 0.000317), near = worst(float_expm1, expm1, -0.01, 0.01, 1.37e-7);
    assert_true(far < 1.5e-7);
    assert_true(near < 1.5e-7);
    assert_true(float_expm1(0) == 0);
}

static void test_tanh_is_right_to_2_2e_7_also_near_0(void **state)
{
    (void)state;
    double far = worst(float_tanh, tanh, -20, 20, 0.000113), near = worst(float_tanh, tanh, -0.01, 0.01, 1.37e-7);
    assert_true(far < 2.2e-7);
    assert_true(near < 2.2e-7);
}

static void test_logistic_is_right_to_1_7e_7(void **state)
{
    (void)state;
    assert_true(worst(float_logistic, logistic, -85, 40, 0.000317) < 1.7e-7);
}

static void test_log1p_is_right_to_2e_7_on_0_to_1(void **state)
{
    (void)state;
    double all = worst(float_log1p, log1p, 0, 1, 1.7e-6), near = worst(float_log1p, log1p, 0, 1e-3, 1.7e-9);
    assert_true(all < 2.0e-7);
    assert_true(near < 2.0e-7);
}

static void test_normal_tail_is_right_to_1e_6_where_it_is_not_tiny(void **state)
{
    (void)state;
    for (double x = -4; x <= 4; x += 0.000317) {
        float single = (float)x, tail, density;
        float_normal(single, &tail, &density);
        assert_true(relative(tail, 0.5 * erfc(fabs((double)single) / sqrt(2.0))) < 1e-6);
        assert_true(relative(density, exp(-0.5 * (double)single * (double)single)) < 1e-6);
    }
}

static void test_nan_and_extremes_pass_through(void **state)
{
    (void)state;
    assert_true(isnan(float_exp(NAN)));
    assert_true(isnan(float_expm1(NAN)));
    assert_true(isnan(float_tanh(NAN)));
    assert_true(isfinite(float_exp(1e30f)));
    assert_true(float_exp(-INFINITY) > 0 && float_exp(-INFINITY) < 2e-38f);
    assert_true(float_tanh(INFINITY) == 1);
    assert_true(float_tanh(-1e30f) == -1);
}

/* ------------------------------------------------------- activation functions */

static double exact(int32_t activation, double z)
{
    switch (activation) {
    case ACTIVATION_LOGISTIC:
        return logistic(z);
    case ACTIVATION_TANH:
        return tanh(z);
    case ACTIVATION_RELU:
        return fmax(z, 0);
    case ACTIVATION_LEAKY_RELU:
        return z > 0 ? z : 0.01 * z;
    case ACTIVATION_ELU:
        return z > 0 ? z : expm1(z);
    case ACTIVATION_SELU:
        return 1.0507009873554805 * (z > 0 ? z : 1.6732632423543772 * expm1(z));
    case ACTIVATION_SOFTPLUS:
        return z > 0 ? z + log1p(exp(-z)) : log1p(exp(z));
    case ACTIVATION_SOFTSIGN:
        return z / (1 + fabs(z));
    case ACTIVATION_SILU:
        return z * logistic(z);
    case ACTIVATION_GELU:
        return z * 0.5 * erfc(-z / sqrt(2.0));
    default:
        return z;
    }
}

static void test_every_activation_has_its_value_and_its_slope(void **state)
{
    (void)state;
    for (int32_t activation = 0; activation < ACTIVATION_COUNT; activation++)
        for (double z = -12.0005; z < 12; z += 0.0173) {
            float a = (float)z, slope;
            double at = (double)a, h = 1e-5;
            double expected = (exact(activation, at + h) - exact(activation, at - h)) / (2 * h);
            activation_apply(activation, &a, &slope, 1);
            assert_true(fabs((double)a - exact(activation, at)) < 1e-6 * fmax(1, fabs(at)));
            assert_true(fabs((double)slope - expected) < 3e-6);
        }
}

static void test_vectors_and_single_numbers_agree(void **state)
{
    (void)state;
    for (int32_t activation = 0; activation < ACTIVATION_COUNT; activation++) {
        float many[37], slopes[37];
        for (size_t i = 0; i < 37; i++)
            many[i] = (float)i * 0.237f - 4.1f;
        activation_apply(activation, many, slopes, 37);
        for (size_t i = 0; i < 37; i++) {
            float one = (float)i * 0.237f - 4.1f, slope;
            activation_apply(activation, &one, &slope, 1);
            assert_true(one == many[i] && slope == slopes[i]);
        }
    }
}

static void test_no_activation_hides_a_nan(void **state)
{
    (void)state;
    for (int32_t activation = 0; activation < ACTIVATION_COUNT; activation++) {
        float z[9], slope[9];
        for (size_t i = 0; i < 9; i++)
            z[i] = NAN;
        activation_apply(activation, z, slope, 9);
        for (size_t i = 0; i < 9; i++)
            assert_true(isnan(z[i]));
    }
}

static void test_softmax_gives_probabilities_for_any_scores(void **state)
{
    (void)state;
    float z[] = {1, 2, 3, 1000, 999, -1000, -5e37f, 3e38f, 0};
    activation_softmax(z, 3, 3);
    assert_true(relative(z[0], exp(-2.0) / (exp(-2.0) + exp(-1.0) + 1)) < 3e-7);
    assert_true(relative(z[3], 1 / (1 + exp(-1.0))) < 3e-7);
    assert_true(z[5] >= 0 && z[5] < 1e-30f);
    assert_true(z[7] == 1);
    for (size_t r = 0; r < 3; r++)
        assert_true(fabsf(z[3 * r] + z[3 * r + 1] + z[3 * r + 2] - 1) < 1e-6f);
}

/* ------------------------------------------------------------ initial weights */

enum { IN = 250, OUT = 120 };

static void test_initial_weights_have_their_variance(void **state)
{
    (void)state;
    static const double variance[INITIAL_ORTHOGONAL] = {
        0.0025, 0.0025, 2.0 / (IN + OUT), 2.0 / (IN + OUT), 2.0 / IN, 2.0 / IN, 1.0 / IN, 1.0 / IN,
    };
    static float w[IN * OUT];
    for (int32_t kind = 0; kind < INITIAL_ORTHOGONAL; kind++) {
        struct rng rng;
        double sum = 0, squares = 0, top = 0, n = IN * OUT;
        rng_start(&rng, 17, 1, RNG_OBJECTIVE);
        initial_weights_layer(kind, &rng, IN, OUT, w);
        for (size_t i = 0; i < IN * OUT; i++) {
            sum += (double)w[i];
            squares += (double)w[i] * (double)w[i];
            top = fmax(top, fabs((double)w[i]));
        }
        double sd = sqrt(variance[kind]);
        int uniform = kind == INITIAL_UNIFORM || kind == INITIAL_GLOROT_UNIFORM || kind == INITIAL_HE_UNIFORM ||
                      kind == INITIAL_LECUN_UNIFORM;
        assert_true(fabs(sum / n) < 5 * sd / sqrt(n));
        assert_true(fabs(squares / n / variance[kind] - 1) < 0.04);
        assert_true(uniform ? top <= sd * sqrt(3.0) * 1.0001 : top > 3 * sd);
    }
}

static void check_orthogonal(size_t in, size_t out)
{
    float *w = test_malloc(in * out * sizeof *w);
    struct rng rng;
    size_t n = in < out ? in : out, length = in < out ? out : in;
    rng_start(&rng, 5, 1, RNG_OBJECTIVE);
    initial_weights_layer(INITIAL_ORTHOGONAL, &rng, in, out, w);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            double dot = 0;
            for (size_t k = 0; k < length; k++)
                dot += in < out ? (double)w[i * out + k] * (double)w[j * out + k]
                                : (double)w[k * out + i] * (double)w[k * out + j];
            assert_true(fabs(dot - (i == j)) < 1e-5);
        }
    test_free(w);
}

static void test_orthogonal_weights_are_orthogonal(void **state)
{
    (void)state;
    check_orthogonal(64, 64);
    check_orthogonal(20, 50);
    check_orthogonal(50, 20);
    check_orthogonal(7, 1);
}

static void test_biases_start_at_0(void **state)
{
    (void)state;
    struct shape shape = {.layers = 1, .units = {3, 4, 2}};
    shape_layout(&shape);
    assert_int_equal(shape.weights, 20);
    assert_int_equal(shape.parameters, 26);
    float parameters[26];
    struct rng rng;
    rng_start(&rng, 5, 1, RNG_OBJECTIVE);
    initial_weights_draw(INITIAL_HE_NORMAL, &rng, &shape, parameters);
    for (size_t i = 0; i < 26; i++)
        assert_true((parameters[i] != 0) == (i < 20));
}

/* ------------------------------------------------------------------- schedules */

static void test_schedules_fall_from_1_to_a_hundredth(void **state)
{
    (void)state;
    for (int32_t schedule = RATE_STEP; schedule < RATE_SCHEDULES; schedule++) {
        double before = 1;
        assert_near(rate_schedule_factor(schedule, 0), 1, 1e-12);
        assert_near(rate_schedule_factor(schedule, 1), 0.01, 1e-12);
        for (double t = 0; t <= 1; t += 0.01) {
            double factor = rate_schedule_factor(schedule, t);
            assert_true(factor <= before);
            before = factor;
        }
    }
    assert_true(rate_schedule_factor(RATE_CONSTANT, 0.7) == 1);
}

static void test_schedules_have_their_form(void **state)
{
    (void)state;
    assert_near(rate_schedule_factor(RATE_STEP, 0.24), 1, 1e-12);
    assert_near(rate_schedule_factor(RATE_STEP, 0.26), pow(0.01, 1.0 / 3), 1e-12);
    assert_near(rate_schedule_factor(RATE_EXPONENTIAL, 0.5), 0.1, 1e-12);
    assert_near(rate_schedule_factor(RATE_COSINE, 0.5), 0.505, 1e-12);
    assert_near(rate_schedule_factor(RATE_INVERSE, 0.5), 2.0 / 101, 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exp_is_right_to_1e_7),
        cmocka_unit_test(test_expm1_is_right_to_1_5e_7_also_near_0),
        cmocka_unit_test(test_tanh_is_right_to_2_2e_7_also_near_0),
        cmocka_unit_test(test_logistic_is_right_to_1_7e_7),
        cmocka_unit_test(test_log1p_is_right_to_2e_7_on_0_to_1),
        cmocka_unit_test(test_normal_tail_is_right_to_1e_6_where_it_is_not_tiny),
        cmocka_unit_test(test_nan_and_extremes_pass_through),
        cmocka_unit_test(test_every_activation_has_its_value_and_its_slope),
        cmocka_unit_test(test_vectors_and_single_numbers_agree),
        cmocka_unit_test(test_no_activation_hides_a_nan),
        cmocka_unit_test(test_softmax_gives_probabilities_for_any_scores),
        cmocka_unit_test(test_initial_weights_have_their_variance),
        cmocka_unit_test(test_orthogonal_weights_are_orthogonal),
        cmocka_unit_test(test_biases_start_at_0),
        cmocka_unit_test(test_schedules_fall_from_1_to_a_hundredth),
        cmocka_unit_test(test_schedules_have_their_form),
    };
    return cmocka_run_group_tests_name("activation", tests, NULL, NULL);
}
