/* Stationary kernels of a weighted squared distance between encoded points.
 *
 *     r^2 = sum_j w_j delta_j^2,  w_j = 1 / l_j^2
 *
 * delta_j is the difference of a numeric coordinate, and 0 or 1 (equal or not) of
 * a categorical one: Hamming inside the common distance.
 */
#ifndef AFINA_SURROGATE_KERNEL_H
#define AFINA_SURROGATE_KERNEL_H

#include <stddef.h>

enum { DIMENSION_NUMERIC = 0, DIMENSION_CATEGORICAL = 1 };

struct gp_dimension {
    int kind;
};

enum { KERNEL_MATERN52 = 0, KERNEL_MATERN32 = 1, KERNEL_RBF = 2 };

/* What an inactive coordinate (encoded as -1) becomes: the middle of a numeric
 * one, so that the distance to active points is moderate while the parameter
 * that switched it off tells the regimes apart; an extra category otherwise. */
void kernel_impute(const struct gp_dimension *dimension, size_t d, double *x);

/* r2[i] = squared distance between `point` and the points first .. first+n-1 of
 * the columns x (coordinate j of point i is x[j * ldx + i]). */
void kernel_distances(const struct gp_dimension *dimension, size_t d, const double *weight, const double *x, size_t ldx,
                      size_t first, size_t n, const double *point, double *r2);

/* k[i] = k(r2[i]), k(0) = 1. k and r2 may be the same array. */
void kernel_values(int kernel, size_t n, const double *r2, double *k);

/* And slope[i] = dk/d(r2), which needs no division by r. r2 may be k or slope. */
void kernel_slopes(int kernel, size_t n, const double *r2, double *k, double *slope);

#endif
