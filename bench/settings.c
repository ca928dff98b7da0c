/* What the parts of the benchmark ask: the clocks, and what the command line has chosen. */
#define _POSIX_C_SOURCE 200809L
#include "settings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static double read_clock(clockid_t which)
{
    struct timespec t;
    clock_gettime(which, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

double clock_wall(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

double clock_cpu(void)
{
    return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}

static int word_matches(const char *pattern, size_t length, const char *word)
{
    if (length && pattern[length - 1] == '*')
        return strncmp(pattern, word, length - 1) == 0;
    return strlen(word) == length && strncmp(pattern, word, length) == 0;
}

int word_in(const char *list, const char *word)
{
    if (!list)
        return 1;
    while (*list) {
        const size_t length = strcspn(list, ",");
        if (word_matches(list, length, word))
            return 1;
        list += length + (list[length] == ',');
    }
    return 0;
}

int is_chosen(const struct settings *s, const struct problem *p)
{
    char label[128];
    snprintf(label, sizeof label, "%s:%d", p->name, p->instance);
    return word_in(s->suites, p->suite) && (word_in(s->problems, p->name) || word_in(s->problems, label));
}

int is_measured(const struct settings *s, const char *method)
{
    int32_t host_only = 0;
    return !afina_method_trait(method, "host_only", &host_only) && !host_only && word_in(s->methods, method);
}

/* An option of a method, a number or a text. */
static int32_t set_option(afina_optimizer *optimizer, const char *key, const char *value)
{
    char *end;
    const double number = strtod(value, &end);
    if (*value && !*end)
        return afina_optimizer_set_real(optimizer, key, number) == AFINA_OK
                   ? AFINA_OK
                   : afina_optimizer_set_integer(optimizer, key, (int64_t)number);
    return afina_optimizer_set_string(optimizer, key, value);
}

/* "key=value,key=value"; a list in a value has '/' where the option has a comma. */
int32_t settings_apply(afina_optimizer *optimizer, const char *options)
{
    char text[256], *rest = text, *pair, *value;
    snprintf(text, sizeof text, "%s", options ? options : "");
    while ((pair = strtok_r(rest, ",", &rest))) {
        value = strchr(pair, '=');
        if (!value)
            return AFINA_E_ARGUMENT;
        *value++ = '\0';
        for (char *comma = value; (comma = strchr(comma, '/')) != NULL;)
            *comma = ',';
        const int32_t rc = set_option(optimizer, pair, value);
        if (rc)
            return rc;
    }
    return AFINA_OK;
}

int make_folder(const char *path)
{
    char part[1024];
    snprintf(part, sizeof part, "%s", path);
    for (char *c = part + 1;; c++)
        if (*c == '/' || !*c) {
            const char kept = *c;
            *c = '\0';
            if (mkdir(part, 0755) && errno != EEXIST)
                return -1;
            if (!kept)
                return 0;
            *c = kept;
        }
}

const char *machine_name(void)
{
    static char name[128] = "unknown";
    char line[256];
    FILE *f = fopen("/proc/cpuinfo", "r");
    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, "model name", 10) == 0 && strchr(line, ':')) {
            line[strcspn(line, "\n\"\\")] = '\0';
            snprintf(name, sizeof name, "%.80s, %ld cores", strchr(line, ':') + 2, sysconf(_SC_NPROCESSORS_ONLN));
            break;
        }
    if (f)
        fclose(f);
    return name;
}
