#include "surrogate/parzen.h"

#include "core/elementary.h"
#include "core/fail.h"
#include "core/mem.h"
#include "numeric/special.h"

#include <math.h>
#include <string.h>

static const double log_sqrt_two_pi = 0.91893853320467274178;

int32_t parzen_init(struct parzen *p, const struct space *space, size_t capacity)
{
    *p = (struct parzen){.space = space, .d = space->size, .capacity = capacity};
    size_t columns = p->d * capacity;
    p->center = mem_new(columns + 1, 3 * sizeof *p->center);
    p->weight = mem_new(capacity + 1, 3 * sizeof *p->weight);
    p->order = mem_new(capacity + 1, 2 * sizeof *p->order);
    if (!p->center || !p->weight || !p->order)
        return fail_memory();
    p->inverse = p->center + columns;
    p->log_scale = p->inverse + columns;
    p->log_weight = p->weight + capacity + 1;
    p->terms = p->log_weight + capacity + 1;
    return 0;
}

void parzen_fini(struct parzen *p)
{
    mem_free(p->center);
    mem_free(p->weight);
    mem_free(p->order);
    *p = (struct parzen){0};
}

void parzen_clear(struct parzen *p)
{
    p->size = 0;
}

void parzen_add(struct parzen *p, const double *row, double weight)
{
    for (size_t j = 0; j < p->d; j++)
        p->center[j * p->capacity + p->size] = row[j];
    p->weight[p->size++] = weight;
}

/* -------------------------------------------------------------------- fitting */

/* The index of the one of n equal slices of [0, 1] that x lies in. */
static size_t slice_of(double x, size_t n)
{
    size_t i = (size_t)(x * (double)n);
    return i < n ? i : n - 1;
}

/* Writes the kernels in which the parameter is active to p->order, sorted by slices of the range; returns how many. */
static size_t sort_into_slices(struct parzen *p, const double *center)
{
    size_t *ends = p->order + p->capacity + 1, n = 0, slices = p->size;
    memset(ends, 0, (slices + 1) * sizeof *ends);
    for (size_t k = 0; k < p->size; k++)
        if (center[k] != ENCODED_INACTIVE)
            ends[slice_of(center[k], slices) + 1]++;
    for (size_t i = 1; i <= slices; i++)
        ends[i] += ends[i - 1];
    for (size_t k = 0; k < p->size; k++)
        if (center[k] != ENCODED_INACTIVE) {
            p->order[ends[slice_of(center[k], slices)]++] = k;
            n++;
        }
    return n;
}

/* The same, sorted by value: a bucket sort with as many slices as kernels, and an insertion sort
 * for what is left. */
static size_t sort_centers(struct parzen *p, const double *center)
{
    size_t n = sort_into_slices(p, center), *order = p->order;
    for (size_t i = 1; i < n; i++) {
        size_t moving = order[i], at = i;
        for (; at > 0 && center[order[at - 1]] > center[moving]; at--)
            order[at] = order[at - 1];
        order[at] = moving;
    }
    return n;
}

/* The mass of a normal kernel inside of [0, 1]; 1 far from both ends. */
static double mass_inside(double x, double sigma)
{
    return fmin(x, 1 - x) > 8 * sigma ? 1 : normal_interval(-x / sigma, (1 - x) / sigma);
}

static double least_deviation(const struct parameter *q, double least)
{
    return q->cells > 0 ? fmax(least, 0.5 / (double)q->cells) : least;
}

/* The distance to the farther neighbour; 1, the whole range, when there is no other kernel. */
static double gap_at(const struct parzen *p, const double *center, size_t at, size_t n)
{
    const size_t *order = p->order;
    double left = at > 0 ? center[order[at]] - center[order[at - 1]] : 0;
    double right = at + 1 < n ? center[order[at + 1]] - center[order[at]] : 0;
    return n == 1 ? 1 : fmax(left, right);
}

static void fit_number(struct parzen *p, size_t j, double least)
{
    size_t column = j * p->capacity;
    const double *center = p->center + column;
    size_t n = sort_centers(p, center);
    memset(p->inverse + column, 0, p->size * sizeof *p->inverse);
    memset(p->log_scale + column, 0, p->size * sizeof *p->log_scale);
    least = least_deviation(&p->space->parameters[j], least);
    for (size_t at = 0; at < n; at++) {
        size_t k = p->order[at];
        double sigma = fmin(fmax(gap_at(p, center, at, n), least), 1);
        p->inverse[column + k] = 1 / sigma;
        p->log_scale[column + k] = -portable_log(sigma * mass_inside(center[k], sigma)) - log_sqrt_two_pi;
    }
}

static void fit_weights(struct parzen *p, double prior)
{
    double sum = 0;
    p->weight[p->size] = prior;
    for (size_t k = 0; k <= p->size; k++)
        sum += p->weight[k];
    for (size_t k = 0; k <= p->size; k++) {
        p->weight[k] /= sum;
        p->log_weight[k] = portable_log(p->weight[k]);
    }
}

void parzen_fit(struct parzen *p, double prior, double least)
{
    fit_weights(p, prior);
    for (size_t j = 0; j < p->d; j++)
        if (p->space->parameters[j].kind != AFINA_KIND_CATEGORICAL)
            fit_number(p, j, least);
}

/* -------------------------------------------------------------------- drawing */

/* The weight of the prior in the kernels of a categorical parameter: c / (1 + c). */
static double share_of_prior(const struct parzen *p, const struct parameter *q)
{
    double c = (double)q->n_choices / (double)(p->size + 1);
    return c / (1 + c);
}

static double prior_of(const struct parameter *q, double choice)
{
    return q->weights ? q->weights[(size_t)choice] : 1 / (double)q->n_choices;
}

/* A choice of weight 0 may be enqueued by the host, but is never drawn. */
static double draw_category(const struct parzen *p, const struct parameter *q, double center, struct rng *rng)
{
    double u = rng_uniform(rng);
    if (center != ENCODED_INACTIVE && rng_uniform(rng) >= share_of_prior(p, q) && prior_of(q, center) > 0)
        return center;
    return (double)parameter_from_unit(q, u).integer;
}

/* Draws by rejection: at least a third of the mass of any kernel is inside of [0, 1]. */
static double draw_number(double center, double sigma, struct rng *rng)
{
    double x;
    do
        x = center + sigma * rng_normal(rng);
    while (!(x >= 0 && x <= 1));
    return x;
}

static size_t draw_kernel(const struct parzen *p, struct rng *rng)
{
    double u = rng_uniform(rng);
    size_t k = 0;
    for (; k < p->size && u > p->weight[k]; k++)
        u -= p->weight[k];
    return k;
}

static double draw_from(const struct parzen *p, size_t j, size_t k, struct rng *rng)
{
    const struct parameter *q = &p->space->parameters[j];
    double center = k < p->size ? p->center[j * p->capacity + k] : ENCODED_INACTIVE;
    if (q->kind == AFINA_KIND_CATEGORICAL)
        return draw_category(p, q, center, rng);
    return center == ENCODED_INACTIVE ? rng_uniform(rng)
                                      : draw_number(center, 1 / p->inverse[j * p->capacity + k], rng);
}

void parzen_draw(const struct parzen *p, struct rng *rng, double *row)
{
    size_t k = draw_kernel(p, rng);
    for (size_t j = 0; j < p->d; j++)
        row[j] = draw_from(p, j, k, rng);
}

double parzen_draw_one(const struct parzen *p, size_t j, struct rng *rng)
{
    return draw_from(p, j, draw_kernel(p, rng), rng);
}

/* -------------------------------------------------------------------- density */

static void add_number(const struct parzen *p, size_t j, double x)
{
    const double *center = p->center + j * p->capacity, *inverse = p->inverse + j * p->capacity;
    const double *log_scale = p->log_scale + j * p->capacity;
    double *restrict terms = p->terms;
    for (size_t k = 0; k < p->size; k++) {
        double z = (x - center[k]) * inverse[k];
        terms[k] += log_scale[k] - 0.5 * z * z;
    }
}

/* The prior of a choice of weight 0, which the host enqueued, is a tiny number instead of 0. */
static void add_category(const struct parzen *p, size_t j, double x)
{
    const struct parameter *q = &p->space->parameters[j];
    const double *center = p->center + j * p->capacity;
    double share = share_of_prior(p, q), prior = fmax(prior_of(q, x), 1e-300);
    double same = portable_log(share * prior + 1 - share), other = portable_log(share * prior),
           none = portable_log(prior);
    for (size_t k = 0; k < p->size; k++)
        p->terms[k] += center[k] == x ? same : center[k] == ENCODED_INACTIVE ? none : other;
    p->terms[p->size] += none;
}

static void add_parameter(const struct parzen *p, size_t j, double x)
{
    if (x == ENCODED_INACTIVE)
        return;
    if (p->space->parameters[j].kind == AFINA_KIND_CATEGORICAL)
        add_category(p, j, x);
    else
        add_number(p, j, x);
}

/* Terms below e^-37 of the greatest do not change the sum. */
static double log_sum(const double *terms, size_t n)
{
    double most = terms[0], sum = 0;
    for (size_t k = 1; k < n; k++)
        most = terms[k] > most ? terms[k] : most;
    for (size_t k = 0; k < n; k++)
        if (terms[k] > most - 37)
            sum += portable_exp(terms[k] - most);
    return most + portable_log(sum);
}

static void start_terms(const struct parzen *p)
{
    memcpy(p->terms, p->log_weight, (p->size + 1) * sizeof *p->terms);
}

double parzen_log_density(const struct parzen *p, const double *row)
{
    start_terms(p);
    for (size_t j = 0; j < p->d; j++)
        add_parameter(p, j, row[j]);
    return log_sum(p->terms, p->size + 1);
}

double parzen_log_density_one(const struct parzen *p, size_t j, double x)
{
    start_terms(p);
    add_parameter(p, j, x);
    return log_sum(p->terms, p->size + 1);
}
