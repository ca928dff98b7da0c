/* Maximum a posteriori hyperparameters with analytic gradients.
 *
 *     log p = -(n/2 + a + 1) log s - sum log L_ii + log prior,  s profiled (see gaussian_process.c)
 *     W = alpha alphaᵀ / s - (K + g I)^-1
 *     d log p / d log l_j = sum_{a<b} W_ab k'(r2_ab) (-2 w_j delta_abj^2)
 *     d log p / d log g   = (g/2) tr W
 *
 * Length scales have the prior LogNormal(sqrt 2 + (log d)/2, sqrt 3), which keeps
 * the model as complex in many dimensions as in few: C. Hvarfner, E. O. Hellsten,
 * L. Nardi, "Vanilla Bayesian optimization performs great in high dimensions",
 * ICML 2024. The noise floor is 1e-6: with 1e-4 one standard deviation of noise is
 * a hundred times the gap that is left on a smooth function. The noise's prior is
 * LogNormal(-4, 2), wider than theirs, because results range from exact to noisy;
 * the scale's is the inverse gamma (5, 5), which keeps it near 1 while data is
 * scarce. Parameters are bounded, so that no fit ends at a length scale of 1e-117.
 * Check: the gradient agrees with finite differences to 1e-6.
 */
#include "surrogate/gp_fit.h"

#include "core/fail.h"
#include "core/mem.h"
#include "numeric/linalg.h"

#include <math.h>
#include <string.h>

void gp_prior_default(struct gp_prior *prior, size_t d, int noise)
{
    *prior = (struct gp_prior){
        .length_mean = sqrt(2) + 0.5 * log(d > 0 ? (double)d : 1),
        .length_sd = sqrt(3),
        .length_low = 0.01,
        .length_high = 1e3,
        .noise_mean = -4,
        .noise_sd = 2,
        .noise_low = noise ? 1e-6 : 1e-8,
        .noise_high = noise ? 10 : 1e-8,
        .scale_shape = 5,
    };
}

static double clamp(double x, double low, double high)
{
    return x > high ? high : x >= low ? x : low;
}

void gp_prior_start(const struct gp_prior *prior, size_t d, double *theta)
{
    double length = prior->length_mean - prior->length_sd * prior->length_sd;
    for (size_t j = 0; j < d; j++)
        theta[j] = clamp(length, log(prior->length_low), log(prior->length_high));
    theta[d] = clamp(prior->noise_mean, log(prior->noise_low), log(prior->noise_high));
}

int32_t gp_fitter_init(struct gp_fitter *f, const struct gp_prior *prior, size_t d)
{
    *f = (struct gp_fitter){.prior = *prior};
    f->point = mem_new(d + 1, 5 * sizeof(double));
    int32_t rc = f->point ? bounded_new(&f->search, d + 1) : fail_memory();
    if (rc) {
        mem_free(f->point);
        f->point = NULL;
        return rc;
    }
    f->gradient = f->point + d + 1;
    f->low = f->gradient + d + 1;
    f->high = f->low + d + 1;
    f->weight = f->high + d + 1;
    for (size_t j = 0; j <= d; j++) {
        f->low[j] = log(j < d ? prior->length_low : prior->noise_low);
        f->high[j] = log(j < d ? prior->length_high : prior->noise_high);
    }
    f->search.gradient_tolerance = 1e-2;
    f->search.value_tolerance = 1e-6;
    return 0;
}

void gp_fitter_fini(struct gp_fitter *f)
{
    mem_free(f->matrix);
    mem_free(f->slope);
    mem_free(f->z);
    mem_free(f->point);
    bounded_fini(&f->search);
    *f = (struct gp_fitter){0};
}

int32_t gp_fitter_aim(struct gp_fitter *f, const struct gaussian_process *gp, const double *y)
{
    if (gp->n > f->capacity) {
        size_t capacity = gp->capacity;
        double *matrix = mem_new(capacity, capacity * sizeof(double));
        double *slope = mem_new(capacity, capacity * sizeof(double));
        double *z = mem_new(capacity, 2 * sizeof(double));
        if (!matrix || !slope || !z) {
            mem_free(matrix);
            mem_free(slope);
            mem_free(z);
            return fail_memory();
        }
        mem_free(f->matrix);
        mem_free(f->slope);
        mem_free(f->z);
        f->matrix = matrix;
        f->slope = slope;
        f->z = z;
        f->ones = z + capacity;
        f->capacity = capacity;
    }
    f->gp = gp;
    f->n = gp->n;
    f->y = y;
    return 0;
}

/* K + g I and dK/d(r^2), lower triangles. */
static void fill_matrices(struct gp_fitter *f, const double *weight, double noise)
{
    const struct gaussian_process *gp = f->gp;
    for (size_t a = 0; a < f->n; a++) {
        double *k = f->matrix + a * f->n + a, *slope = f->slope + a * f->n + a;
        for (size_t j = 0; j < gp->d; j++)
            f->point[j] = gp->x[j * gp->capacity + a];
        kernel_distances(gp->dimension, gp->d, weight, gp->x, gp->capacity, a, f->n - a, f->point, k);
        kernel_slopes(gp->kernel, f->n - a, k, k, slope);
        k[0] = 1 + noise;
    }
}

/* z := alpha with the mean profiled; returns (y - m)ᵀ alpha. */
static double solve_targets(struct gp_fitter *f)
{
    size_t n = f->n;
    for (size_t i = 0; i < n; i++) {
        f->z[i] = f->y[i];
        f->ones[i] = 1;
    }
    solve_lower(f->matrix, n, n, NOT_TRANSPOSED, f->z);
    solve_lower(f->matrix, n, n, NOT_TRANSPOSED, f->ones);
    double ones = dot_product(n, f->ones, f->ones);
    double mean = ones > 0 ? dot_product(n, f->ones, f->z) / ones : 0;
    for (size_t i = 0; i < n; i++)
        f->z[i] -= mean * f->ones[i];
    double square = dot_product(n, f->z, f->z);
    solve_lower(f->matrix, n, n, TRANSPOSED, f->z);
    return square;
}

/* sum_{a<b} slope_ab W_ab delta_abj^2, with slope W in f->slope already. */
static double dimension_sum(const struct gp_fitter *f, size_t j)
{
    const struct gaussian_process *gp = f->gp;
    const double *x = gp->x + j * gp->capacity;
    int categorical = gp->dimension[j].kind == DIMENSION_CATEGORICAL;
    double sum[4] = {0, 0, 0, 0};
    for (size_t a = 0; a < f->n; a++) {
        const double *g = f->slope + a * f->n;
        size_t b = a + 1;
        if (categorical) {
            for (; b < f->n; b++)
                sum[0] += x[b] == x[a] ? 0 : g[b];
            continue;
        }
        for (; b + 4 <= f->n; b += 4)
            for (size_t i = 0; i < 4; i++)
                sum[i] += g[b + i] * ((x[b + i] - x[a]) * (x[b + i] - x[a]));
        for (; b < f->n; b++)
            sum[0] += g[b] * ((x[b] - x[a]) * (x[b] - x[a]));
    }
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/* Adds -log of the prior density over exp(t), up to a constant. */
static double prior_loss(double t, double mean, double sd, double *gradient)
{
    double z = (t - mean) / sd;
    *gradient += 1 + z / sd;
    return t + 0.5 * z * z;
}

static double all_prior_losses(const struct gp_fitter *f, const double *theta, double *gradient)
{
    const struct gp_prior *p = &f->prior;
    size_t d = f->gp->d;
    double loss = 0;
    for (size_t j = 0; j < d; j++)
        loss += prior_loss(theta[j], p->length_mean, p->length_sd, gradient + j);
    return loss + prior_loss(theta[d], p->noise_mean, p->noise_sd, gradient + d);
}

/* slope := slope W below the diagonal, W = alpha alphaᵀ / s - inverse. Returns tr W. */
static double weigh_slopes(struct gp_fitter *f, double scale)
{
    size_t n = f->n;
    double trace = 0;
    for (size_t a = 0; a < n; a++) {
        const double *inverse = f->matrix + a * n;
        double *slope = f->slope + a * n, factor = f->z[a] / scale;
        trace += f->z[a] * factor - inverse[a];
        for (size_t b = a + 1; b < n; b++)
            slope[b] *= f->z[b] * factor - inverse[b];
    }
    return trace;
}

double gp_fitter_loss(struct gp_fitter *f, const double *theta, double *gradient)
{
    size_t n = f->n, d = f->gp->d;
    double noise = exp(theta[d]), shape = f->prior.scale_shape;
    for (size_t j = 0; j < d; j++)
        f->weight[j] = exp(-2 * theta[j]);
    fill_matrices(f, f->weight, noise);
    if (cholesky_factor(f->matrix, n, n))
        return INFINITY;
    double loss = 0;
    for (size_t i = 0; i < n; i++)
        loss += log(f->matrix[i + i * n]);
    double square = solve_targets(f), scale = 1;
    if (isinf(shape)) {
        loss += 0.5 * square;
    } else {
        scale = (2 * shape + square) / ((double)n + 2 * shape + 2);
        loss += (0.5 * (double)n + shape + 1) * log(scale);
    }
    if (cholesky_inverse(f->matrix, n, n))
        return INFINITY;
    double trace = weigh_slopes(f, scale);
    for (size_t j = 0; j < d; j++)
        gradient[j] = 2 * f->weight[j] * dimension_sum(f, j);
    gradient[d] = -0.5 * noise * trace;
    return loss + all_prior_losses(f, theta, gradient);
}

double gp_fitter_run(struct gp_fitter *f, double *theta, size_t evaluations)
{
    f->search.max_evaluations = evaluations;
    bounded_start(&f->search, theta, f->low, f->high);
    double value;
    do
        value = gp_fitter_loss(f, f->search.trial, f->gradient);
    while (bounded_advance(&f->search, value, f->gradient));
    if (isfinite(f->search.value))
        memcpy(theta, f->search.x, f->search.n * sizeof *theta);
    return f->search.value;
}
