/* Writing JSON into a struct text (each call answers its sticky error), and reading it
 * into a tree of jansson's; json_reader.h reads without one. Numbers round-trip to the bit; NaN and the infinities,
 * which JSON lacks, are the strings "nan", "inf" and "-inf". */
#ifndef AFINA_CORE_JSON_H
#define AFINA_CORE_JSON_H

#include "core/text.h"

#include <jansson.h>

int32_t json_write_string(struct text *out, const char *s); /* quoted and escaped */
int32_t json_write_double(struct text *out, double value);
int32_t json_write_doubles(struct text *out, const double *values, size_t count); /* [a,b,c] */

/* Parses one whole text; duplicate keys are refused. Errors are AFINA_E_FORMAT
 * and name `what`, line and column. The caller gives it back with json_decref. */
int32_t json_parse(const char *text, size_t length, const char *what, json_t **out);

/* A number, or one of the three strings. 1 when it was one, else 0. */
int json_read_double(const json_t *value, double *out);
int json_read_int64(const json_t *value, int64_t *out);

/* The numbers of an array, in new memory (NULL for none). */
int32_t json_read_doubles(const json_t *value, const char *what, double **out, size_t *count);

/* fail()s with AFINA_E_NAME when the object has a key that is not among `known`. */
int32_t json_check_keys(const json_t *object, const char *what, const char *const *known, size_t count);

#endif
