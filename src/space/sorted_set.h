/* A set of 64-bit numbers that is filled by appends and then sorted. Its room stays
 * within four times the number of its members, however often a member is added. */
#ifndef AFINA_SPACE_SORTED_SET_H
#define AFINA_SPACE_SORTED_SET_H

#include <stddef.h>
#include <stdint.h>

/* All 0 is empty. */
struct sorted_set {
    uint64_t *at;
    size_t n, capacity; /* members; some may stand there twice until they are sorted */
};

int32_t sorted_set_add(struct sorted_set *set, uint64_t member);

/* Sorts the members, ascending, each once. */
void sorted_set_sort(struct sorted_set *set);

/* The index of a member of a sorted set. */
size_t sorted_set_index(const struct sorted_set *set, uint64_t member);

void sorted_set_fini(struct sorted_set *set);

#endif
