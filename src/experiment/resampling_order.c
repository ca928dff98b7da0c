/* Random orders of rows in which every class is spread evenly. */
#include "core/fail.h"
#include "core/mem.h"
#include "core/rng.h"
#include "experiment/resampling.h"

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
