/* A Gaussian process over encoded points.
 *
 *     y ~ N(m 1, s (K + g I))
 *
 * with the kernel of kernel.h, noise ratio g, constant mean m and scale s; m and s are profiled. The
 * hyperparameters theta are (log l_1, ..., log l_d, log g), then the logit of a when the kernel has an
 * additive part, then the form when there is more than one block: 1 for a joint kernel that is a sum over
 * the blocks, 0 for one of all parameters, inactive ones imputed. Where the error variance v_i of a result
 * is known, v_i / s takes the place of g; s is then not profiled, and log s is the last number of theta.
 *
 * The factor is a pure function of theta, `base`, the points in their order and the error variances that
 * are known: a full factorisation of the first `base` points, then one row appended for each later one.
 * So these are enough to rebuild the same bits.
 */
#ifndef AFINA_SURROGATE_GAUSSIAN_PROCESS_H
#define AFINA_SURROGATE_GAUSSIAN_PROCESS_H

#include "surrogate/kernel.h"

#include <stddef.h>
#include <stdint.h>

/* The most points that are predicted at a time, without and with gradients. */
enum { GP_CHUNK = 256, GP_GRADIENTS = 32 };

struct gaussian_process {
    size_t d;
    struct gp_dimension *dimension;
    int shape;            /* KERNEL_MATERN52, ... */
    int additive;         /* 1: the kernel has an additive part; set before gp_clear() */
    size_t blocks;        /* of the kernel; more than 1 only where theta has a form; set before the first point */
    double *theta;        /* gp_theta_size() */
    double *weight;       /* 2 d: 1 / l^2, then the weights of the additive terms */
    struct kernel kernel; /* of theta */
    int known;            /* 1: some error variances are known, and theta has log s; set before gp_clear() */
    double noise, jitter; /* g + jitter; jitter */
    /* n points; the first `trained` have a target, the others are pending. */
    size_t n, trained, base, capacity;
    double *x;                /* gp_columns() columns of `capacity` */
    double *l;                /* factor, leading dimension `capacity` */
    double *y, *alpha, *ones; /* targets; K^-1 (y - m); L^-1 1 */
    double *variance;         /* of the error of a target; NaN: not known */
    double mean, scale;
    double surprise;            /* largest |y - prediction| / deviation of the trained points appended after the base */
    double scale_shape;         /* shrinks the scale to 1 as if by this many observations; infinite: fixed at 1 */
    size_t fallbacks;           /* how often the matrix had to be changed so that it could be factored */
    double *room, *row, *point; /* workspaces; point: two of them */
};

/* How many numbers theta has. */
static inline size_t gp_theta_size(size_t d, int additive, size_t blocks)
{
    return d + 1 + (additive != 0) + (blocks > 1);
}

/* The index of the form in theta, with more than one block. */
static inline size_t gp_theta_form(size_t d, int additive)
{
    return d + 1 + (additive != 0);
}

/* How many features a point has: its coordinates, and with more than one block c_b of each. */
static inline size_t gp_columns(const struct gaussian_process *gp)
{
    return gp->d + (gp->blocks > 1 ? gp->blocks : 0);
}

int32_t gp_init(struct gaussian_process *gp, const struct gp_dimension *dimension, size_t d, int shape);
void gp_fini(struct gaussian_process *gp); /* a zeroed one is fine */

/* Makes room for n points; those that are there stay. */
int32_t gp_reserve(struct gaussian_process *gp, size_t n);

/* Removes all points and sets the hyperparameters. */
void gp_clear(struct gaussian_process *gp, const double *theta);

/* Keeps the points and changes the hyperparameters; the points have to be factored again. */
void gp_change(struct gaussian_process *gp, const double *theta);

/* Adds a point, for which there is room, but no row of the factor. Only before
 * gp_factor(). */
void gp_add(struct gaussian_process *gp, const double *x);

/* Sets the error variance of point i. Only before gp_factor(). */
void gp_set_error_variance(struct gaussian_process *gp, size_t i, double variance);

/* What is added to the 1 on the diagonal at point i, for g = noise and s = scale: v_i / s, at least
 * the 1e-8 of a process without noise; or g. gp_row_noise() is the same for the process's own g and s,
 * with the jitter. */
double gp_noise_at(const struct gaussian_process *gp, size_t i, double noise, double scale);
double gp_row_noise(const struct gaussian_process *gp, size_t i);

/* Factors all points; they become the base. */
void gp_factor(struct gaussian_process *gp);

/* Appends a point and its row of the factor. O(n^2). */
void gp_append(struct gaussian_process *gp, const double *x);

/* Sets the targets of all points, and with them mean, scale and alpha. O(n^2). */
void gp_train(struct gaussian_process *gp, const double *y);

/* Appends a pending point as if its result were the predicted mean (the "Kriging believer" of D.
 * Ginsbourger, R. Le Riche, L. Carraro 2010). The mean stays as it is everywhere, the variance
 * shrinks, and alpha gets a 0. */
void gp_append_pending(struct gaussian_process *gp, const double *x);

/* Removes the points from n on; n >= base. */
void gp_truncate(struct gaussian_process *gp, size_t n);

/* Mean and variance of the function (noise left out) at m encoded points, rows of d.
 * The variance, which costs O(n^2) a point, may be NULL. */
void gp_predict(const struct gaussian_process *gp, const double *x, size_t m, double *mean, double *variance);

/* The same with gradients, rows of d (0 for categorical coordinates). m <= GP_GRADIENTS. */
void gp_predict_gradient(const struct gaussian_process *gp, const double *x, size_t m, double *mean, double *variance,
                         double *mean_gradient, double *variance_gradient);

/* The kernel of theta. `weight` is room for 2 d numbers, which the kernel refers to. */
struct kernel gp_kernel(const struct gaussian_process *gp, const double *theta, double *weight);

/* Computes the gp_columns() features of an encoded point, inactive coordinates imputed. */
void gp_features(const struct gaussian_process *gp, const double *x, double *point);

/* Posterior mean at the trained points: y - g alpha. */
double gp_fitted(const struct gaussian_process *gp, size_t i);

/* Mean and variance (noise included) of every trained point, predicted from all others. O(n^3). */
int32_t gp_leave_one_out(const struct gaussian_process *gp, double *mean, double *variance);

#endif
