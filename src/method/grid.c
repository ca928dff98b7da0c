/* grid: every combination of levels, each once, without a list of them.
 *
 * Choices (categorical, ordinal) and discrete parameters of no more values than
 * `levels` take all their values; the others take that many, spread evenly in
 * probability under their prior. Position p of the grid is point pi(p) of the
 * space's lattice, which counts and unranks conditional combinations exactly
 * (space/lattice.h), so a grid of 2^60 points costs no more than one of 60.
 *
 * Order "sequential", the default, is what users of a grid expect: pi(p) = p, the
 * last parameter varies fastest. With "shuffled" pi is a pseudo-random permutation
 * (numeric/scramble.c), so that a budget that ends early has seen an even sample.
 *
 * Choices of weight 0 are not in the grid. Points that the study has seen and points
 * that the filter forbids are passed over. At the end the answer is AFINA_EXHAUSTED;
 * with the study's option `repeats` the grid starts again instead, in a new
 * shuffled order, and an enqueued point does not take a grid point's place.
 */
#include "method/method.h"

#include "method/parts/grid_cells.h"
#include "method/parts/sequence.h"
#include "numeric/scramble.h"

#include <string.h>

struct grid {
    const struct method_context *context;
    struct lattice *lattice;
    uint64_t count;
    int shuffled;
    uint64_t key;
    uint64_t next; /* index of the next suggestion; counts on over repeats */
};

static int32_t init(void *state, const struct method_context *context)
{
    struct grid *m = state;
    struct rng rng;
    rng_start(&rng, context->seed, 0, RNG_DESIGN);
    m->context = context;
    m->key = scramble_hash(rng_uint64(&rng), 3);
    m->shuffled = strcmp(option_string(context->options, "order"), "shuffled") == 0;
    int32_t rc = grid_cells_new(&m->lattice, context);
    if (rc)
        return rc;
    m->count = lattice_count(m->lattice);
    return 0;
}

static int32_t observe(void *state, const struct observation *observation)
{
    struct grid *m = state;
    if (observation->kind == OBSERVED_TOLD && !m->context->repeats)
        sequence_return(&m->next, observation);
    else
        sequence_observe(&m->next, observation);
    return 0;
}

/* The point at the index; 1 when it was tried. */
static int point_at(void *state, uint64_t index, struct point *out)
{
    const struct grid *m = state;
    uint64_t round = index / m->count, rank = index % m->count;
    if (m->shuffled)
        rank = scramble_permute(rank, m->count, scramble_hash(m->key, round));
    lattice_unrank(m->lattice, rank, out);
    return !m->context->repeats && point_set_contains(m->context->seen, out);
}

/* Where points repeat the search ends after one round. */
static int32_t suggest(void *state, struct suggestion *suggestion)
{
    const struct grid *m = state;
    const struct grid_search search = {
        .context = m->context,
        .first = m->next,
        .end = m->context->repeats ? m->next + m->count : m->count,
        .cell = point_at,
    };
    return grid_search_suggest(&search, state, suggestion);
}

static void fini(void *state)
{
    struct grid *m = state;
    lattice_free(m->lattice);
}

static const struct option OPTIONS[] = {
    GRID_CELLS_OPTIONS,
    {"order", AFINA_OPTION_STRING, 0, 0, 0, "sequential", "sequential,shuffled",
     "sequential: the last parameter varies fastest; shuffled: a random order"},
};

const struct method method_grid = {
    .name = "grid",
    .summary = "every combination of levels, each once, without a list of them",
    .traits = METHOD_MANY_OBJECTIVES | METHOD_ENDS,
    .options = OPTIONS,
    .n_options = sizeof OPTIONS / sizeof *OPTIONS,
    .state_size = sizeof(struct grid),
    .init = init,
    .observe = observe,
    .suggest = suggest,
    .fini = fini,
};
