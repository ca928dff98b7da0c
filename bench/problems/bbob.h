/* An instance of a BBOB function: what its transformations need. */
#ifndef BENCH_BBOB_H
#define BENCH_BBOB_H

#include "bbob_draw.h"

enum { BBOB_FUNCTIONS = 24, BBOB_PEAKS = 101 };

struct bbob_peaks {
    size_t count;
    double value[BBOB_PEAKS];
    double scale[BBOB_PEAKS][BBOB_DIMENSIONS];
    double place[BBOB_PEAKS][BBOB_DIMENSIONS]; /* rotated */
};

struct bbob {
    int function; /* 1..24 */
    int instance;
    size_t d;
    int ready;
    double fopt, xopt[BBOB_DIMENSIONS];
    double *r, *q, *m; /* d x d: the rotations R and Q of the definition, and their product with a scaling */
    struct bbob_peaks *peaks;
};

double bbob_fopt(int function, int instance);
int bbob_prepare(struct bbob *b); /* fills all but function, instance and d; -1: no memory */
double bbob_value(const struct bbob *b, const double *x);

#endif
