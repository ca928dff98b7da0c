#include "method/parts/elite.h"

#include "core/fail.h"
#include "core/mem.h"
#include "method/parts/row.h"
#include "method/parts/told.h"

#include <math.h>

/* The least that the host may fix, the numbers in a note of the design, and the results
 * that bring nothing, for each point held, after which it begins anew. */
enum { LEAST_FIXED = 4, DESIGN_NOTE = 2, MOST_BARREN = 20 };

int32_t elite_init(struct elite *e, const struct method_context *context, struct elite_size size)
{
    size_t d = context->space->size;
    if (size.fixed > 0) {
        size.fixed = size.fixed < LEAST_FIXED ? LEAST_FIXED : size.fixed;
        size.least = size.most = size.fixed;
    }
    *e = (struct elite){.context = context, .d = d, .size = size, .pending = {.d = d}};
    e->x = mem_new(d, sizeof *e->x);
    if (!e->x)
        return fail_memory();
    int32_t rc = archive_init(&e->best, d, size.most);
    return rc ? rc : startup_init(&e->startup, context, 0);
}

void elite_fini(struct elite *e)
{
    startup_fini(&e->startup);
    pending_fini(&e->pending);
    archive_fini(&e->best);
    mem_free(e->x);
    *e = (struct elite){0};
}

static size_t count_wanted(const struct elite *e)
{
    double n = fmax((double)e->size.least, e->size.growth * sqrt((double)e->told));
    return (size_t)fmin(n, (double)e->size.most);
}

size_t elite_count(const struct elite *e)
{
    size_t wanted = count_wanted(e);
    return e->best.size < wanted ? e->best.size : wanted;
}

/* ------------------------------------------------------------------- learning */

static void begin_anew(struct elite *e)
{
    size_t twice = 2 * e->size.least;
    e->best.size = 0;
    e->fresh = 0;
    e->barren = 0;
    e->first = e->asked;
    e->size.least = twice < e->size.most ? twice : e->size.most;
}

static void put(struct elite *e, int64_t number, double loss)
{
    size_t wanted = count_wanted(e);
    size_t place = archive_put(&e->best, loss, number, loss, e->x);
    e->fresh++;
    e->barren = place < wanted ? 0 : e->barren + 1;
    int is_full = e->best.size >= wanted;
    if (is_full && (e->barren >= MOST_BARREN * wanted || archive_is_gathered(&e->best, wanted)))
        begin_anew(e);
}

static void observe_told(struct elite *e, const struct observation *o)
{
    const struct pending_trial *trial = pending_find(&e->pending, o->number);
    e->designed -= (size_t)(trial && trial->note_size == DESIGN_NOTE);
    pending_remove(&e->pending, o->number);
    if (!told_counts(o))
        return;
    e->told++;
    if (o->number >= e->first)
        put(e, o->number, told_loss(o));
}

static int32_t observe_asked(struct elite *e, const struct observation *o)
{
    int32_t rc = pending_add(&e->pending, o, e->x);
    e->asked++;
    if (!rc)
        e->designed += (size_t)(o->note_size == DESIGN_NOTE);
    return rc;
}

int32_t elite_observe(struct elite *e, const struct observation *observation)
{
    if (observation->kind == OBSERVED_REPORT)
        return 0;
    startup_observe(&e->startup, observation);
    space_encode(e->context->space, observation->point, e->x);
    if (observation->kind == OBSERVED_ASKED)
        return observe_asked(e, observation);
    observe_told(e, observation);
    return 0;
}

/* ----------------------------------------------------------------- suggesting */

int elite_in_design(const struct elite *e)
{
    return e->best.size + e->designed < e->size.least || e->best.size < 2 || archive_results(&e->best) == 0;
}

double elite_value(const struct elite *e, size_t i, size_t j, struct rng *rng)
{
    const struct archived *all = e->best.entries;
    size_t n = elite_count(e), best = 0;
    double x = all[i].x[j];
    while (x == ENCODED_INACTIVE && best < n)
        x = all[best++].x[j];
    return row_active(&e->context->space->parameters[j], x, rng);
}
