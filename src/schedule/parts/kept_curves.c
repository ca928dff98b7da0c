#include "schedule/parts/kept_curves.h"

#include "core/fail.h"
#include "core/mem.h"

#include <math.h>
#include <string.h>

void kept_curves_init(struct kept_curves *kept, size_t d, size_t most)
{
    *kept = (struct kept_curves){.d = d, .most = most};
}

void kept_curves_fini(struct kept_curves *kept)
{
    for (size_t i = 0; i < kept->n; i++)
        mem_free(kept->item[i].x);
    mem_free(kept->item);
    kept->item = NULL;
    kept->n = kept->capacity = 0;
}

size_t kept_curves_best(const struct kept_curves *kept, size_t except)
{
    size_t best = kept->n;
    for (size_t i = 0; i < kept->n; i++) {
        const struct kept_curve *c = &kept->item[i];
        if (i == except || !c->is_finished || isnan(c->loss[c->n - 1]))
            continue;
        if (best == kept->n || c->loss[c->n - 1] < kept->item[best].loss[kept->item[best].n - 1])
            best = i;
    }
    return best;
}

static void drop(struct kept_curves *kept, size_t i)
{
    mem_free(kept->item[i].x);
    memmove(kept->item + i, kept->item + i + 1, (kept->n - i - 1) * sizeof *kept->item);
    kept->n--;
}

static size_t find_oldest(const struct kept_curves *kept)
{
    size_t best = kept_curves_best(kept, kept->n), unfinished = 0, i = 0;
    for (size_t k = 0; k < kept->n; k++)
        unfinished += !kept->item[k].is_finished;
    int wanted = 2 * unfinished <= kept->n;
    while (i < kept->n && (kept->item[i].is_finished != wanted || i == best))
        i++;
    return i < kept->n ? i : 0;
}

static void make_room(struct kept_curves *kept, int64_t arm)
{
    for (size_t i = kept->n; i-- > 0;)
        if (kept->item[i].arm == arm)
            drop(kept, i);
    while (kept->n >= kept->most)
        drop(kept, find_oldest(kept));
}

/* The arrays of a curve of n reports. */
static int32_t set_arrays(struct kept_curve *c, size_t d, size_t n)
{
    c->n = n;
    c->x = mem_new(d + 2 * n, sizeof *c->x);
    if (!c->x)
        return fail_memory();
    c->step = c->x + d;
    c->loss = c->step + n;
    return 0;
}

static int32_t append(struct kept_curves *kept, struct kept_curve c)
{
    void *list = kept->item;
    int32_t rc = mem_reserve(&list, &kept->capacity, kept->n + 1, sizeof *kept->item);
    kept->item = list;
    if (rc)
        mem_free(c.x);
    else
        kept->item[kept->n++] = c;
    return rc;
}

int32_t kept_curves_add(struct kept_curves *kept, const struct space *space, const struct point *point,
                        const struct learning_curve *curve, int64_t arm, int is_finished)
{
    struct kept_curve c = {.arm = arm, .is_finished = is_finished};
    size_t first = 0;
    while (first < curve->n && !(curve->step[first] > 0))
        first++;
    if (first == curve->n)
        return 0;
    int32_t rc = set_arrays(&c, kept->d, curve->n - first);
    if (rc)
        return rc;
    space_encode(space, point, c.x);
    memcpy(c.step, curve->step + first, c.n * sizeof *c.step);
    memcpy(c.loss, curve->loss + first, c.n * sizeof *c.loss);
    make_room(kept, arm);
    return append(kept, c);
}

int32_t kept_curves_copy(struct kept_curves *out, const struct kept_curves *kept)
{
    int32_t rc = 0;
    kept_curves_fini(out);
    kept_curves_init(out, kept->d, kept->most);
    for (size_t i = 0; !rc && i < kept->n; i++) {
        struct kept_curve c = kept->item[i];
        rc = set_arrays(&c, kept->d, kept->item[i].n);
        if (rc)
            break;
        memcpy(c.x, kept->item[i].x, (kept->d + 2 * c.n) * sizeof *c.x);
        rc = append(out, c);
    }
    if (rc)
        kept_curves_fini(out);
    return rc;
}
