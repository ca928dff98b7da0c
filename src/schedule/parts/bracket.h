/* One bracket of successive halving (K. Jamieson, A. Talwalkar 2016): a group of arms at a low level, of which one in
 * eta goes on to the next level, and so on until the best remains. */
#ifndef AFINA_SCHEDULE_PARTS_BRACKET_H
#define AFINA_SCHEDULE_PARTS_BRACKET_H

#include "schedule/parts/arms.h"
#include "schedule/parts/levels.h"

struct bracket {
    size_t size;    /* arms to begin with */
    size_t first;   /* index of the level at which they begin */
    size_t level;   /* of the rung that is worked on */
    int64_t *arm;   /* numbers of the arms of the rung */
    int64_t *trial; /* of those that were asked, the trial that the rung waits for; -1: it ended */
    size_t n;       /* that the rung has when it is full */
    size_t asked, done;
    int is_over;
};

int32_t bracket_init(struct bracket *bracket, size_t size, size_t first_level);
void bracket_fini(struct bracket *bracket); /* a zeroed one is fine */

/* What a bracket costs in all: arms that begin at a level, of which one in eta goes on. */
double bracket_cost(const struct levels *levels, double eta, size_t size, size_t first_level);

/* What is still to be asked of it, when no arm fails. */
double bracket_outstanding(const struct bracket *bracket, const struct levels *levels, double eta);

/* A trial of one of its arms was asked: a new arm, or the next one of the rung. One that the rung does not ask for does
 * not count. */
void bracket_asked(struct bracket *bracket, const struct schedule_event *event);

/* A trial of one of its arms ended (not as late): `arms` knows it already. */
int32_t bracket_told(struct bracket *bracket, int64_t trial, const struct arms *arms, const struct levels *levels,
                     double eta);

/* There were no new points: the first rung is as large as it is. */
int32_t bracket_close(struct bracket *bracket, const struct arms *arms, const struct levels *levels, double eta);

/* Fills the action in: NEW, CONTINUE, WAIT or (the bracket is over) DONE. NEW does not come with `exhausted`. */
int32_t bracket_next(const struct bracket *bracket, const struct arms *arms, const struct levels *levels, double eta,
                     int exhausted, struct action *action);

#endif
