/* Each function checks its arguments and then calls CBLAS or LAPACKE's column-major work
 * routines, which neither allocate nor test for NaN nor print when their arguments are right.
 *
 * OpenBLAS wakes its threads for a triangular solve with many right-hand sides and
 * for an inverse whatever their size, and for a factor from n = 64 on. On a busy
 * machine that turns microseconds into milliseconds. Up to n = ALONE the work is
 * therefore handed over in pieces too small for threads; results then do not depend
 * on the number of threads either.
 */
#include "numeric/linalg.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>

enum {
    ALONE = 256,       /* the greatest n that is done without threads */
    ALONE_FACTOR = 48, /* dpotrf starts no threads up to here */
    ALONE_SOLVE = 1000 /* nor does dtrsm with so many unknowns in all */
};

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

/* Computes the rows first .. n-1 of a factor whose rows before are there. */
static int factor_rows(double *a, size_t first, size_t n, size_t lda)
{
    double row[ALONE];
    for (size_t i = first; i < n; i++) {
        for (size_t j = 0; j < i; j++)
            row[j] = a[i + j * lda];
        solve_lower(a, i, lda, NOT_TRANSPOSED, row);
        double pivot = a[i + i * lda] - dot_product(i, row, row);
        if (!(pivot > 0))
            return 1;
        a[i + i * lda] = sqrt(pivot);
        for (size_t j = 0; j < i; j++)
            a[i + j * lda] = row[j];
    }
    return 0;
}

int cholesky_factor(double *a, size_t n, size_t lda)
{
    if (n == 0)
        return 0;
    if (!size_allowed(n, lda) || !triangle_finite(a, n, lda))
        return 1;
    size_t whole = n <= ALONE && n > ALONE_FACTOR ? ALONE_FACTOR : n;
    if (LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, 'L', (lapack_int)whole, a, (lapack_int)lda) != 0)
        return 1;
    return factor_rows(a, whole, n, lda) || !triangle_finite(a, n, lda);
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
    size_t slice = n <= ALONE ? ALONE_SOLVE / n : m;
    for (size_t first = 0; first < m; first += slice)
        cblas_dtrsm(CblasColMajor, CblasLeft, CblasLower, transposed ? CblasTrans : CblasNoTrans, CblasNonUnit,
                    (blasint)n, (blasint)(m - first < slice ? m - first : slice), 1, l, (blasint)ldl, b + first * ldb,
                    (blasint)ldb);
}

/* Replaces L by the lower triangle of the inverse, a few columns at a time. The columns from `first` on
 * need only the rows and columns of L from there, which are still unchanged. */
static void invert_alone(double *a, size_t n, size_t lda)
{
    double columns[ALONE_SOLVE];
    for (size_t first = 0, width; first < n; first += width) {
        size_t rows = n - first;
        width = ALONE_SOLVE / rows < rows ? ALONE_SOLVE / rows : rows;
        for (size_t k = 0; k < width * rows; k++)
            columns[k] = 0;
        for (size_t k = 0; k < width; k++)
            columns[k * rows + k] = 1;
        solve_lower_many(a + first + first * lda, rows, lda, NOT_TRANSPOSED, columns, width, rows);
        solve_lower_many(a + first + first * lda, rows, lda, TRANSPOSED, columns, width, rows);
        for (size_t k = 0; k < width; k++)
            for (size_t i = k; i < rows; i++)
                a[first + i + (first + k) * lda] = columns[k * rows + i];
    }
}

int cholesky_inverse(double *a, size_t n, size_t lda)
{
    if (n == 0)
        return 0;
    if (!size_allowed(n, lda) || !triangle_finite(a, n, lda))
        return 1;
    if (n <= ALONE)
        invert_alone(a, n, lda);
    else if (LAPACKE_dpotri_work(LAPACK_COL_MAJOR, 'L', (lapack_int)n, a, (lapack_int)lda) != 0)
        return 1;
    for (size_t j = 0; j < n; j++)
        for (size_t i = j + 1; i < n; i++)
            a[j + i * lda] = a[i + j * lda];
    return !triangle_finite(a, n, lda);
}

double dot_product(size_t n, const double *x, const double *y)
{
    return n == 0 || n > LINALG_MAX ? 0 : cblas_ddot((blasint)n, x, 1, y, 1);
}
