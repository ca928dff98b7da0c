/* Arms on a ladder of budgets: a rung for each level, of which every arm is a member that has a result there, be it the
 * end of a trial or a report on the way to a higher level. */
#ifndef AFINA_SCHEDULE_PARTS_LADDER_H
#define AFINA_SCHEDULE_PARTS_LADDER_H

#include "schedule/parts/arms.h"
#include "schedule/parts/levels.h"
#include "schedule/parts/ranks.h"

struct rung {
    struct ranked *member; /* as they came; the number is the arm's. Arms that failed on the way have INFINITY */
    size_t n, capacity;
    size_t coming; /* trials that run and will pass the level */
};

struct ladder {
    struct arms arms;
    struct levels levels;
    struct rung rung[LEVELS_MOST];
    unsigned char *entered; /* of each arm, by its place: rungs from the lowest that have been looked at */
    size_t n_entered, entered_capacity;
    size_t continued, restarted; /* trials that were to go on from a parent; of these, those that began from nothing */
};

void ladder_init(struct ladder *ladder, const struct schedule_context *context, double factor);
void ladder_fini(struct ladder *ladder); /* a zeroed one is fine */
int32_t ladder_observe(struct ladder *ladder, const struct schedule_event *event);

/* The lowest level that is at least the budget (to 1e-9). */
size_t ladder_from(const struct ladder *ladder, double budget);

/* Members of a level, and those that will be. */
size_t ladder_count(const struct ladder *ladder, size_t level);

/* 1 when the arm has passed the level, or a trial of it will. */
int ladder_is_beyond(const struct ladder *ladder, const struct arm *arm, size_t level);

/* 1 when the arm waits, with a finite result, below a level. */
int ladder_is_waiting(const struct ladder *ladder, const struct arm *arm, size_t level);

/* The members of a level, the best first; to be freed. */
int32_t ladder_sort(const struct ladder *ladder, size_t level, struct ranked **out);

/* How far the order at a low level is that of `sorted`, arms from the best to the worst at another level: the share of
 * the pairs with an arm of the better half that stand alike; ties at the low level count by half, those at the other
 * not. NaN: nothing is known of the low level. */
double ladder_agreement(const struct ladder *ladder, const struct ranked *sorted, size_t n, size_t low);

/* What it costs to bring an arm from a budget to a higher one: the difference, and as much more as trials up to now
 * have begun from nothing. */
double ladder_step_cost(const struct ladder *ladder, double from, double to);

/* What it costs that `count` arms go from a level to the next one, of which one in `keep`, and at least one, goes on,
 * and so to the top. */
double ladder_climb_cost(const struct ladder *ladder, size_t level, double count, double keep);

#endif
