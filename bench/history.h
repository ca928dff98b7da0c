/* The runs that a results file holds already. */
#ifndef BENCH_HISTORY_H
#define BENCH_HISTORY_H

#include <stddef.h>

struct history {
    const char *method;
    char *text;
    struct past_run *runs; /* sorted */
    size_t count;
};

void history_read(struct history *h, const char *path);
/* key: the beginning of a line, up to its budget; a run with a larger budget contains the smaller one. */
int history_has(const struct history *h, const char *key, int budget);
/* One write, so that lines of two processes do not mix. */
int history_append(const char *path, const char *text, size_t size);
void history_free(struct history *h);

#endif
