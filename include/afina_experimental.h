/* afina_experimental.h - functions that are not settled yet.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What stands here may change or go with any release. The functions are exported
 * under a symbol version of their own, and `make abi-check` does not look at them. A
 * function moves to afina.h when it will no longer change. The conventions are those
 * of afina.h.
 */
#ifndef AFINA_EXPERIMENTAL_H
#define AFINA_EXPERIMENTAL_H

#include "afina.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How often the model had to be helped: how often a matrix of it was not positive definite in floating point and had
 * to be helped, since this handle was made; 0 is usual, a few are harmless. A handle made from a log counts anew.
 * AFINA_E_UNSUPPORTED (no model). Since 0.1.0. */
AFINA_API int32_t afina_model_fallbacks(afina_optimizer *optimizer, int64_t *count);

#ifdef __cplusplus
}
#endif

#endif
