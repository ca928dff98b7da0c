/* The same functions, compiled for processors with AVX2 and for all. */
#ifndef AFINA_NUMERIC_PORTABLE_LINALG_WAYS_H
#define AFINA_NUMERIC_PORTABLE_LINALG_WAYS_H

#include <stddef.h>

#if defined(__x86_64__) && defined(__GNUC__)
#define PORTABLE_LINALG_HAS_AVX2 1
#else
#define PORTABLE_LINALG_HAS_AVX2 0
#endif

int portable_factor_baseline(double *a, size_t n, size_t lda);
void portable_solve_baseline(const double *l, size_t n, size_t ldl, double *b, size_t m, size_t ldb);
void portable_solve_transposed_baseline(const double *l, size_t n, size_t ldl, double *b, size_t m, size_t ldb);
void portable_inverse_baseline(double *a, size_t n, size_t lda);
double portable_dot_baseline(size_t n, const double *x, const double *y);

int portable_factor_avx2(double *a, size_t n, size_t lda);
void portable_solve_avx2(const double *l, size_t n, size_t ldl, double *b, size_t m, size_t ldb);
void portable_solve_transposed_avx2(const double *l, size_t n, size_t ldl, double *b, size_t m, size_t ldb);
void portable_inverse_avx2(double *a, size_t n, size_t lda);
double portable_dot_avx2(size_t n, const double *x, const double *y);

#endif
