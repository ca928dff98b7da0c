/* A Gaussian process over encoded points.
 *
 *     y ~ N(m 1, s (K + g I))
 *
 * with the kernel of kernel.h, noise ratio g, constant mean m and scale s, both profiled. The
 * hyperparameters are theta = (log l_1, ..., log l_d, log g), and with an additive part
 * the logit of its share a, and with more than one block a form: 1 for a joint part that is the sum
 * of the blocks', 0 for one of all parameters, inactive ones imputed. Where the error variance v_i of a result is
 * known, v_i / s stands in the place of g; s is then not profiled, but log s the last number of theta.
 *
 * The factor is a pure function of theta, of `base`, and of the points in their
 * order, and of the variances known: a full factorisation of the first `base` points, then one row appended
 * for each later one. Whoever knows these rebuilds the same bits.
 */
#ifndef AFINA_SURROGATE_GAUSSIAN_PROCESS_H
#define AFINA_SURROGATE_GAUSSIAN_PROCESS_H

#include "surrogate/kernel.h"

#include <stddef.h>
#include <stdint.h>

/* Columns predicted at a time, and with gradients. */
enum { GP_CHUNK = 256, GP_GRADIENTS = 32 };

struct gaussian_process {
    size_t d;
    struct gp_dimension *dimension;
    int shape;            /* KERNEL_MATERN52, ... */
    int additive;         /* 1: the kernel has an additive part; set before gp_clear() */
    size_t blocks;        /* of the kernel; more than 1 only where theta has a form; set before the first point */
    double *theta;        /* gp_theta_size() */
    double *weight;       /* d: 1 / l^2, and then the kernel's parts */
    struct kernel kernel; /* of theta */
    int known;            /* 1: some error variances are known, and theta has log s; set before gp_clear() */
    double noise, jitter; /* g and the jitter; the jitter */
    /* Points: n of them, the first `trained` with a target, the others pending. */
    size_t n, trained, base, capacity;
    double *x;                /* gp_columns() columns of `capacity` */
    double *l;                /* factor, leading dimension `capacity` */
    double *y, *alpha, *ones; /* targets; K^-1 (y - m); L^-1 1 */
    double *variance;         /* of the error of a target; NaN: not known */
    double mean, scale;
    double surprise;            /* largest |y - prediction| / deviation of the trained points appended after the base */
    double scale_shape;         /* shrinks the scale to 1 as if by this many observations; infinite: fixed at 1 */
    size_t fallbacks;           /* how often the matrix had to be helped */
    double *room, *row, *point; /* workspaces; point: two of them */
};

/* How many numbers theta has. */
static inline size_t gp_theta_size(size_t d, int additive, size_t blocks)
{
    return d + 1 + (additive != 0) + (blocks > 1);
}

/* Where its form is, with more than one block. */
static inline size_t gp_theta_form(size_t d, int additive)
{
    return d + 1 + (additive != 0);
}

/* How many numbers a point has: its coordinates, and c_b of its blocks. */
static inline size_t gp_columns(const struct gaussian_process *gp)
{
    return gp->d + (gp->blocks > 1 ? gp->blocks : 0);
}

int32_t gp_init(struct gaussian_process *gp, const struct gp_dimension *dimension, size_t d, int shape);
void gp_fini(struct gaussian_process *gp); /* a zeroed one is fine */

/* Room for n points; those there stay. */
int32_t gp_reserve(struct gaussian_process *gp, size_t n);

/* No points, these hyperparameters. */
void gp_clear(struct gaussian_process *gp, const double *theta);

/* The same points under other hyperparameters, to be factored anew. */
void gp_change(struct gaussian_process *gp, const double *theta);

/* Adds a point to the room reserved, imputed; without the factor. Only before
 * gp_factor(). */
void gp_add(struct gaussian_process *gp, const double *x);

/* The error variance of point i is known. Only before gp_factor(). */
void gp_know(struct gaussian_process *gp, size_t i, double variance);

/* What stands beside the 1 on the diagonal at point i, for g = noise and s = scale: v_i / s,
 * at least the 1e-8 of a process without noise; or g. And as it is, with the jitter. */
double gp_noise_at(const struct gaussian_process *gp, size_t i, double noise, double scale);
double gp_row_noise(const struct gaussian_process *gp, size_t i);

/* Factors all points there are; they become the base. */
void gp_factor(struct gaussian_process *gp);

/* Appends a point and its row of the factor. O(n^2). */
void gp_append(struct gaussian_process *gp, const double *x);

/* Targets of all points there are, which fix mean, scale and alpha. O(n^2). */
void gp_train(struct gaussian_process *gp, const double *y);

/* Appends a point whose result is not known. Believing the predicted mean (D.
 * Ginsbourger, R. Le Riche, L. Carraro 2010, "Kriging believer") leaves the mean
 * everywhere as it is: only the variance shrinks, and alpha gets a 0. */
void gp_believe(struct gaussian_process *gp, const double *x);

/* Forgets the points from n on; n >= base. */
void gp_truncate(struct gaussian_process *gp, size_t n);

/* Mean and variance of the function (noise left out) at m encoded points, rows of d.
 * The variance, which costs O(n^2) a point, may be NULL. */
void gp_predict(const struct gaussian_process *gp, const double *x, size_t m, double *mean, double *variance);

/* And their gradients, rows of d (0 for categorical coordinates). m <= GP_GRADIENTS. */
void gp_predict_gradient(const struct gaussian_process *gp, const double *x, size_t m, double *mean, double *variance,
                         double *mean_gradient, double *variance_gradient);

/* The kernel that theta describes; `weight` gets 2 d numbers, which it borrows. */
struct kernel gp_kernel(const struct gaussian_process *gp, const double *theta, double *weight);

/* The gp_columns() numbers of an encoded point. */
void gp_place(const struct gaussian_process *gp, const double *x, double *point);

/* Posterior mean at the trained points: y - g alpha. */
double gp_fitted(const struct gaussian_process *gp, size_t i);

/* Leave-one-out mean and variance (with noise) of every trained point. O(n^3). */
int32_t gp_leave_one_out(const struct gaussian_process *gp, double *mean, double *variance);

/* log p(y | theta) with mean and scale as they are, of the trained points. */
double gp_log_likelihood(const struct gaussian_process *gp);

#endif
