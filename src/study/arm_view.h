/* What an arm looks like to a method, which knows trials that are complete or failed, and nothing of budgets or
 * replicates.
 *
 * Results are shown as they would be at one budget, the largest at which there are enough of them. Where an arm has
 * none there, its loss is that of its place among all arms (schedule/parts/standing.h), in which no two results of
 * different budgets are compared. Where it has no place, because nothing was reported at lower budgets: when it was
 * left behind it counts as worse than all (an infinite loss), for one that was no better at the same budget went on
 * instead; when it may still go on it is shown as running. Of replicates the method sees the mean without what the
 * replicates of that arm have in common with those of all arms: an arm that a race dropped after two easy folds looks
 * as it would on all. Its standard error says on how few it was tried. Both are those of the two-way additive model
 * (experiment/additive.h); where there are too many replicates for it, the plain mean and the deviation of all arms.
 * With the option `aggregate` it is that of the losses without the effects of the folds.
 */
#ifndef AFINA_STUDY_ARM_VIEW_H
#define AFINA_STUDY_ARM_VIEW_H

#include "study/fold.h"

/* What has to be known to show an arm. */
struct arm_view {
    const struct arms *arms;
    double level;           /* at which results are compared */
    double *levels, *worst; /* the budgets reached, and worst_promoted() of each */
    size_t n_levels;
    double *standing; /* of each arm: its loss at `level` by its place; NaN: it has none */
    const struct study *study;
    double deviation;                  /* of replicates, pooled over arms; NaN: too few */
    const struct additive *replicates; /* of the arms, by their places; NULL: not kept */
};

/* The fold's arms as they are. Ends with arm_view_fini(), also when it failed. The lock is held. */
int32_t arm_view_init(struct arm_view *view, struct fold *fold);
void arm_view_fini(struct arm_view *view);

/* The arm's result as a trial's: its state; and its loss and standard error, NaN for none. RUNNING: nothing is known of
 * it. */
int32_t arm_view_judge(const struct arm_view *view, const struct arm *arm, double *loss, double *error);

#endif
