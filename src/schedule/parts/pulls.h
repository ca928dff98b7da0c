/* A fixed set of arms, of which each is pulled as often as a rule asks for: a pull is one more replicate, at the full
 * budget. What `halving` over replicates, `rejects`, `top-two` and `lucb` have in common.
 *
 * The arms come first: those that are queued, or as many as an option says. An arm is out when a pull of it fails, or
 * when more of its pulls were lost than is bad luck; one that was lost takes its share of the total all the same. */
#ifndef AFINA_SCHEDULE_PARTS_PULLS_H
#define AFINA_SCHEDULE_PARTS_PULLS_H

#include "schedule/parts/arms.h"

enum { PULLS_ARMS = 64 }; /* of a set whose size is not given */

#define PULLS_OPTION_ARMS                                                                                              \
    {                                                                                                                  \
        "arms", AFINA_OPTION_INTEGER, 0, 100000, 0, "", "",                                                            \
            "arms of the set; 0: two or more queued points, or 64 of which each can have four trials. More when more " \
            "are "                                                                                                     \
            "queued"                                                                                                   \
    }

struct pulls {
    struct arms arms;
    size_t *member; /* the arms of the set in the order of their numbers, by their places in arms.arm */
    size_t n, capacity;
    int64_t wanted; /* arms, as the option says */
    int64_t target; /* arms that the set is to have; 0 before the first */
    int is_closed;  /* no arm comes any more */
    int64_t limit;  /* pulls of an arm */
    int64_t total;  /* pulls of all; INT64_MAX: no limit */
    int64_t asked;  /* pulls of all up to now */
    double cost;    /* of one */
};

/* `name` is that of the scheduler. Fails where the arms that are wanted cannot have one pull each. */
int32_t pulls_init(struct pulls *pulls, const struct schedule_context *context, const char *name);
void pulls_fini(struct pulls *pulls); /* a zeroed one is fine */

/* Takes an event in. */
int32_t pulls_observe(struct pulls *pulls, const struct schedule_event *event);

/* 1 when the next trial is to be a new arm: the action is filled in. */
int pulls_collect(const struct pulls *pulls, const struct situation *situation, struct action *action);

/* 1 when no pull can be paid any more: the action is filled in. */
int pulls_are_spent(const struct pulls *pulls, const struct situation *situation, struct action *action);

/* The action that pulls an arm once more. */
void pulls_repeat(const struct arm *arm, struct action *action);

/* DONE, or WAIT while a trial runs whose end may change that. */
void pulls_end(const struct situation *situation, struct action *action);

struct arm *pulls_at(const struct pulls *pulls, size_t i);

/* 0 when the arm is out. */
int pulls_are_sound(const struct arm *arm);

/* Pulls of an arm that were asked, and of these the ones that ended. */
int64_t pulls_asked(const struct arm *arm);
int64_t pulls_ended(const struct arm *arm);

/* 1 when the arm is not out and may be pulled once more. */
int pulls_may_go_on(const struct pulls *pulls, const struct arm *arm);

/* The mean loss of an arm of the set; NaN when it has none or is out. */
double pulls_mean(const struct arm *arm);

/* The arm of the set with the smallest mean, the earlier of equals; NULL: none has a result. */
const struct arm *pulls_best(const struct pulls *pulls);

/* Sum of squared deviations of the losses from the means of their arms, and its degrees of freedom: what they have in
 * common is the variance of one pull. */
struct pulls_spread {
    double sum, freedom;
};
struct pulls_spread pulls_spread(const struct pulls *pulls);

#endif
