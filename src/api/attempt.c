#include "api/attempt.h"

#include "api/run.h"
#include "core/mem.h"
#include "method/method.h"

#include <math.h>

/* Let go of at the end of a scope, also when an exception of the host passes through. */
struct scratch {
    struct study *study;
    afina_trial *trial;
};

static void scratch_fini(struct scratch *scratch)
{
    afina_trial_free(scratch->trial);
    if (scratch->study)
        study_release(scratch->study);
}

/* The options that an objective can see something of. */
static int32_t copy_options(struct study *to, struct study *from)
{
    struct text direction = {0};
    int64_t seed, objectives;
    int32_t rc = study_get_integer(from, "seed", &seed);
    if (!rc)
        rc = study_get_integer(from, "objectives", &objectives);
    if (!rc)
        rc = study_get_string(from, "direction", &direction);
    if (!rc)
        rc = study_set_integer(to, "seed", seed);
    if (!rc)
        rc = study_set_integer(to, "objectives", objectives);
    if (!rc)
        rc = study_set_string(to, "direction", direction.data);
    mem_free(direction.data);
    return rc;
}

/* A method that suggests nothing: the trial is the host's own. */
static int32_t make_study(struct scratch *scratch, struct study *like, struct space *space)
{
    const struct method *manual;
    int32_t rc = method_find("manual", &manual);
    if (!rc)
        rc = study_new(&scratch->study, space, manual);
    return rc ? rc : copy_options(scratch->study, like);
}

static int32_t plan(struct scratch *scratch, struct attempt *attempt)
{
    if (attempt->stop)
        scratch->trial->deadline = 0;
    scratch->trial->refusal = attempt->refusal;
    if (!isfinite(attempt->budget))
        return AFINA_OK;
    struct trial_extras *extras = trial_own_extras(scratch->trial->trial);
    if (!extras)
        return fail_memory();
    extras->budget = attempt->budget;
    return AFINA_OK;
}

static void read_record(struct attempt *attempt, const struct scratch *scratch)
{
    const struct trial *trial = scratch->trial->trial;
    study_lock(scratch->study);
    attempt->state = trial->state;
    attempt->has_result = trial->state == AFINA_STATE_COMPLETE || trial->state == AFINA_STATE_PAUSED;
    attempt->reports = trial->extras->n_reports;
    if (attempt->reports)
        attempt->last_step = trial->extras->reports[(attempt->reports - 1) * (1 + attempt->objectives)];
    text_format(attempt->reason, sizeof attempt->reason, "%s", trial->end->reason ? trial->end->reason : "");
    for (size_t i = 0; trial->end->values && i < attempt->objectives; i++)
        attempt->values[i] = trial->end->values[i]; /* an objective may tell its trial itself */
    study_unlock(scratch->study);
    attempt->questions = scratch->trial->stop_questions;
    attempt->refused = scratch->trial->refused;
}

static int32_t evaluate(struct attempt *attempt, struct scratch *scratch, afina_objective objective, void *user)
{
    uint32_t failures = fail_count();
    double begun = clock_seconds();
    attempt->status = objective(scratch->trial, attempt->values, user);
    attempt->seconds = clock_seconds() - begun;
    for (size_t i = 0; i < attempt->objectives; i++)
        attempt->value_set |= !isnan(attempt->values[i]);
    attempt->reason_set = fail_count() != failures && fail_text()[0];
    int32_t rc = study_check_process(scratch->study);
    if (rc)
        return rc;
    rc = tell_outcome(scratch->study, scratch->trial, attempt->status, attempt->values, failures);
    if (rc && rc != attempt->status)
        return rc;
    read_record(attempt, scratch);
    return AFINA_OK;
}

int32_t attempt_run(struct attempt *attempt, afina_objective objective, void *user)
{
    struct scratch scratch __attribute__((cleanup(scratch_fini))) = {0};
    int32_t rc = make_study(&scratch, attempt->like, attempt->space);
    if (rc)
        return rc;
    attempt->objectives = study_objectives(scratch.study);
    attempt->values = mem_new(attempt->objectives, sizeof *attempt->values);
    if (!attempt->values)
        return fail_memory();
    for (size_t i = 0; i < attempt->objectives; i++)
        attempt->values[i] = NAN;
    const struct afina_point point = {.space = attempt->space, .point = (struct point *)attempt->point};
    rc = trial_start(&scratch.trial, scratch.study, &point);
    if (!rc)
        rc = plan(&scratch, attempt);
    return rc ? rc : evaluate(attempt, &scratch, objective, user);
}

void attempt_fini(struct attempt *attempt)
{
    mem_free(attempt->values);
    attempt->values = NULL;
}
