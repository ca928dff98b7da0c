/* What the command line of the benchmark says, and the clocks. */
#ifndef BENCH_SETTINGS_H
#define BENCH_SETTINGS_H

#include "problems/problem.h"

/* What the command line says. */
struct settings {
    const char *methods, *suites, *problems; /* words with commas between, a problem also as NAME:INSTANCE; NULL: all */
    const char *set;                         /* options of the methods, key=value with commas between; NULL: none */
    const char *data, *out;
    int seeds, first_seed, budget, jobs, batch, history;
    double seconds; /* no run is started after that time */
    const char *machine;
};

double clock_wall(void);
double clock_cpu(void);
int word_in(const char *list, const char *word); /* 1 when list is NULL; a word ending in * is a beginning */
int is_chosen(const struct settings *settings, const struct problem *problem);
int is_measured(const struct settings *settings, const char *method); /* 0 when it suggests nothing */

/* Options as a command line has them: key=value with commas between, '/' for a comma in a value. NULL: none. */
int32_t settings_apply(afina_optimizer *optimizer, const char *options);

int make_folder(const char *path);
const char *machine_name(void); /* the processor and the number of its cores */

#endif
