/* A set of points that are compared by value, such as the points that a study has asked. It
 * borrows the points, which have to live longer. */
#ifndef AFINA_SPACE_POINT_SET_H
#define AFINA_SPACE_POINT_SET_H

#include "space/space.h"

struct point_slot {
    const struct point *point; /* NULL: free */
    uint32_t hash;
    uint32_t count; /* how often the point was added, less how often it was removed */
};

struct point_set {
    struct point_slot *slots; /* open addressing; at most 4/5 of them are taken */
    size_t capacity;          /* a power of two, or 0 */
    size_t size;              /* different points */
};

/* Adds a point. A set starts as {0}. */
int32_t point_set_add(struct point_set *set, const struct point *point);

/* Takes back one addition of a point that is in the set. */
void point_set_remove(struct point_set *set, const struct point *point);

int point_set_contains(const struct point_set *set, const struct point *point);
void point_set_fini(struct point_set *set);

#endif
