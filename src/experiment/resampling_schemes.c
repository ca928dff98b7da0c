/* Schemes that divide the rows at random.
 *
 * Rows are taken class after class (rows_by_class()) and dealt out in turn: a fold, or a share, then
 * holds of each class and of all rows its part rounded up or down. Groups go to the folds as
 * wholes, the largest first, each to the fold where it evens out the classes most.
 */
#include "core/fail.h"
#include "core/mem.h"
#include "core/order.h"
#include "core/rng.h"
#include "experiment/resampling.h"

#include <math.h>

#define SEED                                                                                                           \
    {                                                                                                                  \
        "seed", AFINA_OPTION_INTEGER, 0, 9007199254740991.0, 0, NULL, NULL, "the randomness of the division"           \
    }
#define SHARE                                                                                                          \
    {                                                                                                                  \
        "share", AFINA_OPTION_REAL, 0, 1, 0.25, NULL, NULL, "share of the rows that validate, between 0 and 1"         \
    }
#define TRAINING                                                                                                       \
    {                                                                                                                  \
        "training", AFINA_OPTION_REAL, 0, 1, 1, NULL, NULL,                                                            \
            "share of the training rows that are used; a smaller share is part of a larger one"                        \
    }

static int64_t integer(const struct resampling *r, const char *name)
{
    return option_integer(&r->options, name);
}

/* The stream of the draws that are not the order of the rows, which rows_by_class() draws. */
static void start(const struct resampling *r, uint64_t replicate, struct rng *rng)
{
    rng_start(rng, (uint64_t)integer(r, "seed"), 2 * replicate + 1, RNG_RESAMPLE);
}

/* Units of division: groups where there are any, else rows. */
static size_t unit_count(const struct resampling *r)
{
    return r->groups ? r->n_groups : r->rows;
}

static const char *unit_name(const struct resampling *r)
{
    return r->groups ? "groups" : "rows";
}

/* ------------------------------------------------------- a share of the training */

/* Takes all but a share of the training rows out again, a class at a time in the order of their keys. The key of
 * a row depends on neither the share nor the replicate, so the rows of a smaller share are among those of a larger. */
static int32_t thin_out(const struct resampling *r, int32_t *times)
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

static int32_t check_training(const struct resampling *r)
{
    double training = option_real(&r->options, "training");
    if (training > 0)
        return 0;
    return fail(AFINA_E_RANGE, "option \"training\" of \"%s\" must be in (0, 1], got %g", r->scheme->name, training);
}

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
    start(r, stream, &rng);
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
    return integer(r, "folds") * integer(r, "repeats");
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
    size_t folds = (size_t)integer(r, "folds");
    int32_t rc = check_training(r);
    if (!rc && folds > unit_count(r))
        rc = fail(AFINA_E_RANGE, "option \"folds\" of \"kfold\" must be in 2..%zu (the number of %s), got %zu",
                  unit_count(r), unit_name(r), folds);
    if (!rc && r->classes && !r->groups)
        rc = check_class_sizes(r, folds);
    return rc;
}

static int32_t kfold_divide(const struct resampling *r, int64_t replicate, int32_t *times)
{
    int64_t folds = integer(r, "folds");
    uint64_t repetition = (uint64_t)(replicate / folds);
    size_t *fold = mem_new(r->rows, sizeof *fold);
    int32_t rc = fold ? 0 : fail_memory();
    if (!rc)
        rc = (r->groups ? deal_groups : deal_rows)(r, repetition, (size_t)folds, fold);
    for (size_t i = 0; i < r->rows && !rc; i++)
        times[i] = fold[i] == (size_t)(replicate % folds) ? IS_VALIDATION : 1;
    mem_free(fold);
    return rc ? rc : thin_out(r, times);
}

static const struct option kfold_options[] = {
    SEED,
    {"folds", AFINA_OPTION_INTEGER, 2, 2147483648.0, 5, NULL, NULL, "parts, each of which validates once"},
    {"repeats", AFINA_OPTION_INTEGER, 1, 1000000, 1, NULL, NULL, "how often the rows are divided anew"},
    TRAINING,
};

static const struct scheme kfold = {
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
    return (int64_t)unit_count(r);
}

static int32_t leave_one_out_divide(const struct resampling *r, int64_t replicate, int32_t *times)
{
    for (size_t i = 0; i < r->rows; i++)
        times[i] = (r->groups ? r->groups[i] : i) == (size_t)replicate ? IS_VALIDATION : 1;
    return 0;
}

static const struct scheme leave_one_out = {
    .name = "leave-one-out",
    .summary = "each row, or each group, validates once",
    .traits = SCHEME_GROUPS,
    .count = leave_one_out_count,
    .divide = leave_one_out_divide,
};

/* ------------------------------------------------------ hold-out and Monte Carlo */

static int64_t one(const struct resampling *r)
{
    (void)r;
    return 1;
}

static int64_t option_count(const struct resampling *r)
{
    return integer(r, "count");
}

static int32_t share_check(const struct resampling *r)
{
    double share = option_real(&r->options, "share");
    if (!(share > 0 && share < 1))
        return fail(AFINA_E_RANGE, "option \"share\" of \"%s\" must be in (0, 1), got %g", r->scheme->name, share);
    return check_training(r);
}

/* share * units, with at least one unit on either side. */
static size_t share_size(const struct resampling *r)
{
    double units = (double)unit_count(r);
    return (size_t)fmin(fmax(round(option_real(&r->options, "share") * units), 1), units - 1);
}

/* Position i of the order validates when (i m + offset) / n passes a whole number: m of n positions, evenly spread. */
static int32_t share_rows(const struct resampling *r, int64_t replicate, int32_t *times)
{
    uint64_t m = share_size(r), n = r->rows;
    size_t *order = mem_new(r->rows, sizeof *order);
    int32_t rc = order ? rows_by_class(r, (uint64_t)replicate, order) : fail_memory();
    if (!rc) {
        struct rng rng;
        start(r, (uint64_t)replicate, &rng);
        uint64_t offset = rng_below(&rng, n);
        for (uint64_t i = 0; i < n; i++)
            times[order[i]] = ((i + 1) * m + offset) / n > (i * m + offset) / n ? IS_VALIDATION : 1;
    }
    mem_free(order);
    return rc;
}

/* Whole groups, until the validation rows are as near to the share as these groups bring them. */
static int32_t share_groups(const struct resampling *r, int64_t replicate, int32_t *times)
{
    struct rng rng;
    double wanted = option_real(&r->options, "share") * (double)r->rows, taken = 0;
    size_t *order = mem_new(r->n_groups, sizeof *order), *size = mem_new(r->n_groups, sizeof *size), used = 0;
    int32_t rc = order && size ? 0 : fail_memory();
    if (rc)
        goto out;
    start(r, (uint64_t)replicate, &rng);
    rng_permutation(&rng, order, r->n_groups);
    for (size_t i = 0; i < r->rows; i++)
        size[r->groups[i]]++;
    while (used + 1 < r->n_groups) {
        double next = taken + (double)size[order[used]];
        if (used > 0 && fabs(next - wanted) > fabs(taken - wanted))
            break;
        taken = next;
        size[order[used++]] = 0;
    }
    for (size_t i = 0; i < r->rows; i++)
        times[i] = size[r->groups[i]] == 0 ? IS_VALIDATION : 1;
out:
    mem_free(order);
    mem_free(size);
    return rc;
}

static int32_t share_divide(const struct resampling *r, int64_t replicate, int32_t *times)
{
    int32_t rc = (r->groups ? share_groups : share_rows)(r, replicate, times);
    return rc ? rc : thin_out(r, times);
}

static const struct option holdout_options[] = {SEED, SHARE, TRAINING};

static const struct scheme holdout = {
    .name = "holdout",
    .summary = "one random part of the rows validates",
    .traits = SCHEME_CLASSES | SCHEME_GROUPS,
    .options = holdout_options,
    .n_options = sizeof holdout_options / sizeof *holdout_options,
    .count = one,
    .check = share_check,
    .divide = share_divide,
};

static const struct option monte_carlo_options[] = {
    SEED,
    {"count", AFINA_OPTION_INTEGER, 1, 2147483648.0, 10, NULL, NULL,
     "how many random parts validate, one after another"},
    SHARE,
    TRAINING,
};

static const struct scheme monte_carlo = {
    .name = "monte-carlo",
    .summary = "random parts validate, drawn independently",
    .traits = SCHEME_CLASSES | SCHEME_GROUPS,
    .options = monte_carlo_options,
    .n_options = sizeof monte_carlo_options / sizeof *monte_carlo_options,
    .count = option_count,
    .check = share_check,
    .divide = share_divide,
};

/* -------------------------------------------------------------------- bootstrap */

/* One draw of as many units as there are, each class for itself. `order` holds the units class after class. */
static void draw_units(struct rng *rng, const struct resampling *r, const size_t *order, size_t n, int32_t *drawn)
{
    for (size_t i = 0; i < n; i++)
        drawn[i] = 0;
    for (size_t first = 0, end; first < n; first = end) {
        for (end = first + 1; end < n; end++)
            if (r->classes && r->classes[order[end]] != r->classes[order[first]])
                break;
        for (size_t i = first; i < end; i++)
            drawn[order[first + rng_below(rng, end - first)]]++;
    }
}

static int is_any_left_out(const int32_t *drawn, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (drawn[i] == 0)
            return 1;
    return 0;
}

static int32_t bootstrap_check(const struct resampling *r)
{
    if (r->classes && r->n_classes == r->rows)
        return fail(AFINA_E_RANGE, "\"bootstrap\" needs a class of 2 or more rows");
    return 0;
}

/* A draw that leaves no row out is repeated: there would be none to validate on. */
static int32_t bootstrap_divide(const struct resampling *r, int64_t replicate, int32_t *times)
{
    struct rng rng;
    size_t n = unit_count(r);
    size_t *order = mem_new(r->rows, sizeof *order);
    int32_t *drawn = mem_new(n, sizeof *drawn);
    int32_t rc = order && drawn ? rows_by_class(r, (uint64_t)replicate, order) : fail_memory();
    if (rc)
        goto out;
    for (size_t g = 0; r->groups && g < n; g++)
        order[g] = g;
    start(r, (uint64_t)replicate, &rng);
    do
        draw_units(&rng, r, order, n, drawn);
    while (!is_any_left_out(drawn, n));
    for (size_t i = 0; i < r->rows; i++) {
        int32_t copies = drawn[r->groups ? r->groups[i] : i];
        times[i] = copies ? copies : IS_VALIDATION;
    }
out:
    mem_free(order);
    mem_free(drawn);
    return rc;
}

static const struct option bootstrap_options[] = {
    SEED,
    {"count", AFINA_OPTION_INTEGER, 1, 2147483648.0, 50, NULL, NULL, "how many bootstrap samples are drawn"},
};

static const struct scheme bootstrap = {
    .name = "bootstrap",
    .summary = "rows are drawn with replacement; those never drawn validate",
    .traits = SCHEME_CLASSES | SCHEME_GROUPS,
    .options = bootstrap_options,
    .n_options = sizeof bootstrap_options / sizeof *bootstrap_options,
    .count = option_count,
    .check = bootstrap_check,
    .divide = bootstrap_divide,
};

/* ------------------------------------------------------------------------ list */

extern const struct scheme resampling_expanding;
extern const struct scheme resampling_sliding;

const struct scheme *const resampling_schemes[] = {
    &holdout, &kfold, &leave_one_out, &monte_carlo, &bootstrap, &resampling_expanding, &resampling_sliding,
};
const size_t resampling_scheme_count = sizeof resampling_schemes / sizeof *resampling_schemes;
