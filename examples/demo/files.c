/* The log of the study as text, and the trials of both searches as a table. */
#include "demo.h"

#include <stdio.h>
#include <stdlib.h>

static FILE *open_file(const char *path)
{
    FILE *file = fopen(path, "w");
    if (!file) {
        perror(path);
        exit(1);
    }
    return file;
}

static void close_file(FILE *file, const char *path)
{
    if (fclose(file)) {
        perror(path);
        exit(1);
    }
}

void write_study(const char *path, const afina_optimizer *optimizer)
{
    size_t length;
    check(afina_optimizer_to_log(optimizer, NULL, 0, &length));
    char *text = malloc(length + 1);
    if (!text)
        exit(1);
    check(afina_optimizer_to_log(optimizer, text, length + 1, &length));
    FILE *file = open_file(path);
    fwrite(text, 1, length, file);
    close_file(file, path);
    free(text);
}

static const char *state_name(int32_t state)
{
    static const char *const names[] = {"running", "complete", "stopped", "paused", "failed", "infeasible", "lost"};
    return names[state];
}

static void write_row(FILE *file, const afina_space *space, const char *method, const afina_trial *trial)
{
    int32_t state;
    size_t reports, n;
    double value;
    char text[64];
    check(afina_trial_state(trial, &state));
    check(afina_trial_report_count(trial, &reports));
    check(afina_trial_values(trial, &value, 1, &n));
    fprintf(file, "%s,%lld,%s,", method, (long long)afina_trial_number(trial), state_name(state));
    if (n > 0)
        fprintf(file, "%.17g", value);
    fprintf(file, ",%zu", reports);
    for (size_t i = 0; i < afina_space_parameter_count(space); i++) {
        check(afina_point_get_text(afina_trial_point(trial), afina_space_parameter_name(space, i), text, sizeof text,
                                   &n));
        fprintf(file, ",%s", text);
    }
    fprintf(file, "\n");
}

static void write_rows(FILE *file, const afina_space *space, const struct search *search)
{
    int64_t count;
    check(afina_trial_count(search->optimizer, &count));
    for (int64_t i = 0; i < count; i++) {
        afina_trial *trial;
        check(afina_trial_get(search->optimizer, i, &trial));
        write_row(file, space, search->method, trial);
        afina_trial_free(trial);
    }
}

/* One row a trial; an inactive hyperparameter is an empty cell. */
void write_trials(const char *path, const afina_space *space, const struct search *searches, size_t count)
{
    FILE *file = open_file(path);
    fprintf(file, "method,trial,state,validation_error,epochs");
    for (size_t i = 0; i < afina_space_parameter_count(space); i++)
        fprintf(file, ",%s", afina_space_parameter_name(space, i));
    fprintf(file, "\n");
    for (size_t i = 0; i < count; i++)
        write_rows(file, space, &searches[i]);
    close_file(file, path);
}
