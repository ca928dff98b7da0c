/* Which parameters of a lattice are counted together, and in which order.
 *
 * Parameters with several parents, and all their ancestors, form cores; those that share
 * no condition are in different ones. A parameter that has no parent and no such
 * descendant is a core of one. All others hang below their only parent as its tree
 * children.
 *
 * A count walks through a core member by member, and remembers which of the members to
 * come are switched off. It has few states to remember when a child comes soon after its
 * parents: the child with the fewest ancestors that are not in the order yet is put there
 * next, with these ancestors before it.
 */
#include "core/fail.h"
#include "core/mem.h"
#include "space/lattice_parts.h"

#include <string.h>

enum { MOST_CORE = 64 };

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

/* Marks the members of cores, and joins those that share a condition. */
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

/* The position of a member in its core. */
static size_t position_of(const struct core *core, size_t member)
{
    size_t i = 0;
    while (core->members[i] != member)
        i++;
    return i;
}

static uint64_t bit(size_t position)
{
    return (uint64_t)1 << position;
}

static int count_bits(uint64_t set)
{
    int count = 0;
    for (; set != 0; set &= set - 1)
        count++;
    return count;
}

/* The ancestors of each member, as a set of positions; parents come before children. */
static void find_ancestors(const struct space *space, const struct core *core, uint64_t *ancestors)
{
    for (size_t m = 0; m < core->n; m++) {
        const struct parameter *p = &space->parameters[core->members[m]];
        ancestors[m] = 0;
        for (size_t k = 0; k < p->n_conditions; k++) {
            size_t up = position_of(core, p->conditions[k].parent);
            ancestors[m] |= bit(up) | ancestors[up];
        }
    }
}

/* The child that is not placed and lacks the fewest ancestors; core->n when all are. */
static size_t next_child(const struct core *core, const uint64_t *ancestors, uint64_t placed)
{
    size_t best = core->n;
    for (size_t m = 0; m < core->n; m++) {
        if ((placed & bit(m)) || ancestors[m] == 0)
            continue;
        if (best == core->n || count_bits(ancestors[m] & ~placed) < count_bits(ancestors[best] & ~placed))
            best = m;
    }
    return best;
}

/* Puts every child of the core soon after its parents. */
static void order_members(const struct space *space, struct core *core)
{
    uint64_t ancestors[MOST_CORE] = {0}, placed = 0;
    size_t ordered[MOST_CORE], n = 0;
    find_ancestors(space, core, ancestors);
    for (size_t child; (child = next_child(core, ancestors, placed)) < core->n;) {
        uint64_t wanted = (ancestors[child] | bit(child)) & ~placed;
        for (size_t m = 0; m < core->n; m++)
            if (wanted & bit(m))
                ordered[n++] = core->members[m];
        placed |= wanted;
    }
    if (n == core->n) /* a core of one has no child */
        memcpy(core->members, ordered, n * sizeof *ordered);
}

static int32_t collect_members(struct lattice *lattice, const unsigned char *in_core, size_t *up, size_t *core_of)
{
    const struct space *space = lattice->space;
    int32_t rc = 0;
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
    return rc;
}

int32_t lattice_find_cores(struct lattice *lattice)
{
    const struct space *space = lattice->space;
    unsigned char *in_core = mem_new(space->size, 1);
    size_t *up = mem_new(space->size, sizeof *up);
    size_t *core_of = mem_new(space->size, sizeof *core_of); /* of a root: index + 1 */
    lattice->cores = mem_new(space->size, sizeof *lattice->cores);
    int32_t rc = in_core && up && core_of && lattice->cores ? 0 : fail_memory();
    if (rc)
        goto out;
    mark_cores(space, in_core, up);
    rc = collect_members(lattice, in_core, up, core_of);
    for (size_t c = 0; c < lattice->n_cores && !rc; c++)
        order_members(space, &lattice->cores[c]);
out:
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
            if (!rc && node->core != NOT_CORE)
                above->core_children |= bit(position_of(&lattice->cores[node->core], i));
            else if (!rc && k == 0)
                rc = add_child(above, i);
        }
    }
    return rc;
}
