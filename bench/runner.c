/* The benchmark of afina's methods: its command line.
 *
 *     runner [--methods A,B] [--suites A,B] [--problems A,B*,C:1] [--seeds N] [--first-seed K]
 *            [--budget N] [--batch N] [--jobs N] [--seconds S] [--out FOLDER] [--data FOLDER]
 *     runner --list | --spaces | --vectors | --check-vectors FILE     [--suites --problems]
 *     runner --list-methods
 *     runner --evaluate PROBLEM INSTANCE        JSON points in, values out
 *     runner --speed | --footprint LIBRARY | --instructions METHOD | --profile METHOD --problems NAME --history N */
#define _POSIX_C_SOURCE 200809L
#include "runner.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* The word after an option, or an end with a message. */
static const char *argument(int argc, char **argv, int *i)
{
    if (*i + 1 >= argc) {
        fprintf(stderr, "bench: %s needs a value\n", argv[*i]);
        exit(2);
    }
    return argv[++*i];
}

static const struct {
    const char *name;
    size_t offset;
    char kind; /* s text, i whole number, r real number */
} options[] = {
    {"--methods", offsetof(struct settings, methods), 's'},
    {"--suites", offsetof(struct settings, suites), 's'},
    {"--problems", offsetof(struct settings, problems), 's'},
    {"--set", offsetof(struct settings, set), 's'},
    {"--data", offsetof(struct settings, data), 's'},
    {"--out", offsetof(struct settings, out), 's'},
    {"--seeds", offsetof(struct settings, seeds), 'i'},
    {"--budget", offsetof(struct settings, budget), 'i'},
    {"--first-seed", offsetof(struct settings, first_seed), 'i'},
    {"--jobs", offsetof(struct settings, jobs), 'i'},
    {"--batch", offsetof(struct settings, batch), 'i'},
    {"--history", offsetof(struct settings, history), 'i'},
    {"--seconds", offsetof(struct settings, seconds), 'r'},
};

static int set_option(struct settings *s, const char *name, const char *value)
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
        return 0;
    }
    fprintf(stderr, "bench: unknown option %s\n", name);
    exit(2);
}

static int check_file(const char *path)
{
    FILE *f = fopen(path, "r");
    if (!f)
        fprintf(stderr, "bench: cannot read %s\n", path);
    const int rc = f ? check_vectors(f) : -1;
    if (f)
        fclose(f);
    return rc;
}

/* Whether a mode needs none of the problems, or registers its own: loading all of them takes a fifth of a second. */
static bool is_alone(const char *mode)
{
    return strcmp(mode, "--first") == 0 || strcmp(mode, "--instructions") == 0 || strcmp(mode, "--list-methods") == 0;
}

static int act_alone(const struct settings *s, const char *mode, const char *word)
{
    if (strcmp(mode, "--first") == 0)
        return bench_first(word);
    if (strcmp(mode, "--instructions") == 0)
        return bench_instructions(word);
    return write_methods(stdout, s);
}

/* What to do, when it is not to run: the option and its words. */
static int act(const struct settings *s, char **argv, const char *mode, const char *word, const char *number)
{
    if (strcmp(mode, "--list") == 0)
        return write_list(stdout, s);
    if (strcmp(mode, "--spaces") == 0)
        return write_spaces(stdout, s);
    if (strcmp(mode, "--vectors") == 0)
        return write_vectors(stdout, s);
    if (strcmp(mode, "--check-vectors") == 0)
        return check_file(word);
    if (strcmp(mode, "--evaluate") == 0)
        return evaluate_lines(stdin, stdout, word, atoi(number));
    if (strcmp(mode, "--speed") == 0)
        return bench_speed(s);
    if (strcmp(mode, "--footprint") == 0)
        return bench_footprint(s, argv[0], word);
    return bench_profile(s, word);
}

/* How many words a mode takes; -1: not a mode. */
static int words_of(const char *name)
{
    static const char *const modes[3] = {",--list,--list-methods,--spaces,--vectors,--speed,",
                                         ",--check-vectors,--footprint,--instructions,--profile,--first,",
                                         ",--evaluate,"};
    char word[64];
    snprintf(word, sizeof word, ",%s,", name);
    for (int n = 0; n < 3; n++)
        if (strstr(modes[n], word))
            return n;
    return -1;
}

int main(int argc, char **argv)
{
    struct settings s = {.data = getenv("AFINA_BENCH_DATA"),
                         .out = "bench/results/ours",
                         .seeds = 5,
                         .budget = 100,
                         .jobs = 2,
                         .batch = 1,
                         .history = 100,
                         .seconds = 1e9};
    const char *mode = NULL, *words[2] = {"", ""};
    for (int i = 1; i < argc; i++) {
        const int n = words_of(argv[i]);
        const char *name = argv[i];
        if (n < 0) {
            set_option(&s, name, argument(argc, argv, &i));
            continue;
        }
        mode = name;
        for (int k = 0; k < n; k++)
            words[k] = argument(argc, argv, &i);
    }
    if (s.seeds < 1 || s.budget < 1 || s.jobs < 1 || s.batch < 1 || s.batch > MOST_BATCH || s.history < 0) {
        fprintf(stderr, "bench: --seeds, --budget and --jobs are at least 1, --batch is in 1..%d\n", MOST_BATCH);
        return 2;
    }
    s.machine = machine_name();
    if (mode && is_alone(mode))
        return act_alone(&s, mode, words[0]) ? 1 : 0;
    if (problems_load(s.data)) {
        fprintf(stderr, "bench: out of memory\n");
        return 1;
    }
    return (mode ? act(&s, argv, mode, words[0], words[1]) : bench_run(&s)) ? 1 : 0;
}
