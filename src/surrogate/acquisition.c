/* Expected improvement and its relatives.
 *
 *     z = (f* - mu) / sigma,  h(z) = phi(z) + z Phi(z),  EI = sigma h(z)
 *     log EI = log sigma + log h(z);  d/dmu = -(Phi/h)/sigma,  d/dsigma = (phi/h)/sigma
 *     log PI = log Phi(z),            LCB = -(mu - kappa sigma)
 *
 * For z < 0, with a = -z and Mills' ratio M, h = phi(a) (1 - a M(a)), so that log h,
 * Phi/h = M / (1 - aM) and phi/h = 1 / (1 - aM) need no phi at all and hold at any
 * distance: S. Ament, S. Daulton, D. Eriksson, M. Balandat, E. Bakshy, "Unexpected
 * improvements to expected improvement", NeurIPS 2023. Our 1 - aM is one series for
 * all a >= 0 (numeric/special.c) where theirs has three cases. Check: log h(-40) =
 * -808.29855..., log h(0) = -0.91893853.
 *
 * The information of a point about the minimum, for minima m_k drawn beforehand:
 *
 *     g_k = (mu - m_k) / sigma,  MES = mean_k A(g_k),  A(g) = g r/2 - log Phi(g),  r = phi/Phi
 *     dA/dg = -(r/2) (1 + g^2 + g r)
 *
 * (Z. Wang and S. Jegelka, "Max-value entropy search for efficient Bayesian optimization",
 * ICML 2017, equation 6, for minimisation.) As they do, the minima are drawn from a Gumbel
 * distribution through two quantiles of the least of independent normal values. Check: A(0) =
 * 0.69314718, A(2) = 0.078260772.
 */
#include "surrogate/acquisition.h"

#include "core/elementary.h"
#include "numeric/special.h"

#include <math.h>
#include <stddef.h>

static const double log_sqrt_two_pi = 0.91893853320467274178;
static const double least_variance = 1e-12;

double log_improvement(double z)
{
    if (z < 0)
        return -0.5 * z * z - log_sqrt_two_pi + portable_log(normal_loss_ratio(-z));
    return portable_log(normal_pdf(z) + z * normal_cdf(z));
}

/* Computes Phi/h and phi/h. */
static void improvement_ratios(double z, double *cdf_ratio, double *pdf_ratio)
{
    if (z < 0) {
        double loss = normal_loss_ratio(-z);
        *cdf_ratio = normal_mills(-z) / loss;
        *pdf_ratio = 1 / loss;
    } else {
        double phi = normal_pdf(z), cdf = normal_cdf(z), h = phi + z * cdf;
        *cdf_ratio = cdf / h;
        *pdf_ratio = phi / h;
    }
}

static double log_ei(double z, double sd, double *by_mean, double *by_sd)
{
    double cdf_ratio, pdf_ratio;
    improvement_ratios(z, &cdf_ratio, &pdf_ratio);
    *by_mean = -cdf_ratio / sd;
    *by_sd = pdf_ratio / sd;
    return portable_log(sd) + log_improvement(z);
}

static double ei(double z, double sd, double *by_mean, double *by_sd)
{
    *by_mean = -normal_cdf(z);
    *by_sd = normal_pdf(z);
    return sd * portable_exp(log_improvement(z));
}

static double log_pi(double z, double sd, double *by_mean, double *by_sd)
{
    double ratio = normal_log_cdf_slope(z);
    *by_mean = -ratio / sd;
    *by_sd = -ratio * z / sd;
    return normal_log_cdf(z);
}

/* log A(g), and its derivative. Beyond 8 Phi is 1 in double precision and -log Phi is Q; far
 * below 0 the squares cancel and A is log(-g) + log sqrt(2 pi) - 1/2. */
static double log_gain(double g, double *by_g)
{
    if (g > 8) {
        double mills = normal_mills(g);
        *by_g = -(1 + g * g) / (g + 2 * mills);
        return -0.5 * g * g - log_sqrt_two_pi + portable_log(0.5 * g + mills);
    }
    if (g < -1e4) {
        double gain = portable_log(-g) + log_sqrt_two_pi - 0.5;
        *by_g = 1 / (g * gain);
        return portable_log(gain);
    }
    double r = normal_log_cdf_slope(g);
    double gain = 0.5 * g * r - normal_log_cdf(g);
    *by_g = -0.5 * r * (1 + g * (g + r)) / gain;
    return portable_log(gain);
}

/* The logarithm of the mean over the minima. The greatest term is taken out, so that none overflows. */
static double log_mes(const struct acquisition *a, double mean, double sd, double *by_mean, double *by_sd)
{
    double gain[ACQUISITION_MINIMA], slope[ACQUISITION_MINIMA], most = -INFINITY, sum = 0;
    *by_mean = *by_sd = 0;
    for (size_t k = 0; k < ACQUISITION_MINIMA; k++) {
        gain[k] = log_gain((mean - a->minima[k]) / sd, &slope[k]);
        most = fmax(most, gain[k]);
    }
    for (size_t k = 0; k < ACQUISITION_MINIMA; k++) {
        double weight = portable_exp(gain[k] - most), g = (mean - a->minima[k]) / sd;
        sum += weight;
        *by_mean += weight * slope[k] / sd;
        *by_sd -= weight * slope[k] * g / sd;
    }
    *by_mean /= sum;
    *by_sd /= sum;
    return most + portable_log(sum / ACQUISITION_MINIMA);
}

/* The logarithm of the probability that all of n independent normal values lie above y. */
static double log_all_above(double y, const double *mean, const double *variance, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += normal_log_cdf((mean[i] - y) / sqrt(variance[i] + least_variance));
    return sum;
}

/* The y below which the least of the values lies with probability p, by bisection. */
static double least_quantile(double p, const double *mean, const double *variance, size_t n)
{
    double low = INFINITY, high = INFINITY, want = portable_log1p(-p);
    for (size_t i = 0; i < n; i++) {
        low = fmin(low, mean[i] - 8 * sqrt(variance[i] + least_variance));
        high = fmin(high, mean[i] + 2 * sqrt(variance[i] + least_variance));
    }
    for (int round = 0; round < 30; round++) {
        double middle = 0.5 * low + 0.5 * high;
        if (log_all_above(middle, mean, variance, n) > want)
            low = middle;
        else
            high = middle;
    }
    return 0.5 * low + 0.5 * high;
}

void acquisition_draw_minima(struct acquisition *a, const double *mean, const double *variance, size_t n,
                             struct rng *rng)
{
    static const double p = 0.75;
    double lower = least_quantile(1 - p, mean, variance, n), upper = least_quantile(p, mean, variance, n);
    double t_lower = portable_log(-portable_log(p)), t_upper = portable_log(-portable_log(1 - p)),
           scale = (upper - lower) / (t_upper - t_lower);
    for (size_t k = 0; k < ACQUISITION_MINIMA; k++)
        a->minima[k] = upper + scale * (portable_log(-portable_log(rng_uniform(rng))) - t_upper);
}

double acquisition_value(const struct acquisition *a, double mean, double variance, double *by_mean,
                         double *by_variance)
{
    double sd = sqrt(variance * (1 + a->inflation) + least_variance), z = (a->best - mean) / sd;
    double value, mean_slope, sd_slope;
    if (a->kind == ACQUISITION_LCB) {
        value = a->kappa * sd - mean;
        mean_slope = -1;
        sd_slope = a->kappa;
    } else if (a->kind == ACQUISITION_EI) {
        value = ei(z, sd, &mean_slope, &sd_slope);
    } else if (a->kind == ACQUISITION_MES) {
        value = log_mes(a, mean, sd, &mean_slope, &sd_slope);
    } else if (a->kind == ACQUISITION_PI) {
        value = log_pi(z, sd, &mean_slope, &sd_slope);
    } else {
        value = log_ei(z, sd, &mean_slope, &sd_slope);
    }
    if (by_mean)
        *by_mean = mean_slope;
    if (by_variance)
        *by_variance = sd_slope * (1 + a->inflation) / (2 * sd);
    return value;
}

double acquisition_of_working(const struct acquisition *a, double value, double log_p, double *by_value,
                              double *by_log_p)
{
    if (a->kind != ACQUISITION_EI) {
        *by_value = *by_log_p = 1;
        return value + log_p;
    }
    *by_value = portable_exp(log_p);
    *by_log_p = value * *by_value;
    return *by_log_p;
}
