#include "core/json_token.h"

#include "core/fail.h"
#include "core/mem.h"

#include <math.h>
#include <string.h>

void json_start(struct json_reader *r, const char *text, size_t length, const char *what)
{
    struct text key = r->key, string = r->string;
    *r = (struct json_reader){
        .start = text, .at = text, .end = text + length, .value = text, .what = what, .name = "", .line = 1};
    r->key = (struct text){.data = key.data, .capacity = key.capacity};
    r->string = (struct text){.data = string.data, .capacity = string.capacity};
}

void json_fini(struct json_reader *r)
{
    mem_free(r->key.data);
    mem_free(r->string.data);
    *r = (struct json_reader){0};
}

/* ------------------------------------------------------------------- failures */

int32_t json_fail(struct json_reader *r, int32_t code, const char *format, ...)
{
    char fact[FAIL_TEXT_SIZE];
    va_list args;
    if (r->rc)
        return r->rc;
    va_start(args, format);
    text_vformat(fact, sizeof fact, format, args);
    va_end(args);
    return json_fail_at(r, r->value, code, "", fact);
}

static int32_t must_be(struct json_reader *r, const char *needed)
{
    if (r->depth == 0)
        return json_fail(r, AFINA_E_FORMAT, "it must be %s", needed);
    if (r->objects & 1)
        return json_fail(r, AFINA_E_FORMAT, "\"%s\" must be %s", r->name, needed);
    if (r->name[0])
        return json_fail(r, AFINA_E_FORMAT, "an element of \"%s\" must be %s", r->name, needed);
    return json_fail(r, AFINA_E_FORMAT, "an element must be %s", needed);
}

/* fail()s because there is no next value, or because the caller cannot use one of its kind. */
static int32_t wrong_kind(struct json_reader *r, const char *needed)
{
    if (json_kind(r) != JSON_KIND_NONE)
        return must_be(r, needed);
    return r->rc ? r->rc : json_expected(r, "a value");
}

/* The first byte of the next value; -1 when there is none or reading has failed. */
static int begin_value(struct json_reader *r)
{
    if (r->rc)
        return -1;
    int c = json_peek(r);
    r->value = r->at;
    return c;
}

/* -------------------------------------------------------------------- nesting */

enum json_kind json_kind(struct json_reader *r)
{
    int c = begin_value(r);
    switch (c) {
    case '{':
        return JSON_KIND_OBJECT;
    case '[':
        return JSON_KIND_ARRAY;
    case '"':
        return JSON_KIND_STRING;
    case 't':
    case 'f':
        return JSON_KIND_BOOL;
    case 'n':
        return JSON_KIND_NULL;
    default:
        break;
    }
    if (c != '-' && (c < '0' || c > '9'))
        return JSON_KIND_NONE;
    const char *p = r->at + 1;
    while (p < r->end && *p >= '0' && *p <= '9')
        p++;
    return p < r->end && (*p == '.' || *p == 'e' || *p == 'E') ? JSON_KIND_REAL : JSON_KIND_INTEGER;
}

static int32_t enter(struct json_reader *r, char bracket, const char *needed)
{
    if (begin_value(r) != bracket)
        return wrong_kind(r, needed);
    if (r->depth == JSON_DEPTH)
        return json_fail(r, AFINA_E_FORMAT, "nested more than %d deep", JSON_DEPTH);
    r->objects = r->objects << 1 | (bracket == '{');
    r->depth++;
    r->at++;
    r->fresh = 1;
    return 0;
}

int32_t json_enter_object(struct json_reader *r)
{
    return enter(r, '{', "an object");
}

int32_t json_enter_array(struct json_reader *r)
{
    return enter(r, '[', "an array");
}

/* 1 when the innermost level has another member. 0 when it ends, and is left, or when reading
 * fails. */
static int next_member(struct json_reader *r, char bracket)
{
    if (r->rc)
        return 0;
    int c = json_peek(r);
    int fresh = r->fresh;
    r->fresh = 0;
    if (c == bracket) {
        r->at++;
        r->depth--;
        r->objects >>= 1;
        r->name = "";
        return 0;
    }
    if (fresh)
        return 1;
    if (c != ',') {
        json_expected(r, bracket == '}' ? "',' or '}'" : "',' or ']'");
        return 0;
    }
    r->at++;
    return 1;
}

int json_next_element(struct json_reader *r)
{
    return next_member(r, ']');
}

/* Reads a key into `out`; NULL: only checks it. */
static int pass_key(struct json_reader *r, struct text *out)
{
    if (!next_member(r, '}'))
        return 0;
    if (json_peek(r) != '"')
        return json_expected(r, "a key"), 0;
    r->value = r->at;
    if (json_pass_string(r, out))
        return 0;
    if (json_peek(r) != ':')
        return json_expected(r, "':'"), 0;
    r->at++;
    return 1;
}

int json_next_key(struct json_reader *r, const char **key)
{
    int more = pass_key(r, &r->key);
    *key = r->name = more ? r->key.data : "";
    return more;
}

/* --------------------------------------------------------------------- values */

int32_t json_next_string(struct json_reader *r, const char **out)
{
    *out = "";
    if (begin_value(r) != '"')
        return wrong_kind(r, "a string");
    if (!json_pass_string(r, &r->string))
        *out = r->string.data;
    return r->rc;
}

/* The number between r->value and r->at. */
static int32_t convert_double(struct json_reader *r, double *out)
{
    double number = 0;
    number_read_double(r->value, r->at, &number);
    if (!isfinite(number))
        return json_fail(r, AFINA_E_FORMAT, "a number past the largest double");
    *out = number;
    return 0;
}

static int32_t next_named_double(struct json_reader *r, double *out)
{
    static const char *const names[] = {"nan", "inf", "-inf"};
    static const double numbers[] = {NAN, INFINITY, -INFINITY};
    const char *name;
    if (json_next_string(r, &name))
        return r->rc;
    for (size_t i = 0; i < 3; i++) {
        if (strcmp(name, names[i]) == 0) {
            *out = numbers[i];
            return 0;
        }
    }
    return must_be(r, "a number");
}

int32_t json_next_double(struct json_reader *r, double *out)
{
    int real, c = begin_value(r);
    if (c == '"')
        return next_named_double(r, out);
    if (c != '-' && (c < '0' || c > '9'))
        return wrong_kind(r, "a number");
    return json_pass_number(r, &real) ? r->rc : convert_double(r, out);
}

int32_t json_next_int64(struct json_reader *r, int64_t *out)
{
    int real, c = begin_value(r);
    if (c != '-' && (c < '0' || c > '9'))
        return wrong_kind(r, "an integer");
    if (json_pass_number(r, &real))
        return r->rc;
    if (real)
        return must_be(r, "an integer");
    uint64_t limit = c == '-' ? (uint64_t)INT64_MAX + 1 : (uint64_t)INT64_MAX, value = 0;
    for (const char *p = r->value + (c == '-'); p < r->at; p++) {
        uint64_t digit = (uint64_t)(*p - '0');
        if (value > (limit - digit) / 10)
            return must_be(r, "an integer of 64 bits");
        value = value * 10 + digit;
    }
    *out = c == '-' ? (int64_t)(0 - value) : (int64_t)value;
    return 0;
}

/* The number of elements of an array of numbers: one more than its commas. Where the text is no such
 * array, it is at least the number of elements that are read before that is found. */
static size_t count_elements(const struct json_reader *r)
{
    const char *close = memchr(r->at, ']', (size_t)(r->end - r->at));
    size_t count = 1;
    for (const char *p = r->at; p < (close ? close : r->end); p++)
        count += *p == ',';
    return count;
}

int32_t json_next_doubles(struct json_reader *r, double **out, size_t *count)
{
    double *numbers = NULL;
    size_t n = 0;
    *out = NULL;
    *count = 0;
    if (enter(r, '[', "an array of numbers"))
        return r->rc;
    size_t room = count_elements(r);
    while (json_next_element(r)) {
        if (!numbers && !(numbers = mem_new(room, sizeof *numbers)))
            r->rc = fail_memory();
        else if (!json_next_double(r, &numbers[n]))
            n++;
    }
    if (r->rc) {
        mem_free(numbers);
        return r->rc;
    }
    *out = numbers;
    *count = n;
    return 0;
}

/* ------------------------------------------------------------- whole values */

/* Moves over a scalar, or into an object or array. */
static int32_t pass_token(struct json_reader *r)
{
    int real;
    switch (json_kind(r)) {
    case JSON_KIND_OBJECT:
        return json_enter_object(r);
    case JSON_KIND_ARRAY:
        return json_enter_array(r);
    case JSON_KIND_STRING:
        return json_pass_string(r, NULL);
    case JSON_KIND_INTEGER:
    case JSON_KIND_REAL:
        return json_pass_number(r, &real);
    case JSON_KIND_BOOL:
        return json_pass_word(r, *r->at == 't' ? "true" : "false");
    case JSON_KIND_NULL:
        return json_pass_word(r, "null");
    default:
        return wrong_kind(r, "a value");
    }
}

int32_t json_skip(struct json_reader *r)
{
    int32_t depth = r->depth;
    begin_value(r);
    const char *value = r->value;
    do {
        pass_token(r);
        while (!r->rc && r->depth > depth && !(r->objects & 1 ? pass_key(r, NULL) : next_member(r, ']')))
            ;
    } while (!r->rc && r->depth > depth);
    if (!r->rc)
        r->value = value;
    return r->rc;
}

int32_t json_next_raw(struct json_reader *r, const char **text, size_t *length)
{
    json_skip(r);
    *text = r->rc ? "" : r->value;
    *length = r->rc ? 0 : (size_t)(r->at - r->value);
    return r->rc;
}

int32_t json_end(struct json_reader *r)
{
    if (!r->rc && json_peek(r) >= 0)
        json_expected(r, "the end of the text");
    return r->rc;
}
