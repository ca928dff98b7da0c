/* Arithmetic on encoded rows of mixed and conditional spaces, a parameter at a
 * time: what swarms, evolution and colonies are made of.
 *
 * A number is u in [0, 1], a category the index of its choice, and a parameter
 * may be inactive on either side. What is left to space_decode() is to drop
 * what turns out inactive and to find the cell of a discrete number.
 */
#ifndef AFINA_METHOD_ROW_H
#define AFINA_METHOD_ROW_H

#include "method/method.h"

/* 1 when parameter j is active in x and has another value. */
int row_can_change(const struct space *space, const double *x, size_t j);

/* A draw from the prior. */
double row_draw(const struct parameter *p, struct rng *rng);

/* x, or where x is inactive, or a choice of weight 0 that the host enqueued, a draw
 * from the prior. */
double row_active(const struct parameter *p, double x, struct rng *rng);

/* x + f (to - from). A category becomes `to` with probability |f| where the two
 * differ and `to` has a weight. There is no difference between equal values, nor
 * where one side is inactive. The sum of numbers may leave [0, 1]. */
double row_shift(const struct parameter *p, double x, double from, double to, double f, struct rng *rng);

/* A number outside [0, 1] comes back half-way between the parent and the bound it
 * passed; a category stays. */
double row_inside(const struct parameter *p, double x, double parent);

/* So many random mutations of a single active parameter each, of deviation `width` in u. */
void row_mutate(const struct space *space, struct point *point, size_t times, double width, struct rng *rng);

/* As many random mutations of a single active parameter as proposals of this trial were refused:
 * a method that proposed a point that was seen before proposes one beside it. */
void row_scatter(const struct space *space, struct suggestion *suggestion);

/* The point of a row, scattered. */
void row_propose(const struct space *space, const double *x, struct suggestion *suggestion);

/* A perturbation of the point of a row, from which a search that ended begins again: three such
 * mutations of half a range, and one more for each search since the last that found a better point,
 * up to the number of parameters. */
void row_restart(const struct space *space, const double *x, size_t stagnation, struct suggestion *suggestion);

#endif
