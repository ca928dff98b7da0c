/* A sequence of Korobov lattices in the unit cube.
 *
 * A lattice has a prime number n of points, which fill the cube as evenly as one
 * multiplier can make them. It keeps no state: the point of any index costs the same. The same
 * (dimensions, points, key, index) gives the same bits everywhere.
 */
#ifndef AFINA_NUMERIC_KOROBOV_H
#define AFINA_NUMERIC_KOROBOV_H

#include <stddef.h>
#include <stdint.h>

enum { KOROBOV_MOST_POINTS = 10007 };

struct korobov {
    size_t dimensions;
    uint64_t points; /* of a lattice */
    uint64_t multiplier;
    uint64_t key;
};

/* `points` becomes the next prime, at most KOROBOV_MOST_POINTS. */
void korobov_init(struct korobov *out, size_t dimensions, uint64_t points, uint64_t key);

/* Point index % points of lattice index / points: numbers in (0, 1). */
void korobov_point(const struct korobov *k, uint64_t index, double *u);

#endif
