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
#include "method/parts/position.h"
#include "numeric/scramble.h"

#include <string.h>

struct grid {
    const struct method_context *context;
    struct lattice *lattice;
    uint64_t count;
    int shuffled;
    uint64_t key;
    uint64_t next; /* position of the next suggestion; counts on over repeats */
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
        position_return(&m->next, observation);
    else
        position_observe(&m->next, observation);
    return 0;
}

static void point_at(const struct grid *m, uint64_t position, struct point *out)
{
    uint64_t round = position / m->count, rank = position % m->count;
    if (m->shuffled)
        rank = scramble_permute(rank, m->count, scramble_hash(m->key, round));
    lattice_unrank(m->lattice, rank, out);
}

static int is_tried(const struct grid *m, const struct point *point)
{
    return !m->context->repeats && point_set_contains(m->context->seen, point);
}

/* A further attempt takes the next wanted point. Where points repeat the search ends after
 * one round. */
static int32_t suggest(void *state, struct suggestion *suggestion)
{
    const struct grid *m = state;
    struct grid_scan scan = {.skip = suggestion->attempt};
    uint64_t end = m->context->repeats ? m->next + m->count : m->count;
    for (uint64_t position = m->next; position < end && !grid_scan_is_long(&scan); position++) {
        point_at(m, position, suggestion->point);
        int32_t taken = grid_scan_takes(&scan, m->context, suggestion->point, is_tried(m, suggestion->point));
        if (taken < 0)
            return taken;
        if (taken) {
            position_write(suggestion, position + 1);
            return 0;
        }
    }
    return grid_scan_end(&scan, m->context, m->next);
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
