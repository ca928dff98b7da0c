#include "experiment/resampling.h"

#include "core/fail.h"
#include "core/mem.h"
#include "core/order.h"
#include "core/rng.h"
#include "core/text.h"

#include <math.h>
#include <string.h>

static int32_t find_scheme(const char *name, const struct scheme **out)
{
    const char *names[16];
    for (size_t i = 0; i < resampling_scheme_count; i++) {
        names[i] = resampling_schemes[i]->name;
        if (strcmp(names[i], name) == 0) {
            *out = resampling_schemes[i];
            return 0;
        }
    }
    const char *nearest = text_nearest(name, names, resampling_scheme_count);
    return fail(AFINA_E_NAME, "there is no resampling scheme \"%s\"%s%s%s", name, nearest ? "; did you mean \"" : "",
                nearest ? nearest : "", nearest ? "\"?" : "");
}

int32_t resampling_new(struct resampling **out, const char *scheme, size_t rows)
{
    const struct scheme *found = NULL;
    *out = NULL;
    int32_t rc = find_scheme(scheme, &found);
    if (rc)
        return rc;
    if (rows < 2 || rows > (size_t)1 << 31)
        return fail(AFINA_E_RANGE, "rows must be in 2..2^31, got %zu", rows);
    struct resampling *r = mem_new(1, sizeof *r);
    if (!r)
        return fail_memory();
    r->scheme = found;
    r->rows = rows;
    rc = options_init(&r->options, found->name, found->options, found->n_options);
    if (rc)
        resampling_free(r);
    else
        *out = r;
    return rc;
}

void resampling_free(struct resampling *r)
{
    if (!r)
        return;
    options_fini(&r->options);
    mem_free(r->classes);
    mem_free(r->groups);
    mem_free(r->names);
    mem_free(r);
}

/* Copies an array with an element for each row; NULL stays NULL. */
static int32_t copy_labels(void *out, const void *labels, size_t rows, size_t size)
{
    void *copy = labels ? mem_copy(labels, rows, size) : NULL;
    if (labels && !copy)
        return fail_memory();
    memcpy(out, &copy, sizeof copy);
    return 0;
}

int32_t resampling_copy(struct resampling **out, const struct resampling *r)
{
    struct resampling *copy = mem_new(1, sizeof *copy);
    *out = NULL;
    if (!copy)
        return fail_memory();
    copy->scheme = r->scheme;
    copy->rows = r->rows;
    copy->n_classes = r->n_classes;
    copy->n_groups = r->n_groups;
    int32_t rc = options_copy(&copy->options, &r->options);
    if (!rc)
        rc = copy_labels(&copy->classes, r->classes, r->rows, sizeof *r->classes);
    if (!rc)
        rc = copy_labels(&copy->groups, r->groups, r->rows, sizeof *r->groups);
    if (!rc)
        rc = copy_labels(&copy->names, r->names, r->rows, sizeof *r->names);
    if (rc)
        resampling_free(copy);
    else
        *out = copy;
    return rc;
}

/* ------------------------------------------------------------ classes, groups */

/* 2^53: beyond it a double does not hold every integer. */
#define MOST_LABEL 9007199254740992.0

static int32_t check_labels(const int64_t *labels, size_t rows, const char *what)
{
    for (size_t i = 0; i < rows; i++)
        if (fabs((double)labels[i]) > MOST_LABEL)
            return fail(AFINA_E_RANGE, "the %s of row %zu must be in -2^53..2^53, got %lld", what, i,
                        (long long)labels[i]);
    return 0;
}

/* Labels as numbers 0..*n-1 in the order of their values. */
static int32_t number_labels(const int64_t *labels, size_t rows, size_t **out, size_t *n)
{
    size_t *order = mem_new(rows, sizeof *order), *numbers = mem_new(rows, sizeof *numbers);
    double *key = mem_new(rows, sizeof *key);
    int32_t rc = order && numbers && key ? 0 : fail_memory();
    if (rc)
        goto out;
    for (size_t i = 0; i < rows; i++) {
        order[i] = i;
        key[i] = (double)labels[i];
    }
    order_by(key, order, rows);
    *n = 0;
    for (size_t i = 0; i < rows; i++) {
        *n += i == 0 || labels[order[i]] != labels[order[i - 1]];
        numbers[order[i]] = *n - 1;
    }
    *out = numbers;
    numbers = NULL;
out:
    mem_free(order);
    mem_free(numbers);
    mem_free(key);
    return rc;
}

static int32_t set_labels(const struct resampling *r, const int64_t *labels, size_t count, const char *what,
                          size_t **numbers, size_t *n)
{
    size_t *made = NULL, distinct = 0;
    int32_t rc = 0;
    if (labels && count != r->rows)
        return fail(AFINA_E_RANGE, "%zu %s labels given for %zu rows", count, what, r->rows);
    if (labels)
        rc = check_labels(labels, count, what);
    if (labels && !rc)
        rc = number_labels(labels, count, &made, &distinct);
    if (rc)
        return rc;
    mem_free(*numbers);
    *numbers = made;
    *n = distinct;
    return 0;
}

int32_t resampling_set_classes(struct resampling *r, const int64_t *labels, size_t count)
{
    if (labels && !(r->scheme->traits & SCHEME_CLASSES))
        return fail(AFINA_E_UNSUPPORTED, "\"%s\" does not balance classes", r->scheme->name);
    return set_labels(r, labels, count, "class", &r->classes, &r->n_classes);
}

int32_t resampling_set_groups(struct resampling *r, const int64_t *labels, size_t count)
{
    if (labels && !(r->scheme->traits & SCHEME_GROUPS))
        return fail(AFINA_E_UNSUPPORTED, "\"%s\" does not keep groups together", r->scheme->name);
    return set_labels(r, labels, count, "group", &r->groups, &r->n_groups);
}

/* ----------------------------------------------------------------- replicates */

int32_t resampling_check(const struct resampling *r)
{
    if (r->groups && r->n_groups < 2)
        return fail(AFINA_E_RANGE, "\"%s\" needs 2 or more groups, got %zu", r->scheme->name, r->n_groups);
    if (r->groups && r->classes && !(r->scheme->traits & SCHEME_BOTH))
        return fail(AFINA_E_UNSUPPORTED, "\"%s\" takes classes or groups, not both", r->scheme->name);
    return r->scheme->check ? r->scheme->check(r) : 0;
}

static int32_t check_replicate(const struct resampling *r, int64_t replicate)
{
    int32_t rc = resampling_check(r);
    if (rc)
        return rc;
    int64_t count = r->scheme->count(r);
    if (replicate >= 0 && replicate < count)
        return 0;
    return fail(AFINA_E_RANGE, "replicate must be in 0..%lld, got %lld", (long long)count - 1, (long long)replicate);
}

/* The rows of one part, ascending. */
static int32_t list_rows(const struct resampling *r, const int32_t *times, int is_validation, int64_t **out, size_t *n)
{
    size_t count = 0;
    for (size_t i = 0; i < r->rows; i++)
        count += is_validation ? times[i] == IS_VALIDATION : times[i] > 0 ? (size_t)times[i] : 0;
    int64_t *rows = mem_new(count, sizeof *rows);
    if (!rows)
        return fail_memory();
    *n = 0;
    for (size_t i = 0; i < r->rows; i++) {
        int32_t copies = is_validation ? times[i] == IS_VALIDATION : times[i];
        for (int32_t k = 0; k < copies; k++)
            rows[(*n)++] = r->names ? r->names[i] : (int64_t)i;
    }
    *out = rows;
    return 0;
}

static int32_t divide(const struct resampling *r, int64_t replicate, int32_t **out)
{
    int32_t rc = check_replicate(r, replicate);
    if (rc)
        return rc;
    *out = mem_new(r->rows, sizeof **out);
    return *out ? r->scheme->divide(r, replicate, *out) : fail_memory();
}

int32_t resampling_get(const struct resampling *r, int64_t replicate, int64_t **training, size_t *n_training,
                       int64_t **validation, size_t *n_validation)
{
    int32_t *times = NULL;
    *training = *validation = NULL;
    int32_t rc = divide(r, replicate, &times);
    if (!rc)
        rc = list_rows(r, times, 0, training, n_training);
    if (!rc)
        rc = list_rows(r, times, 1, validation, n_validation);
    if (rc) {
        mem_free(*training);
        *training = NULL;
    }
    mem_free(times);
    return rc;
}

/* -------------------------------------------------------------------- nested */

/* The labels of the rows that are in training, numbered anew. */
static int32_t inherit(const size_t *from, const int32_t *times, size_t rows, size_t kept, size_t **to, size_t *n)
{
    if (!from)
        return 0;
    int64_t *labels = mem_new(kept, sizeof *labels);
    if (!labels)
        return fail_memory();
    size_t at = 0;
    for (size_t i = 0; i < rows; i++)
        if (times[i] > 0)
            labels[at++] = (int64_t)from[i];
    int32_t rc = number_labels(labels, kept, to, n);
    mem_free(labels);
    return rc;
}

static int32_t take_names(struct resampling *inner, const struct resampling *outer, const int32_t *times)
{
    size_t at = 0;
    inner->names = mem_new(inner->rows, sizeof *inner->names);
    if (!inner->names)
        return fail_memory();
    for (size_t i = 0; i < outer->rows; i++)
        if (times[i] > 0)
            inner->names[at++] = outer->names ? outer->names[i] : (int64_t)i;
    return 0;
}

/* Another seed for each replicate, so that the inner divisions differ. */
static int64_t inner_seed(const struct resampling *outer, int64_t replicate)
{
    struct rng rng;
    rng_start(&rng, (uint64_t)option_integer(&outer->options, "seed"), (uint64_t)replicate, RNG_NESTED);
    return (int64_t)(rng_uint64(&rng) >> 12);
}

int32_t resampling_inner(struct resampling **out, const struct resampling *outer, int64_t replicate, const char *scheme)
{
    struct resampling *inner = NULL;
    int32_t *times = NULL;
    size_t kept = 0;
    *out = NULL;
    int32_t rc = divide(outer, replicate, &times);
    if (rc)
        goto out;
    for (size_t i = 0; i < outer->rows; i++)
        kept += times[i] > 0;
    rc = resampling_new(&inner, scheme, kept);
    if (!rc)
        rc = take_names(inner, outer, times);
    if (!rc && inner->scheme->traits & SCHEME_CLASSES)
        rc = inherit(outer->classes, times, outer->rows, kept, &inner->classes, &inner->n_classes);
    if (!rc && inner->scheme->traits & SCHEME_GROUPS)
        rc = inherit(outer->groups, times, outer->rows, kept, &inner->groups, &inner->n_groups);
    if (!rc && option_find(inner->options.table, inner->options.count, "seed"))
        rc = options_set_integer(&inner->options, "seed", inner_seed(outer, replicate));
out:
    mem_free(times);
    if (rc)
        resampling_free(inner);
    else
        *out = inner;
    return rc;
}

/* ------------------------------------------------------------------ estimates */

double estimate_632(double training, double out_of_bag, double no_information)
{
    if (isnan(no_information))
        return 0.368 * training + 0.632 * out_of_bag;
    double bounded = fmin(out_of_bag, no_information), overfitting = 0;
    if (bounded > training && no_information > training)
        overfitting = (bounded - training) / (no_information - training);
    double weight = 0.632 / (1 - 0.368 * overfitting);
    return (1 - weight) * training + weight * bounded;
}
