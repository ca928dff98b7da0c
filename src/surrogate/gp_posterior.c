/* The posterior with the mean integrated out, and joint draws from it.
 *
 * With V = L^-1 k(X, x), o = L^-1 1 and a flat prior for the mean m,
 *
 *     cov f(x) = s (k(x, x) - Vᵀ V + q qᵀ / oᵀo),  q = 1 - Vᵀ o
 *     f = mu + chol(cov f) z,  z ~ N(0, I)
 *
 * (Rasmussen and Williams 2006, sections 2.7 and A.2). The last term is the uncertainty of
 * the mean, which shows far from all data. A covariance is singular where points coincide with
 * each other or with data: jitter is then added, 1e-12 at first and a hundred times as much each
 * time until there is a factor, which makes an error of 1e-6 of the scale in a drawn value. Check: after one result y
 * with g = 0, far away, the mean is y and the variance 2 s.
 */
#include "surrogate/gp_posterior.h"

#include "core/fail.h"
#include "core/mem.h"
#include "core/rng.h"
#include "numeric/linalg.h"

#include <math.h>
#include <string.h>

struct drawing {
    const struct gaussian_process *gp;
    size_t n;
    double deviation;   /* sqrt(s) */
    double *points;     /* n points in columns, imputed */
    double *v;          /* gp->n x n */
    double *matrix;     /* n x n */
    double *mean, *row; /* n each */
    double *mean_error; /* n: q / |o| */
};

static int32_t take_room(struct drawing *w)
{
    w->points = mem_new(w->n, (gp_columns(w->gp) + 1) * sizeof(double));
    w->v = mem_new(w->n, (w->gp->n + 1) * sizeof(double));
    w->matrix = mem_new(w->n, w->n * sizeof(double));
    w->mean = mem_new(w->n, 3 * sizeof(double));
    if (!w->points || !w->v || !w->matrix || !w->mean)
        return fail_memory();
    w->row = w->mean + w->n;
    w->mean_error = w->row + w->n;
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
    for (size_t j = 0; j < gp_columns(w->gp); j++)
        point[j] = w->points[j * w->n + c];
}

/* Computes V of one point. Returns q / |o|. */
static double solve_cross(const struct gaussian_process *gp, const double *x, double *point, double *v)
{
    gp_features(gp, x, point);
    kernel_row(&gp->kernel, gp->x, gp->capacity, gp->n, point, v, NULL, 0, NULL);
    solve_lower(gp->l, gp->n, gp->capacity, NOT_TRANSPOSED, v);
    double ones = dot_product(gp->n, gp->ones, gp->ones);
    return (1 - dot_product(gp->n, v, gp->ones)) / sqrt(ones);
}

void gp_posterior(const struct gaussian_process *gp, double scale, const double *x, double *mean, double *variance)
{
    double *v = gp->room;
    gp_predict(gp, x, 1, mean, NULL);
    double mean_error = solve_cross(gp, x, gp->point, v), rest = 1 - dot_product(gp->n, v, v);
    *variance = scale * ((rest > 0 ? rest : 0) + mean_error * mean_error);
}

/* Computes V and q / |o| of all points. */
static void fill_cross(struct drawing *w, const double *x)
{
    const struct gaussian_process *gp = w->gp;
    for (size_t c = 0; c < w->n; c++) {
        w->mean_error[c] = solve_cross(gp, x + c * gp->d, gp->point, w->v + c * gp->n);
        for (size_t j = 0; j < gp_columns(gp); j++)
            w->points[j * w->n + c] = gp->point[j];
    }
}

/* Fills the lower triangle of cov f / s + jitter I. */
static void fill_covariance(struct drawing *w, double jitter)
{
    const struct gaussian_process *gp = w->gp;
    for (size_t a = 0; a < w->n; a++) {
        double *column = w->matrix + a * w->n;
        read_column(w, a, gp->point);
        kernel_row(&gp->kernel, w->points + a, w->n, w->n - a, gp->point, column + a, NULL, 0, NULL);
        for (size_t b = a; b < w->n; b++)
            column[b] += w->mean_error[a] * w->mean_error[b] - dot_product(gp->n, w->v + a * gp->n, w->v + b * gp->n);
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
    rng_start(&rng, seed, k, RNG_MODEL);
    for (size_t i = 0; i < w->n; i++)
        w->row[i] = w->deviation * rng_normal(&rng);
    memcpy(values, w->mean, w->n * sizeof *values);
    for (size_t j = 0; j < w->n; j++)
        for (size_t i = j; i < w->n; i++)
            values[i] += w->matrix[i + j * w->n] * w->row[j];
}

int32_t gp_draw(const struct gaussian_process *gp, double scale, const double *x, size_t n, size_t draws, uint64_t seed,
                double *values)
{
    struct drawing w = {.gp = gp, .n = n, .deviation = sqrt(scale)};
    int32_t rc = take_room(&w);
    if (rc)
        goto out;
    gp_predict(gp, x, n, w.mean, NULL);
    fill_cross(&w, x);
    factor(&w);
    for (size_t k = 0; k < draws; k++)
        draw_row(&w, seed, k, values + k * n);
out:
    leave_room(&w);
    return rc;
}
