/* What the files of src/space share and nobody else needs. */
#ifndef AFINA_SPACE_PARAMETER_H
#define AFINA_SPACE_PARAMETER_H

#include "space/space.h"

/* parameter.c: frees what a parameter owns. */
void parameter_fini(struct parameter *p);
int32_t parameter_copy(struct parameter *out, const struct parameter *p);

/* prior.c: sets the constants of the encoding, and the default when the host gave
 * none, from the other fields. Cannot fail. */
void parameter_derive(struct parameter *p);

/* 1 for a real without a step. */
int parameter_is_continuous(const struct parameter *p);

/* 1 when parameter_from_unit() and back is plain arithmetic on indices. */
int parameter_is_even(const struct parameter *p);

/* parameter_value.c: checks a value and, for a real with a step, moves it onto
 * its grid. */
int32_t parameter_check_real(const struct parameter *p, double value, union value *out);
int32_t parameter_check_integer(const struct parameter *p, int64_t value, union value *out);
int32_t parameter_check_string(const struct parameter *p, const char *value, union value *out);

/* "a real parameter", ...: for messages. */
const char *parameter_kind_text(int32_t kind);

/* condition.c: 1 when an active parent's value fulfils the condition. */
int condition_holds(const struct condition *c, const struct parameter *parent, union value v);
void condition_fini(struct condition *c);
int32_t condition_copy(struct condition *out, const struct condition *c);

/* point.c: sets parameter i of a canonical point: what becomes active gets its
 * default, what becomes inactive 0. */
void point_change(const struct space *space, const struct point *point, size_t i, union value v, struct point *out);

#endif
