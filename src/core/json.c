#include "core/json.h"

#include "core/fail.h"
#include "core/mem.h"

#include <math.h>
#include <string.h>

/* 1 for a character that is not escaped in a string. */
static int is_plain(char c)
{
    return (unsigned char)c >= 0x20 && c != 0x7F && c != '"' && c != '\\';
}

static void append_escape(struct text *out, char c)
{
    static const char digits[] = "0123456789abcdef";
    char escape[] = {'\\', c, '0', '0', digits[(unsigned char)c >> 4], digits[c & 15]};
    if (c == '"' || c == '\\') {
        text_append_bytes(out, escape, 2);
        return;
    }
    escape[1] = 'u';
    text_append_bytes(out, escape, sizeof escape);
}

int32_t json_write_string(struct text *out, const char *s)
{
    text_append_bytes(out, "\"", 1);
    while (*s) {
        const char *run = s;
        while (*s && is_plain(*s))
            s++;
        text_append_bytes(out, run, (size_t)(s - run));
        if (*s)
            append_escape(out, *s++);
    }
    return text_append_bytes(out, "\"", 1);
}

int32_t json_write_double(struct text *out, double value)
{
    char number[NUMBER_SIZE];
    number_write_double(number, value);
    if (!isfinite(value))
        return json_write_string(out, number);
    if (strcmp(number, "-0") ==
        0) /* which would be read as an integer; == 0 is every denormal where they are flushed */
        return text_append(out, "-0.0");
    return text_append(out, number);
}

int32_t json_write_doubles(struct text *out, const double *values, size_t count)
{
    text_append(out, "[");
    for (size_t i = 0; i < count; i++) {
        if (i)
            text_append(out, ",");
        json_write_double(out, values[i]);
    }
    return text_append(out, "]");
}
