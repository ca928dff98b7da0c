/* Which of 64 configurations is the best, when every evaluation is noisy? Two races among the same arms:
 *
 * halving   spends a number of trials: a group of arms is evaluated, the better half stays, until one remains. Prints
 *           who was eliminated in which round.
 * top-two   evaluates the arm that looks best and the one that is told apart from it the least, until one is known to
 * be the best with a probability of 95 %, or a cap is reached. Prints where the trials went.
 *
 *     best_arm [--arms N] [--seed N] [--total N] [--cap N]
 */
#include <afina.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ARMS = 1000, SHOWN = 8 };

struct settings {
    int arms, seed, total, cap;
};

/* What the trials say of an arm. */
struct arm {
    int64_t number;
    int count; /* of its trials */
    double sum;
};

static void check(int32_t status)
{
    if (status >= 0)
        return;
    fprintf(stderr, "best_arm: %s\n", afina_last_error());
    exit(1);
}

static struct settings read_settings(int argc, char **argv)
{
    struct settings s = {.arms = 64, .seed = 1, .total = 1536, .cap = 20000};
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--arms") == 0)
            s.arms = atoi(argv[i + 1]);
        else if (strcmp(argv[i], "--seed") == 0)
            s.seed = atoi(argv[i + 1]);
        else if (strcmp(argv[i], "--total") == 0)
            s.total = atoi(argv[i + 1]);
        else if (strcmp(argv[i], "--cap") == 0)
            s.cap = atoi(argv[i + 1]);
        else
            s.arms = 0;
    }
    if (argc % 2 == 0 || s.arms < 2 || s.arms > MOST_ARMS || s.total < 8 * s.arms || s.cap < 2 * s.arms) {
        fprintf(stderr, "usage: best_arm [--arms N] [--seed N] [--total N] [--cap N]\n");
        exit(2);
    }
    return s;
}

/* The true loss of a configuration, which only the last lines of the output may know. */
static double truth(const afina_point *point)
{
    double rate, depth;
    check(afina_point_get_real(point, "rate", &rate));
    check(afina_point_get_real(point, "depth", &depth));
    return 0.3 * pow(log10(rate) + 2, 2) + 0.02 * pow(depth - 6, 2);
}

/* A normal number of mean 0 and deviation 1, a function of the seed alone (Box and Muller). */
static double normal(uint64_t seed)
{
    double u[2];
    for (int i = 0; i < 2; i++) {
        seed += 0x9e3779b97f4a7c15u;
        uint64_t z = (seed ^ seed >> 30) * 0xbf58476d1ce4e5b9u;
        z = (z ^ z >> 27) * 0x94d049bb133111ebu;
        u[i] = ((double)((z ^ z >> 31) >> 11) + 0.5) / 9007199254740992.0;
    }
    return sqrt(-2 * log(u[0])) * cos(6.283185307179586 * u[1]);
}

/* Stands for training with the data and the seed of a replicate: the noise is as large as the differences. */
static int32_t objective(afina_trial *trial, double *values, void *user)
{
    uint64_t seed;
    (void)user;
    check(afina_trial_seed(trial, &seed));
    values[0] = truth(afina_trial_point(trial)) + 0.1 * normal(seed);
    return AFINA_OK;
}

static void choose_halving(afina_optimizer *race, const struct settings *s)
{
    check(afina_optimizer_set_string(race, "scheduler", "halving"));
    check(afina_optimizer_set_integer(race, "replicates", s->total));
    check(afina_optimizer_set_real(race, "budget_total", s->total));
}

/* An arm that is worse by no more than epsilon is as good: no trials are spent on such differences. */
static void choose_top_two(afina_optimizer *race, const struct settings *s)
{
    check(afina_optimizer_set_string(race, "scheduler", "top-two"));
    check(afina_optimizer_set_integer(race, "replicates", s->cap));
    check(afina_optimizer_set_real(race, "top-two.confidence", 0.95));
    check(afina_optimizer_set_real(race, "top-two.epsilon", 0.02));
    check(afina_optimizer_set_integer(race, "top-two.cap", s->cap));
}

/* The arms are the host's own: the rows of a table, a grid, or, as here, a sample. */
static afina_optimizer *make_race(const struct settings *s)
{
    afina_space *space;
    afina_optimizer *optimizer;
    check(afina_space_new(&space));
    check(afina_space_add_real(space, "rate", 1e-4, 1, AFINA_SCALE_LOG));
    check(afina_space_add_real(space, "depth", 1, 12, AFINA_SCALE_LINEAR));
    check(afina_optimizer_new(&optimizer, space, "manual"));
    check(afina_optimizer_set_integer(optimizer, "seed", s->seed));
    for (int i = 0; i < s->arms; i++) {
        afina_point *point;
        check(afina_space_sample(space, (uint64_t)s->seed, (uint64_t)i, &point));
        check(afina_enqueue(optimizer, point));
        afina_point_free(point);
    }
    afina_space_free(space);
    return optimizer;
}

/* -------------------------------------------------------------------- results */

static int by_count(const void *a, const void *b)
{
    const struct arm *x = a, *y = b;
    return x->count != y->count ? (x->count > y->count) - (x->count < y->count)
                                : (x->number > y->number) - (x->number < y->number);
}

/* All that is said of the arms is read from the trials. Returns how many trials there are. */
static int read_arms(afina_optimizer *optimizer, struct arm *arms)
{
    int64_t trials;
    check(afina_trial_count(optimizer, &trials));
    for (int64_t k = 0; k < trials; k++) {
        afina_trial *trial;
        int64_t arm;
        double value;
        check(afina_trial_get(optimizer, k, &trial));
        check(afina_trial_arm(trial, &arm));
        check(afina_trial_value(trial, &value));
        arms[arm].number = arm;
        arms[arm].count++;
        arms[arm].sum += value;
        afina_trial_free(trial);
    }
    return (int)trials;
}

/* Arms that were eliminated in the same round have the same number of trials. */
static void print_rounds(const struct arm *sorted, int n)
{
    printf("  round  arms  trials of each so far  eliminated\n");
    for (int round = 1, out = 0; out < n - 1; round++) {
        int end = out, shown = 0;
        while (end < n - 1 && sorted[end].count == sorted[out].count)
            end++;
        printf("  %5d  %4d  %21d ", round, n - out, sorted[out].count);
        for (int i = out; i < end && shown < SHOWN; i++, shown++)
            printf(" %lld", (long long)sorted[i].number);
        if (end - out > shown)
            printf(" and %d more", end - out - shown);
        printf("\n");
        out = end;
    }
}

/* The last of the sorted arms are those that were hard to tell apart. */
static void print_shares(const struct arm *sorted, int n, int trials)
{
    int rest = trials;
    printf("  trials of arm");
    for (int i = n; i-- > 0 && n - i <= SHOWN / 2;) {
        printf(" %lld: %d,", (long long)sorted[i].number, sorted[i].count);
        rest -= sorted[i].count;
    }
    printf(" of all others: %d\n", rest);
}

/* The true loss of an arm, and how many have a lower one. */
static double look_up(afina_optimizer *optimizer, int64_t arm, int n, int *better)
{
    afina_trial *trial;
    double loss[MOST_ARMS] = {0};
    for (int i = 0; i < n; i++) {
        check(afina_trial_get(optimizer, i, &trial));
        loss[i] = truth(afina_trial_point(trial));
        afina_trial_free(trial);
    }
    *better = 0;
    for (int i = 0; i < n; i++)
        *better += loss[i] < loss[arm];
    return loss[arm];
}

static void print_verdict(afina_optimizer *optimizer, const struct arm *arms, int n, int trials)
{
    int64_t best;
    int32_t decided;
    double gap;
    int better;
    check(afina_conclusion(optimizer, &best, &decided, &gap));
    double loss = look_up(optimizer, best, n, &better);
    printf("  after %d trials: arm %lld, mean %.3f of %d trials; ", trials, (long long)best,
           arms[best].sum / arms[best].count, arms[best].count);
    if (isnan(gap))
        printf("no confidence is claimed\n");
    else if (decided)
        printf("no arm is better by more than %.3f, with a probability of 95 %%\n", gap);
    else
        printf("undecided: at most %.3f worse than the best, with a probability of 95 %%\n", gap);
    printf("  in truth its loss is %.3f, and %d arms are better\n", loss, better);
}

static void run_race(const struct settings *s, const char *title,
                     void (*choose)(afina_optimizer *, const struct settings *))
{
    static struct arm arms[MOST_ARMS], sorted[MOST_ARMS];
    afina_optimizer *race = make_race(s);
    choose(race, s);
    memset(arms, 0, sizeof arms);
    check(afina_optimize(race, objective, NULL, s->total + s->cap));
    int trials = read_arms(race, arms);
    memcpy(sorted, arms, sizeof sorted);
    qsort(sorted, (size_t)s->arms, sizeof *sorted, by_count);
    printf("%s\n", title);
    if (choose == choose_halving)
        print_rounds(sorted, s->arms);
    else
        print_shares(sorted, s->arms, trials);
    print_verdict(race, arms, s->arms, trials);
    afina_optimizer_free(race);
}

int main(int argc, char **argv)
{
    const struct settings s = read_settings(argc, argv);
    run_race(&s, "halving", choose_halving);
    run_race(&s, "top-two", choose_top_two);
    return 0;
}
