/* local: hill climbing over the neighbours of a point, again and again.
 *
 * F. Hutter, H. Hoos, K. Leyton-Brown, T. Stuetzle, "ParamILS: an automatic algorithm
 * configuration framework", JAIR 36 (2009): of a point one parameter is changed at a
 * time, and the first neighbour that is better is the next point. Where none is, some
 * parameters of the best such end are changed at random and another descent begins.
 *
 * The neighbours of a number are the two at a step of its own, as in H. H. Rosenbrock,
 * Computer Journal 3 (1960): a step that brings a better point doubles, and one that
 * does not is turned round and halved; a discrete number moves at least one value. The
 * neighbours of a category are all its other choices.
 *
 * - The parameter with the fewest proposals since the last move is next, and of several
 *   a random one. One that brought a better point waits for the others.
 * - A proposal made while others of its parameter run assumes that they fail.
 * - A descent ends when every category was tried in all ways (in eight, where there are
 *   more) and every step is under `finest`. The next starts with 3 changes, and one more
 *   after each descent that ended no lower.
 * - With `climb` steepest the move waits until every parameter was tried in all ways, and
 *   goes to the best neighbour; only where there is none all steps are halved.
 *
 * A failed trial is a neighbour that is no better. Results that no step made (the
 * initial design, starts, what the host adds) are moved to when they are better, or when
 * the descent has not begun. Notes: two numbers are the position in the design; three
 * are the parameter, the step, and the stage in which it was made.
 */
#include "core/elementary.h"
#include "method/method.h"

#include "core/fail.h"
#include "method/parts/searcher.h"

#include <math.h>
#include <string.h>

enum { STEP_NOTE = 3, MOST_TRIED = 8 };

static const double widest = 0.5;

/* What was tried of a parameter at the current point. */
struct axis {
    double step;     /* next step of a number, in u; the sign is the side */
    uint64_t choice; /* next choice of a category: how far on in the list, less 1 */
    uint64_t asked, told;
};

struct step {
    size_t j;
    double size;
    uint64_t stage; /* in which it was made */
};

struct local {
    struct searcher search;
    size_t d;
    double first, finest;
    int is_steepest;
    double reversal; /* what a step that failed is multiplied by */
    struct axis *axes;
    double *x;       /* a workspace */
    double *current; /* the current point of the descent */
    double *next;    /* steepest: the best neighbour so far */
    double *optimum; /* the best end of a descent */
    double loss, next_loss, optimum_loss;
    struct step next_step;
    uint64_t stage;    /* counts moves, halvings and restarts: after each, all is to be tried again */
    size_t stagnation; /* descents since the last that ended lower */
};

static const struct option OPTIONS[] = {
    {"climb", AFINA_OPTION_STRING, 0, 0, 0, "first", "first,steepest",
     "move to the first or to the best better neighbour"},
    {"step", AFINA_OPTION_REAL, 1e-6, 0.5, 0.2, "", "", "first step of a number, as a share of its prior"},
    {"finest", AFINA_OPTION_REAL, 1e-12, 0.5, 1e-3, "", "", "a descent ends when all steps are shorter"},
    {"startup", AFINA_OPTION_INTEGER, 1, 1000000, 5, "", "", "trials of the initial design"},
};

static void begin_descent(struct local *m)
{
    m->stage++;
    m->loss = m->next_loss = INFINITY;
    for (size_t j = 0; j < m->d; j++)
        m->axes[j] = (struct axis){.step = m->first};
}

static int32_t init(void *state, const struct method_context *context)
{
    struct local *m = state;
    int32_t rc = searcher_init(&m->search, context, LEAVES_PLATEAUS);
    if (rc)
        return rc;
    m->d = m->search.d;
    m->x = m->search.x;
    m->first = option_real(context->options, "step");
    m->finest = option_real(context->options, "finest");
    m->is_steepest = strcmp(option_string(context->options, "climb"), "steepest") == 0;
    m->reversal = m->is_steepest ? -1 : -0.5;
    m->axes = searcher_array(&m->search, m->d, sizeof *m->axes);
    m->current = searcher_array(&m->search, 3, m->d * sizeof *m->current);
    if (!m->axes || !m->current)
        return fail_memory();
    m->next = m->current + m->d;
    m->optimum = m->current + 2 * m->d;
    m->optimum_loss = INFINITY;
    begin_descent(m);
    return 0;
}

/* ------------------------------------------------------------------- learning */

/* 1 when the note is that of a step. A note may come from a log that others wrote. */
static int read_step(const struct local *m, const double *note, size_t size, struct step *out)
{
    if (size != STEP_NOTE || !(note[0] >= 0 && note[0] < (double)m->d) || !(fabs(note[1]) <= 1) ||
        !(note[2] >= 0 && note[2] <= (double)m->stage))
        return 0;
    *out = (struct step){.j = (size_t)note[0], .size = note[1], .stage = (uint64_t)note[2]};
    return 1;
}

/* The shortest step that makes a difference. */
static double shortest(const struct parameter *p)
{
    return p->cells > 0 ? 1 / (double)p->cells : 0;
}

/* 1 when it was tried in all ways: both sides of a number, or every choice. */
static int was_tried(const struct local *m, size_t j)
{
    const struct parameter *p = &m->search.space->parameters[j];
    uint64_t ways = p->kind != AFINA_KIND_CATEGORICAL ? 2 : p->cells - 1 < MOST_TRIED ? p->cells - 1 : MOST_TRIED;
    return !row_can_change(m->search.space, m->current, j) || m->axes[j].told >= ways;
}

static int is_finished(const struct local *m, size_t j)
{
    const struct parameter *p = &m->search.space->parameters[j];
    if (!was_tried(m, j))
        return 0;
    if (p->kind == AFINA_KIND_CATEGORICAL || !row_can_change(m->search.space, m->current, j))
        return 1;
    return fabs(m->axes[j].step) < fmax(m->finest, shortest(p));
}

static int all(const struct local *m, int (*holds)(const struct local *, size_t))
{
    for (size_t j = 0; j < m->d; j++)
        if (!holds(m, j))
            return 0;
    return 1;
}

static void move(struct local *m, const double *x, double loss)
{
    memcpy(m->current, x, m->d * sizeof *x);
    m->loss = loss;
    m->next_loss = INFINITY;
    m->stage++;
    for (size_t j = 0; j < m->d; j++)
        m->axes[j].asked = m->axes[j].told = 0;
}

/* The step back counts as tried, for it is known to be no better. */
static void move_by(struct local *m, const double *x, double loss, const struct step *step)
{
    struct axis *a = &m->axes[step->j];
    move(m, x, loss);
    a->step = copysign(fmin(2 * fabs(step->size), widest), step->size);
    a->asked = a->told = 1;
}

static void end_descent(struct local *m)
{
    m->stagnation++;
    if (m->loss < m->optimum_loss) {
        memcpy(m->optimum, m->current, m->d * sizeof *m->current);
        m->optimum_loss = m->loss;
        m->stagnation = 0;
    }
    begin_descent(m);
}

/* All steps are halved after every number was tried both ways in vain. */
static void narrow(struct local *m)
{
    m->stage++;
    for (size_t j = 0; j < m->d; j++)
        if (m->search.space->parameters[j].kind != AFINA_KIND_CATEGORICAL)
            m->axes[j] = (struct axis){.step = m->axes[j].step / 2};
}

/* Everything at the current point was tried. */
static void end_round(struct local *m)
{
    if (m->next_loss < m->loss)
        move_by(m, m->next, m->next_loss, &m->next_step);
    else if (all(m, is_finished))
        end_descent(m);
    else if (m->is_steepest)
        narrow(m);
}

static void observe_better(struct local *m, const struct step *step, double loss)
{
    if (!m->is_steepest) {
        move_by(m, m->x, loss, step);
    } else if (loss < m->next_loss) {
        memcpy(m->next, m->x, m->d * sizeof *m->x);
        m->next_loss = loss;
        m->next_step = *step;
    }
}

static void observe_step(struct local *m, const struct step *step, double loss)
{
    int is_fresh = step->stage == m->stage;
    if (is_fresh) {
        m->axes[step->j].told++;
        m->axes[step->j].choice++;
        m->axes[step->j].step *= m->reversal;
    }
    if (loss < m->loss)
        observe_better(m, step, loss);
    if (is_fresh && all(m, was_tried))
        end_round(m);
}

static int32_t observe(void *state, const struct observation *observation)
{
    struct local *m = state;
    struct step step;
    int32_t event = searcher_observe(&m->search, observation);
    if (event <= 0)
        return event;
    double loss = m->search.loss;
    int is_step = read_step(m, m->search.note, m->search.note_size, &step);
    int is_fresh = is_step && step.stage == m->stage;
    if (is_fresh && event == SEARCH_ASKED)
        m->axes[step.j].asked++;
    else if (is_fresh && event == SEARCH_LOST && m->axes[step.j].asked > 0)
        m->axes[step.j].asked--;
    if (event != SEARCH_RESULT)
        return 0;
    if (is_step && m->loss < INFINITY)
        observe_step(m, &step, loss);
    else if (loss < m->loss)
        move(m, m->x, loss);
    return 0;
}

/* ----------------------------------------------------------------- suggesting */

/* The search restarts at a perturbation of the best end of a descent. */
static void suggest_start(const struct local *m, struct suggestion *s)
{
    row_restart(m->search.space, m->optimum, m->stagnation, s);
}

/* The parameter with the fewest proposals; any one when its proposal was refused; d when none can change. */
static size_t next_axis(const struct local *m, int is_refused, struct rng *rng)
{
    size_t next = m->d;
    uint64_t ties = 0;
    for (size_t j = 0; j < m->d; j++) {
        if (!row_can_change(m->search.space, m->current, j))
            continue;
        if (!is_refused && next < m->d && m->axes[j].asked > m->axes[next].asked)
            continue;
        if (!is_refused && next < m->d && m->axes[j].asked < m->axes[next].asked)
            ties = 0;
        if (rng_below(rng, ++ties) == 0)
            next = j;
    }
    return next;
}

/* The step to try after `ahead` more have failed; it goes to the other side where it would leave the range. */
static double next_step(const struct local *m, size_t j, uint64_t ahead)
{
    double least = shortest(&m->search.space->parameters[j]);
    double step = m->axes[j].step * portable_pow(m->reversal, (double)ahead);
    step = copysign(fmax(fabs(step), least), step);
    return m->current[j] + step < 0 || m->current[j] + step > 1 ? -step : step;
}

/* The choice to try after `ahead` more have failed, or the next in the list that has a weight. */
static double next_choice(const struct local *m, size_t j, uint64_t ahead)
{
    const struct parameter *p = &m->search.space->parameters[j];
    uint64_t n = p->cells, k = ((uint64_t)m->current[j] + 1 + (m->axes[j].choice + ahead) % (n - 1)) % n;
    for (uint64_t i = 0; i < n && p->weights && p->weights[k] == 0; i++)
        k = (k + 1) % n;
    return (double)k;
}

/* Steps that run, and those that the study has seen, are taken to fail. */
static void suggest_step(struct local *m, struct suggestion *s)
{
    const struct space *space = m->search.space;
    size_t j = next_axis(m, s->attempt > 0, s->rng);
    double step = 0;
    memcpy(m->x, m->current, m->d * sizeof *m->x);
    if (j < m->d) {
        uint64_t ahead = (m->axes[j].asked - m->axes[j].told + s->attempt) % MOST_TRIED;
        if (space->parameters[j].kind == AFINA_KIND_CATEGORICAL)
            m->x[j] = next_choice(m, j, ahead);
        else
            step = next_step(m, j, ahead);
        m->x[j] += step;
    }
    space_decode(space, m->x, s->point);
    searcher_note(s, STEP_NOTE, (const double[STEP_NOTE]){(double)j, step, (double)m->stage});
}

/* All neighbours were seen: a perturbation of the current point. */
static void suggest_any(struct local *m, struct suggestion *s)
{
    row_propose(m->search.space, m->current, s);
}

static int32_t suggest(void *state, struct suggestion *s)
{
    struct local *m = state;
    int knows_nothing = m->loss == INFINITY && m->optimum_loss == INFINITY;
    if (searcher_suggest(&m->search, startup_lasts(&m->search.startup) || knows_nothing, s))
        return 0;
    if (m->loss == INFINITY)
        suggest_start(m, s);
    else if (s->attempt > MOST_TRIED)
        suggest_any(m, s);
    else
        suggest_step(m, s);
    return 0;
}

const struct method method_local = {
    .name = "local",
    .summary = "hill climbing over neighbours with steps that adapt, again and again",
    .traits = METHOD_LEARNS,
    .options = OPTIONS,
    .n_options = sizeof OPTIONS / sizeof *OPTIONS,
    .state_size = sizeof(struct local),
    .init = init,
    .observe = observe,
    .suggest = suggest,
    .fini = searcher_fini,
};
