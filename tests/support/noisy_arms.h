/* Arms whose losses are normal around a mean: what rules for the best arm are tried on. */
#ifndef AFINA_TESTS_SUPPORT_NOISY_ARMS_H
#define AFINA_TESTS_SUPPORT_NOISY_ARMS_H

#include "support/schedule_sim.h"

enum { ARMS_ONE_GOOD = 0, ARMS_LINEAR = 1, ARMS_CURVED = 2, ARMS_EQUAL = 3 };

struct noisy_arms {
    int setting;
    int64_t n;
    double noise; /* standard deviation */
    uint64_t seed;
};

/* The best arm's index: not the first, which ties would favour. */
int64_t noisy_best(const struct noisy_arms *arms);

/* By how much an arm is worse than the best: one good arm .5 ahead of all; evenly from 0 to 2; (i/n)^.6; all equal. */
double noisy_gap(const struct noisy_arms *arms, int64_t index);

/* A sim_loss; `user` is a struct noisy_arms. */
double noisy_loss(void *user, int64_t index, const struct point *point, double budget, int64_t replicate);

#endif
