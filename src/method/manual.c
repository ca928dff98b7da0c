/* manual: trial and error. The host enqueues every point (afina_enqueue), the
 * study keeps the log, and there is never a point of the method's own: an ask
 * with an empty queue answers AFINA_EXHAUSTED. */
#include "method/parts/stateless.h"

static int32_t init(void *state, const struct method_context *context)
{
    (void)state;
    (void)context;
    return 0;
}

static int32_t suggest(void *state, struct suggestion *suggestion)
{
    (void)state;
    (void)suggestion;
    return AFINA_EXHAUSTED;
}

const struct method method_manual = {
    .name = "manual",
    .summary = "trial and error: only the points that the host enqueues",
    .traits = METHOD_MANY_OBJECTIVES | METHOD_ENDS | METHOD_HOST_ONLY,
    .state_size = 1,
    .init = init,
    .observe = stateless_observe,
    .suggest = suggest,
    .fini = stateless_fini,
};
