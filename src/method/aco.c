/* aco: an ant colony whose trails are an archive of the best points.
 *
 * K. Socha and M. Dorigo, "Ant colony optimization for continuous domains", European J.
 * of Operational Research 185 (2008): ACO_R; T. Liao, K. Socha, M. A. Montes de Oca,
 * T. Stuetzle, M. Dorigo, "Ant colony optimization for mixed-variable optimization
 * problems", IEEE Trans. Evolutionary Computation 18 (2014): ACO_MV. Of the k solutions
 * in the archive that of rank l = 1..k weighs
 *
 *     w_l = exp(-(l - 1)^2 / (2 q^2 k^2)).
 *
 * An ant takes one of them for its guide, with probability w_l / sum w, and draws
 * every number from a normal density around the guide's, of deviation
 *
 *     s = xi sum_e |x_e - x_l| / (k - 1).
 *
 * With q = 0.05 and k = 10 the first ranks weigh 1, 0.1353, 0.0003.
 *
 * Where we differ, each measured on the benchmark's moved functions and mixed spaces:
 * - The archive has no fixed size, which at 50 would leave nothing of a small budget.
 *   It begins with 10 solutions and holds the best 2 sqrt(trials) (elite.h).
 * - A category is that of a solution drawn anew by w, and a random one with probability
 *   1 / (2 d). ACO_MV divides w by the number of solutions with that choice and adds
 *   q / (number of choices that none has): with its q of 0.05 that is near to even as
 *   soon as the archive agrees, and after 200 trials on twenty categories no better
 *   than random search.
 * - Where a number has cells, s^2 has w^2 / 12 more, w the width of one: the archive
 *   does not know where in the cell it was. Otherwise what all have never moves.
 * - A number outside the range is reflected. A parameter that the guide lacks it has
 *   from the best that has it.
 * - There are no iterations of m ants: each solution enters when it is told.
 *
 * Notes: two numbers are the position in the design; an ant has none.
 */
#include "core/elementary.h"
#include "method/method.h"

#include "core/fail.h"
#include "method/parts/elite.h"

#include <math.h>

enum { LEAST_ARCHIVE = 10, MOST_ARCHIVE = 100, MOST_FIXED = 500 };

static const double growth = 2;

struct aco {
    struct elite archive;
    double q, xi;
    double *weight; /* of the ranks: w_l */
};

static const struct option OPTIONS[] = {
    {"archive", AFINA_OPTION_INTEGER, 0, MOST_FIXED, 0, "", "",
     "solutions, at least 4; 0: twice the root of the number of trials, from 10 to 100"},
    {"q", AFINA_OPTION_REAL, 1e-6, 100, 0.05, "", "", "deviation of the ranks of guides, as a share of the archive"},
    {"xi", AFINA_OPTION_REAL, 0.01, 10, 0.85, "", "", "deviation of a draw, in mean distances to the others"},
};

static int32_t init(void *state, const struct method_context *context)
{
    struct aco *m = state;
    struct elite_size size = {.least = LEAST_ARCHIVE, .most = MOST_ARCHIVE, .growth = growth};
    size.fixed = (size_t)option_integer(context->options, "archive");
    m->q = option_real(context->options, "q");
    m->xi = option_real(context->options, "xi");
    int32_t rc = elite_init(&m->archive, context, STAYS_ON_PLATEAUS, size);
    if (rc)
        return rc;
    m->weight = searcher_array(&m->archive.search, MOST_FIXED, sizeof *m->weight);
    return m->weight ? 0 : fail_memory();
}

static int32_t observe(void *state, const struct observation *observation)
{
    struct aco *m = state;
    return elite_observe(&m->archive, observation);
}

/* Computes the weights, whose sum is 1. */
static void weigh(struct aco *m, size_t k)
{
    double sum = 0, deviation = m->q * (double)k;
    for (size_t l = 0; l < k; l++) {
        double z = (double)l / deviation;
        m->weight[l] = portable_exp(-z * z / 2);
        sum += m->weight[l];
    }
    for (size_t l = 0; l < k; l++)
        m->weight[l] /= sum;
}

static size_t draw_rank(const struct aco *m, size_t k, struct rng *rng)
{
    double u = rng_uniform(rng);
    size_t l = 0;
    while (l + 1 < k && u >= m->weight[l])
        u -= m->weight[l++];
    return l;
}

/* The deviation s of a number. Where only one solution has the parameter, the distance is half the range. */
static double deviation_at(const struct aco *m, size_t k, size_t j, double x)
{
    const struct parameter *p = &m->archive.search.space->parameters[j];
    double sum = 0, cell = p->cells > 0 ? 1 / (double)p->cells : 0;
    size_t n = 0;
    for (size_t e = 0; e < k; e++) {
        double other = m->archive.best.entries[e].x[j];
        if (other == ENCODED_INACTIVE)
            continue;
        sum += fabs(other - x);
        n++;
    }
    double s = m->xi * (n > 1 ? sum / (double)(n - 1) : 0.5);
    return sqrt(s * s + cell * cell / 12);
}

static double reflect(double u)
{
    double folded = fmod(fabs(u), 2);
    return folded > 1 ? 2 - folded : folded;
}

static double draw_number(const struct aco *m, size_t k, size_t guide, size_t j, struct rng *rng)
{
    double x = elite_value(&m->archive, guide, j, rng);
    return reflect(x + deviation_at(m, k, j, x) * rng_normal(rng));
}

static double draw_choice(const struct aco *m, size_t k, size_t j, struct rng *rng)
{
    if (rng_uniform(rng) < 0.5 / (double)m->archive.search.d)
        return row_draw(&m->archive.search.space->parameters[j], rng);
    return elite_value(&m->archive, draw_rank(m, k, rng), j, rng);
}

static int32_t suggest(void *state, struct suggestion *s)
{
    struct aco *m = state;
    const struct space *space = m->archive.search.space;
    if (searcher_suggest(&m->archive.search, elite_in_design(&m->archive), s))
        return 0;
    size_t k = elite_count(&m->archive);
    weigh(m, k);
    size_t guide = draw_rank(m, k, s->rng);
    for (size_t j = 0; j < space->size; j++)
        m->archive.search.x[j] = space->parameters[j].kind == AFINA_KIND_CATEGORICAL
                                     ? draw_choice(m, k, j, s->rng)
                                     : draw_number(m, k, guide, j, s->rng);
    row_propose(space, m->archive.search.x, s);
    return 0;
}

const struct method method_aco = {
    .name = "aco",
    .summary = "ant colony: draws around the best points, as wide as they lie apart",
    .traits = METHOD_LEARNS,
    .options = OPTIONS,
    .n_options = sizeof OPTIONS / sizeof *OPTIONS,
    .state_size = sizeof(struct aco),
    .init = init,
    .observe = observe,
    .suggest = suggest,
    .fini = searcher_fini,
};
