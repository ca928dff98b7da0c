/* Text that is read and written the same in every locale. */
#ifndef AFINA_CORE_TEXT_H
#define AFINA_CORE_TEXT_H

#include "core/number.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* Writes a message as snprintf does, with these conversions alone: %s %.*s %c %d %u
 * %x %X, the integers also with ll, l, z and a width ("%02x"), %% and %g, which is the
 * shortest number that reads back. Cuts at a character boundary of UTF-8; control
 * characters become spaces, so that the result is one line. `size` is at least 1.
 * Returns the length written. */
size_t text_vformat(char *out, size_t size, const char *format, va_list args);
size_t text_format(char *out, size_t size, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 3, 4)))
#endif
    ;

/* Reads a whole string as a number ("0.1", "-1e-5", "nan", "inf", "-inf"), with white
 * space around it or none. Returns 1, or 0 when it is no number. */
int text_to_double(const char *s, double *value);
int text_to_int64(const char *s, int64_t *value);

/* 1 when the bytes up to the terminator are well-formed UTF-8 (no overlong
 * forms, surrogates or code points past U+10FFFF). */
int text_is_utf8(const char *s);

/* Of `count` names the one nearest to s by edit distance, the first of equals; or
 * NULL when none is near enough to be meant: at most a third of the letters of s
 * and one more differ, and at most half of the longer name's. */
const char *text_nearest(const char *s, const char *const *names, size_t count);

/* The same; *steps is how much work it took. The work is bounded: of very many names the last
 * ones may not be compared. */
const char *text_nearest_counted(const char *s, const char *const *names, size_t count, uint64_t *steps);

/* The length of the UTF-8 sequence that begins at s and ends before `end`, or 0 when
 * it is not well formed. s < end. */
size_t text_sequence_length(const char *s, const char *end);

/* A growing string. It starts from {0}; `data` is terminated once anything was written, and
 * is freed with mem_free. The error is sticky: after a failed append `rc` says
 * why, the text is as it was before that append, and further appends do nothing. So a
 * writer makes all its appends and checks `rc` once at the end. Each call returns `rc`. */
struct text {
    char *data;
    size_t length, capacity;
    int32_t rc;
};

int32_t text_append(struct text *t, const char *s);
int32_t text_append_bytes(struct text *t, const char *s, size_t n);
int32_t text_append_double(struct text *t, double value);
int32_t text_append_int64(struct text *t, int64_t value);

#endif
