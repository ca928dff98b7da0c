/* A quadratic trust region around the best point.
 *
 * A step changes the m continuous coordinates and discrete ones of many values. It leads to the minimum of
 * a quadratic (quadratic.c) within a box about the best point. The quadratic is fitted to the nearest
 * results whose points equal the best in all other coordinates, m + 1 to (m+1)(m+2)/2 of them. With rho
 * the decrease divided by the predicted decrease, the radius is halved for rho < 1/4 and doubled for
 * rho > 3/4 (M. J. D. Powell's rule; D. E. King alternates such steps with global ones in dlib's
 * find_max_global). Steps that gain something get every second trial, and others become rare
 * (proposer_schedule.c).
 *
 * A Gaussian process has length scales along the axes and is smoothed by its noise floor. The
 * quadratic does not depend on the axes and ends at full precision.
 */
#include "surrogate/trust_region.h"

#include "core/fail.h"
#include "core/mem.h"
#include "core/order.h"

#include <math.h>
#include <string.h>

enum {
    MOST_MOVED = 30,   /* coordinates */
    MOST_POINTS = 400, /* of the quadratic */
    FEW_VALUES = 20    /* a step changes discrete parameters of more values */
};

static const double smallest_radius = 1e-9, largest_radius = 0.5;

int32_t trust_region_init(struct trust_region *t, const struct space *space)
{
    size_t d = space->size;
    *t = (struct trust_region){.space = space, .d = d, .schedule = proposer_schedule_begin(1)};
    t->coordinates = mem_new(d + 1, 5 * sizeof *t->coordinates);
    t->moved = mem_new(d + 1, sizeof *t->moved);
    if (!t->coordinates || !t->moved) {
        trust_region_fini(t);
        return fail_memory();
    }
    t->last = t->coordinates;
    t->previous = t->last + d + 1;
    t->step = t->previous + d + 1;
    t->low = t->step + d + 1;
    t->high = t->low + d + 1;
    return 0;
}

void trust_region_fini(struct trust_region *t)
{
    mem_free(t->coordinates);
    mem_free(t->moved);
    mem_free(t->distance);
    mem_free(t->z);
    mem_free(t->order);
    quadratic_fini(&t->quadratic);
    *t = (struct trust_region){0};
}

/* ------------------------------------------------------------------- learning */

static int is_step(const double *note)
{
    return note && note[0] == -1 && note[1] > 0 && note[1] <= largest_radius && isfinite(note[2]) && note[3] > 0 &&
           isfinite(note[3]);
}

void trust_region_asked(struct trust_region *t, int64_t number, const double *x, const double *note)
{
    proposer_schedule_asked(&t->schedule, number, is_step(note));
    if (!is_step(note))
        return;
    double *previous = t->last;
    t->last = t->previous;
    t->previous = previous;
    t->previous_radius = t->radius;
    t->radius = note[1];
    t->before = note[2];
    t->predicted = note[3];
    memcpy(t->last, x, t->d * sizeof *x);
}

void trust_region_lost(struct trust_region *t, int64_t number)
{
    if (number == t->schedule.running) {
        double *last = t->last;
        t->last = t->previous;
        t->previous = last;
        t->radius = t->previous_radius;
    }
    proposer_schedule_lost(&t->schedule, number);
}

void trust_region_told(struct trust_region *t, int64_t number, double loss)
{
    if (number != t->schedule.running)
        return;
    double rho = (t->before - loss) / t->predicted;
    if (!(rho > 0.25))
        t->radius = fmax(0.5 * t->radius, smallest_radius);
    else if (rho > 0.75)
        t->radius = fmin(2 * t->radius, largest_radius);
    proposer_schedule_ended(&t->schedule, rho > 0.05);
}

/* ----------------------------------------------------------------- suggesting */

/* Lists the coordinates of the best point that a step may change. Returns how many points a quadratic in them
 * needs: m + 1, or 2 m + 1 when the search still chooses among values of other coordinates. */
static size_t list_moved(struct trust_region *t, const double *best)
{
    int others = 0;
    t->m = 0;
    for (size_t j = 0; j < t->d; j++) {
        const struct parameter *p = &t->space->parameters[j];
        int wide = p->cells == 0 || (p->cells > FEW_VALUES && !p->weights);
        if (wide && p->kind != AFINA_KIND_CATEGORICAL && best[j] >= 0)
            t->moved[t->m++] = j;
        else
            others |= p->cells != 1;
    }
    return (others ? 2 : 1) * t->m + 1;
}

static int32_t make_room(struct trust_region *t, size_t n)
{
    size_t most = (t->m + 1) * (t->m + 2) / 2;
    if (most > MOST_POINTS)
        most = MOST_POINTS;
    if (t->quadratic.m != t->m || !t->z) {
        quadratic_fini(&t->quadratic);
        mem_free(t->z);
        t->z = mem_new(most, (t->m + 1) * sizeof *t->z);
        int32_t rc = t->z ? quadratic_init(&t->quadratic, t->m, most) : fail_memory();
        if (rc)
            return rc;
        t->y = t->z + most * t->m;
    }
    if (n > t->room) {
        double *distance = mem_new(n + n / 2, sizeof *distance);
        size_t *order = mem_new(n + n / 2, sizeof *order);
        if (!distance || !order) {
            mem_free(distance);
            mem_free(order);
            return fail_memory();
        }
        mem_free(t->distance);
        mem_free(t->order);
        t->distance = distance;
        t->order = order;
        t->room = n + n / 2;
    }
    return 0;
}

/* The largest difference of two points in a coordinate that a step changes; infinity when they differ in another. */
static double apart(const struct trust_region *t, const double *a, const double *b)
{
    double most = 0;
    for (size_t j = 0, k = 0; j < t->d; j++) {
        if (k < t->m && t->moved[k] == j) {
            most = fmax(most, fabs(a[j] - b[j]));
            k++;
        } else if (a[j] != b[j]) {
            return INFINITY;
        }
    }
    return most;
}

/* Writes the points of the quadratic to t->order, nearest first. Returns how many there are. */
static size_t find_near(struct trust_region *t, const double *rows, const double *losses, size_t n, size_t best)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        t->distance[i] = isfinite(losses[i]) ? apart(t, rows + i * t->d, rows + best * t->d) : INFINITY;
        if (isfinite(t->distance[i]))
            t->order[count++] = i;
    }
    order_by(t->distance, t->order, count);
    return count < t->quadratic.most ? count : t->quadratic.most;
}

/* Reads the points of the quadratic as differences from the best point, in units of *scale, and their losses as
 * differences from the best loss, in units of the greatest of these, which it returns. */
static double read_points(struct trust_region *t, const double *rows, const double *losses, size_t count, size_t best,
                          double *scale)
{
    double least = 0.5 * losses[best], spread = 0;
    *scale = t->distance[t->order[count - 1]] * sqrt((double)t->m);
    for (size_t i = 0; i < count; i++) {
        const double *row = rows + t->order[i] * t->d, *center = rows + best * t->d;
        for (size_t k = 0; k < t->m; k++)
            t->z[i * t->m + k] = (row[t->moved[k]] - center[t->moved[k]]) / *scale;
        t->y[i] = 0.5 * losses[t->order[i]] - least;
        spread = fmax(spread, t->y[i]);
    }
    for (size_t i = 0; i < count && spread > 0; i++)
        t->y[i] /= spread;
    return 2 * spread;
}

/* The radius of the next step. The first step, and one after a better point was found elsewhere, may go half as far
 * as the 2 m nearest points. */
static double choose_radius(const struct trust_region *t, const double *best, size_t count)
{
    int elsewhere = t->radius <= 0 || !(apart(t, t->last, best) <= 4 * t->radius);
    size_t reached = count - 1 < 2 * t->m ? count - 1 : 2 * t->m;
    double near = t->distance[t->order[reached]];
    return elsewhere ? fmin(fmax(0.5 * near, smallest_radius), largest_radius) : t->radius;
}

int32_t trust_region_suggest(struct trust_region *t, const double *rows, const double *losses, size_t n, double *x,
                             double *note, int *made)
{
    size_t best = n;
    *made = 0;
    for (size_t i = 0; i < n; i++)
        if (isfinite(losses[i]) && (best == n || losses[i] < losses[best]))
            best = i;
    size_t wanted = best < n ? list_moved(t, rows + best * t->d) : 0;
    if (best == n || t->m == 0 || t->m > MOST_MOVED)
        return 0;
    int32_t rc = make_room(t, n);
    if (rc)
        return rc;
    const double *center = rows + best * t->d;
    size_t count = find_near(t, rows, losses, n, best);
    if (count < wanted || !(t->distance[t->order[count - 1]] > 0))
        return 0;
    double scale, spread = read_points(t, rows, losses, count, best, &scale), radius = choose_radius(t, center, count);
    if (!(spread > 0 && isfinite(spread)) || quadratic_fit(&t->quadratic, t->z, t->y, count))
        return 0;
    for (size_t k = 0; k < t->m; k++) {
        double u = center[t->moved[k]];
        t->step[k] = 0;
        t->low[k] = fmax(-radius, -u) / scale;
        t->high[k] = fmin(radius, 1 - u) / scale;
    }
    double least = quadratic_minimise(&t->quadratic, t->step, t->low, t->high);
    note[0] = -1;
    note[1] = radius;
    note[2] = losses[best];
    note[3] = -least * spread;
    if (!is_step(note))
        return 0;
    memcpy(x, center, t->d * sizeof *x);
    for (size_t k = 0; k < t->m; k++)
        x[t->moved[k]] = center[t->moved[k]] + scale * t->step[k];
    *made = 1;
    return 0;
}
