/* What is measured of the best of several estimates, in the table and in the picture. */
#ifndef BENCH_COVERAGE_H
#define BENCH_COVERAGE_H

#include <stdio.h>

enum { SIZES = 3, SPREADS = 8, ESTIMATORS = 2, ERRORS = 2 };

extern const int coverage_sizes[SIZES];
extern const double coverage_spreads[SPREADS];

/* Of studies of one kind: how often the interval holds the winner's true mean, and the mean of the winner's estimate
 * less that, in standard errors; positive is too good. */
struct coverage {
    double held, bias;
};

struct coverage_table {
    struct coverage cell[ERRORS][SIZES][SPREADS][ESTIMATORS];
    int runs;
    double confidence;
};

/* Draws the cells of equal standard errors as SVG. */
void coverage_draw(FILE *f, const struct coverage_table *table);

#endif
