/* How the space of a study grows: what was declared after the first line (growths), and what a decision knows of it
 * (an era).
 *
 * A growth is an event: the host extends the space, or a trial does while it runs. The era of a decision is the
 * declared space with all growths that the decision knows, by what it had `seen`, or with lag by the numbers of the
 * trials; so it does not depend on when trials that run at the same time declare something. A point belongs to the era
 * of its trial. What looks at trials of several eras, a method above all, has a view of them as they are in one.
 */
#ifndef AFINA_STUDY_ERA_H
#define AFINA_STUDY_ERA_H

#include "study/study.h"

struct growth {
    struct space *part; /* what was declared */
    int64_t trial;      /* that declared it; -1: the host */
    int64_t known;      /* with lag the first trial whose decision may know it; of the host: the next trial */
    size_t position;    /* of the event */

    /* Of a trial: */
    const struct growth *before; /* the one of this trial before it */
    struct point *given;         /* a value for every parameter of `part` */
    struct space *space;         /* the trial's, from now on */
    struct point *point;         /* likewise, with a value for every parameter that it lacked */

    struct era *era;        /* the newest, with this growth; NULL: it was taken back */
    int is_new;             /* it is not in the study, nor is its era */
    struct era *era_before; /* the newest without it */
    struct growth *next;    /* of those that were taken back: handles may be left of them */
};

struct era {
    struct space *space;
    size_t n;
    const struct growth *growth[]; /* in the order in which they are taken */
};

/* The growths that the decision of trial `number` knows when the log has `position` events; INT64_MAX: of a trial of
 * the host's, which knows all. It lives as long as the study. The lock is held. */
int32_t study_era_at(struct study *study, int64_t number, size_t position, struct era **out);

/* A growth that would happen now; nothing knows of it yet. Of the host `trial` and `given` are NULL. The lock is held.
 */
int32_t growth_new(struct growth **out, struct study *study, struct trial *trial, struct space *part,
                   const struct point *given);

/* Takes it into the study, and back. */
void growth_apply(struct study *study, struct growth *growth);
void growth_undo(struct study *study);

/* With its era where that is not in the study. */
void growth_free(struct growth *growth);

/* The values that a trial, after the growth `before`, gets for `part`: those that it has, and draws for those that it
 * lacks. The attempt counts the draws that the filter refused. */
int32_t growth_draw(const struct study *study, const struct trial *trial, const struct growth *before,
                    struct space *part, int64_t attempt, struct point **out);

/* The first draw that the filter allows; AFINA_E_NO_POINT after SPACE_SAMPLE_TRIES of them. It runs the host's code: no
 * lock is held, the turn is. */
int32_t growth_choose(struct study *study, struct trial *trial, const struct growth *before, struct space *part,
                      struct point **out);

/* Fills in what a line of a log does not say of `given`, and checks what it says of parameters that the trial has. */
int32_t growth_complete(const struct trial *trial, const struct space *part, struct point *given);

/* 1 when the trial has all of the part's parameters. */
int growth_is_needless(const struct trial *trial, const struct space *part);

/* The newest era with a growth that is not in the study yet, in growth->era; and the room for both. */
int32_t study_grow_era(struct study *study, struct growth *growth);
void era_free(struct era *era);

/* The era of the declared space. */
int32_t study_make_eras(struct study *study);
void study_free_eras(struct study *study);

/* The space and point of a trial now, and as they were after that growth (NULL: as it was asked). */
struct space *trial_space(const struct trial *trial);
const struct point *trial_point(const struct trial *trial);
struct space *trial_space_after(const struct trial *trial, const struct growth *growth);
const struct point *trial_point_after(const struct trial *trial, const struct growth *growth);

/* The last growth of the trial that belongs to the era; NULL: there is none. */
const struct growth *trial_growth_in(const struct trial *trial, const struct era *era);

/* The point of the trial in `space`, without the parameters that it was told not to use. */
void trial_used_point(const struct trial *trial, const struct space *space, struct point *out);

/* Trials as they are in an era. */
struct era_view {
    struct era *era;
    struct point **made; /* by number, those that had to be: as it is while the trial runs, as it is after its end */
    size_t capacity;
};
void era_view_fini(struct era_view *view);

enum { TRIAL_RUNS = 0, TRIAL_ENDED = 1 };

/* Lives as long as the view. The lock is held. */
int32_t era_view_point(struct era_view *view, const struct trial *trial, int which, const struct point **out);

#endif
