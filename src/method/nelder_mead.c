/* nelder-mead: simplices that reflect, in a few parameters at a time.
 *
 * J. A. Nelder and R. Mead, Computer Journal 7 (1965), with the coefficients of F. Gao and
 * L. Han, Computational Optimization and Applications 51 (2012), for n parameters
 *
 *     alpha = 1,   beta = 1 + 2/n,   gamma = 3/4 - 1/(2n);
 *
 * the worst vertex w is reflected in the centroid c of the others, r = c + alpha (c - w),
 * and with r told the next is, on the line through both,
 *
 *     c + beta (r - c)    where r is the best of all: the better of the two stays;
 *     c + gamma (r - c)   where r is the worst but w, and
 *     c - gamma (r - c)   where it is no better than w; else r stays.
 *
 * T. H. Rowan's subplex (thesis, University of Texas, 1990) takes few parameters at a
 * time, and D. Lee and M. Wiswall, Computational Economics 30 (2007), reflect as many of
 * the worst vertices at once as there are workers. We do both, and differ:
 *
 * - A simplex begins at the best point. Each of its other vertices changes another
 *   parameter of the best so far by a step of its own.
 * - There is no shrinking, which tells nothing but n points: after a contraction that is
 *   no better the next simplex begins, with half of the steps that the vertices were
 *   apart (C. T. Kelley's oriented restart, SIAM J. Optimization 10, 1999).
 * - When all steps are under `finest` the next begins at the best point with 3
 *   parameters changed at random, and one more after each that ended no lower.
 * - A category is that of a random vertex where numbers have the centroid.
 *
 * Trials beyond the vertices that can be reflected change single parameters of the best
 * vertex. What the host adds, and what comes too late, takes the place of the worst
 * vertex when it is better than the best. A failed trial is a worst vertex. Notes: two
 * numbers are the position in the design; three are the kind of proposal, its vertex or
 * its count, and the number of the simplex.
 */
#include "core/elementary.h"
#include "method/method.h"

#include "core/fail.h"
#include "method/parts/searcher.h"

#include <math.h>
#include <string.h>

enum { SIMPLEX_NOTE = 3, MOST_AXES = 50, MOST_HALVINGS = 8 };
enum { INITIAL = 0, REFLECT = 1, EXPAND = 2, OUTSIDE = 3, INSIDE = 4 };

static const double widest = 0.5;

#define MOST_NUMBER 9e15 /* of a trial: below 2^53 */

/* One vertex that is being replaced by a better point. */
struct replacement {
    int64_t vertex; /* its number */
    int kind;       /* of the point that is asked next, or runs */
    int is_asked;
    double loss; /* of the reflected point, once it is told */
    double *x;   /* that point */
};

struct nelder_mead {
    struct searcher search;
    size_t d, most_axes;
    double first, finest;
    double *steps; /* of each parameter in the next simplex that has it; the sign is the side that is tried first */
    size_t *order; /* a permutation of the parameters */
    size_t cursor; /* where the parameters of the next simplex begin in it */
    size_t axes[MOST_AXES];
    size_t n;                /* parameters of the simplex */
    struct archive vertices; /* by loss; n + 1 of them when complete, none before the first result */
    struct replacement replacements[MOST_AXES];
    size_t n_replacements;
    double simplex;         /* how many have begun so far */
    uint64_t initial;       /* initial vertices of this simplex that were asked */
    size_t since_best;      /* results since the last that was the best of this simplex */
    struct archive optimum; /* one entry: the best of all */
    double restart_loss;    /* its loss at the last restart */
    size_t stagnation;      /* restarts since one that improved it */
    double *x;              /* a workspace */
};

static const struct option OPTIONS[] = {
    {"axes", AFINA_OPTION_INTEGER, 1, MOST_AXES, 5, "", "", "parameters of a simplex, at most"},
    {"step", AFINA_OPTION_REAL, 1e-6, 0.5, 0.2, "", "", "first step of a number, as a share of its prior"},
    {"finest", AFINA_OPTION_REAL, 1e-12, 0.5, 1e-3, "", "", "the search restarts when all steps are shorter"},
    {"startup", AFINA_OPTION_INTEGER, 1, 1000000, 5, "", "", "trials of the initial design"},
};

static void set_steps(struct nelder_mead *m)
{
    for (size_t j = 0; j < m->d; j++)
        m->steps[j] = copysign(m->first, m->steps[j]);
}

static int32_t make_arrays(struct nelder_mead *m)
{
    struct searcher *s = &m->search;
    m->steps = searcher_array(s, m->d, sizeof *m->steps);
    m->order = searcher_array(s, m->d, sizeof *m->order);
    double *rows = searcher_array(s, m->most_axes, m->d * sizeof *rows);
    if (!m->steps || !m->order || !rows)
        return fail_memory();
    for (size_t i = 0; i < m->most_axes; i++)
        m->replacements[i].x = rows + i * m->d;
    int32_t rc = searcher_archive(s, &m->vertices, m->d, m->most_axes + 1);
    return rc ? rc : searcher_archive(s, &m->optimum, m->d, 1);
}

static int32_t init(void *state, const struct method_context *context)
{
    struct nelder_mead *m = state;
    struct rng rng;
    size_t most = (size_t)option_integer(context->options, "axes");
    int32_t rc = searcher_init(&m->search, context, LEAVES_PLATEAUS);
    if (rc)
        return rc;
    m->d = m->search.d;
    m->x = m->search.x;
    m->most_axes = most < m->d ? most : m->d;
    m->first = option_real(context->options, "step");
    m->finest = option_real(context->options, "finest");
    m->restart_loss = INFINITY;
    rc = make_arrays(m);
    if (rc)
        return rc;
    rng_start(&rng, context->seed, 0, RNG_DESIGN);
    rng_permutation(&rng, m->order, m->d);
    for (size_t j = 0; j < m->d; j++)
        m->steps[j] = rng_uniform(&rng) - 0.5;
    set_steps(m);
    return 0;
}

/* ----------------------------------------------------------------- a simplex */

static int is_complete(const struct nelder_mead *m)
{
    return m->vertices.size == m->n + 1;
}

/* The simplex gets the next parameters in the order that can change at the point. */
static void choose_axes(struct nelder_mead *m, const double *x)
{
    size_t begin = m->cursor;
    m->n = 0;
    for (size_t i = 0; i < m->d && m->n < m->most_axes; i++) {
        size_t at = (begin + i) % m->d;
        if (row_can_change(m->search.space, x, m->order[at]))
            m->axes[m->n++] = m->order[at];
        m->cursor = (at + 1) % m->d;
    }
}

/* The next simplex begins with the best vertex alone. */
static void begin_simplex(struct nelder_mead *m)
{
    m->vertices.size = 1;
    m->simplex++;
    m->n_replacements = 0;
    m->initial = 0;
    m->since_best = 0;
    choose_axes(m, m->vertices.entries[0].x);
}

/* How far the vertices are apart in a number; 0 of a category. */
static double extent(const struct nelder_mead *m, size_t j)
{
    const struct archive *v = &m->vertices;
    double low = 1, high = 0;
    if (m->search.space->parameters[j].kind == AFINA_KIND_CATEGORICAL)
        return 0;
    for (size_t i = 0; i < v->size; i++) {
        if (v->entries[i].x[j] == ENCODED_INACTIVE)
            continue;
        low = fmin(low, v->entries[i].x[j]);
        high = fmax(high, v->entries[i].x[j]);
    }
    return fmax(high - low, 0);
}

/* A step shorter than this makes no difference that is wanted. */
static double least_step(const struct nelder_mead *m, size_t j)
{
    const struct parameter *p = &m->search.space->parameters[j];
    return fmax(m->finest, p->cells > 0 ? 1 / (double)p->cells : 0);
}

static int is_narrow(const struct nelder_mead *m, const double *x)
{
    for (size_t j = 0; j < m->d; j++)
        if (row_can_change(m->search.space, x, j) && fabs(m->steps[j]) >= least_step(m, j))
            return 0;
    return 1;
}

/* The next result, which is a perturbation of the optimum, will be the first vertex. */
static void begin_search(struct nelder_mead *m)
{
    m->stagnation = m->optimum.entries[0].loss < m->restart_loss ? 0 : m->stagnation + 1;
    m->restart_loss = m->optimum.entries[0].loss;
    m->vertices.size = 0;
    m->n_replacements = 0;
    m->simplex++;
    set_steps(m);
}

static void narrow(struct nelder_mead *m, size_t j)
{
    m->steps[j] = copysign(fmin(extent(m, j) / 2, widest), m->steps[j]);
}

static void end_simplex(struct nelder_mead *m)
{
    for (size_t i = 0; i < m->n; i++)
        narrow(m, m->axes[i]);
    if (is_narrow(m, m->vertices.entries[0].x))
        begin_search(m);
    else
        begin_simplex(m);
}

/* 1 when the simplex has found nothing for long or has become small: a quarter of what it began
 * with, where other parameters are to follow. */
static int is_done(const struct nelder_mead *m)
{
    if (m->since_best > 4 * (m->n + 1))
        return 1;
    for (size_t i = 0; i < m->n; i++) {
        size_t j = m->axes[i];
        double least = m->n < m->d ? fmax(fabs(m->steps[j]) / 4, least_step(m, j)) : least_step(m, j);
        if (extent(m, j) >= least)
            return 0;
    }
    return is_complete(m);
}

/* ------------------------------------------------------------------- learning */

static struct replacement *find_replacement(struct nelder_mead *m, int64_t vertex)
{
    for (size_t i = 0; i < m->n_replacements; i++)
        if (m->replacements[i].vertex == vertex)
            return &m->replacements[i];
    return NULL;
}

static int is_busy(const struct nelder_mead *m, int64_t vertex)
{
    for (size_t i = 0; i < m->n_replacements; i++)
        if (m->replacements[i].vertex == vertex)
            return 1;
    return 0;
}

static const struct archived *vertex_of(const struct nelder_mead *m, int64_t number)
{
    size_t at = archive_find(&m->vertices, m->vertices.size, number);
    return at < m->vertices.size ? &m->vertices.entries[at] : NULL;
}

static void remove_replacement(struct nelder_mead *m, struct replacement *replacement)
{
    struct replacement last = m->replacements[--m->n_replacements];
    m->replacements[m->n_replacements] = *replacement;
    *replacement = last;
}

/* The vertex gives way to a point of the given loss. */
static void replace(struct nelder_mead *m, struct replacement *replacement, double loss, int64_t number,
                    const double *x)
{
    archive_remove(&m->vertices, archive_find(&m->vertices, m->vertices.size, replacement->vertex));
    archive_put(&m->vertices, loss, number, loss, x);
    remove_replacement(m, replacement);
}

/* The greatest loss of the vertices other than w that are not being replaced. */
static double worst_other(const struct nelder_mead *m, int64_t w)
{
    const struct archive *v = &m->vertices;
    for (size_t i = v->size; i > 0; i--)
        if (v->entries[i - 1].number != w && !is_busy(m, v->entries[i - 1].number))
            return v->entries[i - 1].loss;
    return v->entries[0].loss;
}

static void observe_reflected(struct nelder_mead *m, struct replacement *replacement, double loss, int64_t number)
{
    double w = vertex_of(m, replacement->vertex)->loss;
    if (loss >= m->vertices.entries[0].loss && loss < worst_other(m, replacement->vertex)) {
        replace(m, replacement, loss, number, m->x);
        return;
    }
    replacement->kind = loss < m->vertices.entries[0].loss ? EXPAND : loss < w ? OUTSIDE : INSIDE;
    replacement->is_asked = 0;
    replacement->loss = loss;
    memcpy(replacement->x, m->x, m->d * sizeof *m->x);
}

static void observe_second(struct nelder_mead *m, struct replacement *replacement, double loss, int64_t number)
{
    double w = vertex_of(m, replacement->vertex)->loss;
    int kind = replacement->kind;
    int is_better = kind == INSIDE ? loss < w : loss <= replacement->loss;
    if (is_better)
        replace(m, replacement, loss, number, m->x);
    else if (kind != INSIDE)
        replace(m, replacement, replacement->loss, number, replacement->x);
    if (!is_better && kind != EXPAND)
        end_simplex(m);
}

static void observe_other(struct nelder_mead *m, double loss, int64_t number)
{
    struct archive *v = &m->vertices;
    if (v->size == 0 && loss == INFINITY)
        return;
    if (v->size == 0 || (loss < v->entries[0].loss && m->initial == 0)) {
        v->size = 0;
        archive_put(v, loss, number, loss, m->x);
        begin_simplex(m);
    } else if (loss < v->entries[0].loss) {
        struct replacement *replacement = is_complete(m) ? find_replacement(m, v->entries[m->n].number) : NULL;
        if (replacement)
            remove_replacement(m, replacement);
        if (is_complete(m))
            archive_remove(v, m->n);
        archive_put(v, loss, number, loss, m->x);
    }
}

/* NULL unless the note names a replacement of this simplex; a log that others wrote may hold any note. */
static struct replacement *replacement_of(struct nelder_mead *m, const double *note, size_t size, int is_asked)
{
    if (size != SIMPLEX_NOTE || note[2] != m->simplex || !(fabs(note[1]) < MOST_NUMBER))
        return NULL;
    struct replacement *replacement = find_replacement(m, (int64_t)note[1]);
    return replacement && note[0] == replacement->kind && replacement->is_asked == is_asked ? replacement : NULL;
}

static int is_initial(const struct nelder_mead *m, const double *note, size_t size)
{
    return size == SIMPLEX_NOTE && note[0] == INITIAL && note[2] == m->simplex;
}

static void take_result(struct nelder_mead *m, int64_t number)
{
    const struct searcher *s = &m->search;
    double loss = s->loss, best = m->vertices.size > 0 ? m->vertices.entries[0].loss : INFINITY;
    struct replacement *replacement = replacement_of(m, s->note, s->note_size, 1);
    archive_put(&m->optimum, loss, number, loss, m->x);
    m->since_best = loss < best ? 0 : m->since_best + 1;
    if (replacement && replacement->kind == REFLECT)
        observe_reflected(m, replacement, loss, number);
    else if (replacement)
        observe_second(m, replacement, loss, number);
    else if (is_initial(m, s->note, s->note_size) && m->vertices.size > 0 && !is_complete(m))
        archive_put(&m->vertices, loss, number, loss, m->x);
    else
        observe_other(m, loss, number);
    if (m->vertices.size > 0 && m->initial > 0 && is_done(m))
        end_simplex(m);
}

/* The point may be asked again. A lost trial counts as never asked. */
static void take_end(struct nelder_mead *m, int is_lost)
{
    const struct searcher *s = &m->search;
    struct replacement *replacement = replacement_of(m, s->note, s->note_size, 1);
    if (replacement && replacement->kind == REFLECT)
        remove_replacement(m, replacement);
    else if (replacement)
        replacement->is_asked = 0;
    else if (is_lost && is_initial(m, s->note, s->note_size) && m->initial > 0 &&
             s->note[1] == (double)(m->initial - 1))
        m->initial--;
}

/* At most half of the vertices are replaced at the same time. */
static int may_begin_replacement(const struct nelder_mead *m)
{
    return is_complete(m) && m->n_replacements < (m->n + 1) / 2;
}

/* The trial is a reflection when its vertex exists and is not being replaced. */
static void begin_replacement(struct nelder_mead *m, const double *note)
{
    if (note[0] != REFLECT || note[2] != m->simplex || !(fabs(note[1]) < MOST_NUMBER) || !may_begin_replacement(m))
        return;
    int64_t vertex = (int64_t)note[1];
    if (is_busy(m, vertex) || !vertex_of(m, vertex))
        return;
    struct replacement *replacement = &m->replacements[m->n_replacements++];
    replacement->vertex = vertex;
    replacement->kind = REFLECT;
    replacement->is_asked = 1;
}

static void take_asked(struct nelder_mead *m)
{
    const struct searcher *s = &m->search;
    struct replacement *replacement = replacement_of(m, s->note, s->note_size, 0);
    if (replacement)
        replacement->is_asked = 1;
    else if (is_initial(m, s->note, s->note_size))
        m->initial++;
    else if (s->note_size == SIMPLEX_NOTE)
        begin_replacement(m, s->note);
}

static int32_t observe(void *state, const struct observation *observation)
{
    struct nelder_mead *m = state;
    int32_t event = searcher_observe(&m->search, observation);
    if (event == SEARCH_ASKED)
        take_asked(m);
    else if (event == SEARCH_RESULT)
        take_result(m, observation->number);
    else if (event == SEARCH_LOST || event == SEARCH_STOPPED)
        take_end(m, event == SEARCH_LOST);
    return event < 0 ? event : 0;
}

/* ----------------------------------------------------------------- suggesting */

static void propose(struct nelder_mead *m, struct suggestion *s, int kind, double id)
{
    row_propose(m->search.space, m->x, s);
    searcher_note(s, SIMPLEX_NOTE, (const double[SIMPLEX_NOTE]){kind, id, m->simplex});
}

/* One parameter of the best vertex changes by a step. After all parameters the other side is
 * tried, and then half the step. */
static void suggest_initial(struct nelder_mead *m, struct suggestion *s)
{
    uint64_t round = m->initial / m->n;
    size_t j = m->axes[m->initial % m->n];
    const struct parameter *p = &m->search.space->parameters[j];
    double step = fmax(fabs(m->steps[j]), least_step(m, j)) * portable_pow(0.5, (double)(round / 2 % MOST_HALVINGS));
    memcpy(m->x, m->vertices.entries[0].x, m->d * sizeof *m->x);
    if ((m->steps[j] < 0) != (round % 2 == 1))
        step = -step;
    m->x[j] = row_active(p, m->x[j], s->rng);
    if (p->kind == AFINA_KIND_CATEGORICAL)
        m->x[j] = row_draw(p, s->rng);
    else
        m->x[j] += m->x[j] + step < 0 || m->x[j] + step > 1 ? -step : step;
    propose(m, s, INITIAL, (double)m->initial);
}

/* c: the mean of the vertices other than w that are not being replaced; for a category the choice of one. */
static double centroid(const struct nelder_mead *m, int64_t w, size_t j, double of_w, struct rng *rng)
{
    const struct archive *v = &m->vertices;
    int is_category = m->search.space->parameters[j].kind == AFINA_KIND_CATEGORICAL;
    double sum = 0;
    uint64_t count = 0;
    for (size_t i = 0; i < v->size; i++) {
        double x = v->entries[i].x[j];
        if (v->entries[i].number == w || x == ENCODED_INACTIVE || is_busy(m, v->entries[i].number))
            continue;
        count++;
        if (!is_category)
            sum += x;
        else if (rng_below(rng, count) == 0)
            sum = x;
    }
    return count == 0 ? of_w : is_category ? sum : sum / (double)count;
}

static void suggest_reflection(struct nelder_mead *m, struct suggestion *s, const struct archived *w)
{
    for (size_t j = 0; j < m->d; j++) {
        const struct parameter *p = &m->search.space->parameters[j];
        double c = row_active(p, centroid(m, w->number, j, w->x[j], s->rng), s->rng);
        m->x[j] = row_inside(p, row_shift(p, c, w->x[j], c, 1, s->rng), c);
    }
    for (size_t i = 0; i < m->n; i++) {
        const struct parameter *p = &m->search.space->parameters[m->axes[i]];
        if (p->kind == AFINA_KIND_CATEGORICAL && rng_uniform(s->rng) < 0.5 / (double)m->n)
            m->x[m->axes[i]] = row_draw(p, s->rng);
    }
    propose(m, s, REFLECT, (double)w->number);
}

/* The point lies on the line from w (t = 0) through c (t = 1/2) and r (t = 1). */
static void suggest_second(struct nelder_mead *m, struct suggestion *s, const struct replacement *replacement)
{
    const double *w = vertex_of(m, replacement->vertex)->x;
    double n = fmax((double)m->n, 2), gamma = 0.75 - 0.5 / n;
    double t = replacement->kind == EXPAND    ? 1 + 1 / n
               : replacement->kind == OUTSIDE ? (1 + gamma) / 2
                                              : (1 - gamma) / 2;
    for (size_t j = 0; j < m->d; j++) {
        const struct parameter *p = &m->search.space->parameters[j];
        double from = w[j] != ENCODED_INACTIVE ? w[j] : replacement->x[j];
        from = row_active(p, from, s->rng);
        m->x[j] = row_inside(p, row_shift(p, from, from, replacement->x[j], t, s->rng), replacement->x[j]);
    }
    propose(m, s, replacement->kind, (double)replacement->vertex);
}

static const struct archived *worst_free(const struct nelder_mead *m)
{
    for (size_t i = m->vertices.size; i > 1; i--)
        if (!is_busy(m, m->vertices.entries[i - 1].number))
            return &m->vertices.entries[i - 1];
    return NULL;
}

static void suggest_vertex(struct nelder_mead *m, struct suggestion *s)
{
    for (size_t i = 0; i < m->n_replacements; i++)
        if (!m->replacements[i].is_asked) {
            suggest_second(m, s, &m->replacements[i]);
            return;
        }
    const struct archived *w = may_begin_replacement(m) ? worst_free(m) : NULL;
    if (w)
        suggest_reflection(m, s, w);
    else
        suggest_initial(m, s);
}

/* The search restarts at a perturbation of the best point. */
static void suggest_start(const struct nelder_mead *m, struct suggestion *s)
{
    row_restart(m->search.space, m->optimum.entries[0].x, m->stagnation, s);
}

static int32_t suggest(void *state, struct suggestion *s)
{
    struct nelder_mead *m = state;
    int in_design = startup_lasts(&m->search.startup) || archive_results(&m->optimum) == 0;
    if (searcher_suggest(&m->search, in_design, s))
        return 0;
    if (m->vertices.size == 0 || m->n == 0)
        suggest_start(m, s);
    else
        suggest_vertex(m, s);
    return 0;
}

const struct method method_nelder_mead = {
    .name = "nelder-mead",
    .summary = "simplices that reflect, in a few parameters at a time",
    .traits = METHOD_LEARNS,
    .options = OPTIONS,
    .n_options = sizeof OPTIONS / sizeof *OPTIONS,
    .state_size = sizeof(struct nelder_mead),
    .init = init,
    .observe = observe,
    .suggest = suggest,
    .fini = searcher_fini,
};
