/* One number from the values of an arm over its replicates, and its standard error. */
#ifndef AFINA_EXPERIMENT_AGGREGATE_H
#define AFINA_EXPERIMENT_AGGREGATE_H

#include <stddef.h>
#include <stdint.h>

/* A rule by its name; `parameter` is k of "mean+sd" and the share cut off at either end of "trimmed", in [0, 0.5). */
struct aggregate {
    const char *name, *summary;
    double parameter; /* what is taken when none is said; NaN: the rule has none */
    double least, most;
    /* x is ascending, a loss, and n >= 2. Replicates are taken as independent. */
    double (*value)(const double *x, size_t n, double parameter, double *error);
};

extern const struct aggregate *const aggregates[];
extern const size_t aggregate_count;

/* AFINA_E_NAME for an unknown name. */
int32_t aggregate_find(const char *name, const struct aggregate **out);

/* Of n >= 1 finite losses in any order. `ratio` >= 0 is validation rows / training rows, as in corrected_t.h: errors
 * grow by sqrt(1 + n ratio). The error of one replicate alone is NaN: unknown. */
int32_t aggregate_apply(const struct aggregate *rule, const double *losses, size_t n, double parameter, double ratio,
                        double *value, double *error);

/* The value alone, of 1 <= n <= AGGREGATE_SMALL losses, which are put in order; nothing can fail. With an infinite loss
 * among them it is infinite. *error is that of aggregate_apply() without a ratio. */
enum { AGGREGATE_SMALL = 100 };
double aggregate_small(const struct aggregate *rule, double *losses, size_t n, double parameter, double *error);

#endif
