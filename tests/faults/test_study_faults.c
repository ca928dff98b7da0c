/* A study with a scheduler and a stopper when an allocation fails: the call that fails says AFINA_E_MEMORY and changes
 * nothing, so that the same call again gives the study that no failure would have given. */
#include "support/mem_fault.h"
#include "support/search_study.h"

enum { TRIALS = 14, WORKERS = 2, FULL = 9 };

struct kind {
    const char *method, *scheduler, *stopper;
    int replicates, lag;
};
static const struct kind KINDS[] = {{"random", "hyperband", "median", 1, 0}, {"tpe", "asha", "rungs", 1, 2},
                                    {"tpe", "adaptive", "curve", 1, 0},      {"random", "pbt", "patience", 1, 0},
                                    {"tpe", "race", "wilcoxon", 3, 0},       {"random", "halving", "curve", 1, 2},
                                    {"random", "rejects", "threshold", 3, 0}};

/* A call is made again when it failed for want of memory; the failure itself is checked. */
static int32_t failures;
#define RETRY(call)                                                                                                    \
    do {                                                                                                               \
        int32_t rc_ = call;                                                                                            \
        if (rc_ == AFINA_E_MEMORY) {                                                                                   \
            failures++;                                                                                                \
            rc_ = call;                                                                                                \
        }                                                                                                              \
        if (rc_ < 0)                                                                                                   \
            fail_msg("%s: %s", #call, afina_last_error());                                                             \
    } while (0)

static afina_optimizer *open_study(const struct kind *kind)
{
    afina_space *space = cube_space(2);
    afina_optimizer *o;
    OK(afina_optimizer_new(&o, space, kind->method));
    OK(afina_optimizer_set_string(o, "scheduler", kind->scheduler));
    OK(afina_optimizer_set_string(o, "stopper", kind->stopper));
    OK(afina_optimizer_set_integer(o, "times", 0));
    OK(afina_optimizer_set_integer(o, "lag", kind->lag));
    OK(afina_optimizer_set_integer(o, "replicates", kind->replicates));
    OK(afina_optimizer_set_integer(o, "halving.arms", 4));
    OK(afina_optimizer_set_integer(o, "pbt.population", 3));
    OK(afina_optimizer_set_real(o, "budget_min", 1));
    OK(afina_optimizer_set_real(o, "budget_max", FULL));
    OK(afina_optimizer_set_real(o, "budget_total", 150));
    afina_space_free(space);
    return o;
}

static void evaluate(afina_optimizer *o, afina_trial *trial)
{
    const afina_point *point = afina_trial_point(trial);
    int64_t number = afina_trial_number(trial);
    double start, budget, value = 0, x = real(point, "x0"), y = real(point, "x1");
    int32_t stop = 0;
    OK(afina_trial_start(trial, &start));
    OK(afina_trial_budget(trial, &budget));
    for (int step = 1; step <= budget && !stop; step++) {
        value = x * x + y * y + (0.2 + x) / step;
        if (step <= start)
            continue;
        RETRY(afina_trial_tell_report(trial, step, &value, 1));
        RETRY(afina_trial_should_stop(trial, &stop));
    }
    RETRY(afina_tell_checkpoint(o, number, "file"));
    if (number % 7 == 5)
        RETRY(afina_tell_lost(o, number, NULL));
    else if (stop)
        RETRY(afina_tell_stopped(o, number));
    else
        RETRY(afina_tell(o, number, &value, 1));
}

static void question(afina_optimizer *o)
{
    afina_final *final = NULL;
    afina_trial *best = NULL;
    int64_t numbers[TRIALS], differs, arm;
    int32_t decided;
    double gap;
    size_t count;
    int32_t rc = afina_final_new(&final, o, 0.9, 0.25);
    if (rc == AFINA_E_MEMORY) {
        failures++;
        assert_null(final);
        rc = afina_final_new(&final, o, 0.9, 0.25);
    }
    assert_true(rc == AFINA_OK || rc == AFINA_E_NOT_FOUND);
    afina_final_free(final);
    if (rc == AFINA_OK)
        RETRY(afina_best(o, &best));
    afina_trial_free(best);
    RETRY(afina_stale_checkpoints(o, numbers, TRIALS, &count));
    rc = afina_conclusion(o, &arm, &decided, &gap);
    failures += rc == AFINA_E_MEMORY;
    RETRY(afina_optimizer_replay(o, &differs));
}

/* The whole life of a study, of which the log is left. */
static char *live(const struct kind *kind, void (*fault)(uint64_t), uint64_t n)
{
    afina_optimizer *o = open_study(kind);
    afina_trial *running[WORKERS];
    failures = 0;
    fault(n);
    for (int i = 0; i < TRIALS / WORKERS; i++) {
        int asked = 0;
        for (; asked < WORKERS; asked++) {
            int32_t rc = afina_ask(o, &running[asked]);
            if (rc == AFINA_E_MEMORY) {
                failures++;
                rc = afina_ask(o, &running[asked]);
            }
            if (rc == AFINA_WAIT || rc == AFINA_DONE)
                break;
            OK(rc);
        }
        for (int k = 0; k < asked; k++) {
            evaluate(o, running[k]);
            afina_trial_free(running[k]);
        }
    }
    question(o);
    mem_fault_off();
    char *text = log_of(o);
    afina_optimizer_free(o);
    return text;
}

static void no_fault(uint64_t n)
{
    (void)n;
    mem_fault_off();
}

static void test_what_failed_is_done_again(void **state)
{
    (void)state;
    uint64_t stride = getenv("AFINA_TEST_QUICK") ? 7 : 1;
    for (size_t i = 0; i < LENGTH(KINDS); i++) {
        int64_t failed = 0;
        char *expected = live(&KINDS[i], no_fault, 0);
        assert_non_null(strstr(expected, "\"told\""));
        for (uint64_t n = 1;; n += stride) {
            int64_t before = mem_fault_live();
            char *text = live(&KINDS[i], mem_fault_once, n);
            if (strcmp(text, expected) != 0)
                fail_msg("%s, allocation %llu: another log", KINDS[i].scheduler, (unsigned long long)n);
            free(text);
            assert_int_equal(mem_fault_live(), before);
            failed += failures;
            if (!mem_fault_hit())
                break;
        }
        assert_true(failed > 0);
        free(expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_failed_is_done_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
