#include "study/fold.h"

#include "core/fail.h"
#include "core/mem.h"

#include <math.h>

enum {
    MOST_ATTEMPTS = 16,    /* proposals that a method may make for one trial */
    MOST_SCANNED = 1 << 20 /* points of a finite space looked at for a free one */
};

void fold_free(struct fold *fold)
{
    if (!fold)
        return;
    if (fold->state) {
        fold->study->method->fini(fold->state);
        mem_free(fold->state);
    }
    point_set_fini(&fold->seen);
    lattice_free(fold->lattice);
    point_free(fold->point);
    mem_free(fold->note);
    mem_free(fold->losses);
    mem_free(fold);
}

/* A finite space has a lattice of what may be suggested; one that has none is taken as
 * endless. */
static int32_t count_points(struct fold *fold)
{
    fold->points = UINT64_MAX;
    if (space_is_continuous(fold->study->space))
        return 0;
    int32_t rc = lattice_suggestible(&fold->lattice, fold->study->space);
    if (rc == AFINA_E_UNSUPPORTED)
        return 0;
    if (!rc)
        fold->points = lattice_count(fold->lattice);
    return rc;
}

int32_t fold_new(struct fold **out, struct study *study)
{
    const struct method *method = study->method;
    *out = NULL;
    struct fold *fold = mem_new(1, sizeof *fold);
    if (!fold)
        return fail_memory();
    fold->study = study;
    fold->context = (struct method_context){
        .space = study->space,
        .options = &study->method_options,
        .seed = study->seed,
        .objectives = study->objectives,
        .seen = &fold->seen,
        .repeats = study->repeats,
    };
    int32_t rc = count_points(fold);
    if (rc)
        goto out;
    rc = point_new(&fold->point, study->space);
    if (rc)
        goto out;
    fold->losses = mem_new(study->objectives, sizeof *fold->losses);
    fold->note = mem_new(METHOD_NOTE_MAX, sizeof *fold->note);
    if (fold->losses && fold->note)
        fold->state = mem_new(method->state_size, 1);
    rc = fold->state ? method->init(fold->state, &fold->context) : fail_memory();
out:
    if (rc)
        fold_free(fold);
    else
        *out = fold;
    return rc;
}

/* The losses of one row of values, or NULL when one of them is NaN. */
static const double *losses_of(struct fold *fold, const double *values)
{
    if (!values)
        return NULL;
    for (size_t i = 0; i < fold->study->objectives; i++) {
        if (isnan(values[i]))
            return NULL;
        fold->losses[i] = fold->study->signs[i] * values[i];
    }
    return fold->losses;
}

static struct observation observation_of(const struct trial *trial, int32_t kind)
{
    return (struct observation){
        .kind = kind,
        .number = trial->number,
        .origin = trial->origin,
        .point = trial->point,
        .budget = trial->budget,
        .replicate = trial->replicate,
        .note = trial->note,
        .note_size = trial->note_size,
    };
}

static int32_t see(struct fold *fold, const struct point *point)
{
    size_t before = fold->seen.size;
    int32_t rc = point_set_add(&fold->seen, point);
    if (fold->seen.size > before && space_is_suggestible(fold->study->space, point))
        fold->used++;
    return rc;
}

static int32_t observe_asked(struct fold *fold, const struct trial *trial)
{
    int32_t rc = see(fold, trial->point);
    if (rc)
        return rc;
    struct observation o = observation_of(trial, OBSERVED_ASKED);
    return fold->study->method->observe(fold->state, &o);
}

static int32_t observe_report(struct fold *fold, const struct trial *trial, size_t index)
{
    const double *row = trial->reports + index * (1 + fold->study->objectives);
    struct observation o = observation_of(trial, OBSERVED_REPORT);
    o.step = row[0];
    o.losses = losses_of(fold, row + 1);
    return fold->study->method->observe(fold->state, &o);
}

/* A method without the trait METHOD_CONSTRAINTS is shown a trial that violates a constraint as
 * INFEASIBLE, without losses: nothing infeasible is learned as good. */
static int32_t shown_state(const struct fold *fold, const struct trial *trial)
{
    int has_values = trial->state == AFINA_STATE_COMPLETE || trial->state == AFINA_STATE_STOPPED;
    int learns_constraints = (fold->study->method->traits & METHOD_CONSTRAINTS) != 0;
    return has_values && !learns_constraints && !trial_is_feasible(trial) ? AFINA_STATE_INFEASIBLE : trial->state;
}

static int32_t observe_told(struct fold *fold, const struct trial *trial)
{
    struct observation o = observation_of(trial, OBSERVED_TOLD);
    o.state = shown_state(fold, trial);
    int counts = o.state == AFINA_STATE_COMPLETE || o.state == AFINA_STATE_STOPPED;
    o.losses = counts ? losses_of(fold, trial->values) : NULL;
    o.constraints = trial->constraints;
    o.n_constraints = trial->n_constraints;
    o.errors = o.losses ? trial->errors : NULL;
    return fold->study->method->observe(fold->state, &o);
}

static int32_t take_event(struct fold *fold, const struct event *event)
{
    const struct trial *trial;
    switch (event->kind) {
    case EVENT_ASKED:
        return observe_asked(fold, fold->study->trials[event->subject]);
    case EVENT_REPORT:
        trial = fold->study->trials[event->subject];
        return observe_report(fold, trial, (size_t)event->detail);
    case EVENT_TOLD:
        return observe_told(fold, fold->study->trials[event->subject]);
    default:
        return 0; /* the queue, constraints and errors reach the method with their trial */
    }
}

/* A trial's reports, then its end, all at once. */
static int32_t take_trial(struct fold *fold, const struct trial *trial)
{
    for (size_t i = 0; i < trial->n_reports; i++) {
        int32_t rc = observe_report(fold, trial, i);
        if (rc)
            return rc;
    }
    return observe_told(fold, trial);
}

/* With lag L the order is that of the numbers: for k = 0, 1, 2, ... the end of
 * trial k - L, then the asking of trial k; it does not depend on when results
 * came in. */
static int32_t advance_by_number(struct fold *fold, int64_t number)
{
    const struct study *study = fold->study;
    for (;;) {
        if (fold->told <= fold->asked - study->lag) {
            const struct trial *trial = study->trials[fold->told];
            if (trial->state == AFINA_STATE_RUNNING)
                return AFINA_WAIT;
            int32_t rc = take_trial(fold, trial);
            if (rc)
                return rc;
            fold->told++;
        } else if (fold->asked < number) {
            int32_t rc = observe_asked(fold, study->trials[fold->asked]);
            if (rc)
                return rc;
            fold->asked++;
        } else {
            return 0;
        }
    }
}

int32_t fold_advance(struct fold *fold, int64_t number, size_t position)
{
    if (fold->study->lag > 0)
        return advance_by_number(fold, number);
    while (fold->position < position) {
        int32_t rc = take_event(fold, &fold->study->events[fold->position]);
        if (rc)
            return rc;
        fold->position++;
    }
    return 0;
}

static int is_new(struct fold *fold, struct point *point)
{
    return fold->study->repeats || !point_set_contains(&fold->seen, point);
}

/* Looks for a free point of a finite space from a random rank on. Where there is none it
 * tells whether all were asked or the filter refuses them. */
static int32_t scan_points(struct fold *fold, struct rng *rng, struct point *point)
{
    uint64_t start = rng_below(rng, fold->points);
    uint64_t most = fold->points < MOST_SCANNED ? fold->points : MOST_SCANNED;
    for (uint64_t i = 0; i < most; i++) {
        uint64_t left = fold->points - start;
        lattice_unrank(fold->lattice, i < left ? start + i : i - left, point);
        if (!is_new(fold, point))
            continue;
        if (space_allows(fold->study->space, point))
            return 0;
    }
    if (most == fold->points && fold->used > 0 && !fold->study->repeats)
        return AFINA_EXHAUSTED;
    return fail(AFINA_E_NO_POINT, "the filter refused every point of %llu that were tried", (unsigned long long)most);
}

/* What the frame proposes when the method's own proposals were all refused. */
static int32_t repair(struct fold *fold, struct rng *rng, struct point *point)
{
    struct space *space = fold->study->space;
    for (int i = 0; i < MOST_ATTEMPTS; i++) {
        int32_t rc = space_sample(space, rng, point);
        if (rc == AFINA_E_NO_POINT && fold->lattice)
            break;
        if (rc)
            return rc;
        if (is_new(fold, point))
            return 0;
    }
    if (fold->lattice)
        return scan_points(fold, rng, point);
    return 0; /* a continuous space that draws the same point for ever has no other to draw */
}

int32_t fold_suggest(struct fold *fold, int64_t number)
{
    struct study *study = fold->study;
    if (!study->repeats && fold->lattice && fold->used >= fold->points)
        return AFINA_EXHAUSTED;
    struct rng rng;
    rng_start(&rng, study->seed, (uint64_t)number, RNG_SUGGEST);
    struct suggestion s = {.rng = &rng, .number = number, .point = fold->point, .note = fold->note};
    for (; s.attempt < MOST_ATTEMPTS; s.attempt++) {
        s.note_size = 0;
        int32_t rc = study->method->suggest(fold->state, &s);
        fold->note_size = s.note_size;
        if (rc)
            return rc;
        if (is_new(fold, fold->point) && space_is_suggestible(study->space, fold->point) &&
            space_allows(study->space, fold->point))
            return 0;
    }
    rng_start(&rng, study->seed, (uint64_t)number, RNG_REPAIR);
    return repair(fold, &rng, fold->point);
}
