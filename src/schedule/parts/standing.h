/* One loss for each arm, from results at different budgets. */
#ifndef AFINA_SCHEDULE_PARTS_STANDING_H
#define AFINA_SCHEDULE_PARTS_STANDING_H

#include "schedule/parts/arms.h"

/* What each arm would have at the level `target`, judged by all levels.
 *
 * The arms stand in the order of the level that most of them have a result at. Then, from level to level upwards, those
 * that have a result there change places with each other, so that on the places that they hold they stand as they do at
 * the higher level. An arm that was left behind stays where it was, and no two results of different budgets are
 * compared. The losses at `target`, in their order, are those of the places of the arms that have one; between two of
 * these places the loss is interpolated, and beyond the first and the last it goes on along a line.
 *
 * `level`: `n_levels` of them, ascending, one of which is `target`. loss[i] is of arms->arm[i]: NaN, nothing is known;
 * infinite, it stands among those that failed. AFINA_E_MEMORY. */
int32_t standing_losses(const struct arms *arms, const double *level, size_t n_levels, size_t target, double *loss);

#endif
