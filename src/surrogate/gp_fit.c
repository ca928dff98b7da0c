/* Maximum a posteriori hyperparameters with analytic gradients.
 *
 *     log p = -(n/2 + a + 1) log s - sum log L_ii + log prior,  s profiled (see gaussian_process.c)
 *     W = alpha alphaᵀ / s - (K + g I)^-1
 *     d log p / d log l_j = sum_{a<b} W_ab c_abj (-2 w_j delta_abj^2) + a v'_j (S_j - sum_i p_i S_i) / sum_i v_i,
 *         c_abj = dk_ab / d(w_j delta_abj^2),  S_j = sum_{a<b} W_ab phi(r_abj),
 *         v'_j = dv_j / d log l_j = 2 r_j^2 dphi/d(r_j^2) where |delta_j| = 1
 *     d log p / d log g   = (g/2) tr W
 *     d log p / d logit a = a (1 - a) sum_{a<b} W_ab dk_ab/da
 * Where v_i are known, g is for the other results alone and s is not profiled:
 *     d log p / d log s   = (2a + (y - m)ᵀ alpha) / (2s) - (n/2 + a + 1) - sum_i W_ii v_i / (2s)
 *
 * Length scales have the prior LogNormal(sqrt 2 + (log d)/2, sqrt 3), which keeps
 * the model as complex in many dimensions as in few: C. Hvarfner, E. O. Hellsten,
 * L. Nardi, "Vanilla Bayesian optimization performs great in high dimensions",
 * ICML 2024. The noise floor is 1e-6: with 1e-4 one standard deviation of noise is
 * a hundred times the gap that is left on a smooth function. The noise has the prior
 * LogNormal(-4, 2), wider than theirs, because results range from exact to noisy;
 * the scale has the inverse gamma prior (5, 5), which keeps it near 1 while data is
 * scarce. Hyperparameters are bounded, so that no fit ends at a length scale of 1e-117.
 * Check: the gradient agrees with finite differences to 1e-6.
 */
#include "surrogate/gp_fit.h"

#include "core/elementary.h"
#include "core/fail.h"
#include "core/mem.h"
#include "numeric/linalg.h"

#include <math.h>
#include <string.h>

void gp_prior_default(struct gp_prior *prior, size_t d, int noise)
{
    *prior = (struct gp_prior){
        .blocks = 1,
        .length_mean = sqrt(2) + 0.5 * portable_log(d > 0 ? (double)d : 1),
        .length_sd = sqrt(3),
        .length_low = 0.01,
        .length_high = 1e3,
        .noise_mean = -4,
        .noise_sd = 2,
        .noise_low = noise ? 1e-6 : 1e-8,
        .noise_high = noise ? 10 : 1e-8,
        .scale_shape = 5,
        .scale_low = 1e-6,
        .scale_high = 1e3,
    };
}

void gp_prior_make_additive(struct gp_prior *prior, size_t d)
{
    prior->additive = d > 1;
    prior->share_mean = 0;
    prior->share_sd = 2;
    prior->share_most = 6;
}

void gp_prior_add_blocks(struct gp_prior *prior, const struct gp_dimension *dimension, size_t d, int chooses)
{
    prior->blocks = kernel_count_blocks(dimension, d);
    prior->chooses = chooses;
}

static double clamp(double x, double low, double high)
{
    return x > high ? high : x >= low ? x : low;
}

void gp_prior_start(const struct gp_prior *prior, size_t d, double *theta)
{
    double length = prior->length_mean - prior->length_sd * prior->length_sd;
    for (size_t j = 0; j < d; j++)
        theta[j] = clamp(length, portable_log(prior->length_low), portable_log(prior->length_high));
    theta[d] = clamp(prior->noise_mean, portable_log(prior->noise_low), portable_log(prior->noise_high));
    if (prior->additive)
        theta[d + 1] = prior->share_mean;
    if (prior->blocks > 1)
        theta[gp_theta_form(d, prior->additive)] = !prior->chooses;
}

int32_t gp_fitter_init(struct gp_fitter *f, const struct gp_prior *prior, size_t d)
{
    *f = (struct gp_fitter){.prior = *prior};
    size_t size = gp_theta_size(d, prior->additive, prior->blocks) + 1;
    f->point = mem_new(size + KERNEL_MOST_BLOCKS, 7 * sizeof(double));
    int32_t rc = f->point ? bounded_new(&f->search, size) : fail_memory();
    if (rc) {
        mem_free(f->point);
        f->point = NULL;
        return rc;
    }
    f->gradient = f->point + size + KERNEL_MOST_BLOCKS;
    f->low = f->gradient + size;
    f->high = f->low + size;
    f->weight = f->high + size;
    f->term_sums = f->weight + 2 * size;
    for (size_t j = 0; j <= d; j++) {
        f->low[j] = portable_log(j < d ? prior->length_low : prior->noise_low);
        f->high[j] = portable_log(j < d ? prior->length_high : prior->noise_high);
    }
    if (prior->additive) {
        f->low[d + 1] = -prior->share_most;
        f->high[d + 1] = prior->share_most;
    }
    int fixed = isinf(prior->scale_shape) != 0;
    f->low[size - 1] = fixed ? 0 : portable_log(prior->scale_low);
    f->high[size - 1] = fixed ? 0 : portable_log(prior->scale_high);
    f->search.n = size - 1;
    f->search.gradient_tolerance = 1e-2;
    f->search.value_tolerance = 1e-6;
    return 0;
}

void gp_fitter_fini(struct gp_fitter *f)
{
    mem_free(f->matrix);
    mem_free(f->slope);
    mem_free(f->excess);
    mem_free(f->z);
    mem_free(f->point);
    bounded_fini(&f->search);
    *f = (struct gp_fitter){0};
}

/* Makes room for `capacity` points; the old contents are lost. */
static int32_t make_room(struct gp_fitter *f, size_t capacity)
{
    mem_free(f->matrix);
    mem_free(f->slope);
    mem_free(f->excess);
    mem_free(f->z);
    f->capacity = 0;
    f->matrix = mem_new(capacity, capacity * sizeof(double));
    f->slope = mem_new(capacity, capacity * f->prior.blocks * sizeof(double));
    f->excess = f->prior.additive ? mem_new(capacity, capacity * sizeof(double)) : NULL;
    f->z = mem_new(capacity, 2 * sizeof(double));
    if (!f->matrix || !f->slope || (f->prior.additive && !f->excess) || !f->z)
        return fail_memory();
    f->ones = f->z + capacity;
    f->capacity = capacity;
    return 0;
}

int32_t gp_fitter_aim(struct gp_fitter *f, const struct gaussian_process *gp, const double *y)
{
    int32_t rc = gp->n > f->capacity ? make_room(f, gp->capacity) : 0;
    f->gp = gp;
    f->n = gp->n;
    f->y = y;
    f->search.n = gp_theta_size(gp->d, gp->additive, gp->blocks) + (gp->known != 0);
    return rc;
}

/* Fills the lower triangles of K + g I, its slopes and its excess. */
static void fill_matrices(struct gp_fitter *f, const struct kernel *kernel, double noise, double scale)
{
    const struct gaussian_process *gp = f->gp;
    size_t n = f->n;
    for (size_t a = 0; a < n; a++) {
        size_t diagonal = a * n + a;
        for (size_t j = 0; j < gp_columns(gp); j++)
            f->point[j] = gp->x[j * gp->capacity + a];
        kernel_row(kernel, gp->x + a, gp->capacity, n - a, f->point, f->matrix + diagonal, f->slope + diagonal, n * n,
                   f->excess ? f->excess + diagonal : NULL);
        f->matrix[diagonal] = 1 + gp_noise_at(gp, a, noise, scale);
    }
}

/* Sets z to alpha with the mean profiled. Returns (y - m)ᵀ alpha. */
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

static double categorical_sum(const struct gp_fitter *f, const struct kernel *kernel, const double *slope, size_t j,
                              const double *x, double *term_sum)
{
    double inverse_radius = kernel_inverse_radius(kernel->d, kernel->weight[j]), other = kernel_phi(inverse_radius);
    double own = kernel_term_factor(kernel, j) * kernel_phi_slope(inverse_radius), sum = 0;
    *term_sum = 0;
    for (size_t a = 0; a < f->n; a++) {
        const double *g = slope + a * f->n, *w = f->matrix + a * f->n;
        for (size_t b = a + 1; b < f->n; b++) {
            sum += x[b] == x[a] ? 0 : g[b] + w[b] * own;
            *term_sum += x[b] == x[a] ? w[b] : w[b] * other;
        }
    }
    return sum;
}

/* Returns sum_{a<b} W_ab c_abj delta_abj^2 and sets S_j, with W in f->matrix and W times the slopes in f->slope. */
static double dimension_sum(struct gp_fitter *f, const struct kernel *kernel, size_t j)
{
    const double *slope = f->slope + kernel_block(kernel, j) * f->n * f->n, *x = f->gp->x + j * f->gp->capacity;
    if (kernel->dimension[j].kind == DIMENSION_CATEGORICAL)
        return categorical_sum(f, kernel, slope, j, x, &f->term_sums[j]);
    return kernel_numeric_sum(kernel, j, x, f->n, slope, f->matrix, &f->term_sums[j]);
}

/* Adds the derivatives through the weights p of the additive terms. */
static void add_term_weight_gradient(const struct gp_fitter *f, const struct kernel *kernel, double *gradient)
{
    double whole = dot_product(kernel->d, kernel->term_weight, f->term_sums);
    if (!(kernel->varying > 0))
        return;
    for (size_t j = 0; j < kernel->d; j++) {
        double inverse_radius = kernel_inverse_radius(kernel->d, kernel->weight[j]);
        double change = 2 * inverse_radius * inverse_radius * kernel_phi_slope(inverse_radius) / kernel->varying;
        gradient[j] -= kernel->share * change * (f->term_sums[j] - whole);
    }
}

/* Returns -log of the prior density of exp(t), up to a constant, and adds its derivative by t. */
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
    loss += prior_loss(theta[d], p->noise_mean, p->noise_sd, gradient + d);
    if (p->additive) {
        double z = (theta[d + 1] - p->share_mean) / p->share_sd;
        gradient[d + 1] += z / p->share_sd;
        loss += 0.5 * z * z;
    }
    return loss;
}

/* Below the diagonal, the matrix (an inverse) becomes W = alpha alphaᵀ / s - inverse, and each slope becomes W times
 * it. Returns tr W over the results whose error is not known; *known becomes sum W_ii v_i / s over the others. */
static double weigh_slopes(struct gp_fitter *f, size_t blocks, double scale, double *known)
{
    size_t n = f->n;
    double trace = 0;
    *known = 0;
    for (size_t a = 0; a < n; a++) {
        double *w = f->matrix + a * n, *slope = f->slope + a * n, factor = f->z[a] / scale;
        if (f->gp->known && !isnan(f->gp->variance[a]))
            *known += (f->z[a] * factor - w[a]) * (f->gp->variance[a] / scale);
        else
            trace += f->z[a] * factor - w[a];
        for (size_t b = a + 1; b < n; b++)
            w[b] = f->z[b] * factor - w[b];
        for (size_t block = 0; block < blocks; block++, slope += n * n)
            for (size_t b = a + 1; b < n; b++)
                slope[b] *= w[b];
    }
    return trace;
}

/* sum_{a<b} W_ab dk_ab/da */
static double excess_sum(const struct gp_fitter *f)
{
    double sum = 0;
    for (size_t a = 0; a < f->n; a++)
        for (size_t b = a + 1; b < f->n; b++)
            sum += f->matrix[a * f->n + b] * f->excess[a * f->n + b];
    return sum;
}

double gp_fitter_loss(struct gp_fitter *f, const double *theta, double *gradient)
{
    size_t n = f->n, d = f->gp->d;
    size_t last = gp_theta_size(d, f->prior.additive, f->prior.blocks);
    double noise = portable_exp(theta[d]), shape = f->prior.scale_shape,
           scale = f->gp->known ? portable_exp(theta[last]) : 1;
    struct kernel kernel = gp_kernel(f->gp, theta, f->weight);
    fill_matrices(f, &kernel, noise, scale);
    if (cholesky_factor(f->matrix, n, n))
        return INFINITY;
    double loss = 0;
    for (size_t i = 0; i < n; i++)
        loss += portable_log(f->matrix[i + i * n]);
    double square = solve_targets(f), weight = 0.5 * (double)n + shape + 1, known;
    if (isinf(shape)) {
        loss += 0.5 * square;
    } else if (f->gp->known) {
        loss += weight * portable_log(scale) + 0.5 * (2 * shape + square) / scale;
    } else {
        scale = (2 * shape + square) / ((double)n + 2 * shape + 2);
        loss += weight * portable_log(scale);
    }
    if (cholesky_inverse(f->matrix, n, n))
        return INFINITY;
    double trace = weigh_slopes(f, kernel.blocks, scale, &known);
    for (size_t j = 0; j < d; j++)
        gradient[j] = 2 * f->weight[j] * dimension_sum(f, &kernel, j);
    gradient[d] = -0.5 * noise * trace;
    if (f->prior.additive) {
        add_term_weight_gradient(f, &kernel, gradient);
        gradient[d + 1] = -kernel.share * (1 - kernel.share) * excess_sum(f);
    }
    if (f->prior.blocks > 1)
        gradient[gp_theta_form(d, f->prior.additive)] = 0;
    if (f->gp->known)
        gradient[last] = isinf(shape) ? 0 : weight - 0.5 * (2 * shape + square) / scale + 0.5 * known;
    return loss + all_prior_losses(f, theta, gradient);
}

double gp_fitter_run(struct gp_fitter *f, double *theta, size_t evaluations)
{
    size_t form = gp_theta_form(f->gp->d, f->prior.additive);
    if (f->prior.blocks > 1)
        f->low[form] = f->high[form] = theta[form];
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
