#include "core/json.h"

#include "core/fail.h"
#include "core/mem.h"

#include <math.h>
#include <string.h>

/* 1 for a character that stands for itself in a string. */
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
    if (value == 0 && signbit(value))
        return text_append(out, "-0.0"); /* "-0" would be read as an integer */
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

int32_t json_parse(const char *text, size_t length, const char *what, json_t **out)
{
    json_error_t error;
    *out = json_loadb(text, length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (*out)
        return 0;
    if (json_error_code(&error) == json_error_out_of_memory)
        return fail_memory();
    return fail(AFINA_E_FORMAT, "%s is not JSON: line %d, column %d: %s", what, error.line, error.column, error.text);
}

int json_read_double(const json_t *value, double *out)
{
    if (json_is_number(value)) {
        *out = json_number_value(value);
        return 1;
    }
    static const char *const names[] = {"nan", "inf", "-inf"};
    static const double numbers[] = {NAN, INFINITY, -INFINITY};
    for (size_t i = 0; i < 3 && json_is_string(value); i++) {
        if (strcmp(json_string_value(value), names[i]) == 0) {
            *out = numbers[i];
            return 1;
        }
    }
    return 0;
}

int json_read_int64(const json_t *value, int64_t *out)
{
    if (!json_is_integer(value))
        return 0;
    *out = json_integer_value(value);
    return 1;
}

int32_t json_read_doubles(const json_t *value, const char *what, double **out, size_t *count)
{
    *out = NULL;
    *count = 0;
    if (!json_is_array(value))
        return fail(AFINA_E_FORMAT, "%s must be an array of numbers", what);
    size_t n = json_array_size(value);
    if (n == 0)
        return 0;
    double *numbers = mem_new(n, sizeof *numbers);
    if (!numbers)
        return fail_memory();
    for (size_t i = 0; i < n; i++) {
        if (!json_read_double(json_array_get(value, i), &numbers[i])) {
            mem_free(numbers);
            return fail(AFINA_E_FORMAT, "%s: element %zu is not a number", what, i);
        }
    }
    *out = numbers;
    *count = n;
    return 0;
}

int32_t json_check_keys(const json_t *object, const char *what, const char *const *known, size_t count)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value)
    {
        size_t i = 0;
        while (i < count && strcmp(key, known[i]) != 0)
            i++;
        if (i == count) {
            const char *nearest = text_nearest(key, known, count);
            return fail(AFINA_E_NAME, "%s has an unknown key \"%s\"%s%s%s", what, key,
                        nearest ? "; did you mean \"" : "", nearest ? nearest : "", nearest ? "\"?" : "");
        }
    }
    return 0;
}
