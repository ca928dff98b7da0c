/* A bounded number of learning curves with the points they are of: what a model of curves is made from. */
#ifndef AFINA_SCHEDULE_PARTS_KEPT_CURVES_H
#define AFINA_SCHEDULE_PARTS_KEPT_CURVES_H

#include "schedule/parts/curves.h"

struct kept_curve {
    int64_t arm;
    int is_finished;
    double *x; /* encoded point; then `n` steps and `n` losses, in the same block */
    double *step, *loss;
    size_t n; /* steps above 0; losses may be NaN or infinite */
};

struct kept_curves {
    size_t d, most;
    struct kept_curve *item; /* in the order in which they came */
    size_t n, capacity;
};

void kept_curves_init(struct kept_curves *kept, size_t d, size_t most);
void kept_curves_fini(struct kept_curves *kept); /* a zeroed one is fine */

/* Adds a curve, in place of the arm's earlier one. When they are too many, the oldest goes: of the unfinished where
 * they are more than half, or else of the finished that are not the best. A curve without steps above 0 is left out. */
int32_t kept_curves_add(struct kept_curves *kept, const struct space *space, const struct point *point,
                        const struct learning_curve *curve, int64_t arm, int is_finished);

/* `out` becomes a copy; on failure it is empty. */
int32_t kept_curves_copy(struct kept_curves *out, const struct kept_curves *kept);

/* The index of the finished curve with the lowest last loss other than `except`; n: there is none. */
size_t kept_curves_best(const struct kept_curves *kept, size_t except);

#endif
