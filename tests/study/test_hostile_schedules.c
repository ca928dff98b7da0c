/* A log may come from another program, or from somebody who means harm: what is read must not break a scheduler, which
 * assumes that what it observes is what it decided. Logs of real studies are damaged line by line; what is refused is
 * refused with a text, and with what is accepted the study goes on. Any status is fine, no crash is.
 *
 * AFINA_HOSTILE_RUNS=100000 damages as many logs, AFINA_HOSTILE_SEED begins elsewhere. */
#include "support/search_study.h"

#include "core/rng.h"

enum { FULL = 9, TRIALS = 40, MORE = 20, MOST_LINES = 1000, QUICK_RUNS = 400 };

struct lines {
    char *line[MOST_LINES]; /* without the newline; the first is the header */
    size_t n;
    struct rng *rng;
};

struct study_kind {
    const char *method, *scheduler, *stopper;
    int lag;
};

static int64_t below(struct lines *l, int64_t n)
{
    return (int64_t)rng_below(l->rng, (uint64_t)n);
}

/* ------------------------------------------------------------------ real studies */

static int is_replicated(const char *scheduler)
{
    static const char *const names[] = {"repeat", "race", "rejects", "top-two", "lucb"};
    for (size_t i = 0; i < LENGTH(names); i++)
        if (strcmp(names[i], scheduler) == 0)
            return 1;
    return 0;
}

static afina_optimizer *open_study(const struct study_kind *kind, int64_t seed)
{
    afina_space *space = cube_space(2);
    afina_optimizer *o;
    OK(afina_optimizer_new(&o, space, kind->method));
    OK(afina_optimizer_set_string(o, "scheduler", kind->scheduler));
    OK(afina_optimizer_set_string(o, "stopper", kind->stopper));
    OK(afina_optimizer_set_integer(o, "seed", seed));
    OK(afina_optimizer_set_integer(o, "times", 0));
    OK(afina_optimizer_set_integer(o, "lag", kind->lag));
    OK(afina_optimizer_set_integer(o, "default_first", 0));
    OK(afina_optimizer_set_integer(o, "halving.arms", 6));
    OK(afina_optimizer_set_integer(o, "pbt.population", 4));
    if (is_replicated(kind->scheduler) || (kind->lag > 0 && strcmp(kind->stopper, "wilcoxon") == 0))
        OK(afina_optimizer_set_integer(o, "replicates", 4));
    if (!is_replicated(kind->scheduler) || kind->lag == 0) {
        OK(afina_optimizer_set_real(o, "budget_min", 1));
        OK(afina_optimizer_set_real(o, "budget_max", FULL));
    }
    OK(afina_optimizer_set_real(o, "budget_total", 200));
    afina_space_free(space);
    return o;
}

static void enqueue(afina_optimizer *o, double x)
{
    afina_space *space = cube_space(2);
    afina_point *point;
    OK(afina_point_new(&point, space));
    OK(afina_point_set_real(point, "x0", x));
    OK(afina_enqueue(o, point));
    afina_point_free(point);
    afina_space_free(space);
}

static double loss_at(afina_trial *trial, double step)
{
    const afina_point *point = afina_trial_point(trial);
    double x = real(point, "x0") - 0.3, y = real(point, "x1") - 0.7;
    return x * x + y * y + (0.2 + real(point, "x0")) / step;
}

/* Reports up to the budget or a stop, and the end. The log of a foreign study may hold odd budgets: few reports. */
static void evaluate(afina_optimizer *o, afina_trial *trial, int i)
{
    double start = 0, budget = 3;
    int32_t stop = 0;
    (void)afina_trial_start(trial, &start);
    (void)afina_trial_budget(trial, &budget);
    if (!isfinite(budget))
        budget = 3;
    if (i % 11 == 5 && start > 0)
        (void)afina_trial_tell_restarted(trial);
    int64_t number = afina_trial_number(trial);
    for (int step = 1; step <= FULL && step <= budget && !stop; step++) {
        double value = loss_at(trial, step);
        if (step > start)
            (void)afina_trial_tell_report(trial, step, &value, 1);
        (void)afina_trial_should_stop(trial, &stop);
    }
    (void)afina_tell_checkpoint(o, number, "file");
    double value = loss_at(trial, budget);
    if (i % 13 == 7)
        (void)afina_tell_lost(o, number, NULL);
    else if (i % 17 == 3)
        (void)afina_tell_failed(o, number, NULL);
    else if (stop)
        (void)afina_tell_stopped(o, number);
    else
        (void)afina_tell(o, number, &value, 1);
}

/* Up to three trials at once. */
static void go_on(afina_optimizer *o, int trials)
{
    afina_trial *running[3];
    int n = 0;
    for (int i = 0; i < trials; i++) {
        if (afina_ask(o, &running[n]) == AFINA_OK)
            n++;
        else if (n == 0)
            return;
        if (n == 3 || i % 5 == 4)
            while (n > 0) {
                n--;
                evaluate(o, running[n], i + n);
                afina_trial_free(running[n]);
            }
    }
    while (n > 0)
        afina_trial_free(running[--n]);
}

/* ----------------------------------------------------------------------- damage */

static char *copy_text(const char *text, size_t length)
{
    char *copy = malloc(length + 1);
    assert_non_null(copy);
    memcpy(copy, text, length);
    copy[length] = 0;
    return copy;
}

static void split(struct lines *l, const char *text)
{
    l->n = 0;
    while (*text && l->n < MOST_LINES) {
        size_t length = strcspn(text, "\n");
        l->line[l->n++] = copy_text(text, length);
        text += length + (text[length] == '\n');
    }
}

static void free_lines(struct lines *l)
{
    for (size_t i = 0; i < l->n; i++)
        free(l->line[i]);
}

static char *join(const struct lines *l, size_t *length)
{
    *length = 0;
    for (size_t i = 0; i < l->n; i++)
        *length += strlen(l->line[i]) + 1;
    char *text = malloc(*length + 1), *end = text;
    assert_non_null(text);
    for (size_t i = 0; i < l->n; i++)
        end += sprintf(end, "%s\n", l->line[i]);
    *end = 0;
    return text;
}

/* The value of a key: where it begins, and its length; NULL: the line has no such key. A point is a value too. */
static char *find_value(const char *line, const char *key, size_t *length)
{
    char pattern[32];
    snprintf(pattern, sizeof pattern, "\"%s\":", key);
    char *at = strstr(line, pattern);
    if (!at)
        return NULL;
    at += strlen(pattern);
    *length = *at == '{' ? strcspn(at, "}") + 1 : *at == '[' ? strcspn(at, "]") + 1 : strcspn(at, ",}");
    return at;
}

static int is_event(const char *line, const char *name)
{
    size_t length;
    const char *value = find_value(line, "event", &length);
    return value && length == strlen(name) + 2 && strncmp(value + 1, name, length - 2) == 0;
}

/* Replaces a value; where there is none, the key is added. */
static void set_value(char **line, const char *key, const char *value)
{
    size_t length = 0, all = strlen(*line);
    char *at = find_value(*line, key, &length), *made = malloc(all + strlen(key) + strlen(value) + 8);
    assert_non_null(made);
    if (at)
        sprintf(made, "%.*s%s%s", (int)(at - *line), *line, value, at + length);
    else
        sprintf(made, "%.*s,\"%s\":%s}", (int)all - 1, *line, key, value);
    free(*line);
    *line = made;
}

static void drop_value(char **line, const char *key)
{
    size_t length, whole = strlen(key) + 4;
    char *at = find_value(*line, key, &length);
    if (at)
        memmove(at - whole, at + length, strlen(at + length) + 1);
}

/* A line of this event, after the header; 0: there is none. */
static size_t find_line(struct lines *l, const char *event)
{
    size_t from = (size_t)below(l, (int64_t)l->n);
    for (size_t i = 0; i < l->n; i++) {
        size_t at = (from + i) % l->n;
        if (at > 0 && is_event(l->line[at], event))
            return at;
    }
    return 0;
}

static void take_point_of(struct lines *l, size_t at, int64_t trial)
{
    for (size_t i = 1; i < l->n; i++) {
        size_t length;
        const char *number = is_event(l->line[i], "asked") ? find_value(l->line[i], "trial", &length) : NULL;
        if (!number || atoll(number) != trial)
            continue;
        char *point = find_value(l->line[i], "point", &length), *copy = copy_text(point, length);
        set_value(&l->line[at], "point", copy);
        free(copy);
        return;
    }
}

/* The trial becomes a promotion, a repetition or a branch of an earlier one, and fits it as far as it must. */
static void make_child(struct lines *l, size_t at, const char *origin)
{
    char text[32];
    size_t length;
    int64_t number = atoll(find_value(l->line[at], "trial", &length));
    if (number == 0)
        return;
    int64_t parent = below(l, 2) ? below(l, number) : number - 1 - below(l, number < 6 ? number : 6);
    snprintf(text, sizeof text, "%d", (int)parent);
    set_value(&l->line[at], "origin", origin);
    set_value(&l->line[at], "parent", text);
    if (strcmp(origin, "\"suggested\"") != 0)
        take_point_of(l, at, parent);
}

static void change_plan(struct lines *l)
{
    static const char *const budgets[] = {"1",   "2",     "3",    "4.5",   "9",      "0.001", "0.4", "0.9999999999",
                                          "8.9", "9.001", "1000", "1e300", "1e-300", "5",     "6",   "7"};
    static const char *const replicates[] = {"1", "2", "3", "4", "5", "100000", "9007199254740991", "-1"};
    static const char *const origins[] = {"\"promoted\"", "\"repeated\"", "\"suggested\""};
    static const char *const plain[] = {"\"suggested\"", "\"enqueued\"", "\"added\""};
    static const char *const keys[] = {"budget", "replicate", "exhausted", "parent", "note"};
    size_t at = find_line(l, "asked");
    if (at == 0)
        return;
    switch (below(l, 7)) {
    case 0:
        set_value(&l->line[at], "budget", budgets[below(l, LENGTH(budgets))]);
        break;
    case 1:
        set_value(&l->line[at], "replicate", replicates[below(l, LENGTH(replicates))]);
        break;
    case 2:
        make_child(l, at, origins[below(l, 3)]);
        if (below(l, 2))
            set_value(&l->line[at], "budget", budgets[below(l, LENGTH(budgets))]);
        break;
    case 3:
        set_value(&l->line[at], "origin", plain[below(l, 3)]);
        drop_value(&l->line[at], "parent");
        break;
    case 4:
        set_value(&l->line[at], "exhausted", "1");
        break;
    case 5:
        set_value(&l->line[at], "seen", below(l, 2) ? "0" : "3");
        break;
    default:
        drop_value(&l->line[at], keys[below(l, LENGTH(keys))]);
    }
}

static void change_end(struct lines *l)
{
    static const char *const states[] = {"\"failed\"",  "\"infeasible\"", "\"lost\"",
                                         "\"stopped\"", "\"complete\"",   "\"paused\""};
    static const char *const values[] = {"[\"inf\"]", "[\"-inf\"]", "[0]", "[1e308]", "[-1e308]", "[\"nan\"]"};
    size_t at = find_line(l, "told"), state = (size_t)below(l, LENGTH(states));
    if (at == 0)
        return;
    if (below(l, 2)) {
        set_value(&l->line[at], "values", values[below(l, LENGTH(values))]);
        return;
    }
    set_value(&l->line[at], "state", states[state]);
    drop_value(&l->line[at], "values");
    if (state >= 4)
        set_value(&l->line[at], "values", "[0.25]");
}

static void change_report(struct lines *l)
{
    static const char *const steps[] = {"0", "-1", "1e300", "8.5", "-1e300", "1e-320"};
    static const char *const values[] = {"[\"nan\"]", "[\"inf\"]", "[\"-inf\"]", "[1e308]", "[-1e308]"};
    size_t at = find_line(l, "report");
    if (at && below(l, 2))
        set_value(&l->line[at], "step", steps[below(l, LENGTH(steps))]);
    else if (at)
        set_value(&l->line[at], "values", values[below(l, LENGTH(values))]);
}

static void drop_line(struct lines *l, size_t at)
{
    free(l->line[at]);
    memmove(&l->line[at], &l->line[at + 1], (l->n - at - 1) * sizeof *l->line);
    l->n--;
}

static void insert_line(struct lines *l, size_t at, const char *text)
{
    char *copy = copy_text(text, strlen(text));
    if (l->n == MOST_LINES) {
        free(copy);
        return;
    }
    memmove(&l->line[at + 1], &l->line[at], (l->n - at) * sizeof *l->line);
    l->line[at] = copy;
    l->n++;
}

static void move_lines(struct lines *l)
{
    if (l->n < 4)
        return;
    size_t a = 1 + (size_t)below(l, (int64_t)l->n - 1), b = 1 + (size_t)below(l, (int64_t)l->n - 1);
    char *line = l->line[a];
    switch (below(l, 4)) {
    case 0:
        drop_line(l, a);
        break;
    case 1:
        insert_line(l, b, line);
        break;
    case 2:
        l->line[a] = l->line[b];
        l->line[b] = line;
        break;
    default:
        while (l->n > 2 && l->n > b)
            drop_line(l, l->n - 1);
    }
}

/* An option of the header, which a foreign program writes as it likes. */
static void change_header(struct lines *l)
{
    static const char *const keys[] = {"budget_min", "budget_max", "budget_total", "replicates", "lag"};
    static const char *const values[] = {"1", "2", "4", "9", "27", "1e9", "3", "1000"};
    size_t length;
    const char *key = keys[below(l, LENGTH(keys))];
    if (find_value(l->line[0], key, &length))
        set_value(&l->line[0], key, values[below(l, LENGTH(values))]);
}

/* The trials of the lines are numbered anew as they are asked, and the lines of others dropped or left, so that most of
 * what was damaged is read as far as the schedulers. */
static void renumber(struct lines *l)
{
    int64_t next = 0;
    for (size_t i = 1; i < l->n; i++) {
        char text[32];
        if (!is_event(l->line[i], "asked"))
            continue;
        snprintf(text, sizeof text, "%d", (int)next++);
        set_value(&l->line[i], "trial", text);
    }
}

static void damage(struct lines *l)
{
    for (int64_t times = 1 + below(l, 6); times > 0; times--) {
        int64_t choice = below(l, 20);
        if (choice < 10)
            change_plan(l);
        else if (choice < 13)
            change_end(l);
        else if (choice < 15)
            change_report(l);
        else if (choice < 19)
            move_lines(l);
        else
            change_header(l);
    }
    renumber(l);
}

/* ------------------------------------------------------------------------- runs */

/* Up to the line that is refused: what stands before it is a log. */
static afina_optimizer *read_most(struct lines *l)
{
    afina_optimizer *o;
    int64_t position = 1;
    size_t length;
    char *text = join(l, &length);
    int32_t rc = afina_optimizer_from_log(&o, text, length);
    free(text);
    if (rc == AFINA_OK)
        return o;
    assert_true(rc < 0 && strlen(afina_last_error()) > 0);
    if (afina_optimizer_from_log(&o, l->line[0], strlen(l->line[0])) != AFINA_OK) {
        size_t all = l->n;
        l->n = 1;
        text = join(l, &length);
        l->n = all;
        rc = afina_optimizer_from_log(&o, text, length);
        free(text);
        if (rc != AFINA_OK)
            return NULL;
    }
    for (size_t i = 1; i < l->n; i++) { /* lines that are refused are passed over */
        struct lines one = {.line = {l->line[i]}, .n = 1};
        text = join(&one, &length);
        if (afina_log_append(o, position, text, length, &position) == AFINA_STALE)
            (void)afina_log_length(o, &position);
        free(text);
    }
    return o;
}

static void use(afina_optimizer *o)
{
    afina_trial *best;
    afina_final *final;
    int64_t numbers[8], differs, arm;
    int32_t decided;
    double gap;
    size_t count;
    go_on(o, MORE);
    if (afina_best(o, &best) == AFINA_OK)
        afina_trial_free(best);
    if (afina_final_new(&final, o, 0.95, 0.25) == AFINA_OK)
        afina_final_free(final);
    (void)afina_stale_checkpoints(o, numbers, 8, &count);
    (void)afina_conclusion(o, &arm, &decided, &gap);
    (void)afina_optimizer_replay(o, &differs);
}

static void run_damaged(const struct study_kind *kind, const char *text, uint64_t seed)
{
    struct rng rng;
    static struct lines l;
    rng_start(&rng, seed, 0, RNG_OBJECTIVE);
    l.rng = &rng;
    split(&l, text);
    damage(&l);
    if (getenv("AFINA_HOSTILE_SHOW")) {
        print_message("%s %s %s lag %d seed %llu\n", kind->method, kind->scheduler, kind->stopper, kind->lag,
                      (unsigned long long)seed);
        fflush(stdout);
    }
    afina_optimizer *o = read_most(&l);
    if (o)
        use(o);
    afina_optimizer_free(o);
    free_lines(&l);
}

static uint64_t number_from(const char *variable, uint64_t otherwise)
{
    const char *text = getenv(variable);
    return text ? strtoull(text, NULL, 10) : otherwise;
}

static void test_damaged_logs_break_no_scheduler(void **state)
{
    (void)state;
    static const char *const methods[] = {"random", "tpe"};
    static const char *const stoppers[] = {"never", "median", "rungs", "curve", "wilcoxon", "patience"};
    uint64_t runs = number_from("AFINA_HOSTILE_RUNS", QUICK_RUNS), first = number_from("AFINA_HOSTILE_SEED", 1);
    size_t schedulers = afina_scheduler_count(), kinds = schedulers * 4;
    print_message("seeds from %llu\n", (unsigned long long)first);
    for (size_t k = 0; k < kinds; k++) {
        struct study_kind kind = {.method = methods[k / schedulers % 2],
                                  .scheduler = afina_scheduler_name(k % schedulers),
                                  .stopper = stoppers[k % LENGTH(stoppers)],
                                  .lag = k / schedulers < 2 ? 0 : 4};
        afina_optimizer *o = open_study(&kind, 1 + (int64_t)(first % 1000) + (int64_t)k);
        enqueue(o, 0.25);
        go_on(o, TRIALS);
        enqueue(o, 0.5);
        go_on(o, 5);
        char *text = log_of(o);
        afina_optimizer_free(o);
        for (uint64_t i = 0; i < runs / kinds + 1; i++)
            run_damaged(&kind, text, first + i);
        free(text);
    }
}

/* Trial 0 ended at a budget of 3, trial 1 runs. */
static afina_optimizer *open_small(int64_t *position)
{
    static const char *const lines[] = {"{\"event\":\"asked\",\"trial\":0,\"origin\":\"suggested\",\"budget\":3,"
                                        "\"seen\":0,\"point\":{\"x0\":0.5,\"x1\":0.5}}\n",
                                        "{\"event\":\"told\",\"trial\":0,\"state\":\"paused\",\"values\":[1]}\n",
                                        "{\"event\":\"asked\",\"trial\":1,\"origin\":\"suggested\",\"budget\":3,"
                                        "\"seen\":2,\"point\":{\"x0\":0.25,\"x1\":0.5}}\n"};
    const struct study_kind kind = {"random", "halving", "never", 0};
    afina_optimizer *o = open_study(&kind, 1);
    char *text = log_of(o);
    free(text);
    *position = 1;
    for (size_t i = 0; i < LENGTH(lines); i++)
        OK(afina_log_append(o, *position, lines[i], strlen(lines[i]), position));
    return o;
}

static void test_what_no_scheduler_asks_for_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *plan, *text;
    } cases[] = {
        {"\"origin\":\"suggested\",\"budget\":9.5", "must be at most \"budget_max\", 9, got 9.5"},
        {"\"origin\":\"promoted\",\"parent\":1,\"budget\":9", "cannot continue its parent 1, which has not ended"},
        {"\"origin\":\"suggested\",\"parent\":1,\"budget\":9", "cannot continue its parent 1, which has not ended"},
        {"\"origin\":\"promoted\",\"parent\":0,\"budget\":2", "must be at least the 3 of its parent 0, got 2"},
    };
    int64_t position, count;
    afina_optimizer *o = open_small(&position);
    for (size_t i = 0; i < LENGTH(cases); i++) {
        char line[300];
        snprintf(line, sizeof line,
                 "{\"event\":\"asked\",\"trial\":2,%s,\"seen\":3,\"point\":{\"x0\":%s,\"x1\":0.5}}\n", cases[i].plan,
                 strstr(cases[i].plan, "\"parent\":0") ? "0.5" : "0.25");
        FAILS(afina_log_append(o, position, line, strlen(line), &position), AFINA_E_FORMAT, cases[i].text);
    }
    OK(afina_trial_count(o, &count));
    assert_int_equal(count, 2);
    afina_optimizer_free(o);
}

static void test_a_replicate_that_the_study_does_not_have_is_refused(void **state)
{
    (void)state;
    static const char line[] =
        "{\"event\":\"asked\",\"trial\":0,\"origin\":\"suggested\",\"replicate\":100000,\"seen\":0,"
        "\"point\":{\"x0\":0.5,\"x1\":0.5}}\n";
    const struct study_kind kind = {"random", "repeat", "never", 0};
    int64_t position = 1;
    afina_optimizer *o = open_study(&kind, 1);
    char *text = log_of(o);
    free(text);
    FAILS(afina_log_append(o, position, line, strlen(line), &position), AFINA_E_FORMAT,
          "must be in [0, 3], got 100000");
    afina_optimizer_free(o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_damaged_logs_break_no_scheduler),
        cmocka_unit_test(test_what_no_scheduler_asks_for_is_refused),
        cmocka_unit_test(test_a_replicate_that_the_study_does_not_have_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
