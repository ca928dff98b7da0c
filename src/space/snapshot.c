/* The immutable, shared form of a space. */
#include "core/fail.h"
#include "core/mem.h"
#include "space/space.h"

#include <stdatomic.h>

/* Parents before children, otherwise in the order of addition: every pass takes
 * those whose parents are placed. Kahn's algorithm over an index of children. */
static int32_t sort_parameters(struct space *space)
{
    size_t n = space->size, edges = 0, placed = 0;
    for (size_t i = 0; i < n; i++)
        edges += space->parameters[i].n_conditions;
    size_t *open = mem_new(n, sizeof *open);       /* conditions whose parent is not placed */
    size_t *first = mem_new(n + 1, sizeof *first); /* children[first[p] .. first[p + 1]] */
    size_t *children = mem_new(edges, sizeof *children);
    space->order = mem_new(n, sizeof *space->order);
    int32_t rc = open && first && children && space->order ? 0 : fail_memory();
    if (rc)
        goto out;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < space->parameters[i].n_conditions; k++)
            first[space->parameters[i].conditions[k].parent + 1]++;
    for (size_t i = 0; i < n; i++)
        first[i + 1] += first[i];
    for (size_t i = n; i-- > 0;) {
        open[i] = space->parameters[i].n_conditions;
        for (size_t k = 0; k < open[i]; k++)
            children[--first[space->parameters[i].conditions[k].parent + 1]] = i;
    }
    /* first[p + 1] now holds the start of p's children; its end is the start of
     * the next parent's. */
    for (size_t i = 0; i < n; i++)
        if (open[i] == 0)
            space->order[placed++] = i;
    for (size_t at = 0; at < placed; at++) {
        size_t p = space->order[at];
        size_t end = p + 2 <= n ? first[p + 2] : edges;
        for (size_t k = first[p + 1]; k < end; k++)
            if (--open[children[k]] == 0)
                space->order[placed++] = children[k];
    }
    space->has_conditions = edges > 0;
    if (placed < n)
        rc = fail(AFINA_E_SPACE, "the conditions of the space have a cycle");
out:
    mem_free(open);
    mem_free(first);
    mem_free(children);
    return rc;
}

int32_t space_snapshot(struct space **out, const struct space *space)
{
    struct space *snapshot;
    *out = NULL;
    if (space->size == 0)
        return fail(AFINA_E_SPACE, "the space has no parameter; it needs 1 to %d", SPACE_MAX_PARAMETERS);
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
