/* The pseudo-random numbers of the BBOB definition. */
#ifndef BENCH_BBOB_DRAW_H
#define BENCH_BBOB_DRAW_H

#include <stddef.h>

enum { BBOB_DIMENSIONS = 20, BBOB_DRAWS = 2048 };

void bbob_uniform(double *r, size_t count, long seed);
void bbob_normal(double *g, size_t count, long seed); /* count <= BBOB_DRAWS / 2 */

/* An orthogonal d x d matrix, row by row. */
void bbob_rotation(double *b, size_t d, long seed);

#endif
