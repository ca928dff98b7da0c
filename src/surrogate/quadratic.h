/* A quadratic through scattered points, and its minimum in a box. */
#ifndef AFINA_SURROGATE_QUADRATIC_H
#define AFINA_SURROGATE_QUADRATIC_H

#include "numeric/bounded.h"

#include <stddef.h>
#include <stdint.h>

/* f(z) = constant + gradient·z + z·curvature z / 2 */
struct quadratic {
    size_t m, most; /* variables; the most points of a fit */
    double constant;
    double *gradient;  /* m */
    double *curvature; /* m x m */
    double *kernel, *weight;
    struct bounded search;
    double *slope, unit;
};

int32_t quadratic_init(struct quadratic *q, size_t m, size_t most);
void quadratic_fini(struct quadratic *q); /* a zeroed one is fine */

/* Fits n <= most points, rows of m, which should be scaled into the unit ball. Returns 1 when that
 * failed. O(n^3). */
int quadratic_fit(struct quadratic *q, const double *z, const double *y, size_t n);

double quadratic_value(const struct quadratic *q, const double *z, double *gradient);

/* Descends from z within the bounds; z becomes the best point found. Returns the value there. */
double quadratic_minimise(struct quadratic *q, double *z, const double *low, const double *high);

#endif
