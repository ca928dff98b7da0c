/* A small printf: the conversions that messages need, without a locale, without
 * allocation, and with numbers that read back. */
#include "core/number.h"
#include "core/text.h"

#include <string.h>

struct output {
    char *out;
    size_t size, length; /* length is at most size - 1, `cut`: some of the text did not fit */
    int cut;
};

/* Control characters become spaces, so that the result is one line. */
static void put(struct output *o, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (o->length + 1 >= o->size) {
            o->cut = 1;
            return;
        }
        o->out[o->length++] = (unsigned char)s[i] < 0x20 || s[i] == 0x7F ? ' ' : s[i];
    }
}

/* One conversion: %, 0 and a width, a precision, a length, a letter. */
struct conversion {
    int zero, width, precision, longs, size; /* longs: how many l; size: z; precision: -1 for none */
    char letter;
};

struct arguments {
    va_list list;
};

static const char *read_number(const char *p, int *number)
{
    for (*number = 0; *p >= '0' && *p <= '9'; p++)
        if (*number < 1000)
            *number = *number * 10 + (*p - '0');
    return p;
}

static const char *read_conversion(const char *p, struct conversion *c, struct arguments *a)
{
    *c = (struct conversion){.precision = -1};
    c->zero = *p == '0';
    p = read_number(p, &c->width);
    if (p[0] == '.' && p[1] == '*') {
        c->precision = va_arg(a->list, int);
        p += 2;
    } else if (*p == '.') {
        p = read_number(p + 1, &c->precision);
    }
    for (; *p == 'l'; p++)
        c->longs++;
    c->size = *p == 'z';
    p += c->size;
    c->letter = *p;
    return *p ? p + 1 : p;
}

static int64_t signed_argument(const struct conversion *c, struct arguments *a)
{
    if (c->longs == 0)
        return va_arg(a->list, int);
    return c->longs == 1 ? va_arg(a->list, long) : va_arg(a->list, long long);
}

static uint64_t unsigned_argument(const struct conversion *c, struct arguments *a)
{
    if (c->size)
        return va_arg(a->list, size_t);
    if (c->longs == 0)
        return va_arg(a->list, unsigned);
    return c->longs == 1 ? va_arg(a->list, unsigned long) : va_arg(a->list, unsigned long long);
}

/* In the base of the letter: u, x or X. */
static size_t write_unsigned(char out[NUMBER_SIZE], uint64_t x, char letter)
{
    const char *symbols = letter == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    unsigned base = letter == 'u' ? 10 : 16;
    char digits[NUMBER_SIZE];
    size_t n = 0;
    do {
        digits[n++] = symbols[x % base];
        x /= base;
    } while (x);
    for (size_t i = 0; i < n; i++)
        out[i] = digits[n - 1 - i];
    return n;
}

static void put_string(struct output *o, const struct conversion *c, const char *s)
{
    const char *end = c->precision >= 0 ? memchr(s, '\0', (size_t)c->precision) : s + strlen(s);
    put(o, s, end ? (size_t)(end - s) : (size_t)c->precision);
}

static void put_number(struct output *o, const struct conversion *c, const char *s, size_t n)
{
    for (size_t i = n; i < (size_t)c->width; i++)
        put(o, c->zero ? "0" : " ", 1);
    put(o, s, n);
}

static void convert(struct output *o, const struct conversion *c, struct arguments *a)
{
    char number[NUMBER_SIZE];
    switch (c->letter) {
    case 's':
        put_string(o, c, va_arg(a->list, const char *));
        break;
    case 'c':
        number[0] = (char)va_arg(a->list, int);
        put(o, number, 1);
        break;
    case 'd':
        put_number(o, c, number, number_write_int64(number, signed_argument(c, a)));
        break;
    case 'u':
    case 'x':
    case 'X':
        put_number(o, c, number, write_unsigned(number, unsigned_argument(c, a), c->letter));
        break;
    case 'g':
        put_number(o, c, number, number_write_double(number, va_arg(a->list, double)));
        break;
    default: /* "%%"; a house test refuses other letters in src */
        put(o, "%", 1);
    }
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
    struct output o = {.out = out, .size = size};
    struct arguments a;
    struct conversion c;
    va_copy(a.list, args);
    while (*format) {
        size_t plain = strcspn(format, "%");
        put(&o, format, plain);
        format += plain;
        if (*format == '%') {
            format = read_conversion(format + 1, &c, &a);
            convert(&o, &c, &a);
        }
    }
    va_end(a.list);
    out[o.length] = '\0';
    if (o.cut) {
        o.length = cut_at_character(out, o.length);
        out[o.length] = '\0';
    }
    return o.length;
}

size_t text_format(char *out, size_t size, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    size_t n = text_vformat(out, size, format, args);
    va_end(args);
    return n;
}
