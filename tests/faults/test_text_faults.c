/* A text whose append fails keeps what it had, and stays in its error. */
#include "core/core_help.h"
#include "core/json.h"
#include "support/mem_fault.h"

/* Appends until the n-th allocation fails. */
static struct text text_with_failed_allocation(uint64_t n)
{
    struct text text = {0};
    mem_fault_once(n);
    for (int i = 0; i < 100; i++)
        json_write_string(&text, "0123456789abcdef");
    mem_fault_off();
    return text;
}

static void test_a_failed_append_is_the_last(void **state)
{
    (void)state;
    for (uint64_t n = 1;; n++) {
        struct text text = text_with_failed_allocation(n);
        if (!mem_fault_hit()) {
            OK(text.rc);
            assert_int_equal(text.length, 1800);
            mem_free(text.data);
            break;
        }
        size_t length = text.length;
        assert_int_equal(text.rc, AFINA_E_MEMORY);
        assert_int_equal(text_append(&text, "more"), AFINA_E_MEMORY);
        assert_int_equal(text_append_double(&text, 2.385), AFINA_E_MEMORY);
        assert_int_equal(json_write_double(&text, NAN), AFINA_E_MEMORY);
        assert_int_equal(text.length, length);
        assert_true(length == 0 ? !text.data : strlen(text.data) == length);
        mem_free(text.data);
    }
    assert_int_equal(mem_fault_live(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_a_failed_append_is_the_last)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
