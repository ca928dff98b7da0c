/* Candidates ranked by what a trained process says of them. */
#ifndef AFINA_SURROGATE_GP_SEARCH_H
#define AFINA_SURROGATE_GP_SEARCH_H

#include "surrogate/acquisition_search.h"
#include "surrogate/gp_model.h"

struct gp_search {
    size_t d;
    struct acquisition acquisition;
    struct acquisition_search candidates; /* the pool, ranked */
    const struct gp_model *model;         /* the one of the last run */
    double *incumbents;                   /* rows of the least posterior means, best first */
    double best_noise;                    /* noise ratio of the first incumbent's result */
};

/* `space` is a snapshot and outlives the search; `count`: the size of the pool. */
int32_t gp_search_init(struct gp_search *s, struct space *space, const struct acquisition *acquisition, size_t count);
void gp_search_fini(struct gp_search *s); /* a zeroed one is fine */

/* Ranks the candidates of trial `number` for a model that was built; `feasible` (NULL: all points work)
 * weighs them. */
int32_t gp_search_run(struct gp_search *s, const struct gp_model *model, const struct feasibility *feasible,
                      int64_t number, struct rng *rng);

/* 1 when the best candidate lies in the basin of the best point: no further from it than one length scale, and
 * noise is not what keeps it there. After gp_search_run(). */
int gp_search_is_local(const struct gp_search *s);

#endif
