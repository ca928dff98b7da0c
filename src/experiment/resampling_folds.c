/* Schemes in which every row validates once: k-fold and leave-one-out.
 *
 * Rows are taken class after class (rows_by_class()) and dealt out to the folds in turn, so a fold
 * holds of each class and of all rows its part rounded up or down. Groups go to the folds as
 * wholes, the largest first, each to the fold where it evens out the classes most.
 */
#include "core/fail.h"
#include "core/mem.h"
#include "core/order.h"
#include "experiment/scheme.h"

/* -------------------------------------------------------------- groups to folds */

struct dealing {
    const struct resampling *r;
    size_t classes, folds;
    double *in_group; /* rows of each class in each group */
    double *in_fold;  /* rows of each class in each fold */
    double *in_all;   /* rows of each class */
};

static void dealing_fini(struct dealing *d)
{
    mem_free(d->in_group);
    mem_free(d->in_fold);
    mem_free(d->in_all);
}

static int32_t dealing_init(struct dealing *d, const struct resampling *r, size_t folds)
{
    size_t classes = r->classes ? r->n_classes : 1;
    *d = (struct dealing){.r = r, .classes = classes, .folds = folds};
    d->in_group = mem_new(r->n_groups * classes, sizeof(double));
    d->in_fold = mem_new(folds * classes, sizeof(double));
    d->in_all = mem_new(classes, sizeof(double));
    if (!d->in_group || !d->in_fold || !d->in_all)
        return fail_memory();
    for (size_t i = 0; i < r->rows; i++) {
        size_t c = r->classes ? r->classes[i] : 0;
        d->in_group[r->groups[i] * classes + c]++;
        d->in_all[c]++;
    }
    return 0;
}

/* The growth of the sum of squared shares of the classes when the group joins the fold. */
static double growth(const struct dealing *d, size_t group, size_t fold)
{
    double sum = 0;
    for (size_t c = 0; c < d->classes; c++) {
        double g = d->in_group[group * d->classes + c], f = d->in_fold[fold * d->classes + c];
        sum += g * (g + 2 * f) / (d->in_all[c] * d->in_all[c]);
    }
    return sum;
}

static size_t best_fold(const struct dealing *d, size_t group)
{
    size_t best = 0;
    for (size_t f = 1; f < d->folds; f++)
        if (growth(d, group, f) < growth(d, group, best))
            best = f;
    return best;
}

/* Groups in a random order, then the largest first. */
static int32_t groups_by_size(const struct dealing *d, uint64_t stream, size_t *order)
{
    struct rng rng;
    const struct resampling *r = d->r;
    double *key = mem_new(r->n_groups, sizeof *key);
    if (!key)
        return fail_memory();
    scheme_stream(r, stream, &rng);
    for (size_t g = 0; g < r->n_groups; g++) {
        order[g] = g;
        key[g] = rng_uniform(&rng);
        for (size_t c = 0; c < d->classes; c++)
            key[g] -= d->in_group[g * d->classes + c];
    }
    order_by(key, order, r->n_groups);
    mem_free(key);
    return 0;
}

/* The fold of each row. */
static int32_t deal_groups(const struct resampling *r, uint64_t stream, size_t folds, size_t *fold)
{
    struct dealing d;
    size_t *order = mem_new(r->n_groups, sizeof *order), *of_group = mem_new(r->n_groups, sizeof *of_group);
    int32_t rc = dealing_init(&d, r, folds);
    if (!rc && (!order || !of_group))
        rc = fail_memory();
    if (!rc)
        rc = groups_by_size(&d, stream, order);
    if (rc)
        goto out;
    for (size_t i = 0; i < r->n_groups; i++) {
        size_t g = order[i], f = best_fold(&d, g);
        of_group[g] = f;
        for (size_t c = 0; c < d.classes; c++)
            d.in_fold[f * d.classes + c] += d.in_group[g * d.classes + c];
    }
    for (size_t i = 0; i < r->rows; i++)
        fold[i] = of_group[r->groups[i]];
out:
    dealing_fini(&d);
    mem_free(order);
    mem_free(of_group);
    return rc;
}

static int32_t deal_rows(const struct resampling *r, uint64_t stream, size_t folds, size_t *fold)
{
    size_t *order = mem_new(r->rows, sizeof *order);
    int32_t rc = order ? rows_by_class(r, stream, order) : fail_memory();
    for (size_t i = 0; i < r->rows && !rc; i++)
        fold[order[i]] = i % folds;
    mem_free(order);
    return rc;
}

/* ---------------------------------------------------------------------- k-fold */

static int64_t kfold_count(const struct resampling *r)
{
    return scheme_integer(r, "folds") * scheme_integer(r, "repeats");
}

static int32_t check_class_sizes(const struct resampling *r, size_t folds)
{
    size_t *size = mem_new(r->n_classes, sizeof *size);
    int32_t rc = size ? 0 : fail_memory();
    for (size_t i = 0; i < r->rows && !rc; i++)
        size[r->classes[i]]++;
    for (size_t c = 0; c < r->n_classes && !rc; c++)
        if (size[c] < folds)
            rc = fail(AFINA_E_RANGE, "a class of %zu row%s cannot be in each of %zu folds", size[c],
                      size[c] == 1 ? "" : "s", folds);
    mem_free(size);
    return rc;
}

static int32_t kfold_check(const struct resampling *r)
{
    size_t folds = (size_t)scheme_integer(r, "folds");
    int32_t rc = scheme_check_training(r);
    if (!rc && folds > scheme_units(r))
        rc = fail(AFINA_E_RANGE, "option \"folds\" of \"kfold\" must be in 2..%zu (the number of %s), got %zu",
                  scheme_units(r), scheme_unit_name(r), folds);
    if (!rc && r->classes && !r->groups)
        rc = check_class_sizes(r, folds);
    return rc;
}

static int32_t kfold_divide(const struct resampling *r, int64_t replicate, int32_t *times)
{
    int64_t folds = scheme_integer(r, "folds");
    uint64_t repetition = (uint64_t)(replicate / folds);
    size_t *fold = mem_new(r->rows, sizeof *fold);
    int32_t rc = fold ? 0 : fail_memory();
    if (!rc)
        rc = (r->groups ? deal_groups : deal_rows)(r, repetition, (size_t)folds, fold);
    for (size_t i = 0; i < r->rows && !rc; i++)
        times[i] = fold[i] == (size_t)(replicate % folds) ? IS_VALIDATION : 1;
    mem_free(fold);
    return rc ? rc : scheme_thin_out(r, times);
}

static const struct option kfold_options[] = {
    SCHEME_SEED,
    {"folds", AFINA_OPTION_INTEGER, 2, 2147483648.0, 5, NULL, NULL, "parts, each of which validates once"},
    {"repeats", AFINA_OPTION_INTEGER, 1, 1000000, 1, NULL, NULL, "how often the rows are divided anew"},
    SCHEME_TRAINING,
};

const struct scheme resampling_kfold = {
    .name = "kfold",
    .summary = "k-fold cross-validation, repeated if asked for; every row validates once a repetition",
    .traits = SCHEME_CLASSES | SCHEME_GROUPS | SCHEME_BOTH,
    .options = kfold_options,
    .n_options = sizeof kfold_options / sizeof *kfold_options,
    .count = kfold_count,
    .check = kfold_check,
    .divide = kfold_divide,
};

/* ---------------------------------------------------------------- leave one out */

static int64_t leave_one_out_count(const struct resampling *r)
{
    return (int64_t)scheme_units(r);
}

static int32_t leave_one_out_divide(const struct resampling *r, int64_t replicate, int32_t *times)
{
    for (size_t i = 0; i < r->rows; i++)
        times[i] = (r->groups ? r->groups[i] : i) == (size_t)replicate ? IS_VALIDATION : 1;
    return 0;
}

const struct scheme resampling_leave_one_out = {
    .name = "leave-one-out",
    .summary = "each row, or each group, validates once",
    .traits = SCHEME_GROUPS,
    .count = leave_one_out_count,
    .divide = leave_one_out_divide,
};
