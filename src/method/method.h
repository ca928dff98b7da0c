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
 * - What was computed at cost, or cannot be derived from the points (a
 *   position in a sequence, fitted length scales), goes into the suggestion's
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

/* What a method can handle. What is missing here the frame refuses with a clear
 * error when the optimizer gets its first trial. */
enum {
    METHOD_MANY_OBJECTIVES = 1, /* more than one objective */
    METHOD_CONSTRAINTS = 2,     /* learns from constraint values; others see a violation as INFEASIBLE */
    METHOD_PORTFOLIO = 4        /* made of other methods, and itself no member of one */
};

/* Lives as long as the state. */
struct method_context {
    struct space *space; /* a snapshot */
    const struct option_set *options;
    uint64_t seed;
    size_t objectives;
    const struct point_set *seen; /* every point asked, enqueued or added so far */
    int repeats;                  /* a point may be asked again */
};

enum { OBSERVED_ASKED = 0, OBSERVED_REPORT = 1, OBSERVED_TOLD = 2 };

/* Pointers live during the call, but for `point`, which lives as long as the
 * state. Every trial is ASKED before it is TOLD, and TOLD at most once; a trial
 * added by the host is both at once. */
struct observation {
    int32_t kind;
    int64_t number; /* of the trial */
    int32_t origin; /* AFINA_ORIGIN_SUGGESTED, ... */
    const struct point *point;
    double budget;
    int64_t replicate;

    /* ASKED */
    const double *note;
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

    /* Suggestions on this space after which a cheaper method serves better. NULL: the method is cheap. */
    double (*serves)(const struct space *space);
};

/* registry.c */
size_t method_count(void);
const struct method *method_at(size_t index);
/* AFINA_E_NAME, with the nearest name, when there is none. */
int32_t method_find(const char *name, const struct method **out);

#endif
