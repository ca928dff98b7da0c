/* Maximises the acquisition function.
 *
 * 1. A pool of candidates (candidate_pool.c), spread and near the incumbents.
 * 2. Ten starts: the best three of the spread part, the best three of the local
 *    part, three drawn with p ~ exp(value), and the best point observed.
 * 3. A bounded quasi-Newton method improves the continuous coordinates of all starts in
 *    lock step, so that the process predicts them together. It works in coordinates divided
 *    by the length scales; integers of many values are relaxed and take part.
 * 4. For the best starts the discrete coordinates are tried: every value of those with few
 *    values, steps of 1, 2, 4, ... cells of the others. Then 3 follows again while something changes.
 *
 * Every candidate is decoded to a point of the space and encoded again, so that
 * values are compared where the objective can be evaluated. Check: on a process
 * with one observation the best candidate is far from it.
 */
#include "surrogate/acquisition_search.h"

#include "core/elementary.h"
#include "core/fail.h"
#include "core/mem.h"
#include "core/order.h"
#include "surrogate/gp_posterior.h"

#include <math.h>
#include <string.h>

enum {
    FEW_VALUES = 20,     /* a discrete parameter with more is relaxed when it can be */
    DISCRETE_STARTS = 4, /* starts whose discrete coordinates are searched */
    MOST_CYCLES = 4,
    MOST_VALUES = 32, /* values tried for one coordinate */
    CLIMB_EVALUATIONS = 40,
    EXTRA = 2 * SEARCH_STARTS + SEARCH_INCUMBENTS + DISCRETE_STARTS * MOST_VALUES
};

/* What the value of a point is computed from. */
struct criterion {
    const struct gaussian_process *gp;
    const struct feasibility *feasible; /* NULL: all points work */
    const struct acquisition *acquisition;
};

/* After ten evaluations a start that is so far below the best one is given up. */
static const double hopeless = 5;

static int has_children(const struct space *space, size_t parent)
{
    for (size_t i = 0; i < space->size; i++)
        for (size_t k = 0; k < space->parameters[i].n_conditions; k++)
            if (space->parameters[i].conditions[k].parent == parent)
                return 1;
    return 0;
}

/* Parameters under the same conditions are active together. */
static void find_blocks(struct acquisition_search *s)
{
    size_t blocks = 1;
    for (size_t j = 0; j < s->d; j++) {
        const struct parameter *p = s->space->parameters;
        size_t i = 0;
        while (i < j && !same_conditions(&p[i], &p[j]))
            i++;
        s->dimension[j].block = p[j].n_conditions == 0 ? 0 : i < j ? s->dimension[i].block : blocks++;
    }
}

static void classify(struct acquisition_search *s)
{
    find_blocks(s);
    for (size_t j = 0; j < s->d; j++) {
        const struct parameter *p = &s->space->parameters[j];
        int categorical = p->kind == AFINA_KIND_CATEGORICAL;
        s->dimension[j].kind = categorical ? DIMENSION_CATEGORICAL : DIMENSION_NUMERIC;
        int few = p->cells > 0 && p->cells <= FEW_VALUES;
        s->discrete[j] = categorical || few || (p->cells > 0 && (has_children(s->space, j) || p->weights));
        if (p->cells == 1)
            s->discrete[j] = 1;
        s->n_discrete += p->cells > 1;
        s->n_continuous += !s->discrete[j];
    }
}

static int32_t allocate(struct acquisition_search *s)
{
    size_t d = s->d, rows = s->pool.capacity;
    s->dimension = mem_new(d, sizeof *s->dimension);
    s->discrete = mem_new(d, 1);
    s->value = mem_new(rows, 3 * sizeof(double));
    s->ranked = mem_new(rows, sizeof *s->ranked);
    s->row = mem_new(d, 3 * sizeof(double));
    s->start = mem_new(d, (6 * SEARCH_STARTS + SEARCH_STARTS * MOST_VALUES) * sizeof(double));
    if (!s->dimension || !s->discrete || !s->value || !s->ranked || !s->row || !s->start)
        return fail_memory();
    s->mean = s->value + rows;
    s->variance = s->value + 2 * rows;
    s->low = s->row + d;
    s->high = s->row + 2 * d;
    s->by_mean = s->start + SEARCH_STARTS * d;
    s->by_variance = s->by_mean + SEARCH_STARTS * d;
    s->by_log_p = s->by_variance + SEARCH_STARTS * d;
    s->trial = s->by_log_p + SEARCH_STARTS * d;
    s->batch = s->trial + SEARCH_STARTS * d;
    int32_t rc = 0;
    for (size_t k = 0; !rc && k < SEARCH_STARTS; k++) {
        rc = bounded_new(&s->search[k], d);
        s->search[k].max_evaluations = CLIMB_EVALUATIONS;
        s->search[k].gradient_tolerance = 1e-3;
        s->search[k].value_tolerance = 1e-6;
        s->search[k].first_step = 0.1;
    }
    return rc;
}

int32_t acquisition_search_init(struct acquisition_search *s, struct space *space, size_t candidates)
{
    *s = (struct acquisition_search){.space = space, .d = space->size};
    int32_t rc = candidate_pool_init(&s->pool, space, candidates, EXTRA);
    if (rc)
        goto out;
    rc = allocate(s);
    if (rc)
        goto out;
    classify(s);
out:
    if (rc)
        acquisition_search_fini(s);
    return rc;
}

void acquisition_search_fini(struct acquisition_search *s)
{
    mem_free(s->dimension);
    mem_free(s->discrete);
    candidate_pool_fini(&s->pool);
    mem_free(s->value);
    mem_free(s->ranked);
    mem_free(s->row);
    mem_free(s->start);
    for (size_t k = 0; k < SEARCH_STARTS; k++)
        bounded_fini(&s->search[k]);
    *s = (struct acquisition_search){0};
}

/* Weighs the values of rows by the probability that they work. */
static void weigh(struct acquisition_search *s, const struct criterion *of, const double *rows, size_t n, double *value)
{
    double slope;
    feasibility_log(of->feasible, rows, n, s->mean, s->variance);
    for (size_t i = 0; i < n; i++)
        value[i] = acquisition_of_working(of->acquisition, value[i], s->mean[i], &slope, &slope);
}

/* Computes the values of n consecutive rows. */
static void evaluate(struct acquisition_search *s, const struct criterion *of, const double *rows, size_t n,
                     double *value)
{
    gp_predict(of->gp, rows, n, s->mean, s->variance);
    for (size_t i = 0; i < n; i++)
        value[i] = acquisition_value(of->acquisition, s->mean[i], s->variance[i], NULL, NULL);
    if (of->feasible)
        weigh(s, of, rows, n, value);
    for (size_t i = 0; i < n; i++)
        if (isnan(value[i]))
            value[i] = -INFINITY;
}

/* Computes values and gradients of rows of s->trial; the gradients go to rows of s->by_mean. */
static void evaluate_gradient(struct acquisition_search *s, const struct criterion *of, size_t n, double *value)
{
    double mean_slope, variance_slope;
    size_t d = s->d;
    gp_predict_gradient(of->gp, s->trial, n, s->mean, s->variance, s->by_mean, s->by_variance);
    for (size_t i = 0; i < n; i++) {
        value[i] = acquisition_value(of->acquisition, s->mean[i], s->variance[i], &mean_slope, &variance_slope);
        for (size_t j = i * d; j < (i + 1) * d; j++)
            s->by_mean[j] = mean_slope * s->by_mean[j] + variance_slope * s->by_variance[j];
    }
    if (!of->feasible)
        return;
    feasibility_log_gradient(of->feasible, s->trial, n, s->mean, s->variance, s->by_log_p, s->by_variance);
    for (size_t i = 0; i < n; i++) {
        double by_value, by_log_p;
        value[i] = acquisition_of_working(of->acquisition, value[i], s->mean[i], &by_value, &by_log_p);
        for (size_t j = i * d; j < (i + 1) * d; j++)
            s->by_mean[j] = by_value * s->by_mean[j] + by_log_p * s->by_log_p[j];
    }
}

/* ----------------------------------------------------------------- the starts */

static void take_start(struct acquisition_search *s, size_t *n, size_t row)
{
    memcpy(s->start + *n * s->d, s->pool.rows + row * s->d, s->d * sizeof(double));
    s->start_value[(*n)++] = s->value[row];
    s->ranked[row] = 1; /* during the choice of starts this marks rows that were taken */
}

static void take_best(struct acquisition_search *s, size_t *n, size_t first, size_t end, size_t how_many)
{
    while (how_many-- > 0) {
        size_t best = end;
        for (size_t i = first; i < end; i++)
            if (!s->ranked[i] && (best == end || s->value[i] > s->value[best]))
                best = i;
        if (best == end)
            return;
        take_start(s, n, best);
    }
}

/* Takes rows drawn with p ~ exp(value), by the Gumbel-max trick, which needs no sum that could
 * overflow. */
static void take_drawn(struct acquisition_search *s, size_t *n, size_t how_many, struct rng *rng)
{
    while (how_many-- > 0) {
        size_t chosen = s->pool.count;
        double most = -INFINITY;
        for (size_t i = 0; i < s->pool.count; i++) {
            double gumbel = s->value[i] - portable_log(-portable_log(rng_uniform(rng)));
            if (!s->ranked[i] && gumbel > most) {
                most = gumbel;
                chosen = i;
            }
        }
        if (chosen == s->pool.count)
            return;
        take_start(s, n, chosen);
    }
}

/* Chooses the starts. The rows of the pool are, in order: spread, local, exchanges, incumbents (from index
 * `incumbents` on). */
static size_t choose_starts(struct acquisition_search *s, size_t incumbents, struct rng *rng)
{
    size_t n = 0;
    memset(s->ranked, 0, s->pool.count * sizeof *s->ranked);
    if (incumbents < s->pool.count)
        take_start(s, &n, incumbents);
    take_best(s, &n, 0, s->pool.spread, 3);
    take_best(s, &n, s->pool.spread, s->pool.count, 3);
    take_drawn(s, &n, SEARCH_STARTS - n, rng);
    return n;
}

/* -------------------------------------------------------------- continuous part */

static void begin_climb(struct acquisition_search *s, const struct gaussian_process *gp, size_t k)
{
    const double *x = s->start + k * s->d;
    for (size_t j = 0; j < s->d; j++) {
        double scale = sqrt(gp->weight[j]);
        int fixed = s->discrete[j] || x[j] < 0;
        s->row[j] = x[j] * scale;
        s->low[j] = fixed ? s->row[j] : 0;
        s->high[j] = fixed ? s->row[j] : scale;
    }
    bounded_start(&s->search[k], s->row, s->low, s->high);
}

static void read_climb(const struct acquisition_search *s, const struct gaussian_process *gp, const double *z, size_t k,
                       double *x)
{
    for (size_t j = 0; j < s->d; j++) {
        int fixed = s->discrete[j] || s->start[k * s->d + j] < 0;
        x[j] = fixed ? s->start[k * s->d + j] : fmin(1, fmax(0, z[j] / sqrt(gp->weight[j])));
    }
}

/* Evaluates every start that still climbs once. Returns how many go on. */
static size_t climb_once(struct acquisition_search *s, const struct criterion *of, size_t n)
{
    size_t which[SEARCH_STARTS], m = 0, left = 0;
    double best = -INFINITY, value[SEARCH_STARTS];
    for (size_t k = 0; k < n; k++) {
        best = fmax(best, -s->search[k].value);
        if (s->running[k]) {
            read_climb(s, of->gp, s->search[k].trial, k, s->trial + m * s->d);
            which[m++] = k;
        }
    }
    evaluate_gradient(s, of, m, value);
    for (size_t i = 0; i < m; i++) {
        struct bounded *b = &s->search[which[i]];
        double *gradient = s->by_mean + i * s->d;
        for (size_t j = 0; j < s->d; j++)
            gradient[j] /= -sqrt(of->gp->weight[j]);
        int goes_on = bounded_advance(b, -value[i], gradient);
        if (b->evaluations >= 10 && -b->value < best - hopeless)
            goes_on = 0;
        s->running[which[i]] = (unsigned char)goes_on;
        left += (size_t)goes_on;
    }
    return left;
}

/* Replaces starts by better rows of the batch; row i belongs to start owner[i]. Returns how many
 * starts improved by more than rounding. */
static size_t take_better(struct acquisition_search *s, size_t n, const size_t *owner, size_t rows, const double *value)
{
    size_t better = 0;
    unsigned char changed[SEARCH_STARTS] = {0};
    for (size_t i = 0; i < rows; i++) {
        size_t k = owner[i];
        if (k >= n || !(value[i] > s->start_value[k]))
            continue;
        changed[k] |= value[i] > s->start_value[k] + 1e-9;
        s->start_value[k] = value[i];
        memcpy(s->start + k * s->d, s->batch + i * s->d, s->d * sizeof(double));
    }
    for (size_t k = 0; k < n; k++)
        better += changed[k];
    return better;
}

static size_t climb(struct acquisition_search *s, const struct criterion *of, size_t n)
{
    size_t owner[SEARCH_STARTS];
    double value[SEARCH_STARTS];
    for (size_t k = 0; k < n; k++) {
        begin_climb(s, of->gp, k);
        s->running[k] = 1;
    }
    while (climb_once(s, of, n) > 0)
        ;
    for (size_t k = 0; k < n; k++) {
        owner[k] = k;
        read_climb(s, of->gp, s->search[k].x, k, s->batch + k * s->d);
        candidate_settle(&s->pool, s->batch + k * s->d);
    }
    evaluate(s, of, s->batch, n, value);
    return take_better(s, n, owner, n, value);
}

/* ---------------------------------------------------------------- discrete part */

/* Adds to the batch the rows of start k with another value of parameter j. */
static size_t list_values(struct acquisition_search *s, size_t k, size_t j, size_t rows)
{
    const struct parameter *p = &s->space->parameters[j];
    const double *x = s->start + k * s->d;
    int categorical = p->kind == AFINA_KIND_CATEGORICAL;
    if (x[j] < 0 || p->cells < 2)
        return rows;
    size_t end = rows + MOST_VALUES;
    uint64_t here = categorical ? (uint64_t)x[j] : parameter_index_of(p, parameter_from_unit(p, x[j]));
    int all = p->cells <= FEW_VALUES;
    for (uint64_t t = 0; rows < end; t++) {
        uint64_t cell = t;
        if (all || categorical) {
            if (t >= p->cells)
                break;
        } else {
            uint64_t jump = (uint64_t)1 << (t / 2);
            if (t >= 24)
                break;
            if (t % 2 ? here < jump : p->cells - 1 - here < jump)
                continue;
            cell = t % 2 ? here - jump : here + jump;
        }
        if (cell == here || !candidate_value_allowed(p, cell))
            continue;
        double *row = s->batch + rows++ * s->d;
        memcpy(row, x, s->d * sizeof *row);
        row[j] = categorical ? (double)cell : parameter_to_unit(p, parameter_value_at(p, cell));
        candidate_settle(&s->pool, row);
    }
    return rows;
}

/* Tries other values of each discrete coordinate of the first n starts. Returns how many improved. */
static size_t exchange(struct acquisition_search *s, const struct criterion *of, size_t n)
{
    size_t owner[SEARCH_STARTS * MOST_VALUES], better = 0;
    double value[SEARCH_STARTS * MOST_VALUES];
    for (size_t j = 0; j < s->d; j++) {
        size_t rows = 0;
        if (s->space->parameters[j].cells < 2)
            continue;
        for (size_t k = 0; k < n; k++) {
            size_t before = rows;
            rows = list_values(s, k, j, rows);
            for (size_t i = before; i < rows; i++)
                owner[i] = k;
        }
        if (rows == 0)
            continue;
        evaluate(s, of, s->batch, rows, value);
        better += take_better(s, n, owner, rows, value);
    }
    return better;
}

/* --------------------------------------------------------------- the whole search */

/* Sorts the starts, best first, by insertion. */
static void sort_starts(struct acquisition_search *s, size_t n)
{
    for (size_t i = 1; i < n; i++)
        for (size_t k = i; k > 0 && s->start_value[k] > s->start_value[k - 1]; k--) {
            double *a = s->start + k * s->d, *b = a - s->d, v = s->start_value[k];
            memcpy(s->row, a, s->d * sizeof *a);
            memcpy(a, b, s->d * sizeof *a);
            memcpy(b, s->row, s->d * sizeof *a);
            s->start_value[k] = s->start_value[k - 1];
            s->start_value[k - 1] = v;
        }
}

static void refine(struct acquisition_search *s, const struct criterion *of, size_t n)
{
    for (int cycle = 0; cycle < MOST_CYCLES; cycle++) {
        if (s->n_continuous > 0)
            climb(s, of, n);
        sort_starts(s, n);
        if (s->n_discrete == 0)
            return;
        if (n > DISCRETE_STARTS)
            n = DISCRETE_STARTS;
        size_t better = exchange(s, of, n);
        sort_starts(s, n);
        if (better == 0 || s->n_continuous == 0)
            return;
    }
}

/* Ranks the rows of the pool, best first; of equal ones the later first, since the refined rows stand at the
 * end. */
static void rank_pool(struct acquisition_search *s)
{
    for (size_t i = 0; i < s->pool.count; i++)
        s->ranked[i] = i;
    order_by(s->value, s->ranked, s->pool.count);
    for (size_t i = 0; i < s->pool.count / 2; i++) {
        size_t worse = s->ranked[i];
        s->ranked[i] = s->ranked[s->pool.count - 1 - i];
        s->ranked[s->pool.count - 1 - i] = worse;
    }
}

/* Thompson sampling (W. R. Thompson 1933): the value of a candidate is that of a function drawn
 * from the posterior, negated. The function is drawn at as many candidates as are cheap to draw together. */
static int32_t draw_values(struct acquisition_search *s, const struct criterion *of, struct rng *rng)
{
    enum { DRAWN = 384 };
    size_t step = (s->pool.count + DRAWN - 1) / DRAWN, kept = 0;
    for (size_t i = 0; i < s->pool.count; i += step)
        memmove(s->pool.rows + kept++ * s->d, s->pool.rows + i * s->d, s->d * sizeof *s->pool.rows);
    s->pool.count = kept;
    int32_t rc = gp_draw(of->gp, of->gp->scale, s->pool.rows, kept, 1, rng_uint64(rng), s->value);
    if (rc)
        return rc;
    for (size_t i = 0; i < kept; i++)
        s->value[i] = -s->value[i];
    if (of->feasible)
        weigh(s, of, s->pool.rows, kept, s->value);
    return 0;
}

/* Evaluates the pool, improves the best of it, and adds what was found to it. */
static void climb_from_best(struct acquisition_search *s, const struct criterion *of, size_t first_incumbent,
                            struct rng *rng)
{
    evaluate(s, of, s->pool.rows, s->pool.count, s->value);
    size_t n = choose_starts(s, first_incumbent, rng);
    refine(s, of, n);
    for (size_t k = 0; k < n; k++) {
        s->value[s->pool.count] = s->start_value[k];
        memcpy(candidate_next(&s->pool), s->start + k * s->d, s->d * sizeof(double));
    }
}

int32_t acquisition_search_run(struct acquisition_search *s, const struct gaussian_process *gp,
                               const struct feasibility *feasible, const struct acquisition *acquisition,
                               const double *incumbents, size_t n_incumbents, struct rng *rng)
{
    struct acquisition a = *acquisition;
    struct criterion criterion = {gp, feasible, &a};
    size_t first = candidate_pool_fill(&s->pool, incumbents, n_incumbents, rng);
    if (a.kind == ACQUISITION_MES) {
        gp_predict(gp, s->pool.rows, s->pool.count, s->mean, s->variance);
        acquisition_draw_minima(&a, s->mean, s->variance, s->pool.count, rng);
    }
    if (a.kind == ACQUISITION_THOMPSON) {
        int32_t rc = draw_values(s, &criterion, rng);
        if (rc)
            return rc;
    } else {
        climb_from_best(s, &criterion, first, rng);
    }
    rank_pool(s);
    return 0;
}

const double *acquisition_search_candidate(const struct acquisition_search *s, size_t k)
{
    return s->pool.rows + s->ranked[k] * s->d;
}
