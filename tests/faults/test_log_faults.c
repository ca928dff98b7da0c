#define _POSIX_C_SOURCE 200809L /* strdup */
/* The log under failed allocations, and how much memory a trial takes. */
#include "support/mem_fault.h"
#include "support/small_study.h"

#include <stdio.h>

/* A study with trials of all kinds, and the lines of one that has gone on from it. */
struct world {
    afina_optimizer *optimizer;
    char *more;
    int64_t position; /* where they stand */
};

static void fill(afina_optimizer *o)
{
    afina_trial *trial;
    double value = 2.385;
    OK(afina_optimizer_set_attribute(o, "paper", "one"));
    for (int64_t i = 0; i < 4; i++) {
        OK(afina_ask(o, &trial));
        OK(afina_trial_tell_report(trial, 1, &value, 1));
        OK(afina_tell_checkpoint(o, i, "epoch 1"));
        OK(afina_tell_attribute(o, i, "k", "v"));
        if (i < 3)
            OK(i == 1 ? afina_tell_lost(o, i, "gone") : afina_tell(o, i, &value, 1));
        afina_trial_free(trial);
    }
}

static void make_world(struct world *w)
{
    afina_optimizer *other;
    w->optimizer = small_optimizer("tpe");
    fill(w->optimizer);
    OK(afina_log_length(w->optimizer, &w->position));
    char *text = log_of(w->optimizer);
    OK(afina_optimizer_from_log(&other, text, strlen(text)));
    OK(afina_optimizer_set_string(other, "worker", "another"));
    for (int i = 0; i < 3; i++)
        small_step(other);
    char *whole = log_of(other);
    w->more = strdup(whole + strlen(text));
    free(text);
    free(whole);
    afina_optimizer_free(other);
}

static void free_world(struct world *w)
{
    free(w->more);
    afina_optimizer_free(w->optimizer);
}

static int32_t op_lost(struct world *w)
{
    return afina_tell_lost(w->optimizer, 3, "gone");
}

static int32_t op_late(struct world *w)
{
    double value = 1;
    return afina_tell(w->optimizer, 1, &value, 1);
}

static int32_t op_checkpoint(struct world *w)
{
    return afina_tell_checkpoint(w->optimizer, 3, "epoch 2");
}

static int32_t op_attribute(struct world *w)
{
    return afina_tell_attribute(w->optimizer, 0, "k", "w");
}

static int32_t op_study_attribute(struct world *w)
{
    return afina_optimizer_set_attribute(w->optimizer, "k", "w");
}

static int32_t op_read(struct world *w)
{
    char text[1 << 14];
    size_t length;
    int64_t next;
    return afina_log_read(w->optimizer, 0, text, sizeof text, &length, &next);
}

static int32_t op_append(struct world *w)
{
    return afina_log_append(w->optimizer, w->position, w->more, strlen(w->more), NULL);
}

static int32_t op_rewind(struct world *w)
{
    int32_t rc = afina_log_rewind(w->optimizer, 4);
    return rc ? rc : afina_log_rewind(w->optimizer, 2);
}

static int32_t op_worker(struct world *w)
{
    afina_trial *trial = NULL;
    int32_t rc = afina_optimizer_set_string(w->optimizer, "worker", "a new one");
    if (!rc)
        rc = afina_ask(w->optimizer, &trial);
    afina_trial_free(trial);
    return rc;
}

static const struct {
    const char *name;
    int32_t (*run)(struct world *w);
} operations[] = {{"lost", op_lost},
                  {"late", op_late},
                  {"checkpoint", op_checkpoint},
                  {"attribute", op_attribute},
                  {"study attribute", op_study_attribute},
                  {"read", op_read},
                  {"append", op_append},
                  {"rewind", op_rewind},
                  {"worker", op_worker}};

/* 0 when the operation makes fewer than n allocations. */
static int fail_nth(size_t i, uint64_t n)
{
    struct world w;
    int64_t live = mem_fault_live();
    make_world(&w);
    char *before = log_of(w.optimizer);
    mem_fault_once(n);
    int32_t rc = operations[i].run(&w);
    mem_fault_off();
    int hit = mem_fault_hit() > 0;
    if (rc != AFINA_OK && !(hit && rc == AFINA_E_MEMORY))
        fail_msg("%s: %d when allocation %d failed: %s", operations[i].name, (int)rc, (int)n, afina_last_error());
    if (rc) {
        char *after = log_of(w.optimizer);
        assert_string_equal(afina_last_error(), "out of memory");
        assert_string_equal(before, after);
        free(after);
        OK(operations[i].run(&w));
    }
    int64_t differs;
    OK(afina_optimizer_replay(w.optimizer, &differs));
    free(before);
    free_world(&w);
    if (mem_fault_live() != live)
        fail_msg("%s: blocks lost when allocation %d failed", operations[i].name, (int)n);
    return hit;
}

static void test_every_operation_on_the_log_survives(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++)
        for (uint64_t n = 1; fail_nth(i, n);)
            n++;
}

enum { TRIALS = 100000, PARAMETERS = 10 };

/* At most 200 bytes beside the data of a trial: ten numbers with their flags, and a value. */
static void test_a_trial_takes_few_bytes_beside_its_data(void **state)
{
    (void)state;
    enum { DATA = PARAMETERS * 9 + 8 };
    afina_space *space;
    afina_optimizer *o;
    afina_trial *trial;
    OK(afina_space_new(&space));
    for (int i = 0; i < PARAMETERS; i++) {
        char name[24];
        snprintf(name, sizeof name, "x%d", i);
        OK(afina_space_add_real(space, name, 0, 1, AFINA_SCALE_LINEAR));
    }
    OK(afina_optimizer_new(&o, space, "random"));
    int64_t before = mem_fault_held();
    for (int64_t i = 0; i < TRIALS; i++) {
        double value = (double)i;
        OK(afina_ask(o, &trial));
        OK(afina_tell(o, i, &value, 1));
        afina_trial_free(trial);
    }
    double each = (double)(mem_fault_held() - before) / TRIALS;
    print_message("%.1f bytes a trial, %d of them data\n", each, (int)DATA);
    assert_true(each <= DATA + 200);
    afina_optimizer_free(o);
    afina_space_free(space);
}

/* The bytes that reading the last line of a study of `trials` trials asks for. */
static uint64_t bytes_of_tail(int trials)
{
    afina_optimizer *o = small_optimizer("random");
    char text[2000];
    size_t length;
    int64_t lines, next;
    for (int i = 0; i < trials; i++)
        small_step(o);
    OK(afina_log_length(o, &lines));
    uint64_t before = mem_fault_bytes();
    OK(afina_log_read(o, lines - 1, text, sizeof text, &length, &next));
    uint64_t bytes = mem_fault_bytes() - before;
    afina_optimizer_free(o);
    return bytes;
}

static void test_a_tail_costs_what_is_new(void **state)
{
    (void)state;
    uint64_t few = bytes_of_tail(10), many = bytes_of_tail(3000);
    assert_true(many <= few + 64);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_operation_on_the_log_survives),
        cmocka_unit_test(test_a_tail_costs_what_is_new),
        cmocka_unit_test(test_a_trial_takes_few_bytes_beside_its_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
