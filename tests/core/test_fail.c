/* The error text: one line, this thread's, never cut through a character. */
#include "core/core_help.h"

#include <pthread.h>

#undef fail /* cmocka has a macro of that name */

static void test_the_code_comes_back_and_the_text_is_kept(void **state)
{
    (void)state;
    int32_t rc = fail(AFINA_E_RANGE, "gamma must be in (0, 1), got %g", 2.385);
    assert_int_equal(rc, AFINA_E_RANGE);
    assert_string_equal(fail_text(), "gamma must be in (0, 1), got 2.385");
    assert_int_equal(fail(AFINA_E_STATE, "the trial has ended"), AFINA_E_STATE);
    assert_string_equal(fail_text(), "the trial has ended");
    assert_int_equal(fail_memory(), AFINA_E_MEMORY);
    assert_string_equal(fail_text(), "out of memory");
}

static void test_control_characters_become_spaces(void **state)
{
    (void)state;
    fail(AFINA_E_NAME, "no parameter \"%s\"", "a\nb\rc\td\x1b[31me\x7f");
    assert_string_equal(fail_text(), "no parameter \"a b c d [31me \"");
}

static void test_text_of_the_host_is_no_format(void **state)
{
    (void)state;
    fail(AFINA_E_NAME, "no parameter \"%s\"", "%s%n'; DROP TABLE trials; --<script>");
    assert_string_equal(fail_text(), "no parameter \"%s%n'; DROP TABLE trials; --<script>\"");
}

static void test_a_text_that_just_fits_is_whole(void **state)
{
    (void)state;
    char long_text[FAIL_TEXT_SIZE + 10];
    memset(long_text, 'x', sizeof long_text);
    long_text[FAIL_TEXT_SIZE - 1] = '\0';
    fail(AFINA_E_NAME, "%s", long_text);
    assert_string_equal(fail_text(), long_text);
    long_text[FAIL_TEXT_SIZE - 1] = 'x';
    long_text[FAIL_TEXT_SIZE + 5] = '\0';
    fail(AFINA_E_NAME, "%s", long_text);
    assert_int_equal(strlen(fail_text()), FAIL_TEXT_SIZE - 1);
}

/* Characters of 1 to 4 bytes, at every offset from the cut. */
static void test_a_long_text_is_cut_between_characters(void **state)
{
    (void)state;
    static const char *const letters[] = {"a", "\xC3\xB1", "\xE2\x82\xAC", "\xF0\x9F\x8E\xAF"};
    for (size_t letter = 0; letter < 4; letter++) {
        for (size_t offset = 0; offset < 4; offset++) {
            char text[1500] = "";
            size_t size = strlen(letters[letter]), length = offset;
            memset(text, '-', offset);
            for (; length < 1000; length += size)
                memcpy(text + length, letters[letter], size + 1);
            fail(AFINA_E_NAME, "%s", text);
            size_t kept = strlen(fail_text());
            assert_true(text_is_utf8(fail_text()));
            assert_int_equal(kept, offset + (FAIL_TEXT_SIZE - 1 - offset) / size * size);
            assert_memory_equal(fail_text(), text, kept);
        }
    }
}

static void *fail_elsewhere(void *text)
{
    char *seen = text;
    size_t length = strlen(fail_text());
    fail(AFINA_E_STATE, "of the other thread");
    memcpy(seen, fail_text(), strlen(fail_text()) + 1);
    return length == 0 ? text : NULL; /* "" before the first */
}

static void test_each_thread_has_its_text(void **state)
{
    (void)state;
    pthread_t thread;
    char seen[FAIL_TEXT_SIZE];
    void *started_empty;
    fail(AFINA_E_STATE, "of this thread");
    OK(pthread_create(&thread, NULL, fail_elsewhere, seen));
    OK(pthread_join(thread, &started_empty));
    assert_non_null(started_empty);
    assert_string_equal(seen, "of the other thread");
    assert_string_equal(fail_text(), "of this thread");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_code_comes_back_and_the_text_is_kept),
        cmocka_unit_test(test_control_characters_become_spaces),
        cmocka_unit_test(test_text_of_the_host_is_no_format),
        cmocka_unit_test(test_a_text_that_just_fits_is_whole),
        cmocka_unit_test(test_a_long_text_is_cut_between_characters),
        cmocka_unit_test(test_each_thread_has_its_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
