/* The JSON reader: what is read is what was written, what is wrong is named with its
 * place, and nothing is read past the end or deeper than allowed. */
#include "core/core_help.h"
#include "core/json_reader.h"

static struct json_reader reader_of(const char *text)
{
    struct json_reader r = {0};
    json_start(&r, text, strlen(text), "the text");
    return r;
}

/* The status of passing over a whole text, in room of exactly its size: a sanitizer sees
 * a byte that is read past it. */
static int32_t check(const char *text, size_t length)
{
    char *exact = mem_copy(text, length, 1);
    struct json_reader r = {0};
    json_start(&r, exact, length, "the text");
    json_skip(&r);
    int32_t rc = json_end(&r);
    json_fini(&r);
    mem_free(exact);
    return rc;
}

static void assert_string(const char *text, const char *wanted)
{
    struct json_reader r = reader_of(text);
    const char *s;
    OK(json_next_string(&r, &s));
    assert_string_equal(s, wanted);
    OK(json_end(&r));
    json_fini(&r);
    OK(check(text, strlen(text)));
}

static void test_a_line_is_read_key_by_key(void **state)
{
    (void)state;
    struct json_reader r = reader_of(" {\"event\":\"asked\",\"trial\":3, \"point\":{\"rate\":0.25,\"n\":-7},"
                                     "\"later\":[{\"a\":[]},\"]\",null],\"done\":true,\"values\":[1.5,\"inf\"]} \n");
    char keys[64] = "", event[8] = "";
    const char *key, *name, *s;
    int64_t trial = 0, n = 0;
    double rate = 0, *values = NULL;
    size_t count = 0;
    OK(json_enter_object(&r));
    while (json_next_key(&r, &key)) {
        strcat(strcat(keys, key), " ");
        if (strcmp(key, "event") == 0) {
            OK(json_next_string(&r, &s));
            strcpy(event, s);
        } else if (strcmp(key, "trial") == 0) {
            OK(json_next_int64(&r, &trial));
        } else if (strcmp(key, "point") == 0) {
            OK(json_enter_object(&r));
            while (json_next_key(&r, &name)) {
                if (json_kind(&r) == JSON_KIND_INTEGER)
                    OK(json_next_int64(&r, &n));
                else
                    OK(json_next_double(&r, &rate));
            }
        } else if (strcmp(key, "values") == 0) {
            OK(json_next_doubles(&r, &values, &count));
        } else {
            OK(json_skip(&r));
        }
    }
    OK(json_end(&r));
    assert_string_equal(keys, "event trial point later done values ");
    assert_string_equal(event, "asked");
    assert_int_equal(trial, 3);
    assert_int_equal(n, -7);
    assert_true(same_bits(rate, 0.25));
    assert_int_equal(count, 2);
    assert_true(same_bits(values[0], 1.5) && same_bits(values[1], INFINITY));
    mem_free(values);
    json_fini(&r);
}

static void test_kinds_are_told_without_reading(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum json_kind kind;
    } rows[] = {
        {" {}", JSON_KIND_OBJECT},   {"[", JSON_KIND_ARRAY},      {"\"\"", JSON_KIND_STRING}, {"0", JSON_KIND_INTEGER},
        {"-12 ", JSON_KIND_INTEGER}, {"1.0", JSON_KIND_REAL},     {"1e3", JSON_KIND_REAL},    {"2E3", JSON_KIND_REAL},
        {"true", JSON_KIND_BOOL},    {"\tfalse", JSON_KIND_BOOL}, {"null", JSON_KIND_NULL},   {"", JSON_KIND_NONE},
        {"nan", JSON_KIND_NULL},     {"]", JSON_KIND_NONE},       {"+1", JSON_KIND_NONE},     {".5", JSON_KIND_NONE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct json_reader r = reader_of(rows[i].text);
        assert_int_equal(json_kind(&r), rows[i].kind);
        assert_int_equal(json_kind(&r), rows[i].kind);
        json_fini(&r);
    }
}

static void test_strings_are_decoded(void **state)
{
    (void)state;
    assert_string("\"\"", "");
    assert_string("\"rate\"", "rate");
    assert_string("\"a\\\"b\\\\c\\/d\\b\\f\\n\\r\\t\"", "a\"b\\c/d\b\f\n\r\t");
    assert_string("\"\\u0041\\u00e9\\u20ac\\uD83C\\uDFAF\"", "A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x8E\xAF");
    assert_string("\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x8E\xAF\x7F\"", "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x8E\xAF\x7F");
    assert_string("\"\\u0001\\uffff\\u07ff\\u0800\"", "\x01\xEF\xBF\xBF\xDF\xBF\xE0\xA0\x80");
}

static void test_integers_of_64_bits_are_exact(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t value;
    } good[] = {{"0", 0},
                {"-0", 0},
                {"7", 7},
                {"9007199254740993", 9007199254740993},
                {"9223372036854775807", INT64_MAX},
                {"-9223372036854775808", INT64_MIN}};
    static const char *const bad[] = {"9223372036854775808",
                                      "-9223372036854775809",
                                      "18446744073709551616",
                                      "100000000000000000000",
                                      "2.0",
                                      "1e3",
                                      "\"7\"",
                                      "null",
                                      "true",
                                      "[1]",
                                      "{}"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct json_reader r = reader_of(good[i].text);
        int64_t value = 99;
        OK(json_next_int64(&r, &value));
        assert_true(value == good[i].value);
        OK(json_end(&r));
        json_fini(&r);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct json_reader r = reader_of(bad[i]);
        int64_t value = 99;
        assert_int_equal(json_next_int64(&r, &value), AFINA_E_FORMAT);
        assert_non_null(strstr(fail_text(), "the text: line 1, column 1: it must be an integer"));
        assert_true(value == 99);
        json_fini(&r);
    }
}

static void test_numbers_are_read_to_the_bit(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value;
    } rows[] = {{"0.1", 0.1},
                {"-0.0", -0.0},
                {"12345.678901234567", 12345.678901234567},
                {"1e-5", 1e-5},
                {"2.5E+3", 2500},
                {"5e-324", 5e-324},
                {"1e-999", 0},
                {"\"inf\"", INFINITY},
                {"\"-inf\"", -INFINITY},
                {"12", 12},
                {"9223372036854775808", 0x1p63},
                {"\"\\u0069nf\"", INFINITY}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct json_reader r = reader_of(rows[i].text);
        double value = 99;
        OK(json_next_double(&r, &value));
        assert_true(same_bits(value, rows[i].value));
        OK(json_end(&r));
        json_fini(&r);
    }
    struct json_reader r = reader_of("1e309");
    double value = 2.385;
    FAILS(json_next_double(&r, &value), AFINA_E_FORMAT, "the text: line 1, column 1: a number past the largest double");
    assert_true(same_bits(value, 2.385));
    json_fini(&r);
}

static void test_other_values_are_no_numbers(void **state)
{
    (void)state;
    static const char *const bad[] = {"\"NaN\"", "\"infinity\"", "\"1\"", "\"\"", "null", "true", "[1]", "{}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct json_reader r = reader_of(bad[i]);
        double value = 2.385;
        FAILS(json_next_double(&r, &value), AFINA_E_FORMAT, "the text: line 1, column 1: it must be a number");
        assert_true(same_bits(value, 2.385));
        json_fini(&r);
    }
}

static void test_an_array_of_numbers_is_exactly_its_elements(void **state)
{
    (void)state;
    struct json_reader r = reader_of("[[],[ ],[\"nan\", -0.0 ,3],[1,2,\"three\"],7]");
    double *values = (double *)&r;
    size_t count = 7;
    OK(json_enter_array(&r));
    for (int i = 0; i < 2; i++) {
        assert_true(json_next_element(&r));
        OK(json_next_doubles(&r, &values, &count));
        assert_null(values);
        assert_int_equal(count, 0);
    }
    assert_true(json_next_element(&r));
    OK(json_next_doubles(&r, &values, &count));
    assert_int_equal(count, 3);
    assert_true(isnan(values[0]) && same_bits(values[1], -0.0) && same_bits(values[2], 3));
    mem_free(values);
    assert_true(json_next_element(&r));
    FAILS(json_next_doubles(&r, &values, &count), AFINA_E_FORMAT,
          "the text: line 1, column 31: an element must be a number");
    assert_null(values);
    assert_int_equal(count, 0);
    json_fini(&r);
}

static void test_an_element_is_named_by_the_key_of_its_array(void **state)
{
    (void)state;
    struct json_reader r = reader_of("{\"weights\":[1, true]}"), objects = reader_of("{\"list\":[{\"a\":1},7]}");
    const char *key;
    double *values;
    size_t count;
    OK(json_enter_object(&r));
    assert_true(json_next_key(&r, &key));
    FAILS(json_next_doubles(&r, &values, &count), AFINA_E_FORMAT,
          "the text: line 1, column 16: an element of \"weights\" must be a number");
    json_fini(&r);
    OK(json_enter_object(&objects));
    assert_true(json_next_key(&objects, &key));
    OK(json_enter_array(&objects));
    assert_true(json_next_element(&objects));
    OK(json_skip(&objects));
    assert_true(json_next_element(&objects));
    FAILS(json_enter_object(&objects), AFINA_E_FORMAT, "the text: line 1, column 18: an element must be an object");
    json_fini(&objects);
}

static void test_the_first_failure_stays(void **state)
{
    (void)state;
    struct json_reader r = reader_of("{\"low\":\"x\",\"high\":2}");
    const char *key, *s;
    double low, *values;
    size_t count;
    int64_t n;
    OK(json_enter_object(&r));
    assert_true(json_next_key(&r, &key));
    FAILS(json_next_double(&r, &low), AFINA_E_FORMAT, "the text: line 1, column 8: \"low\" must be a number");
    assert_false(json_next_key(&r, &key));
    assert_int_equal(json_next_int64(&r, &n), AFINA_E_FORMAT);
    assert_int_equal(json_next_string(&r, &s), AFINA_E_FORMAT);
    assert_string_equal(s, "");
    assert_int_equal(json_next_doubles(&r, &values, &count), AFINA_E_FORMAT);
    assert_int_equal(json_skip(&r), AFINA_E_FORMAT);
    assert_int_equal(json_enter_array(&r), AFINA_E_FORMAT);
    assert_false(json_next_element(&r));
    assert_int_equal(json_kind(&r), JSON_KIND_NONE);
    assert_int_equal(json_fail(&r, AFINA_E_RANGE, "later"), AFINA_E_FORMAT);
    FAILS(json_end(&r), AFINA_E_FORMAT, "the text: line 1, column 8: \"low\" must be a number");
    json_start(&r, "[]", 2, "another text");
    OK(json_skip(&r));
    OK(json_end(&r));
    json_fini(&r);
}

static void test_broken_texts_are_named_with_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"{\"a\": 1,\n \"b\": }", "line 2, column 7: expected a value, found '}'"},
        {"", "line 1, column 1: expected a value, found the end of the text"},
        {"\xEF\xBB\xBF{}", "line 1, column 1: expected a value, found the byte 0xEF"},
        {"{", "line 1, column 2: expected a key, found the end of the text"},
        {"{1:2}", "line 1, column 2: expected a key, found '1'"},
        {"{\"a\" 2}", "line 1, column 6: expected ':', found '2'"},
        {"{\"a\":2,}", "line 1, column 8: expected a key, found '}'"},
        {"{\"a\":2 3}", "line 1, column 8: expected ',' or '}', found '3'"},
        {"[1,]", "line 1, column 4: expected a value, found ']'"},
        {"[,1]", "line 1, column 2: expected a value, found ','"},
        {"[1 2]", "line 1, column 4: expected ',' or ']', found '2'"},
        {"[1}", "line 1, column 3: expected ',' or ']', found '}'"},
        {"[1]]", "line 1, column 4: expected the end of the text, found ']'"},
        {"1 2", "line 1, column 3: expected the end of the text, found '2'"},
        {"nan", "line 1, column 1: expected a value, found 'n'"},
        {"truth", "line 1, column 1: expected a value, found 't'"},
        {"01", "line 1, column 1: a number with a leading zero"},
        {"-", "line 1, column 2: expected a digit, found the end of the text"},
        {"1.", "line 1, column 3: expected a digit, found the end of the text"},
        {"1.e5", "line 1, column 3: expected a digit, found 'e'"},
        {"1e+", "line 1, column 4: expected a digit, found the end of the text"},
        {"+1", "line 1, column 1: expected a value, found '+'"},
        {"0x10", "line 1, column 2: expected the end of the text, found 'x'"},
        {"'a'", "line 1, column 1: expected a value, found '''"},
        {"[\"\xC3\xA9\", \"ab", "line 1, column 7: a string that does not end"},
        {"\"a\tb\"", "line 1, column 3: a control character in a string"},
        {"\"\xFF\"", "line 1, column 2: bytes that are not UTF-8"},
        {"\"\xC0\x80\"", "line 1, column 2: bytes that are not UTF-8"},
        {"\"\xED\xA0\x80\"", "line 1, column 2: bytes that are not UTF-8"},
        {"\"\xF4\x90\x80\x80\"", "line 1, column 2: bytes that are not UTF-8"},
        {"\"\xE2\x82", "line 1, column 2: bytes that are not UTF-8"},
        {"\"\\x\"", "line 1, column 2: an escape that JSON does not have"},
        {"\"\\u12g4\"", "line 1, column 2: \\u needs four hexadecimal digits"},
        {"\"\\u0000\"", "line 1, column 2: a string with \\u0000 is not accepted"},
        {"\"\\ud800\"", "line 1, column 2: half of a surrogate pair"},
        {"\"\\ud800\\u0041\"", "line 1, column 2: half of a surrogate pair"},
        {"\"\\udc00\"", "line 1, column 2: half of a surrogate pair"},
        {"{\"a\\u0000\":1}", "line 1, column 4: a string with \\u0000 is not accepted"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char message[160];
        snprintf(message, sizeof message, "the text is not JSON: %s", rows[i].message);
        FAILS(check(rows[i].text, strlen(rows[i].text)), AFINA_E_FORMAT, message);
    }
    assert_int_equal(check("[1,\0 2]", 7), AFINA_E_FORMAT);
    OK(check("12345", 3)); /* the length decides, not a terminator */
}

static void test_lines_of_a_longer_text_keep_their_numbers(void **state)
{
    (void)state;
    struct json_reader r = reader_of("{\"trial\":1.5}");
    const char *key;
    int64_t trial;
    r.line = 12;
    OK(json_enter_object(&r));
    assert_true(json_next_key(&r, &key));
    FAILS(json_next_int64(&r, &trial), AFINA_E_FORMAT, "the text: line 12, column 10: \"trial\" must be an integer");
    json_fini(&r);
}

static void test_nesting_is_bounded(void **state)
{
    (void)state;
    enum { MANY = 100000 };
    char text[2 * JSON_DEPTH + 2], *deep = mem_new(MANY, 5);
    memset(text, '[', JSON_DEPTH);
    memset(text + JSON_DEPTH, ']', JSON_DEPTH);
    OK(check(text, 2 * JSON_DEPTH));
    memset(text, '[', JSON_DEPTH + 1);
    memset(text + JSON_DEPTH + 1, ']', JSON_DEPTH + 1);
    FAILS(check(text, 2 * JSON_DEPTH + 2), AFINA_E_FORMAT, "the text: line 1, column 65: nested more than 64 deep");
    for (size_t i = 0; i < MANY; i++)
        memcpy(deep + 5 * i, "{\"a\":", 5);
    FAILS(check(deep, (size_t)MANY * 5), AFINA_E_FORMAT, "the text: line 1, column 321: nested more than 64 deep");
    mem_free(deep);
}

static void test_a_value_is_handed_on_as_text(void **state)
{
    (void)state;
    struct json_reader r = reader_of("[ {\"a\" : [1, \"]\"]} , 2]");
    const char *text;
    size_t length;
    OK(json_enter_array(&r));
    assert_true(json_next_element(&r));
    OK(json_next_raw(&r, &text, &length));
    assert_int_equal(length, 16);
    assert_memory_equal(text, "{\"a\" : [1, \"]\"]}", length);
    assert_true(json_next_element(&r));
    OK(json_skip(&r));
    assert_false(json_next_element(&r));
    OK(json_end(&r));
    json_fini(&r);
}

enum { NAME, LOW, HIGH };
static const char *const known[] = {"name", "low", "high"};

static void test_fields_are_read_in_any_order(void **state)
{
    (void)state;
    struct json_reader r = reader_of("[{\"high\":[3],\"name\":\"x\"}, {\"low\":\"y\"}]");
    struct json_place places[3], back;
    const char *name;
    double *high, low;
    size_t count;
    OK(json_enter_array(&r));
    assert_true(json_next_element(&r));
    OK(json_fields(&r, "a parameter", known, 3, places));
    assert_null(places[LOW].at);
    back = json_here(&r);
    json_go(&r, places[NAME]);
    OK(json_next_string(&r, &name));
    json_go(&r, places[HIGH]);
    OK(json_next_doubles(&r, &high, &count));
    assert_int_equal(count, 1);
    mem_free(high);
    json_go(&r, back);
    assert_true(json_next_element(&r));
    OK(json_fields(&r, "a parameter", known, 3, places));
    json_go(&r, places[LOW]);
    FAILS(json_next_double(&r, &low), AFINA_E_FORMAT, "the text: line 1, column 34: \"low\" must be a number");
    json_fini(&r);
}

static int32_t fields(const char *text)
{
    struct json_reader r = reader_of(text);
    struct json_place places[3];
    int32_t rc = json_fields(&r, "a parameter", known, 3, places);
    json_fini(&r);
    return rc;
}

static void test_unknown_and_repeated_keys_are_named(void **state)
{
    (void)state;
    OK(fields("{\"high\": 1, \"name\": \"x\"}"));
    FAILS(fields("{\"name\": 1, \"hihg\": 2}"), AFINA_E_NAME,
          "the text: line 1, column 13: a parameter has an unknown key \"hihg\"; did you mean \"high\"?");
    FAILS(fields("{\"temperature\": 2}"), AFINA_E_NAME,
          "the text: line 1, column 2: a parameter has an unknown key \"temperature\"");
    FAILS(fields("{\"low\": 1, \"l\\u006fw\": 2}"), AFINA_E_FORMAT,
          "the text: line 1, column 12: a parameter has the key \"low\" twice");
    FAILS(fields("7"), AFINA_E_FORMAT, "the text: line 1, column 1: it must be an object");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_line_is_read_key_by_key),
        cmocka_unit_test(test_kinds_are_told_without_reading),
        cmocka_unit_test(test_strings_are_decoded),
        cmocka_unit_test(test_integers_of_64_bits_are_exact),
        cmocka_unit_test(test_numbers_are_read_to_the_bit),
        cmocka_unit_test(test_other_values_are_no_numbers),
        cmocka_unit_test(test_an_array_of_numbers_is_exactly_its_elements),
        cmocka_unit_test(test_an_element_is_named_by_the_key_of_its_array),
        cmocka_unit_test(test_the_first_failure_stays),
        cmocka_unit_test(test_broken_texts_are_named_with_their_place),
        cmocka_unit_test(test_lines_of_a_longer_text_keep_their_numbers),
        cmocka_unit_test(test_nesting_is_bounded),
        cmocka_unit_test(test_a_value_is_handed_on_as_text),
        cmocka_unit_test(test_fields_are_read_in_any_order),
        cmocka_unit_test(test_unknown_and_repeated_keys_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
