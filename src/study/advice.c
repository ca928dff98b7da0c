#include "study/advice.h"

#include "core/fail.h"
#include "core/mem.h"
#include "study/commit.h"
#include "study/component.h"
#include "study/dotted.h"
#include "study/era.h"
#include "study/stored.h"
#include "study/trial_event.h"
#include "study/turn.h"

#include <math.h>

/* A stopper, and how far it has read. */
struct slot {
    struct era_view view; /* the era that it knows */
    struct schedule_context context;
    void *state;
    size_t position; /* lag 0: events */
    int64_t trials;  /* lag > 0 */
};

struct advice {
    struct study *study;
    const struct option_set *options;
    struct slot *slot;
    size_t n_slots;
    double *steps, *losses; /* of the trial that is judged */
    size_t step_capacity, loss_capacity;
};

static void slot_fini(const struct advice *advice, struct slot *slot)
{
    if (slot->state) {
        advice->study->stopper->fini(slot->state);
        mem_free(slot->state);
    }
    era_view_fini(&slot->view);
    *slot = (struct slot){0};
}

void advice_free(struct advice *advice)
{
    if (!advice)
        return;
    for (size_t i = 0; i < advice->n_slots; i++)
        slot_fini(advice, &advice->slot[i]);
    mem_free(advice->slot);
    mem_free(advice->steps);
    mem_free(advice->losses);
    mem_free(advice);
}

/* A slot has no state before its first trial, and begins anew when the space has grown. */
static int32_t slot_enter(struct advice *advice, struct slot *slot, struct era *era)
{
    const struct stopper *stopper = advice->study->stopper;
    if (slot->view.era == era)
        return 0;
    slot_fini(advice, slot);
    slot->view.era = era;
    slot->context = schedule_context_of(advice->study, era->space, advice->options);
    slot->state = mem_new(stopper->state_size, 1);
    return slot->state ? stopper->init(slot->state, &slot->context) : fail_memory();
}

int32_t advice_new(struct advice **out, struct study *study)
{
    struct option_set *options;
    *out = NULL;
    int32_t rc = study_component_options(study, component_of_stopper(study->stopper), &options);
    struct advice *advice = rc ? NULL : mem_new(1, sizeof *advice);
    if (!advice)
        return rc ? rc : fail_memory();
    advice->study = study;
    advice->options = options;
    size_t slots = study->lag > 0 ? (size_t)study->lag : 1;
    advice->slot = mem_new(slots, sizeof *advice->slot);
    if (!advice->slot) {
        advice_free(advice);
        return fail_memory();
    }
    advice->n_slots = slots;
    *out = advice;
    return 0;
}

static int32_t show(struct advice *advice, struct slot *slot, const struct schedule_event *event)
{
    return advice->study->stopper->observe(slot->state, event);
}

/* An event of a trial, with its point. */
static int32_t make_event(struct slot *slot, const struct trial *trial, int32_t kind, struct schedule_event *out)
{
    const struct point *point;
    int32_t rc = era_view_point(&slot->view, trial, kind == SCHEDULE_TOLD ? TRIAL_ENDED : TRIAL_RUNS, &point);
    *out = trial_event(trial, point, kind);
    return rc;
}

static int32_t show_asked(struct advice *advice, struct slot *slot, const struct trial *trial)
{
    struct schedule_event event;
    int32_t rc = make_event(slot, trial, SCHEDULE_ASKED, &event);
    return rc ? rc : show(advice, slot, &event);
}

static int32_t show_report(struct advice *advice, struct slot *slot, const struct trial *trial, size_t index)
{
    const double *row = trial->extras->reports + 2 * index;
    struct schedule_event event;
    int32_t rc = make_event(slot, trial, SCHEDULE_REPORT, &event);
    event.step = row[0];
    event.loss = advice->study->signs[0] * row[1];
    return rc ? rc : show(advice, slot, &event);
}

static int32_t show_end(struct advice *advice, struct slot *slot, const struct trial *trial, const struct ending *end)
{
    struct schedule_event event;
    int32_t rc = make_event(slot, trial, SCHEDULE_TOLD, &event);
    event.state = end->state;
    event.is_late = end->before && end->before->state == AFINA_STATE_LOST;
    if (end->values && trial_is_feasible(trial))
        event.loss = advice->study->signs[0] * end->values[0];
    return rc ? rc : show(advice, slot, &event);
}

static int32_t take_event(struct advice *advice, struct slot *slot, const struct event *event)
{
    const struct study *study = advice->study;
    const struct trial *trial = event->subject == EVENT_NO_TRIAL ? NULL : study->trials[event->subject];
    switch (event->kind) {
    case EVENT_ASKED:
        return show_asked(advice, slot, trial);
    case EVENT_REPORT:
        return show_report(advice, slot, trial, event->detail.index);
    case EVENT_TOLD:
        return show_end(advice, slot, trial, event->detail.ending);
    default:
        return 0;
    }
}

/* A trial, all at once, with its end as of `position`. */
static int32_t take_trial(struct advice *advice, struct slot *slot, const struct trial *trial, size_t position)
{
    const struct ending *end = trial_end_before(trial, position);
    int32_t rc = show_asked(advice, slot, trial);
    for (size_t i = 0; !rc && i < trial->extras->n_reports && end->state != AFINA_STATE_LOST; i++)
        rc = show_report(advice, slot, trial, i);
    if (!rc && end->state != AFINA_STATE_RUNNING)
        rc = show_end(advice, slot, trial, end);
    return rc;
}

static struct slot *slot_of(const struct advice *advice, const struct trial *trial)
{
    return &advice->slot[(size_t)trial->number % advice->n_slots];
}

/* Shows the stopper what it may know. The lock is held. */
static int32_t advance(struct advice *advice, const struct trial *trial, size_t position)
{
    struct study *study = advice->study;
    struct slot *slot = slot_of(advice, trial);
    struct era *era;
    size_t known = (size_t)study->events[trial->asked].detail.seen;
    int32_t rc = study_era_at(study, trial->number, study->lag > 0 ? known : position, &era);
    if (!rc)
        rc = slot_enter(advice, slot, era);
    if (study->lag == 0)
        for (; !rc && slot->position < position; slot->position++)
            rc = take_event(advice, slot, &study->events[slot->position]);
    if (study->lag > 0)
        for (; !rc && slot->trials <= trial->number - study->lag; slot->trials++)
            rc = take_trial(advice, slot, study->trials[slot->trials], known);
    return rc;
}

static int32_t reserve(double **array, size_t *capacity, size_t n)
{
    void *grown = *array;
    int32_t rc = mem_reserve(&grown, capacity, n, sizeof **array);
    *array = grown;
    return rc;
}

/* The lock is held. */
static int32_t copy_reports(struct advice *advice, const struct trial *trial, size_t n)
{
    int32_t rc = reserve(&advice->steps, &advice->step_capacity, n);
    if (!rc)
        rc = reserve(&advice->losses, &advice->loss_capacity, n);
    for (size_t i = 0; !rc && i < n; i++) {
        advice->steps[i] = trial->extras->reports[2 * i];
        advice->losses[i] = advice->study->signs[0] * trial->extras->reports[2 * i + 1];
    }
    return rc;
}

int32_t advice_ask(struct advice *advice, const struct trial *trial, size_t n_reports, size_t position, int *stop)
{
    struct rng rng;
    *stop = 0;
    study_lock(advice->study);
    const struct point *point = NULL;
    int32_t rc = advance(advice, trial, position);
    if (!rc)
        rc = era_view_point(&slot_of(advice, trial)->view, trial, TRIAL_RUNS, &point);
    if (!rc)
        rc = copy_reports(advice, trial, n_reports);
    struct progress progress = {
        .trial = trial->number,
        .arm = trial_arm(trial),
        .point = point,
        .budget = trial->extras->budget,
        .start = trial->extras->restarted ? 0 : trial->extras->start,
        .replicate = trial->extras->replicate,
        .n = n_reports,
        .steps = advice->steps,
        .losses = advice->losses,
        .rng = &rng,
    };
    study_unlock(advice->study);
    rng_start(&rng, advice->study->seed, (uint64_t)trial->number, RNG_ADVICE);
    return rc ? rc : advice->study->stopper->advise(slot_of(advice, trial)->state, &progress, stop);
}

/* What can be said without the stopper; -1: it must be asked. With `lag` a trial that the host began by itself is not
 * judged: when it does so depends on time. The lock is held. */
static int look(const struct study *study, const struct trial *trial)
{
    const struct trial_extras *extras = trial->extras;
    if (extras->stops > 0 || study_has_reported_all(study, trial))
        return 1;
    if (trial->state != AFINA_STATE_RUNNING || !study->begun || !study_has_stopper(study))
        return 0;
    if (study->lag > 0 && trial->origin == AFINA_ORIGIN_ADDED)
        return 0;
    return extras->n_reports > extras->judged ? -1 : 0;
}

/* Keeps the verdict, if the trial still runs. The lock is held. */
static int32_t commit_stop(struct study *study, struct trial *trial, size_t position)
{
    if (trial->state != AFINA_STATE_RUNNING || trial->extras->stops > 0)
        return 0;
    struct entry entry = study_trial_entry(study, EVENT_STOP, trial->number);
    entry.present |= FIELD_SEEN;
    entry.seen = (int64_t)position;
    return study_commit(study, &entry);
}

/* The advice is asked one at a time; `study->advising` is taken before the lock. */
static int32_t ask_stopper(struct study *study, struct trial *trial, int *stop)
{
    study_lock(study);
    uint64_t rewound = study->rewound;
    size_t position = study->n_events, n_reports = trial->extras->n_reports;
    int32_t rc = study_check_current(trial);
    if (study->advice_rewound != rewound) {
        advice_free(study->advice);
        study->advice = NULL;
        study->advice_rewound = rewound;
    }
    if (!rc && !study->advice)
        rc = advice_new(&study->advice, study);
    study_unlock(study);
    if (!rc)
        rc = advice_ask(study->advice, trial, n_reports, position, stop);
    study_lock(study);
    if (!rc && study->rewound != rewound)
        *stop = 0;
    else if (!rc && *stop)
        rc = commit_stop(study, trial, position);
    else if (!rc)
        trial_own_extras(trial)->judged = n_reports;
    if (rc && rc != AFINA_STALE) {
        advice_free(study->advice);
        study->advice = NULL;
    }
    study_unlock(study);
    return rc;
}

static int32_t advise(struct study *study, struct trial *trial, int *stop)
{
    study_lock(study);
    int known = look(study, trial);
    study_unlock(study);
    *stop = known > 0;
    if (known >= 0)
        return 0;
    pthread_mutex_lock(&study->advising);
    int32_t rc = ask_stopper(study, trial, stop);
    pthread_mutex_unlock(&study->advising);
    return rc;
}

int32_t study_advise(struct study *study, struct trial *trial, int *stop)
{
    int32_t rc;
    do
        rc = advise(study, trial, stop);
    while (stored_again_outside(study, &rc));
    return rc;
}
