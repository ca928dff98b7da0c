#define _GNU_SOURCE /* mkdtemp */
/* A study in a store under failed allocations: the call is refused, and the study and its store are as they were.
 * SQLite has its own memory; tests/store/test_store_disk.c lets its disk fail. */
#include "support/mem_fault.h"
#include "support/store_folder.h"

struct world {
    struct folder folder;
    afina_optimizer *optimizer, *other; /* the other one wrote last */
};

static void make_world(struct world *w)
{
    w->folder = folder_new();
    w->optimizer = folder_open(&w->folder, "one", "tpe");
    OK(afina_optimizer_set_integer(w->optimizer, "synced", 0));
    small_step(w->optimizer);
    afina_trial *trial;
    OK(afina_ask(w->optimizer, &trial));
    afina_trial_free(trial);
    w->other = folder_open(&w->folder, "one", "tpe");
    OK(afina_optimizer_set_integer(w->other, "synced", 0));
    small_step(w->other);
}

static void free_world(struct world *w)
{
    afina_optimizer_free(w->optimizer);
    afina_optimizer_free(w->other);
    folder_free(&w->folder);
}

static int32_t op_open(struct world *w)
{
    afina_optimizer *o;
    int32_t rc = afina_optimizer_open(w->folder.url, "one", NULL, NULL, AFINA_OPEN_EXISTING, &o);
    afina_optimizer_free(o);
    return rc;
}

/* Of a new study, and its first line. */
static int32_t op_begin(struct world *w)
{
    afina_optimizer *o;
    afina_space *space = NULL;
    int32_t rc = afina_optimizer_get_space(w->optimizer, &space);
    if (!rc)
        rc = afina_optimizer_open(w->folder.url, "two", space, NULL, AFINA_OPEN_CREATE, &o);
    if (!rc) {
        rc = afina_optimizer_set_attribute(o, "k", "v");
        afina_optimizer_free(o);
    }
    afina_space_free(space);
    return rc;
}

static int32_t op_ask(struct world *w)
{
    afina_trial *trial;
    int32_t rc = afina_ask(w->optimizer, &trial);
    afina_trial_free(trial);
    return rc;
}

static int32_t op_tell(struct world *w)
{
    double value = 1;
    return afina_tell(w->optimizer, 1, &value, 1);
}

static int32_t op_add(struct world *w)
{
    afina_space *space = NULL;
    afina_point *point = NULL;
    double value = 1;
    int32_t rc = afina_optimizer_get_space(w->optimizer, &space);
    if (!rc)
        rc = afina_point_new(&point, space);
    if (!rc)
        rc = afina_add_trial(w->optimizer, point, AFINA_STATE_COMPLETE, &value, 1, NULL);
    afina_point_free(point);
    afina_space_free(space);
    return rc;
}

static int32_t op_refresh(struct world *w)
{
    return afina_optimizer_refresh(w->optimizer, 0, NULL);
}

static int32_t op_same_option(struct world *w)
{
    return afina_optimizer_set_string(w->optimizer, "direction", "minimise");
}

static int32_t op_list(struct world *w)
{
    char text[256];
    size_t length;
    return afina_store_list(w->folder.url, text, sizeof text, &length);
}

static int32_t op_delete(struct world *w)
{
    return afina_store_delete(w->folder.url, "one");
}

static const struct {
    const char *name;
    int32_t (*run)(struct world *w);
    int32_t is_last; /* nothing is left of the study */
} operations[] = {{"open", op_open, 0},          {"begin", op_begin, 0}, {"ask", op_ask, 0},
                  {"tell", op_tell, 0},          {"add", op_add, 0},     {"refresh", op_refresh, 0},
                  {"option", op_same_option, 0}, {"list", op_list, 0},   {"delete", op_delete, 1}};

/* Both handles know the same log, which is that of the file. */
static void check_same(struct world *w)
{
    OK(afina_optimizer_refresh(w->optimizer, 0, NULL));
    OK(afina_optimizer_refresh(w->other, 0, NULL));
    afina_optimizer *again = folder_open_as(&w->folder, "one", AFINA_OPEN_READ_ONLY);
    char *one = log_of(w->optimizer), *two = log_of(w->other), *three = log_of(again);
    assert_string_equal(one, two);
    assert_string_equal(one, three);
    free(one);
    free(two);
    free(three);
    afina_optimizer_free(again);
}

/* 0 when the operation makes fewer than n allocations. */
static int fail_nth(size_t i, uint64_t n)
{
    struct world w;
    int64_t live = mem_fault_live(), before, after;
    make_world(&w);
    OK(afina_log_length(w.other, &before));
    mem_fault_once(n);
    int32_t rc = operations[i].run(&w);
    mem_fault_off();
    int hit = mem_fault_hit() > 0;
    if (rc != AFINA_OK && !(hit && rc == AFINA_E_MEMORY))
        fail_msg("%s: %d when allocation %d failed: %s", operations[i].name, (int)rc, (int)n, afina_last_error());
    if (rc != AFINA_OK || !operations[i].is_last) {
        check_same(&w);
        OK(afina_log_length(w.other, &after));
        if (rc)
            assert_int_equal(after, before);
        if (rc)
            OK(operations[i].run(&w));
    }
    free_world(&w);
    if (mem_fault_live() != live)
        fail_msg("%s: allocation %d left %lld blocks", operations[i].name, (int)n,
                 (long long)(mem_fault_live() - live));
    return hit;
}

static void test_every_operation_survives(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++) {
        uint64_t n = 1;
        while (fail_nth(i, n))
            n++;
        assert_true(n > 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_operation_survives)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
