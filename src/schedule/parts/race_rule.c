/* Four tests, of which each is one-sided: an arm is never dropped for being better.
 *
 * - pooled: experiment/fold_race.h, from the first replicate on.
 * - t: mean d > t_(1 - level, n - 1) s / sqrt n with the arm's own differences d from the elite.
 * - wilcoxon: the signed ranks of d.
 * - friedman: of the k arms alive that have the n replicates of the arm, ranked on each. With R the rank sums and A the
 *   sum of all squared ranks, where Friedman's test says that they are not alike, an arm is dropped when
 *
 *       R_arm - R_elite > t_(1 - level/2, (n-1)(k-1)) sqrt(2 (n A - sum R^2) / ((n-1)(k-1))),
 *
 *   which is the comparison of W. J. Conover, "Practical Nonparametric Statistics" (1999), section 5.8, as in racing
 *   (M. Birattari et al., GECCO 2002; M. Lopez-Ibanez et al., "The irace package", 2016). Of two arms: wilcoxon.
 */
#include "schedule/parts/race_rule.h"

#include "core/fail.h"
#include "core/mem.h"
#include "experiment/friedman.h"
#include "experiment/signed_rank.h"
#include "numeric/special.h"
#include "numeric/tails.h"

#include <math.h>
#include <string.h>

enum { POOLED, FRIEDMAN, STUDENT, WILCOXON };

static const double LEVEL = 0.05;

/* One arm takes room for all replicates. */
enum { MOST_REPLICATES = 4096 };

int32_t race_rule_init(struct race_rule *rule, const char *test, double level, size_t replicates)
{
    static const char *const names[] = {"pooled", "friedman", "t", "wilcoxon"};
    if (replicates > MOST_REPLICATES)
        return fail(AFINA_E_RANGE, "a race needs the option \"replicates\" to be at most %d, got %zu", MOST_REPLICATES,
                    replicates);
    *rule = (struct race_rule){.level = level};
    while (strcmp(names[rule->kind], test) != 0)
        rule->kind++;
    fold_race_init(&rule->table, replicates);
    return 0;
}

void race_rule_fini(struct race_rule *rule)
{
    fold_race_fini(&rule->table);
    mem_free(rule->work);
}

size_t race_rule_least(const struct race_rule *rule)
{
    static const size_t least[] = {1, 5, 3, 5};
    return least[rule->kind];
}

double race_rule_loss(const struct race_rule *rule, size_t arm, size_t replicate)
{
    const struct fold_race *table = &rule->table;
    return arm < table->n_arms && table->arms[arm].losses ? table->arms[arm].losses[replicate] : NAN;
}

int32_t race_rule_add(struct race_rule *rule, size_t arm, size_t replicate, double loss)
{
    return isnan(race_rule_loss(rule, arm, replicate)) ? fold_race_add(&rule->table, arm, replicate, loss) : 0;
}

double race_rule_difference(const struct race_rule *rule, size_t a, size_t b)
{
    double mean = 0;
    size_t n = 0;
    for (size_t r = 0; r < rule->table.folds; r++) {
        double d = race_rule_loss(rule, a, r) - race_rule_loss(rule, b, r);
        if (!isnan(d))
            mean += (d - mean) / (double)++n;
    }
    return n > 0 ? mean : NAN;
}

static int32_t reserve(struct race_rule *rule, size_t count)
{
    void *work = rule->work;
    int32_t rc = mem_reserve(&work, &rule->capacity, count, sizeof *rule->work);
    rule->work = work;
    return rc;
}

static double level_of(const struct race_rule *rule)
{
    return rule->level > 0 ? rule->level : LEVEL;
}

static void test_pooled(struct race_rule *rule, size_t arm, size_t elite, int *drop)
{
    struct fold_race *table = &rule->table;
    if (table->best != elite)
        fold_race_set_best(table, elite);
    double z = rule->level > 0 ? normal_quantile(1 - rule->level) : fold_race_threshold(table);
    *drop = fold_race_drop(table, arm, z);
}

/* The differences on replicates that both have, into `work`. */
static int32_t pair(struct race_rule *rule, size_t arm, size_t elite, size_t *n)
{
    int32_t rc = reserve(rule, rule->table.folds);
    *n = 0;
    for (size_t r = 0; !rc && r < rule->table.folds; r++) {
        double d = race_rule_loss(rule, arm, r) - race_rule_loss(rule, elite, r);
        if (!isnan(d))
            rule->work[(*n)++] = d;
    }
    return rc;
}

static int32_t test_student(struct race_rule *rule, size_t arm, size_t elite, int *drop)
{
    size_t n;
    double mean = 0, squares = 0;
    int32_t rc = pair(rule, arm, elite, &n);
    for (size_t i = 0; !rc && i < n; i++) {
        double away = rule->work[i] - mean;
        mean += away / (double)(i + 1);
        squares += away * (rule->work[i] - mean);
    }
    if (rc || n < 2)
        return rc;
    double error = sqrt(squares / (double)(n - 1) / (double)n);
    *drop = mean > student_quantile(1 - level_of(rule), (double)(n - 1)) * error;
    return 0;
}

static int32_t test_wilcoxon(struct race_rule *rule, size_t arm, size_t elite, int *drop)
{
    size_t n;
    double p = 1;
    int32_t rc = pair(rule, arm, elite, &n);
    if (!rc && n > 0)
        rc = signed_rank_test_greater(rule->work, n, &p);
    *drop = p < level_of(rule);
    return rc;
}

/* Conover's comparison; x[b * k + j], mean ranks of which the arm's and the elite's are at `a` and `e`. */
static int32_t compare_ranks(const struct race_rule *rule, const double *x, size_t n, size_t k, const double *mean,
                             size_t a, size_t e, int *drop)
{
    double squares = 0, sums = 0, blocks = (double)n, freedom = (double)((n - 1) * (k - 1));
    size_t *order = mem_new(k, sizeof *order);
    double *rank = mem_new(k, sizeof *rank);
    int32_t rc = order && rank ? 0 : fail_memory();
    for (size_t b = 0; !rc && b < n; b++) {
        midranks(x + b * k, k, order, rank);
        for (size_t j = 0; j < k; j++)
            squares += rank[j] * rank[j];
    }
    for (size_t j = 0; j < k; j++)
        sums += blocks * mean[j] * blocks * mean[j];
    double error = sqrt(fmax(0, 2 * (blocks * squares - sums) / freedom));
    *drop = blocks * (mean[a] - mean[e]) > student_quantile(1 - 0.5 * level_of(rule), freedom) * error;
    mem_free(order);
    mem_free(rank);
    return rc;
}

static int has_all_of(const struct race_rule *rule, size_t other, size_t arm)
{
    for (size_t r = 0; r < rule->table.folds; r++)
        if (!isnan(race_rule_loss(rule, arm, r)) && isnan(race_rule_loss(rule, other, r)))
            return 0;
    return 1;
}

/* The losses of the arms that have all replicates of `arm`, into `work`: n blocks of k arms, of which the arm and the
 * elite are at[0] and at[1]. */
static int32_t collect(struct race_rule *rule, const size_t *alive, size_t count, const size_t pair_of[2], size_t *n,
                       size_t *k, size_t at[2])
{
    int32_t rc = reserve(rule, (rule->table.folds + 1) * (count + 1));
    *n = *k = 0;
    at[0] = at[1] = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        size_t c = alive[i], b = 0;
        if (rc || !has_all_of(rule, c, pair_of[0]))
            continue;
        for (size_t side = 0; side < 2; side++)
            if (c == pair_of[side])
                at[side] = *k;
        for (size_t r = 0; r < rule->table.folds; r++)
            if (!isnan(race_rule_loss(rule, pair_of[0], r)))
                rule->work[b++ * count + *k] = race_rule_loss(rule, c, r);
        *n = b;
        ++*k;
    }
    for (size_t b = 1; b < *n; b++) /* without the columns that were not needed */
        memmove(rule->work + b * *k, rule->work + b * count, *k * sizeof *rule->work);
    return rc;
}

static int32_t test_friedman(struct race_rule *rule, size_t arm, size_t elite, const size_t *alive, size_t count,
                             int *drop)
{
    size_t n, k, at[2];
    struct friedman test;
    int32_t rc = collect(rule, alive, count, (const size_t[2]){arm, elite}, &n, &k, at);
    if (rc || at[0] == SIZE_MAX || at[1] == SIZE_MAX || k < 3 || n < 2)
        return rc ? rc : test_wilcoxon(rule, arm, elite, drop);
    double *mean = rule->work + n * k;
    rc = friedman_test(rule->work, n, k, mean, &test);
    if (rc || !(test.p < level_of(rule)))
        return rc;
    return compare_ranks(rule, rule->work, n, k, mean, at[0], at[1], drop);
}

int32_t race_rule_drops(struct race_rule *rule, size_t arm, size_t elite, const size_t *alive, size_t n, int *drop)
{
    *drop = 0;
    switch (rule->kind) {
    case POOLED:
        test_pooled(rule, arm, elite, drop);
        return 0;
    case FRIEDMAN:
        return test_friedman(rule, arm, elite, alive, n, drop);
    case STUDENT:
        return test_student(rule, arm, elite, drop);
    default:
        return test_wilcoxon(rule, arm, elite, drop);
    }
}
