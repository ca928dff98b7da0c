/* The log as text: what goes out comes back, to the bit, and nothing else gets in. */
#include "method/method.h"
#include "support/small_study.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fill(afina_optimizer *o)
{
    static const double odd[] = {5e-324, 1e308, -0.0, INFINITY, -INFINITY, NAN, 0.1, 1.0 / 3};
    afina_space *space = small_space();
    afina_point *point;
    afina_trial *trial;
    double constraint = -1.5, report = 0.3;
    OK(afina_point_new(&point, space));
    OK(afina_point_set_real(point, "x", 0.1));
    OK(afina_add_trial(o, point, AFINA_STATE_COMPLETE, &report, 1, NULL));
    OK(afina_enqueue(o, point));
    for (int64_t i = 1; i <= 8; i++) {
        OK(afina_ask(o, &trial));
        OK(afina_trial_tell_report(trial, 0.5, &report, 1));
        OK(afina_trial_tell_report(trial, 2, &odd[i - 1], 1));
        OK(afina_tell_constraints(o, i, &constraint, 1));
        if (i % 2)
            OK(afina_tell_errors(o, i, &report, 1));
        OK(afina_tell(o, i, &odd[i - 1], 1));
        afina_trial_free(trial);
    }
    OK(afina_ask(o, &trial));
    OK(afina_tell_failed(o, 9, "exit code 137 \"killed\"\n\xE2\x80\x94"));
    afina_trial_free(trial);
    OK(afina_ask(o, &trial)); /* and one that still runs */
    OK(afina_enqueue(o, point));
    afina_trial_free(trial);
    afina_point_free(point);
    afina_space_free(space);
}

static void test_out_in_out_is_the_same_text(void **state)
{
    (void)state;
    for (size_t m = 0; m < method_count(); m++) {
        const char *method = method_at(m)->name;
        if (method_at(m)->traits & METHOD_HOST_ONLY)
            continue;
        afina_optimizer *a = small_optimizer(method), *b;
        OK(afina_optimizer_set_integer(a, "seed", -7));
        fill(a);
        char *first = log_of(a);
        OK(afina_optimizer_from_log(&b, first, strlen(first)));
        char *second = log_of(b);
        assert_string_equal(first, second);
        free(first);
        free(second);
        afina_optimizer_free(a);
        afina_optimizer_free(b);
    }
}

static void test_a_study_goes_on_as_if_it_had_never_stopped(void **state)
{
    (void)state;
    for (size_t m = 0; m < method_count(); m++) {
        const char *method = method_at(m)->name;
        if (method_at(m)->traits & METHOD_HOST_ONLY)
            continue;
        afina_optimizer *whole = small_optimizer(method), *part = small_optimizer(method);
        for (int i = 0; i < 24; i++) {
            if (i % 5 == 4) { /* dies and comes back */
                char *text = log_of(part);
                afina_optimizer_free(part);
                OK(afina_optimizer_from_log(&part, text, strlen(text)));
                free(text);
            }
            small_step(whole);
            small_step(part);
        }
        char *a = log_of(whole), *b = log_of(part);
        assert_string_equal(a, b);
        free(a);
        free(b);
        afina_optimizer_free(whole);
        afina_optimizer_free(part);
    }
}

static void test_replay_finds_the_first_lie(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random"), *forged;
    int64_t number;
    for (int i = 0; i < 6; i++)
        small_step(o);
    OK(afina_optimizer_replay(o, &number));
    assert_int_equal(number, -1);
    char *text = log_of(o);
    char *line = strstr(text, "\"asked\",\"trial\":4");
    assert_non_null(line);
    char *digit = strstr(line, "\"x\":") + 4; /* the first digit of x, off by one */
    digit += *digit == '-';
    *digit = *digit == '1' ? '2' : '1';
    OK(afina_optimizer_from_log(&forged, text, strlen(text)));
    FAILS(afina_optimizer_replay(forged, &number), AFINA_E_REPLAY, "trial 4");
    assert_int_equal(number, 4);
    free(text);
    afina_optimizer_free(o);
    afina_optimizer_free(forged);
}

static int32_t left(const afina_point *point, void *user)
{
    double x;
    (void)user;
    return afina_point_get_real(point, "x", &x) == AFINA_OK && x < 0;
}

static void test_a_filter_is_asked_for_again(void **state)
{
    (void)state;
    afina_space *space = small_space();
    afina_optimizer *o, *again;
    afina_trial *trial;
    int64_t number;
    OK(afina_space_set_filter(space, left, NULL, NULL));
    OK(afina_optimizer_new(&o, space, "random"));
    small_step(o);
    char *text = log_of(o);
    OK(afina_optimizer_from_log(&again, text, strlen(text)));
    FAILS(afina_ask(again, &trial), AFINA_E_STATE, "afina_optimizer_set_filter()");
    FAILS(afina_optimizer_replay(again, &number), AFINA_E_STATE, "afina_optimizer_set_filter()");
    OK(afina_optimizer_set_filter(again, left, NULL, NULL));
    OK(afina_optimizer_replay(again, &number));
    small_step(o);
    small_step(again);
    char *a = log_of(o), *b = log_of(again);
    assert_string_equal(a, b);
    FAILS(afina_optimizer_set_filter(again, NULL, NULL, NULL), AFINA_E_STATE, "fixed since the first suggestion");
    free(text);
    free(a);
    free(b);
    afina_optimizer_free(o);
    afina_optimizer_free(again);
    afina_space_free(space);
}

static const char header[] = "{\"event\":\"study\",\"format\":1,\"version\":\"0.1.0\",\"method\":\"random\","
                             "\"options\":{},\"method_options\":{},\"needs\":[],\"space\":{\"format\":1,"
                             "\"parameters\":[{\"name\":\"x\",\"kind\":\"real\",\"low\":0,\"high\":1}]}}\n";

static void refuse(const char *lines, int32_t code, const char *message)
{
    char text[4096];
    afina_optimizer *o = (afina_optimizer *)text;
    snprintf(text, sizeof text, "%s%s", header, lines);
    FAILS(afina_optimizer_from_log(&o, text, strlen(text)), code, message);
    assert_null(o);
}

#define ASKED "{\"event\":\"asked\",\"trial\":0,\"origin\":\"suggested\",\"seen\":0,\"point\":{\"x\":0.5}}\n"

static void test_a_bad_line_is_named(void **state)
{
    (void)state;
    refuse("{\"event\":\"asked\"\n", AFINA_E_FORMAT, "the log is not JSON: line 2, column 17");
    refuse("[]\n", AFINA_E_FORMAT, "the log: line 2, column 1: it must be an object");
    refuse("{}\n", AFINA_E_FORMAT, "\"event\" is missing");
    refuse("{\"event\":\"told\",\"trial\":0,\"state\":\"failed\"}\n", AFINA_E_NOT_FOUND, "trial 0");
    refuse(ASKED "{\"event\":\"dreamt\",\"trial\":0}\n", AFINA_E_UNSUPPORTED,
           "the log: line 3, column 10: \"event\" is \"dreamt\"");
    refuse(ASKED ASKED, AFINA_E_FORMAT, "the log: line 3: \"trial\" must be the next number, 1, got 0");
    refuse("{\"event\":\"asked\",\"trial\":0,\"origin\":\"suggested\",\"seen\":9,\"point\":{\"x\":0.5}}\n",
           AFINA_E_FORMAT, "\"seen\"");
    refuse("{\"event\":\"asked\",\"trial\":0,\"origin\":\"enqueued\",\"seen\":0,\"point\":{\"x\":0.5}}\n",
           AFINA_E_FORMAT, "nothing was enqueued");
    refuse("{\"event\":\"asked\",\"trial\":0,\"origin\":\"suggested\",\"seen\":0,\"point\":{\"x\":1.5}}\n",
           AFINA_E_RANGE, "\"x\" must be finite and in [0, 1], got 1.5");
    refuse("{\"event\":\"asked\",\"trial\":0,\"origin\":\"suggested\",\"seen\":0,\"point\":{\"y\":1}}\n", AFINA_E_NAME,
           "there is no parameter \"y\"");
    refuse(ASKED "{\"event\":\"told\",\"trial\":0,\"state\":\"complete\"}\n", AFINA_E_FORMAT, "\"values\" is missing");
    refuse(ASKED "{\"event\":\"told\",\"trial\":0,\"state\":\"running\"}\n", AFINA_E_FORMAT, "\"state\"");
    refuse(ASKED "{\"event\":\"told\",\"trial\":0,\"state\":\"complete\",\"values\":[1,2]}\n", AFINA_E_RANGE,
           "2 values given for 1 objective");
    refuse(ASKED "{\"event\":\"told\",\"trial\":0,\"state\":\"failed\",\"values\":[1]}\n", AFINA_E_FORMAT,
           "the log: line 3: a failed trial has values only when"); /* once it was read as complete */
    refuse(ASKED "{\"event\":\"report\",\"trial\":0,\"step\":\"nan\",\"values\":[1]}\n", AFINA_E_RANGE,
           "must be finite");
}

static void test_a_bad_header_is_named(void **state)
{
    (void)state;
    afina_optimizer *o;
    static const char newer[] = "{\"event\":\"study\",\"format\":99}\n";
    FAILS(afina_optimizer_from_log(&o, "", 0), AFINA_E_FORMAT, "the log is empty");
    FAILS(afina_optimizer_from_log(&o, newer, strlen(newer)), AFINA_E_FORMAT, "format 99 is not known");
    FAILS(afina_optimizer_from_log(&o, ASKED, strlen(ASKED)), AFINA_E_FORMAT, "begins with its \"study\" line");
    FAILS(afina_optimizer_from_log(&o, NULL, 0), AFINA_E_ARGUMENT, "text is NULL");
}

/* Every prefix of a log, and every log with one byte changed, is read or
 * refused; never more. */
static void test_a_damaged_log_is_read_or_refused(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random"), *read;
    fill(o);
    char *text = log_of(o);
    size_t n = strlen(text);
    for (size_t i = 0; i < n; i += 7) {
        if (afina_optimizer_from_log(&read, text, i) == AFINA_OK)
            afina_optimizer_free(read);
        char kept = text[i];
        text[i] = (char)(kept ^ (int)(1 + i % 127));
        if (afina_optimizer_from_log(&read, text, n) == AFINA_OK)
            afina_optimizer_free(read);
        text[i] = kept;
    }
    free(text);
    afina_optimizer_free(o);
}

/* A killed program leaves whole lines and perhaps a part of one. */
static void test_every_beginning_of_a_log_goes_on(void **state)
{
    (void)state;
    for (size_t m = 0; m < method_count(); m++) {
        if (method_at(m)->traits & METHOD_HOST_ONLY)
            continue;
        afina_optimizer *o = small_optimizer(method_at(m)->name), *read;
        fill(o);
        char *text = log_of(o);
        for (const char *end = strchr(text, '\n'); end; end = strchr(end + 1, '\n')) {
            int64_t differs;
            OK(afina_optimizer_from_log(&read, text, (size_t)(end + 1 - text)));
            OK(afina_optimizer_replay(read, &differs));
            small_step(read);
            afina_optimizer_free(read);
            if (end[1])
                FAILS(afina_optimizer_from_log(&read, text, (size_t)(end + 9 - text)), AFINA_E_FORMAT, "is not JSON");
        }
        free(text);
        afina_optimizer_free(o);
    }
}

/* The text with the k-th number of every note replaced; the caller frees it. */
static char *with_notes(const char *text, int k, const char *number)
{
    char *out = malloc(2 * strlen(text) + 1), *to = out;
    static const char key[] = "\"note\":[";
    assert_non_null(out);
    for (const char *p = text; *p;) {
        if (strncmp(p, key, sizeof key - 1) != 0) {
            *to++ = *p++;
            continue;
        }
        const char *end = strchr(p, ']'), *from = p + sizeof key - 1;
        for (int i = 0; i < k && from < end; i++)
            from += strcspn(from, ",]") + 1;
        if (from >= end)
            from = p + sizeof key - 1;
        memcpy(to, p, (size_t)(from - p));
        to += from - p;
        to += sprintf(to, "%s", number);
        p = from + strcspn(from, ",]");
    }
    *to = '\0';
    return out;
}

/* Notes of any numbers are taken for what they are worth: once, a parent of the
 * number 1e308 was cast to an integer. */
static void test_a_note_of_other_hands_is_read_with_care(void **state)
{
    (void)state;
    static const char *const numbers[] = {"1e308", "-1e308", "\"nan\"", "\"inf\"", "-1", "0.5"};
    for (size_t m = 0; m < afina_method_count(); m++) {
        if (method_at(m)->traits & METHOD_HOST_ONLY)
            continue;
        afina_optimizer *o = small_optimizer(afina_method_name(m)), *read;
        for (int i = 0; i < 30; i++)
            small_step(o);
        char *text = log_of(o);
        for (int k = 0; k < 18; k++) {
            char *changed = with_notes(text, k % 3, numbers[k / 3]);
            OK(afina_optimizer_from_log(&read, changed, strlen(changed)));
            for (int i = 0; i < 5; i++)
                small_step(read);
            afina_optimizer_free(read);
            free(changed);
        }
        free(text);
        afina_optimizer_free(o);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_out_in_out_is_the_same_text),
        cmocka_unit_test(test_a_study_goes_on_as_if_it_had_never_stopped),
        cmocka_unit_test(test_replay_finds_the_first_lie),
        cmocka_unit_test(test_a_filter_is_asked_for_again),
        cmocka_unit_test(test_a_bad_line_is_named),
        cmocka_unit_test(test_a_bad_header_is_named),
        cmocka_unit_test(test_a_damaged_log_is_read_or_refused),
        cmocka_unit_test(test_every_beginning_of_a_log_goes_on),
        cmocka_unit_test(test_a_note_of_other_hands_is_read_with_care),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
