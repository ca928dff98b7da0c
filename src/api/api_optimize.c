/* The callback loop: ask, evaluate, tell, on one thread or several. */
#include "api/run.h"
#include "study/turn.h"

#include <math.h>

static int32_t check(const afina_optimizer *optimizer, afina_objective objective, int64_t trials, const char *function)
{
    int32_t rc = optimizer_check(optimizer, function);
    if (!rc && !objective)
        rc = fail(AFINA_E_ARGUMENT, "%s: objective is NULL", function);
    if (!rc && trials < 0)
        rc = fail(AFINA_E_RANGE, "%s: trials must be 0 or more, got %lld", function, (long long)trials);
    return rc ? rc : study_check_turn(optimizer->study);
}

/* A run in which every trial failed is no plain success. */
static int32_t check_failed(const struct run *run, int32_t rc)
{
    if ((rc != AFINA_OK && rc != AFINA_DONE) || run->ended == 0 || run->failed < run->ended)
        return rc;
    return fail(AFINA_ALL_FAILED, "all %lld trials failed; the last: %s", (long long)run->ended, run->reason);
}

int32_t afina_optimize(afina_optimizer *optimizer, afina_objective objective, void *user, int64_t trials)
{
    int32_t rc = check(optimizer, objective, trials, __func__);
    if (rc)
        return rc;
    struct study_limits limits;
    study_get_limits(optimizer->study, &limits);
    if (!isnan(limits.target) && study_objectives(optimizer->study) > 1)
        return fail(AFINA_E_UNSUPPORTED, "option \"target\" is of one objective; this study has %zu",
                    study_objectives(optimizer->study));
    struct run run __attribute__((cleanup(run_fini))) = {
        .study = study_reference(optimizer->study), /* the objective may free the optimizer */
        .objective = objective,
        .user = user,
        .trials = trials,
        .deadline = clock_seconds() + limits.seconds,
        .target = limits.target,
        .trial_seconds = limits.trial_seconds,
    };
    pthread_mutex_init(&run.lock, NULL);
    pthread_cond_init(&run.told, NULL);
    turn_init_changed(&run.watch);
    rc = run_workers(&run, (size_t)limits.workers);
    if (study_is_forked(run.study))
        return rc;
    /* Also when it came too late to end anything: the next run is another one. */
    if (rc >= 0 && run_is_cancelled(&run))
        return AFINA_CANCELLED;
    return check_failed(&run, rc);
}
