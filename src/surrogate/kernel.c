/* Matérn and squared exponential kernels by r^2.
 *
 * Matérn 5/2: k = (1 + t + t^2/3) e^-t, t = sqrt(5) r;  dk/d(r^2) = -(5/6)(1 + t) e^-t
 * Matérn 3/2: k = (1 + t) e^-t,         t = sqrt(3) r;  dk/d(r^2) = -(3/2) e^-t
 * squared exponential: k = e^(-r^2/2);                  dk/d(r^2) = -k/2
 * (C. E. Rasmussen and C. K. I. Williams, Gaussian Processes for Machine Learning,
 * 2006, chapter 4.) By r^2 nothing is singular at r = 0. The exponential is our
 * own: its loop is free of calls, so that compilers turn it into vector code, and
 * its bits do not depend on the C library. Check: r^2 = 1 gives 0.52399411,
 * 0.48335772 and 0.60653066.
 */
#include "surrogate/kernel.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* e^x for x <= 0: x = k log 2 + r, a Taylor polynomial of e^r, and the exponent put
 * in by hand. Relative error 4e-16; 0 below -700. */
static inline double falling_exp(double x)
{
    const double magic = 0x1.8p52; /* adding it rounds to an integer in the low bits */
    double inside = x > -700 ? x : -700;
    double shifted = inside * 1.4426950408889634074 + magic;
    double k = shifted - magic;
    double r = (inside - k * 0x1.62e42fefa3800p-1) - k * 0x1.ef35793c76730p-45;
    double p = 1.0 / 479001600;
    p = p * r + 1.0 / 39916800;
    p = p * r + 1.0 / 3628800;
    p = p * r + 1.0 / 362880;
    p = p * r + 1.0 / 40320;
    p = p * r + 1.0 / 5040;
    p = p * r + 1.0 / 720;
    p = p * r + 1.0 / 120;
    p = p * r + 1.0 / 24;
    p = p * r + 1.0 / 6;
    p = p * r + 0.5;
    p = p * r + 1;
    p = p * r + 1;
    uint64_t bits;
    memcpy(&bits, &shifted, sizeof bits);
    bits = (bits + 1023) << 52;
    double power;
    memcpy(&power, &bits, sizeof power);
    return x > -700 ? p * power : 0;
}

void kernel_impute(const struct gp_dimension *dimension, size_t d, double *x)
{
    for (size_t j = 0; j < d; j++)
        if (dimension[j].kind == DIMENSION_NUMERIC && !(x[j] >= 0))
            x[j] = 0.5;
}

void kernel_distances(const struct gp_dimension *dimension, size_t d, const double *weight, const double *x, size_t ldx,
                      size_t first, size_t n, const double *point, double *r2)
{
    for (size_t i = 0; i < n; i++)
        r2[i] = 0;
    for (size_t j = 0; j < d; j++) {
        const double *column = x + j * ldx + first;
        double w = weight[j], p = point[j];
        if (dimension[j].kind == DIMENSION_CATEGORICAL) {
            for (size_t i = 0; i < n; i++)
                r2[i] += column[i] == p ? 0 : w;
        } else {
            for (size_t i = 0; i < n; i++) {
                double delta = column[i] - p;
                r2[i] += w * (delta * delta);
            }
        }
    }
}

void kernel_values(int kernel, size_t n, const double *r2, double *k)
{
    if (kernel == KERNEL_RBF) {
        for (size_t i = 0; i < n; i++)
            k[i] = falling_exp(-0.5 * r2[i]);
    } else if (kernel == KERNEL_MATERN32) {
        for (size_t i = 0; i < n; i++) {
            double t = sqrt(3 * r2[i]);
            k[i] = (1 + t) * falling_exp(-t);
        }
    } else {
        for (size_t i = 0; i < n; i++) {
            double t = sqrt(5 * r2[i]);
            k[i] = (1 + t + t * t * (1.0 / 3)) * falling_exp(-t);
        }
    }
}

void kernel_slopes(int kernel, size_t n, const double *r2, double *k, double *slope)
{
    if (kernel == KERNEL_RBF) {
        for (size_t i = 0; i < n; i++) {
            double e = falling_exp(-0.5 * r2[i]);
            k[i] = e;
            slope[i] = -0.5 * e;
        }
    } else if (kernel == KERNEL_MATERN32) {
        for (size_t i = 0; i < n; i++) {
            double t = sqrt(3 * r2[i]), e = falling_exp(-t);
            k[i] = (1 + t) * e;
            slope[i] = -1.5 * e;
        }
    } else {
        for (size_t i = 0; i < n; i++) {
            double t = sqrt(5 * r2[i]), e = falling_exp(-t);
            k[i] = (1 + t + t * t * (1.0 / 3)) * e;
            slope[i] = -(5.0 / 6) * (1 + t) * e;
        }
    }
}
