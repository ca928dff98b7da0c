/* The search improves on the least posterior mean f* of the points that have a result or are pending:
 * a pending trial counts as if it gave its predicted mean, so that a second one does not go where it goes.
 *
 * A scale below 1, learned from few results, finds the bottom of a valley to many digits but is too sure that
 * there is no other valley. So for every second trial the variance is inflated to that of scale 1. The
 * probability of improvement, for its part, counts improvements by 0.05 deviations of the results or more:
 * without a margin (H. J. Kushner 1964) its points creep away from the best one.
 */
#include "surrogate/gp_search.h"

#include "core/fail.h"
#include "core/mem.h"

#include <math.h>
#include <string.h>

static const double improvement_margin = 0.05;
static const double most_inflation = 1e6;
static const double little_noise = 0.0067379; /* e^-5 */

int32_t gp_search_init(struct gp_search *s, struct space *space, const struct acquisition *acquisition, size_t count)
{
    *s = (struct gp_search){.d = space->size, .acquisition = *acquisition};
    s->incumbents = mem_new(s->d, SEARCH_INCUMBENTS * sizeof *s->incumbents);
    return s->incumbents ? acquisition_search_init(&s->candidates, space, count) : fail_memory();
}

void gp_search_fini(struct gp_search *s)
{
    acquisition_search_fini(&s->candidates);
    mem_free(s->incumbents);
    *s = (struct gp_search){0};
}

/* The SEARCH_INCUMBENTS results of least posterior mean become the incumbents. Returns how many there are. */
static size_t find_incumbents(struct gp_search *s)
{
    const struct gp_model *model = s->model;
    size_t row[SEARCH_INCUMBENTS], n = 0, d = s->d;
    double mean[SEARCH_INCUMBENTS];
    for (size_t i = 0; i < model->data; i++) {
        double fitted = gp_fitted(&model->gp, i);
        if (n == SEARCH_INCUMBENTS && !(fitted < mean[n - 1]))
            continue;
        size_t k = n < SEARCH_INCUMBENTS ? n++ : n - 1;
        for (; k > 0 && fitted < mean[k - 1]; k--) {
            mean[k] = mean[k - 1];
            row[k] = row[k - 1];
        }
        mean[k] = fitted;
        row[k] = i;
    }
    for (size_t k = 0; k < n; k++)
        memcpy(s->incumbents + k * d, model->record->x + model->used[row[k]] * d, d * sizeof *s->incumbents);
    s->best_noise = n > 0 ? gp_row_noise(&model->gp, row[0]) : 0;
    s->acquisition.best = n > 0 ? mean[0] : 0;
    return n;
}

static void lower_best_to_pending(struct gp_search *s)
{
    const struct gp_record *record = s->model->record;
    for (size_t i = 0; i < record->n_pending; i++) {
        double mean, variance;
        gp_predict(&s->model->gp, record->pending[i].x, 1, &mean, &variance);
        s->acquisition.best = fmin(s->acquisition.best, mean);
    }
}

static double inflation_of(const struct gaussian_process *gp, int64_t number)
{
    return number % 2 == 0 && gp->scale < 1 && gp->scale > 0 ? fmin(1 / gp->scale, most_inflation) - 1 : 0;
}

int32_t gp_search_run(struct gp_search *s, const struct gp_model *model, const struct feasibility *feasible,
                      int64_t number, struct rng *rng)
{
    s->model = model;
    size_t n = find_incumbents(s);
    lower_best_to_pending(s);
    if (s->acquisition.kind == ACQUISITION_PI)
        s->acquisition.best -= improvement_margin;
    s->acquisition.inflation = inflation_of(&model->gp, number);
    return acquisition_search_run(&s->candidates, &model->gp, feasible, &s->acquisition, s->incumbents, n, rng);
}

int gp_search_is_local(const struct gp_search *s)
{
    const struct gaussian_process *gp = &s->model->gp;
    const double *x = acquisition_search_candidate(&s->candidates, 0);
    double distance = 0;
    for (size_t j = 0; j < s->d; j++) {
        double delta = x[j] - s->incumbents[j];
        if (gp->dimension[j].kind == DIMENSION_CATEGORICAL && delta != 0)
            return 0;
        distance += gp->weight[j] * delta * delta;
    }
    return distance < 1 && s->best_noise < little_noise;
}
