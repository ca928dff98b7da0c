/* Which pairs of methods differ: tests of all pairs, corrected for their number. */
#ifndef AFINA_EXPERIMENT_POSTHOC_H
#define AFINA_EXPERIMENT_POSTHOC_H

#include <stddef.h>
#include <stdint.h>

/* p[0..n-1] becomes the least level at which Holm's procedure rejects each: S. Holm, "A simple sequentially rejective
 * multiple test procedure", Scand. J. Statistics 6 (1979). */
int32_t holm(double *p, size_t n);

/* p[i * methods + j], symmetric and 1 on the diagonal, of losses as in friedman.h; `posthoc` is AFINA_POSTHOC_*. */
int32_t posthoc_pairs(const double *x, size_t blocks, size_t methods, int32_t posthoc, double *p);

/* The difference of two mean ranks from which on Nemenyi's test rejects at this level. methods >= 2. */
double nemenyi_difference(size_t blocks, size_t methods, double level);

#endif
