/* Reads JSON text in one pass, without a tree: the caller asks for what comes next.
 *
 *     json_start(&r, text, length, "the point");
 *     json_enter_object(&r);
 *     while (json_next_key(&r, &key)) {
 *         if (strcmp(key, "step") == 0)
 *             json_next_double(&r, &step);
 *         else
 *             json_skip(&r);
 *     }
 *     rc = json_end(&r);
 *
 * The error is sticky: the first failure sets the error text and `rc`, and every later
 * call does nothing and returns the same (json_next_key and json_next_element return 0).
 * So a caller looks at `rc` before it uses what it has read, and once at the end.
 *
 * The text is strict JSON (RFC 8259) in strict UTF-8. A string with \u0000 is refused,
 * because a C string ends there; a number past the largest double is refused as well. Nesting
 * is bounded and costs no stack. Repeated keys are found by the caller, which knows the keys
 * that there are, or by json_fields. Errors name the text, line and column. */
#ifndef AFINA_CORE_JSON_READER_H
#define AFINA_CORE_JSON_READER_H

#include "core/text.h"

enum { JSON_DEPTH = 64 }; /* levels of nested objects and arrays */

enum json_kind {
    JSON_KIND_NONE, /* no value begins here, or reading has failed */
    JSON_KIND_OBJECT,
    JSON_KIND_ARRAY,
    JSON_KIND_STRING,
    JSON_KIND_INTEGER, /* a number without fraction and exponent */
    JSON_KIND_REAL,
    JSON_KIND_BOOL,
    JSON_KIND_NULL
};

/* Starts from {0}. When the text is a part of a longer one, `line` is set after json_start to
 * the number that its first line has there. */
struct json_reader {
    const char *start, *at, *end;
    const char *value; /* where the value begins that was asked for last */
    const char *what;  /* names the text in messages: "the space" */
    const char *name;  /* the key of the value that is read, for messages */
    size_t line;
    int32_t rc;
    int32_t depth;
    uint64_t objects; /* one bit for each open level, the innermost lowest: 1 for an object */
    int32_t fresh;    /* nothing was read yet of the innermost level */
    struct text key, string;

    /* Unknown keys that json_fields passes over. */
    const char *const *ignorable;
    size_t n_ignorable;
};

/* Begins a text, which must live as long as it is read. A reader can be used for many
 * texts, one after the other; its memory for strings is used again. */
void json_start(struct json_reader *r, const char *text, size_t length, const char *what);

/* fail()s when anything but white space follows. */
int32_t json_end(struct json_reader *r);

/* Frees the memory for strings. */
void json_fini(struct json_reader *r);

/* What the next value is; nothing is consumed. */
enum json_kind json_kind(struct json_reader *r);

/* json_next_key gives the next key of the object that was entered, decoded; it lives until the
 * next key is read. It returns 0 after the last one, when the object is left. */
int32_t json_enter_object(struct json_reader *r);
int json_next_key(struct json_reader *r, const char **key);

/* json_next_element returns 1 while the array has another element, and 0 after the last one, when
 * the array is left. */
int32_t json_enter_array(struct json_reader *r);
int json_next_element(struct json_reader *r);

/* The next value, or AFINA_E_FORMAT when it is of another kind. A string is decoded and
 * lives until the next string is read. NaN and the infinities, which JSON lacks, are the
 * strings "nan", "inf" and "-inf". */
int32_t json_next_string(struct json_reader *r, const char **out);
int32_t json_next_double(struct json_reader *r, double *out);
int32_t json_next_int64(struct json_reader *r, int64_t *out);

/* An array of numbers, in new memory for exactly these (NULL for none). */
int32_t json_next_doubles(struct json_reader *r, double **out, size_t *count);

/* Passes one value over, whatever it is; it is checked all the same. */
int32_t json_skip(struct json_reader *r);

/* The same, and gives the text of the value. */
int32_t json_next_raw(struct json_reader *r, const char **text, size_t *length);

/* fail()s with the place of the value that was asked for last:
 * "the space: line 3, column 7: ...". */
int32_t json_fail(struct json_reader *r, int32_t code, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 3, 4)))
#endif
    ;

/* A place in the text, where a value begins or ends; `at` is NULL when there is none. */
struct json_place {
    const char *at, *name;
    uint64_t objects;
    int32_t depth;
};

struct json_place json_here(const struct json_reader *r);
void json_go(struct json_reader *r, struct json_place place);

/* Passes over an object whose keys are all among `known`, and stores where the value of
 * each one begins, so that they can be read in the order in which they are needed.
 * fail()s with AFINA_E_NAME for another key (`what` names the object) that is not among
 * the reader's ignorable ones, with AFINA_E_FORMAT for a repeated one. */
int32_t json_fields(struct json_reader *r, const char *what, const char *const *known, size_t count,
                    struct json_place *places);

#endif
