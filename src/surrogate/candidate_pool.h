/* The candidates from which the searches for the best acquisition start. */
#ifndef AFINA_SURROGATE_CANDIDATE_POOL_H
#define AFINA_SURROGATE_CANDIDATE_POOL_H

#include "core/rng.h"
#include "numeric/quasi_random.h"
#include "space/space.h"

struct candidate_pool {
    struct space *space;
    size_t d;
    size_t spread, local, capacity; /* rows over the whole space; near the incumbents; of which there is room */
    double *rows;                   /* encoded points, rows of d */
    size_t count;
    struct sobol sobol;
    struct point *point;
    double *shift, *row; /* d each */
};

/* Makes a pool of `candidates` rows, further ones that differ from the best in one category, and room for
 * `extra` more. */
int32_t candidate_pool_init(struct candidate_pool *c, struct space *space, size_t candidates, size_t extra);
void candidate_pool_fini(struct candidate_pool *c); /* a zeroed one is fine */

/* Draws the pool anew: `spread` rows, then rows near the n incumbents (best first), then the incumbents
 * themselves. Returns the row of the first incumbent. */
size_t candidate_pool_fill(struct candidate_pool *c, const double *incumbents, size_t n, struct rng *rng);

/* Adds a row, for which there is room, and returns it; the caller fills it. */
double *candidate_next(struct candidate_pool *c);

/* Replaces a row by the encoding of the nearest point of the space. */
void candidate_settle(struct candidate_pool *c, double *x);

/* 1 when the k-th value of a discrete parameter has positive weight. */
int candidate_value_allowed(const struct parameter *p, uint64_t k);

#endif
