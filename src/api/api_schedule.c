/* What a scheduled study has spent, and what it still needs. */
#include "api/handles.h"

int32_t afina_optimizer_cost(const afina_optimizer *optimizer, double *spent, double *promised)
{
    double used, kept;
    int32_t rc = optimizer_check(optimizer, __func__);
    if (!rc)
        rc = require(spent, __func__, "spent");
    if (rc)
        return rc;
    study_get_cost(optimizer->study, &used, &kept);
    *spent = used;
    if (promised)
        *promised = kept;
    return 0;
}

int32_t afina_stale_checkpoints(afina_optimizer *optimizer, int64_t *numbers, size_t capacity, size_t *count)
{
    int32_t rc = optimizer_check(optimizer, __func__);
    if (!rc)
        rc = require(count, __func__, "count");
    if (!rc && capacity > 0)
        rc = require(numbers, __func__, "numbers");
    return rc ? rc : study_stale_checkpoints(optimizer->study, numbers, capacity, count);
}
