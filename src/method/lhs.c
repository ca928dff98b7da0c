/* lhs: Latin hypercube designs, mapped through the priors.
 *
 * A design of n points cuts every parameter into n equally probable slices and
 * takes each slice once: u_ij = (pi_j(i) + U_ij) / n, pi_j a random permutation of
 * 0..n-1 for parameter j and U_ij uniform in (0, 1). M. D. McKay, R. J. Beckman,
 * W. J. Conover, Technometrics 21 (1979). After n suggestions the next design
 * begins; design k depends on (seed, k) alone.
 *
 * With criterion "maximin" the permutations are improved before use: two slices
 * of a random parameter trade places whenever that lowers
 * phi = sum over pairs of points of d^-10, d their distance in slices. M. D.
 * Morris, T. J. Mitchell, J. Statist. Plann. Inference 43 (1995), whose phi_p with
 * p = 10 it is; we climb only, without their annealing, for a number of trades
 * that keeps a design under a tenth of a second, and leave designs of more than
 * 500 points as they were drawn: there the gain is small.
 *
 * A parameter that turns out inactive drops its coordinate. A refused point is
 * passed over, and the next of the design taken.
 */
#include "method/method.h"

#include "core/fail.h"
#include "core/mem.h"
#include "method/position.h"
#include "numeric/scramble.h"

#include <string.h>

enum { MOST_IMPROVED = 500, TRADES_PER_POINT = 100, MOST_WORK = 4000000 };

/* Purposes of hashes under a design's key. */
enum { KEY_ORDER = 0, KEY_JITTER = 1, KEY_TRADES = 2 };

struct lhs {
    const struct method_context *context;
    uint64_t points; /* of a design */
    int maximin;
    uint64_t key;
    double *u;     /* a point of the unit cube */
    uint64_t next; /* index of the next suggestion, over all designs */
    /* The improved design that was used last: a cache. */
    uint64_t design;
    int has_design;
    uint32_t *slices; /* points x parameters */
    double *squares;  /* points x points: squared distances in slices */
};

static int32_t init(void *state, const struct method_context *context)
{
    struct lhs *m = state;
    struct rng rng;
    rng_start(&rng, context->seed, 0, RNG_DESIGN);
    m->context = context;
    m->key = scramble_hash(rng_uint64(&rng), 2);
    m->points = (uint64_t)option_integer(context->options, "points");
    m->maximin = strcmp(option_string(context->options, "criterion"), "maximin") == 0 && m->points > 2 &&
                 m->points <= MOST_IMPROVED && context->space->size > 1;
    m->u = mem_new(context->space->size, sizeof *m->u);
    if (!m->u)
        return fail_memory();
    if (!m->maximin)
        return 0;
    m->slices = mem_new(m->points * context->space->size, sizeof *m->slices);
    m->squares = mem_new(m->points * m->points, sizeof *m->squares);
    return m->slices && m->squares ? 0 : fail_memory();
}

static int32_t observe(void *state, const struct observation *observation)
{
    struct lhs *m = state;
    position_observe(&m->next, observation);
    return 0;
}

/* pi_j(i) as it is drawn. */
static uint64_t drawn_slice(const struct lhs *m, uint64_t design_key, size_t j, uint64_t i)
{
    return scramble_permute(i, m->points, scramble_hash(scramble_hash(design_key, KEY_ORDER), j));
}

static void draw_design(struct lhs *m, uint64_t design_key)
{
    size_t d = m->context->space->size;
    for (size_t i = 0; i < m->points; i++)
        for (size_t j = 0; j < d; j++)
            m->slices[i * d + j] = (uint32_t)drawn_slice(m, design_key, j, i);
}

static double square(double x)
{
    return x * x;
}

static void measure_distances(struct lhs *m)
{
    size_t n = m->points, d = m->context->space->size;
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++) {
            double sum = 0;
            for (size_t j = 0; j < d; j++)
                sum += square((double)m->slices[a * d + j] - (double)m->slices[b * d + j]);
            m->squares[a * n + b] = sum;
        }
}

/* d^-10 from d^2. */
static double crowding(double squared)
{
    double inverse = 1 / squared;
    return inverse * inverse * inverse * inverse * inverse;
}

/* By how much the squared distances of a and b to point c would change if a and
 * b traded their slices of parameter j. The one grows as the other shrinks. */
static double change_for(const struct lhs *m, size_t a, size_t b, size_t j, size_t c)
{
    size_t d = m->context->space->size;
    double xa = m->slices[a * d + j], xb = m->slices[b * d + j], xc = m->slices[c * d + j];
    return square(xb - xc) - square(xa - xc);
}

static int trade_improves(const struct lhs *m, size_t a, size_t b, size_t j)
{
    const double *to_a = m->squares + a * m->points, *to_b = m->squares + b * m->points;
    double change = 0;
    for (size_t c = 0; c < m->points; c++) {
        if (c == a || c == b)
            continue;
        double shift = change_for(m, a, b, j, c);
        change += crowding(to_a[c] + shift) - crowding(to_a[c]) + crowding(to_b[c] - shift) - crowding(to_b[c]);
    }
    return change < 0;
}

static void trade(struct lhs *m, size_t a, size_t b, size_t j)
{
    size_t n = m->points, d = m->context->space->size;
    for (size_t c = 0; c < n; c++) {
        if (c == a || c == b)
            continue;
        double shift = change_for(m, a, b, j, c);
        m->squares[c * n + a] = m->squares[a * n + c] += shift;
        m->squares[c * n + b] = m->squares[b * n + c] -= shift;
    }
    uint32_t slice = m->slices[a * d + j];
    m->slices[a * d + j] = m->slices[b * d + j];
    m->slices[b * d + j] = slice;
}

static void improve_design(struct lhs *m, uint64_t design_key)
{
    uint64_t n = m->points, trades = TRADES_PER_POINT * n;
    if (trades > MOST_WORK / n)
        trades = MOST_WORK / n;
    struct rng rng;
    rng_start(&rng, scramble_hash(design_key, KEY_TRADES), 0, RNG_DESIGN);
    measure_distances(m);
    for (; trades > 0; trades--) {
        size_t a = (size_t)rng_below(&rng, n);
        size_t b = (a + 1 + (size_t)rng_below(&rng, n - 1)) % n;
        size_t j = (size_t)rng_below(&rng, m->context->space->size);
        if (trade_improves(m, a, b, j))
            trade(m, a, b, j);
    }
}

/* Point i of a design, in the unit cube. */
static void design_point(struct lhs *m, uint64_t design, uint64_t i)
{
    size_t d = m->context->space->size;
    uint64_t key = scramble_hash(m->key, design);
    if (m->maximin && !(m->has_design && m->design == design)) {
        draw_design(m, key);
        improve_design(m, key);
        m->design = design;
        m->has_design = 1;
    }
    uint64_t jitter = scramble_hash(scramble_hash(key, KEY_JITTER), i);
    for (size_t j = 0; j < d; j++) {
        double slice = (double)(m->maximin ? m->slices[i * d + j] : drawn_slice(m, key, j, i));
        m->u[j] = (slice + scramble_uniform(scramble_hash(jitter, j))) / (double)m->points;
    }
}

static int32_t suggest(void *state, struct suggestion *suggestion)
{
    struct lhs *m = state;
    uint64_t index = m->next + suggestion->attempt;
    design_point(m, index / m->points, index % m->points);
    space_from_unit(m->context->space, m->u, suggestion->point);
    position_write(suggestion, index + 1);
    return 0;
}

static void fini(void *state)
{
    struct lhs *m = state;
    mem_free(m->u);
    mem_free(m->slices);
    mem_free(m->squares);
}

static const struct option OPTIONS[] = {
    {"points", AFINA_OPTION_INTEGER, 1, 1e9, 20, "", "",
     "points of a design; best the number of trials, or a divisor of it"},
    {"criterion", AFINA_OPTION_STRING, 0, 0, 0, "maximin", "maximin,random",
     "maximin: points of a design keep their distance; random: as drawn"},
};

const struct method method_lhs = {
    .name = "lhs",
    .summary = "Latin hypercube designs: every slice of every parameter once",
    .traits = METHOD_MANY_OBJECTIVES | METHOD_CONSTRAINTS,
    .options = OPTIONS,
    .n_options = sizeof OPTIONS / sizeof *OPTIONS,
    .state_size = sizeof(struct lhs),
    .init = init,
    .observe = observe,
    .suggest = suggest,
    .fini = fini,
};
