#include "study/trial.h"

#include "core/mem.h"

#include <math.h>
#include <string.h>

static const char *const state_names[] = {"running", "complete", "stopped", "paused", "failed", "infeasible", "lost"};
static const char *const origin_names[] = {"suggested", "enqueued", "added", "promoted", "repeated"};

/* The ending of a trial that runs. */
static const struct ending unended = {.state = AFINA_STATE_RUNNING};
static const struct trial_extras no_extras = {.budget = INFINITY, .parent = -1, .arm = -1};

struct trial *trial_new(struct point *point, int32_t origin)
{
    struct trial *trial = mem_new(1, sizeof *trial);
    if (!trial)
        return NULL;
    trial->origin = (uint8_t)origin;
    trial->end = &unended;
    trial->extras = &no_extras;
    trial->point = point;
    return trial;
}

struct trial_extras *trial_own_extras(struct trial *trial)
{
    if (trial->extras == &no_extras) {
        struct trial_extras *own = mem_copy(&no_extras, 1, sizeof no_extras);
        if (!own)
            return NULL;
        trial->extras = own;
    }
    return (struct trial_extras *)trial->extras;
}

void trial_free(struct trial *trial)
{
    if (!trial)
        return;
    if (trial->extras != &no_extras) {
        mem_free(trial->extras->constraints);
        mem_free(trial->extras->errors);
        mem_free(trial->extras->reports);
        mem_free(trial->extras->unused);
        mem_free((struct trial_extras *)trial->extras);
    }
    point_free(trial->point);
    mem_free(trial->note);
    mem_free(trial);
}

const struct ending *trial_end_before(const struct trial *trial, size_t position)
{
    const struct ending *end = trial->end;
    while (end != &unended && end->position >= position)
        end = end->before;
    return end;
}

int trial_is_feasible(const struct trial *trial)
{
    const struct trial_extras *extras = trial->extras;
    for (size_t i = 0; i < extras->n_constraints; i++)
        if (!(extras->constraints[i] <= 0))
            return 0;
    return 1;
}

int64_t trial_arm(const struct trial *trial)
{
    return trial->extras->arm >= 0 ? trial->extras->arm : trial->number;
}

double trial_reached(const struct trial *trial)
{
    int has_result = trial->state == AFINA_STATE_PAUSED || trial->state == AFINA_STATE_COMPLETE;
    return has_result ? trial->extras->budget : 0;
}

double trial_cost(const struct trial *trial, int32_t state, size_t objectives)
{
    const struct trial_extras *extras = trial->extras;
    double start = extras->restarted ? 0 : extras->start;
    double planned = isfinite(extras->budget) ? extras->budget - start : 1;
    if (!isfinite(extras->budget) || state == AFINA_STATE_COMPLETE || state == AFINA_STATE_PAUSED ||
        state == AFINA_STATE_LOST) /* of a lost trial reports may still come: its cost is not to depend on them */
        return planned;
    if (extras->n_reports == 0)
        return state == AFINA_STATE_STOPPED || state == AFINA_STATE_INFEASIBLE ? 0 : planned;
    double last = extras->reports[(extras->n_reports - 1) * (1 + objectives)];
    double used = last - start;
    return used < 0 ? 0 : used > planned ? planned : used;
}

const char *attribute_find(const struct text_event *last, const char *key)
{
    for (; last; last = last->before)
        if (strcmp(last->key, key) == 0)
            return last->text;
    return NULL;
}

/* The event before that brought a new key, or NULL. */
static const struct text_event *first_before(const struct text_event *t)
{
    return t->before ? t->before->first : NULL;
}

void attribute_count_key(struct text_event *t)
{
    const struct text_event *first = first_before(t);
    t->first = first;
    t->n_keys = attribute_count(t->before);
    while (first && strcmp(first->key, t->key) != 0)
        first = first_before(first);
    if (first)
        return;
    t->first = t;
    t->n_keys++;
}

size_t attribute_count(const struct text_event *last)
{
    return last ? last->n_keys : 0;
}

const char *attribute_key(const struct text_event *last, size_t index)
{
    const struct text_event *first = last ? last->first : NULL;
    if (index >= attribute_count(last))
        return NULL;
    while (first->n_keys != index + 1)
        first = first_before(first);
    return first->key;
}

static int32_t find(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return (int32_t)i;
    return -1;
}

const char *trial_state_name(int32_t state)
{
    return state_names[state];
}

int32_t trial_state_from_name(const char *name)
{
    return find(state_names, sizeof state_names / sizeof state_names[0], name);
}

const char *trial_origin_name(int32_t origin)
{
    return origin_names[origin];
}

int32_t trial_origin_from_name(const char *name)
{
    return find(origin_names, sizeof origin_names / sizeof origin_names[0], name);
}
