#define _POSIX_C_SOURCE 200809L /* strdup */
/* What docs/log.md says of the text: what is kept, what is passed over, what is refused. */
#include "support/small_study.h"

#include <stdio.h>

#define HEAD_OF(needs)                                                                                                 \
    "{\"event\":\"study\",\"format\":1,\"needs\":[" needs "],\"version\":\"0.1.0\",\"method\":\"random\","             \
    "\"options\":{},\"method_options\":{},\"space\":{\"format\":1,"                                                    \
    "\"parameters\":[{\"name\":\"x\",\"kind\":\"real\",\"low\":0,\"high\":1}]}}\n"
#define HEAD HEAD_OF("")
#define ASKED(n) "{\"event\":\"asked\",\"trial\":" n ",\"origin\":\"suggested\",\"seen\":0,\"point\":{\"x\":0.5}}\n"
#define TOLD(rest) "{\"event\":\"told\",\"trial\":0," rest "}\n"

static afina_optimizer *read_log(const char *text)
{
    afina_optimizer *o;
    int32_t rc = afina_optimizer_from_log(&o, text, strlen(text));
    if (rc)
        fail_msg("%s: %s", afina_last_error(), text);
    return o;
}

static void refuse(const char *text, int32_t code, const char *message)
{
    afina_optimizer *o;
    FAILS(afina_optimizer_from_log(&o, text, strlen(text)), code, message);
    assert_null(o);
}

/* The text is written back as it was read. */
static void keep(const char *text)
{
    afina_optimizer *o = read_log(text);
    size_t n;
    OK(afina_optimizer_to_log(o, NULL, 0, &n));
    char *out = malloc(n + 1);
    OK(afina_optimizer_to_log(o, out, n + 1, &n));
    assert_string_equal(out, text);
    free(out);
    afina_optimizer_free(o);
}

static void test_what_nothing_makes_yet_is_kept(void **state)
{
    (void)state;
    keep(
        HEAD ASKED("0") "{\"event\":\"asked\",\"trial\":1,\"origin\":\"promoted\",\"seen\":1,\"parent\":0,\"budget\":9,"
                        "\"replicate\":2,\"point\":{\"x\":0.5}}\n"
                        "{\"event\":\"asked\",\"trial\":2,\"origin\":\"repeated\",\"seen\":2,\"parent\":1,"
                        "\"point\":{\"x\":0.5}}\n");
    keep(HEAD ASKED("0") "{\"event\":\"stop\",\"trial\":0,\"seen\":1}\n" TOLD("\"state\":\"paused\",\"values\":[1.5]"));
    keep(HEAD ASKED("0") "{\"event\":\"checkpoint\",\"trial\":0,\"text\":\"epoch-3.pt\"}\n" TOLD("\"state\":\"lost\"")
             TOLD("\"state\":\"complete\",\"values\":[1.5]"));
    keep(HEAD ASKED("0") "{\"event\":\"told\",\"trial\":0,\"state\":\"failed\",\"reason\":\"a \\\"word\\\"\","
                         "\"time\":1764543210123,\"worker\":\"node-3\"}\n");
    keep(HEAD "{\"event\":\"attribute\",\"key\":\"paper\",\"text\":\"\"}\n" ASKED(
        "0") "{\"event\":\"attribute\",\"trial\":0,\"key\":\"k\",\"text\":\"v\",\"time\":-1}\n");
}

static void test_budget_replicate_and_parent_are_read(void **state)
{
    (void)state;
    afina_optimizer *o = read_log(HEAD ASKED("0") "{\"event\":\"asked\",\"trial\":1,\"origin\":\"promoted\",\"seen\":1,"
                                                  "\"parent\":0,\"budget\":9,\"replicate\":2,\"point\":{\"x\":0.5}}\n");
    afina_trial *trial;
    double budget;
    int64_t replicate, parent;
    OK(afina_trial_get(o, 1, &trial));
    OK(afina_trial_budget(trial, &budget));
    OK(afina_trial_replicate(trial, &replicate));
    OK(afina_trial_parent(trial, &parent));
    assert_true(budget == 9 && replicate == 2 && parent == 0);
    afina_trial_free(trial);
    afina_optimizer_free(o);
}

static void test_a_need_that_is_not_known_is_named(void **state)
{
    (void)state;
    refuse(HEAD_OF("\"declared\""), AFINA_E_UNSUPPORTED, "the log needs \"declared\"");
    refuse(HEAD_OF("\"filter\",\"time travel\""), AFINA_E_UNSUPPORTED, "\"time travel\"");
    refuse(HEAD_OF("1"), AFINA_E_FORMAT, "must be a string");
    refuse(HEAD "{\"event\":\"merged\",\"parameter\":{}}\n", AFINA_E_UNSUPPORTED, "\"merged\"");
    keep(HEAD_OF("\"filter\""));
}

static void test_unknown_keys_are_passed_over(void **state)
{
    (void)state;
    afina_optimizer *o = read_log(HEAD "{\"mood\":[{\"a\":1}],\"seen\":0,\"event\":\"asked\",\"origin\":\"suggested\","
                                       "\"weather\":\"nice\",\"point\":{\"x\":0.25},\"trial\":0}\n");
    afina_trial *trial;
    double x;
    OK(afina_trial_get(o, 0, &trial));
    OK(afina_point_get_real(afina_trial_point(trial), "x", &x));
    assert_true(x == 0.25);
    afina_trial_free(trial);
    afina_optimizer_free(o);
    /* a header is never written anew: what is not known of it stays */
    keep("{ \"weather\": \"nice\", \"event\":\"study\",\"format\":1,\"method\":\"random\","
         "\"options\":{},\"method_options\":{},\"space\":{\"format\":1,"
         "\"parameters\":[{\"name\":\"x\",\"kind\":\"real\",\"low\":0,\"high\":1}]}}\n");
}

#define HEAD_WITH(options, method_options)                                                                             \
    "{\"event\":\"study\",\"format\":1,\"needs\":[],\"version\":\"9.9.9\",\"method\":\"random\","                      \
    "\"options\":{" options "},\"method_options\":{" method_options "},\"space\":{\"format\":1,"                       \
    "\"parameters\":[{\"name\":\"x\",\"kind\":\"real\",\"low\":0,\"high\":1}]}}\n"

/* A later version has more options: its logs stay readable. */
static void test_unknown_options_are_passed_over(void **state)
{
    (void)state;
    int64_t value;
    keep(HEAD_WITH("\"seed\":3,\"mood\":[{\"a\":\"b\"}]", "\"depth\":2.5"));
    keep(HEAD_WITH("", "\"gp.depth\":{},\"forest.trees\":[1],\".\":0,\"gp.\":null"));
    afina_optimizer *o = read_log(HEAD_WITH("\"mood\":true,\"seed\":3", "\"gp.depth\":\"x\",\"gp.points\":77"));
    OK(afina_optimizer_get_integer(o, "seed", &value));
    assert_int_equal(value, 3);
    OK(afina_optimizer_get_integer(o, "gp.points", &value));
    assert_int_equal(value, 77);
    afina_optimizer_free(o);
    refuse(HEAD_WITH("\"seed\":\"x\"", ""), AFINA_E_TYPE, "\"seed\"");
    refuse(HEAD_WITH("\"objectives\":0", ""), AFINA_E_RANGE, "\"objectives\"");
    refuse(HEAD_WITH("", "\"gp.points\":\"x\""), AFINA_E_TYPE, "\"points\"");
    refuse(HEAD_WITH("", "\"gp.points\":-1"), AFINA_E_RANGE, "\"points\"");
    refuse(HEAD_WITH("\"mood\":[}", ""), AFINA_E_FORMAT, "is not JSON");
}

static void test_what_is_not_listed_is_refused(void **state)
{
    (void)state;
    refuse(HEAD ASKED("0") TOLD("\"state\":\"paused\""), AFINA_E_FORMAT, "\"values\" is missing");
    refuse(HEAD ASKED("0") TOLD("\"state\":\"lost\",\"values\":[1]"), AFINA_E_FORMAT, "lost has no values");
    refuse(HEAD ASKED("0") TOLD("\"state\":\"infeasible\",\"values\":[1]"), AFINA_E_FORMAT, "infeasible has no values");
    refuse(HEAD ASKED("0") TOLD("\"state\":\"stopped\",\"values\":[1]"), AFINA_E_FORMAT, "last report");
    refuse(HEAD ASKED("0") TOLD("\"state\":\"complete\",\"values\":[\"nan\"]"), AFINA_E_FORMAT, "\"nan\"");
    refuse(HEAD ASKED("0") TOLD("\"state\":\"lost\"") TOLD("\"state\":\"lost\""), AFINA_E_STATE, "lost already");
    refuse(HEAD ASKED("0") TOLD("\"state\":\"asleep\""), AFINA_E_FORMAT, "\"state\" is not one");
    refuse(HEAD ASKED("0") TOLD("\"state\":\"failed\",\"state\":\"lost\""), AFINA_E_FORMAT, "twice");
    refuse(HEAD ASKED("0") TOLD("\"state\":\"failed\",\"event\":\"asked\""), AFINA_E_FORMAT,
           "\"event\" stands there twice");
    refuse(HEAD "{\"event\":\"asked\",\"trial\":0,\"origin\":\"promoted\",\"seen\":0,\"point\":{\"x\":0.5}}\n",
           AFINA_E_FORMAT, "no \"parent\"");
    refuse(HEAD "{\"event\":\"asked\",\"trial\":0,\"origin\":\"added\",\"seen\":0,\"parent\":0,\"point\":{\"x\":1}}\n",
           AFINA_E_FORMAT, "\"parent\"");
    refuse(HEAD "{\"event\":\"asked\",\"trial\":0,\"origin\":\"added\",\"seen\":0,\"budget\":0,\"point\":{\"x\":1}}\n",
           AFINA_E_RANGE, "\"budget\"");
    refuse(HEAD "{\"event\":\"enqueued\",\"point\":{\"x\":0.25}}\n"
                "{\"event\":\"asked\",\"trial\":0,\"origin\":\"enqueued\",\"seen\":1,\"point\":{\"x\":0.5}}\n",
           AFINA_E_FORMAT, "does not have the point that was enqueued");
    refuse(HEAD "{\"event\":\"attribute\",\"key\":\"\",\"text\":\"v\"}\n", AFINA_E_FORMAT, "key");
    refuse(HEAD "{\"event\":\"attribute\",\"trial\":0,\"key\":\"k\",\"text\":\"v\"}\n", AFINA_E_NOT_FOUND, "trial 0");
    refuse(HEAD "{\"event\":\"attribute\",\"key\":\"k\"}\n", AFINA_E_FORMAT, "\"text\" is missing");
}

/* What no call takes is not taken from a log either. */
static void test_a_log_says_no_more_than_a_call_may(void **state)
{
    (void)state;
    char name[1026], text[4096];
    memset(name, 'k', 1025);
    name[1025] = '\0';
    snprintf(text, sizeof text, "%s{\"event\":\"attribute\",\"key\":\"%s\",\"text\":\"v\"}\n", HEAD, name);
    refuse(text, AFINA_E_FORMAT, "\"key\" must have 1 to 1024 bytes, got 1025");
    snprintf(text, sizeof text, "%s{\"event\":\"attribute\",\"key\":\"%s\",\"text\":\"v\"}\n", HEAD, name + 1);
    keep(text);
    snprintf(text, sizeof text, HEAD ASKED("0") TOLD("\"state\":\"failed\",\"worker\":\"%s\""), name);
    refuse(text, AFINA_E_FORMAT, "\"worker\" must have 1 to 1024 bytes, got 1025");
    snprintf(text, sizeof text, HEAD ASKED("0") TOLD("\"state\":\"failed\",\"worker\":\"%s\""), name + 1);
    keep(text);
    refuse(HEAD ASKED("0") TOLD("\"state\":\"failed\",\"worker\":\"\""), AFINA_E_FORMAT, "\"worker\" must have");
    refuse(HEAD ASKED("0") TOLD("\"state\":\"failed\",\"time\":-9223372036854775808"), AFINA_E_RANGE, "\"time\"");
    keep(HEAD ASKED("0") TOLD("\"state\":\"failed\",\"time\":-9223372036854775807"));
}

static int32_t allows(const afina_point *point, void *user)
{
    (void)point;
    (void)user;
    return 1;
}

/* Once a filter was set on a study that went on without one. */
static void test_a_log_without_a_filter_takes_none(void **state)
{
    (void)state;
    afina_optimizer *o = read_log(HEAD ASKED("0"));
    FAILS(afina_optimizer_set_filter(o, allows, NULL, NULL), AFINA_E_STATE, "without a filter");
    afina_optimizer_free(o);
}

/* The first line of a log; the caller frees it. */
static char *first_line(afina_optimizer *o)
{
    char *text = log_of(o);
    strchr(text, '\n')[1] = '\0';
    return text;
}

static void test_the_header_does_not_change_after_the_first_trial(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    OK(afina_optimizer_set_integer(o, "workers", 3));
    small_step(o);
    char *before = first_line(o);
    OK(afina_optimizer_set_integer(o, "workers", 4));
    OK(afina_optimizer_set_real(o, "seconds", 60));
    OK(afina_optimizer_set_real(o, "target", 0.5));
    OK(afina_optimizer_set_string(o, "worker", "me"));
    FAILS(afina_optimizer_set_integer(o, "seed", 1), AFINA_E_STATE, "fixed since the first trial");
    char *after = first_line(o);
    assert_string_equal(before, after);
    assert_null(strstr(before, "workers"));
    assert_null(strstr(before, "seconds"));
    free(before);
    free(after);
    afina_optimizer_free(o);
}

static void test_events_say_when_and_who(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    char text[8192];
    size_t n;
    OK(afina_optimizer_set_string(o, "worker", "node \"3\""));
    small_step(o);
    OK(afina_optimizer_to_log(o, text, sizeof text, &n));
    char *time = strstr(text, "\"time\":");
    assert_non_null(time);
    assert_true(strtoll(time + 7, NULL, 10) > 1600000000000);
    assert_non_null(strstr(text, "\"worker\":\"node \\\"3\\\"\"}\n"));
    OK(afina_optimizer_set_integer(o, "times", 0));
    OK(afina_optimizer_set_string(o, "worker", "other"));
    small_step(o);
    OK(afina_optimizer_to_log(o, text, sizeof text, &n));
    assert_null(strstr(strstr(text, "\"trial\":1"), "\"time\""));
    afina_optimizer_free(o);
}

/* A text with every note's version raised; the caller frees it. */
static char *of_another_version(const char *text)
{
    char *out = malloc(2 * strlen(text) + 1), *to = out;
    for (const char *p = text; *p;) {
        if (strncmp(p, ",\"note\":", 8) == 0)
            to += sprintf(to, ",\"note_version\":77");
        *to++ = *p++;
    }
    *to = '\0';
    return out;
}

/* A text without its notes; the caller frees it. */
static char *without_notes(const char *text)
{
    char *out = malloc(strlen(text) + 1), *to = out;
    for (const char *p = text; *p; *to++ = *p++)
        if (strncmp(p, ",\"note\":", 8) == 0)
            p = strchr(p, ']') + 1;
    *to = '\0';
    return out;
}

/* What comes next; the caller frees it. */
static char *next_of(afina_optimizer *o)
{
    char *before = log_of(o);
    small_step(o);
    char *after = log_of(o), *line = strdup(strstr(after + strlen(before), "\"point\""));
    free(before);
    free(after);
    return line;
}

static void test_a_note_of_another_version_is_none(void **state)
{
    (void)state;
    for (size_t m = 0; m < afina_method_count(); m++) {
        const char *method = afina_method_name(m);
        if (strcmp(method, "manual") == 0)
            continue;
        afina_optimizer *o = small_optimizer(method), *other;
        int64_t number;
        for (int i = 0; i < 25; i++)
            small_step(o);
        char *text = log_of(o);
        if (strstr(text, "\"note\":")) {
            char *changed = of_another_version(text), *bare = without_notes(text);
            afina_optimizer *none = read_log(bare);
            other = read_log(changed);
            FAILS(afina_optimizer_replay(other, &number), AFINA_E_VERSION, "written by another version");
            assert_true(number >= 0);
            char *a = next_of(other), *b = next_of(none);
            assert_string_equal(a, b);
            for (int i = 0; i < 5; i++)
                small_step(other);
            afina_optimizer_free(other);
            afina_optimizer_free(none);
            free(changed);
            free(bare);
            free(a);
            free(b);
        }
        free(text);
        afina_optimizer_free(o);
    }
}

static void test_attributes_and_checkpoints(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    afina_trial *trial;
    char text[64];
    size_t n;
    OK(afina_optimizer_set_attribute(o, "paper", "one"));
    OK(afina_optimizer_set_attribute(o, "machine", "m"));
    OK(afina_optimizer_set_attribute(o, "paper", "two"));
    OK(afina_optimizer_get_attribute(o, "paper", text, sizeof text, &n));
    assert_string_equal(text, "two");
    OK(afina_optimizer_attribute_count(o, &n));
    assert_int_equal(n, 2);
    OK(afina_optimizer_attribute_key(o, 0, text, sizeof text, &n));
    assert_string_equal(text, "paper");
    OK(afina_optimizer_attribute_key(o, 1, text, sizeof text, &n));
    assert_string_equal(text, "machine");
    FAILS(afina_optimizer_attribute_key(o, 2, text, sizeof text, &n), AFINA_E_RANGE, "index 2");
    FAILS(afina_optimizer_get_attribute(o, "nobody", text, sizeof text, &n), AFINA_E_NOT_FOUND, "nobody");
    FAILS(afina_tell_attribute(o, 0, "k", "v"), AFINA_E_NOT_FOUND, "none was asked");
    FAILS(afina_tell_attribute(o, -1, "k", "v"), AFINA_E_NOT_FOUND, "trial -1");
    OK(afina_ask(o, &trial));
    OK(afina_trial_checkpoint(trial, text, sizeof text, &n));
    assert_string_equal(text, "");
    OK(afina_tell_checkpoint(o, 0, "epoch 1"));
    OK(afina_tell_checkpoint(o, 0, "epoch 2"));
    OK(afina_trial_checkpoint(trial, text, sizeof text, &n));
    assert_string_equal(text, "epoch 2");
    OK(afina_tell_failed(o, 0, NULL));
    FAILS(afina_tell_checkpoint(o, 0, "epoch 3"), AFINA_E_STATE, "not running");
    OK(afina_tell_attribute(o, 0, "loss curve", "curve.csv"));
    OK(afina_trial_attribute(trial, "loss curve", text, sizeof text, &n));
    assert_string_equal(text, "curve.csv");
    OK(afina_trial_attribute_count(trial, &n));
    assert_int_equal(n, 1);
    OK(afina_trial_attribute_key(trial, 0, text, sizeof text, &n));
    assert_string_equal(text, "loss curve");
    FAILS(afina_tell_attribute(o, 0, "", "v"), AFINA_E_ARGUMENT, "key is empty");
    FAILS(afina_tell_attribute(o, 0, "k", "\xFF"), AFINA_E_ARGUMENT, "UTF-8");
    afina_trial_free(trial);
    afina_optimizer_free(o);
}

/* Keys come in the order of their first text, also where some were told again and the log is rewound. */
static void test_many_attributes_are_counted_and_listed(void **state)
{
    (void)state;
    enum { KEYS = 200, TOLD_AGAIN = 3 };
    afina_optimizer *o = small_optimizer("random");
    char key[32], text[32];
    size_t n;
    for (int i = 0; i < KEYS; i++)
        for (int k = 0; k < TOLD_AGAIN; k++) {
            snprintf(key, sizeof key, "key %d", k == 1 ? i / 2 : i);
            OK(afina_optimizer_set_attribute(o, key, "v"));
        }
    for (int count = KEYS; count >= 0; count -= KEYS / 4) {
        OK(afina_log_rewind(o, 1 + TOLD_AGAIN * count));
        OK(afina_optimizer_attribute_count(o, &n));
        assert_int_equal(n, count);
        for (int i = 0; i < count; i++) {
            snprintf(key, sizeof key, "key %d", i);
            OK(afina_optimizer_attribute_key(o, (size_t)i, text, sizeof text, &n));
            assert_string_equal(text, key);
        }
        FAILS(afina_optimizer_attribute_key(o, (size_t)count, text, sizeof text, &n), AFINA_E_RANGE, "attributes");
    }
    afina_optimizer_free(o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_nothing_makes_yet_is_kept),
        cmocka_unit_test(test_budget_replicate_and_parent_are_read),
        cmocka_unit_test(test_a_need_that_is_not_known_is_named),
        cmocka_unit_test(test_unknown_keys_are_passed_over),
        cmocka_unit_test(test_unknown_options_are_passed_over),
        cmocka_unit_test(test_what_is_not_listed_is_refused),
        cmocka_unit_test(test_a_log_says_no_more_than_a_call_may),
        cmocka_unit_test(test_a_log_without_a_filter_takes_none),
        cmocka_unit_test(test_the_header_does_not_change_after_the_first_trial),
        cmocka_unit_test(test_events_say_when_and_who),
        cmocka_unit_test(test_a_note_of_another_version_is_none),
        cmocka_unit_test(test_attributes_and_checkpoints),
        cmocka_unit_test(test_many_attributes_are_counted_and_listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
