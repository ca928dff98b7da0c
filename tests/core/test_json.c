/* JSON glue: what is written is read back to the bit; what is wrong is named. */
#include "core/json.h"

#include "core/core_help.h"

static json_t *parse(const char *text)
{
    json_t *value;
    OK(json_parse(text, strlen(text), "the text", &value));
    return value;
}

static int32_t try_to_parse(const char *text, size_t length)
{
    json_t *value;
    int32_t rc = json_parse(text, length, "the space", &value);
    assert_true((rc == 0) == (value != NULL));
    json_decref(value);
    return rc;
}

static char *written_string(const char *s)
{
    struct text text = {0};
    OK(json_write_string(&text, s));
    return text.data;
}

static void test_strings_are_escaped(void **state)
{
    (void)state;
    static const struct {
        const char *s, *wanted;
    } rows[] = {
        {"", "\"\""},
        {"rate", "\"rate\""},
        {"a\"b\\c/d", "\"a\\\"b\\\\c/d\""},
        {"\n\t\x01\x1f\x7f", "\"\\u000a\\u0009\\u0001\\u001f\\u007f\""},
        {"\xF0\x9F\x8E\xAF", "\"\xF0\x9F\x8E\xAF\""},
        {"<script>%s", "\"<script>%s\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *text = written_string(rows[i].s);
        assert_string_equal(text, rows[i].wanted);
        json_t *back = parse(text);
        assert_string_equal(json_string_value(back), rows[i].s);
        json_decref(back);
        mem_free(text);
    }
}

static void assert_number_comes_back(double x)
{
    struct text text = {0};
    double back = 99;
    OK(json_write_double(&text, x));
    json_t *value = parse(text.data);
    assert_true(json_read_double(value, &back));
    if (!same_bits(back, x))
        fail_msg("%a was written as %s", x, text.data);
    json_decref(value);
    mem_free(text.data);
}

static void test_numbers_come_back_to_the_bit(void **state)
{
    (void)state;
    const double special[] = {0,
                              -0.0,
                              1,
                              -1,
                              0.1,
                              2.385,
                              5e-324,
                              1.7976931348623157e308,
                              INFINITY,
                              -INFINITY,
                              0x1p53,
                              0x1p53 + 2,
                              12345678901234568,
                              0x1p62,
                              -0x1p63,
                              0x1p64,
                              1e15,
                              1e16,
                              1e17,
                              1e18};
    struct rng rng;
    for (size_t i = 0; i < sizeof special / sizeof *special; i++)
        assert_number_comes_back(special[i]);
    print_message("seed 2385\n");
    rng_start(&rng, 2385, 0, RNG_SUGGEST);
    for (int i = 0; i < 20000; i++)
        assert_number_comes_back(any_finite(&rng));
    for (int i = 0; i < 20000; i++)
        assert_number_comes_back((double)(int64_t)(rng_uint64(&rng) >> rng_below(&rng, 64)));
}

static void test_numbers_that_json_lacks_are_strings(void **state)
{
    (void)state;
    struct text text = {0};
    double values[] = {NAN, INFINITY, -INFINITY, 2.385, -0.0}, *back;
    size_t count;
    OK(json_write_doubles(&text, values, 5));
    assert_string_equal(text.data, "[\"nan\",\"inf\",\"-inf\",2.385,-0.0]");
    json_t *array = parse(text.data);
    OK(json_read_doubles(array, "values", &back, &count));
    assert_int_equal(count, 5);
    assert_true(isnan(back[0]));
    for (size_t i = 1; i < 5; i++)
        assert_true(same_bits(back[i], values[i]));
    mem_free(back);
    json_decref(array);
    mem_free(text.data);
}

static void test_an_empty_array_is_no_numbers(void **state)
{
    (void)state;
    struct text text = {0};
    double *values = (double *)&text;
    size_t count = 7;
    OK(json_write_doubles(&text, NULL, 0));
    assert_string_equal(text.data, "[]");
    json_t *array = parse(text.data);
    OK(json_read_doubles(array, "values", &values, &count));
    assert_null(values);
    assert_int_equal(count, 0);
    json_decref(array);
    mem_free(text.data);
}

static void test_arrays_of_other_things_are_refused(void **state)
{
    (void)state;
    double *values;
    size_t count;
    json_t *mixed = parse("[1, 2.5, \"three\"]"), *object = parse("{}");
    FAILS(json_read_doubles(mixed, "\"weights\"", &values, &count), AFINA_E_FORMAT,
          "\"weights\": element 2 is not a number");
    assert_null(values);
    FAILS(json_read_doubles(object, "\"weights\"", &values, &count), AFINA_E_FORMAT,
          "\"weights\" must be an array of numbers");
    FAILS(json_read_doubles(NULL, "\"weights\"", &values, &count), AFINA_E_FORMAT,
          "\"weights\" must be an array of numbers");
    json_decref(mixed);
    json_decref(object);
}

static void test_integers_are_whole_and_fit(void **state)
{
    (void)state;
    json_t *array = parse("[-9223372036854775808, 9223372036854775807, 2.0, \"7\", null, true]");
    int64_t value = 99;
    assert_true(json_read_int64(json_array_get(array, 0), &value));
    assert_true(value == INT64_MIN);
    assert_true(json_read_int64(json_array_get(array, 1), &value));
    assert_true(value == INT64_MAX);
    for (size_t i = 2; i < 7; i++)
        assert_false(json_read_int64(json_array_get(array, i), &value));
    assert_true(value == INT64_MAX);
    json_decref(array);
    assert_int_equal(try_to_parse("9223372036854775808", 19), AFINA_E_FORMAT);
}

static void test_other_strings_are_no_numbers(void **state)
{
    (void)state;
    json_t *array = parse("[\"NaN\", \"infinity\", \"1\", \"\", null, true, [1], {}]");
    double value = 2.385;
    for (size_t i = 0; i <= json_array_size(array); i++)
        assert_false(json_read_double(json_array_get(array, i), &value));
    assert_true(same_bits(value, 2.385));
    json_decref(array);
}

static void test_broken_text_is_named_with_its_place(void **state)
{
    (void)state;
    const char *text = "{\"a\": 1,\n \"b\": }";
    assert_int_equal(try_to_parse(text, strlen(text)), AFINA_E_FORMAT);
    assert_non_null(strstr(fail_text(), "the space is not JSON: line 2, column 7: "));
}

static void test_texts_that_are_not_json(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "{",
                                      "[1,]",
                                      "{\"a\":1,\"a\":2}",
                                      "nan",
                                      "1 2",
                                      "'a'",
                                      "\"\xFF\"",
                                      "\"\xC0\x80\"",
                                      "\"\xED\xA0\x80\"",
                                      "\"a\\u0000b\"",
                                      "01",
                                      "{\"a\\u0000\":1}",
                                      "\"\\ud800\""};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (try_to_parse(bad[i], strlen(bad[i])) != AFINA_E_FORMAT)
            fail_msg("%s was accepted", bad[i]);
    assert_int_equal(try_to_parse("[1,\0 2]", 7), AFINA_E_FORMAT);
    assert_int_equal(try_to_parse("12345", 3), 0); /* the length decides, not the terminator */
}

static void test_deep_nesting_is_refused(void **state)
{
    (void)state;
    enum { DEPTH = 1000000 };
    char *text = mem_new(DEPTH, 1);
    memset(text, '[', DEPTH);
    assert_int_equal(try_to_parse(text, DEPTH), AFINA_E_FORMAT);
    mem_free(text);
}

static void test_unknown_keys_are_named(void **state)
{
    (void)state;
    static const char *const known[] = {"name", "low", "high"};
    json_t *good = parse("{\"high\": 1, \"name\": \"x\"}"), *slip = parse("{\"name\": 1, \"hihg\": 2}");
    json_t *strange = parse("{\"temperature\": 2}"), *number = parse("7");
    OK(json_check_keys(good, "a parameter", known, 3));
    OK(json_check_keys(number, "a parameter", known, 3));
    FAILS(json_check_keys(slip, "a parameter", known, 3), AFINA_E_NAME,
          "a parameter has an unknown key \"hihg\"; did you mean \"high\"?");
    FAILS(json_check_keys(strange, "a parameter", known, 3), AFINA_E_NAME,
          "a parameter has an unknown key \"temperature\"");
    json_decref(good);
    json_decref(slip);
    json_decref(strange);
    json_decref(number);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_strings_are_escaped),
        cmocka_unit_test(test_numbers_come_back_to_the_bit),
        cmocka_unit_test(test_numbers_that_json_lacks_are_strings),
        cmocka_unit_test(test_an_empty_array_is_no_numbers),
        cmocka_unit_test(test_arrays_of_other_things_are_refused),
        cmocka_unit_test(test_integers_are_whole_and_fit),
        cmocka_unit_test(test_other_strings_are_no_numbers),
        cmocka_unit_test(test_broken_text_is_named_with_its_place),
        cmocka_unit_test(test_texts_that_are_not_json),
        cmocka_unit_test(test_deep_nesting_is_refused),
        cmocka_unit_test(test_unknown_keys_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
