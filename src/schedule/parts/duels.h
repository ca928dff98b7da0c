/* An arm that looks best, and another that may be better: what `top-two` and `lucb` have in common. Which of the two is
 * pulled next is theirs to say; here are the set, its first pulls, and when it is over. */
#ifndef AFINA_SCHEDULE_PARTS_DUELS_H
#define AFINA_SCHEDULE_PARTS_DUELS_H

#include "schedule/parts/certainty.h"

#include <float.h>
#include <math.h>

#define DUELS_OPTION_EPSILON                                                                                           \
    {                                                                                                                  \
        "epsilon", AFINA_OPTION_REAL, 0, DBL_MAX, 0, "", "",                                                           \
            "an arm that is worse than the best by no more is as good"                                                 \
    }
#define DUELS_OPTION_DEVIATION                                                                                         \
    {                                                                                                                  \
        "deviation", AFINA_OPTION_REAL, DBL_MIN, DBL_MAX, NAN, "", "",                                                 \
            "standard deviation of one replicate; NaN: taken from the data"                                            \
    }
#define DUELS_OPTION_CAP                                                                                               \
    {                                                                                                                  \
        "cap", AFINA_OPTION_INTEGER, 0, 1000000000, 0, "", "",                                                         \
            "trials after which it ends; 0: 10,000 for each arm, where a confidence is to be reached"                  \
    }

struct duels {
    struct pulls pulls;
    struct certainty certainty; /* its delta is NaN without a confidence */
    double epsilon;
    int64_t cap;   /* pulls of all; 0: by the size of the set */
    int64_t first; /* pulls of each arm to begin with */
};

/* Reads the options of these names; the caller sets certainty.bound. */
int32_t duels_init(struct duels *duels, const struct schedule_context *context, const char *name);

/* 1 when as many trials were asked as there may be. */
int duels_are_capped(const struct duels *duels);

/* 1 when the action is filled in: a new arm, one of the first pulls, or the end. Otherwise *best is the arm that looks
 * best, and an arm may go on. */
int duels_open(const struct duels *duels, const struct situation *situation, struct action *action,
               const struct arm **best);

/* Pulls the preferred arm, or else the other; NULL is no arm. */
void duels_pull(const struct duels *duels, const struct situation *situation, const struct arm *preferred,
                const struct arm *other, struct action *action);

/* What is counted on of an arm: its results, and those that are to come. */
double duels_expected(const struct arm *arm);

#endif
