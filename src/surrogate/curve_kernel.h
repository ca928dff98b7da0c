/* The covariance of learning curves and its hyperparameters.
 *
 *     y_i(v) = w_i0 + sum_k phi_k(v) w_ik + e_i(v) + noise,  v = log(t / t_0) / log(R / t_0),  k = 1..K
 *     phi_k(v) = min(max(K v - (k - 1), 0), 1)
 *     cov(w_a0, w_b0) = A k_0(a, b),  cov(w_ak, w_bl) = k_1(a, b) Lambda_kl
 *     Lambda_kl = B exp(-rho (k + l - 2) / K) pi^|k-l| / K
 *     k_p(a, b) = c_p + (1 - s_p) k_x(x_a, x_b) + s_p [a = b]
 *     cov(e_a(v), e_b(v')) = [a = b] eta min(v, v')
 *
 * with t_0 the first step of all curves: a curve is where it begins plus increments over K segments of equal length
 * in log step. Both parts are Kronecker products of a kernel over configurations (kernel.h) and one over steps. c is
 * what all curves have in common, s what a curve tells of itself alone. Increments become smaller by e^-rho over the
 * whole range, and pi says how far a slope continues. Without any of this the last value is the prediction, since the
 * rest is a Brownian motion.
 *
 * theta has for each part the d log length scales of k_x, logit a (kernel.h; of no effect for d < 2), logit s (of no
 * effect for d = 0) and log c; then those of enum curve_parameter.
 */
#ifndef AFINA_SURROGATE_CURVE_KERNEL_H
#define AFINA_SURROGATE_CURVE_KERNEL_H

#include "surrogate/kernel.h"

#include <stddef.h>

/* K, the parts, and the rank 1 + K of the kernel over steps. */
enum { CURVE_SEGMENTS = 6, CURVE_PARTS = 2, CURVE_RANK = 1 + CURVE_SEGMENTS };

/* After the length scales of a part. */
enum { CURVE_ADDITIVE = 0, CURVE_OWN = 1, CURVE_COMMON = 2, CURVE_PART = 3 };

/* log of the noise's variance, log eta, log A, log B, rho, logit pi. */
enum curve_parameter {
    CURVE_NOISE = 0,
    CURVE_WANDER = 1,
    CURVE_LEVEL = 2,
    CURVE_CHANGE = 3,
    CURVE_DECAY = 4,
    CURVE_PULL = 5,
    CURVE_REST = 6
};

/* How many numbers theta has. */
#define CURVE_THETA(d) (CURVE_PARTS * ((d) + CURVE_PART) + CURVE_REST)

struct curve_kernel {
    size_t d;
    struct kernel configuration[CURVE_PARTS];
    double own[CURVE_PARTS], common[CURVE_PARTS]; /* s, c */
    double lambda[CURVE_PARTS][CURVE_RANK][CURVE_RANK];
    double noise, wander, pull;
};

/* Normal prior and bounds of theta[k]. */
struct curve_prior {
    double mean, sd, low, high;
};
struct curve_prior curve_prior(size_t d, size_t k);

/* Reads theta. `weight` is room for 2 CURVE_PARTS d numbers, which the kernel refers to. */
void curve_kernel_set(struct curve_kernel *kernel, const struct gp_dimension *dimension, size_t d, const double *theta,
                      double *weight);

/* phi: CURVE_RANK numbers, the first 1. */
void curve_basis(double v, double *phi);

/* k_p(a, b), given k_x. */
static inline double curve_between(const struct curve_kernel *kernel, size_t p, int same, double k)
{
    return kernel->common[p] + (same ? 1 : (1 - kernel->own[p]) * k);
}

/* Adds the derivatives of a function by the hyperparameters of Lambda, given h = its derivatives by Lambda. `rest` is
 * the gradient from CURVE_NOISE on. */
void curve_step_gradient(const struct curve_kernel *kernel, double h[CURVE_PARTS][CURVE_RANK][CURVE_RANK],
                         double *rest);

#endif
