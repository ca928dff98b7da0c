/* A results file is its own record of what was done: a run stands in it when its
 * line is whole. */
#define _POSIX_C_SOURCE 200809L
#include "history.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The key points into the text and ends before the budget. */
struct past_run {
    const char *key;
    int budget;
};

static char *read_file(const char *path)
{
    FILE *f = fopen(path, "r");
    struct stat info;
    if (!f || fstat(fileno(f), &info)) {
        if (f)
            fclose(f);
        return NULL;
    }
    char *text = malloc((size_t)info.st_size + 1);
    const size_t n = text ? fread(text, 1, (size_t)info.st_size, f) : 0;
    if (text)
        text[n] = '\0';
    fclose(f);
    return text;
}

/* A line that a killed process left half written would swallow the next one. */
static void cut_torn_line(const char *path, char *text)
{
    const size_t n = strlen(text);
    char *end = strrchr(text, '\n');
    const size_t whole = end ? (size_t)(end - text) + 1 : 0;
    if (n > whole && truncate(path, (off_t)whole) == 0)
        text[whole] = '\0';
}

static size_t count_lines(const char *text)
{
    size_t lines = 0;
    for (const char *c = text; (c = strchr(c, '\n')); c++)
        lines++;
    return lines;
}

static int compare_runs(const void *a, const void *b)
{
    const struct past_run *p = a, *q = b;
    const int order = strcmp(p->key, q->key);
    return order ? order : (p->budget > q->budget) - (p->budget < q->budget);
}

static void find_runs(struct history *h)
{
    h->runs = malloc((count_lines(h->text) + 1) * sizeof *h->runs);
    for (char *line = h->text; h->runs && line && *line;) {
        char *end = strchr(line, '\n'), *budget = strstr(line, "\"budget\":");
        if (budget && end && budget < end) {
            *budget = '\0';
            h->runs[h->count++] = (struct past_run){line, atoi(budget + strlen("\"budget\":"))};
        }
        line = end ? end + 1 : NULL;
    }
    if (h->runs)
        qsort(h->runs, h->count, sizeof *h->runs, compare_runs);
}

void history_read(struct history *h, const char *path)
{
    h->text = read_file(path);
    h->runs = NULL;
    h->count = 0;
    if (!h->text)
        return;
    cut_torn_line(path, h->text);
    find_runs(h);
}

/* Equal to what is wanted is any run that is as long; shorter ones are sorted before. */
static int compare_wanted(const void *wanted, const void *element)
{
    const struct past_run *w = wanted, *e = element;
    const int order = strcmp(w->key, e->key);
    return order ? order : w->budget > e->budget;
}

int history_has(const struct history *h, const char *key, int budget)
{
    const struct past_run wanted = {key, budget};
    return h->runs && bsearch(&wanted, h->runs, h->count, sizeof *h->runs, compare_wanted) != NULL;
}

int history_append(const char *path, const char *text, size_t size)
{
    const int file = open(path, O_WRONLY | O_APPEND | O_CREAT, 0644);
    const int rc = file >= 0 && write(file, text, size) == (ssize_t)size ? 0 : -1;
    if (file >= 0)
        close(file);
    return rc;
}

void history_free(struct history *h)
{
    free(h->runs);
    free(h->text);
}
