/* What happens to a trial, as schedulers and stoppers are shown it. */
#ifndef AFINA_STUDY_TRIAL_EVENT_H
#define AFINA_STUDY_TRIAL_EVENT_H

#include "schedule/schedule.h"
#include "study/trial.h"

/* Without situation, step, loss and state. The lock is held. */
struct schedule_event trial_event(const struct trial *trial, int32_t kind);

#endif
