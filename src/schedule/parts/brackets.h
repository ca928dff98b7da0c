/* Brackets of successive halving, one after the other: what `halving` and `hyperband` have in common. Where no arm of
 * an open bracket can go on, the next bracket begins, so that workers do not wait for each other. */
#ifndef AFINA_SCHEDULE_PARTS_BRACKETS_H
#define AFINA_SCHEDULE_PARTS_BRACKETS_H

#include "schedule/parts/bracket.h"

struct brackets;

/* The size and first level of the bracket that comes after `count` others, when that much of the budget remains; a size
 * of 0: there is no further one. */
struct bracket_plan {
    size_t size, first_level;
};
typedef struct bracket_plan bracket_planner(const struct brackets *brackets, size_t count,
                                            const struct situation *situation);

struct brackets {
    struct arms arms;
    struct levels levels;
    double eta;
    bracket_planner *plan;
    const void *user; /* of the planner */
    struct bracket *bracket;
    size_t n, capacity;
    size_t first_open; /* all before it are over */
    size_t *home;      /* of each arm, by its place in arms.arm: 1 + the index of its bracket; 0: none */
    size_t home_count, home_capacity;
};

int32_t brackets_init(struct brackets *brackets, const struct schedule_context *context, double eta,
                      bracket_planner *plan, const void *user);
void brackets_fini(struct brackets *brackets);
int32_t brackets_observe(struct brackets *brackets, const struct schedule_event *event);
int32_t brackets_next(struct brackets *brackets, const struct situation *situation, struct action *action);

/* 0 when its bracket has left the arm behind, or is over. */
int brackets_may_continue(const struct brackets *brackets, int64_t arm);

/* The largest plan from a level on, with at most `size` arms, whose cost remains. */
struct bracket_plan brackets_fit(const struct brackets *brackets, size_t size, size_t first_level, double remaining);

#endif
