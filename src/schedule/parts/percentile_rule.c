#include "schedule/parts/percentile_rule.h"

#include "core/mem.h"

#include <math.h>
#include <string.h>

int32_t percentile_rule_init(struct percentile_rule *rule, const struct schedule_context *context, double percentile)
{
    curves_init(&rule->curves);
    rule->times = stop_times_of(context->options);
    rule->share = percentile / 100;
    rule->startup = option_integer(context->options, "startup");
    rule->least = option_integer(context->options, "min_trials");
    rule->patience = (size_t)option_integer(context->options, "patience");
    rule->is_safe = option_integer(context->options, "safe") != 0;
    return 0;
}

void percentile_rule_fini(void *state)
{
    struct percentile_rule *rule = state;
    for (size_t i = 0; i < rule->n; i++)
        ranks_fini(&rule->table[i].ranks);
    mem_free(rule->table);
    curves_fini(&rule->curves);
}

/* The number of entries of the table with steps up to one. */
static size_t entries_up_to(const struct percentile_rule *rule, double step)
{
    size_t low = 0, high = rule->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (rule->table[middle].step <= step)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int is_apart(double low, double high)
{
    return high - low >= fabs(high) / 64 * (1 - 1e-9) && high > low;
}

/* An entry for a step, unless there is one nearby. */
static int32_t make_entry(struct percentile_rule *rule, double step)
{
    void *table = rule->table;
    size_t place = entries_up_to(rule, step);
    if (place > 0 && !is_apart(rule->table[place - 1].step, step))
        return 0;
    if (place < rule->n && !is_apart(step, rule->table[place].step))
        return 0;
    int32_t rc = mem_reserve(&table, &rule->capacity, rule->n + 1, sizeof *rule->table);
    rule->table = table;
    if (rc)
        return rc;
    memmove(rule->table + place + 1, rule->table + place, (rule->n - place) * sizeof *rule->table);
    rule->table[place] = (struct step_ranks){.step = step};
    rule->n++;
    return 0;
}

static int32_t add_loss(const struct percentile_rule *rule, struct ranks *ranks, double loss, int64_t trial)
{
    double position = floor((double)ranks_count(ranks) * rule->share * (1 + 1e-12));
    return ranks_add(ranks, (struct ranked){isnan(loss) ? INFINITY : loss, trial}, (size_t)position + 1);
}

/* What a trial reported goes into the table, from where it began. */
static int32_t add_curve(struct percentile_rule *rule, const struct learning_curve *curve,
                         const struct schedule_event *event)
{
    size_t first = 0;
    int32_t rc = 0;
    while (event->start > 0 && first < curve->n && curve->step[first] <= event->start)
        first++;
    for (size_t i = first; !rc && i < curve->n; i++)
        rc = make_entry(rule, curve->step[i]);
    size_t i = first;
    for (size_t e = 0; !rc && first < curve->n && e < rule->n; e++) {
        struct step_ranks *entry = &rule->table[e];
        if (entry->step < curve->step[first] || entry->step > curve->step[curve->n - 1])
            continue;
        while (i + 1 < curve->n && curve->step[i + 1] <= entry->step)
            i++;
        rc = add_loss(rule, &entry->ranks, curve->loss[i], event->trial);
    }
    rule->ended += first == 0;
    return rc;
}

static double percentile_of(const struct percentile_rule *rule, const struct ranks *ranks)
{
    double position = (double)(ranks_count(ranks) - 1) * rule->share * (1 + 1e-12);
    double low = ranks->low.item[0].loss, part = position - floor(position);
    if (part < 1e-9 || ranks->high.n == 0)
        return low;
    double high = ranks->high.item[0].loss;
    return isfinite(low) && isfinite(high) ? low + part * (high - low) : high;
}

/* 1 when a trial with that lowest loss up to a step would be ended there. */
static int is_worse(const struct percentile_rule *rule, double step, double lowest)
{
    for (size_t e = entries_up_to(rule, step * (1 + 1e-9)); e-- > 0;) {
        const struct ranks *ranks = &rule->table[e].ranks;
        if (ranks_count(ranks) >= (size_t)rule->least)
            return lowest > percentile_of(rule, ranks);
    }
    return 0;
}

/* 1 when patience with a trial of these losses is at its end. */
static int is_patience_over(const struct percentile_rule *rule, const double *loss, size_t n)
{
    return rule->patience == 0 || curve_is_stuck(loss, n, rule->patience, 0);
}

static int would_end_best(const struct percentile_rule *rule)
{
    const struct learning_curve *curve = rule->curves.best[0].curve;
    double lowest = INFINITY;
    for (size_t i = 0; curve && i < curve->n; i++) {
        if (curve->loss[i] < lowest)
            lowest = curve->loss[i];
        if (stop_was_due(&rule->times, curve, i) && is_worse(rule, curve->step[i], lowest) &&
            is_patience_over(rule, curve->loss, i + 1))
            return 1;
    }
    return 0;
}

int32_t percentile_rule_observe(void *state, const struct schedule_event *event)
{
    struct percentile_rule *rule = state;
    const struct learning_curve *ended;
    int is_best_new;
    int32_t rc = curves_observe(&rule->curves, event, &ended, &is_best_new);
    if (rc || !ended)
        return rc;
    rc = add_curve(rule, ended, event);
    if (!rc && rule->is_safe)
        rule->is_blocked = would_end_best(rule);
    return rc;
}

int32_t percentile_rule_advise(void *state, const struct progress *progress, int *stop)
{
    struct percentile_rule *rule = state;
    int is_open = rule->ended >= rule->startup && !rule->is_blocked && stop_is_due(&rule->times, progress);
    *stop = is_open && is_worse(rule, progress->steps[progress->n - 1], curves_lowest(&rule->curves, progress)) &&
            is_patience_over(rule, progress->losses, progress->n);
    return 0;
}
