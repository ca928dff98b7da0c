/* Up to PORTABLE_MOST rows the work is done by portable_linalg.c, in one thread and with the same bits everywhere.
 * Larger matrices are left to CBLAS and LAPACKE, whose functions are called when the arguments are checked, the
 * column-major work routines, which then neither allocate nor test for NaN nor print.
 */
#include "numeric/linalg.h"

#include "numeric/portable_linalg.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>

int all_finite(const double *x, size_t n)
{
    /* 0 * x is NaN when x is not finite, and a sum with NaN stays NaN. */
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
    if (n <= PORTABLE_MOST)
        return portable_cholesky_factor(a, n, lda);
    return LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, 'L', (lapack_int)n, a, (lapack_int)lda) != 0 ||
           !triangle_finite(a, n, lda);
}

/* With B = V sqrt(D), a = B Bᵀ and B = L Q. The sign of a column of L is free. */
int eigenvalue_floor(double *a, size_t n, size_t lda, double least, double *room)
{
    double *values = room, *tau = room + n, *work = room + 2 * n;
    lapack_int size = (lapack_int)n, rows = (lapack_int)lda, room_left = 3 * (lapack_int)n;
    if (n == 0)
        return 0;
    if (!size_allowed(n, lda) || !triangle_finite(a, n, lda) ||
        LAPACKE_dsyev_work(LAPACK_COL_MAJOR, 'V', 'L', size, a, rows, values, work, room_left) != 0)
        return 1;
    for (size_t k = 0; k < n; k++) {
        double root = sqrt(values[k] > least ? values[k] : least);
        for (size_t i = 0; i < n; i++)
            a[i + k * lda] *= root;
    }
    if (LAPACKE_dgelqf_work(LAPACK_COL_MAJOR, size, size, a, rows, tau, work, room_left) != 0)
        return 1;
    for (size_t k = 0; k < n; k++) {
        double sign = a[k + k * lda] < 0 ? -1 : 1;
        for (size_t i = k; i < n; i++)
            a[i + k * lda] *= sign;
    }
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
    double pivot = bad ? 1 : diagonal;
    for (size_t j = 0; j < n; j++)
        pivot -= last[j] * last[j];
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
    if (n > PORTABLE_MOST && size_allowed(n, ldl))
        cblas_dtrsv(CblasColMajor, CblasLower, transposed ? CblasTrans : CblasNoTrans, CblasNonUnit, (blasint)n, l,
                    (blasint)ldl, x, 1);
    else
        solve_lower_many(l, n, ldl, transposed, x, 1, n);
}

void solve_lower_many(const double *l, size_t n, size_t ldl, int transposed, double *b, size_t m, size_t ldb)
{
    if (n == 0 || m == 0 || !size_allowed(n, ldl) || !size_allowed(n, ldb) || m > LINALG_MAX)
        return;
    if (n > PORTABLE_MOST)
        cblas_dtrsm(CblasColMajor, CblasLeft, CblasLower, transposed ? CblasTrans : CblasNoTrans, CblasNonUnit,
                    (blasint)n, (blasint)m, 1, l, (blasint)ldl, b, (blasint)ldb);
    else if (transposed)
        portable_solve_transposed(l, n, ldl, b, m, ldb);
    else
        portable_solve(l, n, ldl, b, m, ldb);
}

static int inverse_of_large(double *a, size_t n, size_t lda)
{
    if (LAPACKE_dpotri_work(LAPACK_COL_MAJOR, 'L', (lapack_int)n, a, (lapack_int)lda) != 0)
        return 1;
    for (size_t j = 0; j < n; j++)
        for (size_t i = j + 1; i < n; i++)
            a[j + i * lda] = a[i + j * lda];
    return 0;
}

int cholesky_inverse(double *a, size_t n, size_t lda)
{
    if (n == 0)
        return 0;
    if (!size_allowed(n, lda) || !triangle_finite(a, n, lda))
        return 1;
    if (n > PORTABLE_MOST && inverse_of_large(a, n, lda))
        return 1;
    if (n <= PORTABLE_MOST)
        portable_cholesky_inverse(a, n, lda);
    return !triangle_finite(a, n, lda);
}

double dot_product(size_t n, const double *x, const double *y)
{
    return n > LINALG_MAX ? 0 : portable_dot(n, x, y);
}
