#define _POSIX_C_SOURCE 200809L /* clock_gettime */
#include "api/handles.h"
#include "core/mem.h"

#include <string.h>
#include <time.h>

int32_t require(const void *pointer, const char *function, const char *argument)
{
    return pointer ? 0 : fail(AFINA_E_ARGUMENT, "%s: %s is NULL", function, argument);
}

int32_t require_text(const char *text, const char *function, const char *argument)
{
    int32_t rc = require(text, function, argument);
    if (rc)
        return rc;
    if (text[0] == '\0')
        return fail(AFINA_E_ARGUMENT, "%s: %s is empty", function, argument);
    if (strlen(text) > SPACE_MAX_NAME)
        return fail(AFINA_E_RANGE, "%s: %s has %zu bytes; at most %d are allowed", function, argument, strlen(text),
                    SPACE_MAX_NAME);
    if (!text_is_utf8(text))
        return fail(AFINA_E_ARGUMENT, "%s: %s is not UTF-8", function, argument);
    return 0;
}

int32_t give_text(const char *text, size_t n, char *out, size_t capacity, size_t *length, const char *function)
{
    int32_t rc = require(length, function, "length");
    if (!rc && capacity > 0)
        rc = require(out, function, "text");
    if (rc)
        return rc;
    if (capacity > 0) {
        size_t fits = n < capacity ? n : capacity - 1;
        if (fits > 0)
            memcpy(out, text, fits);
        out[fits] = '\0';
    }
    *length = n;
    return 0;
}

int32_t give_built(int32_t rc, struct text *built, char *out, size_t capacity, size_t *length, const char *function)
{
    if (!rc)
        rc = give_text(built->data, built->length, out, capacity, length, function);
    mem_free(built->data);
    return rc;
}

int32_t give_doubles(const double *values, size_t n, double *out, size_t capacity, size_t *count, const char *function)
{
    int32_t rc = require(count, function, "count");
    if (!rc && capacity > 0)
        rc = require(out, function, "values");
    if (rc)
        return rc;
    size_t fits = n < capacity ? n : capacity;
    if (fits > 0)
        memcpy(out, values, fits * sizeof *values);
    *count = n;
    return 0;
}

double clock_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}
