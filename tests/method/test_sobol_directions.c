/* The direction numbers, and the search that chose them.
 *
 * With an argument n the program prints the table for n dimensions, as
 * src/numeric/sobol_directions.c holds it; without one it tests.
 */
#include "numeric/quasi_random.h"
#include "numeric/sobol_directions.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { M_LOW = 2, M_HIGH = 11, POINTS = 1 << M_HIGH, MOST = 2048 };

/* phi(x_i) = 1/2 - 3/4 2^-l of the first points of every dimension, l the number
 * of leading zero digits of x_i. */
static double kernel_of[MOST][POINTS];

static void fill_kernel(const uint32_t *v, double *phi)
{
    for (uint32_t i = 0; i < POINTS; i++) {
        uint32_t x = 0;
        for (unsigned k = 0; k < M_HIGH; k++)
            x ^= i >> k & 1 ? v[k] : 0;
        double zeros = 1;
        for (uint32_t top = UINT32_C(1) << 31; top && !(x & top); top >>= 1)
            zeros /= 2;
        phi[i] = 0.5 - 0.75 * (x ? zeros : 0);
    }
}

/* Point i is among the first 2^m for so many m of M_LOW..M_HIGH. */
static double weight(uint32_t i)
{
    int bits = 0;
    while (i >> bits)
        bits++;
    return M_HIGH + 1 - (bits > M_LOW ? bits : M_LOW);
}

static double pair_penalty(const double *a, const double *b)
{
    static double weights[POINTS];
    if (weights[0] == 0)
        for (uint32_t i = 0; i < POINTS; i++)
            weights[i] = weight(i);
    double sum = 0;
    for (uint32_t i = 0; i < POINTS; i++)
        sum += weights[i] * a[i] * b[i];
    return sum;
}

/* The penalty of a dimension against those before it; may stop above `enough`. */
static double penalty(size_t j, const double *phi, double enough)
{
    double sum = 0;
    for (size_t i = 0; i < j && sum < enough; i++)
        sum += pair_penalty(kernel_of[i], phi);
    return sum;
}

/* Chooses for dimension j and enters its kernel. */
static uint32_t search(size_t j, uint32_t polynomial)
{
    uint32_t best = 0, v[SOBOL_BITS];
    double phi[POINTS];
    double least = 1e300;
    for (uint32_t c = 0; c < SOBOL_CANDIDATES; c++) {
        sobol_candidate(j, polynomial, c, v);
        fill_kernel(v, phi);
        double p = penalty(j, phi, least);
        if (p < least) {
            least = p;
            best = c;
            memcpy(kernel_of[j], phi, sizeof phi);
        }
    }
    return best;
}

static void start_search(void)
{
    uint32_t v[SOBOL_BITS];
    sobol_directions(1, v);
    fill_kernel(v, kernel_of[0]);
}

static void print_table(size_t n)
{
    uint32_t polynomial = 0;
    start_search();
    printf("    0,");
    for (size_t j = 1; j < n; j++) {
        polynomial = sobol_next_polynomial(polynomial);
        printf("%s%u,", j % 24 ? " " : "\n    ", (unsigned)search(j, polynomial));
        fflush(stdout);
    }
    printf("\n");
}

static void test_table_is_what_the_search_finds(void **state)
{
    (void)state;
    uint32_t polynomial = 0;
    start_search();
    for (size_t j = 1; j < 24; j++) {
        polynomial = sobol_next_polynomial(polynomial);
        assert_int_equal(search(j, polynomial), sobol_choice(j));
    }
}

static void test_polynomials_are_the_primitive_ones(void **state)
{
    (void)state;
    const uint32_t first[] = {3, 7, 11, 13, 19, 25, 37, 41, 47, 55, 59, 61, 67, 91};
    uint32_t p = 0;
    for (size_t i = 0; i < sizeof first / sizeof *first; i++) {
        p = sobol_next_polynomial(p);
        assert_int_equal(p, first[i]);
    }
}

/* phi(2^s - 1) / s of each degree. */
static void test_every_degree_has_its_number_of_polynomials(void **state)
{
    (void)state;
    const int expected[] = {0, 1, 1, 2, 2, 6, 6, 18, 16, 48, 60, 176, 144, 630, 756, 1800, 2048, 7710, 7776};
    uint32_t p = 0;
    int total = 1;
    for (uint32_t s = 1; s <= 18; s++) {
        int count = 0;
        for (uint32_t q; (q = sobol_next_polynomial(p)) < UINT32_C(2) << s; p = q)
            count++;
        assert_int_equal(count, expected[s]);
        total += count;
    }
    assert_int_equal(total, SOBOL_MAX_DIMENSIONS);
}

static void test_columns_are_triangular_in_all_dimensions(void **state)
{
    (void)state;
    uint32_t *v = malloc(SOBOL_MAX_DIMENSIONS * SOBOL_BITS * sizeof *v);
    assert_non_null(v);
    sobol_directions(SOBOL_MAX_DIMENSIONS, v);
    for (size_t j = 0; j < SOBOL_MAX_DIMENSIONS; j++)
        for (unsigned k = 0; k < SOBOL_BITS; k++)
            assert_int_equal((uint32_t)(v[j * SOBOL_BITS + k] << k), UINT32_C(1) << 31);
    free(v);
}

static void test_second_dimension_has_known_columns(void **state)
{
    (void)state;
    uint32_t v[2 * SOBOL_BITS];
    sobol_directions(2, v);
    assert_int_equal(v[32], UINT32_C(1) << 31);  /* 1/2 */
    assert_int_equal(v[33], UINT32_C(3) << 30);  /* 3/4 */
    assert_int_equal(v[34], UINT32_C(5) << 29);  /* 5/8 */
    assert_int_equal(v[35], UINT32_C(15) << 28); /* 15/16 */
}

/* Random points have 0.25 (M_HIGH - M_LOW + 1) a pair. Four and eight points leave no
 * choice: more dimensions than leading digits. */
static void test_projections_are_far_better_than_unchosen_ones(void **state)
{
    (void)state;
    enum { D = 50 };
    static double plain[D][POINTS];
    uint32_t v[SOBOL_BITS], polynomial = 0, chosen[D * SOBOL_BITS];
    sobol_directions(D, chosen);
    double with = 0, without = 0;
    for (size_t j = 0; j < D; j++) {
        fill_kernel(chosen + j * SOBOL_BITS, kernel_of[j]);
        if (j == 0)
            memcpy(v, chosen, sizeof v);
        else
            sobol_candidate(j, polynomial = sobol_next_polynomial(polynomial), 0, v);
        fill_kernel(v, plain[j]);
        with += penalty(j, kernel_of[j], 1e300);
        for (size_t i = 0; i < j; i++)
            without += pair_penalty(plain[i], plain[j]);
    }
    double random = D * (D - 1) / 2.0 * 0.25 * (M_HIGH - M_LOW + 1);
    print_message("against random points: chosen %.3f, unchosen %.3f\n", with / random, without / random);
    assert_true(with < 0.8 * random);
    assert_true(with < 0.75 * without);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        print_table((size_t)atoi(argv[1]) < MOST ? (size_t)atoi(argv[1]) : MOST);
        return 0;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_polynomials_are_the_primitive_ones),
        cmocka_unit_test(test_every_degree_has_its_number_of_polynomials),
        cmocka_unit_test(test_columns_are_triangular_in_all_dimensions),
        cmocka_unit_test(test_second_dimension_has_known_columns),
        cmocka_unit_test(test_table_is_what_the_search_finds),
        cmocka_unit_test(test_projections_are_far_better_than_unchosen_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
