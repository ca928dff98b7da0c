/* The kernel of a process over encoded points: a joint part, and an additive one.
 *
 *     k(x, x') = (1 - a) k_joint(r^2) + a sum_j p_j phi(r_j),  k(x, x) = 1
 *     r^2 = sum_j w_j delta_j^2,  r_j^2 = w_j delta_j^2 D / KERNEL_REACH,  w_j = 1 / l_j^2
 *     p_j = v_j / sum_i v_i,  v_j = 1 - phi(r_j where |delta_j| = 1)
 *
 * The part of a parameter is what its own function can vary over its range, so that those that change nothing take
 * nothing: of 100 of which six matter, equal parts would leave these six a sixteenth of the variance. D = d; beyond
 * GP_MANY it falls again, GP_MANY^3 / d^2 and 5 at the least, for of so many functions only smooth ones can be learned.
 *
 * or, with the parameters in blocks that are active together, in the place of k_joint(r^2)
 *
 *     sum_b c_b(x) c_b(x') k_joint(r_b^2),  r_b^2 the part of r^2 in block b,
 *     c_b^2(x) = d_b / (the parameters of all blocks active at x), or 0 where b is not active
 *
 * so that a block says something where it is active in both points, and what it says there holds
 * whichever others are.
 *
 * delta_j is the difference of a numeric coordinate, and 0 or 1 (equal or not) of
 * a categorical one: Hamming inside the common distance.
 */
#ifndef AFINA_SURROGATE_KERNEL_H
#define AFINA_SURROGATE_KERNEL_H

#include <math.h>
#include <stddef.h>

enum { DIMENSION_NUMERIC = 0, DIMENSION_CATEGORICAL = 1 };

struct gp_dimension {
    int kind;
    size_t block; /* those active together have the same; 0: always active */
};

/* A space of more is taken to have one block. */
enum { KERNEL_MOST_BLOCKS = 32 };

enum { KERNEL_MATERN52 = 0, KERNEL_MATERN32 = 1, KERNEL_RBF = 2 };

/* With it phi falls off from 1 as a Matern-5/2 kernel of length l_j / sqrt(D) does. */
#define KERNEL_REACH 8.4

/* Parameters, beyond which few are learned at a time, and what a fit has learned is hard to find again. */
enum { GP_MANY = 30 };

struct kernel {
    int shape; /* of the joint part: KERNEL_MATERN52, ... */
    size_t d;
    const struct gp_dimension *dimension;
    const double *weight; /* w: d */
    double share;         /* a; 0 leaves the additive part out, and what follows unused */
    const double *part;   /* p: d */
    double varying;       /* sum_i v_i */
    size_t blocks;        /* 1: all parameters together; else columns d + b of a point hold c_b */
};

/* What an inactive coordinate (encoded as -1) becomes: the middle of a numeric
 * one, so that the distance to active points is moderate while the parameter
 * that switched it off tells the regimes apart; an extra category otherwise. */
void kernel_impute(const struct gp_dimension *dimension, size_t d, double *x);

/* How many blocks there are, 1 when they are too many. */
size_t kernel_count_blocks(const struct gp_dimension *dimension, size_t d);

/* c_b of a point, before it is imputed. */
void kernel_place(const struct gp_dimension *dimension, size_t d, size_t blocks, const double *x, double *c);

/* p of d parameters, from their w. Returns the sum of v. */
double kernel_weigh_parts(size_t d, const double *weight, double *part);

/* k[i] = k(point, x_i) for n points in the columns x (coordinate j of point i is x[j * ldx + i]).
 * Unless NULL, slope[b * stride + i] gets the derivative of (1 - a) k_joint by r_b^2, and excess[i]
 * that of k by a: the additive part minus the joint one. */
void kernel_row(const struct kernel *kernel, const double *x, size_t ldx, size_t n, const double *point, double *k,
                double *slope, size_t stride, double *excess);

/* Of which block's r^2 the coordinate j is a part. */
static inline size_t kernel_block(const struct kernel *kernel, size_t j)
{
    return kernel->blocks > 1 ? kernel->dimension[j].block : 0;
}

/* r_j / |delta_j| */
static inline double kernel_reach(size_t d, double weight)
{
    double n = (double)d, most = GP_MANY;
    return sqrt(weight * ((n <= most ? n : fmax(5, most * most * most / (n * n))) / KERNEL_REACH));
}

/* phi, and its derivative by r^2. */
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

/* The derivative of a p_j phi(r_j) by w_j delta^2 is this times kernel_phi_slope(r_j). Added to the slope it gives
 * that of k. */
static inline double kernel_part_factor(const struct kernel *kernel, size_t j)
{
    double reach = kernel_reach(kernel->d, 1);
    return kernel->share > 0 ? kernel->share * kernel->part[j] * (reach * reach) : 0;
}

/* Of a numeric coordinate j, whose values are x, over all pairs a < b of n points, b of column a in the n x n matrices
 * being at [a * n + b]: sum (slope_ab + weight_ab times the derivative of a p_j phi by w_j delta^2) delta^2, and in
 * *part sum weight_ab phi(r_j). */
double kernel_numeric_sum(const struct kernel *kernel, size_t j, const double *x, size_t n, const double *slope,
                          const double *weight, double *part);

#endif
