/* es: evolution strategies.
 *
 * `plus`, the (1+1) strategy of I. Rechenberg, 1973: a child x + sigma z takes its
 * parent's place when it is no worse, and with the one-fifth rule (D. V. Arnold,
 * N. Hansen, GECCO 2010)
 *
 *     sigma *= exp((1[success] - 1/5) / sqrt(n + 1)).
 *
 * `comma`, the (mu/mu, lambda) strategy with self-adaptation of H.-G. Beyer,
 * H.-P. Schwefel, Natural Computing 1 (2002): child i has
 *
 *     sigma_i = sigma exp(tau N(0, 1)),   x_i = m + sigma_i z,   tau = 1 / sqrt(2 n),
 *
 * m the mean of the mu = lambda / 4 best of the last lambda results, sigma the geometric
 * mean of theirs. A category is that of one of the mu, and changes with a probability
 * that adapts likewise, p_i = 1 / (1 + (1 - p) / p exp(-tau N(0, 1))): R. Li et al.,
 * "Mixed integer evolution strategies for parameter optimization", Evolutionary
 * Computation 21 (2013).
 *
 * Where we differ:
 * - A child of `plus` changes numbers or categories, in proportion to how many there
 *   are, so that the rule for numbers counts nothing else. Of N categories one changes,
 *   and each other with probability 1 / N.
 * - There are no generations to wait for. `comma` selects when lambda results are in,
 *   whenever they were asked. In `plus` a failure lowers sigma to no less than the rule
 *   would from the child's own, so that a hundred children of one sigma count as one.
 * - A discrete number takes a step of cell_deviation() at least.
 * - When sigma is below a millionth of the range the search restarts, where the
 *   sequence of the initial design goes on.
 *
 * A failed trial is worse than any. Notes: two numbers are the position in the design;
 * three are sigma, p and what a child changed.
 */
#include "core/elementary.h"
#include "method/method.h"

#include "core/fail.h"
#include "method/parts/cells.h"
#include "method/parts/searcher.h"

#include <math.h>
#include <string.h>

enum { LEAST_LAMBDA = 4, MOST_LAMBDA = 500, CHILD_NOTE = 3 };

/* What a child changed. */
enum { NUMBERS = 1, CATEGORIES = 2 };

/* Shorter steps lead nowhere new. */
static const double least_sigma = 1e-6;

struct es {
    struct searcher search;
    size_t d, n, categories; /* parameters; numbers of more than one value; categories of more than one choice */
    double deviation;        /* of a discrete number, in cells, at least */
    int is_comma;
    size_t lambda, mu;
    /* Rows have sigma and p behind the d parameters. */
    struct archive parents, generation;
    double sigma, p;
    uint64_t others; /* results of the design and of the host */
    int has_children;
    double best; /* of this search */
    double *x;   /* a row */
};

static const struct option OPTIONS[] = {
    {"strategy", AFINA_OPTION_STRING, 0, 0, 0, "plus", "plus,comma",
     "plus: (1+1) with the one-fifth rule; comma: (mu/mu, lambda) with self-adaptation"},
    {"population", AFINA_OPTION_INTEGER, 0, MOST_LAMBDA, 0, "", "", "lambda of comma, at least 4; 0: 4 + 3 ln d"},
    {"sigma", AFINA_OPTION_REAL, 1e-5, 1, 0.125, "", "", "first deviation, as a share of every range"},
    {"startup", AFINA_OPTION_INTEGER, 1, 1000000, 10, "", "", "trials of the initial design"},
};

/* --------------------------------------------------------------------- making */

static int is_category(const struct parameter *p)
{
    return p->kind == AFINA_KIND_CATEGORICAL && p->cells > 1;
}

static int is_number(const struct parameter *p)
{
    return p->kind != AFINA_KIND_CATEGORICAL && p->cells != 1;
}

static void count_parameters(struct es *m)
{
    size_t discrete = 0;
    for (size_t j = 0; j < m->d; j++) {
        const struct parameter *p = &m->search.space->parameters[j];
        m->categories += (size_t)is_category(p);
        m->n += (size_t)is_number(p);
        discrete += p->cells > 1;
    }
    m->deviation = cell_deviation((double)discrete);
}

static void restart(struct es *m)
{
    m->parents.size = m->generation.size = 0;
    m->sigma = option_real(m->search.context->options, "sigma");
    m->p = 1 / fmax(2, (double)m->categories);
    m->others = 0;
    m->has_children = 0;
    m->best = INFINITY;
    searcher_restart(&m->search);
}

static int32_t init(void *state, const struct method_context *context)
{
    struct es *m = state;
    double lambda = (double)option_integer(context->options, "population");
    int32_t rc = searcher_init(&m->search, context, STAYS_ON_PLATEAUS);
    if (rc)
        return rc;
    m->d = m->search.d;
    if (lambda == 0)
        lambda = 4 + floor(3 * portable_log((double)m->d));
    m->is_comma = strcmp(option_string(context->options, "strategy"), "comma") == 0;
    m->lambda = (size_t)fmax(lambda, LEAST_LAMBDA);
    m->mu = m->is_comma ? m->lambda / 4 : 1;
    count_parameters(m);
    restart(m);
    m->x = searcher_array(&m->search, m->d + 2, sizeof *m->x);
    if (!m->x)
        return fail_memory();
    rc = searcher_archive(&m->search, &m->parents, m->d + 2, m->mu);
    return rc ? rc : searcher_archive(&m->search, &m->generation, m->d + 2, m->lambda);
}

/* ------------------------------------------------------------------- learning */

/* 1 when the note is that of a child. A note may come from a log that others wrote. */
static int is_child(const double *note, size_t size)
{
    return size == CHILD_NOTE && note[0] > 0 && note[0] <= 1 && note[1] > 0 && note[1] < 1 && note[2] >= 0 &&
           note[2] <= (NUMBERS | CATEGORIES);
}

static void put_parent(struct es *m, double loss, int64_t number, const double *x)
{
    if (m->parents.size == m->mu)
        archive_remove(&m->parents, m->mu - 1);
    archive_put(&m->parents, loss, number, loss, x);
}

/* The one-fifth rule applies to children that changed numbers, or to all where there are none. */
static void adapt_sigma(struct es *m, double of_child, int changed, int success)
{
    double damping = sqrt((double)m->n + 1);
    if (m->n > 0 && changed != NUMBERS)
        return;
    if (success)
        m->sigma = fmin(of_child * portable_exp(0.8 / damping), 1);
    else
        m->sigma = fmin(m->sigma, of_child * portable_exp(-0.2 / damping));
}

/* The mu best become parents, and their sigma and p become those of the next children. */
static void select_parents(struct es *m)
{
    double log_sigma = 0, logit = 0, mu = (double)m->mu;
    m->parents.size = 0;
    for (size_t i = 0; i < m->mu; i++) {
        const struct archived *e = &m->generation.entries[i];
        archive_put(&m->parents, e->key, e->number, e->loss, e->x);
        log_sigma += portable_log(e->x[m->d]) / mu;
        logit += portable_log(e->x[m->d + 1] / (1 - e->x[m->d + 1])) / mu;
    }
    m->sigma = portable_exp(log_sigma);
    m->p = 1 / (1 + portable_exp(-logit));
    m->generation.size = 0;
}

static void take_child(struct es *m, int64_t number, double loss, int changed)
{
    m->has_children = 1;
    if (m->is_comma) {
        archive_put(&m->generation, loss, number, loss, m->x);
        if (m->generation.size == m->lambda)
            select_parents(m);
    } else {
        int success = m->parents.size == 0 || loss <= m->parents.entries[0].loss;
        if (success)
            put_parent(m, loss, number, m->x);
        adapt_sigma(m, m->x[m->d], changed, success);
    }
    if (m->sigma < least_sigma)
        restart(m);
}

/* Results of the design and of the host become parents until there are children, and later
 * when they are better than all of this search. */
static void take_other(struct es *m, int64_t number, double loss)
{
    m->others++;
    if (!m->has_children)
        archive_put(&m->parents, loss, number, loss, m->x);
    else if (loss < m->best && m->is_comma)
        take_child(m, number, loss, NUMBERS);
    else if (loss < m->best)
        put_parent(m, loss, number, m->x);
}

static void take_result(struct es *m, int64_t number)
{
    const struct searcher *s = &m->search;
    int child = is_child(s->note, s->note_size);
    memcpy(m->x, s->x, m->d * sizeof *m->x);
    m->x[m->d] = child ? s->note[0] : m->sigma;
    m->x[m->d + 1] = child ? s->note[1] : m->p;
    if (child)
        take_child(m, number, s->loss, (int)s->note[2]);
    else
        take_other(m, number, s->loss);
    m->best = fmin(m->best, s->loss);
}

static int32_t observe(void *state, const struct observation *observation)
{
    struct es *m = state;
    int32_t event = searcher_observe(&m->search, observation);
    if (event == SEARCH_RESULT)
        take_result(m, observation->number);
    return event < 0 ? event : 0;
}

/* ----------------------------------------------------------------- suggesting */

static int in_design(const struct es *m)
{
    return m->others < m->search.startup.size || archive_results(&m->parents) == 0;
}

/* Parameter j is the mean of the parents in which it is active, or for a category the choice of
 * one of them; where there is none, a draw from the prior. */
static double recombined(const struct es *m, size_t j, struct rng *rng)
{
    const struct parameter *p = &m->search.space->parameters[j];
    const struct archive *all = &m->parents;
    size_t first = all->size > 1 ? (size_t)rng_below(rng, all->size) : 0, have = 0;
    double sum = 0;
    for (size_t i = 0; i < all->size; i++) {
        double x = all->entries[(first + i) % all->size].x[j];
        if (x == ENCODED_INACTIVE)
            continue;
        if (p->kind == AFINA_KIND_CATEGORICAL)
            return row_active(p, x, rng);
        sum += x;
        have++;
    }
    return have > 0 ? sum / (double)have : row_draw(p, rng);
}

/* The draw is another choice unless one choice has nearly all the weight. */
static double other_choice(const struct parameter *p, double x, struct rng *rng)
{
    double drawn = x;
    for (int i = 0; i < 16 && drawn == x; i++)
        drawn = row_draw(p, rng);
    return drawn;
}

static double stepped(const struct es *m, const struct parameter *p, double x, double sigma, struct rng *rng)
{
    if (p->cells > 0)
        sigma = fmax(sigma, m->deviation * cell_width(p, cell_at(p, x)));
    return row_inside(p, x + sigma * rng_normal(rng), x);
}

/* The index of the category that changes for sure; the number of categories when none does. */
static size_t forced_category(const struct es *m, int changed, struct rng *rng)
{
    return changed == CATEGORIES ? (size_t)rng_below(rng, m->categories) : m->categories;
}

static void make_child(struct es *m, double sigma, double p_category, int changed, struct rng *rng)
{
    size_t forced = forced_category(m, changed, rng), category = 0;
    for (size_t j = 0; j < m->d; j++) {
        const struct parameter *p = &m->search.space->parameters[j];
        double x = recombined(m, j, rng);
        if ((changed & NUMBERS) && is_number(p))
            x = stepped(m, p, x, sigma, rng);
        if ((changed & CATEGORIES) && is_category(p) && (category++ == forced || rng_uniform(rng) < p_category))
            x = other_choice(p, x, rng);
        m->x[j] = x;
    }
}

/* What a child of `plus` changes. */
static int draw_kind(const struct es *m, struct rng *rng)
{
    double share = (double)m->categories / fmax(1, (double)(m->n + m->categories));
    return m->categories > 0 && rng_uniform(rng) < share ? CATEGORIES : NUMBERS;
}

/* A child's own sigma and p, in `comma`. */
static void self_adapt(const struct es *m, struct rng *rng, double *sigma, double *p)
{
    double n = fmax(1, (double)m->n), categories = fmax(1, (double)m->categories);
    *sigma = fmin(*sigma * portable_exp(rng_normal(rng) / sqrt(2 * n)), 1);
    *p = 1 / (1 + (1 - *p) / *p * portable_exp(-rng_normal(rng) / sqrt(2 * categories)));
    *p = fmin(fmax(*p, 1 / (3 * categories)), 0.5);
}

static int32_t suggest(void *state, struct suggestion *s)
{
    struct es *m = state;
    double sigma = m->sigma, p = m->p;
    int changed = NUMBERS | CATEGORIES;
    if (searcher_suggest(&m->search, in_design(m), s))
        return 0;
    if (m->is_comma)
        self_adapt(m, s->rng, &sigma, &p);
    else
        changed = draw_kind(m, s->rng);
    make_child(m, sigma, p, changed, s->rng);
    row_propose(m->search.space, m->x, s);
    searcher_note(s, CHILD_NOTE, (const double[CHILD_NOTE]){sigma, p, changed});
    return 0;
}

const struct method method_es = {
    .name = "es",
    .summary = "evolution strategies: (1+1) with the one-fifth rule, or self-adapting",
    .traits = METHOD_LEARNS,
    .options = OPTIONS,
    .n_options = sizeof OPTIONS / sizeof *OPTIONS,
    .state_size = sizeof(struct es),
    .init = init,
    .observe = observe,
    .suggest = suggest,
    .fini = searcher_fini,
};
