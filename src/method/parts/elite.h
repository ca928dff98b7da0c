/* A search that keeps an elite archive: the best points told since it last restarted, which
 * a colony draws around and a genetic algorithm breeds.
 *
 * It begins with the points of the initial design, and the more is told the more of
 * the best it holds: max(least, growth sqrt(trials)). When all it holds are in one
 * place, or nothing came into it for long, it restarts where the design goes on,
 * with twice as many. Results of trials asked before that stay outside.
 *
 * There are no generations: a result enters when it is told, whatever runs.
 */
#ifndef AFINA_METHOD_ELITE_H
#define AFINA_METHOD_ELITE_H

#include "method/parts/searcher.h"

/* How many it holds. */
struct elite_size {
    size_t fixed; /* what the host said, raised to 4 where it is less; or 0, and: */
    size_t least, most;
    double growth;
};

/* Begins with a searcher, so that searcher_fini() releases it. */
struct elite {
    struct searcher search;
    struct elite_size size;
    struct archive best; /* by loss, failures last; the first elite_count() are held */
    size_t designed;     /* points of the design that run */
    uint64_t fresh;      /* results since this beginning */
    uint64_t stagnation; /* of them since one came in */
};

int32_t elite_init(struct elite *e, const struct method_context *context, enum plateau_policy policy,
                   struct elite_size size);

/* Takes every observation in. */
int32_t elite_observe(struct elite *e, const struct observation *observation);

/* How many are held now. */
size_t elite_count(const struct elite *e);

/* 1 while the initial design lasts, or there is too little to learn from. */
int elite_in_design(const struct elite *e);

/* Value j of the i-th best; of the best that has one where it is inactive there; a draw from the prior
 * where none has, or where a choice has no weight. */
double elite_value(const struct elite *e, size_t i, size_t j, struct rng *rng);

#endif
