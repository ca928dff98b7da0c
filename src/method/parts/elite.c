#include "method/parts/elite.h"

#include <math.h>

/* The least that the host may fix, the numbers in a note of the design, and the results
 * that bring nothing, for each point held, after which it restarts. */
enum { LEAST_FIXED = 4, DESIGN_NOTE = 2, MOST_STAGNATION = 20 };

int32_t elite_init(struct elite *e, const struct method_context *context, enum plateau_policy policy,
                   struct elite_size size)
{
    if (size.fixed > 0) {
        size.fixed = size.fixed < LEAST_FIXED ? LEAST_FIXED : size.fixed;
        size.least = size.most = size.fixed;
    }
    *e = (struct elite){.size = size};
    int32_t rc = searcher_init(&e->search, context, policy);
    return rc ? rc : searcher_archive(&e->search, &e->best, e->search.d, size.most);
}

static size_t count_wanted(const struct elite *e)
{
    double n = fmax((double)e->size.least, e->size.growth * sqrt((double)e->search.told));
    return (size_t)fmin(n, (double)e->size.most);
}

size_t elite_count(const struct elite *e)
{
    size_t wanted = count_wanted(e);
    return e->best.size < wanted ? e->best.size : wanted;
}

/* ------------------------------------------------------------------- learning */

static void restart(struct elite *e)
{
    size_t twice = 2 * e->size.least;
    e->best.size = 0;
    e->fresh = 0;
    e->stagnation = 0;
    e->size.least = twice < e->size.most ? twice : e->size.most;
    searcher_restart(&e->search);
}

static void put(struct elite *e, int64_t number)
{
    struct searcher *s = &e->search;
    size_t wanted = count_wanted(e);
    size_t place = archive_put(&e->best, s->loss, number, s->loss, s->x);
    e->fresh++;
    e->stagnation = place < wanted ? 0 : e->stagnation + 1;
    int is_full = e->best.size >= wanted;
    if (is_full && (e->stagnation >= MOST_STAGNATION * wanted || archive_is_gathered(&e->best, wanted)))
        restart(e);
}

int32_t elite_observe(struct elite *e, const struct observation *observation)
{
    int32_t event = searcher_observe(&e->search, observation);
    if (event <= 0)
        return event;
    size_t is_designed = e->search.note_size == DESIGN_NOTE;
    if (event == SEARCH_ASKED)
        e->designed += is_designed;
    else
        e->designed -= is_designed;
    if (event == SEARCH_RESULT)
        put(e, observation->number);
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
    return row_active(&e->search.space->parameters[j], x, rng);
}
