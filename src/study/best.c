/* Which trial is the best: of those that may be compared the one with the best value; where arms have replicates, the
 * first trial of the arm with the best mean. */
#include "core/fail.h"
#include "core/mem.h"
#include "study/commit.h"

#include <math.h>

/* 1 when the trial went as far as it can: its value may be compared with those of other such trials. Without a
 * scheduler a repetition or a continuation was made by another program, and is not compared. */
static int is_full(const struct study *study, const struct trial *trial)
{
    const struct trial_extras *extras = trial->extras;
    if (extras->budget < study->budget_max)
        return 0;
    return study_is_scheduled(study) || (extras->replicate == 0 && trial_arm(trial) == trial->number);
}

int study_may_be_best(const struct study *study, const struct trial *trial)
{
    return study->objectives == 1 && trial->state == AFINA_STATE_COMPLETE && is_full(study, trial) &&
           trial_is_feasible(trial);
}

static double loss_of(const struct study *study, const struct trial *trial)
{
    return study->signs[0] * trial->end->values[0];
}

int study_is_better(const struct study *study, const struct trial *trial, int64_t best)
{
    if (study->replicates > 1)
        return study->best >= 0 && study->best != best && trial_arm(trial) == study->best;
    if (!study_may_be_best(study, trial))
        return 0;
    if (best < 0)
        return 1;
    double loss = loss_of(study, trial), best_loss = loss_of(study, study->trials[best]);
    return loss < best_loss || (loss == best_loss && trial->number < best);
}

/* What the replicates of an arm have in common. */
struct arm_mean {
    int64_t arm, n;
    double mean;
};

int32_t study_reserve_mean(struct study *study)
{
    void *means = study->means;
    int32_t rc = mem_reserve(&means, &study->mean_capacity, study->n_means + 1, sizeof *study->means);
    study->means = means;
    return rc;
}

static struct arm_mean *find_mean(const struct study *study, int64_t arm)
{
    size_t low = 0, high = study->n_means; /* in the order of arms, nearly always at once */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (study->means[middle].arm < arm)
            low = middle + 1;
        else
            high = middle;
    }
    return &study->means[low];
}

static const struct arm_mean *add_replicate(struct study *study, const struct trial *trial)
{
    int64_t arm = trial_arm(trial);
    struct arm_mean *mean = find_mean(study, arm), *end = study->means + study->n_means;
    if (mean == end || mean->arm != arm) {
        for (struct arm_mean *m = end; m > mean; m--)
            *m = m[-1];
        *mean = (struct arm_mean){.arm = arm};
        study->n_means++;
    }
    mean->n++;
    mean->mean += (loss_of(study, trial) - mean->mean) / (double)mean->n;
    return mean;
}

/* Of arms with at least half of the replicates that any has: the others were tried too little. */
static int is_tried(const struct study *study, const struct arm_mean *mean)
{
    return 2 * mean->n >= study->most_replicates;
}

static int64_t best_arm(const struct study *study)
{
    const struct arm_mean *best = NULL;
    for (size_t i = 0; i < study->n_means; i++)
        if (is_tried(study, &study->means[i]) && (!best || study->means[i].mean < best->mean))
            best = &study->means[i];
    return best ? best->arm : -1;
}

/* All arms are looked at when the best one changed, or what counts as tried; else this one alone. */
static void update_best_arm(struct study *study, const struct arm_mean *changed)
{
    int is_most = changed->n > study->most_replicates;
    if (is_most)
        study->most_replicates = changed->n;
    if (is_most || study->best < 0 || changed->arm == study->best) {
        study->best = best_arm(study);
        return;
    }
    double best = find_mean(study, study->best)->mean;
    if (is_tried(study, changed) && (changed->mean < best || (changed->mean == best && changed->arm < study->best)))
        study->best = changed->arm;
}

void study_update_best(struct study *study, const struct trial *trial)
{
    if (study->replicates <= 1) {
        if (study_is_better(study, trial, study->best))
            study->best = trial->number;
        return;
    }
    if (!study_may_be_best(study, trial))
        return;
    update_best_arm(study, add_replicate(study, trial));
}

void study_find_best(struct study *study)
{
    study->best = -1;
    study->n_means = 0;
    study->most_replicates = 0;
    if (!study->begun)
        return;
    for (size_t i = 0; i < study->n_events; i++)
        if (study->events[i].kind == EVENT_TOLD)
            study_update_best(study, study->trials[study->events[i].subject]);
}
