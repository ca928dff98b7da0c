/* What has options of its own and can be chosen for a study: methods, schedulers, stoppers. Their names are all
 * different, so that "asha.eta" means one thing. */
#ifndef AFINA_STUDY_COMPONENT_H
#define AFINA_STUDY_COMPONENT_H

#include "core/option.h"
#include "method/method.h"
#include "schedule/schedule.h"

struct component {
    const char *kind; /* "method", "scheduler", "stopper" */
    const char *name;
    const struct option *options;
    size_t n_options;
    size_t index; /* in the order of all: methods, schedulers, stoppers */
};

size_t component_count(void);
struct component component_at(size_t index);

/* 1 when there is one of that name, which is n bytes long. */
int component_look_up(const char *name, size_t n, struct component *out);

/* AFINA_E_NAME, with the nearest name, when there is none. */
int32_t component_find(const char *name, struct component *out);

/* SIZE_MAX for a method that is not in the registry. */
size_t component_of_method(const struct method *method);
size_t component_of_scheduler(const struct scheduler *scheduler);
size_t component_of_stopper(const struct stopper *stopper);

#endif
