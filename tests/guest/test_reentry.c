/* A function of the host that calls the library, about the optimizer that calls it. Every call has one of the answers
 * below; none hangs (SIGALRM ends the program), and the study goes on. */
#define _GNU_SOURCE /* alarm */
#include "support/small_study.h"

#include <stdio.h>
#include <unistd.h>

enum { PATIENCE = 300 };

/* --------------------------------------------------------------- what is called */

struct visit {
    afina_optimizer *optimizer;
    int32_t (*call)(afina_optimizer *optimizer);
    int32_t answer;
    int calls;
};

static int32_t asks(afina_optimizer *o)
{
    afina_trial *trial;
    int32_t rc = afina_ask(o, &trial);
    afina_trial_free(trial);
    return rc;
}

static int32_t waits(afina_optimizer *o)
{
    afina_trial *trial;
    int32_t rc = afina_ask_wait(o, 0, &trial);
    afina_trial_free(trial);
    return rc;
}

static int32_t with_a_point(afina_optimizer *o, int32_t (*call)(afina_optimizer *, afina_point *))
{
    afina_space *space;
    afina_point *point;
    OK(afina_optimizer_get_space(o, &space));
    OK(afina_point_new(&point, space));
    int32_t rc = call(o, point);
    afina_point_free(point);
    afina_space_free(space);
    return rc;
}

static int32_t start(afina_optimizer *o, afina_point *point)
{
    afina_trial *trial;
    int32_t rc = afina_start(o, point, &trial);
    afina_trial_free(trial);
    return rc;
}

static int32_t starts(afina_optimizer *o)
{
    return with_a_point(o, start);
}

static int32_t add(afina_optimizer *o, afina_point *point)
{
    return afina_add_trial(o, point, AFINA_STATE_FAILED, NULL, 0, NULL);
}

static int32_t adds(afina_optimizer *o)
{
    return with_a_point(o, add);
}

static int32_t enqueue(afina_optimizer *o, afina_point *point)
{
    return afina_enqueue(o, point);
}

static int32_t enqueues(afina_optimizer *o)
{
    return with_a_point(o, enqueue);
}

static int32_t predict(afina_optimizer *o, afina_point *point)
{
    double mean, sd;
    return afina_model_predict(o, 0, point, &mean, &sd);
}

static int32_t predicts(afina_optimizer *o)
{
    return with_a_point(o, predict);
}

static int32_t quiet(afina_trial *trial, double *values, void *user)
{
    (void)user;
    values[0] = small_value(afina_trial_point(trial));
    return AFINA_OK;
}

static int32_t optimizes(afina_optimizer *o)
{
    return afina_optimize(o, quiet, NULL, 1);
}

static int32_t ends_at_once(afina_trial *trial, int64_t index, double *step, double *values, double *seconds,
                            void *user)
{
    (void)trial;
    (void)index;
    (void)user;
    *step = *seconds = values[0] = 1;
    return AFINA_DONE;
}

static int32_t simulates(afina_optimizer *o)
{
    return afina_simulate(o, ends_at_once, NULL, 1, 1, NULL, NULL);
}

static int32_t replays(afina_optimizer *o)
{
    int64_t number;
    return afina_optimizer_replay(o, &number);
}

static int32_t rewinds(afina_optimizer *o)
{
    int64_t lines;
    OK(afina_log_length(o, &lines));
    return afina_log_rewind(o, lines);
}

static int32_t appends(afina_optimizer *o)
{
    int64_t lines, next;
    OK(afina_log_length(o, &lines));
    return afina_log_append(o, lines, "{\"event\":\"attribute\",\"key\":\"a\",\"text\":\"b\"}\n", 43, &next);
}

static int32_t sums_up(afina_optimizer *o)
{
    afina_final *final;
    int32_t rc = afina_final_new(&final, o, 0.9, 0);
    afina_final_free(final);
    return rc;
}

static int32_t cleans_up(afina_optimizer *o)
{
    int64_t number;
    size_t count;
    return afina_stale_checkpoints(o, &number, 1, &count);
}

static int32_t tells(afina_optimizer *o)
{
    return afina_tell_attribute(o, 0, "key", "text");
}

static int32_t reads(afina_optimizer *o)
{
    char *text = log_of(o);
    double spent;
    free(text);
    return afina_optimizer_cost(o, &spent, NULL);
}

static int32_t finds_the_best(afina_optimizer *o)
{
    afina_trial *best;
    int32_t rc = afina_best(o, &best);
    afina_trial_free(best);
    return rc;
}

static int32_t sets_an_option(afina_optimizer *o)
{
    return afina_optimizer_set_real(o, "seconds", 1000);
}

static int32_t sets_a_fixed_option(afina_optimizer *o)
{
    return afina_optimizer_set_integer(o, "seed", 7);
}

static int32_t takes_the_messages(afina_optimizer *o)
{
    return afina_optimizer_set_message(o, NULL, NULL, NULL);
}

static int32_t rehearses(afina_optimizer *o)
{
    afina_dry_run *run;
    int32_t rc = afina_dry_run_new(&run, o, quiet, NULL);
    afina_dry_run_free(run);
    return rc;
}

static int32_t cancels(afina_optimizer *o)
{
    return afina_cancel(o);
}

/* What each answers in a filter, and in the objective, the observer and the message function. A filter is called while
 * its optimizer looks for a point: it may tell and read, but ask for nothing that needs the next turn. */
static const struct {
    const char *name;
    int32_t (*call)(afina_optimizer *optimizer);
    int32_t in_filter, elsewhere;
} calls[] = {
    {"afina_ask", asks, AFINA_E_BUSY, AFINA_OK},
    {"afina_ask_wait", waits, AFINA_E_BUSY, AFINA_OK},
    {"afina_start", starts, AFINA_E_BUSY, AFINA_OK},
    {"afina_add_trial", adds, AFINA_E_BUSY, AFINA_OK},
    {"afina_enqueue", enqueues, AFINA_OK, AFINA_OK},
    {"afina_model_predict", predicts, AFINA_E_BUSY, AFINA_OK},
    {"afina_optimize", optimizes, AFINA_E_BUSY, AFINA_OK},
    {"afina_simulate", simulates, AFINA_E_BUSY, AFINA_OK},
    {"afina_optimizer_replay", replays, AFINA_E_BUSY, AFINA_OK},
    {"afina_log_rewind", rewinds, AFINA_E_BUSY, AFINA_OK},
    {"afina_log_append", appends, AFINA_E_BUSY, AFINA_OK},
    {"afina_final_new", sums_up, AFINA_E_BUSY, AFINA_OK},
    {"afina_stale_checkpoints", cleans_up, AFINA_E_BUSY, AFINA_OK},
    {"afina_tell_attribute", tells, AFINA_OK, AFINA_OK},
    {"afina_optimizer_to_log", reads, AFINA_OK, AFINA_OK},
    {"afina_best", finds_the_best, AFINA_OK, AFINA_OK},
    {"afina_optimizer_set_real", sets_an_option, AFINA_OK, AFINA_OK},
    {"afina_optimizer_set_integer", sets_a_fixed_option, AFINA_E_STATE, AFINA_E_STATE},
    {"afina_optimizer_set_message", takes_the_messages, AFINA_OK, AFINA_OK},
    {"afina_dry_run_new", rehearses, AFINA_OK, AFINA_OK},
    {"afina_cancel", cancels, AFINA_OK, AFINA_OK},
};

enum { CALLS = sizeof calls / sizeof *calls };

/* ------------------------------------------------------------ who calls: once */

static void visit(void *user)
{
    struct visit *v = user;
    if (v->calls++ == 0)
        v->answer = v->call(v->optimizer);
}

static int32_t visiting_objective(afina_trial *trial, double *values, void *user)
{
    visit(user);
    values[0] = small_value(afina_trial_point(trial));
    return AFINA_OK;
}

static int32_t visiting_filter(const afina_point *point, void *user)
{
    (void)point;
    visit(user);
    return 1;
}

static int32_t visiting_observer(int32_t event, afina_trial *trial, int64_t report, void *user)
{
    (void)event;
    (void)trial;
    (void)report;
    visit(user);
    return AFINA_OK;
}

static int32_t visiting_message(int32_t level, const char *text, void *user)
{
    (void)level;
    (void)text;
    visit(user);
    return AFINA_OK;
}

static int32_t no_visit(const afina_point *point, void *user)
{
    (void)point;
    (void)user;
    return 1;
}

/* A study of gp with a model, by its log: a filter can be set on the handle, which has suggested nothing. */
static afina_optimizer *learned(void)
{
    static char *text;
    static const int TRIALS = 12;
    afina_optimizer *o;
    if (!text) {
        o = small_optimizer("gp");
        OK(afina_optimizer_set_filter(o, no_visit, NULL, NULL));
        for (int i = 0; i < TRIALS; i++)
            small_step(o);
        text = log_of(o);
        afina_optimizer_free(o);
    }
    OK(afina_optimizer_from_log(&o, text, strlen(text)));
    return o;
}

enum where { IN_OBJECTIVE, IN_FILTER, IN_OBSERVER, IN_MESSAGE };

static void go_on(struct visit *v)
{
    OK(afina_optimizer_set_message(v->optimizer, NULL, NULL, NULL));
    OK(afina_optimizer_set_observer(v->optimizer, NULL, NULL, NULL));
    int32_t rc = afina_optimize(v->optimizer, quiet, NULL, 1);
    assert_true(rc == AFINA_OK || rc == AFINA_CANCELLED);
    small_step(v->optimizer);
}

static void visit_from(enum where where, const char *name, int32_t (*call)(afina_optimizer *), int32_t expected)
{
    struct visit v = {.optimizer = learned(), .call = call};
    OK(afina_optimizer_set_filter(v.optimizer, where == IN_FILTER ? visiting_filter : no_visit, &v, NULL));
    if (where == IN_OBSERVER)
        OK(afina_optimizer_set_observer(v.optimizer, visiting_observer, &v, NULL));
    if (where == IN_MESSAGE)
        OK(afina_optimizer_set_message(v.optimizer, visiting_message, &v, NULL));
    int32_t rc = afina_optimize(v.optimizer, where == IN_OBJECTIVE ? visiting_objective : quiet, &v, 1);
    assert_true(rc == AFINA_OK || rc == AFINA_CANCELLED);
    assert_true(v.calls > 0);
    if (v.answer != expected)
        fail_msg("%s() answered %s, not %s: %s", name, afina_status_name(v.answer), afina_status_name(expected),
                 afina_last_error());
    go_on(&v);
    afina_optimizer_free(v.optimizer);
}

static void visit_all_from(enum where where)
{
    alarm(PATIENCE);
    for (size_t i = 0; i < CALLS; i++)
        visit_from(where, calls[i].name, calls[i].call, where == IN_FILTER ? calls[i].in_filter : calls[i].elsewhere);
    alarm(0);
}

static void test_an_objective_may_call(void **state)
{
    (void)state;
    visit_all_from(IN_OBJECTIVE);
}

static void test_a_filter_may_call_what_takes_no_turn(void **state)
{
    (void)state;
    visit_all_from(IN_FILTER);
}

static void test_an_observer_may_call(void **state)
{
    (void)state;
    visit_all_from(IN_OBSERVER);
}

static void test_a_message_function_may_call(void **state)
{
    (void)state;
    visit_all_from(IN_MESSAGE);
}

/* ----------------------------------------------------------------------- free */

static int32_t frees(afina_optimizer *o)
{
    afina_optimizer_free(o);
    return AFINA_OK;
}

/* The call that runs ends with an error that says so; the handle is gone. */
static void free_from(enum where where)
{
    struct visit v = {.optimizer = learned(), .call = frees};
    OK(afina_optimizer_set_filter(v.optimizer, where == IN_FILTER ? visiting_filter : no_visit, &v, NULL));
    if (where == IN_OBSERVER)
        OK(afina_optimizer_set_observer(v.optimizer, visiting_observer, &v, NULL));
    if (where == IN_MESSAGE)
        OK(afina_optimizer_set_message(v.optimizer, visiting_message, &v, NULL));
    FAILS(afina_optimize(v.optimizer, where == IN_OBJECTIVE ? visiting_objective : quiet, &v, 5), AFINA_E_STATE,
          "was freed");
}

static void test_every_function_of_the_host_may_free_the_optimizer(void **state)
{
    (void)state;
    alarm(PATIENCE);
    free_from(IN_OBJECTIVE);
    free_from(IN_OBSERVER);
    free_from(IN_MESSAGE);
    free_from(IN_FILTER);
    alarm(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_objective_may_call),
        cmocka_unit_test(test_a_filter_may_call_what_takes_no_turn),
        cmocka_unit_test(test_an_observer_may_call),
        cmocka_unit_test(test_a_message_function_may_call),
        cmocka_unit_test(test_every_function_of_the_host_may_free_the_optimizer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
