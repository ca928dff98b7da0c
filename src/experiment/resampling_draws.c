/* Schemes that draw the rows that validate: hold-out, Monte Carlo and bootstrap. */
#include "core/fail.h"
#include "core/mem.h"
#include "experiment/scheme.h"

#include <math.h>

/* ------------------------------------------------------ hold-out and Monte Carlo */

static int64_t one(const struct resampling *r)
{
    (void)r;
    return 1;
}

static int64_t option_count(const struct resampling *r)
{
    return scheme_integer(r, "count");
}

static int32_t share_check(const struct resampling *r)
{
    double share = option_real(&r->options, "share");
    if (!(share > 0 && share < 1))
        return fail(AFINA_E_RANGE, "option \"share\" of \"%s\" must be in (0, 1), got %g", r->scheme->name, share);
    return scheme_check_training(r);
}

/* share * units, with at least one unit on either side. */
static size_t share_size(const struct resampling *r)
{
    double units = (double)scheme_units(r);
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
        scheme_stream(r, (uint64_t)replicate, &rng);
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
    scheme_stream(r, (uint64_t)replicate, &rng);
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
    return rc ? rc : scheme_thin_out(r, times);
}

static const struct option holdout_options[] = {SCHEME_SEED, SCHEME_SHARE, SCHEME_TRAINING};

const struct scheme resampling_holdout = {
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
    SCHEME_SEED,
    {"count", AFINA_OPTION_INTEGER, 1, 2147483648.0, 10, NULL, NULL,
     "how many random parts validate, one after another"},
    SCHEME_SHARE,
    SCHEME_TRAINING,
};

const struct scheme resampling_monte_carlo = {
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
    size_t n = scheme_units(r);
    size_t *order = mem_new(r->rows, sizeof *order);
    int32_t *drawn = mem_new(n, sizeof *drawn);
    int32_t rc = order && drawn ? rows_by_class(r, (uint64_t)replicate, order) : fail_memory();
    if (rc)
        goto out;
    for (size_t g = 0; r->groups && g < n; g++)
        order[g] = g;
    scheme_stream(r, (uint64_t)replicate, &rng);
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
    SCHEME_SEED,
    {"count", AFINA_OPTION_INTEGER, 1, 2147483648.0, 50, NULL, NULL, "how many bootstrap samples are drawn"},
};

const struct scheme resampling_bootstrap = {
    .name = "bootstrap",
    .summary = "rows are drawn with replacement; those never drawn validate",
    .traits = SCHEME_CLASSES | SCHEME_GROUPS,
    .options = bootstrap_options,
    .n_options = sizeof bootstrap_options / sizeof *bootstrap_options,
    .count = option_count,
    .check = bootstrap_check,
    .divide = bootstrap_divide,
};
