/* The seam that the other programs of this folder stand on. */
#include "support/mem_fault.h"

#include "core/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Asks for five blocks, frees what it gets, and answers how many that was. */
static int blocks_of_five(void)
{
    void *block[5];
    int got = 0;
    for (int i = 0; i < 5; i++) {
        block[i] = i % 2 ? mem_new(3, 8) : mem_resize(NULL, 3, 8);
        got += block[i] != NULL;
    }
    for (int i = 0; i < 5; i++)
        mem_free(block[i]);
    return got;
}

static void test_once_refuses_one_allocation(void **state)
{
    (void)state;
    mem_fault_once(4);
    assert_int_equal(blocks_of_five(), 4);
    assert_int_equal(mem_fault_hit(), 1);
    assert_int_equal(blocks_of_five(), 5);
}

static void test_from_refuses_all_that_follow(void **state)
{
    (void)state;
    mem_fault_from(4);
    assert_int_equal(blocks_of_five(), 3);
    assert_int_equal(mem_fault_hit(), 2);
    assert_int_equal(blocks_of_five(), 0);
    mem_fault_off();
    assert_int_equal(blocks_of_five(), 5);
    assert_int_equal(mem_fault_hit(), 7);
}

static void test_beyond_the_last_allocation_nothing_is_hit(void **state)
{
    (void)state;
    mem_fault_once(6);
    assert_int_equal(blocks_of_five(), 5);
    mem_fault_off();
    assert_int_equal(mem_fault_hit(), 0);
}

static void test_a_refused_resize_leaves_the_block(void **state)
{
    (void)state;
    int *block = mem_new(2, sizeof *block);
    block[1] = 7;
    mem_fault_once(1);
    assert_null(mem_resize(block, 100, sizeof *block));
    assert_int_equal(block[1], 7);
    mem_free(block);
}

static void test_live_counts_blocks_not_sizes(void **state)
{
    (void)state;
    int64_t before = mem_fault_live();
    uint64_t asked = mem_fault_count();
    void *block = mem_resize(NULL, 0, 8);
    assert_non_null(block);
    block = mem_resize(block, 50, 8);
    assert_int_equal(mem_fault_live(), before + 1);
    mem_free(block);
    mem_free(NULL);
    assert_int_equal(mem_fault_live(), before);
    assert_int_equal(mem_fault_count(), asked + 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_once_refuses_one_allocation),
        cmocka_unit_test(test_from_refuses_all_that_follow),
        cmocka_unit_test(test_beyond_the_last_allocation_nothing_is_hit),
        cmocka_unit_test(test_a_refused_resize_leaves_the_block),
        cmocka_unit_test(test_live_counts_blocks_not_sizes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
