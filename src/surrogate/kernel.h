/* The kernel of a process over encoded points: the sum of a joint kernel and an additive one.
 *
 *     k(x, x') = (1 - a) k_joint(r^2) + a sum_j p_j phi(r_j),  k(x, x) = 1
 *     r^2 = sum_j w_j delta_j^2,  r_j^2 = w_j delta_j^2 D / KERNEL_RADIUS_SQUARED,  w_j = 1 / l_j^2
 *     p_j = v_j / sum_i v_i,  v_j = 1 - phi(r_j where |delta_j| = 1)
 *
 * The additive kernel has a term for each parameter, a function of that parameter alone. Its weight p_j follows how
 * far the term can vary over the range of the parameter, so that parameters without an effect take no variance: of 100
 * parameters of which six matter, equal weights would leave these six a sixteenth of it. phi has compact support:
 * r_j = 1 at a distance of sqrt(KERNEL_RADIUS_SQUARED / D) length scales, the support radius. D = d up to GP_MANY
 * parameters; beyond, D falls again as GP_MANY^3 / d^2, to 5 at the least, since of so many functions only smooth ones
 * can be learned.
 *
 * When the parameters form blocks that are active together, k_joint(r^2) may be a sum over the blocks instead:
 *
 *     sum_b c_b(x) c_b(x') k_joint(r_b^2),  r_b^2 the sum over the parameters of block b,
 *     c_b^2(x) = d_b / (the parameters of all blocks active at x), or 0 where b is not active
 *
 * A block then contributes where it is active in both points, and what is learned of it there
 * holds whichever other blocks are active.
 *
 * delta_j is the difference of a numeric coordinate, and 0 or 1 (equal or not) for
 * a categorical one, which adds the Hamming distance of the categories.
 */
#ifndef AFINA_SURROGATE_KERNEL_H
#define AFINA_SURROGATE_KERNEL_H

#include <math.h>
#include <stddef.h>

enum { DIMENSION_NUMERIC = 0, DIMENSION_CATEGORICAL = 1 };

struct gp_dimension {
    int kind;
    size_t block; /* parameters that are active together have the same; 0: always active */
};

/* A space of more blocks is treated as if it had one. */
enum { KERNEL_MOST_BLOCKS = 32 };

enum { KERNEL_MATERN52 = 0, KERNEL_MATERN32 = 1, KERNEL_RBF = 2 };

/* Squared support radius of phi in units of l_j / sqrt(D). At this radius phi falls off from 1 as a Matern-5/2
 * kernel of length l_j / sqrt(D) does. */
#define KERNEL_RADIUS_SQUARED 8.4

/* Beyond so many parameters a fit learns few of them at a time, and another fit hardly finds the same again. */
enum { GP_MANY = 30 };

struct kernel {
    int shape; /* of the joint kernel: KERNEL_MATERN52, ... */
    size_t d;
    const struct gp_dimension *dimension;
    const double *weight;      /* w: d */
    double share;              /* a; 0: without the additive kernel, and the next two are not read */
    const double *term_weight; /* p: d */
    double varying;            /* sum_i v_i */
    size_t blocks;             /* 1: all parameters together; otherwise columns d + b of a point hold c_b */
};

/* Imputes inactive coordinates, which are encoded as -1. A numeric one becomes the middle of
 * its range: its distance to active points is then moderate, and the parameter that
 * deactivated it tells the two cases apart. A categorical one keeps -1 as a category of its own. */
void kernel_impute(const struct gp_dimension *dimension, size_t d, double *x);

/* The number of blocks; 1 when they are too many. */
size_t kernel_count_blocks(const struct gp_dimension *dimension, size_t d);

/* c_b of a point, before it is imputed. */
void kernel_block_weights(const struct gp_dimension *dimension, size_t d, size_t blocks, const double *x, double *c);

/* Computes p of d parameters from their w. Returns the sum of v. */
double kernel_weigh_terms(size_t d, const double *weight, double *term_weight);

/* k[i] = k(point, x_i) for n points in the columns x (coordinate j of point i is x[j * ldx + i]).
 * Unless NULL, slope[b * stride + i] gets the derivative of (1 - a) k_joint by r_b^2, and excess[i]
 * that of k by a: the additive kernel minus the joint one. */
void kernel_row(const struct kernel *kernel, const double *x, size_t ldx, size_t n, const double *point, double *k,
                double *slope, size_t stride, double *excess);

/* The block whose r^2 the coordinate j enters. */
static inline size_t kernel_block(const struct kernel *kernel, size_t j)
{
    return kernel->blocks > 1 ? kernel->dimension[j].block : 0;
}

/* r_j / |delta_j|: 1 over the support radius of term j. */
static inline double kernel_inverse_radius(size_t d, double weight)
{
    double n = (double)d, most = GP_MANY;
    return sqrt(weight * ((n <= most ? n : fmax(5, most * most * most / (n * n))) / KERNEL_RADIUS_SQUARED));
}

/* Returns phi(r); *slope becomes its derivative by r^2. */
static inline double kernel_phi_and_slope(double r, double *slope)
{
    double inside = r < 1 ? r : 1, q = 1 - inside, q4 = (q * q) * (q * q);
    *slope = -7 * q4 * (4 * inside + 1);
    return q4 * q * ((8 * inside + 5) * inside + 1);
}

static inline double kernel_phi(double r)
{
    double slope;
    return kernel_phi_and_slope(r, &slope);
}

static inline double kernel_phi_slope(double r)
{
    double slope;
    kernel_phi_and_slope(r, &slope);
    return slope;
}

/* This times kernel_phi_slope(r_j) is the derivative of a p_j phi(r_j) by w_j delta^2. The sum of it and the slope of
 * the joint kernel is the derivative of k. */
static inline double kernel_term_factor(const struct kernel *kernel, size_t j)
{
    double inverse_radius = kernel_inverse_radius(kernel->d, 1);
    return kernel->share > 0 ? kernel->share * kernel->term_weight[j] * (inverse_radius * inverse_radius) : 0;
}

/* Sums for a numeric coordinate j whose values at n points are x, over all pairs a < b of the points. Returns
 *     sum (slope_ab + weight_ab times the derivative of a p_j phi by w_j delta^2) delta^2,
 * and *term_sum becomes sum weight_ab phi(r_j). Entry (a, b) of the n x n matrices is at [a * n + b]. */
double kernel_numeric_sum(const struct kernel *kernel, size_t j, const double *x, size_t n, const double *slope,
                          const double *weight, double *term_sum);

#endif
