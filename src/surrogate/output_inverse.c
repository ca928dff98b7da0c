/* The inverse interpolates between the results.
 *
 * A knot is a target and its loss (or the logarithm of it, where that was learned). Among
 * the better half, and everywhere when nothing was ranked, the transform is
 * affine in these: the line between two knots is exact, and continues below the
 * best result. Ranks say nothing beyond the worst result: there the inverse is constant,
 * so that one result of 1e300 does not make every mean as large. Losses that the
 * transform cannot tell apart share a knot in their middle. Slopes are stored halved,
 * since a range may be twice the greatest number.
 *
 * Moments are sums over the 32 points of Gauss and Hermite: exact for an affine
 * map, to some 1e-3 of a deviation across the kinks between ranks. Check: without
 * log and ranks, losses {1, 2, 3} and N(0, 1) give mean 2 and sd 0.81649658.
 */
#include "surrogate/output_inverse.h"

#include "core/elementary.h"
#include "core/fail.h"
#include "core/mem.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Positive abscissas for the standard normal density, and their weights. */
enum { PAIRS = 16 };
static const double hermite[PAIRS][2] = {
    {0.27554641923027581, 0.21170556988047932},   {0.82728490377976519, 0.15653899375759844},
    {1.3809801992721442, 0.08534480827208076},    {1.9380049059257174, 0.034109847726092051},
    {2.4998404151873952, 0.0099034617023205919},  {3.0681351690131213, 0.0020620510513078847},
    {3.6447812498808331, 0.00030255702581706249}, {4.2320211099954098, 3.0559803060896302e-5},
    {4.8326046132444886, 2.0596221039534289e-6},  {5.4500332736234281, 8.8812907131058951e-8},
    {6.0889643090769868, 2.3125184120742405e-9},  {6.7559308305407047, 3.347501239801207e-11},
    {7.4607557541215188, 2.3780648557778087e-13}, {8.2197287653822454, 6.7552902236701187e-16},
    {9.0643992107024062, 5.2084495919608613e-19}, {10.077422674229466, 4.1246074890182693e-23},
};

static double bounded(double x)
{
    return fmax(-DBL_MAX, fmin(x, DBL_MAX));
}

/* Half the slope of the line through two knots. */
static double half_slope(const struct output_inverse *v, size_t a, size_t b)
{
    return a == b ? 0 : (0.5 * v->value[b] - 0.5 * v->value[a]) / (v->target[b] - v->target[a]);
}

/* Makes the knots from the targets y. Returns the last one that is no worse than the median. */
static size_t make_knots(struct output_inverse *v, const double *loss, size_t n, const double *y, const size_t *order,
                         size_t count)
{
    double low, high, first = 0;
    size_t middle = 0;
    output_range(loss, n, &low, &high);
    for (size_t i = 0; i < count; i++) {
        double value = output_finite(loss[order[i]], low, high);
        value = v->logged ? portable_log(value) : value;
        if (v->knots == 0 || y[order[i]] > v->target[v->knots - 1]) {
            first = value;
            v->target[v->knots++] = y[order[i]];
        }
        v->value[v->knots - 1] = 0.5 * first + 0.5 * value;
        if (i <= (count - 1) / 2)
            middle = v->knots - 1;
    }
    return middle;
}

int32_t output_inverse_init(struct output_inverse *v, const struct output_transform *how, const double *loss, size_t n)
{
    *v = (struct output_inverse){0};
    double *y = mem_new(n, sizeof *y);
    size_t *order = mem_new(n, sizeof *order), count = 0;
    v->target = mem_new(n, 2 * sizeof *v->target);
    if (!y || !order || !v->target) {
        mem_free(y);
        mem_free(order);
        output_inverse_fini(v);
        return fail_memory();
    }
    v->value = v->target + n;
    int done = output_transform(how, loss, n, y, order);
    for (size_t i = 0; i < n; i++)
        count += isnan(loss[i]) ? 0 : 1;
    v->logged = (done & OUTPUT_LOGGED) != 0;
    size_t middle = make_knots(v, loss, n, y, order, count), last = v->knots - 1;
    if (!(done & OUTPUT_BENT))
        middle = last;
    v->below = half_slope(v, 0, middle == 0 && last > 0 ? 1 : middle);
    v->above = done & OUTPUT_BENT ? 0 : v->below;
    mem_free(y);
    mem_free(order);
    return 0;
}

void output_inverse_fini(struct output_inverse *v)
{
    mem_free(v->target);
    *v = (struct output_inverse){0};
}

/* The value of a target beyond the first or the last knot. */
static double beyond(const struct output_inverse *v, size_t knot, double slope, double target)
{
    double further = target - v->target[knot];
    if (further == 0 || slope == 0)
        return v->value[knot];
    double half = 0.5 * v->value[knot] + slope * further;
    return 2 * fmax(-0.5 * DBL_MAX, fmin(half, 0.5 * DBL_MAX));
}

/* The last knot at or below a target that lies between the first and the last. */
static size_t find(const struct output_inverse *v, double target)
{
    size_t low = 0, high = v->knots - 1;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (v->target[middle] <= target)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static double value_at(const struct output_inverse *v, double target)
{
    size_t last = v->knots - 1;
    if (target <= v->target[0])
        return beyond(v, 0, v->below, target);
    if (target >= v->target[last])
        return beyond(v, last, v->above, target);
    size_t k = find(v, target);
    double fraction = (target - v->target[k]) / (v->target[k + 1] - v->target[k]);
    return (1 - fraction) * v->value[k] + fraction * v->value[k + 1];
}

double output_inverse_at(const struct output_inverse *v, double target)
{
    double value = value_at(v, target);
    return bounded(v->logged ? portable_exp(value) : value);
}

void output_inverse_moments(const struct output_inverse *v, double mean, double sd, double *loss_mean, double *loss_sd)
{
    double loss[2 * PAIRS], centre = 0, unit = 0, square = 0;
    for (size_t i = 0; i < 2 * PAIRS; i++) {
        double z = i % 2 ? -hermite[i / 2][0] : hermite[i / 2][0];
        loss[i] = output_inverse_at(v, mean + sd * z);
        centre += hermite[i / 2][1] * loss[i];
    }
    for (size_t i = 0; i < 2 * PAIRS; i++)
        unit = fmax(unit, fabs(0.5 * loss[i] - 0.5 * centre));
    for (size_t i = 0; i < 2 * PAIRS && unit > 0; i++) {
        double fraction = (0.5 * loss[i] - 0.5 * centre) / unit;
        square += hermite[i / 2][1] * fraction * fraction;
    }
    *loss_mean = centre;
    *loss_sd = bounded(2 * (unit * sqrt(square)));
}
