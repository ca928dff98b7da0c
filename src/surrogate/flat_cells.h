/* Keeps points apart where an objective is constant on cells, since it rounds, counts or reads a table. */
#ifndef AFINA_SURROGATE_FLAT_CELLS_H
#define AFINA_SURROGATE_FLAT_CELLS_H

#include "surrogate/gaussian_process.h"
#include "surrogate/gp_record.h"

struct flat_cells {
    double apart;  /* the least distance of a new point from all results; 0 before the first repeated result */
    double *value; /* the finite losses, each once, ascending */
    size_t values, capacity;
};

void flat_cells_fini(struct flat_cells *f); /* a zeroed one is fine */

/* Learns from a result at x that the record does not have yet; NaN: it failed. */
int32_t flat_cells_told(struct flat_cells *f, const struct gp_record *record, const struct gp_dimension *dimension,
                        const double *x, double loss);

/* 1 when x is too near to a result of the record to give another value. */
int flat_cells_hold(const struct flat_cells *f, const struct gp_record *record, const struct gp_dimension *dimension,
                    const double *x);

#endif
