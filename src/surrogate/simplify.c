/* The threshold is the standard deviation that the model gives to the objective (noise left out) at the point. With
 * results of deviation s that is about s / sqrt(m), where m results were told at the point or nearer to it than the
 * length scales: the precision to which the point's own loss is known. It tends to 0 where results have no noise, and
 * then nothing goes back that costs anything. */
#include "surrogate/simplify.h"

#include "core/fail.h"
#include "core/mem.h"
#include "core/order.h"

#include <math.h>

struct simplifier {
    const struct surrogate *surrogate;
    struct space *space;
    struct point *point, *trial; /* as it is so far; one change of it */
    double limit;                /* of the mean loss */
    double *x, *harm;            /* d each */
    size_t *order;
};

/* An exception of the filter passes through. */
static void fini(struct simplifier *s)
{
    point_free(s->trial);
    mem_free(s->x);
    mem_free(s->order);
}

static int32_t init(struct simplifier *s)
{
    size_t d = s->space->size;
    double sd;
    s->x = mem_new(d, 2 * sizeof *s->x);
    s->order = mem_new(d, sizeof *s->order);
    if (!s->x || !s->order)
        return fail_memory();
    s->harm = s->x + d;
    space_encode(s->space, s->point, s->x);
    s->surrogate->functions->predict(s->surrogate->model, s->x, &s->limit, &sd);
    s->limit += sd;
    return point_new(&s->trial, s->space);
}

static int same_value(const struct parameter *p, union value a, union value b)
{
    return p->kind == AFINA_KIND_REAL ? a.real == b.real : a.integer == b.integer;
}

/* s->trial becomes the point with parameter j at its default; what becomes active then starts at its own. 0 when that
 * changes nothing. */
static int set_back(struct simplifier *s, size_t j)
{
    const struct space *space = s->space;
    const struct parameter *p = &space->parameters[j];
    union value v = parameter_suggestible_default(p);
    if (!s->point->active[j] || same_value(p, s->point->value[j], v))
        return 0;
    point_assign(s->trial, s->point);
    for (size_t i = 0; i < space->size; i++)
        if (!s->trial->active[i])
            s->trial->value[i] = parameter_suggestible_default(&space->parameters[i]);
    s->trial->value[j] = v;
    space_resolve(space, s->trial, 1);
    return 1;
}

static double mean_loss(struct simplifier *s)
{
    double mean, sd;
    space_encode(s->space, s->trial, s->x);
    s->surrogate->functions->predict(s->surrogate->model, s->x, &mean, &sd);
    return mean;
}

/* Takes the change over when the limit and the filter allow it. */
static int32_t take(struct simplifier *s, int *changed)
{
    if (!(mean_loss(s) <= s->limit))
        return 0;
    int32_t allowed = space_allows(s->space, s->trial);
    if (allowed <= 0)
        return allowed;
    point_assign(s->point, s->trial);
    *changed = 1;
    return 0;
}

/* Every parameter once, by the loss when it alone is set back. */
static int32_t pass(struct simplifier *s, int *changed)
{
    int32_t rc = 0;
    *changed = 0;
    for (size_t j = 0; j < s->space->size; j++) {
        s->harm[j] = set_back(s, j) ? mean_loss(s) : INFINITY;
        s->order[j] = j;
    }
    order_by(s->harm, s->order, s->space->size);
    for (size_t i = 0; i < s->space->size && !rc && s->harm[s->order[i]] <= s->limit; i++)
        if (set_back(s, s->order[i]))
            rc = take(s, changed);
    return rc;
}

int32_t simplify_point(const struct surrogate *surrogate, struct space *space, struct point *point)
{
    __attribute__((cleanup(fini))) struct simplifier s = {.surrogate = surrogate, .space = space, .point = point};
    int changed = 1;
    int32_t rc = init(&s);
    while (!rc && changed) /* every pass that changes something sets a parameter back for good, or switches some off */
        rc = pass(&s, &changed);
    return rc;
}
