/* The probabilities of every categorical parameter's choices, and how ranked choices change
 * them: the natural gradient with a step whose length adapts.
 *
 * Y. Akimoto, S. Shirakawa, N. Yoshinari, K. Uchida, S. Saito, K. Nishida, "Adaptive
 * stochastic natural gradient method for one-shot neural architecture search", ICML
 * 2019; in CMA-ES: R. Hamano, S. Saito, M. Nomura, K. Uchida, S. Shirakawa, "CatCMA",
 * GECCO 2024. With one-hot c_i of weight w_i and probabilities q
 *
 *     g = sum_i w_i (c_i - q),   q += delta g / ||g||,   ||.|| by Fisher's metric,
 *
 * delta = sqrt(count) / Delta; Delta grows while the g of successive generations
 * disagree. No choice that has a weight in the space is less likely than the margin
 * (1 - 0.73^(1/N)) / (K - 1) of cells.h, N of discrete parameters, K of choices.
 *
 * Where we differ: theirs begins with delta = 1 for all parameters together. One for
 * each learns twice as much of twenty categories in a hundred trials.
 */
#ifndef AFINA_METHOD_CATEGORICAL_H
#define AFINA_METHOD_CATEGORICAL_H

#include "method/method.h"

struct categorical {
    const struct space *space;
    size_t count;      /* categorical parameters */
    size_t *parameter; /* their indices */
    size_t *offset;    /* where the choices of each begin in q; count + 1 */
    size_t *usable;    /* choices that have a weight */
    double *q;         /* the probabilities */
    double discrete;   /* N */
    /* Inside: g, its normed form, and the sum of those. */
    double *g, *unit, *path;
    double gamma, big_delta;
};

int32_t categorical_init(struct categorical *c, const struct space *space);
void categorical_fini(struct categorical *c); /* a zeroed one is fine */

/* Back to the weights of the space. */
void categorical_start(struct categorical *c);

/* choice[k]: an index, for categorical parameter k. */
void categorical_draw(const struct categorical *c, struct rng *rng, double *choice);

/* Learns from n rows of choices; ENCODED_INACTIVE where a parameter took no part. */
void categorical_update(struct categorical *c, const double *const *choice, const double *weight, size_t n);

#endif
