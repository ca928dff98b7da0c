/* A kernel density estimate (Parzen estimator) over encoded points: a mixture of a
 * product kernel around each of some points and of the prior.
 *
 * J. Bergstra, R. Bardenet, Y. Bengio, B. Kegl, "Algorithms for hyper-parameter
 * optimization", NeurIPS 2011, section 4, in the multivariate form. With kernels
 * x_1..x_n of weights w_k and the prior p of weight w_0 (all weights sum to 1),
 *
 *     f(x) = w_0 p(x) + sum_k w_k prod_j f_kj(x_j),   j over the active parameters of x.
 *
 * f_kj of a number is a normal density around x_kj truncated to [0, 1], where the
 * prior is uniform. Its standard deviation is the greater one of the distances to the
 * neighbours on either side, but at least `least` and half a cell of a discrete
 * parameter. f_kj of a category is (c p_j + [x_j = x_kj]) / (1 + c), c = choices /
 * (n + 1). Where parameter j is inactive in x_k, f_kj is the prior.
 */
#ifndef AFINA_SURROGATE_PARZEN_H
#define AFINA_SURROGATE_PARZEN_H

#include "core/rng.h"
#include "space/space.h"

struct parzen {
    const struct space *space;
    size_t d, size, capacity;
    /* A column of `capacity` for each parameter: */
    double *center;
    double *inverse;   /* of a number: 1 / standard deviation; 0: the prior */
    double *log_scale; /* of a number: logarithm of the density at the centre */
    /* Arrays of capacity + 1, the prior behind the last kernel: */
    double *weight, *log_weight;
    double *terms; /* workspace of the log densities */
    size_t *order; /* workspaces of parzen_fit: sorted kernels, and the ends of slices */
};

/* Allocates memory for `capacity` kernels. The space must live as long. */
int32_t parzen_init(struct parzen *p, const struct space *space, size_t capacity);
void parzen_fini(struct parzen *p); /* a zeroed one is fine */

void parzen_clear(struct parzen *p);

/* Adds a kernel of a positive weight; there are at most `capacity`. */
void parzen_add(struct parzen *p, const double *row, double weight);

/* Computes standard deviations and normalised weights after the last kernel was added. `prior` is the weight of the
 * prior. */
void parzen_fit(struct parzen *p, double prior, double least);

/* Draws a point. Every parameter gets a value, also one that will turn out inactive. */
void parzen_draw(const struct parzen *p, struct rng *rng, double *row);

/* log f of an encoded point. */
double parzen_log_density(const struct parzen *p, const double *row);

/* The same for parameter j alone, as if it were the only one. */
double parzen_draw_one(const struct parzen *p, size_t j, struct rng *rng);
double parzen_log_density_one(const struct parzen *p, size_t j, double x);

#endif
