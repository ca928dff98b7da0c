/* Points at which a model is asked where its objective is best: all different, valid, and allowed by the host's
 * filter, which is called for each. Without `held` and `result` of the model the finished trials are not among them;
 * without `length_scale` every scale counts as 1. */
#ifndef AFINA_SURROGATE_MODEL_CANDIDATES_H
#define AFINA_SURROGATE_MODEL_CANDIDATES_H

#include "core/rng.h"
#include "space/point_set.h"
#include "surrogate/surrogate.h"

struct model_candidates {
    const struct surrogate *surrogate;
    struct space *space;
    size_t count, capacity;
    struct point **points; /* `count` of them, owned */
    double *x;             /* their encoded rows */
    struct point_set set;
    struct rng rng;
    /* Workspaces. */
    struct point *point;
    double *u;
};

/* An exception of the filter passes through: the holder of candidates frees them in any case. */
#define MODEL_CANDIDATES_SCOPE __attribute__((cleanup(model_candidates_fini)))

/* Room for `more` points and those of the finished trials. The draws are keyed by the seed. */
int32_t model_candidates_init(struct model_candidates *c, const struct surrogate *surrogate, struct space *space,
                              size_t more, uint64_t seed);
void model_candidates_fini(struct model_candidates *c); /* a zeroed one is fine */

/* n draws from the priors; what is refused or there already is left out. */
int32_t model_candidates_spread(struct model_candidates *c, size_t n);

/* The points of the finished trials with a finite loss. */
int32_t model_candidates_add_results(struct model_candidates *c);

/* n steps away from a candidate. The length of a step is a random multiple, log-uniform in [low, high], of the length
 * scale of each parameter. In every second step a parameter of length scale l is drawn anew with probability
 * min(1, l / 2): what does not matter to the model does not stay where the candidate has it. */
int32_t model_candidates_step(struct model_candidates *c, size_t candidate, double low, double high, size_t n);

/* The candidate whose p-quantile of the loss is least, the first of equals; there must be one. */
size_t model_candidates_least(const struct model_candidates *c, double p);

/* Keeps the `most` candidates with the least p-quantiles, and the one of the least median. */
int32_t model_candidates_keep(struct model_candidates *c, double p, size_t most);

/* AFINA_E_NO_POINT when there is none. */
int32_t model_candidates_check(const struct model_candidates *c);

#endif
