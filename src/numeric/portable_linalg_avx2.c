/* For processors with AVX2: sixteen registers of four numbers. */
#include "numeric/portable_linalg_ways.h"

#if PORTABLE_LINALG_HAS_AVX2
#define VECTOR_BYTES 32
#define GROUP 4
#define AVX2 __attribute__((target("avx2")))

#include "numeric/portable_linalg_body.h"

AVX2 int portable_factor_avx2(double *a, size_t n, size_t lda)
{
    return factor_body(a, n, lda);
}

AVX2 void portable_solve_avx2(const double *l, size_t n, size_t ldl, double *b, size_t m, size_t ldb)
{
    solve_body(l, n, ldl, b, m, ldb);
}

AVX2 void portable_solve_transposed_avx2(const double *l, size_t n, size_t ldl, double *b, size_t m, size_t ldb)
{
    solve_transposed_body(l, n, ldl, b, m, ldb);
}

AVX2 void portable_inverse_avx2(double *a, size_t n, size_t lda)
{
    inverse_body(a, n, lda);
}

AVX2 double portable_dot_avx2(size_t n, const double *x, const double *y)
{
    return dot_body(n, x, y);
}
#else
typedef int portable_linalg_avx2_is_empty;
#endif
