/* Sorting indices: by key, equal keys by index, whatever the indices are. */
#include "core/core_help.h"
#include "core/order.h"

enum { MOST = 500 };

static void number_from(size_t first, size_t *order, size_t n)
{
    for (size_t i = 0; i < n; i++)
        order[i] = first + i;
}

static void assert_in_order(const double *key, const size_t *order, size_t n)
{
    for (size_t i = 0; i + 1 < n; i++) {
        size_t a = order[i], b = order[i + 1];
        if (!(key[a] < key[b] || (key[a] == key[b] && a < b)))
            fail_msg("at %zu: key %g of %zu stands before key %g of %zu", i, key[a], a, key[b], b);
    }
}

/* In order, and each of first .. first + n - 1 once. */
static void assert_sorts(const double *key, size_t *order, size_t first, size_t n)
{
    static int times[2 * MOST];
    memset(times, 0, sizeof times);
    order_by(key, order, n);
    assert_in_order(key, order, n);
    for (size_t i = 0; i < n; i++)
        times[order[i]]++;
    for (size_t i = first; i < first + n; i++)
        assert_int_equal(times[i], 1);
}

static void test_the_check_value_of_the_file(void **state)
{
    (void)state;
    const double key[] = {3, 1, 2, 1};
    const size_t wanted[] = {1, 3, 2, 0};
    size_t order[] = {0, 1, 2, 3};
    order_by(key, order, 4);
    assert_memory_equal(order, wanted, sizeof wanted);
}

static void test_none_and_one_stay_as_they_are(void **state)
{
    (void)state;
    const double key[] = {2.385, 0};
    size_t order[] = {1, 7};
    order_by(key, order, 0);
    order_by(key, order, 1);
    assert_int_equal(order[0], 1);
    assert_int_equal(order[1], 7);
    order_by(NULL, NULL, 0);
}

static void test_equal_keys_are_ordered_by_index(void **state)
{
    (void)state;
    double key[MOST];
    size_t order[MOST];
    struct rng rng;
    for (size_t i = 0; i < MOST; i++)
        key[i] = 0.385;
    rng_start(&rng, 2385, 0, RNG_SUGGEST);
    rng_permutation(&rng, order, MOST);
    order_by(key, order, MOST);
    for (size_t i = 0; i < MOST; i++)
        assert_int_equal(order[i], i);
}

/* The two zeros are equal, infinities are the ends. */
static void test_zeros_and_infinities(void **state)
{
    (void)state;
    const double key[] = {INFINITY, 0.0, -0.0, -INFINITY, 5e-324, INFINITY, 0.0};
    const size_t wanted[] = {3, 1, 2, 6, 4, 0, 5};
    size_t order[] = {6, 5, 4, 3, 2, 1, 0};
    order_by(key, order, 7);
    assert_memory_equal(order, wanted, sizeof wanted);
}

static void test_indices_need_not_start_at_nought_nor_follow_each_other(void **state)
{
    (void)state;
    const double key[] = {9, 8, 7, 6, 5, 4, 3, 2};
    const size_t wanted[] = {7, 5, 2};
    size_t order[] = {2, 7, 5};
    order_by(key, order, 3);
    assert_memory_equal(order, wanted, sizeof wanted);
}

static void test_sorted_and_reversed_of_every_size(void **state)
{
    (void)state;
    double up[MOST], down[MOST];
    size_t order[MOST];
    for (size_t i = 0; i < MOST; i++) {
        up[i] = 0.5 * (double)i - 7;
        down[i] = -up[i];
    }
    for (size_t n = 0; n <= 70; n++) {
        number_from(0, order, n);
        assert_sorts(up, order, 0, n);
        number_from(0, order, n);
        assert_sorts(down, order, 0, n);
    }
    number_from(0, order, MOST);
    assert_sorts(down, order, 0, MOST);
}

/* Keys of few values, so that most are equal to another, and of many. */
static void test_random_keys(void **state)
{
    (void)state;
    const uint64_t seed = 2385;
    double key[2 * MOST];
    size_t order[MOST];
    struct rng rng;
    print_message("seed %llu\n", (unsigned long long)seed);
    rng_start(&rng, seed, 1, RNG_SUGGEST);
    for (int round = 0; round < 300; round++) {
        size_t n = (size_t)rng_below(&rng, MOST + 1), first = (size_t)rng_below(&rng, MOST);
        for (size_t i = 0; i < 2 * MOST; i++)
            key[i] = round % 2 ? any_finite(&rng) : (double)rng_below(&rng, 12);
        rng_permutation(&rng, order, n);
        for (size_t i = 0; i < n; i++)
            order[i] += first;
        assert_sorts(key, order, first, n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_check_value_of_the_file),
        cmocka_unit_test(test_none_and_one_stay_as_they_are),
        cmocka_unit_test(test_equal_keys_are_ordered_by_index),
        cmocka_unit_test(test_zeros_and_infinities),
        cmocka_unit_test(test_indices_need_not_start_at_nought_nor_follow_each_other),
        cmocka_unit_test(test_sorted_and_reversed_of_every_size),
        cmocka_unit_test(test_random_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
