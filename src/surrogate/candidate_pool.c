/* A pool of candidates: a Sobol sequence shifted at random, moves of a random subset of the
 * coordinates of the incumbents by 0.2, 0.05 or 0.01 (R. G. Regis and C. A. Shoemaker, Engineering
 * Optimization 45, 2013; "RAASP"), and other categories of the best. */
#include "surrogate/candidate_pool.h"

#include "core/fail.h"
#include "core/mem.h"

#include <math.h>
#include <string.h>

enum {
    EXCHANGES = 64,  /* candidates that differ from the best in one category */
    MOST_VALUES = 32 /* of one parameter that are tried */
};

int32_t candidate_pool_init(struct candidate_pool *c, struct space *space, size_t candidates, size_t extra)
{
    size_t d = space->size;
    *c = (struct candidate_pool){.space = space, .d = d};
    /* Beyond some thousand parameters a full pool would take too much memory. */
    size_t most = ((size_t)1 << 22) / (d + 1);
    if (candidates > most)
        candidates = most;
    c->spread = candidates / 2 > 16 ? candidates / 2 : 16;
    c->local = candidates > c->spread + 16 ? candidates - c->spread : 16;
    c->capacity = c->spread + c->local + EXCHANGES + extra;
    c->rows = mem_new(c->capacity, d * sizeof(double));
    c->shift = mem_new(d, 2 * sizeof(double));
    int32_t rc = c->rows && c->shift ? point_new(&c->point, space) : fail_memory();
    if (rc)
        goto out;
    c->row = c->shift + d;
    rc = sobol_init(&c->sobol, d, 0);
out:
    if (rc)
        candidate_pool_fini(c);
    return rc;
}

void candidate_pool_fini(struct candidate_pool *c)
{
    mem_free(c->rows);
    mem_free(c->shift);
    point_free(c->point);
    sobol_fini(&c->sobol);
    *c = (struct candidate_pool){0};
}

void candidate_settle(struct candidate_pool *c, double *x)
{
    space_decode(c->space, x, c->point);
    space_encode(c->space, c->point, x);
}

double *candidate_next(struct candidate_pool *c)
{
    return c->rows + c->count++ * c->d;
}

static void add_spread(struct candidate_pool *c, struct rng *rng)
{
    for (size_t j = 0; j < c->d; j++)
        c->shift[j] = rng_uniform(rng);
    for (size_t i = 0; i < c->spread; i++) {
        sobol_point(&c->sobol, i, c->row);
        for (size_t j = 0; j < c->d; j++) {
            double u = c->row[j] + c->shift[j];
            c->row[j] = u < 1 ? u : u - 1;
        }
        space_from_unit(c->space, c->row, c->point);
        space_encode(c->space, c->point, candidate_next(c));
    }
}

int candidate_value_allowed(const struct parameter *p, uint64_t k)
{
    return !p->weights || p->weights[k] > 0;
}

/* Draws a category of positive weight other than the present one, uniformly; returns the present one when
 * such categories are rare. */
static double draw_category(const struct parameter *p, double present, struct rng *rng)
{
    for (int tries = 0; tries < 8; tries++) {
        uint64_t k = rng_below(rng, p->n_choices);
        if ((double)k != present && candidate_value_allowed(p, k))
            return (double)k;
    }
    return present;
}

static double reflect(double u)
{
    double folded = fmod(fabs(u), 2);
    return folded > 1 ? 2 - folded : folded;
}

/* Moves a numeric coordinate by about `width`, and at least to the next value. */
static double move_coordinate(const struct parameter *p, double u, double width, struct rng *rng)
{
    double step = width * rng_normal(rng);
    if (p->weights)
        return parameter_to_unit(p, parameter_from_unit(p, rng_uniform(rng)));
    if (p->cells > 1 && fabs(step) * (double)p->cells < 1)
        step = copysign(1 / (double)p->cells, step);
    return reflect(u + step);
}

static void perturb(struct candidate_pool *c, const double *from, double *to, struct rng *rng)
{
    static const double widths[] = {0.2, 0.05, 0.01};
    double width = widths[rng_below(rng, 3)], d = (double)c->d;
    double share = rng_below(rng, 2) ? fmin(1, 20 / d) : fmax(0.25, 1 / d), category = fmin(share, 1.5 / d);
    size_t certain = (size_t)rng_below(rng, c->d);
    for (size_t j = 0; j < c->d; j++) {
        const struct parameter *p = &c->space->parameters[j];
        int categorical = p->kind == AFINA_KIND_CATEGORICAL;
        int chosen = rng_uniform(rng) < (categorical ? category : share) || j == certain;
        to[j] = from[j];
        if (!chosen || p->cells == 1 || !(from[j] >= 0))
            continue;
        to[j] = categorical ? draw_category(p, from[j], rng) : move_coordinate(p, from[j], width, rng);
    }
    candidate_settle(c, to);
}

static void add_local(struct candidate_pool *c, const double *incumbents, size_t n, struct rng *rng)
{
    for (size_t i = 0; n > 0 && c->d > 0 && i < c->local; i++) {
        /* Two thirds around the best, the rest around the next ones. */
        size_t which = i % 3 < 2 || n == 1 ? 0 : 1 + i / 3 % (n - 1);
        perturb(c, incumbents + which * c->d, candidate_next(c), rng);
    }
}

static void add_exchanges(struct candidate_pool *c, const double *best)
{
    size_t end = c->count + EXCHANGES;
    for (size_t j = 0; j < c->d; j++) {
        const struct parameter *p = &c->space->parameters[j];
        if (p->kind != AFINA_KIND_CATEGORICAL || best[j] < 0)
            continue;
        for (size_t k = 0; k < p->n_choices && k < MOST_VALUES && c->count < end; k++) {
            if ((double)k == best[j] || !candidate_value_allowed(p, k))
                continue;
            double *row = candidate_next(c);
            memcpy(row, best, c->d * sizeof *row);
            row[j] = (double)k;
            candidate_settle(c, row);
        }
    }
}

size_t candidate_pool_fill(struct candidate_pool *c, const double *incumbents, size_t n, struct rng *rng)
{
    c->count = 0;
    add_spread(c, rng);
    add_local(c, incumbents, n, rng);
    if (n > 0)
        add_exchanges(c, incumbents);
    size_t first = c->count;
    for (size_t i = 0; i < n; i++)
        memcpy(candidate_next(c), incumbents + i * c->d, c->d * sizeof(double));
    return first;
}
