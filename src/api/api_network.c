#include "afina_mlp.h"
#include "api/handles.h"
#include "mlp/mlp.h"
#include "mlp/network.h"

static struct network *inner(const afina_network *network)
{
    return (struct network *)network;
}

int32_t afina_network_train(afina_network **out, const afina_mlp *mlp, const afina_point *point, uint64_t seed)
{
    struct mlp_config config;
    struct network *network = NULL;
    int32_t rc = REQUIRE_OUT(out);
    if (!rc)
        rc = require(mlp, __func__, "mlp");
    if (!rc)
        rc = require(point, __func__, "point");
    if (!rc)
        rc = mlp_config_read((const struct mlp *)mlp, point->space, point->point, &config);
    if (!rc)
        rc = network_train(&network, (const struct mlp *)mlp, &config, seed);
    if (!rc)
        *out = (afina_network *)network;
    return rc;
}

int32_t afina_network_train_epochs(afina_network **out, const afina_mlp *mlp, const afina_point *point, int32_t epochs,
                                   uint64_t seed)
{
    struct mlp_config config;
    struct network *network = NULL;
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
        rc = network_train_epochs(&network, (const struct mlp *)mlp, &config, epochs, seed);
    if (!rc)
        *out = (afina_network *)network;
    return rc;
}

void afina_network_free(afina_network *network)
{
    network_free(inner(network));
}

int32_t afina_network_score(const afina_network *network, const afina_dataset *dataset, const char *metric,
                            double *value)
{
    int32_t rc = require(network, __func__, "network");
    if (!rc)
        rc = require(dataset, __func__, "dataset");
    if (!rc)
        rc = require_text(metric, __func__, "metric");
    if (!rc)
        rc = require(value, __func__, "value");
    return rc ? rc : network_score(inner(network), (const struct dataset *)dataset, metric, value);
}

int32_t afina_network_predict(const afina_network *network, const double *features, size_t rows, size_t columns,
                              double *out, size_t capacity, size_t *count)
{
    int32_t rc = require(network, __func__, "network");
    if (!rc)
        rc = require(features, __func__, "features");
    if (!rc)
        rc = require(count, __func__, "count");
    if (!rc && capacity > 0)
        rc = require(out, __func__, "out");
    return rc ? rc : network_predict(inner(network), features, rows, columns, out, capacity, count);
}
