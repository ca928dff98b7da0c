/* A search method: a fold over what was asked and told, and a proposal from it.
 *
 * The frame (src/study) allocates the state, feeds it observations one by one,
 * and asks it for points. A method therefore needs no code for resuming,
 * replaying or parallel workers; it only has to keep three rules:
 *
 * - `observe` alone changes what the state means. `suggest` may fill caches that
 *   are a pure function of the observations, and nothing else: calling it twice,
 *   or never, changes no later proposal.
 * - All randomness comes from the suggestion's stream, which is keyed by (seed,
 *   number of the trial). A design that is drawn once for all (a scramble) comes
 *   from rng_start(seed, 0, RNG_DESIGN).
 * - What was computed at cost, or cannot be derived from the points (an
 *   index in a sequence, fitted length scales), goes into the suggestion's
 *   note. The frame logs it, and every process that folds the log gets it back
 *   in the ASKED observation, this one included.
 *
 * One file a method, its `const struct method` at the foot, one line in
 * registry.c.
 */
#ifndef AFINA_METHOD_METHOD_H
#define AFINA_METHOD_METHOD_H

#include "core/option.h"
#include "core/rng.h"
#include "space/point_set.h"
#include "space/space.h"
#include "surrogate/surrogate.h"

/* What the frame, the tests and hosts have to know about a method. registry.c has their public names. */
enum {
    METHOD_MANY_OBJECTIVES = 1, /* takes more than one objective; of the others the frame refuses such a study */
    METHOD_CONSTRAINTS = 2,     /* learns from constraint values; others see a violation as INFEASIBLE */
    METHOD_PORTFOLIO = 4,       /* made of other methods, and itself no member of one */
    METHOD_LEARNS = 8,          /* what is told decides what is suggested; the others suggest the same points anyway */
    METHOD_ERRORS = 16,         /* learns from the standard errors of results */
    METHOD_REPORTS = 32,        /* learns from reports of trials that still run */
    METHOD_BUDGETS = 64,        /* learns from results at different budgets */
    METHOD_ENDS = 128,          /* may answer AFINA_EXHAUSTED while the space has points that were not asked */
    METHOD_HOST_ONLY = 256,     /* suggests nothing of its own: every point is the host's */
    METHOD_MODEL = 512          /* not to be set: whether there is a `model` says it */
};

/* Lives as long as the state. */
struct method_context {
    struct space *space; /* a snapshot */
    const struct option_set *options;
    const struct option_set *others; /* options of the registry's methods, by index, for members of a portfolio; a
                                        zeroed set: the defaults; NULL: all at theirs */
    uint64_t seed;
    size_t objectives;
    const struct point_set *seen; /* every point asked, enqueued or added so far */
    int repeats;                  /* a point may be asked again */
};

enum { OBSERVED_ASKED = 0, OBSERVED_REPORT = 1, OBSERVED_TOLD = 2 };

/* Pointers live during the call, but for `point`, which lives as long as the
 * state. Every trial is ASKED before it is TOLD; a trial added by the host is both at
 * once. It is TOLD at most once, unless it was LOST: a late result may follow, and then
 * comes without the note, as if the host had added it. A trial that was LOST teaches
 * nothing: the method forgets that it runs. When the space has grown the method begins anew in the new one; trials of
 * before come as the host's (ENQUEUED), without notes, and parameters that a trial did not use are inactive in its
 * point whatever their conditions say. A method without METHOD_BUDGETS is not shown trials that are not full
 * (trial_is_full()). */
struct observation {
    int32_t kind;
    int64_t number; /* of the trial */
    int32_t origin; /* AFINA_ORIGIN_SUGGESTED, ... */
    const struct point *point;
    double budget;
    int64_t replicate;
    const double *note; /* what the suggestion wrote */
    size_t note_size;

    /* REPORT, TOLD: one loss for each objective, to be minimised whatever the
     * direction; may be infinite, never NaN. NULL when the trial has none (FAILED, INFEASIBLE, LOST,
     * STOPPED without a report). */
    const double *losses;
    double step; /* REPORT */

    /* TOLD */
    int32_t state; /* AFINA_STATE_COMPLETE, ... */
    const double *constraints;
    size_t n_constraints;
    const double *errors; /* standard errors of the losses, finite and >= 0; NULL when not told, or no losses */
};

/* The most a note may hold. */
enum { METHOD_NOTE_MAX = 4096 };

struct suggestion {
    struct rng *rng; /* in: the trial's stream */
    int64_t number;  /* in: of the trial to be */
    uint32_t
        attempt; /* in: how many proposals for this trial were refused (seen already, or forbidden by the filter) */
    struct point *point; /* out: canonical and in the space */
    double *note;        /* out: room for METHOD_NOTE_MAX finite doubles */
    size_t note_size;    /* out: how many were written; 0 at the start */
};

struct method {
    const char *name;
    const char *summary; /* one line */
    uint32_t traits;
    const struct option *options;
    size_t n_options;
    size_t state_size;

    /* Of the notes that suggest() writes: raised when they change their meaning. A note of another
     * version is observed as none. What is made of other methods counts their versions too. */
    int32_t note_version;

    /* The state is zeroed. On failure the frame calls fini. */
    int32_t (*init)(void *state, const struct method_context *context);
    int32_t (*observe)(void *state, const struct observation *observation);
    /* 0, AFINA_EXHAUSTED when the method has no more points, or an error. */
    int32_t (*suggest)(void *state, struct suggestion *suggestion);
    void (*fini)(void *state); /* accepts a half-made state */

    /* The model behind the proposals, brought up to date with all observations; it
     * is good until the state is used again. Like `suggest` it may fill caches and
     * nothing else. AFINA_E_STATE when too little was told. NULL: there is none. */
    int32_t (*model)(void *state, struct surrogate *out);

    /* The number of suggestions on this space after which a cheaper method finds better points in the same time. NULL:
     * the method is cheap. */
    double (*break_even)(const struct space *space);
};

/* The public side of the traits above. */
struct method_trait {
    const char *name;
    const char *summary; /* one line */
    uint32_t flag;
};

/* registry.c */
size_t method_count(void);
const struct method *method_at(size_t index);
/* AFINA_E_NAME, with the nearest name, when there is none. */
int32_t method_find(const char *name, const struct method **out);
/* Its traits, METHOD_MODEL among them. */
uint32_t method_traits(const struct method *method);

size_t method_trait_count(void);
const struct method_trait *method_trait_at(size_t index); /* NULL beyond the count */

#endif
