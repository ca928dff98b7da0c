/* The likelihood of learning curves, exact whatever steps are missing; inside of curve_model.h. */
#ifndef AFINA_SURROGATE_CURVE_LIKELIHOOD_H
#define AFINA_SURROGATE_CURVE_LIKELIHOOD_H

#include "surrogate/curve_model.h"

/* The curves of the model that it takes, and what curve_likelihood_loss() leaves behind. */
struct curve_likelihood {
    const struct curve_model *model;
    size_t n, *curve; /* which curves of the model they are */
    struct curve_kernel kernel;
    double *x; /* d columns of n */
    /* Curve i: its points are first[i] .. first[i + 1] - 1, its rows row[i] .. row[i + 1] - 1. */
    size_t rows, *first, *row;
    double *own;                /* the factor L of cov(e_i) + noise, CURVE_MOST_POINTS^2 numbers a curve */
    double *q, *r;              /* L^-1 Phi = Q R: CURVE_RANK numbers a point; CURVE_RANK^2 a curve, row by row */
    double *white;              /* L^-1 y, a number a point */
    double *z, *alpha;          /* rows: Q^T L^-1 y; M^-1 z */
    double *matrix;             /* rows x rows: the factor of M */
    double *k, *slope, *excess; /* CURVE_PARTS matrices n x n each */
    double *weight, *term_sums, *point;
};

/* For n curves of the model. */
int32_t curve_likelihood_new(struct curve_likelihood **out, const struct curve_model *m, const size_t *curve, size_t n);
void curve_likelihood_free(struct curve_likelihood *f); /* NULL is fine */

/* Returns -log(likelihood x prior), up to a constant; infinity where a matrix cannot be factored. Unless NULL, gradient
 * becomes that by theta, and the factor is lost. */
double curve_likelihood_loss(struct curve_likelihood *f, const double *theta, double *gradient);

#endif
