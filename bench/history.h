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
void history_free(struct history *h);

#endif
