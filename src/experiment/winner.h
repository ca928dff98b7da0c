/* What can be said of the best of several estimates, chosen because it is the best.
 *
 * Estimate j has the value x[j] and the standard deviation s[j] > 0; its error is normal. The greatest value
 * wins. The winner's value is too high in the mean, since its error helped it to win; with many candidates
 * the usual interval seldom holds its true mean.
 */
#ifndef AFINA_EXPERIMENT_WINNER_H
#define AFINA_EXPERIMENT_WINNER_H

#include <stddef.h>
#include <stdint.h>

/* The first of the greatest values. */
size_t winner_index(const double *x, size_t n);

/* The posterior mean of the winner when the true means are a normal sample, whose mean and variance are estimated
 * (empirical Bayes). For one candidate the value itself. */
double winner_shrunk(const double *x, const double *s, size_t n);

/* An interval that holds the winner's true mean with at least this probability, corrected for the choice. */
void winner_interval(const double *x, const double *s, size_t n, double confidence, double *low, double *high);

/* in_set[j] is 1 for the candidates that cannot be told apart from the best: the set holds the one of the
 * greatest true mean with at least this probability. */
void winner_rivals(const double *x, const double *s, size_t n, double confidence, int32_t *in_set);

#endif
