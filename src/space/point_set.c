#include "space/point_set.h"

#include "core/fail.h"
#include "core/mem.h"

static uint32_t hash_of(const struct point *point)
{
    uint64_t hash = point_hash(point);
    return (uint32_t)(hash ^ hash >> 32);
}

/* The slot that holds an equal point, or the free slot where it would go. */
static size_t find_slot(const struct point_set *set, const struct point *point, uint32_t hash)
{
    size_t at = hash & (set->capacity - 1);
    while (set->slots[at].point && !(set->slots[at].hash == hash && point_equal(set->slots[at].point, point)))
        at = (at + 1) & (set->capacity - 1);
    return at;
}

static int32_t grow(struct point_set *set)
{
    struct point_set larger = {.capacity = set->capacity ? 2 * set->capacity : 64, .size = set->size};
    larger.slots = mem_new(larger.capacity, sizeof *larger.slots);
    if (!larger.slots)
        return fail_memory();
    for (size_t i = 0; i < set->capacity; i++)
        if (set->slots[i].point)
            larger.slots[find_slot(&larger, set->slots[i].point, set->slots[i].hash)] = set->slots[i];
    point_set_fini(set);
    *set = larger;
    return 0;
}

int32_t point_set_add(struct point_set *set, const struct point *point)
{
    if (5 * (set->size + 1) > 4 * set->capacity) {
        int32_t rc = grow(set);
        if (rc)
            return rc;
    }
    uint32_t hash = hash_of(point);
    struct point_slot *slot = &set->slots[find_slot(set, point, hash)];
    if (!slot->point) {
        *slot = (struct point_slot){.point = point, .hash = hash};
        set->size++;
    }
    slot->count++;
    return 0;
}

/* Linear probing: what stands behind the freed slot moves up, unless its own place lies between. */
static void free_slot(struct point_set *set, size_t hole)
{
    size_t mask = set->capacity - 1;
    for (size_t at = (hole + 1) & mask; set->slots[at].point; at = (at + 1) & mask) {
        size_t home = set->slots[at].hash & mask;
        if (((at - home) & mask) >= ((at - hole) & mask)) {
            set->slots[hole] = set->slots[at];
            hole = at;
        }
    }
    set->slots[hole] = (struct point_slot){0};
    set->size--;
}

void point_set_remove(struct point_set *set, const struct point *point)
{
    size_t at = find_slot(set, point, hash_of(point));
    if (--set->slots[at].count == 0)
        free_slot(set, at);
}

int point_set_contains(const struct point_set *set, const struct point *point)
{
    return set->capacity > 0 && set->slots[find_slot(set, point, hash_of(point))].point != NULL;
}

void point_set_fini(struct point_set *set)
{
    mem_free(set->slots);
    *set = (struct point_set){0};
}
