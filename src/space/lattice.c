/* A lattice is made from the cells of its parameters (lattice_cells.c), its components
 * (lattice_components.c) and their counts (lattice_count.c). A rank is the number of points
 * before: of earlier segments, of earlier cells, and of what hangs below the cell,
 * in mixed radix. */
#include "space/lattice.h"

#include "core/fail.h"
#include "core/mem.h"
#include "space/lattice_parts.h"

#include <string.h>

void lattice_free(struct lattice *lattice)
{
    if (!lattice)
        return;
    for (size_t i = 0; lattice->nodes && i < lattice->space->size; i++) {
        mem_free(lattice->nodes[i].chosen);
        mem_free(lattice->nodes[i].segments);
        mem_free(lattice->nodes[i].children);
        mem_free(lattice->nodes[i].ways);
        sorted_set_fini(&lattice->nodes[i].off);
    }
    for (size_t c = 0; c < lattice->n_cores; c++) {
        struct core *core = &lattice->cores[c];
        for (size_t i = 0; core->levels && i <= core->n; i++) {
            sorted_set_fini(&core->levels[i].states);
            mem_free(core->levels[i].counts);
        }
        mem_free(core->levels);
        mem_free(core->members);
    }
    mem_free(lattice->nodes);
    mem_free(lattice->cores);
    space_release(lattice->space);
    mem_free(lattice);
}

static int32_t build(struct lattice *lattice)
{
    const struct space *space = lattice->space;
    struct breaks *breaks = mem_new(space->size, sizeof *breaks);
    int32_t rc = breaks ? lattice_find_cores(lattice) : fail_memory();
    if (!rc)
        rc = lattice_link(lattice, breaks);
    for (size_t at = space->size; at-- > 0 && !rc;) {
        size_t i = space->order[at];
        rc = node_cut(&lattice->nodes[i], &breaks[i]);
        if (!rc)
            rc = lattice_weigh(lattice, i);
    }
    lattice->count = 1;
    for (size_t c = 0; c < lattice->n_cores && !rc; c++) {
        rc = core_count(lattice, &lattice->cores[c]);
        if (!rc)
            lattice->count = multiply_saturated(lattice->count, core_total(&lattice->cores[c]));
    }
    for (size_t i = 0; breaks && i < space->size; i++)
        sorted_set_fini(&breaks[i].at);
    mem_free(breaks);
    return rc;
}

static int32_t make(struct lattice **out, struct space *space, const uint64_t *levels, int suggestible)
{
    *out = NULL;
    struct lattice *lattice = mem_new(1, sizeof *lattice);
    if (!lattice)
        return fail_memory();
    lattice->space = space_reference(space);
    lattice->nodes = mem_new(space->size, sizeof *lattice->nodes);
    int32_t rc = lattice->nodes ? 0 : fail_memory();
    for (size_t i = 0; i < space->size && !rc; i++)
        rc = node_choose(&space->parameters[i], levels ? levels[i] : 0, suggestible, &lattice->nodes[i]);
    if (!rc)
        rc = build(lattice);
    if (rc)
        lattice_free(lattice);
    else
        *out = lattice;
    return rc;
}

int32_t lattice_new(struct lattice **out, struct space *space)
{
    return make(out, space, NULL, 0);
}

int32_t lattice_suggestible(struct lattice **out, struct space *space)
{
    return make(out, space, NULL, 1);
}

int32_t lattice_grid(struct lattice **out, struct space *space, const uint64_t *levels)
{
    return make(out, space, levels, 1);
}

uint64_t lattice_count(const struct lattice *lattice)
{
    return lattice->count;
}

/* -------------------------------------------------------------------- ranking */

/* The residual ranks of tree children travel in their place of the point until
 * the child itself is set. */
static void pass_down(const struct lattice *lattice, size_t i, const struct segment *segment, uint64_t rank,
                      struct point *point)
{
    const struct node *node = &lattice->nodes[i];
    for (size_t d = node->n_children; d-- > 0;) {
        size_t child = node->children[d];
        if (!lattice_switches_on(lattice, i, segment->begin, child))
            continue;
        uint64_t total = lattice->nodes[child].total;
        point->value[child].integer = (int64_t)(rank % total);
        point->active[child] = 1;
        rank /= total;
    }
}

/* The segment that the rank falls into, the rank within it, and the completions
 * of the core behind it. */
static const struct segment *find_segment(const struct lattice *lattice, const struct core *core, size_t level,
                                          uint64_t state, size_t i, uint64_t *rank, uint64_t *rest)
{
    const struct node *node = &lattice->nodes[i];
    const struct segment *segment = node->segments;
    for (size_t s = 0; s < node->n_segments; s++) {
        segment = &node->segments[s];
        *rest = core ? level_completions(&core->levels[level + 1], state | segment->off) : 1;
        uint64_t ways = multiply_saturated(multiply_saturated(segment->end - segment->begin, segment->each), *rest);
        if (*rank < ways || s + 1 == node->n_segments)
            break;
        *rank -= ways;
    }
    return segment;
}

/* Sets one active parameter; returns the segment it fell into, and in *rank what
 * is left for the members of the core behind it. */
static const struct segment *place(const struct lattice *lattice, const struct core *core, size_t level, uint64_t state,
                                   size_t i, uint64_t *rank, struct point *point)
{
    uint64_t rest = 1;
    const struct segment *segment = find_segment(lattice, core, level, state, i, rank, &rest);
    uint64_t each = multiply_saturated(segment->each, rest);
    uint64_t k = segment->begin + *rank / each;
    if (k >= segment->end)
        k = segment->end - 1;
    uint64_t below = *rank % each;
    *rank = below % rest;
    pass_down(lattice, i, segment, below / rest, point);
    point->value[i] = node_value(&lattice->space->parameters[i], &lattice->nodes[i], k);
    point->active[i] = 1;
    return segment;
}

static void unrank_core(const struct lattice *lattice, const struct core *core, uint64_t rank, struct point *point)
{
    uint64_t state = 0;
    for (size_t level = 0; level < core->n; level++) {
        size_t i = core->members[level];
        uint64_t bit = (uint64_t)1 << level;
        if (state & bit)
            state = core_skip(lattice, core, level, state);
        else
            state |= place(lattice, core, level, state, i, &rank, point)->off;
    }
}

void lattice_unrank(const struct lattice *lattice, uint64_t rank, struct point *out)
{
    const struct space *space = lattice->space;
    memset(out->value, 0, space->size * sizeof *out->value);
    memset(out->active, 0, space->size);
    for (size_t c = lattice->n_cores; c-- > 0;) {
        uint64_t count = core_total(&lattice->cores[c]);
        unrank_core(lattice, &lattice->cores[c], rank % count, out);
        rank /= count;
    }
    for (size_t at = 0; at < space->size; at++) {
        size_t i = space->order[at];
        if (lattice->nodes[i].core != NOT_CORE || !out->active[i])
            continue;
        uint64_t residual = (uint64_t)out->value[i].integer;
        place(lattice, NULL, 0, 0, i, &residual, out);
    }
}

void lattice_from_unit(const struct lattice *lattice, const double *u, struct point *out)
{
    const struct space *space = lattice->space;
    memset(out->value, 0, space->size * sizeof *out->value);
    memset(out->active, 0, space->size);
    for (size_t at = 0; at < space->size; at++) {
        size_t i = space->order[at];
        const struct node *node = &lattice->nodes[i];
        if (!space_is_active(space, out, i))
            continue;
        double share = u[i] * (double)node->cells;
        uint64_t k = share < (double)node->cells ? (uint64_t)share : node->cells - 1;
        out->value[i] = node_value(&space->parameters[i], node, k);
        out->active[i] = 1;
    }
}

/* The cell of an active parameter, and the segment it lies in. */
static const struct segment *locate(const struct lattice *lattice, const struct point *point, size_t i, uint64_t *k)
{
    const struct node *node = &lattice->nodes[i];
    *k = node_nearest(&lattice->space->parameters[i], node, point->value[i]);
    size_t s = 0;
    while (*k >= node->segments[s].end && s + 1 < node->n_segments)
        s++;
    return &node->segments[s];
}

/* The rank within T of an active parameter: those of its tree children, which
 * come after it in the order, are in `ranks` already. */
static uint64_t rank_below(const struct lattice *lattice, size_t i, const struct segment *segment,
                           const uint64_t *ranks)
{
    const struct node *node = &lattice->nodes[i];
    uint64_t rank = 0;
    for (size_t d = 0; d < node->n_children; d++) {
        size_t child = node->children[d];
        if (lattice_switches_on(lattice, i, segment->begin, child))
            rank = rank * lattice->nodes[child].total + ranks[child];
    }
    return rank;
}

static uint64_t rank_tree(const struct lattice *lattice, const struct point *point, size_t i, const uint64_t *ranks)
{
    uint64_t k, rank = 0;
    const struct segment *segment = locate(lattice, point, i, &k);
    for (const struct segment *s = lattice->nodes[i].segments; s < segment; s++)
        rank += (s->end - s->begin) * s->each;
    return rank + (k - segment->begin) * segment->each + rank_below(lattice, i, segment, ranks);
}

static uint64_t rank_core(const struct lattice *lattice, const struct core *core, const struct point *point,
                          const uint64_t *ranks)
{
    uint64_t state = 0, rank = 0;
    for (size_t level = 0; level < core->n; level++) {
        size_t i = core->members[level];
        uint64_t bit = (uint64_t)1 << level;
        if (state & bit) {
            state = core_skip(lattice, core, level, state);
            continue;
        }
        uint64_t k;
        const struct level *next = &core->levels[level + 1];
        const struct segment *segment = locate(lattice, point, i, &k);
        for (const struct segment *s = lattice->nodes[i].segments; s < segment; s++)
            rank += (s->end - s->begin) * s->each * level_completions(next, state | s->off);
        uint64_t rest = level_completions(next, state | segment->off);
        rank += ((k - segment->begin) * segment->each + rank_below(lattice, i, segment, ranks)) * rest;
        state |= segment->off;
    }
    return rank;
}

int32_t lattice_rank(const struct lattice *lattice, const struct point *point, uint64_t *rank)
{
    const struct space *space = lattice->space;
    uint64_t *ranks = mem_new(space->size, sizeof *ranks); /* of tree children, within T */
    if (!ranks)
        return fail_memory();
    for (size_t at = space->size; at-- > 0;) {
        size_t i = space->order[at];
        if (lattice->nodes[i].core == NOT_CORE && point->active[i])
            ranks[i] = rank_tree(lattice, point, i, ranks);
    }
    *rank = 0;
    for (size_t c = 0; c < lattice->n_cores; c++)
        *rank = *rank * core_total(&lattice->cores[c]) + rank_core(lattice, &lattice->cores[c], point, ranks);
    mem_free(ranks);
    return 0;
}
