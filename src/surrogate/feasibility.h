/* The probability that an encoded point works, learned from where trials failed. */
#ifndef AFINA_SURROGATE_FEASIBILITY_H
#define AFINA_SURROGATE_FEASIBILITY_H

#include "surrogate/gp_model.h"

struct feasibility {
    struct gp_record record; /* empty before the first failure */
    /* Learns the label 0 where a trial failed and 1 where it worked. Of too many rows it keeps the least labels,
     * so the failures. */
    struct gp_model model;
    size_t failures;
};

int32_t feasibility_init(struct feasibility *f, const struct gp_dimension *dimension, size_t d, size_t most_points);
void feasibility_fini(struct feasibility *f); /* a zeroed one is fine */

/* Learns whether the last result of `all` is a failure. */
int32_t feasibility_told(struct feasibility *f, const struct gp_record *all);

/* log p of n encoded points, p the probability to work; `variance` is room for n numbers. After
 * gp_model_build(&f->model). */
void feasibility_log(const struct feasibility *f, const double *x, size_t n, double *log_p, double *variance);

/* The same with its gradient, rows of d; `by_variance` is room for n rows. n <= GP_GRADIENTS. */
void feasibility_log_gradient(const struct feasibility *f, const double *x, size_t n, double *log_p, double *variance,
                              double *gradient, double *by_variance);

#endif
