/* What schedulers and stoppers are shown of a study, and of what happens to a trial. */
#ifndef AFINA_STUDY_TRIAL_EVENT_H
#define AFINA_STUDY_TRIAL_EVENT_H

#include "schedule/schedule.h"
#include "study/study.h"
#include "study/trial.h"

/* Lives as long as the study and `options`, those of the scheduler or stopper. */
struct schedule_context schedule_context_of(const struct study *study, struct space *space,
                                            const struct option_set *options);

/* Of a trial with its point in the scheduler's space. Without situation, step, loss and state. The lock is held. */
struct schedule_event trial_event(const struct trial *trial, const struct point *point, int32_t kind);

#endif
