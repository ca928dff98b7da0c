/* The best of several estimates. Inside the greatest value wins and every deviation is above 0. */
#include "api/handles.h"
#include "core/mem.h"
#include "experiment/winner.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* The host's estimates, mirrored where the least value wins. */
struct estimates {
    double *x, *s, sign;
    int is_exact; /* all deviations are 0 */
};

static int32_t check_numbers(const double *values, const double *errors, size_t count)
{
    for (size_t j = 0; j < count; j++) {
        if (!isfinite(values[j]))
            return fail(AFINA_E_RANGE, "value %zu must be finite, got %g", j, values[j]);
        if (!(errors[j] >= 0 && errors[j] <= DBL_MAX))
            return fail(AFINA_E_RANGE, "standard error %zu must be finite and >= 0, got %g", j, errors[j]);
    }
    return AFINA_OK;
}

static int32_t check(const double *values, const double *errors, size_t count, int32_t direction, double confidence,
                     const char *function)
{
    int32_t rc = require(values, function, "values");
    if (!rc)
        rc = require(errors, function, "errors");
    if (rc)
        return rc;
    if (count < 1)
        return fail(AFINA_E_RANGE, "%s: count must be at least 1, got 0", function);
    if (direction != AFINA_DIRECTION_MINIMISE && direction != AFINA_DIRECTION_MAXIMISE)
        return fail(AFINA_E_RANGE, "direction must be 0 (minimise) or 1 (maximise), got %d", (int)direction);
    if (!(confidence > 0 && confidence < 1))
        return fail(AFINA_E_RANGE, "confidence must be in (0, 1), got %g", confidence);
    return check_numbers(values, errors, count);
}

static void estimates_fini(struct estimates *e)
{
    mem_free(e->x);
    mem_free(e->s);
}

/* A deviation of 0 beside others becomes one that makes no difference. */
static int32_t estimates_init(struct estimates *e, const double *values, const double *errors, size_t count,
                              int32_t direction)
{
    double largest = 0;
    *e = (struct estimates){.sign = direction == AFINA_DIRECTION_MAXIMISE ? 1 : -1};
    e->x = mem_new(count, sizeof *e->x);
    e->s = mem_new(count, sizeof *e->s);
    if (!e->x || !e->s)
        return fail_memory();
    for (size_t j = 0; j < count; j++)
        largest = fmax(largest, errors[j]);
    e->is_exact = largest == 0;
    for (size_t j = 0; j < count; j++) {
        e->x[j] = e->sign * values[j];
        e->s[j] = fmax(errors[j], 1e-9 * largest);
    }
    return AFINA_OK;
}

int32_t afina_winner(const double *values, const double *errors, size_t count, int32_t direction, double confidence,
                     size_t *winner, double *shrunk, double *low, double *high)
{
    struct estimates e = {0};
    double ends[2];
    int32_t rc = check(values, errors, count, direction, confidence, __func__);
    if (!rc && (!winner || !shrunk || !low || !high))
        rc = fail(AFINA_E_ARGUMENT, "%s: winner, shrunk, low or high is NULL", __func__);
    if (!rc)
        rc = estimates_init(&e, values, errors, count, direction);
    if (rc)
        goto out;
    *winner = winner_index(e.x, count);
    *shrunk = *low = *high = values[*winner];
    if (!e.is_exact) {
        *shrunk = e.sign * winner_shrunk(e.x, e.s, count);
        winner_interval(e.x, e.s, count, confidence, &ends[0], &ends[1]);
        *low = e.sign * ends[e.sign < 0];
        *high = e.sign * ends[e.sign > 0];
    }
out:
    estimates_fini(&e);
    return rc;
}

int32_t afina_winner_rivals(const double *values, const double *errors, size_t count, int32_t direction,
                            double confidence, int32_t *in_set)
{
    struct estimates e = {0};
    int32_t rc = check(values, errors, count, direction, confidence, __func__);
    if (!rc)
        rc = require(in_set, __func__, "in_set");
    if (!rc)
        rc = estimates_init(&e, values, errors, count, direction);
    if (rc)
        goto out;
    if (!e.is_exact)
        winner_rivals(e.x, e.s, count, confidence, in_set);
    for (size_t j = 0; e.is_exact && j < count; j++)
        in_set[j] = e.x[j] == e.x[winner_index(e.x, count)];
out:
    estimates_fini(&e);
    return rc;
}
