/* The parts of the benchmark program. */
#ifndef BENCH_RUNNER_H
#define BENCH_RUNNER_H

#include "problems/problem.h"

#include <stdio.h>

/* The most trials that run at once. */
enum { MOST_BATCH = 256 };

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

/* An optimizer that knows `history` random points of the problem. */
int32_t bench_filled(afina_optimizer **out, const afina_space *space, const struct problem *p, const char *method,
                     size_t history);

int bench_run(const struct settings *settings);
int bench_speed(const struct settings *settings);
int bench_footprint(const struct settings *settings, const char *program, const char *library);
int bench_instructions(const char *method);
int bench_profile(const struct settings *settings, const char *method);
int bench_first(const char *method);

int write_list(FILE *out, const struct settings *settings);
int write_methods(FILE *out, const struct settings *settings);
int write_spaces(FILE *out, const struct settings *settings);
int write_vectors(FILE *out, const struct settings *settings);
int check_vectors(FILE *in);
int evaluate_lines(FILE *in, FILE *out, const char *name, int instance);

#endif
