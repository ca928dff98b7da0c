/* The counted callback: what it keeps, and when it lets go. */
#include "core/callback.h"
#include "core/core_help.h"

static void add_one(void *user)
{
    ++*(int *)user;
}

static void nothing(void)
{
}

static void test_the_last_reference_releases_once(void **state)
{
    (void)state;
    struct callback *callback;
    int released = 0;
    assert_int_equal(callback_new(&callback, nothing, &released, add_one), 0);
    assert_ptr_equal(callback_reference(callback), callback);
    callback_release(callback);
    assert_int_equal(released, 0);
    callback_release(callback);
    assert_int_equal(released, 1);
}

static void test_no_function_is_no_callback(void **state)
{
    (void)state;
    struct callback *callback;
    int released = 0;
    assert_int_equal(callback_new(&callback, NULL, &released, NULL), 0);
    assert_null(callback);
    assert_null(callback_reference(NULL));
    callback_release(NULL);
    assert_int_equal(callback_new(&callback, NULL, &released, add_one), AFINA_E_ARGUMENT);
    assert_null(callback);
    assert_int_equal(released, 0);
}

static void test_the_end_of_a_scope_releases(void **state)
{
    (void)state;
    int released = 0;
    {
        CALLBACK_SCOPE struct callback *callback = NULL;
        assert_int_equal(callback_new(&callback, nothing, &released, add_one), 0);
    }
    assert_int_equal(released, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_last_reference_releases_once),
        cmocka_unit_test(test_no_function_is_no_callback),
        cmocka_unit_test(test_the_end_of_a_scope_releases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
