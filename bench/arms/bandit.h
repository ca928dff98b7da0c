/* The best of K = 64 arms from normal samples of standard deviation 1: published rules,
 * and what they are asked. */
#ifndef BENCH_BANDIT_H
#define BENCH_BANDIT_H

#include <stdint.h>

enum { ARMS = 64 };

struct bandit {
    uint64_t seed, run;
    double mean[ARMS]; /* true, larger is better */
    int best;
    long count[ARMS], total;
    double sum[ARMS];
};

struct setting {
    const char *name;
    void (*means)(double *mean); /* the first is the best */
    long budgets[2];             /* 0: none */
    int is_stopped;              /* confidence is measured too */
    int stopped_runs;
};

/* budget > 0: samples to spend; 0: until the rule is confident to 1 - DELTA. Returns the arm that it says is the
 * best. */
struct rule {
    const char *name;
    int (*choose)(struct bandit *bandit, long budget, const struct rule *rule);
    int kinds;             /* FIXED_BUDGET, FIXED_CONFIDENCE */
    const char *scheduler; /* of the library, for choose_by_library() */
    const char *options;   /* likewise; NULL: none */
};

enum { FIXED_BUDGET = 1, FIXED_CONFIDENCE = 2 };

#define DELTA 0.05

void bandit_begin(struct bandit *bandit, const struct setting *setting, uint64_t run);
double bandit_pull(struct bandit *bandit, int arm);

/* The library's own schedulers, through its public interface; -1 when a call failed. */
int choose_by_library(struct bandit *bandit, long budget, const struct rule *rule);

const struct setting *setting_at(int index); /* NULL past the end */
const struct rule *rule_at(int index);

#endif
