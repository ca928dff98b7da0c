/* The value of a configuration: one training and its validation rows, or k of them,
 * one for each fold (Stone 1974). The folds train side by side, an epoch each in
 * turn, so that every report is the mean over all of them; a fold that stopped
 * early stands in it with its best value.
 *
 * The order of the rows is one for all trials: every configuration is measured
 * on the same rows, and differences between trials are not differences of luck.
 */
#include "mlp/mlp.h"

#include "mlp/trainer.h"

#include "core/fail.h"
#include "core/mem.h"

#include <math.h>
#include <string.h>

static size_t share_of(size_t rows, double share, size_t most)
{
    size_t n = (size_t)round(share * (double)rows);
    return n < 1 ? 1 : n > most ? most : n;
}

/* Rows order[from..to-1] validate; the first `share` of the others, in order, train. */
static int32_t start_part(struct trainer *t, const struct mlp *mlp, const struct mlp_config *config, size_t from,
                          size_t to, double share, uint64_t seed, uint64_t part)
{
    size_t rows = mlp->data->rows, rest = rows - (to - from);
    size_t *train = mem_new(rest, sizeof *train);
    if (!train)
        return fail_memory();
    memcpy(train, mlp->order + to, (rows - to) * sizeof *train);
    memcpy(train + (rows - to), mlp->order, from * sizeof *train);
    int32_t rc = trainer_init(t, mlp->data, config, mlp->metric, train, share_of(rest, share, rest), mlp->order + from,
                              to - from, seed, part);
    mem_free(train);
    return rc;
}

static int32_t start_split(struct trainer *t, const struct mlp *mlp, const struct mlp_config *config, double share,
                           uint64_t seed)
{
    size_t rows = mlp->data->rows;
    return start_part(t, mlp, config, 0, share_of(rows, config->validation_share, rows - 1), share, seed, 0);
}

static int32_t start_folds(struct trainer *t, size_t k, const struct mlp *mlp, const struct mlp_config *config,
                           uint64_t seed)
{
    size_t rows = mlp->data->rows;
    for (size_t f = 0; f < k; f++) {
        int32_t rc = start_part(&t[f], mlp, config, rows * f / k, rows * (f + 1) / k, config->training_share, seed, f);
        if (rc)
            return rc;
    }
    return AFINA_OK;
}

/* One epoch of every part that still runs. TRAINER_FINISHED when none does. */
static int32_t epoch(struct trainer *t, size_t parts, double *mean)
{
    int32_t state = TRAINER_FINISHED;
    *mean = 0;
    for (size_t i = 0; i < parts; i++) {
        int32_t ran = t[i].state == TRAINER_RUNNING;
        if (ran)
            trainer_epoch(&t[i]);
        if (t[i].state == TRAINER_DIVERGED || t[i].state == TRAINER_STOPPED)
            return t[i].state;
        if (t[i].state == TRAINER_RUNNING)
            state = TRAINER_RUNNING;
        *mean += (ran ? t[i].value : t[i].best_value) / (double)parts;
    }
    return state;
}

static double best_mean(const struct trainer *t, size_t parts)
{
    double mean = 0;
    for (size_t i = 0; i < parts; i++)
        mean += t[i].best_value / (double)parts;
    return mean;
}

/* AFINA_OK when trained, and *value set; AFINA_CANCELLED when told to stop. */
static int32_t run(struct trainer *t, size_t parts, const struct mlp_callbacks *calls, double *value)
{
    for (size_t i = 0; i < parts; i++) {
        t[i].asks = calls->should_stop;
        t[i].user = calls->user;
    }
    for (int32_t step = 1;; step++) {
        double mean;
        int32_t state = epoch(t, parts, &mean);
        if (state == TRAINER_STOPPED)
            return AFINA_CANCELLED;
        if (state == TRAINER_DIVERGED) {
            *value = NAN;
            return AFINA_OK;
        }
        int32_t rc = calls->report ? calls->report(calls->user, step, mean) : AFINA_OK;
        if (rc < 0)
            return rc;
        if (state == TRAINER_FINISHED) {
            *value = best_mean(t, parts);
            return AFINA_OK;
        }
        if (calls->should_stop && calls->should_stop(calls->user))
            return AFINA_CANCELLED;
    }
}

int32_t mlp_evaluate(const struct mlp *mlp, const struct mlp_config *config, uint64_t seed,
                     const struct mlp_callbacks *callbacks, double *value)
{
    static const struct mlp_callbacks none = {0};
    size_t folds = (size_t)mlp_limits(mlp).folds, parts = folds ? folds : 1;
    struct trainer *t = mem_new(parts, sizeof *t);
    if (!t)
        return fail_memory();
    int32_t rc =
        folds ? start_folds(t, folds, mlp, config, seed) : start_split(t, mlp, config, config->training_share, seed);
    if (!rc)
        rc = run(t, parts, callbacks ? callbacks : &none, value);
    for (size_t i = 0; i < parts; i++)
        trainer_fini(&t[i]);
    mem_free(t);
    return rc;
}

int32_t network_train(struct network **out, const struct mlp *mlp, const struct mlp_config *config, uint64_t seed)
{
    struct trainer t;
    *out = NULL;
    int32_t rc = start_split(&t, mlp, config, 1, seed);
    if (rc)
        return rc;
    while (t.state == TRAINER_RUNNING)
        trainer_epoch(&t);
    if (t.state == TRAINER_DIVERGED)
        rc = fail(AFINA_E_STATE, "the training diverged in epoch %d: the learning rate %g may be too large",
                  t.epoch + 1, config->learning_rate);
    else
        *out = trainer_take_best(&t);
    trainer_fini(&t);
    return rc;
}
