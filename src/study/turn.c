#define _POSIX_C_SOURCE 200809L /* clock_gettime, pthread_condattr_setclock */
#include "study/turn.h"

#include "core/fail.h"
#include "core/mem.h"
#include "study/component.h"
#include "study/dotted.h"
#include "study/fold.h"
#include "study/study_options.h"

#include <math.h>
#include <string.h>
#include <time.h>

void wait_for(pthread_cond_t *condition, pthread_mutex_t *lock)
{
    int before;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
    pthread_cond_wait(condition, lock);
    pthread_setcancelstate(before, NULL);
}

/* The lock is held. */
static int32_t check_owner(const struct study *study)
{
    if (!study->turn_taken || !pthread_equal(study->turn_owner, pthread_self()))
        return 0;
    return fail(AFINA_E_BUSY,
                "a filter may not ask for trials, add them or ask the model of the optimizer that calls it");
}

int32_t study_check_turn(struct study *study)
{
    study_lock(study);
    int32_t rc = check_owner(study);
    study_unlock(study);
    return rc;
}

int32_t study_take_turn(struct study *study)
{
    study_lock(study);
    int32_t rc = check_owner(study);
    if (rc) {
        study_unlock(study);
        return rc;
    }
    while (study->turn_taken)
        wait_for(&study->turn_free, &study->lock);
    study->turn_taken = 1;
    study->turn_owner = pthread_self();
    return 0;
}

/* A turn that brought no trial has fixed nothing, unless the header stands already. */
static void unfix(struct study *study)
{
    study_drop_fold(study);
    study->begun = study->header != NULL;
}

void study_leave_turn(struct study *study)
{
    if (study->n_trials == 0)
        unfix(study);
    study->turn_taken = 0;
    pthread_cond_signal(&study->turn_free);
    study_unlock(study);
}

void study_abandon_turn(struct study **guard)
{
    struct study *study = *guard;
    if (!study || study_is_forked(study))
        return;
    study_lock(study);
    study_drop_fold(study);
    study_leave_turn(study);
}

uint64_t study_changes(const struct study *study)
{
    study_lock(study);
    uint64_t changes = study->changes;
    study_unlock(study);
    return changes;
}

/* Uses CLOCK_MONOTONIC, which setting the time does not change. */
void turn_init_changed(pthread_cond_t *changed)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(changed, &attributes);
    pthread_condattr_destroy(&attributes);
}

void study_wait_change(struct study *study, uint64_t changes, double seconds)
{
    struct timespec end;
    int before, rc = 0;
    clock_gettime(CLOCK_MONOTONIC, &end);
    int64_t nanoseconds = end.tv_nsec + (int64_t)(1e9 * seconds);
    end.tv_sec += (time_t)(nanoseconds / 1000000000);
    end.tv_nsec = (long)(nanoseconds % 1000000000);
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
    study_lock(study);
    while (study->changes == changes && rc == 0)
        rc = pthread_cond_timedwait(&study->changed, &study->lock, &end);
    study_unlock(study);
    pthread_setcancelstate(before, NULL);
}

int32_t study_ensure_fold(struct study *study)
{
    return study->fold ? 0 : fold_new(&study->fold, study);
}

void study_drop_fold(struct study *study)
{
    fold_free(study->fold);
    study->fold = NULL;
}

int32_t study_drop_broken_fold(struct study *study, int32_t rc)
{
    int is_broken = rc < 0 && rc != AFINA_E_NO_POINT && rc != AFINA_E_STATE;
    /* A lost trial may have another end when the next suggestion is made, which no other one knew as lost. */
    int is_early = rc && rc != AFINA_WAIT && study->fold && study->fold->n_lost > 0;
    if (is_broken || is_early)
        study_drop_fold(study);
    return rc;
}

static int32_t check_method(const struct study *study)
{
    if (study->objectives > 1 && !(study->method->traits & METHOD_MANY_OBJECTIVES))
        return fail(AFINA_E_UNSUPPORTED, "method \"%s\" handles one objective, not %zu", study->method->name,
                    study->objectives);
    if (study->regret_end > 0 && !study->method->model)
        return fail(AFINA_E_UNSUPPORTED, "option \"regret_end\" needs a method with a model; method \"%s\" has none",
                    study->method->name);
    return 0;
}

/* Budgets are declared by both of their bounds. */
static int32_t read_budgets(struct study *study)
{
    double min = option_real(&study->options, "budget_min"), max = option_real(&study->options, "budget_max");
    study->budget_total = option_real(&study->options, "budget_total");
    study->replicates = option_integer(&study->options, "replicates");
    study->budget_min = study->budget_max = INFINITY;
    if (study->budget_total <= 0)
        return fail(AFINA_E_RANGE, "option \"budget_total\" must be > 0, got %g", study->budget_total);
    if (isnan(min) && isnan(max))
        return 0;
    if (isnan(min) || isnan(max))
        return fail(AFINA_E_RANGE,
                    "option \"%s\" is missing: budgets are declared by \"budget_min\" and \"budget_max\"",
                    isnan(min) ? "budget_min" : "budget_max");
    if (!(min > 0 && isfinite(max)))
        return fail(AFINA_E_RANGE, "\"budget_min\" and \"budget_max\" must be finite and > 0, got %g and %g", min, max);
    if (min > max)
        return fail(AFINA_E_RANGE, "\"budget_min\" must be at most \"budget_max\" (%g), got %g", max, min);
    if (study->budget_total < max)
        return fail(AFINA_E_RANGE, "\"budget_total\" must be at least \"budget_max\" (%g), got %g", max,
                    study->budget_total);
    study->budget_min = min;
    study->budget_max = max;
    return 0;
}

/* Other rules than the mean look at all replicates of an arm at once. */
static int32_t read_aggregate(struct study *study)
{
    const struct aggregate *rule;
    double parameter = option_real(&study->options, "aggregate_parameter");
    int32_t rc = aggregate_find(option_string(&study->options, "aggregate"), &rule);
    study->aggregate = NULL;
    if (rc)
        return rc;
    study->aggregate_parameter = isnan(parameter) ? rule->parameter : parameter;
    if (!isnan(parameter) && !(parameter >= rule->least && parameter <= rule->most))
        return isnan(rule->parameter)
                   ? fail(AFINA_E_RANGE, "aggregate \"%s\" has no \"aggregate_parameter\", got %g", rule->name,
                          parameter)
                   : fail(AFINA_E_RANGE, "\"aggregate_parameter\" of \"%s\" must be in [%g, %g], got %g", rule->name,
                          rule->least, rule->most, parameter);
    if (strcmp(rule->name, "mean") == 0)
        return 0;
    if (study->replicates < 2 || study->replicates > AGGREGATE_SMALL)
        return fail(AFINA_E_RANGE, "aggregate \"%s\" needs option \"replicates\" in [2, %d], got %lld", rule->name,
                    (int)AGGREGATE_SMALL, (long long)study->replicates);
    study->aggregate = rule;
    return 0;
}

static int32_t check_needs(const struct study *study)
{
    uint32_t needs = study->scheduler->needs;
    const char *name = study->scheduler->name;
    int decides = study_is_scheduled(study);
    if ((needs & SCHEDULE_BUDGETS) && isinf(study->budget_max))
        return fail(AFINA_E_RANGE, "scheduler \"%s\" needs the options \"budget_min\" and \"budget_max\"", name);
    if ((needs & SCHEDULE_REPLICATES) && study->replicates < 2)
        return fail(AFINA_E_RANGE, "scheduler \"%s\" needs option \"replicates\" to be at least 2, got %lld", name,
                    (long long)study->replicates);
    if (!decides && study->replicates > 1)
        return fail(AFINA_E_RANGE, "scheduler \"%s\" makes no replicates: option \"replicates\" must be 1, got %lld",
                    name, (long long)study->replicates);
    if (option_integer(&study->options, "no_gain") > 0 && study->objectives > 1)
        return fail(AFINA_E_UNSUPPORTED, "option \"no_gain\" is of one objective; this study has %zu",
                    study->objectives);
    if ((decides || study_has_stopper(study)) && study->objectives > 1)
        return fail(AFINA_E_UNSUPPORTED, "scheduler \"%s\" and stopper \"%s\" take one objective, not %zu", name,
                    study->stopper->name, study->objectives);
    return 0;
}

static int32_t read_schedule(struct study *study)
{
    struct option_set *set;
    const char *name = option_string(&study->options, "scheduler");
    int32_t rc = read_budgets(study);
    if (!rc && name[0])
        rc = scheduler_find(name, &study->scheduler);
    if (!rc)
        rc = stopper_find(option_string(&study->options, "stopper"), &study->stopper);
    if (rc)
        return rc;
    study->scheduler = study_chosen_scheduler(study);
    rc = read_aggregate(study);
    if (!rc)
        rc = check_needs(study);
    if (!rc)
        rc = study_component_options(study, component_of_scheduler(study->scheduler), &set);
    if (!rc)
        rc = study_component_options(study, component_of_stopper(study->stopper), &set);
    return rc;
}

int32_t study_check_filter(const struct study *study)
{
    if (study->needs_filter && !study->space->filter)
        return fail(AFINA_E_STATE,
                    "the study was made with a filter: set it with afina_optimizer_set_filter() before asking");
    return 0;
}

int32_t study_begin(struct study *study)
{
    if (study->begun)
        return 0;
    study->seed = (uint64_t)option_integer(&study->options, "seed");
    study->objectives = (size_t)option_integer(&study->options, "objectives");
    study->lag = option_integer(&study->options, "lag");
    study->repeats = option_integer(&study->options, "repeats") != 0;
    study->regret_end = option_integer(&study->options, "regret_end");
    mem_free(study->signs);
    study->signs = mem_new(study->objectives, sizeof *study->signs);
    if (!study->signs)
        return fail_memory();
    int32_t rc = study_parse_direction(option_string(&study->options, "direction"), study->objectives, study->signs);
    if (!rc)
        rc = check_method(study);
    if (!rc)
        rc = read_schedule(study);
    if (rc)
        return rc;
    study->begun = 1;
    return 0;
}

int study_is_scheduled(const struct study *study)
{
    return strcmp(study->scheduler->name, "none") != 0;
}

int study_has_stopper(const struct study *study)
{
    return strcmp(study->stopper->name, "never") != 0;
}

int study_plans(const struct study *study)
{
    return study_is_scheduled(study) || study_has_stopper(study) || isfinite(study->budget_max) ||
           isfinite(study->budget_total);
}
