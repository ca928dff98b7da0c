/* How sure it is which arm of a set is the best: with a given confidence, by how much the arm that looks best is at
 * most worse than the true best. The losses are normal with one variance, known or taken from all replicates. */
#ifndef AFINA_SCHEDULE_PARTS_CERTAINTY_H
#define AFINA_SCHEDULE_PARTS_CERTAINTY_H

#include "schedule/parts/pulls.h"

enum {
    CERTAINTY_MIXTURE = 0,  /* a mixture of likelihood ratios: holds at any time, however the arms are pulled */
    CERTAINTY_GLR = 1,      /* the generalised likelihood ratio with the threshold of E. Kaufmann, W. Koolen */
    CERTAINTY_HEURISTIC = 2 /* with the threshold ln((1 + ln t) / delta), for which no proof is known */
};

struct certainty {
    int32_t bound;    /* CERTAINTY_... */
    double delta;     /* 1 - the confidence */
    double deviation; /* of one pull; NaN: taken from the data */
};

/* The variance of one pull; NaN when no arm has two results and it is not known. */
double certainty_variance(const struct certainty *certainty, const struct pulls *pulls);

/* The gap: INFINITY when nothing is known yet, 0 when the best arm is known. Arms that are out do not count. */
double certainty_gap(const struct certainty *certainty, const struct pulls *pulls);

/* 1 when the gap is at most epsilon. `rival` is the arm most likely not to allow that; NULL: it is not known. */
int certainty_is_reached(const struct certainty *certainty, const struct pulls *pulls, double epsilon,
                         const struct arm *rival);

#endif
