#include "space/sorted_set.h"

#include "core/mem.h"

#include <stdlib.h>

static int compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

void sorted_set_sort(struct sorted_set *set)
{
    size_t kept = 0;
    if (set->n > 1)
        qsort(set->at, set->n, sizeof *set->at, compare);
    for (size_t i = 0; i < set->n; i++)
        if (kept == 0 || set->at[kept - 1] != set->at[i])
            set->at[kept++] = set->at[i];
    set->n = kept;
}

/* A full set first drops what stands there twice, and grows only when that frees less
 * than half of it; so an append costs O(log n) on average. */
static int32_t make_room(struct sorted_set *set)
{
    sorted_set_sort(set);
    if (set->n < set->capacity / 2)
        return 0;
    void *grown = set->at;
    int32_t rc = mem_reserve(&grown, &set->capacity, 2 * set->capacity + 1, sizeof *set->at);
    set->at = grown;
    return rc;
}

int32_t sorted_set_add(struct sorted_set *set, uint64_t member)
{
    int32_t rc = set->n == set->capacity ? make_room(set) : 0;
    if (!rc)
        set->at[set->n++] = member;
    return rc;
}

size_t sorted_set_index(const struct sorted_set *set, uint64_t member)
{
    const uint64_t *found = bsearch(&member, set->at, set->n, sizeof member, compare);
    return (size_t)(found - set->at);
}

void sorted_set_fini(struct sorted_set *set)
{
    mem_free(set->at);
    *set = (struct sorted_set){0};
}
