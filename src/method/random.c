/* random: independent draws from the prior.
 *
 * Trial k draws from the stream of (seed, k) alone, so the points do not depend
 * on results, on the order of tells or on the number of workers. J. Bergstra and
 * Y. Bengio, "Random search for hyper-parameter optimization", JMLR 13 (2012):
 * of n points all n differ in the parameter that matters, where a grid of n
 * points has only n^(1/d) values of it; 60 draws have one in the best 5 % with
 * probability 1 - 0.95^60 = 0.954.
 *
 * Conditions, steps, weights and the filter are obeyed by the sampler. A draw
 * that the study has seen is drawn again.
 */
#include "method/parts/stateless.h"

struct random {
    const struct method_context *context;
};

static int32_t init(void *state, const struct method_context *context)
{
    struct random *m = state;
    m->context = context;
    return 0;
}

/* A further attempt finds the stream where the refused one left it. A filter that
 * allows next to nothing is no reason to give up: the last draw goes to the frame,
 * which refuses it too and, in a finite space, looks through all the others. */
static int32_t suggest(void *state, struct suggestion *suggestion)
{
    const struct random *m = state;
    int32_t rc = space_sample(m->context->space, suggestion->rng, suggestion->point);
    return rc == AFINA_E_NO_POINT ? 0 : rc;
}

const struct method method_random = {
    .name = "random",
    .summary = "independent draws from the prior",
    .traits = METHOD_MANY_OBJECTIVES,
    .state_size = sizeof(struct random),
    .init = init,
    .observe = stateless_observe,
    .suggest = suggest,
    .fini = stateless_fini,
};
