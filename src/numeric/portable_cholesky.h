/* Cholesky factors and solves whose bits are the same on every machine.
 *
 * A BLAS adds in an order of its own for each processor. Here each number is the same
 * sequence of IEEE operations everywhere: the terms are subtracted one by one, by
 * ascending column, without fused multiply-add. So results do not depend on the BLAS. For matrices of up to some
 * hundred rows, column-major without padding; the factor is the lower triangle.
 */
#ifndef AFINA_NUMERIC_PORTABLE_CHOLESKY_H
#define AFINA_NUMERIC_PORTABLE_CHOLESKY_H

#include <stddef.h>

/* a := L of a = L Lᵀ, n x n, from and to the lower triangle; the upper one is not read. 0, or 1
 * when the matrix is not positive definite or not finite; its lower triangle is then lost. */
int portable_cholesky_factor(double *a, size_t n);

/* B := L^-1 B for m columns of n numbers. */
void portable_cholesky_solve(const double *l, size_t n, double *b, size_t m);

#endif
