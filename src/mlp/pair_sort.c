/* Heapsort (J. W. J. Williams, "Algorithm 232", CACM 7, 1964). */
#include "mlp/pair_sort.h"

static int before(const struct pair *a, const struct pair *b)
{
    return a->key < b->key || (a->key == b->key && a->index < b->index);
}

static void sift_down(struct pair *heap, size_t root, size_t n)
{
    struct pair moved = heap[root];
    for (;;) {
        size_t child = 2 * root + 1;
        if (child >= n)
            break;
        if (child + 1 < n && before(&heap[child], &heap[child + 1]))
            child++;
        if (!before(&moved, &heap[child]))
            break;
        heap[root] = heap[child];
        root = child;
    }
    heap[root] = moved;
}

void pair_sort(struct pair *pairs, size_t n)
{
    for (size_t i = n / 2; i-- > 0;)
        sift_down(pairs, i, n);
    for (size_t end = n; end-- > 1;) {
        struct pair largest = pairs[0];
        pairs[0] = pairs[end];
        pairs[end] = largest;
        sift_down(pairs, 0, end);
    }
}
