/* cmaes: a normal density over numbers and probabilities of categories, both learned from ranks.
 *
 * N. Hansen, A. Ostermeier, Evolutionary Computation 9 (2001); the density and its
 * update are in cma.c, the probabilities in categorical.c. Numbers are u in [0, 1] of their prior. The
 * mean begins at the best point of an initial design; where the host knew twenty results
 * or more, the density begins as that of their best tenth. When a density has nowhere to
 * go another begins elsewhere, with a larger population or a smaller deviation (BIPOP:
 * N. Hansen, "Benchmarking a BI-population CMA-ES", GECCO 2009).
 *
 * A discrete number keeps so large a deviation that all of them and the categories
 * together change with probability 0.27 at least, and where a result left the mean's
 * cell, the middle of its own cell is learned from: T. Marty, N. Hansen, A. Auger,
 * Y. Semet, S. Heron, "LB+IC-CMA-ES", PPSN 2024; R. Hamano et al., "CatCMA with
 * margin", GECCO 2025, for the probability.
 *
 * Deviations:
 * - No suggestion waits for a result. A generation is complete with the lambda-th result that comes in,
 *   whichever it is; one that was drawn from an earlier density of the run counts too.
 * - A point outside of the bounds is drawn again up to ten times, then clamped.
 * - A parameter that was inactive is learned from where it had been drawn.
 * - What the host adds while a density lives, or the design still brings, counts when
 *   it is better than all of the run; the host's not from farther than a draw would be
 *   (cma_bound).
 *
 * Failed trials are the last of their generation. Notes: two numbers are the position
 * in the design; three or more are the run, the generation and sigma, and the
 * coordinates that the point does not tell, of discrete and conditional numbers.
 */
#include "core/elementary.h"
#include "method/method.h"

#include "core/fail.h"
#include "method/parts/categorical.h"
#include "method/parts/cells.h"
#include "method/parts/cma.h"
#include "method/parts/rank_weights.h"
#include "method/parts/searcher.h"

#include <math.h>
#include <string.h>

enum { LEAST_LAMBDA = 4, MOST_LAMBDA = 640, HEADER = 3, MOST_TRIES = 10 };

/* Deviations below this are no steps any more. */
static const double least_step = 1e-12;

/* Losses nearer than this share of the first generation's are equal. */
static const double least_gain = 1e-12;

/* What the deviations of a warm start are enlarged by. */
static const double warm_width = 0.1;

/* A row has the coordinates of the numbers, then the choices. */
struct cmaes {
    struct searcher search;
    size_t d, n;     /* parameters; those that are numbers of more than one value */
    size_t *numbers; /* indices of the n */
    size_t *noted;   /* places among them whose coordinates are noted */
    size_t n_noted;
    size_t first_lambda;
    int bipop;
    struct cma cma; /* unless n = 0 */
    struct categorical categories;
    uint64_t told;        /* results before the first run */
    struct archive known; /* the best of them; from then on, the generation */
    int built;            /* the first run has a density, which is a cache until */
    int committed;        /* a trial of it is in the log */
    /* Of this run: */
    uint64_t run, generation;
    size_t lambda; /* results that make a generation */
    double best;
    double reference, tolerance; /* the best of a generation, unless it changed by no more than that */
    uint64_t stagnation;         /* generations since it changed */
    /* Of all: */
    int is_large;
    uint64_t large_runs;
    uint64_t evaluations[2]; /* results of runs with a small and with a large population */
    double *x, *row;         /* workspaces, the first that of the searcher */
    double *loss, *weight;
    const double **rows;
};

static const struct option OPTIONS[] = {
    {"population", AFINA_OPTION_INTEGER, 0, MOST_LAMBDA, 0, "", "",
     "results that make a generation, at least 4; 0: 4 + 3 ln d"},
    {"sigma", AFINA_OPTION_REAL, 1e-6, 1, 0.125, "", "", "first deviation, as a share of every range"},
    {"startup", AFINA_OPTION_INTEGER, 1, 1000000, 10, "", "", "trials of the initial design"},
    {"restarts", AFINA_OPTION_STRING, 0, 0, 0, "bipop", "bipop,ipop",
     "ipop: each has twice the population; bipop: in turn with small ones"},
};

/* --------------------------------------------------------------------- making */

/* Rows of thousands of parameters are kept in smaller numbers. */
static size_t most_lambda(size_t d)
{
    size_t rows = 1000000 / d;
    return rows > MOST_LAMBDA ? MOST_LAMBDA : rows < 100 ? 100 : rows;
}

static int32_t index_numbers(struct cmaes *m)
{
    m->numbers = searcher_array(&m->search, m->d, 2 * sizeof *m->numbers);
    if (!m->numbers)
        return fail_memory();
    m->noted = m->numbers + m->d;
    for (size_t j = 0; j < m->d; j++) {
        const struct parameter *p = &m->search.space->parameters[j];
        if (p->kind == AFINA_KIND_CATEGORICAL || p->cells == 1)
            continue;
        if ((p->cells > 0 || p->n_conditions > 0) && m->n_noted < METHOD_NOTE_MAX - HEADER)
            m->noted[m->n_noted++] = m->n;
        m->numbers[m->n++] = j;
    }
    return 0;
}

static void read_options(struct cmaes *m, size_t most)
{
    const struct option_set *options = m->search.context->options;
    double lambda = (double)option_integer(options, "population");
    if (lambda == 0)
        lambda = 4 + floor(3 * portable_log((double)m->d));
    m->first_lambda = (size_t)fmin(fmax(lambda, LEAST_LAMBDA), (double)most);
    m->bipop = strcmp(option_string(options, "restarts"), "bipop") == 0;
}

static int32_t make_workspaces(struct cmaes *m, size_t most)
{
    m->row = searcher_array(&m->search, m->d, sizeof *m->row);
    m->loss = searcher_array(&m->search, most, 2 * sizeof *m->loss);
    m->rows = searcher_array(&m->search, most, sizeof *m->rows);
    if (!m->row || !m->loss || !m->rows)
        return fail_memory();
    m->weight = m->loss + most;
    return 0;
}

static int32_t init(void *state, const struct method_context *context)
{
    struct cmaes *m = state;
    int32_t rc = searcher_init(&m->search, context, STAYS_ON_PLATEAUS);
    if (rc)
        return rc;
    m->d = m->search.d;
    m->x = m->search.x;
    size_t most = most_lambda(m->d);
    read_options(m, most);
    rc = index_numbers(m);
    if (rc)
        return rc;
    rc = make_workspaces(m, most);
    if (rc)
        return rc;
    rc = searcher_archive(&m->search, &m->known, m->d, most);
    if (rc)
        return rc;
    rc = categorical_init(&m->categories, context->space);
    return rc || m->n == 0 ? rc : cma_init(&m->cma, m->n, most);
}

static const struct parameter *number_at(const struct cmaes *m, size_t k)
{
    return &m->search.space->parameters[m->numbers[k]];
}

/* --------------------------------------------------------------- discrete numbers */

/* Means of discrete numbers stay between the middles of the outer cells, and leave
 * their cell with the probability of the margin, were they in its middle. */
static void keep_margin(struct cmaes *m)
{
    double deviation = cell_deviation(m->categories.discrete), widest = 0;
    for (size_t k = 0; k < m->n; k++) {
        const struct parameter *p = number_at(m, k);
        double *mean = &m->cma.mean[k];
        if (p->cells > 0) {
            *mean = fmin(fmax(*mean, cell_middle(p, 0)), cell_middle(p, p->last));
            m->cma.least[k] = deviation * cell_width(p, cell_at(p, *mean));
        }
        widest = fmax(widest, cma_deviation(&m->cma, k));
    }
    if (widest > 1)
        m->cma.sigma /= widest;
    if (m->n > 0)
        cma_stretch(&m->cma);
}

/* -------------------------------------------------------------------------- rows */

/* The coordinate that was noted, where the point does not say more: the parameter is
 * inactive, or in the cell where the mean is. */
static double seen_coordinate(const struct cmaes *m, const struct point *point, size_t k, double coordinate)
{
    const struct parameter *p = number_at(m, k);
    double x = m->row[k];
    if (!(coordinate >= 0 && coordinate <= 1))
        return x;
    if (!point->active[m->numbers[k]])
        return coordinate;
    if (!m->built || p->cells == 0)
        return x;
    uint64_t cell = parameter_index_of(p, point->value[m->numbers[k]]);
    return cell_at(p, coordinate) == cell && cell_at(p, m->cma.mean[k]) == cell ? coordinate : x;
}

/* The row of a point, and of the note that it was asked with. */
static void read_row(struct cmaes *m, const struct point *point, const double *note, size_t note_size)
{
    space_encode(m->search.space, point, m->x);
    for (size_t k = 0; k < m->n; k++) {
        double nowhere = m->built ? m->cma.mean[k] : 0.5;
        m->row[k] = point->active[m->numbers[k]] ? m->x[m->numbers[k]] : nowhere;
    }
    for (size_t i = 0; i < m->n_noted && HEADER + i < note_size; i++)
        m->row[m->noted[i]] = seen_coordinate(m, point, m->noted[i], note[HEADER + i]);
    for (size_t k = 0; k < m->categories.count; k++)
        m->row[m->n + k] = m->x[m->categories.parameter[k]];
}

static void write_point(struct cmaes *m, struct point *point)
{
    for (size_t j = 0; j < m->d; j++)
        m->x[j] = 0.5; /* of one value only */
    for (size_t k = 0; k < m->n; k++)
        m->x[m->numbers[k]] = m->row[k];
    for (size_t k = 0; k < m->categories.count; k++)
        m->x[m->categories.parameter[k]] = m->row[m->n + k];
    space_decode(m->search.space, m->x, point);
}

/* -------------------------------------------------------------------------- runs */

static void begin_run(struct cmaes *m, double lambda)
{
    m->lambda = (size_t)fmin(lambda, (double)m->known.capacity);
    m->generation = m->stagnation = 0;
    m->best = m->reference = INFINITY;
    categorical_start(&m->categories);
    if (m->n > 0)
        cma_set_lambda(&m->cma, m->lambda);
    keep_margin(m);
}

/* The run begins where the best tenth of what is known is, or of fewer than twenty results at the best. */
static void begin_first_run(struct cmaes *m)
{
    size_t tenth = (size_t)(m->told / 10), results = archive_results(&m->known);
    size_t count = tenth < 2 ? 1 : tenth < results ? tenth : results;
    for (size_t i = 0; i < count; i++)
        m->rows[i] = m->known.entries[i].x;
    double width = count < 2 ? option_real(m->search.context->options, "sigma") : warm_width;
    if (m->n > 0)
        cma_start_from(&m->cma, m->rows, count, width);
    begin_run(m, (double)m->first_lambda);
    m->best = m->known.entries[0].loss;
    m->built = 1;
}

/* The run begins anywhere. Large runs double lambda; small ones, of l_0 (l / 2 l_0)^(U^2), get
 * as many results as the large. */
static void begin_next_run(struct cmaes *m)
{
    struct rng rng;
    double lambda = (double)m->first_lambda, sigma = option_real(m->search.context->options, "sigma");
    rng_start(&rng, m->search.context->seed, ++m->run, RNG_DESIGN);
    for (size_t k = 0; k < m->n; k++)
        m->x[k] = rng_uniform(&rng);
    m->is_large = !m->bipop || m->evaluations[0] >= m->evaluations[1];
    m->large_runs += (uint64_t)m->is_large;
    double growth = ldexp(1, m->large_runs < 1000 ? (int)m->large_runs : 1000), u = rng_uniform(&rng);
    if (m->is_large) {
        lambda *= growth;
    } else {
        lambda = floor(lambda * portable_pow(growth / 2, u * u));
        sigma *= portable_pow(10, -2 * rng_uniform(&rng));
    }
    if (m->n > 0)
        cma_start(&m->cma, m->x, sigma);
    begin_run(m, lambda);
}

/* 1 when neither the numbers nor the losses say where to go. */
static int is_over(const struct cmaes *m)
{
    double patience = 10 + ceil(30 * (double)m->d / (double)m->lambda);
    int narrow = m->n > 0 && m->cma.sigma < least_step;
    for (size_t k = 0; k < m->n && narrow; k++)
        narrow = number_at(m, k)->cells > 0 || cma_deviation(&m->cma, k) < least_step;
    return narrow || (double)m->stagnation > patience;
}

/* Compares the generation's best with that of those before. */
static void track_progress(struct cmaes *m)
{
    size_t results = archive_results(&m->known);
    double best = m->loss[0];
    if (m->generation == 0)
        m->tolerance = results > 0 ? least_gain * (m->loss[results - 1] - best) : 0;
    if (best == m->reference || fabs(best - m->reference) <= m->tolerance) {
        m->stagnation++;
    } else {
        m->stagnation = 0;
        m->reference = best;
    }
}

/* ----------------------------------------------------------------------- learning */

static void learn_categories(struct cmaes *m)
{
    size_t size = m->known.size;
    for (size_t i = 0; i < size; i++)
        m->rows[i] += m->n;
    rank_weights(size, m->weight);
    rank_share(size, m->weight, 0, m->loss, m->weight);
    categorical_update(&m->categories, m->rows, m->weight, size);
}

/* 0, or 1 when the density was lost. A generation of equal losses says nothing. */
static int learn(struct cmaes *m)
{
    int lost = 0;
    if (m->loss[0] == m->loss[m->known.size - 1]) {
        if (m->n > 0)
            cma_widen(&m->cma);
        return 0;
    }
    if (m->n > 0)
        lost = cma_update(&m->cma, m->rows, m->loss);
    learn_categories(m);
    return lost;
}

static void end_generation(struct cmaes *m)
{
    size_t size = m->known.size;
    for (size_t i = 0; i < size; i++) {
        m->rows[i] = m->known.entries[i].x;
        m->loss[i] = m->known.entries[i].loss;
    }
    track_progress(m);
    int lost = learn(m);
    m->generation++;
    m->evaluations[m->is_large] += size;
    m->known.size = 0;
    if (lost || is_over(m))
        begin_next_run(m);
    else
        keep_margin(m);
}

enum { OF_NO_RUN, OF_ANOTHER_RUN, OF_THIS_RUN };

/* Trials of no run are those of the host and of the design. */
static int source_of(const struct cmaes *m, const double *note, size_t size)
{
    if (size < HEADER)
        return OF_NO_RUN;
    return note[0] == (double)m->run ? OF_THIS_RUN : OF_ANOTHER_RUN;
}

static void take_result_of_run(struct cmaes *m, int source, const struct observation *o, double loss)
{
    if (source == OF_ANOTHER_RUN || (source == OF_NO_RUN && !(loss < m->best)))
        return;
    if (o->origin != AFINA_ORIGIN_SUGGESTED && m->n > 0)
        cma_bound(&m->cma, m->row);
    m->best = fmin(m->best, loss);
    archive_put(&m->known, loss, o->number, loss, m->row);
    if (m->known.size >= m->lambda)
        end_generation(m);
}

static void take_result(struct cmaes *m, const struct observation *o)
{
    const struct searcher *s = &m->search;
    int source = source_of(m, s->note, s->note_size);
    if (!m->committed)
        m->built = 0;
    read_row(m, o->point, s->note, source == OF_NO_RUN ? 0 : s->note_size);
    if (m->committed) {
        take_result_of_run(m, source, o, s->loss);
    } else {
        m->told++;
        archive_put(&m->known, s->loss, o->number, s->loss, m->row);
    }
}

/* 1 until there are as many results as the design is to have, two of them no failures. */
static int in_design(const struct cmaes *m)
{
    return !m->committed && (m->told < m->search.startup.size || archive_results(&m->known) < 2);
}

/* The first trial that is of the density makes it final. */
static void take_asked(struct cmaes *m)
{
    if (m->committed || m->search.note_size < HEADER || in_design(m))
        return;
    if (!m->built)
        begin_first_run(m);
    m->committed = 1;
    m->known.size = 0;
}

static int32_t observe(void *state, const struct observation *observation)
{
    struct cmaes *m = state;
    int32_t event = searcher_observe(&m->search, observation);
    if (event == SEARCH_ASKED)
        take_asked(m);
    else if (event == SEARCH_RESULT)
        take_result(m, observation);
    return event < 0 ? event : 0;
}

/* --------------------------------------------------------------------- suggesting */

static void draw_numbers(struct cmaes *m, struct rng *rng)
{
    int inside = 0;
    for (int i = 0; i < MOST_TRIES && !inside; i++) {
        cma_draw(&m->cma, rng, m->row);
        inside = 1;
        for (size_t k = 0; k < m->n && inside; k++)
            inside = m->row[k] >= 0 && m->row[k] <= 1;
    }
    for (size_t k = 0; k < m->n && !inside; k++)
        m->row[k] = fmin(fmax(m->row[k], 0), 1);
}

static void write_note(const struct cmaes *m, struct suggestion *s)
{
    s->note[0] = (double)m->run;
    s->note[1] = (double)m->generation;
    s->note[2] = m->n > 0 ? m->cma.sigma : 0;
    for (size_t i = 0; i < m->n_noted; i++)
        s->note[HEADER + i] = m->row[m->noted[i]];
    s->note_size = HEADER + m->n_noted;
}

static int32_t suggest(void *state, struct suggestion *s)
{
    struct cmaes *m = state;
    if (searcher_suggest(&m->search, in_design(m), s))
        return 0;
    if (!m->built)
        begin_first_run(m);
    if (m->n > 0)
        draw_numbers(m, s->rng);
    categorical_draw(&m->categories, s->rng, m->row + m->n);
    write_point(m, s->point);
    row_scatter(m->search.space, s);
    write_note(m, s);
    return 0;
}

static void fini(void *state)
{
    struct cmaes *m = state;
    cma_fini(&m->cma);
    categorical_fini(&m->categories);
    searcher_fini(&m->search);
}

const struct method method_cmaes = {
    .name = "cmaes",
    .summary = "CMA-ES: a normal density and probabilities of categories that learn from ranks",
    .traits = METHOD_LEARNS,
    .options = OPTIONS,
    .n_options = sizeof OPTIONS / sizeof *OPTIONS,
    .state_size = sizeof(struct cmaes),
    .init = init,
    .observe = observe,
    .suggest = suggest,
    .fini = fini,
};
