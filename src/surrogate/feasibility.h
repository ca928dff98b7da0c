/* Where trials fail: the probability that an encoded point works. */
#ifndef AFINA_SURROGATE_FEASIBILITY_H
#define AFINA_SURROGATE_FEASIBILITY_H

#include "surrogate/gp_model.h"

struct feasibility {
    struct gp_record record; /* none before the first failure */
    /* Of 0 where a trial failed and 1 where it worked, so that of too many rows the failures
     * are kept. */
    struct gp_model model;
    size_t failures;
};

int32_t feasibility_init(struct feasibility *f, const struct gp_dimension *dimension, size_t d, size_t most_points);
void feasibility_fini(struct feasibility *f); /* a zeroed one is fine */

/* The last of the results of `all` has been told: whether it failed is learned. */
int32_t feasibility_told(struct feasibility *f, const struct gp_record *all);

/* log p(works) at n encoded points; `variance` is room for n. After gp_model_build(&f->model). */
void feasibility_log(const struct feasibility *f, const double *x, size_t n, double *log_p, double *variance);

/* And its gradient, rows of d; `by_variance` is room for n rows. n <= GP_GRADIENTS. */
void feasibility_log_gradient(const struct feasibility *f, const double *x, size_t n, double *log_p, double *variance,
                              double *gradient, double *by_variance);

#endif
