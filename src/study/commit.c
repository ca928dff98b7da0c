#define _POSIX_C_SOURCE 200809L /* clock_gettime */
#include "study/commit.h"

#include "core/fail.h"
#include "core/mem.h"
#include "study/stored.h"
#include "study/turn.h"

#include <string.h>
#include <time.h>

static int64_t wall_time(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct entry study_entry(const struct study *study, int32_t kind)
{
    struct entry entry = {.kind = kind, .trial = -1};
    const char *worker = option_string(&study->options, "worker");
    if (option_integer(&study->options, "times")) {
        entry.present |= FIELD_TIME;
        entry.time = wall_time();
    }
    if (worker[0]) {
        entry.present |= FIELD_WORKER;
        entry.worker = worker;
    }
    return entry;
}

struct entry study_trial_entry(const struct study *study, int32_t kind, int64_t trial)
{
    struct entry entry = study_entry(study, kind);
    entry.present |= FIELD_TRIAL;
    entry.trial = trial;
    return entry;
}

/* The worker's index in the study's list, to which a new name is added: 1, 2, ...; 0 stands for none. */
static int32_t find_worker(struct study *study, const char *name, uint32_t *index)
{
    size_t found;
    if (name_table_find(&study->worker_names, name, &found)) {
        *index = (uint32_t)found;
        return 0;
    }
    if (study->n_workers >= EVENT_MOST_WORKERS)
        return fail(AFINA_E_RANGE, "a log names at most %d workers", (int)EVENT_MOST_WORKERS);
    void *workers = study->workers;
    int32_t rc = mem_reserve(&workers, &study->worker_capacity, study->n_workers + 1, sizeof *study->workers);
    study->workers = workers;
    if (!rc)
        rc = name_table_reserve(&study->worker_names, study->n_workers + 1);
    if (rc)
        return rc;
    char *copy = mem_copy_string(name);
    if (!copy)
        return fail_memory();
    study->workers[study->n_workers++] = copy;
    name_table_add(&study->worker_names, copy, study->n_workers);
    *index = (uint32_t)study->n_workers;
    return 0;
}

int32_t study_check_name(const char *field, const char *name)
{
    size_t length = strlen(name);
    if (length >= 1 && length <= SPACE_MAX_NAME)
        return 0;
    return fail(AFINA_E_FORMAT, "\"%s\" must have 1 to %d bytes, got %zu", field, SPACE_MAX_NAME, length);
}

static int32_t check(const struct study *study, const struct entry *entry)
{
    const struct event_kind *kind = event_kinds[entry->kind];
    if ((entry->present & FIELD_TRIAL) && entry->kind != EVENT_ASKED && !study_find(study, entry->trial))
        return AFINA_E_NOT_FOUND;
    if (study->n_events >= EVENT_MOST)
        return fail(AFINA_E_RANGE, "a study has at most %lld events", (long long)EVENT_MOST);
    if (entry->present & FIELD_WORKER) {
        int32_t rc = study_check_name("worker", entry->worker);
        if (rc)
            return rc;
    }
    if ((entry->present & FIELD_TIME) && entry->time == EVENT_TIMELESS)
        return fail(AFINA_E_RANGE, "\"time\" must be above %lld", (long long)EVENT_TIMELESS);
    return kind->check ? kind->check(study, entry) : 0;
}

/* Room for one event more, and the event as far as it is the same for all kinds. */
static int32_t prepare(struct study *study, const struct entry *entry, struct event *event)
{
    uint32_t worker = 0;
    void *events = study->events;
    int32_t rc = mem_reserve_tightly(&events, &study->event_capacity, study->n_events + 1, sizeof *study->events);
    study->events = events;
    if (!rc && (entry->present & FIELD_WORKER))
        rc = find_worker(study, entry->worker, &worker);
    *event = (struct event){
        .time = entry->present & FIELD_TIME ? entry->time : EVENT_TIMELESS,
        .subject = entry->present & FIELD_TRIAL ? (uint32_t)entry->trial : EVENT_NO_TRIAL,
        .kind = (unsigned int)entry->kind & 0xFF,
        .worker = worker & 0xFFFFFF,
    };
    return rc;
}

int32_t study_commit(struct study *study, const struct entry *entry)
{
    const struct event_kind *kind = event_kinds[entry->kind];
    struct event event;
    void *made = NULL;
    int32_t rc = check(study, entry);
    if (!rc)
        rc = prepare(study, entry, &event);
    if (!rc && kind->prepare)
        rc = kind->prepare(study, entry, &made);
    if (rc)
        return rc;
    rc = stored_append(study, entry);
    if (rc) {
        (kind->discard ? kind->discard : mem_free)(made);
        return rc;
    }
    kind->apply(study, entry, &event, made);
    study->events[study->n_events++] = event;
    study->changes++;
    pthread_cond_broadcast(&study->changed);
    return 0;
}

void study_view(const struct study *study, size_t position, struct entry *entry)
{
    const struct event *event = &study->events[position];
    *entry = (struct entry){.kind = event->kind, .trial = -1};
    if (event->subject != EVENT_NO_TRIAL) {
        entry->present |= FIELD_TRIAL;
        entry->trial = event->subject;
    }
    if (event->time != EVENT_TIMELESS) {
        entry->present |= FIELD_TIME;
        entry->time = event->time;
    }
    if (event->worker > 0) {
        entry->present |= FIELD_WORKER;
        entry->worker = study->workers[event->worker - 1];
    }
    event_kinds[event->kind]->view(study, event, entry);
}

void study_truncate(struct study *study, size_t position)
{
    if (position >= study->n_events)
        return;
    while (study->n_events > position) {
        const struct event *event = &study->events[--study->n_events];
        event_kinds[event->kind]->undo(study, event);
    }
    study->rewound++;
    study->changes++;
    if (study->shared_lines > 1 + position)
        study->shared_lines = 1 + position;
    pthread_cond_broadcast(&study->changed);
    study_find_best(study);
    if (study->delivered > position) { /* the host's observer hears of what comes in their place */
        study->delivered = position;
        study->delivered_best = study->best;
    }
    study_drop_fold(study);
}

struct trial *study_find(const struct study *study, int64_t number)
{
    if (number >= 0 && (uint64_t)number < study->n_trials)
        return study->trials[number];
    if (study->n_trials == 0)
        fail(AFINA_E_NOT_FOUND, "there is no trial %lld: none was asked", (long long)number);
    else
        fail(AFINA_E_NOT_FOUND, "there is no trial %lld; numbers go from 0 to %zu", (long long)number,
             study->n_trials - 1);
    return NULL;
}

int32_t study_check_open(const struct study *study, int64_t number)
{
    const struct trial *trial = study->trials[number];
    if (trial->state == AFINA_STATE_RUNNING || trial->state == AFINA_STATE_LOST)
        return 0;
    return fail(AFINA_E_STATE, "trial %lld is not running: it is %s", (long long)number,
                trial_state_name(trial->state));
}

int32_t study_check_count(const struct study *study, size_t count)
{
    if (count == study->objectives)
        return 0;
    return fail(AFINA_E_RANGE, "%zu values given for %zu objective%s", count, study->objectives,
                study->objectives == 1 ? "" : "s");
}
