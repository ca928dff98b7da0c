/* The posterior of learning curves. For f = y_i(v) without noise, with the letters of curve_likelihood.c,
 *
 *     g_b = sum_p k_p(i, b) R_b Lambda_p phi(v) + [b = i] Q_iᵀ rho,  rho = L_i^-1 cov(e_i, e_i(v))
 *     E f = gᵀ alpha + rhoᵀ (L_i^-1 y_i - Q_i z_i)
 *     cov(f, f') = prior - gᵀ M^-1 g' - [i = i'] (rhoᵀ rho' - (Q_iᵀ rho)ᵀ Q_iᵀ rho')
 *
 * Two queries of configurations without reports share what their configurations share; [a = b] is 1 only where both are
 * the same query, or have the same place of x. Draws add jitter to a covariance that has no factor, as
 * gp_posterior.c does.
 */
#include "surrogate/curve_model.h"

#include "core/fail.h"
#include "core/mem.h"
#include "core/rng.h"
#include "numeric/linalg.h"
#include "numeric/special.h"
#include "surrogate/curve_likelihood.h"

#include <math.h>
#include <string.h>

enum { SQUARE = CURVE_RANK * CURVE_RANK };

/* `count` queries and what is computed of them. */
struct answer {
    const struct curve_model *m;
    const struct curve_likelihood *f;
    const struct curve_query *query;
    size_t count;
    double *g;            /* rows x count */
    double *x;            /* d columns of count */
    double *v;            /* count */
    double *phi;          /* CURVE_RANK x count */
    double *rho, *inside; /* CURVE_MOST_POINTS and CURVE_RANK numbers a query */
    double *k, *point;    /* k_x; one point */
};

static void answer_fini(struct answer *w)
{
    mem_free(w->g);
    mem_free(w->x);
    mem_free(w->k);
}

static int32_t answer_init(struct answer *w, const struct curve_model *m, const struct curve_query *query, size_t count)
{
    *w = (struct answer){.m = m, .f = m->factor, .query = query, .count = count};
    if (!m->factor)
        return fail(AFINA_E_STATE, "a learning-curve model must be fitted before it is asked");
    size_t most = m->n > count ? m->n : count;
    w->g = mem_new(count, (m->factor->rows + 1) * sizeof(double));
    w->x = mem_new(count, (m->d + 1 + 2 * CURVE_RANK + CURVE_MOST_POINTS) * sizeof(double));
    w->k = mem_new(most + m->d, sizeof(double));
    if (!w->g || !w->x || !w->k) {
        answer_fini(w);
        return fail_memory();
    }
    w->v = w->x + m->d * count;
    w->phi = w->v + count;
    w->inside = w->phi + CURVE_RANK * count;
    w->rho = w->inside + CURVE_RANK * count;
    w->point = w->k + most;
    return 0;
}

/* Reads query c. */
static void read_query(struct answer *w, size_t c)
{
    const struct curve_model *m = w->m;
    const struct curve_query *query = w->query + c;
    w->v[c] = curve_model_position(m, query->step);
    curve_basis(w->v[c], w->phi + c * CURVE_RANK);
    if (m->d == 0)
        return;
    for (size_t j = 0; j < m->d; j++)
        w->point[j] = query->curve < m->n ? m->x[j * m->n + query->curve] : query->x[j];
    kernel_impute(m->dimension, m->d, w->point);
    for (size_t j = 0; j < m->d; j++)
        w->x[j * w->count + c] = w->point[j];
}

static void read_point(struct answer *w, size_t c)
{
    for (size_t j = 0; j < w->m->d; j++)
        w->point[j] = w->x[j * w->count + c];
}

/* g += what part p contributes. */
static void add_part(struct answer *w, size_t c, size_t p)
{
    const struct curve_likelihood *f = w->f;
    double direction[CURVE_RANK], *g = w->g + c * f->rows;
    for (size_t k = 0; k < CURVE_RANK; k++)
        direction[k] = dot_product(CURVE_RANK, f->kernel.lambda[p][k], w->phi + c * CURVE_RANK);
    if (f->kernel.d > 0) {
        read_point(w, c);
        kernel_row(&f->kernel.configuration[p], f->x, f->n, f->n, w->point, w->k, NULL, 0, NULL);
    }
    for (size_t b = 0; b < f->n; b++) {
        double k = curve_between(&f->kernel, p, b == w->query[c].curve, f->kernel.d > 0 ? w->k[b] : 0);
        for (size_t j = f->row[b]; j < f->row[b + 1]; j++)
            g[j] += k * dot_product(CURVE_RANK, f->r + b * SQUARE + (j - f->row[b]) * CURVE_RANK, direction);
    }
}

/* Adds what a curve tells of its own Brownian motion. Returns the part of the mean outside of g. */
static double add_own(struct answer *w, size_t c)
{
    const struct curve_likelihood *f = w->f;
    size_t i = w->query[c].curve;
    if (i >= f->n)
        return 0;
    size_t first = f->first[i], count = f->first[i + 1] - first;
    const double *v = w->m->position + w->m->first[i], *q = f->q + first * CURVE_RANK;
    double *rho = w->rho + c * CURVE_MOST_POINTS, *inside = w->inside + c * CURVE_RANK;
    for (size_t t = 0; t < count; t++)
        rho[t] = f->kernel.wander * fmin(v[t], w->v[c]);
    solve_lower(f->own + i * CURVE_MOST_POINTS * CURVE_MOST_POINTS, count, count, NOT_TRANSPOSED, rho);
    double sum = dot_product(count, rho, f->white + first);
    for (size_t j = f->row[i]; j < f->row[i + 1]; j++) {
        inside[j - f->row[i]] = dot_product(count, q + (j - f->row[i]) * count, rho);
        w->g[c * f->rows + j] += inside[j - f->row[i]];
        sum -= inside[j - f->row[i]] * f->z[j];
    }
    return sum;
}

static void set_means(struct answer *w, double *mean)
{
    const struct curve_likelihood *f = w->f;
    for (size_t c = 0; c < w->count; c++)
        read_query(w, c);
    for (size_t c = 0; c < w->count; c++) {
        for (size_t p = 0; p < CURVE_PARTS; p++)
            add_part(w, c, p);
        mean[c] = add_own(w, c);
        mean[c] += dot_product(f->rows, w->g + c * f->rows, f->alpha);
    }
    solve_lower_many(f->matrix, f->rows, f->rows, NOT_TRANSPOSED, w->g, w->count, f->rows);
}

static int same_curve(const struct answer *w, size_t a, size_t b)
{
    const struct curve_query *qa = w->query + a, *qb = w->query + b;
    if (qa->curve < w->m->n || qb->curve < w->m->n)
        return qa->curve == qb->curve;
    return a == b || (w->m->d > 0 && qa->x == qb->x);
}

/* Posterior covariance of the queries a and b, given the k_x of each part. */
static double covariance_of(const struct answer *w, size_t a, size_t b, const double k[CURVE_PARTS])
{
    const struct curve_likelihood *f = w->f;
    int same = same_curve(w, a, b);
    double sum = same ? f->kernel.wander * fmin(w->v[a], w->v[b]) : 0;
    for (size_t p = 0; p < CURVE_PARTS; p++)
        for (size_t i = 0; i < CURVE_RANK; i++)
            sum += curve_between(&f->kernel, p, same, k[p]) * w->phi[a * CURVE_RANK + i] *
                   dot_product(CURVE_RANK, f->kernel.lambda[p][i], w->phi + b * CURVE_RANK);
    sum -= dot_product(f->rows, w->g + a * f->rows, w->g + b * f->rows);
    if (same && w->query[a].curve < f->n)
        sum -= dot_product(CURVE_MOST_POINTS, w->rho + a * CURVE_MOST_POINTS, w->rho + b * CURVE_MOST_POINTS) -
               dot_product(CURVE_RANK, w->inside + a * CURVE_RANK, w->inside + b * CURVE_RANK);
    return a == b ? fmax(sum, 0) : sum;
}

static double variance_of(const struct answer *w, size_t c)
{
    static const double one[CURVE_PARTS] = {1, 1};
    return covariance_of(w, c, c, one);
}

static void set_covariance(struct answer *w, double *covariance)
{
    const struct curve_likelihood *f = w->f;
    for (size_t a = 0; a < w->count; a++)
        for (size_t b = a; b < w->count; b++) {
            double k[CURVE_PARTS] = {0};
            read_point(w, a);
            for (size_t p = 0; p < CURVE_PARTS && f->kernel.d > 0; p++)
                kernel_row(&f->kernel.configuration[p], w->x + b, w->count, 1, w->point, &k[p], NULL, 0, NULL);
            covariance[a * w->count + b] = covariance[b * w->count + a] = covariance_of(w, a, b, k);
        }
}

int32_t curve_model_levels(const struct curve_model *m, const struct curve_query *query, size_t count, double *mean,
                           double *covariance)
{
    struct answer w;
    int32_t rc = answer_init(&w, m, query, count);
    if (rc)
        return rc;
    set_means(&w, mean);
    if (covariance)
        set_covariance(&w, covariance);
    answer_fini(&w);
    return 0;
}

/* Means and standard deviations of levels. */
static int32_t marginals(const struct curve_model *m, const struct curve_query *query, size_t count, double *mean,
                         double *sd)
{
    struct answer w;
    int32_t rc = answer_init(&w, m, query, count);
    if (rc)
        return rc;
    set_means(&w, mean);
    for (size_t c = 0; c < count; c++)
        sd[c] = sqrt(variance_of(&w, c));
    answer_fini(&w);
    return 0;
}

int32_t curve_model_predict(const struct curve_model *m, const struct curve_query *query, size_t count, double *mean,
                            double *sd)
{
    int32_t rc = marginals(m, query, count, mean, sd);
    for (size_t c = 0; !rc && c < count; c++)
        output_inverse_moments(&m->inverse, mean[c], sd[c], &mean[c], &sd[c]);
    return rc;
}

/* The greatest level whose loss is below `loss`, by bisection: the inverse is monotone. */
static double level_of(const struct curve_model *m, double loss)
{
    double low = -40, high = 40;
    for (int k = 0; k < 64; k++) {
        double middle = 0.5 * (low + high);
        if (output_inverse_at(&m->inverse, middle) < loss)
            low = middle;
        else
            high = middle;
    }
    return high >= 40 ? INFINITY : low <= -40 ? -INFINITY : low;
}

int32_t curve_model_chance(const struct curve_model *m, const struct curve_query *query, size_t count, double loss,
                           double *chance)
{
    double *sd = mem_new(count, sizeof *sd);
    if (!sd)
        return fail_memory();
    int32_t rc = marginals(m, query, count, chance, sd);
    double level = rc ? 0 : level_of(m, loss);
    for (size_t c = 0; !rc && c < count; c++)
        chance[c] = sd[c] > 0 ? normal_cdf((level - chance[c]) / sd[c]) : chance[c] < level;
    mem_free(sd);
    return rc;
}

/* a := the factor of `spare`, or of its diagonal where no jitter helps. */
static void factor_with_jitter(double *a, const double *spare, size_t n)
{
    static const double jitters[] = {0, 1e-12, 1e-10, 1e-8, 1e-6, 1e-4, 1e-2};
    for (size_t k = 0; k < sizeof jitters / sizeof *jitters; k++) {
        memcpy(a, spare, n * n * sizeof *a);
        for (size_t i = 0; i < n; i++)
            a[i + i * n] += jitters[k];
        if (cholesky_factor(a, n, n) == 0)
            return;
    }
    memset(a, 0, n * n * sizeof *a);
    for (size_t i = 0; i < n; i++)
        a[i + i * n] = sqrt(fmax(spare[i + i * n], 0));
}

int32_t curve_model_draw(const struct curve_model *m, const struct curve_query *query, size_t count, size_t draws,
                         uint64_t seed, double *losses)
{
    double *room = mem_new(count, (2 * count + 2) * sizeof *room);
    if (!room)
        return fail_memory();
    double *factor = room + count * count, *mean = factor + count * count, *z = mean + count;
    int32_t rc = curve_model_levels(m, query, count, mean, room);
    if (!rc)
        factor_with_jitter(factor, room, count);
    for (size_t k = 0; !rc && k < draws; k++) {
        struct rng rng;
        rng_start(&rng, seed, k, RNG_MODEL);
        for (size_t c = 0; c < count; c++)
            z[c] = rng_normal(&rng);
        for (size_t c = 0; c < count; c++) {
            double level = mean[c];
            for (size_t j = 0; j <= c; j++)
                level += factor[c + j * count] * z[j];
            losses[k * count + c] = output_inverse_at(&m->inverse, level);
        }
    }
    mem_free(room);
    return rc;
}
