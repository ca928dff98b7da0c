/* What the JSON reader should accept, decided by another hand. */
#ifndef AFINA_TESTS_JSON_ORACLE_H
#define AFINA_TESTS_JSON_ORACLE_H

#include <stddef.h>

/* 1 for one JSON value in UTF-8 between blanks, nested at most JSON_DEPTH deep, whose strings
 * hold neither \u0000 nor half of a surrogate pair. */
int json_oracle_accepts(const char *text, size_t length);

#endif
