/* tpe: the tree-structured Parzen estimator.
 *
 * J. Bergstra, R. Bardenet, Y. Bengio, B. Kegl, "Algorithms for hyper-parameter
 * optimization", NeurIPS 2011. The best share gamma of the results is "below", the
 * rest "above"; l and g are the densities of the two (surrogate/parzen.c). Of
 * `candidates` drawn from l the next point is the one with the greatest l(x) / g(x),
 * which has the greatest expected improvement over the loss that splits them.
 *
 * Where we differ, each measured on the benchmark's moved functions and mixed spaces:
 * - One joint density over all parameters, also the conditional ones: a kernel that
 *   lacks a parameter has the prior there. `univariate` gives the original.
 * - Of m results below, that of rank i = 1..m has the weight log(m + 1) - log(i): what
 *   expected improvement wants (S. Watanabe, arXiv 2304.11127), but free of scale.
 * - The least deviation of m kernels below is (m + 2)^-1.5, but after n results not
 *   under 0.02, nor under 0.2 / sqrt(n) when that is less: precision comes with trials.
 * - Kernels at the ends take their inner gap, and the middle of the range is no
 *   neighbour of theirs.
 *
 * Trials that run are above, so that parallel workers spread. A failed trial is above.
 * "Above" holds a uniform sample of the results, those whose number has the least
 * hashes, so a suggestion costs the same after a hundred thousand trials as after a
 * few hundred. The first trials are an initial design (startup.c).
 *
 * Notes: two numbers are the position in the design; a suggestion of the model has none.
 */
#include "core/elementary.h"
#include "method/method.h"

#include "core/fail.h"
#include "method/parts/searcher.h"
#include "numeric/scramble.h"
#include "surrogate/parzen.h"

#include <math.h>
#include <string.h>

/* The most kernels: of results below, above, and of trials that run. */
enum { MOST_BELOW = 25, MOST_ABOVE = 300, MOST_PENDING = 64 };

struct tpe {
    struct searcher search;
    size_t d, candidates;
    double gamma;
    int univariate;
    struct archive best;   /* the least losses */
    struct archive sample; /* the least hashes */
    uint64_t version;      /* observations */
    /* A cache: */
    struct parzen below, above;
    uint64_t built; /* version they were made for, plus 1 */
    /* Workspaces: */
    double *x;         /* that of the searcher */
    double *candidate; /* the candidate so far best */
};

static const struct option OPTIONS[] = {
    {"gamma", AFINA_OPTION_REAL, 0.01, 0.5, 0.15, "", "", "share of the results that is good; at most 25 of them"},
    {"candidates", AFINA_OPTION_INTEGER, 1, 10000, 24, "", "", "draws among which the next point is chosen"},
    {"univariate", AFINA_OPTION_STRING, 0, 0, 0, "no", "no,yes", "yes: every parameter has densities of its own"},
    {"startup", AFINA_OPTION_INTEGER, 1, 1000000, 10, "", "", "trials of the initial design"},
};

/* Rows of thousands of parameters are kept in smaller numbers: 100,000 numbers or 50 rows. */
static size_t sample_size(size_t d)
{
    size_t rows = 100000 / d;
    return rows > MOST_ABOVE ? MOST_ABOVE : rows < 50 ? 50 : rows;
}

static int32_t init(void *state, const struct method_context *context)
{
    struct tpe *m = state;
    size_t d = context->space->size, above = sample_size(d) + MOST_BELOW;
    int32_t rc = searcher_init(&m->search, context, LEAVES_PLATEAUS);
    if (rc)
        return rc;
    rc = searcher_archive(&m->search, &m->best, d, MOST_BELOW);
    if (rc)
        return rc;
    rc = searcher_archive(&m->search, &m->sample, d, above);
    if (rc)
        return rc;
    m->d = m->search.pending.d = d;
    m->x = m->search.x;
    m->gamma = option_real(context->options, "gamma");
    m->candidates = (size_t)option_integer(context->options, "candidates");
    m->univariate = strcmp(option_string(context->options, "univariate"), "yes") == 0;
    m->candidate = searcher_array(&m->search, d, sizeof *m->candidate);
    if (!m->candidate)
        return fail_memory();
    rc = parzen_init(&m->below, context->space, MOST_BELOW);
    return rc ? rc : parzen_init(&m->above, context->space, above + MOST_PENDING);
}

/* ------------------------------------------------------------------- learning */

static int32_t observe(void *state, const struct observation *observation)
{
    struct tpe *m = state;
    const struct searcher *s = &m->search;
    int32_t event = searcher_observe(&m->search, observation);
    if (event <= 0)
        return event;
    m->version++;
    if (event != SEARCH_RESULT)
        return 0;
    double hash = scramble_uniform(scramble_hash(0, (uint64_t)observation->number));
    archive_put(&m->best, s->loss, observation->number, s->loss, s->x);
    archive_put(&m->sample, hash, observation->number, s->loss, s->x);
    return 0;
}

/* ----------------------------------------------------------------- suggesting */

/* How many results are below. Failures never are. */
static size_t count_below(const struct tpe *m)
{
    double share = ceil(m->gamma * (double)m->search.told);
    size_t results = archive_results(&m->best);
    return share < (double)results ? (size_t)share : results;
}

static double least_deviation(const struct tpe *m, size_t kernels)
{
    double floor = fmin(0.02, 0.2 / sqrt((double)m->search.told));
    return fmax(portable_pow((double)kernels + 2, -1.5), floor);
}

static void build_below(struct tpe *m, size_t count)
{
    double sum = 0;
    for (size_t i = 1; i <= count; i++)
        sum += portable_log((double)(count + 1) / (double)i);
    parzen_clear(&m->below);
    for (size_t i = 1; i <= count; i++) {
        double weight = portable_log((double)(count + 1) / (double)i);
        parzen_add(&m->below, m->best.entries[i - 1].x, weight * (double)count / sum);
    }
    parzen_fit(&m->below, 1, least_deviation(m, count));
}

static void build_above(struct tpe *m, size_t below)
{
    parzen_clear(&m->above);
    for (size_t i = 0; i < m->sample.size; i++)
        if (archive_find(&m->best, below, m->sample.entries[i].number) == below)
            parzen_add(&m->above, m->sample.entries[i].x, 1);
    size_t running = m->search.pending.size < MOST_PENDING ? m->search.pending.size : MOST_PENDING;
    for (size_t i = m->search.pending.size - running; i < m->search.pending.size; i++)
        parzen_add(&m->above, m->search.pending.trials[i].x, 1);
    parzen_fit(&m->above, 1, fmax(1 / ((double)m->above.size + 2), 0.01));
}

static void build(struct tpe *m)
{
    if (m->built == m->version + 1)
        return;
    size_t count = count_below(m);
    build_below(m, count);
    build_above(m, count);
    m->built = m->version + 1;
}

/* Every parameter gets the draw of the greatest l_j / g_j, whatever the others are. */
static void draw_univariate(struct tpe *m, struct rng *rng, double *row)
{
    for (size_t j = 0; j < m->d; j++) {
        double most = -INFINITY;
        for (size_t i = 0; i < m->candidates; i++) {
            double x = parzen_draw_one(&m->below, j, rng);
            double score = parzen_log_density_one(&m->below, j, x) - parzen_log_density_one(&m->above, j, x);
            if (i == 0 || score > most) {
                most = score;
                row[j] = x;
            }
        }
    }
}

/* A candidate that was seen before loses to any that was not. */
static double score_of(const struct tpe *m, const double *row, const struct point *point)
{
    double score = parzen_log_density(&m->below, row) - parzen_log_density(&m->above, row);
    int seen = !m->search.context->repeats && point_set_contains(m->search.context->seen, point);
    return seen ? score - 1e9 : score;
}

static void draw_joint(struct tpe *m, struct rng *rng, struct point *point)
{
    const struct space *space = m->search.space;
    double most = -INFINITY;
    for (size_t i = 0; i < m->candidates; i++) {
        parzen_draw(&m->below, rng, m->x);
        space_decode(space, m->x, point);
        space_encode(space, point, m->x);
        double score = score_of(m, m->x, point);
        if (i == 0 || score > most) {
            most = score;
            memcpy(m->candidate, m->x, m->d * sizeof *m->x);
        }
    }
    space_decode(space, m->candidate, point);
}

/* A further attempt finds the stream where the refused one left it. */
static int32_t suggest(void *state, struct suggestion *s)
{
    struct tpe *m = state;
    if (searcher_suggest(&m->search, startup_lasts(&m->search.startup) || archive_results(&m->best) < 2, s))
        return 0;
    build(m);
    if (m->univariate) {
        draw_univariate(m, s->rng, m->candidate);
        space_decode(m->search.space, m->candidate, s->point);
    } else {
        draw_joint(m, s->rng, s->point);
    }
    return 0;
}

static void fini(void *state)
{
    struct tpe *m = state;
    parzen_fini(&m->below);
    parzen_fini(&m->above);
    searcher_fini(&m->search);
}

const struct method method_tpe = {
    .name = "tpe",
    .summary = "tree-structured Parzen estimator: where good points are dense and others are not",
    .traits = METHOD_LEARNS,
    .options = OPTIONS,
    .n_options = sizeof OPTIONS / sizeof *OPTIONS,
    .state_size = sizeof(struct tpe),
    .init = init,
    .observe = observe,
    .suggest = suggest,
    .fini = fini,
};
