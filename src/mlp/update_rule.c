/* First-order updates of the parameters w, with gradient g = dE/dw + l2 w (biases:
 * without l2) and learning rate r.
 *
 *     sgd        w -= r g
 *     momentum   v = m v - r g;  w += v                          (Polyak 1964)
 *     nesterov   v = m v - r g;  w += m v - r g         (Sutskever et al. 2013)
 *     adagrad    s += g^2;  w -= r g / (sqrt(s) + e)         (Duchi et al. 2011)
 *     rmsprop    s = .9 s + .1 g^2;  w -= r g / (sqrt(s) + e)    (Hinton 2012)
 *     adam       m = .9 m + .1 g;  s = .999 s + .001 g^2;
 *                w -= r m^ / (sqrt(s^) + e)            (Kingma and Ba 2015)
 *     adamw      adam with g = dE/dw, and w -= r l2 w (Loshchilov and Hutter 2019)
 *
 * e = 1e-8; m^ = m / (1 - .9^t), s^ = s / (1 - .999^t). The two corrections of
 * adam are folded into the rate and into e: m^ / (sqrt(s^) + e) =
 * m c / (sqrt(s) + e k), k = sqrt(1 - .999^t), c = k / (1 - .9^t), so that the
 * loop holds one division. Check value: the first step of adam is r in size.
 */
#include "mlp/update_rule.h"

#include "core/elementary.h"

#include <math.h>

int32_t update_rule_moments(int32_t algorithm)
{
    switch (algorithm) {
    case ALGORITHM_ADAM:
    case ALGORITHM_ADAMW:
        return 2;
    case ALGORITHM_MOMENTUM:
    case ALGORITHM_NESTEROV:
    case ALGORITHM_ADAGRAD:
    case ALGORITHM_RMSPROP:
        return 1;
    default:
        return 0;
    }
}

static const float epsilon = 1e-8f;

static void sgd(size_t n, float rate, float l2, const float *restrict gradient, float *restrict w)
{
    for (size_t i = 0; i < n; i++)
        w[i] -= rate * (gradient[i] + l2 * w[i]);
}

static void heavy_ball(size_t n, float rate, float l2, float m, const float *restrict gradient, float *restrict v,
                       float *restrict w)
{
    for (size_t i = 0; i < n; i++) {
        v[i] = m * v[i] - rate * (gradient[i] + l2 * w[i]);
        w[i] += v[i];
    }
}

static void nesterov(size_t n, float rate, float l2, float m, const float *restrict gradient, float *restrict v,
                     float *restrict w)
{
    for (size_t i = 0; i < n; i++) {
        float step = rate * (gradient[i] + l2 * w[i]);
        v[i] = m * v[i] - step;
        w[i] += m * v[i] - step;
    }
}

/* adagrad: keep 1, add 1; rmsprop: keep .9, add .1. */
static void scaled(size_t n, float rate, float l2, float keep, float add, const float *restrict gradient,
                   float *restrict s, float *restrict w)
{
    for (size_t i = 0; i < n; i++) {
        float g = gradient[i] + l2 * w[i];
        s[i] = keep * s[i] + add * (g * g);
        w[i] -= rate * g / (sqrtf(s[i]) + epsilon);
    }
}

/* `decay` multiplies w first: 1, or 1 - r l2 for adamw. */
static void adam(size_t n, float rate, float l2, float decay, float e, const float *restrict gradient,
                 float *restrict m, float *restrict s, float *restrict w)
{
    for (size_t i = 0; i < n; i++) {
        float g = gradient[i] + l2 * w[i];
        m[i] = 0.9f * m[i] + 0.1f * g;
        s[i] = 0.999f * s[i] + 0.001f * (g * g);
        w[i] = decay * w[i] - rate * m[i] / (sqrtf(s[i]) + e);
    }
}

/* Parameters from..to-1 with their l2. */
static void update_range(struct update_rule *u, size_t from, size_t to, float l2, double rate, const float *gradient,
                         float *w)
{
    size_t n = to - from;
    float r = (float)rate, *first = u->first ? u->first + from : NULL, *second = u->second ? u->second + from : NULL;
    double k = sqrt(1 - portable_pow(0.999, (double)u->step)), c = k / (1 - portable_pow(0.9, (double)u->step));
    float e = (float)((double)epsilon * k);
    gradient += from;
    w += from;
    switch (u->algorithm) {
    case ALGORITHM_SGD:
        sgd(n, r, l2, gradient, w);
        break;
    case ALGORITHM_MOMENTUM:
        heavy_ball(n, r, l2, u->momentum, gradient, first, w);
        break;
    case ALGORITHM_NESTEROV:
        nesterov(n, r, l2, u->momentum, gradient, first, w);
        break;
    case ALGORITHM_ADAGRAD:
        scaled(n, r, l2, 1.0f, 1.0f, gradient, first, w);
        break;
    case ALGORITHM_RMSPROP:
        scaled(n, r, l2, 0.9f, 0.1f, gradient, first, w);
        break;
    case ALGORITHM_ADAMW:
        adam(n, (float)(rate * c), 0, 1 - r * l2, e, gradient, first, second, w);
        break;
    default:
        adam(n, (float)(rate * c), l2, 1, e, gradient, first, second, w);
        break;
    }
}

void update_rule_step(struct update_rule *u, double rate, const float *gradient, float *w)
{
    u->step++;
    update_range(u, 0, u->weights, u->l2, rate, gradient, w);
    update_range(u, u->weights, u->parameters, 0, rate, gradient, w);
}
