/* For the arm B with the smallest mean m and another arm i let d be the difference of their true means, and suppose
 * that i is better than B by more than x. Then the true means of both are at distances of their own means that add up
 * to at least g = m_i - m_B + x. With N pulls of each,
 *
 *     M = prod over a in {i, B} of sqrt(r / (N_a + r)) exp(N_a^2 d_a^2 / (2 s^2 (N_a + r)))
 *
 * is, at the true distances d_a, a product of martingales of mean 1 (the likelihood ratio, averaged over a normal
 * alternative: H. Robbins 1970), so that it ever exceeds (K - 1) / delta for one of K - 1 arms with probability delta
 * at most (J. Ville). Its least value over distances that add up to g is at d_B = g A_i / (A_i + A_B), with A_a =
 * N_a^2 / (N_a + r), and there
 *
 *     ln M = g^2 A_i A_B / (2 s^2 (A_i + A_B)) - 1/2 ln((1 + N_i/r) (1 + N_B/r)).
 *
 * The gap is the largest x, over i, for which that does not exceed ln((K - 1) / delta). When the variance is not known,
 * the exponent becomes (v + 2)/2 ln(1 + (Q - q) / (S + q)), with S the sum of squares within arms, v its degrees of
 * freedom, Q = sum of N_a d_a^2 and q = sum of r N_a d_a^2 / (N_a + r): the same likelihoods, averaged over a variance
 * with density 1/s^2 (T. Lai 1976). At those distances Q - q = sum of A_a d_a^2 is least; for q stands the most that it
 * can be, at d_i = g or d_B = g.
 *
 * Check value: N = 100 each, s = 1 known, K = 2, delta = .05, equal means: the gap is .504. */
#include "schedule/parts/certainty.h"

#include "core/elementary.h"

#include <math.h>
#include <stddef.h>

/* r, in pulls: the alternative is as narrow as the mean of so many. */
static const double R = 5;

double certainty_variance(const struct certainty *certainty, const struct pulls *pulls)
{
    if (!isnan(certainty->deviation))
        return certainty->deviation * certainty->deviation;
    struct pulls_spread spread = pulls_spread(pulls);
    return spread.freedom > 0 ? spread.sum / spread.freedom : NAN;
}

/* What all pairs have in common. */
struct frame {
    double K, t; /* arms of the set; pulls with a result */
    double delta, variance;
    struct pulls_spread spread;
    int is_known;
};

static struct frame frame_of(const struct certainty *certainty, const struct pulls *pulls)
{
    struct frame f = {.K = (double)pulls->n, .delta = certainty->delta, .spread = pulls_spread(pulls)};
    f.variance = certainty_variance(certainty, pulls);
    f.is_known = !isnan(certainty->deviation);
    for (size_t i = 0; i < pulls->n; i++)
        f.t += (double)pulls_at(pulls, i)->n;
    return f;
}

/* The threshold of a likelihood ratio: C(x) = x + ln x. */
static double threshold(int32_t bound, const struct frame *f)
{
    double x = 0.5 * portable_log((f->K - 1) / f->delta);
    if (bound == CERTAINTY_HEURISTIC)
        return portable_log((1 + portable_log(f->t)) / f->delta);
    return 2 * (x + portable_log(x > 1 ? x : 1)) + 4 * portable_log(4 + portable_log(f->t / 2));
}

/* The largest g = m_i - m_B + x at which a pair is not told apart. */
static double ratio_reach(int32_t bound, const struct frame *f, double N_i, double N_B)
{
    return sqrt(2 * f->variance * threshold(bound, f) * (1 / N_i + 1 / N_B));
}

static double mixture_reach(const struct frame *f, double N_i, double N_B)
{
    double A_i = N_i * N_i / (N_i + R), A_B = N_B * N_B / (N_B + R), A = A_i * A_B / (A_i + A_B);
    double h = portable_log((f->K - 1) / f->delta) + 0.5 * portable_log((1 + N_i / R) * (1 + N_B / R));
    if (f->is_known)
        return sqrt(2 * f->variance * h / A);
    double q = R * fmax(N_i / (N_i + R), N_B / (N_B + R));
    double growth = portable_expm1(2 * h / (f->spread.freedom + 2));
    double rest = A - growth * q;
    return rest > 0 ? sqrt(f->spread.sum * growth / rest) : INFINITY;
}

/* By how much the best arm B may be worse than another. */
static double gap_to(const struct certainty *certainty, const struct frame *f, const struct arm *B,
                     const struct arm *arm)
{
    if (arm->n == 0 || isnan(f->variance))
        return INFINITY;
    double N_i = (double)arm->n, N_B = (double)B->n;
    double reach =
        certainty->bound == CERTAINTY_MIXTURE ? mixture_reach(f, N_i, N_B) : ratio_reach(certainty->bound, f, N_i, N_B);
    return reach - (arm->mean - B->mean);
}

double certainty_gap(const struct certainty *certainty, const struct pulls *pulls)
{
    const struct arm *B = pulls_best(pulls);
    struct frame f = frame_of(certainty, pulls);
    double gap = 0;
    if (!B)
        return INFINITY;
    for (size_t i = 0; i < pulls->n; i++) {
        const struct arm *arm = pulls_at(pulls, i);
        if (arm == B || !pulls_are_sound(arm))
            continue;
        double x = gap_to(certainty, &f, B, arm);
        gap = x > gap ? x : gap;
    }
    return gap;
}

int certainty_is_reached(const struct certainty *certainty, const struct pulls *pulls, double epsilon,
                         const struct arm *rival)
{
    const struct arm *B = pulls_best(pulls);
    struct frame f = frame_of(certainty, pulls);
    if (B && rival && gap_to(certainty, &f, B, rival) > epsilon)
        return 0;
    return certainty_gap(certainty, pulls) <= epsilon;
}
