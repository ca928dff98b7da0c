/* Options of methods by dotted keys: "gp.kernel" is the option "kernel" of gp, whichever
 * method is chosen, and reaches gp as a member of `mix` or `auto` too. An undotted key is
 * the study's, or the chosen method's.
 */
#ifndef AFINA_STUDY_DOTTED_H
#define AFINA_STUDY_DOTTED_H

#include "study/study.h"

/* The set that holds the option of a key, and the option's name in it. Unknown ones are
 * AFINA_E_NAME, with the nearest. The set of a method that is not the chosen one is made when
 * it is first needed. The lock is held. */
int32_t study_find_option(struct study *study, const char *key, struct option_set **set, const char **name);

void study_free_dotted(struct study *study);

#endif
