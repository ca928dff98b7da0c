/* The list of tasks: names and spaces of the evaluator's lines, a task a line. */
#include "real.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT = 1 << 15 };

/* The line has the space as its last value. */
static int take(struct real_tasks *tasks, char *line)
{
    struct real_task *grown = realloc(tasks->list, (tasks->count + 1) * sizeof *grown);
    if (!grown)
        return -1;
    tasks->list = grown;
    struct real_task *task = &grown[tasks->count];
    char *space = strstr(line, "\"space\": "), *end = strrchr(line, '}');
    if (!space || !end || sscanf(line, "{\"problem\": \"%63[^\"]", task->name) != 1)
        return -1;
    space += strlen("\"space\": ");
    task->space = calloc((size_t)(end - space) + 1, 1);
    if (!task->space)
        return -1;
    memcpy(task->space, space, (size_t)(end - space));
    tasks->count++;
    return 0;
}

int real_tasks_read(struct real_tasks *tasks, const char *path)
{
    static char line[TEXT];
    FILE *f = fopen(path, "r");
    int rc = f ? 0 : -1;
    while (!rc && fgets(line, sizeof line, f))
        rc = take(tasks, line);
    if (f)
        fclose(f);
    return rc;
}

void real_tasks_free(struct real_tasks *tasks)
{
    for (size_t i = 0; i < tasks->count; i++)
        free(tasks->list[i].space);
    free(tasks->list);
}
