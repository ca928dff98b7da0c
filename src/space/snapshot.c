/* A snapshot: the immutable, shared form of a space. */
#include "core/fail.h"
#include "core/mem.h"
#include "space/space.h"

#include <stdatomic.h>

/* The children of each parameter: those of parameter p are child[first[p] .. first[p + 1]).
 * A child stands there once for each of its conditions on p. */
struct children {
    size_t *first; /* size + 1 */
    size_t *child;
};

static int32_t find_children(const struct space *space, size_t conditions, struct children *out)
{
    size_t n = space->size;
    out->first = mem_new(n + 1, sizeof *out->first);
    out->child = mem_new(conditions, sizeof *out->child);
    if (!out->first || !out->child)
        return fail_memory();
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < space->parameters[i].n_conditions; k++)
            out->first[space->parameters[i].conditions[k].parent]++;
    for (size_t i = 0, sum = 0; i <= n; i++) {
        sum += out->first[i];
        out->first[i] = sum; /* where the children of i end */
    }
    for (size_t i = n; i-- > 0;)
        for (size_t k = 0; k < space->parameters[i].n_conditions; k++)
            out->child[--out->first[space->parameters[i].conditions[k].parent]] = i;
    return 0;
}

/* Kahn's algorithm: a parameter is placed when all conditions of its own have a parent that
 * is placed. Returns how many are placed. `open` is scratch for a number of each parameter. */
static size_t place_parameters(struct space *space, const struct children *children, size_t *open)
{
    size_t placed = 0;
    for (size_t i = 0; i < space->size; i++) {
        open[i] = space->parameters[i].n_conditions;
        if (open[i] == 0)
            space->order[placed++] = i;
    }
    for (size_t at = 0; at < placed; at++) {
        size_t p = space->order[at];
        for (size_t k = children->first[p]; k < children->first[p + 1]; k++)
            if (--open[children->child[k]] == 0)
                space->order[placed++] = children->child[k];
    }
    return placed;
}

/* Orders the parameters so that parents come before children, and otherwise as they were
 * added. */
static int32_t sort_parameters(struct space *space)
{
    struct children children = {0};
    size_t conditions = 0;
    for (size_t i = 0; i < space->size; i++)
        conditions += space->parameters[i].n_conditions;
    space->has_conditions = conditions > 0;
    size_t *open = mem_new(space->size, sizeof *open);
    space->order = mem_new(space->size, sizeof *space->order);
    int32_t rc = open && space->order ? find_children(space, conditions, &children) : fail_memory();
    if (!rc && place_parameters(space, &children, open) < space->size)
        rc = fail(AFINA_E_SPACE, "the conditions of the space have a cycle");
    mem_free(open);
    mem_free(children.first);
    mem_free(children.child);
    return rc;
}

int32_t space_snapshot(struct space **out, const struct space *space)
{
    struct space *snapshot;
    *out = NULL;
    int32_t rc = space_clone(&snapshot, space);
    if (rc)
        return rc;
    atomic_init(&snapshot->references, 1);
    rc = sort_parameters(snapshot);
    if (rc)
        space_free(snapshot);
    else
        *out = snapshot;
    return rc;
}

struct space *space_reference(struct space *space)
{
    atomic_fetch_add_explicit(&space->references, 1, memory_order_relaxed);
    return space;
}

void space_release(struct space *space)
{
    if (space && atomic_fetch_sub_explicit(&space->references, 1, memory_order_acq_rel) == 1)
        space_free(space);
}
