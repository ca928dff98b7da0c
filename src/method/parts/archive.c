#include "method/parts/archive.h"

#include <math.h>
#include <string.h>

void archive_place(struct archive *a, size_t d, size_t capacity, struct archived *entries, double *rows)
{
    *a = (struct archive){.d = d, .capacity = capacity, .entries = entries};
    for (size_t i = 0; i < capacity; i++)
        entries[i].x = rows + i * d;
}

static int is_before(const struct archived *e, double key, int64_t number)
{
    return e->key < key || (e->key == key && e->number < number);
}

/* How many entries come before (key, number), by bisection. */
static size_t place_of(const struct archive *a, double key, int64_t number)
{
    size_t low = 0, high = a->size;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (is_before(&a->entries[middle], key, number))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t archive_put(struct archive *a, double key, int64_t number, double loss, const double *x)
{
    size_t at = place_of(a, key, number);
    if (at == a->capacity)
        return at;
    if (a->size < a->capacity)
        a->size++;
    struct archived *entries = a->entries;
    double *row = entries[a->size - 1].x; /* of what falls out, or free */
    memmove(entries + at + 1, entries + at, (a->size - 1 - at) * sizeof *entries);
    entries[at] = (struct archived){.key = key, .number = number, .loss = loss, .x = row};
    memcpy(row, x, a->d * sizeof *x);
    return at;
}

size_t archive_find(const struct archive *a, size_t count, int64_t number)
{
    size_t i = 0;
    while (i < count && a->entries[i].number != number)
        i++;
    return i;
}

/* The row stays behind the last, for the next to be put. */
void archive_remove(struct archive *a, size_t place)
{
    struct archived *entries = a->entries;
    double *row = entries[place].x;
    a->size--;
    memmove(entries + place, entries + place + 1, (a->size - place) * sizeof *entries);
    entries[a->size].x = row;
}

int archive_is_gathered(const struct archive *a, size_t count)
{
    static const double one_place = 1e-6;
    for (size_t j = 0; j < a->d; j++) {
        double low = a->entries[0].x[j], high = low;
        for (size_t i = 1; i < count; i++) {
            low = fmin(low, a->entries[i].x[j]);
            high = fmax(high, a->entries[i].x[j]);
        }
        if (high - low > one_place)
            return 0;
    }
    return 1;
}

size_t archive_results(const struct archive *a)
{
    return place_of(a, INFINITY, -1);
}
