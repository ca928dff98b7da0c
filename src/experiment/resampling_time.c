/* Schemes for rows in the order of time: training rows lie before the rows that validate.
 *
 * With n rows, k splits and a horizon of h rows, split j = 0..k-1 validates on the rows from
 * n - (k - j) h to n - (k - j - 1) h - 1. The `gap` rows before them are left out. An expanding
 * scheme trains on all rows before the gap, a sliding one on the last `window` of these.
 */
#include "core/fail.h"
#include "experiment/scheme.h"

static int64_t horizon(const struct resampling *r)
{
    int64_t h = scheme_integer(r, "horizon");
    return h > 0 ? h : (int64_t)r->rows / (scheme_integer(r, "splits") + 1);
}

/* The first row that validates in split j. */
static int64_t first_of(const struct resampling *r, int64_t j)
{
    return (int64_t)r->rows - (scheme_integer(r, "splits") - j) * horizon(r);
}

/* Rows that the first split trains on: every sliding window has that size by default. */
static int64_t first_size(const struct resampling *r)
{
    return first_of(r, 0) - scheme_integer(r, "gap");
}

static int64_t split_count(const struct resampling *r)
{
    return scheme_integer(r, "splits");
}

static int32_t expanding_check(const struct resampling *r)
{
    if (horizon(r) >= 1 && first_size(r) >= 1)
        return 0;
    return fail(AFINA_E_RANGE,
                "\"%s\": %zu rows are too few for %lld splits of %lld rows behind a gap of %lld and a row to train on",
                r->scheme->name, r->rows, (long long)scheme_integer(r, "splits"),
                (long long)(horizon(r) < 1 ? 1 : horizon(r)), (long long)scheme_integer(r, "gap"));
}

static int32_t sliding_check(const struct resampling *r)
{
    int32_t rc = expanding_check(r);
    if (rc || scheme_integer(r, "window") <= first_size(r))
        return rc;
    return fail(AFINA_E_RANGE, "option \"window\" of \"sliding\" must be in 0..%lld, got %lld",
                (long long)first_size(r), (long long)scheme_integer(r, "window"));
}

static void fill(const struct resampling *r, int64_t j, int64_t window, int32_t *times)
{
    int64_t first = first_of(r, j), end = first - scheme_integer(r, "gap");
    for (int64_t i = end - window; i < end; i++)
        times[i] = 1;
    for (int64_t i = first; i < first + horizon(r); i++)
        times[i] = IS_VALIDATION;
}

static int32_t expanding_divide(const struct resampling *r, int64_t replicate, int32_t *times)
{
    fill(r, replicate, first_of(r, replicate) - scheme_integer(r, "gap"), times);
    return 0;
}

static int32_t sliding_divide(const struct resampling *r, int64_t replicate, int32_t *times)
{
    int64_t window = scheme_integer(r, "window");
    fill(r, replicate, window > 0 ? window : first_size(r), times);
    return 0;
}

#define TIME_OPTIONS                                                                                                   \
    {"splits", AFINA_OPTION_INTEGER, 1, 1000000, 5, NULL, NULL, "how often later rows validate"},                      \
        {"horizon", AFINA_OPTION_INTEGER,                                                                              \
         0,         2147483648.0,                                                                                      \
         0,         NULL,                                                                                              \
         NULL,      "rows that validate in each split; 0: rows / (splits + 1)"},                                       \
    {                                                                                                                  \
        "gap", AFINA_OPTION_INTEGER, 0, 2147483648.0, 0, NULL, NULL, "rows left out before those that validate"        \
    }

static const struct option expanding_options[] = {TIME_OPTIONS};

const struct scheme resampling_expanding = {
    .name = "expanding",
    .summary = "rows in time: all earlier rows train, the next ones validate",
    .options = expanding_options,
    .n_options = sizeof expanding_options / sizeof *expanding_options,
    .count = split_count,
    .check = expanding_check,
    .divide = expanding_divide,
};

static const struct option sliding_options[] = {
    TIME_OPTIONS,
    {"window", AFINA_OPTION_INTEGER, 0, 2147483648.0, 0, NULL, NULL,
     "rows that train in each split; 0: as many as in the first"},
};

const struct scheme resampling_sliding = {
    .name = "sliding",
    .summary = "rows in time: a window of earlier rows trains, the next ones validate",
    .options = sliding_options,
    .n_options = sizeof sliding_options / sizeof *sliding_options,
    .count = split_count,
    .check = sliding_check,
    .divide = sliding_divide,
};
