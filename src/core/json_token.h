/* The inside of the JSON reader: what json_reader.c calls of json_token.c. Each function that
 * returns a status sets the reader's `rc` to it. */
#ifndef AFINA_CORE_JSON_TOKEN_H
#define AFINA_CORE_JSON_TOKEN_H

#include "core/json_reader.h"

/* "the space is not JSON: line 2, column 7: ...", where `relation` is " is not JSON". */
int32_t json_fail_at(struct json_reader *r, const char *at, int32_t code, const char *relation, const char *fact);
int32_t json_not_json(struct json_reader *r, const char *at, const char *fact);

/* fail()s with "... expected a value, found '}'", where the latter is the character at r->at. */
int32_t json_expected(struct json_reader *r, const char *what);

/* The next byte that is not white space, or -1 at the end of the text. */
int json_peek(struct json_reader *r);

/* Reads the string whose quote stands at r->at, decoded into `out` (NULL: only checked). */
int32_t json_pass_string(struct json_reader *r, struct text *out);

/* Moves over the number at r->at; *real says whether it has a fraction or an exponent. */
int32_t json_pass_number(struct json_reader *r, int *real);

/* Moves over one of true, false, null. */
int32_t json_pass_word(struct json_reader *r, const char *word);

#endif
