/* Sorting indices by what they point to. */
#ifndef AFINA_CORE_ORDER_H
#define AFINA_CORE_ORDER_H

#include <stddef.h>

/* The n indices in `order`, whatever they are, so that key[order[0]] <= key[order[1]] <= ...;
 * of equal keys the smaller index first. No NaN among the keys. */
void order_by(const double *key, size_t *order, size_t n);

#endif
