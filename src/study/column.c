#include "study/column.h"

#include "core/fail.h"
#include "study/era.h"

#include <math.h>

enum { TRIALS_PER_LOCK = 4096 };

/* What the trial used: of a parameter that it does not have what space_convert() says. */
static const struct point *used_point(const struct column *c, const struct trial *trial, struct point *room)
{
    if (trial_space(trial) == c->space && !trial->extras->unused)
        return trial_point(trial);
    trial_used_point(trial, c->space, room);
    return room;
}

static void read_parameter(const struct column *c, size_t at, const struct point *point)
{
    const struct parameter *p = &c->space->parameters[c->parameter];
    int active = point->active[c->parameter];
    union value v = point->value[c->parameter];
    if (c->active)
        c->active[at] = active;
    if (c->integers)
        c->integers[at] = active ? v.integer : 0;
    if (c->choices)
        c->choices[at] = active ? (int32_t)v.integer : -1;
    if (c->reals && !(active && parameter_number(p, v, &c->reals[at])))
        c->reals[at] = NAN;
}

static void read_trial(const struct study *study, const struct column *c, size_t at, const struct trial *trial,
                       struct point *room)
{
    if (c->states)
        c->states[at] = trial->state;
    if (c->origins)
        c->origins[at] = trial->origin;
    if (c->values)
        c->values[at] = trial->end->values ? trial->end->values[c->objective] : NAN;
    if (c->texts)
        c->texts[at] = attribute_find(trial->extras->attributes, c->key);
    if (c->started)
        c->started[at] = study_started(study, trial);
    if (c->ended)
        c->ended[at] = study_ended(study, trial);
    if (c->reals || c->integers || c->choices)
        read_parameter(c, at, used_point(c, trial, room));
}

static void read_all(const struct study *study, const struct column *column, struct point *room, size_t *count)
{
    size_t first = (size_t)column->first, at = 0;
    for (;;) {
        study_lock(study);
        size_t n = study->n_trials > first ? study->n_trials - first : 0;
        size_t end = n < column->capacity ? n : column->capacity;
        size_t stop = end - at > TRIALS_PER_LOCK ? at + TRIALS_PER_LOCK : end;
        for (; at < stop; at++)
            read_trial(study, column, at, study->trials[first + at], room);
        study_unlock(study);
        *count = n;
        if (at == end)
            return;
    }
}

int32_t study_read_column(const struct study *study, const struct column *column, size_t *count)
{
    struct point *room = NULL;
    if (column->first < 0)
        return fail(AFINA_E_RANGE, "first must be 0 or more, got %lld", (long long)column->first);
    int32_t rc = column->space ? point_new(&room, column->space) : 0;
    if (!rc)
        read_all(study, column, room, count);
    point_free(room);
    return rc;
}

void study_read_running(const struct study *study, int64_t *numbers, size_t capacity, size_t *count)
{
    size_t n = 0;
    study_lock(study);
    for (size_t i = 0; i < study->n_trials; i++) {
        if (study->trials[i]->state != AFINA_STATE_RUNNING)
            continue;
        if (n < capacity)
            numbers[n] = (int64_t)i;
        n++;
    }
    study_unlock(study);
    *count = n;
}
