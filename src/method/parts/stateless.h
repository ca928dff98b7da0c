/* The hooks of a method that keeps no state of its own. */
#ifndef AFINA_METHOD_STATELESS_H
#define AFINA_METHOD_STATELESS_H

#include "method/method.h"

/* Learns nothing. */
int32_t stateless_observe(void *state, const struct observation *observation);

/* Releases nothing. */
void stateless_fini(void *state);

#endif
