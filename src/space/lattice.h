/* The finite points of a space, counted, ranked and unranked without listing
 * them.
 *
 * Every parameter gets a number of cells: its own when it is discrete and has
 * no more than `levels` values, else `levels` of them spread evenly in u. Values
 * of a parent that switch the same children on are counted together, and a
 * table holds the number of completions for each state of the conditions that are
 * still open; components that share no condition multiply.
 */
#ifndef AFINA_SPACE_LATTICE_H
#define AFINA_SPACE_LATTICE_H

#include "space/space.h"

struct lattice;

/* The space's own points: AFINA_E_UNSUPPORTED when it has a continuous parameter
 * or its conditions are too entangled to count (the limits of lattice_count.c); the memory
 * that this takes is bounded by a few megabytes and the length of the conditions. `space` is a snapshot and is
 * referenced. */
int32_t lattice_new(struct lattice **out, struct space *space);

/* The same without the choices of weight 0: the points that may be suggested
 * (space_is_suggestible). */
int32_t lattice_suggestible(struct lattice **out, struct space *space);

/* A grid of what may be suggested: levels[i] >= 1 cells for parameter i (0: all of its
 * own; not for a continuous one). */
int32_t lattice_grid(struct lattice **out, struct space *space, const uint64_t *levels);

void lattice_free(struct lattice *lattice);

/* Exact below UINT64_MAX, which stands for that many or more. */
uint64_t lattice_count(const struct lattice *lattice);

/* The point of a rank < count (and any rank < UINT64_MAX of a saturated one),
 * canonical. The first parameters of the space vary slowest; within a component parents
 * vary more slowly than their children. Costs O(parameters * segments of a parameter). */
void lattice_unrank(const struct lattice *lattice, uint64_t rank, struct point *out);

/* The point of a row of the unit cube: every parameter that is active takes the cell
 * that its number falls into when all have the same width. */
void lattice_from_unit(const struct lattice *lattice, const double *u, struct point *out);

/* The rank of the lattice point that the point is nearest to; only where the
 * count is below UINT64_MAX. */
int32_t lattice_rank(const struct lattice *lattice, const struct point *point, uint64_t *rank);

#endif
