/* Maximises the acquisition function over mixed and conditional spaces: a pool of candidates, then
 * local searches from the most promising ones. */
#ifndef AFINA_SURROGATE_ACQUISITION_SEARCH_H
#define AFINA_SURROGATE_ACQUISITION_SEARCH_H

#include "numeric/bounded.h"
#include "surrogate/acquisition.h"
#include "surrogate/candidate_pool.h"
#include "surrogate/feasibility.h"
#include "surrogate/gaussian_process.h"

enum { SEARCH_STARTS = 10, SEARCH_INCUMBENTS = 5 };

struct acquisition_search {
    struct space *space;
    size_t d;
    struct gp_dimension *dimension; /* of the space's parameters */
    unsigned char *discrete;        /* 1: searched by trying values; 0: by gradients */
    int n_continuous, n_discrete;   /* coordinates searched by gradients; discrete ones of more than one value */
    struct candidate_pool pool;
    double *value, *mean, *variance; /* of the rows of the pool */
    size_t *ranked;                  /* indices of the rows, best first after a run */
    double *row;                     /* d */
    /* Local searches. */
    struct bounded search[SEARCH_STARTS];
    double *start, *batch, *by_mean, *by_variance, *by_log_p, *trial, *low, *high;
    double start_value[SEARCH_STARTS];
    unsigned char running[SEARCH_STARTS];
};

/* `space` is a snapshot and outlives the search. candidates: size of the pool. */
int32_t acquisition_search_init(struct acquisition_search *s, struct space *space, size_t candidates);
void acquisition_search_fini(struct acquisition_search *s); /* a zeroed one is fine */

/* Ranks candidates for a trained process; `feasible` (NULL: all points work) weighs them.
 * `incumbents` are up to SEARCH_INCUMBENTS encoded points, best first. All rows are encodings of points
 * of the space; the filter is not asked. */
int32_t acquisition_search_run(struct acquisition_search *s, const struct gaussian_process *gp,
                               const struct feasibility *feasible, const struct acquisition *acquisition,
                               const double *incumbents, size_t n_incumbents, struct rng *rng);

/* The k-th best candidate, k < pool.count. */
const double *acquisition_search_candidate(const struct acquisition_search *s, size_t k);

#endif
