/* annealing: simulated annealing with steps of every length, in chains that may run
 * side by side.
 *
 * S. Kirkpatrick, C. D. Gelatt, M. P. Vecchi, Science 220 (1983); L. Ingber, "Very fast
 * simulated re-annealing", Mathematical and Computer Modelling 12 (1989). A proposal of
 * a chain that stands at x moves parameters of D, at the temperature T, by
 *
 *     y = sgn(u - 1/2) T ((1 + 1/T)^|2 u - 1| - 1),   u uniform,
 *
 * drawn again until x + y is inside [0, 1]: steps of all lengths between T and 1, about
 * as many of each order. One that is worse by f' - f is accepted with probability
 * exp(-(f' - f) / (T S)). The k-th proposal of K has the temperature
 *
 *     T = R^((k / K)^(1 / D)),   R = 1e-5,
 *
 * which is Ingber's T_0 exp(-c k^(1/D)) with his constants where K = 100.
 *
 * Where we differ:
 * - The number of trials is not known. When K proposals were told K doubles, so that
 *   the temperature rises to what it was half-way, and the chain goes on from the best
 *   trial; when the last of them brought no better one, it restarts elsewhere.
 * - Every parameter moves while it is hot, and with probability 1 - k/K, but `changes`
 *   of them on the average, when it gets cold: else no step of many parameters is short.
 * - S is not set once: it is the difference of the best and the middle of the 32 best
 *   losses, so that scale and outliers of the objective do not matter.
 * - A category is drawn anew where |y| > 1/2, as if its choices were half a range apart.
 *
 * A chain stands at the best of what was tried for no chain: the initial design, and
 * what the host adds. Notes: two numbers are the position in the design; three are the
 * chain, the u that decides whether the proposal is accepted, and its T.
 */
#include "core/elementary.h"
#include "method/method.h"

#include "core/fail.h"
#include "method/parts/searcher.h"

#include <math.h>
#include <string.h>

enum { SCALE_RESULTS = 32, STEP_NOTE = 3, MOST_CHAINS = 100 };

static const double coldest = 1e-5;

struct chain {
    double *x;       /* the current point */
    double loss;     /* of the current point; INFINITY: there is none yet */
    double best;     /* the least loss since it began */
    double before;   /* the same when K was last doubled */
    uint64_t told;   /* k */
    uint64_t length; /* K */
    size_t running;  /* proposals that are not told */
};

struct annealing {
    struct searcher search;
    size_t n_chains;
    double changes;
    uint64_t first_length;
    struct archive best; /* by loss */
    struct chain *chains;
};

static const struct option OPTIONS[] = {
    {"chains", AFINA_OPTION_INTEGER, 1, MOST_CHAINS, 1, "", "", "chains that anneal side by side"},
    {"cycle", AFINA_OPTION_INTEGER, 1, 1000000, 100, "", "",
     "proposals of a chain until it is cold for the first time"},
    {"changes", AFINA_OPTION_REAL, 1, 10000, 3, "", "", "parameters that move, on the average, when it is cold"},
    {"startup", AFINA_OPTION_INTEGER, 1, 1000000, 5, "", "", "trials of the initial design"},
};

static void begin_chain(struct annealing *m, struct chain *c)
{
    c->loss = c->best = c->before = INFINITY;
    c->told = 0;
    c->length = m->first_length;
}

static int32_t init(void *state, const struct method_context *context)
{
    struct annealing *m = state;
    size_t d = context->space->size;
    int32_t rc = searcher_init(&m->search, context, LEAVES_PLATEAUS);
    if (rc)
        return rc;
    rc = searcher_archive(&m->search, &m->best, d, SCALE_RESULTS);
    if (rc)
        return rc;
    m->n_chains = (size_t)option_integer(context->options, "chains");
    m->changes = option_real(context->options, "changes");
    m->first_length = (uint64_t)option_integer(context->options, "cycle");
    m->chains = searcher_array(&m->search, m->n_chains, sizeof *m->chains);
    double *rows = searcher_array(&m->search, m->n_chains, d * sizeof *rows);
    if (!m->chains || !rows)
        return fail_memory();
    for (size_t i = 0; i < m->n_chains; i++) {
        m->chains[i].x = rows + i * d;
        begin_chain(m, &m->chains[i]);
    }
    return 0;
}

/* ------------------------------------------------------------------- learning */

/* NULL unless the note is that of a proposal. A note may come from a log that others wrote. */
static struct chain *chain_of(struct annealing *m, const double *note, size_t size)
{
    if (size != STEP_NOTE || !(note[0] >= 0 && note[0] < (double)m->n_chains))
        return NULL;
    return &m->chains[(size_t)note[0]];
}

static double progress(const struct chain *c)
{
    return (double)c->told / (double)c->length;
}

static double temperature(const struct annealing *m, const struct chain *c)
{
    return portable_pow(coldest, portable_pow(progress(c), 1 / (double)m->search.d));
}

/* S: how much the better half of the best results differ. */
static double loss_scale(const struct annealing *m)
{
    size_t results = archive_results(&m->best);
    return results > 0 ? m->best.entries[results / 2].loss - m->best.entries[0].loss : 0;
}

static int is_accepted(const struct annealing *m, const struct chain *c, double loss, const double *note)
{
    double worse = loss - c->loss, u = note[1], t = note[2];
    return loss <= c->loss || (isfinite(worse) && u < portable_exp(-worse / (t * loss_scale(m))));
}

static void move_to(const struct annealing *m, struct chain *c, const double *x, double loss)
{
    memcpy(c->x, x, m->search.d * sizeof *x);
    c->loss = loss;
    c->best = fmin(c->best, loss);
}

static void end_cycle(struct annealing *m, struct chain *c)
{
    if (!(c->best < c->before)) {
        begin_chain(m, c);
        return;
    }
    c->length *= 2;
    c->before = c->best;
    move_to(m, c, m->best.entries[0].x, m->best.entries[0].loss);
}

static void observe_proposal(struct annealing *m, struct chain *c, const double *note, double loss)
{
    c->told++;
    if (is_accepted(m, c, loss, note))
        move_to(m, c, m->search.x, loss);
    if (c->told >= c->length)
        end_cycle(m, c);
}

/* The chain of the greatest loss moves to a better result that no chain proposed. */
static void observe_other(struct annealing *m, double loss)
{
    struct chain *worst = &m->chains[0];
    for (size_t i = 1; i < m->n_chains; i++)
        if (m->chains[i].loss > worst->loss)
            worst = &m->chains[i];
    if (loss < worst->loss)
        move_to(m, worst, m->search.x, loss);
}

static int32_t observe(void *state, const struct observation *observation)
{
    struct annealing *m = state;
    const struct searcher *s = &m->search;
    int32_t event = searcher_observe(&m->search, observation);
    if (event <= 0)
        return event;
    struct chain *c = chain_of(m, s->note, s->note_size);
    if (c && event == SEARCH_ASKED)
        c->running++;
    else if (c)
        c->running--;
    if (event != SEARCH_RESULT)
        return 0;
    archive_put(&m->best, s->loss, observation->number, s->loss, s->x);
    if (c)
        observe_proposal(m, c, s->note, s->loss);
    else
        observe_other(m, s->loss);
    return 0;
}

/* ----------------------------------------------------------------- suggesting */

/* The chain with the fewest running proposals, and among equals the one with the fewest told. */
static size_t next_chain(const struct annealing *m)
{
    size_t next = 0;
    for (size_t i = 1; i < m->n_chains; i++) {
        const struct chain *a = &m->chains[next], *b = &m->chains[i];
        if (b->running < a->running || (b->running == a->running && b->told < a->told))
            next = i;
    }
    return next;
}

static double draw_step(double t, struct rng *rng)
{
    double v = 2 * rng_uniform(rng) - 1;
    return copysign(t * portable_expm1(fabs(v) * portable_log1p(1 / t)), v);
}

static double moved(const struct parameter *p, double x, double t, struct rng *rng)
{
    double step = draw_step(t, rng);
    if (p->kind == AFINA_KIND_CATEGORICAL)
        return fabs(step) > 0.5 ? row_draw(p, rng) : x;
    while (x + step < 0 || x + step > 1)
        step = draw_step(t, rng);
    return x + step;
}

static void propose(struct annealing *m, const struct chain *c, double t, struct rng *rng)
{
    double *x = m->search.x, share = fmax(1 - progress(c), m->changes / (double)m->search.d);
    for (size_t j = 0; j < m->search.d; j++) {
        const struct parameter *p = &m->search.space->parameters[j];
        x[j] = row_active(p, c->x[j], rng);
        if (rng_uniform(rng) < share)
            x[j] = moved(p, x[j], t, rng);
    }
}

static int32_t suggest(void *state, struct suggestion *s)
{
    struct annealing *m = state;
    size_t next = next_chain(m);
    const struct chain *c = &m->chains[next];
    if (searcher_suggest(&m->search, startup_lasts(&m->search.startup) || c->loss == INFINITY, s))
        return 0;
    double t = temperature(m, c);
    searcher_note(s, STEP_NOTE, (const double[STEP_NOTE]){(double)next, rng_uniform(s->rng), t});
    propose(m, c, t, s->rng);
    row_propose(m->search.space, m->search.x, s);
    return 0;
}

const struct method method_annealing = {
    .name = "annealing",
    .summary = "simulated annealing with steps of every length, in chains side by side",
    .traits = METHOD_LEARNS,
    .options = OPTIONS,
    .n_options = sizeof OPTIONS / sizeof *OPTIONS,
    .state_size = sizeof(struct annealing),
    .init = init,
    .observe = observe,
    .suggest = suggest,
    .fini = searcher_fini,
};
