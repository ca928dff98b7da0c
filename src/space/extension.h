/* What extend.c, extension.c and convert.c share: how one parameter compares with that of another space. */
#ifndef AFINA_SPACE_EXTENSION_H
#define AFINA_SPACE_EXTENSION_H

#include "space/space.h"

/* The index in `space` of the parameter of that name, where it may stand at `guess`; SIZE_MAX: there is none. */
size_t parameter_in(const struct space *space, const struct parameter *p, size_t guess);

/* The index among the choices of p of the k-th choice of another parameter; -1: it has none. */
int64_t choice_in(const struct parameter *p, const struct parameter *other, int64_t k);

int has_choices(const struct parameter *p);

/* 1 when q has a value that p does not have. */
int extension_is_wider(const struct parameter *p, const struct parameter *q);

/* An error unless one parameter can have the values of both: p is the space's, q that of the part. */
int32_t extension_check_join(const struct parameter *p, const struct parameter *q);

/* 1 when a parameter of the space has the conditions of one of the part; a set of values may be larger on one side. */
int extension_has_conditions(const struct space *space, const struct parameter *p, const struct space *part,
                             const struct parameter *q);

#endif
