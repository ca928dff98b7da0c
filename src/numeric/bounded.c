/* A projected L-BFGS method.
 *
 * Variables at a bound that the gradient pushes against are held; on the others
 * the two-loop recursion of L-BFGS (D. C. Liu and J. Nocedal, Math. Programming
 * 45, 1989) gives p = -H g, and the search follows the projected path
 * x(t) = P(x + t p) until f(x(t)) <= f(x) + c g·(x(t) - x) (D. P. Bertsekas, SIAM J.
 * Control 20, 1982). Deviations: steps shrink by a safeguarded parabola; without a
 * memory the next step is four times as long while the slope stays steep; pairs
 * with s·y <= 0 are left out; values that are not finite count as infinitely high.
 * Check: Rosenbrock's function from (-1.2, 1) is at 1e-10 after some 50 evaluations.
 */
#include "numeric/bounded.h"

#include "core/fail.h"
#include "core/mem.h"
#include "numeric/linalg.h"

#include <math.h>
#include <string.h>

static const double sufficient_decrease = 1e-4;
static const double steep = 0.9;

int32_t bounded_new(struct bounded *b, size_t n)
{
    *b = (struct bounded){
        .n = n, .max_evaluations = 200, .gradient_tolerance = 1e-6, .value_tolerance = 1e-12, .first_step = 1};
    double *room = mem_new(n + 1, (6 + 2 * BOUNDED_MEMORY) * sizeof *room);
    if (!room)
        return fail_memory();
    b->trial = room;
    b->x = room + n;
    b->gradient = room + 2 * n;
    b->direction = room + 3 * n;
    b->low = room + 4 * n;
    b->high = room + 5 * n;
    b->s = room + 6 * n;
    b->y = b->s + BOUNDED_MEMORY * n;
    return 0;
}

void bounded_fini(struct bounded *b)
{
    mem_free(b->trial);
    b->trial = NULL;
}

static double clamp(double x, double low, double high)
{
    return x > high ? high : x >= low ? x : low;
}

void bounded_start(struct bounded *b, const double *x0, const double *low, const double *high)
{
    memcpy(b->low, low, b->n * sizeof *low);
    memcpy(b->high, high, b->n * sizeof *high);
    for (size_t i = 0; i < b->n; i++)
        b->x[i] = b->trial[i] = clamp(x0[i], low[i], high[i]);
    b->value = INFINITY;
    b->lead = b->first_step;
    b->evaluations = b->stored = b->next = 0;
    b->searching = b->shrunk = 0;
}

static int is_held(const struct bounded *b, size_t i)
{
    return (b->x[i] <= b->low[i] && b->gradient[i] >= 0) || (b->x[i] >= b->high[i] && b->gradient[i] <= 0);
}

static double projected_gradient(const struct bounded *b)
{
    double most = 0;
    for (size_t i = 0; i < b->n; i++)
        most = fmax(most, fabs(clamp(b->x[i] - b->gradient[i], b->low[i], b->high[i]) - b->x[i]));
    return most;
}

/* Sets p to -H g over the variables that are not held. */
static void set_direction(struct bounded *b)
{
    double *p = b->direction, factor[BOUNDED_MEMORY];
    for (size_t i = 0; i < b->n; i++)
        p[i] = is_held(b, i) ? 0 : -b->gradient[i];
    for (size_t k = 0; k < b->stored; k++) {
        size_t m = (b->next + BOUNDED_MEMORY - 1 - k) % BOUNDED_MEMORY;
        factor[m] = b->rho[m] * dot_product(b->n, b->s + m * b->n, p);
        for (size_t i = 0; i < b->n; i++)
            p[i] -= factor[m] * b->y[m * b->n + i];
    }
    if (b->stored > 0) {
        const double *y = b->y + (b->next + BOUNDED_MEMORY - 1) % BOUNDED_MEMORY * b->n;
        double scale = 1 / (b->rho[(b->next + BOUNDED_MEMORY - 1) % BOUNDED_MEMORY] * dot_product(b->n, y, y));
        for (size_t i = 0; i < b->n; i++)
            p[i] *= scale;
    }
    for (size_t k = b->stored; k-- > 0;) {
        size_t m = (b->next + BOUNDED_MEMORY - 1 - k) % BOUNDED_MEMORY;
        double beta = b->rho[m] * dot_product(b->n, b->y + m * b->n, p);
        for (size_t i = 0; i < b->n; i++)
            p[i] += (factor[m] - beta) * b->s[m * b->n + i];
    }
    for (size_t i = 0; i < b->n; i++)
        if (is_held(b, i))
            p[i] = 0;
}

static void move_trial(struct bounded *b)
{
    for (size_t i = 0; i < b->n; i++)
        b->trial[i] = clamp(b->x[i] + b->step * b->direction[i], b->low[i], b->high[i]);
}

/* Begins the search along a new direction from b->x. Returns 0 when it cannot descend. */
static int begin_search(struct bounded *b)
{
    for (;;) {
        set_direction(b);
        b->slope = dot_product(b->n, b->gradient, b->direction);
        double length = sqrt(dot_product(b->n, b->direction, b->direction));
        b->step = b->stored == 0 && length > 0 ? b->lead / length : 1;
        if (b->slope < 0 && isfinite(length) && length > 0 && isfinite(b->slope))
            break;
        if (b->stored == 0)
            return 0;
        b->stored = b->next = 0;
    }
    b->searching = 1;
    b->shrunk = 0;
    move_trial(b);
    return 1;
}

static void remember(struct bounded *b, const double *gradient)
{
    double *s = b->s + b->next * b->n, *y = b->y + b->next * b->n;
    for (size_t i = 0; i < b->n; i++) {
        s[i] = b->trial[i] - b->x[i];
        y[i] = gradient[i] - b->gradient[i];
    }
    double sy = dot_product(b->n, s, y), yy = dot_product(b->n, y, y);
    if (!(sy > 1e-14 * yy) || !(sy > 0) || !isfinite(1 / sy))
        return;
    b->rho[b->next] = 1 / sy;
    b->next = (b->next + 1) % BOUNDED_MEMORY;
    if (b->stored < BOUNDED_MEMORY)
        b->stored++;
}

/* Accepts the trial as the new point. Returns the decrease. */
static double accept(struct bounded *b, double value, const double *gradient)
{
    double decrease = b->value - value;
    if (b->searching)
        remember(b, gradient);
    memcpy(b->x, b->trial, b->n * sizeof *b->x);
    memcpy(b->gradient, gradient, b->n * sizeof *gradient);
    b->value = value;
    return decrease;
}

/* Shortens the step to the minimum of the parabola through f, its slope and the
 * trial's value, but to no less than a tenth and no more than a half of it. */
static int shrink(struct bounded *b, double value)
{
    double slope = b->step * b->slope, t = 0.5;
    if (isfinite(value))
        t = clamp(-slope / (2 * (value - b->value - slope)), 0.1, 0.5);
    else
        t = 0.1;
    b->step *= t;
    b->shrunk = 1;
    move_trial(b);
    return memcmp(b->trial, b->x, b->n * sizeof *b->x) != 0;
}

static double moved_slope(const struct bounded *b, const double *gradient)
{
    double sum = 0;
    for (size_t i = 0; i < b->n; i++)
        sum += gradient[i] * (b->trial[i] - b->x[i]);
    return sum;
}

int bounded_advance(struct bounded *b, double value, const double *gradient)
{
    b->evaluations++;
    int usable = isfinite(value) && all_finite(gradient, b->n);
    double before = b->value;
    if (!b->searching) {
        if (!usable)
            return 0;
        accept(b, value, gradient);
    } else {
        double expected = sufficient_decrease * moved_slope(b, b->gradient);
        if (!usable || !(value <= b->value + expected)) {
            if (b->evaluations >= b->max_evaluations)
                return 0;
            return shrink(b, usable ? value : INFINITY);
        }
        int unmemorised = b->stored == 0 && !b->shrunk;
        double old = moved_slope(b, b->gradient), now = moved_slope(b, gradient);
        double decrease = accept(b, value, gradient);
        if (unmemorised && now < steep * old)
            b->lead *= 4;
        else if (decrease <= b->value_tolerance * (fabs(before) + 1e-300))
            return 0;
    }
    if (projected_gradient(b) <= b->gradient_tolerance || b->evaluations >= b->max_evaluations)
        return 0;
    return begin_search(b);
}

double bounded_minimise(struct bounded *b, double *x, const double *low, const double *high, bounded_function function,
                        double *gradient, void *user)
{
    double value;
    bounded_start(b, x, low, high);
    do
        value = function(b->trial, gradient, user);
    while (bounded_advance(b, value, gradient));
    memcpy(x, b->x, b->n * sizeof *x);
    return b->value;
}
