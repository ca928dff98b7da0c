#include "mlp/mlp.h"

#include "mlp/metric.h"

#include "core/fail.h"
#include "core/mem.h"

#include <string.h>

static const struct option table[] = {
    {"metric", AFINA_OPTION_STRING, 0, 0, 0, "error",
     "error,loss,accuracy,f1,auc,auprc,tpr,tnr,mcc,mse,mae,mad,r2,correlation,explained_variance",
     "what is minimised, or the complement of what is maximised"},
    {"layers", AFINA_OPTION_INTEGER, 1, NETWORK_LAYERS_MAX, 3, NULL, NULL, "most hidden layers of the space"},
    {"units", AFINA_OPTION_INTEGER, 1, 4096, 256, NULL, NULL, "most units of a layer"},
    {"epochs", AFINA_OPTION_INTEGER, 1, 100000, 60, NULL, NULL, "most epochs"},
    {"folds", AFINA_OPTION_INTEGER, 0, 1000, 0, NULL, NULL, "0: one split into training and validation; k >= 2: folds"},
    {"checkpoints", AFINA_OPTION_STRING, 0, 0, 0, "", "",
     "what the paths of checkpoints begin with; empty: none are kept"},
};

int32_t mlp_new(struct mlp **out, const struct dataset *d)
{
    *out = NULL;
    if (d->rows < 2)
        return fail(AFINA_E_RANGE, "rows must be 2 or more to train and validate, got %zu", d->rows);
    struct mlp *mlp = mem_new(1, sizeof *mlp);
    if (!mlp)
        return fail_memory();
    mlp->data = dataset_share(d);
    mlp->metric = d->task == AFINA_TASK_REGRESSION ? METRIC_MSE : METRIC_ERROR;
    mlp->order = mem_new(d->rows, sizeof *mlp->order);
    int32_t rc = mlp->order ? dataset_order(d, 0, mlp->order) : fail_memory();
    if (!rc)
        rc = options_init(&mlp->options, "mlp", table, sizeof table / sizeof *table);
    if (!rc && d->task == AFINA_TASK_REGRESSION)
        rc = options_set_string(&mlp->options, "metric", "mse");
    if (rc) {
        mlp_free(mlp);
        return rc;
    }
    *out = mlp;
    return AFINA_OK;
}

void mlp_free(struct mlp *mlp)
{
    if (!mlp)
        return;
    dataset_free(mlp->data);
    options_fini(&mlp->options);
    mem_free(mlp->order);
    mem_free(mlp);
}

int32_t mlp_set_integer(struct mlp *mlp, const char *key, int64_t value)
{
    if (strcmp(key, "folds") == 0 && (value == 1 || (value > 1 && (uint64_t)value > mlp->data->rows)))
        return fail(AFINA_E_RANGE, "folds must be 0, or in [2, %zu] for as many rows, got %lld", mlp->data->rows,
                    (long long)value);
    return options_set_integer(&mlp->options, key, value);
}

int32_t mlp_set_string(struct mlp *mlp, const char *key, const char *value)
{
    int32_t metric = mlp->metric;
    int32_t rc = strcmp(key, "metric") == 0 ? metric_find(value, mlp->data->task, &metric) : AFINA_OK;
    if (!rc)
        rc = options_set_string(&mlp->options, key, value);
    if (!rc)
        mlp->metric = metric;
    return rc;
}

struct mlp_limits mlp_limits(const struct mlp *mlp)
{
    return (struct mlp_limits){
        .layers = (int32_t)option_integer(&mlp->options, "layers"),
        .units = (int32_t)option_integer(&mlp->options, "units"),
        .epochs = (int32_t)option_integer(&mlp->options, "epochs"),
        .folds = (int32_t)option_integer(&mlp->options, "folds"),
    };
}

void mlp_default(const struct mlp *mlp, struct mlp_config *config)
{
    struct mlp_limits limits = mlp_limits(mlp);
    mlp_config_default(config, &limits);
}
