/* The cells of one parameter on a lattice: which values they stand for, and the
 * segments of cells between which no condition changes. */
#include "core/fail.h"
#include "core/mem.h"
#include "space/lattice_parts.h"

#include <math.h>
#include <string.h>

enum { MOST_CHOSEN = 1 << 16 };

/* The value of a cell: one of the parameter's own, or one of `cells` spread
 * evenly in u - ends included where the prior is uniform. */
union value node_value(const struct parameter *p, const struct node *node, uint64_t k)
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

/* The parameter's own cells that a lattice may take: all of them (`kept` is NULL), or the
 * choices that have a weight, ascending. */
struct candidates {
    uint64_t *kept;
    uint64_t n;
};

static uint64_t candidate_at(const struct candidates *c, uint64_t position)
{
    return c->kept ? c->kept[position] : position;
}

/* The position of the first candidate that is not below the cell. */
static uint64_t position_of(const struct candidates *c, uint64_t cell)
{
    uint64_t position = c->kept ? 0 : cell;
    while (c->kept && position + 1 < c->n && c->kept[position] < cell)
        position++;
    return position;
}

static int32_t keep_suggestible(const struct parameter *p, struct candidates *c)
{
    c->kept = mem_new((size_t)p->cells, sizeof *c->kept);
    if (!c->kept)
        return fail_memory();
    c->n = 0;
    for (uint64_t k = 0; k < p->cells; k++)
        if (parameter_is_suggestible(p, k))
            c->kept[c->n++] = k;
    return 0;
}

/* The candidates that stand evenly in u, each at most once: pushed up, then down,
 * where several levels fall into one cell. */
static void spread_evenly(const struct parameter *p, const struct candidates *c, uint64_t *chosen, uint64_t cells)
{
    for (uint64_t k = 0; k < cells; k++) {
        double u = cells > 1 ? (double)k / (double)(cells - 1) : 0.5;
        chosen[k] = position_of(c, parameter_index_of(p, parameter_from_unit(p, u)));
        if (k > 0 && chosen[k] <= chosen[k - 1])
            chosen[k] = chosen[k - 1] + 1;
    }
    for (uint64_t k = cells; k-- > 0;) {
        uint64_t most = k + 1 < cells ? chosen[k + 1] - 1 : c->n - 1;
        if (chosen[k] > most)
            chosen[k] = most;
    }
    for (uint64_t k = 0; k < cells; k++)
        chosen[k] = candidate_at(c, chosen[k]);
}

/* 1 when node_value() finds the cells without a list: all own cells are taken, or they are
 * spread evenly by index, which is even in u too, or there are too many to list. */
static int needs_no_list(const struct parameter *p, const struct node *node)
{
    if (p->cells == 0 || node->cells == p->cells)
        return 1;
    return !p->weights &&
           (node->cells > MOST_CHOSEN || (p->prior == AFINA_PRIOR_UNIFORM && p->scale == AFINA_SCALE_LINEAR));
}

int32_t node_choose(const struct parameter *p, uint64_t levels, int suggestible, struct node *node)
{
    struct candidates c = {.n = p->cells};
    int32_t rc = suggestible && p->weights ? keep_suggestible(p, &c) : 0;
    if (rc)
        return rc;
    node->cells = c.n == 0 || (levels != 0 && levels < c.n) ? levels : c.n;
    if (node->cells == 0)
        rc = fail(AFINA_E_UNSUPPORTED, "parameter \"%s\" is continuous: the space has no end of points", p->name);
    if (rc || needs_no_list(p, node))
        goto out;
    node->chosen = mem_new((size_t)node->cells, sizeof *node->chosen);
    if (!node->chosen)
        rc = fail_memory();
    else if (node->cells == c.n)
        memcpy(node->chosen, c.kept, (size_t)c.n * sizeof *c.kept);
    else
        spread_evenly(p, &c, node->chosen, node->cells);
out:
    mem_free(c.kept);
    return rc;
}

/* v <= w, by the order of the cells. */
static int not_above(const struct parameter *p, union value v, union value w)
{
    return p->kind == AFINA_KIND_REAL ? v.real <= w.real : v.integer <= w.integer;
}

/* The last cell whose value is not above v (0 when all are), by bisection. */
static uint64_t cell_at_or_below(const struct parameter *p, const struct node *node, union value v)
{
    uint64_t low = 0, high = node->cells;
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        if (not_above(p, node_value(p, node, middle), v))
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* How far the values are apart in u, or in the kind's own order. */
static double gap(const struct parameter *p, union value a, union value b)
{
    if (p->kind != AFINA_KIND_REAL && p->kind != AFINA_KIND_INTEGER)
        return fabs((double)a.integer - (double)b.integer);
    return fabs(parameter_to_unit(p, a) - parameter_to_unit(p, b));
}

uint64_t node_nearest(const struct parameter *p, const struct node *node, union value v)
{
    if (p->cells != 0 && node->cells == p->cells)
        return parameter_index_of(p, v);
    uint64_t k = cell_at_or_below(p, node, v);
    if (k + 1 < node->cells && gap(p, node_value(p, node, k + 1), v) < gap(p, node_value(p, node, k), v))
        k++;
    return k;
}

/* ------------------------------------------------------------------- segments */

static int32_t add_break(struct breaks *breaks, uint64_t at, uint64_t cells)
{
    return at == 0 || at >= cells ? 0 : sorted_set_add(&breaks->at, at);
}

/* The first cell for which a comparison says otherwise than for cell 0, given
 * that it changes once at most; `cells` when it does not. */
static uint64_t find_change(const struct parameter *p, const struct node *node, int32_t comparison, double number)
{
    struct condition c = {.comparison = comparison, .number = number};
    int first = condition_holds(&c, p, node_value(p, node, 0));
    uint64_t low = 0, high = node->cells;
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        if (condition_holds(&c, p, node_value(p, node, middle)) == first)
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
    for (uint64_t k = 1; k < cells && !breaks->everywhere && !rc; k++)
        rc = add_break(breaks, k, cells);
    if (!rc)
        breaks->everywhere = 1;
    return rc;
}

int32_t node_break(struct breaks *breaks, const struct parameter *p, const struct node *node, const struct condition *c)
{
    uint64_t cells = node->cells;
    int32_t rc = 0;
    if (c->comparison != SPACE_IN) {
        if (p->kind == AFINA_KIND_ORDINAL)
            return break_everywhere(breaks, cells);
        rc = add_break(breaks, find_change(p, node, AFINA_COMPARE_LESS, c->number), cells);
        return rc ? rc : add_break(breaks, find_change(p, node, AFINA_COMPARE_LESS_EQUAL, c->number), cells);
    }
    for (size_t i = 0; i < c->n_members && !rc; i++) {
        union value v = {.integer = c->members[i]};
        uint64_t k = cell_at_or_below(p, node, v);
        rc = add_break(breaks, k, cells);
        if (!rc && k < UINT64_MAX)
            rc = add_break(breaks, k + 1, cells);
    }
    return rc;
}

int32_t node_cut(struct node *node, struct breaks *breaks)
{
    const struct sorted_set *at = &breaks->at;
    sorted_set_sort(&breaks->at);
    node->segments = mem_new(at->n + 1, sizeof *node->segments);
    if (!node->segments)
        return fail_memory();
    for (size_t i = 0; i <= at->n; i++)
        node->segments[i] = (struct segment){
            .begin = i > 0 ? at->at[i - 1] : 0,
            .end = i < at->n ? at->at[i] : node->cells,
            .each = 1,
        };
    node->n_segments = at->n + 1;
    return 0;
}
