/* The library as a rule for the best arm: 64 points wait in the queue, each trial is a sample of the arm that the
 * scheduler names, and afina_conclusion() says which arm it is. */
#include "bandit.h"

#include "settings.h"

#include <math.h>
#include <stdio.h>

static int32_t make(afina_optimizer **out, const struct bandit *b, long budget, const struct rule *rule)
{
    char key[64];
    afina_space *space = NULL;
    int32_t rc = afina_space_new(&space);
    rc = rc ? rc : afina_space_add_integer(space, "arm", 0, ARMS - 1, AFINA_SCALE_LINEAR);
    rc = rc ? rc : afina_optimizer_new(out, space, "random");
    rc = rc ? rc : afina_optimizer_set_integer(*out, "seed", (int64_t)b->run);
    rc = rc ? rc : afina_optimizer_set_string(*out, "scheduler", rule->scheduler);
    rc = rc ? rc : afina_optimizer_set_integer(*out, "replicates", 1000000000);
    if (!rc && budget > 0)
        rc = afina_optimizer_set_real(*out, "budget_total", (double)budget);
    snprintf(key, sizeof key, "%s.confidence", rule->scheduler);
    if (!rc && budget == 0)
        rc = afina_optimizer_set_real(*out, key, 1 - DELTA);
    rc = rc ? rc : settings_apply(*out, rule->options);
    for (int64_t arm = 0; !rc && arm < ARMS; arm++) {
        afina_point *point = NULL;
        rc = afina_point_new(&point, space);
        rc = rc ? rc : afina_point_set_integer(point, "arm", arm);
        rc = rc ? rc : afina_enqueue(*out, point);
        afina_point_free(point);
    }
    afina_space_free(space);
    return rc;
}

static int32_t arm_of(const afina_trial *trial, int *arm)
{
    int64_t value = -1;
    const int32_t rc = afina_point_get_integer(afina_trial_point(trial), "arm", &value);
    *arm = (int)value;
    return rc;
}

static int32_t sample(afina_optimizer *optimizer, struct bandit *b)
{
    int arm = -1;
    afina_trial *trial = NULL;
    int32_t rc = afina_ask(optimizer, &trial);
    rc = rc ? rc : arm_of(trial, &arm);
    if (!rc) {
        const double loss = -bandit_pull(b, arm);
        rc = afina_trial_tell(trial, &loss, 1);
    }
    afina_trial_free(trial);
    return rc;
}

int choose_by_library(struct bandit *b, long budget, const struct rule *rule)
{
    afina_optimizer *optimizer = NULL;
    afina_trial *best = NULL;
    int64_t number = -1;
    int arm = -1;
    int32_t rc = make(&optimizer, b, budget, rule);
    while (!rc)
        rc = sample(optimizer, b);
    if (rc > 0)
        rc = afina_conclusion(optimizer, &number, NULL, NULL);
    rc = rc ? rc : afina_trial_get(optimizer, number, &best);
    rc = rc ? rc : arm_of(best, &arm);
    if (rc || (budget > 0 && b->total > budget)) {
        fprintf(stderr, "arms: %s: %s (%ld samples of %ld)\n", rule->name, afina_last_error(), b->total, budget);
        arm = -1;
    }
    afina_trial_free(best);
    afina_optimizer_free(optimizer);
    return arm;
}
