/* A set of points, by value: which points a study has asked already. Holds
 * pointers; the points outlive it. */
#ifndef AFINA_SPACE_POINT_SET_H
#define AFINA_SPACE_POINT_SET_H

#include "space/space.h"

struct point_set {
    const struct point **slots; /* open addressing; NULL: free */
    uint64_t *hashes;
    size_t capacity; /* a power of two, or 0 */
    size_t size;     /* different points */
};

/* Adds a point unless an equal one is there. Start from {0}. */
int32_t point_set_add(struct point_set *set, const struct point *point);
int point_set_contains(const struct point_set *set, const struct point *point);
void point_set_fini(struct point_set *set);

#endif
