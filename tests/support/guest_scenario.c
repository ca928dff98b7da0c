#define _GNU_SOURCE /* open_memstream */
#include "support/guest_scenario.h"

#include "afina_mlp.h"
#include "support/small_study.h"

#include <stdio.h>

/* x in [-0.75, 2.25] in steps of 0.05, rate in [1.5e-7, 0.5] on a log scale, n in 1..1000, and a conditional y with a
 * normal prior: numbers whose texts have a point, an exponent and thousands. */
static const char space_text[] = "{\"format\":1,\"parameters\":["
                                 "{\"name\":\"x\",\"kind\":\"real\",\"low\":-0.75,\"high\":2.25,\"step\":0.05},"
                                 "{\"name\":\"rate\",\"kind\":\"real\",\"low\":1.5e-7,\"high\":0.5,\"scale\":\"log\"},"
                                 "{\"name\":\"n\",\"kind\":\"integer\",\"low\":1,\"high\":1000},"
                                 "{\"name\":\"kind\",\"kind\":\"categorical\",\"choices\":[\"I\",\"i\",\"\\u0131\"]}]}";

static afina_space *scenario_space(void)
{
    afina_space *s;
    if (afina_space_from_json(&s, space_text, sizeof space_text - 1) != AFINA_OK)
        fail_msg("%s", afina_last_error());
    OK(afina_space_add_normal(s, "y", 0.5, 0.25, -1.5, 1.5));
    OK(afina_space_add_condition_in(s, "y", "kind", (const char *const[]){"I", "i"}, 2));
    return s;
}

static double scenario_value(const afina_point *point)
{
    double x, rate;
    int64_t n;
    OK(afina_point_get_real(point, "x", &x));
    OK(afina_point_get_real(point, "rate", &rate));
    OK(afina_point_get_integer(point, "n", &n));
    return (x - 0.385) * (x - 0.385) + rate + 1e-3 * (double)n;
}

/* Every third trial says more than its value; one fails. */
static void scenario_step(afina_optimizer *o, int i)
{
    afina_trial *trial;
    double report = 1234567.25 / (i + 1), error = 0.125;
    if (afina_ask(o, &trial) != AFINA_OK)
        fail_msg("%s", afina_last_error());
    double value = scenario_value(afina_trial_point(trial));
    if (i % 3 == 0) {
        OK(afina_trial_tell_report(trial, 0.5, &report, 1));
        OK(afina_trial_tell_errors(trial, &error, 1));
    }
    if (i == 2)
        OK(afina_trial_tell_failed(trial, "it failed at 0.5"));
    else
        OK(afina_trial_tell(trial, &value, 1));
    afina_trial_free(trial);
}

static afina_optimizer *scenario_study(const char *method, int trials)
{
    afina_space *s = scenario_space();
    afina_optimizer *o;
    OK(afina_optimizer_new(&o, s, method));
    OK(afina_optimizer_set_real(o, "target", -0.5));
    for (int i = 0; i < trials; i++)
        scenario_step(o, i);
    afina_space_free(s);
    return o;
}

/* The log, after it was read, written again and replayed. */
static char *checked_log(afina_optimizer *o)
{
    size_t length;
    int64_t number;
    afina_optimizer *back;
    OK(afina_optimizer_to_log(o, NULL, 0, &length));
    char *text = malloc(length + 1), *again = malloc(length + 1);
    OK(afina_optimizer_to_log(o, text, length + 1, &length));
    if (afina_optimizer_from_log(&back, text, length) != AFINA_OK)
        fail_msg("%s", afina_last_error());
    OK(afina_optimizer_to_log(back, again, length + 1, &length));
    assert_string_equal(text, again);
    if (afina_optimizer_replay(back, &number) != AFINA_OK)
        fail_msg("%s", afina_last_error());
    afina_optimizer_free(back);
    free(again);
    strip_times(text);
    return text;
}

char *guest_study(const char *method, int trials)
{
    afina_optimizer *o = scenario_study(method, trials);
    char *text = checked_log(o);
    afina_optimizer_free(o);
    return text;
}

static void add_methods(FILE *out, int trials)
{
    for (size_t m = 0; m < afina_method_count(); m++) {
        const char *method = afina_method_name(m);
        if (strcmp(method, "manual") == 0)
            continue;
        char *text = guest_study(method, trials);
        fputs(text, out);
        free(text);
    }
}

static void add_errors(FILE *out)
{
    static const char *const wrong[] = {"{\"x\":0,5}", "{\"x\":0.5.5}", "{\"x\":2.5}", "{\"KIND\":\"I\"}",
                                        "{\"x\":1e999}"};
    afina_space *s = scenario_space();
    afina_point *point;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_true(afina_point_from_json(&point, s, wrong[i], strlen(wrong[i])) < 0);
        fprintf(out, "%s\n", afina_last_error());
    }
    assert_true(afina_space_set_step(s, "rate", -0.125) < 0);
    fprintf(out, "%s\n", afina_last_error());
    afina_space_free(s);
}

static void add_texts(FILE *out)
{
    static const double results[8] = {1.25, 2, 3.5, 2.5, 1.5, 2.25, 2, 3.125};
    static const char *const names[] = {"first", "second"};
    char text[20000];
    size_t length;
    afina_space *s = scenario_space();
    OK(afina_space_to_json(s, text, sizeof text, &length));
    fprintf(out, "%s\n", text);
    OK(afina_compare_picture(results, 4, 2, AFINA_DIRECTION_MINIMISE, AFINA_POSTHOC_NEMENYI, 0.05, names, text,
                             sizeof text, &length));
    fprintf(out, "%s\n", text);
    afina_space_free(s);
}

/* Numbers with a point are read from a file, and a network is trained on them. */
static void add_network(FILE *out)
{
    afina_dataset *d;
    afina_mlp *m;
    afina_space *s;
    afina_optimizer *o;
    if (afina_dataset_from_csv(&d, "examples/data/vowel.csv", 1, "y", AFINA_TASK_CLASSIFICATION, NULL, 0) != AFINA_OK)
        fail_msg("%s", afina_last_error());
    OK(afina_mlp_new(&m, d));
    OK(afina_mlp_set_integer(m, "epochs", 1));
    OK(afina_mlp_set_integer(m, "units", 8));
    OK(afina_mlp_space(m, &s));
    OK(afina_optimizer_new(&o, s, "random"));
    OK(afina_optimize(o, afina_mlp_objective, m, 2));
    char *text = checked_log(o);
    fputs(text, out);
    free(text);
    afina_optimizer_free(o);
    afina_space_free(s);
    afina_mlp_free(m);
    afina_dataset_free(d);
}

char *guest_scenario(int trials)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    add_methods(out, trials);
    add_errors(out);
    add_texts(out);
    add_network(out);
    fclose(out);
    return text;
}
