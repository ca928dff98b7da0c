/* A set of points that are compared by value, such as the points that a study has asked. It
 * borrows the points, which have to live longer. */
#ifndef AFINA_SPACE_POINT_SET_H
#define AFINA_SPACE_POINT_SET_H

#include "space/space.h"

struct point_set {
    const struct point **slots; /* open addressing; NULL: free */
    uint64_t *hashes;
    size_t capacity; /* a power of two, or 0 */
    size_t size;     /* different points */
};

/* Adds a point unless the set holds an equal one. A set starts as {0}. */
int32_t point_set_add(struct point_set *set, const struct point *point);
int point_set_contains(const struct point_set *set, const struct point *point);
void point_set_fini(struct point_set *set);

#endif
