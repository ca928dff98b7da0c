/* gp against random: medians of the best value found, and the processor time of an ask.
 *
 *     bench_gp [seeds] [name] [key=value ...]    options of gp; batch=4: four
 *                                                trials run at a time
 *     bench_gp time
 */
#include "afina.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct problem {
    const char *name;
    int trials;
    double optimum;
    void (*build)(afina_space *space);
    double (*value)(const afina_point *point);
};

static void require(int32_t rc)
{
    if (rc < 0) {
        fprintf(stderr, "%s: %s\n", afina_status_name(rc), afina_last_error());
        exit(1);
    }
}

static double real(const afina_point *point, const char *name)
{
    double value = NAN;
    require(afina_point_get_real(point, name, &value));
    return value;
}

static int is_active(const afina_point *point, const char *name)
{
    int32_t active;
    require(afina_point_is_active(point, name, &active));
    return active;
}

static int has_text(const afina_point *point, const char *name, const char *text)
{
    const char *value;
    require(afina_point_get_string(point, name, &value));
    return strcmp(value, text) == 0;
}

static const char *const names[] = {"x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9"};

static void add_cube(afina_space *space, size_t d, double low, double high)
{
    for (size_t j = 0; j < d; j++)
        require(afina_space_add_real(space, names[j], low, high, AFINA_SCALE_LINEAR));
}

static void build_branin(afina_space *space)
{
    require(afina_space_add_real(space, "x0", -5, 10, AFINA_SCALE_LINEAR));
    require(afina_space_add_real(space, "x1", 0, 15, AFINA_SCALE_LINEAR));
}

static double branin(const afina_point *point)
{
    const double pi = 3.14159265358979323846;
    double x = real(point, "x0"), y = real(point, "x1");
    double a = y - 5.1 / (4 * pi * pi) * x * x + 5 / pi * x - 6;
    return a * a + 10 * (1 - 1 / (8 * pi)) * cos(x) + 10;
}

static void build_cube6(afina_space *space)
{
    add_cube(space, 6, 0, 1);
}

static double hartmann6(const afina_point *point)
{
    static const double alpha[4] = {1, 1.2, 3, 3.2};
    static const double a[4][6] = {
        {10, 3, 17, 3.5, 1.7, 8}, {0.05, 10, 17, 0.1, 8, 14}, {3, 3.5, 1.7, 10, 17, 8}, {17, 8, 0.05, 10, 0.1, 14}};
    static const double p[4][6] = {{0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886},
                                   {0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991},
                                   {0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650},
                                   {0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381}};
    double sum = 0;
    for (int i = 0; i < 4; i++) {
        double e = 0;
        for (int j = 0; j < 6; j++) {
            double delta = real(point, names[j]) - p[i][j];
            e += a[i][j] * delta * delta;
        }
        sum -= alpha[i] * exp(-e);
    }
    return sum;
}

static void build_cube5(afina_space *space)
{
    add_cube(space, 5, -10, 10);
}

static double ackley5(const afina_point *point)
{
    static const double shift[5] = {2.385, -3.1, 0.77, 4.4, -1.9};
    const double pi = 3.14159265358979323846;
    double square = 0, cosine = 0;
    for (int j = 0; j < 5; j++) {
        double x = real(point, names[j]) - shift[j];
        square += x * x / 5;
        cosine += cos(2 * pi * x) / 5;
    }
    return 20 - 20 * exp(-0.2 * sqrt(square)) + exp(1) - exp(cosine);
}

static void build_mixed(afina_space *space)
{
    static const char *const kinds[] = {"relu", "tanh", "gelu", "elu", "silu"};
    static const char *const rules[] = {"sgd", "adam", "rmsprop"};
    static const char *const sgd[] = {"sgd"};
    require(afina_space_add_real(space, "rate", 1e-5, 1, AFINA_SCALE_LOG));
    require(afina_space_add_integer(space, "units", 4, 1024, AFINA_SCALE_LOG));
    require(afina_space_add_integer(space, "layers", 1, 4, AFINA_SCALE_LINEAR));
    require(afina_space_add_categorical(space, "activation", kinds, 5));
    require(afina_space_add_categorical(space, "rule", rules, 3));
    require(afina_space_add_real(space, "momentum", 0, 0.99, AFINA_SCALE_LINEAR));
    require(afina_space_add_condition_in(space, "momentum", "rule", sgd, 1));
    require(afina_space_add_real(space, "dropout", 0, 0.75, AFINA_SCALE_LINEAR));
    require(afina_space_set_step(space, "dropout", 0.05));
}

/* A made-up validation error: the best rate depends on the rule, the best width
 * on the depth. Least value 0.02. */
static double mixed(const afina_point *point)
{
    double rate = log10(real(point, "rate")), units = log2(real(point, "units")), layers = real(point, "layers");
    double best_rate = has_text(point, "rule", "sgd") ? -0.8 : has_text(point, "rule", "adam") ? -2.6 : -3.1;
    double value = 0.02 + 0.05 * (rate - best_rate) * (rate - best_rate);
    double width = units - (8.5 - 0.5 * layers);
    value += 0.01 * width * width + 0.015 * (layers - 2) * (layers - 2);
    value += has_text(point, "activation", "gelu") ? 0 : has_text(point, "activation", "silu") ? 0.01 : 0.04;
    if (is_active(point, "momentum"))
        value += 0.03 * fabs(real(point, "momentum") - 0.9);
    value += has_text(point, "rule", "rmsprop") ? 0.02 : has_text(point, "rule", "sgd") ? 0.005 : 0;
    double dropout = real(point, "dropout") - 0.2;
    return value + 0.2 * dropout * dropout;
}

static void build_cube10(afina_space *space)
{
    add_cube(space, 10, -2, 2);
}

static double rosenbrock10(const afina_point *point)
{
    double sum = 0;
    for (int j = 0; j < 9; j++) {
        double x = real(point, names[j]), y = real(point, names[j + 1]);
        sum += 100 * (y - x * x) * (y - x * x) + (1 - x) * (1 - x);
    }
    return sum;
}

static const struct problem problems[] = {
    {"branin", 40, 0.39788735772973816, build_branin, branin},
    {"hartmann6", 80, -3.32236801141551, build_cube6, hartmann6},
    {"ackley5", 80, 0, build_cube5, ackley5},
    {"mixed", 60, 0.02, build_mixed, mixed},
    {"rosenbrock10", 100, 0, build_cube10, rosenbrock10},
};

static void set_options(afina_optimizer *o, char **options, int count)
{
    for (int i = 0; i < count; i++) {
        char key[64];
        const char *value = strchr(options[i], '=');
        if (!value || strncmp(options[i], "batch=", 6) == 0)
            continue;
        snprintf(key, sizeof key, "%.*s", (int)(value - options[i]), options[i]);
        char *end;
        double number = strtod(value + 1, &end);
        if (*end)
            require(afina_optimizer_set_string(o, key, value + 1));
        else if (number == floor(number))
            require(afina_optimizer_set_integer(o, key, (int64_t)number));
        else
            require(afina_optimizer_set_real(o, key, number));
    }
}

/* Asks `batch` trials before it tells their values. */
static void run(const struct problem *p, afina_optimizer *o, int trials, int batch)
{
    enum { MOST = 64 };
    afina_trial *running[MOST];
    for (int done = 0; done < trials; done += batch) {
        for (int i = 0; i < batch; i++)
            require(afina_ask(o, &running[i]));
        for (int i = 0; i < batch; i++) {
            double value = p->value(afina_trial_point(running[i]));
            require(afina_tell(o, afina_trial_number(running[i]), &value, 1));
            afina_trial_free(running[i]);
        }
    }
}

static int batch_of(char **options, int count)
{
    for (int i = 0; i < count; i++)
        if (strncmp(options[i], "batch=", 6) == 0 && atoi(options[i] + 6) > 0 && atoi(options[i] + 6) <= 64)
            return atoi(options[i] + 6);
    return 1;
}

static double regret(const struct problem *p, const char *method, int seed, char **options, int count, int trials)
{
    afina_space *space;
    afina_optimizer *o;
    afina_trial *best;
    double value;
    size_t n;
    require(afina_space_new(&space));
    p->build(space);
    require(afina_optimizer_new(&o, space, method));
    require(afina_optimizer_set_integer(o, "seed", seed));
    if (strcmp(method, "gp") == 0)
        set_options(o, options, count);
    run(p, o, trials, batch_of(options, count));
    require(afina_best(o, &best));
    require(afina_trial_values(best, &value, 1, &n));
    afina_trial_free(best);
    afina_optimizer_free(o);
    afina_space_free(space);
    return value - p->optimum;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Processor time, of all threads: the machine may be busy. */
static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

enum { MOST_SEEDS = 100 };

static void compare(const struct problem *p, int seeds, char **options, int count)
{
    double value[MOST_SEEDS];
    static const char *const methods[] = {"random", "gp"};
    for (int m = 0; m < 2; m++) {
        double start = now();
        for (int seed = 0; seed < seeds; seed++)
            value[seed] = regret(p, methods[m], seed + 1, options, count, p->trials);
        double seconds = now() - start;
        qsort(value, (size_t)seeds, sizeof *value, by_value);
        printf("%-13s %4d trials  %-7s regret: median %9.3g  quartiles %9.3g %9.3g  worst %9.3g  %6.1f ms a trial\n",
               p->name, p->trials, methods[m], value[seeds / 2], value[seeds / 4], value[seeds * 3 / 4],
               value[seeds - 1], 1e3 * seconds / seeds / p->trials);
        fflush(stdout);
    }
}

/* Asks after n results of a smooth function in ten dimensions. */
static void measure(int n, char **options, int count)
{
    const struct problem *p = &problems[4];
    afina_space *space;
    afina_optimizer *o;
    require(afina_space_new(&space));
    p->build(space);
    require(afina_optimizer_new(&o, space, "gp"));
    set_options(o, options, count);
    afina_point *point;
    for (int i = 0; i < n; i++) {
        require(afina_space_sample(space, 1, (uint64_t)i, &point));
        double value = p->value(point);
        require(afina_add_trial(o, point, AFINA_STATE_COMPLETE, &value, 1, NULL));
        afina_point_free(point);
    }
    double total = 0, most = 0, first = 0;
    for (int i = 0; i < 30; i++) {
        afina_trial *trial;
        double start = now();
        require(afina_ask(o, &trial));
        double taken = now() - start;
        if (i == 0)
            first = taken;
        else
            total += taken;
        if (i > 0)
            most = fmax(most, taken);
        double value = p->value(afina_trial_point(trial));
        require(afina_tell(o, afina_trial_number(trial), &value, 1));
        afina_trial_free(trial);
    }
    printf("n = %4d, d = 10: first ask %.1f ms, then %.1f ms on average, %.1f ms at most\n", n, 1e3 * first,
           1e3 * total / 29, 1e3 * most);
    afina_optimizer_free(o);
    afina_space_free(space);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "time") == 0) {
        measure(20, argv + 2, argc - 2);
        measure(100, argv + 2, argc - 2);
        measure(300, argv + 2, argc - 2);
        measure(1000, argv + 2, argc - 2);
        return 0;
    }
    int seeds = argc > 1 ? atoi(argv[1]) : 20;
    if (seeds < 1 || seeds > MOST_SEEDS)
        seeds = 20;
    for (size_t i = 0; i < sizeof problems / sizeof *problems; i++)
        if (argc < 3 || strchr(argv[2], '=') || strstr(argv[2], problems[i].name))
            compare(&problems[i], seeds, argv + 2, argc > 2 ? argc - 2 : 0);
    return 0;
}
