#define _GNU_SOURCE /* newlocale, uselocale */
#include "core/text.h"

#include "core/fail.h"
#include "core/mem.h"

#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The "C" locale is a constant of the C library: newlocale finds it without
 * allocating, and uselocale changes this thread only, until put back. */
static locale_t enter_c_locale(void)
{
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    return c ? uselocale(c) : (locale_t)0;
}

static void leave_c_locale(locale_t before)
{
    if (before)
        freelocale(uselocale(before));
}

static int is_continuation(const unsigned char *s, size_t from, size_t n)
{
    for (size_t i = from; i < n; i++)
        if ((s[i] & 0xC0) != 0x80)
            return 0;
    return 1;
}

/* The second byte of a sequence of three or four has narrower limits after some first
 * bytes: they shut out overlong forms, surrogates and code points past U+10FFFF. */
size_t text_sequence_length(const char *text, const char *end)
{
    const unsigned char *s = (const unsigned char *)text;
    size_t n = s[0] < 0x80 ? 1 : s[0] < 0xC2 ? 0 : s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : s[0] < 0xF5 ? 4 : 0;
    if (n < 2)
        return n;
    if ((size_t)(end - text) < n || !is_continuation(s, 1, n))
        return 0;
    unsigned char low = s[0] == 0xE0 ? 0xA0 : s[0] == 0xF0 ? 0x90 : 0x80;
    unsigned char high = s[0] == 0xED ? 0x9F : s[0] == 0xF4 ? 0x8F : 0xBF;
    return s[1] >= low && s[1] <= high ? n : 0;
}

int text_is_utf8(const char *s)
{
    const char *end = s + strlen(s);
    while (s < end) {
        size_t n = text_sequence_length(s, end);
        if (n == 0)
            return 0;
        s += n;
    }
    return 1;
}

/* Drops the last character when the cut at `length` went through it. */
static size_t cut_at_character(const char *s, size_t length)
{
    size_t start = length;
    while (start > 0 && ((unsigned char)s[start - 1] & 0xC0) == 0x80)
        start--;
    if (start == 0 || (unsigned char)s[start - 1] < 0xC0)
        return length;
    return text_sequence_length(s + start - 1, s + length) ? length : start - 1;
}

size_t text_vformat(char *out, size_t size, const char *format, va_list args)
{
    locale_t before = enter_c_locale();
    int n = vsnprintf(out, size, format, args);
    leave_c_locale(before);
    if (n < 0) {
        out[0] = '\0';
        return 0;
    }
    size_t length = (size_t)n;
    if (length >= size) {
        length = cut_at_character(out, size - 1);
        out[length] = '\0';
    }
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)out[i] < 0x20 || out[i] == 0x7F)
            out[i] = ' ';
    return length;
}

size_t text_format(char *out, size_t size, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    size_t n = text_vformat(out, size, format, args);
    va_end(args);
    return n;
}

size_t text_from_double(char out[TEXT_NUMBER_SIZE], double value)
{
    if (isnan(value))
        return text_format(out, TEXT_NUMBER_SIZE, "nan");
    if (isinf(value))
        return text_format(out, TEXT_NUMBER_SIZE, value > 0 ? "inf" : "-inf");
    locale_t before = enter_c_locale();
    int n = 0;
    for (int digits = 15; digits <= 17; digits++) {
        n = snprintf(out, TEXT_NUMBER_SIZE, "%.*g", digits, value);
        if (strtod(out, NULL) == value)
            break;
    }
    leave_c_locale(before);
    return (size_t)n;
}

static int only_blanks(const char *s)
{
    return s[strspn(s, " \t\r\n")] == '\0';
}

int text_to_double(const char *s, double *value)
{
    char *end;
    locale_t before = enter_c_locale();
    double v = strtod(s, &end);
    leave_c_locale(before);
    if (end == s || !only_blanks(end))
        return 0;
    *value = v;
    return 1;
}

int text_to_int64(const char *s, int64_t *value)
{
    char *end;
    errno = 0;
    long long v = strtoll(s, &end, 10);
    if (end == s || !only_blanks(end) || errno == ERANGE)
        return 0;
    *value = v;
    return 1;
}

/* Levenshtein's distance, one row at a time; names past 64 bytes are far from
 * everything. */
static size_t edit_distance(const char *a, const char *b)
{
    enum { LONGEST = 64 };
    size_t row[LONGEST + 1], na = strlen(a), nb = strlen(b);
    if (na > LONGEST || nb > LONGEST)
        return SIZE_MAX;
    for (size_t j = 0; j <= nb; j++)
        row[j] = j;
    for (size_t i = 1; i <= na; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= nb; j++) {
            size_t best = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[nb];
}

/* A slip leaves half of a name standing: any two single letters are one change
 * apart. */
static int is_slip(const char *s, const char *name, size_t distance)
{
    size_t length = strlen(s) > strlen(name) ? strlen(s) : strlen(name);
    return distance <= length / 2;
}

const char *text_nearest(const char *s, const char *const *names, size_t count)
{
    const char *nearest = NULL;
    size_t limit = strlen(s) / 3 + 1;
    for (size_t i = 0; i < count; i++) {
        size_t distance = edit_distance(s, names[i]);
        if (distance <= limit && is_slip(s, names[i], distance)) {
            nearest = names[i];
            limit = distance ? distance - 1 : 0;
            if (distance == 0)
                break;
        }
    }
    return nearest;
}

static int32_t make_room(struct text *t, size_t n)
{
    if (n >= SIZE_MAX - t->length - 1)
        return t->rc = fail_memory();
    void *data = t->data;
    t->rc = mem_reserve(&data, &t->capacity, t->length + n + 1, 1);
    t->data = data;
    return t->rc;
}

int32_t text_append_bytes(struct text *t, const char *s, size_t n)
{
    if (t->rc || (n >= t->capacity - t->length && make_room(t, n)))
        return t->rc;
    memcpy(t->data + t->length, s, n);
    t->length += n;
    t->data[t->length] = '\0';
    return 0;
}

int32_t text_append(struct text *t, const char *s)
{
    return text_append_bytes(t, s, strlen(s));
}

int32_t text_append_double(struct text *t, double value)
{
    char number[TEXT_NUMBER_SIZE];
    return text_append_bytes(t, number, text_from_double(number, value));
}

int32_t text_append_int64(struct text *t, int64_t value)
{
    char number[TEXT_NUMBER_SIZE];
    return text_append_bytes(t, number, text_format(number, sizeof number, "%lld", (long long)value));
}
