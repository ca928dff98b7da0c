/* Products of row-major matrices in single precision, through the BLAS. C is
 * m x n; beta is 0 (C is written) or 1 (C is added to). Sizes fit an int. */
#ifndef AFINA_NUMERIC_GEMM_H
#define AFINA_NUMERIC_GEMM_H

#include <stddef.h>

/* C = A B + beta C, A m x k, B k x n. */
void gemm_nn(size_t m, size_t n, size_t k, const float *a, const float *b, float beta, float *c);

/* C = A' B + beta C, A k x m, B k x n. */
void gemm_tn(size_t m, size_t n, size_t k, const float *a, const float *b, float beta, float *c);

/* C = A B' + beta C, A m x k, B n x k. */
void gemm_nt(size_t m, size_t n, size_t k, const float *a, const float *b, float beta, float *c);

#endif
