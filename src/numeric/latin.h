/* A sequence of Latin hypercube designs in the unit cube.
 *
 * A design of n points cuts every dimension into n slices of equal width and takes each
 * slice once. The same (dimensions, points, kind, key, index) gives the same bits
 * everywhere; design k depends on (key, k) alone.
 */
#ifndef AFINA_NUMERIC_LATIN_H
#define AFINA_NUMERIC_LATIN_H

#include <stddef.h>
#include <stdint.h>

enum {
    LATIN_DRAWN = 0,   /* a random permutation of the slices in each dimension */
    LATIN_MAXIMIN = 1, /* the same, improved until points keep their distance */
    LATIN_SUDOKU = 2   /* in pairs of dimensions, every block of p x p slices once */
};

/* Designs of more points are not improved. */
enum { LATIN_MOST_IMPROVED = 500 };

struct latin {
    size_t dimensions;
    uint64_t points; /* of a design */
    int kind;
    uint64_t key;
    uint64_t blocks; /* of LATIN_SUDOKU: p, points = p^2 */
    /* A cache: the improved design that was used last. */
    uint64_t design;
    int has_design;
    uint32_t *slices; /* points x dimensions */
    double *squares;  /* points x points: squared distances in slices */
};

/* LATIN_MAXIMIN becomes LATIN_DRAWN where there is nothing to improve or where there are more
 * than LATIN_MOST_IMPROVED points. With LATIN_SUDOKU out->points is the next square of a prime. */
int32_t latin_init(struct latin *out, size_t dimensions, uint64_t points, int kind, uint64_t key);

/* Point index % points of design index / points: numbers in (0, 1). */
void latin_point(struct latin *l, uint64_t index, double *u);

void latin_fini(struct latin *l); /* a zeroed one is fine */

#endif
