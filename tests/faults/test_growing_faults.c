#define _POSIX_C_SOURCE 200809L /* strdup */
/* Spaces that grow, under failed allocations. */
#include "support/mem_fault.h"
#include "support/small_study.h"

#include <math.h>

/* A study that has grown by its host and by a trial, one trial of which runs, and what the operations need. */
struct world {
    afina_optimizer *optimizer;
    afina_trial *running;
    afina_space *part, *older;
    afina_point *point;
    char *whole;
};

static afina_space *part_of(const char *name, double high)
{
    static const char *const choices[] = {"a", "b", "c", "d"};
    static const char *const last[] = {"d"};
    afina_space *space;
    OK(afina_space_new(&space));
    OK(afina_space_add_categorical(space, "k", choices, 4));
    OK(afina_space_add_real(space, "x", -high, 10 + high, AFINA_SCALE_LINEAR));
    OK(afina_space_add_real(space, name, 0, high, AFINA_SCALE_LINEAR));
    OK(afina_space_add_condition_in(space, name, "k", last, 1));
    return space;
}

static void make_world(struct world *w)
{
    static const char *const unused[] = {"z"};
    afina_space *part = part_of("z", 5);
    afina_trial *trial;
    double value = 0.5;
    w->optimizer = small_optimizer("gp");
    for (int i = 0; i < 4; i++)
        small_step(w->optimizer);
    OK(afina_optimizer_extend(w->optimizer, part));
    OK(afina_ask(w->optimizer, &trial));
    afina_space_free(part);
    part = part_of("v", 6);
    OK(afina_trial_extend(trial, part));
    OK(afina_trial_tell_unused(trial, unused, 1));
    OK(afina_trial_tell(trial, &value, 1));
    afina_trial_free(trial);
    afina_space_free(part);
    OK(afina_ask(w->optimizer, &w->running));
    w->part = part_of("w", 7);
    w->older = small_space();
    OK(afina_point_new(&w->point, w->older));
    w->whole = log_of(w->optimizer);
}

static void free_world(struct world *w)
{
    free(w->whole);
    afina_point_free(w->point);
    afina_space_free(w->part);
    afina_space_free(w->older);
    afina_trial_free(w->running);
    afina_optimizer_free(w->optimizer);
}

static int32_t op_extend(struct world *w)
{
    return afina_optimizer_extend(w->optimizer, w->part);
}

static int32_t op_trial_extend(struct world *w)
{
    return afina_trial_extend(w->running, w->part);
}

static int32_t op_number_extend(struct world *w)
{
    return afina_extend(w->optimizer, afina_trial_number(w->running), w->part);
}

static int32_t op_unused(struct world *w)
{
    static const char *const names[] = {"x", "k"};
    return afina_trial_tell_unused(w->running, names, 2);
}

static int32_t op_ask(struct world *w)
{
    afina_trial *trial = NULL;
    int32_t rc = afina_ask(w->optimizer, &trial);
    afina_trial_free(trial);
    return rc;
}

static int32_t op_enqueue(struct world *w)
{
    return afina_enqueue(w->optimizer, w->point);
}

static int32_t op_column(struct world *w)
{
    double z[8];
    size_t n;
    return afina_column_reals(w->optimizer, "v", 0, z, 8, &n);
}

static int32_t op_predict(struct world *w)
{
    double mean, sd;
    return afina_model_predict(w->optimizer, 0, w->point, &mean, &sd);
}

static int32_t op_final(struct world *w)
{
    afina_final *final = NULL;
    int32_t rc = afina_final_new(&final, w->optimizer, 0.95, 0.25);
    afina_final_free(final);
    return rc;
}

static int32_t op_declared(struct world *w)
{
    afina_space *space = NULL;
    int32_t rc = afina_optimizer_get_declared_space(w->optimizer, &space);
    afina_space_free(space);
    return rc;
}

static int32_t op_read(struct world *w)
{
    afina_optimizer *o = NULL;
    int32_t rc = afina_optimizer_from_log(&o, w->whole, strlen(w->whole));
    afina_optimizer_free(o);
    return rc;
}

/* The lines behind the first one are taken back, and taken in again. */
static int32_t op_append(struct world *w)
{
    const char *lines = strchr(w->whole, '\n') + 1;
    afina_optimizer *o = NULL;
    int32_t rc = afina_optimizer_from_log(&o, w->whole, (size_t)(lines - w->whole));
    if (!rc)
        rc = afina_log_append(o, 1, lines, strlen(lines), NULL);
    afina_optimizer_free(o);
    return rc;
}

static int32_t allow(const afina_point *point, void *user)
{
    (void)point;
    (void)user;
    return 1;
}

/* Of a log with a filter, read without. */
static int32_t op_filter(struct world *w)
{
    afina_optimizer *o = NULL;
    char *text = strdup(w->whole), *needs = strstr(text, "\"needs\":[]");
    size_t head = (size_t)(needs - text) + 9;
    char *log = malloc(strlen(text) + 16);
    memcpy(log, text, head);
    strcpy(log + head, "\"filter\"");
    strcat(log, text + head);
    int32_t rc = afina_optimizer_from_log(&o, log, strlen(log));
    if (!rc)
        rc = afina_optimizer_set_filter(o, allow, NULL, NULL);
    afina_optimizer_free(o);
    free(text);
    free(log);
    return rc;
}

static const struct {
    const char *name;
    int32_t (*run)(struct world *w);
} operations[] = {{"extend", op_extend},
                  {"trial extend", op_trial_extend},
                  {"number extend", op_number_extend},
                  {"unused", op_unused},
                  {"ask", op_ask},
                  {"enqueue", op_enqueue},
                  {"column", op_column},
                  {"predict", op_predict},
                  {"final", op_final},
                  {"declared", op_declared},
                  {"read", op_read},
                  {"append", op_append},
                  {"filter", op_filter}};

/* 0 when the operation makes fewer than n allocations. */
static int fail_nth(size_t i, uint64_t n)
{
    struct world w;
    int64_t live = mem_fault_live(), differs;
    make_world(&w);
    mem_fault_once(n);
    int32_t rc = operations[i].run(&w);
    mem_fault_off();
    int hit = mem_fault_hit() > 0;
    if (rc != AFINA_OK && !(hit && rc == AFINA_E_MEMORY))
        fail_msg("%s: %d when allocation %d failed: %s", operations[i].name, (int)rc, (int)n, afina_last_error());
    if (rc) {
        char *after = log_of(w.optimizer);
        assert_string_equal(afina_last_error(), "out of memory");
        assert_string_equal(w.whole, after);
        free(after);
        OK(operations[i].run(&w));
    }
    OK(afina_optimizer_replay(w.optimizer, &differs));
    free_world(&w);
    if (mem_fault_live() != live)
        fail_msg("%s: blocks lost when allocation %d failed", operations[i].name, (int)n);
    return hit;
}

static void test_every_operation_on_a_grown_study_survives(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++) {
        uint64_t n = 1;
        while (fail_nth(i, n))
            n++;
        print_message("%s: %d allocations\n", operations[i].name, (int)n - 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_operation_on_a_grown_study_survives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
