/* What a lattice is made of, for the files that make it: cells (lattice_cells.c),
 * components (lattice_components.c), counts (lattice_count.c) and ranks (lattice.c). */
#ifndef AFINA_SPACE_LATTICE_PARTS_H
#define AFINA_SPACE_LATTICE_PARTS_H

#include "space/sorted_set.h"
#include "space/space.h"

/* Cells of one parameter between which no condition on it changes. */
struct segment {
    uint64_t begin, end; /* cells [begin, end) */
    uint64_t each;       /* P: completions of the tree children, for one cell */
    uint64_t off;        /* of a core member: the members that these cells switch off */
};

/* A parameter. */
struct node {
    uint64_t cells;
    uint64_t *chosen; /* the parameter's own cells that are taken; NULL: all, or evenly by index */
    struct segment *segments;
    size_t n_segments;
    size_t *children; /* tree children, ascending */
    size_t n_children;
    uint64_t total;         /* T of a tree child */
    size_t core;            /* index of the core, or NOT_CORE */
    uint64_t core_children; /* members of the core that have a condition on this one */

    /* Of a core member: the different sets of members that its segments switch off, and for
     * each set the sum of W over these segments. */
    struct sorted_set off;
    uint64_t *ways;
};

#define NOT_CORE SIZE_MAX

/* The states in which a core's walk may reach a member, and the completions from each. */
struct level {
    struct sorted_set states;
    uint64_t *counts;
};

struct core {
    size_t *members; /* parameters, parents before children */
    size_t n;
    struct level *levels; /* n + 1 */
};

struct lattice {
    struct space *space;
    struct node *nodes;
    struct core *cores;
    size_t n_cores;
    uint64_t count;
    uint64_t checks, states, steps; /* the work that was spent on counting, which is limited */
};

/* The cells of a parameter where some condition changes. */
struct breaks {
    struct sorted_set at;
    int everywhere; /* every cell is there */
};

/* --------------------------------------------------------- cells, lattice_cells.c */

/* Gives the node its cells: `levels` of the parameter's own, or all (0). With `suggestible`
 * choices of weight 0 are left out. */
int32_t node_choose(const struct parameter *p, uint64_t levels, int suggestible, struct node *node);

/* The value of a cell. */
union value node_value(const struct parameter *p, const struct node *node, uint64_t k);

/* The cell whose value is nearest. */
uint64_t node_nearest(const struct parameter *p, const struct node *node, union value v);

/* Adds the cells where a condition on the parameter changes. */
int32_t node_break(struct breaks *breaks, const struct parameter *p, const struct node *node,
                   const struct condition *c);

/* Cuts the cells into segments at every break. */
int32_t node_cut(struct node *node, struct breaks *breaks);

/* ----------------------------------------------- components, lattice_components.c */

/* Finds the cores, the parameters that are counted together, and orders their members so
 * that few conditions are open at a time. */
int32_t lattice_find_cores(struct lattice *lattice);

/* Hangs every parameter below its parents: as a tree child, or by its bit. */
int32_t lattice_link(struct lattice *lattice, struct breaks *breaks);

/* ------------------------------------------------------- counting, lattice_count.c */

/* Weighs the segments of a parameter whose descendants are weighed. */
int32_t lattice_weigh(struct lattice *lattice, size_t i);

/* 1 when cell k of `parent` satisfies all conditions that child has on it. */
int lattice_switches_on(const struct lattice *lattice, size_t parent, uint64_t k, size_t child);

/* Counts the completions from every state of a core. */
int32_t core_count(struct lattice *lattice, struct core *core);
uint64_t core_total(const struct core *core);

/* The state behind an inactive member: it switches off all that depends on it. */
uint64_t core_skip(const struct lattice *lattice, const struct core *core, size_t level, uint64_t state);

/* Completions from a state on. */
uint64_t level_completions(const struct level *level, uint64_t state);

/* Sums and products that stop at UINT64_MAX. */
static inline uint64_t add_saturated(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

static inline uint64_t multiply_saturated(uint64_t a, uint64_t b)
{
    return b != 0 && a > UINT64_MAX / b ? UINT64_MAX : a * b;
}

#endif
