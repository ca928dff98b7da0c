/* The priors keep a curve believable while few have ended: at least a fifth of what a curve differs by is its own
 * (logit s >= -1.5), so that similar configurations never outvote what it has shown itself.
 */
#include "surrogate/curve_kernel.h"

#include "core/elementary.h"

#include <math.h>
#include <string.h>

struct curve_prior curve_prior(size_t d, size_t k)
{
    static const struct curve_prior part[CURVE_PARTS][CURVE_PART] = {{{0, 2, -6, 6}, {0, 1, -1.5, 6}, {0.5, 1, -4, 4}},
                                                                     {{0, 2, -6, 6}, {1, 1, -1, 6}, {0.5, 1, -4, 4}}};
    static const struct curve_prior rest[CURVE_REST] = {{-5, 2, -14, 1},  {-4, 1.5, -14, 1}, {-0.3, 1, -6, 3},
                                                        {-1, 1.5, -8, 3}, {1, 1, -2, 6},     {-1.5, 1, -6, 4}};
    for (size_t p = 0; p < CURVE_PARTS; p++, k -= CURVE_PART) {
        if (k < d) /* the mode of the prior of gp_fit.c */
            return (struct curve_prior){sqrt(2) + 0.5 * portable_log((double)d) - 3, sqrt(3), portable_log(0.01),
                                        portable_log(1e3)};
        k -= d;
        if (k < CURVE_PART)
            return part[p][k];
    }
    return rest[k];
}

static double logistic(double t)
{
    return 1 / (1 + portable_exp(-t));
}

/* Where segment k begins. */
static double segment(size_t k)
{
    return ((double)k - 1) / CURVE_SEGMENTS;
}

static double apart(size_t k, size_t l)
{
    return k > l ? (double)(k - l) : (double)(l - k);
}

static void set_steps(struct curve_kernel *kernel, const double *rest)
{
    double change = portable_exp(rest[CURVE_CHANGE]) / CURVE_SEGMENTS, decay = rest[CURVE_DECAY];
    kernel->noise = portable_exp(rest[CURVE_NOISE]);
    kernel->wander = portable_exp(rest[CURVE_WANDER]);
    kernel->pull = logistic(rest[CURVE_PULL]);
    memset(kernel->lambda, 0, sizeof kernel->lambda);
    kernel->lambda[0][0][0] = portable_exp(rest[CURVE_LEVEL]);
    for (size_t k = 1; k < CURVE_RANK; k++)
        for (size_t l = 1; l < CURVE_RANK; l++)
            kernel->lambda[1][k][l] =
                change * portable_exp(-decay * (segment(k) + segment(l))) * portable_pow(kernel->pull, apart(k, l));
}

void curve_kernel_set(struct curve_kernel *kernel, const struct gp_dimension *dimension, size_t d, const double *theta,
                      double *weight)
{
    kernel->d = d;
    for (size_t p = 0; p < CURVE_PARTS; p++, weight += 2 * d, theta += d + CURVE_PART) {
        int additive = d > 1;
        for (size_t j = 0; j < d; j++)
            weight[j] = portable_exp(-2 * theta[j]);
        kernel->configuration[p] = (struct kernel){
            .shape = KERNEL_MATERN52,
            .d = d,
            .dimension = dimension,
            .weight = weight,
            .share = additive ? logistic(theta[d + CURVE_ADDITIVE]) : 0,
            .term_weight = weight + d,
            .varying = additive ? kernel_weigh_terms(d, weight, weight + d) : 0,
            .blocks = 1,
        };
        kernel->own[p] = d > 0 ? logistic(theta[d + CURVE_OWN]) : 1;
        kernel->common[p] = portable_exp(theta[d + CURVE_COMMON]);
    }
    set_steps(kernel, theta);
}

void curve_basis(double v, double *phi)
{
    phi[0] = 1;
    for (size_t k = 1; k < CURVE_RANK; k++)
        phi[k] = fmax(0, fmin(1, CURVE_SEGMENTS * (v - segment(k))));
}

void curve_step_gradient(const struct curve_kernel *kernel, double h[CURVE_PARTS][CURVE_RANK][CURVE_RANK], double *rest)
{
    rest[CURVE_LEVEL] += h[0][0][0] * kernel->lambda[0][0][0];
    for (size_t k = 1; k < CURVE_RANK; k++)
        for (size_t l = 1; l < CURVE_RANK; l++) {
            double own = h[1][k][l] * kernel->lambda[1][k][l];
            rest[CURVE_CHANGE] += own;
            rest[CURVE_DECAY] -= own * (segment(k) + segment(l));
            rest[CURVE_PULL] += own * apart(k, l) * (1 - kernel->pull);
        }
}
