/* Trials that a scheduler would make: with a budget, as a replicate, or going on with another. Nothing makes them
 * yet, and a log that has them must not be misread: what they were told is not compared with full results. */
#include "support/small_study.h"

#include <stdio.h>

#define HEAD                                                                                                           \
    "{\"event\":\"study\",\"format\":1,\"needs\":[],\"version\":\"0.1.0\",\"method\":\"%s\","                          \
    "\"options\":{},\"method_options\":{},\"space\":{\"format\":1,"                                                    \
    "\"parameters\":[{\"name\":\"n\",\"kind\":\"integer\",\"low\":0,\"high\":%d}]}}\n"
#define ASKED "{\"event\":\"asked\",\"trial\":%d,\"origin\":\"%s\",\"seen\":0%s,\"point\":{\"n\":%d}}\n"
#define TOLD "{\"event\":\"told\",\"trial\":%d,\"state\":\"complete\",\"values\":[%g]}\n"

enum { FULL = 12 };

/* What makes a trial partial. */
static const struct plan {
    const char *origin, *fields;
} plans[] = {
    {"added", ",\"budget\":9"},    {"suggested", ",\"budget\":9"}, {"added", ",\"replicate\":1"},
    {"promoted", ",\"parent\":3"}, {"repeated", ",\"parent\":3"},
};

enum { PLANS = sizeof plans / sizeof plans[0] };

static afina_optimizer *read_log(const char *text)
{
    afina_optimizer *o;
    OK(afina_optimizer_from_log(&o, text, strlen(text)));
    return o;
}

/* A study of full trials at 0, 5, 10, ... and then a partial one at 15 that reported and was told `value`. */
static afina_optimizer *study_with(const char *method, const struct plan *plan, double value)
{
    char text[8192];
    int at = snprintf(text, sizeof text, HEAD, method, 1000);
    for (int i = 0; i < FULL; i++) {
        at += snprintf(text + at, sizeof text - (size_t)at, ASKED, i, "added", "", 5 * i);
        at += snprintf(text + at, sizeof text - (size_t)at, TOLD, i, 10.0 - i % 7);
    }
    at += snprintf(text + at, sizeof text - (size_t)at, ASKED, FULL, plan->origin, plan->fields, 15);
    at += snprintf(text + at, sizeof text - (size_t)at,
                   "{\"event\":\"report\",\"trial\":%d,\"step\":1,\"values\":[%g]}\n", FULL, value);
    snprintf(text + at, sizeof text - (size_t)at, TOLD, FULL, value);
    return read_log(text);
}

/* Once a trial that had stopped early at a lucky value was the best one. */
static void test_a_partial_trial_is_never_the_best(void **state)
{
    (void)state;
    for (size_t i = 0; i < PLANS; i++) {
        afina_optimizer *o = study_with("gp", &plans[i], -100);
        afina_trial *best;
        OK(afina_best(o, &best));
        assert_int_equal(afina_trial_number(best), 6);
        afina_trial_free(best);
        OK(afina_model_best(o, 0, &best));
        assert_true(afina_trial_number(best) < FULL);
        afina_trial_free(best);
        afina_optimizer_free(o);
    }
}

/* What a partial trial was told changes no suggestion. */
static void test_a_method_without_budgets_is_not_shown_a_partial_trial(void **state)
{
    (void)state;
    for (size_t m = 0; m < afina_method_count(); m++) {
        const char *method = afina_method_name(m);
        if (strcmp(method, "manual") == 0)
            continue;
        for (size_t i = 0; i < PLANS; i++) {
            afina_optimizer *a = study_with(method, &plans[i], -100), *b = study_with(method, &plans[i], 100);
            for (int k = 0; k < 3; k++) {
                afina_trial *of_a, *of_b;
                int64_t n_a, n_b;
                OK(afina_ask(a, &of_a));
                OK(afina_ask(b, &of_b));
                OK(afina_point_get_integer(afina_trial_point(of_a), "n", &n_a));
                OK(afina_point_get_integer(afina_trial_point(of_b), "n", &n_b));
                if (n_a != n_b)
                    fail_msg("%s learned from a trial that is %s%s", method, plans[i].origin, plans[i].fields);
                afina_trial_free(of_a);
                afina_trial_free(of_b);
            }
            afina_optimizer_free(a);
            afina_optimizer_free(b);
        }
    }
}

static void test_the_point_of_a_partial_trial_counts_as_seen(void **state)
{
    (void)state;
    char text[2048];
    int at = snprintf(text, sizeof text, HEAD, "grid", 1);
    snprintf(text + at, sizeof text - (size_t)at, ASKED, 0, "suggested", ",\"budget\":9", 0);
    afina_optimizer *o = read_log(text);
    afina_trial *trial;
    int64_t n;
    OK(afina_ask(o, &trial));
    OK(afina_point_get_integer(afina_trial_point(trial), "n", &n));
    assert_int_equal(n, 1);
    assert_int_equal(afina_ask(o, &(afina_trial *){NULL}), AFINA_EXHAUSTED);
    afina_trial_free(trial);
    afina_optimizer_free(o);
}

static void test_a_trial_that_goes_on_has_the_point_of_its_parent(void **state)
{
    (void)state;
    for (size_t i = 3; i < PLANS; i++) {
        char text[2048];
        afina_optimizer *o;
        int at = snprintf(text, sizeof text, HEAD ASKED, "random", 9, 0, "added", "", 4);
        snprintf(text + at, sizeof text - (size_t)at, ASKED, 1, plans[i].origin, ",\"parent\":0", 5);
        FAILS(afina_optimizer_from_log(&o, text, strlen(text)), AFINA_E_FORMAT,
              "does not have the point of its parent 0");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_partial_trial_is_never_the_best),
        cmocka_unit_test(test_a_method_without_budgets_is_not_shown_a_partial_trial),
        cmocka_unit_test(test_the_point_of_a_partial_trial_counts_as_seen),
        cmocka_unit_test(test_a_trial_that_goes_on_has_the_point_of_its_parent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
