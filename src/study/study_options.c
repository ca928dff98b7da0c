#include "study/study_options.h"

#include "core/fail.h"

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
    {"workers", AFINA_OPTION_INTEGER, 1, 1024, 1, "", "", "threads of afina_optimize"},
    {"seconds", AFINA_OPTION_REAL, 0, INFINITY, INFINITY, "", "", "afina_optimize starts no trial after that time"},
    {"target", AFINA_OPTION_REAL, -INFINITY, INFINITY, NAN, "", "",
     "afina_optimize ends when a value is at least that good; NaN: none"},
    {"times", AFINA_OPTION_INTEGER, 0, 1, 1, "", "", "1: events of the log say when they happened; 0: they do not"},
    {"worker", AFINA_OPTION_STRING, 0, 0, 0, "", "",
     "the name by which events of the log say who told them; empty: none"},
};
const size_t study_option_count = sizeof study_options / sizeof study_options[0];

int study_option_may_change(const char *key)
{
    static const char *const keys[] = {"workers", "seconds", "target", "times", "worker"};
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
