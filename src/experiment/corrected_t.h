/* The mean of paired differences over replicates whose training rows overlap. */
#ifndef AFINA_EXPERIMENT_CORRECTED_T_H
#define AFINA_EXPERIMENT_CORRECTED_T_H

#include <stddef.h>
#include <stdint.h>

struct corrected_t {
    double mean, error; /* and its standard error */
    double low, high;   /* holds the true mean with the confidence asked for */
    double p;           /* both sides, of a true mean of 0 */
};

/* n >= 2 finite differences; `ratio` >= 0 is validation rows / training rows, 0 for independent replicates. */
struct corrected_t corrected_t_test(const double *difference, size_t n, double ratio, double confidence);

#endif
