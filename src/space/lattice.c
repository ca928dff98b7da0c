/* Counting, ranking and unranking without listing.
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
#include "space/lattice.h"

#include "core/fail.h"
#include "core/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_CORE = 64, MOST_STATES = 1 << 16, MOST_CHOSEN = 1 << 16 };

struct segment {
    uint64_t begin, end; /* cells [begin, end) */
    uint64_t each;       /* P: completions of the tree children, for one cell */
    uint64_t off;        /* core: members that these cells switch off */
};

struct node {
    uint64_t cells;
    uint64_t *chosen; /* the parameter's own cells that a grid takes; NULL: all, or evenly by index */
    struct segment *segments;
    size_t n_segments;
    size_t *children; /* tree children, ascending */
    size_t n_children;
    uint64_t total;         /* T of a tree child */
    size_t core;            /* index of the core, or NOT_CORE */
    uint64_t core_children; /* members of the core that have a condition on this one */
};

static const size_t NOT_CORE = SIZE_MAX;

struct level {
    uint64_t *states, *counts;
    size_t n;
};

struct core {
    size_t *members; /* parameters, in topological order */
    size_t n;
    struct level *levels; /* n + 1 */
};

struct lattice {
    struct space *space;
    struct node *nodes;
    struct core *cores;
    size_t n_cores;
    uint64_t count;
};

static uint64_t add(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

static uint64_t multiply(uint64_t a, uint64_t b)
{
    return b != 0 && a > UINT64_MAX / b ? UINT64_MAX : a * b;
}

/* ---------------------------------------------------------------------- cells */

/* The value of a cell: one of the parameter's own, or one of `cells` spread
 * evenly in u - ends included where the prior is uniform. */
static union value cell_value(const struct parameter *p, const struct node *node, uint64_t k)
{
    if (node->chosen)
        return parameter_value_at(p, node->chosen[k]);
    if (p->cells != 0 && node->cells == p->cells)
        return parameter_value_at(p, k);
    double share = node->cells > 1 ? (double)k / (double)(node->cells - 1) : 0.5;
    if (p->cells != 0)
        return parameter_value_at(p, share < 1 ? (uint64_t)(share * (double)p->last + 0.5) : p->last);
    if (p->prior != AFINA_PRIOR_UNIFORM)
        share = ((double)k + 0.5) / (double)node->cells;
    return parameter_from_unit(p, share);
}

/* The own cells that stand evenly in u, each at most once: pushed up, then down,
 * where several levels fall into one cell. */
static void spread_evenly(const struct parameter *p, uint64_t *chosen, uint64_t cells)
{
    for (uint64_t k = 0; k < cells; k++) {
        double u = cells > 1 ? (double)k / (double)(cells - 1) : 0.5;
        chosen[k] = parameter_index_of(p, parameter_from_unit(p, u));
        if (k > 0 && chosen[k] <= chosen[k - 1])
            chosen[k] = chosen[k - 1] + 1;
    }
    for (uint64_t k = cells; k-- > 0;) {
        uint64_t most = k + 1 < cells ? chosen[k + 1] - 1 : p->last;
        if (chosen[k] > most)
            chosen[k] = most;
    }
}

/* A grid of fewer cells than a number has values: evenly by index where that is
 * even in u too, and where there are too many to list. */
static int32_t choose(const struct parameter *p, struct node *node)
{
    if (p->cells == 0 || node->cells == p->cells || node->cells > MOST_CHOSEN)
        return 0;
    if (p->prior == AFINA_PRIOR_UNIFORM && p->scale == AFINA_LINEAR && !p->weights)
        return 0;
    node->chosen = mem_new((size_t)node->cells, sizeof *node->chosen);
    if (!node->chosen)
        return fail_memory();
    spread_evenly(p, node->chosen, node->cells);
    return 0;
}

/* v <= w, by the order of the cells. */
static int not_above(const struct parameter *p, union value v, union value w)
{
    return p->kind == AFINA_REAL ? v.real <= w.real : v.integer <= w.integer;
}

/* The last cell whose value is not above v (0 when all are), by bisection. */
static uint64_t cell_at_or_below(const struct parameter *p, const struct node *node, union value v)
{
    uint64_t low = 0, high = node->cells;
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        if (not_above(p, cell_value(p, node, middle), v))
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* How far the values are apart in u, or in the kind's own order. */
static double gap(const struct parameter *p, union value a, union value b)
{
    if (p->kind != AFINA_REAL && p->kind != AFINA_INTEGER)
        return fabs((double)a.integer - (double)b.integer);
    return fabs(parameter_to_unit(p, a) - parameter_to_unit(p, b));
}

static uint64_t nearest_cell(const struct parameter *p, const struct node *node, union value v)
{
    if (p->cells != 0 && node->cells == p->cells)
        return parameter_index_of(p, v);
    uint64_t k = cell_at_or_below(p, node, v);
    if (k + 1 < node->cells && gap(p, cell_value(p, node, k + 1), v) < gap(p, cell_value(p, node, k), v))
        k++;
    return k;
}

/* ------------------------------------------------------------------- segments */

/* A growing list of cells where some condition changes. */
struct breaks {
    uint64_t *at;
    size_t n, capacity;
};

static int32_t push(struct breaks *breaks, uint64_t at, uint64_t cells)
{
    if (at == 0 || at >= cells)
        return 0;
    void *grown = breaks->at;
    int32_t rc = mem_reserve(&grown, &breaks->capacity, breaks->n + 1, sizeof *breaks->at);
    breaks->at = grown;
    if (!rc)
        breaks->at[breaks->n++] = at;
    return rc;
}

/* The first cell for which a comparison says otherwise than for cell 0, given
 * that it changes once at most; `cells` when it does not. */
static uint64_t find_change(const struct parameter *p, const struct node *node, int32_t comparison, double number)
{
    struct condition c = {.comparison = comparison, .number = number};
    int first = condition_holds(&c, p, cell_value(p, node, 0));
    uint64_t low = 0, high = node->cells;
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        if (condition_holds(&c, p, cell_value(p, node, middle)) == first)
            low = middle;
        else
            high = middle;
    }
    return high;
}

/* Choices in any order of their numbers: every cell may differ. */
static int32_t break_everywhere(struct breaks *breaks, uint64_t cells)
{
    int32_t rc = 0;
    for (uint64_t k = 1; k < cells && !rc; k++)
        rc = push(breaks, k, cells);
    return rc;
}

static int32_t push_condition(struct breaks *breaks, const struct parameter *p, const struct node *node,
                              const struct condition *c)
{
    uint64_t cells = node->cells;
    int32_t rc = 0;
    if (c->comparison != SPACE_IN) {
        if (p->kind == AFINA_ORDINAL)
            return break_everywhere(breaks, cells);
        rc = push(breaks, find_change(p, node, AFINA_LESS, c->number), cells);
        return rc ? rc : push(breaks, find_change(p, node, AFINA_LESS_EQUAL, c->number), cells);
    }
    for (size_t i = 0; i < c->n_members && !rc; i++) {
        union value v = {.integer = c->members[i]};
        uint64_t k = cell_at_or_below(p, node, v);
        rc = push(breaks, k, cells);
        if (!rc && k < UINT64_MAX)
            rc = push(breaks, k + 1, cells);
    }
    return rc;
}

static int compare_cells(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Cuts the cells of parameter p at every break. */
static int32_t make_segments(struct node *node, struct breaks *breaks)
{
    if (breaks->n > 0)
        qsort(breaks->at, breaks->n, sizeof *breaks->at, compare_cells);
    node->segments = mem_new(breaks->n + 1, sizeof *node->segments);
    if (!node->segments)
        return fail_memory();
    uint64_t begin = 0;
    for (size_t i = 0; i <= breaks->n; i++) {
        uint64_t end = i < breaks->n ? breaks->at[i] : node->cells;
        if (end > begin)
            node->segments[node->n_segments++] = (struct segment){.begin = begin, .end = end, .each = 1};
        begin = end > begin ? end : begin;
    }
    return 0;
}

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

static int32_t make_cores(struct lattice *lattice)
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
static int32_t link_children(struct lattice *lattice, struct breaks *breaks)
{
    const struct space *space = lattice->space;
    int32_t rc = 0;
    for (size_t i = 0; i < space->size && !rc; i++) {
        const struct parameter *p = &space->parameters[i];
        struct node *node = &lattice->nodes[i];
        for (size_t k = 0; k < p->n_conditions && !rc; k++) {
            size_t parent = p->conditions[k].parent;
            struct node *above = &lattice->nodes[parent];
            rc = push_condition(&breaks[parent], &space->parameters[parent], above, &p->conditions[k]);
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
static int switches_on(const struct lattice *lattice, size_t parent, uint64_t k, size_t child)
{
    const struct parameter *p = &lattice->space->parameters[parent];
    const struct parameter *c = &lattice->space->parameters[child];
    union value v = cell_value(p, &lattice->nodes[parent], k);
    for (size_t i = 0; i < c->n_conditions; i++)
        if (c->conditions[i].parent == parent && !condition_holds(&c->conditions[i], p, v))
            return 0;
    return 1;
}

/* Weighs the segments of a parameter whose descendants are weighed. */
static void weigh(struct lattice *lattice, size_t i)
{
    struct node *node = &lattice->nodes[i];
    const struct core *core = node->core != NOT_CORE ? &lattice->cores[node->core] : NULL;
    node->total = 0;
    for (size_t s = 0; s < node->n_segments; s++) {
        struct segment *segment = &node->segments[s];
        for (size_t d = 0; d < node->n_children; d++)
            if (switches_on(lattice, i, segment->begin, node->children[d]))
                segment->each = multiply(segment->each, lattice->nodes[node->children[d]].total);
        for (size_t m = 0; core && m < core->n; m++)
            if ((node->core_children >> m & 1) && !switches_on(lattice, i, segment->begin, core->members[m]))
                segment->off |= (uint64_t)1 << m;
        node->total = add(node->total, multiply(segment->end - segment->begin, segment->each));
    }
}

/* ---------------------------------------------------------------------- cores */

/* What an inactive member switches off: all that depends on it. */
static uint64_t next_off(const struct lattice *lattice, size_t member)
{
    return lattice->nodes[member].core_children;
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
    qsort(level->states, level->n, sizeof *level->states, compare_cells);
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
            rc = reach(to, &capacity, (state | next_off(lattice, core->members[i])) & ~bit);
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

static uint64_t completions(const struct level *level, uint64_t state)
{
    const uint64_t *at = bsearch(&state, level->states, level->n, sizeof state, compare_cells);
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
            uint64_t next = (state | next_off(lattice, core->members[i])) & ~bit;
            level->counts[s] = completions(&core->levels[i + 1], next);
            continue;
        }
        for (size_t k = 0; k < node->n_segments; k++) {
            const struct segment *segment = &node->segments[k];
            uint64_t ways = multiply(segment->end - segment->begin, segment->each);
            uint64_t rest = completions(&core->levels[i + 1], state | segment->off);
            level->counts[s] = add(level->counts[s], multiply(ways, rest));
        }
    }
}

static int32_t count_core(struct lattice *lattice, struct core *core, size_t *states)
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

static uint64_t core_count(const struct core *core)
{
    return core->levels[0].counts[0];
}

/* --------------------------------------------------------------------- making */

void lattice_free(struct lattice *lattice)
{
    if (!lattice)
        return;
    for (size_t i = 0; lattice->nodes && i < lattice->space->size; i++) {
        mem_free(lattice->nodes[i].chosen);
        mem_free(lattice->nodes[i].segments);
        mem_free(lattice->nodes[i].children);
    }
    for (size_t c = 0; c < lattice->n_cores; c++) {
        struct core *core = &lattice->cores[c];
        for (size_t i = 0; core->levels && i <= core->n; i++) {
            mem_free(core->levels[i].states);
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

/* How many cells a parameter gets; 0 for a continuous one without levels. */
static uint64_t choose_cells(const struct parameter *p, uint64_t levels)
{
    if (p->cells == 0 || (levels != 0 && levels < p->cells))
        return levels;
    return p->cells;
}

static int32_t build(struct lattice *lattice)
{
    const struct space *space = lattice->space;
    size_t states = 0;
    struct breaks *breaks = mem_new(space->size, sizeof *breaks);
    int32_t rc = breaks ? make_cores(lattice) : fail_memory();
    if (!rc)
        rc = link_children(lattice, breaks);
    for (size_t at = space->size; at-- > 0 && !rc;) {
        size_t i = space->order[at];
        rc = make_segments(&lattice->nodes[i], &breaks[i]);
        if (!rc)
            weigh(lattice, i);
    }
    lattice->count = 1;
    for (size_t c = 0; c < lattice->n_cores && !rc; c++) {
        rc = count_core(lattice, &lattice->cores[c], &states);
        if (!rc)
            lattice->count = multiply(lattice->count, core_count(&lattice->cores[c]));
    }
    for (size_t i = 0; breaks && i < space->size; i++)
        mem_free(breaks[i].at);
    mem_free(breaks);
    return rc;
}

static int32_t make(struct lattice **out, struct space *space, const uint64_t *levels)
{
    *out = NULL;
    struct lattice *lattice = mem_new(1, sizeof *lattice);
    if (!lattice)
        return fail_memory();
    lattice->space = space_reference(space);
    lattice->nodes = mem_new(space->size, sizeof *lattice->nodes);
    int32_t rc = lattice->nodes ? 0 : fail_memory();
    for (size_t i = 0; i < space->size && !rc; i++) {
        const struct parameter *p = &space->parameters[i];
        lattice->nodes[i].cells = choose_cells(p, levels ? levels[i] : 0);
        if (lattice->nodes[i].cells == 0)
            rc = fail(AFINA_E_UNSUPPORTED, "parameter \"%s\" is continuous: the space has no end of points", p->name);
        else
            rc = choose(p, &lattice->nodes[i]);
    }
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
    return make(out, space, NULL);
}

int32_t lattice_grid(struct lattice **out, struct space *space, const uint64_t *levels)
{
    return make(out, space, levels);
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
        if (!switches_on(lattice, i, segment->begin, child))
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
        *rest = core ? completions(&core->levels[level + 1], state | segment->off) : 1;
        uint64_t ways = multiply(multiply(segment->end - segment->begin, segment->each), *rest);
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
    uint64_t each = multiply(segment->each, rest);
    uint64_t k = segment->begin + *rank / each;
    if (k >= segment->end)
        k = segment->end - 1;
    uint64_t below = *rank % each;
    *rank = below % rest;
    pass_down(lattice, i, segment, below / rest, point);
    point->value[i] = cell_value(&lattice->space->parameters[i], &lattice->nodes[i], k);
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
            state = (state | next_off(lattice, i)) & ~bit;
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
        uint64_t count = core_count(&lattice->cores[c]);
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

/* The cell of an active parameter, and the segment it lies in. */
static const struct segment *locate(const struct lattice *lattice, const struct point *point, size_t i, uint64_t *k)
{
    const struct node *node = &lattice->nodes[i];
    *k = nearest_cell(&lattice->space->parameters[i], node, point->value[i]);
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
        if (switches_on(lattice, i, segment->begin, child))
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
            state = (state | next_off(lattice, i)) & ~bit;
            continue;
        }
        uint64_t k;
        const struct level *next = &core->levels[level + 1];
        const struct segment *segment = locate(lattice, point, i, &k);
        for (const struct segment *s = lattice->nodes[i].segments; s < segment; s++)
            rank += (s->end - s->begin) * s->each * completions(next, state | s->off);
        uint64_t rest = completions(next, state | segment->off);
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
        *rank = *rank * core_count(&lattice->cores[c]) + rank_core(lattice, &lattice->cores[c], point, ranks);
    mem_free(ranks);
    return 0;
}
