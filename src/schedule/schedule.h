/* A scheduler decides what the next trial is: a new arm, more budget for an arm, or another replicate of one. A stopper
 * decides whether a trial that runs should end.
 *
 * Both are folds over the log, like methods. The frame (src/study) allocates the state, feeds it events one by one, and
 * asks. They need no code for resuming, for replay or for several workers, and keep three rules:
 *
 * - `observe` alone changes what the state means. `next` and `advise` may fill caches that are a pure function of what
 *   was observed, and nothing else: asked twice, or never, they change no later answer.
 * - All randomness comes from the stream that the question brings along, which is keyed by (seed, number of the trial).
 * - A scheduler may answer ACTION_WAIT only while a trial runs. What it is waiting for ends, is lost, or fails; then it
 *   goes on with what it has.
 *
 * An arm is a configuration under test; its number is that of its first trial. A trial is an arm, with a budget, in a
 * replicate. Losses are to be minimised.
 *
 * One file a scheduler or stopper, its `const struct scheduler` or `const struct stopper` at the foot, one line in
 * schedule_registry.c.
 */
#ifndef AFINA_SCHEDULE_SCHEDULE_H
#define AFINA_SCHEDULE_SCHEDULE_H

#include "core/option.h"
#include "core/rng.h"
#include "space/space.h"

#include <stddef.h>
#include <stdint.h>

/* What a scheduler needs of the study. */
enum {
    SCHEDULE_BUDGETS = 1,   /* budgets must be declared (budget_min and budget_max) */
    SCHEDULE_REPLICATES = 2 /* it repeats arms: the option `replicates` is above 1 */
};

/* Lives as long as the state. */
struct schedule_context {
    struct space *space;
    const struct option_set *options; /* of the scheduler or stopper */
    uint64_t seed;
    double budget_min, budget_max; /* 0 < min <= max; both INFINITY when no budgets are declared */
    double budget_total;           /* that all trials together may cost; INFINITY: no limit */
    int64_t replicates;            /* that an arm may have: replicates 0..replicates-1; INT64_MAX: no limit */
};

/* What the question is asked with. */
struct situation {
    int64_t number;   /* of the trial to be */
    int64_t queued;   /* points of the host that wait to become arms */
    int64_t running;  /* trials that run */
    double remaining; /* of budget_total: what neither was spent nor is promised to running trials */
    int exhausted;    /* there are no new points: ACTION_NEW would get none */
    struct rng *rng;
};

enum { SCHEDULE_ASKED = 0, SCHEDULE_REPORT = 1, SCHEDULE_TOLD = 2 };

/* Something that happened to a trial. Each trial is ASKED before anything else, and TOLD once; after it was told as
 * LOST, a late result may follow. */
struct schedule_event {
    int32_t kind;
    int64_t trial;
    int64_t arm;               /* the number of the first trial of its configuration; trial == arm for a new one */
    int64_t parent;            /* the trial whose work this one continues, or of which it is a repetition; -1: none */
    int32_t origin;            /* AFINA_ORIGIN_* */
    const struct point *point; /* lives as long as the state */
    double budget;             /* up to which it may go; INFINITY: none was declared */
    double start;              /* where its work begins: what its parent reached; 0 without one; after a
                                  restart 0 */
    double asked_start;        /* the same as it was when the trial was asked: no restart changes it */
    int64_t replicate;
    const struct situation *situation; /* ASKED: that in which the scheduler decided it, without the stream; NULL: the
                                          host added the trial by itself */
    double step;                       /* REPORT: in units of the budget */
    double loss;                       /* REPORT, TOLD: NaN when there is none */
    int32_t state; /* TOLD: AFINA_STATE_*; PAUSED when the trial reached a budget below budget_max */
    int is_late;   /* TOLD: the trial was LOST before */
};

/* A trial costs what its budget is above its start, or 1 when no budgets are declared. */
double schedule_cost(double budget, double start);

enum {
    ACTION_NEW = 0,      /* a new arm: the first queued point, or else the method's suggestion */
    ACTION_CONTINUE = 1, /* the arm of `trial` goes on from where `trial` ended, up to `budget` */
    ACTION_REPEAT = 2,   /* the arm of `trial` once more, as `replicate` */
    ACTION_BRANCH = 3,   /* a new arm of the scheduler's own `point`, which continues the work of `trial` */
    ACTION_WAIT = 4,     /* nothing, until a running trial ends */
    ACTION_DONE = 5      /* nothing any more */
};

struct action {
    int32_t kind;
    int64_t trial;
    double budget; /* set to budget_max beforehand */
    int64_t replicate;
    struct point *point; /* room for ACTION_BRANCH: canonical and in the space */
};

/* What the evidence says of the arms. */
struct conclusion {
    int64_t arm; /* the best one; -1: no arm has a result */
    int decided; /* the promise of the scheduler (its confidence) is kept */
    double
        gap; /* the best arm is at most that much worse than the true best, with the same confidence; NaN: not said */
};

struct scheduler {
    const char *name;
    const char *summary; /* one line */
    uint32_t needs;
    const struct option *options;
    size_t n_options;
    size_t state_size;

    /* The state is zeroed. On failure the frame calls fini. AFINA_E_RANGE for options that do not fit together. */
    int32_t (*init)(void *state, const struct schedule_context *context);
    int32_t (*observe)(void *state, const struct schedule_event *event);
    int32_t (*next)(void *state, const struct situation *situation, struct action *action);
    /* 0 when the arm of that number will never be continued. NULL: any may, unless it is out or at the full budget. */
    int (*may_continue)(void *state, int64_t arm);

    void (*conclude)(void *state, struct conclusion *out); /* NULL: the frame's rule for the best trial */
    void (*fini)(void *state);                             /* accepts a half-made state */
};

/* A trial that runs, with its reports up to now. */
struct progress {
    int64_t trial, arm;
    const struct point *point;
    double budget, start;
    int64_t replicate;
    size_t n;                     /* >= 1 */
    const double *steps, *losses; /* losses may be NaN or infinite */
    struct rng *rng;
};

struct stopper {
    const char *name;
    const char *summary; /* one line */
    const struct option *options;
    size_t n_options;
    size_t state_size;
    int32_t (*init)(void *state, const struct schedule_context *context);
    int32_t (*observe)(void *state, const struct schedule_event *event);
    /* *stop = 1 when the trial should end; 0 beforehand. */
    int32_t (*advise)(void *state, const struct progress *progress, int *stop);
    void (*fini)(void *state);
};

/* schedule_registry.c. Names of methods, schedulers and stoppers are different from each other. */
size_t scheduler_count(void);
const struct scheduler *scheduler_at(size_t index);
size_t stopper_count(void);
const struct stopper *stopper_at(size_t index);

/* AFINA_E_NAME, with the nearest name, when there is none. */
int32_t scheduler_find(const char *name, const struct scheduler **out);
int32_t stopper_find(const char *name, const struct stopper **out);

#endif
