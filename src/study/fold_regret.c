/* The end of a study by evidence: what more trials can bring is less than the noise of results.
 *
 * The verdict is a function of what the decision of the next trial knows and of the numbers of the trials before it, so
 * that it is the same for any number of workers with `lag`, and after the log was read. An end makes no trial: an ask
 * after it looks again, with what was told meanwhile.
 */
#include "core/fail.h"
#include "study/fold.h"
#include "surrogate/regret.h"

/* With fewer results noise and signal cannot be told apart. */
enum { LEAST_RESULTS = 20 };

static int is_hosts(const struct trial *trial)
{
    return trial->origin == AFINA_ORIGIN_ADDED || trial->origin == AFINA_ORIGIN_ENQUEUED;
}

/* 1 when a multiple of `regret_end` lies between the last trial that was decided (0: none) and this one. The lock is
 * held. */
static int is_due(const struct study *study, int64_t number)
{
    int64_t before = number - 1;
    while (before > 0 && is_hosts(study->trials[before]))
        before--;
    return before >= 0 && number / study->regret_end > before / study->regret_end;
}

/* The model; `held` and `result` are NULL when there is too little for one. */
static int32_t open_model(struct fold *fold, struct surrogate *out)
{
    int32_t rc = fold->study->method->model(fold->state, out);
    if (rc == AFINA_E_STATE) {
        static const struct surrogate_functions none = {0};
        *out = (struct surrogate){.functions = &none};
        return 0;
    }
    return rc;
}

static int can_bound(const struct surrogate_functions *f)
{
    return f->held && f->result && f->noise;
}

int32_t fold_check_model(const struct fold *fold)
{
    const struct study *study = fold->study;
    struct surrogate surrogate;
    if (study->regret_end == 0 || !fold->state || study->method->model(fold->state, &surrogate) != AFINA_E_UNSUPPORTED)
        return 0;
    return fail(AFINA_E_UNSUPPORTED, "option \"regret_end\" needs a model: no part of method \"%s\" has one",
                study->method->name);
}

int32_t fold_check_regret(struct fold *fold, int64_t number)
{
    struct study *study = fold->study;
    struct surrogate surrogate;
    double bound, noise;
    if (study->regret_end == 0 || !fold->state)
        return 0;
    study_lock(study);
    int due = is_due(study, number);
    int32_t rc = due ? fold_show_arms(fold) : 0;
    study_unlock(study);
    if (!due || rc)
        return rc;
    rc = open_model(fold, &surrogate);
    if (rc || !can_bound(surrogate.functions) || surrogate.functions->held(surrogate.model) < LEAST_RESULTS)
        return rc;
    rc = regret_bound(&surrogate, fold->view.era->space, study->seed, &bound, &noise);
    return rc ? rc : bound < noise ? AFINA_DONE : 0;
}
