/* The record of a trial, and the words for its state and origin. It lives as long as
 * its study. Number, origin, point, note and plan never change; the rest is read
 * under study_lock().
 */
#ifndef AFINA_STUDY_TRIAL_H
#define AFINA_STUDY_TRIAL_H

#include "space/space.h"

#include <stddef.h>
#include <stdint.h>

/* How a trial ended. One block of memory; its TOLD event owns it. */
struct ending {
    const struct ending *before; /* the one that it replaced (LOST), else that of a running trial */
    uint32_t position;           /* of the TOLD event */
    int32_t state;
    double *values; /* one for each objective; NULL: none */
    char *reason;   /* NULL: none */
};

/* A text under a key, or a checkpoint (key NULL). One block of memory; its event owns it. */
struct text_event {
    const struct text_event *before; /* the one told before it, of any key */
    const char *key, *text;
    const struct text_event *first; /* the last one up to this that brought a new key */
    size_t n_keys;                  /* different keys up to this one */
};

/* Parameters that a trial was told not to use. One block of memory. */
struct unused_names {
    size_t n;
    char *name[];
};

struct era;
struct growth;

/* What most trials have none of. */
struct trial_extras {
    double budget; /* INFINITY: as much as it takes */
    double start;  /* what the parent had reached when the trial was asked for; 0: it begins from nothing */
    int64_t replicate;
    int64_t parent; /* -1: none */
    int64_t arm;    /* of a trial that continues or repeats an arm; -1: it is an arm's first */
    int restarted;  /* its start was gone: it began from nothing */
    int stops;      /* how often a stopper decided that it should end */
    size_t judged;  /* reports for which the stopper said that it goes on */
    int exhausted;  /* the method had no new point when the scheduler decided */
    double *constraints;
    size_t n_constraints;
    double *errors;  /* standard errors of the values, one for each objective; NULL: not told */
    double *reports; /* n_reports rows of 1 + objectives: step, values */
    size_t n_reports, report_capacity;
    const struct text_event *attributes; /* the last one told */
    const struct text_event *checkpoint; /* the last one told */
    const struct growth *growth;         /* the last one that it declared (era.h) */
    struct unused_names *unused;
};

struct trial {
    const struct era *era;             /* the space of the point (era.h) */
    struct point *point;               /* as it was asked; trial_point() is the one that it has now */
    const struct ending *end;          /* never NULL: while it runs, one without values and reason */
    const struct trial_extras *extras; /* never NULL */
    double *note;
    uint32_t number; /* there are no more trials than events */
    uint32_t asked;  /* position of the ASKED event; TRIAL_DROPPED when the log was rewound past it */
    int32_t note_version;
    uint16_t note_size;
    uint8_t origin, state;
};

#define TRIAL_DROPPED UINT32_MAX

/* Takes the point over, where there is memory; else NULL. */
struct trial *trial_new(struct point *point, int32_t origin);
void trial_free(struct trial *trial);

/* The trial's own extras, to be changed; NULL: no memory. */
struct trial_extras *trial_own_extras(struct trial *trial);

/* How the trial stood before the event at `position`; its end is told by `end`. */
const struct ending *trial_end_before(const struct trial *trial, size_t position);

/* 1 when no constraint of the trial is above 0. */
int trial_is_feasible(const struct trial *trial);

/* The number of the first trial of its configuration. */
int64_t trial_arm(const struct trial *trial);

/* Up to which budget there is a result of it; 0: none. */
double trial_reached(const struct trial *trial);

/* What it has cost now that it ended in `state`. One with a result, and one that was lost, is charged in full; others
 * up to their last report; without a report one that failed in full, one that was stopped or infeasible nothing. */
double trial_cost(const struct trial *trial, int32_t state, size_t objectives);

/* The text that was told last under a key; NULL: none. */
const char *attribute_find(const struct text_event *last, const char *key);

/* Counts the key of an event that comes after `t->before`. */
void attribute_count_key(struct text_event *t);

/* The keys that there are, in the order in which they first came; NULL past the last one. */
size_t attribute_count(const struct text_event *last);
const char *attribute_key(const struct text_event *last, size_t index);

/* "suggested", "complete", ... and back; -1 for an unknown name. */
const char *trial_origin_name(int32_t origin);
int32_t trial_origin_from_name(const char *name);
const char *trial_state_name(int32_t state);
int32_t trial_state_from_name(const char *name);

#endif
