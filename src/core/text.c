#include "core/text.h"

#include "core/fail.h"
#include "core/mem.h"
#include "core/number.h"

#include <math.h>
#include <string.h>

static int is_continuation(const unsigned char *s, size_t from, size_t n)
{
    for (size_t i = from; i < n; i++)
        if ((s[i] & 0xC0) != 0x80)
            return 0;
    return 1;
}

/* After some first bytes the second byte has narrower limits, which exclude overlong forms,
 * surrogates and code points past U+10FFFF. */
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

static const char *skip_blanks(const char *s)
{
    return s + strspn(s, " \t\r\n");
}

/* "nan", "inf" and "-inf", as number_write_double writes them. */
static const char *read_name(const char *s, double *value)
{
    static const char *const names[] = {"nan", "inf", "-inf"};
    static const double numbers[] = {NAN, INFINITY, -INFINITY};
    for (size_t i = 0; i < 3; i++) {
        size_t length = strlen(names[i]);
        if (strncmp(s, names[i], length) == 0) {
            *value = numbers[i];
            return s + length;
        }
    }
    return NULL;
}

int text_to_double(const char *s, double *value)
{
    double number;
    s = skip_blanks(s);
    const char *end = number_read_double(s, s + strlen(s), &number);
    if (!end)
        end = read_name(s, &number);
    if (!end || *skip_blanks(end))
        return 0;
    *value = number;
    return 1;
}

int text_to_int64(const char *s, int64_t *value)
{
    int64_t number;
    s = skip_blanks(s);
    const char *end = number_read_int64(s, s + strlen(s), &number);
    if (!end || *skip_blanks(end))
        return 0;
    *value = number;
    return 1;
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
    char number[NUMBER_SIZE];
    return text_append_bytes(t, number, number_write_double(number, value));
}

int32_t text_append_int64(struct text *t, int64_t value)
{
    char number[NUMBER_SIZE];
    return text_append_bytes(t, number, number_write_int64(number, value));
}
