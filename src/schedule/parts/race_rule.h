/* When an arm of a race is dropped: tests of the losses of arms on replicates that they share. Replicate r is the same
 * part of the data for all arms, so differences are free of what makes it easy or hard.
 */
#ifndef AFINA_SCHEDULE_PARTS_RACE_RULE_H
#define AFINA_SCHEDULE_PARTS_RACE_RULE_H

#include "experiment/fold_race.h"

struct race_rule {
    struct fold_race table; /* losses by arm and replicate, and the sums of the pooled rule */
    double level;           /* of the test; 0: its default */
    int kind;
    double *work; /* room for a matrix of losses, and what the tests need of it */
    size_t capacity;
};

/* `test` is one of RACE_TESTS. AFINA_E_RANGE. */
#define RACE_TESTS "pooled,friedman,t,wilcoxon"
int32_t race_rule_init(struct race_rule *rule, const char *test, double level, size_t replicates);
void race_rule_fini(struct race_rule *rule); /* a zeroed one is fine */

/* Replicates of an arm after which the test first makes sense. */
size_t race_rule_least(const struct race_rule *rule);

/* A loss of an arm on a replicate, both counted from 0; one that it has already is passed over. */
int32_t race_rule_add(struct race_rule *rule, size_t arm, size_t replicate, double loss);

/* NaN: the arm has none there. */
double race_rule_loss(const struct race_rule *rule, size_t arm, size_t replicate);

/* The mean difference of two arms over the replicates that both have; NaN: none. */
double race_rule_difference(const struct race_rule *rule, size_t a, size_t b);

/* *drop = 1 when `arm` is worse than `elite` by the test. `alive` are the `n` arms of the race, both among them, which
 * Friedman's test ranks together. */
int32_t race_rule_drops(struct race_rule *rule, size_t arm, size_t elite, const size_t *alive, size_t n, int *drop);

#endif
