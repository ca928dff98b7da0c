/* de: differential evolution that adapts its own steps.
 *
 * R. Storn and K. Price, J. Global Optimization 11 (1997); R. Tanabe and A. Fukunaga,
 * "Improving the search performance of SHADE using linear population size reduction",
 * CEC 2014; J. Brest, M. S. Maucec, B. Boskovic, "Single objective real-parameter
 * optimization: algorithm jSO", CEC 2017. A child of the member x is
 *
 *     v = x + F (x_p - x) + F (x_1 - x_2),   u_j = v_j with probability C, else x_j,
 *
 * x_p one of the best fifth, x_1 another member, x_2 a member or one that was replaced.
 * F is drawn from a Cauchy density around one of the remembered F, C from a normal
 * one around the remembered C; what is remembered are the means, weighted by the gain,
 * of the F and C whose children were better than their parents.
 *
 * Where we differ:
 * - The number of trials is not known, so the population does not shrink to an end.
 *   It grows, max(10, sqrt(trials) / 2), by points of the initial design's sequence;
 *   and when it has gathered in one place, or wins nothing for twenty rounds, another
 *   of twice the size begins where the sequence goes on.
 * - There are no generations: a child competes when it is told, with its parent, and
 *   where it loses or its parent is gone, with the worst. Any number may run.
 * - A category takes another's choice with probability F where the two differ, and a
 *   random one with probability 1 / (2 d).
 *
 * A failed trial is the worst of members. Notes: two numbers are the position in the
 * design; three are the number of the parent, F and C.
 */
#include "core/elementary.h"
#include "method/method.h"

#include "core/fail.h"
#include "method/parts/searcher.h"

#include <math.h>
#include <string.h>

enum { LEAST_MEMBERS = 4, FIRST_MEMBERS = 10, MOST_MEMBERS = 500, MEMORIES = 5, CHILD_NOTE = 3, MOST_STAGNATION = 20 };

struct success {
    double gain, f, c;
};

struct de {
    struct searcher search;
    size_t fixed;              /* members, when the host said so; else 0 */
    size_t most;               /* members */
    size_t children;           /* of the trials that run */
    struct archive population; /* by loss */
    double *archive;           /* the last `most` members that were replaced, in a ring */
    uint64_t replaced;         /* members that were put there */
    double f[MEMORIES], c[MEMORIES];
    size_t memory;                /* which is written next */
    struct success *success;      /* of this round: room for `most` */
    size_t n_success, n_children; /* of this round, which has as many children as there are members */
    size_t stagnation;            /* rounds without success */
    double least_size;            /* of this population */
};

static const struct option OPTIONS[] = {
    {"population", AFINA_OPTION_INTEGER, 0, MOST_MEMBERS, 0, "", "",
     "members, at least 4; 0: 10, and from 400 trials on half the root of their number"},
};

static void start_memories(struct de *m)
{
    for (size_t i = 0; i < MEMORIES; i++) {
        m->f[i] = i + 1 < MEMORIES ? 0.5 : 0.9;
        m->c[i] = i + 1 < MEMORIES ? 0.8 : 0.9;
    }
}

static int32_t init(void *state, const struct method_context *context)
{
    struct de *m = state;
    int32_t rc = searcher_init(&m->search, context, STAYS_ON_PLATEAUS);
    if (rc)
        return rc;
    m->fixed = (size_t)option_integer(context->options, "population");
    if (m->fixed > 0 && m->fixed < LEAST_MEMBERS)
        m->fixed = LEAST_MEMBERS;
    m->most = m->fixed > 0 ? m->fixed : MOST_MEMBERS;
    m->least_size = FIRST_MEMBERS;
    start_memories(m);
    m->archive = searcher_array(&m->search, m->most, m->search.d * sizeof *m->archive);
    m->success = searcher_array(&m->search, m->most, sizeof *m->success);
    if (!m->archive || !m->success)
        return fail_memory();
    return searcher_archive(&m->search, &m->population, m->search.d, m->most);
}

/* How many members there should be. */
static size_t members_wanted(const struct de *m)
{
    double n = fmax(m->least_size, sqrt((double)m->search.told) / 2);
    return m->fixed > 0 ? m->fixed : (size_t)fmin(n, MOST_MEMBERS);
}

/* ------------------------------------------------------------------- learning */

/* 1 when the note is that of a child. A note may come from a log that others wrote. */
static int is_child(const double *note, size_t size)
{
    return size == CHILD_NOTE && fabs(note[0]) < 0x1p53 && note[1] > 0 && note[1] <= 1 && note[2] >= 0 && note[2] <= 1;
}

/* A child of a failure gains infinitely much: then all weights are 1. */
static double weight_of(const struct success *s, double most)
{
    return most > 0 && isfinite(most) ? s->gain / most : 1;
}

/* The memory moves half of the way to the Lehmer means of this round; the last memory never changes. */
static void remember(struct de *m)
{
    double most = 0, f1 = 0, f2 = 0, c1 = 0, c2 = 0;
    for (size_t i = 0; i < m->n_success; i++)
        most = fmax(most, m->success[i].gain);
    for (size_t i = 0; i < m->n_success; i++) {
        const struct success *s = &m->success[i];
        double weight = weight_of(s, most);
        f1 += weight * s->f;
        f2 += weight * s->f * s->f;
        c1 += weight * s->c;
        c2 += weight * s->c * s->c;
    }
    m->f[m->memory] = (m->f[m->memory] + (f1 > 0 ? f2 / f1 : 0.5)) / 2;
    m->c[m->memory] = (m->c[m->memory] + (c1 > 0 ? c2 / c1 : 0)) / 2;
    m->memory = (m->memory + 1) % (MEMORIES - 1);
    m->n_success = 0;
}

static void replace(struct de *m, size_t place)
{
    double *row = m->archive + m->replaced++ % m->most * m->search.d;
    memcpy(row, m->population.entries[place].x, m->search.d * sizeof *row);
    archive_remove(&m->population, place);
}

static void restart(struct de *m)
{
    m->population.size = 0;
    m->replaced = 0;
    m->stagnation = 0;
    m->least_size = fmin(2 * m->least_size, MOST_MEMBERS);
    start_memories(m);
    searcher_restart(&m->search);
}

static void end_round(struct de *m)
{
    m->n_children = 0;
    m->stagnation = m->n_success > 0 ? 0 : m->stagnation + 1;
    if (m->n_success > 0)
        remember(m);
    if (m->stagnation >= MOST_STAGNATION || archive_is_gathered(&m->population, m->population.size))
        restart(m);
}

/* The child competes with its parent, if that is still a member. */
static void select_child(struct de *m, const double *note, double loss)
{
    struct archive *all = &m->population;
    size_t parent = archive_find(all, all->size, (int64_t)note[0]);
    if (parent < all->size && loss <= all->entries[parent].loss) {
        double gain = all->entries[parent].loss - loss;
        if (gain > 0 && m->n_success < m->most)
            m->success[m->n_success++] = (struct success){gain, note[1], note[2]};
        replace(m, parent);
    }
    m->n_children++;
}

static void take_result(struct de *m, int child, int64_t number)
{
    const struct searcher *s = &m->search;
    if (child)
        select_child(m, s->note, s->loss);
    size_t wanted = members_wanted(m);
    if (m->population.size == wanted && s->loss < m->population.entries[wanted - 1].loss)
        replace(m, wanted - 1);
    if (m->population.size < wanted)
        archive_put(&m->population, s->loss, number, s->loss, s->x);
    if (m->n_children >= wanted)
        end_round(m);
}

static int32_t observe(void *state, const struct observation *observation)
{
    struct de *m = state;
    int32_t event = searcher_observe(&m->search, observation);
    if (event <= 0)
        return event;
    int child = is_child(m->search.note, m->search.note_size);
    if (event == SEARCH_ASKED)
        m->children += (size_t)child;
    else
        m->children -= (size_t)child;
    if (event == SEARCH_RESULT)
        take_result(m, child, observation->number);
    return 0;
}

/* ----------------------------------------------------------------- suggesting */

/* 1 while members are missing that no running trial will bring, and while all have failed. */
static int in_design(const struct de *m)
{
    size_t born = m->population.size + m->search.pending.size - m->children;
    return m->population.size < LEAST_MEMBERS || born < members_wanted(m) || archive_results(&m->population) == 0;
}

static double draw_f(double around, struct rng *rng)
{
    double f;
    do
        f = around + 0.1 * portable_tan_pi(rng_uniform(rng) - 0.5);
    while (f <= 0);
    return fmin(f, 1);
}

/* A number below n that is neither a nor b. */
static size_t draw_other(size_t n, size_t a, size_t b, struct rng *rng)
{
    size_t k;
    do
        k = (size_t)rng_below(rng, n);
    while (k == a || k == b);
    return k;
}

struct parents {
    const double *x, *best, *plus, *minus;
    int64_t number; /* of x */
};

static void choose_parents(const struct de *m, struct rng *rng, struct parents *out)
{
    const struct archive *all = &m->population;
    size_t n = all->size, archive = m->replaced < n ? (size_t)m->replaced : n;
    size_t i = (size_t)rng_below(rng, n);
    size_t best = (size_t)rng_below(rng, (n + 4) / 5);
    size_t plus = draw_other(n, i, i, rng);
    size_t minus = draw_other(n + archive, i, plus, rng);
    *out = (struct parents){.x = all->entries[i].x,
                            .best = all->entries[best].x,
                            .plus = all->entries[plus].x,
                            .number = all->entries[i].number};
    out->minus = minus < n ? all->entries[minus].x
                           : m->archive + (m->replaced - 1 - (uint64_t)(minus - n)) % m->most * m->search.d;
}

static double mutated(const struct de *m, const struct parents *of, size_t j, double x, double f, struct rng *rng)
{
    const struct parameter *p = &m->search.space->parameters[j];
    double v = row_shift(p, x, of->x[j], of->best[j], f, rng);
    v = row_shift(p, v, of->minus[j], of->plus[j], f, rng);
    if (p->kind == AFINA_KIND_CATEGORICAL && rng_uniform(rng) < 0.5 / (double)m->search.d)
        v = row_draw(p, rng);
    return row_inside(p, v, x);
}

/* A parameter that is inactive in x comes from the best, or from the prior. */
static void cross(struct de *m, const struct parents *of, double f, double c, struct rng *rng)
{
    size_t forced = (size_t)rng_below(rng, m->search.d);
    for (size_t j = 0; j < m->search.d; j++) {
        double own = of->x[j] != ENCODED_INACTIVE ? of->x[j] : of->best[j];
        double x = row_active(&m->search.space->parameters[j], own, rng);
        m->search.x[j] = j == forced || rng_uniform(rng) < c ? mutated(m, of, j, x, f, rng) : x;
    }
}

static int32_t suggest(void *state, struct suggestion *s)
{
    struct de *m = state;
    struct parents parents;
    if (searcher_suggest(&m->search, in_design(m), s))
        return 0;
    size_t memory = (size_t)rng_below(s->rng, MEMORIES);
    double f = draw_f(m->f[memory], s->rng);
    double c = fmin(fmax(m->c[memory] + 0.1 * rng_normal(s->rng), 0), 1);
    choose_parents(m, s->rng, &parents);
    cross(m, &parents, f, c, s->rng);
    row_propose(m->search.space, m->search.x, s);
    searcher_note(s, CHILD_NOTE, (const double[CHILD_NOTE]){(double)parents.number, f, c});
    return 0;
}

const struct method method_de = {
    .name = "de",
    .summary = "differential evolution that adapts its own steps",
    .traits = METHOD_LEARNS,
    .options = OPTIONS,
    .n_options = sizeof OPTIONS / sizeof *OPTIONS,
    .state_size = sizeof(struct de),
    .init = init,
    .observe = observe,
    .suggest = suggest,
    .fini = searcher_fini,
};
