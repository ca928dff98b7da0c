#include "method/parts/categorical.h"

#include "core/elementary.h"
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

static void index_choices(struct categorical *c)
{
    size_t k = 0, choices = 0;
    for (size_t j = 0; j < c->space->size; j++) {
        const struct parameter *p = &c->space->parameters[j];
        if (!is_categorical(p)) {
            c->discrete += p->cells > 1;
            continue;
        }
        c->parameter[k] = j;
        c->offset[k] = choices;
        for (size_t i = 0; i < p->n_choices; i++)
            c->usable[k] += prior_of(p, i) > 0;
        c->discrete += c->usable[k] > 1;
        choices += p->n_choices;
        c->offset[++k] = choices;
    }
}

int32_t categorical_init(struct categorical *c, const struct space *space)
{
    size_t count = 0, choices = 0;
    for (size_t j = 0; j < space->size; j++)
        if (is_categorical(&space->parameters[j])) {
            count++;
            choices += space->parameters[j].n_choices;
        }
    *c = (struct categorical){.space = space, .count = count};
    c->parameter = mem_new(count + 1, 3 * sizeof *c->parameter);
    c->q = mem_new(choices, 4 * sizeof *c->q);
    if (!c->parameter || !c->q)
        return fail_memory();
    c->offset = c->parameter + count + 1;
    c->usable = c->offset + count + 1;
    c->g = c->q + choices;
    c->unit = c->g + choices;
    c->path = c->unit + choices;
    index_choices(c);
    categorical_start(c);
    return 0;
}

void categorical_fini(struct categorical *c)
{
    mem_free(c->parameter);
    mem_free(c->q);
    *c = (struct categorical){0};
}

void categorical_start(struct categorical *c)
{
    size_t choices = c->offset[c->count];
    for (size_t k = 0; k < c->count; k++)
        for (size_t i = c->offset[k]; i < c->offset[k + 1]; i++)
            c->q[i] = prior_of(&c->space->parameters[c->parameter[k]], i - c->offset[k]);
    memset(c->path, 0, choices * sizeof *c->path);
    c->gamma = 0;
    c->big_delta = 1;
}

/* By inversion; a choice of probability 0 is never drawn. */
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

void categorical_draw(const struct categorical *c, struct rng *rng, double *choice)
{
    for (size_t k = 0; k < c->count; k++)
        choice[k] = (double)draw_one(c->q + c->offset[k], c->offset[k + 1] - c->offset[k], rng_uniform(rng));
}

/* ------------------------------------------------------------------- learning */

static void find_gradient(struct categorical *c, const double *const *choice, const double *weight, size_t n)
{
    memset(c->g, 0, c->offset[c->count] * sizeof *c->g);
    for (size_t k = 0; k < c->count; k++) {
        size_t first = c->offset[k], end = c->offset[k + 1];
        double sum = 0;
        for (size_t i = 0; i < n; i++) {
            size_t at = first + (choice[i][k] >= 0 ? (size_t)choice[i][k] : 0);
            if (choice[i][k] < 0 || c->q[at] <= 0)
                continue;
            c->g[at] += weight[i];
            sum += weight[i];
        }
        for (size_t i = first; i < end; i++)
            c->g[i] -= sum * c->q[i];
    }
}

/* unit := F^(1/2) g over its length, which is returned. On the simplex F is
 * diag(1 / q), so g_i / sqrt(q_i) are coordinates in which lengths are Fisher's. */
static double find_unit(struct categorical *c)
{
    size_t choices = c->offset[c->count];
    double squares = 0;
    for (size_t i = 0; i < choices; i++) {
        c->unit[i] = c->q[i] > 0 ? c->g[i] / sqrt(c->q[i]) : 0;
        squares += c->unit[i] * c->unit[i];
    }
    double length = sqrt(squares);
    for (size_t i = 0; i < choices && length > 0; i++)
        c->unit[i] /= length;
    return length;
}

static double delta_of(const struct categorical *c)
{
    return sqrt((double)c->count) / c->big_delta;
}

/* How many free parameters the density has: K - 1 for each parameter of K choices. */
static double freedom(const struct categorical *c)
{
    double sum = 0;
    for (size_t k = 0; k < c->count; k++)
        sum += (double)c->usable[k] - 1;
    return sum;
}

static void adapt_delta(struct categorical *c)
{
    double beta = fmin(delta_of(c) / sqrt(freedom(c)), 1), squares = 0;
    for (size_t i = 0; i < c->offset[c->count]; i++) {
        c->path[i] = (1 - beta) * c->path[i] + sqrt(beta * (2 - beta)) * c->unit[i];
        squares += c->path[i] * c->path[i];
    }
    c->gamma = (1 - beta) * (1 - beta) * c->gamma + beta * (2 - beta);
    c->big_delta *= portable_exp(beta * (c->gamma - squares / threshold));
}

/* Lifts the probabilities to the margin and takes that from the others in proportion to what
 * they have above it. */
static void keep_margin(struct categorical *c, size_t k)
{
    size_t first = c->offset[k], end = c->offset[k + 1];
    const struct parameter *p = &c->space->parameters[c->parameter[k]];
    double least = cell_margin(c->discrete) / (double)(c->usable[k] - 1), sum = 0, above = 0;
    least = fmin(least, 1 / (double)c->usable[k]);
    for (size_t i = first; i < end; i++) {
        c->q[i] = prior_of(p, i - first) > 0 ? fmax(c->q[i], least) : 0;
        sum += c->q[i];
    }
    above = sum - least * (double)c->usable[k];
    for (size_t i = first; i < end && above > 0; i++)
        if (c->q[i] > 0)
            c->q[i] += (1 - sum) * (c->q[i] - least) / above;
}

void categorical_update(struct categorical *c, const double *const *choice, const double *weight, size_t n)
{
    find_gradient(c, choice, weight, n);
    double length = find_unit(c);
    if (!(length > 1e-12))
        return;
    double step = delta_of(c) / length;
    for (size_t i = 0; i < c->offset[c->count]; i++)
        c->q[i] += step * c->g[i];
    adapt_delta(c);
    for (size_t k = 0; k < c->count; k++)
        if (c->usable[k] > 1)
            keep_margin(c, k);
}
