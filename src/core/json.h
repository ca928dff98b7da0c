/* Writing JSON into a struct text; each call returns its sticky error. json_reader.h reads JSON.
 * Numbers round-trip to the bit; NaN and the infinities, which JSON lacks, are the strings
 * "nan", "inf" and "-inf". */
#ifndef AFINA_CORE_JSON_H
#define AFINA_CORE_JSON_H

#include "core/text.h"

int32_t json_write_string(struct text *out, const char *s); /* quoted and escaped */
int32_t json_write_double(struct text *out, double value);
int32_t json_write_doubles(struct text *out, const double *values, size_t count); /* [a,b,c] */

#endif
