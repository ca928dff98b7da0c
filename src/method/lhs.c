/* lhs: Latin hypercube designs, mapped through the priors.
 *
 * A design of n points cuts every parameter into n equally probable slices and
 * takes each slice once (numeric/latin.c has the formulas and the citations). After n
 * suggestions the next design begins. With criterion "maximin" a design is improved
 * before use, until its points keep their distance.
 *
 * A parameter that turns out inactive drops its coordinate. A refused point is
 * passed over, and the next of the design taken.
 */
#include "method/method.h"

#include "core/fail.h"
#include "core/mem.h"
#include "method/parts/sequence.h"
#include "numeric/latin.h"
#include "numeric/scramble.h"

#include <string.h>

struct lhs {
    const struct method_context *context;
    struct latin designs;
    double *u;     /* a point of the unit cube */
    uint64_t next; /* index of the next suggestion, over all designs */
};

static int32_t init(void *state, const struct method_context *context)
{
    struct lhs *m = state;
    struct rng rng;
    rng_start(&rng, context->seed, 0, RNG_DESIGN);
    uint64_t key = scramble_hash(rng_uint64(&rng), 2), points = (uint64_t)option_integer(context->options, "points");
    int kind = strcmp(option_string(context->options, "criterion"), "maximin") == 0 ? LATIN_MAXIMIN : LATIN_DRAWN;
    m->context = context;
    m->u = mem_new(context->space->size, sizeof *m->u);
    return m->u ? latin_init(&m->designs, context->space->size, points, kind, key) : fail_memory();
}

static int32_t observe(void *state, const struct observation *observation)
{
    struct lhs *m = state;
    sequence_observe(&m->next, observation);
    return 0;
}

static int32_t suggest(void *state, struct suggestion *suggestion)
{
    struct lhs *m = state;
    uint64_t index = m->next + suggestion->attempt;
    latin_point(&m->designs, index, m->u);
    space_from_unit(m->context->space, m->u, suggestion->point);
    sequence_write(suggestion, index + 1);
    return 0;
}

static void fini(void *state)
{
    struct lhs *m = state;
    latin_fini(&m->designs);
    mem_free(m->u);
}

static const struct option OPTIONS[] = {
    {"points", AFINA_OPTION_INTEGER, 1, 1e9, 20, "", "",
     "points of a design; best the number of trials, or a divisor of it"},
    {"criterion", AFINA_OPTION_STRING, 0, 0, 0, "maximin", "maximin,random",
     "maximin: points of a design keep their distance; random: as drawn"},
};

const struct method method_lhs = {
    .name = "lhs",
    .summary = "Latin hypercube designs: every slice of every parameter once",
    .traits = METHOD_MANY_OBJECTIVES,
    .options = OPTIONS,
    .n_options = sizeof OPTIONS / sizeof *OPTIONS,
    .state_size = sizeof(struct lhs),
    .init = init,
    .observe = observe,
    .suggest = suggest,
    .fini = fini,
};
