/* A whole method, as CONTRIBUTING.md tells to write one: a walk that stays at the best point.
 * It is in no registry; the laws run over it as over the others.
 *
 * A suggestion changes one parameter of the best point by a normal step. The deviation doubles
 * when the step led to a better point, and shrinks when it did not.
 */
#ifndef AFINA_TESTS_CONTRACT_WALK_H
#define AFINA_TESTS_CONTRACT_WALK_H

#include "core/fail.h"
#include "method/parts/searcher.h"

struct walk {
    struct searcher search;
    double *best; /* the row of the best point */
    double loss, width;
};

static int32_t walk_init(void *state, const struct method_context *context)
{
    struct walk *m = state;
    int32_t rc = searcher_init(&m->search, context, LEAVES_PLATEAUS);
    if (rc)
        return rc;
    m->loss = INFINITY;
    m->width = 0.25;
    m->best = searcher_array(&m->search, m->search.d, sizeof *m->best);
    return m->best ? 0 : fail_memory();
}

static int32_t walk_observe(void *state, const struct observation *observation)
{
    struct walk *m = state;
    int32_t event = searcher_observe(&m->search, observation);
    if (event != SEARCH_RESULT)
        return event < 0 ? event : 0;
    int is_better = m->search.loss < m->loss;
    m->width = fmin(fmax(m->width * (is_better ? 2 : 0.84), 1e-6), 0.5);
    if (is_better) {
        m->loss = m->search.loss;
        memcpy(m->best, m->search.x, m->search.d * sizeof *m->best);
    }
    return 0;
}

static int32_t walk_suggest(void *state, struct suggestion *suggestion)
{
    struct walk *m = state;
    if (searcher_suggest(&m->search, m->loss == INFINITY, suggestion))
        return 0;
    space_decode(m->search.space, m->best, suggestion->point);
    row_mutate(m->search.space, suggestion->point, 1 + suggestion->attempt, m->width, suggestion->rng);
    return 0;
}

static const struct method method_walk = {
    .name = "random", /* logs know methods by name: it passes as one without options */
    .summary = "a walk that stays at the best point",
    .traits = METHOD_LEARNS,
    .state_size = sizeof(struct walk),
    .init = walk_init,
    .observe = walk_observe,
    .suggest = walk_suggest,
    .fini = searcher_fini,
};

#endif
