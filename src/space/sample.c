/* Draws from the prior. */
#include "core/fail.h"
#include "core/rng.h"
#include "space/space.h"

/* 1 when a double in [0, 1] cannot tell all values of a uniform integer apart. Such a
 * parameter is drawn by its index. */
static int is_wide(const struct parameter *p)
{
    return p->kind == AFINA_KIND_INTEGER && p->prior == AFINA_PRIOR_UNIFORM && p->scale == AFINA_SCALE_LINEAR &&
           p->last >= (uint64_t)1 << 52;
}

static void draw(const struct space *space, struct rng *rng, struct point *out)
{
    for (size_t i = 0; i < space->size; i++) {
        const struct parameter *p = &space->parameters[i];
        out->value[i] =
            is_wide(p) ? parameter_value_at(p, rng_below(rng, p->last + 1)) : parameter_from_unit(p, rng_uniform(rng));
    }
    space_resolve(space, out, 1);
}

int32_t space_sample(struct space *space, struct rng *rng, struct point *out)
{
    for (int i = 0; i < SPACE_SAMPLE_TRIES; i++) {
        draw(space, rng, out);
        int32_t allowed = space_allows(space, out);
        if (allowed)
            return allowed < 0 ? allowed : 0;
    }
    return fail(AFINA_E_NO_POINT, "the filter refused all of %d points drawn from the space", SPACE_SAMPLE_TRIES);
}
