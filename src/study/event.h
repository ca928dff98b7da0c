/* What happened in a study: the kinds of events, and how one is kept in memory. What an
 * event carries (a point, values, reports) is kept once, in the record of its trial.
 */
#ifndef AFINA_STUDY_EVENT_H
#define AFINA_STUDY_EVENT_H

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

/* The names of the events in a log, by kind. */
extern const char *const event_names[];

#endif
