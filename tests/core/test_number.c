/* Decimal text and doubles: the shortest text, the nearest double, against the C
 * library and against known hard cases. */
#include "core/core_help.h"
#include "core/powers_of_ten.h"

#include <fenv.h>
#include <float.h>
#include <stdlib.h>

enum { SEED = 2385 };

static int quick(void)
{
    return getenv("AFINA_TEST_QUICK") != NULL;
}

static double from_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static uint64_t to_bits(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* -------------------------------------------------------------------- writing */

static void assert_writes(double value, const char *wanted)
{
    char text[NUMBER_SIZE];
    size_t length = number_write_double(text, value);
    assert_string_equal(text, wanted);
    assert_int_equal(length, strlen(wanted));
}

static void test_the_form_of_numbers(void **state)
{
    (void)state;
    assert_writes(0.1, "0.1");
    assert_writes(2.385, "2.385");
    assert_writes(-5, "-5");
    assert_writes(120, "120");
    assert_writes(0.1 + 0.2, "0.30000000000000004");
    assert_writes(1.0 / 3, "0.3333333333333333");
    assert_writes(0.0001, "0.0001");
    assert_writes(0.00001, "1e-05");
    assert_writes(-1.25e-7, "-1.25e-07");
    assert_writes(1e14, "100000000000000");
    assert_writes(1e15, "1e+15");
    assert_writes(1.5e15, "1.5e+15");
    assert_writes(1234567890123456, "1234567890123456");
    assert_writes(12345678901234568, "12345678901234568");
    assert_writes(123456789012345680, "1.2345678901234568e+17");
    assert_writes(1e22, "1e+22");
    assert_writes(1e100, "1e+100");
    assert_writes(0, "0");
    assert_writes(-0.0, "-0");
    assert_writes(NAN, "nan");
    assert_writes(-NAN, "nan");
    assert_writes(INFINITY, "inf");
    assert_writes(-INFINITY, "-inf");
}

/* From the papers on shortest digits, and where %.15g to %.17g are longer. */
static void test_the_shortest_digits(void **state)
{
    (void)state;
    assert_writes(5e-324, "5e-324"); /* of 4.94...e-324 one digit is enough */
    assert_writes(0x1p-44, "5.684341886080802e-14");
    assert_writes(0x1p-1022, "2.2250738585072014e-308");
    assert_writes(0x0.fffffffffffffp-1022, "2.225073858507201e-308");
    assert_writes(DBL_MAX, "1.7976931348623157e+308");
    assert_writes(9007199254740991, "9007199254740991");
    assert_writes(9007199254740992, "9007199254740992");
    assert_writes(9007199254740994, "9007199254740994");
    assert_writes(1e23, "1e+23"); /* halfway between two doubles, read as the even one */
    assert_writes(9.5e-322, "9.5e-322");
    assert_writes(2e-323, "2e-323");
    assert_writes(0x1p89, "6.189700196426902e+26");
    assert_writes(4.35, "4.35");
    assert_writes(299792458, "299792458");
}

/* No text that is shorter by a digit reads back, and none with as many digits is
 * nearer. libc's digits of v are right, so a text with fewer digits that reads back
 * is either libc's, or beside it by one where the neighbours are not equally far. */
static void assert_shortest(double v)
{
    char ours[NUMBER_SIZE], rounded[40];
    double back;
    size_t length = number_write_double(ours, v);
    const char *end = number_read_double(ours, ours + length, &back);
    if (end != ours + length || !same_bits(v, back) || strtod(ours, NULL) != v)
        fail_msg("seed %d: %a was written as %s", SEED, v, ours);
    int digits = 0;
    for (const char *p = ours; *p && *p != 'e'; p++)
        digits += *p >= '0' && *p <= '9' && (digits > 0 || *p != '0');
    if (strpbrk(ours, ".e") == NULL)
        for (size_t i = length; i > 0 && ours[i - 1] == '0'; i--)
            digits--;
    if (digits > 1) {
        snprintf(rounded, sizeof rounded, "%.*e", digits - 2, v);
        if (strtod(rounded, NULL) == v)
            fail_msg("seed %d: %a was written as %s, %s is shorter", SEED, v, ours, rounded);
    }
    snprintf(rounded, sizeof rounded, "%.*e", digits - 1, v);
    if (strtod(rounded, NULL) == v && strtold(rounded, NULL) != strtold(ours, NULL))
        fail_msg("seed %d: %a was written as %s, %s is nearer", SEED, v, ours, rounded);
}

/* Bits of any kind: also few digits, whole numbers, and few bits. */
static double any_kind(struct rng *rng, int i)
{
    double x = any_finite(rng);
    switch (i % 4) {
    case 0:
        return from_bits(to_bits(x) & ~(((uint64_t)1 << rng_uint64(rng) % 53) - 1));
    case 1:
        return (double)(rng_uint64(rng) >> (rng_uint64(rng) % 64));
    case 2:
        return (double)(rng_uint64(rng) % 1000000) / 1000 - 500;
    default:
        return x;
    }
}

static void test_any_double_is_written_shortest(void **state)
{
    (void)state;
    print_message("seed %d\n", SEED);
    struct rng rng;
    rng_start(&rng, SEED, 0, RNG_SUGGEST);
    for (int i = 0; i < (quick() ? 20000 : 600000); i++)
        assert_shortest(any_kind(&rng, i));
}

static void test_neighbours_of_powers(void **state)
{
    (void)state;
    for (int p = -1074; p < 1024; p++)
        for (int d = -2; d <= 2; d++) {
            double x = from_bits(to_bits(ldexp(1, p)) + (uint64_t)d);
            if (x > 0 && isfinite(x))
                assert_shortest(x);
        }
    for (int p = -323; p <= 308; p++)
        for (int d = -2; d <= 2; d++) {
            char text[20];
            snprintf(text, sizeof text, "1e%d", p);
            assert_shortest(from_bits(to_bits(strtod(text, NULL)) + (uint64_t)d));
        }
    for (uint64_t bits = 1; bits < 5000; bits++)
        assert_shortest(from_bits(bits));
}

/* -------------------------------------------------------------------- reading */

static double read_whole(const char *text)
{
    double value = 99;
    assert_true(number_read_double(text, text + strlen(text), &value) == text + strlen(text));
    return value;
}

static void assert_reads(const char *text, double wanted)
{
    double value = read_whole(text);
    if (!same_bits(value, wanted))
        fail_msg("%.60s: got %a, wanted %a", text, value, wanted);
}

static void assert_reads_as_libc(const char *text)
{
    double value = read_whole(text), wanted = strtod(text, NULL);
    if (!same_bits(value, wanted))
        fail_msg("seed %d: %s: got %a, wanted %a", SEED, text, value, wanted);
}

static void test_the_grammar(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t length;
        double value;
    } cases[] = {{"0", 1, 0},
                 {"-0", 2, -0.0},
                 {"+7", 2, 7},
                 {"007.250", 7, 7.25},
                 {"5.", 2, 5},
                 {".5", 2, 0.5},
                 {"-.5e1", 5, -5},
                 {"1e", 1, 1},
                 {"1e+", 1, 1},
                 {"2.5E+03x", 7, 2500},
                 {"1e5.5", 3, 100000},
                 {"0x10", 1, 0},
                 {"1,5", 1, 1},
                 {"1 2", 1, 1},
                 {"1.2.3", 3, 1.2},
                 {"1e-400", 6, 0},
                 {"-1e-400", 7, -0.0},
                 {"1e400", 5, INFINITY},
                 {"-1e400", 6, -INFINITY},
                 {"0e99999999999999999999", 22, 0}};
    static const char *const none[] = {"",  "+",  "-",   ".",   "-.",  "e5",      ".e5",
                                       "x", " 1", "--1", "inf", "nan", "\xD9\xA1"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *text = cases[i].text;
        double value = 99;
        assert_true(number_read_double(text, text + strlen(text), &value) == text + cases[i].length);
        assert_true(same_bits(value, cases[i].value));
    }
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        double value = 99;
        assert_null(number_read_double(none[i], none[i] + strlen(none[i]), &value));
        assert_true(value == 99);
    }
}

static void test_nothing_is_read_past_the_end(void **state)
{
    (void)state;
    static const char text[] = "12.5e-31";
    static const double wanted[] = {1, 12, 12, 12.5, 12.5, 12.5, 12.5e-3};
    for (size_t n = 1; n <= 7; n++) {
        double value;
        char *copy = malloc(n); /* so that the sanitizers see a byte too many */
        memcpy(copy, text, n);
        const char *end = number_read_double(copy, copy + n, &value);
        assert_true(end != NULL && end <= copy + n);
        assert_true(same_bits(value, wanted[n - 1]));
        free(copy);
    }
}

static void test_the_edges_of_the_range(void **state)
{
    (void)state;
    assert_reads("1.7976931348623157e308", DBL_MAX);
    assert_reads("1.7976931348623158e308", DBL_MAX);
    assert_reads("1.7976931348623159e308", INFINITY);
    assert_reads("179769313486231580793e288", DBL_MAX); /* 21 digits below the halfway number */
    assert_reads("179769313486231580794e288", INFINITY);
    assert_reads("5e-324", 0x1p-1074);
    assert_reads("3e-324", 0x1p-1074);
    assert_reads("2e-324", 0);
    assert_reads("2.4703282292062327208e-324", 0);
    assert_reads("2.4703282292062327209e-324", 0x1p-1074);
    assert_reads("2.2250738585072011e-308", 0x0.fffffffffffffp-1022);
    assert_reads("2.2250738585072012e-308", 0x1p-1022);
    assert_reads("2.2250738585072014e-308", 0x1p-1022);
    assert_reads("18446744073709551615e-343", 0);
    assert_reads("9223372036854775807", 0x1p63);
    assert_reads("123456789012345678901234567890e-99999999999999999999999", 0);
    assert_reads("123456789012345678901234567890e99999999999999999999999", INFINITY);
}

/* Where two doubles are equally near, the even one; a digit far behind decides. */
static void test_halfway_numbers(void **state)
{
    (void)state;
    assert_reads("9007199254740993", 9007199254740992);
    assert_reads("9007199254740995", 9007199254740996);
    assert_reads("9007199254740993.0000000000000000000000000000000", 9007199254740992);
    assert_reads("9007199254740993.0000000000000000000000000000001", 9007199254740994);
    assert_reads("9007199254740992.9999999999999999999999999999999", 9007199254740992);
    assert_reads("9007199254740993e0000000000000000000000000", 9007199254740992);
    assert_reads("100000000000000000000000", 1e23);
    assert_reads("1.00000000000000011102230246251565404236316680908203125", 1);
    assert_reads("1.00000000000000011102230246251565404236316680908203124", 1);
    assert_reads("1.00000000000000011102230246251565404236316680908203126", 0x1.0000000000001p0);
    assert_reads("1.00000000000000033306690738754696212708950042724609375", 0x1.0000000000002p0);
}

/* The exact decimal digits of the number halfway above x, which libc prints for us
 * from the long double; then the same a little lower and higher. */
static void check_halfway_above(double x)
{
    char text[1300];
    uint64_t bits = to_bits(x);
    double next = from_bits(bits + 1);
    if (!isfinite(next))
        return;
    long double half = ((long double)x + (long double)next) / 2;
    int n = snprintf(text, sizeof text, "%.1100Le", half);
    char *e = strchr(text, 'e');
    assert_true(n > 0 && e != NULL);
    assert_reads(text, bits & 1 ? next : x);
    e[-1] = '1';
    assert_reads(text, next);
    e[-1] = '0';
    char *last = e - 1;
    while (*last == '0')
        last--;
    (*last)--;
    memset(last + 1, '9', (size_t)(e - last) - 1);
    assert_reads(text, x);
}

/* Whether a long double holds more than a double: not on every processor, and not
 * under Memcheck. */
static int long_double_is_long(void)
{
    volatile long double one = 1, little = 0x1p-60L, smallest = 0x1p-1076L;
    return one + little != one && smallest != 0;
}

static void test_halfway_numbers_of_hundreds_of_digits(void **state)
{
    (void)state;
    if (!long_double_is_long())
        skip();
    print_message("seed %d\n", SEED);
    struct rng rng;
    rng_start(&rng, SEED, 1, RNG_SUGGEST);
    for (int i = 0; i < (quick() ? 300 : 20000); i++) {
        double x = fabs(any_finite(&rng));
        check_halfway_above(i % 4 ? x : from_bits(to_bits(x) % ((uint64_t)1 << (i % 54))));
    }
    for (int p = -1074; p < 1023; p += quick() ? 50 : 1)
        check_halfway_above(ldexp(1, p));
    check_halfway_above(from_bits(to_bits(DBL_MAX) - 1));
}

static void test_texts_of_any_digits(void **state)
{
    (void)state;
    print_message("seed %d\n", SEED);
    struct rng rng;
    rng_start(&rng, SEED, 2, RNG_SUGGEST);
    for (int i = 0; i < (quick() ? 20000 : 1000000); i++) {
        char text[120];
        uint64_t a = rng_uint64(&rng) >> (rng_uint64(&rng) % 64), b = rng_uint64(&rng);
        int e = (int)(rng_uint64(&rng) % 720) - 370;
        const char *const forms[] = {"%llue%d", "%llu.%llue%d", "0.000%llu%llue%d", "-%llu%llue%d"};
        if (i % 4 == 0)
            snprintf(text, sizeof text, forms[0], (unsigned long long)a, e);
        else
            snprintf(text, sizeof text, forms[i % 4], (unsigned long long)a, (unsigned long long)b, e);
        assert_reads_as_libc(text);
    }
}

/* Any row of the characters that numbers are made of begins with the number that
 * strtod finds there, or with none. */
static void test_any_characters(void **state)
{
    (void)state;
    static const char characters[] = "0123456789000123456789..eE+-9";
    struct rng rng;
    rng_start(&rng, SEED, 5, RNG_SUGGEST);
    for (int i = 0; i < (quick() ? 20000 : 500000); i++) {
        char text[61] = "", *libc_end;
        size_t length = rng_uint64(&rng) % (i % 50 ? 14 : 60);
        for (size_t k = 0; k < length; k++)
            text[k] = characters[rng_uint64(&rng) % (sizeof characters - 1)];
        double value = 0, wanted = strtod(text, &libc_end);
        const char *end = number_read_double(text, text + length, &value);
        if ((end ? end : text) != libc_end || !same_bits(value, wanted))
            fail_msg("seed %d: \"%s\": got %a, wanted %a", SEED, text, value, wanted);
    }
}

/* A number near a halfway one, cut after 17 to 40 digits. */
static void test_texts_near_halfway_numbers(void **state)
{
    (void)state;
    struct rng rng;
    rng_start(&rng, SEED, 3, RNG_SUGGEST);
    for (int i = 0; i < (quick() ? 5000 : 200000); i++) {
        char text[120];
        double x = fabs(any_finite(&rng));
        long double half = ((long double)x + (long double)from_bits(to_bits(x) + 1)) / 2;
        snprintf(text, sizeof text, "%.*Le", 16 + i % 24, half);
        if (isfinite((double)half))
            assert_reads_as_libc(text);
    }
}

static void test_a_text_of_a_million_digits(void **state)
{
    (void)state;
    enum { LENGTH = 1000000 };
    char *text = malloc(LENGTH + 20);
    memset(text, '0', LENGTH);
    memcpy(text, "9007199254740993.", 17);
    text[LENGTH - 1] = '1';
    text[LENGTH] = '\0';
    assert_reads(text, 9007199254740994);
    text[LENGTH - 1] = '0';
    assert_reads(text, 9007199254740992);
    memset(text, '0', LENGTH);
    text[1] = '.';
    memcpy(text + LENGTH, "7e1000001", 10); /* 0.00...7 with its point moved back */
    assert_reads(text, 700);
    free(text);
}

/* ------------------------------------------------------- integers, environment */

static void assert_integer(int64_t value, const char *wanted)
{
    char text[NUMBER_SIZE];
    int64_t back = 0;
    assert_int_equal(number_write_int64(text, value), strlen(wanted));
    assert_string_equal(text, wanted);
    assert_true(number_read_int64(text, text + strlen(text), &back) == text + strlen(text));
    assert_true(back == value);
}

static void test_integers(void **state)
{
    (void)state;
    assert_integer(0, "0");
    assert_integer(9, "9");
    assert_integer(-10, "-10");
    assert_integer(12345, "12345");
    assert_integer(INT64_MAX, "9223372036854775807");
    assert_integer(INT64_MIN, "-9223372036854775808");
    static const char *const none[] = {
        "", "-", "+", "x", "9223372036854775808", "-9223372036854775809", "99999999999999999999"};
    int64_t value = 7;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_null(number_read_int64(none[i], none[i] + strlen(none[i]), &value));
    assert_int_equal(value, 7);
    const char *text = "-0012.5";
    assert_true(number_read_int64(text, text + 7, &value) == text + 5);
    assert_int_equal(value, -12);
}

/* A host that rounds another way reads and writes the same numbers, and finds its
 * rounding mode and its exception flags as they were. */
static void test_the_rounding_mode_of_the_host_changes_nothing(void **state)
{
    (void)state;
    static const int modes[] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
    static const char *const texts[] = {"0.1",
                                        "9007199254740993",
                                        "9007199254740993.5",
                                        "123456789.125e-300",
                                        "1e400",
                                        "1e-400",
                                        "9007199254740993.00000000000000000000000000001"};
    double wanted[sizeof texts / sizeof *texts];
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        wanted[i] = strtod(texts[i], NULL);
    for (size_t m = 0; m < sizeof modes / sizeof *modes; m++) {
        assert_int_equal(fesetround(modes[m]), 0);
        feclearexcept(FE_ALL_EXCEPT);
        double got[sizeof texts / sizeof *texts];
        char text[NUMBER_SIZE];
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
            number_read_double(texts[i], texts[i] + strlen(texts[i]), &got[i]);
        number_write_double(text, wanted[0]);
        int raised = fetestexcept(FE_ALL_EXCEPT), mode = fegetround();
        fesetround(FE_TONEAREST);
        assert_int_equal(raised, 0);
        assert_int_equal(mode, modes[m]);
        assert_string_equal(text, "0.1");
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
            assert_true(same_bits(got[i], wanted[i]));
    }
}

static void test_products_of_halves(void **state)
{
    (void)state;
    struct rng rng;
    rng_start(&rng, SEED, 4, RNG_SUGGEST);
    for (int i = 0; i < 10000; i++) {
        uint64_t a = rng_uint64(&rng) | (i % 2 ? 0xFFFFFFFF : 0),
                 b = rng_uint64(&rng) | (i % 3 ? 0 : 0xFFFFFFFF00000000);
        struct wide whole = wide_multiply(a, b), halves = wide_multiply_halves(a, b);
        assert_true(whole.high == halves.high && whole.low == halves.low);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_form_of_numbers),
        cmocka_unit_test(test_the_shortest_digits),
        cmocka_unit_test(test_any_double_is_written_shortest),
        cmocka_unit_test(test_neighbours_of_powers),
        cmocka_unit_test(test_the_grammar),
        cmocka_unit_test(test_nothing_is_read_past_the_end),
        cmocka_unit_test(test_the_edges_of_the_range),
        cmocka_unit_test(test_halfway_numbers),
        cmocka_unit_test(test_halfway_numbers_of_hundreds_of_digits),
        cmocka_unit_test(test_texts_of_any_digits),
        cmocka_unit_test(test_any_characters),
        cmocka_unit_test(test_texts_near_halfway_numbers),
        cmocka_unit_test(test_a_text_of_a_million_digits),
        cmocka_unit_test(test_integers),
        cmocka_unit_test(test_the_rounding_mode_of_the_host_changes_nothing),
        cmocka_unit_test(test_products_of_halves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
