#include "schedule/parts/standing.h"

#include "core/fail.h"
#include "core/mem.h"
#include "core/order.h"

#include <math.h>
#include <string.h>

static const size_t NONE = SIZE_MAX;

struct standing {
    size_t n, n_levels;
    double *at;           /* n_levels rows of n: losses; NaN: no result */
    size_t *place;        /* of each arm; NONE: it has none */
    size_t *order;        /* room for n */
    unsigned char *taken; /* places of those that change them */
};

static int32_t standing_init(struct standing *s, const struct arms *arms, const double *level, size_t n_levels)
{
    size_t n = arms->n;
    *s = (struct standing){.n = n, .n_levels = n_levels};
    s->at = mem_new(n * n_levels, sizeof *s->at);
    s->place = mem_new(n, sizeof *s->place);
    s->order = mem_new(n, sizeof *s->order);
    s->taken = mem_new(n, 1);
    if (!s->at || !s->place || !s->order || !s->taken)
        return fail_memory();
    for (size_t i = 0; i < n; i++) {
        s->place[i] = NONE;
        for (size_t l = 0; l < n_levels; l++)
            s->at[l * n + i] = arm_loss_at(&arms->arm[i], level[l]);
    }
    return 0;
}

static void standing_fini(struct standing *s)
{
    mem_free(s->at);
    mem_free(s->place);
    mem_free(s->order);
    mem_free(s->taken);
}

/* The lowest level with most results. */
static size_t find_base(const struct standing *s)
{
    size_t base = 0, most = 0;
    for (size_t l = 0; l < s->n_levels; l++) {
        size_t count = 0;
        for (size_t i = 0; i < s->n; i++)
            if (!isnan(s->at[l * s->n + i]))
                count++;
        if (count > most) {
            most = count;
            base = l;
        }
    }
    return base;
}

/* The arms with a result at a level, the best first, in `order`; their places in `taken`. Their number. */
static size_t sort_arms(struct standing *s, size_t level, int is_base)
{
    const double *at = s->at + level * s->n;
    size_t count = 0;
    memset(s->taken, 0, s->n);
    for (size_t i = 0; i < s->n; i++) {
        if (isnan(at[i]) || (!is_base && s->place[i] == NONE))
            continue;
        s->taken[is_base ? count : s->place[i]] = 1;
        s->order[count++] = i;
    }
    order_by(at, s->order, count);
    return count;
}

static void reorder(struct standing *s, size_t level, int is_base)
{
    size_t count = sort_arms(s, level, is_base), place = 0;
    for (size_t k = 0; k < count; k++, place++) {
        while (!s->taken[place])
            place++;
        s->place[s->order[k]] = place;
    }
}

/* Before the first place of a result, and behind the last finite one: along the line from there to the middle one. */
static double extrapolate(const double *known, const size_t *place, size_t count, size_t end, size_t at)
{
    size_t middle = count / 2;
    if (middle == end)
        return known[end];
    double slope = (known[middle] - known[end]) / ((double)place[middle] - (double)place[end]);
    return known[end] + slope * ((double)at - (double)place[end]);
}

/* The loss of a place from those of `count` places, ascending both. */
static double interpolate(const double *known, const size_t *place, size_t count, size_t at)
{
    size_t next = 0, end = count;
    while (next < end) {
        size_t middle = next + (end - next) / 2;
        if (place[middle] < at)
            next = middle + 1;
        else
            end = middle;
    }
    if (next < count && place[next] == at)
        return known[next];
    if (next == 0 || next == count)
        return extrapolate(known, place, count, next ? count - 1 : 0, at);
    double share = (double)(at - place[next - 1]) / (double)(place[next] - place[next - 1]);
    return known[next - 1] + share * (known[next] - known[next - 1]);
}

/* The finite losses of a level, ascending, and the places of those that have them. Their number; *all: with others. */
static size_t list_known(struct standing *s, size_t level, double *known, size_t *place, size_t *all)
{
    const double *at = s->at + level * s->n;
    size_t count = 0, next = 0;
    *all = sort_arms(s, level, 0);
    for (size_t k = 0; k < *all; k++, next++) {
        while (!s->taken[next])
            next++;
        if (!isfinite(at[s->order[k]]))
            continue;
        known[count] = at[s->order[k]];
        place[count++] = next;
    }
    return count;
}

/* Behind the last finite result only failures are known: infinite. */
static void set_losses(struct standing *s, size_t level, double *known, size_t *place, double *loss)
{
    size_t all, count = list_known(s, level, known, place, &all);
    for (size_t i = 0; i < s->n; i++) {
        size_t own = s->place[i];
        if (own == NONE || count == 0)
            loss[i] = own == NONE || all == 0 ? NAN : INFINITY;
        else
            loss[i] = own > place[count - 1] && count < all ? INFINITY : interpolate(known, place, count, own);
    }
}

int32_t standing_losses(const struct arms *arms, const double *level, size_t n_levels, size_t target, double *loss)
{
    struct standing s;
    int32_t rc = standing_init(&s, arms, level, n_levels);
    double *known = rc ? NULL : mem_new(arms->n, sizeof *known);
    size_t *place = rc ? NULL : mem_new(arms->n, sizeof *place);
    if (!rc && (!known || !place))
        rc = fail_memory();
    if (!rc) {
        size_t base = find_base(&s);
        for (size_t l = base; l < n_levels; l++)
            reorder(&s, l, l == base);
        set_losses(&s, target, known, place, loss);
    }
    mem_free(known);
    mem_free(place);
    standing_fini(&s);
    return rc;
}
