/* The parts of the benchmark program. */
#ifndef BENCH_RUNNER_H
#define BENCH_RUNNER_H

#include "settings.h"

#include <stdio.h>

/* The most trials that run at once. */
enum { MOST_BATCH = 256 };

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
