/* Items of work shared by several processes. */
#ifndef BENCH_CREW_H
#define BENCH_CREW_H

#include <stddef.h>

/* Calls work(0), work(1), ... on `jobs` processes, each taking the next item from a shared counter; no item is begun
 * after `seconds`. This process is one of them. *taken: how many were begun; other than 0 when some work failed. */
int crew_run(size_t count, int jobs, double seconds, int (*work)(size_t item, void *user), void *user, size_t *taken);

/* 1 in the process that called crew_run(), which may show what goes on. */
int crew_is_first(void);

#endif
