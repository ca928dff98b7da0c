/* For every processor. Of the sixteen registers of two numbers that x86-64 has, a tile of two columns takes eight. */
#define VECTOR_BYTES 16
#if defined(__x86_64__)
#define GROUP 2
#else
#define GROUP 4
#endif

#include "numeric/portable_linalg_body.h"
#include "numeric/portable_linalg_ways.h"

int portable_factor_baseline(double *a, size_t n, size_t lda)
{
    return factor_body(a, n, lda);
}

void portable_solve_baseline(const double *l, size_t n, size_t ldl, double *b, size_t m, size_t ldb)
{
    solve_body(l, n, ldl, b, m, ldb);
}

void portable_solve_transposed_baseline(const double *l, size_t n, size_t ldl, double *b, size_t m, size_t ldb)
{
    solve_transposed_body(l, n, ldl, b, m, ldb);
}

void portable_inverse_baseline(double *a, size_t n, size_t lda)
{
    inverse_body(a, n, lda);
}

double portable_dot_baseline(size_t n, const double *x, const double *y)
{
    return dot_body(n, x, y);
}
