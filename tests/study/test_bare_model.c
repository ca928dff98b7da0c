/* Questions to a model that has no more than it must: what is missing is named. */
#include "core/fail.h"
#include "study/question.h"
#include "surrogate/surrogate.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define OK(call) assert_int_equal(call, 0)

#define LACKS(call, what)                                                                                              \
    do {                                                                                                               \
        assert_int_equal(call, AFINA_E_UNSUPPORTED);                                                                   \
        assert_string_equal(fail_text(), "the model of method \"bare\" has no " what);                                 \
    } while (0)

/* The loss is normal about x, deviation 0.25. */
static void predict(void *model, const double *x, double *mean, double *sd)
{
    (void)model;
    *mean = x[0];
    *sd = 0.25;
}

/* Not symmetric, so that a wrong tail shows. */
static double quantile(void *model, const double *x, double p)
{
    (void)model;
    return x[0] + p * p;
}

static void level(void *model, const double *x, size_t n, double *out)
{
    (void)model;
    memcpy(out, x, n * sizeof *x);
}

static int32_t model(void *state, struct surrogate *out)
{
    static const struct surrogate_functions functions = {.predict = predict, .quantile = quantile, .level = level};
    *out = (struct surrogate){.functions = &functions, .model = state};
    return 0;
}

static int32_t init(void *state, const struct method_context *context)
{
    (void)state;
    (void)context;
    return 0;
}

static int32_t observe(void *state, const struct observation *observation)
{
    (void)state;
    (void)observation;
    return 0;
}

static void fini(void *state)
{
    (void)state;
}

static const struct method bare = {
    .name = "bare",
    .summary = "a model and nothing else",
    .state_size = 1,
    .init = init,
    .observe = observe,
    .fini = fini,
    .model = model,
};

/* One parameter in [0, 1] and one result. */
static struct study *open_study(const char *direction, struct point **point)
{
    struct space *space, *snapshot;
    struct study *study;
    struct trial *trial;
    double value = 1;
    OK(space_new(&space));
    OK(space_add_real(space, "x", 0, 1, AFINA_SCALE_LINEAR));
    OK(space_snapshot(&snapshot, space));
    OK(study_new(&study, snapshot, &bare));
    OK(study_set_string(study, "direction", direction));
    OK(point_new(point, snapshot));
    space_default(snapshot, *point);
    const struct afina_point at = {.space = snapshot, .point = *point};
    OK(study_add(study, &at, AFINA_STATE_COMPLETE, &value, 1, &trial));
    space_release(snapshot);
    space_free(space);
    return study;
}

static void close_study(struct study *study, struct point *point)
{
    point_free(point);
    study_release(study);
}

static void test_what_it_has_is_answered_in_either_direction(void **state)
{
    (void)state;
    for (int most = 0; most < 2; most++) {
        struct point *point;
        struct study *study = open_study(most ? "maximise" : "minimise", &point);
        const struct afina_point at = {.space = study->space, .point = point};
        double mean, sd, value, share;
        OK(study_predict(study, 0, &at, &mean, &sd));
        assert_true(mean == (most ? -0.5 : 0.5) && sd == 0.25);
        OK(study_predict_quantile(study, 0, &at, 0.25, &value));
        assert_true(value == (most ? -(0.5 + 0.75 * 0.75) : 0.5 + 0.25 * 0.25));
        OK(study_importances(study, 0, study->space, &share));
        assert_true(share == 1);
        close_study(study, point);
    }
}

static void test_what_it_lacks_is_named(void **state)
{
    (void)state;
    struct point *point;
    struct study *study = open_study("minimise", &point);
    const struct afina_point at = {.space = study->space, .point = point};
    const struct point *points[1] = {point};
    struct surrogate_fold *folds;
    double value;
    size_t count;
    int64_t fallbacks;
    LACKS(study_predict_noise(study, 0, &at, &value), "noise");
    LACKS(study_draw(study, 0, study->space, points, 1, 1, 0, &value), "joint distribution");
    LACKS(study_length_scale(study, 0, study->space->parameters, &value), "length scales");
    LACKS(study_leave_one_out(study, 0, &folds, &count), "leave-one-out errors");
    LACKS(study_model_fallbacks(study, &fallbacks), "counter of fallbacks");
    assert_null(folds);
    close_study(study, point);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_it_has_is_answered_in_either_direction),
        cmocka_unit_test(test_what_it_lacks_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
