/* Losses of arms on folds, some missing: y_cf = a_c + b_f + error. The effect a_c is what the arm would lose in the
 * mean over all folds, so arms that were seen on different folds can be compared; folds differ in b_f, whose mean is
 * 0, and `variance` is that of the errors. By least squares.
 *
 * A cell costs O(cells of its arm) when it is added; additive_fit() costs O(folds^3) whatever the number of arms.
 */
#ifndef AFINA_EXPERIMENT_ADDITIVE_H
#define AFINA_EXPERIMENT_ADDITIVE_H

#include <stddef.h>
#include <stdint.h>

struct additive_cell {
    size_t fold;
    double value;
};

struct additive_arm {
    struct additive_cell *cells;
    size_t n, capacity;
    double mean, squares; /* of its cells, and the sum of squares around it */
};

struct additive {
    size_t folds, n_arms, arm_capacity, cells;
    struct additive_arm *arms;
    double *normal; /* of the fold effects, after the arm effects are eliminated: folds x folds */
    double *right;  /* its right-hand side */
    double squares; /* around the means of the arms */

    /* What additive_fit() finds: */
    double *inverse; /* the pseudo-inverse of `normal` */
    double *effects; /* of the folds */
    double variance; /* of the errors; NaN without degrees of freedom */
    double freedom;  /* cells - arms - folds + parts, of those that have cells */
    size_t parts;    /* sets of arms and folds that no cell connects; 1 is the usual case */
};

/* 1 <= folds <= 4096. AFINA_E_MEMORY. */
int32_t additive_init(struct additive *a, size_t folds);
void additive_fini(struct additive *a);

/* Arms are numbered by the host, from 0; an arm without cells costs an empty entry. A cell is added once: AFINA_E_STATE
 * when it is there. The loss is finite. On failure the model is as it was. */
int32_t additive_add(struct additive *a, size_t arm, size_t fold, double loss);

/* Solves for the effects. AFINA_E_MEMORY. */
int32_t additive_fit(struct additive *a);

/* After additive_fit(): the effect of an arm that has cells, and the factor by which `variance` gives the square of its
 * standard error. */
double additive_effect(const struct additive *a, size_t arm, double *factor);

/* The same of the difference of two arms: shared folds take a part of the error away. Arms of different parts are
 * compared as if their folds were alike. */
double additive_difference(const struct additive *a, size_t first, size_t second, double *factor);

#endif
