/* Every scheduler and every stopper, in the order in which they are listed. */
#include "schedule/schedule.h"

#include "core/fail.h"
#include "core/text.h"

#include <math.h>
#include <string.h>

extern const struct scheduler scheduler_none;
extern const struct scheduler scheduler_repeat;
extern const struct scheduler scheduler_halving;
extern const struct scheduler scheduler_rejects;
extern const struct scheduler scheduler_top_two;
extern const struct scheduler scheduler_lucb;
extern const struct scheduler scheduler_hyperband;
extern const struct scheduler scheduler_asha;
extern const struct scheduler scheduler_race;
extern const struct scheduler scheduler_pbt;
extern const struct scheduler scheduler_adaptive;

extern const struct stopper stopper_never;
extern const struct stopper stopper_median;
extern const struct stopper stopper_percentile;
extern const struct stopper stopper_threshold;
extern const struct stopper stopper_patience;
extern const struct stopper stopper_rungs;
extern const struct stopper stopper_wilcoxon;
extern const struct stopper stopper_curve;

static const struct scheduler *const SCHEDULERS[] = {
    &scheduler_none,    &scheduler_repeat, &scheduler_halving,   &scheduler_rejects,
    &scheduler_top_two, &scheduler_lucb,   &scheduler_hyperband, &scheduler_asha,
    &scheduler_race,    &scheduler_pbt,    &scheduler_adaptive,
};

static const struct stopper *const STOPPERS[] = {
    &stopper_never,    &stopper_median, &stopper_percentile, &stopper_threshold,
    &stopper_patience, &stopper_rungs,  &stopper_wilcoxon,   &stopper_curve,
};

enum { N_SCHEDULERS = sizeof SCHEDULERS / sizeof *SCHEDULERS, N_STOPPERS = sizeof STOPPERS / sizeof *STOPPERS };

size_t scheduler_count(void)
{
    return N_SCHEDULERS;
}

const struct scheduler *scheduler_at(size_t index)
{
    return index < N_SCHEDULERS ? SCHEDULERS[index] : NULL;
}

size_t stopper_count(void)
{
    return N_STOPPERS;
}

const struct stopper *stopper_at(size_t index)
{
    return index < N_STOPPERS ? STOPPERS[index] : NULL;
}

static int32_t unknown(const char *kind, const char *name, const char *const *names, size_t count)
{
    const char *nearest = text_nearest(name, names, count);
    if (nearest)
        return fail(AFINA_E_NAME, "there is no %s \"%s\"; did you mean \"%s\"?", kind, name, nearest);
    return fail(AFINA_E_NAME, "there is no %s \"%s\"; afina_%s_name() lists them", kind, name, kind);
}

int32_t scheduler_find(const char *name, const struct scheduler **out)
{
    const char *names[N_SCHEDULERS];
    for (size_t i = 0; i < N_SCHEDULERS; i++) {
        names[i] = SCHEDULERS[i]->name;
        if (strcmp(names[i], name) == 0) {
            *out = SCHEDULERS[i];
            return 0;
        }
    }
    return unknown("scheduler", name, names, N_SCHEDULERS);
}

int32_t stopper_find(const char *name, const struct stopper **out)
{
    const char *names[N_STOPPERS];
    for (size_t i = 0; i < N_STOPPERS; i++) {
        names[i] = STOPPERS[i]->name;
        if (strcmp(names[i], name) == 0) {
            *out = STOPPERS[i];
            return 0;
        }
    }
    return unknown("stopper", name, names, N_STOPPERS);
}

double schedule_cost(double budget, double start)
{
    return isfinite(budget) ? budget - start : 1;
}
