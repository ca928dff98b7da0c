/* The training of a network, an epoch at a time. */
#include "afina_mlp.h"
#include "api/handles.h"
#include "mlp/training.h"

static struct training *inner(const afina_training *training)
{
    return (struct training *)training;
}

int32_t afina_training_new(afina_training **out, const afina_mlp *mlp, const afina_point *point, uint64_t seed)
{
    struct mlp_config config;
    struct training *training = NULL;
    int32_t rc = require(out, __func__, "out");
    if (rc)
        return rc;
    *out = NULL;
    rc = require(mlp, __func__, "mlp");
    if (!rc)
        rc = require(point, __func__, "point");
    if (!rc)
        rc = mlp_config_read((const struct mlp *)mlp, point->space, point->point, &config);
    if (!rc)
        rc = training_new(&training, (const struct mlp *)mlp, &config, seed);
    if (!rc)
        *out = (afina_training *)training;
    return rc;
}

void afina_training_free(afina_training *training)
{
    training_free(inner(training));
}

struct host_report {
    afina_training_report function;
    void *user;
};

/* A status that is none of those allowed counts as AFINA_E_CALLBACK, as for other callbacks. */
static int32_t report_to_host(void *user, double step, double value)
{
    const struct host_report *host = user;
    int32_t status = host->function((int32_t)step, value, host->user);
    return status > 0 && status != AFINA_CANCELLED ? AFINA_E_CALLBACK : status;
}

int32_t afina_training_run(afina_training *training, int32_t epochs, afina_training_report report, void *user)
{
    struct host_report host = {report, user};
    const struct mlp_callbacks callbacks = {.report = report ? report_to_host : NULL, .user = &host};
    int32_t rc = require(training, __func__, "training");
    if (!rc && epochs < 0)
        rc = fail(AFINA_E_RANGE, "%s: epochs must be 0 or more, got %d", __func__, epochs);
    return rc ? rc : training_run(inner(training), epochs, &callbacks);
}

int32_t afina_training_progress(const afina_training *training, int32_t *epochs, int32_t *ended)
{
    int32_t rc = require(training, __func__, "training");
    if (!rc)
        rc = require(epochs, __func__, "epochs");
    if (!rc)
        rc = require(ended, __func__, "ended");
    if (rc)
        return rc;
    *epochs = training_epochs(inner(training));
    *ended = inner(training)->state != TRAINER_RUNNING;
    return AFINA_OK;
}

int32_t afina_training_best(const afina_training *training, double *epoch, double *value)
{
    int32_t rc = require(training, __func__, "training");
    if (!rc)
        rc = require(epoch, __func__, "epoch");
    if (!rc)
        rc = require(value, __func__, "value");
    return rc ? rc : training_best(inner(training), epoch, value);
}

int32_t afina_training_save(const afina_training *training, void *bytes, size_t capacity, size_t *size)
{
    int32_t rc = require(training, __func__, "training");
    if (!rc)
        rc = require(size, __func__, "size");
    if (!rc && capacity > 0)
        rc = require(bytes, __func__, "bytes");
    return rc ? rc : training_save(inner(training), bytes, capacity, size);
}

int32_t afina_training_load(afina_training *training, const void *bytes, size_t size)
{
    int32_t rc = require(training, __func__, "training");
    if (!rc)
        rc = require(bytes, __func__, "bytes");
    return rc ? rc : training_load(inner(training), bytes, size);
}

int32_t afina_training_network(afina_network **out, const afina_training *training, size_t fold)
{
    struct network *network = NULL;
    int32_t rc = require(out, __func__, "out");
    if (rc)
        return rc;
    *out = NULL;
    rc = require(training, __func__, "training");
    if (!rc)
        rc = training_network(inner(training), fold, &network);
    if (!rc)
        *out = (afina_network *)network;
    return rc;
}
