/* The points of least key: order, ties, failures, what falls out. */
#include "method/parts/archive.h"

#include "core/fail.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* An archive of rows of two numbers. */
static void start(struct archive *a, size_t capacity, int which)
{
    static struct archived entries[2][10];
    static double rows[2][20];
    archive_place(a, 2, capacity, entries[which], rows[which]);
}

/* A row of two numbers that says whose it is. */
static size_t put(struct archive *a, int64_t number, double loss)
{
    double x[2] = {(double)number, loss == INFINITY ? -2.385 : loss};
    return archive_put(a, loss, number, loss, x);
}

static void assert_order(const struct archive *a, const int64_t *numbers, size_t count)
{
    assert_int_equal(a->size, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(a->entries[i].number, numbers[i]);
        assert_true(a->entries[i].x[0] == (double)numbers[i]);
    }
}

static void test_least_come_first_and_the_greatest_falls_out(void **state)
{
    (void)state;
    struct archive a;
    start(&a, 3, 0);
    assert_int_equal(put(&a, 0, 5), 0);
    assert_int_equal(put(&a, 1, 2.385), 0);
    assert_int_equal(put(&a, 2, 7), 2);
    assert_int_equal(put(&a, 3, 3), 1);
    assert_int_equal(put(&a, 4, 9), 3);
    assert_order(&a, (int64_t[]){1, 3, 0}, 3);
}

static void test_equal_keys_are_ordered_by_number(void **state)
{
    (void)state;
    struct archive a;
    start(&a, 3, 0);
    put(&a, 8, 1);
    put(&a, 2, 1);
    put(&a, 5, 1);
    put(&a, 9, 1);
    put(&a, 0, 1);
    assert_order(&a, (int64_t[]){0, 2, 5}, 3);
}

static void test_failures_come_last_and_are_no_results(void **state)
{
    (void)state;
    struct archive a;
    start(&a, 4, 0);
    put(&a, 0, INFINITY);
    put(&a, 1, 1e308);
    put(&a, 2, INFINITY);
    put(&a, 3, -INFINITY);
    assert_order(&a, (int64_t[]){3, 1, 0, 2}, 4);
    assert_int_equal(archive_results(&a), 2);
}

static void test_what_is_removed_leaves_room(void **state)
{
    (void)state;
    struct archive a;
    start(&a, 3, 0);
    put(&a, 0, 1);
    put(&a, 1, 2);
    put(&a, 2, 3);
    assert_int_equal(archive_find(&a, a.size, 1), 1);
    archive_remove(&a, 1);
    assert_order(&a, (int64_t[]){0, 2}, 2);
    assert_int_equal(archive_find(&a, a.size, 1), 2);
    put(&a, 3, 0.5);
    assert_order(&a, (int64_t[]){3, 0, 2}, 3);
}

static void test_gathered_is_within_a_millionth(void **state)
{
    (void)state;
    struct archive a;
    start(&a, 4, 0);
    archive_put(&a, 1, 0, 1, (double[]){0.385, 2});
    archive_put(&a, 2, 1, 2, (double[]){0.3850009, 2});
    archive_put(&a, 3, 2, 3, (double[]){0.3850011, 2});
    archive_put(&a, 4, 3, 4, (double[]){0.385, 1});
    assert_true(archive_is_gathered(&a, 1));
    assert_true(archive_is_gathered(&a, 2));
    assert_false(archive_is_gathered(&a, 3));
    archive_remove(&a, 2);
    assert_false(archive_is_gathered(&a, 3));
}

/* The order in which points arrive does not show. */
static void test_any_order_gives_the_same(void **state)
{
    (void)state;
    enum { N = 100 };
    struct archive a, b;
    start(&a, 10, 0);
    start(&b, 10, 1);
    for (int64_t i = 0; i < N; i++) {
        int64_t j = i * 37 % N;
        put(&a, i, (double)(i * 61 % 17));
        put(&b, j, (double)(j * 61 % 17));
    }
    for (size_t i = 0; i < 10; i++) {
        assert_int_equal(a.entries[i].number, b.entries[i].number);
        assert_memory_equal(a.entries[i].x, b.entries[i].x, 2 * sizeof(double));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_least_come_first_and_the_greatest_falls_out),
        cmocka_unit_test(test_equal_keys_are_ordered_by_number),
        cmocka_unit_test(test_failures_come_last_and_are_no_results),
        cmocka_unit_test(test_what_is_removed_leaves_room),
        cmocka_unit_test(test_gathered_is_within_a_millionth),
        cmocka_unit_test(test_any_order_gives_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
