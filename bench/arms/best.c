/* The rules of bandit.c, a line for each setting, budget and rule. */
#define _POSIX_C_SOURCE 200809L
#include "arms.h"

#include "bandit.h"
#include "crew.h"
#include "history.h"
#include "settings.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct cell {
    const struct setting *setting;
    const struct rule *rule;
    long budget; /* 0: until it is confident */
    int runs;
};

struct cells {
    const struct arms_settings *settings;
    struct cell list[256];
    size_t count;
    struct history history;
    char path[1024];
};

static void key_of(char *key, size_t size, const struct cell *c)
{
    snprintf(key, size, "{\"setting\":\"%s\",\"samples\":%ld,\"rule\":\"%s\",", c->setting->name, c->budget,
             c->rule->name);
}

static int do_cell(size_t at, void *user)
{
    const struct cells *cells = user;
    const struct cell *c = &cells->list[at];
    char key[256], line[512];
    double samples = 0;
    int errors = 0;
    for (int run = 0; run < c->runs; run++) {
        struct bandit b;
        bandit_begin(&b, c->setting, (uint64_t)run);
        const int arm = c->rule->choose(&b, c->budget, c->rule);
        if (arm < 0)
            return 0; /* not recorded */
        errors += arm != b.best;
        samples += (double)b.total;
    }
    key_of(key, sizeof key, c);
    const int n = snprintf(line, sizeof line, "%s\"budget\":%d,\"errors\":%d,\"used\":%.1f}\n", key, c->runs, errors,
                           samples / c->runs);
    return n > 0 && (size_t)n < sizeof line ? history_append(cells->path, line, (size_t)n) : -1;
}

static void add(struct cells *cells, const struct setting *setting, const struct rule *rule, long budget, int runs)
{
    const struct cell c = {setting, rule, budget, runs};
    char key[256];
    key_of(key, sizeof key, &c);
    if (!history_has(&cells->history, key, runs) && cells->count < 256)
        cells->list[cells->count++] = c;
}

static void add_rule(struct cells *cells, const struct setting *s, const struct rule *rule)
{
    if (rule->kinds & FIXED_CONFIDENCE && s->is_stopped)
        add(cells, s, rule, 0, s->stopped_runs);
    for (int k = 0; k < 2 && rule->kinds & FIXED_BUDGET; k++)
        if (s->budgets[k])
            add(cells, s, rule, s->budgets[k], cells->settings->runs);
}

int arms_best(const struct arms_settings *s)
{
    struct cells cells = {.settings = s};
    size_t taken;
    if (make_folder(s->out))
        return -1;
    snprintf(cells.path, sizeof cells.path, "%s/best-arm.jsonl", s->out);
    history_read(&cells.history, cells.path);
    for (int i = 0; setting_at(i); i++)
        for (int r = 0; rule_at(r); r++)
            add_rule(&cells, setting_at(i), rule_at(r));
    fprintf(stderr, "%zu rules and settings to run\n", cells.count);
    const int rc = crew_run(cells.count, s->jobs, s->seconds, do_cell, &cells, &taken);
    history_free(&cells.history);
    return rc;
}
