#include "schedule/parts/ranks.h"

#include "core/mem.h"
#include "schedule/parts/arms.h"

int ranked_before(struct ranked a, struct ranked b)
{
    return arm_is_before(a.loss, a.number, b.loss, b.number);
}

static int goes_above(struct ranked a, struct ranked b, int highest_first)
{
    return highest_first ? ranked_before(b, a) : ranked_before(a, b);
}

int32_t rank_heap_push(struct rank_heap *heap, struct ranked item, int highest_first)
{
    void *list = heap->item;
    int32_t rc = mem_reserve(&list, &heap->capacity, heap->n + 1, sizeof *heap->item);
    heap->item = list;
    if (rc)
        return rc;
    size_t place = heap->n++;
    for (; place > 0 && goes_above(item, heap->item[(place - 1) / 2], highest_first); place = (place - 1) / 2)
        heap->item[place] = heap->item[(place - 1) / 2];
    heap->item[place] = item;
    return 0;
}

struct ranked rank_heap_pop(struct rank_heap *heap, int highest_first)
{
    struct ranked top = heap->item[0], moved = heap->item[--heap->n];
    size_t place = 0;
    for (size_t child; (child = 2 * place + 1) < heap->n; place = child) {
        if (child + 1 < heap->n && goes_above(heap->item[child + 1], heap->item[child], highest_first))
            child++;
        if (!goes_above(heap->item[child], moved, highest_first))
            break;
        heap->item[place] = heap->item[child];
    }
    heap->item[place] = moved;
    return top;
}

void rank_heap_fini(struct rank_heap *heap)
{
    mem_free(heap->item);
}

void ranks_fini(struct ranks *ranks)
{
    rank_heap_fini(&ranks->low);
    rank_heap_fini(&ranks->high);
}

size_t ranks_count(const struct ranks *ranks)
{
    return ranks->low.n + ranks->high.n;
}

/* The items stay where they are when there is no memory: each is pushed before it is popped. */
static int32_t move(struct rank_heap *from, struct rank_heap *to, int to_low)
{
    int32_t rc = rank_heap_push(to, from->item[0], to_low);
    if (!rc)
        rank_heap_pop(from, !to_low);
    return rc;
}

int32_t ranks_add(struct ranks *ranks, struct ranked item, size_t k)
{
    int is_low = ranks->low.n > 0 && ranked_before(item, ranks->low.item[0]);
    int32_t rc = rank_heap_push(is_low ? &ranks->low : &ranks->high, item, is_low);
    while (!rc && ranks->low.n > k)
        rc = move(&ranks->low, &ranks->high, 0);
    while (!rc && ranks->low.n < k)
        rc = move(&ranks->high, &ranks->low, 1);
    return rc;
}
