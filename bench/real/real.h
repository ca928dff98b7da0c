/* The suite of real tuning tasks: the parts of its runner. */
#ifndef BENCH_REAL_H
#define BENCH_REAL_H

#include "afina.h"

#include <stddef.h>

/* The evaluator: a process that is asked by lines of JSON (evaluate.py). One a process of ours. */
struct evaluator;

/* command: program and arguments, with blanks between. NULL when it cannot be started. */
struct evaluator *evaluator_start(const char *command);

/* What evaluation `trial` of run `seed` of the task sees of the point, a JSON object; NaN when the evaluation failed.
 * Other than 0 when the evaluator has ended. */
int evaluator_ask(struct evaluator *evaluator, const char *task, const char *point, int seed, int trial, double *value);

/* Lets it end, and waits for it. */
void evaluator_end(struct evaluator *evaluator);

/* The tasks, as evaluate.py --spaces writes them. */
struct real_task {
    char name[64];
    char *space; /* JSON */
};

struct real_tasks {
    struct real_task *list;
    size_t count;
};

/* Other than 0 when the file cannot be read. */
int real_tasks_read(struct real_tasks *tasks, const char *path);
void real_tasks_free(struct real_tasks *tasks);

#endif
