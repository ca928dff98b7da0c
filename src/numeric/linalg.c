/* Checks, then CBLAS and LAPACKE's column-major work routines, which neither
 * allocate nor test for NaN nor print when their arguments are right. */
#include "numeric/linalg.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>

int all_finite(const double *x, size_t n)
{
    /* 0 * x is NaN for what is not finite; the sum keeps it. */
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += 0 * x[i];
    return sum == 0;
}

static int triangle_finite(const double *a, size_t n, size_t lda)
{
    for (size_t j = 0; j < n; j++)
        if (!all_finite(a + j * lda + j, n - j))
            return 0;
    return 1;
}

static int size_allowed(size_t n, size_t lda)
{
    return n <= LINALG_MAX && lda >= n && lda <= 2 * (size_t)LINALG_MAX;
}

int cholesky_factor(double *a, size_t n, size_t lda)
{
    if (n == 0)
        return 0;
    if (!size_allowed(n, lda) || !triangle_finite(a, n, lda))
        return 1;
    if (LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, 'L', (lapack_int)n, a, (lapack_int)lda) != 0)
        return 1;
    return !triangle_finite(a, n, lda);
}

int cholesky_append(double *l, size_t n, size_t ldl, const double *row, double diagonal, double least)
{
    if (!size_allowed(n + 1, ldl))
        return 1;
    /* The row of L is strided by ldl: solve in the room of the column below it. */
    int bad = !all_finite(row, n) || !isfinite(diagonal);
    double *last = l + n * ldl;
    for (size_t j = 0; j < n; j++)
        last[j] = bad ? 0 : row[j];
    solve_lower(l, n, ldl, NOT_TRANSPOSED, last);
    double pivot = (bad ? 1 : diagonal) - dot_product(n, last, last);
    if (!isfinite(pivot)) {
        for (size_t j = 0; j < n; j++)
            last[j] = 0;
        pivot = isfinite(diagonal) && diagonal > least ? diagonal : least;
        bad = 1;
    } else if (!(pivot >= least)) {
        pivot = least;
        bad = 1;
    }
    for (size_t j = 0; j < n; j++) {
        l[n + j * ldl] = last[j];
        last[j] = 0;
    }
    last[n] = sqrt(pivot);
    return bad;
}

void solve_lower(const double *l, size_t n, size_t ldl, int transposed, double *x)
{
    if (n == 0 || !size_allowed(n, ldl))
        return;
    cblas_dtrsv(CblasColMajor, CblasLower, transposed ? CblasTrans : CblasNoTrans, CblasNonUnit, (blasint)n, l,
                (blasint)ldl, x, 1);
}

void solve_lower_many(const double *l, size_t n, size_t ldl, int transposed, double *b, size_t m, size_t ldb)
{
    if (n == 0 || m == 0 || !size_allowed(n, ldl) || !size_allowed(n, ldb) || m > LINALG_MAX)
        return;
    cblas_dtrsm(CblasColMajor, CblasLeft, CblasLower, transposed ? CblasTrans : CblasNoTrans, CblasNonUnit, (blasint)n,
                (blasint)m, 1, l, (blasint)ldl, b, (blasint)ldb);
}

int cholesky_inverse(double *a, size_t n, size_t lda)
{
    if (n == 0)
        return 0;
    if (!size_allowed(n, lda) || !triangle_finite(a, n, lda))
        return 1;
    if (LAPACKE_dpotri_work(LAPACK_COL_MAJOR, 'L', (lapack_int)n, a, (lapack_int)lda) != 0)
        return 1;
    for (size_t j = 0; j < n; j++)
        for (size_t i = j + 1; i < n; i++)
            a[j + i * lda] = a[i + j * lda];
    return !triangle_finite(a, n, lda);
}

void matrix_vector(int transposed, size_t m, size_t n, double alpha, const double *a, size_t lda, const double *x,
                   double beta, double *y)
{
    if (m == 0 || n == 0 || !size_allowed(m, lda) || n > LINALG_MAX)
        return;
    cblas_dgemv(CblasColMajor, transposed ? CblasTrans : CblasNoTrans, (blasint)m, (blasint)n, alpha, a, (blasint)lda,
                x, 1, beta, y, 1);
}

double dot_product(size_t n, const double *x, const double *y)
{
    return n == 0 || n > LINALG_MAX ? 0 : cblas_ddot((blasint)n, x, 1, y, 1);
}
