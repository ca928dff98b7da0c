/* The constants of the headers by name; tests/house/constants.sh compares all of them. */
#include "support/small_study.h"

static void test_a_constant_is_found_by_its_name(void **state)
{
    (void)state;
    int32_t value = 77;
    OK(afina_constant_value("AFINA_STATE_LOST", &value));
    assert_int_equal(value, AFINA_STATE_LOST);
    OK(afina_constant_value("AFINA_E_VERSION", &value));
    assert_int_equal(value, -17);
    FAILS(afina_constant_value("AFINA_STATE", &value), AFINA_E_NAME, "there is no constant \"AFINA_STATE\"");
    FAILS(afina_constant_value(NULL, &value), AFINA_E_ARGUMENT, "name is NULL");
    FAILS(afina_constant_value("AFINA_OK", NULL), AFINA_E_ARGUMENT, "value is NULL");
    assert_int_equal(value, -17);
}

static void test_every_status_has_its_name(void **state)
{
    (void)state;
    size_t count = afina_constant_count();
    assert_string_equal(afina_constant_name(0), "AFINA_ALL_FAILED");
    assert_null(afina_constant_name(count));
    for (size_t i = 0; i < count; i++) {
        const char *name = afina_constant_name(i);
        int32_t value;
        OK(afina_constant_value(name, &value));
        if (strncmp(name, "AFINA_E_", 8) == 0)
            assert_string_equal(afina_status_name(value), name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_constant_is_found_by_its_name),
        cmocka_unit_test(test_every_status_has_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
