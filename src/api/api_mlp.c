/* The reference network as a ready objective. The opaque types of the header are
 * the modules' own, under their public names. */
#include "afina_mlp.h"
#include "api/handles.h"
#include "core/mem.h"
#include "mlp/mlp.h"

static struct mlp *inner(const afina_mlp *mlp)
{
    return (struct mlp *)mlp;
}

int32_t afina_mlp_new(afina_mlp **out, const afina_dataset *dataset)
{
    struct mlp *mlp = NULL;
    int32_t rc = require(out, __func__, "out");
    if (rc)
        return rc;
    *out = NULL;
    rc = require(dataset, __func__, "dataset");
    if (!rc)
        rc = mlp_new(&mlp, (const struct dataset *)dataset);
    if (!rc)
        *out = (afina_mlp *)mlp;
    return rc;
}

void afina_mlp_free(afina_mlp *mlp)
{
    mlp_free(inner(mlp));
}

static int32_t check_key(const afina_mlp *mlp, const char *key, const char *function)
{
    int32_t rc = require(mlp, function, "mlp");
    return rc ? rc : require_text(key, function, "key");
}

int32_t afina_mlp_set_integer(afina_mlp *mlp, const char *key, int64_t value)
{
    int32_t rc = check_key(mlp, key, __func__);
    return rc ? rc : mlp_set_integer(inner(mlp), key, value);
}

int32_t afina_mlp_set_string(afina_mlp *mlp, const char *key, const char *value)
{
    int32_t rc = check_key(mlp, key, __func__);
    if (!rc)
        rc = require_text(value, __func__, "value");
    return rc ? rc : mlp_set_string(inner(mlp), key, value);
}

int32_t afina_mlp_space(const afina_mlp *mlp, afina_space **out)
{
    struct space *space;
    int32_t rc = require(out, __func__, "out");
    if (rc)
        return rc;
    *out = NULL;
    rc = require(mlp, __func__, "mlp");
    if (!rc)
        rc = mlp_space(inner(mlp), &space);
    return rc ? rc : space_handle(out, space);
}

static int32_t report(void *user, double step, double value)
{
    return afina_trial_tell_report(user, step, &value, 1);
}

static int32_t should_stop(void *user)
{
    int32_t stop = 0;
    afina_trial_should_stop(user, &stop);
    return stop;
}

/* A diverged training leaves NaN in values: the trial fails. One that was told
 * to stop leaves what was reported. */
int32_t afina_mlp_objective(afina_trial *trial, double *values, void *user)
{
    struct mlp_config config;
    uint64_t seed;
    int32_t rc = require(trial, __func__, "trial");
    if (!rc)
        rc = require(values, __func__, "values");
    if (!rc)
        rc = require(user, __func__, "user");
    if (!rc)
        rc = afina_trial_seed(trial, &seed);
    if (rc)
        return rc;
    const struct mlp *mlp = user;
    const struct mlp_callbacks callbacks = {.report = report, .should_stop = should_stop, .user = trial};
    rc = mlp_config_read(mlp, trial->point.space, trial->point.point, &config);
    if (!rc)
        rc = mlp_evaluate(mlp, &config, seed, &callbacks, values);
    return rc == AFINA_CANCELLED ? AFINA_OK : rc;
}
