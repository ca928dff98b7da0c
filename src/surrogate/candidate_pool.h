/* Points among which the searches for the best acquisition start. */
#ifndef AFINA_SURROGATE_CANDIDATE_POOL_H
#define AFINA_SURROGATE_CANDIDATE_POOL_H

#include "core/rng.h"
#include "numeric/quasi_random.h"
#include "space/space.h"

struct candidate_pool {
    struct space *space;
    size_t d;
    size_t spread, local, capacity; /* sizes of the parts, and of all of it */
    double *rows;                   /* encoded points, rows of d */
    size_t count;
    struct sobol sobol;
    struct point *point;
    double *shift, *row; /* d each */
};

/* `candidates` of them, beside those near the incumbents in one category, and room for `extra`. */
int32_t candidate_pool_init(struct candidate_pool *c, struct space *space, size_t candidates, size_t extra);
void candidate_pool_fini(struct candidate_pool *c); /* a zeroed one is fine */

/* Draws it anew: `spread` rows, then those near the n incumbents (best first), which are the
 * last. Returns the row of the first of them. */
size_t candidate_pool_fill(struct candidate_pool *c, const double *incumbents, size_t n, struct rng *rng);

/* Room for one more. */
double *candidate_next(struct candidate_pool *c);

/* A row becomes the encoding of the nearest point of the space. */
void candidate_settle(struct candidate_pool *c, double *x);

/* 1 when the k-th of a discrete parameter's values has positive weight. */
int candidate_value_allowed(const struct parameter *p, uint64_t k);

#endif
