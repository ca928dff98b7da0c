/* The left-looking form by blocks of eight rows and a few columns, which stay in registers.
 *
 *     l_ij = (a_ij - sum_{k<j} l_ik l_jk) (1 / l_jj),   l_jj = sqrt(a_jj - sum_{k<j} l_jk^2)
 *     x_i = (b_i - sum_{k<i} l_ik x_k) (1 / l_ii)
 *     (L Lᵀ)^-1 = U Uᵀ,  U = L^-T, of which the columns of L^-1 are the rows
 *
 * (G. H. Golub, C. F. Van Loan, "Matrix computations", 4th edition, 3.1 and 4.2.5.) Check: the factor of
 * {4, 2; 2, 10} is {2; 1, 3}.
 *
 * Included by portable_linalg_baseline.c and portable_linalg_avx2.c, which say how wide a vector is and how many
 * columns of a tile the registers hold: VECTOR_BYTES, GROUP. As no product is fused with a sum, both give the same
 * bits.
 */
#ifndef AFINA_NUMERIC_PORTABLE_LINALG_BODY_H
#define AFINA_NUMERIC_PORTABLE_LINALG_BODY_H

#include "numeric/portable_linalg.h"

#include <math.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

/* A tile is ROWS x COLUMNS. Columns are taken up to PANEL at a time, so that rows that were read once serve all of
 * them. CHUNK columns of the last rows, fewer than ROWS, are copied to where zeros follow them. */
enum { ROWS = 8, COLUMNS = 4, PANEL = 32, CHUNK = 64 };

typedef double vector __attribute__((vector_size(VECTOR_BYTES)));

/* Of a column of a tile. */
enum { NUMBERS = VECTOR_BYTES / 8, PARTS = ROWS / NUMBERS };

/* Numbers by two strides: that of row k and column j stands at at[k * row + j * column]. */
struct factor {
    const double *at;
    size_t row, column;
};

INLINE void load(vector *column, const double *from)
{
#pragma GCC unroll 4
    for (int p = 0; p < PARTS; p++)
        memcpy(&column[p], from + p * NUMBERS, sizeof *column);
}

/* C -= A B for so many columns; A is ROWS x n. */
INLINE void subtract_columns(int columns, size_t n, const double *a, size_t lda, struct factor b, double *c, size_t ldc)
{
    vector tile[COLUMNS][PARTS];
    const double *at = b.at;
    for (int j = 0; j < columns; j++)
        load(tile[j], c + (size_t)j * ldc);
    for (size_t k = 0; k < n; k++, a += lda, at += b.row) {
        vector x[PARTS];
        load(x, a);
#pragma GCC unroll 4
        for (int j = 0; j < columns; j++) {
            double f = at[(size_t)j * b.column];
#pragma GCC unroll 4
            for (int p = 0; p < PARTS; p++)
                tile[j][p] -= x[p] * f;
        }
    }
    for (int j = 0; j < columns; j++)
        memcpy(c + (size_t)j * ldc, tile[j], ROWS * sizeof *c);
}

INLINE void subtract_tile(size_t columns, size_t n, const double *a, size_t lda, struct factor b, double *c, size_t ldc)
{
    if (columns == 4)
        subtract_columns(4, n, a, lda, b, c, ldc);
    else if (columns == 3)
        subtract_columns(3, n, a, lda, b, c, ldc);
    else if (columns == 2)
        subtract_columns(2, n, a, lda, b, c, ldc);
    else
        subtract_columns(1, n, a, lda, b, c, ldc);
}

INLINE size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* The first row of a tile that counts in column j. */
INLINE size_t first_row(ptrdiff_t first, size_t j)
{
    return first >= 0 && (ptrdiff_t)j > first ? j - (size_t)first : 0;
}

/* C -= A B for up to ROWS rows; with `first` >= 0 of column j the rows from j - first on alone. */
INLINE void subtract_rows(size_t rows, size_t columns, size_t n, const double *a, size_t lda, struct factor b,
                          double *c, size_t ldc, ptrdiff_t first)
{
    for (size_t j = 0; j < columns; j += GROUP) {
        size_t width = least(GROUP, columns - j);
        int whole = rows == ROWS && (first < 0 || (ptrdiff_t)(j + width) <= first + 1);
        struct factor part = {b.at + j * b.column, b.row, b.column};
        if (whole) {
            subtract_tile(width, n, a, lda, part, c + j * ldc, ldc);
            continue;
        }
        double tile[ROWS * COLUMNS] = {0};
        for (size_t q = 0; q < width; q++)
            for (size_t r = first_row(first, j + q); r < rows; r++)
                tile[q * ROWS + r] = c[r + (j + q) * ldc];
        subtract_tile(width, n, a, lda, part, tile, ROWS);
        for (size_t q = 0; q < width; q++)
            for (size_t r = first_row(first, j + q); r < rows; r++)
                c[r + (j + q) * ldc] = tile[q * ROWS + r];
    }
}

/* C -= A B, A rows x n, B n x columns; with `lower` the lower triangle of C alone. */
INLINE void subtract_product(size_t rows, size_t columns, size_t n, const double *a, size_t lda, struct factor b,
                             double *c, size_t ldc, int lower)
{
    size_t i = 0;
    for (; i + ROWS <= rows; i += ROWS)
        subtract_rows(ROWS, lower ? least(columns, i + ROWS) : columns, n, a + i, lda, b, c + i, ldc,
                      lower ? (ptrdiff_t)i : -1);
    for (size_t k = 0; i < rows && k < n; k += CHUNK) {
        double last[ROWS * CHUNK] = {0};
        size_t count = least(CHUNK, n - k);
        for (size_t q = 0; q < count; q++)
            for (size_t r = i; r < rows; r++)
                last[q * ROWS + r - i] = a[r + (k + q) * lda];
        struct factor part = {b.at + k * b.row, b.row, b.column};
        subtract_rows(rows - i, columns, count, last, ROWS, part, c + i, ldc, lower ? (ptrdiff_t)i : -1);
    }
}

/* -------------------------------------------------------------------- the factor */

/* y -= factor x */
INLINE void subtract_multiple(double factor, const double *restrict x, double *restrict y, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] -= factor * x[i];
}

/* Columns from `first` up to `end`, whose terms of earlier columns are subtracted. */
INLINE int factor_columns(double *a, size_t first, size_t end, size_t n, size_t lda)
{
    for (size_t k = first; k < end; k++) {
        double *column = a + k * lda, pivot = column[k];
        /* Every l_kj is in this pivot: when it is finite and positive, they are finite. */
        if (!(pivot > 0 && isfinite(pivot)))
            return 1;
        column[k] = sqrt(pivot);
        double inverse = 1 / column[k];
        for (size_t i = k + 1; i < n; i++)
            column[i] *= inverse;
        for (size_t j = k + 1; j < end; j++)
            subtract_multiple(column[j], column + j, a + j + j * lda, n - j);
    }
    return 0;
}

INLINE int factor_body(double *a, size_t n, size_t lda)
{
    for (size_t panel = 0; panel < n; panel += PANEL) {
        size_t end = least(panel + PANEL, n);
        struct factor above = {a + panel, lda, 1};
        subtract_product(n - panel, end - panel, panel, a + panel, lda, above, a + panel + panel * lda, lda, 1);
        for (size_t j = panel; j < end; j += COLUMNS) {
            size_t next = least(j + COLUMNS, end);
            struct factor left = {a + j + panel * lda, lda, 1};
            subtract_product(n - j, next - j, j - panel, left.at, lda, left, a + j + j * lda, lda, 1);
            if (factor_columns(a, j, next, n, lda))
                return 1;
        }
    }
    return 0;
}

/* -------------------------------------------------------------------- the solves */

/* The block of `rows` rows on the diagonal: columns of ROWS numbers, zeros where nothing stands, and the inverses of
 * the diagonal. */
INLINE void copy_diagonal(const double *l, size_t ldl, size_t rows, double *block, double *inverse)
{
    memset(block, 0, ROWS * ROWS * sizeof *block);
    for (size_t k = 0; k < ROWS; k++) {
        inverse[k] = k < rows ? 1 / l[k + k * ldl] : 0;
        for (size_t r = k + 1; r < rows; r++)
            block[k * ROWS + r] = l[r + k * ldl];
    }
}

/* Solves for so many columns of ROWS numbers. A number is stored when it is known; what is subtracted from it later
 * is nothing. */
INLINE void solve_columns(int columns, const double *block, const double *inverse, double *b, size_t ldb)
{
    vector tile[COLUMNS][PARTS];
    for (int j = 0; j < columns; j++)
        load(tile[j], b + (size_t)j * ldb);
#pragma GCC unroll 8
    for (int k = 0; k < ROWS; k++) {
        vector x[PARTS];
        load(x, block + k * ROWS);
#pragma GCC unroll 4
        for (int j = 0; j < columns; j++) {
            double now = tile[j][k / NUMBERS][k % NUMBERS] * inverse[k];
            b[(size_t)j * ldb + (size_t)k] = now;
#pragma GCC unroll 4
            for (int p = k / NUMBERS; p < PARTS; p++)
                tile[j][p] -= x[p] * now;
        }
    }
}

INLINE void solve_block(const double *block, const double *inverse, size_t rows, double *b, size_t m, size_t ldb)
{
    size_t c = 0;
    for (; rows == ROWS && c + GROUP <= m; c += GROUP)
        solve_columns(GROUP, block, inverse, b + c * ldb, ldb);
    for (; c < m; c++) {
        double column[ROWS] = {0};
        memcpy(column, b + c * ldb, rows * sizeof *b);
        solve_columns(1, block, inverse, column, ROWS);
        memcpy(b + c * ldb, column, rows * sizeof *b);
    }
}

INLINE void solve_body(const double *l, size_t n, size_t ldl, double *b, size_t m, size_t ldb)
{
    for (size_t i = 0; i < n; i += ROWS) {
        size_t rows = least(ROWS, n - i);
        double block[ROWS * ROWS], inverse[ROWS];
        struct factor solved = {b, 1, ldb};
        subtract_product(rows, m, i, l + i, ldl, solved, b + i, ldb, 0);
        copy_diagonal(l + i + i * ldl, ldl, rows, block, inverse);
        solve_block(block, inverse, rows, b + i, m, ldb);
    }
}

/* sums[j] := sum_i x_i y_ij in eight partial sums, for so many columns of y. */
INLINE void dot_columns(int columns, size_t n, const double *x, const double *y, size_t ldy, double *sums)
{
    vector partial[COLUMNS][PARTS];
    size_t i = 0;
    memset(partial, 0, sizeof partial);
    for (; i + ROWS <= n; i += ROWS) {
        vector a[PARTS];
        load(a, x + i);
#pragma GCC unroll 4
        for (int j = 0; j < columns; j++) {
            vector b[PARTS];
            load(b, y + (size_t)j * ldy + i);
#pragma GCC unroll 4
            for (int p = 0; p < PARTS; p++)
                partial[j][p] += a[p] * b[p];
        }
    }
    for (int j = 0; j < columns; j++) {
        double s[ROWS];
        memcpy(s, partial[j], sizeof s);
        for (size_t k = i; k < n; k++)
            s[k - i] += x[k] * y[(size_t)j * ldy + k];
        sums[j] = ((s[0] + s[4]) + (s[1] + s[5])) + ((s[2] + s[6]) + (s[3] + s[7]));
    }
}

INLINE void dots(size_t columns, size_t n, const double *x, const double *y, size_t ldy, double *sums)
{
    if (columns == 4)
        dot_columns(4, n, x, y, ldy, sums);
    else if (columns == 3)
        dot_columns(3, n, x, y, ldy, sums);
    else if (columns == 2)
        dot_columns(2, n, x, y, ldy, sums);
    else
        dot_columns(1, n, x, y, ldy, sums);
}

INLINE void solve_transposed_body(const double *l, size_t n, size_t ldl, double *b, size_t m, size_t ldb)
{
    for (size_t i = n; i-- > 0;) {
        double inverse = 1 / l[i + i * ldl], sums[COLUMNS];
        for (size_t c = 0; c < m; c += GROUP) {
            size_t width = least(GROUP, m - c);
            double *x = b + i + c * ldb;
            dots(width, n - i - 1, l + i + 1 + i * ldl, x + 1, ldb, sums);
            for (size_t j = 0; j < width; j++)
                x[j * ldb] = (x[j * ldb] - sums[j]) * inverse;
        }
    }
}

/* ------------------------------------------------------------------- the inverse */

/* Puts L^-T into the upper triangle, ROWS of its rows at a time: the columns of L from there on are all that
 * later ones need. */
INLINE void invert_factor(double *a, size_t n, size_t lda, double *room)
{
    for (size_t first = 0; first < n; first += ROWS) {
        size_t width = least(ROWS, n - first), rows = n - first;
        memset(room, 0, width * rows * sizeof *room);
        for (size_t c = 0; c < width; c++)
            room[c + c * rows] = 1;
        solve_body(a + first + first * lda, rows, lda, room, width, rows);
        for (size_t k = 0; k < rows; k++)
            for (size_t c = 0; c < width && c <= k; c++)
                a[first + c + (first + k) * lda] = room[k + c * rows];
    }
}

/* U Uᵀ into the lower triangle: rows i .. i + ROWS of it need the columns of U from i on. */
INLINE void multiply_by_transposed(double *a, size_t n, size_t lda)
{
    for (size_t i = 0; i < n; i += ROWS) {
        size_t rows = least(ROWS, n - i), last = i + rows;
        double corner[ROWS * ROWS] = {0};
        for (size_t k = 0; k < rows; k++)
            for (size_t r = 0; r <= k; r++)
                corner[r + k * ROWS] = a[i + r + (i + k) * lda];
        /* Sums are subtracted from 0; the sign comes last. */
        for (size_t j = 0; j < last; j++)
            for (size_t r = j > i ? j - i : 0; r < rows; r++)
                a[i + r + j * lda] = 0;
        struct factor before = {a + i * lda, lda, 1}, inside = {corner, ROWS, 1}, after = {a + last * lda, lda, 1};
        subtract_rows(rows, i, rows, corner, ROWS, before, a + i, lda, -1);
        subtract_rows(rows, rows, rows, corner, ROWS, inside, a + i + i * lda, lda, 0);
        subtract_product(rows, i, n - last, a + i + last * lda, lda, after, a + i, lda, 0);
        after.at += i;
        subtract_product(rows, rows, n - last, a + i + last * lda, lda, after, a + i + i * lda, lda, 1);
    }
    for (size_t j = 0; j < n; j++)
        for (size_t i = j; i < n; i++)
            a[j + i * lda] = a[i + j * lda] = -a[i + j * lda];
}

INLINE void inverse_body(double *a, size_t n, size_t lda)
{
    double room[ROWS * PORTABLE_MOST];
    invert_factor(a, n, lda, room);
    multiply_by_transposed(a, n, lda);
}

INLINE double dot_body(size_t n, const double *x, const double *y)
{
    double sum;
    dot_columns(1, n, x, y, 0, &sum);
    return sum;
}

#endif
