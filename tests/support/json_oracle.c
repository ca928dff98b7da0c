/* The grammar of RFC 8259, one function for each rule, recursive and without any thought
 * of speed. Each answers the end of what it recognises, or NO. */
#include "support/json_oracle.h"

#include "core/json_reader.h"

#include <stdlib.h>
#include <string.h>

struct oracle {
    const char *text;
    size_t length;
};

static int at(const struct oracle *o, size_t i)
{
    return i < o->length ? (unsigned char)o->text[i] : -1;
}

enum { NO = -1 };

static long blanks(const struct oracle *o, long i)
{
    while (i != NO && (at(o, (size_t)i) == ' ' || at(o, (size_t)i) == '\t' || at(o, (size_t)i) == '\n' ||
                       at(o, (size_t)i) == '\r'))
        i++;
    return i;
}

static long literal(const struct oracle *o, long i, const char *word)
{
    for (; *word; word++, i++)
        if (at(o, (size_t)i) != (unsigned char)*word)
            return NO;
    return i;
}

static int is_digit(int c)
{
    return c >= '0' && c <= '9';
}

static long digits(const struct oracle *o, long i)
{
    if (!is_digit(at(o, (size_t)i)))
        return NO;
    while (is_digit(at(o, (size_t)i)))
        i++;
    return i;
}

static long number(const struct oracle *o, long i)
{
    if (at(o, (size_t)i) == '-')
        i++;
    i = at(o, (size_t)i) == '0' ? i + 1 : digits(o, i);
    if (i != NO && at(o, (size_t)i) == '.')
        i = digits(o, i + 1);
    if (i != NO && (at(o, (size_t)i) == 'e' || at(o, (size_t)i) == 'E')) {
        i++;
        if (at(o, (size_t)i) == '+' || at(o, (size_t)i) == '-')
            i++;
        i = digits(o, i);
    }
    return i;
}

/* The code point that is encoded at i, with its length; NO when it is not well
 * formed. */
static long code_point(const struct oracle *o, long i, long *length)
{
    static const long smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    int c = at(o, (size_t)i);
    long n = c < 0x80 ? 1 : (c & 0xE0) == 0xC0 ? 2 : (c & 0xF0) == 0xE0 ? 3 : (c & 0xF8) == 0xF0 ? 4 : 0;
    long value = n == 1 ? c : n == 2 ? c & 0x1F : n == 3 ? c & 0x0F : c & 0x07;
    for (long k = 1; k < n; k++) {
        int next = at(o, (size_t)(i + k));
        if (next < 0 || (next & 0xC0) != 0x80)
            return NO;
        value = value << 6 | (next & 0x3F);
    }
    *length = n;
    return c < 0 || n == 0 || value < smallest[n] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF) ? NO
                                                                                                              : value;
}

/* The value of the escape \uXXXX at i. */
static long unicode(const struct oracle *o, long i)
{
    char hex[5] = "";
    if (at(o, (size_t)i) != '\\' || at(o, (size_t)i + 1) != 'u')
        return NO;
    for (long k = 0; k < 4; k++) {
        int c = at(o, (size_t)(i + 2 + k));
        if (!is_digit(c) && !(c >= 'a' && c <= 'f') && !(c >= 'A' && c <= 'F'))
            return NO;
        hex[k] = (char)c;
    }
    return strtol(hex, NULL, 16);
}

static long escape(const struct oracle *o, long i)
{
    int c = at(o, (size_t)i + 1);
    if (c > 0 && strchr("\"\\/bfnrt", c))
        return i + 2;
    long value = unicode(o, i);
    if (value == NO || value == 0)
        return NO;
    if (value < 0xD800 || value > 0xDFFF)
        return i + 6;
    long low = unicode(o, i + 6);
    return value < 0xDC00 && low >= 0xDC00 && low <= 0xDFFF ? i + 12 : NO;
}

static long string(const struct oracle *o, long i)
{
    long length;
    if (at(o, (size_t)i) != '"')
        return NO;
    i++;
    while (at(o, (size_t)i) != '"') {
        if (at(o, (size_t)i) == '\\') {
            i = escape(o, i);
            if (i == NO)
                return NO;
        } else {
            if (code_point(o, i, &length) < 0x20)
                return NO;
            i += length;
        }
    }
    return i + 1;
}

static long value(const struct oracle *o, long i, int depth);

static long member(const struct oracle *o, long i, int depth)
{
    i = blanks(o, string(o, blanks(o, i)));
    return i == NO || at(o, (size_t)i) != ':' ? NO : value(o, i + 1, depth);
}

static long container(const struct oracle *o, long i, int depth)
{
    int object = at(o, (size_t)i) == '{';
    int close = object ? '}' : ']';
    if (depth >= JSON_DEPTH)
        return NO;
    long next = blanks(o, i + 1);
    if (at(o, (size_t)next) == close)
        return next + 1;
    for (;;) {
        next = object ? member(o, next, depth + 1) : value(o, next, depth + 1);
        next = blanks(o, next);
        if (next == NO)
            return NO;
        if (at(o, (size_t)next) == close)
            return next + 1;
        if (at(o, (size_t)next) != ',')
            return NO;
        next++;
    }
}

static long value(const struct oracle *o, long i, int depth)
{
    i = blanks(o, i);
    switch (at(o, (size_t)i)) {
    case '{':
    case '[':
        return container(o, i, depth);
    case '"':
        return string(o, i);
    case 't':
        return literal(o, i, "true");
    case 'f':
        return literal(o, i, "false");
    case 'n':
        return literal(o, i, "null");
    default:
        return number(o, i);
    }
}

int json_oracle_accepts(const char *text, size_t length)
{
    struct oracle o = {text, length};
    long end = blanks(&o, value(&o, 0, 0));
    return end == (long)length;
}
