/* Factors, solves and inverses against their definitions; bad input is answered. */
#include "numeric/linalg.h"

#include "core/rng.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* More than is factored in one piece. */
enum { N = 75, LD = 79 };

/* B Bᵀ + I. */
static void positive_matrix(double *a)
{
    static double b[N * N];
    struct rng r;
    rng_start(&r, 2385, 0, RNG_SUGGEST);
    for (size_t i = 0; i < N * N; i++)
        b[i] = rng_normal(&r);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++) {
            double sum = i == j;
            for (size_t k = 0; k < N; k++)
                sum += b[i + k * N] * b[j + k * N];
            a[i + j * LD] = sum;
        }
}

static double product_entry(const double *l, size_t i, size_t j)
{
    double sum = 0;
    for (size_t k = 0; k <= (i < j ? i : j); k++)
        sum += l[i + k * LD] * l[j + k * LD];
    return sum;
}

static void test_factor_times_its_transpose_is_the_matrix(void **state)
{
    (void)state;
    static double a[LD * LD], l[LD * LD];
    positive_matrix(a);
    memcpy(l, a, sizeof a);
    assert_int_equal(cholesky_factor(l, N, LD), 0);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j <= i; j++)
            assert_true(fabs(product_entry(l, i, j) - a[i + j * LD]) < 1e-11);
}

static void test_rows_appended_one_by_one_give_the_same_factor(void **state)
{
    (void)state;
    static double a[LD * LD], whole[LD * LD], grown[LD * LD];
    double row[N];
    positive_matrix(a);
    memcpy(whole, a, sizeof a);
    assert_int_equal(cholesky_factor(whole, N, LD), 0);
    for (size_t n = 0; n < N; n++) {
        for (size_t j = 0; j < n; j++)
            row[j] = a[n + j * LD];
        assert_int_equal(cholesky_append(grown, n, LD, row, a[n + n * LD], 1e-6), 0);
    }
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j <= i; j++)
            assert_true(fabs(grown[i + j * LD] - whole[i + j * LD]) < 1e-11);
}

static void test_appending_a_copy_of_a_row_raises_the_pivot(void **state)
{
    (void)state;
    double l[4] = {1, 0, 0, 0}, row[1] = {1};
    assert_int_equal(cholesky_append(l, 1, 2, row, 1, 1e-6), 1);
    assert_true(l[1] == 1 && l[3] == 1e-3);
}

static void test_solves_undo_products(void **state)
{
    (void)state;
    static double l[LD * LD];
    double x[N], y[N], many[2 * N];
    positive_matrix(l);
    assert_int_equal(cholesky_factor(l, N, LD), 0);
    for (size_t i = 0; i < N; i++) {
        y[i] = 0;
        for (size_t k = 0; k <= i; k++)
            y[i] += l[i + k * LD] * (double)(k + 1);
        x[i] = many[i] = many[N + i] = y[i];
    }
    solve_lower(l, N, LD, NOT_TRANSPOSED, x);
    solve_lower_many(l, N, LD, NOT_TRANSPOSED, many, 2, N);
    for (size_t i = 0; i < N; i++) {
        assert_true(fabs(x[i] - (double)(i + 1)) < 1e-9);
        assert_true(fabs(many[N + i] - (double)(i + 1)) < 1e-9);
    }
    double before[N];
    memcpy(before, y, sizeof y);
    solve_lower(l, N, LD, TRANSPOSED, y);
    for (size_t i = 0; i < N; i++) {
        double back = 0;
        for (size_t k = i; k < N; k++)
            back += l[k + i * LD] * y[k];
        assert_true(fabs(back - before[i]) < 1e-9 * (1 + fabs(before[i])));
    }
    double square = 0;
    for (size_t i = 0; i < N; i++)
        square += y[i] * y[i];
    assert_true(fabs(square - dot_product(N, y, y)) <= 1e-12 * square);
}

/* y := A x. */
static void multiply(size_t n, const double *a, size_t lda, const double *x, double *y)
{
    for (size_t i = 0; i < n; i++) {
        y[i] = 0;
        for (size_t j = 0; j < n; j++)
            y[i] += a[i + j * lda] * x[j];
    }
}

static void test_inverse_times_matrix_is_one(void **state)
{
    (void)state;
    static double a[LD * LD], inverse[LD * LD];
    double column[N];
    positive_matrix(a);
    memcpy(inverse, a, sizeof a);
    assert_int_equal(cholesky_factor(inverse, N, LD), 0);
    assert_int_equal(cholesky_inverse(inverse, N, LD), 0);
    for (size_t j = 0; j < N; j++) {
        multiply(N, a, LD, inverse + j * LD, column);
        for (size_t i = 0; i < N; i++)
            assert_true(fabs(column[i] - (i == j)) < 1e-9);
    }
}

/* Sizes beside the limits between the ways of doing it: distance^2 kernels, whose
 * inverse times themselves is one. */
static void test_every_size_is_factored_and_inverted(void **state)
{
    (void)state;
    enum { MOST = 300 };
    static const size_t sizes[] = {1, 2, 31, 32, 33, 48, 49, 255, 256, 257, MOST};
    static double a[MOST * MOST], inverse[MOST * MOST], column[MOST], many[3 * MOST];
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        size_t n = sizes[s];
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++) {
                double delta = ((double)i - (double)j) / 2.385;
                a[i + j * n] = inverse[i + j * n] = exp(-fabs(delta)) + (i == j ? 0.25 : 0);
            }
        assert_int_equal(cholesky_factor(inverse, n, n), 0);
        for (size_t k = 0; k < 3 * n; k++)
            many[k] = 1;
        solve_lower_many(inverse, n, n, NOT_TRANSPOSED, many, 3, n);
        solve_lower_many(inverse, n, n, TRANSPOSED, many, 3, n);
        multiply(n, a, n, many + 2 * n, column);
        for (size_t i = 0; i < n; i++)
            assert_true(fabs(column[i] - 1) < 1e-10);
        assert_int_equal(cholesky_inverse(inverse, n, n), 0);
        for (size_t j = 0; j < n; j += 7) {
            multiply(n, a, n, inverse + j * n, column);
            for (size_t i = 0; i < n; i++)
                assert_true(fabs(column[i] - (i == j)) < 1e-10);
        }
    }
}

static void test_an_indefinite_row_is_found_wherever_it_is(void **state)
{
    (void)state;
    static double a[LD * LD];
    for (size_t at = 1; at < N; at += 6) {
        positive_matrix(a);
        a[at + at * LD] = -1;
        assert_int_equal(cholesky_factor(a, N, LD), 1);
    }
}

/* I - 1.5 u uᵀ, |u| = 1, has the eigenvalue -0.5 once and 1 else: raised to 0.25 it is I - 0.75 u uᵀ. */
static void test_eigenvalues_below_the_floor_are_raised_to_it_and_no_others(void **state)
{
    (void)state;
    static double a[LD * LD], room[LINALG_FLOOR_ROOM * N];
    double u[N], square = 0;
    struct rng r;
    rng_start(&r, 2385, 1, RNG_SUGGEST);
    for (size_t i = 0; i < N; i++) {
        u[i] = rng_normal(&r);
        square += u[i] * u[i];
    }
    for (size_t j = 0; j < N; j++)
        for (size_t i = j; i < N; i++)
            a[i + j * LD] = (i == j) - 1.5 * u[i] * u[j] / square;
    static double copy[LD * LD];
    memcpy(copy, a, sizeof a);
    assert_int_equal(cholesky_factor(copy, N, LD), 1);
    assert_int_equal(eigenvalue_floor(a, N, LD, 0.25, room), 0);
    for (size_t j = 0; j < N; j++) {
        assert_true(a[j + j * LD] > 0);
        for (size_t i = j; i < N; i++)
            assert_true(fabs(product_entry(a, i, j) - ((i == j) - 0.75 * u[i] * u[j] / square)) < 1e-13);
    }
    a[LD] = a[LD + 1] = NAN;
    assert_int_equal(eigenvalue_floor(a, N, LD, 0.25, room), 1);
    assert_int_equal(eigenvalue_floor(a, 0, LD, 0.25, room), 0);
    assert_int_equal(eigenvalue_floor(a, LD, N, 0.25, room), 1);
}

static void test_bad_matrices_are_answered(void **state)
{
    (void)state;
    double indefinite[4] = {1, 2, 2, 1}, unset[4] = {1, NAN, 0, 1}, huge[4] = {1e308, 1e308, 1e308, 1e308};
    assert_int_equal(cholesky_factor(indefinite, 2, 2), 1);
    assert_int_equal(cholesky_factor(unset, 2, 2), 1);
    assert_int_equal(cholesky_factor(huge, 2, 2), 1);
    assert_int_equal(cholesky_factor(indefinite, (size_t)1 << 40, (size_t)1 << 40), 1);
    assert_int_equal(cholesky_factor(indefinite, 2, 1), 1);
    double singular[4] = {1, 1, 0, 0};
    assert_int_equal(cholesky_inverse(singular, 2, 2), 1);
    double row[1] = {NAN}, l[4] = {1, 0, 0, 0};
    assert_int_equal(cholesky_append(l, 1, 2, row, 1, 1e-6), 1);
    assert_true(l[1] == 0 && l[3] == 1);
    assert_int_equal(cholesky_append(l, 1, 2, l, INFINITY, 1e-6), 1);
    assert_true(isfinite(l[3]));
    assert_int_equal(cholesky_factor(l, 0, 0), 0);
    assert_true(dot_product(0, NULL, NULL) == 0);
}

static void test_finite_scan(void **state)
{
    (void)state;
    double x[3] = {1e308, -1e308, 5e-324};
    assert_true(all_finite(x, 3));
    assert_true(all_finite(x, 0));
    x[1] = INFINITY;
    assert_false(all_finite(x, 3));
    x[1] = NAN;
    assert_false(all_finite(x, 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_factor_times_its_transpose_is_the_matrix),
        cmocka_unit_test(test_rows_appended_one_by_one_give_the_same_factor),
        cmocka_unit_test(test_appending_a_copy_of_a_row_raises_the_pivot),
        cmocka_unit_test(test_solves_undo_products),
        cmocka_unit_test(test_inverse_times_matrix_is_one),
        cmocka_unit_test(test_every_size_is_factored_and_inverted),
        cmocka_unit_test(test_an_indefinite_row_is_found_wherever_it_is),
        cmocka_unit_test(test_eigenvalues_below_the_floor_are_raised_to_it_and_no_others),
        cmocka_unit_test(test_bad_matrices_are_answered),
        cmocka_unit_test(test_finite_scan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
