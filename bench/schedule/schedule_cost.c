/* What a scheduler or a stopper costs in a long study: 100,000 trials of random search in simulated time. Prints the
 * microseconds of processor time and the bytes of memory a trial, the frame, the log and the simulation included, and
 * the share of the simulated workers' time that was used. */
#include <afina.h>

#include <malloc.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WORKERS = 16, FULL = 27 };

static const struct setting {
    const char *scheduler, *stopper;
    int budgets, replicates, reports;
} settings[] = {
    {"none", "never", 0, 1, 0},      {"repeat", "never", 0, 5, 0},  {"halving", "never", 1, 1, 0},
    {"hyperband", "never", 1, 1, 0}, {"asha", "never", 1, 1, 0},    {"top-two", "never", 0, 100000, 0},
    {"lucb", "never", 0, 100000, 0}, {"none", "median", 1, 1, 1},   {"none", "percentile", 1, 1, 1},
    {"none", "rungs", 1, 1, 1},      {"none", "wilcoxon", 1, 1, 1}, {"none", "patience", 1, 1, 1},
};

static double noise(afina_trial *trial)
{
    uint64_t seed = 0;
    afina_trial_seed(trial, &seed);
    return (double)(seed >> 11) * 0x1p-53;
}

/* Curves of five reports, or one result. */
static int32_t objective(afina_trial *trial, int64_t index, double *step, double *values, double *seconds, void *user)
{
    const struct setting *setting = user;
    double x = 0, budget = 0;
    int64_t replicate = 0;
    afina_point_get_real(afina_trial_point(trial), "x", &x);
    afina_trial_budget(trial, &budget);
    afina_trial_replicate(trial, &replicate);
    *step = setting->reports ? FULL * (double)(index + 1) / 5 : budget;
    *seconds = 0.5 + noise(trial);
    values[0] = x + 0.3 * noise(trial) + 1 / (1 + *step) + 1e-6 * (double)replicate;
    return setting->reports && index < 4 ? AFINA_OK : AFINA_DONE;
}

static void check(int32_t rc)
{
    if (rc >= 0)
        return;
    fprintf(stderr, "%s\n", afina_last_error());
    exit(1);
}

static afina_optimizer *open_study(const struct setting *setting, int64_t trials)
{
    afina_space *space;
    afina_optimizer *o;
    check(afina_space_new(&space));
    check(afina_space_add_real(space, "x", 0, 1, AFINA_SCALE_LINEAR));
    check(afina_optimizer_new(&o, space, "random"));
    afina_space_free(space);
    check(afina_optimizer_set_string(o, "scheduler", setting->scheduler));
    check(afina_optimizer_set_string(o, "stopper", setting->stopper));
    check(afina_optimizer_set_integer(o, "replicates", setting->replicates));
    if (setting->replicates > 5)
        check(afina_optimizer_set_real(o, "budget_total", (double)trials));
    if (setting->budgets) {
        check(afina_optimizer_set_real(o, "budget_min", 1));
        check(afina_optimizer_set_real(o, "budget_max", FULL));
    }
    return o;
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void measure(const struct setting *setting, int64_t trials)
{
    size_t before = mallinfo2().uordblks + mallinfo2().hblkhd;
    double busy, from = seconds_now();
    int64_t count;
    afina_optimizer *o = open_study(setting, trials);
    check(afina_simulate(o, objective, (void *)setting, WORKERS, trials, NULL, &busy));
    double used = seconds_now() - from;
    check(afina_trial_count(o, &count));
    size_t bytes = mallinfo2().uordblks + mallinfo2().hblkhd - before;
    printf("%-10s %-10s %7lld %8.2f %8.0f %7.3f\n", setting->scheduler, setting->stopper, (long long)count,
           1e6 * used / (double)count, (double)bytes / (double)count, busy);
    fflush(stdout);
    afina_optimizer_free(o);
}

int main(int argc, char **argv)
{
    int64_t trials = argc > 1 ? atoll(argv[1]) : 100000;
    printf("%-10s %-10s %7s %8s %8s %7s\n", "scheduler", "stopper", "trials", "us/trial", "bytes", "busy");
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++)
        measure(&settings[i], trials);
    return 0;
}
