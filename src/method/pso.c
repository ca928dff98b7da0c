/* pso: a particle swarm.
 *
 * M. Clerc, "Standard particle swarm optimisation", HAL hal-00764996 (2012): SPSO 2011,
 * after J. Kennedy and R. Eberhart, Proc. IEEE Int. Conf. Neural Networks (1995). A
 * particle at x, with velocity v, has been best at p, and l is the best that any knows:
 *
 *     G  = x + c (p - x + l - x) / 3,   or x + c (p - x) / 2 where l is p
 *     v' = w v + x' - x,   x' drawn from the ball around G through x
 *     x <- x + v'
 *
 * with w = 1 / (2 ln 2) = 0.7213 and c = 1/2 + ln 2 = 1.1931; the distance of x' to G is
 * uniform, its direction too. A number that would leave its range stops at the end, and
 * its velocity becomes -v / 2.
 *
 * Where we differ, each measured on the benchmark's moved functions and mixed spaces:
 * - 40 particles would make five rounds of 200 trials. The swarm is the best five of ten
 *   points of the initial design, at rest, and all of them inform all. When they have
 *   gathered, or found nothing better in twenty rounds, a swarm of twice the size, at
 *   most 40, begins where the design goes on.
 * - There are no rounds to wait for: the particle that moved least is next, before others
 *   whose moves still run, and a result counts when it is told.
 * - A number with cells moves between them, and falls into either by chance. Otherwise
 *   a velocity below half a cell would be none.
 * - A category is that of x, p or l, a third each, and with probability 1 / (2 d) one
 *   of the prior.
 *
 * What the host adds takes the place of the worst particle, when it is better. Notes:
 * two numbers are the position in the design, one is the particle that moves; v is the
 * difference of its last two points that were told.
 */
#include "core/elementary.h"
#include "method/method.h"

#include "core/fail.h"
#include "method/parts/searcher.h"

#include <math.h>
#include <string.h>

enum {
    LEAST_SWARM = 3,
    FIRST_SWARM = 5,
    LAST_SWARM = 40,
    MOST_SWARM = 200,
    MOVE_NOTE = 1,
    MOST_STAGNATION = 20 /* rounds in which no particle found a better point */
};

struct particle {
    double *x, *v, *best;
    double loss; /* at `best` */
    int64_t moves;
    size_t running; /* moves that were not told yet */
};

struct pso {
    struct searcher search;
    size_t d;
    size_t swarm_size, most; /* particles: of this swarm, of any */
    struct particle *swarm;
    size_t size;
    const struct particle *best;   /* the one with the least loss; NULL before the first */
    size_t moved, stagnation;      /* moves of this round; rounds that found no better point */
    int improved;                  /* whether this round found a better point */
    double *x, *attraction, *ball; /* workspaces: a row each */
};

static const struct option OPTIONS[] = {
    {"swarm", AFINA_OPTION_INTEGER, 0, MOST_SWARM, 0, "", "",
     "particles, at least 3; 0: 5, and after every restart twice as many, up to 40"},
};

static int32_t make_rows(struct pso *m)
{
    double *row = searcher_array(&m->search, 3 * m->most + 2, m->d * sizeof *row);
    m->swarm = searcher_array(&m->search, m->most, sizeof *m->swarm);
    if (!row || !m->swarm)
        return fail_memory();
    m->attraction = row;
    m->ball = row + m->d;
    row += 2 * m->d;
    for (size_t i = 0; i < m->most; i++) {
        m->swarm[i].x = row;
        m->swarm[i].v = row + m->d;
        m->swarm[i].best = row + 2 * m->d;
        row += 3 * m->d;
    }
    return 0;
}

static int32_t init(void *state, const struct method_context *context)
{
    struct pso *m = state;
    size_t fixed = (size_t)option_integer(context->options, "swarm");
    int32_t rc = searcher_init(&m->search, context, LEAVES_PLATEAUS);
    if (rc)
        return rc;
    m->d = m->search.d;
    m->x = m->search.x;
    m->swarm_size = fixed == 0 ? FIRST_SWARM : fixed < LEAST_SWARM ? LEAST_SWARM : fixed;
    m->most = fixed == 0 ? LAST_SWARM : m->swarm_size;
    return make_rows(m);
}

/* ------------------------------------------------------------------- learning */

/* The particle whose move the trial is, or NULL when it is no move of this swarm. A note may come from a
 * log that others wrote. */
static struct particle *particle_of(struct pso *m, int64_t number)
{
    const struct searcher *s = &m->search;
    int is_move = s->note_size == MOVE_NOTE && number >= s->first;
    if (!is_move || !(s->note[0] >= 0 && s->note[0] < (double)m->size))
        return NULL;
    return &m->swarm[(size_t)s->note[0]];
}

static void update_best(struct pso *m, struct particle *p, double loss)
{
    p->loss = loss;
    memcpy(p->best, m->x, m->d * sizeof *p->best);
    if (m->best && loss >= m->best->loss)
        return;
    m->best = p;
    m->improved = 1;
}

static struct particle *worst_of(const struct pso *m)
{
    struct particle *worst = m->swarm;
    for (size_t i = 1; i < m->size; i++)
        if (m->swarm[i].loss > worst->loss)
            worst = &m->swarm[i];
    return worst;
}

/* A point that no particle moved to becomes a particle, or takes the place of the worst. */
static void take_other(struct pso *m, double loss)
{
    struct particle *p;
    if (m->size < m->swarm_size) {
        p = &m->swarm[m->size++];
        p->moves = 0;
        p->running = 0;
    } else {
        p = worst_of(m);
        if (loss >= p->loss)
            return;
    }
    memcpy(p->x, m->x, m->d * sizeof *p->x);
    memset(p->v, 0, m->d * sizeof *p->v);
    update_best(m, p, loss);
}

static void take_move(struct pso *m, struct particle *p, double loss)
{
    for (size_t j = 0; j < m->d; j++) {
        double to = m->x[j];
        int is_move = to != ENCODED_INACTIVE && p->x[j] != ENCODED_INACTIVE;
        p->v[j] = is_move ? to - p->x[j] : 0;
        if (to == 0 || to == 1)
            p->v[j] /= -2;
    }
    memcpy(p->x, m->x, m->d * sizeof *p->x);
    if (loss <= p->loss)
        update_best(m, p, loss);
}

/* 1 when the best places of all have the same categories, and numbers within a millionth. */
static int is_gathered(const struct pso *m)
{
    static const double one_place = 1e-6;
    for (size_t j = 0; j < m->d; j++)
        for (size_t i = 1; i < m->size; i++)
            if (fabs(m->swarm[i].best[j] - m->swarm[0].best[j]) > one_place)
                return 0;
    return 1;
}

static void restart(struct pso *m)
{
    m->swarm_size = 2 * m->swarm_size < m->most ? 2 * m->swarm_size : m->most;
    m->size = 0;
    m->best = NULL;
    m->stagnation = 0;
    searcher_restart(&m->search);
}

static void end_round(struct pso *m)
{
    m->stagnation = m->improved ? 0 : m->stagnation + 1;
    m->improved = 0;
    m->moved = 0;
    if (m->stagnation >= MOST_STAGNATION || is_gathered(m))
        restart(m);
}

static void take_result(struct pso *m, struct particle *p)
{
    if (p) {
        take_move(m, p, m->search.loss);
        m->moved++;
    } else {
        take_other(m, m->search.loss);
    }
    if (m->moved >= m->swarm_size)
        end_round(m);
}

static int32_t observe(void *state, const struct observation *observation)
{
    struct pso *m = state;
    int32_t event = searcher_observe(&m->search, observation);
    if (event <= 0)
        return event;
    struct particle *p = particle_of(m, observation->number);
    if (p && event == SEARCH_ASKED) {
        p->moves++;
        p->running++;
    } else if (p) {
        p->running--;
        p->moves -= event == SEARCH_LOST;
    }
    if (event == SEARCH_RESULT)
        take_result(m, p);
    return 0;
}

/* ----------------------------------------------------------------- suggesting */

/* 1 while the swarm has had fewer than two points of the design for each particle, while there are
 * too few particles, and while all have failed. */
static int in_design(const struct pso *m)
{
    return m->search.asked - m->search.first < (int64_t)(2 * m->swarm_size) || m->size < 2 || m->best->loss == INFINITY;
}

static size_t next_to_move(const struct pso *m)
{
    size_t next = 0;
    for (size_t i = 1; i < m->size; i++) {
        const struct particle *p = &m->swarm[i], *q = &m->swarm[next];
        if (p->running < q->running || (p->running == q->running && p->moves < q->moves))
            next = i;
    }
    return next;
}

static int is_number(const struct pso *m, size_t j)
{
    return m->search.space->parameters[j].kind != AFINA_KIND_CATEGORICAL;
}

static double either(double a, double b)
{
    return a != ENCODED_INACTIVE ? a : b;
}

/* m->x becomes x. A parameter that is inactive there comes from the best point of the particle, from that
 * of the swarm, or from the prior. */
static void start_from(struct pso *m, const struct particle *p, struct rng *rng)
{
    for (size_t j = 0; j < m->d; j++) {
        double x = either(p->x[j], either(p->best[j], m->best->best[j]));
        m->x[j] = row_active(&m->search.space->parameters[j], x, rng);
    }
}

/* G - x into m->pull; its length. */
static double attract(struct pso *m, const struct particle *p)
{
    const double c = 0.5 + portable_log(2);
    double squares = 0;
    for (size_t j = 0; j < m->d; j++) {
        if (!is_number(m, j))
            continue;
        double x = m->x[j], to_p = either(p->best[j], x) - x, to_l = either(m->best->best[j], x) - x;
        m->attraction[j] = p == m->best ? c * to_p / 2 : c * (to_p + to_l) / 3;
        squares += m->attraction[j] * m->attraction[j];
    }
    return sqrt(squares);
}

/* m->ball becomes a point of the ball around 0. */
static void draw_in_ball(struct pso *m, double radius, struct rng *rng)
{
    double squares = 0, length = radius * rng_uniform(rng);
    for (size_t j = 0; j < m->d; j++) {
        if (!is_number(m, j))
            continue;
        m->ball[j] = rng_normal(rng);
        squares += m->ball[j] * m->ball[j];
    }
    for (size_t j = 0; j < m->d && squares > 0; j++)
        m->ball[j] *= length / sqrt(squares);
}

static double move_number(const struct pso *m, const struct particle *p, size_t j, struct rng *rng)
{
    const double w = 1 / (2 * portable_log(2));
    uint64_t cells = m->search.space->parameters[j].cells;
    double to = m->x[j] + w * p->v[j] + m->attraction[j] + m->ball[j];
    if (cells > 0)
        to += (rng_uniform(rng) - 0.5) / (double)cells;
    return fmin(fmax(to, 0), 1);
}

static double move_choice(const struct pso *m, const struct particle *p, size_t j, struct rng *rng)
{
    const struct parameter *parameter = &m->search.space->parameters[j];
    if (rng_uniform(rng) < 0.5 / (double)m->d)
        return row_draw(parameter, rng);
    const double from[3] = {m->x[j], p->best[j], m->best->best[j]};
    return row_active(parameter, either(from[rng_below(rng, 3)], m->x[j]), rng);
}

static int32_t suggest(void *state, struct suggestion *s)
{
    struct pso *m = state;
    if (searcher_suggest(&m->search, in_design(m), s))
        return 0;
    size_t next = next_to_move(m);
    const struct particle *p = &m->swarm[next];
    start_from(m, p, s->rng);
    draw_in_ball(m, attract(m, p), s->rng);
    for (size_t j = 0; j < m->d; j++)
        m->x[j] = is_number(m, j) ? move_number(m, p, j, s->rng) : move_choice(m, p, j, s->rng);
    row_propose(m->search.space, m->x, s);
    searcher_note(s, MOVE_NOTE, &(double){(double)next});
    return 0;
}

const struct method method_pso = {
    .name = "pso",
    .summary = "particle swarm: points that move around the best that they and others found",
    .traits = METHOD_LEARNS,
    .options = OPTIONS,
    .n_options = sizeof OPTIONS / sizeof *OPTIONS,
    .state_size = sizeof(struct pso),
    .init = init,
    .observe = observe,
    .suggest = suggest,
    .fini = searcher_fini,
};
