/* The normal distribution, exact in its tails.
 *
 * erfcx(x) = exp(x^2) erfc(x) is the Chebyshev series in t = (x-K)/(x+K), K = 15/4,
 * of (1 + 2x) erfcx(x) on 0 <= x < inf: M. M. Shepherd and J. G. Laframboise,
 * "Chebyshev approximation of (1+2x)exp(x^2)erfc x in 0 <= x < inf", Math. Comp. 36
 * (1981). The coefficients were computed anew with 60 digits. The same
 * transformation with K = 5 gives (1 + a)^2 (1 - a M(a)) for all a, where a direct
 * form loses a^2 eps and an asymptotic series needs large a. tests/numeric/reference.py prints
 * both tables. erf near 0 is its Maclaurin series (M. Abramowitz, I. Stegun, "Handbook of Mathematical
 * Functions", 1964, 7.1.5). Truncated quantiles: Newton's method on the logarithm of the tail.
 * Check: erfcx(1) = 0.42758357615580700, normal_loss_ratio(10) = 0.0097140352826807860.
 */
#include "numeric/special.h"

#include "core/elementary.h"

#include <math.h>
#include <stddef.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static const double sqrt_half = 0.70710678118654752440;
static const double sqrt_half_pi = 1.2533141373155002512;
static const double two_over_sqrt_pi = 1.1283791670955125739;
static const double sqrt_two_pi = 2.5066282746310005024;
static const double log_sqrt_two_pi = 0.91893853320467274178;

static const double erfcx_series[] = {
    1.1775789345674017541,       -0.0045900545806464773309,  -0.084249133366517915584,   0.059209939998191890498,
    -0.026658668435305752277,    0.0090749976707052650939,   -0.0024131635404176081909,  0.00049077583652580863229,
    -0.000069169733025012063671, 4.1390279860730101675e-6,   7.7403830661984906686e-7,   -2.1886401049234395661e-7,
    1.0764999465670910377e-8,    4.5219598112182868979e-9,   -7.7544002088313511065e-10, -6.3180883408866844944e-11,
    2.8687950109306698981e-11,   1.945586854577734723e-13,   -9.6546967484334389059e-13, 3.2525481481487398415e-14,
    3.3478119482868053878e-14,   -1.8645628804193131015e-15, -1.2507950530688647085e-15, 7.418235256624043463e-17,
    5.0681489047961113168e-17,   -2.2370566594359995974e-18, -2.187342944303017665e-18,
};
static const double loss_series[] = {
    1.1786939013866436594,      -0.10125727962799317049,     -0.1486554620852188733,    0.098168487785801515601,
    -0.031717988981526068062,   0.0041183803066302061965,    0.00138401749830792646,    -0.00098383403534953123477,
    0.00029489504920453161057,  -0.000047092601951401713687, 8.5900292729208072256e-7,  1.3554619080433913252e-6,
    -2.3147555595831767753e-7,  -1.7075440607920012211e-8,   9.9493628738662351935e-9,  -2.4106464654592277439e-10,
    -3.5666175303257516448e-10, 2.8945226947362403745e-11,   1.3016100717797053611e-11, -1.5524538138949633892e-12,
    -5.2209306303151938154e-13, 6.9501846119013343836e-14,   2.3459444607000382119e-14, -2.771885973444679307e-15,
    -1.154428219441168279e-15,  9.1160452744461335229e-17,   5.9551597630848374539e-17, -1.4216719997436312657e-18,
    -3.0664098216468804287e-18,
};

/* Clenshaw's recurrence. */
static double series_sum(const double *c, size_t n, double t)
{
    double b1 = 0, b2 = 0;
    for (size_t j = n - 1; j > 0; j--) {
        double b0 = 2 * t * b1 - b2 + c[j];
        b2 = b1;
        b1 = b0;
    }
    return t * b1 - b2 + c[0];
}

/* exp(c x^2) without the rounding error of x^2: x = h + l, where h has few bits. */
static double exp_square(double c, double x)
{
    if (!(fabs(x) < 64))
        return portable_exp(c * x * x);
    double h = floor(x * 0x1p20 + 0.5) * 0x1p-20;
    return portable_exp(c * h * h) * portable_exp(c * (x - h) * (x + h));
}

double erfcx(double x)
{
    if (x < 0)
        return 2 * exp_square(1, x) - erfcx(-x);
    if (isinf(x))
        return 0;
    return series_sum(erfcx_series, LENGTH(erfcx_series), (x - 3.75) / (x + 3.75)) / (1 + 2 * x);
}

double normal_pdf(double x)
{
    return exp_square(-0.5, x) / sqrt_two_pi;
}

/* 2/sqrt(pi) sum_n (-1)^n x^(2n+1) / (n! (2n+1)), |x| <= 1/2. */
static double erf_near_zero(double x)
{
    static const double term[] = {1.0 / 11975040000, -1.0 / 918086400, 1.0 / 76204800, -1.0 / 6894720,
                                  1.0 / 685440,      -1.0 / 75600,     1.0 / 9360,     -1.0 / 1320,
                                  1.0 / 216,         -1.0 / 42,        1.0 / 10,       -1.0 / 3};
    double square = x * x, sum = 0;
    for (size_t i = 0; i < LENGTH(term); i++)
        sum = (sum + term[i]) * square;
    return two_over_sqrt_pi * (x + x * sum);
}

static double error_function(double x)
{
    if (fabs(x) <= 0.5)
        return erf_near_zero(x);
    double rest = exp_square(-1, x) * erfcx(fabs(x));
    return x < 0 ? rest - 1 : 1 - rest;
}

double normal_cdf(double x)
{
    if (fabs(x) < 0.7)
        return 0.5 + 0.5 * erf_near_zero(x * sqrt_half);
    double tail = 0.5 * exp_square(-0.5, x) * erfcx(fabs(x) * sqrt_half);
    return x < 0 ? tail : 1 - tail;
}

double normal_mills(double a)
{
    return sqrt_half_pi * erfcx(a * sqrt_half);
}

double normal_log_cdf(double x)
{
    if (x < -1)
        return isinf(x) ? -INFINITY : -0.5 * x * x - log_sqrt_two_pi + portable_log(normal_mills(-x));
    return portable_log1p(-normal_cdf(-x));
}

double normal_log_cdf_slope(double x)
{
    return x < 0 ? 1 / normal_mills(-x) : normal_pdf(x) / normal_cdf(x);
}

double normal_loss_ratio(double a)
{
    if (isinf(a))
        return 0;
    double s = series_sum(loss_series, LENGTH(loss_series), (a - 5) / (a + 5)) / (1 + a);
    return s / (1 + a);
}

/* The integral of exp(-near (t - near) - (t - near)^2 / 2) over [near, far] by
 * Gauss-Legendre with ten nodes: exact to rounding while the exponent is short. */
static double tail_narrow(double near, double far)
{
    static const double node[] = {0.14887433898163121088, 0.43339539412924719080, 0.67940956829902440623,
                                  0.86506336668898451073, 0.97390652851717172008};
    static const double weight[] = {0.29552422471475287017, 0.26926671930999635509, 0.21908636251598204400,
                                    0.14945134915058059315, 0.06667134430868813759};
    double half = 0.5 * (far - near), sum = 0;
    for (size_t i = 0; i < LENGTH(node); i++) {
        double t1 = half * (1 - node[i]), t2 = half * (1 + node[i]);
        sum += weight[i] * (portable_exp(-t1 * (near + 0.5 * t1)) + portable_exp(-t2 * (near + 0.5 * t2)));
    }
    return half * sum;
}

/* (Q(near) - Q(far)) / phi(near) for 0 <= near <= far. */
static double tail_mass(double near, double far)
{
    if (isinf(near))
        return 0;
    if (isinf(far))
        return normal_mills(near);
    if ((far - near) * (1 + far) < 1)
        return tail_narrow(near, far);
    double fall = portable_exp(-0.5 * (far - near) * (far + near));
    return normal_mills(near) - (fall > 0 ? fall * normal_mills(far) : 0);
}

double normal_interval(double a, double b)
{
    if (isnan(a) || isnan(b))
        return NAN;
    if (b <= a)
        return 0;
    if (a >= 0)
        return normal_pdf(a) * tail_mass(a, b);
    if (b <= 0)
        return normal_pdf(b) * tail_mass(-b, -a);
    return 0.5 * (error_function(b * sqrt_half) - error_function(a * sqrt_half));
}

static double clamp(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

/* The probability below x of the normal distribution truncated to [near, far], near >= 0. */
static double tail_share(double x, double near, double far)
{
    return tail_mass(near, x) / tail_mass(near, far);
}

/* The probability above x. */
static double tail_rest(double x, double near, double far)
{
    return portable_exp(-0.5 * (x - near) * (x + near)) * tail_mass(x, far) / tail_mass(near, far);
}

/* Past so many deviations the whole mass lies within an ulp of the near end: the
 * density falls by exp(-near^2 2^-53) to the next double. */
static const double cliff = 1e10;

/* On a narrower interval the masses underflow, and the density is constant. */
static const double sliver = 1e-290;

double truncated_normal_cdf(double x, double a, double b)
{
    if (isnan(x) || isnan(a) || isnan(b))
        return NAN;
    if (x <= a)
        return 0;
    if (x >= b)
        return 1;
    if (a > cliff || b < -cliff)
        return a > cliff;
    if (b - a < sliver)
        return clamp((x - a) / (b - a), 0, 1);
    if (a >= 0)
        return clamp(tail_share(x, a, b), 0, 1);
    if (b <= 0)
        return clamp(tail_rest(-x, -b, -a), 0, 1);
    return clamp(normal_interval(a, x) / normal_interval(a, b), 0, 1);
}

/* The x >= 0 of Q(x) = t phi(near), in a right tail that begins at near >= 0.
 * Newton on g(x) = log Q(x) - log phi(near) - log t, g' = -1/M(x); g is concave
 * and close to a parabola, so that few steps are enough from anywhere. */
static double tail_inverse(double t, double near)
{
    double x = near;
    double drop = portable_log(normal_mills(near)) - portable_log(t);
    if (drop > 0)
        x = sqrt(near * near + 2 * drop);
    for (int step = 0; step < 50; step++) {
        double m = normal_mills(x);
        double g = portable_log(m / t) - 0.5 * (x - near) * (x + near);
        double dx = g * m;
        if (x + dx < 0)
            dx = -0.5 * x;
        x += dx;
        if (fabs(dx) <= 0x1p-52 * x)
            break;
    }
    return x;
}

/* The x with the probability u below it and `rest` above it: u + rest = 1. */
static double tail_quantile(double u, double rest, double near, double far)
{
    double width = far - near;
    if (width * (1 + far) < 1e-2) {
        /* The density is nearly flat: it falls like exp(-near s), s being the distance from `near`. */
        double k = near + 0.5 * width;
        double s = k * width > 1e-12 ? -portable_log1p(u * portable_expm1(-k * width)) / k : u * width;
        double error = tail_share(near + s, near, far) - u;
        return near + s - error * tail_mass(near, far) * portable_exp(s * (near + 0.5 * s));
    }
    double fall = isinf(far) ? 0 : portable_exp(-0.5 * width * (far + near));
    double t = rest * normal_mills(near) + (fall > 0 ? u * fall * normal_mills(far) : 0);
    return tail_inverse(t, near);
}

double truncated_normal_quantile(double u, double a, double b)
{
    if (isnan(a) || isnan(b) || !(u >= 0 && u <= 1))
        return NAN;
    if (u <= 0 || a >= b)
        return a;
    if (u >= 1)
        return b;
    if (a > cliff || b < -cliff)
        return a > cliff ? a : b;
    if (b - a < sliver)
        return clamp(a + u * (b - a), a, b);
    if (a >= 0)
        return clamp(tail_quantile(u, 1 - u, a, b), a, b);
    if (b <= 0)
        return clamp(-tail_quantile(1 - u, u, -b, -a), a, b);
    double mass = normal_interval(a, b);
    if (b - a < 1e-2) {
        double x = a + u * (b - a);
        return clamp(x - (normal_interval(a, x) - u * mass) / normal_pdf(x), a, b);
    }
    double below = normal_cdf(a) + u * mass, above = normal_cdf(-b) + (1 - u) * mass;
    return clamp(below < above ? normal_quantile(below) : -normal_quantile(above), a, b);
}
