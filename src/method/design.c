/* design: the cells of a grid in a random order, each once.
 *
 * Where `grid` goes through its cells row by row, this draws them without
 * replacement, by a sequence that spreads over all parameters at once: a budget that
 * ends early has seen an even sample, and one that does not has seen the whole grid.
 *
 * A round over a grid of n cells has two parts. In the first, of 2 n points, a point of
 * the sequence in the unit cube falls into a cell (all cells of a parameter are of one
 * width), and a cell that was tried already is passed over. In the second the cells
 * that no point fell into come in the order of a pseudo-random permutation
 * (numeric/scramble.c). With `sequence` "uniform" there is the second part only.
 *
 * Choices of weight 0 are in no cell. Cells that the study has seen or that the filter
 * forbids are passed over. At the end the answer is AFINA_EXHAUSTED; with the study's option
 * `repeats` another round begins, and what the host tried does not count.
 *
 * Notes: two numbers are the index, which counts on over rounds.
 */
#include "method/method.h"

#include "core/fail.h"
#include "core/mem.h"
#include "method/parts/grid_cells.h"
#include "method/parts/sequence.h"
#include "numeric/korobov.h"
#include "numeric/latin.h"
#include "numeric/quasi_random.h"
#include "numeric/scramble.h"

#include <string.h>

/* Points of a design of automatic size. */
enum { MOST_POINTS = 1009 };

/* Keeps the indices of a few rounds within 64 bits. */
static const uint64_t most_cells = (uint64_t)1 << 60;

enum { UNIFORM = 0, SOBOL, HALTON, KOROBOV, LATIN, LATIN_IMPROVED, SUDOKU };

struct design {
    const struct method_context *context;
    struct lattice *lattice;
    uint64_t count;  /* cells */
    uint64_t spread; /* points of the sequence in a round */
    int sequence;
    uint64_t key;
    struct sobol sobol;
    struct halton halton;
    struct korobov korobov;
    struct latin latin;
    double *u;
    uint64_t next;          /* index of the next suggestion */
    uint64_t round;         /* of the last one */
    struct point_set tried; /* in that round: where points repeat */
};

static int sequence_of(const struct option_set *options)
{
    static const char *const names[] = {"uniform", "sobol", "halton", "korobov", "latin", "latin_improved"};
    const char *name = option_string(options, "sequence");
    int i = 0;
    while (i < SUDOKU && strcmp(name, names[i]) != 0)
        i++;
    return i;
}

/* How many points a Latin or Korobov design should have. */
static uint64_t design_points(const struct design *m)
{
    uint64_t points = (uint64_t)option_integer(m->context->options, "points");
    uint64_t most = m->sequence == LATIN_IMPROVED ? LATIN_MOST_IMPROVED : MOST_POINTS;
    return points > 0 ? points : m->count < most ? m->count : most;
}

static int32_t start_sequence(struct design *m, uint64_t seed)
{
    size_t d = m->context->space->size;
    switch (m->sequence) {
    case SOBOL:
        return sobol_init(&m->sobol, d, seed);
    case HALTON:
        return halton_init(&m->halton, d, seed);
    case KOROBOV:
        korobov_init(&m->korobov, d, design_points(m), m->key);
        return 0;
    case LATIN:
        return latin_init(&m->latin, d, design_points(m), LATIN_DRAWN, m->key);
    case LATIN_IMPROVED:
        return latin_init(&m->latin, d, design_points(m), LATIN_MAXIMIN, m->key);
    case SUDOKU:
        return latin_init(&m->latin, d, design_points(m), LATIN_SUDOKU, m->key);
    default:
        return 0;
    }
}

static int32_t init(void *state, const struct method_context *context)
{
    struct design *m = state;
    struct rng rng;
    rng_start(&rng, context->seed, 0, RNG_DESIGN);
    uint64_t seed = rng_uint64(&rng);
    m->context = context;
    m->key = scramble_hash(seed, 4);
    m->sequence = sequence_of(context->options);
    m->u = mem_new(context->space->size, sizeof *m->u);
    int32_t rc = m->u ? grid_cells_new(&m->lattice, context) : fail_memory();
    if (rc)
        return rc;
    m->count = lattice_count(m->lattice);
    if (m->count > most_cells)
        m->count = most_cells;
    m->spread = m->sequence == UNIFORM ? 0 : 2 * m->count;
    return start_sequence(m, seed);
}

static uint64_t round_of(const struct design *m, uint64_t index)
{
    return index / (m->spread + m->count);
}

static int32_t observe(void *state, const struct observation *observation)
{
    struct design *m = state;
    sequence_observe(&m->next, observation);
    if (!m->context->repeats)
        sequence_return(&m->next, observation);
    if (!m->context->repeats || observation->kind != OBSERVED_ASKED || observation->origin != AFINA_ORIGIN_SUGGESTED)
        return 0;
    if (m->round != round_of(m, m->next - 1))
        point_set_fini(&m->tried);
    m->round = round_of(m, m->next - 1);
    return point_set_add(&m->tried, observation->point);
}

/* The index goes on over rounds, so no two are alike. */
static void sequence_point(struct design *m, uint64_t index)
{
    switch (m->sequence) {
    case SOBOL:
        sobol_point(&m->sobol, index, m->u);
        return;
    case HALTON:
        halton_point(&m->halton, index, m->u);
        return;
    case KOROBOV:
        korobov_point(&m->korobov, index, m->u);
        return;
    default:
        latin_point(&m->latin, index, m->u);
        return;
    }
}

static void cell_at(struct design *m, uint64_t index, struct point *out)
{
    uint64_t round = round_of(m, index), at = index % (m->spread + m->count);
    if (at < m->spread) {
        sequence_point(m, round * m->spread + at);
        lattice_from_unit(m->lattice, m->u, out);
    } else {
        uint64_t rank = scramble_permute(at - m->spread, m->count, scramble_hash(m->key, round));
        lattice_unrank(m->lattice, rank, out);
    }
}

static int is_tried(const struct design *m, uint64_t index, const struct point *point)
{
    if (!m->context->repeats)
        return point_set_contains(m->context->seen, point);
    return round_of(m, index) == m->round && point_set_contains(&m->tried, point);
}

/* Where the search for a cell ends: where points repeat, with the next round. */
static uint64_t end_of(const struct design *m)
{
    uint64_t rounds = m->context->repeats ? round_of(m, m->next) + 2 : 1;
    return rounds * (m->spread + m->count);
}

static int try_cell(void *state, uint64_t index, struct point *out)
{
    struct design *m = state;
    cell_at(m, index, out);
    return is_tried(m, index, out);
}

static int32_t suggest(void *state, struct suggestion *suggestion)
{
    struct design *m = state;
    const struct grid_search search = {.context = m->context, .first = m->next, .end = end_of(m), .cell = try_cell};
    return grid_search_suggest(&search, m, suggestion);
}

static void fini(void *state)
{
    struct design *m = state;
    lattice_free(m->lattice);
    sobol_fini(&m->sobol);
    halton_fini(&m->halton);
    latin_fini(&m->latin);
    point_set_fini(&m->tried);
    mem_free(m->u);
}

static const struct option OPTIONS[] = {
    {"sequence", AFINA_OPTION_STRING, 0, 0, 0, "sobol",
     "uniform,sobol,halton,korobov,latin,latin_improved,latin_sudoku", "what draws the cells"},
    GRID_CELLS_OPTIONS,
    {"points", AFINA_OPTION_INTEGER, 0, 1e4, 0, "", "",
     "points of one Latin or Korobov design, best the number of trials; 0: as the grid, at most 1009, improved 500"},
};

const struct method method_design = {
    .name = "design",
    .summary = "the cells of a grid in a random order, each once, drawn by a sequence that spreads",
    .traits = METHOD_MANY_OBJECTIVES | METHOD_ENDS,
    .options = OPTIONS,
    .n_options = sizeof OPTIONS / sizeof *OPTIONS,
    .state_size = sizeof(struct design),
    .init = init,
    .observe = observe,
    .suggest = suggest,
    .fini = fini,
};
