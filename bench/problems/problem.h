/* A benchmark problem: a space, an objective, and what its best value is.
 *
 * Values cross as one double a parameter, in the order of the space: a real or an
 * integer as it is, a choice as its index, an inactive parameter as NaN. Values
 * are minimised. NaN as a value means that the evaluation failed. */
#ifndef BENCH_PROBLEM_H
#define BENCH_PROBLEM_H

#include "afina.h"

enum { PROBLEM_PARAMETERS = 200 };

struct problem {
    char name[64]; /* unique within (suite, instance) */
    const char *suite;
    int instance; /* 0 as published; 1, 2, ... the optimum moved */
    size_t d;
    double optimum; /* of the value without noise; the best known, where none is proved */
    double noise;   /* standard deviation of what is added when the problem is observed */
    int steps;      /* length of the learning curve, 0: none */

    /* Adds the parameters, or makes the space when somebody else describes it.
     * AFINA_OK or an error of the library. */
    int32_t (*describe)(const struct problem *problem, afina_space *space);
    int32_t (*make_space)(const struct problem *problem, afina_space **out);

    /* Without noise. */
    double (*value)(const struct problem *problem, const double *x);

    /* As an optimizer sees it, for evaluation `trial` of run `seed`; NULL: the
     * value and normal noise. */
    double (*observe)(const struct problem *problem, const double *x, uint64_t seed, uint64_t trial);

    /* The value after 1 <= step <= steps; NULL without a learning curve. */
    double (*curve)(const struct problem *problem, const double *x, double step);

    /* A measured pool has `rows` configurations; row_at() gives one's values and its curve of
     * `steps` values, a curve that ended early keeping its last. 0 where it was read. */
    int (*row_at)(const struct problem *problem, size_t row, double *x, double *curve);
    size_t rows;

    const void *own; /* what the suite needs to know */
    size_t index;    /* likewise */
    double shift[PROBLEM_PARAMETERS];
    size_t shifts;
};

/* Makes the list once. data: the folder of tables, surrogates and data sets;
 * without it those suites stay empty and a line on the error stream says so. */
int problems_load(const char *data);
size_t problem_count(void);
const struct problem *problem_at(size_t index);
const struct problem *problem_find(const char *name, int instance);

/* The space of a problem; the caller frees it. */
int32_t problem_space(const struct problem *problem, afina_space **out);

double problem_observe(const struct problem *problem, const double *x, uint64_t seed, uint64_t trial);

/* What the suites call: adds a problem with what is common to all, and gives it
 * back to be filled. NULL when memory ran out. */
struct problem *problem_add(const char *suite, const char *name, int instance, size_t d);

/* Parameters x0, x1, ... of one kind. */
int32_t describe_reals(afina_space *space, size_t count, double low, double high, int32_t scale);

int add_standard(void);
int add_bbob(void);
int add_mixed(void);
int add_awkward(void);
int add_noisy(void);
int add_curves(void);
int add_speed(void);
int add_large(void);
int add_tables(const char *data);
int add_surrogates(const char *data);
int add_training(const char *data);

/* The ten continuous functions of the standard suite, for suites that build on them. */
typedef double (*plain_function)(const double *x, size_t d);
struct box_function {
    const char *name;
    plain_function f;
    size_t d;
    const double *low, *high; /* d of them */
    double optimum;
    const double *best; /* where the optimum is, to a few digits */
};
extern const struct box_function box_functions[10];

#endif
