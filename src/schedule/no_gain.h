/* The end of a study by evidence: so many trials in a row have brought no gain (Hyperopt's no_progress_loss). */
#ifndef AFINA_SCHEDULE_NO_GAIN_H
#define AFINA_SCHEDULE_NO_GAIN_H

#include <stdint.h>

/* A loss is a gain when it is lower than the reference by more than `percent` of its size; it then becomes the
 * reference. So small steps add up to a gain. The first finite loss is one. */
struct no_gain {
    double percent;   /* >= 0 */
    double reference; /* the loss of the last gain; +INFINITY: there was none */
    int64_t since;    /* trials after it */
};

void no_gain_init(struct no_gain *no_gain, double percent);

/* A trial ended; NaN, or infinite: it brought none, as one that failed. */
void no_gain_tell(struct no_gain *no_gain, double loss);

/* 1 when the last `trials` trials brought no gain. Without any gain before them that is said too: every one failed. */
int no_gain_is_over(const struct no_gain *no_gain, int64_t trials);

#endif
