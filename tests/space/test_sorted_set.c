/* Numbers that are added in any order, many times over. */
#include "space/space_help.h"
#include "space/sorted_set.h"

static void test_members_are_sorted_and_stand_once(void **state)
{
    (void)state;
    struct sorted_set set = {0};
    const uint64_t added[] = {7, UINT64_MAX, 0, 7, 2385, 0, 7};
    for (size_t i = 0; i < sizeof added / sizeof *added; i++)
        assert_ok(sorted_set_add(&set, added[i]));
    sorted_set_sort(&set);
    assert_int_equal(set.n, 4);
    assert_true(set.at[0] == 0 && set.at[1] == 7 && set.at[2] == 2385 && set.at[3] == UINT64_MAX);
    assert_int_equal(sorted_set_index(&set, 2385), 2);
    sorted_set_fini(&set);
    assert_null(set.at);
}

static void test_the_room_follows_the_members_and_not_the_appends(void **state)
{
    (void)state;
    struct sorted_set set = {0};
    for (uint64_t i = 0; i < 100000; i++)
        assert_ok(sorted_set_add(&set, i * 7919 % 100));
    assert_true(set.capacity <= 400);
    sorted_set_sort(&set);
    assert_int_equal(set.n, 100);
    for (uint64_t i = 0; i < 100; i++)
        assert_int_equal(sorted_set_index(&set, i), i);
    sorted_set_fini(&set);
}

static void test_an_empty_set_sorts(void **state)
{
    (void)state;
    struct sorted_set set = {0};
    sorted_set_sort(&set);
    assert_int_equal(set.n, 0);
    sorted_set_fini(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_members_are_sorted_and_stand_once),
        cmocka_unit_test(test_the_room_follows_the_members_and_not_the_appends),
        cmocka_unit_test(test_an_empty_set_sorts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
