/* The maximiser of the acquisition function.
 *
 * 1. A pool: a Sobol sequence shifted at random, moves of a random subset of
 *    the coordinates of the incumbents by 0.2, 0.05 or 0.01 (R. G. Regis and C. A.
 *    Shoemaker, Engineering Optimization 45, 2013; "RAASP"), and other categories of
 *    the best.
 * 2. Ten starts: the best three of the spread part, the best three of the local
 *    part, three drawn with p ~ exp(value), and the best point observed.
 * 3. Continuous coordinates climb by a bounded quasi-Newton method, all starts in
 *    lock step so that the process predicts them together, in coordinates divided
 *    by the length scales; wide integers climb along, relaxed.
 * 4. Discrete coordinates, of the best starts: every value of those with few, steps
 *    of 1, 2, 4, ... cells of the others; then 3 again while something changes.
 *
 * Every candidate is decoded to a point of the space and encoded again, so that
 * values are compared where the objective can be evaluated. Check: on a process
 * with one observation the best candidate is far from it.
 */
#include "surrogate/acquisition_search.h"

#include "core/fail.h"
#include "core/mem.h"
#include "core/order.h"
#include "surrogate/gp_posterior.h"

#include <math.h>
#include <string.h>

enum {
    FEW_VALUES = 20,     /* a discrete parameter with more is relaxed when it can be */
    EXCHANGES = 64,      /* candidates that differ from the best in one category */
    DISCRETE_STARTS = 4, /* starts whose discrete coordinates are searched */
    MOST_CYCLES = 4,
    MOST_VALUES = 32, /* values tried for one coordinate */
    CLIMB_EVALUATIONS = 40,
    EXTRA = EXCHANGES + 2 * SEARCH_STARTS + SEARCH_INCUMBENTS
};

/* What makes a point promise something. */
struct promise {
    const struct gaussian_process *gp;
    const struct feasibility *feasible; /* NULL: all points work */
    const struct acquisition *acquisition;
};

static const double hopeless = 5; /* below the best start, after ten evaluations */

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
        int categorical = p->kind == AFINA_CATEGORICAL;
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
    size_t d = s->d, rows = s->capacity;
    s->dimension = mem_new(d, sizeof *s->dimension);
    s->discrete = mem_new(d, 1);
    s->pool = mem_new(rows, d * sizeof(double));
    s->value = mem_new(rows, 3 * sizeof(double));
    s->ranked = mem_new(rows, sizeof *s->ranked);
    s->shift = mem_new(d, 4 * sizeof(double));
    s->start = mem_new(d, (6 * SEARCH_STARTS + SEARCH_STARTS * MOST_VALUES) * sizeof(double));
    if (!s->dimension || !s->discrete || !s->pool || !s->value || !s->ranked || !s->shift || !s->start)
        return fail_memory();
    s->mean = s->value + rows;
    s->variance = s->value + 2 * rows;
    s->row = s->shift + d;
    s->low = s->shift + 2 * d;
    s->high = s->shift + 3 * d;
    s->by_mean = s->start + SEARCH_STARTS * d;
    s->by_variance = s->by_mean + SEARCH_STARTS * d;
    s->by_log_p = s->by_variance + SEARCH_STARTS * d;
    s->trial = s->by_log_p + SEARCH_STARTS * d;
    s->batch = s->trial + SEARCH_STARTS * d;
    int32_t rc = point_new(&s->point, s->space);
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
    /* Beyond some thousand parameters a full pool would take too much memory. */
    size_t most = ((size_t)1 << 22) / (s->d + 1);
    if (candidates > most)
        candidates = most;
    s->spread = candidates / 2 > 16 ? candidates / 2 : 16;
    s->local = candidates > s->spread + 16 ? candidates - s->spread : 16;
    s->capacity = s->spread + s->local + EXTRA + DISCRETE_STARTS * MOST_VALUES;
    int32_t rc = allocate(s);
    if (!rc)
        rc = sobol_init(&s->sobol, s->d, 0);
    if (rc)
        acquisition_search_fini(s);
    else
        classify(s);
    return rc;
}

void acquisition_search_fini(struct acquisition_search *s)
{
    mem_free(s->dimension);
    mem_free(s->discrete);
    mem_free(s->pool);
    mem_free(s->value);
    mem_free(s->ranked);
    mem_free(s->shift);
    mem_free(s->start);
    point_free(s->point);
    sobol_fini(&s->sobol);
    for (size_t k = 0; k < SEARCH_STARTS; k++)
        bounded_fini(&s->search[k]);
    *s = (struct acquisition_search){0};
}

/* A row becomes the encoding of the nearest point of the space. */
static void settle(struct acquisition_search *s, double *x)
{
    space_decode(s->space, x, s->point);
    space_encode(s->space, s->point, x);
}

static double *next_row(struct acquisition_search *s)
{
    return s->pool + s->count++ * s->d;
}

static void add_spread(struct acquisition_search *s, struct rng *rng)
{
    for (size_t j = 0; j < s->d; j++)
        s->shift[j] = rng_uniform(rng);
    for (size_t i = 0; i < s->spread; i++) {
        sobol_point(&s->sobol, i, s->row);
        for (size_t j = 0; j < s->d; j++) {
            double u = s->row[j] + s->shift[j];
            s->row[j] = u < 1 ? u : u - 1;
        }
        space_from_unit(s->space, s->row, s->point);
        space_encode(s->space, s->point, next_row(s));
    }
}

static int value_allowed(const struct parameter *p, uint64_t k)
{
    return !p->weights || p->weights[k] > 0;
}

/* A category of positive weight, uniformly; the present one when others are rare. */
static double draw_category(const struct parameter *p, double present, struct rng *rng)
{
    for (int tries = 0; tries < 8; tries++) {
        uint64_t k = rng_below(rng, p->n_choices);
        if ((double)k != present && value_allowed(p, k))
            return (double)k;
    }
    return present;
}

static double reflect(double u)
{
    double folded = fmod(fabs(u), 2);
    return folded > 1 ? 2 - folded : folded;
}

/* A numeric coordinate moves by `width`, and at least to the next value. */
static double move_coordinate(const struct parameter *p, double u, double width, struct rng *rng)
{
    double step = width * rng_normal(rng);
    if (p->weights)
        return parameter_to_unit(p, parameter_from_unit(p, rng_uniform(rng)));
    if (p->cells > 1 && fabs(step) * (double)p->cells < 1)
        step = copysign(1 / (double)p->cells, step);
    return reflect(u + step);
}

static void perturb(struct acquisition_search *s, const double *from, double *to, struct rng *rng)
{
    static const double widths[] = {0.2, 0.05, 0.01};
    double width = widths[rng_below(rng, 3)], d = (double)s->d;
    double share = rng_below(rng, 2) ? fmin(1, 20 / d) : fmax(0.25, 1 / d), category = fmin(share, 1.5 / d);
    size_t certain = (size_t)rng_below(rng, s->d);
    for (size_t j = 0; j < s->d; j++) {
        const struct parameter *p = &s->space->parameters[j];
        int categorical = p->kind == AFINA_CATEGORICAL;
        int chosen = rng_uniform(rng) < (categorical ? category : share) || j == certain;
        to[j] = from[j];
        if (!chosen || p->cells == 1 || !(from[j] >= 0))
            continue;
        to[j] = categorical ? draw_category(p, from[j], rng) : move_coordinate(p, from[j], width, rng);
    }
    settle(s, to);
}

static void add_local(struct acquisition_search *s, const double *incumbents, size_t n, struct rng *rng)
{
    for (size_t i = 0; n > 0 && s->d > 0 && i < s->local; i++) {
        /* Two thirds around the best, the rest around the next ones. */
        size_t which = i % 3 < 2 || n == 1 ? 0 : 1 + i / 3 % (n - 1);
        perturb(s, incumbents + which * s->d, next_row(s), rng);
    }
}

static void add_exchanges(struct acquisition_search *s, const double *best)
{
    size_t end = s->count + EXCHANGES;
    for (size_t j = 0; j < s->d; j++) {
        const struct parameter *p = &s->space->parameters[j];
        if (p->kind != AFINA_CATEGORICAL || best[j] < 0)
            continue;
        for (size_t k = 0; k < p->n_choices && k < MOST_VALUES && s->count < end; k++) {
            if ((double)k == best[j] || !value_allowed(p, k))
                continue;
            double *row = next_row(s);
            memcpy(row, best, s->d * sizeof *row);
            row[j] = (double)k;
            settle(s, row);
        }
    }
}

/* Values of what may fail. */
static void weigh(struct acquisition_search *s, const struct promise *of, const double *rows, size_t n, double *value)
{
    double slope;
    feasibility_log(of->feasible, rows, n, s->mean, s->variance);
    for (size_t i = 0; i < n; i++)
        value[i] = acquisition_of_working(of->acquisition, value[i], s->mean[i], &slope, &slope);
}

/* Values of rows that lie one after another. */
static void evaluate(struct acquisition_search *s, const struct promise *of, const double *rows, size_t n,
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

/* The same with gradients, of rows of s->trial to rows of s->by_mean. */
static void evaluate_gradient(struct acquisition_search *s, const struct promise *of, size_t n, double *value)
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
    memcpy(s->start + *n * s->d, s->pool + row * s->d, s->d * sizeof(double));
    s->start_value[(*n)++] = s->value[row];
    s->ranked[row] = 1; /* taken */
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

/* Draws with p ~ exp(value - greatest), by the Gumbel-max trick: no sum to
 * overflow. */
static void take_drawn(struct acquisition_search *s, size_t *n, size_t how_many, struct rng *rng)
{
    while (how_many-- > 0) {
        size_t chosen = s->count;
        double most = -INFINITY;
        for (size_t i = 0; i < s->count; i++) {
            double gumbel = s->value[i] - log(-log(rng_uniform(rng)));
            if (!s->ranked[i] && gumbel > most) {
                most = gumbel;
                chosen = i;
            }
        }
        if (chosen == s->count)
            return;
        take_start(s, n, chosen);
    }
}

/* The pool: spread, local, exchanges, incumbents. */
static size_t choose_starts(struct acquisition_search *s, size_t incumbents, struct rng *rng)
{
    size_t n = 0;
    memset(s->ranked, 0, s->count * sizeof *s->ranked);
    if (incumbents < s->count)
        take_start(s, &n, incumbents);
    take_best(s, &n, 0, s->spread, 3);
    take_best(s, &n, s->spread, s->count, 3);
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

/* One evaluation of every start that still climbs. Returns how many go on. */
static size_t climb_once(struct acquisition_search *s, const struct promise *of, size_t n)
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

/* Replaces starts by better rows of the batch. Returns how many got better by
 * more than rounding. */
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

static size_t climb(struct acquisition_search *s, const struct promise *of, size_t n)
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
        settle(s, s->batch + k * s->d);
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
    int categorical = p->kind == AFINA_CATEGORICAL;
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
        if (cell == here || !value_allowed(p, cell))
            continue;
        double *row = s->batch + rows++ * s->d;
        memcpy(row, x, s->d * sizeof *row);
        row[j] = categorical ? (double)cell : parameter_to_unit(p, parameter_value_at(p, cell));
        settle(s, row);
    }
    return rows;
}

/* One pass over the discrete coordinates of the first n starts. */
static size_t exchange(struct acquisition_search *s, const struct promise *of, size_t n)
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

/* ------------------------------------------------------------------- the whole */

/* Insertion sort of at most SEARCH_STARTS starts, best first. */
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

static void refine(struct acquisition_search *s, const struct promise *of, size_t n)
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

/* Best first; of equal ones the later, which are refined. */
static void rank_pool(struct acquisition_search *s)
{
    for (size_t i = 0; i < s->count; i++)
        s->ranked[i] = i;
    order_by(s->value, s->ranked, s->count);
    for (size_t i = 0; i < s->count / 2; i++) {
        size_t worse = s->ranked[i];
        s->ranked[i] = s->ranked[s->count - 1 - i];
        s->ranked[s->count - 1 - i] = worse;
    }
}

/* Thompson sampling (W. R. Thompson 1933): a function drawn from the posterior at as many
 * candidates as are cheap to draw together, and where it is least. */
static int32_t draw_values(struct acquisition_search *s, const struct promise *of, struct rng *rng)
{
    enum { DRAWN = 384 };
    size_t step = (s->count + DRAWN - 1) / DRAWN, kept = 0;
    for (size_t i = 0; i < s->count; i += step)
        memmove(s->pool + kept++ * s->d, s->pool + i * s->d, s->d * sizeof *s->pool);
    s->count = kept;
    int32_t rc = gp_draw(of->gp, of->gp->scale, s->pool, kept, 1, rng_uint64(rng), s->value);
    for (size_t i = 0; !rc && i < kept; i++)
        s->value[i] = -s->value[i];
    if (!rc && of->feasible)
        weigh(s, of, s->pool, kept, s->value);
    return rc;
}

static void climb_from_best(struct acquisition_search *s, const struct promise *of, size_t first_incumbent,
                            struct rng *rng)
{
    evaluate(s, of, s->pool, s->count, s->value);
    size_t n = choose_starts(s, first_incumbent, rng);
    refine(s, of, n);
    for (size_t k = 0; k < n; k++) {
        s->value[s->count] = s->start_value[k];
        memcpy(next_row(s), s->start + k * s->d, s->d * sizeof(double));
    }
}

int32_t acquisition_search_run(struct acquisition_search *s, const struct gaussian_process *gp,
                               const struct feasibility *feasible, const struct acquisition *acquisition,
                               const double *incumbents, size_t n_incumbents, struct rng *rng)
{
    struct acquisition a = *acquisition;
    struct promise promise = {gp, feasible, &a};
    int32_t rc = 0;
    s->count = 0;
    add_spread(s, rng);
    add_local(s, incumbents, n_incumbents, rng);
    if (n_incumbents > 0)
        add_exchanges(s, incumbents);
    size_t first = s->count;
    for (size_t i = 0; i < n_incumbents; i++)
        memcpy(next_row(s), incumbents + i * s->d, s->d * sizeof(double));
    if (a.kind == ACQUISITION_MES) {
        gp_predict(gp, s->pool, s->count, s->mean, s->variance);
        acquisition_draw_minima(&a, s->mean, s->variance, s->count, rng);
    }
    if (a.kind == ACQUISITION_THOMPSON)
        rc = draw_values(s, &promise, rng);
    else
        climb_from_best(s, &promise, first, rng);
    if (!rc)
        rank_pool(s);
    return rc;
}

const double *acquisition_search_candidate(const struct acquisition_search *s, size_t k)
{
    return s->pool + s->ranked[k] * s->d;
}
