/* The generator of Hansen, Finck, Ros, Auger (2009), "Real-parameter black-box
 * optimization benchmarking 2009: noiseless functions definitions", INRIA RR-6829,
 * as its published programs define it: Park and Miller's minimal standard
 * s <- 16807 s mod (2^31 - 1) with a Bays-Durham shuffle over 32 places, after 8
 * draws of warming up; normals by Box-Muller; a rotation is a matrix of normals,
 * column by column, made orthogonal by Gram-Schmidt. No deviations. Check: the
 * minimum of function 1, instance 1 that follows from it is 79.48. */
#include "bbob_draw.h"

#include <math.h>

enum { PLACES = 32, WARM_UP = 8, MODULUS = 2147483647 };

/* Schrage's way to multiply without overflow. */
static long next_minimal(long s)
{
    const long high = s / 127773;
    s = 16807 * (s - high * 127773) - 2836 * high;
    return s < 0 ? s + MODULUS : s;
}

void bbob_uniform(double *r, size_t count, long seed)
{
    long shuffle[PLACES], s = seed < 0 ? -seed : seed;
    if (s < 1)
        s = 1;
    for (int i = PLACES + WARM_UP - 1; i >= 0; i--) {
        s = next_minimal(s);
        if (i < PLACES)
            shuffle[i] = s;
    }
    long drawn = shuffle[0];
    for (size_t i = 0; i < count; i++) {
        s = next_minimal(s);
        const long place = drawn / 67108865;
        drawn = shuffle[place];
        shuffle[place] = s;
        r[i] = (double)drawn / MODULUS;
        if (r[i] == 0)
            r[i] = 1e-99;
    }
}

void bbob_normal(double *g, size_t count, long seed)
{
    double u[BBOB_DRAWS];
    bbob_uniform(u, 2 * count, seed);
    for (size_t i = 0; i < count; i++) {
        g[i] = sqrt(-2 * log(u[i])) * cos(2 * 3.141592653589793 * u[count + i]);
        if (g[i] == 0)
            g[i] = 1e-99;
    }
}

static double column_product(const double *b, size_t d, size_t i, size_t j)
{
    double sum = 0;
    for (size_t k = 0; k < d; k++)
        sum += b[k * d + i] * b[k * d + j];
    return sum;
}

void bbob_rotation(double *b, size_t d, long seed)
{
    double g[BBOB_DIMENSIONS * BBOB_DIMENSIONS];
    bbob_normal(g, d * d, seed);
    for (size_t i = 0; i < d; i++)
        for (size_t j = 0; j < d; j++)
            b[i * d + j] = g[j * d + i];
    for (size_t i = 0; i < d; i++) {
        for (size_t j = 0; j < i; j++) {
            const double along = column_product(b, d, i, j);
            for (size_t k = 0; k < d; k++)
                b[k * d + i] -= along * b[k * d + j];
        }
        const double length = sqrt(column_product(b, d, i, i));
        for (size_t k = 0; k < d; k++)
            b[k * d + i] /= length;
    }
}
