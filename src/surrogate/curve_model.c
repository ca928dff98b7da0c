/* Targets are normal scores of all losses read, of all curves and steps together: Phi^-1(rank / points), equal losses
 * sharing their middle rank. Losses fall by orders of magnitude, diverge, or lie at the level of chance, so that
 * differences at one step tell little of those at another. Rank correlation of predicted with true ends less that of
 * the last value, from a tenth of the curve (bench/model/curve_ends.c; 5 complete curves beside 100):
 *
 *                     scores   half rank (output_transform.h)   log    raw
 *     lora            +.064    -.023                            -.050  -.101    10 repeats
 *     7 taskset       +.004    -.059                            -.189  -.519     2 repeats
 *     6 lcbench       +.022    +.030                            +.029  +.027     2 repeats
 */
#include "surrogate/curve_model.h"

#include "core/elementary.h"
#include "core/fail.h"
#include "core/mem.h"
#include "core/order.h"
#include "numeric/bounded.h"
#include "numeric/special.h"
#include "surrogate/curve_likelihood.h"

#include <math.h>
#include <string.h>

int32_t curve_model_init(struct curve_model *m, const struct gp_dimension *dimension, size_t d, double budget)
{
    *m = (struct curve_model){.d = d, .budget = budget};
    if (!(budget > 0 && isfinite(budget)))
        return fail(AFINA_E_RANGE, "the budget of a learning curve must be positive and finite, got %g", budget);
    m->dimension = d > 0 ? mem_copy(dimension, d, sizeof *dimension) : mem_new(0, sizeof *dimension);
    m->theta = mem_new(CURVE_THETA(d), sizeof *m->theta);
    if (!m->dimension || !m->theta) {
        curve_model_fini(m);
        return fail_memory();
    }
    for (size_t k = 0; k < CURVE_THETA(d); k++)
        m->theta[k] = curve_prior(d, k).mean;
    return 0;
}

static void drop_curves(struct curve_model *m)
{
    curve_likelihood_free(m->factor);
    mem_free(m->x);
    mem_free(m->first);
    mem_free(m->position);
    output_inverse_fini(&m->inverse);
    m->factor = NULL;
    m->x = m->position = m->target = NULL;
    m->first = NULL;
    m->n = m->points = 0;
}

void curve_model_fini(struct curve_model *m)
{
    drop_curves(m);
    mem_free(m->dimension);
    mem_free(m->theta);
    *m = (struct curve_model){0};
}

static int32_t check(const struct curve_model *m, const struct curve *curve, size_t i)
{
    for (size_t k = 0; k < curve->count; k++) {
        double step = curve->step[k], before = k > 0 ? curve->step[k - 1] : 0;
        if (!(step > before && step <= m->budget))
            return fail(AFINA_E_RANGE, "step %g of learning curve %zu must be above %g and at most the budget %g", step,
                        i, before, m->budget);
        if (!isfinite(curve->loss[k]))
            return fail(AFINA_E_RANGE, "the loss %g at step %g of learning curve %zu must be finite", curve->loss[k],
                        step, i);
    }
    return 0;
}

/* Writes the indices of the points that are read. Returns how many. */
static size_t choose(const struct curve *c, size_t chosen[CURVE_MOST_POINTS])
{
    size_t count = 0, next = 0;
    if (c->count == 0)
        return 0;
    double span = portable_log(c->step[c->count - 1] / c->step[0]);
    for (size_t k = 0; k + 1 < c->count; k++) {
        double at = portable_log(c->step[k] / c->step[0]) / span * (CURVE_MOST_POINTS - 1);
        if (at < (double)next - 1e-9 || next + 1 == CURVE_MOST_POINTS)
            continue;
        chosen[count++] = k;
        while (next + 1 < CURVE_MOST_POINTS && (double)next <= at + 1e-9)
            next++;
    }
    chosen[count++] = c->count - 1;
    return count;
}

double curve_model_position(const struct curve_model *m, double step)
{
    double span = portable_log(m->budget / m->first_step);
    if (!(span > 0))
        return 1;
    return step > m->first_step ? fmin(1, portable_log(step / m->first_step) / span) : 0;
}

/* Copies the curves; losses go where targets will be. */
static void copy_curves(struct curve_model *m, const struct curve *curves, double *x)
{
    for (size_t i = 0; i < m->n; i++) {
        size_t chosen[CURVE_MOST_POINTS], count = choose(curves + i, chosen), at = m->first[i];
        for (size_t k = 0; k < count; k++) {
            m->position[at + k] = curve_model_position(m, curves[i].step[chosen[k]]);
            m->target[at + k] = curves[i].loss[chosen[k]];
        }
        m->first[i + 1] = at + count;
        if (m->d == 0)
            continue;
        memcpy(x, curves[i].x, m->d * sizeof *x);
        kernel_impute(m->dimension, m->d, x);
        for (size_t j = 0; j < m->d; j++)
            m->x[j * m->n + i] = x[j];
    }
}

/* Turns the losses in m->target into scores, and makes the inverse: linear between losses, constant beyond the worst;
 * below the best it goes on with the mean slope of the better quarter. */
static int32_t score(struct curve_model *m)
{
    struct output_inverse *v = &m->inverse;
    size_t n = m->points, *order = mem_new(n, sizeof *order);
    v->target = mem_new(n, 2 * sizeof *v->target);
    if (!order || !v->target) {
        mem_free(order);
        return fail_memory();
    }
    v->value = v->target + n;
    for (size_t i = 0; i < n; i++)
        order[i] = i;
    order_by(m->target, order, n);
    size_t quarter = 0;
    for (size_t i = 0, next; i < n; i = next) {
        double loss = m->target[order[i]];
        for (next = i; next < n && m->target[order[next]] == loss;)
            next++;
        v->value[v->knots] = loss;
        v->target[v->knots++] = normal_quantile(0.5 * (double)(i + next) / (double)n);
        if (i <= n / 4)
            quarter = v->knots - 1;
    }
    for (size_t i = 0, knot = 0; i < n; i++) {
        knot += m->target[order[i]] > v->value[knot];
        m->target[order[i]] = v->target[knot];
    }
    mem_free(order);
    if (quarter == 0 && v->knots > 1)
        quarter = 1;
    if (quarter > 0)
        v->below = (0.5 * v->value[quarter] - 0.5 * v->value[0]) / (v->target[quarter] - v->target[0]);
    return 0;
}

static int32_t take_room(struct curve_model *m, size_t n)
{
    m->n = n;
    m->x = mem_new(n + 1, (m->d + 1) * sizeof *m->x); /* and a point behind them, while they are copied */
    m->first = mem_new(n + 1, sizeof *m->first);
    m->position = mem_new(m->points, 2 * sizeof *m->position);
    m->target = m->position ? m->position + m->points : NULL;
    return m->x && m->first && m->position ? 0 : fail_memory();
}

int32_t curve_model_set(struct curve_model *m, const struct curve *curves, size_t n)
{
    size_t chosen[CURVE_MOST_POINTS];
    int32_t rc = 0;
    drop_curves(m);
    if (n > CURVE_MOST)
        return fail(AFINA_E_RANGE, "a learning-curve model holds at most %d curves, got %zu", CURVE_MOST, n);
    m->first_step = m->budget;
    for (size_t i = 0; !rc && i < n; i++) {
        rc = check(m, curves + i, i);
        m->points += rc ? 0 : choose(curves + i, chosen);
        if (!rc && curves[i].count > 0)
            m->first_step = fmin(m->first_step, curves[i].step[0]);
    }
    if (!rc && m->points == 0)
        rc = fail(AFINA_E_STATE, "none of %zu learning curves has a report", n);
    if (!rc)
        rc = take_room(m, n);
    if (!rc)
        copy_curves(m, curves, m->x + m->d * n);
    if (!rc)
        rc = score(m);
    if (rc)
        drop_curves(m);
    return rc;
}

/* --------------------------------------------------------------- hyperparameters */

/* Chooses the curves from which hyperparameters are learned: the longest half first, since they alone show how curves
 * go on, then others evenly spaced. Returns how many. */
static size_t choose_curves(const struct curve_model *m, size_t *chosen, size_t *order, double *key)
{
    size_t n = m->n, longest = CURVE_MOST_FITTED / 2;
    for (size_t i = 0; i < n; i++) {
        order[i] = i;
        key[i] = m->first[i] < m->first[i + 1] ? -m->position[m->first[i + 1] - 1] : 1;
    }
    if (n <= CURVE_MOST_FITTED) {
        memcpy(chosen, order, n * sizeof *order);
        return n;
    }
    order_by(key, order, n);
    for (size_t k = 0; k < CURVE_MOST_FITTED; k++)
        chosen[k] = order[k < longest ? k : longest + (k - longest) * (n - longest) / (CURVE_MOST_FITTED - longest)];
    return CURVE_MOST_FITTED;
}

struct fit {
    struct curve_likelihood *likelihood;
    struct bounded search;
    double *low, *high, *gradient;
    size_t *chosen, *order;
    double *key;
};

static void fit_fini(struct fit *fit)
{
    curve_likelihood_free(fit->likelihood);
    bounded_fini(&fit->search);
    mem_free(fit->low);
    mem_free(fit->chosen);
    mem_free(fit->key);
}

static int32_t fit_init(struct fit *fit, const struct curve_model *m)
{
    size_t size = CURVE_THETA(m->d);
    *fit = (struct fit){0};
    fit->low = mem_new(size, 4 * sizeof *fit->low);
    fit->chosen = mem_new(m->n, 2 * sizeof *fit->chosen);
    fit->key = mem_new(m->n, sizeof *fit->key);
    if (!fit->low || !fit->chosen || !fit->key)
        return fail_memory();
    fit->high = fit->low + size;
    fit->gradient = fit->high + size;
    fit->order = fit->chosen + m->n;
    int32_t rc = bounded_new(&fit->search, size);
    if (rc)
        return rc;
    fit->search.gradient_tolerance = 1e-2;
    fit->search.value_tolerance = 1e-6;
    for (size_t k = 0; k < size; k++) {
        struct curve_prior prior = curve_prior(m->d, k);
        fit->low[k] = prior.low;
        fit->high[k] = prior.high;
    }
    return 0;
}

/* Writes the best theta that was found to `best`. */
static int32_t search(const struct curve_model *m, size_t evaluations, double *best)
{
    struct fit fit;
    int32_t rc = fit_init(&fit, m);
    if (!rc)
        rc = curve_likelihood_new(&fit.likelihood, m, fit.chosen, choose_curves(m, fit.chosen, fit.order, fit.key));
    if (!rc) {
        double value;
        fit.search.max_evaluations = evaluations;
        bounded_start(&fit.search, m->theta, fit.low, fit.high);
        do
            value = curve_likelihood_loss(fit.likelihood, fit.search.trial, fit.gradient);
        while (bounded_advance(&fit.search, value, fit.gradient));
        if (isfinite(fit.search.value))
            memcpy(best, fit.search.x, CURVE_THETA(m->d) * sizeof *best);
    }
    fit_fini(&fit);
    return rc;
}

/* Factors for theta, or for the centre of the prior where theta has no factor. */
static int32_t factor(const struct curve_model *m, double *theta, struct curve_likelihood **out)
{
    size_t *all = mem_new(m->n, sizeof *all);
    if (!all)
        return fail_memory();
    for (size_t i = 0; i < m->n; i++)
        all[i] = i;
    int32_t rc = curve_likelihood_new(out, m, all, m->n);
    mem_free(all);
    if (rc || isfinite(curve_likelihood_loss(*out, theta, NULL)))
        return rc;
    for (size_t k = 0; k < CURVE_THETA(m->d); k++)
        theta[k] = curve_prior(m->d, k).mean;
    if (isfinite(curve_likelihood_loss(*out, theta, NULL)))
        return 0;
    curve_likelihood_free(*out);
    *out = NULL;
    return fail(AFINA_E_RANGE, "the configurations of %zu learning curves must be finite", m->n);
}

int32_t curve_model_fit(struct curve_model *m, size_t evaluations)
{
    struct curve_likelihood *made = NULL;
    if (m->points == 0)
        return fail(AFINA_E_STATE, "a learning-curve model without curves cannot be fitted");
    double *theta = mem_copy(m->theta, CURVE_THETA(m->d), sizeof *theta);
    int32_t rc = theta ? 0 : fail_memory();
    if (!rc && evaluations > 0)
        rc = search(m, evaluations, theta);
    if (!rc)
        rc = factor(m, theta, &made);
    if (!rc) {
        curve_likelihood_free(m->factor);
        m->factor = made;
        memcpy(m->theta, theta, CURVE_THETA(m->d) * sizeof *theta);
    }
    mem_free(theta);
    return rc;
}
