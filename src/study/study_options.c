#include "study/study_options.h"

#include "core/fail.h"
#include "schedule/schedule.h"

#include <math.h>
#include <string.h>

const struct option study_options[] = {
    {"seed", AFINA_OPTION_INTEGER, -0x1p63, 0x1p63, 0, "", "", "the whole randomness of the study"},
    {"objectives", AFINA_OPTION_INTEGER, 1, 64, 1, "", "", "how many values a trial is told"},
    {"direction", AFINA_OPTION_STRING, 0, 0, 0, "minimise", "",
     "minimise or maximise, one for each objective with commas between, or one for all"},
    {"lag", AFINA_OPTION_INTEGER, 0, 65536, 0, "", "",
     "L > 0: trial k knows the results of the trials up to k - L and no others; 0: all that was told"},
    {"repeats", AFINA_OPTION_INTEGER, 0, 1, 0, "", "", "1: a point may be asked again"},
    {"scheduler", AFINA_OPTION_STRING, 0, 0, 0, "", "",
     "decides budgets, promotions and repetitions; empty: none, adaptive with budgets, repeat with replicates"},
    {"stopper", AFINA_OPTION_STRING, 0, 0, 0, "never", "", "says when a trial that runs should end"},
    {"budget_min", AFINA_OPTION_REAL, 0, INFINITY, NAN, "", "",
     "the least budget of a trial, in the unit of the steps that it reports; NaN: budgets are not declared"},
    {"budget_max", AFINA_OPTION_REAL, 0, INFINITY, NAN, "", "", "the full budget of a trial; NaN: none is declared"},
    {"budget_total", AFINA_OPTION_REAL, 0, INFINITY, INFINITY, "", "",
     "what all trials together may cost; one without a budget costs 1"},
    {"replicates", AFINA_OPTION_INTEGER, 1, 0x1p53, 1, "", "", "how often an arm may be evaluated at the full budget"},
    {"aggregate", AFINA_OPTION_STRING, 0, 0, 0, "mean", "mean,median,trimmed,mean+sd,worst",
     "what an arm is worth by its replicates"},
    {"aggregate_parameter", AFINA_OPTION_REAL, 0, 100, NAN, "", "",
     "share that is trimmed at either end, or k of mean + k sd; NaN: 0.2, or 1"},
    {"default_first", AFINA_OPTION_INTEGER, -1, 1, -1, "", "",
     "1: the first trial is of the default point, unless a point was queued; -1: where there are replicates; 0: it is "
     "not"},
    {"no_gain", AFINA_OPTION_INTEGER, 0, 1e9, 0, "", "",
     "the study ends when so many trials in a row brought no gain; 0: it does not"},
    {"no_gain_percent", AFINA_OPTION_REAL, 0, 100, 0, "", "", "a gain is an improvement by more than that share"},
    {"regret_end", AFINA_OPTION_INTEGER, 0, 0x1p53, 0, "", "",
     "n > 0: every n trials afina_ask answers AFINA_DONE when more can bring less than the noise; 0: never"},
    {"workers", AFINA_OPTION_INTEGER, 1, 1024, 1, "", "", "threads of afina_optimize"},
    {"seconds", AFINA_OPTION_REAL, 0, INFINITY, INFINITY, "", "", "afina_optimize starts no trial after that time"},
    {"trial_seconds", AFINA_OPTION_REAL, 1e-3, INFINITY, INFINITY, "", "",
     "a trial of afina_optimize that runs longer is told to stop and counts as lost"},
    {"target", AFINA_OPTION_REAL, -INFINITY, INFINITY, NAN, "", "",
     "afina_optimize ends when a value is at least that good; NaN: none"},
    {"trials_total", AFINA_OPTION_INTEGER, 0, 0x1p32, 0, "", "",
     "n > 0: the study asks for no more trials once it has so many, whoever asked for them; 0: no such end"},
    {"synced", AFINA_OPTION_INTEGER, 0, 1, 1, "", "",
     "1: what is told to a study in a store is on the disk when the call returns; 0: the system writes it later"},
    {"times", AFINA_OPTION_INTEGER, 0, 1, 1, "", "", "1: events of the log say when they happened; 0: they do not"},
    {"worker", AFINA_OPTION_STRING, 0, 0, 0, "", "",
     "the name by which events of the log say who told them; empty: none"},
};
const size_t study_option_count = sizeof study_options / sizeof study_options[0];

int study_option_may_change(const char *key)
{
    static const char *const keys[] = {"workers",      "seconds", "trial_seconds", "target",
                                       "trials_total", "synced",  "times",         "worker"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (strcmp(keys[i], key) == 0)
            return 1;
    return 0;
}

/* The sign of "minimise" or "maximise" (and of their American spelling) in the
 * n bytes at s; 0 for other text. */
static double direction_sign(const char *s, size_t n)
{
    static const struct {
        const char *name;
        double sign;
    } names[] = {{"minimise", 1}, {"minimize", 1}, {"maximise", -1}, {"maximize", -1}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strlen(names[i].name) == n && memcmp(names[i].name, s, n) == 0)
            return names[i].sign;
    return 0;
}

int32_t study_parse_direction(const char *text, size_t objectives, double *signs)
{
    size_t count = 0;
    for (const char *p = text;; p++) {
        size_t n = strcspn(p, ",");
        double sign = direction_sign(p, n);
        if (sign == 0)
            return fail(AFINA_E_RANGE,
                        "option \"direction\" takes \"minimise\" or \"maximise\", with commas between, got \"%s\"",
                        text);
        if (count < objectives)
            signs[count] = sign;
        count++;
        p += n;
        if (*p == '\0')
            break;
    }
    if (objectives == 0 || count == objectives)
        return 0;
    if (count > 1)
        return fail(AFINA_E_RANGE, "option \"direction\" names %zu directions for %zu objective%s", count, objectives,
                    objectives == 1 ? "" : "s");
    for (size_t i = 1; i < objectives; i++)
        signs[i] = signs[0];
    return 0;
}

int32_t study_check_text(const char *key, const char *value)
{
    const struct scheduler *scheduler;
    const struct stopper *stopper;
    if (strcmp(key, "direction") == 0)
        return study_parse_direction(value, 0, NULL);
    if (strcmp(key, "scheduler") == 0 && value[0])
        return scheduler_find(value, &scheduler);
    if (strcmp(key, "stopper") == 0)
        return stopper_find(value, &stopper);
    return 0;
}
