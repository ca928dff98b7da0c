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

/* The losses of a level by places, in `value`. */
static void interpolate(struct standing *s, size_t level, double *value)
{
    const double *at = s->at + level * s->n;
    size_t count = sort_arms(s, level, 0), last = NONE, k = 0;
    for (size_t place = 0; place < s->n && count > 0; place++) {
        if (!s->taken[place]) {
            value[place] = at[s->order[k > 0 ? k - 1 : 0]];
            continue;
        }
        value[place] = at[s->order[k++]];
        for (size_t between = last + 1; last != NONE && between < place && isfinite(value[place]); between++)
            value[between] =
                value[last] + (value[place] - value[last]) * (double)(between - last) / (double)(place - last);
        last = place;
    }
}

int32_t standing_losses(const struct arms *arms, const double *level, size_t n_levels, size_t target, double *loss)
{
    struct standing s;
    int32_t rc = standing_init(&s, arms, level, n_levels);
    double *value = rc ? NULL : mem_new(arms->n, sizeof *value);
    if (!rc && !value)
        rc = fail_memory();
    if (!rc) {
        size_t base = find_base(&s);
        for (size_t l = base; l < n_levels; l++)
            reorder(&s, l, l == base);
        interpolate(&s, target, value);
        for (size_t i = 0; i < s.n; i++)
            loss[i] = s.place[i] == NONE ? NAN : value[s.place[i]];
    }
    mem_free(value);
    standing_fini(&s);
    return rc;
}
