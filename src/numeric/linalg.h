/* Dense linear algebra. This file and gemm.c alone call BLAS and LAPACK: this one for matrices of more than
 * PORTABLE_MOST rows (portable_linalg.h), and for eigenvalues.
 *
 * Matrices are column-major with a leading dimension; a Cholesky factor is the
 * lower triangle. Sizes are checked before a library is called, because the
 * reference XERBLA ends the process, and numbers are scanned, because a NaN makes
 * some routines loop or answer nonsense. Nothing here prints, allocates or keeps
 * state.
 */
#ifndef AFINA_NUMERIC_LINALG_H
#define AFINA_NUMERIC_LINALG_H

#include <stddef.h>

/* The greatest number of rows or columns. */
enum { LINALG_MAX = 20000 };

enum { NOT_TRANSPOSED = 0, TRANSPOSED = 1 };

int all_finite(const double *x, size_t n);

/* a := L of a = L Lᵀ, from and to the lower triangle. 0, or 1 when the matrix is
 * not positive definite, not finite or too large; its lower triangle is then lost. */
int cholesky_factor(double *a, size_t n, size_t lda);

/* a := L of V max(D, least) Vᵀ = L Lᵀ, where a = V D Vᵀ: the factor of the nearest matrix whose
 * eigenvalues are at least `least` > 0, for a matrix that cholesky_factor() refuses. `room` is for
 * LINALG_FLOOR_ROOM n numbers. Returns 0, or 1 when the matrix is not finite or too large. It takes some
 * twenty times as long as cholesky_factor(). */
enum { LINALG_FLOOR_ROOM = 5 };
int eigenvalue_floor(double *a, size_t n, size_t lda, double least, double *room);

/* Adds row n to the factor of an n x n matrix: `row` holds the n entries before the diagonal,
 * `diagonal` the last one. In exact arithmetic the pivot is at least `least`; it is raised to that. Returns 0,
 * or 1 when the pivot had to be raised or a number was not finite; in the latter case the new row is that of
 * an uncorrelated variable. O(n^2). */
int cholesky_append(double *l, size_t n, size_t ldl, const double *row, double diagonal, double least);

/* x := L^-1 x, or L^-T x. */
void solve_lower(const double *l, size_t n, size_t ldl, int transposed, double *x);

/* B := L^-1 B, or L^-T B, for m columns. */
void solve_lower_many(const double *l, size_t n, size_t ldl, int transposed, double *b, size_t m, size_t ldb);

/* a := (L Lᵀ)^-1, both triangles. 0, or 1 when L is singular or not finite. */
int cholesky_inverse(double *a, size_t n, size_t lda);

double dot_product(size_t n, const double *x, const double *y);

#endif
