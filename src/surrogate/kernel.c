/* Matern and squared exponential kernels by r^2, and Wendland's function of one
 * coordinate.
 *
 * Matern 5/2: k = (1 + t + t^2/3) e^-t, t = sqrt(5) r;  dk/d(r^2) = -(5/6)(1 + t) e^-t
 * Matern 3/2: k = (1 + t) e^-t,         t = sqrt(3) r;  dk/d(r^2) = -(3/2) e^-t
 * squared exponential: k = e^(-r^2/2);                  dk/d(r^2) = -k/2
 * (C. E. Rasmussen and C. K. I. Williams, Gaussian Processes for Machine Learning,
 * 2006, chapter 4.) By r^2 nothing is singular at r = 0.
 * Wendland:   phi = (1 - r)^5 (8 r^2 + 5 r + 1) for r < 1, else 0;
 *             dphi/d(r^2) = -7 (1 - r)^4 (4 r + 1)  (kernel.h)
 * (H. Wendland, "Piecewise polynomial, positive definite and compactly supported radial functions
 * of minimal degree", Adv. Comput. Math. 4, 1995: the C^4 function of one dimension), as
 * smooth as the Matern 5/2 kernel and without an exponential for each coordinate. The sum over
 * coordinates is an additive process (D. Duvenaud, H. Nickisch, C. E. Rasmussen,
 * "Additive Gaussian processes", NIPS 2011): what is learned about one parameter
 * holds whatever the others are, so that 50 results can say something about 20
 * parameters.
 *
 * The exponential is our own: its loop has no calls, so that compilers turn it into
 * vector code, and its bits do not depend on the C library. The code is compiled
 * twice, the second time for processors with AVX2; as no product is fused with a sum, both give the
 * same bits. Check: r^2 = 1 gives 0.52399411, 0.48335772 and 0.60653066;
 * phi(1/2) = 0.171875.
 */
#include "surrogate/kernel.h"

#include <stdint.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

/* A row is computed in pieces that fit into the first-level cache. */
enum { PIECE = 128 };

/* e^x for x <= 0. With x = k log 2 + r it is a Taylor polynomial of e^r whose exponent bits
 * are raised by k. The relative error is 4e-16; the result is 0 below -700. */
INLINE double falling_exp(double x)
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

size_t kernel_count_blocks(const struct gp_dimension *dimension, size_t d)
{
    size_t count = 1;
    for (size_t j = 0; j < d; j++)
        count = dimension[j].block >= count ? dimension[j].block + 1 : count;
    return count <= KERNEL_MOST_BLOCKS ? count : 1;
}

void kernel_block_weights(const struct gp_dimension *dimension, size_t d, size_t blocks, const double *x, double *c)
{
    double all = 0;
    memset(c, 0, blocks * sizeof *c);
    for (size_t j = 0; j < d; j++)
        c[dimension[j].block] += dimension[j].block == 0 || x[j] >= 0;
    for (size_t b = 0; b < blocks; b++)
        all += c[b];
    for (size_t b = 0; b < blocks; b++)
        c[b] = all > 0 ? sqrt(c[b] / all) : 1 / sqrt((double)blocks);
}

void kernel_impute(const struct gp_dimension *dimension, size_t d, double *x)
{
    for (size_t j = 0; j < d; j++)
        if (dimension[j].kind == DIMENSION_NUMERIC && !(x[j] >= 0))
            x[j] = 0.5;
}

/* r2 += w delta^2 */
INLINE void add_distances(double w, const double *column, double p, size_t n, double *r2)
{
    for (size_t i = 0; i < n; i++) {
        double delta = column[i] - p;
        r2[i] += w * (delta * delta);
    }
}

double kernel_weigh_terms(size_t d, const double *weight, double *term_weight)
{
    double sum = 0;
    for (size_t j = 0; j < d; j++)
        sum += term_weight[j] = 1 - kernel_phi(kernel_inverse_radius(d, weight[j]));
    for (size_t j = 0; j < d; j++)
        term_weight[j] = sum > 0 ? term_weight[j] / sum : 1 / (double)d;
    return sum;
}

/* sum += p phi(|delta| / radius) */
INLINE void add_terms(double term, double inverse_radius, const double *column, double p, size_t n, double *sum)
{
    for (size_t i = 0; i < n; i++)
        sum[i] += term * kernel_phi(inverse_radius * fabs(column[i] - p));
}

INLINE void add_category(double w, double term, double inverse_radius, const double *column, double p, size_t n,
                         double *r2, double *sum)
{
    double other = term * kernel_phi(inverse_radius);
    for (size_t i = 0; i < n; i++) {
        r2[i] += column[i] == p ? 0 : w;
        sum[i] += column[i] == p ? term : other;
    }
}

INLINE void joint_values(int shape, size_t n, const double *r2, double *k)
{
    if (shape == KERNEL_RBF) {
        for (size_t i = 0; i < n; i++)
            k[i] = falling_exp(-0.5 * r2[i]);
    } else if (shape == KERNEL_MATERN32) {
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

/* Values and slopes, which share the exponential. */
INLINE void joint_slopes(int shape, size_t n, const double *r2, double factor, double *k, double *slope)
{
    if (shape == KERNEL_RBF) {
        for (size_t i = 0; i < n; i++) {
            k[i] = falling_exp(-0.5 * r2[i]);
            slope[i] = -0.5 * factor * k[i];
        }
    } else if (shape == KERNEL_MATERN32) {
        for (size_t i = 0; i < n; i++) {
            double t = sqrt(3 * r2[i]), e = falling_exp(-t);
            k[i] = (1 + t) * e;
            slope[i] = -1.5 * factor * e;
        }
    } else {
        for (size_t i = 0; i < n; i++) {
            double t = sqrt(5 * r2[i]), e = falling_exp(-t);
            k[i] = (1 + t + t * t * (1.0 / 3)) * e;
            slope[i] = -(5.0 / 6) * factor * ((1 + t) * e);
        }
    }
}

/* Adds the squared distances to r2 and the additive terms to sum, of the parameters of block b (0: all, when
 * the kernel has one block). */
INLINE void add_coordinates(const struct kernel *kernel, size_t b, const double *x, size_t ldx, size_t n,
                            const double *point, int additive, double *r2, double *sum)
{
    for (size_t j = 0; j < kernel->d; j++) {
        const double *column = x + j * ldx;
        if (kernel_block(kernel, j) != b)
            continue;
        double w = kernel->weight[j], inverse_radius = kernel_inverse_radius(kernel->d, w),
               term = additive ? kernel->term_weight[j] : 0;
        if (kernel->dimension[j].kind == DIMENSION_CATEGORICAL) {
            add_category(w, term, inverse_radius, column, point[j], n, r2, sum);
            continue;
        }
        add_distances(w, column, point[j], n, r2);
        if (additive)
            add_terms(term, inverse_radius, column, point[j], n, sum);
    }
}

INLINE void joint_kernel(const struct kernel *kernel, size_t n, const double *r2, double *k, double *slope)
{
    if (slope)
        joint_slopes(kernel->shape, n, r2, 1 - kernel->share, k, slope);
    else
        joint_values(kernel->shape, n, r2, k);
}

/* k := sum_b c_b c_b' k_joint(r_b^2) */
INLINE void sum_of_blocks(const struct kernel *kernel, const double *x, size_t ldx, size_t n, const double *point,
                          int additive, double *k, double *slope, size_t stride, double *sum)
{
    memset(k, 0, n * sizeof *k);
    for (size_t b = 0; b < kernel->blocks; b++) {
        const double *c = x + (kernel->d + b) * ldx;
        double r2[PIECE] = {0}, own[PIECE], *slopes = slope ? slope + b * stride : NULL;
        add_coordinates(kernel, b, x, ldx, n, point, additive, r2, sum);
        joint_kernel(kernel, n, r2, own, slopes);
        for (size_t i = 0; i < n; i++)
            k[i] += point[kernel->d + b] * c[i] * own[i];
        for (size_t i = 0; slopes && i < n; i++)
            slopes[i] *= point[kernel->d + b] * c[i];
    }
}

INLINE void piece_body(const struct kernel *kernel, const double *x, size_t ldx, size_t n, const double *point,
                       double *k, double *slope, size_t stride, double *excess)
{
    double r2[PIECE] = {0}, sum[PIECE] = {0}, share = kernel->share;
    int additive = share > 0 || excess;
    if (kernel->blocks > 1) {
        sum_of_blocks(kernel, x, ldx, n, point, additive, k, slope, stride, sum);
    } else {
        add_coordinates(kernel, 0, x, ldx, n, point, additive, r2, sum);
        joint_kernel(kernel, n, r2, k, slope);
    }
    for (size_t i = 0; excess && i < n; i++)
        excess[i] = sum[i] - k[i];
    for (size_t i = 0; additive && i < n; i++)
        k[i] += share * (sum[i] - k[i]);
}

/* Keeps four partial sums, which compilers turn into vector code. */
INLINE double sum_body(double inverse_radius, double factor, const double *x, size_t n, const double *slope,
                       const double *weight, double *term_sum)
{
    double sum[4] = {0, 0, 0, 0}, own[4] = {0, 0, 0, 0};
    for (size_t a = 0; a < n; a++) {
        const double *g = slope + a * n, *w = weight + a * n;
        size_t b = a + 1;
        for (; b + 4 <= n; b += 4)
            for (size_t i = 0; i < 4; i++) {
                double delta = x[b + i] - x[a], by_r2;
                own[i] += w[b + i] * kernel_phi_and_slope(inverse_radius * fabs(delta), &by_r2);
                sum[i] += (g[b + i] + w[b + i] * (factor * by_r2)) * (delta * delta);
            }
        for (; b < n; b++) {
            double delta = x[b] - x[a], by_r2;
            own[0] += w[b] * kernel_phi_and_slope(inverse_radius * fabs(delta), &by_r2);
            sum[0] += (g[b] + w[b] * (factor * by_r2)) * (delta * delta);
        }
    }
    *term_sum = (own[0] + own[1]) + (own[2] + own[3]);
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

static void piece_baseline(const struct kernel *kernel, const double *x, size_t ldx, size_t n, const double *point,
                           double *k, double *slope, size_t stride, double *excess)
{
    piece_body(kernel, x, ldx, n, point, k, slope, stride, excess);
}

static double sum_baseline(double inverse_radius, double factor, const double *x, size_t n, const double *slope,
                           const double *weight, double *term)
{
    return sum_body(inverse_radius, factor, x, n, slope, weight, term);
}

#if defined(__x86_64__) && defined(__GNUC__)
#define AVX2 __attribute__((target("avx2")))

AVX2 static void piece_avx2(const struct kernel *kernel, const double *x, size_t ldx, size_t n, const double *point,
                            double *k, double *slope, size_t stride, double *excess)
{
    piece_body(kernel, x, ldx, n, point, k, slope, stride, excess);
}

AVX2 static double sum_avx2(double inverse_radius, double factor, const double *x, size_t n, const double *slope,
                            const double *weight, double *term)
{
    return sum_body(inverse_radius, factor, x, n, slope, weight, term);
}

static int has_avx2(void)
{
    return __builtin_cpu_supports("avx2");
}
#else
#define piece_avx2 piece_baseline
#define sum_avx2 sum_baseline
static int has_avx2(void)
{
    return 0;
}
#endif

double kernel_numeric_sum(const struct kernel *kernel, size_t j, const double *x, size_t n, const double *slope,
                          const double *weight, double *term)
{
    double inverse_radius = kernel_inverse_radius(kernel->d, kernel->weight[j]), factor = kernel_term_factor(kernel, j);
    return (has_avx2() ? sum_avx2 : sum_baseline)(inverse_radius, factor, x, n, slope, weight, term);
}

void kernel_row(const struct kernel *kernel, const double *x, size_t ldx, size_t n, const double *point, double *k,
                double *slope, size_t stride, double *excess)
{
    int fast = has_avx2();
    for (size_t at = 0; at < n; at += PIECE) {
        size_t count = n - at < PIECE ? n - at : PIECE;
        double *slopes = slope ? slope + at : NULL, *excesses = excess ? excess + at : NULL;
        if (fast)
            piece_avx2(kernel, x + at, ldx, count, point, k + at, slopes, stride, excesses);
        else
            piece_baseline(kernel, x + at, ldx, count, point, k + at, slopes, stride, excesses);
    }
}
