/* The JSON reader against a slow oracle: on random texts, valid ones and
 * damaged ones, both accept the same; and what was generated is what is read.
 * AFINA_FUZZ_RUNS=n and AFINA_FUZZ_SEED=n ask for more than the usual runs
 * (`make fuzz`). */
#include "core/core_help.h"
#include "core/json.h"
#include "core/json_reader.h"
#include "support/json_oracle.h"

#include <stdlib.h>

/* ------------------------------------------------------------------ generator
 */

static int one_in(struct rng *rng, uint64_t n)
{
    return rng_below(rng, n) == 0;
}

static void write_blanks(struct rng *rng, struct text *out)
{
    static const char blank[] = " \t\r\n";
    while (one_in(rng, 5))
        text_append_bytes(out, &blank[rng_below(rng, 4)], 1);
}

static void append_utf8(struct text *out, uint32_t c)
{
    char b[4] = {(char)c};
    size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    if (n > 1) {
        b[0] = (char)((n == 2 ? 0xC0 : n == 3 ? 0xE0 : 0xF0) | c >> (6 * (n - 1)));
        for (size_t i = 1; i < n; i++)
            b[i] = (char)(0x80 | (c >> (6 * (n - 1 - i)) & 0x3F));
    }
    text_append_bytes(out, b, n);
}

static void append_unicode(struct text *out, uint32_t unit, int capital)
{
    char escape[7];
    snprintf(escape, sizeof escape, capital ? "\\u%04X" : "\\u%04x", (unsigned)unit);
    text_append(out, escape);
}

static uint32_t any_code_point(struct rng *rng)
{
    static const uint32_t limits[] = {0x80, 0x800, 0x10000, 0x110000};
    uint32_t c = (uint32_t)(1 + rng_below(rng, limits[rng_below(rng, 4)] - 1));
    return c >= 0xD800 && c <= 0xDFFF ? '?' : c;
}

/* A random string as JSON, and what it means into `meant`. */
static void write_string(struct rng *rng, struct text *out, struct text *meant)
{
    text_append(out, "\"");
    text_append_bytes(meant, "", 0);
    for (uint64_t n = rng_below(rng, 8); n > 0; n--) {
        static const char letters[] = "\"\\/bfnrt", plain[] = "\"\\/\b\f\n\r\t";
        uint32_t c = any_code_point(rng);
        const char *letter = c < 0x80 ? strchr(plain, (int)c) : NULL;
        append_utf8(meant, c);
        if (letter && one_in(rng, 2)) {
            text_append_bytes(out, (char[]){'\\', letters[letter - plain]}, 2);
        } else if (c < 0x20 || c == '"' || c == '\\' || one_in(rng, 4)) {
            if (c >= 0x10000)
                append_unicode(out, 0xD800 + ((c - 0x10000) >> 10), one_in(rng, 2));
            append_unicode(out, c >= 0x10000 ? 0xDC00 + ((c - 0x10000) & 0x3FF) : c, one_in(rng, 2));
        } else {
            append_utf8(out, c);
        }
    }
    text_append(out, "\"");
}

static void write_value(struct rng *rng, struct text *out, int depth);

static void write_container(struct rng *rng, struct text *out, int depth)
{
    int object = one_in(rng, 2);
    text_append(out, object ? "{" : "[");
    for (uint64_t n = rng_below(rng, 4), i = 0; i < n; i++) {
        struct text meant = {0};
        text_append(out, i ? "," : "");
        if (object) {
            write_blanks(rng, out);
            write_string(rng, out, &meant);
            write_blanks(rng, out);
            text_append(out, ":");
        }
        write_value(rng, out, depth + 1);
        mem_free(meant.data);
    }
    write_blanks(rng, out);
    text_append(out, object ? "}" : "]");
}

static void write_value(struct rng *rng, struct text *out, int depth)
{
    static const char *const words[] = {"true", "false", "null", "0", "-0", "-0.0e-0", "1E+5", "12.50", "1e-999"};
    struct text meant = {0};
    write_blanks(rng, out);
    switch (rng_below(rng, depth > 5 ? 4 : 8)) {
    case 0:
        write_string(rng, out, &meant);
        break;
    case 1:
        text_append(out, words[rng_below(rng, sizeof words / sizeof *words)]);
        break;
    case 2:
        text_append_int64(out, (int64_t)rng_uint64(rng));
        break;
    case 3:
        text_append_double(out, any_finite(rng));
        break;
    default:
        write_container(rng, out, depth);
    }
    write_blanks(rng, out);
    mem_free(meant.data);
}

/* ---------------------------------------------------------------------- tests
 */

static uint64_t setting(const char *name, uint64_t usual)
{
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 10) : usual;
}

static void start(struct rng *rng, uint64_t usual)
{
    uint64_t seed = setting("AFINA_FUZZ_SEED", usual);
    print_message("seed %llu\n", (unsigned long long)seed);
    rng_start(rng, seed, 0, RNG_SUGGEST);
}

static int reader_accepts(struct json_reader *r, const char *text, size_t length)
{
    char *exact = mem_copy(text, length, 1); /* a sanitizer sees what is read past the end */
    json_start(r, exact, length, "the text");
    json_skip(r);
    int accepted = json_end(r) == 0;
    if (!accepted)
        assert_int_equal(r->rc, AFINA_E_FORMAT);
    mem_free(exact);
    return accepted;
}

static void assert_agree(struct json_reader *r, const struct text *text)
{
    if (reader_accepts(r, text->data, text->length) != json_oracle_accepts(text->data, text->length))
        fail_msg("the reader %s: %.*s", r->rc ? fail_text() : "accepts", (int)text->length, text->data);
}

static void damage(struct rng *rng, struct text *text)
{
    static const char likely[] = "0123456789-+.eE\"\"{}[],:atfn\\u \n\x01\xC3\xA9\xED";
    for (uint64_t k = 1 + rng_below(rng, 3); k > 0 && text->length > 0; k--) {
        size_t i = (size_t)rng_below(rng, text->length), j = (size_t)rng_below(rng, text->length);
        switch (rng_below(rng, 4)) {
        case 0:
            text->data[i] = (char)rng_below(rng, 256);
            break;
        case 1:
            text->data[i] = text->data[j];
            break;
        case 2:
            memmove(text->data + i, text->data + i + 1, text->length - i - 1);
            text->length--;
            break;
        default:
            text->data[i] = likely[rng_below(rng, sizeof likely - 1)];
        }
    }
}

static void test_reader_and_oracle_agree_on_damaged_texts(void **state)
{
    (void)state;
    struct json_reader r = {0};
    struct rng rng;
    uint64_t accepted = 0, runs = setting("AFINA_FUZZ_RUNS", getenv("AFINA_TEST_QUICK") ? 3000 : 30000);
    start(&rng, 2393);
    for (uint64_t i = 0; i < runs; i++) {
        struct text text = {0}, damaged = {0};
        write_value(&rng, &text, 0);
        OK(text.rc);
        assert_true(reader_accepts(&r, text.data, text.length));
        assert_agree(&r, &text);
        for (int k = 0; k < 10; k++) {
            damaged.length = 0;
            text_append_bytes(&damaged, text.data, text.length);
            damage(&rng, &damaged);
            assert_agree(&r, &damaged);
            accepted += r.rc == 0;
        }
        mem_free(text.data);
        mem_free(damaged.data);
    }
    assert_in_range(accepted, runs, 9 * runs); /* damage is neither always fatal nor never */
    json_fini(&r);
}

static void test_strings_come_back(void **state)
{
    (void)state;
    struct json_reader r = {0};
    struct rng rng;
    uint64_t runs = setting("AFINA_FUZZ_RUNS", 30000);
    start(&rng, 2394);
    for (uint64_t i = 0; i < runs; i++) {
        struct text text = {0}, meant = {0}, ours = {0};
        const char *s;
        write_string(&rng, &text, &meant);
        json_start(&r, text.data, text.length, "the text");
        OK(json_next_string(&r, &s));
        OK(json_end(&r));
        assert_string_equal(s, meant.data);
        OK(json_write_string(&ours, meant.data));
        json_start(&r, ours.data, ours.length, "our text");
        OK(json_next_string(&r, &s));
        assert_string_equal(s, meant.data);
        assert_true(json_oracle_accepts(ours.data, ours.length));
        mem_free(text.data);
        mem_free(meant.data);
        mem_free(ours.data);
    }
    json_fini(&r);
}

static void test_numbers_come_back_from_arrays(void **state)
{
    (void)state;
    struct json_reader r = {0};
    struct rng rng;
    uint64_t runs = setting("AFINA_FUZZ_RUNS", 3000);
    start(&rng, 2395);
    for (uint64_t i = 0; i < runs; i++) {
        struct text text = {0};
        double values[20], *back;
        size_t n = (size_t)rng_below(&rng, 20), count;
        for (size_t k = 0; k < n; k++)
            values[k] = one_in(&rng, 10) ? -INFINITY : any_finite(&rng);
        OK(json_write_doubles(&text, values, n));
        json_start(&r, text.data, text.length, "the text");
        OK(json_next_doubles(&r, &back, &count));
        OK(json_end(&r));
        assert_int_equal(count, n);
        assert_true(n == 0 || memcmp(values, back, n * sizeof *back) == 0);
        mem_free(back);
        mem_free(text.data);
    }
    json_fini(&r);
}

/* The value that is handed on raw is one, and stands where the reader says. */
static void test_elements_are_cut_out_whole(void **state)
{
    (void)state;
    struct json_reader r = {0};
    struct rng rng;
    uint64_t runs = setting("AFINA_FUZZ_RUNS", 3000);
    start(&rng, 2396);
    for (uint64_t i = 0; i < runs; i++) {
        struct text text = {0};
        const char *part;
        size_t length, parts = 0, wanted = (size_t)rng_below(&rng, 5);
        text_append(&text, "[");
        for (size_t k = 0; k < wanted; k++) {
            text_append(&text, k ? "," : "");
            write_value(&rng, &text, 1);
        }
        text_append(&text, "]");
        json_start(&r, text.data, text.length, "the text");
        OK(json_enter_array(&r));
        for (; json_next_element(&r); parts++) {
            OK(json_next_raw(&r, &part, &length));
            assert_true(json_oracle_accepts(part, length));
            assert_null(memchr(" \t\r\n", part[0], 4));
        }
        OK(json_end(&r));
        assert_int_equal(parts, wanted);
        mem_free(text.data);
    }
    json_fini(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reader_and_oracle_agree_on_damaged_texts),
        cmocka_unit_test(test_strings_come_back),
        cmocka_unit_test(test_numbers_come_back_from_arrays),
        cmocka_unit_test(test_elements_are_cut_out_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
