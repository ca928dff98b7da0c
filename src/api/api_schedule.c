/* What a scheduled study has spent, what it still needs, and what its scheduler concludes. */
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

int32_t afina_conclusion(afina_optimizer *optimizer, int64_t *arm, int32_t *decided, double *gap)
{
    struct conclusion conclusion;
    int32_t rc = optimizer_check(optimizer, __func__);
    if (!rc)
        rc = require(arm, __func__, "arm");
    if (!rc)
        rc = study_conclude(optimizer->study, &conclusion);
    if (rc)
        return rc;
    *arm = conclusion.arm;
    if (decided)
        *decided = conclusion.decided != 0;
    if (gap)
        *gap = conclusion.gap;
    return 0;
}
