/* uniform     every arm as often
 * halving     sequential halving (Karnin et al. 2013), log2 K rounds of equal cost; samples are kept
 * rejects     successive rejects (Audibert, Bubeck & Munos 2010)
 * eb-tci      empirical best and transportation cost improved (Jourdan et al. 2022, arXiv:2206.05979):
 *             leader B = argmax m, challenger argmin_i W_i + ln N_i, half of the samples to the leader by
 *             tracking;  W_i = (m_B - m_i)^2 / (2 (1/N_B + 1/N_i))
 * eb-tci-glr  the same until min W > 2 C(ln((K-1)/delta) / 2) + 4 ln(4 + ln(t/2)), C(x) = x + ln x
 * eb-tci-heuristic   until min W > ln((1 + ln t) / delta), which promises nothing
 * lucb        Kalyanakrishnan et al. 2012: the best arm and the one with the highest upper bound, radius
 *             sqrt(2 ln(5 K t^4 / (4 delta)) / N), until the bounds part */
#include "bandit.h"

#include "problems/stream.h"

#include <math.h>
#include <stddef.h>

/* ----------------------------------------------------------------- settings */

static void one_good(double *mean)
{
    for (int i = 0; i < ARMS; i++)
        mean[i] = i ? -0.5 : 0;
}

static void linear(double *mean)
{
    for (int i = 0; i < ARMS; i++)
        mean[i] = -2.0 * i / (ARMS - 1);
}

static void power(double *mean)
{
    for (int i = 0; i < ARMS; i++)
        mean[i] = -pow((double)i / ARMS, 0.6);
}

static const struct setting settings[] = {
    {"one-good", one_good, {1024, 4096}, 1, 60},
    {"linear", linear, {4096, 16384}, 1, 12},
    {"power", power, {4096, 0}, 0, 0},
};

const struct setting *setting_at(int index)
{
    return index >= 0 && index < (int)(sizeof settings / sizeof *settings) ? &settings[index] : NULL;
}

/* The arms stand in an order that is drawn for the run: no rule gains by what it does with ties. */
void bandit_begin(struct bandit *b, const struct setting *s, uint64_t run)
{
    *b = (struct bandit){.seed = stream_hash(s->name), .run = run};
    s->means(b->mean);
    for (int i = ARMS - 1; i > 0; i--) {
        const int j = (int)(stream_uniform(b->seed, run, (uint32_t)i) * (i + 1));
        const double kept = b->mean[j];
        b->mean[j] = b->mean[i];
        b->mean[i] = kept;
        b->best = b->best == j ? i : b->best == i ? j : b->best;
    }
}

/* The k-th sample of an arm is the same for all rules. */
double bandit_pull(struct bandit *b, int arm)
{
    const uint64_t key = b->seed ^ (b->run + 1) * 0x9E3779B97F4A7C15u;
    const double y = b->mean[arm] + stream_normal(key, (uint64_t)b->count[arm], (uint32_t)arm);
    b->count[arm]++;
    b->total++;
    b->sum[arm] += y;
    return y;
}

/* -------------------------------------------------------------------- rules */

static double mean_of(const struct bandit *b, int arm)
{
    return b->count[arm] ? b->sum[arm] / (double)b->count[arm] : -INFINITY;
}

static int leader(const struct bandit *b)
{
    int best = 0;
    for (int i = 1; i < ARMS; i++)
        if (mean_of(b, i) > mean_of(b, best))
            best = i;
    return best;
}

static void pull_each(struct bandit *b)
{
    for (int i = 0; i < ARMS; i++)
        bandit_pull(b, i);
}

static int choose_uniform(struct bandit *b, long budget, const struct rule *rule)
{
    (void)rule;
    for (long t = 0; t < budget; t++)
        bandit_pull(b, (int)(t % ARMS));
    return leader(b);
}

/* The worst leave until `keep` are left. */
static int drop_worst(const struct bandit *b, int *arms, int count, int keep)
{
    while (count > keep) {
        int worst = 0;
        for (int i = 1; i < count; i++)
            if (mean_of(b, arms[i]) < mean_of(b, arms[worst]))
                worst = i;
        arms[worst] = arms[--count];
    }
    return count;
}

static void all_arms(int *arms)
{
    for (int i = 0; i < ARMS; i++)
        arms[i] = i;
}

static int choose_halving(struct bandit *b, long budget, const struct rule *rule)
{
    (void)rule;
    int arms[ARMS], count = ARMS;
    const int rounds = (int)ceil(log2(ARMS));
    all_arms(arms);
    for (int k = 0; k < rounds; k++) {
        const long each = budget / rounds / count;
        for (int i = 0; i < count; i++)
            for (long n = 0; n < each; n++)
                bandit_pull(b, arms[i]);
        count = drop_worst(b, arms, count, (count + 1) / 2);
    }
    return arms[0];
}

static int choose_rejects(struct bandit *b, long budget, const struct rule *rule)
{
    (void)rule;
    int arms[ARMS], count = ARMS;
    double logarithm = 0.5;
    for (int i = 2; i <= ARMS; i++)
        logarithm += 1.0 / i;
    all_arms(arms);
    for (int k = 1; k < ARMS; k++) {
        const long each = (long)ceil((double)(budget - ARMS) / logarithm / (ARMS + 1 - k));
        for (int i = 0; i < count; i++)
            while (b->count[arms[i]] < each)
                bandit_pull(b, arms[i]);
        count = drop_worst(b, arms, count, count - 1);
    }
    return arms[0];
}

static double transport(const struct bandit *b, int best, int i)
{
    const double gap = mean_of(b, best) - mean_of(b, i);
    return gap * gap / (2 * (1.0 / (double)b->count[best] + 1.0 / (double)b->count[i]));
}

static int challenger(const struct bandit *b, int best)
{
    int found = -1;
    double least = INFINITY;
    for (int i = 0; i < ARMS; i++) {
        const double cost = i == best ? INFINITY : transport(b, best, i) + log((double)b->count[i]);
        if (cost < least) {
            least = cost;
            found = i;
        }
    }
    return found;
}

static double least_transport(const struct bandit *b, int best)
{
    double least = INFINITY;
    for (int i = 0; i < ARMS; i++)
        if (i != best)
            least = fmin(least, transport(b, best, i));
    return least;
}

static double glr_threshold(double t)
{
    const double x = 0.5 * log((ARMS - 1) / DELTA);
    return 2 * (x + log(x)) + 4 * log(4 + log(t / 2));
}

static double heuristic_threshold(double t)
{
    return log((1 + log(t)) / DELTA);
}

static int top_two(struct bandit *b, long budget, double (*threshold)(double))
{
    long led[ARMS] = {0}, taken[ARMS] = {0};
    pull_each(b);
    for (;;) {
        const int best = leader(b);
        if (threshold ? least_transport(b, best) > threshold((double)b->total) : b->total >= budget)
            return best;
        led[best]++;
        const int takes_leader = (double)taken[best] < 0.5 * (double)led[best];
        taken[best] += takes_leader;
        bandit_pull(b, takes_leader ? best : challenger(b, best));
    }
}

static int choose_top_two(struct bandit *b, long budget, const struct rule *rule)
{
    (void)rule;
    return top_two(b, budget, NULL);
}

static int choose_glr(struct bandit *b, long budget, const struct rule *rule)
{
    (void)rule;
    return top_two(b, budget, glr_threshold);
}

static int choose_heuristic(struct bandit *b, long budget, const struct rule *rule)
{
    (void)rule;
    return top_two(b, budget, heuristic_threshold);
}

static double radius(const struct bandit *b, int arm, double t)
{
    return sqrt(2 * log(1.25 * ARMS * pow(t, 4) / DELTA) / (double)b->count[arm]);
}

static int choose_lucb(struct bandit *b, long budget, const struct rule *rule)
{
    (void)rule;
    (void)budget;
    pull_each(b);
    for (double t = 1;; t++) {
        const int best = leader(b);
        int rival = -1;
        double highest = -INFINITY;
        for (int i = 0; i < ARMS; i++)
            if (i != best && mean_of(b, i) + radius(b, i, t) > highest) {
                highest = mean_of(b, i) + radius(b, i, t);
                rival = i;
            }
        if (mean_of(b, best) - radius(b, best, t) >= highest)
            return best;
        bandit_pull(b, best);
        bandit_pull(b, rival);
    }
}

static const struct rule rules[] = {
    {"uniform", choose_uniform, FIXED_BUDGET, NULL, NULL},
    {"halving", choose_halving, FIXED_BUDGET, NULL, NULL},
    {"rejects", choose_rejects, FIXED_BUDGET, NULL, NULL},
    {"eb-tci", choose_top_two, FIXED_BUDGET, NULL, NULL},
    {"eb-tci-glr", choose_glr, FIXED_CONFIDENCE, NULL, NULL},
    {"eb-tci-heuristic", choose_heuristic, FIXED_CONFIDENCE, NULL, NULL},
    {"lucb", choose_lucb, FIXED_CONFIDENCE, NULL, NULL},
    {"afina halving", choose_by_library, FIXED_BUDGET, "halving", NULL},
    {"afina rejects", choose_by_library, FIXED_BUDGET, "rejects", NULL},
    {"afina top-two", choose_by_library, FIXED_BUDGET | FIXED_CONFIDENCE, "top-two", NULL},
    {"afina lucb", choose_by_library, FIXED_CONFIDENCE, "lucb", NULL},
};

const struct rule *rule_at(int index)
{
    return index >= 0 && index < (int)(sizeof rules / sizeof *rules) ? &rules[index] : NULL;
}
