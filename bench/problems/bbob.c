/* The 24 noiseless functions of the BBOB test bed; RR-6829, in its symbols:
 *
 *     Tosz    smooth oscillations, x -> sign(x) exp(x^ + 0.049 (sin c1 x^ + sin c2 x^))
 *     Tasy    x_i -> x_i^(1 + beta (i-1)/(D-1) sqrt(x_i)) for x_i > 0
 *     Lambda  diag alpha^((i-1)/(D-1)/2)
 *     fpen    sum of max(0, |x_i| - 5)^2: zero on the search box, left out
 *
 * The box is [-5, 5]^D. Where the report and its published programs disagree
 * (which rotation comes first), the programs are followed. Check: f8, instance 1,
 * d = 2 at (0, 0), see the recorded vectors. */
#include "bbob.h"

#include "problem.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define PI 3.141592653589793

enum { N = BBOB_DIMENSIONS };

static double ladder(size_t i, size_t d)
{
    return (double)i / (double)(d - 1);
}

static double osz(double x)
{
    if (x == 0)
        return 0;
    const double h = log(fabs(x)), c1 = x > 0 ? 10 : 5.5, c2 = x > 0 ? 7.9 : 3.1;
    return copysign(exp(h + 0.049 * (sin(c1 * h) + sin(c2 * h))), x);
}

static void osz_all(double *z, size_t d)
{
    for (size_t i = 0; i < d; i++)
        z[i] = osz(z[i]);
}

static void asy_all(double *z, size_t d, double beta)
{
    for (size_t i = 0; i < d; i++)
        if (z[i] > 0)
            z[i] = pow(z[i], 1 + beta * ladder(i, d) * sqrt(z[i]));
}

/* z = M y */
static void multiply(double *z, const double *m, const double *y, size_t d)
{
    for (size_t i = 0; i < d; i++) {
        z[i] = 0;
        for (size_t j = 0; j < d; j++)
            z[i] += m[i * d + j] * y[j];
    }
}

static void shifted(double *z, const struct bbob *b, const double *x)
{
    for (size_t i = 0; i < b->d; i++)
        z[i] = x[i] - b->xopt[i];
}

/* z = M (x - xopt) */
static void shifted_times(double *z, const double *m, const struct bbob *b, const double *x)
{
    double y[N] = {0};
    shifted(y, b, x);
    multiply(z, m, y, b->d);
}

static double squares(const double *z, size_t d)
{
    double sum = 0;
    for (size_t i = 0; i < d; i++)
        sum += z[i] * z[i];
    return sum;
}

static double weighted_squares(const double *z, size_t d, double condition)
{
    double sum = 0;
    for (size_t i = 0; i < d; i++)
        sum += pow(condition, ladder(i, d)) * z[i] * z[i];
    return sum;
}

static double waves(const double *z, size_t d)
{
    double sum = 0;
    for (size_t i = 0; i < d; i++)
        sum += cos(2 * PI * z[i]);
    return sum;
}

static double rastrigin(const double *z, size_t d)
{
    return 10 * ((double)d - waves(z, d)) + squares(z, d);
}

static double sphere(const struct bbob *b, const double *x)
{
    double z[N];
    shifted(z, b, x);
    return squares(z, b->d);
}

static double ellipsoid(const struct bbob *b, const double *x)
{
    double z[N];
    shifted(z, b, x);
    osz_all(z, b->d);
    return weighted_squares(z, b->d, 1e6);
}

static double rastrigin_separable(const struct bbob *b, const double *x)
{
    double z[N];
    shifted(z, b, x);
    osz_all(z, b->d);
    asy_all(z, b->d, 0.2);
    for (size_t i = 0; i < b->d; i++)
        z[i] *= pow(sqrt(10), ladder(i, b->d));
    return rastrigin(z, b->d);
}

static double bueche_rastrigin(const struct bbob *b, const double *x)
{
    double z[N];
    shifted(z, b, x);
    osz_all(z, b->d);
    for (size_t i = 0; i < b->d; i++)
        z[i] *= (z[i] > 0 && i % 2 == 0 ? 10 : 1) * pow(sqrt(10), ladder(i, b->d));
    return rastrigin(z, b->d);
}

static double linear_slope(const struct bbob *b, const double *x)
{
    double sum = 0;
    for (size_t i = 0; i < b->d; i++) {
        const double s = copysign(pow(10, ladder(i, b->d)), b->xopt[i]);
        const double z = x[i] * b->xopt[i] < 25 ? x[i] : b->xopt[i];
        sum += 5 * fabs(s) - s * z;
    }
    return sum;
}

static double attractive_sector(const struct bbob *b, const double *x)
{
    double z[N], sum = 0;
    shifted_times(z, b->m, b, x);
    for (size_t i = 0; i < b->d; i++)
        sum += pow((z[i] * b->xopt[i] > 0 ? 100 : 1) * z[i], 2);
    return pow(osz(sum), 0.9);
}

static double step_ellipsoid(const struct bbob *b, const double *x)
{
    double z[N], steps[N] = {0};
    shifted_times(z, b->q, b, x);
    for (size_t i = 0; i < b->d; i++)
        z[i] *= pow(sqrt(10), ladder(i, b->d));
    for (size_t i = 0; i < b->d; i++)
        steps[i] = fabs(z[i]) > 0.5 ? floor(z[i] + 0.5) : floor(10 * z[i] + 0.5) / 10;
    const double first = fabs(z[0]) / 1e4;
    multiply(z, b->r, steps, b->d);
    return 0.1 * fmax(first, weighted_squares(z, b->d, 100));
}

static double rosenbrock_of(const double *z, size_t d)
{
    double sum = 0;
    for (size_t i = 0; i + 1 < d; i++)
        sum += 100 * pow(z[i] * z[i] - z[i + 1], 2) + pow(z[i] - 1, 2);
    return sum;
}

static double rosenbrock(const struct bbob *b, const double *x)
{
    double z[N];
    shifted(z, b, x);
    for (size_t i = 0; i < b->d; i++)
        z[i] = fmax(1, sqrt((double)b->d) / 8) * z[i] + 1;
    return rosenbrock_of(z, b->d);
}

static void half_rotated(double *z, const struct bbob *b, const double *x)
{
    multiply(z, b->r, x, b->d);
    for (size_t i = 0; i < b->d; i++)
        z[i] = fmax(1, sqrt((double)b->d) / 8) * z[i] + 0.5;
}

static double rosenbrock_rotated(const struct bbob *b, const double *x)
{
    double z[N];
    half_rotated(z, b, x);
    return rosenbrock_of(z, b->d);
}

static double ellipsoid_rotated(const struct bbob *b, const double *x)
{
    double z[N];
    shifted_times(z, b->r, b, x);
    osz_all(z, b->d);
    return weighted_squares(z, b->d, 1e6);
}

static double discus(const struct bbob *b, const double *x)
{
    double z[N];
    shifted_times(z, b->r, b, x);
    osz_all(z, b->d);
    return 1e6 * z[0] * z[0] + squares(z + 1, b->d - 1);
}

static double bent_cigar(const struct bbob *b, const double *x)
{
    double y[N] = {0}, z[N];
    shifted_times(y, b->r, b, x);
    asy_all(y, b->d, 0.5);
    multiply(z, b->r, y, b->d);
    return z[0] * z[0] + 1e6 * squares(z + 1, b->d - 1);
}

static double sharp_ridge(const struct bbob *b, const double *x)
{
    double z[N];
    shifted_times(z, b->m, b, x);
    return z[0] * z[0] + 100 * sqrt(squares(z + 1, b->d - 1));
}

static double different_powers(const struct bbob *b, const double *x)
{
    double z[N], sum = 0;
    shifted_times(z, b->r, b, x);
    for (size_t i = 0; i < b->d; i++)
        sum += pow(fabs(z[i]), 2 + 4 * ladder(i, b->d));
    return sqrt(sum);
}

static double rastrigin_rotated(const struct bbob *b, const double *x)
{
    double y[N] = {0}, z[N];
    shifted_times(y, b->r, b, x);
    osz_all(y, b->d);
    asy_all(y, b->d, 0.2);
    multiply(z, b->m, y, b->d);
    return rastrigin(z, b->d);
}

static double weierstrass(const struct bbob *b, const double *x)
{
    double y[N] = {0}, z[N], f0 = 0, sum = 0;
    shifted_times(y, b->r, b, x);
    osz_all(y, b->d);
    multiply(z, b->m, y, b->d);
    for (int k = 0; k < 12; k++) {
        f0 += pow(0.5, k) * cos(PI * pow(3, k));
        for (size_t i = 0; i < b->d; i++)
            sum += pow(0.5, k) * cos(2 * PI * pow(3, k) * (z[i] + 0.5));
    }
    return 10 * pow(sum / (double)b->d - f0, 3);
}

static double schaffers_of(const struct bbob *b, const double *x, double condition)
{
    double y[N] = {0}, z[N], sum = 0;
    shifted_times(y, b->r, b, x);
    asy_all(y, b->d, 0.5);
    multiply(z, b->q, y, b->d);
    for (size_t i = 0; i < b->d; i++)
        z[i] *= pow(sqrt(condition), ladder(i, b->d));
    for (size_t i = 0; i + 1 < b->d; i++) {
        const double s = z[i] * z[i] + z[i + 1] * z[i + 1];
        sum += pow(s, 0.25) * (1 + pow(sin(50 * pow(s, 0.1)), 2));
    }
    return pow(sum / (double)(b->d - 1), 2);
}

static double schaffers(const struct bbob *b, const double *x)
{
    return schaffers_of(b, x, 10);
}

static double schaffers_ill(const struct bbob *b, const double *x)
{
    return schaffers_of(b, x, 1000);
}

static double griewank_rosenbrock(const struct bbob *b, const double *x)
{
    double z[N], sum = 0;
    half_rotated(z, b, x);
    for (size_t i = 0; i + 1 < b->d; i++) {
        const double s = 100 * pow(z[i] * z[i] - z[i + 1], 2) + pow(z[i] - 1, 2);
        sum += s / 4000 - cos(s);
    }
    return 10 + 10 * sum / (double)(b->d - 1);
}

static double schwefel(const struct bbob *b, const double *x)
{
    const double corner = 4.2096874637;
    double h[N], z[N], sum = 0, outside = 0;
    for (size_t i = 0; i < b->d; i++)
        h[i] = 2 * copysign(1, b->xopt[i]) * x[i];
    z[0] = h[0];
    for (size_t i = 1; i < b->d; i++)
        z[i] = h[i] + 0.25 * (h[i - 1] - corner);
    for (size_t i = 0; i < b->d; i++) {
        z[i] = 100 * (pow(sqrt(10), ladder(i, b->d)) * (z[i] - corner) + corner);
        sum += z[i] * sin(sqrt(fabs(z[i])));
        outside += pow(fmax(0, fabs(z[i] / 100) - 5), 2);
    }
    return 0.01 * (418.9828872724339 - sum / (double)b->d) + 100 * outside;
}

static double gallagher(const struct bbob *b, const double *x)
{
    const struct bbob_peaks *p = b->peaks;
    double z[N], best = 0;
    multiply(z, b->r, x, b->d);
    for (size_t i = 0; i < p->count; i++) {
        double sum = 0;
        for (size_t j = 0; j < b->d; j++)
            sum += p->scale[i][j] * pow(z[j] - p->place[i][j], 2);
        best = fmax(best, p->value[i] * exp(-0.5 / (double)b->d * sum));
    }
    /* Tosz with the constants of its published program, in the tenth of the logarithm. */
    const double t = 10 - best;
    if (t <= 0)
        return 0;
    const double h = log(t) / 0.1;
    return pow(exp(0.1 * (h + 0.49 * (sin(h) + sin(0.79 * h)))), 2);
}

static double katsuura(const struct bbob *b, const double *x)
{
    const double d = (double)b->d, scale = 10 / d / d;
    double z[N], product = 1;
    shifted_times(z, b->m, b, x);
    for (size_t i = 0; i < b->d; i++) {
        double sum = 0;
        for (int j = 1; j < 33; j++) {
            const double power = ldexp(1, j);
            sum += fabs(power * z[i] - floor(power * z[i] + 0.5)) / power;
        }
        product *= pow(1 + (double)(i + 1) * sum, 10 / pow(d, 1.2));
    }
    return scale * (product - 1);
}

static double bi_rastrigin(const struct bbob *b, const double *x)
{
    const double d = (double)b->d, mu0 = 2.5, s = 1 - 0.5 / (sqrt(d + 20) - 4.1), mu1 = -sqrt((mu0 * mu0 - 1) / s);
    double h[N], y[N] = {0}, z[N], near = 0, far = 0;
    for (size_t i = 0; i < b->d; i++) {
        h[i] = 2 * copysign(1, b->xopt[i]) * x[i];
        y[i] = h[i] - mu0;
        near += pow(h[i] - mu0, 2);
        far += pow(h[i] - mu1, 2);
    }
    multiply(z, b->m, y, b->d);
    return fmin(near, d + s * far) + 10 * (d - waves(z, b->d));
}

static double (*const functions[BBOB_FUNCTIONS])(const struct bbob *b, const double *x) = {
    sphere,
    ellipsoid,
    rastrigin_separable,
    bueche_rastrigin,
    linear_slope,
    attractive_sector,
    step_ellipsoid,
    rosenbrock,
    rosenbrock_rotated,
    ellipsoid_rotated,
    discus,
    bent_cigar,
    sharp_ridge,
    different_powers,
    rastrigin_rotated,
    weierstrass,
    schaffers,
    schaffers_ill,
    griewank_rosenbrock,
    schwefel,
    gallagher,
    gallagher,
    katsuura,
    bi_rastrigin,
};

double bbob_value(const struct bbob *b, const double *x)
{
    return functions[b->function - 1](b, x) + b->fopt;
}

/* ----------------------------------------------------------------- problems */

enum { INSTANCES = 3, SIZES = 4 };

static struct bbob instances[BBOB_FUNCTIONS * SIZES * INSTANCES];

static double problem_value(const struct problem *p, const double *x)
{
    struct bbob *b = &instances[p->index];
    if (!b->ready && bbob_prepare(b))
        return NAN;
    return bbob_value(b, x);
}

static int32_t describe(const struct problem *p, afina_space *space)
{
    return describe_reals(space, p->d, -5, 5, AFINA_SCALE_LINEAR);
}

static int add_one(size_t index, int function, int instance, size_t d)
{
    char name[64];
    snprintf(name, sizeof name, "bbob_f%02d_d%zu", function, d);
    struct problem *p = problem_add("bbob", name, instance, d);
    if (!p)
        return -1;
    instances[index] = (struct bbob){.function = function, .instance = instance, .d = d};
    p->index = index;
    p->optimum = bbob_fopt(function, instance);
    p->describe = describe;
    p->value = problem_value;
    return 0;
}

int add_bbob(void)
{
    static const size_t sizes[SIZES] = {2, 5, 10, 20};
    size_t index = 0;
    for (int s = 0; s < SIZES; s++)
        for (int f = 1; f <= BBOB_FUNCTIONS; f++)
            for (int k = 1; k <= INSTANCES; k++, index++)
                if (add_one(index, f, k, sizes[s]))
                    return -1;
    return 0;
}
