/* Training with early stopping (Prechelt 1998): after every epoch the metric of
 * the validation rows is measured; the best parameters are kept, and `patience`
 * epochs without a better one end the training. Among epochs of equal metric the
 * one of smaller validation loss is better, because the share of errors of a few
 * hundred rows stands still while the network still learns.
 */
#include "mlp/trainer.h"

#include "mlp/dataset.h"
#include "mlp/initial_weights.h"
#include "mlp/metric.h"
#include "mlp/mlp_stream.h"
#include "mlp/rate_schedule.h"

#include "core/fail.h"
#include "core/mem.h"

#include <math.h>
#include <string.h>

/* Rows of one pass through the network: larger batches take several passes, and
 * validation takes as many rows at a time as there is room for. */
enum { PASS_LEAST = 64, PASS_MOST = 256 };

/* The host is asked whether to stop after this many multiplications, about 10 ms. */
static const double ask_after = 2e8;

static size_t batch_rows(const struct mlp_config *config, size_t rows)
{
    if (config->batch == BATCH_FULL || algorithm_is_full_batch(config->algorithm))
        return rows;
    size_t wanted = config->batch == BATCH_ONLINE ? 1 : (size_t)config->batch_size;
    return wanted < rows ? wanted : rows;
}

static void config_shape(const struct mlp_config *config, const struct dataset *d, struct shape *s)
{
    *s = (struct shape){.layers = (size_t)config->layers};
    s->units[0] = d->columns;
    for (size_t l = 0; l < s->layers; l++) {
        s->units[l + 1] = (size_t)config->units[l];
        s->activation[l] = config->activation[l];
    }
    s->units[s->layers + 1] = d->classes ? d->classes : 1;
    shape_layout(s);
}

/* ------------------------------------------------------------------- gradients */

/* The hot path: adds the gradient of the mean loss over n rows; returns the sum
 * of their losses. */
static double gradient_of_pass(struct trainer *t, const size_t *rows, size_t n, float weight, float beta,
                               double dropout)
{
    const float *parameters = t->network->parameters;
    size_t columns = t->network->shape.units[0];
    double loss;
    for (size_t i = 0; i < n; i++)
        memcpy(t->pass.layer[0] + i * columns, t->scaled + rows[i] * columns, columns * sizeof *t->scaled);
    backprop_forward(&t->pass, parameters, n, t->classes != NULL, dropout, &t->dropout);
    if (t->classes) {
        for (size_t i = 0; i < n; i++)
            t->pass_classes[i] = t->classes[rows[i]];
        loss = backprop_loss_class(&t->pass, t->pass_classes, n, weight);
    } else {
        for (size_t i = 0; i < n; i++)
            t->pass_targets[i] = t->targets[rows[i]];
        loss = backprop_loss_value(&t->pass, t->pass_targets, n, weight);
    }
    backprop_backward(&t->pass, parameters, n, beta, t->gradient);
    return loss;
}

static double gradient_of(struct trainer *t, const size_t *rows, size_t n, double dropout)
{
    double loss = 0;
    float weight = 1.0f / (float)n;
    for (size_t start = 0, count; start < n; start += count) {
        count = n - start < t->pass.capacity ? n - start : t->pass.capacity;
        loss += gradient_of_pass(t, rows + start, count, weight, start > 0 ? 1.0f : 0.0f, dropout);
    }
    t->unasked += (double)n * (double)t->network->shape.parameters;
    return loss;
}

static int32_t told_to_stop(struct trainer *t)
{
    if (!t->asks || t->unasked < ask_after)
        return 0;
    t->unasked = 0;
    return t->asks(t->user);
}

/* Mean loss and l2 / 2 times the squares of the weights, for line_descent. The
 * network's own parameters are the ones that are searched. */
static double regularised_loss(void *user, const float *w, float *gradient)
{
    struct trainer *t = user;
    double squares = 0, l2 = t->config->l2;
    if (told_to_stop(t)) {
        t->state = TRAINER_STOPPED;
        return NAN;
    }
    double loss = gradient_of(t, t->rows, t->train, 0) / (double)t->train;
    memcpy(gradient, t->gradient, t->network->shape.parameters * sizeof *gradient);
    for (size_t i = 0; i < t->network->shape.weights; i++) {
        gradient[i] += (float)l2 * w[i];
        squares += (double)w[i] * (double)w[i];
    }
    t->training_loss = loss;
    return loss + l2 / 2 * squares;
}

/* --------------------------------------------------------------------- set-up */

/* Copies the training rows, with their classes or targets, in single precision. */
static int32_t copy_rows(struct trainer *t, const size_t *train)
{
    const struct dataset *d = t->data;
    const struct network *network = t->network;
    if (d->columns > SIZE_MAX / t->train)
        return fail_memory();
    t->scaled = mem_new(t->train * d->columns, sizeof *t->scaled);
    t->rows = mem_new(t->train, sizeof *t->rows);
    if (d->labels)
        t->classes = mem_new(t->train, sizeof *t->classes);
    else
        t->targets = mem_new(t->train, sizeof *t->targets);
    if (!t->scaled || !t->rows || !(t->classes || t->targets))
        return fail_memory();
    network_scale(network, d->features, train, t->train, t->scaled);
    for (size_t i = 0; i < t->train; i++) {
        t->rows[i] = i;
        if (d->labels)
            t->classes[i] = d->labels[train[i]];
        else
            t->targets[i] = (float)((d->values[train[i]] - network->target_mean) / network->target_scale);
    }
    return AFINA_OK;
}

static int32_t make_room(struct trainer *t)
{
    const struct mlp_config *config = t->config;
    const struct shape *s = &t->network->shape;
    size_t pass_rows = t->batch < PASS_LEAST ? PASS_LEAST : t->batch < PASS_MOST ? t->batch : PASS_MOST;
    size_t moments = (size_t)update_rule_moments(config->algorithm);
    t->gradient = mem_new(s->parameters, sizeof *t->gradient);
    t->best = mem_new(s->parameters, sizeof *t->best);
    t->pass_classes = mem_new(pass_rows, sizeof *t->pass_classes);
    t->pass_targets = mem_new(pass_rows, sizeof *t->pass_targets);
    t->drawn = mem_new(t->batch, sizeof *t->drawn);
    if (moments)
        t->moments = mem_new(s->parameters, moments * sizeof *t->moments);
    if (!t->gradient || !t->best || !t->pass_classes || !t->pass_targets || !t->drawn || (moments && !t->moments))
        return fail_memory();
    t->rule = (struct update_rule){
        .algorithm = config->algorithm,
        .weights = s->weights,
        .parameters = s->parameters,
        .l2 = (float)config->l2,
        .momentum = (float)config->momentum,
        .first = t->moments,
        .second = moments > 1 ? t->moments + s->parameters : NULL,
    };
    int32_t rc = backprop_init(&t->pass, s, pass_rows);
    if (!rc && algorithm_is_full_batch(config->algorithm))
        rc = line_descent_init(&t->line, s->parameters, config->algorithm == ALGORITHM_CONJUGATE_GRADIENT,
                               regularised_loss, t);
    return rc;
}

static void draw_weights(struct trainer *t, uint64_t seed, uint64_t part)
{
    struct rng rng;
    rng_start(&rng, seed, MLP_STREAM_INITIAL + MLP_STREAMS * part, RNG_OBJECTIVE);
    initial_weights_draw(t->config->initial_weights, &rng, &t->network->shape, t->network->parameters);
    memcpy(t->best, t->network->parameters, t->network->shape.parameters * sizeof *t->best);
}

/* Uniform on 0..n-1: the upper half of a product of a 32-bit word and n (Lemire
 * 2019), without its rejection - n is far below 2^32. */
static size_t draw_row(struct rng *rng, size_t n)
{
    if (n > UINT32_MAX)
        return (size_t)rng_below(rng, n);
    return (size_t)((uint64_t)rng_uint32(rng) * n >> 32);
}

static void shuffle(struct rng *rng, size_t *rows, size_t n)
{
    for (size_t i = n; i > 1; i--) {
        size_t j = draw_row(rng, i), row = rows[i - 1];
        rows[i - 1] = rows[j];
        rows[j] = row;
    }
}

int32_t trainer_init(struct trainer *t, const struct dataset *d, const struct mlp_config *config, int32_t metric,
                     const size_t *train, size_t n, const size_t *valid, size_t m, uint64_t seed, uint64_t part)
{
    struct shape shape;
    *t = (struct trainer){
        .data = d,
        .config = config,
        .metric = metric,
        .train = n,
        .batch = batch_rows(config, n),
        .valid_rows = valid,
        .best_value = INFINITY,
        .best_loss = INFINITY,
    };
    config_shape(config, d, &shape);
    rng_start(&t->order, seed, MLP_STREAM_ORDER + MLP_STREAMS * part, RNG_OBJECTIVE);
    rng_start(&t->dropout, seed, MLP_STREAM_DROPOUT + MLP_STREAMS * part, RNG_OBJECTIVE);
    int32_t rc = network_new(&t->network, &shape, d, train, n);
    if (!rc)
        rc = copy_rows(t, train);
    if (!rc)
        rc = make_room(t);
    if (!rc)
        rc = judge_init(&t->judge, t->network, d, valid, m);
    if (rc) {
        trainer_fini(t);
        return rc;
    }
    draw_weights(t, seed, part);
    if (config->shuffle == SHUFFLE_ONCE)
        shuffle(&t->order, t->rows, n);
    return AFINA_OK;
}

void trainer_fini(struct trainer *t)
{
    network_free(t->network);
    backprop_fini(&t->pass);
    line_descent_fini(&t->line);
    judge_fini(&t->judge);
    mem_free(t->rows);
    mem_free(t->drawn);
    mem_free(t->gradient);
    mem_free(t->moments);
    mem_free(t->best);
    mem_free(t->scaled);
    mem_free(t->classes);
    mem_free(t->targets);
    mem_free(t->pass_classes);
    mem_free(t->pass_targets);
    *t = (struct trainer){0};
}

/* --------------------------------------------------------------------- epochs */

static const size_t *batch_at(struct trainer *t, size_t start, size_t n)
{
    if (!t->config->replacement)
        return t->rows + start;
    for (size_t i = 0; i < n; i++)
        t->drawn[i] = t->rows[draw_row(&t->order, t->train)];
    return t->drawn;
}

static void update_epoch(struct trainer *t)
{
    const struct mlp_config *config = t->config;
    double sum = 0;
    if (config->shuffle == SHUFFLE_EACH_EPOCH && !config->replacement && t->batch < t->train)
        shuffle(&t->order, t->rows, t->train);
    for (size_t start = 0; start < t->train; start += t->batch) {
        size_t n = t->train - start < t->batch ? t->train - start : t->batch;
        double loss = gradient_of(t, batch_at(t, start, n), n, config->dropout);
        if (!isfinite(loss)) {
            t->state = TRAINER_DIVERGED;
            return;
        }
        sum += loss;
        double done = (t->epoch + (double)start / (double)t->train) / config->epochs;
        double rate = config->learning_rate * rate_schedule_factor(config->schedule, done);
        update_rule_step(&t->rule, rate, t->gradient, t->network->parameters);
        if (told_to_stop(t)) {
            t->state = TRAINER_STOPPED;
            return;
        }
    }
    t->training_loss = sum / (double)t->train;
}

/* One iteration; when no better point is found the training is at its end. */
static void descend_epoch(struct trainer *t)
{
    int32_t moved = line_descent_step(&t->line, t->network->parameters);
    if (t->state != TRAINER_RUNNING)
        return;
    if (moved < 0)
        t->state = TRAINER_DIVERGED;
    else if (moved == 0)
        t->state = TRAINER_FINISHED;
}

/* Without validation rows the last epoch is the best one. */
static void accept_epoch(struct trainer *t)
{
    float sum = 0;
    const float *w = t->network->parameters;
    for (size_t i = 0; i < t->network->shape.parameters; i++)
        sum += w[i] - w[i]; /* NaN from a NaN or an infinity */
    if (sum != 0.0f) {
        t->state = TRAINER_DIVERGED;
        return;
    }
    t->best_epoch = t->epoch;
    memcpy(t->best, w, t->network->shape.parameters * sizeof *w);
    if (t->epoch >= t->config->epochs)
        t->state = TRAINER_FINISHED;
}

static void measure(struct trainer *t)
{
    outputs_compute(t->network, &t->pass, t->data->features, t->valid_rows, t->judge.rows, t->judge.output);
    double value = judge_metric(&t->judge, t->network, t->metric);
    t->value = metric_is_gain(t->metric) ? 1 - value : value;
    t->loss = t->metric == METRIC_LOSS ? value : judge_metric(&t->judge, t->network, METRIC_LOSS);
}

static void keep_best(struct trainer *t)
{
    if (t->value > t->best_value || (t->value == t->best_value && t->loss >= t->best_loss)) {
        t->stale++;
        return;
    }
    t->stale = 0;
    t->best_value = t->value;
    t->best_loss = t->loss;
    t->best_epoch = t->epoch;
    memcpy(t->best, t->network->parameters, t->network->shape.parameters * sizeof *t->best);
}

void trainer_epoch(struct trainer *t)
{
    if (algorithm_is_full_batch(t->config->algorithm))
        descend_epoch(t);
    else
        update_epoch(t);
    if (t->state == TRAINER_DIVERGED || t->state == TRAINER_STOPPED)
        return;
    t->epoch++;
    if (t->judge.rows == 0) {
        accept_epoch(t);
        return;
    }
    measure(t);
    if (!isfinite(t->value) || !isfinite(t->loss)) {
        t->state = TRAINER_DIVERGED;
        return;
    }
    keep_best(t);
    if (t->epoch >= t->config->epochs || t->stale >= t->config->patience)
        t->state = TRAINER_FINISHED;
}

struct network *trainer_take_best(struct trainer *t)
{
    struct network *network = t->network;
    memcpy(network->parameters, t->best, network->shape.parameters * sizeof *t->best);
    t->network = NULL;
    return network;
}
