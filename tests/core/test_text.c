/* Numbers, characters and names as text: the same in every locale. */
#define _GNU_SOURCE /* newlocale, uselocale */
#include "core/core_help.h"
#include "support/comma_locale.h"

#include <limits.h>
#include <locale.h>
#include <stdlib.h>

/* ------------------------------------------------------------------- numbers */

static void check_round_trips(uint64_t seed, int count)
{
    struct rng rng;
    char text[NUMBER_SIZE];
    rng_start(&rng, seed, 0, RNG_SUGGEST);
    for (int i = 0; i < count; i++) {
        double x = any_finite(&rng), back;
        assert_true(number_write_double(text, x) < sizeof text);
        assert_null(strchr(text, ','));
        if (!text_to_double(text, &back) || !same_bits(x, back))
            fail_msg("seed %llu: %a was written as %s", (unsigned long long)seed, x, text);
    }
}

static void test_every_double_comes_back(void **state)
{
    (void)state;
    print_message("seed 2385\n");
    check_round_trips(2385, 100000);
}

static void test_numbers_are_read_whole(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value;
    } good[] = {{"0.1", 0.1},  {"-1e-5", -1e-5},   {"25e-3", 0.025},    {" 2.385\t\r\n", 2.385},
                {"+7", 7},     {".5", 0.5},        {"inf", INFINITY},   {"-inf", -INFINITY},
                {"1e-400", 0}, {"5e-324", 5e-324}, {"1e400", INFINITY}, {"-0", -0.0}};
    static const char *const bad[] = {"",   " ",  "x",          "1,5",  "1.5x", "1 2",    "--1",     "0x",
                                      "e5", "1e", "\xC2\xA0-1", "1.5,", "0x10", "nan(1)", "infinity"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        double value = 99;
        assert_true(text_to_double(good[i].text, &value));
        assert_true(same_bits(value, good[i].value));
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        double value = 99;
        assert_false(text_to_double(bad[i], &value));
        assert_true(value == 99);
    }
    double value = 99;
    assert_true(text_to_double("nan", &value));
    assert_true(isnan(value));
}

static void test_integers_are_read_whole(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "", " ", "x", "1.0", "1e3", "9223372036854775808", "-9223372036854775809", "1 2", "0x5", "1.000", "--1"};
    int64_t value = 99;
    assert_true(text_to_int64("-9223372036854775808", &value));
    assert_true(value == INT64_MIN);
    assert_true(text_to_int64(" 9223372036854775807\n", &value));
    assert_true(value == INT64_MAX);
    assert_true(text_to_int64("007", &value)); /* not octal */
    assert_int_equal(value, 7);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(text_to_int64(bad[i], &value));
        assert_int_equal(value, 7);
    }
}

/* A host in Germany writes 2,385; we do not. */
static void check_all_under_this_locale(void)
{
    char text[64];
    double value;
    int64_t integer;
    snprintf(text, sizeof text, "%g", 2.385);
    assert_string_equal(text, "2,385"); /* or there is nothing to test */
    number_write_double(text, 1234567.5);
    assert_string_equal(text, "1234567.5");
    assert_true(text_to_double("2.385", &value));
    assert_true(same_bits(value, 2.385));
    assert_false(text_to_double("2,385", &value));
    assert_true(text_to_int64("1234567", &integer));
    assert_false(text_to_int64("1.234.567", &integer));
    text_format(text, sizeof text, "%g to %g, %lld", 0.5, 0.1, 1234567LL);
    assert_string_equal(text, "0.5 to 0.1, 1234567");
    check_round_trips(2386, 1000);
    snprintf(text, sizeof text, "%g", 2.385);
    assert_string_equal(text, "2,385"); /* as it was before us */
}

static void test_a_comma_locale_of_the_host_changes_nothing(void **state)
{
    (void)state;
    char folder[] = "/tmp/afina_locale_XXXXXX";
    assert_non_null(mkdtemp(folder));
    if (!set_comma_locale(folder)) {
        remove_folder(folder);
        fail_msg("localedef or its tables are missing; Debian has them in libc-bin and locales");
    }
    check_all_under_this_locale(); /* of the process */
    assert_string_equal(setlocale(LC_NUMERIC, NULL), "afina_comma");
    locale_t comma = duplocale(LC_GLOBAL_LOCALE);
    setlocale(LC_NUMERIC, "C");
    locale_t before = uselocale(comma); /* of this thread */
    check_all_under_this_locale();
    assert_true(uselocale(before) == comma);
    freelocale(comma);
    remove_folder(folder);
}

/* ---------------------------------------------------------------- characters */

static void test_well_formed_text_is_known(void **state)
{
    (void)state;
    static const char *const good[] = {"",
                                       "learning_rate",
                                       "\xC3\xB1",                         /* n with tilde */
                                       "\xC2\x80",                         /* U+0080, first of two bytes */
                                       "\xDF\xBF",                         /* U+07FF, last */
                                       "\xE0\xA0\x80",                     /* U+0800, first of three */
                                       "\xED\x9F\xBF",                     /* U+D7FF, before the surrogates */
                                       "\xEE\x80\x80",                     /* U+E000, after them */
                                       "\xEF\xBF\xBF",                     /* U+FFFF */
                                       "\xF0\x90\x80\x80",                 /* U+10000, first of four */
                                       "\xF4\x8F\xBF\xBF",                 /* U+10FFFF, the last */
                                       "e\xCC\x81",                        /* a combining accent */
                                       "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D", /* right to left */
                                       "x\xF0\x9F\x8E\xAFy"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(text_is_utf8(good[i]));
}

static void test_malformed_text_is_known(void **state)
{
    (void)state;
    static const char *const bad[] = {"\x80",                 /* a lone continuation */
                                      "a\xBF",                /* the same at the end */
                                      "\xC3",                 /* cut short */
                                      "\xC3(",                /* no continuation */
                                      "\xC0\x80",             /* overlong NUL */
                                      "\xC1\xBF",             /* overlong DEL */
                                      "\xE0\x9F\xBF",         /* overlong U+07FF */
                                      "\xED\xA0\x80",         /* a surrogate */
                                      "\xED\xBF\xBF",         /* the last surrogate */
                                      "\xE2\x82",             /* cut short */
                                      "\xE2\x82(",            /* broken */
                                      "\xF0\x8F\xBF\xBF",     /* overlong U+FFFF */
                                      "\xF0\x9F\x8E",         /* cut short */
                                      "\xF0\x9F\x28\xAF",     /* broken */
                                      "\xF4\x90\x80\x80",     /* past U+10FFFF */
                                      "\xF5\x80\x80\x80",     /* no lead byte */
                                      "\xF8\x88\x80\x80\x80", /* five bytes */
                                      "\xFE",
                                      "\xFF"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (text_is_utf8(bad[i]))
            fail_msg("malformed text %zu was accepted", i);
}

/* All code points: as UTF-8 writes them they are accepted, surrogates apart. */
static void test_every_code_point(void **state)
{
    (void)state;
    for (uint32_t c = 1; c <= 0x10FFFF; c++) {
        char s[5] = "";
        if (c < 0x80) {
            s[0] = (char)c;
        } else if (c < 0x800) {
            s[0] = (char)(0xC0 | c >> 6);
            s[1] = (char)(0x80 | (c & 63));
        } else if (c < 0x10000) {
            s[0] = (char)(0xE0 | c >> 12);
            s[1] = (char)(0x80 | (c >> 6 & 63));
            s[2] = (char)(0x80 | (c & 63));
        } else {
            s[0] = (char)(0xF0 | c >> 18);
            s[1] = (char)(0x80 | (c >> 12 & 63));
            s[2] = (char)(0x80 | (c >> 6 & 63));
            s[3] = (char)(0x80 | (c & 63));
        }
        if (text_is_utf8(s) != (c < 0xD800 || c > 0xDFFF))
            fail_msg("U+%04X was judged wrongly", (unsigned)c);
    }
}

static void test_formatting_fills_its_room_and_no_more(void **state)
{
    (void)state;
    char room[9] = "########";
    assert_int_equal(text_format(room, 5, "%s", "12345678"), 4);
    assert_string_equal(room, "1234");
    assert_int_equal(room[5], '#');
    assert_int_equal(text_format(room, 1, "%d", 7), 0);
    assert_string_equal(room, "");
    assert_int_equal(text_format(room, 5, "ab\xE2\x82\xAC"), 2); /* the euro sign needs 3 of 2 */
    assert_string_equal(room, "ab");
    assert_int_equal(text_format(room, 6, "ab\xE2\x82\xAC"), 5);
    assert_string_equal(room, "ab\xE2\x82\xAC");
}

static void test_the_conversions_of_messages(void **state)
{
    (void)state;
    char ours[200], libc[200];
    text_format(ours, sizeof ours, "%s|%.*s|%.2s|%c|%d|%d|%5d|%u|%02x|%X|%%", "name", 3, "abcdef", "xyz", 'c', -7,
                INT_MIN, 12, UINT_MAX, 10, 0xBEEFu);
    snprintf(libc, sizeof libc, "%s|%.*s|%.2s|%c|%d|%d|%5d|%u|%02x|%X|%%", "name", 3, "abcdef", "xyz", 'c', -7, INT_MIN,
             12, UINT_MAX, 10, 0xBEEFu);
    assert_string_equal(ours, libc);
    text_format(ours, sizeof ours, "%ld %lu %lld %llu %zu", LONG_MIN, ULONG_MAX, LLONG_MIN, ULLONG_MAX, SIZE_MAX);
    snprintf(libc, sizeof libc, "%ld %lu %lld %llu %zu", LONG_MIN, ULONG_MAX, LLONG_MIN, ULLONG_MAX, SIZE_MAX);
    assert_string_equal(ours, libc);
    text_format(ours, sizeof ours, "%g, %g, %g and %g", 0.1 + 0.2, 1000000.0, -1e-9, NAN);
    assert_string_equal(ours, "0.30000000000000004, 1000000, -1e-09 and nan"); /* which %g of libc would round */
    text_format(ours, sizeof ours, "a line\nand\t%s", "more\x7F");
    assert_string_equal(ours, "a line and more ");
}

/* The part of a name that is given by its length may not be terminated. */
static void test_a_string_of_given_length_is_not_read_past_it(void **state)
{
    (void)state;
    char *bytes = malloc(3), ours[20];
    memcpy(bytes, "abc", 3);
    text_format(ours, sizeof ours, "%.*s", 3, bytes);
    assert_string_equal(ours, "abc");
    free(bytes);
}

/* --------------------------------------------------------------------- names */

static const char *nearest(const char *s)
{
    static const char *const names[] = {"learning_rate", "momentum", "units", "gamma", "lr", "k", "seed"};
    return text_nearest(s, names, sizeof names / sizeof *names);
}

static void test_a_slip_finds_its_name(void **state)
{
    (void)state;
    assert_string_equal(nearest("learnign_rate"), "learning_rate");
    assert_string_equal(nearest("learningrate"), "learning_rate");
    assert_string_equal(nearest("gama"), "gamma");
    assert_string_equal(nearest("Gamma"), "gamma");
    assert_string_equal(nearest("sed"), "seed");
    assert_string_equal(nearest("units"), "units");
    assert_string_equal(nearest("lrr"), "lr");
}

static void test_what_is_far_from_all_finds_none(void **state)
{
    (void)state;
    char longest[1000];
    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    assert_null(nearest("temperature"));
    assert_null(nearest("zzzz"));
    assert_null(nearest(longest));
    assert_null(nearest(""));
    assert_null(nearest("x")); /* every name of one letter is one letter away */
    assert_null(text_nearest("x", NULL, 0));
}

static void test_of_equally_near_names_the_first(void **state)
{
    (void)state;
    static const char *const names[] = {"layer_1", "layer_2", "layer_3"};
    assert_ptr_equal(text_nearest("layer_9", names, 3), names[0]);
    assert_ptr_equal(text_nearest("layer_3", names, 3), names[2]);
}

/* Levenshtein's distance by the whole table. */
static size_t whole_distance(const char *a, const char *b)
{
    size_t row[65], na = strlen(a), nb = strlen(b);
    for (size_t j = 0; j <= nb; j++)
        row[j] = j;
    for (size_t i = 1; i <= na; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= nb; j++) {
            size_t best = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            best = row[j] + 1 < best ? row[j] + 1 : best;
            row[j] = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
        }
    }
    return row[nb];
}

static void random_word(struct rng *rng, char word[20])
{
    size_t n = rng_uint64(rng) % 19;
    for (size_t i = 0; i < n; i++)
        word[i] = "abc"[rng_uint64(rng) % 3];
    word[n] = '\0';
}

static void test_the_bounded_distance_is_the_distance(void **state)
{
    (void)state;
    print_message("seed 2385\n");
    struct rng rng;
    rng_start(&rng, 2385, 0, RNG_SUGGEST);
    for (int i = 0; i < 20000; i++) {
        char a[20], b[20];
        random_word(&rng, a);
        random_word(&rng, b);
        const char *names[] = {b};
        size_t longer = strlen(a) > strlen(b) ? strlen(a) : strlen(b), distance = whole_distance(a, b);
        int meant = distance <= strlen(a) / 3 + 1 && distance <= longer / 2;
        if ((text_nearest(a, names, 1) != NULL) != meant)
            fail_msg("seed 2385: \"%s\" and \"%s\", %zu apart", a, b, distance);
    }
}

/* An unknown choice of 64 letters among 100,000 took 1.8 seconds: each was compared
 * letter by letter with the whole of it. */
static void test_a_name_among_100000_is_looked_for_with_bounded_work(void **state)
{
    (void)state;
    enum { COUNT = 100000, LENGTH = 64 };
    char *texts = malloc((size_t)COUNT * (LENGTH + 1)), word[LENGTH + 1];
    const char **names = malloc(COUNT * sizeof *names);
    for (size_t i = 0; i < COUNT; i++) {
        char *text = texts + i * (LENGTH + 1);
        snprintf(text, LENGTH + 1, "%06zu", i);
        memset(text + 6, 'c', LENGTH - 6);
        text[LENGTH] = '\0';
        names[i] = text;
    }
    uint64_t steps;
    memset(word, 'y', LENGTH);
    word[LENGTH] = '\0';
    assert_null(text_nearest_counted(word, names, COUNT, &steps));
    assert_in_range(steps, 1, 5000000);
    assert_null(text_nearest_counted("y", names, COUNT, &steps)); /* the length tells */
    assert_int_equal(steps, 0);
    memcpy(word, names[2385], LENGTH);
    word[20] = 'x';
    assert_ptr_equal(text_nearest_counted(word, names, COUNT, &steps), names[2385]);
    assert_in_range(steps, 1, 5000000);
    free(texts);
    free(names);
}

/* -------------------------------------------------------------- growing text */

static void test_text_grows(void **state)
{
    (void)state;
    struct text text = {0};
    OK(text_append(&text, ""));
    assert_string_equal(text.data, "");
    OK(text_append(&text, "rate="));
    OK(text_append_double(&text, 2.385));
    OK(text_append_bytes(&text, ", and more", 2));
    OK(text_append_int64(&text, INT64_MIN));
    assert_string_equal(text.data, "rate=2.385, -9223372036854775808");
    assert_int_equal(text.length, strlen(text.data));
    for (int i = 0; i < 10000; i++)
        OK(text_append(&text, "0123456789"));
    assert_int_equal(text.length, 100032);
    assert_int_equal(strlen(text.data), 100032);
    mem_free(text.data);
}

static void test_a_text_that_cannot_grow_is_as_it_was(void **state)
{
    (void)state;
    struct text text = {0};
    OK(text_append(&text, "kept"));
    FAILS(text_append_bytes(&text, "x", SIZE_MAX - 3), AFINA_E_MEMORY, "out of memory");
    assert_string_equal(text.data, "kept");
    assert_int_equal(text.length, 4);
    mem_free(text.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_double_comes_back),
        cmocka_unit_test(test_numbers_are_read_whole),
        cmocka_unit_test(test_integers_are_read_whole),
        cmocka_unit_test(test_a_comma_locale_of_the_host_changes_nothing),
        cmocka_unit_test(test_well_formed_text_is_known),
        cmocka_unit_test(test_malformed_text_is_known),
        cmocka_unit_test(test_every_code_point),
        cmocka_unit_test(test_formatting_fills_its_room_and_no_more),
        cmocka_unit_test(test_the_conversions_of_messages),
        cmocka_unit_test(test_a_string_of_given_length_is_not_read_past_it),
        cmocka_unit_test(test_a_slip_finds_its_name),
        cmocka_unit_test(test_what_is_far_from_all_finds_none),
        cmocka_unit_test(test_of_equally_near_names_the_first),
        cmocka_unit_test(test_the_bounded_distance_is_the_distance),
        cmocka_unit_test(test_a_name_among_100000_is_looked_for_with_bounded_work),
        cmocka_unit_test(test_text_grows),
        cmocka_unit_test(test_a_text_that_cannot_grow_is_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
