#include "mlp/mlp_config.h"

#include "mlp/activation.h"
#include "mlp/initial_weights.h"
#include "mlp/rate_schedule.h"
#include "mlp/update_rule.h"

#include "core/fail.h"
#include "core/text.h"

#include <math.h>
#include <string.h>

static const char *const activations[ACTIVATION_COUNT] = {
    "identity", "logistic", "tanh", "relu", "leaky_relu", "elu", "selu", "softplus", "softsign", "silu", "gelu",
};
static const char *const initials[INITIAL_COUNT] = {
    "uniform",   "normal",        "glorot_uniform", "glorot_normal", "he_uniform",
    "he_normal", "lecun_uniform", "lecun_normal",   "orthogonal",
};
static const char *const algorithms[ALGORITHM_COUNT] = {
    "sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw", "bfgs", "conjugate_gradient",
};
static const char *const schedules[RATE_SCHEDULES] = {"constant", "step", "exponential", "cosine", "inverse"};
static const char *const batches[BATCH_COUNT] = {"mini", "full", "online"};
static const char *const shuffles[SHUFFLE_COUNT] = {"each_epoch", "once", "never"};
static const char *const no_yes[2] = {"no", "yes"};
static const char *const mini_or_online[2] = {"mini", "online"};

/* The weights of the batches: the two that train much more slowly are drawn seldom. */
static const double batch_weights[BATCH_COUNT] = {4, 1, 1};

enum { FIRST_ORDER = ALGORITHM_BFGS }; /* the algorithms before this one */

#define AT(field) offsetof(struct mlp_config, field)
#define CHOICES(list) .kind = AFINA_KIND_CATEGORICAL, .choices = list, .count = sizeof list / sizeof *list
#define WHEN(name, list, number) .parent = name, .when = list, .when_count = number

const struct hyperparameter mlp_hyperparameters[] = {
    {"layers", AT(layers), AFINA_KIND_INTEGER, AFINA_SCALE_LINEAR, 1, NETWORK_LAYERS_MAX, 1, NETWORK_LAYERS_MAX, 1,
     .limit = LIMIT_LAYERS},
    {"units", AT(units), AFINA_KIND_INTEGER, AFINA_SCALE_LOG, 8, 4096, 1, 65536, 100, .limit = LIMIT_UNITS,
     .each_layer = 1},
    {"activation", AT(activation), CHOICES(activations), .standard = ACTIVATION_RELU, .each_layer = 1},
    {"initial_weights", AT(initial_weights), CHOICES(initials), .standard = INITIAL_GLOROT_UNIFORM},
    {"algorithm", AT(algorithm), CHOICES(algorithms), .standard = ALGORITHM_ADAM},
    {"learning_rate", AT(learning_rate), AFINA_KIND_REAL, AFINA_SCALE_LOG, 1e-4, 1, 1e-12, 1e6, 1e-3,
     WHEN("algorithm", algorithms, FIRST_ORDER)},
    {"schedule", AT(schedule), CHOICES(schedules), .standard = RATE_CONSTANT,
     WHEN("algorithm", algorithms, FIRST_ORDER)},
    {"momentum", AT(momentum), AFINA_KIND_REAL, AFINA_SCALE_REVERSE_LOG, 0.5, 0.99, 0, 1, 0.9,
     WHEN("algorithm", algorithms + ALGORITHM_MOMENTUM, 2)},
    {"batch", AT(batch), CHOICES(batches), .weights = batch_weights, .standard = BATCH_MINI,
     WHEN("algorithm", algorithms, FIRST_ORDER)},
    {"batch_size", AT(batch_size), AFINA_KIND_INTEGER, AFINA_SCALE_LOG, 8, 256, 1, 1 << 20, 32,
     WHEN("batch", batches, 1)},
    {"replacement", AT(replacement), CHOICES(no_yes), .standard = 0, WHEN("batch", mini_or_online, 2)},
    {"shuffle", AT(shuffle), CHOICES(shuffles), .standard = SHUFFLE_EACH_EPOCH, WHEN("replacement", no_yes, 1)},
    {"l2", AT(l2), AFINA_KIND_REAL, AFINA_SCALE_LOG, 1e-7, 1e-1, 0, 1e6, 1e-5, .parent = NULL},
    {"dropout", AT(dropout), AFINA_KIND_REAL, AFINA_SCALE_LINEAR, 0, 0.5, 0, 0.95, 0,
     WHEN("algorithm", algorithms, FIRST_ORDER)},
    {"epochs", AT(epochs), AFINA_KIND_INTEGER, AFINA_SCALE_LOG, 5, 100000, 1, 100000, 100000, .limit = LIMIT_EPOCHS},
    {"patience", AT(patience), AFINA_KIND_INTEGER, AFINA_SCALE_LINEAR, 3, 30, 1, 100000, 10, .limit = LIMIT_PATIENCE},
    {"training_share", AT(training_share), AFINA_KIND_REAL, AFINA_SCALE_LINEAR, 0.5, 1, 1e-6, 1, 1, .parent = NULL},
    {"validation_share", AT(validation_share), AFINA_KIND_REAL, AFINA_SCALE_LINEAR, 0.1, 0.4, 1e-6, 0.9, 0.2,
     .parent = NULL},
};

const size_t mlp_hyperparameter_count = sizeof mlp_hyperparameters / sizeof *mlp_hyperparameters;

void hyperparameter_range(const struct hyperparameter *h, const struct mlp_limits *limits, double *low, double *high,
                          double *standard)
{
    double limit = INFINITY;
    if (h->limit == LIMIT_LAYERS)
        limit = limits->layers;
    else if (h->limit == LIMIT_UNITS)
        limit = limits->units;
    else if (h->limit == LIMIT_EPOCHS || h->limit == LIMIT_PATIENCE)
        limit = limits->epochs;
    *high = fmin(h->high, limit);
    *low = fmin(h->low, *high);
    *standard = fmin(h->standard, h->kind == AFINA_KIND_CATEGORICAL ? INFINITY : *high);
}

static void store(struct mlp_config *config, const struct hyperparameter *h, size_t layer, double number)
{
    char *field = (char *)config + h->offset;
    int32_t whole = (int32_t)number;
    if (h->kind == AFINA_KIND_REAL)
        memcpy(field, &number, sizeof number);
    else
        memcpy(field + layer * sizeof whole, &whole, sizeof whole);
}

void mlp_config_default(struct mlp_config *config, const struct mlp_limits *limits)
{
    for (size_t i = 0; i < mlp_hyperparameter_count; i++) {
        const struct hyperparameter *h = &mlp_hyperparameters[i];
        double low, high, standard;
        hyperparameter_range(h, limits, &low, &high, &standard);
        for (size_t layer = 0; layer < (h->each_layer ? NETWORK_LAYERS_MAX : 1); layer++)
            store(config, h, layer, standard);
    }
}

int32_t mlp_config_set(struct mlp_config *config, const struct hyperparameter *h, size_t layer, const char *name,
                       double number)
{
    if (h->kind == AFINA_KIND_REAL && !(number >= h->least && number <= h->most))
        return fail(AFINA_E_RANGE, "%s must be in [%g, %g], got %g", name, h->least, h->most, number);
    if (h->kind == AFINA_KIND_INTEGER && !(number >= h->least && number <= h->most && number == floor(number)))
        return fail(AFINA_E_RANGE, "%s must be a whole number in [%g, %g], got %g", name, h->least, h->most, number);
    if (h->kind == AFINA_KIND_CATEGORICAL && !(number >= 0 && number < (double)h->count && number == floor(number)))
        return fail(AFINA_E_RANGE, "%s must be one of its %zu choices, got number %g", name, h->count, number);
    store(config, h, layer, number);
    return AFINA_OK;
}

int32_t hyperparameter_choice(const struct hyperparameter *h, const char *name, const char *text, double *number)
{
    for (size_t i = 0; i < h->count; i++)
        if (strcmp(h->choices[i], text) == 0) {
            *number = (double)i;
            return AFINA_OK;
        }
    const char *near = text_nearest(text, h->choices, h->count);
    if (near)
        return fail(AFINA_E_NAME, "%s cannot be \"%s\"; did you mean \"%s\"?", name, text, near);
    return fail(AFINA_E_NAME, "%s cannot be \"%s\"; the first of its %zu choices is \"%s\"", name, text, h->count,
                h->choices[0]);
}
