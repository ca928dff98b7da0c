/* What a trial is told beside its values, once: constraints, and errors of the values. */
#include "core/fail.h"
#include "core/mem.h"
#include "study/commit.h"

#include <float.h>

/* The trial's extras, which prepare made. */
static struct trial_extras *extras_of(struct study *study, int64_t number)
{
    return trial_own_extras(study->trials[number]);
}

static int32_t copy_values(struct study *study, const struct entry *entry, void **made)
{
    if (!extras_of(study, entry->trial))
        return fail_memory();
    *made = mem_copy(entry->values, entry->n_values, sizeof *entry->values);
    return *made ? 0 : fail_memory();
}

static int32_t constraints_check(const struct study *study, const struct entry *entry)
{
    int32_t rc = study_check_open(study, entry->trial);
    if (!rc && study->trials[entry->trial]->extras->constraints)
        rc = fail(AFINA_E_STATE, "the constraints of trial %lld were told already", (long long)entry->trial);
    if (!rc && entry->n_values == 0)
        rc = fail(AFINA_E_RANGE, "the constraints of trial %lld are empty", (long long)entry->trial);
    if (!rc && study->n_constrained > 0 && entry->n_values != study->n_constraints)
        rc = fail(AFINA_E_RANGE, "%zu constraint values of trial %lld; the trials of this study have %zu",
                  entry->n_values, (long long)entry->trial, study->n_constraints);
    return rc;
}

static void constraints_apply(struct study *study, const struct entry *entry, struct event *event, void *made)
{
    (void)event;
    struct trial_extras *extras = extras_of(study, entry->trial);
    extras->constraints = made;
    extras->n_constraints = entry->n_values;
    study->n_constraints = entry->n_values;
    study->n_constrained++;
}

static void constraints_undo(struct study *study, const struct event *event)
{
    struct trial_extras *extras = extras_of(study, event->subject);
    mem_free(extras->constraints);
    extras->constraints = NULL;
    extras->n_constraints = 0;
    study->n_constrained--;
}

static void constraints_view(const struct study *study, const struct event *event, struct entry *entry)
{
    const struct trial_extras *extras = study->trials[event->subject]->extras;
    entry->present |= FIELD_VALUES;
    entry->values = extras->constraints;
    entry->n_values = extras->n_constraints;
}

const struct event_kind constraints_kind = {
    .name = "constraints",
    .required = FIELD_TRIAL | FIELD_VALUES,
    .check = constraints_check,
    .prepare = copy_values,
    .apply = constraints_apply,
    .undo = constraints_undo,
    .view = constraints_view,
};

static int32_t errors_check(const struct study *study, const struct entry *entry)
{
    int32_t rc = study_check_open(study, entry->trial);
    if (!rc && study->trials[entry->trial]->extras->errors)
        rc = fail(AFINA_E_STATE, "the errors of trial %lld were told already", (long long)entry->trial);
    if (!rc)
        rc = study_check_count(study, entry->n_values);
    for (size_t i = 0; i < entry->n_values && !rc; i++)
        if (!(entry->values[i] >= 0 && entry->values[i] <= DBL_MAX))
            rc = fail(AFINA_E_RANGE, "the standard error of a value must be finite and >= 0, got %g", entry->values[i]);
    return rc;
}

static void errors_apply(struct study *study, const struct entry *entry, struct event *event, void *made)
{
    (void)event;
    extras_of(study, entry->trial)->errors = made;
}

static void errors_undo(struct study *study, const struct event *event)
{
    struct trial_extras *extras = extras_of(study, event->subject);
    mem_free(extras->errors);
    extras->errors = NULL;
}

static void errors_view(const struct study *study, const struct event *event, struct entry *entry)
{
    entry->present |= FIELD_VALUES;
    entry->values = study->trials[event->subject]->extras->errors;
    entry->n_values = study->objectives;
}

const struct event_kind errors_kind = {
    .name = "errors",
    .required = FIELD_TRIAL | FIELD_VALUES,
    .check = errors_check,
    .prepare = copy_values,
    .apply = errors_apply,
    .undo = errors_undo,
    .view = errors_view,
};
