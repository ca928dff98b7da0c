/* A study: the log of everything that was asked and told, and nothing else.
 *
 * The log is a list of events. What an event carries (a point, values, reports)
 * is kept once, in the record of its trial. A method's knowledge is a fold over
 * the log (fold.h); `seen` in an ASKED event says how many events that fold had
 * taken in when the point was suggested, so that every suggestion can be derived
 * again although other threads told results meanwhile.
 *
 * Every function below is thread-safe. Suggestions are made one at a time, by
 * whoever holds the `turn`; the lock is not held while a method thinks or the
 * host's filter runs.
 */
#ifndef AFINA_STUDY_STUDY_H
#define AFINA_STUDY_STUDY_H

#include "core/option.h"
#include "method/method.h"
#include "space/space.h"

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

enum event_kind {
    EVENT_ENQUEUED = 0,    /* subject: index in the queue */
    EVENT_ASKED = 1,       /* subject: trial; also for a trial that the host adds */
    EVENT_REPORT = 2,      /* subject: trial; detail: index of the report */
    EVENT_CONSTRAINTS = 3, /* subject: trial */
    EVENT_TOLD = 4,        /* subject: trial */
    EVENT_ERRORS = 5       /* subject: trial */
};

struct event {
    int32_t kind;
    int64_t subject;
    uint64_t detail; /* ASKED: `seen` */
};

struct trial {
    int64_t number;
    int32_t state;
    int32_t origin;
    double budget; /* INFINITY: as much as it takes */
    int64_t replicate;
    struct point *point;
    double *note;
    size_t note_size;
    double *values; /* one for each objective; NULL: none */
    double *constraints;
    size_t n_constraints;
    double *errors;  /* standard errors of the values, one for each objective; NULL: not told */
    double *reports; /* n_reports rows of 1 + objectives: step, values */
    size_t n_reports, report_capacity;
    char *reason;
};

enum { LOG_FORMAT = 1 };

/* The names of the events in a log, by kind. */
extern const char *const event_names[];

struct fold;

struct study {
    /* Fixed from the first trial on. */
    struct space *space;
    const struct method *method;
    struct option_set options; /* study_options */
    struct option_set method_options;
    int begun;
    uint64_t seed;
    size_t objectives;
    double *signs; /* of each objective: 1 minimise, -1 maximise */
    int64_t lag;
    int repeats;
    int needs_filter; /* the log says there was one */

    /* The log. */
    struct event *events;
    size_t n_events, event_capacity;
    struct trial **trials;
    size_t n_trials, trial_capacity;
    struct point **queue;
    size_t n_queue, queue_capacity, queue_head;

    /* Derived from it. */
    struct fold *fold;
    int64_t best; /* trial, or -1 */

    /* The handle. */
    afina_message_function log;
    void *log_user;
    pthread_mutex_t lock;
    pthread_cond_t turn_free;
    int turn_taken;
    pthread_t turn_owner;
    int32_t references; /* atomic */
    int32_t cancelled;  /* atomic */
    int32_t closed;     /* the host freed its optimizer; atomic */
    int64_t process;    /* where it was made */
};

/* The options that every optimizer has. */
extern const struct option study_options[];
extern const size_t study_option_count;

/* `space` is a snapshot, and is referenced. */
int32_t study_new(struct study **out, struct space *space, const struct method *method);
struct study *study_reference(struct study *study);
void study_release(struct study *study);

/* The study's space, counted for the caller: another one takes its place when the
 * filter is set. Who has the turn reads study->space itself. */
struct space *study_space(const struct study *study);

/* AFINA_E_FORKED in a child of the process that made it. No lock is touched. */
int study_is_forked(const struct study *study);
int32_t study_check_process(const struct study *study);

/* The same, and AFINA_E_STATE when the optimizer was freed. */
int32_t study_check(const struct study *study);

/* Options by key: those of the study first, then those of the method. */
int32_t study_set_integer(struct study *study, const char *key, int64_t value);
int32_t study_set_real(struct study *study, const char *key, double value);
int32_t study_set_string(struct study *study, const char *key, const char *value);
int32_t study_get_integer(struct study *study, const char *key, int64_t *value);
int32_t study_get_real(struct study *study, const char *key, double *value);
int32_t study_get_string(struct study *study, const char *key, const char **value);
int32_t study_set_filter(struct study *study, afina_filter filter, void *user);

/* Messages to the host's log function, if there is one; called without the lock. */
void study_set_log(struct study *study, afina_message_function function, void *user);
void study_log(struct study *study, int32_t level, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 3, 4)))
#endif
    ;

/* What afina_optimize() obeys, read together. `target` is NaN when there is none. */
struct study_limits {
    double seconds, target;
    int64_t workers;
};
void study_get_limits(struct study *study, struct study_limits *out);

/* A trial's record lives as long as the study. Its number, origin, point,
 * budget and replicate never change; the rest is read under study_lock. */
int32_t study_ask(struct study *study, struct trial **out);
int32_t study_add(struct study *study, const struct point *point, int32_t state, const double *values, size_t count,
                  struct trial **out);
int32_t study_enqueue(struct study *study, const struct point *point);
int32_t study_report(struct study *study, struct trial *trial, double step, const double *values, size_t count);
int32_t study_constrain(struct study *study, int64_t number, const double *values, size_t count);
int32_t study_tell_errors(struct study *study, int64_t number, const double *errors, size_t count);

/* Ends a running trial. state COMPLETE takes values (a NaN makes it FAILED),
 * STOPPED takes the last report's, the others take none. reason may be NULL. */
int32_t study_tell(struct study *study, int64_t number, int32_t state, const double *values, size_t count,
                   const char *reason);

/* pthread_cond_wait(), in which the host cannot cancel the thread: it would end with the
 * lock held. */
void wait_for(pthread_cond_t *condition, pthread_mutex_t *lock);

void study_lock(const struct study *study);
void study_unlock(const struct study *study);

/* AFINA_E_NOT_FOUND when there is none of that number. */
int32_t study_trial(const struct study *study, int64_t number, struct trial **out);
int64_t study_trial_count(const struct study *study);
int32_t study_best(struct study *study, struct trial **out);

/* What the method's model believes, in the units and the direction of the values
 * told (question.c). Points are canonical. AFINA_E_UNSUPPORTED when the method has no
 * model or its model no such thing, AFINA_E_STATE when too little was told. */
struct surrogate_fold;
int32_t study_predict(struct study *study, const struct point *point, double *mean, double *sd);
int32_t study_predict_quantile(struct study *study, const struct point *point, double p, double *value);
int32_t study_predict_noise(struct study *study, const struct point *point, double *sd);
int32_t study_draw(struct study *study, const struct point *const *points, size_t n, size_t draws, uint64_t seed,
                   double *values);
int32_t study_length_scale(struct study *study, size_t parameter, double *value);
int32_t study_importances(struct study *study, double *shares); /* one for each parameter */
int32_t study_leave_one_out(struct study *study, struct surrogate_fold **folds, size_t *count); /* the caller frees */
int32_t study_model_fallbacks(struct study *study, int64_t *count);

/* Of the trials that study_best() chooses among the one that the model expects most
 * of; study_best()'s where there is no model, or too little to make one of. */
int32_t study_best_expected(struct study *study, struct trial **out);

/* 1 when no constraint of the trial is above 0. The lock is held. */
int trial_is_feasible(const struct trial *trial);

/* 1 when `value` of the only objective is at least as good as `target`. */
int study_reached(const struct study *study, double value, double target);

/* The log as text (log_write.c, log_read.c), and its proof (replay.c). */
struct text;
int32_t study_to_json(const struct study *study, struct text *out);
int32_t study_from_json(struct study **out, const char *text, size_t length);
int32_t study_replay(struct study *study, int64_t *number);

/* --------------------------------------------------- between files of study/ */

/* Freezes the options and makes the fold. The turn is held. */
int32_t study_begin(struct study *study);

/* A study read from a log that had a filter makes no suggestion without it. */
int32_t study_check_filter(const struct study *study);

/* The fold is made when it is first needed: a study that is only read, or fed with
 * results, costs no method. The turn is held. */
int32_t study_ensure_fold(struct study *study);

/* A fold that ran out of memory half-way is dropped; the next ask makes it anew
 * from the log. Passes `rc` on. */
int32_t study_drop_broken_fold(struct study *study, int32_t rc);

/* Waits for the turn to add trials. AFINA_E_BUSY for the thread that has it
 * (a filter that asks). Returns with the lock held when 0. */
int32_t study_take_turn(struct study *study);
void study_leave_turn(struct study *study); /* the lock is held, and released */

/* For a scope in which the host's filter runs: an exception that passes through it
 * leaves the turn, and a fold that may be half-way is dropped. Set to NULL at its end. */
#define STUDY_TURN_GUARD __attribute__((cleanup(study_abandon_turn)))
void study_abandon_turn(struct study **study);

/* Appends to the log; the lock is held; the point and note are taken over on success. */
int32_t study_append_trial(struct study *study, struct trial *trial, uint64_t seen);
int32_t study_append_event(struct study *study, int32_t kind, int64_t subject, uint64_t detail);
int study_may_be_best(const struct study *study, const struct trial *trial);
void study_update_best(struct study *study, const struct trial *trial);
int32_t study_parse_direction(const char *text, size_t objectives, double *signs);
struct trial *trial_new(const struct point *point, int32_t origin); /* copies the point; NULL: no memory */
void trial_free(struct trial *trial);

/* "suggested", "complete", ... and back; -1 for an unknown name. */
const char *trial_origin_name(int32_t origin);
int32_t trial_origin_from_name(const char *name);
const char *trial_state_name(int32_t state);
int32_t trial_state_from_name(const char *name);

#endif
