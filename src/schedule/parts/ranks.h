/* Losses that come one by one, of which the lowest k are known at any time: O(log n) to add one, or to change k by
 * one. Of equal losses the one of the smaller number is lower; NaN is the highest. */
#ifndef AFINA_SCHEDULE_PARTS_RANKS_H
#define AFINA_SCHEDULE_PARTS_RANKS_H

#include <stddef.h>
#include <stdint.h>

struct ranked {
    double loss;
    int64_t number; /* what it is of: an arm, a trial */
};

/* A binary heap. */
struct rank_heap {
    struct ranked *item; /* item[0] is the lowest, or the highest where that is asked for */
    size_t n, capacity;
};

int32_t rank_heap_push(struct rank_heap *heap, struct ranked item, int highest_first);
struct ranked rank_heap_pop(struct rank_heap *heap, int highest_first); /* n >= 1 */
void rank_heap_fini(struct rank_heap *heap);                            /* a zeroed one is fine */

int ranked_before(struct ranked a, struct ranked b);

struct ranks {
    struct rank_heap low;  /* the lowest k, the highest of these first */
    struct rank_heap high; /* the others, the lowest first */
};

void ranks_fini(struct ranks *ranks); /* a zeroed one is fine */
size_t ranks_count(const struct ranks *ranks);

/* Adds one, after which the lowest k are in `low`; k <= the new count. */
int32_t ranks_add(struct ranks *ranks, struct ranked item, size_t k);

#endif
