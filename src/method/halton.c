/* halton: a scrambled Halton sequence, mapped through the priors.
 *
 * The k-th suggestion is point k of the sequence (numeric/quasi_random.c has the
 * formula and the citations) under the inverse of every prior's distribution
 * function. Coordinate j has the base of the j-th prime p_j: any p_j^m points in
 * a row from the start have one value in each of the p_j^m equally probable
 * slices, so the first parameters of the space, which get the small primes, are
 * covered best. No number of points is special, as powers of two are for sobol.
 *
 * A parameter that turns out inactive drops its coordinate. A point that is
 * refused (seen before, or forbidden by the filter) is passed over, and the next
 * of the sequence taken.
 */
#include "method/method.h"

#include "core/fail.h"
#include "core/mem.h"
#include "method/position.h"
#include "numeric/quasi_random.h"

struct halton_state {
    const struct method_context *context;
    struct halton sequence;
    double *u;     /* a point of the unit cube */
    uint64_t next; /* index of the next suggestion */
};

static int32_t init(void *state, const struct method_context *context)
{
    struct halton_state *m = state;
    struct rng rng;
    rng_start(&rng, context->seed, 0, RNG_DESIGN);
    m->context = context;
    m->u = mem_new(context->space->size, sizeof *m->u);
    if (!m->u)
        return fail_memory();
    return halton_init(&m->sequence, context->space->size, rng_uint64(&rng));
}

static int32_t observe(void *state, const struct observation *observation)
{
    struct halton_state *m = state;
    position_observe(&m->next, observation);
    return 0;
}

static int32_t suggest(void *state, struct suggestion *suggestion)
{
    struct halton_state *m = state;
    uint64_t index = m->next + suggestion->attempt;
    halton_point(&m->sequence, index, m->u);
    space_from_unit(m->context->space, m->u, suggestion->point);
    position_write(suggestion, index + 1);
    return 0;
}

static void fini(void *state)
{
    struct halton_state *m = state;
    halton_fini(&m->sequence);
    mem_free(m->u);
}

const struct method method_halton = {
    .name = "halton",
    .summary = "a scrambled Halton sequence: even coverage for any number of trials",
    .traits = METHOD_MANY_OBJECTIVES | METHOD_CONSTRAINTS,
    .state_size = sizeof(struct halton_state),
    .init = init,
    .observe = observe,
    .suggest = suggest,
    .fini = fini,
};
