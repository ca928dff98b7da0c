/* Functions are drawn at a finite set of points, all together, and each one's least point is an optimum (the
 * distribution that Thompson sampling draws from; D. Russo et al., "A tutorial on Thompson sampling", 2018,
 * section 2). The points: draws from the priors, the finished trials, and steps from the candidates of the least 50 %,
 * 25 % and 5 % quantiles, of which those are kept where a drawn function is likely to be least. Check: where one result
 * is left alone with a deviation of 0 and all others are worse, every draw is there.
 */
#include "surrogate/optima.h"

#include "core/fail.h"
#include "core/mem.h"
#include "core/order.h"
#include "surrogate/model_candidates.h"

#include <math.h>

/* A drawing costs DRAWN_TOGETHER^3 / 3 operations. */
enum { SPREAD = 1000, STEPS = 200, DRAWN_TOGETHER = 600 };

static const double CENTRES[] = {0.5, 0.25, 0.05};
enum { N_CENTRES = sizeof CENTRES / sizeof CENTRES[0] };

static int32_t find_candidates(struct model_candidates *c)
{
    int32_t rc = model_candidates_spread(c, SPREAD);
    if (!rc)
        rc = model_candidates_add_results(c);
    if (!rc)
        rc = model_candidates_check(c);
    for (size_t i = 0; i < N_CENTRES && !rc; i++)
        rc = model_candidates_step(c, model_candidates_least(c, CENTRES[i]), 0.01, 0.5, STEPS);
    return rc ? rc : model_candidates_keep(c, 0.01, DRAWN_TOGETHER);
}

static size_t least_of(const double *loss, size_t n)
{
    size_t least = 0;
    for (size_t i = 1; i < n; i++)
        if (loss[i] < loss[least])
            least = i;
    return least;
}

static void free_points(struct point **points, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        point_free(points[i]);
        points[i] = NULL;
    }
}

static int32_t take_optima(const struct model_candidates *c, size_t draws, uint64_t seed, struct point **out)
{
    double *loss = mem_new(c->count, draws * sizeof *loss);
    int32_t rc =
        loss ? c->surrogate->functions->draw(c->surrogate->model, c->x, c->count, draws, seed, loss) : fail_memory();
    for (size_t k = 0; k < draws && !rc; k++)
        rc = point_copy(&out[k], c->points[least_of(loss + k * c->count, c->count)]);
    mem_free(loss);
    return rc;
}

int32_t optima_draw(const struct surrogate *surrogate, struct space *space, size_t draws, uint64_t seed,
                    struct point **out)
{
    MODEL_CANDIDATES_SCOPE struct model_candidates c = {0};
    for (size_t k = 0; k < draws; k++)
        out[k] = NULL;
    int32_t rc = model_candidates_init(&c, surrogate, space, SPREAD + N_CENTRES * STEPS, seed);
    if (!rc)
        rc = find_candidates(&c);
    if (!rc)
        rc = take_optima(&c, draws, seed, out);
    if (rc)
        free_points(out, draws);
    return rc;
}

/* The start of the shortest of the intervals from the i-th to the (i + m - 1)-th of n ascending numbers. */
static size_t shortest(const double *u, const size_t *order, size_t n, size_t m)
{
    size_t best = 0;
    double length = INFINITY;
    for (size_t i = 0; i + m <= n; i++) {
        double l = u[order[i + m - 1]] - u[order[i]];
        if (l < length) {
            length = l;
            best = i;
        }
    }
    return best;
}

/* The points in which the parameter is active, and its place in [0, 1] in each. */
static size_t list_active(const struct parameter *p, struct point *const *points, size_t n, size_t parameter,
                          const struct point **active, double *u)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        if (points[i]->active[parameter]) {
            u[count] = parameter_to_unit(p, points[i]->value[parameter]);
            active[count++] = points[i];
        }
    return count;
}

static double number_of(const struct parameter *p, union value v)
{
    return p->kind == AFINA_KIND_REAL ? v.real : (double)v.integer;
}

int32_t optima_range(const struct space *space, struct point *const *points, size_t n, size_t parameter, double share,
                     double *low, double *high)
{
    const struct parameter *p = &space->parameters[parameter];
    const struct point **active = mem_new(n, sizeof *active);
    double *u = mem_new(n, sizeof *u);
    size_t *order = mem_new(n, sizeof *order);
    int32_t rc = active && u && order ? 0 : fail_memory();
    size_t count = rc ? 0 : list_active(p, points, n, parameter, active, u);
    if (!rc && count == 0)
        rc = fail(AFINA_E_NOT_FOUND, "parameter \"%s\" is active in none of %zu optima that were drawn", p->name, n);
    if (!rc) {
        size_t m = (size_t)fmax(ceil(share * (double)count), 1);
        for (size_t i = 0; i < count; i++)
            order[i] = i;
        order_by(u, order, count);
        size_t first = shortest(u, order, count, m);
        *low = number_of(p, active[order[first]]->value[parameter]);
        *high = number_of(p, active[order[first + m - 1]]->value[parameter]);
    }
    mem_free(active);
    mem_free(u);
    mem_free(order);
    return rc;
}

void optima_choice_shares(const struct space *space, struct point *const *points, size_t n, size_t parameter,
                          double *shares)
{
    for (size_t k = 0; k < space->parameters[parameter].n_choices; k++)
        shares[k] = 0;
    for (size_t i = 0; i < n; i++)
        if (points[i]->active[parameter])
            shares[points[i]->value[parameter].integer] += 1 / (double)n;
}
