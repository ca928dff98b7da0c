/* The cells of a grid, as the options of a method describe them, for the methods
 * that try them all: every value of a choice and of a discrete parameter of no more
 * values than `levels`, that many of any other, spread evenly under its prior. */
#ifndef AFINA_METHOD_GRID_CELLS_H
#define AFINA_METHOD_GRID_CELLS_H

#include "method/method.h"
#include "space/lattice.h"

/* From the options "levels" and "levels_of". */
int32_t grid_cells_new(struct lattice **out, const struct method_context *context);

/* 1 when the filter allows the point and no choice in it has weight 0. */
int grid_cells_allow(const struct method_context *context, struct point *point);

#endif
