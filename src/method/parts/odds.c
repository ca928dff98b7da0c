#include "method/parts/odds.h"

#include "core/fail.h"
#include "core/mem.h"
#include "method/parts/cells.h"

#include <math.h>
#include <string.h>

/* ||path||^2 that successive directions without agreement have. */
static const double threshold = 1.5;

static int is_categorical(const struct parameter *p)
{
    return p->kind == AFINA_KIND_CATEGORICAL;
}

static double prior_of(const struct parameter *p, size_t k)
{
    return p->weights ? p->weights[k] : 1 / (double)p->n_choices;
}

static void index_choices(struct odds *o)
{
    size_t k = 0, choices = 0;
    for (size_t j = 0; j < o->space->size; j++) {
        const struct parameter *p = &o->space->parameters[j];
        if (!is_categorical(p)) {
            o->discrete += p->cells > 1;
            continue;
        }
        o->parameter[k] = j;
        o->offset[k] = choices;
        for (size_t i = 0; i < p->n_choices; i++)
            o->usable[k] += prior_of(p, i) > 0;
        o->discrete += o->usable[k] > 1;
        choices += p->n_choices;
        o->offset[++k] = choices;
    }
}

int32_t odds_init(struct odds *o, const struct space *space)
{
    size_t count = 0, choices = 0;
    for (size_t j = 0; j < space->size; j++)
        if (is_categorical(&space->parameters[j])) {
            count++;
            choices += space->parameters[j].n_choices;
        }
    *o = (struct odds){.space = space, .count = count};
    o->parameter = mem_new(count + 1, 3 * sizeof *o->parameter);
    o->q = mem_new(choices, 4 * sizeof *o->q);
    if (!o->parameter || !o->q)
        return fail_memory();
    o->offset = o->parameter + count + 1;
    o->usable = o->offset + count + 1;
    o->g = o->q + choices;
    o->unit = o->g + choices;
    o->path = o->unit + choices;
    index_choices(o);
    odds_start(o);
    return 0;
}

void odds_fini(struct odds *o)
{
    mem_free(o->parameter);
    mem_free(o->q);
    *o = (struct odds){0};
}

void odds_start(struct odds *o)
{
    size_t choices = o->offset[o->count];
    for (size_t k = 0; k < o->count; k++)
        for (size_t i = o->offset[k]; i < o->offset[k + 1]; i++)
            o->q[i] = prior_of(&o->space->parameters[o->parameter[k]], i - o->offset[k]);
    memset(o->path, 0, choices * sizeof *o->path);
    o->gamma = 0;
    o->big_delta = 1;
}

/* By inversion; a choice without odds is never drawn. */
static size_t draw_one(const double *q, size_t n, double u)
{
    size_t last = 0;
    for (size_t i = 0; i < n; i++) {
        if (q[i] <= 0)
            continue;
        last = i;
        u -= q[i];
        if (u < 0)
            break;
    }
    return last;
}

void odds_draw(const struct odds *o, struct rng *rng, double *choice)
{
    for (size_t k = 0; k < o->count; k++)
        choice[k] = (double)draw_one(o->q + o->offset[k], o->offset[k + 1] - o->offset[k], rng_uniform(rng));
}

/* ------------------------------------------------------------------- learning */

static void find_gradient(struct odds *o, const double *const *choice, const double *weight, size_t n)
{
    memset(o->g, 0, o->offset[o->count] * sizeof *o->g);
    for (size_t k = 0; k < o->count; k++) {
        size_t first = o->offset[k], end = o->offset[k + 1];
        double sum = 0;
        for (size_t i = 0; i < n; i++) {
            size_t at = first + (choice[i][k] >= 0 ? (size_t)choice[i][k] : 0);
            if (choice[i][k] < 0 || o->q[at] <= 0)
                continue;
            o->g[at] += weight[i];
            sum += weight[i];
        }
        for (size_t i = first; i < end; i++)
            o->g[i] -= sum * o->q[i];
    }
}

/* unit := F^(1/2) g over its length, which is returned. On the simplex F is
 * diag(1 / q), so g_i / sqrt(q_i) are coordinates in which lengths are Fisher's. */
static double find_unit(struct odds *o)
{
    size_t choices = o->offset[o->count];
    double squares = 0;
    for (size_t i = 0; i < choices; i++) {
        o->unit[i] = o->q[i] > 0 ? o->g[i] / sqrt(o->q[i]) : 0;
        squares += o->unit[i] * o->unit[i];
    }
    double length = sqrt(squares);
    for (size_t i = 0; i < choices && length > 0; i++)
        o->unit[i] /= length;
    return length;
}

static double delta_of(const struct odds *o)
{
    return sqrt((double)o->count) / o->big_delta;
}

/* The parameters of the density: K - 1 for each K choices. */
static double freedom(const struct odds *o)
{
    double sum = 0;
    for (size_t k = 0; k < o->count; k++)
        sum += (double)o->usable[k] - 1;
    return sum;
}

static void adapt_delta(struct odds *o)
{
    double beta = fmin(delta_of(o) / sqrt(freedom(o)), 1), squares = 0;
    for (size_t i = 0; i < o->offset[o->count]; i++) {
        o->path[i] = (1 - beta) * o->path[i] + sqrt(beta * (2 - beta)) * o->unit[i];
        squares += o->path[i] * o->path[i];
    }
    o->gamma = (1 - beta) * (1 - beta) * o->gamma + beta * (2 - beta);
    o->big_delta *= exp(beta * (o->gamma - squares / threshold));
}

/* Lifts the odds to the margin and takes that from the others in proportion to what
 * they have above it. */
static void keep_margin(struct odds *o, size_t k)
{
    size_t first = o->offset[k], end = o->offset[k + 1];
    const struct parameter *p = &o->space->parameters[o->parameter[k]];
    double least = cell_margin(o->discrete) / (double)(o->usable[k] - 1), sum = 0, above = 0;
    least = fmin(least, 1 / (double)o->usable[k]);
    for (size_t i = first; i < end; i++) {
        o->q[i] = prior_of(p, i - first) > 0 ? fmax(o->q[i], least) : 0;
        sum += o->q[i];
    }
    above = sum - least * (double)o->usable[k];
    for (size_t i = first; i < end && above > 0; i++)
        if (o->q[i] > 0)
            o->q[i] += (1 - sum) * (o->q[i] - least) / above;
}

void odds_update(struct odds *o, const double *const *choice, const double *weight, size_t n)
{
    find_gradient(o, choice, weight, n);
    double length = find_unit(o);
    if (!(length > 1e-12))
        return;
    double step = delta_of(o) / length;
    for (size_t i = 0; i < o->offset[o->count]; i++)
        o->q[i] += step * o->g[i];
    adapt_delta(o);
    for (size_t k = 0; k < o->count; k++)
        if (o->usable[k] > 1)
            keep_margin(o, k);
}
