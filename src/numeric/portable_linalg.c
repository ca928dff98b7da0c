/* Which of the two ways the processor can go. */
#include "numeric/portable_linalg.h"

#include "numeric/portable_linalg_ways.h"

#if PORTABLE_LINALG_HAS_AVX2
#define CHOSEN(name) (__builtin_cpu_supports("avx2") ? name##_avx2 : name##_baseline)
#else
#define CHOSEN(name) name##_baseline
#endif

int portable_cholesky_factor(double *a, size_t n, size_t lda)
{
    return CHOSEN(portable_factor)(a, n, lda);
}

void portable_solve(const double *l, size_t n, size_t ldl, double *b, size_t m, size_t ldb)
{
    CHOSEN(portable_solve)(l, n, ldl, b, m, ldb);
}

void portable_solve_transposed(const double *l, size_t n, size_t ldl, double *b, size_t m, size_t ldb)
{
    CHOSEN(portable_solve_transposed)(l, n, ldl, b, m, ldb);
}

void portable_cholesky_inverse(double *a, size_t n, size_t lda)
{
    CHOSEN(portable_inverse)(a, n, lda);
}

double portable_dot(size_t n, const double *x, const double *y)
{
    return CHOSEN(portable_dot)(n, x, y);
}
