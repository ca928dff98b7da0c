/* Who found the good points: the bandit that shares out trials among proposers.
 *
 * A result that enters the best ten of the study at place k = 0..9 earns
 * log(11 / (k + 1)) / log(11); any other, and a failure, earns nothing. With every
 * result, of any proposer, what was earned before counts 5 % less, so that credit follows
 * the phase of the search. A proposer's share is `floor` and its part of the rest, in
 * proportion to what one of its trials earned in the mean. Ranks make credit free of
 * the scale of the objective (A. Fialho, M. Schoenauer, M. Sebag, "Toward
 * comparison-based adaptive operator selection", GECCO 2010).
 */
#ifndef AFINA_METHOD_CREDIT_H
#define AFINA_METHOD_CREDIT_H

#include <stddef.h>

enum { CREDIT_MOST = 16, CREDIT_BEST = 10 };

struct credit {
    size_t size;
    double best[CREDIT_BEST]; /* losses, ascending */
    size_t n_best;
    double earned[CREDIT_MOST], trials[CREDIT_MOST]; /* discounted */
};

/* A result, or INFINITY for a failure; who >= size: the host's. */
void credit_told(struct credit *c, size_t who, double loss);

/* Everyone's share, of sum 1; equal ones before anything was earned. */
void credit_shares(const struct credit *c, double floor, double *share);

#endif
