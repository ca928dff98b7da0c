#include "method/parts/pending.h"

#include "core/fail.h"
#include "core/mem.h"

#include <string.h>

/* The place of the first trial whose number is not below `number`, by bisection. */
static size_t place_of(const struct pending *p, int64_t number)
{
    size_t low = 0, high = p->size;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (p->trials[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

int32_t pending_add(struct pending *p, int64_t number, const double *x)
{
    double *row = NULL;
    void *trials = p->trials;
    int32_t rc = mem_reserve(&trials, &p->capacity, p->size + 1, sizeof *p->trials);
    p->trials = trials;
    if (rc)
        return rc;
    if (p->d > 0) {
        row = mem_copy(x, p->d, sizeof *row);
        if (!row)
            return fail_memory();
    }
    size_t at = place_of(p, number);
    memmove(p->trials + at + 1, p->trials + at, (p->size - at) * sizeof *p->trials);
    p->trials[at] = (struct pending_trial){number, row};
    p->size++;
    return 0;
}

int pending_remove(struct pending *p, int64_t number)
{
    size_t at = place_of(p, number);
    if (at == p->size || p->trials[at].number != number)
        return 0;
    mem_free(p->trials[at].x);
    p->size--;
    memmove(p->trials + at, p->trials + at + 1, (p->size - at) * sizeof *p->trials);
    return 1;
}

void pending_fini(struct pending *p)
{
    for (size_t i = 0; i < p->size; i++)
        mem_free(p->trials[i].x);
    mem_free(p->trials);
    *p = (struct pending){0};
}
