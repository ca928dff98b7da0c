/* What a suggestion costs: the time of ask + tell at histories of 10 to 100,000
 * trials, the memory a trial takes, the time from process start to the first
 * suggestion, and the size of the library. Histories are random points with their
 * values, added at once; then one suggestion warms up and up to eleven are
 * measured, fewer when they are slow. Suggestions get their true values too. */
#define _GNU_SOURCE /* mallinfo2 */
#include "runner.h"

#include "problems/values.h"

#include <malloc.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MEASURED = 11, ENOUGH_SECONDS = 4 };

static size_t memory_in_use(void)
{
    const struct mallinfo2 m = mallinfo2();
    return m.uordblks + m.hblkhd;
}

static int32_t add_random(afina_optimizer *optimizer, const afina_space *space, const struct problem *p, uint64_t index)
{
    double x[PROBLEM_PARAMETERS];
    afina_point *point;
    int32_t rc = afina_space_sample(space, 2385, index, &point);
    if (rc)
        return rc;
    rc = values_read(space, point, x);
    const double y = rc ? 0 : p->value(p, x);
    rc = rc ? rc : afina_add_trial(optimizer, point, AFINA_STATE_COMPLETE, &y, 1, NULL);
    afina_point_free(point);
    return rc;
}

/* Not inlined and by these names, so that a profiler can be told to look at them alone. */
int32_t bench_timed_ask(afina_optimizer *optimizer, afina_trial **trial);
int32_t bench_timed_tell(afina_optimizer *optimizer, const afina_trial *trial, double y);

__attribute__((noinline)) int32_t bench_timed_ask(afina_optimizer *optimizer, afina_trial **trial)
{
    return afina_ask(optimizer, trial);
}

__attribute__((noinline)) int32_t bench_timed_tell(afina_optimizer *optimizer, const afina_trial *trial, double y)
{
    return afina_tell(optimizer, afina_trial_number(trial), &y, 1);
}

/* What is measured: a method's suggestions for a problem. */
struct subject {
    const struct problem *problem;
    const afina_space *space;
    afina_optimizer *optimizer;
};

static int32_t value_of(const struct subject *s, const afina_trial *trial, double *y)
{
    double x[PROBLEM_PARAMETERS];
    const int32_t rc = values_read(s->space, afina_trial_point(trial), x);
    *y = rc ? 0 : s->problem->value(s->problem, x);
    return rc;
}

/* As much of a batch as one of its trials takes; what the objective takes is left out. */
static int32_t one_suggestion(const struct subject *s, int batch, double *wall, double *cpu)
{
    afina_trial *trials[MOST_BATCH];
    double y[MOST_BATCH];
    int count = 0;
    double w = clock_wall(), c = clock_cpu();
    int32_t rc = AFINA_OK;
    while (count < batch && (rc = bench_timed_ask(s->optimizer, &trials[count])) == AFINA_OK)
        count++;
    *wall = clock_wall() - w;
    *cpu = clock_cpu() - c;
    for (int i = 0; i < count && !rc; i++)
        rc = value_of(s, trials[i], &y[i]);
    w = clock_wall();
    c = clock_cpu();
    for (int i = 0; i < count && !rc; i++)
        rc = bench_timed_tell(s->optimizer, trials[i], y[i]);
    *wall = (*wall + clock_wall() - w) / batch;
    *cpu = (*cpu + clock_cpu() - c) / batch;
    for (int i = 0; i < count; i++)
        afina_trial_free(trials[i]);
    return rc;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *v, size_t n)
{
    qsort(v, n, sizeof *v, compare);
    return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

int32_t bench_filled(afina_optimizer **out, const afina_space *space, const struct problem *p, const char *method,
                     size_t history)
{
    int32_t rc = afina_optimizer_new(out, space, method);
    for (size_t i = 0; !rc && i < history; i++)
        rc = add_random(*out, space, p, i);
    return rc;
}

struct cost {
    double wall, mean, cpu, bytes;
    size_t measured;
};

static int32_t measure(struct cost *cost, const afina_space *space, const struct problem *p, const char *method,
                       size_t history, int batch)
{
    double wall[MEASURED], cpu[MEASURED], ignored, start;
    const size_t most = batch > 1 ? 1 : MEASURED; /* one batch: more would make the history another */
    struct subject subject = {p, space, NULL};
    const size_t before = memory_in_use();
    int32_t rc = bench_filled(&subject.optimizer, space, p, method, history);
    start = clock_wall();
    rc = rc ? rc : one_suggestion(&subject, 1, &ignored, &ignored);
    size_t n = 0;
    while (!rc && n < most && (n < 1 || clock_wall() - start < ENOUGH_SECONDS)) {
        rc = one_suggestion(&subject, batch, &wall[n], &cpu[n]);
        n += rc == 0;
    }
    cost->measured = n;
    cost->bytes = ((double)memory_in_use() - (double)before) /
                  (double)(history + n * (size_t)batch + 1); /* the method's own included */
    for (size_t i = 0; i < n; i++)
        cost->mean += wall[i] / (double)n;
    if (n) {
        cost->wall = median(wall, n);
        cost->cpu = median(cpu, n);
    }
    afina_optimizer_free(subject.optimizer);
    return n ? AFINA_OK : rc;
}

/* Larger histories are left out once a suggestion takes seconds. */
static int speed_of(FILE *out, const struct settings *s, const char *method, const struct problem *p)
{
    static const size_t histories[] = {10, 100, 1000, 10000, 100000};
    afina_space *space;
    int32_t rc = problem_space(p, &space);
    for (size_t h = 0; !rc && h < sizeof histories / sizeof *histories; h++) {
        struct cost cost = {0};
        rc = measure(&cost, space, p, method, histories[h], s->batch);
        if (rc) {
            fprintf(stderr, "%-8s %-8s %6zu: %s\n", method, p->name, histories[h], afina_last_error());
            break;
        }
        fprintf(out,
                "{\"library\":\"afina\",\"version\":\"%s\",\"method\":\"%s\",\"space\":\"%s\",\"history\":%zu,"
                "\"ms_per_suggestion\":%.6g,\"mean_ms_per_suggestion\":%.6g,\"cpu_ms_per_suggestion\":%.6g,\"bytes_per_"
                "trial\":%.0f,"
                "\"measured\":%zu,\"machine\":\"%s\"}\n",
                afina_version(), method, p->name, histories[h], 1e3 * cost.wall, 1e3 * cost.mean, 1e3 * cost.cpu,
                cost.bytes, cost.measured, s->machine);
        fflush(out);
        fprintf(stderr, "%-8s %-8s %6zu  %10.4f ms  %6.0f bytes a trial\n", method, p->name, histories[h],
                1e3 * cost.wall, cost.bytes);
        if (cost.wall > 2)
            break;
    }
    afina_space_free(space);
    return rc < 0 ? -1 : 0;
}

int bench_speed(const struct settings *s)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/speed.jsonl", s->out);
    FILE *out = fopen(path, "w");
    if (!out) {
        fprintf(stderr, "bench: cannot write %s\n", path);
        return -1;
    }
    for (size_t m = 0; m < afina_method_count(); m++) {
        const char *method = afina_method_name(m);
        if (!is_measured(s, method))
            continue;
        (void)speed_of(out, s, method, problem_find("d10", 0)); /* a method that cannot has said so */
        (void)speed_of(out, s, method, problem_find("mixed20", 0));
    }
    return fclose(out) ? -1 : 0;
}

/* ---------------------------------------------------------------- footprint */

int bench_first(const char *method)
{
    afina_space *space = NULL;
    afina_optimizer *optimizer = NULL;
    afina_trial *trial = NULL;
    int32_t rc = afina_space_new(&space);
    rc = rc ? rc : describe_reals(space, 10, -5, 5, AFINA_SCALE_LINEAR);
    rc = rc ? rc : afina_optimizer_new(&optimizer, space, method);
    rc = rc ? rc : afina_ask(optimizer, &trial);
    afina_trial_free(trial);
    afina_optimizer_free(optimizer);
    afina_space_free(space);
    return rc;
}

static double start_seconds(const char *program, const char *method)
{
    const double start = clock_wall();
    int status = 1;
    const pid_t child = fork();
    if (child == 0) {
        execl(program, program, "--first", method, (char *)NULL);
        _exit(1);
    }
    return child > 0 && waitpid(child, &status, 0) == child && status == 0 ? clock_wall() - start : NAN;
}

int bench_footprint(const struct settings *s, const char *program, const char *library)
{
    char path[1024];
    struct stat info;
    double seconds[MEASURED];
    for (size_t i = 0; i < MEASURED; i++)
        seconds[i] = start_seconds(program, "gp");
    snprintf(path, sizeof path, "%s/footprint.jsonl", s->out);
    FILE *out = fopen(path, "w");
    if (!out || stat(library, &info)) {
        fprintf(stderr, "bench: cannot write %s or read %s\n", path, library);
        if (out)
            fclose(out);
        return -1;
    }
    const double start = 1e3 * median(seconds, MEASURED);
    fprintf(out,
            "{\"library\":\"afina\",\"version\":\"%s\",\"start_ms\":%.4g,\"library_bytes\":%lld,\"machine\":\"%s\"}\n",
            afina_version(), start, (long long)info.st_size, s->machine);
    fprintf(stderr, "start to first suggestion %.2f ms, library %lld bytes\n", start, (long long)info.st_size);
    return fclose(out) ? -1 : 0;
}

/* ------------------------------------------------------------- instructions */

/* Three suggestions after a history of 100 in ten dimensions; the first of all is
 * left out of the count by its caller, which looks at bench_timed_* only. */
int bench_instructions(const char *method)
{
    afina_space *space = NULL;
    afina_optimizer *optimizer = NULL;
    if (add_speed()) {
        fprintf(stderr, "bench: out of memory\n");
        return -1;
    }
    const struct problem *p = problem_find("d10", 0);
    /* calloc clears what it takes from the heap's end only if that was there before:
     * with room in advance it always does, and the count does not depend on where
     * the heap began. */
    mallopt(M_TOP_PAD, 1 << 26);
    mallopt(M_MMAP_THRESHOLD, 1 << 25);
    int32_t rc = problem_space(p, &space);
    rc = rc ? rc : bench_filled(&optimizer, space, p, method, 100);
    const struct subject subject = {p, space, optimizer};
    for (int i = 0; i < 3 && !rc; i++) {
        double wall, cpu;
        rc = one_suggestion(&subject, 1, &wall, &cpu);
    }
    afina_optimizer_free(optimizer);
    afina_space_free(space);
    return rc;
}
