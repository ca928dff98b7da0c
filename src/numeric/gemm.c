#include "numeric/gemm.h"

#include <cblas.h>

static void multiply(CBLAS_TRANSPOSE ta, CBLAS_TRANSPOSE tb, size_t m, size_t n, size_t k, const float *a,
                     const float *b, float beta, float *c)
{
    int lda = (int)(ta == CblasNoTrans ? k : m), ldb = (int)(tb == CblasNoTrans ? n : k);
    cblas_sgemm(CblasRowMajor, ta, tb, (int)m, (int)n, (int)k, 1, a, lda, b, ldb, beta, c, (int)n);
}

void gemm_nn(size_t m, size_t n, size_t k, const float *a, const float *b, float beta, float *c)
{
    if (m == 1)
        cblas_sgemv(CblasRowMajor, CblasTrans, (int)k, (int)n, 1, b, (int)n, a, 1, beta, c, 1);
    else
        multiply(CblasNoTrans, CblasNoTrans, m, n, k, a, b, beta, c);
}

void gemm_tn(size_t m, size_t n, size_t k, const float *a, const float *b, float beta, float *c)
{
    multiply(CblasTrans, CblasNoTrans, m, n, k, a, b, beta, c);
}

void gemm_nt(size_t m, size_t n, size_t k, const float *a, const float *b, float beta, float *c)
{
    if (m == 1)
        cblas_sgemv(CblasRowMajor, CblasNoTrans, (int)n, (int)k, 1, b, (int)k, a, 1, beta, c, 1);
    else
        multiply(CblasNoTrans, CblasTrans, m, n, k, a, b, beta, c);
}
