#include "study/arm_results.h"

#include "core/fail.h"
#include "core/mem.h"
#include "study/era.h"

#include <math.h>
#include <stdlib.h>

void arm_results_fini(struct arm_results *results)
{
    for (size_t i = 0; i < results->n_made; i++)
        point_free(results->made[i]);
    mem_free(results->made);
    space_release(results->space);
    mem_free(results->arm);
    mem_free(results->replicate);
    mem_free(results->value);
    *results = (struct arm_results){0};
}

static int compare(const void *a, const void *b)
{
    const struct trial *x = *(const struct trial *const *)a, *y = *(const struct trial *const *)b;
    int64_t arm_x = trial_arm(x), arm_y = trial_arm(y);
    if (arm_x != arm_y)
        return arm_x < arm_y ? -1 : 1;
    if (x->extras->replicate != y->extras->replicate)
        return x->extras->replicate < y->extras->replicate ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

/* The trials with a finite result that counts, by arm and replicate. The lock is held. */
static int32_t list_trials(const struct study *study, const struct trial ***out, size_t *count)
{
    const struct trial **list = mem_new(study->n_trials + 1, sizeof *list);
    *out = list;
    *count = 0;
    if (!list)
        return fail_memory();
    for (size_t i = 0; i < study->n_trials; i++)
        if (study_may_be_best(study, study->trials[i]) && isfinite(study->trials[i]->end->values[0]))
            list[(*count)++] = study->trials[i];
    qsort(list, *count, sizeof *list, compare);
    return 0;
}

static void fill(struct arm_results *out, const struct trial *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int64_t arm = trial_arm(list[i]);
        struct arm_result *last = out->n_arms > 0 ? &out->arm[out->n_arms - 1] : NULL;
        if (!last || last->arm != arm) {
            last = &out->arm[out->n_arms++];
            *last = (struct arm_result){.arm = arm, .first = i, .told_error = NAN};
            if (list[i]->extras->errors)
                last->told_error = list[i]->extras->errors[0];
        }
        last->n++;
        out->replicate[i] = list[i]->extras->replicate;
        out->value[i] = list[i]->end->values[0];
    }
    out->n_values = count;
}

/* The points of the arms, without parameters that they do not use. The lock is held. */
static int32_t place_points(const struct study *study, struct arm_results *out)
{
    out->space = space_reference(study->space);
    out->made = mem_new(out->n_arms, sizeof *out->made);
    if (!out->made)
        return fail_memory();
    for (; out->n_made < out->n_arms; out->n_made++) {
        struct arm_result *arm = &out->arm[out->n_made];
        const struct trial *trial = study->trials[arm->arm];
        arm->point = trial_point(trial);
        if (trial_space(trial) == out->space && !trial->extras->unused)
            continue;
        struct point *made;
        int32_t rc = point_new(&made, out->space);
        if (rc)
            return rc;
        trial_used_point(trial, out->space, made);
        arm->point = out->made[out->n_made] = made;
    }
    return 0;
}

int32_t study_arm_results(struct study *study, struct arm_results *out)
{
    const struct trial **list = NULL;
    size_t count = 0;
    *out = (struct arm_results){0};
    study_lock(study);
    int32_t rc = list_trials(study, &list, &count);
    if (!rc && count == 0)
        rc = fail(AFINA_E_NOT_FOUND, "no trial is complete and feasible");
    if (!rc) {
        out->arm = mem_new(count, sizeof *out->arm);
        out->replicate = mem_new(count, sizeof *out->replicate);
        out->value = mem_new(count, sizeof *out->value);
        rc = out->arm && out->replicate && out->value ? 0 : fail_memory();
    }
    if (!rc) {
        fill(out, list, count);
        rc = place_points(study, out);
    }
    study_unlock(study);
    mem_free(list);
    if (rc)
        arm_results_fini(out);
    return rc;
}
