/* Hashes and permutations addressed by position. */
#include "numeric/scramble.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_hash_has_the_check_value_of_splitmix64(void **state)
{
    (void)state;
    assert_true(scramble_hash(0, 0) == UINT64_C(0xe220a8397b1dcdaf));
    assert_true(scramble_hash(0, 1) == UINT64_C(0x6e789e6aa1b965f4));
}

static void test_uniform_stays_inside_the_open_interval(void **state)
{
    (void)state;
    assert_true(scramble_uniform(0) > 0);
    assert_true(scramble_uniform(UINT64_MAX) < 1);
}

static void test_permutation_is_a_bijection_for_every_small_size(void **state)
{
    (void)state;
    for (uint64_t n = 1; n <= 300; n++) {
        unsigned char hit[300] = {0};
        for (uint64_t i = 0; i < n; i++) {
            uint64_t to = scramble_permute(i, n, scramble_hash(n, 77));
            assert_true(to < n);
            assert_int_equal(hit[to]++, 0);
        }
    }
}

static void test_permutation_of_a_large_size_repeats_nothing(void **state)
{
    (void)state;
    enum { N = 70000 };
    unsigned char *hit = calloc(N, 1);
    assert_non_null(hit);
    for (uint64_t i = 0; i < N; i++)
        assert_int_equal(hit[scramble_permute(i, N, 5)]++, 0);
    free(hit);
}

static void test_permutation_reaches_up_to_the_largest_size(void **state)
{
    (void)state;
    uint64_t sizes[] = {UINT64_MAX, UINT64_C(1) << 63, (UINT64_C(1) << 60) + 1, (UINT64_C(1) << 62) + 3};
    for (size_t k = 0; k < 4; k++) {
        uint64_t a = scramble_permute(0, sizes[k], 9), b = scramble_permute(sizes[k] - 1, sizes[k], 9);
        assert_true(a < sizes[k] && b < sizes[k] && a != b);
    }
}

/* The six orders of three elements over many keys: chi-square with 5 degrees of
 * freedom, 20.5 is its 0.999 quantile. */
static void test_all_orders_of_three_are_equally_likely(void **state)
{
    (void)state;
    enum { KEYS = 60000 };
    int counts[27] = {0};
    for (uint64_t key = 0; key < KEYS; key++) {
        uint64_t k = scramble_hash(1, key);
        counts[9 * scramble_permute(0, 3, k) + 3 * scramble_permute(1, 3, k) + scramble_permute(2, 3, k)]++;
    }
    double chi = 0, expected = KEYS / 6.0;
    int orders = 0;
    for (int i = 0; i < 27; i++)
        if (counts[i]) {
            orders++;
            chi += (counts[i] - expected) * (counts[i] - expected) / expected;
        }
    assert_int_equal(orders, 6);
    assert_true(chi < 20.5);
}

/* Where elements 0 and 1 of 11 go: 110 pairs, 109 degrees of freedom, 0.999
 * quantile 159. */
static void test_pairs_of_eleven_are_equally_likely(void **state)
{
    (void)state;
    enum { KEYS = 110000 };
    int counts[121] = {0};
    for (uint64_t key = 0; key < KEYS; key++) {
        uint64_t k = scramble_hash(2, key);
        counts[11 * scramble_permute(0, 11, k) + scramble_permute(1, 11, k)]++;
    }
    double chi = 0, expected = KEYS / 110.0;
    for (int i = 0; i < 121; i++)
        if (i % 12)
            chi += (counts[i] - expected) * (counts[i] - expected) / expected;
        else
            assert_int_equal(counts[i], 0);
    assert_true(chi < 159);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hash_has_the_check_value_of_splitmix64),
        cmocka_unit_test(test_uniform_stays_inside_the_open_interval),
        cmocka_unit_test(test_permutation_is_a_bijection_for_every_small_size),
        cmocka_unit_test(test_permutation_of_a_large_size_repeats_nothing),
        cmocka_unit_test(test_permutation_reaches_up_to_the_largest_size),
        cmocka_unit_test(test_all_orders_of_three_are_equally_likely),
        cmocka_unit_test(test_pairs_of_eleven_are_equally_likely),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
