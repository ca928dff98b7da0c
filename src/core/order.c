/* Heapsort of indices (J. W. J. Williams, "Algorithm 232", CACM 7, 1964): no
 * recursion, no memory, no library callback. Check: keys {3, 1, 2, 1} give the
 * order {1, 3, 2, 0}. */
#include "core/order.h"

static int after(const double *key, size_t a, size_t b)
{
    return key[a] > key[b] || (key[a] == key[b] && a > b);
}

static void sift(const double *key, size_t *order, size_t root, size_t n)
{
    size_t moved = order[root];
    for (size_t child; (child = 2 * root + 1) < n; root = child) {
        if (child + 1 < n && after(key, order[child + 1], order[child]))
            child++;
        if (!after(key, order[child], moved))
            break;
        order[root] = order[child];
    }
    order[root] = moved;
}

void order_by(const double *key, size_t *order, size_t n)
{
    for (size_t i = n / 2; i-- > 0;)
        sift(key, order, i, n);
    for (size_t end = n; end > 1; end--) {
        size_t last = order[0];
        order[0] = order[end - 1];
        order[end - 1] = last;
        sift(key, order, 0, end - 1);
    }
}
