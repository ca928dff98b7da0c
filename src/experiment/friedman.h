/* Several methods on the same blocks (seeds, problems, folds): ranks within each block, and Friedman's test of
 * "all methods are alike".
 *
 * x[block * methods + method] is a loss: less is better, infinity is worst, NaN is not allowed. Equal losses share
 * the mean of their ranks.
 */
#ifndef AFINA_EXPERIMENT_FRIEDMAN_H
#define AFINA_EXPERIMENT_FRIEDMAN_H

#include <stddef.h>
#include <stdint.h>

/* Ranks 1..n of n numbers, the mean rank for equal ones; `order` is room for n indices. Returns the sum of t^3 - t
 * over groups of t equal numbers. */
double midranks(const double *x, size_t n, size_t *order, double *rank);

struct friedman {
    double chi_square, p; /* methods - 1 degrees of freedom */
    double f, f_p;        /* of Iman and Davenport: methods - 1 and (methods - 1) (blocks - 1) degrees of freedom */
};

/* mean_ranks[method], of `methods` elements; 1 is the best. `test` may be NULL. blocks >= 1, methods >= 1. */
int32_t friedman_test(const double *x, size_t blocks, size_t methods, double *mean_ranks, struct friedman *test);

#endif
