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

/* A search for a cell to suggest, among the indices first .. end - 1. */
struct grid_search {
    const struct method_context *context;
    uint64_t first, end;
    /* Writes the cell at the index to the point. 1 when it was tried. */
    int (*cell)(void *state, uint64_t index, struct point *point);
};

/* Suggests the first cell that was not tried and that the filter allows, and notes the index
 * behind it; a further attempt takes a further one. AFINA_EXHAUSTED when there is none,
 * AFINA_E_NO_POINT when the filter refuses all or very many in a row are passed over. */
int32_t grid_search_suggest(const struct grid_search *search, void *state, struct suggestion *suggestion);

#endif
