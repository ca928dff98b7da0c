/* What a method is shown of trials from before the space grew, and of parameters that a trial does not use. */
#include "core/fail.h" /* before cmocka, which has a macro of that name */

#include "core/mem.h"
#include "study/era.h"
#include "support/small_study.h"

/* The observations since the method began anew. */
static struct {
    int32_t kind, origin;
    int64_t number;
    size_t size, note_size;
    unsigned char active[4];
    double value[4];
} seen[64];
static int n_seen;

static int32_t init(void *state, const struct method_context *context)
{
    *(const struct space **)state = context->space;
    n_seen = 0;
    return 0;
}

static int32_t observe(void *state, const struct observation *o)
{
    (void)state;
    seen[n_seen].kind = o->kind;
    seen[n_seen].origin = o->origin;
    seen[n_seen].number = o->number;
    seen[n_seen].size = o->point->size;
    seen[n_seen].note_size = o->note_size;
    for (size_t i = 0; i < o->point->size; i++) {
        seen[n_seen].active[i] = o->point->active[i];
        seen[n_seen].value[i] = o->point->value[i].real;
    }
    n_seen++;
    return 0;
}

static int32_t suggest(void *state, struct suggestion *s)
{
    const struct space *space = *(const struct space **)state;
    s->note[s->note_size++] = 2.385;
    return space_sample((struct space *)space, s->rng, s->point);
}

static void fini(void *state)
{
    (void)state;
}

static const struct method looker = {
    .name = "looker",
    .summary = "looks at what it is shown",
    .state_size = sizeof(struct space *),
    .init = init,
    .observe = observe,
    .suggest = suggest,
    .fini = fini,
};

static struct space *real_space(const char *name)
{
    struct space *space, *snapshot;
    OK(space_new(&space));
    OK(space_add_real(space, name, 0, 1, AFINA_SCALE_LINEAR));
    OK(space_snapshot(&snapshot, space));
    space_free(space);
    return snapshot;
}

static struct study *open_study(void)
{
    struct space *space = real_space("x");
    struct study *study;
    OK(study_new(&study, space, &looker));
    space_release(space);
    return study;
}

static struct trial *ask(struct study *study)
{
    struct trial *trial;
    OK(study_ask(study, &trial));
    return trial;
}

static void end(struct study *study, const struct trial *trial)
{
    double value = 1;
    OK(study_tell(study, trial->number, AFINA_STATE_COMPLETE, &value, 1, NULL));
}

static void test_older_trials_are_as_the_hosts(void **state)
{
    (void)state;
    struct study *study = open_study();
    struct space *part = real_space("y");
    end(study, ask(study));
    struct trial *runs = ask(study);
    ask(study);
    assert_int_equal(n_seen, 3);
    assert_int_equal(seen[0].origin, AFINA_ORIGIN_SUGGESTED);
    assert_int_equal(seen[0].note_size, 1);
    OK(study_extend(study, part));
    ask(study);
    assert_int_equal(n_seen, 4); /* 0 asked and told, 1 and 2 asked */
    for (int i = 0; i < n_seen; i++) {
        assert_int_equal(seen[i].origin, AFINA_ORIGIN_ENQUEUED);
        assert_int_equal(seen[i].note_size, 0);
        assert_int_equal(seen[i].size, 2);
        assert_true(seen[i].active[1] && seen[i].value[1] == 0.5);
    }
    end(study, runs);
    ask(study);
    assert_int_equal(n_seen, 6); /* it did not begin anew: trial 3 asked, trial 1 told */
    assert_int_equal(seen[4].origin, AFINA_ORIGIN_SUGGESTED);
    assert_int_equal(seen[4].note_size, 1);
    assert_int_equal(seen[5].origin, AFINA_ORIGIN_ENQUEUED);
    space_release(part);
    study_release(study);
}

static void test_what_a_trial_declares_is_inactive_in_others(void **state)
{
    (void)state;
    struct study *study = open_study();
    struct space *part = real_space("y");
    end(study, ask(study));
    struct trial *trial = ask(study);
    OK(study_extend_trial(study, trial, part));
    end(study, trial);
    ask(study);
    assert_int_equal(n_seen, 4);
    assert_true(!seen[0].active[1] && !seen[1].active[1]);
    assert_true(seen[2].active[1] && seen[3].active[1]);
    assert_true(seen[3].value[1] == trial_point(trial)->value[1].real && seen[3].value[1] != 0.5);
    space_release(part);
    study_release(study);
}

static void test_unused_parameters_are_inactive_from_the_end_on(void **state)
{
    (void)state;
    static const char *const names[] = {"y"};
    struct study *study = open_study();
    struct space *part = real_space("y");
    OK(study_extend(study, part));
    struct trial *trial = ask(study);
    OK(study_tell_unused(study, trial, names, 1));
    ask(study);
    assert_true(seen[0].kind == OBSERVED_ASKED && seen[0].active[1]);
    end(study, trial);
    ask(study);
    assert_int_equal(n_seen, 3);
    assert_true(seen[2].kind == OBSERVED_TOLD && seen[2].active[0] && !seen[2].active[1]);
    space_release(part);
    study_release(study);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_older_trials_are_as_the_hosts),
        cmocka_unit_test(test_what_a_trial_declares_is_inactive_in_others),
        cmocka_unit_test(test_unused_parameters_are_inactive_from_the_end_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
