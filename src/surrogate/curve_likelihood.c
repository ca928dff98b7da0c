/* With Phi_i the basis at the points of curve i and B_i = cov(e_i) + noise = L_i L_iᵀ,
 *
 *     y_i = Phi_i w_i + N(0, B_i),  L_i^-1 Phi_i = Q_i R_i,  z_i = Q_iᵀ L_i^-1 y_i
 *     z ~ N(0, M),  M = I + R K Rᵀ,  K = sum_p k_p (x) Lambda_p,  R block diagonal
 *     -log p(y) = sum_i (log |L_i| + (|L_i^-1 y_i|^2 - |z_i|^2) / 2) + log |chol M| + zᵀ M^-1 z / 2
 *
 * so that a curve of any length and any steps enters by CURVE_RANK numbers at most: the factor has as many rows,
 * whatever the number of reports. This is the process of J. A. Lin, S. Ament, M. Balandat, E. Bakshy, "Scaling Gaussian
 * processes for learning curve prediction via latent Kronecker structure", 2024 (arXiv 2410.09239), with a kernel of
 * low rank over steps, for which missing steps need no iterative solver. Gradients, with G_p(a, b) = <R_aᵀ W_ab R_b,
 * Lambda_p> and W = M^-1 - alpha alphaᵀ:
 *
 *     d loss / d theta = 1/2 sum_ab G_p(a, b) dk_p(a, b) + 1/2 <sum_ab k_p(a, b) R_aᵀ W_ab R_b, dLambda_p>
 *                      + 1/2 sum_i tr(L_i^-T (I - Q_i (I - [M^-1]_ii) Q_iᵀ - v_i v_iᵀ) L_i^-1 dB_i),
 *         v_i = L_i^-1 y_i + Q_i (alpha_i - z_i)
 *
 * Check: the gradient agrees with finite differences to 1e-6, the loss with the dense covariance to 1e-9.
 */
#include "surrogate/curve_likelihood.h"

#include "core/elementary.h"
#include "core/fail.h"
#include "core/mem.h"
#include "numeric/linalg.h"

#include <math.h>
#include <string.h>

enum { BLOCK = CURVE_MOST_POINTS * CURVE_MOST_POINTS, SQUARE = CURVE_RANK * CURVE_RANK };

/* Copies the curves that were chosen. */
static void take_curves(struct curve_likelihood *f, const size_t *curve)
{
    const struct curve_model *m = f->model;
    f->first = f->curve + f->n + 1;
    f->row = f->first + f->n + 1;
    for (size_t i = 0; i < f->n; i++) {
        f->curve[i] = curve[i];
        f->first[i + 1] = f->first[i] + m->first[curve[i] + 1] - m->first[curve[i]];
        for (size_t j = 0; j < m->d; j++)
            f->x[j * f->n + i] = m->x[j * m->n + curve[i]];
    }
}

int32_t curve_likelihood_new(struct curve_likelihood **out, const struct curve_model *m, const size_t *curve, size_t n)
{
    struct curve_likelihood *f = *out = mem_new(1, sizeof *f);
    size_t d = m->d, most = 0, points = 0;
    for (size_t i = 0; i < n; i++) {
        size_t count = m->first[curve[i] + 1] - m->first[curve[i]];
        points += count;
        most += count < CURVE_RANK ? count : CURVE_RANK;
    }
    if (!f)
        return fail_memory();
    f->model = m;
    f->n = n;
    f->curve = mem_new(n + 1, 3 * sizeof *f->curve);
    f->x = mem_new(n, d * sizeof(double));
    f->own = mem_new(n, (BLOCK + SQUARE) * sizeof(double));
    f->q = mem_new(points, (CURVE_RANK + 1) * sizeof(double));
    f->z = mem_new(most, 2 * sizeof(double));
    f->matrix = mem_new(most, most * sizeof(double));
    f->k = mem_new(n, 3 * CURVE_PARTS * n * sizeof(double));
    f->weight = mem_new(d, (2 * CURVE_PARTS + 2) * sizeof(double));
    if (!f->curve || !f->x || !f->own || !f->q || !f->z || !f->matrix || !f->k || !f->weight) {
        curve_likelihood_free(f);
        *out = NULL;
        return fail_memory();
    }
    take_curves(f, curve);
    f->r = f->own + n * BLOCK;
    f->white = f->q + points * CURVE_RANK;
    f->alpha = f->z + most;
    f->slope = f->k + CURVE_PARTS * n * n;
    f->excess = f->slope + CURVE_PARTS * n * n;
    f->term_sums = f->weight + 2 * CURVE_PARTS * d;
    f->point = f->term_sums + d;
    return 0;
}

void curve_likelihood_free(struct curve_likelihood *f)
{
    if (!f)
        return;
    mem_free(f->curve);
    mem_free(f->x);
    mem_free(f->own);
    mem_free(f->q);
    mem_free(f->z);
    mem_free(f->matrix);
    mem_free(f->k);
    mem_free(f->weight);
    mem_free(f);
}

/* ------------------------------------------------------------------ one curve */

static double square_norm(const double *x, size_t n)
{
    return dot_product(n, x, x);
}

/* Turns the columns A, count x CURVE_RANK, into Q R. A column that depends on those before adds none to Q, which
 * is written without gaps. Returns how many columns Q has. */
static size_t orthogonalise(double *a, size_t count, double *q, double *r)
{
    size_t used = 0;
    memset(r, 0, SQUARE * sizeof *r);
    for (size_t k = 0; k < CURVE_RANK; k++) {
        double *column = a + k * count, before = square_norm(column, count);
        for (size_t twice = 0; twice < 2; twice++)
            for (size_t l = 0; l < used; l++) {
                double part = dot_product(count, q + l * count, column);
                r[l * CURVE_RANK + k] += part;
                for (size_t t = 0; t < count; t++)
                    column[t] -= part * q[l * count + t];
            }
        double norm = square_norm(column, count);
        if (used == count || !(norm > 1e-20 * before))
            continue;
        for (size_t t = 0; t < count; t++)
            q[used * count + t] = column[t] / sqrt(norm);
        r[used++ * CURVE_RANK + k] = sqrt(norm);
    }
    return used;
}

/* Reduces curve i to its rows. Adds to *loss what depends on no other curve. 0, or 1. */
static int reduce(struct curve_likelihood *f, size_t i, double *loss)
{
    size_t first = f->first[i], count = f->first[i + 1] - first, row = f->row[i];
    const double *v = f->model->position + f->model->first[f->curve[i]];
    double *l = f->own + i * BLOCK, *q = f->q + first * CURVE_RANK, *white = f->white + first;
    double a[CURVE_MOST_POINTS * CURVE_RANK];
    for (size_t s = 0; s < count; s++)
        for (size_t t = s; t < count; t++)
            l[t + s * count] = f->kernel.wander * fmin(v[s], v[t]) + (s == t ? f->kernel.noise : 0);
    if (cholesky_factor(l, count, count))
        return 1;
    for (size_t t = 0; t < count; t++) {
        double phi[CURVE_RANK];
        curve_basis(v[t], phi);
        for (size_t k = 0; k < CURVE_RANK; k++)
            a[k * count + t] = phi[k];
        white[t] = f->model->target[f->model->first[f->curve[i]] + t];
        *loss += portable_log(l[t + t * count]);
    }
    solve_lower(l, count, count, NOT_TRANSPOSED, white);
    solve_lower_many(l, count, count, NOT_TRANSPOSED, a, CURVE_RANK, count);
    size_t used = orthogonalise(a, count, q, f->r + i * SQUARE);
    f->row[i + 1] = row + used;
    for (size_t k = 0; k < used; k++)
        f->z[row + k] = dot_product(count, q + k * count, white);
    *loss += 0.5 * (square_norm(white, count) - square_norm(f->z + row, used));
    return 0;
}

/* Turns V into L^-T V L^-1. */
static void unwhiten(const double *l, size_t count, double *v)
{
    for (int side = 0; side < 2; side++) {
        solve_lower_many(l, count, count, TRANSPOSED, v, count, count);
        for (size_t s = 0; s < count; s++)
            for (size_t t = 0; t < s; t++) {
                double swap = v[t + s * count];
                v[t + s * count] = v[s + t * count];
                v[s + t * count] = swap;
            }
    }
}

/* Adds the derivatives through B_i, with M^-1 in f->matrix. */
static void add_own_gradient(const struct curve_likelihood *f, size_t i, double *rest)
{
    size_t first = f->first[i], count = f->first[i + 1] - first, row = f->row[i], used = f->row[i + 1] - row;
    const double *v = f->model->position + f->model->first[f->curve[i]], *q = f->q + first * CURVE_RANK;
    double w[BLOCK], e[CURVE_MOST_POINTS];
    for (size_t t = 0; t < count; t++) {
        e[t] = f->white[first + t];
        for (size_t k = 0; k < used; k++)
            e[t] += q[k * count + t] * (f->alpha[row + k] - f->z[row + k]);
    }
    for (size_t t = 0; t < count; t++)
        for (size_t k = 0; k <= used; k++) {
            double left = k < used ? -q[k * count + t] : 0;
            for (size_t l = 0; l < used && k < used; l++)
                left += f->matrix[(row + k) * f->rows + row + l] * q[l * count + t];
            for (size_t s = 0; s < count; s++)
                w[t + s * count] =
                    (k == 0 ? (s == t) - e[s] * e[t] : w[t + s * count]) + (k < used ? q[k * count + s] * left : 0);
        }
    unwhiten(f->own + i * BLOCK, count, w);
    for (size_t s = 0; s < count; s++)
        for (size_t t = 0; t < count; t++) {
            rest[CURVE_NOISE] += s == t ? 0.5 * w[t + s * count] * f->kernel.noise : 0;
            rest[CURVE_WANDER] += 0.5 * w[t + s * count] * f->kernel.wander * fmin(v[s], v[t]);
        }
}

/* --------------------------------------------------------------- between curves */

/* The lower triangles of k_x. */
static void fill_kernels(struct curve_likelihood *f, int slopes)
{
    size_t n = f->n, d = f->model->d;
    for (size_t p = 0; d > 0 && p < CURVE_PARTS; p++)
        for (size_t a = 0; a < n; a++) {
            size_t at = (p * n + a) * n + a;
            for (size_t j = 0; j < d; j++)
                f->point[j] = f->x[j * n + a];
            kernel_row(&f->kernel.configuration[p], f->x + a, n, n - a, f->point, f->k + at,
                       slopes ? f->slope + at : NULL, n * n, slopes && d > 1 ? f->excess + at : NULL);
        }
}

static double between(const struct curve_likelihood *f, size_t p, size_t a, size_t b)
{
    return curve_between(&f->kernel, p, a == b, f->k[(p * f->n + a) * f->n + b]);
}

/* left[p] = r Lambda_p for a row r of R. */
static void times_lambda(const struct curve_kernel *kernel, const double *r, double left[CURVE_PARTS][CURVE_RANK])
{
    for (size_t p = 0; p < CURVE_PARTS; p++)
        for (size_t k = 0; k < CURVE_RANK; k++) {
            left[p][k] = 0;
            for (size_t l = 0; l < CURVE_RANK; l++)
                left[p][k] += r[l] * kernel->lambda[p][l][k];
        }
}

/* The lower triangle of M. */
static void fill_matrix(struct curve_likelihood *f)
{
    for (size_t a = 0; a < f->n; a++)
        for (size_t i = f->row[a]; i < f->row[a + 1]; i++) {
            double left[CURVE_PARTS][CURVE_RANK], *column = f->matrix + i * f->rows;
            times_lambda(&f->kernel, f->r + a * SQUARE + (i - f->row[a]) * CURVE_RANK, left);
            for (size_t b = a; b < f->n; b++) {
                double sum[CURVE_RANK] = {0};
                for (size_t p = 0; p < CURVE_PARTS; p++) {
                    double k = between(f, p, a, b);
                    for (size_t l = 0; l < CURVE_RANK; l++)
                        sum[l] += k * left[p][l];
                }
                for (size_t j = f->row[b]; j < f->row[b + 1]; j++) {
                    const double *r = f->r + b * SQUARE + (j - f->row[b]) * CURVE_RANK;
                    column[j] = j == i;
                    for (size_t l = 0; l < CURVE_RANK; l++)
                        column[j] += sum[l] * r[l];
                }
            }
        }
}

/* out = R_aᵀ W_ab R_b, with M^-1 in f->matrix. */
static void contract(const struct curve_likelihood *f, size_t a, size_t b, double out[CURVE_RANK][CURVE_RANK])
{
    const double *ra = f->r + a * SQUARE;
    memset(out, 0, SQUARE * sizeof(double));
    for (size_t i = f->row[a]; i < f->row[a + 1]; i++, ra += CURVE_RANK) {
        const double *rb = f->r + b * SQUARE, *column = f->matrix + i * f->rows;
        double wr[CURVE_RANK] = {0};
        for (size_t j = f->row[b]; j < f->row[b + 1]; j++, rb += CURVE_RANK) {
            double w = column[j] - f->alpha[i] * f->alpha[j];
            for (size_t l = 0; l < CURVE_RANK; l++)
                wr[l] += w * rb[l];
        }
        for (size_t k = 0; k < CURVE_RANK; k++)
            for (size_t l = 0; l < CURVE_RANK; l++)
                out[k][l] += ra[k] * wr[l];
    }
}

/* Adds the derivatives through k_p and Lambda_p, except those through k_x: k_x becomes W_ab = -(1 - s) G_p(a, b) in its
 * place. */
static void add_pair_gradient(struct curve_likelihood *f, size_t a, size_t b,
                              double h[CURVE_PARTS][CURVE_RANK][CURVE_RANK], double *gradient)
{
    double w[CURVE_RANK][CURVE_RANK], half = a == b ? 0.5 : 1;
    size_t d = f->model->d;
    contract(f, a, b, w);
    for (size_t p = 0; p < CURVE_PARTS; p++, gradient += d + CURVE_PART) {
        double *k = f->k + (p * f->n + a) * f->n + b, factor = 0.5 * half * between(f, p, a, b), g = 0;
        double own = f->kernel.own[p];
        for (size_t i = 0; i < CURVE_RANK; i++)
            for (size_t j = 0; j < CURVE_RANK; j++) {
                h[p][i][j] += factor * (w[i][j] + w[j][i]);
                g += w[i][j] * f->kernel.lambda[p][i][j];
            }
        gradient[d + CURVE_COMMON] += half * g * f->kernel.common[p];
        gradient[d + CURVE_OWN] -= a == b || d == 0 ? 0 : own * (1 - own) * g * *k;
        *k = -(1 - own) * g;
    }
}

/* As in gp_fit.c, a categorical coordinate. */
static double categorical_sum(const struct curve_likelihood *f, size_t p, size_t j, double *term)
{
    const struct kernel *kernel = &f->kernel.configuration[p];
    double inverse_radius = kernel_inverse_radius(kernel->d, kernel->weight[j]), other = kernel_phi(inverse_radius);
    double own = kernel_term_factor(kernel, j) * kernel_phi_slope(inverse_radius), sum = 0;
    const double *x = f->x + j * f->n;
    *term = 0;
    for (size_t a = 0; a < f->n; a++)
        for (size_t b = a + 1; b < f->n; b++) {
            size_t at = (p * f->n + a) * f->n + b;
            sum += x[a] == x[b] ? 0 : f->slope[at] + f->k[at] * own;
            *term += x[a] == x[b] ? f->k[at] : f->k[at] * other;
        }
    return sum;
}

/* Adds the derivatives by the length scales and the share of part p: those of gp_fit.c, with W in f->k. */
static void add_length_gradient(struct curve_likelihood *f, size_t p, double *gradient)
{
    const struct kernel *kernel = &f->kernel.configuration[p];
    size_t n = f->n, d = kernel->d;
    double *w = f->k + p * n * n, *slope = f->slope + p * n * n, *excess = f->excess + p * n * n, share = 0;
    for (size_t a = 0; a < n; a++)
        for (size_t b = a + 1; b < n; b++) {
            slope[a * n + b] *= w[a * n + b];
            share += d > 1 ? w[a * n + b] * excess[a * n + b] : 0;
        }
    for (size_t j = 0; j < d; j++) {
        double sum = kernel->dimension[j].kind == DIMENSION_CATEGORICAL
                         ? categorical_sum(f, p, j, &f->term_sums[j])
                         : kernel_numeric_sum(kernel, j, f->x + j * n, n, slope, w, &f->term_sums[j]);
        gradient[j] += 2 * kernel->weight[j] * sum;
    }
    gradient[d + CURVE_ADDITIVE] -= kernel->share * (1 - kernel->share) * share;
    if (!(kernel->varying > 0))
        return;
    double whole = dot_product(d, kernel->term_weight, f->term_sums);
    for (size_t j = 0; j < d; j++) {
        double inverse_radius = kernel_inverse_radius(d, kernel->weight[j]);
        double change = 2 * inverse_radius * inverse_radius * kernel_phi_slope(inverse_radius) / kernel->varying;
        gradient[j] -= kernel->share * change * (f->term_sums[j] - whole);
    }
}

/* --------------------------------------------------------------------- together */

static int set_gradient(struct curve_likelihood *f, double *gradient)
{
    size_t d = f->model->d;
    double h[CURVE_PARTS][CURVE_RANK][CURVE_RANK] = {{{0}}}, *rest = gradient + CURVE_PARTS * (d + CURVE_PART);
    memset(gradient, 0, CURVE_THETA(d) * sizeof *gradient);
    if (cholesky_inverse(f->matrix, f->rows, f->rows))
        return 1;
    for (size_t i = 0; i < f->n; i++)
        add_own_gradient(f, i, rest);
    for (size_t a = 0; a < f->n; a++)
        for (size_t b = a; b < f->n; b++)
            add_pair_gradient(f, a, b, h, gradient);
    curve_step_gradient(&f->kernel, h, rest);
    for (size_t p = 0; d > 0 && p < CURVE_PARTS; p++)
        add_length_gradient(f, p, gradient + p * (d + CURVE_PART));
    return 0;
}

double curve_likelihood_loss(struct curve_likelihood *f, const double *theta, double *gradient)
{
    size_t d = f->model->d;
    double loss = 0;
    curve_kernel_set(&f->kernel, f->model->dimension, d, theta, f->weight);
    for (size_t i = 0; i < f->n; i++)
        if (reduce(f, i, &loss))
            return INFINITY;
    f->rows = f->row[f->n];
    fill_kernels(f, gradient != NULL);
    fill_matrix(f);
    if (cholesky_factor(f->matrix, f->rows, f->rows))
        return INFINITY;
    for (size_t i = 0; i < f->rows; i++) {
        loss += portable_log(f->matrix[i + i * f->rows]);
        f->alpha[i] = f->z[i];
    }
    solve_lower(f->matrix, f->rows, f->rows, NOT_TRANSPOSED, f->alpha);
    loss += 0.5 * square_norm(f->alpha, f->rows);
    solve_lower(f->matrix, f->rows, f->rows, TRANSPOSED, f->alpha);
    if (gradient && set_gradient(f, gradient))
        return INFINITY;
    for (size_t k = 0; k < CURVE_THETA(d); k++) {
        struct curve_prior prior = curve_prior(d, k);
        double z = (theta[k] - prior.mean) / prior.sd;
        loss += 0.5 * z * z;
        if (gradient)
            gradient[k] += z / prior.sd;
    }
    return loss;
}
