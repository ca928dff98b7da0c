/* The output transform: log, the worse half ranked or softened, standardise.
 *
 * Half rank (X. Song et al., "The Vizier Gaussian process bandit algorithm",
 * 2024; here for minimisation): a value above the median m becomes
 *     m + sigma Phi^-1(1/2 + (rank - m_rank) / (2 (ranks above m + 1/2)))
 * with dense ranks and sigma the root mean square deviation of the better half
 * from m. So the differences between bad results do not matter, and those between good
 * results do. Under noise ranks near the median consist mostly of it. There the worse half is softened instead:
 *     m + sigma log(1 + (y - m) / sigma),
 * so that one result of 1e5 beside others near 1 neither hides their differences nor passes for noise. The logarithm is
 * taken when all values are positive and their skewness decreases. All steps work on values scaled into [-1, 1], so
 * that 1e308 and 5e-324 are treated like other numbers. Check: {1, 2, 3} without the half rank gives
 * {-1.2247449, 0, 1.2247449}.
 *
 * A standard error is multiplied by the derivative of each step (the delta method). Ranks have no
 * derivative: there the error becomes half of the difference between the scores, interpolated between
 * results, one error above and one error below the value.
 */
#include "surrogate/output_transform.h"

#include "core/elementary.h"
#include "core/order.h"
#include "numeric/special.h"

#include <float.h>
#include <math.h>

static double skewness(const double *y, const size_t *order, size_t n, int log_first, double shift)
{
    double mean = 0, m2 = 0, m3 = 0;
    for (size_t i = 0; i < n; i++)
        mean += (log_first ? portable_log(y[order[i]]) : y[order[i]] * shift) / (double)n;
    for (size_t i = 0; i < n; i++) {
        double e = (log_first ? portable_log(y[order[i]]) : y[order[i]] * shift) - mean;
        m2 += e * e / (double)n;
        m3 += e * e * e / (double)n;
    }
    return m2 > 0 ? m3 / (m2 * sqrt(m2)) : 0;
}

/* The worse half before the ranking, in order, and its scores. */
struct ranking {
    const double *value, *y;
    const size_t *order;
    size_t better, n; /* the results from index `better` on were ranked */
    double median;
};

/* The score of a value, interpolated between results; beyond the worst result it is the score of that. */
static double score_at(const struct ranking *r, double value)
{
    size_t low = r->better, high = r->n; /* the first result that is greater is in low .. high */
    if (value <= r->median)
        return value;
    if (value >= r->value[r->n - 1])
        return r->y[r->order[r->n - 1]];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (r->value[middle] > value)
            high = middle;
        else
            low = middle + 1;
    }
    double left = low > r->better ? r->value[low - 1] : r->median, right = r->value[low];
    double below = low > r->better ? r->y[r->order[low - 1]] : r->median;
    return below + (r->y[r->order[low]] - below) * ((value - left) / (right - left));
}

static void rank_errors(const struct ranking *r, double *error)
{
    for (size_t i = r->better; i < r->n; i++) {
        double e = error[r->order[i]], value = r->value[i];
        error[r->order[i]] = 0.5 * score_at(r, value + e) - 0.5 * score_at(r, value - e);
    }
}

/* The better half: how many results, their greatest possible value, and their root mean square deviation from it. */
struct better_half {
    size_t size;
    double median, sigma;
};

static struct better_half better_half_of(const double *y, const size_t *order, size_t n)
{
    struct better_half half = {.median = n % 2 ? y[order[n / 2]] : 0.5 * (y[order[n / 2 - 1]] + y[order[n / 2]])};
    double square = 0;
    for (; half.size < n && y[order[half.size]] <= half.median; half.size++)
        square += (y[order[half.size]] - half.median) * (y[order[half.size]] - half.median);
    half.sigma = sqrt(square / (double)half.size);
    return half;
}

static void soften(const struct better_half *half, double *y, const size_t *order, size_t n, double *error)
{
    for (size_t i = half->size; i < n; i++) {
        double beyond = (y[order[i]] - half->median) / half->sigma;
        if (error)
            error[order[i]] /= 1 + beyond;
        y[order[i]] = half->median + half->sigma * portable_log(1 + beyond);
    }
}

/* Ranks the worse half. `values` is room for n numbers and used with errors only. */
static void rank(const struct better_half *half, double *y, const size_t *order, size_t n, double *error,
                 double *values)
{
    size_t better = half->size;
    double median = half->median, above = 0, rank = 0;
    for (size_t i = better; i < n; i++)
        above += i == better || y[order[i]] != y[order[i - 1]];
    double before = median;
    for (size_t i = better; i < n; i++) {
        double value = y[order[i]];
        if (error)
            values[i] = value;
        rank += i == better || value != before;
        before = value;
        y[order[i]] = median + half->sigma * normal_quantile(0.5 + 0.5 * rank / (above + 0.5));
    }
    if (error && better < n)
        rank_errors(&(struct ranking){values, y, order, better, n, median}, error);
}

/* Ranks or softens the worse half. `values` as for rank(). */
static int bend(int worse, double *y, const size_t *order, size_t n, double *error, double *values)
{
    struct better_half half = better_half_of(y, order, n);
    if (!(half.sigma > 0))
        return 0;
    if (worse == WORSE_RANKED)
        rank(&half, y, order, n, error, values);
    else
        soften(&half, y, order, n, error);
    return OUTPUT_BENT;
}

static void scale_errors(double *error, const size_t *order, size_t n, double factor)
{
    for (size_t i = 0; error && i < n; i++)
        error[order[i]] *= factor;
}

static void standardise(double *y, const size_t *order, size_t n, double *error)
{
    double mean = 0, square = 0;
    for (size_t i = 0; i < n; i++)
        mean += y[order[i]] / (double)n;
    for (size_t i = 0; i < n; i++)
        square += (y[order[i]] - mean) * (y[order[i]] - mean) / (double)n;
    double sd = sqrt(square);
    scale_errors(error, order, n, sd > 1e-14 * (1 + fabs(mean)) ? 1 / sd : NAN);
    for (size_t i = 0; i < n; i++)
        y[order[i]] = sd > 1e-14 * (1 + fabs(mean)) ? (y[order[i]] - mean) / sd : 0;
}

void output_range(const double *loss, size_t n, double *low, double *high)
{
    *low = INFINITY;
    *high = -INFINITY;
    for (size_t i = 0; i < n; i++)
        if (isfinite(loss[i])) {
            *low = fmin(*low, loss[i]);
            *high = fmax(*high, loss[i]);
        }
    if (*low > *high)
        *low = *high = 0;
}

double output_finite(double loss, double low, double high)
{
    if (!isinf(loss))
        return loss;
    /* Without a spread to clip to, infinity is a unit away. */
    double apart = low == high ? 1 + 0.5 * fabs(high) : 0;
    return loss > 0 ? fmin(high + apart, DBL_MAX) : fmax(low - apart, -DBL_MAX);
}

/* Clips infinities and writes the indices of the losses that are no failures to `order`. Returns how many. */
static size_t clip(const double *loss, size_t n, double *y, size_t *order, double *low, double *high)
{
    size_t count = 0;
    output_range(loss, n, low, high);
    for (size_t i = 0; i < n; i++) {
        if (isnan(loss[i]))
            continue;
        y[i] = output_finite(loss[i], *low, *high);
        order[count++] = i;
    }
    return count;
}

/* Scales sorted values to [-1, 1], or takes their logarithms. With `middle_first` the better half is
 * scaled to [-1, 0], since only its differences matter to the half rank: otherwise one result of
 * 1e20 would leave no difference between the others. */
static int rescale(double *y, const size_t *order, size_t n, double low, double high, int allow_log, int middle_first,
                   double *error)
{
    if (allow_log && low > 0 && high > low &&
        fabs(skewness(y, order, n, 1, 1)) < fabs(skewness(y, order, n, 0, 1 / high))) {
        for (size_t i = 0; i < n; i++) {
            if (error)
                error[order[i]] /= y[order[i]];
            y[order[i]] = portable_log(y[order[i]]);
        }
        return OUTPUT_LOGGED;
    }
    double middle = 0.5 * low + 0.5 * high, half = 0.5 * high - 0.5 * low;
    double median = n > 0 ? 0.5 * y[order[(n - 1) / 2]] + 0.5 * y[order[n / 2]] : 0;
    double better = 0.5 * median - 0.5 * low;
    if (middle_first && better > DBL_MIN) {
        scale_errors(error, order, n, 0.5 / better);
        for (size_t i = 0; i < n; i++)
            y[order[i]] = fmin((0.5 * y[order[i]] - 0.5 * median) / better, DBL_MAX);
        return 0;
    }
    scale_errors(error, order, n, half > 0 ? 1 / half : NAN);
    for (size_t i = 0; i < n; i++)
        y[order[i]] = half > 0 ? (y[order[i]] - middle) / half : 0;
    return 0;
}

/* Limits the errors, and sets them to NaN where the loss is not finite or all losses are equal, since an error
 * then says nothing. */
static void finish_errors(const double *loss, size_t n, double *error)
{
    static const double most = 1e6;
    for (size_t i = 0; error && i < n; i++)
        error[i] = !isfinite(loss[i]) || isnan(error[i]) ? NAN : fmin(error[i], most);
}

int output_transform(const struct output_transform *how, const double *loss, size_t n, double *y, size_t *order)
{
    return output_transform_errors(how, loss, n, y, order, NULL);
}

int output_transform_errors(const struct output_transform *how, const double *loss, size_t n, double *y, size_t *order,
                            double *error)
{
    double low, high;
    size_t count = clip(loss, n, y, order, &low, &high);
    for (size_t i = 0; i < count; i++) {
        low = fmin(low, y[order[i]]);
        high = fmax(high, y[order[i]]);
    }
    order_by(y, order, count);
    int done = rescale(y, order, count, low, high, how->log, how->worse && count > 2, error);
    if (how->worse && count > 2)
        done |= bend(how->worse, y, order, count, error, error ? error + n : NULL);
    standardise(y, order, count, error);
    finish_errors(loss, n, error);
    for (size_t i = 0; i < n; i++)
        if (isnan(loss[i]))
            y[i] = 0;
    return done;
}
