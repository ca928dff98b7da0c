/* The right-looking form: a finished column is subtracted from all that follow.
 *
 *     l_ij = (a_ij - Σ_{k<j} l_ik l_jk) / l_jj,   l_jj = √(a_jj - Σ_{k<j} l_jk²)
 *
 * G. H. Golub, C. F. Van Loan, "Matrix computations", 4th edition, 4.2.5. The inner loops
 * run down a column, over numbers that do not depend on each other: a compiler may take
 * several at a time and no bit changes.
 */
#include "numeric/portable_cholesky.h"

#include <math.h>

/* y := y - factor x. */
static void subtract(double factor, const double *restrict x, double *restrict y, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] -= factor * x[i];
}

int portable_cholesky_factor(double *a, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        double *column = a + k * n, pivot = column[k];
        /* Every l_kj is in this pivot: when it is finite and positive, they are finite. */
        if (!(pivot > 0 && isfinite(pivot)))
            return 1;
        column[k] = sqrt(pivot);
        for (size_t i = k + 1; i < n; i++)
            column[i] /= column[k];
        for (size_t j = k + 1; j < n; j++)
            subtract(column[j], column + j, a + j + j * n, n - j);
    }
    return 0;
}

void portable_cholesky_solve(const double *l, size_t n, double *b, size_t m)
{
    for (double *x = b; x < b + m * n; x += n)
        for (size_t k = 0; k < n; k++) {
            x[k] /= l[k + k * n];
            subtract(x[k], l + k + 1 + k * n, x + k + 1, n - k - 1);
        }
}
