/* A quadratic through scattered points, and where it is least in a box. */
#ifndef AFINA_SURROGATE_QUADRATIC_H
#define AFINA_SURROGATE_QUADRATIC_H

#include "numeric/bounded.h"

#include <stddef.h>
#include <stdint.h>

/* f(z) = constant + gradient·z + z·curvature z / 2 */
struct quadratic {
    size_t m, most; /* variables; points it has room for */
    double constant;
    double *gradient;  /* m */
    double *curvature; /* m x m */
    double *kernel, *weight;
    struct bounded search;
    double *slope, unit;
};

int32_t quadratic_init(struct quadratic *q, size_t m, size_t most);
void quadratic_fini(struct quadratic *q); /* a zeroed one is fine */

/* Fits n <= most points, rows of m, best scaled into the unit ball. 1 when that
 * failed. O(n^3). */
int quadratic_fit(struct quadratic *q, const double *z, const double *y, size_t n);

double quadratic_value(const struct quadratic *q, const double *z, double *gradient);

/* z: where the descent starts, then the least value that it found within the bounds,
 * which it returns. */
double quadratic_minimise(struct quadratic *q, double *z, const double *low, const double *high);

#endif
