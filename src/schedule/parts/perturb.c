#include "schedule/parts/perturb.h"

#include "core/fail.h"
#include "core/mem.h"

#include <math.h>

enum { MOST_ATTEMPTS = 20 };

int32_t perturb_init(struct perturb *perturb, struct space *space, double factor, double resample)
{
    *perturb = (struct perturb){.space = space, .factor = factor, .resample = resample};
    perturb->row = mem_new(space->size + 1, sizeof *perturb->row);
    perturb->fresh = mem_new(space->size + 1, sizeof *perturb->fresh);
    return perturb->row && perturb->fresh ? point_new(&perturb->sample, space) : fail_memory();
}

void perturb_fini(struct perturb *perturb)
{
    mem_free(perturb->row);
    mem_free(perturb->fresh);
    point_free(perturb->sample);
}

/* The value of an active parameter, encoded as u, or as the index of a category. `fresh` is one of a point that was
 * drawn from the prior, or ENCODED_INACTIVE there. */
static double change(const struct perturb *perturb, const struct parameter *parameter, double u, double fresh,
                     struct rng *rng)
{
    int draws = rng_uniform(rng) < perturb->resample, grows = rng_uniform(rng) < 0.5;
    if (draws && fresh != ENCODED_INACTIVE)
        return fresh;
    if (parameter->kind == AFINA_KIND_CATEGORICAL)
        return u;
    if (draws)
        return rng_uniform(rng);
    return grows ? fmin(1, u * perturb->factor) : u / perturb->factor;
}

/* An inactive parameter takes the value that was drawn: it counts if a change above makes it active. */
static void propose(const struct perturb *perturb, const struct point *from, struct rng *rng, struct point *out)
{
    const struct space *space = perturb->space;
    space_encode(space, from, perturb->row);
    space_encode(space, perturb->sample, perturb->fresh);
    for (size_t i = 0; i < space->size; i++) {
        double u = perturb->row[i], fresh = perturb->fresh[i];
        perturb->row[i] = u == ENCODED_INACTIVE ? fresh : change(perturb, &space->parameters[i], u, fresh, rng);
    }
    space_decode(space, perturb->row, out);
}

int32_t perturb_point(struct perturb *perturb, const struct point *from, struct rng *rng, struct point *out)
{
    for (int i = 0; i < MOST_ATTEMPTS; i++) {
        int32_t rc = space_sample(perturb->space, rng, perturb->sample);
        if (rc == AFINA_E_NO_POINT)
            break;
        if (rc)
            return rc;
        propose(perturb, from, rng, out);
        int32_t allowed = space_is_suggestible(perturb->space, out) ? space_allows(perturb->space, out) : 0;
        if (allowed)
            return allowed < 0 ? allowed : 0;
    }
    point_assign(out, from);
    return 0;
}
