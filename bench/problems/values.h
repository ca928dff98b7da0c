/* Points as arrays of doubles, and back; see problem.h. */
#ifndef BENCH_VALUES_H
#define BENCH_VALUES_H

#include "problem.h"

int32_t values_read(const afina_space *space, const afina_point *point, double *x);
int32_t values_write(const afina_space *space, const double *x, afina_point *point);

/* The same on a real axis, for output that is short: every real rounded to four
 * digits where that stays within its bounds. */
int32_t values_round(const afina_space *space, afina_point *point);

#endif
