#include "space/point_set.h"

#include "core/fail.h"
#include "core/mem.h"

/* The slot that holds an equal point, or the free slot where it would go. */
static size_t find_slot(const struct point_set *set, const struct point *point, uint64_t hash)
{
    size_t at = (size_t)hash & (set->capacity - 1);
    while (set->slots[at] && !(set->hashes[at] == hash && point_equal(set->slots[at], point)))
        at = (at + 1) & (set->capacity - 1);
    return at;
}

static int32_t grow(struct point_set *set)
{
    struct point_set larger = {.capacity = set->capacity ? 2 * set->capacity : 64, .size = set->size};
    larger.slots = mem_new(larger.capacity, sizeof *larger.slots);
    larger.hashes = mem_new(larger.capacity, sizeof *larger.hashes);
    if (!larger.slots || !larger.hashes) {
        point_set_fini(&larger);
        return fail_memory();
    }
    for (size_t i = 0; i < set->capacity; i++) {
        if (!set->slots[i])
            continue;
        size_t at = find_slot(&larger, set->slots[i], set->hashes[i]);
        larger.slots[at] = set->slots[i];
        larger.hashes[at] = set->hashes[i];
    }
    point_set_fini(set);
    *set = larger;
    return 0;
}

int32_t point_set_add(struct point_set *set, const struct point *point)
{
    if (2 * (set->size + 1) > set->capacity) {
        int32_t rc = grow(set);
        if (rc)
            return rc;
    }
    uint64_t hash = point_hash(point);
    size_t at = find_slot(set, point, hash);
    if (set->slots[at])
        return 0;
    set->slots[at] = point;
    set->hashes[at] = hash;
    set->size++;
    return 0;
}

int point_set_contains(const struct point_set *set, const struct point *point)
{
    return set->capacity > 0 && set->slots[find_slot(set, point, point_hash(point))] != NULL;
}

void point_set_fini(struct point_set *set)
{
    mem_free((void *)set->slots);
    mem_free(set->hashes);
    *set = (struct point_set){0};
}
