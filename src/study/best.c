/* Which trial is the best: of those that may be compared the one with the best value; where arms have replicates, the
 * first trial of the best arm.
 *
 * Replicates differ: a fold may be easy for all. An arm that a race dropped after the easy ones has a lower mean than
 * one that was evaluated on all, so that two arms are compared on the replicates that both have. */
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

struct arm_loss {
    int64_t replicate;
    double loss;
    double mean; /* of the losses up to this one */
};

/* The replicates of an arm, ascending. */
struct arm_mean {
    int64_t arm, n;
    int64_t prepared; /* ends of trials for which there is room */
    struct arm_loss *loss;
    size_t capacity;
};

void study_free_means(struct study *study)
{
    for (size_t i = 0; i < study->n_means; i++)
        mem_free(study->means[i].loss);
    mem_free(study->means);
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

static int32_t add_mean(struct study *study, int64_t arm)
{
    void *means = study->means;
    int32_t rc = mem_reserve(&means, &study->mean_capacity, study->n_means + 1, sizeof *study->means);
    study->means = means;
    if (rc)
        return rc;
    struct arm_mean *mean = find_mean(study, arm);
    for (struct arm_mean *m = study->means + study->n_means; m > mean; m--)
        *m = m[-1];
    *mean = (struct arm_mean){.arm = arm};
    study->n_means++;
    return 0;
}

int32_t study_reserve_mean(struct study *study, const struct trial *trial)
{
    int64_t arm = trial_arm(trial);
    int is_known = study->n_means > 0 && find_mean(study, arm) < study->means + study->n_means &&
                   find_mean(study, arm)->arm == arm;
    int32_t rc = is_known ? 0 : add_mean(study, arm);
    if (rc)
        return rc;
    struct arm_mean *mean = find_mean(study, arm);
    void *loss = mean->loss;
    rc = mem_reserve(&loss, &mean->capacity, (size_t)mean->prepared + 1, sizeof *mean->loss);
    mean->loss = loss;
    mean->prepared += !rc;
    return rc;
}

/* Of two results of one replicate the first counts. The room is there. */
static const struct arm_mean *add_replicate(struct study *study, const struct trial *trial)
{
    struct arm_mean *mean = find_mean(study, trial_arm(trial));
    int64_t replicate = trial->extras->replicate, at = mean->n;
    while (at > 0 && mean->loss[at - 1].replicate > replicate)
        at--;
    if (at > 0 && mean->loss[at - 1].replicate == replicate)
        return mean;
    for (int64_t i = mean->n++; i > at; i--)
        mean->loss[i] = mean->loss[i - 1];
    mean->loss[at] = (struct arm_loss){.replicate = replicate, .loss = loss_of(study, trial)};
    for (int64_t i = at; i < mean->n; i++) { /* by parts, so that no sum overflows */
        double before = i > 0 ? mean->loss[i - 1].mean : 0;
        mean->loss[i].mean = before + (mean->loss[i].loss - before) / (double)(i + 1);
    }
    return mean;
}

static int is_without_gaps(const struct arm_mean *mean)
{
    return mean->loss[mean->n - 1].replicate == mean->n - 1;
}

/* By another rule than the mean: of all replicates. */
static double aggregate(const struct study *study, const struct arm_mean *arm)
{
    double losses[AGGREGATE_SMALL], error;
    for (int64_t i = 0; i < arm->n; i++)
        losses[i] = arm->loss[i].loss;
    return aggregate_small(study->aggregate, losses, (size_t)arm->n, study->aggregate_parameter, &error);
}

/* The mean loss of a less that of b, on the replicates that both have; without such ones, on all of each. */
static double difference(const struct study *study, const struct arm_mean *a, const struct arm_mean *b)
{
    int64_t least = a->n < b->n ? a->n : b->n, n = 0;
    double mean = 0;
    if (study->aggregate)
        return aggregate(study, a) - aggregate(study, b);
    if (is_without_gaps(a) && is_without_gaps(b))
        return a->loss[least - 1].mean - b->loss[least - 1].mean;
    for (int64_t i = 0, j = 0; i < a->n && j < b->n;) {
        int64_t order = a->loss[i].replicate - b->loss[j].replicate;
        if (order == 0) {
            double d = a->loss[i].loss - b->loss[j].loss;
            mean += (d - mean) / (double)++n;
        }
        i += order <= 0;
        j += order >= 0;
    }
    return n > 0 ? mean : a->loss[a->n - 1].mean - b->loss[b->n - 1].mean;
}

/* The better of the best and the arms with `least` to `most` replicates; of equal ones the earlier. */
static const struct arm_mean *better_arm(const struct study *study, const struct arm_mean *best, int64_t least,
                                         int64_t most)
{
    for (size_t i = 0; i < study->n_means; i++) {
        const struct arm_mean *arm = &study->means[i];
        if (arm->n > 0 && arm->n >= least && arm->n <= most && (!best || difference(study, arm, best) < 0))
            best = arm;
    }
    return best;
}

/* Of arms with at least half of the replicates that any has: the others were tried too little. */
static int64_t least_tried(const struct study *study)
{
    return study->most_replicates - study->most_replicates / 2;
}

/* Those with the most replicates are compared with each other first. */
static int64_t best_arm(const struct study *study)
{
    int64_t most = study->most_replicates;
    const struct arm_mean *best = better_arm(study, NULL, most, most);
    best = better_arm(study, best, least_tried(study), most - 1);
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
    double ahead = difference(study, changed, find_mean(study, study->best));
    if (changed->n >= least_tried(study) && (ahead < 0 || (ahead == 0 && changed->arm < study->best)))
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
    for (size_t i = 0; i < study->n_means; i++)
        study->means[i].n = 0;
    study->most_replicates = 0;
    if (!study->begun)
        return;
    for (size_t i = 0; i < study->n_events; i++)
        if (study->events[i].kind == EVENT_TOLD)
            study_update_best(study, study->trials[study->events[i].subject]);
}
