/* The division of rows. The opaque type of the header is the module's own, under its public name. */
#include "api/handles.h"
#include "core/mem.h"
#include "experiment/resampling.h"

#include <math.h>
#include <string.h>

static struct resampling *inner(const afina_resampling *resampling)
{
    return (struct resampling *)resampling;
}

size_t afina_resampling_scheme_count(void)
{
    return resampling_scheme_count;
}

const char *afina_resampling_scheme_name(size_t index)
{
    return index < resampling_scheme_count ? resampling_schemes[index]->name : NULL;
}

const char *afina_resampling_scheme_summary(const char *scheme)
{
    for (size_t i = 0; scheme && i < resampling_scheme_count; i++)
        if (strcmp(resampling_schemes[i]->name, scheme) == 0)
            return resampling_schemes[i]->summary;
    return NULL;
}

int32_t afina_resampling_new(afina_resampling **out, const char *scheme, size_t rows)
{
    struct resampling *made = NULL;
    int32_t rc = REQUIRE_OUT(out);
    if (!rc)
        rc = require_text(scheme, __func__, "scheme");
    if (!rc)
        rc = resampling_new(&made, scheme, rows);
    if (!rc)
        *out = (afina_resampling *)made;
    return rc;
}

void afina_resampling_free(afina_resampling *resampling)
{
    resampling_free(inner(resampling));
}

static int32_t check_key(const afina_resampling *resampling, const char *key, const char *function)
{
    int32_t rc = require(resampling, function, "resampling");
    return rc ? rc : require_text(key, function, "key");
}

int32_t afina_resampling_set_integer(afina_resampling *resampling, const char *key, int64_t value)
{
    int32_t rc = check_key(resampling, key, __func__);
    return rc ? rc : options_set_integer(&inner(resampling)->options, key, value);
}

int32_t afina_resampling_set_real(afina_resampling *resampling, const char *key, double value)
{
    int32_t rc = check_key(resampling, key, __func__);
    return rc ? rc : options_set_real(&inner(resampling)->options, key, value);
}

int32_t afina_resampling_set_classes(afina_resampling *resampling, const int64_t *labels, size_t count)
{
    int32_t rc = require(resampling, __func__, "resampling");
    return rc ? rc : resampling_set_classes(inner(resampling), labels, count);
}

int32_t afina_resampling_set_groups(afina_resampling *resampling, const int64_t *labels, size_t count)
{
    int32_t rc = require(resampling, __func__, "resampling");
    return rc ? rc : resampling_set_groups(inner(resampling), labels, count);
}

int32_t afina_resampling_count(const afina_resampling *resampling, int64_t *count)
{
    int32_t rc = require(resampling, __func__, "resampling");
    if (!rc)
        rc = require(count, __func__, "count");
    if (!rc)
        rc = resampling_check(inner(resampling));
    if (!rc)
        *count = inner(resampling)->scheme->count(inner(resampling));
    return rc;
}

static int32_t give_rows(const int64_t *rows, size_t n, int64_t *out, size_t capacity, const char *function)
{
    if (!out && capacity > 0)
        return fail(AFINA_E_ARGUMENT, "%s: the array is NULL, but capacity is %zu", function, capacity);
    size_t given = n < capacity ? n : capacity;
    if (given > 0)
        memcpy(out, rows, given * sizeof *rows);
    return AFINA_OK;
}

int32_t afina_resampling_rows(const afina_resampling *resampling, int64_t replicate, int64_t *training,
                              size_t training_capacity, size_t *training_count, int64_t *validation,
                              size_t validation_capacity, size_t *validation_count)
{
    int64_t *train = NULL, *validate = NULL;
    int32_t rc = require(resampling, __func__, "resampling");
    if (!rc)
        rc = require(training_count, __func__, "training_count");
    if (!rc)
        rc = require(validation_count, __func__, "validation_count");
    if (rc)
        return rc;
    rc = resampling_get(inner(resampling), replicate, &train, training_count, &validate, validation_count);
    if (rc)
        goto out;
    rc = give_rows(train, *training_count, training, training_capacity, __func__);
    if (rc)
        goto out;
    rc = give_rows(validate, *validation_count, validation, validation_capacity, __func__);
out:
    mem_free(train);
    mem_free(validate);
    return rc;
}

int32_t afina_resampling_inner(afina_resampling **out, const afina_resampling *outer, int64_t replicate,
                               const char *scheme)
{
    struct resampling *made = NULL;
    int32_t rc = REQUIRE_OUT(out);
    if (!rc)
        rc = require(outer, __func__, "outer");
    if (!rc)
        rc = require_text(scheme, __func__, "scheme");
    if (!rc)
        rc = resampling_inner(&made, inner(outer), replicate, scheme);
    if (!rc)
        *out = (afina_resampling *)made;
    return rc;
}

int32_t afina_resampling_632(double training_error, double out_of_bag_error, double no_information, double *estimate)
{
    int32_t rc = require(estimate, __func__, "estimate");
    if (rc)
        return rc;
    if (!isfinite(training_error) || !isfinite(out_of_bag_error) || isinf(no_information))
        return fail(AFINA_E_RANGE, "errors must be finite, got %g, %g and %g", training_error, out_of_bag_error,
                    no_information);
    *estimate = estimate_632(training_error, out_of_bag_error, no_information);
    return AFINA_OK;
}
