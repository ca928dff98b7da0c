/* Scrambled Sobol and Halton sequences: nets stay nets, in any dimension. */
#include "numeric/quasi_random.h"

#include "core/fail.h"
#include "core/rng.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The first n points, one row each. */
static double *sobol_points(size_t n, size_t d, uint64_t seed)
{
    struct sobol s;
    double *u = malloc(n * d * sizeof *u);
    assert_non_null(u);
    assert_int_equal(sobol_init(&s, d, seed), 0);
    for (size_t i = 0; i < n; i++)
        sobol_point(&s, i, u + i * d);
    sobol_fini(&s);
    return u;
}

static double *halton_points(size_t n, size_t d, uint64_t seed)
{
    struct halton h;
    double *u = malloc(n * d * sizeof *u);
    assert_non_null(u);
    assert_int_equal(halton_init(&h, d, seed), 0);
    for (size_t i = 0; i < n; i++)
        halton_point(&h, i, u + i * d);
    halton_fini(&h);
    return u;
}

static double *random_points(size_t n, size_t d, uint64_t seed)
{
    struct rng r;
    double *u = malloc(n * d * sizeof *u);
    assert_non_null(u);
    rng_start(&r, seed, 0, RNG_SUGGEST);
    for (size_t i = 0; i < n * d; i++)
        u[i] = rng_uniform(&r);
    return u;
}

static void assert_inside(const double *u, size_t n)
{
    for (size_t i = 0; i < n; i++)
        assert_true(u[i] > 0 && u[i] < 1);
}

/* Each of `slices` slices of coordinate j has exactly one of as many points. */
static void assert_one_in_each_slice(const double *u, size_t slices, size_t d, size_t j)
{
    unsigned char *hit = calloc(slices, 1);
    assert_non_null(hit);
    for (size_t i = 0; i < slices; i++)
        assert_int_equal(hit[(size_t)(u[i * d + j] * (double)slices)]++, 0);
    free(hit);
}

static void test_every_sobol_dimension_hits_every_slice(void **state)
{
    (void)state;
    const size_t dimensions[] = {1, 2, 41, 500, 2000};
    for (size_t k = 0; k < 5; k++) {
        size_t d = dimensions[k];
        double *u = sobol_points(256, d, 41 + k);
        assert_inside(u, 256 * d);
        for (size_t n = 1; n <= 256; n *= 2)
            for (size_t j = 0; j < d; j++)
                assert_one_in_each_slice(u, n, d, j);
        free(u);
    }
}

static void test_the_last_sobol_dimension_hits_every_slice(void **state)
{
    (void)state;
    size_t d = SOBOL_MAX_DIMENSIONS;
    double *u = sobol_points(64, d, 7);
    assert_one_in_each_slice(u, 64, d, d - 1);
    free(u);
}

/* Any aligned block of 2^m points, not only the first. */
static void test_later_sobol_blocks_hit_every_slice_too(void **state)
{
    (void)state;
    struct sobol s;
    assert_int_equal(sobol_init(&s, 5, 3), 0);
    for (uint64_t block = 1; block < 40; block += 7) {
        double u[64 * 5];
        for (size_t i = 0; i < 64; i++)
            sobol_point(&s, block * 64 + i, u + 5 * i);
        for (size_t j = 0; j < 5; j++)
            assert_one_in_each_slice(u, 64, 5, j);
    }
    sobol_fini(&s);
}

static void test_first_two_sobol_dimensions_are_a_perfect_net(void **state)
{
    (void)state;
    enum { M = 8, N = 1 << M };
    for (uint64_t seed = 0; seed < 5; seed++) {
        double *u = sobol_points(N, 2, seed);
        for (int a = 0; a <= M; a++) {
            unsigned char hit[N] = {0};
            for (int i = 0; i < N; i++) {
                int column = (int)(u[2 * i] * (1 << a)), row = (int)(u[2 * i + 1] * (1 << (M - a)));
                assert_int_equal(hit[(column << (M - a)) + row]++, 0);
            }
        }
        free(u);
    }
}

/* Over seeds the scrambled point of one index is uniform: mean 1/2 (to 4 standard
 * errors), and each digit a fair coin. */
static void test_one_sobol_point_is_uniform_over_seeds(void **state)
{
    (void)state;
    enum { SEEDS = 20000, BITS = 40 };
    double sum = 0;
    int ones[BITS] = {0};
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct sobol s;
        double u[3];
        assert_int_equal(sobol_init(&s, 3, seed), 0);
        sobol_point(&s, 5, u);
        sobol_fini(&s);
        sum += u[2];
        for (int b = 0; b < BITS; b++)
            ones[b] += (int)((uint64_t)ldexp(u[2], b + 1) & 1);
    }
    assert_true(fabs(sum / SEEDS - 0.5) < 4 * sqrt(1.0 / 12 / SEEDS));
    for (int b = 0; b < BITS; b++)
        assert_true(fabs(ones[b] - SEEDS / 2.0) < 4.5 * sqrt(SEEDS / 4.0));
}

/* Owen's rate: the mean of a smooth function errs like n^-3/2, not n^-1/2. */
static double mean_square_error(double *(*points)(size_t, size_t, uint64_t), size_t n)
{
    enum { SEEDS = 40, D = 5 };
    double sum = 0;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        double *u = points(n, D, seed), mean = 0;
        for (size_t i = 0; i < n; i++) {
            double product = 1;
            for (size_t j = 0; j < D; j++)
                product *= 1 + (u[i * D + j] - 0.5) * 0.8;
            mean += product / (double)n;
        }
        sum += (mean - 1) * (mean - 1) / SEEDS;
        free(u);
    }
    return sum;
}

static void test_means_of_smooth_functions_are_far_better_than_random(void **state)
{
    (void)state;
    double sobol = mean_square_error(sobol_points, 1024);
    double halton = mean_square_error(halton_points, 1024);
    double random = mean_square_error(random_points, 1024);
    print_message("mean square errors: sobol %.2e, halton %.2e, random %.2e\n", sobol, halton, random);
    assert_true(sobol < random / 300);
    assert_true(halton < random / 30);
    assert_true(sobol < mean_square_error(sobol_points, 256) / 16);
}

/* Star discrepancy in two dimensions, over the corners that the points span. */
static double star_discrepancy(const double *u, size_t n)
{
    double worst = 0;
    for (size_t a = 0; a <= n; a++)
        for (size_t b = 0; b <= n; b++) {
            double x = a < n ? u[2 * a] : 1, y = b < n ? u[2 * b + 1] : 1;
            size_t open = 0, closed = 0;
            for (size_t i = 0; i < n; i++) {
                open += u[2 * i] < x && u[2 * i + 1] < y;
                closed += u[2 * i] <= x && u[2 * i + 1] <= y;
            }
            worst = fmax(worst, fmax(x * y - (double)open / (double)n, (double)closed / (double)n - x * y));
        }
    return worst;
}

static void test_discrepancy_is_less_than_random_for_any_number_of_points(void **state)
{
    (void)state;
    const size_t counts[] = {20, 64, 100};
    for (size_t k = 0; k < 3; k++) {
        double sobol = 0, halton = 0, random = 0;
        for (uint64_t seed = 0; seed < 10; seed++) {
            double *s = sobol_points(counts[k], 2, seed), *h = halton_points(counts[k], 2, seed);
            double *r = random_points(counts[k], 2, seed);
            sobol += star_discrepancy(s, counts[k]);
            halton += star_discrepancy(h, counts[k]);
            random += star_discrepancy(r, counts[k]);
            free(s);
            free(h);
            free(r);
        }
        assert_true(sobol < 0.7 * random);
        assert_true(halton < 0.7 * random);
    }
}

enum { CORRELATED_N = 256, CORRELATED_D = 60, CORRELATED_PAIRS = 60 * 59 / 2 };

/* The largest correlation of two coordinates, and the root of the mean square. */
static void correlations(const double *u, double *worst, double *typical)
{
    *worst = *typical = 0;
    for (size_t a = 0; a < CORRELATED_D; a++)
        for (size_t b = 0; b < a; b++) {
            double c = 0;
            for (size_t i = 0; i < CORRELATED_N; i++)
                c += (u[i * CORRELATED_D + a] - 0.5) * (u[i * CORRELATED_D + b] - 0.5) * 12 / CORRELATED_N;
            *worst = fmax(*worst, fabs(c));
            *typical += c * c / CORRELATED_PAIRS;
        }
    *typical = sqrt(*typical);
}

/* The plain Halton sequence has correlations near 1 here. Random points have a
 * typical one of 1/16. */
static void test_sixty_dimensions_are_not_correlated(void **state)
{
    (void)state;
    double worst, typical;
    double *halton = halton_points(CORRELATED_N, CORRELATED_D, 11);
    correlations(halton, &worst, &typical);
    assert_true(worst < 0.3 && typical < 1.02 / 16);
    double *sobol = sobol_points(CORRELATED_N, CORRELATED_D, 11);
    correlations(sobol, &worst, &typical);
    assert_true(worst < 0.8 && typical < 0.75 / 16);
    free(halton);
    free(sobol);
}

/* A power of two above twice their number gives all of the first dimensions
 * different leading digits. */
static void test_twenty_sobol_dimensions_are_nearly_uncorrelated(void **state)
{
    (void)state;
    enum { N = 128, D = 20 };
    double *u = sobol_points(N, D, 11);
    for (size_t a = 0; a < D; a++)
        for (size_t b = 0; b < a; b++) {
            double c = 0;
            for (size_t i = 0; i < N; i++)
                c += (u[i * D + a] - 0.5) * (u[i * D + b] - 0.5) * 12 / N;
            assert_true(fabs(c) < 0.2);
        }
    free(u);
}

static void test_every_halton_dimension_hits_every_slice(void **state)
{
    (void)state;
    const size_t slices[] = {64, 81, 125, 343, 121, 169, 289, 361, 529, 29};
    double *u = halton_points(529, 10, 19);
    assert_inside(u, 5290);
    for (size_t j = 0; j < 10; j++)
        assert_one_in_each_slice(u, slices[j], 10, j);
    free(u);
}

static void test_halton_works_in_its_last_dimension(void **state)
{
    (void)state;
    struct halton h;
    assert_int_equal(halton_init(&h, HALTON_MAX_DIMENSIONS, 1), 0);
    assert_int_equal(h.primes[0], 2);
    assert_int_equal(h.primes[999], 7919);
    assert_int_equal(h.primes[HALTON_MAX_DIMENSIONS - 1], 262139);
    double *u = malloc(HALTON_MAX_DIMENSIONS * sizeof *u);
    assert_non_null(u);
    halton_point(&h, 12345, u);
    assert_inside(u, HALTON_MAX_DIMENSIONS);
    free(u);
    halton_fini(&h);
}

static void test_more_dimensions_leave_the_first_as_they_were(void **state)
{
    (void)state;
    double *few = sobol_points(32, 3, 2), *many = sobol_points(32, 50, 2);
    for (size_t i = 0; i < 32; i++)
        assert_memory_equal(few + 3 * i, many + 50 * i, 3 * sizeof *few);
    free(few);
    free(many);
    few = halton_points(32, 3, 2);
    many = halton_points(32, 50, 2);
    for (size_t i = 0; i < 32; i++)
        assert_memory_equal(few + 3 * i, many + 50 * i, 3 * sizeof *few);
    free(few);
    free(many);
}

static void test_any_index_has_a_point_of_its_own(void **state)
{
    (void)state;
    const uint64_t indices[] = {0, UINT32_MAX, UINT64_C(1) << 32, UINT64_C(1) << 52, UINT64_MAX};
    struct sobol s;
    struct halton h;
    assert_int_equal(sobol_init(&s, 4, 1), 0);
    assert_int_equal(halton_init(&h, 4, 1), 0);
    double u[5][8];
    for (size_t k = 0; k < 5; k++) {
        sobol_point(&s, indices[k], u[k]);
        halton_point(&h, indices[k], u[k] + 4);
        assert_inside(u[k], 8);
        for (size_t l = 0; l < k; l++)
            for (size_t j = 0; j < 8; j++)
                assert_true(u[l][j] != u[k][j]);
    }
    sobol_fini(&s);
    halton_fini(&h);
}

static void test_seeds_differ(void **state)
{
    (void)state;
    double *a = sobol_points(8, 4, 0), *b = sobol_points(8, 4, 1);
    for (size_t i = 0; i < 32; i++)
        assert_true(a[i] != b[i]);
    free(a);
    free(b);
}

/* GSL returns a generator over memory that was never set. */
static void test_dimensions_too_many_is_an_error(void **state)
{
    (void)state;
    struct sobol s;
    assert_int_equal(sobol_init(&s, SOBOL_MAX_DIMENSIONS + 1, 0), AFINA_E_RANGE);
    assert_string_equal(fail_text(), "a Sobol sequence has at most 21201 dimensions, got 21202");
    assert_null(s.directions);
    sobol_fini(&s);
    struct halton h;
    assert_int_equal(halton_init(&h, HALTON_MAX_DIMENSIONS + 1, 0), AFINA_E_RANGE);
    assert_null(h.primes);
    halton_fini(&h);
}

static void test_no_dimension_at_all_is_fine(void **state)
{
    (void)state;
    struct sobol s;
    struct halton h;
    assert_int_equal(sobol_init(&s, 0, 0), 0);
    assert_int_equal(halton_init(&h, 0, 0), 0);
    sobol_point(&s, 3, NULL);
    halton_point(&h, 3, NULL);
    sobol_fini(&s);
    halton_fini(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_sobol_dimension_hits_every_slice),
        cmocka_unit_test(test_the_last_sobol_dimension_hits_every_slice),
        cmocka_unit_test(test_later_sobol_blocks_hit_every_slice_too),
        cmocka_unit_test(test_first_two_sobol_dimensions_are_a_perfect_net),
        cmocka_unit_test(test_one_sobol_point_is_uniform_over_seeds),
        cmocka_unit_test(test_means_of_smooth_functions_are_far_better_than_random),
        cmocka_unit_test(test_discrepancy_is_less_than_random_for_any_number_of_points),
        cmocka_unit_test(test_sixty_dimensions_are_not_correlated),
        cmocka_unit_test(test_twenty_sobol_dimensions_are_nearly_uncorrelated),
        cmocka_unit_test(test_every_halton_dimension_hits_every_slice),
        cmocka_unit_test(test_halton_works_in_its_last_dimension),
        cmocka_unit_test(test_more_dimensions_leave_the_first_as_they_were),
        cmocka_unit_test(test_any_index_has_a_point_of_its_own),
        cmocka_unit_test(test_seeds_differ),
        cmocka_unit_test(test_dimensions_too_many_is_an_error),
        cmocka_unit_test(test_no_dimension_at_all_is_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
