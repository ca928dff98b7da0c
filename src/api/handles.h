/* What stands behind the opaque handles, and the checks that every public
 * function begins with. */
#ifndef AFINA_API_HANDLES_H
#define AFINA_API_HANDLES_H

#include "afina.h"
#include "core/fail.h"
#include "core/text.h"
#include "space/space.h"
#include "study/study.h"

/* A space under construction. `snapshot` is made when a point, a count or an
 * optimizer needs one, and dropped when the space changes. */
struct afina_space {
    struct space *space;
    struct space *snapshot;
    struct lattice *lattice;
};

struct afina_optimizer {
    struct study *study;
};

/* A trial, and its point as the host reads it. */
struct afina_trial {
    struct study *study;
    struct trial *trial;
    struct afina_point point; /* borrows the trial's values; the space is counted */
    int stop_asked;           /* afina_trial_should_stop() said 1 */
    double deadline;          /* of afina_optimize(), on the monotonic clock; INFINITY: none */
    struct run *run;          /* the afina_optimize() that evaluates it; NULL: none */
    int64_t stop_questions;   /* calls of afina_trial_should_stop() */
    int64_t refused;          /* reports that were, and why the last one was; NULL: they are not kept */
    char *refusal;
};

/* AFINA_E_ARGUMENT: "afina_ask: out is NULL". */
int32_t require(const void *pointer, const char *function, const char *argument);

/* The same for the place of a new handle, which is set to NULL. */
#define REQUIRE_OUT(out) ((out) ? (*(out) = NULL, 0) : require(NULL, __func__, #out))

/* Text that is not NULL, not empty, UTF-8 and of at most SPACE_MAX_NAME bytes. */
int32_t require_text(const char *text, const char *function, const char *argument);

/* The first check of every function on an optimizer: a handle, of this process. */
int32_t optimizer_check(const afina_optimizer *optimizer, const char *function);

/* A handle for a study, which it takes over, also on failure. */
int32_t optimizer_handle(afina_optimizer **out, struct study *study);

/* The host's point as the study keeps it: of the study's space, and with the
 * bits of what is inactive cleared. The caller frees it. */
int32_t canonical_point(const afina_optimizer *optimizer, const afina_point *point, const char *function,
                        struct afina_point *out);
void canonical_free(struct afina_point *point); /* a zeroed one is fine */

/* The same in a space that the study has or had. */
int32_t canonical_in(const afina_optimizer *optimizer, struct space *space, const afina_point *point,
                     const char *function, struct point **out);

/* Copies a text into the host's buffer by the rule of the header. */
int32_t give_text(const char *text, size_t n, char *out, size_t capacity, size_t *length, const char *function);

/* The same for a text that was built for it, and is freed: `rc` is what building it gave. */
int32_t give_built(int32_t rc, struct text *built, char *out, size_t capacity, size_t *length, const char *function);

/* The same for doubles. */
int32_t give_doubles(const double *values, size_t n, double *out, size_t capacity, size_t *count, const char *function);

/* The snapshot of a space, made if need be; the second form also of one without parameters. */
int32_t space_use(const afina_space *space, struct space **out);
int32_t space_use_empty(const afina_space *space, struct space **out);

/* A handle for a space: takes `inner` over. */
int32_t space_handle(afina_space **out, struct space *inner);

/* Fills a handle that holds no reference to the study; its point's space is counted. */
void trial_bind(afina_trial *handle, struct study *study, struct trial *trial);

/* Tells the host's observer and message function what is new in the log. It may run the
 * host's code, and free the optimizer. `delivered` does so after a call that succeeded:
 * `rc` is 0, and passes it on. */
void deliver(struct study *study);
int32_t delivered(struct study *study, int32_t rc);

/* A handle for a trial of the study. */
int32_t trial_handle(afina_trial **out, struct study *study, struct trial *trial);

/* Asks for a trial, the room for its handle first: no trial is asked that the
 * host never hears of. */
int32_t trial_ask(afina_trial **out, struct study *study);

/* Likewise a running trial of the host's own point. */
int32_t trial_start(afina_trial **out, struct study *study, const struct afina_point *point);

/* A handle for a point: takes `values` over. */
int32_t point_handle(afina_point **out, struct space *snapshot, struct point *values);

/* Seconds on the monotonic clock. */
double clock_seconds(void);

#endif
