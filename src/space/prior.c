/* A parameter's map between values and u in [0, 1], the cumulative distribution
 * of its prior.
 *
 * A warp w(x) makes the scale linear, or the prior standard normal:
 *
 *     linear       w = x                   normal      w = (x - mean) / sd
 *     log          w = log x               log-normal  w = (log x - mean) / sd
 *     reverse log  w = -log(low + high - x)
 *
 * Without a normal prior u = (w - w_low) / (w_high - w_low); with one it is the
 * truncated normal distribution between w_low and w_high. A discrete value v
 * stands for the cell [v - step/2, v + step/2], and its u is the middle of the
 * cell's share; so values of equal probability get equal shares of [0, 1]. Up to
 * 2^52 cells every discrete value comes back from its u exactly.
 *
 * Check value: log, 1e-4 .. 1: u(1e-2) = 0.5.
 */
#include "core/elementary.h"
#include "core/fail.h"
#include "core/mem.h"
#include "numeric/special.h"
#include "space/space.h"

#include <float.h>
#include <math.h>

double one_zero(double x)
{
    return x == 0 ? 0 : x;
}

static double warp(const struct parameter *p, double x)
{
    if (p->is_flat)
        return x;
    if (p->prior == AFINA_PRIOR_NORMAL)
        return (x - p->mean) / p->sd;
    if (p->prior == AFINA_PRIOR_LOGNORMAL)
        return x > 0 ? (portable_log(x) - p->mean) / p->sd : -INFINITY;
    if (p->scale == AFINA_SCALE_LOG)
        return portable_log(x);
    if (p->scale == AFINA_SCALE_REVERSE_LOG)
        return -portable_log(p->high - x + p->low); /* summed in this order because low may vanish beside high */
    return x;
}

static double unwarp(const struct parameter *p, double w)
{
    if (p->is_flat)
        return w;
    if (p->prior == AFINA_PRIOR_NORMAL)
        return p->mean + p->sd * w;
    if (p->prior == AFINA_PRIOR_LOGNORMAL)
        return portable_exp(p->mean + p->sd * w);
    if (p->scale == AFINA_SCALE_LOG)
        return portable_exp(w);
    if (p->scale == AFINA_SCALE_REVERSE_LOG)
        return p->high - (portable_exp(-w) - p->low);
    return w;
}

static double clamp(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

static int is_normal(const struct parameter *p)
{
    return p->prior != AFINA_PRIOR_UNIFORM && !p->is_flat;
}

/* The share of the prior that lies below x. */
static double share_below(const struct parameter *p, double x)
{
    double w = warp(p, clamp(x, p->edge_low, p->edge_high));
    if (is_normal(p))
        return truncated_normal_cdf(w, p->warp_low, p->warp_high);
    /* Halves are subtracted, since the difference of two large finite numbers may overflow. */
    double span = p->warp_high / 2 - p->warp_low / 2;
    return span > 0 ? clamp((w / 2 - p->warp_low / 2) / span, 0, 1) : 0.5;
}

/* The x below which the share u of a normal prior lies. On a side without a bound u is
 * kept 2^-53 away from 0 or 1, which is 8.2 standard deviations from the mean. */
static double normal_point(const struct parameter *p, double u)
{
    if (p->warp_low == INFINITY) /* the mean is so far below the range that its warp overflows; or above it */
        return p->edge_low;
    if (p->warp_high == -INFINITY)
        return p->edge_high;
    u = clamp(u, isinf(p->warp_low) ? 0x1p-53 : 0, isinf(p->warp_high) ? 1 - 0x1p-53 : 1);
    double w = truncated_normal_quantile(u, p->warp_low, p->warp_high);
    if (w <= p->warp_low)
        return p->edge_low;
    if (w >= p->warp_high)
        return p->edge_high;
    return clamp(unwarp(p, w), fmax(p->edge_low, -DBL_MAX), fmin(p->edge_high, DBL_MAX));
}

static double share_point(const struct parameter *p, double u)
{
    if (is_normal(p))
        return normal_point(p, u);
    if (u <= 0)
        return p->edge_low;
    if (u >= 1)
        return p->edge_high;
    return clamp(unwarp(p, p->warp_low * (1 - u) + p->warp_high * u), p->edge_low, p->edge_high);
}

static int is_choice(const struct parameter *p)
{
    return p->kind == AFINA_KIND_CATEGORICAL || p->kind == AFINA_KIND_ORDINAL;
}

static double step_of(const struct parameter *p)
{
    return p->kind == AFINA_KIND_REAL ? p->step : (double)p->int_step;
}

/* The value that a cell stands for, as a double. */
static double cell_value(const struct parameter *p, uint64_t k)
{
    union value v = parameter_value_at(p, k);
    return p->kind == AFINA_KIND_REAL ? v.real : (double)v.integer;
}

/* Value k > 0 of a grid of reals. It is computed from k and not by repeated addition, so that
 * rounding errors do not add up. Where low and step are short decimals, whole units of their
 * last digit are counted: 0 + 3 * 0.1 is 0.3, as a host would write it. */
static double grid_value(const struct parameter *p, uint64_t k)
{
    double x =
        p->decimal[2] > 0 ? (p->decimal[0] + (double)k * p->decimal[1]) / p->decimal[2] : p->low + (double)k * p->step;
    /* When the end of the range lies on the grid, its bits are kept. */
    if (k == p->last && fabs(p->high - x) <= 1e-9 * p->step)
        return p->high;
    return one_zero(clamp(x, p->low, p->high));
}

union value parameter_value_at(const struct parameter *p, uint64_t k)
{
    union value v;
    if (p->kind != AFINA_KIND_REAL) {
        v.integer = (int64_t)((uint64_t)p->int_low + k * p->int_step);
        return v;
    }
    v.real = k == 0 ? p->low : grid_value(p, k);
    return v;
}

/* floor(x), limited to the indices of cells. */
static uint64_t index_from(const struct parameter *p, double x)
{
    if (!(x > 0))
        return 0;
    if (x >= 0x1p64)
        return p->last;
    uint64_t k = (uint64_t)x;
    return k < p->last ? k : p->last;
}

uint64_t parameter_index_of(const struct parameter *p, union value v)
{
    if (p->kind == AFINA_KIND_REAL)
        return p->step > 0 ? index_from(p, (v.real - p->low) / p->step + 0.5) : 0;
    if (v.integer <= p->int_low)
        return 0;
    uint64_t above = (uint64_t)v.integer - (uint64_t)p->int_low;
    uint64_t k = above / p->int_step;
    if (above % p->int_step >= p->int_step - p->int_step / 2 && k < p->last)
        k++;
    return k < p->last ? k : p->last;
}

static int is_plain(const struct parameter *p)
{
    return p->prior == AFINA_PRIOR_UNIFORM && p->scale == AFINA_SCALE_LINEAR;
}

/* The share of the prior below the lower edge of cell k, and below its upper edge. */
static double cell_edge(const struct parameter *p, uint64_t k)
{
    if (k == 0)
        return 0;
    return share_below(p, cell_value(p, k) - step_of(p) / 2);
}

static double cell_end(const struct parameter *p, uint64_t k)
{
    return k == p->last ? 1 : share_below(p, cell_value(p, k) + step_of(p) / 2);
}

static double cell_to_unit(const struct parameter *p, uint64_t k)
{
    if (p->last == 0)
        return 0.5;
    if (is_plain(p))
        return ((double)k + 0.5) / ((double)p->last + 1);
    return 0.5 * (cell_edge(p, k) + cell_end(p, k));
}

static uint64_t cell_from_unit(const struct parameter *p, double u)
{
    if (p->last == 0)
        return 0;
    if (is_plain(p))
        return index_from(p, u * ((double)p->last + 1));
    double x = share_point(p, u);
    uint64_t k = index_from(p, (x - cell_value(p, 0)) / step_of(p) + 0.5);
    /* By rounding the quotient may fall on the wrong side of an edge. */
    if (k > 0 && u < cell_edge(p, k))
        return k - 1;
    return k < p->last && u >= cell_end(p, k) ? k + 1 : k;
}

static double choice_to_unit(const struct parameter *p, int64_t k)
{
    if (!p->cumulative)
        return ((double)k + 0.5) / (double)p->n_choices;
    return 0.5 * (p->cumulative[k] + p->cumulative[k + 1]);
}

static int64_t choice_from_unit(const struct parameter *p, double u)
{
    if (!p->cumulative)
        return (int64_t)index_from(p, u * (double)p->n_choices);
    /* The last choice of positive weight whose share begins at or below u. */
    size_t low = 0, high = p->n_choices;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (p->cumulative[middle] <= u)
            low = middle;
        else
            high = middle;
    }
    while (low > 0 && p->weights[low] == 0)
        low--;
    while (p->weights[low] == 0)
        low++;
    return (int64_t)low;
}

double parameter_to_unit(const struct parameter *p, union value v)
{
    if (is_choice(p))
        return choice_to_unit(p, v.integer);
    if (p->cells != 0)
        return cell_to_unit(p, parameter_index_of(p, v));
    return share_below(p, v.real);
}

union value parameter_from_unit(const struct parameter *p, double u)
{
    union value v;
    u = u > 0 ? fmin(u, 1) : 0; /* NaN becomes 0 as well */
    if (is_choice(p))
        v.integer = choice_from_unit(p, u);
    else if (p->cells != 0)
        v = parameter_value_at(p, cell_from_unit(p, u));
    else
        v.real = one_zero(share_point(p, u));
    return v;
}

/* ---------------------------------------------------------------- preparation */

/* The smallest power of ten that makes both low and step whole, when they are
 * decimals of up to 15 digits. Whole numbers below 2^53 divided by a power of ten
 * up to 10^22 give the double that the decimal reads as. */
static void find_decimals(struct parameter *p)
{
    double most = fmax(fabs(p->low), fabs(p->high));
    p->decimal[2] = 0;
    for (double scale = 1; scale <= 1e15 && most * scale < 0x1p52; scale *= 10) {
        double low = floor(p->low * scale + 0.5), step = floor(p->step * scale + 0.5);
        if (low / scale == p->low && step / scale == p->step) {
            p->decimal[0] = low;
            p->decimal[1] = step;
            p->decimal[2] = scale;
            return;
        }
    }
}

/* Counts the cells of a real: 1 for a constant, 0 for a continuous one, else those of its
 * grid. */
static void count_real_cells(struct parameter *p)
{
    p->last = 0;
    p->cells = p->low == p->high;
    if (p->step > 0 && p->cells == 0) {
        p->last = (uint64_t)floor((p->high - p->low) / p->step + 1e-9);
        p->cells = p->last + 1;
        find_decimals(p);
    }
}

static void count_integer_cells(struct parameter *p)
{
    p->last = ((uint64_t)p->int_high - (uint64_t)p->int_low) / p->int_step;
    p->cells = p->last == UINT64_MAX ? UINT64_MAX : p->last + 1;
}

/* The edges lie half a step beyond the first and the last value; on a logarithmic scale the
 * lower one stays above 0. */
static void find_edges(struct parameter *p)
{
    double half = p->cells != 0 && p->last > 0 ? step_of(p) / 2 : 0;
    double first = p->cells != 0 ? cell_value(p, 0) : p->low;
    double end = p->cells != 0 ? cell_value(p, p->last) : p->high;
    double inner = p->scale == AFINA_SCALE_LINEAR || half < first ? half : first / 2;
    int reverse = p->scale == AFINA_SCALE_REVERSE_LOG;
    p->edge_low = first - (reverse ? half : inner);
    p->edge_high = end + (reverse ? inner : half);
    if (p->kind == AFINA_KIND_INTEGER) {
        p->low = first; /* the bounds that the reverse logarithm mirrors */
        p->high = end;
    }
    p->is_flat = 0;
    p->warp_low = warp(p, p->edge_low);
    p->warp_high = warp(p, p->edge_high);
    /* When the warps of both ends are equal, the density does not vary between them. */
    if (p->prior != AFINA_PRIOR_UNIFORM && p->warp_low == p->warp_high && isfinite(p->warp_low)) {
        p->is_flat = 1;
        p->warp_low = p->edge_low;
        p->warp_high = p->edge_high;
    }
}

static int32_t sum_weights(struct parameter *p)
{
    if (!p->weights)
        return 0;
    double *cumulative = mem_new(p->n_choices + 1, sizeof *cumulative);
    if (!cumulative)
        return fail_memory();
    for (size_t i = 0; i < p->n_choices; i++)
        cumulative[i + 1] = fmin(cumulative[i] + p->weights[i], 1);
    cumulative[p->n_choices] = 1;
    mem_free(p->cumulative);
    p->cumulative = cumulative;
    return 0;
}

/* Without a default of the host's it is the prior's median, or the first of the most probable
 * choices. */
static void find_default(struct parameter *p)
{
    if (p->has_default)
        return;
    if (!is_choice(p)) {
        p->default_value = parameter_from_unit(p, 0.5);
        return;
    }
    p->default_value.integer = (int64_t)parameter_most_probable(p);
}

int32_t parameter_prepare(struct parameter *p)
{
    if (p->kind == AFINA_KIND_REAL)
        count_real_cells(p);
    else
        count_integer_cells(p);
    int32_t rc = sum_weights(p);
    if (rc)
        return rc;
    if (!is_choice(p))
        find_edges(p);
    find_default(p);
    return 0;
}
