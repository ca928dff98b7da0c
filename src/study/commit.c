#include "study/commit.h"

#include "core/mem.h"

int32_t study_append_event(struct study *study, int32_t kind, int64_t subject, uint64_t detail)
{
    void *events = study->events;
    int32_t rc = mem_reserve(&events, &study->event_capacity, study->n_events + 1, sizeof *study->events);
    study->events = events;
    if (rc)
        return rc;
    study->events[study->n_events++] = (struct event){.kind = kind, .subject = subject, .detail = detail};
    return 0;
}

int32_t study_append_trial(struct study *study, struct trial *trial, uint64_t seen)
{
    void *trials = study->trials;
    int32_t rc = mem_reserve(&trials, &study->trial_capacity, study->n_trials + 1, sizeof *study->trials);
    study->trials = trials;
    if (rc)
        return rc;
    rc = study_append_event(study, EVENT_ASKED, (int64_t)study->n_trials, seen);
    if (rc)
        return rc;
    trial->number = (int64_t)study->n_trials;
    study->trials[study->n_trials++] = trial;
    return 0;
}
