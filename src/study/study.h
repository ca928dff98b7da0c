/* A study: the log of everything that was asked and told, and nothing else.
 *
 * The log is a list of events (event.h); what they carry is in the records of trials
 * (trial.h). commit.h says how an event gets in, log.h how the log becomes text and is
 * read. A method's knowledge is a fold over the log (fold.h); `seen` in an ASKED event
 * says how many events that fold had taken in when the point was suggested, so that
 * every suggestion can be derived again although other threads told results meanwhile.
 *
 * Every function below is thread-safe. Suggestions are made one at a time, by
 * the thread that holds the `turn`; the lock is not held while a method thinks or the
 * host's filter runs.
 */
#ifndef AFINA_STUDY_STUDY_H
#define AFINA_STUDY_STUDY_H

#include "core/fail.h"
#include "core/option.h"
#include "core/text.h"
#include "experiment/aggregate.h"
#include "method/method.h"
#include "schedule/schedule.h"
#include "space/space.h"
#include "study/event.h"
#include "study/trial.h"

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

struct advice;
struct arm_mean;
struct era;
struct fold;
struct growth;
struct stored;

/* A point that waits. */
struct queued {
    struct space *space; /* counted */
    struct point *point;
};

struct study {
    struct space *space; /* as it is now: that of `era` */

    /* Fixed from the first trial on. */
    const struct method *method;
    struct option_set options; /* study_options */
    struct option_set method_options;
    struct option_set *others; /* of each component (component.h) that has dotted options; NULL: none has */
    int begun;                 /* the options were taken over into what follows */
    uint64_t seed;
    size_t objectives;
    double *signs; /* of each objective: 1 minimise, -1 maximise */
    int64_t lag;
    int repeats;
    const struct scheduler *scheduler;
    const struct stopper *stopper;
    double budget_min, budget_max; /* both INFINITY: no budgets are declared */
    double budget_total;
    int64_t replicates;
    const struct aggregate *aggregate; /* of replicates; NULL: the mean */
    double aggregate_parameter;
    int64_t regret_end;
    char *header; /* the first line of the log, with its end; NULL: not fixed yet */
    size_t header_length;
    int needs_filter;   /* the header says there was one */
    int suggested_here; /* this handle made a suggestion: the filter is fixed */

    /* The log. */
    struct event *events;
    size_t n_events, event_capacity;
    uint64_t rewound;      /* how often events were taken back */
    size_t shared_lines;   /* those up to here were handed out, or came in: they may stand in a store */
    uint64_t changes;      /* of the log, either way */
    struct stored *stored; /* where the log lives (stored.h); NULL: here alone */
    struct trial **trials;
    size_t n_trials, trial_capacity;
    struct growth **growths; /* in the order of their events (era.h) */
    size_t n_growths, growth_capacity;
    struct queued *queue;
    size_t n_queue, queue_capacity, queue_head;
    char **workers; /* the names of those who committed events */
    size_t n_workers, worker_capacity;
    struct name_table worker_names;
    const struct text_event *attributes; /* the last one told of the study */
    struct trial **dropped;              /* trials that were taken back: handles may be left of them */
    size_t n_dropped, dropped_capacity;
    struct growth *dropped_growths; /* likewise */

    /* Derived from it. */
    struct era **eras; /* the first one is that of the declared space */
    size_t n_eras, era_capacity;
    struct era *era; /* with all growths */
    struct fold *fold;
    int may_have_waited;     /* the host added a trial or queued a point after a decision that waited (ask.c) */
    struct advice *advice;   /* of the stopper; used by the thread that has `advising` */
    uint64_t advice_rewound; /* `rewound` when it was made */
    int64_t best;            /* trial, or -1 */
    struct arm_mean *means;  /* the replicates of arms, by number (best.c) */
    size_t n_means, mean_capacity;
    int64_t most_replicates; /* that an arm has */
    size_t n_constraints;    /* how many constraint values a trial has */
    size_t n_constrained;    /* trials that were told theirs */

    /* The handle. */
    struct callback *message;  /* an afina_message_function */
    struct callback *observer; /* an afina_observer */
    size_t delivered;          /* events of the log that these heard of (delivery.h) */
    int64_t delivered_best;    /* the best trial among them, or -1 */
    int delivering;
    pthread_t deliverer;
    pthread_cond_t delivery_ended, changed;
    int32_t answer; /* of a callback that wants an end: the first such status; 0: none */
    char answer_text[FAIL_TEXT_SIZE];
    pthread_mutex_t lock, next; /* study_lock() */
    pthread_mutex_t advising;   /* taken before the lock */
    pthread_cond_t turn_free;
    int turn_taken;
    pthread_t turn_owner;
    _Atomic int32_t references;
    _Atomic int32_t cancelled;
    _Atomic int32_t closed; /* the host freed its optimizer */
    int64_t process;        /* where it was made */
};

/* `space` is a snapshot, and is referenced. */
int32_t study_new(struct study **out, struct space *space, const struct method *method);
struct study *study_reference(struct study *study);
void study_release(struct study *study);

/* The study's space as it is now, counted for the caller: another one takes its place when the
 * filter is set or the space grows. Who has the turn reads study->space itself. */
struct space *study_space(const struct study *study);

/* 1 when it is not the declared one any more. */
int study_has_grown(const struct study *study);

/* The space of the first line, likewise. */
struct space *study_declared_space(const struct study *study);

/* AFINA_E_FORKED in a child of the process that made it. No lock is touched. */
int study_is_forked(const struct study *study);
int32_t study_check_process(const struct study *study);

/* The same, and AFINA_E_STATE when the optimizer was freed. */
int32_t study_check(const struct study *study);

/* AFINA_E_FORKED, or AFINA_E_STATE when the log was rewound past the trial. */
int32_t study_check_trial(const struct study *study, const struct trial *trial);

/* Options by key: those of the study first, then those of the method. */
int32_t study_set_integer(struct study *study, const char *key, int64_t value);
int32_t study_set_real(struct study *study, const char *key, double value);
int32_t study_set_string(struct study *study, const char *key, const char *value);
int32_t study_set_reals(struct study *study, const char *key, const double *values, size_t count);
int32_t study_get_reals(struct study *study, const char *key, double *values, size_t capacity, size_t *count);
int32_t study_get_integer(struct study *study, const char *key, int64_t *value);
int32_t study_get_real(struct study *study, const char *key, double *value);
int32_t study_get_string(struct study *study, const char *key, struct text *out); /* appends a copy */
int32_t study_set_filter(struct study *study, afina_filter filter, void *user, afina_release release);
int32_t study_share_filter(struct study *study, const struct space *with); /* the one of another space */

/* Messages to the host's function, if there is one; called without the lock. */
int32_t study_set_message(struct study *study, afina_message_function function, void *user, afina_release release);
void study_log(struct study *study, int32_t level, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 3, 4)))
#endif
    ;

/* What afina_optimize() obeys, read together. `target` is NaN when there is none. */
struct study_limits {
    double seconds, target, trial_seconds;
    int64_t workers;
};
void study_get_limits(struct study *study, struct study_limits *out);

int32_t study_ask(struct study *study, struct trial **out);
/* Points of the host's own are of the study's space, or of one from before it grew. */
int32_t study_add(struct study *study, const struct afina_point *point, int32_t state, const double *values,
                  size_t count, struct trial **out);
/* A trial of the host's own point, which runs. */
int32_t study_start(struct study *study, const struct afina_point *point, struct trial **out);
int32_t study_enqueue(struct study *study, const struct afina_point *point);

/* The space grows by a part: by the host, or by a trial while it runs, which gets a value for what it lacks. */
int32_t study_extend(struct study *study, struct space *part);
int32_t study_extend_trial(struct study *study, struct trial *trial, struct space *part);
int32_t study_tell_unused(struct study *study, const struct trial *trial, const char *const *names, size_t count);

/* What is told of a trial whose record is held: AFINA_E_STATE when the log was rewound past it. */
int32_t study_report(struct study *study, struct trial *trial, double step, const double *values, size_t count);
int32_t study_constrain(struct study *study, const struct trial *trial, const double *values, size_t count);
int32_t study_tell_errors(struct study *study, const struct trial *trial, const double *errors, size_t count);
int32_t study_tell_restarted(struct study *study, const struct trial *trial);
int32_t study_tell_checkpoint(struct study *study, const struct trial *trial, const char *text);
int32_t study_tell_attribute(struct study *study, const struct trial *trial, const char *key, const char *text);
int32_t study_set_attribute(struct study *study, const char *key, const char *text);

/* Ends a running or lost trial. state COMPLETE takes values (a NaN makes it FAILED),
 * STOPPED takes the last report's, the others take none. reason may be NULL. */
int32_t study_tell(struct study *study, int64_t number, int32_t state, const double *values, size_t count,
                   const char *reason);

/* The same for a trial whose record is held: AFINA_E_STATE when the log was rewound past it. */
int32_t study_tell_trial(struct study *study, struct trial *trial, int32_t state, const double *values, size_t count,
                         const char *reason);

/* AFINA_E_STATE when the log was rewound past the trial. The lock is held. */
int32_t study_check_current(const struct trial *trial);

/* pthread_cond_wait(), in which the host cannot cancel the thread: it would end with the
 * lock held. */
void wait_for(pthread_cond_t *condition, pthread_mutex_t *lock);

void study_lock(const struct study *study);
void study_unlock(const struct study *study);

/* AFINA_E_NOT_FOUND when there is none of that number. */
int32_t study_trial(const struct study *study, int64_t number, struct trial **out);
int64_t study_trial_count(const struct study *study);
int32_t study_best(struct study *study, struct trial **out);

/* What the scheduler says of the arms. AFINA_E_UNSUPPORTED where it says nothing. */
int32_t study_conclude(struct study *study, struct conclusion *out);

/* The trials with a checkpoint that no later trial will continue, ascending. */
int32_t study_stale_checkpoints(struct study *study, int64_t *numbers, size_t capacity, size_t *count);

/* What all trials have cost, and what is promised to those that run. */
void study_get_cost(struct study *study, double *spent, double *promised);

/* How many objectives a trial has; before the first trial what the options say. */
size_t study_objectives(const struct study *study);

/* When the trial was asked for and when it ended, in milliseconds since 1970; EVENT_TIMELESS
 * when it has not or the log does not say. The lock is held. */
int64_t study_started(const struct study *study, const struct trial *trial);
int64_t study_ended(const struct study *study, const struct trial *trial);

/* Another number after every change of the log; and a wait until it is another than `changes`
 * or the time is over. */
uint64_t study_changes(const struct study *study);
void study_wait_change(struct study *study, uint64_t changes, double seconds);

/* 1 when `value` of the only objective is at least as good as `target`. */
int study_reached(const struct study *study, double value, double target);

/* 1 when trials have budgets, replicates or a total: what comes next is not the method's decision alone. */
int study_plans(const struct study *study);

/* 1 when the last report of the trial reached its budget. The lock is held. */
int study_has_reported_all(const struct study *study, const struct trial *trial);

/* 0 while the scheduler is "none", and while the stopper is "never". Once the study has begun. */
int study_is_scheduled(const struct study *study);
int study_has_stopper(const struct study *study);

/* The rule that study_best() chooses by; the lock is held. */
int study_may_be_best(const struct study *study, const struct trial *trial);

/* 1 when the trial is better than the one of the number `best` (-1: none); the earlier of
 * equals is. */
int study_is_better(const struct study *study, const struct trial *trial, int64_t best);
void study_update_best(struct study *study, const struct trial *trial);
void study_find_best(struct study *study);

/* Room for one replicate more of the trial's arm. */
int32_t study_reserve_mean(struct study *study, const struct trial *trial);
void study_free_means(struct study *study);

/* The values of the last report, or NULL; the lock is held. */
const double *study_last_report(const struct study *study, const struct trial *trial);

#endif
