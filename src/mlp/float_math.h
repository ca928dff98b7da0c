/* Elementary functions in single precision, as straight code that a compiler
 * turns into vector instructions: no table, no branch, no call.
 *
 * e^x: with n = round(x / ln 2) and r = x - n ln 2 (ln 2 in two parts, Cody and
 * Waite 1980), e^x - 1 = 2^n p + (2^n - 1), where p = e^r - 1 = r + r^2 Q(r) and Q
 * is the minimax polynomial of degree 4 on |r| <= ln 2 / 2 (error of p: 7.5e-9).
 * log(1 + t) on [0, 1] is 2 atanh(s), s = t / (2 + t): 2 s + s^3 R(s^2), R of
 * degree 3 (1.6e-8). The coefficients were computed by the Remez exchange in 40
 * digits. Relative errors, found against libm in double over all arguments of
 * use: float_exp 9e-8, float_expm1 1.3e-7, float_tanh 2.0e-7, float_logistic 1.5e-7,
 * float_log1p 1.8e-7. NaN gives NaN; arguments past -87 and 88 count as
 * these. Check value: float_tanh(0.5) = 0.46211717.
 */
#ifndef AFINA_MLP_FLOAT_MATH_H
#define AFINA_MLP_FLOAT_MATH_H

#include <stdint.h>
#include <string.h>

/* *p = e^r - 1 and *scale = 2^n with e^x = 2^n e^r. */
static inline void float_exp_parts(float x, float *p, float *scale)
{
    const float shift = 12582912.0f; /* 1.5 * 2^23: adding it rounds to a whole number */
    x = x < -87.0f ? -87.0f : x;
    x = x > 88.0f ? 88.0f : x;
    float shifted = x * 1.44269504f + shift;
    float n = shifted - shift;
    float r = x - n * 0.693359375f; /* ln 2 = 0.693359375 - 2.12194440e-4 */
    r = r + n * 2.12194440e-4f;
    float q = 1.394111025e-3f;
    q = q * r + 8.36318123e-3f;
    q = q * r + 4.166637532e-2f;
    q = q * r + 1.666657697e-1f;
    q = q * r + 5.0000000e-1f;
    *p = r + r * r * q;
    uint32_t bits;
    memcpy(&bits, &shifted, sizeof bits);
    bits = (bits - 0x4B400000u + 127u) << 23;
    memcpy(scale, &bits, sizeof bits);
}

static inline float float_exp(float x)
{
    float p, scale;
    float_exp_parts(x, &p, &scale);
    return scale + scale * p;
}

static inline float float_expm1(float x)
{
    float p, scale;
    float_exp_parts(x, &p, &scale);
    return scale * p + (scale - 1.0f);
}

static inline float float_logistic(float x)
{
    return 1.0f / (1.0f + float_exp(-x));
}

/* tanh |x| = -u / (2 + u), u = e^(-2|x|) - 1. */
static inline float float_tanh(float x)
{
    float magnitude = x < 0.0f ? -x : x;
    float u = float_expm1(-2.0f * magnitude);
    float t = -u / (2.0f + u);
    return x < 0.0f ? -t : t;
}

/* t in [0, 1]. */
static inline float float_log1p(float t)
{
    float s = t / (2.0f + t);
    float z = s * s;
    float r = 2.68836023e-1f;
    r = r * z + 2.823128116e-1f;
    r = r * z + 4.000778226e-1f;
    r = r * z + 6.666663898e-1f;
    return s + s + s * z * r;
}

/* *tail = Phi(-|x|), the normal distribution, and *density = e^(-x^2/2), by
 * Phi(-|x|) = density t P(t), t = 1 / (1 + 0.27 |x|): the form of Hastings 1955
 * (Abramowitz and Stegun 26.2.17) with P of degree 8, relative error 2.4e-8
 * before rounding for |x| <= 14. */
static inline void float_normal(float x, float *tail, float *density)
{
    float magnitude = x < 0.0f ? -x : x;
    float t = 1.0f / (1.0f + 0.27f * magnitude);
    float p = 2.898453693e-2f;
    p = p * t - 1.266033457e-1f;
    p = p * t + 1.700372087e-1f;
    p = p * t - 6.950874771e-2f;
    p = p * t + 1.080399625e-1f;
    p = p * t + 7.195419975e-2f;
    p = p * t + 1.018362081e-1f;
    p = p * t + 1.075390989e-1f;
    p = p * t + 1.077208904e-1f;
    *density = float_exp(-0.5f * x * x);
    *tail = *density * t * p;
}

#endif
