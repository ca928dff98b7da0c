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
 */
#include "surrogate/acquisition.h"

#include "numeric/special.h"

#include <math.h>
#include <stddef.h>

static const double log_sqrt_two_pi = 0.91893853320467274178;
static const double least_variance = 1e-12;

double log_improvement(double z)
{
    if (z < 0)
        return -0.5 * z * z - log_sqrt_two_pi + log(normal_loss_ratio(-z));
    return log(normal_pdf(z) + z * normal_cdf(z));
}

/* Phi/h and phi/h. */
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
    return log(sd) + log_improvement(z);
}

static double ei(double z, double sd, double *by_mean, double *by_sd)
{
    *by_mean = -normal_cdf(z);
    *by_sd = normal_pdf(z);
    return sd * exp(log_improvement(z));
}

static double log_pi(double z, double sd, double *by_mean, double *by_sd)
{
    double ratio = z < 0 ? 1 / normal_mills(-z) : normal_pdf(z) / normal_cdf(z);
    *by_mean = -ratio / sd;
    *by_sd = -ratio * z / sd;
    return normal_log_cdf(z);
}

double acquisition_value(const struct acquisition *a, double mean, double variance, double *by_mean,
                         double *by_variance)
{
    double sd = sqrt(variance * (1 + a->doubt) + least_variance), z = (a->best - mean) / sd;
    double value, mean_slope, sd_slope;
    if (a->kind == ACQUISITION_LCB) {
        value = a->kappa * sd - mean;
        mean_slope = -1;
        sd_slope = a->kappa;
    } else if (a->kind == ACQUISITION_EI) {
        value = ei(z, sd, &mean_slope, &sd_slope);
    } else if (a->kind == ACQUISITION_PI) {
        value = log_pi(z, sd, &mean_slope, &sd_slope);
    } else {
        value = log_ei(z, sd, &mean_slope, &sd_slope);
    }
    if (by_mean)
        *by_mean = mean_slope;
    if (by_variance)
        *by_variance = sd_slope * (1 + a->doubt) / (2 * sd);
    return value;
}
