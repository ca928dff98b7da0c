/* Joint draws at the points x: with V = L^-1 k(X, x),
 *
 *     f = mu + sqrt(s) chol(k(x, x) - Vᵀ V) z,  z ~ N(0, I)
 *
 * (Rasmussen and Williams 2006, appendix A.2). The matrix is singular where points
 * meet each other or the data: jitter grows by hundreds from 1e-12 until it has a
 * factor, 1e-6 of the scale in a drawn value. Check: at one point the draws have
 * the predicted mean and variance.
 */
#include "surrogate/gp_draw.h"

#include "core/fail.h"
#include "core/mem.h"
#include "core/rng.h"
#include "numeric/linalg.h"

#include <math.h>
#include <string.h>

struct drawing {
    const struct gaussian_process *gp;
    size_t n;
    double *points;     /* n points in columns, imputed */
    double *v;          /* gp->n x n */
    double *matrix;     /* n x n */
    double *mean, *row; /* n each */
    double *variance;   /* n: not needed, but predicted */
};

static int32_t take_room(struct drawing *w)
{
    w->points = mem_new(w->n, (w->gp->d + 1) * sizeof(double));
    w->v = mem_new(w->n, (w->gp->n + 1) * sizeof(double));
    w->matrix = mem_new(w->n, w->n * sizeof(double));
    w->mean = mem_new(w->n, 3 * sizeof(double));
    if (!w->points || !w->v || !w->matrix || !w->mean)
        return fail_memory();
    w->row = w->mean + w->n;
    w->variance = w->row + w->n;
    return 0;
}

static void leave_room(struct drawing *w)
{
    mem_free(w->points);
    mem_free(w->v);
    mem_free(w->matrix);
    mem_free(w->mean);
}

static void read_column(const struct drawing *w, size_t c, double *point)
{
    for (size_t j = 0; j < w->gp->d; j++)
        point[j] = w->points[j * w->n + c];
}

/* V, from the imputed points. */
static void fill_cross(struct drawing *w, const double *x)
{
    const struct gaussian_process *gp = w->gp;
    for (size_t c = 0; c < w->n; c++) {
        double *column = w->v + c * gp->n;
        memcpy(gp->point, x + c * gp->d, gp->d * sizeof *x);
        kernel_impute(gp->dimension, gp->d, gp->point);
        for (size_t j = 0; j < gp->d; j++)
            w->points[j * w->n + c] = gp->point[j];
        kernel_distances(gp->dimension, gp->d, gp->weight, gp->x, gp->capacity, 0, gp->n, gp->point, column);
        kernel_values(gp->kernel, gp->n, column, column);
    }
    solve_lower_many(gp->l, gp->n, gp->capacity, NOT_TRANSPOSED, w->v, w->n, gp->n);
}

/* The lower triangle of k(x, x) - Vᵀ V + jitter I. */
static void fill_covariance(struct drawing *w, double jitter)
{
    const struct gaussian_process *gp = w->gp;
    for (size_t a = 0; a < w->n; a++) {
        double *column = w->matrix + a * w->n;
        read_column(w, a, gp->point);
        kernel_distances(gp->dimension, gp->d, gp->weight, w->points, w->n, a, w->n - a, gp->point, column + a);
        kernel_values(gp->kernel, w->n - a, column + a, column + a);
        for (size_t b = a; b < w->n; b++)
            column[b] -= dot_product(gp->n, w->v + a * gp->n, w->v + b * gp->n);
        column[a] = fmax(column[a], 0) + jitter;
    }
}

static void factor(struct drawing *w)
{
    double most = 100 * (double)(w->n + 1);
    fill_covariance(w, 1e-12);
    for (double jitter = 1e-10; cholesky_factor(w->matrix, w->n, w->n) && jitter < most; jitter *= 100)
        fill_covariance(w, jitter);
}

static void draw_row(struct drawing *w, uint64_t seed, uint64_t k, double *values)
{
    struct rng rng;
    double deviation = sqrt(w->gp->scale);
    rng_start(&rng, seed, k, RNG_MODEL);
    for (size_t i = 0; i < w->n; i++)
        w->row[i] = deviation * rng_normal(&rng);
    for (size_t i = 0; i < w->n; i++) {
        values[i] = w->mean[i];
        for (size_t j = 0; j <= i; j++)
            values[i] += w->matrix[i + j * w->n] * w->row[j];
    }
}

int32_t gp_draw(const struct gaussian_process *gp, const double *x, size_t n, size_t draws, uint64_t seed,
                double *values)
{
    struct drawing w = {.gp = gp, .n = n};
    int32_t rc = take_room(&w);
    if (!rc) {
        gp_predict(gp, x, n, w.mean, w.variance);
        fill_cross(&w, x);
        factor(&w);
        for (size_t k = 0; k < draws; k++)
            draw_row(&w, seed, k, values + k * n);
    }
    leave_room(&w);
    return rc;
}
