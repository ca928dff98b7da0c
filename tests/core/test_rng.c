/* The random stream: known answers, addresses that share nothing, and the
 * distributions. Chi-square limits are quantiles at 1e-6 or beyond. */
#include "core/core_help.h"

#include <stdlib.h>

static void check_block(const uint32_t counter[4], const uint32_t key[2], const uint32_t wanted[4])
{
    uint32_t block[4];
    rng_philox(block, counter, key);
    for (int i = 0; i < 4; i++)
        assert_int_equal(block[i], wanted[i]);
}

/* The philox4x32-10 rows of Random123's kat_vectors. */
static void test_known_answers(void **state)
{
    (void)state;
    const uint32_t zeros[4] = {0}, ones[4] = {UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX};
    const uint32_t pi[4] = {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, pi_key[2] = {0xa4093822, 0x299f31d0};
    check_block(zeros, zeros, (const uint32_t[]){0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
    check_block(ones, ones, (const uint32_t[]){0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
    check_block(pi, pi_key, (const uint32_t[]){0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

/* What replays years later: word k of a stream stands in block k / 4 of the
 * counter {position, purpose, trial}, under the seed as key. */
static void test_a_stream_is_its_address(void **state)
{
    (void)state;
    const uint64_t seed = 0x0123456789abcdef, trial = 0xfedcba9876543210;
    struct rng rng;
    rng_start(&rng, seed, trial, RNG_DESIGN);
    for (uint32_t k = 0; k < 40; k++) {
        uint32_t block[4];
        rng_philox(block, (const uint32_t[]){k / 4, RNG_DESIGN, 0x76543210, 0xfedcba98},
                   (const uint32_t[]){0x89abcdef, 0x01234567});
        assert_int_equal(rng_uint32(&rng), block[k % 4]);
    }
}

static void test_wide_words_are_two_words_low_first(void **state)
{
    (void)state;
    struct rng narrow, wide;
    rng_start(&narrow, 2385, 7, RNG_SUGGEST);
    rng_start(&wide, 2385, 7, RNG_SUGGEST);
    rng_uint32(&narrow); /* so that pairs lie across blocks too */
    rng_uint32(&wide);
    for (int i = 0; i < 9; i++) {
        uint64_t low = rng_uint32(&narrow), high = rng_uint32(&narrow);
        assert_true(rng_uint64(&wide) == (high << 32 | low));
    }
}

static int compare_words(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* 16,000 words of 64 bits from 1,000 addresses: two alike would be a shared block. */
static void test_streams_share_nothing(void **state)
{
    (void)state;
    enum { WORDS = 16, STREAMS = 1000 };
    static uint64_t words[WORDS * STREAMS];
    for (size_t s = 0; s < STREAMS; s++) {
        struct rng rng;
        rng_start(&rng, s / 100, s / 4 % 25, (uint32_t)(s % 4));
        for (size_t k = 0; k < WORDS; k++)
            words[s * WORDS + k] = rng_uint64(&rng);
    }
    qsort(words, WORDS * STREAMS, sizeof *words, compare_words);
    for (size_t i = 1; i < WORDS * STREAMS; i++)
        assert_true(words[i - 1] != words[i]);
}

static double chi_square(const int *count, size_t bins, double draws)
{
    double sum = 0, expected = draws / (double)bins;
    for (size_t i = 0; i < bins; i++)
        sum += (count[i] - expected) * (count[i] - expected) / expected;
    return sum;
}

static void test_uniform_numbers_fill_the_open_interval(void **state)
{
    (void)state;
    enum { BINS = 64, DRAWS = 640000 };
    int count[BINS] = {0};
    struct rng rng;
    double sum = 0;
    rng_start(&rng, 2385, 0, RNG_SUGGEST);
    for (int i = 0; i < DRAWS; i++) {
        double u = rng_uniform(&rng);
        assert_true(u > 0 && u < 1);
        count[(int)(u * BINS)]++;
        sum += u;
    }
    assert_true(chi_square(count, BINS, DRAWS) < 132); /* 63 degrees */
    assert_true(fabs(sum / DRAWS - 0.5) < 5 * sqrt(1.0 / 12 / DRAWS));
}

/* The two ends of the map, by a block made up. */
static void test_uniform_numbers_touch_neither_end(void **state)
{
    (void)state;
    struct rng rng = {.block = {0, 0, UINT32_MAX, UINT32_MAX}, .used = 0};
    assert_true(rng_uniform(&rng) == 0x1p-53);
    assert_true(rng_uniform(&rng) == 1 - 0x1p-53);
}

static void test_below_is_even_for_small_numbers(void **state)
{
    (void)state;
    enum { DRAWS = 70000 };
    for (uint64_t n = 2; n <= 7; n++) {
        int count[7] = {0};
        struct rng rng;
        rng_start(&rng, 2385, n, RNG_SUGGEST);
        for (int i = 0; i < DRAWS; i++)
            count[rng_below(&rng, n)]++;
        assert_true(chi_square(count, (size_t)n, DRAWS) < 38); /* 6 degrees */
    }
}

/* Of 3 * 2^62 numbers a plain remainder gives the first third half of all draws. */
static void test_below_has_no_bias_for_large_numbers(void **state)
{
    (void)state;
    enum { DRAWS = 30000 };
    int count[3] = {0};
    struct rng rng;
    rng_start(&rng, 2386, 0, RNG_SUGGEST);
    for (int i = 0; i < DRAWS; i++)
        count[rng_below(&rng, (uint64_t)3 << 62) >> 62]++;
    assert_true(chi_square(count, 3, DRAWS) < 28); /* 2 degrees */
}

static void test_below_one_and_below_nothing(void **state)
{
    (void)state;
    struct rng rng, same;
    rng_start(&rng, 2387, 0, RNG_SUGGEST);
    for (int i = 0; i < 100; i++)
        assert_true(rng_below(&rng, 1) == 0);
    same = rng;
    for (int i = 0; i < 100; i++)
        assert_true(rng_below(&rng, 0) == rng_uint64(&same)); /* 0 stands for 2^64 */
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Kolmogorov's distance to the normal distribution, below its 1e-6 quantile. */
static void test_normal_numbers_are_normal(void **state)
{
    (void)state;
    enum { DRAWS = 100000 };
    static double x[DRAWS];
    struct rng rng;
    double sum = 0, squares = 0, distance = 0;
    rng_start(&rng, 2388, 0, RNG_SUGGEST);
    for (int i = 0; i < DRAWS; i++) {
        x[i] = rng_normal(&rng);
        sum += x[i];
        squares += x[i] * x[i];
    }
    qsort(x, DRAWS, sizeof *x, compare_doubles);
    for (int i = 0; i < DRAWS; i++) {
        double below = 0.5 * erfc(-x[i] / sqrt(2));
        distance = fmax(distance, fmax(below - (double)i / DRAWS, (i + 1.0) / DRAWS - below));
    }
    assert_true(distance < 2.7 / sqrt(DRAWS));
    assert_true(fabs(sum / DRAWS) < 5 / sqrt(DRAWS));
    assert_true(fabs(squares / DRAWS - 1) < 5 * sqrt(2.0 / DRAWS));
    assert_true(x[0] < -3.5 && x[DRAWS - 1] > 3.5);
}

static void test_each_permutation_is_as_likely(void **state)
{
    (void)state;
    enum { DRAWS = 48000 };
    int count[256] = {0}, kinds[24], n = 0;
    struct rng rng;
    rng_start(&rng, 2389, 0, RNG_SUGGEST);
    for (int i = 0; i < DRAWS; i++) {
        size_t p[4] = {9, 9, 9, 9};
        rng_permutation(&rng, p, 4);
        count[p[0] | p[1] << 2 | p[2] << 4 | p[3] << 6]++;
    }
    for (int i = 0; i < 256; i++) {
        if (count[i] == 0)
            continue;
        assert_true(n < 24);
        kinds[n++] = count[i];
    }
    assert_int_equal(n, 24);
    assert_true(chi_square(kinds, 24, DRAWS) < 72); /* 23 degrees */
}

static void test_a_permutation_has_each_index_once(void **state)
{
    (void)state;
    size_t p[1000];
    unsigned char seen[1000] = {0};
    struct rng rng;
    rng_start(&rng, 2390, 0, RNG_SUGGEST);
    rng_permutation(&rng, p, 0);
    rng_permutation(&rng, p, 1);
    assert_int_equal(p[0], 0);
    rng_permutation(&rng, p, 1000);
    for (size_t i = 0; i < 1000; i++) {
        assert_true(p[i] < 1000 && !seen[p[i]]);
        seen[p[i]] = 1;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_answers),
        cmocka_unit_test(test_a_stream_is_its_address),
        cmocka_unit_test(test_wide_words_are_two_words_low_first),
        cmocka_unit_test(test_streams_share_nothing),
        cmocka_unit_test(test_uniform_numbers_fill_the_open_interval),
        cmocka_unit_test(test_uniform_numbers_touch_neither_end),
        cmocka_unit_test(test_below_is_even_for_small_numbers),
        cmocka_unit_test(test_below_has_no_bias_for_large_numbers),
        cmocka_unit_test(test_below_one_and_below_nothing),
        cmocka_unit_test(test_normal_numbers_are_normal),
        cmocka_unit_test(test_each_permutation_is_as_likely),
        cmocka_unit_test(test_a_permutation_has_each_index_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
