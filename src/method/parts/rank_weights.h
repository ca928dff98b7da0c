/* What the ranks of a generation weigh: w_i = ln((lambda + 1) / 2) - ln i for
 * i = 1 .. lambda, those above 0 scaled to the sum 1. */
#ifndef AFINA_METHOD_RANK_WEIGHTS_H
#define AFINA_METHOD_RANK_WEIGHTS_H

#include <stddef.h>

void rank_weights(size_t lambda, double *w);

/* share[i]: what w, but no less than `least`, gives to the result of rank i. Equal
 * losses, which are ascending, have the mean of their weights. */
void rank_share(size_t lambda, const double *w, double least, const double *loss, double *share);

/* (sum w)^2 / sum w^2: as many equal weights would mean as much. */
double rank_effective(size_t count, const double *w);

#endif
