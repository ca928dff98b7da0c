/* What happens in a study: the kinds of events, the fields that one is told by, and how
 * one is kept.
 *
 * An event that is about to happen is a `struct entry`: a call of the host fills one in,
 * and so does a line of a log. commit.h takes it into the study. What was taken in is
 * a `struct event` in the study's list, and a view of it as an entry becomes a line
 * again. The table event_kinds says everything that differs from kind to kind.
 */
#ifndef AFINA_STUDY_EVENT_H
#define AFINA_STUDY_EVENT_H

#include "space/space.h"

#include <stddef.h>
#include <stdint.h>

enum {
    EVENT_ENQUEUED = 0,    /* a point waits for a later trial */
    EVENT_ASKED = 1,       /* a trial came to be; also one that the host adds */
    EVENT_REPORT = 2,      /* an intermediate result */
    EVENT_CONSTRAINTS = 3, /* the constraint values of a trial */
    EVENT_TOLD = 4,        /* a trial ended */
    EVENT_ERRORS = 5,      /* the standard errors of a trial's values */
    EVENT_STOP = 6,        /* a stopper decided that a trial should end */
    EVENT_ATTRIBUTE = 7,   /* a text under a key, of a trial or of the study */
    EVENT_CHECKPOINT = 8,  /* where the work of a trial can be taken up again */
    EVENT_RESTARTED = 9,   /* a trial could not continue its parent's work: it began from nothing */
    EVENT_DECLARED = 10,   /* the space grew */
    EVENT_UNUSED = 11,     /* the parameters that a trial does not use */
    EVENT_KINDS = 12
};

/* The fields of all kinds, in the order in which a line has them. */
enum {
    FIELD_TRIAL = 1 << 0,
    FIELD_ORIGIN = 1 << 1,
    FIELD_SEEN = 1 << 2,
    FIELD_PARENT = 1 << 3,
    FIELD_BUDGET = 1 << 4,
    FIELD_REPLICATE = 1 << 5,
    FIELD_EXHAUSTED = 1 << 6,
    FIELD_SPACE = 1 << 7,
    FIELD_POINT = 1 << 8,
    FIELD_NOTE_VERSION = 1 << 9,
    FIELD_NOTE = 1 << 10,
    FIELD_STEP = 1 << 11,
    FIELD_STATE = 1 << 12,
    FIELD_VALUES = 1 << 13,
    FIELD_REASON = 1 << 14,
    FIELD_NAMES = 1 << 15,
    FIELD_KEY = 1 << 16,
    FIELD_TEXT = 1 << 17,
    FIELD_TIME = 1 << 18,
    FIELD_WORKER = 1 << 19,
    FIELD_COUNT = 20
};

/* An event in its fields. `present` says which of them it has. All that it points to is
 * borrowed. */
struct entry {
    int32_t kind;
    uint32_t present;
    int64_t trial;
    int32_t origin; /* AFINA_ORIGIN_* */
    int32_t state;  /* AFINA_STATE_* */
    int64_t seen;   /* how many events a decision knew */
    int64_t parent; /* the trial whose work is continued */
    double budget;
    int64_t replicate;
    int64_t exhausted;   /* 1: the method had no new point when the scheduler decided */
    struct space *space; /* what was declared; of all others: that of the point */
    const struct point *point;
    int is_said; /* the point is of a line: what is active is what stands there */
    int64_t note_version;
    const double *note;
    size_t note_size;
    double step;
    const double *values;
    size_t n_values;
    const char *const *names;
    size_t n_names;
    const char *reason, *key, *text, *worker;
    int64_t time; /* milliseconds since 1970 */
};

struct ending;
struct text_event;

/* An event as the study keeps it. A trial's record (trial.h) holds what is not here. */
struct event {
    int64_t time; /* EVENT_TIMELESS: not said */
    union {
        uint64_t seen;           /* ASKED, STOP */
        size_t index;            /* ENQUEUED: in the queue; REPORT: of the trial's reports */
        struct ending *ending;   /* TOLD; the event owns it */
        struct text_event *text; /* ATTRIBUTE, CHECKPOINT; the event owns it */
        struct growth *growth;   /* DECLARED */
    } detail;
    uint32_t subject; /* the trial; EVENT_NO_TRIAL */
    unsigned int kind : 8;
    unsigned int worker : 24; /* 0, or 1 + index in the study's workers */
};

#define EVENT_TIMELESS INT64_MIN
#define EVENT_NO_TRIAL UINT32_MAX
enum { EVENT_MOST_WORKERS = (1 << 24) - 1 };
#define EVENT_MOST UINT32_MAX /* events of a study: positions are kept in 32 bits */

struct study;

/* What differs from kind to kind. `check` answers whether the entry may happen now.
 * `prepare` makes the room for it, which no one sees; what it made goes to `apply`,
 * which cannot fail. `undo` is the opposite of `apply` for the last event of the log.
 * `view` fills the fields of the entry that the event was. */
struct event_kind {
    const char *name;
    uint32_t required, optional; /* fields */
    int32_t (*check)(const struct study *study, const struct entry *entry);
    int32_t (*prepare)(struct study *study, const struct entry *entry, void **made);
    void (*discard)(void *made); /* what was made and is not applied; NULL: mem_free() does */
    void (*apply)(struct study *study, const struct entry *entry, struct event *event, void *made);
    void (*undo)(struct study *study, const struct event *event);
    void (*view)(const struct study *study, const struct event *event, struct entry *entry);
};

extern const struct event_kind *const event_kinds[EVENT_KINDS];

/* The kind of that name; -1: there is none. */
int32_t event_kind_from_name(const char *name);

/* Each of them stands at the foot of a file event_*.c. */
extern const struct event_kind enqueued_kind, asked_kind, report_kind, constraints_kind, told_kind, errors_kind,
    stop_kind, attribute_kind, checkpoint_kind, restarted_kind, declared_kind, unused_kind;

#endif
