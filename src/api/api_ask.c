/* How trials come to be: asked for, begun by the host, waited for; and what waits for a trial. */
#include "api/handles.h"
#include "study/delivery.h"

#include <math.h>
#include <stdatomic.h>

int32_t afina_ask(afina_optimizer *optimizer, afina_trial **out)
{
    int32_t rc = REQUIRE_OUT(out);
    if (!rc)
        rc = optimizer_check(optimizer, __func__);
    if (!rc)
        rc = study_take_answer(optimizer->study);
    if (rc)
        return rc;
    struct study *study = optimizer->study; /* a filter may free the optimizer; a trial keeps the study */
    rc = trial_ask(out, study);
    return delivered(study, rc);
}

/* The longest sleep, in seconds: afina_cancel() wakes no thread, since a signal handler may call it. */
#define WAIT_SLICE 0.1

/* Returns the status that ends the wait early, or AFINA_WAIT. */
static int32_t check_wait(struct study *study)
{
    int32_t pending = 1;
    int32_t rc = study_check(study);
    if (rc)
        return rc;
    if (atomic_compare_exchange_strong_explicit(&study->cancelled, &pending, 0, memory_order_acq_rel,
                                                memory_order_acquire))
        return AFINA_CANCELLED;
    return AFINA_WAIT;
}

/* Asks again whenever the log has changed. */
static int32_t ask_until(struct study *study, double deadline, afina_trial **out)
{
    for (;;) {
        uint64_t changes = study_changes(study);
        int32_t rc = study_take_answer(study);
        if (!rc)
            rc = trial_ask(out, study);
        if (rc == AFINA_WAIT)
            rc = check_wait(study);
        if (rc != AFINA_WAIT || clock_seconds() >= deadline)
            return rc;
        study_wait_change(study, changes, fmin(deadline - clock_seconds(), WAIT_SLICE));
    }
}

static void let_go(struct study **kept)
{
    study_release(*kept);
}

int32_t afina_ask_wait(afina_optimizer *optimizer, double seconds, afina_trial **out)
{
    int32_t rc = REQUIRE_OUT(out);
    if (!rc)
        rc = optimizer_check(optimizer, __func__);
    if (!rc && !(seconds >= 0))
        rc = fail(AFINA_E_RANGE, "%s: seconds must be 0 or more, got %g", __func__, seconds);
    if (rc)
        return rc;
    struct study *kept __attribute__((cleanup(let_go))) = study_reference(optimizer->study);
    return delivered(kept, ask_until(kept, clock_seconds() + seconds, out));
}

int32_t afina_start(afina_optimizer *optimizer, const afina_point *point, afina_trial **out)
{
    struct afina_point copy = {0};
    int32_t rc = REQUIRE_OUT(out);
    if (!rc)
        rc = canonical_point(optimizer, point, __func__, &copy);
    if (!rc)
        rc = trial_start(out, optimizer->study, &copy);
    canonical_free(&copy);
    return rc ? rc : delivered(optimizer->study, rc);
}

int32_t afina_enqueue(afina_optimizer *optimizer, const afina_point *point)
{
    struct afina_point copy = {0};
    int32_t rc = canonical_point(optimizer, point, __func__, &copy);
    if (!rc)
        rc = study_enqueue(optimizer->study, &copy);
    canonical_free(&copy);
    return rc;
}

int32_t afina_add_trial(afina_optimizer *optimizer, const afina_point *point, int32_t state, const double *values,
                        size_t count, int64_t *number)
{
    struct afina_point copy = {0};
    struct trial *trial;
    int32_t rc = 0;
    if (state != AFINA_STATE_COMPLETE && state != AFINA_STATE_FAILED && state != AFINA_STATE_INFEASIBLE)
        rc = fail(
            AFINA_E_RANGE,
            "%s: state must be AFINA_STATE_COMPLETE (1), AFINA_STATE_FAILED (4) or AFINA_STATE_INFEASIBLE (5), got %d",
            __func__, (int)state);
    if (!rc && state == AFINA_STATE_COMPLETE)
        rc = require(values, __func__, "values");
    if (!rc && state != AFINA_STATE_COMPLETE && count != 0)
        rc = fail(AFINA_E_RANGE, "%s: a trial without result takes 0 values, got %zu", __func__, count);
    if (!rc)
        rc = canonical_point(optimizer, point, __func__, &copy);
    if (!rc)
        rc = study_add(optimizer->study, &copy, state, values, count, &trial);
    canonical_free(&copy);
    if (!rc && number)
        *number = trial->number;
    return rc ? rc : delivered(optimizer->study, rc);
}
