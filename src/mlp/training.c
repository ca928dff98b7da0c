/* The value of a configuration: one training and its validation rows, or k of them,
 * one for each fold (Stone 1974). The folds train side by side, an epoch each in
 * turn, so that every report is the mean over all of them; a fold that stopped
 * early stands in it with its best value.
 *
 * The order of the rows is one for all trials: every configuration is measured
 * on the same rows, and differences between trials are not differences of luck.
 */
#include "mlp/training.h"

#include "mlp/metric.h"

#include "core/fail.h"
#include "core/mem.h"

#include <math.h>
#include <string.h>

/* What a training keeps of an mlp. */
struct mlp_inputs {
    const struct dataset *data;
    const size_t *order;
    size_t folds;
    int32_t metric;
};

static size_t share_of(size_t rows, double share, size_t most)
{
    size_t n = (size_t)round(share * (double)rows);
    return n < 1 ? 1 : n > most ? most : n;
}

/* Rows order[from..to-1] validate; the first `share` of the others, in order, train. */
static int32_t start_part(struct training *t, size_t part, size_t from, size_t to, double share)
{
    size_t rows = t->data->rows, rest = rows - (to - from);
    size_t *train = mem_new(rest, sizeof *train);
    if (!train)
        return fail_memory();
    memcpy(train, t->order + to, (rows - to) * sizeof *train);
    memcpy(train + (rows - to), t->order, from * sizeof *train);
    int32_t rc = trainer_init(&t->part[part], t->data, &t->config, t->metric, train, share_of(rest, share, rest),
                              t->order + from, to - from, t->seed, part);
    mem_free(train);
    return rc;
}

static int32_t start_split(struct training *t, double share)
{
    size_t rows = t->data->rows;
    return start_part(t, 0, 0, share_of(rows, t->config.validation_share, rows - 1), share);
}

static int32_t start_folds(struct training *t)
{
    size_t rows = t->data->rows, k = t->folds;
    for (size_t f = 0; f < k; f++) {
        int32_t rc = start_part(t, f, rows * f / k, rows * (f + 1) / k, t->config.training_share);
        if (rc)
            return rc;
    }
    return AFINA_OK;
}

/* Without its parts. */
static int32_t prepare(struct training **out, const struct mlp_inputs *inputs, const struct mlp_config *config,
                       uint64_t seed)
{
    struct training *t = mem_new(1, sizeof *t);
    *out = t;
    if (!t)
        return fail_memory();
    t->data = dataset_share(inputs->data);
    t->config = *config;
    t->metric = inputs->metric;
    t->seed = seed;
    t->folds = inputs->folds;
    t->parts = t->folds ? t->folds : 1;
    t->order = mem_copy(inputs->order, t->data->rows, sizeof *t->order);
    t->part = mem_new(t->parts, sizeof *t->part);
    return t->order && t->part ? AFINA_OK : fail_memory();
}

static struct mlp_inputs inputs_of(const struct mlp *mlp, size_t folds)
{
    return (struct mlp_inputs){mlp->data, mlp->order, folds, mlp->metric};
}

static int32_t make(struct training **out, const struct mlp_inputs *inputs, const struct mlp_config *config,
                    uint64_t seed)
{
    struct training *t;
    int32_t rc = prepare(&t, inputs, config, seed);
    if (!rc)
        rc = t->folds ? start_folds(t) : start_split(t, config->training_share);
    if (rc) {
        training_free(t);
        t = NULL;
    }
    *out = t;
    return rc;
}

int32_t training_new(struct training **out, const struct mlp *mlp, const struct mlp_config *config, uint64_t seed)
{
    struct mlp_inputs inputs = inputs_of(mlp, (size_t)mlp_limits(mlp).folds);
    return make(out, &inputs, config, seed);
}

int32_t training_restart(struct training **out, const struct training *t)
{
    struct mlp_inputs inputs = {t->data, t->order, t->folds, t->metric};
    return make(out, &inputs, &t->config, t->seed);
}

/* The parts point to the order and to the configuration of their training. */
void training_take(struct training *t, struct training *from)
{
    struct trainer *part = t->part;
    size_t *order = t->order;
    t->part = from->part;
    t->order = from->order;
    t->state = from->state;
    from->part = part;
    from->order = order;
    for (size_t i = 0; i < t->parts; i++)
        t->part[i].config = &t->config;
}

void training_free(struct training *t)
{
    if (!t)
        return;
    for (size_t i = 0; t->part && i < t->parts; i++)
        trainer_fini(&t->part[i]);
    mem_free(t->part);
    mem_free(t->order);
    dataset_free(t->data);
    mem_free(t);
}

/* One epoch of every part that still runs; *mean is what they report. TRAINER_FINISHED when none
 * runs any more. */
static int32_t epoch(struct training *t, double *mean)
{
    int32_t state = TRAINER_FINISHED;
    *mean = 0;
    for (size_t i = 0; i < t->parts; i++) {
        struct trainer *part = &t->part[i];
        int ran = part->state == TRAINER_RUNNING;
        if (ran)
            trainer_epoch(part);
        if (part->state == TRAINER_DIVERGED || part->state == TRAINER_STOPPED)
            return part->state;
        if (part->state == TRAINER_RUNNING)
            state = TRAINER_RUNNING;
        *mean += (ran ? part->value : part->best_value) / (double)t->parts;
    }
    return state;
}

static int32_t fail_diverged(const struct training *t)
{
    return fail(AFINA_E_STATE, "the training diverged in epoch %d: the learning rate %g may be too large",
                training_epochs(t) + 1, t->config.learning_rate);
}

static int32_t one_epoch(struct training *t, const struct mlp_callbacks *calls)
{
    double mean;
    t->state = epoch(t, &mean);
    if (t->state == TRAINER_STOPPED)
        return AFINA_CANCELLED;
    if (t->state == TRAINER_DIVERGED)
        return fail_diverged(t);
    int32_t rc = calls->report ? calls->report(calls->user, training_epochs(t), mean) : AFINA_OK;
    if (rc)
        return rc;
    int32_t stop = t->state == TRAINER_RUNNING && calls->should_stop && calls->should_stop(calls->user);
    return stop ? AFINA_CANCELLED : AFINA_OK;
}

int32_t training_run(struct training *t, int32_t epochs, const struct mlp_callbacks *callbacks)
{
    static const struct mlp_callbacks none = {0};
    const struct mlp_callbacks *calls = callbacks ? callbacks : &none;
    int32_t rc = AFINA_OK;
    if (t->state == TRAINER_DIVERGED)
        return fail_diverged(t);
    if (t->state == TRAINER_STOPPED)
        return fail(AFINA_E_STATE, "the training was stopped within epoch %d", training_epochs(t) + 1);
    for (size_t i = 0; i < t->parts; i++) {
        t->part[i].asks = calls->should_stop;
        t->part[i].user = calls->user;
    }
    while (!rc && t->state == TRAINER_RUNNING && training_epochs(t) < epochs)
        rc = one_epoch(t, calls);
    return rc;
}

int32_t training_epochs(const struct training *t)
{
    int32_t most = 0;
    for (size_t i = 0; i < t->parts; i++)
        most = t->part[i].epoch > most ? t->part[i].epoch : most;
    return most;
}

int32_t training_best(const struct training *t, double *epoch_out, double *value)
{
    double epochs = 0, mean = 0;
    if (t->state == TRAINER_DIVERGED)
        return fail_diverged(t);
    if (training_epochs(t) == 0)
        return fail(AFINA_E_STATE, "the training has not done an epoch yet");
    for (size_t i = 0; i < t->parts; i++) {
        epochs += t->part[i].best_epoch / (double)t->parts;
        mean += t->part[i].best_value / (double)t->parts;
    }
    *epoch_out = epochs;
    *value = mean;
    return AFINA_OK;
}

int32_t training_network(const struct training *t, size_t part, struct network **out)
{
    double epochs, value;
    *out = NULL;
    if (part >= t->parts)
        return fail(AFINA_E_RANGE, "fold must be in [0, %zu], got %zu", t->parts - 1, part);
    int32_t rc = training_best(t, &epochs, &value);
    return rc ? rc : network_copy(out, t->part[part].network, t->part[part].best);
}

int32_t mlp_evaluate(const struct mlp *mlp, const struct mlp_config *config, uint64_t seed,
                     const struct mlp_callbacks *callbacks, double *value)
{
    struct training *t;
    double epochs;
    int32_t rc = training_new(&t, mlp, config, seed);
    if (!rc)
        rc = training_run(t, config->epochs, callbacks);
    if (!rc)
        rc = training_best(t, &epochs, value);
    if (rc == AFINA_E_STATE && t->state == TRAINER_DIVERGED) {
        *value = NAN;
        rc = AFINA_OK;
    }
    training_free(t);
    return rc;
}

int32_t network_train(struct network **out, const struct mlp *mlp, const struct mlp_config *config, uint64_t seed)
{
    struct training *t;
    struct mlp_inputs inputs = inputs_of(mlp, 0);
    *out = NULL;
    int32_t rc = prepare(&t, &inputs, config, seed);
    if (!rc)
        rc = start_split(t, 1);
    if (!rc)
        rc = training_run(t, config->epochs, NULL);
    if (!rc)
        *out = trainer_take_best(&t->part[0]);
    training_free(t);
    return rc;
}

int32_t network_train_epochs(struct network **out, const struct mlp *mlp, const struct mlp_config *config,
                             int32_t epochs, uint64_t seed)
{
    struct training *t;
    *out = NULL;
    if (epochs < 1 || epochs > config->epochs)
        return fail(AFINA_E_RANGE, "epochs must be in [1, %d], the epochs that the point plans, got %d", config->epochs,
                    epochs);
    struct mlp_inputs inputs = inputs_of(mlp, 0);
    int32_t rc = prepare(&t, &inputs, config, seed);
    if (!rc)
        rc = start_part(t, 0, 0, 0, 1);
    if (!rc)
        rc = training_run(t, epochs, NULL);
    if (!rc)
        *out = trainer_take_best(&t->part[0]);
    training_free(t);
    return rc;
}
