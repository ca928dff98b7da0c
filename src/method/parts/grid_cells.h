/* The cells of a grid, as the options of a method describe them, for the methods
 * that try them all: every value of a choice and of a discrete parameter of no more
 * values than `levels`, that many of any other, spread evenly under its prior. */
#ifndef AFINA_METHOD_GRID_CELLS_H
#define AFINA_METHOD_GRID_CELLS_H

#include "method/method.h"
#include "space/lattice.h"

/* The options of which the cells are made. */
#define GRID_CELLS_OPTIONS                                                                                             \
    {"levels", AFINA_OPTION_INTEGER,                                                                                   \
     2,        1e9,                                                                                                    \
     10,       "",                                                                                                     \
     "",       "values of a continuous parameter, and of a discrete one that has more"},                               \
    {                                                                                                                  \
        "levels_of", AFINA_OPTION_STRING, 0, 0, 0, "", "", "exceptions from `levels`: \"rate=5,units=3\""              \
    }

int32_t grid_cells_new(struct lattice **lattice, const struct method_context *context);

/* One look for a cell to suggest. Start from {.skip = attempt}: so many cells that could be
 * suggested are passed over as well. */
struct grid_scan {
    uint64_t skip;
    uint64_t passed;  /* cells passed over */
    uint64_t refused; /* those among them that the filter refused */
};

/* 1 when the cell is to be suggested; else it is counted, and the answer 0. Negative: the status
 * of a filter that ends the call. */
int32_t grid_scan_takes(struct grid_scan *scan, const struct method_context *context, struct point *point,
                        int is_tried);

/* 1 when so many were passed over that the scan has to end. */
int grid_scan_is_long(const struct grid_scan *scan);

/* What to answer when the scan, which began at cell `first`, found none: AFINA_EXHAUSTED, or
 * AFINA_E_NO_POINT when the filter refuses all there is or the scan was long. */
int32_t grid_scan_end(const struct grid_scan *scan, const struct method_context *context, uint64_t first);

#endif
