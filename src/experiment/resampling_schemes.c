/* Every resampling scheme, in the order in which they are listed. */
#include "experiment/resampling.h"

extern const struct scheme resampling_holdout, resampling_kfold, resampling_leave_one_out, resampling_monte_carlo,
    resampling_bootstrap, resampling_expanding, resampling_sliding;

const struct scheme *const resampling_schemes[] = {
    &resampling_holdout,   &resampling_kfold,     &resampling_leave_one_out, &resampling_monte_carlo,
    &resampling_bootstrap, &resampling_expanding, &resampling_sliding,
};
const size_t resampling_scheme_count = sizeof resampling_schemes / sizeof *resampling_schemes;
