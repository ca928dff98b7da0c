/* Memory: zeroed, checked for overflow, and as it was when there is none. */
#include "core/core_help.h"

#include <stdint.h>

/* Four times this is 2^64, which a careless product takes for 0. */
static const size_t too_many = SIZE_MAX / 4 + 1;

/* A refused request is an answer here, not a fault of the program. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

static void test_new_room_is_zeroed(void **state)
{
    (void)state;
    unsigned char *room = mem_new(7, 33);
    assert_non_null(room);
    for (size_t i = 0; i < 7 * 33; i++)
        assert_int_equal(room[i], 0);
    mem_free(room);
}

static void test_no_bytes_are_a_valid_pointer(void **state)
{
    (void)state;
    void *none = mem_new(0, 8), *nothing = mem_new(8, 0), *resized = mem_resize(NULL, 0, 8);
    assert_non_null(none);
    assert_non_null(nothing);
    assert_non_null(resized);
    resized = mem_resize(resized, 8, 0);
    assert_non_null(resized);
    mem_free(none);
    mem_free(nothing);
    mem_free(resized);
    mem_free(NULL);
}

static void test_a_product_beyond_size_t_is_refused(void **state)
{
    (void)state;
    char *room = mem_copy_string("as it was");
    assert_null(mem_new(too_many, 4));
    assert_null(mem_resize(room, too_many, 4));
    assert_null(mem_copy(room, too_many, 4));
    assert_string_equal(room, "as it was");
    mem_free(room);
}

static void test_resizing_keeps_what_fits(void **state)
{
    (void)state;
    int *numbers = mem_resize(NULL, 2, sizeof *numbers);
    numbers[0] = 2385;
    numbers[1] = -7;
    numbers = mem_resize(numbers, 5000, sizeof *numbers);
    assert_int_equal(numbers[0], 2385);
    assert_int_equal(numbers[1], -7);
    numbers = mem_resize(numbers, 1, sizeof *numbers);
    assert_int_equal(numbers[0], 2385);
    mem_free(numbers);
}

static void test_copies_are_their_own(void **state)
{
    (void)state;
    double numbers[] = {2.385, -0.0, 7};
    double *copy = mem_copy(numbers, 3, sizeof *numbers);
    numbers[0] = 1;
    assert_true(same_bits(copy[0], 2.385));
    assert_true(same_bits(copy[1], -0.0));
    char *empty = mem_copy_string("");
    assert_string_equal(empty, "");
    void *none = mem_copy(numbers, 0, sizeof *numbers);
    assert_non_null(none);
    mem_free(none);
    mem_free(empty);
    mem_free(copy);
}

static void test_reserving_grows_by_half(void **state)
{
    (void)state;
    void *array = NULL;
    size_t capacity = 0;
    OK(mem_reserve(&array, &capacity, 1, 4));
    assert_int_equal(capacity, 8);
    OK(mem_reserve(&array, &capacity, 8, 4));
    assert_int_equal(capacity, 8);
    OK(mem_reserve(&array, &capacity, 9, 4));
    assert_int_equal(capacity, 12);
    OK(mem_reserve(&array, &capacity, 100, 4));
    assert_int_equal(capacity, 100);
    mem_free(array);
}

static void test_a_million_appends_move_the_array_seldom(void **state)
{
    (void)state;
    void *array = NULL;
    size_t capacity = 0, changes = 0;
    for (size_t need = 1; need <= 1000000; need++) {
        size_t before = capacity;
        OK(mem_reserve(&array, &capacity, need, 1));
        assert_true(capacity >= need);
        changes += capacity != before;
    }
    assert_in_range(changes, 20, 40);
    mem_free(array);
}

static void test_a_refused_reservation_leaves_the_array(void **state)
{
    (void)state;
    void *array = NULL;
    size_t capacity = 0;
    OK(mem_reserve(&array, &capacity, 10, 4));
    memset(array, 0x5A, 40);
    void *before = array;
    FAILS(mem_reserve(&array, &capacity, too_many, 4), AFINA_E_MEMORY, "out of memory");
    assert_ptr_equal(array, before);
    assert_int_equal(capacity, 10);
    assert_int_equal(((unsigned char *)array)[39], 0x5A);
    mem_free(array);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_new_room_is_zeroed),
        cmocka_unit_test(test_no_bytes_are_a_valid_pointer),
        cmocka_unit_test(test_a_product_beyond_size_t_is_refused),
        cmocka_unit_test(test_resizing_keeps_what_fits),
        cmocka_unit_test(test_copies_are_their_own),
        cmocka_unit_test(test_reserving_grows_by_half),
        cmocka_unit_test(test_a_million_appends_move_the_array_seldom),
        cmocka_unit_test(test_a_refused_reservation_leaves_the_array),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
