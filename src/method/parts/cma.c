#include "method/parts/cma.h"

#include "core/elementary.h"
#include "core/fail.h"
#include "core/mem.h"
#include "method/parts/rank_weights.h"
#include "numeric/portable_linalg.h"

#include <math.h>
#include <string.h>

/* The density is given up when its longest axis is this many times the shortest. */
static const double most_condition = 1e7;

/* ---------------------------------------------------------------------- making */

/* How many numbers C has. */
static size_t entries_of(const struct cma *s)
{
    return s->separable ? s->n : s->n * s->n;
}

/* The index of entry j of the diagonal. */
static size_t diagonal(const struct cma *s, size_t j)
{
    return s->separable ? j : j + j * s->n;
}

int32_t cma_init(struct cma *s, size_t n, size_t most)
{
    *s = (struct cma){.n = n, .most = most, .separable = n > CMA_MOST_FULL};
    size_t entries = entries_of(s);
    s->mean = mem_new(n, 7 * sizeof *s->mean);
    s->weight = mem_new(most, 3 * sizeof *s->weight);
    s->c = mem_new(entries, 2 * sizeof *s->c);
    s->y = mem_new(most + 1, 2 * n * sizeof *s->y);
    if (!s->mean || !s->weight || !s->c || !s->y)
        return fail_memory();
    s->least = s->mean + n;
    s->stretch = s->mean + 2 * n;
    s->path_sigma = s->mean + 3 * n;
    s->path_c = s->mean + 4 * n;
    s->sum = s->mean + 5 * n;
    s->share = s->weight + most;
    s->factor = s->c + entries;
    s->z = s->y + (most + 1) * n;
    return 0;
}

void cma_fini(struct cma *s)
{
    mem_free(s->mean);
    mem_free(s->weight);
    mem_free(s->c);
    mem_free(s->y);
    *s = (struct cma){0};
}

/* The tutorial's table 1, with the separable factor of Ros and Hansen. */
static void set_rates(struct cma *s)
{
    double n = (double)s->n, mu = s->mu_eff;
    s->c_sigma = (mu + 2) / (n + mu + 5);
    s->d_sigma = 1 + 2 * fmax(0, sqrt((mu - 1) / (n + 1)) - 1) + s->c_sigma;
    s->c_c = (4 + mu / n) / (n + 4 + 2 * mu / n);
    s->chi = sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));
    s->c_1 = 2 / ((n + 1.3) * (n + 1.3) + mu);
    s->c_mu = 2 * (mu - 2 + 1 / mu) / ((n + 2) * (n + 2) + mu);
    if (s->separable) {
        s->c_1 *= (n + 2) / 3;
        s->c_mu *= (n + 2) / 3;
    }
    s->c_1 = fmin(s->c_1, 0.5);
    s->c_mu = fmin(1 - s->c_1 - 1e-8, s->c_mu);
}

void cma_set_lambda(struct cma *s, size_t lambda)
{
    if (s->lambda == lambda)
        return;
    size_t mu = lambda / 2;
    s->lambda = lambda;
    rank_weights(lambda, s->weight);
    s->mu_eff = rank_effective(mu, s->weight);
    set_rates(s);
    double mu_minus = rank_effective(lambda - mu, s->weight + mu), sum = 0;
    double most = fmin(1 + s->c_1 / s->c_mu, 1 + 2 * mu_minus / (s->mu_eff + 2));
    most = fmin(most, (1 - s->c_1 - s->c_mu) / ((double)s->n * s->c_mu));
    for (size_t i = mu; i < lambda; i++)
        sum -= fmin(s->weight[i], 0);
    for (size_t i = mu; i < lambda && sum > 0; i++)
        s->weight[i] *= most / sum;
}

void cma_start(struct cma *s, const double *mean, double sigma)
{
    size_t n = s->n, entries = entries_of(s);
    memcpy(s->mean, mean, n * sizeof *mean);
    memset(s->path_sigma, 0, 2 * n * sizeof *s->path_sigma);
    memset(s->c, 0, 2 * entries * sizeof *s->c);
    for (size_t j = 0; j < n; j++) {
        size_t at = diagonal(s, j);
        s->c[at] = s->factor[at] = s->stretch[j] = 1;
    }
    s->sigma = sigma;
    s->generation = s->factored = 0;
}

/* -------------------------------------------------------------------- geometry */

static double variance(const struct cma *s, size_t j)
{
    return s->c[diagonal(s, j)];
}

double cma_deviation(const struct cma *s, size_t j)
{
    return s->sigma * s->stretch[j] * sqrt(variance(s, j));
}

void cma_stretch(struct cma *s)
{
    for (size_t j = 0; j < s->n; j++)
        s->stretch[j] = fmax(1, s->least[j] / (s->sigma * sqrt(variance(s, j))));
}

/* y := A z. */
static void colour(const struct cma *s, const double *z, double *y)
{
    size_t n = s->n;
    if (s->separable) {
        for (size_t j = 0; j < n; j++)
            y[j] = s->factor[j] * z[j];
        return;
    }
    memset(y, 0, n * sizeof *y);
    for (size_t j = 0; j < n; j++)
        for (size_t i = j; i < n; i++)
            y[i] += s->factor[i + j * n] * z[j];
}

/* m columns z := A^-1 z. */
static void whiten(const struct cma *s, double *z, size_t m)
{
    if (!s->separable) {
        portable_solve(s->factor, s->n, s->n, z, m, s->n);
        return;
    }
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < s->n; j++)
            z[i * s->n + j] /= s->factor[j];
}

static double squared_norm(size_t n, const double *z)
{
    double sum = 0;
    for (size_t j = 0; j < n; j++)
        sum += z[j] * z[j];
    return sum;
}

void cma_draw(struct cma *s, struct rng *rng, double *x)
{
    double *y = s->y + s->most * s->n, *z = s->z + s->most * s->n;
    for (size_t j = 0; j < s->n; j++)
        z[j] = rng_normal(rng);
    colour(s, z, y);
    for (size_t j = 0; j < s->n; j++)
        x[j] = s->mean[j] + s->sigma * s->stretch[j] * y[j];
}

/* y := D^-1 (x - m) / sigma. */
static void step_of(const struct cma *s, const double *x, double *y)
{
    for (size_t j = 0; j < s->n; j++)
        y[j] = (x[j] - s->mean[j]) / (s->sigma * s->stretch[j]);
}

void cma_bound(struct cma *s, double *x)
{
    double *z = s->z + s->most * s->n, n = (double)s->n;
    step_of(s, x, z);
    whiten(s, z, 1);
    double length = sqrt(squared_norm(s->n, z)), most = sqrt(n) + 2 * n / (n + 2);
    for (size_t j = 0; j < s->n && length > most; j++)
        x[j] = s->mean[j] + (x[j] - s->mean[j]) * most / length;
}

/* -------------------------------------------------------------------- learning */

/* sum := the weighted mean of the columns. */
static void add_up(const struct cma *s, const double *columns, double *sum)
{
    memset(sum, 0, s->n * sizeof *sum);
    for (size_t i = 0; i < s->lambda; i++)
        for (size_t j = 0; j < s->n && s->share[i] > 0; j++)
            sum[j] += s->share[i] * columns[i * s->n + j];
}

/* Updates both paths. Returns 1 unless the path of the step size is so long that p_c stalls. */
static int advance_paths(struct cma *s, const double *y, const double *z)
{
    double keep = 1 - s->c_sigma, gain = sqrt(s->c_sigma * (2 - s->c_sigma) * s->mu_eff);
    for (size_t j = 0; j < s->n; j++)
        s->path_sigma[j] = keep * s->path_sigma[j] + gain * z[j];
    double length = sqrt(squared_norm(s->n, s->path_sigma) / (1 - portable_pow(keep, 2 * (double)(s->generation + 1))));
    int h = length < (1.4 + 2 / ((double)s->n + 1)) * s->chi;
    gain = h ? sqrt(s->c_c * (2 - s->c_c) * s->mu_eff) : 0;
    for (size_t j = 0; j < s->n; j++)
        s->path_c[j] = (1 - s->c_c) * s->path_c[j] + gain * y[j];
    return h;
}

/* C += w v v'. */
static void add_square(struct cma *s, double w, const double *v)
{
    size_t n = s->n;
    if (s->separable) {
        for (size_t j = 0; j < n; j++)
            s->c[j] += w * v[j] * v[j];
        return;
    }
    for (size_t j = 0; j < n; j++)
        for (size_t i = j; i < n; i++)
            s->c[i + j * n] += w * v[j] * v[i];
}

static void adapt_covariance(struct cma *s, int h)
{
    double sum = 0, n = (double)s->n, forgotten = h ? 0 : s->c_1 * s->c_c * (2 - s->c_c);
    for (size_t i = 0; i < s->lambda; i++)
        sum += s->share[s->most + i];
    double keep = 1 + forgotten - s->c_1 - s->c_mu * sum;
    for (size_t k = 0; k < entries_of(s); k++)
        s->c[k] *= keep;
    add_square(s, s->c_1, s->path_c);
    for (size_t i = 0; i < s->lambda; i++) {
        double w = s->share[s->most + i];
        if (w < 0)
            w *= n / (squared_norm(s->n, s->z + i * s->n) + 1e-300);
        add_square(s, s->c_mu * w, s->y + i * s->n);
    }
}

/* 0, or 1 when C is no longer positive definite or too ill-conditioned. */
static int factorise(struct cma *s)
{
    size_t n = s->n;
    double low = INFINITY, high = 0;
    memcpy(s->factor, s->c, entries_of(s) * sizeof *s->c);
    for (size_t j = 0; j < n && s->separable; j++)
        s->factor[j] = sqrt(s->c[j]);
    if (!s->separable && portable_cholesky_factor(s->factor, n, n))
        return 1;
    for (size_t j = 0; j < n; j++) {
        double length = s->factor[diagonal(s, j)];
        if (!(length > 0))
            return 1;
        low = fmin(low, length);
        high = fmax(high, length);
    }
    s->factored = s->generation;
    return !(high < most_condition * low);
}

/* Scales C to the determinant 1, and sigma by what is taken from C. */
static void normalise(struct cma *s)
{
    double logarithm = 0;
    for (size_t j = 0; j < s->n; j++)
        logarithm += portable_log(s->factor[diagonal(s, j)]) / (double)s->n;
    for (size_t k = 0; k < entries_of(s); k++) {
        s->c[k] *= portable_exp(-2 * logarithm);
        s->factor[k] *= portable_exp(-logarithm);
    }
    s->sigma *= portable_exp(logarithm);
}

void cma_start_from(struct cma *s, const double *const *x, size_t count, double width)
{
    size_t n = s->n;
    double *mean = s->sum, *from = s->sum + n;
    memset(mean, 0, n * sizeof *mean);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < n; j++)
            mean[j] += x[i][j] / (double)count;
    cma_start(s, mean, width);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < n; j++)
            from[j] = (x[i][j] - mean[j]) / width;
        add_square(s, 1 / (double)count, from);
    }
    if (factorise(s))
        cma_start(s, mean, width);
    else
        normalise(s);
}

/* How many generations pass between two factorisations, so that their cost stays small. */
static uint64_t factor_period(const struct cma *s)
{
    double period = 0.1 / ((s->c_1 + s->c_mu) * (double)s->n);
    return period > 1 ? (uint64_t)period : 1;
}

static void read_steps(struct cma *s, const double *const *x)
{
    for (size_t i = 0; i < s->lambda; i++)
        step_of(s, x[i], s->y + i * s->n);
    memcpy(s->z, s->y, s->lambda * s->n * sizeof *s->z);
    whiten(s, s->z, s->lambda);
}

int cma_update(struct cma *s, const double *const *x, const double *loss)
{
    size_t n = s->n;
    double *y_mean = s->sum, *z_mean = s->sum + n;
    rank_share(s->lambda, s->weight, 0, loss, s->share);
    rank_share(s->lambda, s->weight, -INFINITY, loss, s->share + s->most);
    read_steps(s, x);
    add_up(s, s->y, y_mean);
    add_up(s, s->z, z_mean);
    for (size_t j = 0; j < n; j++)
        s->mean[j] += s->sigma * s->stretch[j] * y_mean[j];
    adapt_covariance(s, advance_paths(s, y_mean, z_mean));
    double length = sqrt(squared_norm(n, s->path_sigma));
    s->sigma *= portable_exp(fmin(1, s->c_sigma / s->d_sigma * (length / s->chi - 1)));
    s->generation++;
    int lost = s->generation >= s->factored + factor_period(s) && factorise(s);
    return lost || !isnormal(s->sigma);
}

void cma_widen(struct cma *s)
{
    s->sigma *= portable_exp(0.2 + s->c_sigma / s->d_sigma);
}
