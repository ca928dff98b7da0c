#include "method/parts/pending.h"

#include "core/fail.h"
#include "core/mem.h"

#include <string.h>

/* The first that is not below the number. */
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

int32_t pending_add(struct pending *p, const struct observation *asked, const double *x)
{
    void *trials = p->trials;
    int32_t rc = mem_reserve(&trials, &p->capacity, p->size + 1, sizeof *p->trials);
    p->trials = trials;
    if (rc)
        return rc;
    double *row = mem_new(p->d + p->note_room, sizeof *row);
    if (!row)
        return fail_memory();
    size_t noted = asked->note_size < p->note_room ? asked->note_size : p->note_room;
    memcpy(row, x, p->d * sizeof *x);
    if (noted > 0)
        memcpy(row + p->d, asked->note, noted * sizeof *row);
    size_t at = place_of(p, asked->number);
    memmove(p->trials + at + 1, p->trials + at, (p->size - at) * sizeof *p->trials);
    p->trials[at] = (struct pending_trial){asked->number, row, row + p->d, asked->note_size};
    p->size++;
    return 0;
}

const struct pending_trial *pending_find(const struct pending *p, int64_t number)
{
    size_t at = place_of(p, number);
    return at < p->size && p->trials[at].number == number ? &p->trials[at] : NULL;
}

void pending_remove(struct pending *p, int64_t number)
{
    const struct pending_trial *found = pending_find(p, number);
    if (!found)
        return;
    size_t at = (size_t)(found - p->trials);
    mem_free(found->x);
    p->size--;
    memmove(p->trials + at, p->trials + at + 1, (p->size - at) * sizeof *p->trials);
}

void pending_fini(struct pending *p)
{
    for (size_t i = 0; i < p->size; i++)
        mem_free(p->trials[i].x);
    mem_free(p->trials);
    *p = (struct pending){0};
}
