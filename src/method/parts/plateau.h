/* The way off a plateau.
 *
 * A result that equals the best so far to the last bit says that what was changed makes no
 * difference there, and shorter steps would only say it again. After every second such result the
 * next suggestion is a perturbation of the best point: three parameters changed by half a range, and
 * one more for each of them. It is not made after every one, because a parameter that never matters
 * looks the same. Objectives that are rounded, counted or looked up have plateaus; others never meet
 * one.
 *
 * It is for searches that stay where a result is no better. One that moves to equal results crosses
 * a plateau by itself.
 */
#ifndef AFINA_METHOD_PLATEAU_H
#define AFINA_METHOD_PLATEAU_H

#include "method/method.h"

struct plateau {
    const struct space *space;
    double best;    /* the least loss */
    double *x;      /* the row where it was first */
    uint64_t equal; /* how many results since then equalled it */
    int is_due;     /* whether the last of them was a second one */
};

int32_t plateau_init(struct plateau *p, const struct space *space);
void plateau_fini(struct plateau *p); /* a zeroed one is fine */

/* Takes a result, or INFINITY for a failure, at the row. */
void plateau_told(struct plateau *p, const double *x, double loss);

/* 1 when it made the suggestion, which is off the plateau and has no note. */
int plateau_suggest(const struct plateau *p, struct suggestion *suggestion);

#endif
