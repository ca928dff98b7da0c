#include "schedule/no_gain.h"

#include <math.h>

void no_gain_init(struct no_gain *no_gain, double percent)
{
    *no_gain = (struct no_gain){.percent = percent, .reference = INFINITY};
}

static int is_gain(const struct no_gain *no_gain, double loss)
{
    if (!isfinite(loss))
        return 0;
    if (!isfinite(no_gain->reference))
        return 1;
    return loss < no_gain->reference - fabs(no_gain->reference) * (no_gain->percent / 100);
}

void no_gain_tell(struct no_gain *no_gain, double loss)
{
    if (is_gain(no_gain, loss)) {
        no_gain->reference = loss;
        no_gain->since = 0;
    } else {
        no_gain->since++;
    }
}

int no_gain_is_over(const struct no_gain *no_gain, int64_t trials)
{
    return no_gain->since >= trials;
}
