/* Where the optimum of an instance is, and its rotations; RR-6829 and its
 * published programs (the order of seeds is not in the report). Seeds derive from
 * s = function + 10000 instance, with 3 for function 4 and 17 for 18, which share
 * the draws of 3 and 17. No deviations. Check: f1, instance 1, d = 2 has its
 * optimum at (0.2528, -1.1568). */
#include "bbob.h"

#include <math.h>
#include <stdlib.h>

static long seed_of(int function, int instance)
{
    const int base = function == 4 ? 3 : function == 18 ? 17 : function;
    return base + 10000L * instance;
}

double bbob_fopt(int function, int instance)
{
    const long seed = seed_of(function, instance);
    double a, b;
    bbob_normal(&a, 1, seed);
    bbob_normal(&b, 1, seed + 1);
    return fmin(1000, fmax(-1000, floor(100.0 * 100.0 * a / b + 0.5) / 100.0));
}

static void place_optimum(double *xopt, size_t d, long seed)
{
    bbob_uniform(xopt, d, seed);
    for (size_t i = 0; i < d; i++) {
        xopt[i] = 8 * floor(1e4 * xopt[i]) / 1e4 - 4;
        if (xopt[i] == 0)
            xopt[i] = -1e-5;
    }
}

static double ladder(size_t i, size_t d)
{
    return d > 1 ? (double)i / (double)(d - 1) : 0;
}

/* M = A diag(base^(k/(d-1))) B. */
static void sandwich(double *m, const double *a, double base, const double *b, size_t d)
{
    for (size_t i = 0; i < d; i++)
        for (size_t j = 0; j < d; j++) {
            double sum = 0;
            for (size_t k = 0; k < d; k++)
                sum += a[i * d + k] * pow(base, ladder(k, d)) * b[k * d + j];
            m[i * d + j] = sum;
        }
}

/* The optimum of 9 and 19 follows from the rotation: R xopt = 0.5 / factor. */
static void unrotate_half(struct bbob *b)
{
    const double factor = fmax(1, sqrt((double)b->d) / 8);
    for (size_t j = 0; j < b->d; j++) {
        b->xopt[j] = 0;
        for (size_t i = 0; i < b->d; i++)
            b->xopt[j] += b->r[i * b->d + j] * 0.5 / factor;
    }
}

static void adjust_optimum(struct bbob *b, long seed)
{
    double u[BBOB_DIMENSIONS];
    switch (b->function) {
    case 4:
        for (size_t i = 0; i < b->d; i += 2)
            b->xopt[i] = fabs(b->xopt[i]);
        break;
    case 5:
        for (size_t i = 0; i < b->d; i++)
            b->xopt[i] = b->xopt[i] > 0 ? 5 : -5;
        break;
    case 8:
        for (size_t i = 0; i < b->d; i++)
            b->xopt[i] *= 0.75;
        break;
    case 9:
    case 19:
        unrotate_half(b);
        break;
    case 20:
        bbob_uniform(u, b->d, seed);
        for (size_t i = 0; i < b->d; i++)
            b->xopt[i] = u[i] < 0.5 ? -0.5 * 4.2096874637 : 0.5 * 4.2096874637;
        break;
    case 24:
        bbob_normal(u, b->d, seed);
        for (size_t i = 0; i < b->d; i++)
            b->xopt[i] = u[i] < 0 ? -1.25 : 1.25;
        break;
    default:
        break;
    }
}

/* The places that sort u upwards. */
static void sort_places(size_t *places, const double *u, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t at = i;
        for (; at > 0 && u[places[at - 1]] > u[i]; at--)
            places[at] = places[at - 1];
        places[at] = i;
    }
}

static void shape_peaks(struct bbob_peaks *p, size_t d, long seed)
{
    double u[BBOB_DRAWS], condition[BBOB_PEAKS];
    size_t places[BBOB_PEAKS];
    const size_t others = p->count - 1;
    bbob_uniform(u, others, seed);
    sort_places(places, u, others);
    condition[0] = p->count == 101 ? sqrt(1000) : 1000;
    p->value[0] = 10;
    for (size_t i = 1; i < p->count; i++) {
        condition[i] = pow(1000, (double)places[i - 1] / (double)(others - 1));
        p->value[i] = 1.1 + (9.1 - 1.1) * (double)(i - 1) / (double)(others - 1);
    }
    for (size_t i = 0; i < p->count; i++) {
        bbob_uniform(u, d, seed + 1000 * (long)i);
        sort_places(places, u, d);
        for (size_t j = 0; j < d; j++)
            p->scale[i][j] = pow(condition[i], ladder(places[j], d) - 0.5);
    }
}

static int make_peaks(struct bbob *b, long seed)
{
    double u[BBOB_PEAKS * BBOB_DIMENSIONS];
    struct bbob_peaks *p = calloc(1, sizeof *p);
    if (!p)
        return -1;
    p->count = b->function == 21 ? 101 : 21;
    const double width = b->function == 21 ? 10 : 9.8, low = b->function == 21 ? 5 : 4.9;
    shape_peaks(p, b->d, seed);
    bbob_uniform(u, b->d * p->count, seed);
    for (size_t j = 0; j < b->d; j++)
        b->xopt[j] = 0.8 * (width * u[j] - low);
    for (size_t i = 0; i < p->count; i++)
        for (size_t j = 0; j < b->d; j++) {
            double sum = 0;
            for (size_t k = 0; k < b->d; k++)
                sum += b->r[j * b->d + k] * (width * u[i * b->d + k] - low);
            p->place[i][j] = i ? sum : 0.8 * sum;
        }
    b->peaks = p;
    return 0;
}

/* Functions whose only rotation has the plain seed. */
static int plain_rotation(int function)
{
    return function == 9 || function == 19 || function == 21 || function == 22;
}

static void combine(struct bbob *b)
{
    switch (b->function) {
    case 6:
    case 13:
    case 15:
        sandwich(b->m, b->r, sqrt(10), b->q, b->d);
        break;
    case 16:
        sandwich(b->m, b->r, 0.1, b->q, b->d);
        break;
    case 23:
    case 24:
        sandwich(b->m, b->r, sqrt(100), b->q, b->d);
        break;
    default:
        break;
    }
}

int bbob_prepare(struct bbob *b)
{
    const size_t n = b->d * b->d;
    const long seed = seed_of(b->function, b->instance);
    double *matrices = malloc(3 * n * sizeof *matrices);
    if (!matrices)
        return -1;
    b->r = matrices;
    b->q = matrices + n;
    b->m = matrices + 2 * n;
    bbob_rotation(b->r, b->d, plain_rotation(b->function) ? seed : seed + 1000000);
    bbob_rotation(b->q, b->d, seed);
    combine(b);
    b->fopt = bbob_fopt(b->function, b->instance);
    place_optimum(b->xopt, b->d, b->function == 12 ? seed + 1000000 : seed);
    adjust_optimum(b, seed);
    if (b->function >= 21 && b->function <= 22 && make_peaks(b, seed)) {
        free(matrices);
        return -1;
    }
    b->ready = 1;
    return 0;
}
