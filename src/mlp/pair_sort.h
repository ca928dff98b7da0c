/* Sorting numbers with the places they came from. */
#ifndef AFINA_MLP_PAIR_SORT_H
#define AFINA_MLP_PAIR_SORT_H

#include <stddef.h>

struct pair {
    double key;
    size_t index;
};

/* Ascending by key, equal keys by index. In place, O(n log n) at worst; the C
 * library's qsort() may allocate outside of core/mem. Keys are not NaN. */
void pair_sort(struct pair *pairs, size_t n);

#endif
