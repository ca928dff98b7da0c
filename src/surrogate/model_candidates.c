#include "surrogate/model_candidates.h"

#include "core/elementary.h"
#include "core/fail.h"
#include "core/mem.h"
#include "core/order.h"

#include <math.h>
#include <string.h>

static size_t count_results(const struct surrogate *surrogate)
{
    const struct surrogate_functions *f = surrogate->functions;
    return f->held && f->result ? f->held(surrogate->model) : 0;
}

int32_t model_candidates_init(struct model_candidates *c, const struct surrogate *surrogate, struct space *space,
                              size_t more, uint64_t seed)
{
    size_t capacity = more + count_results(surrogate);
    *c = (struct model_candidates){.surrogate = surrogate, .space = space, .capacity = capacity};
    rng_start(&c->rng, seed, UINT64_MAX, RNG_MODEL); /* draws of functions have the streams of the small numbers */
    c->points = mem_new(capacity, sizeof(struct point *));
    c->x = mem_new(capacity, (space->size + 1) * sizeof *c->x);
    c->u = mem_new(space->size, sizeof *c->u);
    return c->points && c->x && c->u ? point_new(&c->point, space) : fail_memory();
}

void model_candidates_fini(struct model_candidates *c)
{
    point_set_fini(&c->set);
    for (size_t i = 0; c->points && i < c->capacity; i++)
        point_free(c->points[i]);
    mem_free(c->points);
    mem_free(c->x);
    mem_free(c->u);
    point_free(c->point);
    *c = (struct model_candidates){0};
}

/* c->point becomes a candidate if it may. */
static int32_t add(struct model_candidates *c)
{
    if (c->count == c->capacity || point_set_contains(&c->set, c->point) || !space_is_suggestible(c->space, c->point))
        return 0;
    int32_t allowed = space_allows(c->space, c->point);
    if (allowed <= 0)
        return allowed;
    int32_t rc = point_copy(&c->points[c->count], c->point);
    if (!rc)
        rc = point_set_add(&c->set, c->points[c->count]);
    if (rc)
        return rc;
    space_encode(c->space, c->point, c->x + c->count * c->space->size);
    c->count++;
    return 0;
}

int32_t model_candidates_spread(struct model_candidates *c, size_t n)
{
    int32_t rc = 0;
    for (size_t i = 0; i < n && !rc; i++) {
        for (size_t j = 0; j < c->space->size; j++)
            c->u[j] = rng_uniform(&c->rng);
        space_from_unit(c->space, c->u, c->point);
        rc = add(c);
    }
    return rc;
}

int32_t model_candidates_add_results(struct model_candidates *c)
{
    size_t n = count_results(c->surrogate);
    int32_t rc = 0;
    for (size_t i = 0; i < n && !rc; i++) {
        struct surrogate_result result;
        c->surrogate->functions->result(c->surrogate->model, i, &result);
        if (!isfinite(result.loss))
            continue;
        space_decode(c->space, result.x, c->point);
        rc = add(c);
    }
    return rc;
}

static double length_scale(const struct model_candidates *c, size_t j)
{
    const struct surrogate_functions *f = c->surrogate->functions;
    return f->length_scale ? f->length_scale(c->surrogate->model, j) : 1;
}

/* Into [0, 1] by reflection; |step| < 1. */
static double reflect(double u)
{
    return u < 0 ? -u : u > 1 ? 2 - u : u;
}

/* The u of a parameter a step of that width from v. Two choices are 1 apart: one changes with probability `width`. */
static double step_one(struct model_candidates *c, const struct parameter *p, union value v, double width)
{
    double u = rng_uniform(&c->rng), from = parameter_to_unit(p, v);
    if (width >= 1)
        return u;
    if (p->kind == AFINA_KIND_CATEGORICAL)
        return rng_uniform(&c->rng) < width ? u : from;
    return reflect(from + width * (2 * u - 1));
}

static void step(struct model_candidates *c, const struct point *from, double multiple)
{
    int redraws = rng_uniform(&c->rng) < 0.5;
    for (size_t j = 0; j < c->space->size; j++) {
        double scale = length_scale(c, j);
        int is_anew = !from->active[j] || (redraws && 2 * rng_uniform(&c->rng) < scale);
        c->u[j] =
            is_anew ? rng_uniform(&c->rng) : step_one(c, &c->space->parameters[j], from->value[j], multiple * scale);
    }
    space_from_unit(c->space, c->u, c->point);
}

int32_t model_candidates_step(struct model_candidates *c, size_t candidate, double low, double high, size_t n)
{
    const struct point *from = c->points[candidate];
    int32_t rc = 0;
    for (size_t i = 0; i < n && !rc; i++) {
        step(c, from, low * portable_pow(high / low, rng_uniform(&c->rng)));
        rc = add(c);
    }
    return rc;
}

static double quantile(const struct model_candidates *c, size_t i, double p)
{
    return c->surrogate->functions->quantile(c->surrogate->model, c->x + i * c->space->size, p);
}

size_t model_candidates_least(const struct model_candidates *c, double p)
{
    double least = INFINITY;
    size_t best = 0;
    for (size_t i = 0; i < c->count; i++) {
        double q = quantile(c, i, p);
        if (q < least) {
            least = q;
            best = i;
        }
    }
    return best;
}

/* Candidate `from`, which is not before `to`, becomes candidate `to`. The set is not used afterwards. */
static void move(struct model_candidates *c, size_t from, size_t to)
{
    size_t d = c->space->size;
    struct point *point = c->points[to];
    c->points[to] = c->points[from];
    c->points[from] = point;
    memmove(c->x + to * d, c->x + from * d, d * sizeof *c->x);
}

int32_t model_candidates_keep(struct model_candidates *c, double p, size_t most)
{
    if (c->count <= most)
        return 0;
    double *key = mem_new(c->count, sizeof *key);
    size_t *order = mem_new(c->count, sizeof *order), kept = 0;
    int32_t rc = key && order ? 0 : fail_memory();
    if (!rc) {
        for (size_t i = 0; i < c->count; i++) {
            key[i] = quantile(c, i, p);
            order[i] = i;
        }
        key[model_candidates_least(c, 0.5)] = -INFINITY;
        order_by(key, order, c->count);
        for (size_t i = 0; i < most; i++)
            key[order[i]] = NAN;
        for (size_t i = 0; i < c->count; i++)
            if (isnan(key[i]))
                move(c, i, kept++);
        c->count = kept;
    }
    mem_free(key);
    mem_free(order);
    return rc;
}

int32_t model_candidates_check(const struct model_candidates *c)
{
    return c->count > 0 ? 0
                        : fail(AFINA_E_NO_POINT, "the filter refused every point at which the model was to be asked");
}
