/* anneal-prior: draws from the prior, narrowed around good trials.
 *
 * The annealing of Hyperopt: J. Bergstra, D. Yamins, D. Cox, "Making a science of
 * model search", ICML 2013, and its file anneal.py. A good trial is chosen, the i-th
 * best with probability (1 - 1/a)^(i - 1) / a where a is `average`, and after T
 * results that have the parameter
 *
 *     s = 1 / (1 + shrink T);
 *
 * a number is drawn evenly from a range of width s around that of the good trial,
 * moved inside [0, 1]; a category keeps the good trial's choice with probability 1 - s
 * and is drawn from the prior else. A parameter that the trial lacks comes from another
 * trial that was chosen before, or from a further one, chosen among those that have it.
 *
 * Where we differ:
 * - The range of a number with k values is not narrower than 1.2 / k, so that it never
 *   freezes while others still move.
 * - The first trials are an initial design (startup.c); a failed trial is never chosen.
 *
 * Every parameter keeps its best values by itself, so conditions need no code. The
 * good trials are few, and a suggestion costs the same after any number of trials.
 *
 * Notes: two numbers are the position in the design; other suggestions have none.
 */
#include "core/elementary.h"
#include "method/method.h"

#include "core/fail.h"
#include "method/parts/searcher.h"

#include <math.h>

/* Beyond DEPTH times the average the geometric distribution ends: e^-8 is left of it. */
enum { DEPTH = 8, MOST_CHOSEN = 16 };

struct history {
    struct archive best; /* the values of the best trials that have the parameter */
    uint64_t told;       /* how many have it */
};

struct anneal_prior {
    struct searcher search;
    double average, shrink;
    struct history *histories; /* of each parameter */
};

static const struct option OPTIONS[] = {
    {"average", AFINA_OPTION_REAL, 1, 10, 2, "", "",
     "mean rank of the trial that is searched around; 1: always the best"},
    {"shrink", AFINA_OPTION_REAL, 0, 10, 0.1, "", "", "how fast ranges narrow: their width is 1 / (1 + shrink trials)"},
    {"startup", AFINA_OPTION_INTEGER, 1, 1000000, 5, "", "", "trials of the initial design"},
};

static int32_t init(void *state, const struct method_context *context)
{
    struct anneal_prior *m = state;
    size_t d = context->space->size;
    int32_t rc = searcher_init(&m->search, context, STAYS_ON_PLATEAUS);
    if (rc)
        return rc;
    m->average = option_real(context->options, "average");
    m->shrink = option_real(context->options, "shrink");
    m->histories = searcher_array(&m->search, d, sizeof *m->histories);
    if (!m->histories)
        return fail_memory();
    for (size_t j = 0; j < d && !rc; j++)
        rc = searcher_archive(&m->search, &m->histories[j].best, 1, (size_t)ceil(DEPTH * m->average));
    return rc;
}

static void learn(struct anneal_prior *m, int64_t number)
{
    const struct searcher *s = &m->search;
    for (size_t j = 0; j < s->d; j++) {
        if (s->x[j] == ENCODED_INACTIVE)
            continue;
        m->histories[j].told++;
        archive_put(&m->histories[j].best, s->loss, number, s->loss, &s->x[j]);
    }
}

static int32_t observe(void *state, const struct observation *observation)
{
    struct anneal_prior *m = state;
    int32_t event = searcher_observe(&m->search, observation);
    if (event == SEARCH_RESULT)
        learn(m, observation->number);
    return event < 0 ? event : 0;
}

/* ----------------------------------------------------------------- suggesting */

/* The trials that this suggestion is drawn around. */
struct chosen {
    int64_t numbers[MOST_CHOSEN];
    size_t size;
};

/* 0, 1, ... with mean `average` - 1, and less than n. */
static size_t draw_rank(double average, size_t n, struct rng *rng)
{
    double u = rng_uniform(rng);
    double rank = average > 1 ? floor(portable_log(u) / portable_log1p(-1 / average)) : 0;
    return rank < (double)n ? (size_t)rank : n - 1;
}

/* The value of the first chosen trial that has one, or else of a further choice; NULL
 * when no trial that succeeded has one. */
static const double *good_value(const struct anneal_prior *m, size_t j, struct chosen *chosen, struct rng *rng)
{
    const struct archive *best = &m->histories[j].best;
    size_t results = archive_results(best);
    if (results == 0)
        return NULL;
    for (size_t i = 0; i < chosen->size; i++) {
        size_t at = archive_find(best, results, chosen->numbers[i]);
        if (at < results)
            return best->entries[at].x;
    }
    size_t rank = draw_rank(m->average, results, rng);
    if (chosen->size < MOST_CHOSEN)
        chosen->numbers[chosen->size++] = best->entries[rank].number;
    return best->entries[rank].x;
}

static double narrowed(const struct parameter *p, double x, double width, struct rng *rng)
{
    if (p->kind == AFINA_KIND_CATEGORICAL)
        return rng_uniform(rng) < width ? row_draw(p, rng) : row_active(p, x, rng);
    double w = p->cells > 0 ? fmin(fmax(width, 1.2 / (double)p->cells), 1) : width;
    double middle = fmin(fmax(x, w / 2), 1 - w / 2);
    return middle + w * (rng_uniform(rng) - 0.5);
}

/* Parents come first, so that the trial of a parent's value serves its children. */
static void draw(struct anneal_prior *m, struct rng *rng)
{
    const struct space *space = m->search.space;
    struct chosen chosen = {.size = 0};
    for (size_t i = 0; i < m->search.d; i++) {
        size_t j = space->order[i];
        const struct parameter *p = &space->parameters[j];
        const double *x = good_value(m, j, &chosen, rng);
        double width = 1 / (1 + m->shrink * (double)m->histories[j].told);
        m->search.x[j] = x ? narrowed(p, *x, width, rng) : row_draw(p, rng);
    }
}

static int32_t suggest(void *state, struct suggestion *suggestion)
{
    struct anneal_prior *m = state;
    if (searcher_suggest(&m->search, startup_lasts(&m->search.startup), suggestion))
        return 0;
    draw(m, suggestion->rng);
    row_propose(m->search.space, m->search.x, suggestion);
    return 0;
}

const struct method method_anneal_prior = {
    .name = "anneal-prior",
    .summary = "draws from the prior, narrowed around good trials",
    .traits = METHOD_LEARNS,
    .options = OPTIONS,
    .n_options = sizeof OPTIONS / sizeof *OPTIONS,
    .state_size = sizeof(struct anneal_prior),
    .init = init,
    .observe = observe,
    .suggest = suggest,
    .fini = searcher_fini,
};
