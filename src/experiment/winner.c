/* Shrunk value: empirical Bayes. A variance of the true means that is estimated from few candidates and cut off at 0 is
 * too large in the mean when they do not differ, and the winner then keeps a part of its luck (a quarter of its
 * standard error for ten candidates). So the estimate is weighted with 2c - 1, where c is the confidence, by the
 * chi-square test, that they differ at all. `make bench-coverage` measures what is left: less than 0.2 standard errors.
 *
 * Interval: T. Zrnic, W. Fithian, "A flexible defense against the winner's curse", arXiv 2411.18569 (2024),
 * inverted for unequal deviations. A true mean t of the winner is accepted when |x - t| <= r(t). Where t is the
 * winner's mean, the others are placed where they compete most: theta_j = min(2/3 x_j + 1/3 t, t). With
 * D_j = t - theta_j the radius r(t) is the least r of
 *
 *     sum over j of 2 Q(max(r, D_j / 2) / s_j) <= alpha,    Q = 1 - Phi:
 *
 * candidates that are far behind hardly count, those that are level count in full.
 *
 * Rivals: candidate j stays when the greatest standardised lead over it,
 * T_j = max over i of (x_i - x_j) / sqrt(s_i^2 + s_j^2), is not beyond the quantile of confidence of the same
 * maximum over errors alone (multiple comparisons with the best; J. C. Hsu, "Multiple Comparisons", 1996, with
 * the exact joint distribution for unequal deviations).
 *
 * Check: x = {0, 10}, s = {1, 1}, confidence 0.9: the interval is 10 -+ 1.67 (1.645 alone), the set of rivals is {10}.
 */
#include "experiment/winner.h"

#include "core/elementary.h"
#include "numeric/special.h"
#include "numeric/tails.h"

#include <math.h>

size_t winner_index(const double *x, size_t n)
{
    size_t best = 0;
    for (size_t j = 1; j < n; j++)
        if (x[j] > x[best])
            best = j;
    return best;
}

/* ------------------------------------------------------------------ shrinkage */

/* The weighted mean, and the sum of squares around it less its expectation without a spread of the means. */
static double excess(const double *x, const double *s, size_t n, double variance, double *mean)
{
    double weights = 0, sum = 0, square = 0;
    for (size_t j = 0; j < n; j++) {
        double w = 1 / (s[j] * s[j] + variance);
        weights += w;
        sum += w * x[j];
    }
    *mean = sum / weights;
    for (size_t j = 0; j < n; j++)
        square += (x[j] - *mean) * (x[j] - *mean) / (s[j] * s[j] + variance);
    return square - (double)(n - 1);
}

/* The variance of the true means at which the standardised squares are what they should be (R. C. Paule, J. Mandel,
 * "Consensus values and weighting factors", 1982), 0 when they are never as many. */
static double spread(const double *x, const double *s, size_t n, double *mean)
{
    double low = 0, high = 0;
    if (excess(x, s, n, 0, mean) <= 0)
        return 0;
    for (size_t j = 0; j < n; j++)
        high += (x[j] - *mean) * (x[j] - *mean);
    for (int i = 0; i < 100; i++) {
        double middle = 0.5 * (low + high);
        *(excess(x, s, n, middle, mean) > 0 ? &low : &high) = middle;
    }
    return high;
}

/* How sure it is that the true means differ: 0 at even odds and below, 1 when it is certain. */
static double certainty(const double *x, const double *s, size_t n)
{
    double mean, square = excess(x, s, n, 0, &mean) + (double)(n - 1);
    return fmax(0, 1 - 2 * chi_square_tail(square, (double)(n - 1)));
}

double winner_shrunk(const double *x, const double *s, size_t n)
{
    size_t w = winner_index(x, n);
    double mean = x[0];
    if (n == 1)
        return x[0];
    double variance = spread(x, s, n, &mean) * certainty(x, s, n);
    return mean + variance / (variance + s[w] * s[w]) * (x[w] - mean);
}

/* ------------------------------------------------------------------- interval */

struct interval {
    const double *x, *s;
    size_t n, winner;
    double alpha;
};

/* The sum over the candidates at this radius. */
static double tail(const struct interval *v, double t, double radius)
{
    double sum = 0;
    for (size_t j = 0; j < v->n; j++) {
        double theta = j == v->winner ? t : fmin(2.0 / 3 * v->x[j] + 1.0 / 3 * t, t);
        sum += 2 * normal_cdf(-fmax(radius, 0.5 * (t - theta)) / v->s[j]);
    }
    return sum;
}

/* Whether the true mean t is compatible with the winner's value: |x - t| <= r(t). */
static int accepts(const struct interval *v, double t)
{
    return tail(v, t, fabs(v->x[v->winner] - t)) > v->alpha;
}

/* The end of the accepted means towards x + sign * reach: the outermost of a grid, then bisection. */
static double end_of(const struct interval *v, double reach, double sign)
{
    enum { GRID = 64 };
    double x = v->x[v->winner];
    int outer = GRID;
    while (outer > 0 && !accepts(v, x + sign * reach * outer / GRID))
        outer--;
    double in = reach * outer / GRID, out = reach * (outer + 1) / GRID;
    for (int i = 0; i < 50; i++) {
        double middle = 0.5 * (in + out);
        *(accepts(v, x + sign * middle) ? &in : &out) = middle;
    }
    return x + sign * out;
}

void winner_interval(const double *x, const double *s, size_t n, double confidence, double *low, double *high)
{
    struct interval v = {.x = x, .s = s, .n = n, .winner = winner_index(x, n), .alpha = 1 - confidence};
    double largest = 0;
    for (size_t j = 0; j < n; j++)
        largest = fmax(largest, s[j]);
    double reach = -normal_quantile(0.5 * v.alpha / (double)n) * largest; /* all candidates level */
    *low = end_of(&v, reach, -1);
    *high = end_of(&v, reach, 1);
}

/* --------------------------------------------------------------------- rivals */

/* The probability that no error leads that of candidate j by more than `lead` standard deviations: the integral over
 * the error z of j of the product of Phi((lead sqrt(s_i^2 + s_j^2) + s_j z) / s_i), by the trapezoidal rule. */
static double chance_of_no_lead(const double *s, size_t n, size_t j, double lead)
{
    const double step = 0.25;
    double sum = 0;
    for (int k = -32; k <= 32; k++) {
        double z = step * k, product = normal_pdf(z);
        for (size_t i = 0; i < n && product > 1e-12; i++)
            if (i != j)
                product *= normal_cdf((lead * portable_hypot(s[i], s[j]) + s[j] * z) / s[i]);
        sum += product;
    }
    return step * sum;
}

void winner_rivals(const double *x, const double *s, size_t n, double confidence, int32_t *in_set)
{
    for (size_t j = 0; j < n; j++) {
        double lead = -INFINITY;
        for (size_t i = 0; i < n; i++)
            if (i != j)
                lead = fmax(lead, (x[i] - x[j]) / portable_hypot(s[i], s[j]));
        in_set[j] = lead <= 0 || chance_of_no_lead(s, n, j, lead) <= confidence;
    }
}
