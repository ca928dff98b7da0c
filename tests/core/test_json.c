/* Writing JSON: strings are escaped, and what is written is read back to the bit. */
#include "core/core_help.h"
#include "core/json.h"
#include "core/json_reader.h"

/* A reader of what was written. */
static struct json_reader reader_of(const struct text *text)
{
    struct json_reader r = {0};
    json_start(&r, text->data, text->length, "the text");
    return r;
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
        struct text text = {0};
        const char *back;
        OK(json_write_string(&text, rows[i].s));
        assert_string_equal(text.data, rows[i].wanted);
        struct json_reader r = reader_of(&text);
        OK(json_next_string(&r, &back));
        assert_string_equal(back, rows[i].s);
        json_fini(&r);
        mem_free(text.data);
    }
}

static void assert_number_comes_back(double x)
{
    struct text text = {0};
    double back = 99;
    OK(json_write_double(&text, x));
    struct json_reader r = reader_of(&text);
    OK(json_next_double(&r, &back));
    if (!same_bits(back, x))
        fail_msg("%a was written as %s", x, text.data);
    json_fini(&r);
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
    struct json_reader r = reader_of(&text);
    OK(json_next_doubles(&r, &back, &count));
    assert_int_equal(count, 5);
    assert_true(isnan(back[0]));
    for (size_t i = 1; i < 5; i++)
        assert_true(same_bits(back[i], values[i]));
    mem_free(back);
    json_fini(&r);
    mem_free(text.data);
}

static void test_no_numbers_are_an_empty_array(void **state)
{
    (void)state;
    struct text text = {0};
    OK(json_write_doubles(&text, NULL, 0));
    assert_string_equal(text.data, "[]");
    mem_free(text.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_strings_are_escaped),
        cmocka_unit_test(test_numbers_come_back_to_the_bit),
        cmocka_unit_test(test_numbers_that_json_lacks_are_strings),
        cmocka_unit_test(test_no_numbers_are_an_empty_array),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
