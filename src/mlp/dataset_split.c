/* Stratified division of rows.
 *
 * Within a class of n rows, shuffled, row r = 0..n-1 gets the key (r + u) / n,
 * u uniform in (0, 1) and one for the class; all rows are then sorted by key.
 * That is systematic sampling: of any stretch of the order that spans a share s
 * of the keys, each class holds s n rows, rounded up or down. One order thus
 * serves as a split of any share (a prefix), as nested splits of growing share,
 * and as k folds (k stretches).
 */
#include "mlp/dataset.h"
#include "mlp/mlp_stream.h"
#include "mlp/pair_sort.h"

#include "core/fail.h"
#include "core/mem.h"
#include "core/rng.h"

#include <math.h>
#include <string.h>

static size_t class_of(const struct dataset *d, size_t row)
{
    return d->labels ? (size_t)d->labels[row] : 0;
}

/* Keys of the rows, taken in a random order. */
static void draw_keys(const struct dataset *d, struct rng *rng, size_t *order, size_t *size, double *offset,
                      struct pair *pairs)
{
    size_t classes = d->labels ? d->classes : 1;
    for (size_t r = 0; r < d->rows; r++)
        size[class_of(d, r)]++;
    for (size_t c = 0; c < classes; c++)
        offset[c] = rng_uniform(rng);
    rng_permutation(rng, order, d->rows);
    for (size_t i = 0; i < d->rows; i++) {
        size_t c = class_of(d, order[i]);
        pairs[i] = (struct pair){offset[c] / (double)size[c], order[i]};
        offset[c] += 1;
    }
}

int32_t dataset_order(const struct dataset *d, uint64_t seed, size_t *order)
{
    size_t classes = d->labels ? d->classes : 1;
    int32_t rc = AFINA_OK;
    struct pair *pairs = mem_new(d->rows, sizeof *pairs);
    size_t *size = mem_new(classes, sizeof *size);
    double *offset = mem_new(classes, sizeof *offset);
    if (!pairs || !size || !offset) {
        rc = fail_memory();
        goto out;
    }
    struct rng rng;
    rng_start(&rng, seed, MLP_STREAM_SPLIT, RNG_OBJECTIVE);
    draw_keys(d, &rng, order, size, offset, pairs);
    pair_sort(pairs, d->rows);
    for (size_t i = 0; i < d->rows; i++)
        order[i] = pairs[i].index;
out:
    mem_free(pairs);
    mem_free(size);
    mem_free(offset);
    return rc;
}

static int32_t copy_names(const struct dataset *d, struct dataset *to)
{
    if (!d->class_names)
        return AFINA_OK;
    to->class_names = mem_new(d->classes, sizeof *to->class_names);
    if (!to->class_names)
        return fail_memory();
    for (size_t i = 0; i < d->classes; i++) {
        to->class_names[i] = mem_copy_string(d->class_names[i]);
        if (!to->class_names[i])
            return fail_memory();
    }
    return AFINA_OK;
}

/* The rows order[0..n-1] as a data set of their own. */
static int32_t pick(const struct dataset *d, const size_t *order, size_t n, struct dataset **out)
{
    struct dataset *part;
    int32_t rc = dataset_new(&part, d->task, n, d->columns, d->classes);
    *out = NULL;
    if (!rc)
        rc = copy_names(d, part);
    if (rc) {
        dataset_free(part);
        return rc;
    }
    for (size_t i = 0; i < n; i++) {
        memcpy(part->features + i * d->columns, d->features + order[i] * d->columns, d->columns * sizeof *d->features);
        if (d->labels)
            part->labels[i] = d->labels[order[i]];
        else
            part->values[i] = d->values[order[i]];
    }
    *out = part;
    return AFINA_OK;
}

int32_t dataset_split(const struct dataset *d, double share, uint64_t seed, struct dataset **first,
                      struct dataset **second)
{
    *first = *second = NULL;
    if (!(share > 0 && share < 1))
        return fail(AFINA_E_RANGE, "share must be in (0, 1), got %g", share);
    if (d->rows < 2)
        return fail(AFINA_E_STATE, "a data set of one row cannot be split");
    size_t n = (size_t)round(share * (double)d->rows);
    n = n < 1 ? 1 : n > d->rows - 1 ? d->rows - 1 : n;
    size_t *order = mem_new(d->rows, sizeof *order);
    if (!order)
        return fail_memory();
    int32_t rc = dataset_order(d, seed, order);
    if (!rc)
        rc = pick(d, order, n, second);
    if (!rc)
        rc = pick(d, order + n, d->rows - n, first);
    if (rc) {
        dataset_free(*second);
        *second = NULL;
    }
    mem_free(order);
    return rc;
}
