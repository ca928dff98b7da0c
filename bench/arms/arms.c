/* The benchmark of budgets and arms: its command line.
 *
 *     arms --policies | --studies | --best-arm | --serve TASK | --list
 *          [--tasks A*,B] [--schedulers asha,none+median] [--methods pool,random] [--set key=value,...]
 *          [--label NAME] [--runs N] [--first-run K] [--jobs N] [--seconds S] [--out FOLDER]
 *          [--pools FOLDER] [--data FOLDER] */
#define _POSIX_C_SOURCE 200809L
#include "arms.h"

#include "settings.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    size_t offset;
    char kind; /* s text, i whole number, r real number */
} options[] = {
    {"--tasks", offsetof(struct arms_settings, tasks), 's'},
    {"--schedulers", offsetof(struct arms_settings, schedulers), 's'},
    {"--methods", offsetof(struct arms_settings, methods), 's'},
    {"--set", offsetof(struct arms_settings, set), 's'},
    {"--label", offsetof(struct arms_settings, label), 's'},
    {"--data", offsetof(struct arms_settings, data), 's'},
    {"--out", offsetof(struct arms_settings, out), 's'},
    {"--pools", offsetof(struct arms_settings, pools), 's'},
    {"--runs", offsetof(struct arms_settings, runs), 'i'},
    {"--first-run", offsetof(struct arms_settings, first_run), 'i'},
    {"--jobs", offsetof(struct arms_settings, jobs), 'i'},
    {"--seconds", offsetof(struct arms_settings, seconds), 'r'},
};

static void set(struct arms_settings *s, const char *name, const char *value)
{
    for (size_t k = 0; k < sizeof options / sizeof *options; k++) {
        char *at = (char *)s + options[k].offset;
        if (strcmp(name, options[k].name) != 0)
            continue;
        if (options[k].kind == 's')
            memcpy(at, &value, sizeof value);
        else if (options[k].kind == 'i')
            memcpy(at, &(int){atoi(value)}, sizeof(int));
        else
            memcpy(at, &(double){strtod(value, NULL)}, sizeof(double));
        return;
    }
    fprintf(stderr, "arms: unknown option %s\n", name);
    exit(2);
}

static int is_mode(const char *word)
{
    static const char *const modes[] = {"--policies", "--studies", "--best-arm", "--serve", "--list"};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
        if (strcmp(word, modes[i]) == 0)
            return 1;
    return 0;
}

static int list_tasks(void)
{
    for (size_t i = 0; i < pool_count(); i++)
        printf("%s\n", pool_name(i));
    return 0;
}

static int act(const struct arms_settings *s, const char *mode, const char *task)
{
    if (strcmp(mode, "--best-arm") == 0)
        return arms_best(s);
    if (problems_load(s->data))
        return -1;
    if (make_folder(s->pools) || make_folder(s->out)) {
        fprintf(stderr, "arms: cannot write to %s and %s\n", s->pools, s->out);
        return -1;
    }
    if (strcmp(mode, "--policies") == 0)
        return arms_policies(s);
    if (strcmp(mode, "--studies") == 0)
        return arms_studies(s);
    return strcmp(mode, "--serve") == 0 ? arms_serve(s, task, stdin, stdout) : list_tasks();
}

int main(int argc, char **argv)
{
    struct arms_settings s = {.data = getenv("AFINA_BENCH_DATA"),
                              .out = "bench/results/arms",
                              .pools = "build/release/bench/pools",
                              .schedulers = "none",
                              .methods = "pool",
                              .runs = 300,
                              .jobs = 2,
                              .seconds = 1e9};
    const char *mode = NULL, *task = NULL;
    for (int i = 1; i < argc; i++) {
        const char *name = argv[i];
        const int takes_word = !is_mode(name) || strcmp(name, "--serve") == 0;
        if (takes_word && ++i >= argc) {
            fprintf(stderr, "arms: %s needs a value\n", name);
            return 2;
        }
        if (!is_mode(name))
            set(&s, name, argv[i]);
        else
            mode = name;
        if (strcmp(name, "--serve") == 0)
            task = argv[i];
    }
    if (!mode || s.runs < 1 || s.jobs < 1) {
        fprintf(stderr,
                "arms: one of --policies, --studies, --best-arm, --serve TASK, --list; --runs and --jobs >= 1\n");
        return 2;
    }
    s.machine = machine_name();
    return act(&s, mode, task) ? 1 : 0;
}
