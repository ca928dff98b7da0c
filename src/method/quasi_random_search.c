/* sobol and halton: a scrambled sequence of even coverage, mapped through the priors.
 *
 * The k-th suggestion is point k of the sequence (numeric/quasi_random.c has the
 * formulas and the citations) under the inverse of every prior's distribution
 * function.
 *
 * Of Sobol's, any first 2^m points have exactly one value in each of the 2^m equally
 * probable slices of every parameter, and pairs of parameters are nearly as even; the
 * order of the parameters in the space hardly matters. Of Halton's, coordinate j has
 * the base of the j-th prime p_j: any p_j^m points in a row from the start have one
 * value in each of the p_j^m slices, so the first parameters of the space, which get
 * the small primes, are covered best. No number of points is special, as powers of
 * two are for Sobol's.
 *
 * A parameter that turns out inactive drops its coordinate. A point that is
 * refused (seen before, or forbidden by the filter) is passed over, and the next
 * of the sequence taken.
 */
#include "method/method.h"

#include "core/fail.h"
#include "core/mem.h"
#include "method/parts/sequence.h"
#include "numeric/quasi_random.h"

struct quasi_random {
    const struct method_context *context;
    struct sobol sobol; /* of the two the other is empty */
    struct halton halton;
    double *u;     /* a point of the unit cube */
    uint64_t next; /* index of the next suggestion */
};

/* Sets what both methods share; *seed is the seed of the sequence. */
static int32_t init(struct quasi_random *m, const struct method_context *context, uint64_t *seed)
{
    struct rng rng;
    rng_start(&rng, context->seed, 0, RNG_DESIGN);
    *seed = rng_uint64(&rng);
    m->context = context;
    m->u = mem_new(context->space->size, sizeof *m->u);
    return m->u ? 0 : fail_memory();
}

static int32_t init_sobol(void *state, const struct method_context *context)
{
    struct quasi_random *m = state;
    uint64_t seed;
    int32_t rc = init(m, context, &seed);
    return rc ? rc : sobol_init(&m->sobol, context->space->size, seed);
}

static int32_t init_halton(void *state, const struct method_context *context)
{
    struct quasi_random *m = state;
    uint64_t seed;
    int32_t rc = init(m, context, &seed);
    return rc ? rc : halton_init(&m->halton, context->space->size, seed);
}

static int32_t observe(void *state, const struct observation *observation)
{
    struct quasi_random *m = state;
    sequence_observe(&m->next, observation);
    return 0;
}

static uint64_t index_of(const struct quasi_random *m, const struct suggestion *suggestion)
{
    return m->next + suggestion->attempt;
}

/* Suggests the point of the unit cube that m->u holds. */
static int32_t propose(const struct quasi_random *m, struct suggestion *suggestion)
{
    space_from_unit(m->context->space, m->u, suggestion->point);
    sequence_write(suggestion, index_of(m, suggestion) + 1);
    return 0;
}

static int32_t suggest_sobol(void *state, struct suggestion *suggestion)
{
    struct quasi_random *m = state;
    sobol_point(&m->sobol, index_of(m, suggestion), m->u);
    return propose(m, suggestion);
}

static int32_t suggest_halton(void *state, struct suggestion *suggestion)
{
    struct quasi_random *m = state;
    halton_point(&m->halton, index_of(m, suggestion), m->u);
    return propose(m, suggestion);
}

static void fini(void *state)
{
    struct quasi_random *m = state;
    sobol_fini(&m->sobol);
    halton_fini(&m->halton);
    mem_free(m->u);
}

const struct method method_sobol = {
    .name = "sobol",
    .summary = "a scrambled Sobol sequence: random search with even coverage",
    .traits = METHOD_MANY_OBJECTIVES,
    .state_size = sizeof(struct quasi_random),
    .init = init_sobol,
    .observe = observe,
    .suggest = suggest_sobol,
    .fini = fini,
};

const struct method method_halton = {
    .name = "halton",
    .summary = "a scrambled Halton sequence: even coverage for any number of trials",
    .traits = METHOD_MANY_OBJECTIVES,
    .state_size = sizeof(struct quasi_random),
    .init = init_halton,
    .observe = observe,
    .suggest = suggest_halton,
    .fini = fini,
};
