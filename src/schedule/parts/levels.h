/* The budgets at which arms are compared: budget_max, and each a factor eta below the one before. */
#ifndef AFINA_SCHEDULE_PARTS_LEVELS_H
#define AFINA_SCHEDULE_PARTS_LEVELS_H

#include <stddef.h>
#include <stdint.h>

enum { LEVELS_MOST = 64 };

struct levels {
    size_t count;              /* >= 1 */
    double value[LEVELS_MOST]; /* ascending; the last is budget_max */
};

/* From `max` down to `min`, which is the lowest one when a level comes within a tenth of it. Whole numbers when both
 * bounds are. One level when no budgets are declared (INFINITY). eta > 1. */
void levels_init(struct levels *levels, double min, double max, double eta);

/* The index of the highest level that is <= budget (to 1e-9); -1: none is. */
int32_t levels_reached(const struct levels *levels, double budget);

#endif
