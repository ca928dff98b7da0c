/* A method with what it has learned from a log so far. The live study has one;
 * a replay makes another over the same log. */
#ifndef AFINA_STUDY_FOLD_H
#define AFINA_STUDY_FOLD_H

#include "schedule/no_gain.h"
#include "experiment/additive.h"
#include "schedule/parts/arms.h"
#include "space/lattice.h"
#include "study/era.h"
#include "study/study.h"

/* The scheduler, and what the study has spent, as far as the fold knows. */
struct fold_schedule {
    struct schedule_context context;
    void *state; /* of the scheduler */
    struct arms arms;
    struct additive replicates; /* the losses of arms on replicates; no folds: they are not kept */
    double spent, promised;     /* by trials that ended, to trials that run */
    int64_t running, enqueued, dequeued;
    size_t queue_position;      /* events that were looked through for queued points */
    struct situation situation; /* of the decision of the trial that is asked next */
    struct rng rng;
    int shows_arms; /* the method is shown arms (fold_arms.c), not trials */
    int is_stale;   /* it was shown others than there are */
    size_t shown;   /* arms that a method which does not learn was shown */
};

/* How many trials had all values of each parameter of a space that has grown (fold_explore.c). */
struct fold_explored {
    size_t *trials; /* NULL: it has not grown */
    unsigned char *is_whole;
    const struct space *of; /* of which is_whole is */
};

/* What the next trial is. */
struct decision {
    int32_t kind;      /* ACTION_*; NEW: of the point that was queued first, or else of the fold's suggestion */
    int from_queue;    /* NEW */
    int exhausted;     /* the method had no new point */
    int64_t parent;    /* -1: none */
    double budget;     /* INFINITY: none is declared */
    int64_t replicate; /* 0 for new arms */
};

struct fold {
    struct study *study;
    struct era_view view;          /* the era that it knows, and trials in it; era NULL: none yet */
    struct fold_schedule schedule; /* when study_plans() */
    struct method_context context;
    void *state;           /* of the method; NULL: the space has no parameter yet */
    struct point_set seen; /* borrows the points of the view */
    struct no_gain no_gain;
    struct fold_explored explored;
    struct lattice *lattice; /* of the suggestible points of a finite space; else NULL */
    uint64_t points;         /* how many it has; UINT64_MAX: no end */
    uint64_t used;           /* suggestible points among those seen */
    size_t position;         /* lag 0: events taken in */
    int64_t asked, told;     /* lag > 0: trials taken in as asked and as told */
    int64_t followed;        /* lag > 0: decisions before this trial are taken in as they knew it */
    int64_t *lost;           /* lag > 0: those that were taken in as lost */
    size_t n_lost, lost_capacity;
    double *losses; /* room for one observation */

    /* The last suggestion. */
    struct point *point;
    double *note; /* room for METHOD_NOTE_MAX */
    size_t note_size;
};

int32_t fold_new(struct fold **out, struct study *study);

/* Begins anew in an era, unless it is in it: all that was before is then taken in again, as it is in the new space. */
int32_t fold_enter(struct fold *fold, struct era *era);
void fold_free(struct fold *fold);

/* Takes in what the suggestion of trial `number` may know: with lag 0 the events
 * before `position`, with lag L the trials that the order of numbers allows, with
 * their ends as of `position`. AFINA_WAIT when one of those is still running; then
 * nothing was taken in. The lock is held. */
int32_t fold_advance(struct fold *fold, int64_t number, size_t position);

/* The same for a question to the model, which never waits: what is missing it does not know. A fold that
 * holds lost trials afterwards is of no use for suggestions: they may know other ends. */
int32_t fold_advance_for_question(struct fold *fold, int64_t number, size_t position);

/* 1 when the option `no_gain` ends the study, by what the fold knows. */
int fold_is_over(const struct fold *fold);

/* Decides what trial `number` is; `position` as in fold_advance(). A new arm's point, if it is not the queue's, is
 * in fold->point and its note: a valid point that was not seen before (unless the study repeats points). AFINA_WAIT
 * while only the end of a running trial can tell; AFINA_DONE when the scheduler has no more or the total is spent;
 * AFINA_EXHAUSTED when the method has no more points. The turn is held, the lock is not. */
int32_t fold_decide(struct fold *fold, int64_t number, size_t position, struct decision *out);

/* The parts of it. fold.c: the method's suggestion. */
int32_t fold_suggest(struct fold *fold, int64_t number);

/* fold_schedule.c: what the scheduler and the accounts are shown. The lock is held. */
int32_t fold_schedule_init(struct fold *fold);
void fold_schedule_fini(struct fold *fold);
int32_t fold_schedule_asked(struct fold *fold, const struct trial *trial, const struct point *point);
int32_t fold_schedule_report(struct fold *fold, const struct trial *trial, const struct point *point, double step,
                             double loss);
int32_t fold_schedule_told(struct fold *fold, const struct trial *trial, const struct observation *o, double loss,
                           int is_late);
void fold_schedule_restarted(struct fold *fold, const struct trial *trial);

/* Sets the situation in which trial `number` is decided: the fold stands where that decision stood, and the log has
 * `position` events. The lock is held. */
void fold_situate(struct fold *fold, int64_t number, size_t position, int exhausted);

/* The scheduler's answer in that situation; a trial that the total cannot pay is WAIT or DONE. */
int32_t fold_ask_scheduler(struct fold *fold, struct action *action);

/* fold_advance.c: 1 when the method can read the note: it was written by its version, and in the era of the fold. */
int fold_has_note(const struct fold *fold, const struct trial *trial);

/* What the method is told of who chose the point: one that it suggested in another era is as one of the host's, so that
 * its sequence of points in this one is whole. */
int32_t fold_origin(const struct fold *fold, const struct trial *trial);

/* fold_explore.c: counts a trial; and draws the values of a suggestion that few trials could have. */
int32_t fold_explore_asked(struct fold *fold, const struct trial *trial);
void fold_explore(struct fold *fold, struct suggestion *s);
void fold_explored_fini(struct fold_explored *explored);

/* fold_arms.c: shows the method every arm anew, when it was shown others. The lock is held. */
int32_t fold_show_arms(struct fold *fold);

/* fold_regret.c: AFINA_DONE when the option `regret_end` ends the study before trial `number`; the fold knows what its
 * decision will. The turn is held, the lock is not. */
int32_t fold_check_regret(struct fold *fold, int64_t number);

/* AFINA_E_UNSUPPORTED when the option is set and the method has no model. */
int32_t fold_check_model(const struct fold *fold);

/* fold_advance.c: with lag takes in the end of one more trial than the lag allows, which a decision waits for;
 * AFINA_WAIT when it runs or there is none. The lock is held. */
int32_t fold_take_one_more(struct fold *fold, int64_t number, size_t position);

#endif
