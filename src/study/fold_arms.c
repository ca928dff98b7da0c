/* What a method is shown where a scheduler decides: one trial for each arm, as arm_view.h has it. That changes with the
 * level at which arms are compared and with every replicate, and a method cannot forget: it begins anew, and is shown
 * all arms in the order of their numbers. */
#include "study/arm_view.h"

#include <math.h>
#include <string.h>

static int32_t observe(struct fold *fold, const struct arm *arm, int32_t kind, struct observation *out)
{
    const struct trial *trial = fold->study->trials[arm->number];
    int has_note = fold_has_note(fold, trial);
    *out = (struct observation){
        .kind = kind,
        .number = trial->number,
        .origin = fold_origin(fold, trial),
        .budget = INFINITY,
        .note = has_note ? trial->note : NULL,
        .note_size = has_note ? trial->note_size : 0,
    };
    return era_view_point(&fold->view, trial, kind == OBSERVED_TOLD ? TRIAL_ENDED : TRIAL_RUNS, &out->point);
}

static int32_t show_result(struct fold *fold, const struct arm_view *view, const struct arm *arm)
{
    double loss, error;
    struct observation o;
    int32_t rc = observe(fold, arm, OBSERVED_TOLD, &o);
    o.state = arm_view_judge(view, arm, &loss, &error);
    if (rc || o.state == AFINA_STATE_RUNNING)
        return rc;
    o.losses = isnan(loss) ? NULL : &loss;
    o.errors = o.losses && isfinite(error) ? &error : NULL;
    return fold->study->method->observe(fold->state, &o);
}

static int32_t begin_anew(struct fold *fold)
{
    const struct method *method = fold->study->method;
    method->fini(fold->state);
    memset(fold->state, 0, method->state_size);
    return method->init(fold->state, &fold->context);
}

static int32_t show_asked(struct fold *fold, const struct arm *arm)
{
    struct observation o;
    int32_t rc = observe(fold, arm, OBSERVED_ASKED, &o);
    return rc ? rc : fold->study->method->observe(fold->state, &o);
}

/* A method that does not learn knows which arms there are, and that is never taken back. */
static int32_t show_new_arms(struct fold *fold)
{
    struct fold_schedule *s = &fold->schedule;
    int32_t rc = 0;
    for (; !rc && s->shown < s->arms.n; s->shown++)
        rc = show_asked(fold, &s->arms.arm[s->shown]);
    return rc;
}

int32_t fold_show_arms(struct fold *fold)
{
    struct fold_schedule *s = &fold->schedule;
    struct arm_view view;
    if (!fold->state || !s->shows_arms || !s->is_stale)
        return 0;
    if (!(fold->study->method->traits & METHOD_LEARNS))
        return show_new_arms(fold);
    int32_t rc = arm_view_init(&view, fold);
    if (!rc)
        rc = begin_anew(fold);
    for (size_t i = 0; !rc && i < s->arms.n; i++) {
        rc = show_asked(fold, &s->arms.arm[i]);
        if (!rc)
            rc = show_result(fold, &view, &s->arms.arm[i]);
    }
    arm_view_fini(&view);
    s->is_stale = rc != 0;
    return rc;
}
