#include "experiment/scheme.h"

#include "core/fail.h"
#include "core/mem.h"

#include <math.h>

int64_t scheme_integer(const struct resampling *r, const char *name)
{
    return option_integer(&r->options, name);
}

void scheme_stream(const struct resampling *r, uint64_t replicate, struct rng *rng)
{
    rng_start(rng, (uint64_t)scheme_integer(r, "seed"), 2 * replicate + 1, RNG_RESAMPLE);
}

size_t scheme_units(const struct resampling *r)
{
    return r->groups ? r->n_groups : r->rows;
}

const char *scheme_unit_name(const struct resampling *r)
{
    return r->groups ? "groups" : "rows";
}

int32_t rows_by_class(const struct resampling *r, uint64_t stream, size_t *order)
{
    struct rng rng;
    size_t classes = r->classes ? r->n_classes : 1;
    size_t *shuffled = mem_new(r->rows, sizeof *shuffled), *at = mem_new(classes + 1, sizeof *at);
    int32_t rc = shuffled && at ? 0 : fail_memory();
    if (rc)
        goto out;
    rng_start(&rng, (uint64_t)option_integer(&r->options, "seed"), 2 * stream, RNG_RESAMPLE);
    rng_permutation(&rng, shuffled, r->rows);
    for (size_t i = 0; i < r->rows; i++)
        at[(r->classes ? r->classes[i] : 0) + 1]++;
    for (size_t c = 0; c < classes; c++)
        at[c + 1] += at[c];
    for (size_t i = 0; i < r->rows; i++)
        order[at[r->classes ? r->classes[shuffled[i]] : 0]++] = shuffled[i];
out:
    mem_free(shuffled);
    mem_free(at);
    return rc;
}

int32_t scheme_thin_out(const struct resampling *r, int32_t *times)
{
    double share = option_real(&r->options, "training");
    size_t classes = r->classes ? r->n_classes : 1;
    if (share >= 1)
        return 0;
    size_t *order = mem_new(r->rows, sizeof *order), *size = mem_new(2 * classes, sizeof *size), *kept = NULL;
    int32_t rc = order && size ? rows_by_class(r, UINT64_MAX / 2, order) : fail_memory();
    if (rc)
        goto out;
    kept = size + classes;
    for (size_t i = 0; i < r->rows; i++)
        size[r->classes ? r->classes[i] : 0] += times[i] > 0;
    for (size_t i = 0; i < r->rows; i++) {
        size_t c = r->classes ? r->classes[order[i]] : 0;
        if (times[order[i]] <= 0)
            continue;
        if ((double)kept[c] < fmax(1, round(share * (double)size[c])))
            kept[c]++;
        else
            times[order[i]] = 0;
    }
out:
    mem_free(order);
    mem_free(size);
    return rc;
}

int32_t scheme_check_training(const struct resampling *r)
{
    double training = option_real(&r->options, "training");
    if (training > 0)
        return 0;
    return fail(AFINA_E_RANGE, "option \"training\" of \"%s\" must be in (0, 1], got %g", r->scheme->name, training);
}
