/* L-BFGS (Nocedal 1980; Liu and Nocedal 1989) and conjugate gradients after Polak
 * and Ribiere with restarts (beta = max(0, g'(g - g0) / g0'g0), Gilbert and
 * Nocedal 1992), both with a search for a step a along the direction d that meets
 * the strong Wolfe conditions
 *
 *     f(w + a d) <= f(w) + 1e-4 a d'g(w)      |d'g(w + a d)| <= c |d'g(w)|
 *
 * c = 0.9 (BFGS), 0.1 (conjugate gradients). The search keeps an interval whose
 * lower end meets the first condition and cuts it at the minimum of the cubic
 * through both ends, at least a tenth away from them. Deviation: f is known to
 * about 1e-7 of its size (single precision), so the first condition allows for
 * that much. Check: Rosenbrock's function from (-1.2, 1) is solved to 1e-3 in
 * under 60 iterations.
 */
#include "mlp/line_descent.h"

#include "core/fail.h"
#include "core/mem.h"

#include <math.h>
#include <string.h>

int32_t line_descent_init(struct line_descent *d, size_t n, int32_t conjugate, line_function function, void *user)
{
    size_t arrays = 4 + (conjugate ? 0 : 2 * LINE_DESCENT_PAIRS);
    *d = (struct line_descent){.n = n, .conjugate = conjugate, .function = function, .user = user};
    if (n > SIZE_MAX / arrays)
        return fail_memory();
    d->block = mem_new(n * arrays, sizeof *d->block);
    if (!d->block)
        return fail_memory();
    float *next = d->block + 4 * n;
    d->gradient = d->block;
    d->direction = d->block + n;
    d->w0 = d->block + 2 * n;
    d->gradient0 = d->block + 3 * n;
    for (size_t i = 0; !conjugate && i < LINE_DESCENT_PAIRS; i++, next += 2 * n) {
        d->step[i] = next;
        d->change[i] = next + n;
    }
    return AFINA_OK;
}

void line_descent_fini(struct line_descent *d)
{
    mem_free(d->block);
    d->block = NULL;
}

/* Four partial sums in a fixed order: vector code, the same on every machine. */
static double dot(const float *a, const float *b, size_t n)
{
    double s[4] = {0};
    size_t i = 0;
    for (; i + 4 <= n; i += 4)
        for (size_t k = 0; k < 4; k++)
            s[k] += (double)a[i + k] * (double)b[i + k];
    for (; i < n; i++)
        s[0] += (double)a[i] * (double)b[i];
    return (s[0] + s[1]) + (s[2] + s[3]);
}

static void add(float *restrict y, double a, const float *restrict x, size_t n)
{
    float factor = (float)a;
    for (size_t i = 0; i < n; i++)
        y[i] += factor * x[i];
}

/* ------------------------------------------------------------------ directions */

static void steepest(struct line_descent *d)
{
    for (size_t i = 0; i < d->n; i++)
        d->direction[i] = -d->gradient[i];
    d->pairs = 0;
    d->slope = 0;
}

/* The two loops of L-BFGS: direction = -H g. */
static void quasi_newton(struct line_descent *d)
{
    double alpha[LINE_DESCENT_PAIRS];
    float *q = d->direction;
    size_t n = d->n, m = d->pairs;
    for (size_t i = 0; i < n; i++)
        q[i] = -d->gradient[i];
    for (size_t i = 0; i < m; i++) {
        alpha[i] = dot(d->step[i], q, n) / d->curvature[i];
        add(q, -alpha[i], d->change[i], n);
    }
    float scale = m ? (float)(d->curvature[0] / dot(d->change[0], d->change[0], n)) : 1;
    for (size_t i = 0; i < n; i++)
        q[i] *= scale;
    for (size_t i = m; i-- > 0;) {
        double beta = dot(d->change[i], q, n) / d->curvature[i];
        add(q, alpha[i] - beta, d->step[i], n);
    }
}

/* gradient0 is the gradient before the last step. */
static void conjugate(struct line_descent *d)
{
    double old = dot(d->gradient0, d->gradient0, d->n);
    double beta = (dot(d->gradient, d->gradient, d->n) - dot(d->gradient, d->gradient0, d->n)) / old;
    float b = beta > 0 && isfinite(beta) ? (float)beta : 0;
    for (size_t i = 0; i < d->n; i++)
        d->direction[i] = b * d->direction[i] - d->gradient[i];
}

/* Keeps the last step for BFGS, unless the curvature along it is not positive or too small to
 * be measured. */
static void remember(struct line_descent *d, const float *w)
{
    size_t n = d->n, oldest = LINE_DESCENT_PAIRS - 1;
    float *step = d->step[oldest], *change = d->change[oldest];
    for (size_t i = 0; i < n; i++) {
        step[i] = w[i] - d->w0[i];
        change[i] = d->gradient[i] - d->gradient0[i];
    }
    double curvature = dot(step, change, n);
    if (!(curvature > 1e-10 * dot(change, change, n)) || !(curvature > 1e-30)) {
        if (d->pairs > oldest)
            d->pairs = oldest; /* its room was written over */
        return;
    }
    for (size_t i = oldest; i > 0; i--) {
        d->step[i] = d->step[i - 1];
        d->change[i] = d->change[i - 1];
        d->curvature[i] = d->curvature[i - 1];
    }
    d->step[0] = step;
    d->change[0] = change;
    d->curvature[0] = curvature;
    d->pairs += d->pairs < LINE_DESCENT_PAIRS;
}

/* ---------------------------------------------------------------------- search */

struct end {
    double a, value, slope;
};

/* The minimum of the cubic with these values and slopes at both ends, kept away
 * from them; the middle when the cubic is of no use (More and Thuente 1994). */
static double cut(const struct end *low, const struct end *high)
{
    double width = high->a - low->a, middle = low->a + width / 2;
    double theta = 3 * (low->value - high->value) / width + low->slope + high->slope;
    double root = sqrt(theta * theta - low->slope * high->slope);
    double a = high->a - width * (high->slope + root - theta) / (high->slope - low->slope + 2 * root);
    if (!isfinite(a))
        return middle;
    return fmin(fmax(a, low->a + 0.1 * width), high->a - 0.1 * width);
}

static struct end look(struct line_descent *d, float *w, double a)
{
    struct end at = {.a = a};
    float step = (float)a;
    for (size_t i = 0; i < d->n; i++)
        w[i] = d->w0[i] + step * d->direction[i];
    at.value = d->function(d->user, w, d->gradient);
    at.slope = dot(d->gradient, d->direction, d->n);
    return at;
}

/* From w0 with value `start` along the direction. 1: w, value and gradient are
 * those of a better point. */
static int32_t search(struct line_descent *d, float *w, double slope, double a)
{
    enum { LOOKS = 20 };
    struct end start = {0, d->value, slope}, low = start, high = {INFINITY, INFINITY, INFINITY}, at = start;
    double noise = 2e-7 * fabs(start.value), flat = (d->conjugate ? 0.1 : 0.9) * -slope;
    for (int looks = 0; looks < LOOKS; looks++) {
        at = look(d, w, a);
        int32_t finite = isfinite(at.value) && isfinite(at.slope);
        if (!finite || at.value > start.value + 1e-4 * a * slope + noise || at.value > low.value + noise)
            high = at;
        else if (at.slope < -flat)
            low = at;
        else if (at.slope > flat)
            high = at;
        else
            break;
        if (low.a > 0 && high.a - low.a < 0.01 * high.a) {
            at.a = -1;
            break;
        }
        if (isinf(high.a))
            a *= 4;
        else
            a = isfinite(high.value) ? cut(&low, &high) : low.a + 0.1 * (high.a - low.a);
        at.a = -1;
    }
    if (at.a < 0 && low.a > 0)
        at = look(d, w, low.a);
    if (at.a < 0 || !isfinite(at.value) || !(at.value <= start.value + noise))
        return 0;
    d->value = at.value;
    d->length = at.a;
    return 1;
}

/* The first step of the search: 1 for BFGS that knows curvature; as much descent
 * as last time for conjugate gradients; a step of length 1 at most otherwise. */
static double first_length(const struct line_descent *d, double slope)
{
    if (!d->conjugate && d->pairs)
        return 1;
    if (d->conjugate && d->slope < 0)
        return fmin(d->length * d->slope / slope, 100 * d->length);
    return fmin(1, 1 / sqrt(dot(d->direction, d->direction, d->n)));
}

static int32_t try_direction(struct line_descent *d, float *w)
{
    double slope = dot(d->gradient, d->direction, d->n);
    if (!(slope < 0) || !isfinite(slope))
        return 0;
    double a = first_length(d, slope);
    memcpy(d->w0, w, d->n * sizeof *w);
    memcpy(d->gradient0, d->gradient, d->n * sizeof *w);
    if (!search(d, w, slope, a)) {
        memcpy(w, d->w0, d->n * sizeof *w);
        memcpy(d->gradient, d->gradient0, d->n * sizeof *w);
        return 0;
    }
    if (memcmp(w, d->w0, d->n * sizeof *w) == 0)
        return 0; /* the step is below the precision of w */
    d->slope = slope;
    if (!d->conjugate)
        remember(d, w);
    return 1;
}

int32_t line_descent_step(struct line_descent *d, float *w)
{
    if (!d->started) {
        d->value = d->function(d->user, w, d->gradient);
        if (!isfinite(d->value))
            return -1;
        d->started = 1;
        steepest(d);
        return try_direction(d, w);
    }
    if (d->conjugate)
        conjugate(d);
    else
        quasi_newton(d);
    if (try_direction(d, w))
        return 1;
    steepest(d);
    return try_direction(d, w);
}
