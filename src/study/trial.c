#include "study/trial.h"

#include "core/mem.h"

#include <math.h>
#include <string.h>

static const char *const state_names[] = {"running", "complete", "stopped", "paused", "failed", "infeasible", "lost"};
static const char *const origin_names[] = {"suggested", "enqueued", "added"};

struct trial *trial_new(const struct point *point, int32_t origin)
{
    struct trial *trial = mem_new(1, sizeof *trial);
    if (!trial)
        return NULL;
    trial->origin = origin;
    trial->budget = INFINITY;
    if (point_copy(&trial->point, point)) {
        mem_free(trial);
        return NULL;
    }
    return trial;
}

void trial_free(struct trial *trial)
{
    if (!trial)
        return;
    point_free(trial->point);
    mem_free(trial->note);
    mem_free(trial->values);
    mem_free(trial->constraints);
    mem_free(trial->errors);
    mem_free(trial->reports);
    mem_free(trial->reason);
    mem_free(trial);
}

int trial_is_feasible(const struct trial *trial)
{
    for (size_t i = 0; i < trial->n_constraints; i++)
        if (!(trial->constraints[i] <= 0))
            return 0;
    return 1;
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
