#include "afina_mlp.h"
#include "api/handles.h"
#include "mlp/dataset.h"

/* The opaque type of the header is the module's own, under its public name. */
static struct dataset *inner(const afina_dataset *dataset)
{
    return (struct dataset *)dataset;
}

int32_t afina_dataset_from_csv(afina_dataset **out, const char *path, int32_t header, const char *target, int32_t task,
                               const char *const *categorical, size_t count)
{
    struct dataset *d = NULL;
    int32_t rc = REQUIRE_OUT(out);
    if (!rc)
        rc = require_text(path, __func__, "path");
    if (!rc && target)
        rc = require_text(target, __func__, "target");
    if (!rc && count > 0)
        rc = require(categorical, __func__, "categorical");
    for (size_t i = 0; i < count && !rc; i++)
        rc = require_text(categorical[i], __func__, "categorical");
    if (!rc)
        rc = dataset_from_csv(&d, path, header, target, task, categorical, count);
    if (!rc)
        *out = (afina_dataset *)d;
    return rc;
}

int32_t afina_dataset_from_idx(afina_dataset **out, const char *features, const char *targets, int32_t task)
{
    struct dataset *d = NULL;
    int32_t rc = REQUIRE_OUT(out);
    if (!rc)
        rc = require_text(features, __func__, "features");
    if (!rc)
        rc = require_text(targets, __func__, "targets");
    if (!rc)
        rc = dataset_from_idx(&d, features, targets, task);
    if (!rc)
        *out = (afina_dataset *)d;
    return rc;
}

int32_t afina_dataset_from_arrays(afina_dataset **out, const double *features, size_t rows, size_t columns,
                                  const double *targets, int32_t task)
{
    struct dataset *d = NULL;
    int32_t rc = REQUIRE_OUT(out);
    if (!rc)
        rc = require(features, __func__, "features");
    if (!rc)
        rc = require(targets, __func__, "targets");
    if (!rc)
        rc = dataset_from_arrays(&d, features, rows, columns, targets, task);
    if (!rc)
        *out = (afina_dataset *)d;
    return rc;
}

void afina_dataset_free(afina_dataset *dataset)
{
    dataset_free(inner(dataset));
}

int32_t afina_dataset_split(const afina_dataset *dataset, double share, uint64_t seed, afina_dataset **first,
                            afina_dataset **second)
{
    struct dataset *a = NULL, *b = NULL;
    int32_t rc = require(first, __func__, "first");
    if (!rc)
        rc = require(second, __func__, "second");
    if (rc)
        return rc;
    *first = *second = NULL;
    rc = require(dataset, __func__, "dataset");
    if (!rc)
        rc = dataset_split(inner(dataset), share, seed, &a, &b);
    *first = (afina_dataset *)a;
    *second = (afina_dataset *)b;
    return rc;
}

size_t afina_dataset_rows(const afina_dataset *dataset)
{
    return dataset ? inner(dataset)->rows : 0;
}

size_t afina_dataset_columns(const afina_dataset *dataset)
{
    return dataset ? inner(dataset)->columns : 0;
}

size_t afina_dataset_classes(const afina_dataset *dataset)
{
    return dataset ? inner(dataset)->classes : 0;
}
