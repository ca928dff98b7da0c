#include "method/parts/startup.h"

#include "core/fail.h"
#include "core/mem.h"
#include "method/parts/sequence.h"

int32_t startup_init(struct startup *s, const struct method_context *context, uint64_t size)
{
    struct rng rng;
    *s = (struct startup){.context = context, .size = size};
    s->u = mem_new(context->space->size, sizeof *s->u);
    if (!s->u)
        return fail_memory();
    rng_start(&rng, context->seed, 0, RNG_DESIGN);
    return sobol_init(&s->sequence, context->space->size, rng_uint64(&rng));
}

void startup_fini(struct startup *s)
{
    sobol_fini(&s->sequence);
    mem_free(s->u);
    *s = (struct startup){0};
}

/* Notes of another kind are those of suggestions that were not of the design. The design has
 * a trial more for each that was lost. */
void startup_observe(struct startup *s, const struct observation *observation)
{
    if (observation->kind == OBSERVED_TOLD && observation->state == AFINA_STATE_LOST && s->asked > 0)
        s->asked--;
    s->asked += observation->kind == OBSERVED_ASKED;
    if (observation->note_size == 2)
        sequence_observe(&s->index, observation);
}

int startup_read(struct startup *s, const struct observation *observation, double *x)
{
    if (observation->kind == OBSERVED_REPORT)
        return 0;
    startup_observe(s, observation);
    space_encode(s->context->space, observation->point, x);
    return 1;
}

int startup_lasts(const struct startup *s)
{
    return s->asked < s->size;
}

void startup_suggest(const struct startup *s, struct suggestion *suggestion)
{
    uint64_t index = s->index + suggestion->attempt;
    sequence_write(suggestion, index + 1);
    if (index == 0) {
        space_default(s->context->space, suggestion->point);
    } else {
        sobol_point(&s->sequence, index - 1, s->u);
        space_from_unit(s->context->space, s->u, suggestion->point);
    }
}
