#include "api/run.h"
#include "core/mem.h"
#include "core/rng.h"
#include "study/advice.h"
#include "study/era.h"

#include <stdatomic.h>
#include <math.h>
#include <string.h>

static afina_trial *handle_new(struct study *study)
{
    afina_trial *handle = mem_new(1, sizeof *handle);
    if (handle)
        handle->study = study_reference(study);
    return handle;
}

void trial_bind(afina_trial *handle, struct study *study, struct trial *trial)
{
    *handle = (struct afina_trial){.study = study, .trial = trial, .deadline = INFINITY};
    study_lock(study);
    handle->point = (struct afina_point){
        .space = space_reference(trial_space(trial)), .point = (struct point *)trial_point(trial), .canonical = 1};
    study_unlock(study);
}

int32_t trial_handle(afina_trial **out, struct study *study, struct trial *trial)
{
    afina_trial *handle = handle_new(study);
    *out = handle;
    if (!handle)
        return fail_memory();
    trial_bind(handle, study, trial);
    return 0;
}

static void drop(afina_trial **handle)
{
    afina_trial_free(*handle);
}

/* The handle keeps the study while it thinks: a filter may free the optimizer. */
static int32_t make_trial(afina_trial **out, struct study *study, const struct afina_point *point)
{
    struct trial *trial;
    afina_trial *handle __attribute__((cleanup(drop))) = handle_new(study);
    *out = NULL;
    if (!handle)
        return fail_memory();
    int32_t rc = point ? study_start(study, point, &trial) : study_ask(study, &trial);
    if (rc)
        return rc;
    trial_bind(handle, study, trial);
    *out = handle;
    handle = NULL;
    return 0;
}

int32_t trial_ask(afina_trial **out, struct study *study)
{
    return make_trial(out, study, NULL);
}

int32_t trial_start(afina_trial **out, struct study *study, const struct afina_point *point)
{
    return make_trial(out, study, point);
}

void afina_trial_free(afina_trial *trial)
{
    if (!trial)
        return;
    space_release(trial->point.space);
    study_release(trial->study);
    mem_free(trial);
}

/* The first check of every function that reads a trial. */
static int32_t check(const afina_trial *trial, const char *function)
{
    int32_t rc = require(trial, function, "trial");
    return rc ? rc : study_check_trial(trial->study, trial->trial);
}

/* The same, and that of the place of the answer. */
static int32_t check_answer(const afina_trial *trial, const void *answer, const char *argument, const char *function)
{
    int32_t rc = check(trial, function);
    return rc ? rc : require(answer, function, argument);
}

/* 1 when the trial should end now. */
static int should_stop(const afina_trial *trial)
{
    const struct study *study = trial->study;
    if (trial->run ? run_is_cancelled(trial->run) : atomic_load_explicit(&study->cancelled, memory_order_acquire))
        return 1;
    if (atomic_load_explicit(&study->closed, memory_order_acquire))
        return 1;
    return isfinite(trial->deadline) && clock_seconds() >= trial->deadline;
}

int32_t afina_trial_should_stop(afina_trial *trial, int32_t *stop)
{
    int32_t rc = check_answer(trial, stop, "stop", __func__);
    if (rc)
        return rc;
    int advised = 0;
    if (!should_stop(trial))
        rc = study_advise(trial->study, trial->trial, &advised);
    else
        advised = 1;
    *stop = advised;
    trial->stop_questions++;
    if (advised)
        trial->stop_asked = 1;
    return rc ? rc : delivered(trial->study, 0);
}

int64_t afina_trial_number(const afina_trial *trial)
{
    return trial ? (int64_t)trial->trial->number : -1;
}

const afina_point *afina_trial_point(const afina_trial *trial)
{
    return trial ? &trial->point : NULL;
}

int32_t afina_trial_state(const afina_trial *trial, int32_t *state)
{
    int32_t rc = check_answer(trial, state, "state", __func__);
    if (rc)
        return rc;
    study_lock(trial->study);
    *state = trial->trial->state;
    study_unlock(trial->study);
    return 0;
}

int32_t afina_trial_origin(const afina_trial *trial, int32_t *origin)
{
    int32_t rc = check_answer(trial, origin, "origin", __func__);
    if (!rc)
        *origin = trial->trial->origin;
    return rc;
}

/* A copy of the extras, which hold what is planned with the trial. The lock is taken: a tell may give the trial
 * extras of its own. */
static int32_t read_plan(const afina_trial *trial, struct trial_extras *out, const void *answer, const char *argument,
                         const char *function)
{
    int32_t rc = check_answer(trial, answer, argument, function);
    if (rc)
        return rc;
    study_lock(trial->study);
    *out = *trial->trial->extras;
    study_unlock(trial->study);
    return 0;
}

int32_t afina_trial_budget(const afina_trial *trial, double *budget)
{
    struct trial_extras plan;
    int32_t rc = read_plan(trial, &plan, budget, "budget", __func__);
    if (!rc)
        *budget = plan.budget;
    return rc;
}

int32_t afina_trial_replicate(const afina_trial *trial, int64_t *replicate)
{
    struct trial_extras plan;
    int32_t rc = read_plan(trial, &plan, replicate, "replicate", __func__);
    if (!rc)
        *replicate = plan.replicate;
    return rc;
}

int32_t afina_trial_start(const afina_trial *trial, double *start)
{
    struct trial_extras plan;
    int32_t rc = read_plan(trial, &plan, start, "start", __func__);
    if (!rc)
        *start = plan.restarted ? 0 : plan.start;
    return rc;
}

int32_t afina_trial_arm(const afina_trial *trial, int64_t *arm)
{
    struct trial_extras plan;
    int32_t rc = read_plan(trial, &plan, arm, "arm", __func__);
    if (!rc)
        *arm = trial_arm(trial->trial);
    return rc;
}

int32_t afina_trial_parent(const afina_trial *trial, int64_t *parent)
{
    struct trial_extras plan;
    int32_t rc = read_plan(trial, &plan, parent, "parent", __func__);
    if (!rc)
        *parent = plan.parent;
    return rc;
}

int32_t afina_trial_value(const afina_trial *trial, double *value)
{
    int32_t rc = check_answer(trial, value, "value", __func__);
    if (!rc && trial->study->objectives > 1)
        rc = fail(AFINA_E_UNSUPPORTED, "trial %lld has %zu values: afina_trial_values() reads them",
                  (long long)trial->trial->number, trial->study->objectives);
    if (rc)
        return rc;
    study_lock(trial->study);
    const double *values = trial->trial->end->values;
    if (values)
        *value = values[0];
    else
        rc = fail(AFINA_E_STATE, "trial %lld has no value: it is %s", (long long)trial->trial->number,
                  trial_state_name(trial->trial->state));
    study_unlock(trial->study);
    return rc;
}

int32_t afina_trial_times(const afina_trial *trial, int64_t *started, int64_t *ended)
{
    int32_t rc = check_answer(trial, started, "started", __func__);
    if (!rc)
        rc = require(ended, __func__, "ended");
    if (rc)
        return rc;
    study_lock(trial->study);
    *started = study_started(trial->study, trial->trial);
    *ended = study_ended(trial->study, trial->trial);
    study_unlock(trial->study);
    return 0;
}

enum row { VALUES, CONSTRAINTS, ERRORS };

/* A row that is not there has no elements. */
static int32_t give_row(const afina_trial *trial, enum row which, double *out, size_t capacity, size_t *count,
                        const char *function)
{
    int32_t rc = check(trial, function);
    if (rc)
        return rc;
    const struct trial *t = trial->trial;
    study_lock(trial->study);
    const double *const rows[] = {t->end->values, t->extras->constraints, t->extras->errors};
    size_t n = which == CONSTRAINTS ? t->extras->n_constraints : trial->study->objectives;
    rc = give_doubles(rows[which], rows[which] ? n : 0, out, capacity, count, function);
    study_unlock(trial->study);
    return rc;
}

int32_t afina_trial_values(const afina_trial *trial, double *values, size_t capacity, size_t *count)
{
    return give_row(trial, VALUES, values, capacity, count, __func__);
}

int32_t afina_trial_constraints(const afina_trial *trial, double *values, size_t capacity, size_t *count)
{
    return give_row(trial, CONSTRAINTS, values, capacity, count, __func__);
}

int32_t afina_trial_errors(const afina_trial *trial, double *errors, size_t capacity, size_t *count)
{
    return give_row(trial, ERRORS, errors, capacity, count, __func__);
}

int32_t afina_trial_reason(const afina_trial *trial, char *text, size_t capacity, size_t *length)
{
    int32_t rc = check(trial, __func__);
    if (rc)
        return rc;
    study_lock(trial->study);
    const char *reason = trial->trial->end->reason ? trial->trial->end->reason : "";
    rc = give_text(reason, strlen(reason), text, capacity, length, __func__);
    study_unlock(trial->study);
    return rc;
}

int32_t afina_trial_report_count(const afina_trial *trial, size_t *count)
{
    int32_t rc = check_answer(trial, count, "count", __func__);
    if (rc)
        return rc;
    study_lock(trial->study);
    *count = trial->trial->extras->n_reports;
    study_unlock(trial->study);
    return 0;
}

int32_t afina_trial_report(const afina_trial *trial, size_t index, double *step, double *values, size_t capacity,
                           size_t *count)
{
    int32_t rc = check_answer(trial, step, "step", __func__);
    if (rc)
        return rc;
    study_lock(trial->study);
    size_t width = 1 + trial->study->objectives;
    const struct trial_extras *extras = trial->trial->extras;
    if (index >= extras->n_reports) {
        rc = fail(AFINA_E_RANGE, "report %zu: trial %lld has %zu", index, (long long)trial->trial->number,
                  extras->n_reports);
    } else {
        const double *row = extras->reports + index * width;
        rc = give_doubles(row + 1, width - 1, values, capacity, count, __func__);
        if (!rc)
            *step = row[0];
    }
    study_unlock(trial->study);
    return rc;
}

int32_t afina_trial_seed(const afina_trial *trial, uint64_t *seed)
{
    int32_t rc = check_answer(trial, seed, "seed", __func__);
    if (rc)
        return rc;
    struct rng rng;
    rng_start(&rng, trial->study->seed, (uint64_t)trial_arm(trial->trial), RNG_OBJECTIVE);
    *seed = rng_uint64(&rng);
    if (trial->trial->extras->replicate == 0)
        return 0;
    rng_start(&rng, *seed, (uint64_t)trial->trial->extras->replicate, RNG_OBJECTIVE);
    *seed = rng_uint64(&rng);
    return 0;
}

int32_t afina_trial_data_seed(const afina_trial *trial, uint64_t *seed)
{
    int32_t rc = check(trial, __func__);
    if (!rc)
        rc = require(seed, __func__, "seed");
    if (rc)
        return rc;
    struct rng rng;
    rng_start(&rng, trial->study->seed, (uint64_t)trial->trial->extras->replicate, RNG_DATA);
    *seed = rng_uint64(&rng);
    return 0;
}
