/* The kernel of a process over encoded points: a joint part, and an additive one.
 *
 *     k(x, x') = (1 - a) k_joint(r^2) + a/d sum_j phi(r_j),  k(x, x) = 1
 *     r^2 = sum_j w_j delta_j^2,  r_j^2 = w_j delta_j^2 d / KERNEL_REACH,  w_j = 1 / l_j^2
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

/* With it phi falls off from 1 as a Matern-5/2 kernel of length l_j / sqrt(d) does. */
#define KERNEL_REACH 8.4

struct kernel {
    int shape; /* of the joint part: KERNEL_MATERN52, ... */
    size_t d;
    const struct gp_dimension *dimension;
    const double *weight; /* w: d */
    double share;         /* a; 0 leaves the additive part out */
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

/* The derivative of a/d phi(r_j) by w_j delta^2. Added to the slope it gives that of k. */
static inline double kernel_part_slope(const struct kernel *kernel, double weight, double delta)
{
    double r = sqrt(weight * ((double)kernel->d / KERNEL_REACH)) * fabs(delta);
    double q = r < 1 ? 1 - r : 0, q2 = q * q;
    return kernel->share * (-7 / KERNEL_REACH) * (q2 * q2) * (4 * r + 1);
}

#endif
