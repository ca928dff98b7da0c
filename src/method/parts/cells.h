/* The cells of a discrete number in [0, 1], and how wide a normal step must be to leave one. */
#ifndef AFINA_METHOD_CELLS_H
#define AFINA_METHOD_CELLS_H

#include "method/method.h"

double cell_middle(const struct parameter *p, uint64_t cell);
uint64_t cell_at(const struct parameter *p, double u);

/* The width of a cell; its bounds are halfway to its neighbours. */
double cell_width(const struct parameter *p, uint64_t cell);

/* How likely each of `discrete` parameters must change for one of them to change with
 * probability 0.27: 1 - 0.73^(1/N), and 0 for none. */
double cell_margin(double discrete);

/* The deviation with which a normal step from the middle of a cell of width 1 leaves it
 * with the probability of the margin. */
double cell_deviation(double discrete);

#endif
