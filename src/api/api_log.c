/* The log of an optimizer, whole and in pieces. */
#include "api/handles.h"
#include "core/mem.h"
#include "study/log.h"

#include <string.h>

static int32_t check_position(int64_t position, int64_t lowest, const char *function)
{
    if (position >= lowest)
        return 0;
    return fail(AFINA_E_RANGE, "%s: position must be %lld or more, got %lld", function, (long long)lowest,
                (long long)position);
}

/* Copies the lines that fit; stores the length of a line that does not. */
static int32_t give_lines(const struct text *lines, char *text, size_t capacity, size_t *length)
{
    *length = lines->length;
    if (lines->length >= capacity && lines->length > 0)
        return fail(AFINA_E_RANGE, "the next line of the log needs room for %zu bytes, got %zu", lines->length + 1,
                    capacity);
    if (lines->length > 0)
        memcpy(text, lines->data, lines->length);
    if (capacity > 0)
        text[lines->length] = '\0';
    return 0;
}

int32_t afina_log_read(const afina_optimizer *optimizer, int64_t position, char *text, size_t capacity, size_t *length,
                       int64_t *next)
{
    struct text lines = {0};
    size_t after;
    int32_t rc = optimizer_check(optimizer, __func__);
    if (!rc)
        rc = require(length, __func__, "length");
    if (!rc)
        rc = require(next, __func__, "next");
    if (!rc && capacity > 0)
        rc = require(text, __func__, "text");
    if (!rc)
        rc = check_position(position, 0, __func__);
    if (rc)
        return rc;
    rc = study_log_read(optimizer->study, (size_t)position, capacity > 0 ? capacity - 1 : 0, &lines, &after);
    if (!rc)
        rc = give_lines(&lines, text, capacity, length);
    if (!rc)
        *next = (int64_t)after;
    mem_free(lines.data);
    return rc;
}

int32_t afina_log_append(afina_optimizer *optimizer, int64_t position, const char *text, size_t length, int64_t *next)
{
    size_t after;
    int32_t rc = optimizer_check(optimizer, __func__);
    if (!rc && length > 0)
        rc = require(text, __func__, "text");
    if (!rc)
        rc = check_position(position, 0, __func__);
    if (rc)
        return rc;
    rc = study_log_append(optimizer->study, (size_t)position, text, length, &after);
    if (rc >= 0 && next)
        *next = (int64_t)after;
    if (rc >= 0)
        deliver(optimizer->study);
    return rc;
}

int32_t afina_log_rewind(afina_optimizer *optimizer, int64_t position)
{
    int32_t rc = optimizer_check(optimizer, __func__);
    if (!rc)
        rc = check_position(position, 1, __func__);
    return rc ? rc : study_log_rewind(optimizer->study, (size_t)position);
}

int32_t afina_log_length(const afina_optimizer *optimizer, int64_t *lines)
{
    int32_t rc = optimizer_check(optimizer, __func__);
    if (!rc)
        rc = require(lines, __func__, "lines");
    if (!rc)
        *lines = (int64_t)study_log_length(optimizer->study);
    return rc;
}
