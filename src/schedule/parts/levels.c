#include "schedule/parts/levels.h"

#include <math.h>

static void reverse(double *value, size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        double other = value[i];
        value[i] = value[count - 1 - i];
        value[count - 1 - i] = other;
    }
}

void levels_init(struct levels *levels, double min, double max, double eta)
{
    int whole = isfinite(max) && min == floor(min) && max == floor(max);
    double previous = INFINITY;
    levels->count = 0;
    for (double exact = max; levels->count < LEVELS_MOST && exact >= min * 0.9; exact /= eta) {
        double value = whole ? round(exact) : exact;
        if (value < min)
            value = min;
        if (value < previous || levels->count == 0)
            levels->value[levels->count++] = value;
        previous = value;
        if (!isfinite(max))
            break;
    }
    reverse(levels->value, levels->count);
}

int32_t levels_reached(const struct levels *levels, double budget)
{
    int32_t reached = -1;
    for (size_t i = 0; i < levels->count; i++)
        if (levels->value[i] <= budget * (1 + 1e-9))
            reached = (int32_t)i;
    return reached;
}
