/* Factors and solves against their definitions, to the bit where the order of the operations is
 * what is promised. */
#include "numeric/portable_linalg.h"

#include "core/rng.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 60 };

static const uint64_t SEED = 2385;

/* B Bᵀ / n + floor I for a matrix B of n x rank normal numbers. */
static void random_matrix(double *a, size_t n, size_t rank, double floor)
{
    static double b[MOST * MOST];
    struct rng r;
    rng_start(&r, SEED, n * 100 + rank, RNG_SUGGEST);
    for (size_t i = 0; i < n * rank; i++)
        b[i] = rng_normal(&r);
    for (size_t j = 0; j < n; j++)
        for (size_t i = 0; i < n; i++) {
            double sum = 0;
            for (size_t k = 0; k < rank; k++)
                sum += b[i + k * n] * b[j + k * n];
            a[i + j * n] = sum / (double)n + (i == j ? floor : 0);
        }
}

static double product_entry(const double *l, size_t n, size_t i, size_t j)
{
    double sum = 0;
    for (size_t k = 0; k <= j; k++)
        sum += l[i + k * n] * l[j + k * n];
    return sum;
}

/* The textbook's formula, entry by entry. */
static void textbook_factor(const double *a, size_t n, double *l)
{
    for (size_t j = 0; j < n; j++)
        for (size_t i = j; i < n; i++) {
            double left = a[i + j * n];
            for (size_t k = 0; k < j; k++)
                left -= l[i + k * n] * l[j + k * n];
            l[i + j * n] = i == j ? sqrt(left) : left * (1 / l[j + j * n]);
        }
}

static void test_a_matrix_worked_out_by_hand(void **state)
{
    (void)state;
    double a[] = {4, 12, -16, NAN, 37, -43, NAN, NAN, 98}, b[] = {2, 13, 5, -4, -12, 19};
    static const double l[] = {2, 6, -8, 0, 1, 5, 0, 0, 3};
    assert_int_equal(portable_cholesky_factor(a, 3, 3), 0);
    for (size_t j = 0; j < 3; j++)
        for (size_t i = j; i < 3; i++)
            assert_true(a[i + 3 * j] == l[i + 3 * j]);
    portable_solve(a, 3, 3, b, 2, 3);
    static const double x[] = {1, 7, -22 * (1. / 3), -2, 0, 1};
    for (size_t i = 0; i < 6; i++)
        assert_true(b[i] == x[i]);
}

static void test_one_number_and_none(void **state)
{
    (void)state;
    double a = 2.25, b[2] = {3, 4.5};
    assert_int_equal(portable_cholesky_factor(&a, 1, 1), 0);
    assert_true(a == 1.5);
    portable_solve(&a, 1, 1, b, 2, 1);
    assert_true(b[0] == 2 && b[1] == 3);
    assert_int_equal(portable_cholesky_factor(NULL, 0, 0), 0);
    portable_solve(&a, 1, 1, b, 0, 1);
    assert_true(b[0] == 2);
}

static void test_equal_eigenvalues(void **state)
{
    (void)state;
    static double a[MOST * MOST];
    for (size_t i = 0; i < MOST; i++)
        a[i + i * MOST] = 5.76;
    assert_int_equal(portable_cholesky_factor(a, MOST, MOST), 0);
    for (size_t j = 0; j < MOST; j++)
        for (size_t i = j; i < MOST; i++)
            assert_true(a[i + j * MOST] == (i == j ? sqrt(5.76) : 0));
}

static void test_the_factor_gives_the_matrix_back(void **state)
{
    (void)state;
    static double a[MOST * MOST], l[MOST * MOST];
    for (size_t n = 1; n <= MOST; n++) {
        random_matrix(a, n, n, 0.01);
        memcpy(l, a, sizeof a);
        assert_int_equal(portable_cholesky_factor(l, n, n), 0);
        for (size_t j = 0; j < n; j++)
            for (size_t i = j; i < n; i++) {
                double most = (double)(n + 2) * DBL_EPSILON * sqrt(a[i + i * n] * a[j + j * n]);
                assert_true(fabs(product_entry(l, n, i, j) - a[i + j * n]) <= most);
            }
    }
}

static void test_a_solve_undoes_the_product(void **state)
{
    (void)state;
    static double l[MOST * MOST], b[3 * MOST];
    for (size_t n = 1; n <= MOST; n++) {
        random_matrix(l, n, n, 0.5);
        assert_int_equal(portable_cholesky_factor(l, n, n), 0);
        for (size_t c = 0; c < 3; c++)
            for (size_t i = 0; i < n; i++) {
                b[i + c * n] = 0;
                for (size_t k = 0; k <= i; k++)
                    b[i + c * n] += l[i + k * n] * ((double)k - 2.385 * (double)c);
            }
        portable_solve(l, n, n, b, 3, n);
        for (size_t c = 0; c < 3; c++)
            for (size_t i = 0; i < n; i++)
                assert_true(fabs(b[i + c * n] - ((double)i - 2.385 * (double)c)) < 1e-11);
    }
}

/* A product of five columns, raised by 1e-12 of its size. */
static void test_a_nearly_singular_matrix(void **state)
{
    (void)state;
    static double a[MOST * MOST], l[MOST * MOST];
    random_matrix(a, MOST, 5, 1e-12);
    memcpy(l, a, sizeof a);
    assert_int_equal(portable_cholesky_factor(l, MOST, MOST), 0);
    for (size_t j = 0; j < MOST; j++)
        for (size_t i = j; i < MOST; i++)
            assert_true(fabs(product_entry(l, MOST, i, j) - a[i + j * MOST]) < 1e-14);
}

static void test_each_entry_is_the_textbooks_sequence_of_operations(void **state)
{
    (void)state;
    static double a[MOST * MOST], l[MOST * MOST], want[MOST * MOST];
    for (size_t n = 1; n <= MOST; n++) {
        random_matrix(a, n, n, 0.01);
        memcpy(l, a, sizeof a);
        textbook_factor(a, n, want);
        assert_int_equal(portable_cholesky_factor(l, n, n), 0);
        for (size_t j = 0; j < n; j++)
            assert_memory_equal(l + j + j * n, want + j + j * n, (n - j) * sizeof *l);
    }
}

/* --------------------------------------------- the order of the other operations */

enum { WIDE = MOST + 3, COLUMNS = 7 };

/* A factor of n rows, WIDE apart, NaN wherever nothing of it stands. */
static void wide_factor(size_t n, double *l)
{
    static double a[MOST * MOST];
    random_matrix(a, n, n, 0.01);
    for (size_t i = 0; i < WIDE * MOST; i++)
        l[i] = NAN;
    for (size_t j = 0; j < n; j++)
        memcpy(l + j + j * WIDE, a + j + j * n, (n - j) * sizeof *a);
    assert_int_equal(portable_cholesky_factor(l, n, WIDE), 0);
    for (size_t j = 1; j < n; j++)
        assert_true(isnan(l[j - 1 + j * WIDE]));
}

static void right_sides(double *b)
{
    for (size_t i = 0; i < WIDE * COLUMNS; i++)
        b[i] = (double)(i * i % 101) - 49.385;
}

static double textbook_dot(size_t n, const double *x, const double *y)
{
    double s[8] = {0};
    for (size_t i = 0; i < n; i++)
        s[i % 8] += x[i] * y[i];
    return ((s[0] + s[4]) + (s[1] + s[5])) + ((s[2] + s[6]) + (s[3] + s[7]));
}

static void textbook_solve(const double *l, size_t n, size_t ldl, double *x)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < i; k++)
            x[i] -= l[i + k * ldl] * x[k];
        x[i] *= 1 / l[i + i * ldl];
    }
}

static void textbook_solve_transposed(const double *l, size_t n, double *x)
{
    for (size_t i = n; i-- > 0;)
        x[i] = (x[i] - textbook_dot(n - i - 1, l + i + 1 + i * WIDE, x + i + 1)) * (1 / l[i + i * WIDE]);
}

static void test_solves_have_one_order_whatever_the_number_of_columns(void **state)
{
    (void)state;
    static double l[WIDE * MOST], got[WIDE * COLUMNS], want[WIDE * COLUMNS];
    for (size_t n = 1; n <= MOST; n++) {
        wide_factor(n, l);
        for (size_t m = 1; m <= COLUMNS; m++) {
            right_sides(got);
            right_sides(want);
            portable_solve(l, n, WIDE, got, m, WIDE);
            for (size_t c = 0; c < m; c++)
                textbook_solve(l, n, WIDE, want + c * WIDE);
            assert_memory_equal(got, want, sizeof got);
            portable_solve_transposed(l, n, WIDE, got, m, WIDE);
            for (size_t c = 0; c < m; c++)
                textbook_solve_transposed(l, n, want + c * WIDE);
            assert_memory_equal(got, want, sizeof got);
        }
    }
}

static void test_a_dot_product_has_eight_partial_sums(void **state)
{
    (void)state;
    double x[WIDE * COLUMNS];
    right_sides(x);
    for (size_t n = 0; n < 70; n++)
        assert_true(portable_dot(n, x, x + 11) == textbook_dot(n, x, x + 11));
}

/* Entry (i, j) of U Uᵀ, i >= j, where column k of L^-1 is row k of U. */
static double textbook_inverse(const double *columns, size_t n, size_t i, size_t j)
{
    double sum = 0;
    for (size_t k = i; k < n; k++)
        sum -= columns[k + i * n] * columns[k + j * n];
    return -sum;
}

static void test_an_inverse_has_one_order(void **state)
{
    (void)state;
    static double l[WIDE * MOST], columns[MOST * MOST];
    for (size_t n = 1; n <= MOST; n++) {
        wide_factor(n, l);
        memset(columns, 0, sizeof columns);
        for (size_t c = 0; c < n; c++) {
            columns[c + c * n] = 1;
            textbook_solve(l + c + c * WIDE, n - c, WIDE, columns + c + c * n);
        }
        portable_cholesky_inverse(l, n, WIDE);
        for (size_t j = 0; j < n; j++)
            for (size_t i = j; i < n; i++) {
                double want = textbook_inverse(columns, n, i, j);
                assert_true(l[i + j * WIDE] == want && l[j + i * WIDE] == want);
            }
    }
}

static void test_an_indefinite_or_infinite_matrix_is_refused_wherever_that_shows(void **state)
{
    (void)state;
    static const double bad[] = {NAN, INFINITY, -INFINITY, -1, 1e200};
    static double a[MOST * MOST];
    for (size_t at = 1; at < MOST; at += 6)
        for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
            random_matrix(a, MOST, MOST, 0.01);
            size_t column = bad[k] == -1 ? at : at / 2;
            a[at + column * MOST] = bad[k];
            assert_int_equal(portable_cholesky_factor(a, MOST, MOST), 1);
        }
    a[0] = 0;
    assert_int_equal(portable_cholesky_factor(a, 1, 1), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_matrix_worked_out_by_hand),
        cmocka_unit_test(test_one_number_and_none),
        cmocka_unit_test(test_equal_eigenvalues),
        cmocka_unit_test(test_the_factor_gives_the_matrix_back),
        cmocka_unit_test(test_a_solve_undoes_the_product),
        cmocka_unit_test(test_a_nearly_singular_matrix),
        cmocka_unit_test(test_each_entry_is_the_textbooks_sequence_of_operations),
        cmocka_unit_test(test_solves_have_one_order_whatever_the_number_of_columns),
        cmocka_unit_test(test_a_dot_product_has_eight_partial_sums),
        cmocka_unit_test(test_an_inverse_has_one_order),
        cmocka_unit_test(test_an_indefinite_or_infinite_matrix_is_refused_wherever_that_shows),
    };
    print_message("seed %llu\n", (unsigned long long)SEED);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
