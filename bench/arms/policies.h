/* Published ways to spend a budget of training, written for a pool alone: the measure
 * of what the schedulers of libraries do, and the check of the benchmark itself. */
#ifndef BENCH_POLICIES_H
#define BENCH_POLICIES_H

#include "course.h"

struct policy {
    const char *name;
    void (*run)(struct course *course, double option);
    double option;
};

size_t policy_count(void);
const struct policy *policy_at(size_t index);

#endif
