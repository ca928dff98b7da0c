/* A fit at n results sets theta and the base: the results 0 .. n-1 or, when these are more
 * than `most_points`, the best of them for one half of that number and the latest for the other.
 * Later results are rows appended to the factor, until the next fit. A fit is due after
 * every result up to 40, then when there are a tenth more results, or 25 more, and at once
 * when a result lies more than three standard deviations from its prediction.
 * Pending trials follow the results and count as if they gave the predicted mean.
 *
 * Outputs are transformed anew at each build. Once a fit has found noise the worse half is softened and no
 * longer ranked, since ranks near the median then consist mostly of noise. The factor does not depend on the outputs,
 * unless errors of results are known: these are transformed with their results, so that the factor is made anew with
 * each result, O(n^3). The first error makes a fit due.
 */
#include "surrogate/gp_model.h"

#include "core/elementary.h"
#include "core/fail.h"
#include "core/mem.h"

#include <math.h>
#include <string.h>

int32_t gp_model_init(struct gp_model *m, const struct gp_record *record, const struct gp_dimension *dimension,
                      int kernel, const struct gp_prior *prior, const struct output_transform *transform,
                      size_t most_points)
{
    size_t d = record->d;
    *m = (struct gp_model){.record = record, .d = d, .most_points = most_points, .transform = *transform};
    m->theta_size = gp_theta_size(d, prior->additive, prior->blocks);
    m->theta = mem_new(m->theta_size + 1, 3 * sizeof *m->theta);
    m->pending_number = mem_new(GP_MOST_PENDING, sizeof *m->pending_number);
    int32_t rc = m->theta && m->pending_number ? 0 : fail_memory();
    if (rc)
        goto out;
    rc = gp_init(&m->gp, dimension, d, kernel);
    if (rc)
        goto out;
    rc = gp_fitter_init(&m->fitter, prior, d);
    if (rc)
        goto out;
    m->gp.scale_shape = prior->scale_shape;
    m->gp.additive = prior->additive;
    m->gp.blocks = prior->blocks;
    m->built_theta = m->theta + m->theta_size + 1;
    m->fitted_theta = m->built_theta + m->theta_size + 1;
    gp_prior_start(prior, d, m->theta);
out:
    if (rc)
        gp_model_fini(m);
    return rc;
}

void gp_model_fini(struct gp_model *m)
{
    mem_free(m->theta);
    mem_free(m->pending_number);
    mem_free(m->used);
    mem_free(m->target);
    gp_fini(&m->gp);
    gp_fitter_fini(&m->fitter);
    *m = (struct gp_model){0};
}

/* ------------------------------------------------------------------- learning */

void gp_model_learn(struct gp_model *m, const double *theta, size_t base)
{
    m->base = base < m->record->told ? base : m->record->told;
    memcpy(m->theta, theta, m->theta_size * sizeof *theta);
    m->theta[m->theta_size] = gp_record_knows(m->record, m->base) ? theta[m->theta_size] : 0;
}

int gp_model_is_stale(const struct gp_model *m)
{
    size_t wait = m->base <= 40 ? 1 : m->base / 10;
    int first_error = gp_record_knows(m->record, m->record->told) && !gp_record_knows(m->record, m->base);
    return m->base == 0 || first_error || m->record->told - m->base >= (wait < 25 ? wait : 25);
}

int gp_model_is_surprised(const struct gp_model *m)
{
    return m->gp.surprise > 3;
}

/* ------------------------------------------------------------------- the cache */

/* Makes room for the arrays over m->record->told results. */
static int32_t make_room(struct gp_model *m)
{
    size_t need = m->record->told + 1;
    if (need > m->room) {
        need += need / 2;
        size_t *used = mem_new(need, 2 * sizeof *used);
        double *target = mem_new(need, 4 * sizeof *target);
        if (!used || !target) {
            mem_free(used);
            mem_free(target);
            return fail_memory();
        }
        mem_free(m->used);
        mem_free(m->target);
        m->used = used;
        m->order = used + need;
        m->target = target;
        m->y = target + need;
        m->target_error = target + 2 * need;
        m->room = need;
        m->built_base = 0;
        m->fitted_base = 0;
    }
    return 0;
}

/* Finds the interval (*low, *high] of the `rank`-th smallest of n finite numbers by bisection, as narrow as equal
 * numbers allow. */
static void find_rank(const double *y, size_t n, size_t rank, double *low, double *high)
{
    *low = -INFINITY;
    *high = INFINITY;
    for (int round = 0; round < 100 && *low < *high; round++) {
        double least = INFINITY, most = -INFINITY;
        for (size_t i = 0; i < n; i++)
            if (y[i] > *low && y[i] <= *high) {
                least = fmin(least, y[i]);
                most = fmax(most, y[i]);
            }
        if (!(least < most))
            return;
        double middle = 0.5 * least + 0.5 * most;
        if (!(middle < most))
            middle = least;
        size_t below = 0;
        for (size_t i = 0; i < n; i++)
            below += y[i] <= middle;
        *(below >= rank ? high : low) = middle;
    }
}

/* Writes the results that a fit at n works on to m->used, ascending. Returns how many there are. Of more than
 * `most_points` these are the best of the earlier ones, equal ones from the front, and the latest. */
static size_t choose(struct gp_model *m, size_t n)
{
    size_t count = 0, kept = 0, best = n <= m->most_points ? n : m->most_points / 2;
    size_t first_recent = n <= m->most_points ? 0 : n - (m->most_points - best);
    double low = 0, high = 0;
    if (first_recent > 0)
        find_rank(m->target, first_recent, best, &low, &high);
    for (size_t i = 0; i < first_recent; i++)
        kept += m->target[i] <= low;
    for (size_t i = 0; i < first_recent; i++) {
        int inside = m->target[i] > low && m->target[i] <= high && kept < best;
        kept += (size_t)inside;
        if (m->target[i] <= low || inside)
            m->used[count++] = i;
    }
    for (size_t i = first_recent; i < n; i++)
        m->used[count++] = i;
    return count;
}

static void transform(struct gp_model *m, size_t n, const double *theta)
{
    static const double little_noise = -6; /* log g: a deviation of 5 % of that of the results */
    int known = gp_record_knows(m->record, n);
    m->applied = m->transform;
    if (m->base > 0 && theta[m->d] > little_noise)
        m->applied.worse = m->transform.worse ? WORSE_SOFTENED : WORSE_KEPT;
    if (known)
        memcpy(m->target_error, m->record->error, n * sizeof *m->record->error);
    output_transform_errors(&m->applied, m->record->loss, n, m->target, m->order, known ? m->target_error : NULL);
}

/* Copies the targets of the first `rows` rows of gp, which are results. */
static void gather(struct gp_model *m, size_t rows)
{
    for (size_t i = 0; i < rows; i++)
        m->y[i] = m->target[m->used[i]];
}

static int32_t add_base(struct gp_model *m, const double *theta, size_t base)
{
    m->built_base = 0;
    transform(m, base, theta); /* the first `base` results alone: later ones do not change which are chosen */
    m->data = choose(m, base);
    int32_t rc = gp_reserve(&m->gp, m->data + 64);
    if (rc)
        return rc;
    m->gp.known = gp_record_knows(m->record, m->record->told);
    gp_clear(&m->gp, theta);
    for (size_t i = 0; i < m->data; i++)
        gp_add(&m->gp, m->record->x + m->used[i] * m->d);
    return 0;
}

/* Sets the error variances of the rows of gp, from the errors of the targets. */
static void set_error_variances(struct gp_model *m)
{
    for (size_t i = 0; i < m->data; i++) {
        double error = m->target_error[m->used[i]];
        gp_set_error_variance(&m->gp, i, error * error);
    }
}

/* Adds the results after the base before the matrix is factored, which known errors require. */
static int32_t add_later(struct gp_model *m, size_t base)
{
    int32_t rc = gp_reserve(&m->gp, m->data + (m->record->told - base));
    if (rc)
        return rc;
    for (size_t i = base; i < m->record->told; i++) {
        m->used[m->data++] = i;
        gp_add(&m->gp, m->record->x + i * m->d);
    }
    transform(m, m->record->told, m->gp.theta);
    set_error_variances(m);
    return 0;
}

/* Descends from the last theta, where there is one, and from the start of the prior with little and with
 * much noise. Short length scales and noise explain the same rough results, by different local optima,
 * and a descent from the last theta stays in the optimum that it found when there were few results. Among
 * many parameters the last theta tells which matter, and few steps from the prior do not find that out:
 * there the descents from the prior are made when the number of results has doubled. */
static void descend(struct gp_model *m, double form, double *theta)
{
    static const double much_noise = -1.2;
    size_t size = (m->theta_size + 1) * sizeof *theta;
    double *other = m->fitted_theta, loss = INFINITY;
    memcpy(theta, m->theta, size);
    if (m->fitter.prior.blocks > 1)
        theta[m->theta_size - 1] = form;
    if (m->base > 0)
        loss = gp_fitter_run(&m->fitter, theta, 15);
    size_t told = m->record->told, patience = m->d > GP_MANY ? 50 : 25;
    int doubled = (told & (told - 1)) == 0 || told >= 2 * m->base;
    if (m->d > GP_MANY && !doubled && isfinite(loss))
        return;
    for (int noisy = 0; noisy < 2; noisy++) {
        gp_prior_start(&m->fitter.prior, m->d, other);
        other[m->theta_size] = 0;
        if (noisy)
            other[m->d] = much_noise;
        if (m->fitter.prior.blocks > 1)
            other[m->theta_size - 1] = form;
        double found = gp_fitter_run(&m->fitter, other, patience);
        if (found < loss) {
            memcpy(theta, other, size);
            loss = found;
        }
    }
}

/* Computes the sum of log p(y_i | the others) over the points and targets of the fit. */
static int32_t leave_one_out_score(struct gp_model *m, const double *theta, double *score)
{
    struct gaussian_process *gp = &m->gp;
    double *mean = mem_new(m->data + 1, 2 * sizeof *mean);
    if (!mean)
        return fail_memory();
    double *variance = mean + m->data;
    gp_change(gp, theta);
    gp_factor(gp);
    gp_train(gp, m->y);
    int32_t rc = gp_leave_one_out(gp, mean, variance);
    *score = 0;
    for (size_t i = 0; i < m->data && !rc; i++) {
        double error = m->y[i] - mean[i];
        *score -= 0.5 * portable_log(variance[i]) + 0.5 * error * error / variance[i];
    }
    mem_free(mean);
    return rc;
}

/* Fits both forms and takes the one that predicts results better from all others. */
static int32_t choose_form(struct gp_model *m, double *theta)
{
    size_t size = (m->theta_size + 1) * sizeof *theta;
    double *other = mem_new(m->theta_size + 1, sizeof *other), imputed, additive;
    if (!other)
        return fail_memory();
    descend(m, 0, theta);
    descend(m, 1, other);
    int32_t rc = leave_one_out_score(m, theta, &imputed);
    if (rc)
        goto out;
    rc = leave_one_out_score(m, other, &additive);
    if (rc)
        goto out;
    if (additive > imputed)
        memcpy(theta, other, size);
out:
    mem_free(other);
    return rc;
}

int32_t gp_model_fit(struct gp_model *m, double *theta)
{
    if (m->fitted_told == m->record->told && m->fitted_base == m->base && m->record->told > 0) {
        memcpy(theta, m->fitted_theta, (m->theta_size + 1) * sizeof *theta);
        return 0;
    }
    int32_t rc = make_room(m);
    if (rc)
        return rc;
    rc = add_base(m, m->theta, m->record->told);
    if (rc)
        return rc;
    gather(m, m->data);
    if (m->gp.known)
        set_error_variances(m);
    rc = gp_fitter_aim(&m->fitter, &m->gp, m->y);
    if (rc)
        return rc;
    if (m->fitter.prior.blocks > 1 && m->fitter.prior.chooses)
        rc = choose_form(m, theta);
    else
        descend(m, 1, theta);
    if (rc)
        return rc;
    memcpy(m->fitted_theta, theta, (m->theta_size + 1) * sizeof *theta);
    m->fitted_told = m->record->told;
    m->fitted_base = m->base;
    return 0;
}

/* The first pending trial that gets a row. When there are too many the latest get one; the first of
 * them moves in long steps, so that most rows of the factor can be kept. */
static size_t first_pending(const struct gp_model *m)
{
    enum { STEP = 64 };
    if (m->record->n_pending <= GP_MOST_PENDING)
        return 0;
    size_t over = m->record->n_pending - GP_MOST_PENDING;
    return (over + STEP - 1) / STEP * STEP;
}

/* Keeps the rows that are up to date and appends those that are missing. */
static int32_t update(struct gp_model *m)
{
    struct gaussian_process *gp = &m->gp;
    size_t first = first_pending(m), count = m->record->n_pending - first, right = 0;
    if (m->built_told < m->record->told)
        gp_truncate(gp, m->data);
    int32_t rc = gp_reserve(gp, m->data + (m->record->told - m->built_told) + count);
    if (rc)
        return rc;
    for (; m->built_told < m->record->told; m->built_told++) {
        m->used[m->data++] = m->built_told;
        gp_append(gp, m->record->x + m->built_told * m->d);
    }
    if (gp->trained != m->data) {
        gp_truncate(gp, m->data);
        transform(m, m->record->told, m->gp.theta);
        gather(m, m->data);
        gp_train(gp, m->y);
    }
    while (m->data + right < gp->n && right < count &&
           m->pending_number[right] == m->record->pending[first + right].number)
        right++;
    gp_truncate(gp, m->data + right);
    for (; right < count; right++) {
        m->pending_number[right] = m->record->pending[first + right].number;
        gp_append_pending(gp, m->record->pending[first + right].x);
    }
    return 0;
}

/* Factors the results that a fit at `base` works on and, when errors are known, all later ones. */
static int32_t factor(struct gp_model *m, const double *theta, size_t base)
{
    int32_t rc = add_base(m, theta, base);
    if (rc)
        return rc;
    size_t fitted = m->data;
    if (m->gp.known) {
        rc = add_later(m, base);
        if (rc)
            return rc;
    }
    gp_factor(&m->gp);
    m->gp.base = fitted;
    m->built_base = base;
    m->built_told = m->gp.known ? m->record->told : base;
    return 0;
}

int32_t gp_model_build(struct gp_model *m, const double *theta, size_t base)
{
    int32_t rc = make_room(m);
    if (rc)
        return rc;
    size_t size = (m->theta_size + 1) * sizeof *theta;
    int known = gp_record_knows(m->record, m->record->told), current = m->built_told == m->record->told;
    int built = m->built_base == base && base > 0 && memcmp(m->built_theta, theta, size) == 0 && (!known || current);
    if (!built) {
        rc = factor(m, theta, base);
        if (rc)
            return rc;
        memcpy(m->built_theta, theta, size);
    }
    rc = update(m);
    if (rc)
        m->built_base = 0;
    return rc;
}
