/* What the chosen one of several configurations loses on rows that did not choose it. */
#ifndef AFINA_EXPERIMENT_BOOTSTRAP_BIAS_H
#define AFINA_EXPERIMENT_BOOTSTRAP_BIAS_H

#include <stddef.h>
#include <stdint.h>

struct bootstrap_bias {
    double naive, estimate; /* the least mean loss, and what it is expected to be on new rows */
    double low, high;       /* the middle share `confidence` of the draws */
};

/* loss[configuration * rows + row], finite, of predictions for rows that were not trained on; rows >= 2, draws >= 1.
 * AFINA_E_MEMORY. */
int32_t bootstrap_bias_correct(const double *loss, size_t configurations, size_t rows, size_t draws, uint64_t seed,
                               double confidence, struct bootstrap_bias *out);

#endif
