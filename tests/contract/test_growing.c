/* Laws of a space that grows while its study runs: for every method, on several spaces. */
#include "contract/contract_session.h"
#include "study/era.h"

/* ------------------------------------------------------------ what is declared */

/* The k-th thing that can be declared: new parameters of every kind, one under a condition, then wider ones. */
enum { PARTS = 8 };
static struct space *part_of(int k)
{
    static const char *const kinds[] = {"p", "q", "r"};
    struct space *space, *snapshot;
    OK(space_new(&space));
    switch (k % PARTS) {
    case 0:
        OK(space_add_real(space, "new real", 0.25, 4, AFINA_SCALE_LOG));
        break;
    case 1:
        OK(space_add_choices(space, "new kind", AFINA_KIND_CATEGORICAL, kinds, 2));
        break;
    case 2:
        OK(space_add_choices(space, "new kind", AFINA_KIND_CATEGORICAL, kinds, 2));
        OK(space_add_real(space, "new child", -1, 1, AFINA_SCALE_LINEAR));
        OK(space_add_condition_in(space, "new child", "new kind", kinds + 1, 1));
        break;
    case 3:
        OK(space_add_integer(space, "new integer", 3, 9, AFINA_SCALE_LINEAR));
        OK(space_set_step(space, "new integer", 2));
        break;
    case 4:
        OK(space_add_real(space, "new real", 0.0625, 8, AFINA_SCALE_LOG));
        break;
    case 5:
        OK(space_add_choices(space, "new kind", AFINA_KIND_CATEGORICAL, kinds, 3));
        break;
    case 6:
        OK(space_add_integer(space, "new integer", -1, 13, AFINA_SCALE_LINEAR));
        OK(space_set_step(space, "new integer", 2));
        break;
    default:
        OK(space_add_choices(space, "new order", AFINA_KIND_ORDINAL, kinds, 3));
        break;
    }
    OK(space_snapshot(&snapshot, space));
    space_free(space);
    return snapshot;
}

/* A trial may always declare a part; to the host what is narrower than the study is refused. */
static void extend(struct session *s, struct trial *trial, int k)
{
    struct space *part = part_of(k);
    int32_t rc = trial ? study_extend_trial(s->study, trial, part) : study_extend(s->study, part);
    if (rc && (trial || rc != AFINA_E_RANGE))
        fail_msg("part %d gave %d: %s", k, (int)rc, fail_text());
    space_release(part);
}

/* ------------------------------------------------------------------ the driver */

static double loss_of(const struct trial *trial)
{
    return loss_at(trial_space(trial), trial_point(trial));
}

static void end(struct session *s, const struct trial *trial)
{
    tell(s, trial, loss_of(trial));
}

/* What the code of a trial does: some declare, some leave a parameter alone. It depends on the number alone. */
static void act(struct session *s, struct trial *trial)
{
    int64_t k = trial->number;
    const struct space *space = trial_space(trial);
    const char *name = space->parameters[(size_t)k % space->size].name;
    if (k % 3 == 1)
        extend(s, trial, (int)(k / 3));
    if (k % 4 == 2)
        OK(study_tell_unused(s->study, trial, &name, 1));
}

static void run_growing(struct session *s, int count)
{
    struct trial *trial;
    while (study_trial_count(s->study) < count && ask(s, &trial) == AFINA_OK) {
        act(s, trial);
        end(s, trial);
    }
}

/* Spaces of every sort, and none of those that are variations. */
static int is_sort(const struct law_case *c)
{
    static const char *const names[] = {"continuous", "mixed", "conditional", "finite", "filtered", "one point"};
    for (size_t i = 0; i < LENGTH(names); i++)
        if (strcmp(c->entry->name, names[i]) == 0)
            return 1;
    return 0;
}

static int is_first_sort(const struct law_case *c)
{
    return is_first(c) && !(c->method->traits & METHOD_HOST_ONLY);
}

/* ---------------------------------------------------------------------- the laws */

static void after_the_host_extends_suggestions_are_of_the_new_space(void **state)
{
    struct session s = open_session(state, 41);
    int count = trials_of(s.c, 24, 12), new_values = 0, asked = 0;
    enqueue_two(&s);
    run_to(&s, count / 2);
    size_t before = s.study->space->size;
    for (int k = 0; k < 4; k++)
        extend(&s, NULL, k);
    assert_int_equal(s.study->space->size, before + 4);
    while (study_trial_count(s.study) < count) {
        struct trial *trial;
        if (ask(&s, &trial)) /* which looks whether it is inside */
            break;
        assert_int_equal(trial->point->size, before + 4);
        new_values += trial->point->value[before].real != s.study->space->parameters[before].default_value.real;
        asked++;
        end(&s, trial);
    }
    if (!(s.c->method->traits & (METHOD_HOST_ONLY | METHOD_ENDS)))
        assert_true(asked > 0 && new_values > 0);
    assert_replays(s.study);
    struct session copy = reopen(&s);
    assert_same_log(s.study, copy.study);
    assert_replays(copy.study);
    close_session(&copy);
    close_session(&s);
}

static void a_study_that_grows_is_resumed_at_any_trial(void **state)
{
    struct session whole = open_session(state, 42), part = open_session(state, 42);
    int count = trials_of(whole.c, 20, 10);
    enqueue_two(&whole);
    enqueue_two(&part);
    run_growing(&whole, count);
    for (int cut = 1; cut < count; cut += 4) {
        run_growing(&part, cut);
        struct session resumed = reopen(&part);
        run_growing(&resumed, count);
        assert_same_log(whole.study, resumed.study);
        close_session(&resumed);
    }
    assert_replays(whole.study);
    close_session(&whole);
    close_session(&part);
}

/* The points as text, by number: the order of the parameters is that of their names in it. */
static void write_points(const struct session *s, struct text *out)
{
    for (size_t i = 0; i < s->study->n_trials; i++) {
        const struct trial *trial = s->study->trials[i];
        point_to_json(trial_space(trial), trial_point(trial), out);
        text_append(out, "\n");
    }
}

/* `workers` trials run at a time; which of them acts and ends next is drawn. */
static void run_with_workers(struct session *s, int workers, int count, uint64_t seed)
{
    struct trial *running[8];
    int n = 0, done = 0;
    struct rng rng;
    rng_start(&rng, seed, 0, RNG_OBJECTIVE);
    while (!done || n > 0) {
        while (!done && n < workers) {
            int32_t rc = study_trial_count(s->study) < count ? ask(s, &running[n]) : AFINA_EXHAUSTED;
            if (rc == AFINA_WAIT)
                break;
            done = rc != AFINA_OK;
            n += !done;
        }
        if (n == 0)
            continue;
        size_t i = (size_t)rng_below(&rng, (uint64_t)n);
        act(s, running[i]);
        end(s, running[i]);
        running[i] = running[--n];
    }
}

static void with_lag_any_number_of_workers_gets_the_same(void **state)
{
    static const int workers[] = {1, 2, 3, 8, 8};
    struct text first = {0};
    for (size_t w = 0; w < LENGTH(workers); w++) {
        struct session s = open_session(state, 43);
        struct text points = {0};
        OK(study_set_integer(s.study, "lag", 8));
        enqueue_two(&s);
        run_with_workers(&s, workers[w], trials_of(s.c, 26, 20), w);
        write_points(&s, w == 0 ? &first : &points);
        if (w > 0)
            assert_string_equal(first.data, points.data);
        assert_replays(s.study);
        struct session copy = reopen(&s);
        assert_same_log(s.study, copy.study);
        assert_replays(copy.study);
        close_session(&copy);
        close_session(&s);
        mem_free(points.data);
    }
    mem_free(first.data);
}

/* The hosts of the other process get the lines in pieces, and go on alike. */
static void another_process_follows(void **state)
{
    struct session s = open_session(state, 44);
    struct text text = {0};
    size_t next = 0;
    int64_t count = trials_of(s.c, 20, 10);
    enqueue_two(&s);
    run_growing(&s, 2);
    struct session copy = reopen(&s);
    size_t position = 1 + copy.study->n_events;
    for (int n = 4; n <= count; n += 3) {
        run_growing(&s, n);
        text.length = 0;
        OK(study_log_read(s.study, position, 1 << 20, &text, &next));
        OK(study_log_append(copy.study, position, text.data, text.length, &next));
        OK(study_log_append(copy.study, position, text.data, text.length, &next)); /* they are known */
        position = next;
    }
    assert_same_log(s.study, copy.study);
    OK(study_log_rewind(copy.study, position / 2)); /* what was declared is taken back */
    text.length = 0;
    OK(study_log_read(s.study, position / 2, 1 << 20, &text, &next));
    OK(study_log_append(copy.study, position / 2, text.data, text.length, &next));
    assert_same_log(s.study, copy.study);
    run_growing(&s, (int)count + 4);
    run_growing(&copy, (int)count + 4);
    assert_same_log(s.study, copy.study);
    mem_free(text.data);
    close_session(&copy);
    close_session(&s);
}

/* ----------------------------------------------------- any sequence of calls */

static struct trial *any_open(struct session *s, struct rng *rng)
{
    size_t n = s->study->n_trials;
    struct trial *trial = n > 0 ? s->study->trials[rng_below(rng, n)] : NULL;
    int is_open = trial && (trial->state == AFINA_STATE_RUNNING || trial->state == AFINA_STATE_LOST);
    return is_open ? trial : NULL;
}

static void any_call(struct session *s, struct rng *rng)
{
    struct trial *trial = any_open(s, rng), *asked;
    int64_t number;
    double value = rng_uniform(rng);
    uint64_t call = rng_below(rng, 16);
    if (call < 5) {
        ask(s, &asked);
    } else if (call == 5) {
        enqueue_draw(s, rng); /* of the declared space */
    } else if (call == 6) {
        extend(s, NULL, (int)rng_below(rng, PARTS));
    } else if (call == 7) {
        OK(study_replay(s->study, &number));
    } else if (!trial) {
        return;
    } else if (call < 10) {
        extend(s, trial, (int)rng_below(rng, PARTS));
    } else if (call == 10 && !trial->extras->unused) {
        const char *name = trial_space(trial)->parameters[rng_below(rng, trial_space(trial)->size)].name;
        OK(study_tell_unused(s->study, trial, &name, 1));
    } else if (call == 11 && trial->state == AFINA_STATE_RUNNING) {
        OK(study_tell(s->study, trial->number, AFINA_STATE_LOST, NULL, 0, NULL));
    } else if (call == 12) {
        OK(study_tell(s->study, trial->number, AFINA_STATE_FAILED, NULL, 0, NULL));
    } else if (call == 13) {
        OK(study_report(s->study, trial, (double)trial->extras->n_reports, &value, 1));
    } else {
        end(s, trial);
    }
}

static void any_sequence_of_calls_is_survived(void **state)
{
    for (int64_t lag = 0; lag < 4; lag += 3) {
        struct session s = open_session(state, lag + 1);
        struct rng rng;
        rng_start(&rng, (uint64_t)lag, 45, RNG_OBJECTIVE);
        OK(study_set_integer(s.study, "lag", lag));
        for (int i = 0; i < trials_of(s.c, 160, 50); i++)
            any_call(&s, &rng);
        assert_replays(s.study);
        struct session copy = reopen(&s);
        assert_same_log(s.study, copy.study);
        assert_replays(copy.study);
        run_growing(&copy, (int)copy.study->n_trials + 2);
        run_growing(&s, (int)s.study->n_trials + 2);
        assert_same_log(s.study, copy.study);
        close_session(&copy);
        close_session(&s);
    }
}

/* --------------------------------------------------------------- what is learned */

/* The best of a run in [0, 1]^2 where the second parameter comes after a third of the trials, and matters most. */
static double best_after_growth(const struct law_case *c, int64_t seed, int trials)
{
    struct space *space, *declared, *part;
    struct study *study;
    struct trial *trial;
    double best = INFINITY;
    OK(space_new(&space));
    OK(space_add_real(space, "x", 0, 1, AFINA_SCALE_LINEAR));
    OK(space_snapshot(&declared, space));
    space_free(space);
    OK(space_new(&space));
    OK(space_add_real(space, "y", 0, 1, AFINA_SCALE_LINEAR));
    OK(space_snapshot(&part, space));
    space_free(space);
    OK(study_new(&study, declared, c->method));
    OK(study_set_integer(study, "seed", seed));
    while (study_trial_count(study) < trials) {
        if (study_trial_count(study) == trials / 3)
            OK(study_extend(study, part));
        OK(study_ask(study, &trial));
        double x = trial->point->value[0].real, y = trial->point->size > 1 ? trial->point->value[1].real : 0.5;
        double value = (x - 0.385) * (x - 0.385) + 4 * (y - 0.8385) * (y - 0.8385);
        best = fmin(best, value);
        OK(study_tell(study, trial->number, AFINA_STATE_COMPLETE, &value, 1, NULL));
    }
    study_release(study);
    space_release(declared);
    space_release(part);
    return best;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median_after_growth(const struct law_case *c)
{
    enum { RUNS = 5 };
    double best[RUNS];
    for (int64_t i = 0; i < RUNS; i++)
        best[i] = best_after_growth(c, i, c->method->model ? 24 : 90);
    qsort(best, RUNS, sizeof *best, compare_doubles);
    return best[RUNS / 2];
}

static void what_is_added_is_learned_better_than_by_chance(void **state)
{
    const struct law_case *c = *state;
    struct law_case random = *c;
    OK(method_find("random", &random.method));
    double reached = median_after_growth(c), best_of_many[5];
    for (int64_t i = 0; i < 5; i++)
        best_of_many[i] = best_after_growth(&random, i, c->method->model ? 24 : 90);
    qsort(best_of_many, 5, sizeof *best_of_many, compare_doubles);
    print_message("%g, by chance %g\n", reached, best_of_many[2]);
    assert_true(reached < best_of_many[2]);
}

static int learns(const struct law_case *c)
{
    return is_first(c) && (c->method->traits & METHOD_LEARNS) != 0 && c->method != &method_walk;
}

static const struct law laws[] = {
    LAW(after_the_host_extends_suggestions_are_of_the_new_space, is_sort),
    LAW(a_study_that_grows_is_resumed_at_any_trial, is_sort),
    LAW(with_lag_any_number_of_workers_gets_the_same, is_sort),
    LAW(another_process_follows, is_first_sort),
    LAW(any_sequence_of_calls_is_survived, is_sort),
    LAW(what_is_added_is_learned_better_than_by_chance, learns),
};

/* An argument keeps the cases whose name contains it. */
int main(int argc, char **argv)
{
    return run_laws("growing", laws, LENGTH(laws), NULL, argc > 1 ? argv[1] : "");
}
