/* Total effects of the parameters on what a model predicts.
 *
 *     T_j = E[ Var( m(X) | all but X_j ) ] = E[ (m(X) - m(X'_j))^2 ] / 2
 *
 * X is drawn from the priors, X'_j differs from it in the coordinate of parameter j
 * alone (M. J. W. Jansen 1999; A. Saltelli et al. 2010). An interaction counts for each
 * parameter of it. The shares are T_j / sum T. Points are drawn in the unit cube and
 * made valid, so that a parameter that others are conditional on has their effect too. The
 * design is always the same: a Sobol sequence, and draws for X'_j. Check:
 * m = u_0 + 2 u_1 gives the shares 0.2 and 0.8, to the error of 512 points.
 */
#include "surrogate/importance.h"

#include "core/fail.h"
#include "core/mem.h"
#include "core/rng.h"
#include "numeric/quasi_random.h"

#include <string.h>

enum { DRAWN = 512 };

struct effects {
    const struct surrogate *surrogate;
    const struct space *space;
    struct point *point;
    double *cube, *row; /* DRAWN rows of d; one more */
    double *x;          /* DRAWN rows, encoded */
    double *base, *other;
};

static int32_t take_room(struct effects *e)
{
    size_t d = e->space->size + 1;
    e->cube = mem_new(d, (DRAWN + 1) * sizeof(double));
    e->x = mem_new(d, DRAWN * sizeof(double));
    e->base = mem_new(2 * DRAWN, sizeof(double));
    if (!e->cube || !e->x || !e->base)
        return fail_memory();
    e->row = e->cube + DRAWN * d;
    e->other = e->base + DRAWN;
    return point_new(&e->point, e->space);
}

static void leave_room(struct effects *e)
{
    mem_free(e->cube);
    mem_free(e->x);
    mem_free(e->base);
    point_free(e->point);
}

static int32_t draw_cube(struct effects *e)
{
    struct sobol sobol;
    int32_t rc = sobol_init(&sobol, e->space->size, 0);
    for (size_t i = 0; i < DRAWN && !rc; i++)
        sobol_point(&sobol, i, e->cube + i * e->space->size);
    sobol_fini(&sobol);
    return rc;
}

static void encode_row(struct effects *e, size_t i, const double *u)
{
    space_from_unit(e->space, u, e->point);
    space_encode(e->space, e->point, e->x + i * e->space->size);
}

static void ask(const struct effects *e, double *level)
{
    e->surrogate->functions->level(e->surrogate->model, e->x, DRAWN, level);
}

/* Returns 2 DRAWN T_j. */
static double effect(struct effects *e, size_t j)
{
    size_t d = e->space->size;
    double sum = 0;
    struct rng rng;
    rng_start(&rng, 0, j, RNG_MODEL);
    for (size_t i = 0; i < DRAWN; i++) {
        memcpy(e->row, e->cube + i * d, d * sizeof *e->row);
        e->row[j] = rng_uniform(&rng);
        encode_row(e, i, e->row);
    }
    ask(e, e->other);
    for (size_t i = 0; i < DRAWN; i++)
        sum += (e->base[i] - e->other[i]) * (e->base[i] - e->other[i]);
    return sum;
}

int32_t importance_shares(const struct surrogate *surrogate, const struct space *space, double *shares)
{
    struct effects e = {.surrogate = surrogate, .space = space};
    double sum = 0;
    int32_t rc = take_room(&e);
    if (rc)
        goto out;
    rc = draw_cube(&e);
    if (rc)
        goto out;
    for (size_t i = 0; i < DRAWN; i++)
        encode_row(&e, i, e.cube + i * space->size);
    ask(&e, e.base);
    for (size_t j = 0; j < space->size; j++) {
        shares[j] = effect(&e, j);
        sum += shares[j];
    }
    for (size_t j = 0; j < space->size && sum > 0; j++)
        shares[j] /= sum;
out:
    leave_room(&e);
    return rc;
}
