/* Racing on folds: an arm whose losses are surely worse than the best one's gets no further folds.
 *
 * Every arm is evaluated on folds 0, 1, ... of the same division of the data. d_cf = loss of arm c less that of the
 * best on fold f is free of what makes a fold easy or hard, and its residual variance is much the same for all arms:
 * pooled over them it is known when a new arm has seen one fold only.
 */
#ifndef AFINA_EXPERIMENT_FOLD_RACE_H
#define AFINA_EXPERIMENT_FOLD_RACE_H

#include <stddef.h>
#include <stdint.h>

struct race_arm {
    double *losses; /* by fold; NaN: not evaluated */
    size_t n;       /* folds that the best has too */
    double mean;    /* of d over these */
};

struct fold_race {
    size_t folds, n_arms, capacity, best;
    struct race_arm *arms;
    double squares, freedom; /* pooled over all arms but the best */
    /* Over the n_compared arms that have d: sums of their means and squared means, as seen from `origin`, and of 1/n.
     */
    double n_compared, means, mean_squares, inverses, origin;
};

/* 1 <= folds. Nothing is allocated yet. */
void fold_race_init(struct fold_race *race, size_t folds);
void fold_race_fini(struct fold_race *race);

/* The loss of an arm, numbered by the host from 0, on a fold where it has none yet: AFINA_E_RANGE, AFINA_E_STATE,
 * AFINA_E_MEMORY, and then the race is as it was. O(1), but O(arms) for the best. The first arm is the best one until
 * fold_race_set_best(). */
int32_t fold_race_add(struct fold_race *race, size_t arm, size_t fold, double loss);

/* The arm that others are compared with, usually the one of the least mean loss among those with all folds.
 * O(all losses). */
void fold_race_set_best(struct fold_race *race, size_t best);

/* The residual variance of d, NaN with fewer than 5 degrees of freedom, and the variance of the arms' true means,
 * NaN with fewer than 6 arms that can be compared. O(1). */
void fold_race_variances(const struct fold_race *race, double *residual, double *spread);

/* How many standard errors an arm may be behind: 1.65 while the differences between arms are larger than the noise of
 * a fold, 2.33 where they are not, or not known yet. */
double fold_race_threshold(const struct fold_race *race);

/* 1 when the arm should get no further fold. O(1). */
int fold_race_drop(const struct fold_race *race, size_t arm, double threshold);

#endif
