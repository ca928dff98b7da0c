/* Whether a trial that runs should end: it reached its budget, or the study's stopper says so.
 *
 * A stopper's state is a fold over the log of its own, beside that of the method: a report does not wait until the
 * method has thought. With `lag` L trial k is judged by the trials up to k - L, so each of the L trials that may run
 * at once has a stopper of its own.
 */
#ifndef AFINA_STUDY_ADVICE_H
#define AFINA_STUDY_ADVICE_H

#include "study/study.h"

struct advice;

int32_t advice_new(struct advice **out, struct study *study);
void advice_free(struct advice *advice);

/* What the stopper says of a trial with its first `n_reports` reports (>= 1), when the log had `position` events. The
 * lock is not held. */
int32_t advice_ask(struct advice *advice, const struct trial *trial, size_t n_reports, size_t position, int *stop);

/* Whether the trial should end; what the stopper decided is an event of the log. The lock is not held. */
int32_t study_advise(struct study *study, struct trial *trial, int *stop);

#endif
