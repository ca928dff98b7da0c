/* Posterior of a Gaussian process by Cholesky factors.
 *
 *     K + g I = L Lᵀ,  alpha = (K + g I)^-1 (y - m)
 *     mu(x) = m + kᵀ alpha,   sigma^2(x) = s (1 - |L^-1 k|^2)
 *     m = 1ᵀ(K + g I)^-1 y / 1ᵀ(K + g I)^-1 1
 *     s = (2b + (y - m)ᵀ alpha) / (n + 2a + 2), a = b: an inverse gamma prior about 1
 *     leave-one-out: mu_-i = y_i - alpha_i / [(K + gI)^-1]_ii, sigma^2_-i = s / [(K + gI)^-1]_ii
 *
 * (Rasmussen and Williams 2006, algorithm 2.1 and section 5.4.2.) Gradients with
 * c_ij = dk_i/d(w_j delta_j^2): d mu/dx_j = 2 w_j sum_i alpha_i c_ij (x_j - X_ij), and the same
 * with -2 s u, u = (K + g I)^-1 k, in place of alpha for sigma^2.
 *
 * When a factorisation fails, jitter is added to the diagonal, 1e-10 at first and a hundred times as
 * much each time, up to 1e-4; then the eigenvalues are raised to that; when the matrix is not finite,
 * the points are treated as independent. `fallbacks` counts each of these.
 * Check: with one point y = 2.385 and g = 1e-6, mu there is 2.385.
 */
#include "surrogate/gaussian_process.h"

#include "core/elementary.h"
#include "core/fail.h"
#include "core/mem.h"
#include "numeric/linalg.h"

#include <math.h>
#include <string.h>

/* The most jitter, and the least eigenvalue where jitter is not enough. */
static const double most_jitter = 1e-4;

int32_t gp_init(struct gaussian_process *gp, const struct gp_dimension *dimension, size_t d, int shape)
{
    *gp = (struct gaussian_process){.d = d, .shape = shape, .blocks = 1, .scale = 1, .scale_shape = INFINITY};
    gp->dimension = mem_copy(dimension, d, sizeof *dimension);
    gp->theta = mem_new(5 * d + 4 + 2 * KERNEL_MOST_BLOCKS, sizeof *gp->theta);
    if (!gp->dimension || !gp->theta) {
        gp_fini(gp);
        return fail_memory();
    }
    gp->weight = gp->theta + d + 4;
    gp->point = gp->weight + 2 * d;
    return 0;
}

static void free_room(struct gaussian_process *gp)
{
    mem_free(gp->x);
    mem_free(gp->l);
    mem_free(gp->y);
    mem_free(gp->room);
}

void gp_fini(struct gaussian_process *gp)
{
    mem_free(gp->dimension);
    mem_free(gp->theta);
    free_room(gp);
    *gp = (struct gaussian_process){0};
}

/* Allocates the arrays of *out anew, without contents. */
static int32_t allocate(struct gaussian_process *out, size_t capacity)
{
    size_t with_slopes = (1 + out->blocks) * GP_GRADIENTS, room = 3 * GP_CHUNK;
    room = with_slopes > room ? with_slopes : room;
    out->x = mem_new(capacity, (gp_columns(out) + 1) * sizeof(double));
    out->l = mem_new(capacity, capacity * sizeof(double));
    out->y = mem_new(capacity, 5 * sizeof(double));
    out->room = mem_new(capacity, room * sizeof(double));
    if (!out->x || !out->l || !out->y || !out->room) {
        free_room(out);
        return fail_memory();
    }
    out->alpha = out->y + capacity;
    out->ones = out->y + 2 * capacity;
    out->variance = out->y + 3 * capacity;
    out->row = out->y + 4 * capacity;
    return 0;
}

int32_t gp_reserve(struct gaussian_process *gp, size_t n)
{
    if (n <= gp->capacity)
        return 0;
    if (n > LINALG_MAX)
        return fail(AFINA_E_RANGE, "a Gaussian process holds at most %d points, got %zu", LINALG_MAX, n);
    size_t capacity = n + n / 2 < 16 ? 16 : n + n / 2;
    if (capacity > LINALG_MAX)
        capacity = LINALG_MAX;
    struct gaussian_process grown = *gp;
    int32_t rc = allocate(&grown, capacity);
    if (rc)
        return rc;
    for (size_t j = 0; j < gp_columns(gp) && gp->n > 0; j++)
        memcpy(grown.x + j * capacity, gp->x + j * gp->capacity, gp->n * sizeof(double));
    for (size_t j = 0; j < gp->n; j++)
        memcpy(grown.l + j * capacity, gp->l + j * gp->capacity, gp->n * sizeof(double));
    for (size_t k = 0; k < 4 && gp->n > 0; k++)
        memcpy(grown.y + k * capacity, gp->y + k * gp->capacity, gp->n * sizeof(double));
    grown.capacity = capacity;
    free_room(gp);
    *gp = grown;
    return 0;
}

struct kernel gp_kernel(const struct gaussian_process *gp, const double *theta, double *weight)
{
    for (size_t j = 0; j < gp->d; j++)
        weight[j] = portable_exp(-2 * theta[j]);
    double form = gp->blocks > 1 ? theta[gp_theta_form(gp->d, gp->additive)] : 0;
    return (struct kernel){.shape = gp->shape,
                           .d = gp->d,
                           .dimension = gp->dimension,
                           .weight = weight,
                           .share = gp->additive ? 1 / (1 + portable_exp(-theta[gp->d + 1])) : 0,
                           .term_weight = weight + gp->d,
                           .varying = gp->additive ? kernel_weigh_terms(gp->d, weight, weight + gp->d) : 0,
                           .blocks = form > 0.5 ? gp->blocks : 1};
}

void gp_change(struct gaussian_process *gp, const double *theta)
{
    size_t size = gp_theta_size(gp->d, gp->additive, gp->blocks);
    memcpy(gp->theta, theta, (size + (gp->known != 0)) * sizeof *theta);
    gp->kernel = gp_kernel(gp, theta, gp->weight);
    gp->noise = portable_exp(theta[gp->d]);
    gp->jitter = 0;
    gp->trained = gp->base = 0;
    gp->mean = 0;
    gp->scale = gp->known ? portable_exp(theta[size]) : 1;
}

void gp_clear(struct gaussian_process *gp, const double *theta)
{
    gp_change(gp, theta);
    gp->n = 0;
}

static void read_point(const struct gaussian_process *gp, size_t i, double *x)
{
    for (size_t j = 0; j < gp_columns(gp); j++)
        x[j] = gp->x[j * gp->capacity + i];
}

void gp_features(const struct gaussian_process *gp, const double *x, double *point)
{
    memcpy(point, x, gp->d * sizeof *x);
    if (gp->blocks > 1)
        kernel_block_weights(gp->dimension, gp->d, gp->blocks, x, point + gp->d);
    kernel_impute(gp->dimension, gp->d, point);
}

void gp_add(struct gaussian_process *gp, const double *x)
{
    double *point = gp->point;
    gp_features(gp, x, point);
    for (size_t j = 0; j < gp_columns(gp); j++)
        gp->x[j * gp->capacity + gp->n] = point[j];
    gp->variance[gp->n] = NAN;
    gp->n++;
}

void gp_set_error_variance(struct gaussian_process *gp, size_t i, double variance)
{
    gp->variance[i] = variance;
}

double gp_noise_at(const struct gaussian_process *gp, size_t i, double noise, double scale)
{
    static const double least = 1e-8;
    if (!gp->known || isnan(gp->variance[i]))
        return noise;
    return fmax(gp->variance[i] / scale, least);
}

double gp_row_noise(const struct gaussian_process *gp, size_t i)
{
    if (!gp->known || isnan(gp->variance[i]))
        return gp->noise;
    return gp_noise_at(gp, i, 0, gp->scale) + gp->jitter;
}

/* The lower triangle of K + g I + jitter I. */
static void fill_matrix(struct gaussian_process *gp)
{
    double *point = gp->point;
    for (size_t a = 0; a < gp->n; a++) {
        double *column = gp->l + a * gp->capacity + a;
        read_point(gp, a, point);
        kernel_row(&gp->kernel, gp->x + a, gp->capacity, gp->n - a, point, column, NULL, 0, NULL);
        column[0] = 1 + gp_row_noise(gp, a);
    }
}

static void solve_ones(struct gaussian_process *gp)
{
    for (size_t i = 0; i < gp->n; i++)
        gp->ones[i] = 1;
    solve_lower(gp->l, gp->n, gp->capacity, NOT_TRANSPOSED, gp->ones);
}

/* Makes a factor of any matrix. */
static void force_factor(struct gaussian_process *gp, double noise)
{
    size_t n = gp->n, lda = gp->capacity;
    gp->noise = noise;
    gp->jitter = 0;
    gp->fallbacks++;
    fill_matrix(gp);
    if (eigenvalue_floor(gp->l, n, lda, noise > most_jitter ? noise : most_jitter, gp->room) == 0)
        return;
    gp->noise = noise >= 0 && noise < 1e10 ? noise : 1;
    gp->fallbacks++;
    for (size_t j = 0; j < n; j++)
        for (size_t i = j; i < n; i++)
            gp->l[i + j * lda] = i == j ? sqrt(1 + gp->noise) : 0;
}

void gp_factor(struct gaussian_process *gp)
{
    double noise = gp->noise;
    int failed;
    fill_matrix(gp);
    while ((failed = cholesky_factor(gp->l, gp->n, gp->capacity)) && gp->jitter < 0.5 * most_jitter) {
        gp->jitter = gp->jitter > 0 ? 100 * gp->jitter : 1e-10;
        gp->noise = noise + gp->jitter;
        gp->fallbacks++;
        fill_matrix(gp);
    }
    if (failed)
        force_factor(gp, noise);
    gp->base = gp->n;
    gp->trained = 0;
    solve_ones(gp);
}

void gp_append(struct gaussian_process *gp, const double *x)
{
    size_t n = gp->n;
    double *point = gp->point + gp_columns(gp), *row = gp->row;
    gp_add(gp, x);
    read_point(gp, n, point);
    kernel_row(&gp->kernel, gp->x, gp->capacity, n, point, row, NULL, 0, NULL);
    gp->fallbacks += (size_t)cholesky_append(gp->l, n, gp->capacity, row, 1 + gp->noise, 0.5 * gp->noise);
    double sum = 1;
    for (size_t j = 0; j < n; j++)
        sum -= gp->l[n + j * gp->capacity] * gp->ones[j];
    gp->ones[n] = sum / gp->l[n + n * gp->capacity];
}

/* Entry i of L^-1 (y - m), divided by sqrt s, is the distance of y_i from what the points before it
 * predict, in standard deviations. */
static double largest_surprise(const struct gaussian_process *gp, const double *z)
{
    double most = 0;
    for (size_t i = gp->base; i < gp->n; i++)
        most = fmax(most, fabs(z[i]));
    return most / sqrt(gp->scale);
}

void gp_train(struct gaussian_process *gp, const double *y)
{
    size_t n = gp->n;
    double *z = gp->alpha;
    memcpy(gp->y, y, n * sizeof *y);
    memcpy(z, y, n * sizeof *y);
    solve_lower(gp->l, n, gp->capacity, NOT_TRANSPOSED, z);
    double ones = dot_product(n, gp->ones, gp->ones);
    gp->mean = ones > 0 ? dot_product(n, gp->ones, z) / ones : 0;
    double square = 0;
    for (size_t i = 0; i < n; i++) {
        z[i] -= gp->mean * gp->ones[i];
        square += z[i] * z[i];
    }
    double shape = gp->scale_shape;
    if (!gp->known)
        gp->scale = isinf(shape) ? 1 : (2 * shape + square) / ((double)n + 2 * shape + 2);
    gp->surprise = largest_surprise(gp, z);
    solve_lower(gp->l, n, gp->capacity, TRANSPOSED, z);
    gp->trained = n;
}

void gp_append_pending(struct gaussian_process *gp, const double *x)
{
    gp_append(gp, x);
    gp->alpha[gp->n - 1] = 0;
}

void gp_truncate(struct gaussian_process *gp, size_t n)
{
    gp->n = n;
    if (gp->trained > n)
        gp->trained = 0;
}

/* Fills the n x m matrix k between the points of gp and m others, and with `slope` its derivatives, one matrix for
 * each block. */
static void cross_kernel(const struct gaussian_process *gp, const double *x, size_t m, double *k, double *slope)
{
    double *point = gp->point;
    for (size_t c = 0; c < m; c++) {
        double *column = k + c * gp->n;
        gp_features(gp, x + c * gp->d, point);
        kernel_row(&gp->kernel, gp->x, gp->capacity, gp->n, point, column, slope ? slope + c * gp->n : NULL, gp->n * m,
                   NULL);
    }
}

static double remaining_variance(const struct gaussian_process *gp, const double *v)
{
    double rest = 1 - dot_product(gp->n, v, v);
    return gp->scale * (rest > 0 ? rest : 0);
}

void gp_predict(const struct gaussian_process *gp, const double *x, size_t m, double *mean, double *variance)
{
    double *k = gp->room;
    for (size_t first = 0; first < m; first += GP_CHUNK) {
        size_t count = m - first < GP_CHUNK ? m - first : GP_CHUNK;
        cross_kernel(gp, x + first * gp->d, count, k, NULL);
        for (size_t c = 0; c < count; c++)
            mean[first + c] = gp->mean + dot_product(gp->n, k + c * gp->n, gp->alpha);
        if (!variance)
            continue;
        solve_lower_many(gp->l, gp->n, gp->capacity, NOT_TRANSPOSED, k, count, gp->n);
        for (size_t c = 0; c < count; c++)
            variance[first + c] = remaining_variance(gp, k + c * gp->n);
    }
}

/* The sums 2 w_j sum_i f_i c_ij (x_j - X_ij), for f = alpha and f = -2 s u. */
static void point_gradient(const struct gaussian_process *gp, const double *x, const double *slopes, size_t stride,
                           const double *u, double *mean_gradient, double *variance_gradient)
{
    for (size_t j = 0; j < gp->d; j++) {
        const double *column = gp->x + j * gp->capacity;
        const double *slope = slopes + kernel_block(&gp->kernel, j) * stride;
        double inverse_radius = kernel_inverse_radius(gp->d, gp->weight[j]),
               factor = kernel_term_factor(&gp->kernel, j);
        double sum_mean = 0, sum_variance = 0;
        if (gp->dimension[j].kind == DIMENSION_NUMERIC && x[j] >= 0)
            for (size_t i = 0; i < gp->n; i++) {
                double delta = x[j] - column[i];
                double c = (slope[i] + factor * kernel_phi_slope(inverse_radius * fabs(delta))) * delta;
                sum_mean += c * gp->alpha[i];
                sum_variance += c * u[i];
            }
        mean_gradient[j] = 2 * gp->weight[j] * sum_mean;
        variance_gradient[j] = -4 * gp->scale * gp->weight[j] * sum_variance;
    }
}

void gp_predict_gradient(const struct gaussian_process *gp, const double *x, size_t m, double *mean, double *variance,
                         double *mean_gradient, double *variance_gradient)
{
    size_t n = gp->n, d = gp->d;
    double *k = gp->room, *slope = gp->room + n * m;
    cross_kernel(gp, x, m, k, slope);
    for (size_t c = 0; c < m; c++)
        mean[c] = gp->mean + dot_product(n, k + c * n, gp->alpha);
    solve_lower_many(gp->l, n, gp->capacity, NOT_TRANSPOSED, k, m, n);
    for (size_t c = 0; c < m; c++)
        variance[c] = remaining_variance(gp, k + c * n);
    solve_lower_many(gp->l, n, gp->capacity, TRANSPOSED, k, m, n);
    for (size_t c = 0; c < m; c++)
        point_gradient(gp, x + c * d, slope + c * n, n * m, k + c * n, mean_gradient + c * d,
                       variance_gradient + c * d);
}

double gp_fitted(const struct gaussian_process *gp, size_t i)
{
    return gp->y[i] - gp_row_noise(gp, i) * gp->alpha[i];
}

int32_t gp_leave_one_out(const struct gaussian_process *gp, double *mean, double *variance)
{
    size_t n = gp->trained;
    double *inverse = mem_new(n, n * sizeof *inverse);
    if (!inverse)
        return fail_memory();
    for (size_t j = 0; j < n; j++)
        memcpy(inverse + j * n, gp->l + j * gp->capacity, n * sizeof *inverse);
    int bad = cholesky_inverse(inverse, n, n);
    for (size_t i = 0; i < n; i++) {
        double diagonal = bad ? 1 / (1 + gp_row_noise(gp, i)) : inverse[i + i * n];
        mean[i] = gp->y[i] - gp->alpha[i] / diagonal;
        variance[i] = gp->scale / diagonal;
    }
    mem_free(inverse);
    return 0;
}
