/* Counting without listing.
 *
 * The values of a parameter fall into segments of cells between which no
 * condition on it changes. A child with one parent hangs below it as a tree:
 *
 *     T(c) = sum over segments s of W(s),    W(s) = cells(s) * P(s),
 *     P(s) = product of T(d) over the tree children d that s switches on.
 *
 * A core (lattice_components.c) is walked from its first member to its last; the
 * state is the set of its members that some condition has switched off, and
 * f(i, state) counts the completions from member i on. Segments that switch the
 * same members off are taken together, so the work is the number of states times
 * the number of different sets. Cores multiply. All sums and products saturate at
 * UINT64_MAX.
 *
 * Conditions can be written down whose count would take for ever, since counting the
 * solutions of a set of conditions is #P-hard; so states, steps between states and
 * checks of conditions are limited.
 *
 * Check value: n in 1..3 with children a (n >= 2, 4 values), b (n >= 3, 5):
 * 1 + 4 + 20 = 25.
 */
#include "core/fail.h"
#include "core/mem.h"
#include "space/lattice_parts.h"

/* Of one lattice: states of all cores, steps from one state to another, and conditions that
 * are checked for a segment. */
enum { MOST_STATES = 1 << 16, MOST_STEPS = 1 << 22, MOST_CHECKS = 1 << 27 };

static int32_t fail_entangled(void)
{
    return fail(AFINA_E_UNSUPPORTED, "the conditions are too entangled to count the points of the space");
}

/* ---------------------------------------------------------------------- trees */

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

/* The conditions that one segment of parameter i is checked against. */
static uint64_t count_checks(const struct lattice *lattice, size_t i)
{
    const struct node *node = &lattice->nodes[i];
    uint64_t checks = 1;
    for (size_t d = 0; d < node->n_children; d++)
        checks += lattice->space->parameters[node->children[d]].n_conditions;
    const struct core *core = node->core != NOT_CORE ? &lattice->cores[node->core] : NULL;
    for (size_t m = 0; core && m < core->n; m++)
        if (node->core_children >> m & 1)
            checks += lattice->space->parameters[core->members[m]].n_conditions;
    return checks;
}

static void weigh_segment(const struct lattice *lattice, size_t i, struct segment *segment)
{
    const struct node *node = &lattice->nodes[i];
    const struct core *core = node->core != NOT_CORE ? &lattice->cores[node->core] : NULL;
    for (size_t d = 0; d < node->n_children; d++)
        if (lattice_switches_on(lattice, i, segment->begin, node->children[d]))
            segment->each = multiply_saturated(segment->each, lattice->nodes[node->children[d]].total);
    for (size_t m = 0; core && m < core->n; m++)
        if ((node->core_children >> m & 1) && !lattice_switches_on(lattice, i, segment->begin, core->members[m]))
            segment->off |= (uint64_t)1 << m;
}

static uint64_t weight_of(const struct segment *segment)
{
    return multiply_saturated(segment->end - segment->begin, segment->each);
}

/* Takes the segments of a core member that switch the same members off together. */
static int32_t join_segments(struct node *node)
{
    int32_t rc = 0;
    for (size_t s = 0; s < node->n_segments && !rc; s++)
        rc = sorted_set_add(&node->off, node->segments[s].off);
    if (rc)
        return rc;
    sorted_set_sort(&node->off);
    node->ways = mem_new(node->off.n, sizeof *node->ways);
    if (!node->ways)
        return fail_memory();
    for (size_t s = 0; s < node->n_segments; s++) {
        uint64_t *ways = &node->ways[sorted_set_index(&node->off, node->segments[s].off)];
        *ways = add_saturated(*ways, weight_of(&node->segments[s]));
    }
    return 0;
}

int32_t lattice_weigh(struct lattice *lattice, size_t i)
{
    struct node *node = &lattice->nodes[i];
    lattice->checks += node->n_segments * count_checks(lattice, i);
    if (lattice->checks > MOST_CHECKS)
        return fail_entangled();
    node->total = 0;
    for (size_t s = 0; s < node->n_segments; s++) {
        weigh_segment(lattice, i, &node->segments[s]);
        node->total = add_saturated(node->total, weight_of(&node->segments[s]));
    }
    return node->core != NOT_CORE ? join_segments(node) : 0;
}

/* ---------------------------------------------------------------------- cores */

uint64_t core_skip(const struct lattice *lattice, const struct core *core, size_t level, uint64_t state)
{
    uint64_t bit = (uint64_t)1 << level;
    return (state | lattice->nodes[core->members[level]].core_children) & ~bit;
}

static int32_t reach(struct lattice *lattice, struct level *level, uint64_t state)
{
    if (level->states.n > 2 * MOST_STATES || ++lattice->steps > MOST_STEPS)
        return fail_entangled();
    return sorted_set_add(&level->states, state);
}

/* Finds the states of level i + 1 from those of level i. */
static int32_t expand(struct lattice *lattice, struct core *core, size_t i)
{
    const struct node *node = &lattice->nodes[core->members[i]];
    const struct sorted_set *from = &core->levels[i].states;
    struct level *to = &core->levels[i + 1];
    int32_t rc = 0;
    for (size_t s = 0; s < from->n && !rc; s++) {
        uint64_t state = from->at[s];
        if (state >> i & 1) {
            rc = reach(lattice, to, core_skip(lattice, core, i, state));
            continue;
        }
        for (size_t k = 0; k < node->off.n && !rc; k++)
            rc = reach(lattice, to, state | node->off.at[k]);
    }
    if (rc)
        return rc;
    sorted_set_sort(&to->states);
    lattice->states += to->states.n;
    return lattice->states > MOST_STATES ? fail_entangled() : 0;
}

uint64_t level_completions(const struct level *level, uint64_t state)
{
    return level->counts[sorted_set_index(&level->states, state)];
}

/* Completions of member i and of those behind it, from a state that has it active. */
static uint64_t count_state(const struct node *node, const struct level *next, uint64_t state)
{
    uint64_t count = 0;
    for (size_t k = 0; k < node->off.n; k++) {
        uint64_t rest = level_completions(next, state | node->off.at[k]);
        count = add_saturated(count, multiply_saturated(node->ways[k], rest));
    }
    return count;
}

static int32_t count_level(const struct lattice *lattice, struct core *core, size_t i)
{
    struct level *level = &core->levels[i];
    level->counts = mem_new(level->states.n, sizeof *level->counts);
    if (!level->counts)
        return fail_memory();
    for (size_t s = 0; s < level->states.n; s++) {
        uint64_t state = level->states.at[s];
        if (i == core->n)
            level->counts[s] = 1;
        else if (state >> i & 1)
            level->counts[s] = level_completions(&core->levels[i + 1], core_skip(lattice, core, i, state));
        else
            level->counts[s] = count_state(&lattice->nodes[core->members[i]], &core->levels[i + 1], state);
    }
    return 0;
}

int32_t core_count(struct lattice *lattice, struct core *core)
{
    core->levels = mem_new(core->n + 1, sizeof *core->levels);
    if (!core->levels)
        return fail_memory();
    int32_t rc = reach(lattice, &core->levels[0], 0);
    for (size_t i = 0; i < core->n && !rc; i++)
        rc = expand(lattice, core, i);
    for (size_t i = core->n + 1; i-- > 0 && !rc;)
        rc = count_level(lattice, core, i);
    return rc;
}

uint64_t core_total(const struct core *core)
{
    return core->levels[0].counts[0];
}
