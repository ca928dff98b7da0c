/* What writing and reading a space as JSON share. */
#ifndef AFINA_SPACE_SPACE_JSON_H
#define AFINA_SPACE_SPACE_JSON_H

#include "space/space.h"

enum { SPACE_FORMAT = 1, SPACE_MAX_IGNORABLE = 1000 };

/* By the constants of the public header: AFINA_KIND_*, AFINA_SCALE_*, AFINA_PRIOR_*,
 * AFINA_COMPARE_*. */
extern const char *const space_kind_names[4], *const space_scale_names[3], *const space_prior_names[3],
                                                                               *const space_comparison_names[6];

#endif
