/* Activation functions f(z) of hidden units and their derivatives.
 *
 * identity z; logistic 1/(1+e^-z); tanh; relu max(z,0); leaky_relu with slope
 * 0.01 (Maas et al. 2013); elu e^z-1 below 0 (Clevert et al. 2016); selu (Klambauer
 * et al. 2017); softplus log(1+e^z) (Dugas et al. 2001); softsign z/(1+|z|); silu
 * z/(1+e^-z) (Elfwing et al. 2018); gelu z Phi(z) (Hendrycks and Gimpel 2016, the
 * exact form). At the kink of relu and leaky_relu the slope is that of the left.
 * A NaN passes through, so that a training that diverged is seen. Check values:
 * softplus(1) = 1.31326169, selu(-1) = -1.11133074, gelu(1) = 0.84134475.
 */
#include "mlp/activation.h"
#include "mlp/float_math.h"

static void identity(float *restrict z, float *restrict slope, size_t n)
{
    (void)z;
    for (size_t i = 0; i < n; i++)
        slope[i] = 1.0f;
}

static void logistic(float *restrict z, float *restrict slope, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        float a = float_logistic(z[i]);
        slope[i] = a * (1.0f - a);
        z[i] = a;
    }
}

static void hyperbolic(float *restrict z, float *restrict slope, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        float a = float_tanh(z[i]);
        slope[i] = 1.0f - a * a;
        z[i] = a;
    }
}

static void relu(float *restrict z, float *restrict slope, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        float x = z[i];
        slope[i] = x > 0.0f ? 1.0f : 0.0f;
        z[i] = x < 0.0f ? 0.0f : x;
    }
}

static void leaky_relu(float *restrict z, float *restrict slope, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        float s = z[i] > 0.0f ? 1.0f : 0.01f;
        slope[i] = s;
        z[i] *= s;
    }
}

static void scaled_elu(float *restrict z, float *restrict slope, size_t n, float alpha, float scale)
{
    for (size_t i = 0; i < n; i++) {
        float x = z[i], below = float_expm1(x) * alpha, tail = below + alpha;
        float a = x > 0.0f ? x : below, s = x > 0.0f ? 1.0f : tail;
        slope[i] = s * scale;
        z[i] = a * scale;
    }
}

static void elu(float *restrict z, float *restrict slope, size_t n)
{
    scaled_elu(z, slope, n, 1.0f, 1.0f);
}

static void selu(float *restrict z, float *restrict slope, size_t n)
{
    scaled_elu(z, slope, n, 1.67326324f, 1.05070099f);
}

/* log(1 + e^z) = max(z, 0) + log(1 + e^-|z|); its slope is the logistic. */
static void softplus(float *restrict z, float *restrict slope, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        float x = z[i], magnitude = x < 0.0f ? -x : x, positive = x < 0.0f ? 0.0f : x;
        float t = float_exp(-magnitude), small = t / (1.0f + t), large = 1.0f / (1.0f + t);
        slope[i] = x < 0.0f ? small : large;
        z[i] = positive + float_log1p(t);
    }
}

static void softsign(float *restrict z, float *restrict slope, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        float x = z[i], magnitude = x < 0.0f ? -x : x;
        float r = 1.0f / (1.0f + magnitude);
        slope[i] = r * r;
        z[i] = x * r;
    }
}

static void silu(float *restrict z, float *restrict slope, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        float s = float_logistic(z[i]), a = z[i] * s;
        slope[i] = s + a * (1.0f - s);
        z[i] = a;
    }
}

/* f' = Phi(z) + z phi(z), phi(z) = e^(-z^2/2) / sqrt(2 pi). */
static void gelu(float *restrict z, float *restrict slope, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        float x = z[i], tail, density;
        float_normal(x, &tail, &density);
        float upper = 1.0f - tail;
        float p = x > 0.0f ? upper : tail;
        slope[i] = p + x * density * 0.398942280f;
        z[i] = x * p;
    }
}

void activation_apply(int32_t activation, float *z, float *slope, size_t n)
{
    static void (*const apply[ACTIVATION_COUNT])(float *restrict, float *restrict, size_t) = {
        identity, logistic, hyperbolic, relu, leaky_relu, elu, selu, softplus, softsign, silu, gelu,
    };
    apply[activation](z, slope, n);
}

static float largest(const float *z, size_t n)
{
    float top = z[0];
    for (size_t i = 1; i < n; i++)
        top = z[i] > top ? z[i] : top;
    return top;
}

void activation_softmax(float *z, size_t rows, size_t columns)
{
    for (size_t r = 0; r < rows; r++) {
        float top = largest(z + r * columns, columns);
        for (size_t c = 0; c < columns; c++)
            z[r * columns + c] -= top;
    }
    for (size_t i = 0; i < rows * columns; i++)
        z[i] = float_exp(z[i]);
    for (size_t r = 0; r < rows; r++) {
        float *p = z + r * columns, sum = 0;
        for (size_t c = 0; c < columns; c++)
            sum += p[c];
        for (size_t c = 0; c < columns; c++)
            p[c] /= sum;
    }
}
