/* The evaluator's process and its two pipes. */
#define _POSIX_C_SOURCE 200809L
#include "real.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORDS = 32 };

struct evaluator {
    FILE *to, *from;
    pid_t pid;
};

/* In the child: the pipes become standard input and output. */
static void become(const char *command, const int *in, const int *out)
{
    char text[2048], *rest = text, *words[WORDS + 1];
    int count = 0;
    snprintf(text, sizeof text, "%s", command);
    while (count < WORDS && (words[count] = strtok_r(rest, " ", &rest)))
        count++;
    words[count] = NULL;
    dup2(in[0], STDIN_FILENO);
    dup2(out[1], STDOUT_FILENO);
    close(in[0]);
    close(in[1]);
    close(out[0]);
    close(out[1]);
    if (count)
        execvp(words[0], words);
    perror("bench: the evaluator");
    _exit(127);
}

struct evaluator *evaluator_start(const char *command)
{
    int in[2], out[2];
    struct evaluator *e = calloc(1, sizeof *e);
    if (!e || pipe(in) || pipe(out)) {
        free(e);
        return NULL;
    }
    e->pid = fork();
    if (e->pid == 0)
        become(command, in, out);
    close(in[0]);
    close(out[1]);
    e->to = fdopen(in[1], "w");
    e->from = fdopen(out[0], "r");
    return e;
}

int evaluator_ask(struct evaluator *e, const char *task, const char *point, int seed, int trial, double *value)
{
    char line[256];
    fprintf(e->to, "{\"task\":\"%s\",\"point\":%s,\"seed\":%d,\"trial\":%d}\n", task, point, seed, trial);
    if (fflush(e->to) || !fgets(line, sizeof line, e->from))
        return -1;
    if (sscanf(line, "{\"value\": %lf}", value) != 1)
        *value = NAN;
    return 0;
}

void evaluator_end(struct evaluator *e)
{
    if (!e)
        return;
    fclose(e->to);
    waitpid(e->pid, NULL, 0);
    fclose(e->from);
    free(e);
}
