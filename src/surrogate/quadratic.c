/* The quadratic of least norm, as ridge regression with the kernel (1 + z·z')^2.
 *
 *     f(z) = sum_i a_i (1 + z_i·z)^2,  (K + lambda I) a = y - mean(y)
 *     gradient = 2 sum a_i z_i,  curvature = 2 sum a_i z_i z_iᵀ
 *
 * With fewer points than the (m+1)(m+2)/2 coefficients this is the interpolant whose
 * coefficients have the least square sum, a relative of the least Frobenius norm of M. J. D.
 * Powell ("The NEWUOA software for unconstrained optimization without
 * derivatives", 2006); with that many it is the quadratic through them. lambda is
 * 1e-13 of the mean diagonal and grows until the factor exists. Points along a curved valley
 * need large a_i, and the residuals of the fit are lambda a. A second round fits these residuals
 * as well; without it they would be larger than the decrease that a step is expected to give. Check: the points of z^2
 * at -1, 0, 1 give curvature 2.
 */
#include "surrogate/quadratic.h"

#include "core/fail.h"
#include "core/mem.h"
#include "numeric/linalg.h"

#include <math.h>
#include <string.h>

int32_t quadratic_init(struct quadratic *q, size_t m, size_t most)
{
    *q = (struct quadratic){.m = m, .most = most};
    q->gradient = mem_new(m, (m + 2) * sizeof(double));
    q->kernel = mem_new(most, (most + 1) * sizeof(double));
    int32_t rc = q->gradient && q->kernel ? bounded_new(&q->search, m) : fail_memory();
    if (rc) {
        quadratic_fini(q);
        return rc;
    }
    q->slope = q->gradient + m;
    q->curvature = q->gradient + 2 * m;
    q->weight = q->kernel + most * most;
    return 0;
}

void quadratic_fini(struct quadratic *q)
{
    mem_free(q->gradient);
    mem_free(q->kernel);
    bounded_fini(&q->search);
    *q = (struct quadratic){0};
}

static void fill_kernel(struct quadratic *q, const double *z, size_t n, double lambda)
{
    for (size_t a = 0; a < n; a++)
        for (size_t b = a; b < n; b++) {
            double t = 1 + dot_product(q->m, z + a * q->m, z + b * q->m);
            q->kernel[a * n + b] = t * t + (a == b ? lambda : 0);
        }
}

static double mean_diagonal(const struct quadratic *q, const double *z, size_t n)
{
    double sum = 0;
    for (size_t a = 0; a < n; a++) {
        double t = 1 + dot_product(q->m, z + a * q->m, z + a * q->m);
        sum += t * t / (double)n;
    }
    return sum;
}

/* Factors K + lambda I. Returns lambda, or 0 when none was large enough. */
static double factor(struct quadratic *q, const double *z, size_t n)
{
    double lambda = 1e-13 * mean_diagonal(q, z, n);
    for (int round = 0; round < 7; round++, lambda *= 100) {
        fill_kernel(q, z, n, lambda);
        if (cholesky_factor(q->kernel, n, n) == 0)
            return lambda;
    }
    return 0;
}

static void solve_weights(struct quadratic *q, const double *y, double mean, double lambda, size_t n)
{
    memset(q->weight, 0, n * sizeof *q->weight);
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < n; i++)
            q->weight[i] = y[i] - mean + lambda * q->weight[i];
        solve_lower(q->kernel, n, n, NOT_TRANSPOSED, q->weight);
        solve_lower(q->kernel, n, n, TRANSPOSED, q->weight);
    }
}

int quadratic_fit(struct quadratic *q, const double *z, const double *y, size_t n)
{
    size_t m = q->m;
    double mean = 0, lambda = n > 0 && n <= q->most ? factor(q, z, n) : 0;
    if (!(lambda > 0))
        return 1;
    for (size_t i = 0; i < n; i++)
        mean += y[i] / (double)n;
    solve_weights(q, y, mean, lambda, n);
    q->constant = mean;
    memset(q->gradient, 0, m * sizeof *q->gradient);
    memset(q->curvature, 0, m * m * sizeof *q->curvature);
    for (size_t i = 0; i < n; i++) {
        q->constant += q->weight[i];
        for (size_t j = 0; j < m; j++) {
            double t = 2 * q->weight[i] * z[i * m + j];
            q->gradient[j] += t;
            for (size_t k = 0; k < m; k++)
                q->curvature[j * m + k] += t * z[i * m + k];
        }
    }
    return !all_finite(q->gradient, m) || !all_finite(q->curvature, m * m);
}

/* The value of the quadratic without its constant, and its gradient. */
static double rise(const struct quadratic *q, const double *z, double *gradient)
{
    double value = 0;
    for (size_t j = 0; j < q->m; j++) {
        double t = dot_product(q->m, q->curvature + j * q->m, z);
        gradient[j] = q->gradient[j] + t;
        value += z[j] * (q->gradient[j] + 0.5 * t);
    }
    return value;
}

double quadratic_value(const struct quadratic *q, const double *z, double *gradient)
{
    return q->constant + rise(q, z, gradient);
}

static double largest_coefficient(const struct quadratic *q)
{
    double most = 0;
    for (size_t j = 0; j < q->m; j++)
        most = fmax(most, fabs(q->gradient[j]));
    for (size_t j = 0; j < q->m * q->m; j++)
        most = fmax(most, fabs(q->curvature[j]));
    return most;
}

/* The quadratic without its constant, in units of the largest coefficient, so that the descent does not depend on
 * the units of the objective or its distance from 0. */
static double value_of(const double *z, double *gradient, void *user)
{
    const struct quadratic *q = user;
    double value = rise(q, z, gradient) / q->unit;
    for (size_t j = 0; j < q->m; j++)
        gradient[j] /= q->unit;
    return value;
}

double quadratic_minimise(struct quadratic *q, double *z, const double *low, const double *high)
{
    double most = largest_coefficient(q);
    q->unit = most > 0 ? most : 1;
    q->search.max_evaluations = 400;
    q->search.gradient_tolerance = 0;
    bounded_minimise(&q->search, z, low, high, value_of, q->slope, q);
    return quadratic_value(q, z, q->slope);
}
