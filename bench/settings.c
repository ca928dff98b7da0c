/* What the parts of the benchmark ask: the clocks, and what the command line has chosen. */
#define _POSIX_C_SOURCE 200809L
#include "settings.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

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
