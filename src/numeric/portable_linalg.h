/* Cholesky factors, triangular solves and inverses whose bits are the same on every machine.
 *
 * A BLAS adds in an order of its own for each processor and number of threads. Here each number is the
 * same sequence of IEEE operations everywhere, without fused multiply-add: terms are subtracted one by one by
 * ascending column, and dot products have eight partial sums. Blocks and vector instructions divide the work over
 * numbers that do not depend on each other, and change no bit. One thread; no memory is allocated. For matrices of
 * up to some hundred rows: past that a BLAS, which also divides the work for the caches, is faster.
 *
 * Matrices are column-major with a leading dimension; a factor is the lower triangle.
 */
#ifndef AFINA_NUMERIC_PORTABLE_LINALG_H
#define AFINA_NUMERIC_PORTABLE_LINALG_H

#include <stddef.h>

/* The most rows of a matrix that is inverted. */
enum { PORTABLE_MOST = 512 };

/* a := L of a = L Lᵀ, n x n, from and to the lower triangle; the upper one is neither read nor written. 0, or 1
 * when the matrix is not positive definite or not finite; its lower triangle is then lost. */
int portable_cholesky_factor(double *a, size_t n, size_t lda);

/* B := L^-1 B for m columns of n numbers. A column does not depend on how many others there are. */
void portable_solve(const double *l, size_t n, size_t ldl, double *b, size_t m, size_t ldb);

/* B := L^-T B, likewise. */
void portable_solve_transposed(const double *l, size_t n, size_t ldl, double *b, size_t m, size_t ldb);

/* a := (L Lᵀ)^-1, both triangles; n <= PORTABLE_MOST. */
void portable_cholesky_inverse(double *a, size_t n, size_t lda);

double portable_dot(size_t n, const double *x, const double *y);

#endif
