/* Reading JSON while allocations fail, every one in turn: the text is read as it stands,
 * or the answer is AFINA_E_MEMORY. An allocation that failed while a number was read once
 * gave AFINA_OK and another number, and sometimes ended the process. */
#include "support/mem_fault.h"
#include "support/small_study.h"

#include <stdlib.h>
#include <string.h>

static const char space_text[] =
    "{\"format\":1,\"parameters\":["
    "{\"name\":\"learning_rate_of_the_net\",\"kind\":\"real\",\"low\":12345.678901234567,\"high\":98765.43210987654},"
    "{\"name\":\"caf\xC3\xA9 \\\"\\u000a\\\"\",\"kind\":\"categorical\",\"choices\":[\"a\",\"b\\\\\",\"c\"],"
    "\"weights\":[0.25,0.25,0.5],\"default\":\"b\\\\\"},"
    "{\"name\":\"n\",\"kind\":\"integer\",\"low\":-9223372036854775808,\"high\":9223372036854775807,"
    "\"conditions\":[{\"parent\":\"caf\xC3\xA9 \\\"\\u000a\\\"\",\"in\":[\"a\",\"c\"]}]},"
    "{\"name\":\"alpha\",\"kind\":\"real\",\"low\":0,\"high\":\"inf\","
    "\"prior\":{\"kind\":\"lognormal\",\"mean\":0.125,\"sd\":0.5},"
    "\"conditions\":[{\"parent\":\"n\",\"in\":[-7,0,12]},{\"parent\":\"n\",\"comparison\":\"<\",\"number\":12.5}]}]}";

static const char point_text[] =
    "{\"learning_rate_of_the_net\":23456.78901234568,\"caf\xC3\xA9 \\\"\\u000a\\\"\":\"c\","
    "\"n\":-7,\"alpha\":0.30000000000000004}";

/* Reads a text, and writes what was read into `again`. */
typedef int32_t reading(const char *text, size_t length, char *again, size_t capacity);

static int32_t read_space(const char *text, size_t length, char *again, size_t capacity)
{
    afina_space *s;
    size_t n;
    int32_t rc = afina_space_from_json(&s, text, length);
    if (rc)
        return rc;
    mem_fault_off();
    OK(afina_space_to_json(s, again, capacity, &n));
    afina_space_free(s);
    return 0;
}

static afina_space *space_of_points;

static int32_t read_point(const char *text, size_t length, char *again, size_t capacity)
{
    afina_point *p;
    size_t n;
    int32_t rc = afina_point_from_json(&p, space_of_points, text, length);
    if (rc)
        return rc;
    mem_fault_off();
    OK(afina_point_to_json(p, again, capacity, &n));
    afina_point_free(p);
    return 0;
}

static int32_t read_log(const char *text, size_t length, char *again, size_t capacity)
{
    afina_optimizer *o;
    size_t n;
    int32_t rc = afina_optimizer_from_log(&o, text, length);
    if (rc)
        return rc;
    mem_fault_off();
    OK(afina_optimizer_to_log(o, again, capacity, &n));
    afina_optimizer_free(o);
    return 0;
}

static void check(reading *read, void (*plan)(uint64_t), const char *text)
{
    enum { CAPACITY = 1 << 16 };
    char *again = malloc(CAPACITY);
    size_t length = strlen(text);
    for (uint64_t n = 1;; n++) {
        int64_t live = mem_fault_live();
        plan(n);
        int32_t rc = read(text, length, again, CAPACITY);
        mem_fault_off();
        if (rc)
            assert_int_equal(rc, AFINA_E_MEMORY);
        else
            assert_string_equal(again, text);
        assert_int_equal(mem_fault_live(), live);
        if (!mem_fault_hit())
            break;
    }
    free(again);
}

static void test_a_space_is_read_whole_or_not_at_all(void **state)
{
    (void)state;
    check(read_space, mem_fault_once, space_text);
    check(read_space, mem_fault_from, space_text);
}

static void test_a_point_is_read_whole_or_not_at_all(void **state)
{
    (void)state;
    afina_point *first; /* the space keeps what its first point needs */
    OK(afina_space_from_json(&space_of_points, space_text, strlen(space_text)));
    OK(afina_point_new(&first, space_of_points));
    afina_point_free(first);
    check(read_point, mem_fault_once, point_text);
    check(read_point, mem_fault_from, point_text);
    afina_space_free(space_of_points);
}

/* A study with results of every kind, as text. */
static char *log_text(void)
{
    enum { CAPACITY = 1 << 16 };
    afina_space *s;
    afina_optimizer *o;
    afina_trial *trial;
    char *text = malloc(CAPACITY);
    size_t n;
    OK(afina_space_from_json(&s, space_text, strlen(space_text)));
    OK(afina_optimizer_new(&o, s, "annealing"));
    for (int64_t i = 0; i < 6; i++) {
        double value = 1 / (double)(i + 3);
        OK(afina_ask(o, &trial));
        OK(afina_trial_tell_report(trial, 1, &value, 1));
        if (i % 3 == 0)
            OK(afina_tell(o, i, &value, 1));
        else if (i % 3 == 1)
            OK(afina_tell_failed(o, i, "line 1\n\"caf\xC3\xA9\""));
        afina_trial_free(trial);
    }
    OK(afina_optimizer_to_log(o, text, CAPACITY, &n));
    afina_optimizer_free(o);
    afina_space_free(s);
    return text;
}

static void test_a_log_is_read_whole_or_not_at_all(void **state)
{
    (void)state;
    char *text = log_text();
    check(read_log, mem_fault_once, text);
    check(read_log, mem_fault_from, text);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_space_is_read_whole_or_not_at_all),
        cmocka_unit_test(test_a_point_is_read_whole_or_not_at_all),
        cmocka_unit_test(test_a_log_is_read_whole_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
