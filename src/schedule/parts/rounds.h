/* A set of arms that is reduced in rounds: those that are left are pulled equally often, then the worst are dropped.
 * Sequential halving and successive rejects differ in how often, and how many.
 *
 * Samples are kept from round to round. At the end of a round workers that would wait pull an arm that is likely to go
 * on, as the next round would. */
#ifndef AFINA_SCHEDULE_PARTS_ROUNDS_H
#define AFINA_SCHEDULE_PARTS_ROUNDS_H

#include "schedule/parts/pulls.h"

/* Pulls that each arm is to have in all at the end of a round, and arms that are left then. */
struct round_plan {
    int64_t pulls;
    size_t kept;
};

/* Where the set stands when a round begins. */
struct round_start {
    size_t all, left;  /* arms of the set; those that are left */
    size_t round;      /* 0 for the first */
    int64_t pulls;     /* that each of those left had to have up to here */
    int64_t available; /* pulls of all that are left beyond these; INT64_MAX: no limit */
    int64_t total;     /* pulls of the whole set; INT64_MAX: no limit */
    int64_t limit;     /* pulls of an arm; INT64_MAX: none */
};
typedef struct round_plan round_planner(const struct round_start *start, const void *user);

struct rounds {
    struct pulls pulls;
    round_planner *plan;
    const void *user; /* of the planner */
    size_t *left; /* indices in the set of the arms that are left, the best first; NULL before the set is complete */
    double *mean; /* room for one of each arm of the set */
    size_t n, round;
    struct round_plan now;
};

/* `name` is that of the scheduler, whose set needs `context` to limit the pulls. */
int32_t rounds_init(struct rounds *rounds, const struct schedule_context *context, const char *name,
                    round_planner *plan, const void *user);
void rounds_fini(struct rounds *rounds); /* a zeroed one is fine */
int32_t rounds_observe(struct rounds *rounds, const struct schedule_event *event);
int32_t rounds_next(struct rounds *rounds, const struct situation *situation, struct action *action);
void rounds_conclude(const struct rounds *rounds, struct conclusion *out);

#endif
