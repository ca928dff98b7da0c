/* A simplex begun at the default point.
 *
 *     x_k = x_best ± 0.2 e_k,  k = 1 .. d,  x_0 the default point
 *
 * each from the best point so far, to the side that has room, or to either. So does M. J. D. Powell's
 * COBYLA begin ("A direct search optimization method that models the objective and constraint
 * functions by linear interpolation", 1994): after d + 1 trials there is a slope in every direction, and
 * each of them had an even chance to be a better point already. Points spread over the whole box tell
 * a model of few results less, because the worse half of them lies where no later trial will be.
 *
 * The steps trust that the objective is smooth. A trial that failed, or two results and no
 * difference, say that it is not: then there are no more of them.
 */
#include "method/parts/first_steps.h"

#include <math.h>
#include <string.h>

static const double length = 0.2;

static int suits(const struct parameter *p)
{
    int wide = p->cells == 0 || p->cells > FIRST_STEPS_VALUES;
    return p->n_conditions == 0 && (p->cells == 1 || (p->kind != AFINA_KIND_CATEGORICAL && wide && !p->weights));
}

int first_steps_suit(const struct space *space)
{
    for (size_t j = 0; j < space->size; j++)
        if (!suits(&space->parameters[j]))
            return 0;
    return space->size <= FIRST_STEPS_MOST;
}

/* Of the parameters with more than one value, the k-th, from 1; space->size when there are fewer. */
static size_t coordinate(const struct space *space, uint64_t k)
{
    for (size_t j = 0; j < space->size; j++)
        if (space->parameters[j].cells != 1 && --k == 0)
            return j;
    return space->size;
}

static int is_smooth(const double *losses, size_t told)
{
    int differ = told < 2;
    for (size_t i = 0; i < told; i++) {
        if (!isfinite(losses[i]))
            return 0;
        differ |= losses[i] != losses[0];
    }
    return differ;
}

int first_steps_take(const struct space *space, uint64_t asked, const double *rows, const double *losses, size_t told,
                     struct rng *rng, double *x)
{
    size_t best = 0, j = asked > 0 ? coordinate(space, asked) : space->size;
    if (j == space->size || !is_smooth(losses, told))
        return 0;
    for (size_t i = 1; i < told; i++)
        if (losses[i] < losses[best])
            best = i;
    if (told > 0)
        memcpy(x, rows + best * space->size, space->size * sizeof *x);
    int up = x[j] + length <= 1, down = x[j] - length >= 0;
    x[j] += up && (!down || rng_below(rng, 2)) ? length : -length;
    return 1;
}
