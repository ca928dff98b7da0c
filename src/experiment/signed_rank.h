/* Wilcoxon's signed-rank test of paired differences. */
#ifndef AFINA_EXPERIMENT_SIGNED_RANK_H
#define AFINA_EXPERIMENT_SIGNED_RANK_H

#include <stddef.h>
#include <stdint.h>

/* *p is the probability, both sides, of a sum of signed ranks that is as far from its middle as that of these n
 * differences, when either sign is as likely. Differences of 0 are left out; 1 when none is left. Infinite
 * differences are allowed, NaN is not. */
int32_t signed_rank_test(const double *difference, size_t n, double *p);

/* The same for one side: a sum as large, so that a small *p says that the differences are greater than 0. */
int32_t signed_rank_test_greater(const double *difference, size_t n, double *p);

#endif
