/* The tokens of JSON: strings, numbers and words, strictly as RFC 8259 defines them, and the
 * messages about a text that breaks its rules. */
#include "core/json_token.h"

#include "core/fail.h"

#include <string.h>

/* Columns count characters: bytes that do not continue a UTF-8 sequence. */
int32_t json_fail_at(struct json_reader *r, const char *at, int32_t code, const char *relation, const char *fact)
{
    size_t line = r->line, column = 1;
    for (const char *p = r->start; p < at; p++) {
        column += ((unsigned char)*p & 0xC0) != 0x80;
        if (*p == '\n') {
            line++;
            column = 1;
        }
    }
    return r->rc = fail(code, "%s%s: line %zu, column %zu: %s", r->what, relation, line, column, fact);
}

int32_t json_not_json(struct json_reader *r, const char *at, const char *fact)
{
    return json_fail_at(r, at, AFINA_E_FORMAT, " is not JSON", fact);
}

int32_t json_expected(struct json_reader *r, const char *what)
{
    char fact[80];
    unsigned char c = r->at < r->end ? (unsigned char)*r->at : 0;
    if (r->at == r->end)
        text_format(fact, sizeof fact, "expected %s, found the end of the text", what);
    else if (c > 0x20 && c < 0x7F)
        text_format(fact, sizeof fact, "expected %s, found '%c'", what, c);
    else
        text_format(fact, sizeof fact, "expected %s, found the byte 0x%02X", what, c);
    return json_not_json(r, r->at, fact);
}

int json_peek(struct json_reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\n' || *r->at == '\r' || *r->at == '\t'))
        r->at++;
    return r->at < r->end ? (unsigned char)*r->at : -1;
}

/* The number of four hexadecimal digits at p, or -1. */
static int32_t hex4(const char *p, const char *end)
{
    int32_t value = 0;
    if (end - p < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        char c = p[i];
        int32_t digit = c >= '0' && c <= '9'   ? c - '0'
                        : c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                               : -1;
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

static void append_code_point(struct text *out, uint32_t c)
{
    char bytes[4];
    size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const unsigned char first[] = {0, 0x00, 0xC0, 0xE0, 0xF0};
    for (size_t i = n - 1; i > 0; i--, c >>= 6)
        bytes[i] = (char)(0x80 | (c & 0x3F));
    bytes[0] = (char)(first[n] | c);
    text_append_bytes(out, bytes, n);
}

/* \uXXXX, or two of them where the first is half of a surrogate pair. */
static int32_t pass_unicode(struct json_reader *r, struct text *out)
{
    const char *escape = r->at;
    int32_t c = hex4(r->at + 2, r->end);
    if (c < 0)
        return json_not_json(r, escape, "\\u needs four hexadecimal digits");
    if (c == 0)
        return json_not_json(r, escape, "a string with \\u0000 is not accepted");
    r->at += 6;
    if (c >= 0xD800 && c <= 0xDFFF) {
        int32_t low = r->end - r->at >= 6 && r->at[0] == '\\' && r->at[1] == 'u' ? hex4(r->at + 2, r->end) : -1;
        if (c >= 0xDC00 || low < 0xDC00 || low > 0xDFFF)
            return json_not_json(r, escape, "half of a surrogate pair");
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
        r->at += 6;
    }
    if (out)
        append_code_point(out, (uint32_t)c);
    return 0;
}

static int32_t pass_escape(struct json_reader *r, struct text *out)
{
    static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    char c = r->at + 1 < r->end ? r->at[1] : '\0';
    if (c == 'u')
        return pass_unicode(r, out);
    const char *letter = c ? strchr(letters, c) : NULL;
    if (!letter)
        return json_not_json(r, r->at, "an escape that JSON does not have");
    if (out)
        text_append_bytes(out, &meant[letter - letters], 1);
    r->at += 2;
    return 0;
}

/* Moves over characters that are not escaped. */
static void pass_plain(struct json_reader *r)
{
    const char *p = r->at, *end = r->end;
    while (p < end) {
        unsigned char c = (unsigned char)*p;
        size_t n = c < 0x80 ? c >= 0x20 && c != '"' && c != '\\' : text_sequence_length(p, end);
        if (n == 0)
            break;
        p += n;
    }
    r->at = p;
}

/* Reads the string at r->at, decoded into `out` (NULL: only checked). */
int32_t json_pass_string(struct json_reader *r, struct text *out)
{
    const char *quote = r->at++;
    if (out)
        out->length = 0;
    for (;;) {
        const char *run = r->at;
        pass_plain(r);
        if (out)
            text_append_bytes(out, run, (size_t)(r->at - run));
        if (r->at == r->end)
            return json_not_json(r, quote, "a string that does not end");
        if (*r->at == '"')
            break;
        if (*r->at != '\\')
            return json_not_json(r, r->at,
                                 (unsigned char)*r->at < 0x20 ? "a control character in a string"
                                                              : "bytes that are not UTF-8");
        if (pass_escape(r, out))
            return r->rc;
    }
    r->at++;
    return r->rc = out ? out->rc : 0;
}

static size_t pass_digits(struct json_reader *r)
{
    const char *from = r->at;
    while (r->at < r->end && *r->at >= '0' && *r->at <= '9')
        r->at++;
    return (size_t)(r->at - from);
}

/* Reads the number at r->at; *real says whether it has a fraction or an exponent. */
int32_t json_pass_number(struct json_reader *r, int *real)
{
    *real = 0;
    if (*r->at == '-')
        r->at++;
    const char *first = r->at;
    size_t digits = pass_digits(r);
    if (digits > 1 && *first == '0')
        return json_not_json(r, first, "a number with a leading zero");
    if (digits && r->at < r->end && *r->at == '.') {
        *real = 1;
        r->at++;
        digits = pass_digits(r);
    }
    if (digits && r->at < r->end && (*r->at == 'e' || *r->at == 'E')) {
        *real = 1;
        r->at++;
        if (r->at < r->end && (*r->at == '+' || *r->at == '-'))
            r->at++;
        digits = pass_digits(r);
    }
    return digits ? 0 : json_expected(r, "a digit");
}

int32_t json_pass_word(struct json_reader *r, const char *word)
{
    size_t n = strlen(word);
    if ((size_t)(r->end - r->at) < n || memcmp(r->at, word, n) != 0)
        return json_expected(r, "a value");
    r->at += n;
    return 0;
}
