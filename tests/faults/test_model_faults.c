/* Questions to the model whose n-th allocation fails: an error, nothing leaked, the
 * results untouched, and the next question and the next ask answer as ever. */
#include "support/mem_fault.h"
#include "support/small_study.h"

#include <math.h>

enum { TRIALS = 9 };

struct answer {
    double value[4];
    size_t count;
};

typedef int32_t (*question)(afina_optimizer *optimizer, const afina_point *point, struct answer *answer);

static int32_t ask_mean(afina_optimizer *optimizer, const afina_point *point, struct answer *answer)
{
    return afina_model_predict(optimizer, 0, point, &answer->value[0], &answer->value[1]);
}

static int32_t ask_quantile(afina_optimizer *optimizer, const afina_point *point, struct answer *answer)
{
    return afina_model_quantile(optimizer, 0, point, 0.385, &answer->value[0]);
}

static int32_t ask_noise(afina_optimizer *optimizer, const afina_point *point, struct answer *answer)
{
    return afina_model_noise(optimizer, 0, point, &answer->value[0]);
}

static int32_t ask_draws(afina_optimizer *optimizer, const afina_point *point, struct answer *answer)
{
    const afina_point *points[2] = {point, point};
    return afina_model_draws(optimizer, 0, points, 2, 2, 7, answer->value, 4, &answer->count);
}

static int32_t ask_length_scale(afina_optimizer *optimizer, const afina_point *point, struct answer *answer)
{
    (void)point;
    return afina_model_length_scale(optimizer, 0, "x", &answer->value[0]);
}

static int32_t ask_importances(afina_optimizer *optimizer, const afina_point *point, struct answer *answer)
{
    (void)point;
    return afina_model_importances(optimizer, 0, answer->value, 4, &answer->count);
}

static int32_t ask_leave_one_out(afina_optimizer *optimizer, const afina_point *point, struct answer *answer)
{
    (void)point;
    return afina_model_leave_one_out(optimizer, 0, NULL, answer->value, NULL, NULL, 4, &answer->count);
}

static int32_t ask_best(afina_optimizer *optimizer, const afina_point *point, struct answer *answer)
{
    afina_trial *trial;
    (void)point;
    int32_t rc = afina_model_best(optimizer, 0, &trial);
    if (!rc)
        answer->count = (size_t)afina_trial_number(trial);
    afina_trial_free(trial);
    return rc;
}

static int32_t ask_optima(afina_optimizer *optimizer, const afina_point *point, struct answer *answer)
{
    afina_point *points[3];
    (void)point;
    int32_t rc = afina_model_optima(optimizer, 0, 3, 7, points);
    for (size_t i = 0; i < 3; i++) {
        if (rc)
            assert_null(points[i]);
        else
            OK(afina_point_get_real(points[i], "x", &answer->value[i]));
        afina_point_free(points[i]);
    }
    return rc;
}

static int32_t ask_range(afina_optimizer *optimizer, const afina_point *point, struct answer *answer)
{
    (void)point;
    return afina_model_range(optimizer, 0, "x", 0.5, 7, &answer->value[0], &answer->value[1]);
}

static int32_t ask_choice_shares(afina_optimizer *optimizer, const afina_point *point, struct answer *answer)
{
    (void)point;
    return afina_model_choice_shares(optimizer, 0, "k", 7, answer->value, 4, &answer->count);
}

static int32_t ask_simplify(afina_optimizer *optimizer, const afina_point *point, struct answer *answer)
{
    afina_point *simple;
    int32_t rc = afina_model_simplify(optimizer, 0, point, &simple);
    if (rc)
        assert_null(simple);
    else
        OK(afina_point_get_real(simple, "x", &answer->value[0]));
    afina_point_free(simple);
    return rc;
}

static int32_t ask_regret(afina_optimizer *optimizer, const afina_point *point, struct answer *answer)
{
    (void)point;
    return afina_model_regret(optimizer, 0, &answer->value[0], &answer->value[1]);
}

static const question questions[] = {ask_mean,        ask_quantile,      ask_noise, ask_draws,   ask_length_scale,
                                     ask_importances, ask_leave_one_out, ask_best,  ask_simplify};

/* They make a point for every place at which the model is asked: of that many allocations in a row not all fail. */
static const question long_questions[] = {ask_optima, ask_range, ask_choice_shares, ask_regret};

/* Results from elsewhere alone: the method's state is made by the question. */
static afina_optimizer *added_study(void)
{
    afina_optimizer *optimizer = small_optimizer("gp");
    afina_space *space = small_space();
    afina_point *point;
    OK(afina_point_new(&point, space));
    for (int i = 0; i < TRIALS; i++) {
        double value = sin(i);
        OK(afina_point_set_real(point, "x", i));
        OK(afina_add_trial(optimizer, point, AFINA_STATE_COMPLETE, &value, 1, NULL));
    }
    afina_point_free(point);
    afina_space_free(space);
    return optimizer;
}

static double next_x(afina_optimizer *optimizer)
{
    afina_trial *trial;
    double x;
    OK(afina_ask(optimizer, &trial));
    OK(afina_point_get_real(afina_trial_point(trial), "x", &x));
    afina_trial_free(trial);
    return x;
}

/* The allocation that fails after the n-th, of `count`: of few each one, of many twice as many and then the last five.
 */
static uint64_t next_fault(uint64_t n, uint64_t count)
{
    uint64_t tail = count - 5;
    return count < 1000 || n >= tail ? n + 1 : 2 * n < tail ? 2 * n : tail;
}

static void put_with_faults(question put, void (*inject)(uint64_t n))
{
    afina_space *space = small_space();
    afina_point *point;
    struct answer want = {{0}, 0};
    OK(afina_point_new(&point, space));
    afina_optimizer *optimizer = added_study();
    uint64_t count = mem_fault_count();
    OK(put(optimizer, point, &want));
    count = mem_fault_count() - count;
    double want_x = next_x(optimizer);
    afina_optimizer_free(optimizer);
    for (uint64_t n = 1;; n = next_fault(n, count)) {
        int64_t live = mem_fault_live();
        struct answer got = {{0}, 0};
        optimizer = added_study();
        inject(n);
        int32_t rc = put(optimizer, point, &got);
        mem_fault_off();
        int hit = mem_fault_hit() > 0;
        if (rc != AFINA_OK) {
            assert_int_equal(rc, AFINA_E_MEMORY);
            OK(put(optimizer, point, &got));
        }
        assert_memory_equal(&got, &want, sizeof got);
        assert_true(next_x(optimizer) == want_x);
        afina_optimizer_free(optimizer);
        assert_int_equal(mem_fault_live(), live);
        if (!hit)
            break;
        assert_true(n < 10000);
    }
    afina_point_free(point);
    afina_space_free(space);
}

static void test_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++)
        put_with_faults(questions[i], mem_fault_once);
    for (size_t i = 0; i < sizeof long_questions / sizeof long_questions[0]; i++)
        put_with_faults(long_questions[i], mem_fault_once);
}

static void test_for_ever(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++)
        put_with_faults(questions[i], mem_fault_from);
    put_with_faults(long_questions[0], mem_fault_from);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_once),
        cmocka_unit_test(test_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
