/* "Did you mean": the name nearest to a word by Levenshtein's distance, with bounded
 * work. A name whose length differs too much is passed over. Of the table of the
 * distance only the cells within the limit around its diagonal are computed
 * (E. Ukkonen, "Algorithms for approximate string matching", 1985), and only until a
 * whole row is above the limit. No more than STEPS_MAX cells are computed in all. */
#include "core/text.h"

#include <string.h>

enum {
    LONGEST = 64,        /* bytes; a longer name is near to no other */
    STEPS_MAX = 4000000, /* cells, some ten milliseconds */
};

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* The length of s, or LONGEST + 1 when it is longer. */
static size_t bounded_length(const char *s)
{
    const char *end = memchr(s, '\0', LONGEST + 1);
    return end ? (size_t)(end - s) : LONGEST + 1;
}

/* The next row of the table: row[j] becomes the distance of a, up to and with the
 * letter c, to the first j letters of b. Columns from `first` to `last` are computed;
 * returns the smallest. */
static size_t next_row(size_t *row, char c, const char *b, size_t first, size_t last, size_t outside)
{
    size_t diagonal = row[first - 1], least = outside;
    row[first - 1] = first == 1 ? row[0] + 1 : outside;
    for (size_t j = first; j <= last; j++) {
        size_t best = smaller(diagonal + (c != b[j - 1]), smaller(row[j], row[j - 1]) + 1);
        diagonal = row[j];
        row[j] = best;
        least = smaller(least, best);
    }
    return smaller(least, row[first - 1]);
}

/* The distance when it is at most `limit`, else limit + 1. */
static size_t distance_within(const char *a, size_t na, const char *b, size_t nb, size_t limit, uint64_t *steps)
{
    size_t row[LONGEST + 1], outside = limit + 1;
    if ((na > nb ? na - nb : nb - na) > limit)
        return outside;
    for (size_t j = 0; j <= nb; j++)
        row[j] = j <= limit ? j : outside;
    for (size_t i = 1; i <= na; i++) {
        size_t first = i > limit ? i - limit : 1, last = smaller(nb, i + limit);
        if (first > nb)
            return outside;
        *steps += last - first + 1;
        if (next_row(row, a[i - 1], b, first, last, outside) > limit)
            return outside;
    }
    return smaller(row[nb], outside);
}

const char *text_nearest_counted(const char *s, const char *const *names, size_t count, uint64_t *steps)
{
    const char *nearest = NULL;
    size_t length = bounded_length(s), limit = length / 3 + 1;
    *steps = 0;
    for (size_t i = 0; length <= LONGEST && i < count && *steps < STEPS_MAX; i++) {
        size_t n = bounded_length(names[i]);
        if (n > LONGEST)
            continue;
        /* A misspelt name keeps half of its letters. Without this any two single letters would be near. */
        size_t allowed = smaller(limit, (length > n ? length : n) / 2);
        size_t distance = distance_within(s, length, names[i], n, allowed, steps);
        if (distance > allowed)
            continue;
        nearest = names[i];
        if (distance == 0)
            break;
        limit = distance - 1;
    }
    return nearest;
}

const char *text_nearest(const char *s, const char *const *names, size_t count)
{
    uint64_t steps;
    return text_nearest_counted(s, names, count, &steps);
}
