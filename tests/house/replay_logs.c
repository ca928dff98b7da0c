/* Makes logs and replays them, for tests/house/same_bits.sh. Its own arithmetic is compiled without contraction.
 *
 *     replay_logs list                   names of all methods, and of all schedulers as "scheduler:NAME"
 *     replay_logs make FOLDER NAME...    a log of each on each space
 *     replay_logs replay FOLDER NAME...  a line for each log that does not come out as it was written
 */
#include <afina.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct space_text {
    const char *name;
    int trials;
    const char *text;
};

#define REAL(name) "{\"name\":\"" name "\",\"kind\":\"real\",\"low\":-1,\"high\":1}"
#define REALS(a) REAL(a "0") "," REAL(a "1") "," REAL(a "2") "," REAL(a "3") "," REAL(a "4") "," REAL(a "5")

static const struct space_text SPACES[] = {
    {"reals", 250, "{\"format\":1,\"parameters\":[" REALS("x") "," REALS("y") "]}"},
    {"many", 120,
     "{\"format\":1,\"parameters\":[" REALS("a") "," REALS("b") "," REALS("c") "," REALS("d") "," REALS("e") "]}"},
    {"mixed", 150,
     "{\"format\":1,\"parameters\":["
     "{\"name\":\"kind\",\"kind\":\"categorical\",\"choices\":[\"one\",\"three\",\"fifteen\"]},"
     "{\"name\":\"rate\",\"kind\":\"real\",\"low\":1e-5,\"high\":1,\"scale\":\"log\"},"
     "{\"name\":\"units\",\"kind\":\"integer\",\"low\":1,\"high\":300},"
     "{\"name\":\"wide\",\"kind\":\"real\",\"low\":-2,\"high\":7,"
     "\"conditions\":[{\"parent\":\"kind\",\"in\":[\"one\",\"fifteen\"]}]}," REALS("x") "]}"},
};

#define SCHEDULER "scheduler:"

enum { SPACE_COUNT = sizeof SPACES / sizeof *SPACES, LONGEST = 1 << 22 };

/* Ends the program when a call failed: a test that could not run has failed. */
static void ok(int32_t status)
{
    if (status == AFINA_OK)
        return;
    fprintf(stderr, "%s\n", afina_last_error());
    exit(2);
}

/* Of a method with a model: the first fits, steps and refinements are among them. */
enum { TRIALS_OF_MODELS = 45 };

/* A loss with a valley that no axis follows, from the point's own text: the names are the spaces' own. */
static double loss_of(const afina_space *space, const afina_point *point)
{
    double loss = 0, last = 0;
    for (size_t i = 0; i < afina_space_parameter_count(space); i++) {
        char text[64];
        size_t length;
        ok(afina_point_get_text(point, afina_space_parameter_name(space, i), text, sizeof text, &length));
        char *end;
        double value = strtod(text, &end);
        if (end == text)
            value = (double)length;
        value -= 0.06 * (double)i;
        loss += value * value + 3 * (value - last) * (value - last);
        last = value;
    }
    return loss;
}

static void fill(afina_optimizer *optimizer, const afina_space *space, int trials)
{
    for (int i = 0; i < trials; i++) {
        afina_trial *trial;
        int32_t status = afina_ask(optimizer, &trial);
        if (status == AFINA_EXHAUSTED)
            return;
        ok(status);
        double loss = loss_of(space, afina_trial_point(trial));
        ok(afina_tell(optimizer, afina_trial_number(trial), &loss, 1));
        afina_trial_free(trial);
    }
}

/* Reports at each step until the budget, or until the stopper says so. Replicates differ. */
static void train(afina_trial *trial, const afina_space *space)
{
    double step, budget, loss = loss_of(space, afina_trial_point(trial)), value = loss;
    int64_t replicate;
    int32_t stop = 0;
    ok(afina_trial_start(trial, &step));
    ok(afina_trial_budget(trial, &budget));
    ok(afina_trial_replicate(trial, &replicate));
    budget = isfinite(budget) ? budget : 3;
    while (step < budget && !stop) {
        step++;
        value = loss + (4 + loss) / step + 0.05 * (double)replicate;
        ok(afina_trial_tell_report(trial, step, &value, 1));
        ok(afina_trial_should_stop(trial, &stop));
    }
    ok(step < budget ? afina_trial_tell_stopped(trial) : afina_trial_tell(trial, &value, 1));
}

/* Needs one of budgets, replicates or both: the first of these with which it makes a trial. */
static void open_scheduled(afina_optimizer **optimizer, const afina_space *space, const char *scheduler)
{
    for (int needs = 1;; needs = needs % 3 + 1) {
        afina_trial *trial;
        ok(afina_optimizer_new(optimizer, space, "de"));
        ok(afina_optimizer_set_string(*optimizer, "scheduler", scheduler));
        ok(afina_optimizer_set_string(*optimizer, "stopper", needs & 1 ? "curve" : "never"));
        ok(afina_optimizer_set_integer(*optimizer, "seed", 2385));
        ok(afina_optimizer_set_real(*optimizer, "budget_total", 150));
        if (needs & 1) {
            ok(afina_optimizer_set_real(*optimizer, "budget_min", 1));
            ok(afina_optimizer_set_real(*optimizer, "budget_max", 9));
        }
        if (needs & 2)
            ok(afina_optimizer_set_integer(*optimizer, "replicates", 4));
        int32_t status = afina_ask(*optimizer, &trial);
        if (status == AFINA_OK) {
            train(trial, space);
            afina_trial_free(trial);
            return;
        }
        afina_optimizer_free(*optimizer);
        if (needs == 3)
            ok(status);
    }
}

static void fill_scheduled(afina_optimizer *optimizer, const afina_space *space)
{
    for (int i = 0; i < 120; i++) {
        afina_trial *trial;
        int32_t status = afina_ask(optimizer, &trial);
        if (status > 0)
            return;
        ok(status);
        train(trial, space);
        afina_trial_free(trial);
    }
}

static FILE *open_log(const char *folder, const char *method, const struct space_text *space, const char *mode)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s.%s", folder, method, space->name);
    FILE *file = fopen(path, mode);
    if (!file)
        perror(path);
    return file;
}

static int has_model(const char *method)
{
    int32_t has;
    ok(afina_method_trait(method, "model", &has));
    return has;
}

static int make_log(const char *folder, const char *method, const struct space_text *how, char *text)
{
    afina_space *space;
    afina_optimizer *optimizer;
    size_t length;
    FILE *file = open_log(folder, method, how, "wb");
    if (!file)
        return 1;
    ok(afina_space_from_json(&space, how->text, strlen(how->text)));
    if (strncmp(method, SCHEDULER, strlen(SCHEDULER)) == 0) {
        open_scheduled(&optimizer, space, method + strlen(SCHEDULER));
        fill_scheduled(optimizer, space);
    } else {
        ok(afina_optimizer_new(&optimizer, space, method));
        ok(afina_optimizer_set_integer(optimizer, "seed", 2385));
        fill(optimizer, space, has_model(method) ? TRIALS_OF_MODELS : how->trials);
    }
    ok(afina_optimizer_to_log(optimizer, text, LONGEST, &length));
    int failed = fwrite(text, 1, length, file) != length;
    afina_optimizer_free(optimizer);
    afina_space_free(space);
    return fclose(file) != 0 || failed;
}

static int replay_log(const char *folder, const char *method, const struct space_text *how, char *text)
{
    afina_optimizer *optimizer;
    int64_t number;
    FILE *file = open_log(folder, method, how, "rb");
    if (!file)
        return 1;
    size_t length = fread(text, 1, LONGEST, file);
    fclose(file);
    ok(afina_optimizer_from_log(&optimizer, text, length));
    int32_t status = afina_optimizer_replay(optimizer, &number);
    if (status == AFINA_E_REPLAY)
        printf("%s on %s: trial %lld differs\n", method, how->name, (long long)number);
    else
        ok(status);
    afina_optimizer_free(optimizer);
    return status != AFINA_OK;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "list") == 0) {
        for (size_t i = 0; i < afina_method_count(); i++)
            puts(afina_method_name(i));
        for (size_t i = 0; i < afina_scheduler_count(); i++)
            printf("%s%s\n", SCHEDULER, afina_scheduler_name(i));
        return 0;
    }
    int making = argc > 2 && strcmp(argv[1], "make") == 0, failed = argc < 4;
    char *text = malloc(LONGEST);
    for (int i = 3; i < argc && text; i++)
        for (size_t s = 0; s < SPACE_COUNT; s++)
            failed |= (making ? make_log : replay_log)(argv[2], argv[i], &SPACES[s], text);
    free(text);
    return failed;
}
