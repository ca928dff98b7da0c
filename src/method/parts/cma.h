/* The normal density of CMA-ES on R^n, and how ranked steps change it.
 *
 *     x ~ N(m, sigma^2 D C D),   x = m + sigma D y,   y = A z,   A A' = C,   z ~ N(0, 1)
 *
 * N. Hansen, "The CMA evolution strategy: a tutorial", arXiv 1604.00772, whose symbols
 * and constants these are, negative weights included. A is the Cholesky factor and not
 * the symmetric root, which serves as well and costs less: O. Krause, D. R. Arbones,
 * C. Igel, NeurIPS 2016. D = diag(max(1, least_j / (sigma sqrt(C_jj)))) keeps the
 * deviation of coordinate j at `least_j` or more, for what is discrete.
 *
 * Above CMA_MOST_FULL coordinates C is diagonal: R. Ros, N. Hansen, "A simple
 * modification in CMA-ES achieving linear time and space complexity", PPSN 2008.
 */
#ifndef AFINA_METHOD_CMA_H
#define AFINA_METHOD_CMA_H

#include "core/rng.h"

#include <stddef.h>
#include <stdint.h>

enum { CMA_MOST_FULL = 100 };

struct cma {
    size_t n;
    size_t most;   /* lambda, at most */
    int separable; /* c and factor are diagonals: n numbers */
    size_t lambda; /* steps that an update takes */
    double *mean, sigma;
    double *least; /* deviation of each coordinate: the owner's, at the start 0 */
    /* Inside. */
    double *weight; /* of rank 0 .. lambda - 1 for C; those above 0 have the sum 1 */
    double mu_eff, c_sigma, d_sigma, c_c, c_1, c_mu, chi;
    double *c, *factor; /* n x n, column-major; the lower triangle counts */
    double *stretch;    /* D */
    double *path_sigma, *path_c;
    uint64_t generation; /* since the start */
    uint64_t factored;   /* generation of the factor */
    double *y, *z;       /* n x most */
    double *share, *sum; /* of each step in m, then in C; means: 2 most, 2 n */
};

/* n > 0, most >= 2. */
int32_t cma_init(struct cma *s, size_t n, size_t most);
void cma_fini(struct cma *s); /* a zeroed one is fine */

/* Weights and rates for 2 <= lambda <= most steps. */
void cma_set_lambda(struct cma *s, size_t lambda);

/* Begins a search at the mean: C = I, and both paths are 0. */
void cma_start(struct cma *s, const double *mean, double sigma);

/* Begins a search where the best of earlier results x[i] are: N(their mean, their covariance + width^2 1).
 * M. Nomura, S. Watanabe, Y. Akimoto, Y. Ozaki, M. Onishi, "Warm starting CMA-ES for
 * hyperparameter optimization", AAAI 2021. */
void cma_start_from(struct cma *s, const double *const *x, size_t count, double width);

/* Computes D again, which is to be done after a change of `least`. */
void cma_stretch(struct cma *s);

void cma_draw(struct cma *s, struct rng *rng, double *x);

/* Brings an x from elsewhere as near as a draw is likely to be, so that it may be learned
 * from: ||A^-1 y|| <= sqrt(n) + 2 n / (n + 2). N. Hansen, "Injecting external
 * solutions into CMA-ES", arXiv 1110.4181. */
void cma_bound(struct cma *s, double *x);

/* Learns from `lambda` rows x[i] by ascending loss. Equal losses share their weights.
 * 0, or 1 when C is no longer positive definite: then the caller restarts. */
int cma_update(struct cma *s, const double *const *x, const double *loss);

/* Widens the density, for a generation in which all losses are equal. */
void cma_widen(struct cma *s);

/* The deviation of coordinate j. */
double cma_deviation(const struct cma *s, size_t j);

#endif
