/* tabu: a search that leaves the areas it knows.
 *
 * R. Chelouah and P. Siarry, "Tabu search applied to global optimization", European
 * Journal of Operational Research 123 (2000). A box of half-width `ball` around each of
 * the last 7 points that were left is tabu. The neighbours of a point lie in shells, of
 * which each has half the radius of the one around it. The 10 best results that are in
 * no box of a better one are promising.
 *
 * Two phases take turns:
 *
 * - Intensification: rounds of min(2 d, 10) neighbours of the best point of one area, the
 *   first of which that is better is the next point; a round without one halves the
 *   radius. When that is under `finest` the area is left. A discrete parameter takes part
 *   (and is counted in d) while the radius reaches its next value.
 * - Diversification: rounds of neighbours that are not tabu, after each of which the
 *   search moves to the best of them, better or not, and that is tabu from then on. A
 *   promising area that is not tabu and is among the better half ends it, and so does
 *   the third move. A result that is the best of all is moved to at any time: aspiration.
 *
 * Where we differ: in an intensification a neighbour changes one parameter, in turn and to
 * either side in turn, and after a gain the radius is twice that of its shell at least;
 * in a diversification one and each other with probability 2/d. A changed category is
 * another choice, and two points are in one box only when their categories and what is
 * active are the same. No round waits: proposals beyond it are of the same point, and
 * what is told when the search has moved on counts only where it is the best.
 *
 * A failed trial is a neighbour that is no better. Notes: two numbers are the position in
 * the design; three are the round, the radius of the shell and the phase.
 */
#include "method/method.h"

#include "core/fail.h"
#include "method/parts/searcher.h"

#include <math.h>
#include <string.h>

enum { MOST_TABU = 7, MOST_PROMISING = 10, MOST_NEIGHBOURS = 10, SHELLS = 3, MOST_MOVES = 3 };
enum { NEIGHBOUR_NOTE = 3, MOST_TRIES = 20, MOST_SEEN = 8 };
enum phase { INTENSIFY = 0, DIVERSIFY = 1 };

struct tabu {
    struct searcher search;
    size_t d;
    double first, finest, ball;
    struct archive promising; /* by loss, each outside the boxes of the others */
    double *list;             /* rows that are tabu, in a ring */
    uint64_t listed;          /* rows that were put there */
    enum phase phase;
    double *x;    /* a workspace */
    double *at;   /* where the search stands */
    double *next; /* the best neighbour of this round */
    double loss, next_loss;
    double radius;     /* of the outermost shell */
    double round;      /* how many rounds have begun */
    size_t told;       /* neighbours of this round that were told */
    size_t moves;      /* moves since the last intensification */
    uint64_t proposed; /* neighbours so far, which says whose parameter is next */
};

static const struct option OPTIONS[] = {
    {"radius", AFINA_OPTION_REAL, 1e-6, 0.5, 0.5, "", "", "of the outermost shell at first, as a share of the prior"},
    {"finest", AFINA_OPTION_REAL, 1e-12, 0.5, 1e-3, "", "", "an area is left when the radius is shorter"},
    {"ball", AFINA_OPTION_REAL, 0, 1, 0.2, "", "", "half-width of the box around a point that is tabu"},
    {"startup", AFINA_OPTION_INTEGER, 1, 1000000, 5, "", "", "trials of the initial design"},
};

static int32_t init(void *state, const struct method_context *context)
{
    struct tabu *m = state;
    int32_t rc = searcher_init(&m->search, context, LEAVES_PLATEAUS);
    if (rc)
        return rc;
    m->d = m->search.d;
    m->x = m->search.x;
    m->first = m->radius = option_real(context->options, "radius");
    m->finest = option_real(context->options, "finest");
    m->ball = option_real(context->options, "ball");
    m->loss = m->next_loss = INFINITY;
    m->at = searcher_array(&m->search, MOST_TABU + 2, m->d * sizeof *m->at);
    if (!m->at)
        return fail_memory();
    m->next = m->at + m->d;
    m->list = m->at + 2 * m->d;
    return searcher_archive(&m->search, &m->promising, m->d, MOST_PROMISING);
}

/* ---------------------------------------------------------------------- boxes */

static int is_near(const struct tabu *m, const double *a, const double *b)
{
    for (size_t j = 0; j < m->d; j++) {
        int is_category = m->search.space->parameters[j].kind == AFINA_KIND_CATEGORICAL;
        if ((a[j] == ENCODED_INACTIVE) != (b[j] == ENCODED_INACTIVE))
            return 0;
        if (fabs(a[j] - b[j]) > (is_category ? 0 : m->ball))
            return 0;
    }
    return 1;
}

static int is_tabu(const struct tabu *m, const double *x)
{
    for (uint64_t i = 0; i < MOST_TABU && i < m->listed; i++)
        if (is_near(m, x, m->list + i * m->d))
            return 1;
    return 0;
}

static void forbid(struct tabu *m, const double *x)
{
    memcpy(m->list + m->listed++ % MOST_TABU * m->d, x, m->d * sizeof *x);
}

/* The point becomes promising unless a better one is near; worse ones that are near give way. */
static void put_promising(struct tabu *m, double loss, int64_t number)
{
    struct archive *p = &m->promising;
    for (size_t i = 0; i < p->size; i++)
        if (p->entries[i].loss <= loss && is_near(m, m->x, p->entries[i].x))
            return;
    for (size_t i = p->size; i > 0; i--)
        if (is_near(m, m->x, p->entries[i - 1].x))
            archive_remove(p, i - 1);
    archive_put(p, loss, number, loss, m->x);
}

/* The best of the better half that is not tabu, or NULL. */
static const struct archived *next_area(const struct tabu *m)
{
    const struct archive *p = &m->promising;
    for (size_t i = 0; i < (p->size + 1) / 2; i++)
        if (!is_tabu(m, p->entries[i].x))
            return &p->entries[i];
    return NULL;
}

/* ------------------------------------------------------------------- learning */

static void begin_round(struct tabu *m)
{
    m->round++;
    m->told = 0;
    m->next_loss = INFINITY;
}

static void move(struct tabu *m, const double *x, double loss)
{
    memcpy(m->at, x, m->d * sizeof *x);
    m->loss = loss;
    begin_round(m);
}

static void intensify(struct tabu *m, const double *x, double loss)
{
    m->phase = INTENSIFY;
    m->radius = m->first;
    m->moves = 0;
    move(m, x, loss);
}

static void diversify(struct tabu *m)
{
    forbid(m, m->at);
    m->phase = DIVERSIFY;
    m->radius = m->first;
    begin_round(m);
}

/* 1 when parameter j can be changed by as little as the radius: the values next to a discrete one were
 * tried when the radius was longer. */
static int can_change(const struct tabu *m, size_t j)
{
    uint64_t cells = m->search.space->parameters[j].cells;
    return row_can_change(m->search.space, m->at, j) &&
           (cells == 0 || m->radius == m->first || m->radius * (double)cells >= 1);
}

static size_t round_size(const struct tabu *m)
{
    size_t open = 0;
    for (size_t j = 0; j < m->d; j++)
        open += (size_t)can_change(m, j);
    return 2 * open < MOST_NEIGHBOURS ? 2 * open : MOST_NEIGHBOURS;
}

static void narrow(struct tabu *m)
{
    m->radius /= 2;
    if (m->radius < m->finest || round_size(m) == 0)
        diversify(m);
    else
        begin_round(m);
}

static void end_diversifying_round(struct tabu *m)
{
    const struct archived *area = next_area(m);
    if (area) {
        intensify(m, area->x, area->loss);
    } else if (m->next_loss == INFINITY) {
        begin_round(m);
    } else if (++m->moves == MOST_MOVES) {
        intensify(m, m->next, m->next_loss);
    } else {
        forbid(m, m->next);
        move(m, m->next, m->next_loss);
    }
}

static void observe_neighbour(struct tabu *m, double radius, double loss)
{
    m->told++;
    if (m->phase == INTENSIFY && loss < m->loss) {
        m->radius = fmin(m->first, fmax(m->radius, 2 * radius));
        move(m, m->x, loss);
        return;
    }
    if (loss < m->next_loss) {
        memcpy(m->next, m->x, m->d * sizeof *m->x);
        m->next_loss = loss;
    }
    if (m->told < round_size(m))
        return;
    if (m->phase == INTENSIFY)
        narrow(m);
    else
        end_diversifying_round(m);
}

/* 1 when the note is that of a neighbour of this round. */
static int is_of_round(const struct tabu *m, const double *note, size_t size)
{
    return size == NEIGHBOUR_NOTE && note[0] == m->round && m->loss < INFINITY;
}

static void take_result(struct tabu *m, int is_neighbour, int64_t number)
{
    double loss = m->search.loss, best = m->promising.size > 0 ? m->promising.entries[0].loss : INFINITY;
    if (loss < INFINITY)
        put_promising(m, loss, number);
    if (loss < best && !(is_neighbour && m->phase == INTENSIFY))
        intensify(m, m->x, loss);
    else if (is_neighbour)
        observe_neighbour(m, m->search.note[1], loss);
}

static int32_t observe(void *state, const struct observation *observation)
{
    struct tabu *m = state;
    int32_t event = searcher_observe(&m->search, observation);
    if (event <= 0)
        return event;
    int is_neighbour = is_of_round(m, m->search.note, m->search.note_size);
    if (event == SEARCH_ASKED)
        m->proposed += (uint64_t)is_neighbour;
    else if (event == SEARCH_LOST)
        m->proposed -= (uint64_t)is_neighbour;
    else if (event == SEARCH_RESULT)
        take_result(m, is_neighbour, observation->number);
    return 0;
}

/* ----------------------------------------------------------------- suggesting */

static double other_choice(const struct parameter *p, double x, struct rng *rng)
{
    double other = x;
    for (int i = 0; i < MOST_TRIES && other == x; i++)
        other = row_draw(p, rng);
    return other;
}

/* The step is between `inner` and `outer`, and at least one value; it goes to the other side where it
 * would leave the range. */
static double moved(const struct parameter *p, double x, double inner, double outer, int is_up, struct rng *rng)
{
    if (p->kind == AFINA_KIND_CATEGORICAL)
        return other_choice(p, x, rng);
    double step = inner + (outer - inner) * rng_uniform(rng);
    if (p->cells > 0)
        step = fmax(step, 1 / (double)p->cells);
    double to = is_up ? x + step : x - step;
    return to < 0 || to > 1 ? 2 * x - to : to;
}

/* The parameter that neighbour `index` changes, or the next that can change. */
static size_t parameter_of(const struct tabu *m, uint64_t index)
{
    size_t j = (size_t)(index % m->d);
    for (size_t i = 0; i < m->d && !can_change(m, j); i++)
        j = (j + 1) % m->d;
    return j;
}

/* m->x becomes a neighbour in the shell of radius r. */
static void draw_neighbour(struct tabu *m, double r, uint64_t index, struct rng *rng)
{
    double share = m->phase == DIVERSIFY ? 2 / (double)m->d : 0;
    size_t changed = parameter_of(m, index);
    for (size_t j = 0; j < m->d; j++) {
        const struct parameter *p = &m->search.space->parameters[j];
        m->x[j] = m->at[j];
        if (!row_can_change(m->search.space, m->at, j))
            continue;
        if (j == changed)
            m->x[j] = moved(p, m->at[j], r / 2, r, index / m->d % 2 == 0, rng);
        else if (rng_uniform(rng) < share)
            m->x[j] = moved(p, m->at[j], 0, r, rng_below(rng, 2) == 0, rng);
    }
}

/* A neighbour that is tabu is drawn again for any parameter and shell; after many draws the
 * last is taken. */
static void suggest_neighbour(struct tabu *m, struct suggestion *s)
{
    const struct space *space = m->search.space;
    uint64_t index = s->attempt == 0 ? m->proposed : rng_uint32(s->rng);
    double r = m->radius;
    for (int i = 0; i < MOST_TRIES; i++) {
        r = m->radius / (double)(1 << rng_below(s->rng, SHELLS));
        draw_neighbour(m, r, index, s->rng);
        space_decode(space, m->x, s->point);
        space_encode(space, s->point, m->x);
        if (m->phase == INTENSIFY || !is_tabu(m, m->x))
            break;
        index = rng_uint32(s->rng);
    }
    if (s->attempt > MOST_SEEN)
        row_scatter(space, s);
    searcher_note(s, NEIGHBOUR_NOTE, (const double[NEIGHBOUR_NOTE]){m->round, r, m->phase});
}

static int32_t suggest(void *state, struct suggestion *s)
{
    struct tabu *m = state;
    if (!searcher_suggest(&m->search, startup_lasts(&m->search.startup) || m->loss == INFINITY, s))
        suggest_neighbour(m, s);
    return 0;
}

const struct method method_tabu = {
    .name = "tabu",
    .summary = "tabu search: shells around a point, and areas that are left for a time",
    .traits = METHOD_LEARNS,
    .options = OPTIONS,
    .n_options = sizeof OPTIONS / sizeof *OPTIONS,
    .state_size = sizeof(struct tabu),
    .init = init,
    .observe = observe,
    .suggest = suggest,
    .fini = searcher_fini,
};
