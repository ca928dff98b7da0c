/* The reference network as a ready objective. The opaque types of the header are
 * the modules' own, under their public names. */
#include "afina_mlp.h"
#include "api/handles.h"
#include "mlp/mlp.h"

static struct mlp *inner(const afina_mlp *mlp)
{
    return (struct mlp *)mlp;
}

int32_t afina_mlp_new(afina_mlp **out, const afina_dataset *dataset)
{
    struct mlp *mlp = NULL;
    int32_t rc = REQUIRE_OUT(out);
    if (!rc)
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
        rc = require(value, __func__, "value");
    if (!rc && value[0]) /* the default of "checkpoints" is empty */
        rc = require_text(value, __func__, "value");
    return rc ? rc : mlp_set_string(inner(mlp), key, value);
}

int32_t afina_mlp_space(const afina_mlp *mlp, afina_space **out)
{
    struct space *space;
    int32_t rc = REQUIRE_OUT(out);
    if (!rc)
        rc = require(mlp, __func__, "mlp");
    if (!rc)
        rc = mlp_space(inner(mlp), &space);
    return rc ? rc : space_handle(out, space);
}
