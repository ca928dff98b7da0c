/* The laws of a search method. Each is stated once and runs for every registered
 * method, for that of contract_walk.h and for the probe of contract_probe.h, over every
 * space of contract_spaces.h. */
#include "contract/contract_session.h"
#include "contract/contract_probe.h"
#include "study/fold.h"
#include "study/question.h"

#include <stdio.h>

static void points_are_inside_the_space(void **state)
{
    struct session s = open_session(state, 1);
    int count = trials_of(s.c, 200, 24);
    run_to(&s, count);
    if (is_endless(s.c))
        assert_int_equal(s.study->n_trials, count);
    close_session(&s);
}

static void same_seed_gives_same_bits(void **state)
{
    struct session a = open_session(state, 2385), b = open_session(state, 2385);
    int count = trials_of(a.c, 60, 14);
    enqueue_two(&a);
    enqueue_two(&b);
    run_to(&a, count);
    run_to(&b, count);
    assert_same_trials(a.study, b.study);
    assert_same_log(a.study, b.study);
    close_session(&a);
    close_session(&b);
}

/* The direction is the frame's business: a method knows losses only. */
static void maximising_the_negative_gives_same_points(void **state)
{
    struct session low = open_session(state, 4), high = open_session(state, 4);
    int count = trials_of(low.c, 40, 12);
    struct trial *trial;
    OK(study_set_string(high.study, "direction", "maximise"));
    run_to(&low, count);
    for (int i = 0; i < count && ask(&high, &trial) == AFINA_OK; i++)
        tell(&high, trial, -loss_at(high.space, trial->point));
    assert_same_trials(low.study, high.study);
    close_session(&low);
    close_session(&high);
}

static void another_seed_gives_other_points(void **state)
{
    struct session a = open_session(state, 1), b = open_session(state, -2);
    int count = 12, same = 0;
    run_to(&a, count);
    run_to(&b, count);
    for (int i = 0; i < count; i++)
        same += point_equal(a.study->trials[i]->point, b.study->trials[i]->point);
    assert_in_range(same, 0, count / 2); /* a method may begin at the default, and go to the ends of a range */
    close_session(&a);
    close_session(&b);
}

static void every_suggestion_comes_out_of_the_log_again(void **state)
{
    struct session s = open_session(state, 3);
    enqueue_two(&s);
    run_to(&s, trials_of(s.c, 60, 14));
    assert_replays(s.study);
    struct session copy = reopen(&s);
    assert_replays(copy.study);
    assert_same_log(s.study, copy.study);
    close_session(&copy);
    close_session(&s);
}

static void resuming_at_any_trial_equals_going_on(void **state)
{
    struct session whole = open_session(state, 5), part = open_session(state, 5);
    int count = trials_of(whole.c, 24, 9);
    enqueue_two(&whole);
    enqueue_two(&part);
    run_to(&whole, count);
    for (int at = 0; at < count; at++) {
        run_to(&part, at);
        struct session resumed = reopen(&part);
        run_to(&resumed, count);
        assert_same_trials(whole.study, resumed.study);
        close_session(&resumed);
    }
    close_session(&whole);
    close_session(&part);
}

/* suggest() reads the state: calling it again, or not at all, changes nothing. */
static void suggesting_changes_nothing(void **state)
{
    struct session s = open_session(state, 6);
    struct fold *fold;
    enqueue_two(&s);
    run_to(&s, trials_of(s.c, 40, 9));
    OK(fold_new(&fold, s.study));
    for (size_t i = 0; i < s.study->n_events; i++) {
        const struct event *event = &s.study->events[i];
        const struct trial *trial = s.study->trials[event->kind == EVENT_ASKED ? event->subject : 0];
        if (event->kind != EVENT_ASKED || trial->origin != AFINA_ORIGIN_SUGGESTED)
            continue;
        OK(fold_advance(fold, trial->number, (size_t)event->detail.seen));
        for (int64_t times = trial->number % 3; times > 0; times--) {
            OK(fold_suggest(fold, trial->number));
            assert_true(point_equal(fold->point, trial->point));
            assert_int_equal(fold->note_size, trial->note_size);
            if (trial->note_size > 0)
                assert_memory_equal(fold->note, trial->note, trial->note_size * sizeof *trial->note);
        }
    }
    fold_free(fold);
    close_session(&s);
}

/* Questions of every kind; those that the model has no answer to say so. */
static void question(struct session *s, const struct trial *trial)
{
    double mean = NAN, sd = NAN, value = NAN, shares[8];
    const struct afina_point point = {.space = s->study->space, .point = trial->point};
    int32_t rc = study_predict(s->study, 0, &point, &mean, &sd);
    if (!s->c->method->model) {
        assert_int_equal(rc, AFINA_E_UNSUPPORTED);
        return;
    }
    if (rc == AFINA_E_STATE)
        return;
    OK(rc);
    assert_true(isfinite(mean) && isfinite(sd) && sd >= 0);
    OK(study_predict_quantile(s->study, 0, &point, 0.385, &value));
    assert_true(isfinite(value));
    const struct point *points[2] = {trial->point, s->study->trials[0]->point};
    rc = study_draw(s->study, 0, s->study->space, points, 2, 1, 7, shares);
    assert_true(rc == AFINA_OK || rc == AFINA_E_UNSUPPORTED);
    assert_in_range(s->space->size, 0, 8);
    OK(study_importances(s->study, 0, s->study->space, shares));
}

/* A model is asked in one of two studies. */
static void questions_to_the_model_change_nothing(void **state)
{
    struct session silent = open_session(state, 8), asked = open_session(state, 8);
    struct trial *trial;
    int count = trials_of(silent.c, 20, 10);
    run_to(&silent, count);
    for (int i = 0; i < count && ask(&asked, &trial) == AFINA_OK; i++) {
        question(&asked, trial);
        tell_loss(&asked, trial);
        if (i % 3 != 1)
            question(&asked, trial);
    }
    assert_same_trials(silent.study, asked.study);
    assert_same_log(silent.study, asked.study);
    assert_replays(asked.study);
    close_session(&silent);
    close_session(&asked);
}

/* Tells the first trials, and asks many more that stay unknown. */
static void assert_pending_differ(void **state, int told, int count)
{
    struct session s = open_session(state, 7);
    struct trial *trial;
    int32_t rc = AFINA_OK;
    run_to(&s, told);
    for (int i = 0; i < count && !rc; i++)
        rc = ask(&s, &trial);
    if (is_endless(s.c))
        assert_int_equal(rc, AFINA_OK);
    assert_all_different(s.study);
    close_session(&s);
}

static void asking_without_telling_repeats_no_pending_point(void **state)
{
    assert_pending_differ(state, 0, is_quick() ? 200 : 1000);
}

static void asking_after_some_results_repeats_no_pending_point(void **state)
{
    assert_pending_differ(state, 12, trials_of(*state, 200, 40));
}

/* Asks up to `most` trials that stay running. */
static size_t ask_several(struct session *s, struct trial **trials, size_t most)
{
    size_t count = 0;
    while (count < most && ask(s, &trials[count]) == AFINA_OK)
        count++;
    return count;
}

static void results_may_come_in_any_order(void **state)
{
    enum { BATCH = 7 };
    struct session s = open_session(state, 11);
    struct trial *trials[BATCH];
    struct rng rng;
    size_t order[BATCH];
    rng_start(&rng, 11, 0, RNG_OBJECTIVE);
    for (int round = 0; round < trials_of(s.c, 8, 2); round++) {
        size_t count = ask_several(&s, trials, BATCH);
        rng_permutation(&rng, order, count);
        for (size_t i = 0; i < count; i++)
            tell_loss(&s, trials[order[i]]);
    }
    assert_all_different(s.study);
    assert_replays(s.study);
    close_session(&s);
}

static const double hostile[] = {NAN, INFINITY, -INFINITY, 1e308, -1e308, 5e-324, 0, -0.0, 2.385, 1e-300};

static void run_with_values(void **state, const double *values, size_t n_values, int count)
{
    struct session s = open_session(state, 13);
    struct trial *trial;
    for (int i = 0; i < count && ask(&s, &trial) == AFINA_OK; i++) {
        double value = values[(size_t)i % n_values];
        tell(&s, trial, value);
        assert_int_equal(trial->state, isnan(value) ? AFINA_STATE_FAILED : AFINA_STATE_COMPLETE);
    }
    assert_replays(s.study);
    close_session(&s);
}

static void any_constant_value_is_survived(void **state)
{
    int count = trials_of(*state, 20, 7);
    for (size_t i = 0; i < LENGTH(hostile); i++)
        run_with_values(state, &hostile[i], 1, count);
}

static void any_mixture_of_values_is_survived(void **state)
{
    const double huge[] = {1e308, -1e308, 1.7976931348623157e308};
    const double tiny[] = {5e-324, 0, 1, 1, 1};
    const double outlier[] = {1, 1.001, 1e300, 0.999};
    int count = trials_of(*state, 60, 12);
    run_with_values(state, hostile, LENGTH(hostile), count);
    run_with_values(state, huge, LENGTH(huge), count);
    run_with_values(state, tiny, LENGTH(tiny), count);
    run_with_values(state, outlier, LENGTH(outlier), count);
}

static void a_finite_space_ends_with_no_point_twice(void **state)
{
    struct session s = open_session(state, 17);
    uint64_t points = s.c->entry->points;
    struct trial *trial;
    run_to(&s, (int)points + 10);
    assert_int_equal(s.study->n_trials, points);
    for (int i = 0; i < 3; i++)
        assert_int_equal(ask(&s, &trial), AFINA_EXHAUSTED);
    assert_all_different(s.study);
    close_session(&s);
}

/* A point whose trial was lost comes again: in the end every point has a result. */
static void lost_points_of_a_finite_space_are_asked_again(void **state)
{
    struct session s = open_session(state, 25);
    uint64_t points = s.c->entry->points, results = 0;
    struct trial *trial;
    for (int64_t i = 0; i < 10 * (int64_t)points && ask(&s, &trial) == AFINA_OK; i++) {
        if (i % 3 == 1) {
            OK(study_tell(s.study, trial->number, AFINA_STATE_LOST, NULL, 0, NULL));
        } else {
            tell_loss(&s, trial);
            results++;
        }
    }
    assert_int_equal(results, points);
    assert_int_equal(ask(&s, &trial), AFINA_EXHAUSTED);
    assert_replays(s.study);
    close_session(&s);
}

static int32_t is_needle(const afina_point *point, void *user)
{
    int64_t a = -1, b = -1;
    (void)user;
    afina_point_get_integer(point, "a", &a);
    afina_point_get_integer(point, "b", &b);
    return (a == 200 && b == 3) || (a == 17 && b == 255);
}

/* 65536 points, of which the filter allows two. */
static void build_haystack(struct space *s)
{
    OK(space_add_integer(s, "a", 0, 255, AFINA_SCALE_LINEAR));
    OK(space_add_integer(s, "b", 0, 255, AFINA_SCALE_LINEAR));
    OK(space_set_filter(s, is_needle, NULL, NULL));
}

static void the_few_allowed_points_are_found(void **state)
{
    static const struct contract_space haystack = {"haystack", build_haystack, 2};
    struct law_case c = *(struct law_case *)*state;
    void *own = &c;
    c.entry = &haystack;
    struct session s = open_session(&own, 20);
    struct trial *trial;
    run_to(&s, 10);
    assert_int_equal(s.study->n_trials, 2);
    assert_all_different(s.study);
    assert_int_equal(ask(&s, &trial), AFINA_EXHAUSTED);
    assert_replays(s.study);
    close_session(&s);
}

static int32_t refuses_all(const afina_point *point, void *user)
{
    (void)point;
    (void)user;
    return 0;
}

static void assert_refused(struct session *s)
{
    struct trial *trial;
    int32_t rc = study_ask(s->study, &trial);
    if (s->c->method->traits & METHOD_HOST_ONLY) {
        assert_int_equal(rc, AFINA_EXHAUSTED);
    } else {
        assert_int_equal(rc, AFINA_E_NO_POINT);
        assert_non_null(strstr(fail_text(), "the filter refused"));
    }
    assert_null(trial);
}

/* The answer is the same whatever the method and the space. */
static void a_filter_that_refuses_all_is_named(void **state)
{
    struct session s = open_session(state, 21);
    OK(study_set_filter(s.study, refuses_all, NULL, NULL));
    assert_refused(&s);
    assert_refused(&s);
    close_session(&s);
}

/* Of 10 x 10 points one may be suggested, for all other choices have weight 0. */
static void build_weightless(struct space *s)
{
    static const char *const digits[] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
    static const double weights[LENGTH(digits)] = {[3] = 1};
    OK(space_add_choices(s, "a", AFINA_KIND_CATEGORICAL, digits, LENGTH(digits)));
    OK(space_set_weights(s, "a", weights, LENGTH(weights)));
    OK(space_add_choices(s, "b", AFINA_KIND_ORDINAL, digits, LENGTH(digits)));
    OK(space_set_weights(s, "b", weights, LENGTH(weights)));
}

/* Once some methods said that a filter, which nobody had set, refused the points. */
static void the_only_point_with_a_weight_is_found(void **state)
{
    static const struct contract_space weightless = {"weightless", build_weightless, 1};
    struct law_case c = *(struct law_case *)*state;
    void *own = &c;
    c.entry = &weightless;
    struct session s = open_session(&own, 22);
    struct trial *trial;
    enqueue_draw(&s, &(struct rng){0});
    run_to(&s, 10);
    assert_int_equal(s.study->n_trials, 1);
    assert_int_equal(ask(&s, &trial), AFINA_EXHAUSTED);
    close_session(&s);
    s = open_session(&own, 23);
    run_to(&s, 10);
    assert_int_equal(s.study->n_trials, c.method->traits & METHOD_HOST_ONLY ? 0 : 1);
    for (int i = 0; i < 3; i++)
        assert_int_equal(ask(&s, &trial), AFINA_EXHAUSTED);
    assert_replays(s.study);
    close_session(&s);
}

/* What the host enqueues counts as asked only when it might have been suggested. */
static void points_of_weight_0_leave_the_others_to_be_suggested(void **state)
{
    static const struct contract_space weightless = {"weightless", build_weightless, 1};
    struct law_case c = *(struct law_case *)*state;
    void *own = &c;
    c.entry = &weightless;
    struct session s = open_session(&own, 24);
    struct point *point;
    OK(point_new(&point, s.space));
    space_defaults(s.space, point);
    point->value[0].integer = 7;
    for (int i = 0; i < 3; i++) {
        point->value[1].integer = i;
        OK(study_enqueue(s.study, &(struct afina_point){.space = s.space, .point = point}));
    }
    point_free(point);
    run_to(&s, 10);
    assert_int_equal(s.study->n_trials, c.method->traits & METHOD_HOST_ONLY ? 3 : 4);
    close_session(&s);
}

/* Results from elsewhere and queued points count as asked. */
static void a_finite_space_ends_earlier_when_the_host_knows_points(void **state)
{
    struct session s = open_session(state, 18);
    uint64_t points = s.c->entry->points;
    struct trial *trial;
    struct point *point;
    struct rng rng;
    double value = 2.385;
    rng_start(&rng, 18, 0, RNG_OBJECTIVE);
    OK(point_new(&point, s.space));
    OK(space_sample(s.space, &rng, point));
    const struct afina_point known = {.space = s.space, .point = point};
    OK(study_add(s.study, &known, AFINA_STATE_COMPLETE, &value, 1, &trial));
    point_free(point);
    run_to(&s, (int)points + 10);
    assert_int_equal(s.study->n_trials, points);
    assert_all_different(s.study);
    close_session(&s);
}

static void queued_points_come_first_and_in_order(void **state)
{
    enum { QUEUED = 3 };
    struct session s = open_session(state, 19);
    struct trial *trial;
    struct rng rng;
    rng_start(&rng, 19, 0, RNG_OBJECTIVE);
    run_to(&s, 4);
    int64_t before = study_trial_count(s.study);
    for (int i = 0; i < QUEUED; i++)
        enqueue_draw(&s, &rng);
    for (int i = 0; i < QUEUED; i++) {
        assert_int_equal(ask(&s, &trial), AFINA_OK);
        assert_int_equal(trial->origin, AFINA_ORIGIN_ENQUEUED);
        assert_int_equal(trial->number, before + i);
        assert_true(point_equal(trial->point, s.study->queue[i].point));
        assert_valid(s.space, trial->point);
        tell_loss(&s, trial);
    }
    if (ask(&s, &trial) == AFINA_OK) {
        assert_int_equal(trial->origin, AFINA_ORIGIN_SUGGESTED);
        for (int64_t i = 0; i < trial->number; i++)
            assert_false(point_equal(trial->point, s.study->trials[i]->point));
    }
    close_session(&s);
}

static void failed_trials_stop_nothing(void **state)
{
    const int32_t endings[] = {AFINA_STATE_FAILED, AFINA_STATE_INFEASIBLE, AFINA_STATE_LOST, AFINA_STATE_STOPPED};
    for (size_t e = 0; e <= LENGTH(endings); e++) {
        struct session s = open_session(state, 23);
        int count = trials_of(s.c, 40, 8), done = 0;
        struct trial *trial;
        for (; done < count && ask(&s, &trial) == AFINA_OK; done++) {
            size_t which = e < LENGTH(endings) ? e : (size_t)done % (LENGTH(endings) + 1);
            if (which < LENGTH(endings))
                OK(study_tell(s.study, trial->number, endings[which], NULL, 0, "it crashed"));
            else
                tell_loss(&s, trial);
        }
        if (is_endless(s.c))
            assert_int_equal(done, count);
        assert_replays(s.study);
        close_session(&s);
    }
}

/* Runs with up to `lag` trials at once, which end in an order drawn from `rng`. */
static void run_in_parallel(struct session *s, int count, size_t lag, struct rng *rng)
{
    struct trial *running[8];
    size_t n = 0;
    int32_t rc = AFINA_OK;
    while (rc != AFINA_EXHAUSTED && study_trial_count(s->study) < count) {
        rc = n < lag ? ask(s, &running[n]) : AFINA_WAIT;
        if (rc == AFINA_OK)
            n++;
        if (rc == AFINA_WAIT || (n > 0 && rng_below(rng, 3) == 0)) {
            assert_true(n > 0);
            size_t i = (size_t)rng_below(rng, n);
            tell_loss(s, running[i]);
            running[i] = running[--n];
        }
    }
    while (n > 0)
        tell_loss(s, running[--n]);
}

/* The probe notes how many ends it knew: those of the trials up to k - lag. */
static void assert_knowledge(const struct session *s, int64_t lag)
{
    for (size_t i = 0; s->c->method == &probe && i < s->study->n_trials; i++) {
        const struct trial *trial = s->study->trials[i];
        int64_t known = trial->number < lag ? 0 : trial->number - lag + 1;
        if (trial->origin == AFINA_ORIGIN_SUGGESTED)
            assert_true(trial->note[1] == (double)known);
    }
}

static void with_lag_the_order_of_finishing_does_not_matter(void **state)
{
    for (int64_t lag = 1; lag <= 4; lag++) {
        struct session alone = open_session(state, 29);
        int count = trials_of(alone.c, 30, 9);
        OK(study_set_integer(alone.study, "lag", lag));
        enqueue_two(&alone);
        run_to(&alone, count);
        assert_knowledge(&alone, lag);
        for (uint64_t order = 0; order < (alone.c->method->model ? 1 : 4); order++) {
            struct session s = open_session(state, 29);
            struct rng rng;
            rng_start(&rng, 29, order, RNG_OBJECTIVE);
            OK(study_set_integer(s.study, "lag", lag));
            enqueue_two(&s);
            run_in_parallel(&s, count, (size_t)lag, &rng);
            assert_same_trials(alone.study, s.study);
            assert_replays(s.study);
            close_session(&s);
        }
        close_session(&alone);
    }
}

/* ------------------------------------------------- anything a host might do */

enum { MOST_TRIALS = 512 };

struct host {
    struct session s;
    struct rng rng;
    struct trial *running[MOST_TRIALS];
    size_t n_running;
};

static double any_value(struct rng *rng)
{
    if (rng_below(rng, 2) == 0)
        return hostile[rng_below(rng, LENGTH(hostile))];
    return rng_normal(rng) * pow(10, rng_normal(rng) * 3);
}

static struct trial *any_running(struct host *h)
{
    return h->n_running > 0 ? h->running[rng_below(&h->rng, h->n_running)] : NULL;
}

static void forget_running(struct host *h, const struct trial *trial)
{
    for (size_t i = 0; i < h->n_running; i++)
        if (h->running[i] == trial) {
            h->running[i] = h->running[--h->n_running];
            return;
        }
}

static void host_asks(struct host *h)
{
    struct trial *trial;
    if (h->n_running < MOST_TRIALS && ask(&h->s, &trial) == AFINA_OK)
        h->running[h->n_running++] = trial;
}

static void host_tells(struct host *h)
{
    static const int32_t endings[] = {AFINA_STATE_COMPLETE, AFINA_STATE_COMPLETE, AFINA_STATE_COMPLETE,
                                      AFINA_STATE_COMPLETE, AFINA_STATE_FAILED,   AFINA_STATE_INFEASIBLE,
                                      AFINA_STATE_LOST,     AFINA_STATE_STOPPED};
    struct trial *trial = any_running(h);
    if (!trial)
        return;
    double value = any_value(&h->rng);
    int32_t state = endings[rng_below(&h->rng, LENGTH(endings))];
    if (state == AFINA_STATE_LOST && trial->state == AFINA_STATE_LOST)
        state = AFINA_STATE_FAILED;
    OK(study_tell(h->s.study, trial->number, state, &value, 1, NULL));
    if (state == AFINA_STATE_LOST && rng_below(&h->rng, 2))
        return; /* a late result will come */
    if (state == AFINA_STATE_LOST)
        OK(study_tell(h->s.study, trial->number, AFINA_STATE_COMPLETE, &value, 1, NULL));
    forget_running(h, trial);
    assert_int_equal(study_tell(h->s.study, trial->number, AFINA_STATE_COMPLETE, &value, 1, NULL), AFINA_E_STATE);
}

static void host_reports(struct host *h)
{
    struct trial *trial = any_running(h);
    if (!trial)
        return;
    double value = any_value(&h->rng);
    OK(study_report(h->s.study, trial, (double)trial->extras->n_reports + 0.5, &value, 1));
    assert_int_equal(study_report(h->s.study, trial, -1, &value, 1), AFINA_E_RANGE);
}

static void host_constrains(struct host *h)
{
    struct trial *trial = any_running(h);
    double values[2] = {any_value(&h->rng), any_value(&h->rng)};
    if (trial && !trial->extras->constraints)
        OK(study_constrain(h->s.study, trial, values, 2));
}

static void host_tells_errors(struct host *h)
{
    static const double errors[] = {0, 5e-324, 1e-9, 0.385, 1, 1e6, 1e308};
    struct trial *trial = any_running(h);
    double error = errors[rng_below(&h->rng, LENGTH(errors))];
    if (trial && !trial->extras->errors)
        OK(study_tell_errors(h->s.study, trial, &error, 1));
}

static void host_adds(struct host *h)
{
    struct trial *trial;
    struct point *point;
    double value = any_value(&h->rng);
    OK(point_new(&point, h->s.space));
    OK(space_sample(h->s.space, &h->rng, point));
    const struct afina_point known = {.space = h->s.space, .point = point};
    if (rng_below(&h->rng, 2))
        OK(study_add(h->s.study, &known, AFINA_STATE_COMPLETE, &value, 1, &trial));
    else
        OK(study_add(h->s.study, &known, AFINA_STATE_FAILED, NULL, 0, &trial));
    point_free(point);
}

static void host_errs(struct host *h)
{
    double value = 1;
    int64_t beyond = study_trial_count(h->s.study);
    assert_int_equal(study_tell(h->s.study, beyond, AFINA_STATE_COMPLETE, &value, 1, NULL), AFINA_E_NOT_FOUND);
    assert_int_equal(study_tell(h->s.study, -1, AFINA_STATE_COMPLETE, &value, 1, NULL), AFINA_E_NOT_FOUND);
}

static void host_questions(struct host *h)
{
    size_t count = h->s.study->n_trials;
    if (count > 0)
        question(&h->s, h->s.study->trials[rng_below(&h->rng, count)]);
}

static void host_acts(struct host *h)
{
    switch (rng_below(&h->rng, 19)) {
    case 0:
        enqueue_draw(&h->s, &h->rng);
        break;
    case 1:
        host_adds(h);
        break;
    case 2:
        host_constrains(h);
        break;
    case 3:
    case 4:
        host_reports(h);
        break;
    case 5:
        host_errs(h);
        break;
    case 6:
    case 7:
    case 8:
    case 9:
    case 10:
        host_tells(h);
        break;
    case 11:
        host_questions(h);
        break;
    case 12:
    case 13:
        host_tells_errors(h);
        break;
    default:
        host_asks(h);
        break;
    }
}

static void any_sequence_of_calls_is_survived(void **state)
{
    for (int64_t seed = 1; seed <= (is_quick() ? 1 : 3); seed++) {
        struct host h = {.s = open_session(state, seed)};
        rng_start(&h.rng, (uint64_t)seed, 31, RNG_OBJECTIVE);
        print_message("seed %d\n", (int)seed);
        for (int i = 0; i < trials_of(h.s.c, 400, 50); i++)
            host_acts(&h);
        assert_replays(h.s.study);
        struct session copy = reopen(&h.s);
        assert_same_log(h.s.study, copy.study);
        close_session(&copy);
        close_session(&h.s);
    }
}

/* --------------------------------------------------------------------- main */

static const struct law laws[] = {
    LAW(points_are_inside_the_space, NULL),
    LAW(same_seed_gives_same_bits, NULL),
    LAW(maximising_the_negative_gives_same_points, NULL),
    LAW(another_seed_gives_other_points, is_endless),
    LAW(every_suggestion_comes_out_of_the_log_again, NULL),
    LAW(resuming_at_any_trial_equals_going_on, NULL),
    LAW(suggesting_changes_nothing, NULL),
    LAW(questions_to_the_model_change_nothing, NULL),
    LAW(asking_without_telling_repeats_no_pending_point, NULL),
    LAW(asking_after_some_results_repeats_no_pending_point, NULL),
    LAW(results_may_come_in_any_order, NULL),
    LAW(any_constant_value_is_survived, NULL),
    LAW(any_mixture_of_values_is_survived, NULL),
    LAW(a_finite_space_ends_with_no_point_twice, is_finite),
    LAW(lost_points_of_a_finite_space_are_asked_again, is_finite),
    LAW(the_few_allowed_points_are_found, is_once),
    LAW(a_filter_that_refuses_all_is_named, NULL),
    LAW(the_only_point_with_a_weight_is_found, is_first),
    LAW(points_of_weight_0_leave_the_others_to_be_suggested, is_first),
    LAW(a_finite_space_ends_earlier_when_the_host_knows_points, is_finite),
    LAW(queued_points_come_first_and_in_order, NULL),
    LAW(failed_trials_stop_nothing, NULL),
    LAW(with_lag_the_order_of_finishing_does_not_matter, NULL),
    LAW(any_sequence_of_calls_is_survived, NULL),
};

/* An argument keeps the cases whose name contains it. */
int main(int argc, char **argv)
{
    return run_laws("contract", laws, LENGTH(laws), &probe, argc > 1 ? argv[1] : "");
}
