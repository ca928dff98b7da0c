/* Counting without listing.
 *
 * The values of a parameter fall into segments of cells between which no
 * condition on it changes. A child with one parent hangs below it as a tree:
 *
 *     T(c) = sum over segments s of W(s),    W(s) = cells(s) * P(s),
 *     P(s) = product of T(d) over the tree children d that s switches on.
 *
 * Parameters with several parents, and all their ancestors, form cores. A core is
 * walked in topological order; the state is the set of its members that some
 * condition has switched off, and f(i, state) counts the completions from member
 * i on. A parameter that is neither is a core of one. Cores multiply. All sums
 * and products saturate at UINT64_MAX.
 *
 * Check value: n in 1..3 with children a (n >= 2, 4 values), b (n >= 3, 5):
 * 1 + 4 + 20 = 25.
 */
#include "core/fail.h"
#include "core/mem.h"
#include "space/lattice_parts.h"

#include <stdlib.h>

enum { MOST_CORE = 64, MOST_STATES = 1 << 16 };

/* ------------------------------------------------------------------ structure */

/* 1 when the parameter has conditions on more than one parent. */
static int has_parents(const struct parameter *p)
{
    for (size_t k = 1; k < p->n_conditions; k++)
        if (p->conditions[k].parent != p->conditions[0].parent)
            return 1;
    return 0;
}

/* Union-find with path halving. */
static size_t root_of(size_t *up, size_t i)
{
    while (up[i] != i) {
        up[i] = up[up[i]];
        i = up[i];
    }
    return i;
}

/* Marks members of cores: every parameter with several parents, its ancestors,
 * and every parameter that has no parent at all. Joins those that share a
 * condition. */
static void mark_cores(const struct space *space, unsigned char *in_core, size_t *up)
{
    for (size_t i = 0; i < space->size; i++)
        up[i] = i;
    for (size_t at = space->size; at-- > 0;) {
        size_t i = space->order[at];
        const struct parameter *p = &space->parameters[i];
        if (has_parents(p))
            in_core[i] = 1;
        for (size_t k = 0; in_core[i] && k < p->n_conditions; k++) {
            in_core[p->conditions[k].parent] = 1;
            up[root_of(up, i)] = root_of(up, p->conditions[k].parent);
        }
        if (p->n_conditions == 0)
            in_core[i] = 1;
    }
}

static int32_t add_member(struct lattice *lattice, size_t index, size_t member)
{
    struct core *core = &lattice->cores[index];
    if (core->n == MOST_CORE)
        return fail(AFINA_E_UNSUPPORTED, "the conditions tie more than %d parameters together: too many to count",
                    MOST_CORE);
    void *grown = mem_resize(core->members, core->n + 1, sizeof *core->members);
    if (!grown)
        return fail_memory();
    core->members = grown;
    core->members[core->n++] = member;
    lattice->nodes[member].core = index;
    return 0;
}

int32_t lattice_find_cores(struct lattice *lattice)
{
    const struct space *space = lattice->space;
    unsigned char *in_core = mem_new(space->size, 1);
    size_t *up = mem_new(space->size, sizeof *up);
    size_t *core_of = mem_new(space->size, sizeof *core_of); /* of a root: index + 1 */
    lattice->cores = mem_new(space->size, sizeof *lattice->cores);
    int32_t rc = in_core && up && core_of && lattice->cores ? 0 : fail_memory();
    if (!rc)
        mark_cores(space, in_core, up);
    for (size_t at = 0; at < space->size && !rc; at++) {
        size_t i = space->order[at];
        lattice->nodes[i].core = NOT_CORE;
        if (!in_core[i])
            continue;
        size_t root = root_of(up, i);
        if (core_of[root] == 0)
            core_of[root] = ++lattice->n_cores;
        rc = add_member(lattice, core_of[root] - 1, i);
    }
    mem_free(in_core);
    mem_free(up);
    mem_free(core_of);
    return rc;
}

static int32_t add_child(struct node *node, size_t child)
{
    void *grown = mem_resize(node->children, node->n_children + 1, sizeof *node->children);
    if (!grown)
        return fail_memory();
    node->children = grown;
    node->children[node->n_children++] = child;
    return 0;
}

/* The position of a member in its core. */
static size_t position_of(const struct core *core, size_t member)
{
    size_t i = 0;
    while (core->members[i] != member)
        i++;
    return i;
}

/* Hangs every parameter below its parents: as a tree child, or by its bit. */
int32_t lattice_link(struct lattice *lattice, struct breaks *breaks)
{
    const struct space *space = lattice->space;
    int32_t rc = 0;
    for (size_t i = 0; i < space->size && !rc; i++) {
        const struct parameter *p = &space->parameters[i];
        struct node *node = &lattice->nodes[i];
        for (size_t k = 0; k < p->n_conditions && !rc; k++) {
            size_t parent = p->conditions[k].parent;
            struct node *above = &lattice->nodes[parent];
            rc = node_break(&breaks[parent], &space->parameters[parent], above, &p->conditions[k]);
            if (rc)
                break;
            if (node->core != NOT_CORE)
                above->core_children |= (uint64_t)1 << position_of(&lattice->cores[node->core], i);
            else if (k == 0)
                rc = add_child(above, i);
        }
    }
    return rc;
}

/* 1 when cell k of `parent` satisfies all conditions that child has on it. */
int lattice_switches_on(const struct lattice *lattice, size_t parent, uint64_t k, size_t child)
{
    const struct parameter *p = &lattice->space->parameters[parent];
    const struct parameter *c = &lattice->space->parameters[child];
    union value v = node_value(p, &lattice->nodes[parent], k);
    for (size_t i = 0; i < c->n_conditions; i++)
        if (c->conditions[i].parent == parent && !condition_holds(&c->conditions[i], p, v))
            return 0;
    return 1;
}

/* Weighs the segments of a parameter whose descendants are weighed. */
void lattice_weigh(struct lattice *lattice, size_t i)
{
    struct node *node = &lattice->nodes[i];
    const struct core *core = node->core != NOT_CORE ? &lattice->cores[node->core] : NULL;
    node->total = 0;
    for (size_t s = 0; s < node->n_segments; s++) {
        struct segment *segment = &node->segments[s];
        for (size_t d = 0; d < node->n_children; d++)
            if (lattice_switches_on(lattice, i, segment->begin, node->children[d]))
                segment->each = multiply_saturated(segment->each, lattice->nodes[node->children[d]].total);
        for (size_t m = 0; core && m < core->n; m++)
            if ((node->core_children >> m & 1) && !lattice_switches_on(lattice, i, segment->begin, core->members[m]))
                segment->off |= (uint64_t)1 << m;
        node->total = add_saturated(node->total, multiply_saturated(segment->end - segment->begin, segment->each));
    }
}

/* ---------------------------------------------------------------------- cores */

uint64_t core_skip(const struct lattice *lattice, const struct core *core, size_t level, uint64_t state)
{
    uint64_t bit = (uint64_t)1 << level;
    return (state | lattice->nodes[core->members[level]].core_children) & ~bit;
}

static int32_t reach(struct level *level, size_t *capacity, uint64_t state)
{
    void *grown = level->states;
    int32_t rc = mem_reserve(&grown, capacity, level->n + 1, sizeof *level->states);
    level->states = grown;
    if (!rc)
        level->states[level->n++] = state;
    return rc;
}

static void unique(struct level *level)
{
    size_t n = 0;
    qsort(level->states, level->n, sizeof *level->states, compare_uint64);
    for (size_t i = 0; i < level->n; i++)
        if (n == 0 || level->states[n - 1] != level->states[i])
            level->states[n++] = level->states[i];
    level->n = n;
}

/* Finds the states of level i + 1 from those of level i. */
static int32_t expand(const struct lattice *lattice, const struct core *core, size_t i)
{
    const struct node *node = &lattice->nodes[core->members[i]];
    const struct level *from = &core->levels[i];
    struct level *to = &core->levels[i + 1];
    uint64_t bit = (uint64_t)1 << i;
    size_t capacity = 0;
    int32_t rc = 0;
    for (size_t s = 0; s < from->n && !rc; s++) {
        uint64_t state = from->states[s];
        if (state & bit) {
            rc = reach(to, &capacity, core_skip(lattice, core, i, state));
            continue;
        }
        uint64_t last = UINT64_MAX;
        for (size_t k = 0; k < node->n_segments && !rc; k++) {
            uint64_t next = state | node->segments[k].off;
            if (k == 0 || next != last)
                rc = reach(to, &capacity, next);
            last = next;
        }
    }
    if (!rc)
        unique(to);
    return rc;
}

uint64_t level_completions(const struct level *level, uint64_t state)
{
    const uint64_t *at = bsearch(&state, level->states, level->n, sizeof state, compare_uint64);
    return level->counts[at - level->states];
}

static void count_level(const struct lattice *lattice, struct core *core, size_t i)
{
    const struct node *node = &lattice->nodes[core->members[i]];
    struct level *level = &core->levels[i];
    uint64_t bit = (uint64_t)1 << i;
    for (size_t s = 0; s < level->n; s++) {
        uint64_t state = level->states[s];
        level->counts[s] = 0;
        if (state & bit) {
            uint64_t next = core_skip(lattice, core, i, state);
            level->counts[s] = level_completions(&core->levels[i + 1], next);
            continue;
        }
        for (size_t k = 0; k < node->n_segments; k++) {
            const struct segment *segment = &node->segments[k];
            uint64_t ways = multiply_saturated(segment->end - segment->begin, segment->each);
            uint64_t rest = level_completions(&core->levels[i + 1], state | segment->off);
            level->counts[s] = add_saturated(level->counts[s], multiply_saturated(ways, rest));
        }
    }
}

int32_t core_count(struct lattice *lattice, struct core *core, size_t *states)
{
    core->levels = mem_new(core->n + 1, sizeof *core->levels);
    if (!core->levels)
        return fail_memory();
    size_t capacity = 0;
    int32_t rc = reach(&core->levels[0], &capacity, 0);
    for (size_t i = 0; i < core->n && !rc; i++) {
        rc = expand(lattice, core, i);
        *states += core->levels[i + 1].n;
        if (!rc && *states > MOST_STATES)
            rc = fail(AFINA_E_UNSUPPORTED, "the conditions are too entangled to count the points of the space");
    }
    for (size_t i = 0; i <= core->n && !rc; i++) {
        core->levels[i].counts = mem_new(core->levels[i].n, sizeof *core->levels[i].counts);
        if (!core->levels[i].counts)
            rc = fail_memory();
    }
    if (rc)
        return rc;
    for (size_t s = 0; s < core->levels[core->n].n; s++)
        core->levels[core->n].counts[s] = 1;
    for (size_t i = core->n; i-- > 0;)
        count_level(lattice, core, i);
    return 0;
}

uint64_t core_total(const struct core *core)
{
    return core->levels[0].counts[0];
}
