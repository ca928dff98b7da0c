/* Questions to the method's model.
 *
 * The model is that of the next suggestion: it knows what that suggestion would
 * know, and the question does the work that the suggestion then finds done. A
 * question takes a turn, like an ask; the lock is not held while the model thinks.
 */
#include "study/question.h"

#include "core/fail.h"
#include "core/mem.h"
#include "study/fold.h"
#include "study/turn.h"
#include "surrogate/importance.h"
#include "surrogate/optima.h"
#include "surrogate/regret.h"
#include "surrogate/simplify.h"
#include "surrogate/surrogate.h"

#include <math.h>
#include <stdint.h>

struct question {
    struct study *study;
    struct surrogate surrogate;
    double *x; /* encoded points */
    int turn;
};

/* The turn and lock are held. The options of a study without trials stay open. */
static int32_t advance(struct study *study)
{
    if (study->n_trials == 0)
        return fail(AFINA_E_STATE, "the model needs 2 finished trials; there are 0");
    int32_t rc = study_begin(study);
    if (!rc)
        rc = study_ensure_fold(study);
    if (!rc)
        rc = fold_advance_for_question(study->fold, (int64_t)study->n_trials, study->n_events);
    if (!rc)
        rc = fold_show_arms(study->fold);
    return rc;
}

/* The points in the fold's space, which is the study's as it is now. The turn is held. */
static int32_t encode(struct question *q, const struct space *space, const struct point *const *points, size_t n)
{
    const struct space *of = q->study->fold->view.era->space;
    struct point *point;
    size_t d = of->size;
    q->x = n <= SIZE_MAX / (d + 1) ? mem_new(n * (d + 1), sizeof *q->x) : NULL;
    int32_t rc = q->x ? point_new(&point, of) : fail_memory();
    for (size_t i = 0; !rc && points && i < n; i++) {
        if (space != of)
            space_convert(space, points[i], NULL, NULL, of, point);
        space_encode(of, space == of ? points[i] : point, q->x + i * d);
    }
    if (!rc)
        point_free(point);
    return rc;
}

/* How many constraint values the trials of the study have. */
static size_t count_constraints(const struct study *study)
{
    study_lock(study);
    size_t count = study->n_constrained > 0 ? study->n_constraints : 0;
    study_unlock(study);
    return count;
}

/* Outputs are the objectives, then the constraints. Models are of one objective as yet. */
static int32_t check_output(const struct study *study, size_t output)
{
    size_t objectives = study_objectives(study);
    if (output > 0 && output >= objectives + count_constraints(study))
        return fail(AFINA_E_RANGE, "output must be in 0..%zu (objectives, then constraints), got %zu",
                    objectives + count_constraints(study) - 1, output);
    if (!study->method->model)
        return fail(AFINA_E_UNSUPPORTED, "method \"%s\" has no model", study->method->name);
    if (output > 0)
        return fail(AFINA_E_UNSUPPORTED, "the model of method \"%s\" is of objective 0 alone, not of output %zu",
                    study->method->name, output);
    return 0;
}

/* Ends with question_end(), whatever it returns. */
static int32_t question_begin(struct question *q, struct study *study, size_t output, const struct space *space,
                              const struct point *const *points, size_t n)
{
    *q = (struct question){.study = study};
    int32_t rc = check_output(study, output);
    if (!rc)
        rc = study_take_turn(study);
    if (rc)
        return rc;
    q->turn = 1;
    rc = advance(study);
    if (!rc && !study->fold->state)
        rc = fail(AFINA_E_STATE, "the model needs a parameter; the space has none yet");
    if (!rc)
        rc = encode(q, space, points, n);
    if (!rc) {
        study_unlock(study);
        rc = study->method->model(study->fold->state, &q->surrogate);
        study_lock(study);
    }
    rc = study_drop_broken_fold(study, rc);
    study_unlock(study);
    return rc;
}

static int32_t question_end(struct question *q, int32_t rc)
{
    if (q->turn) {
        study_lock(q->study);
        if (q->study->fold && q->study->fold->n_lost > 0)
            study_drop_fold(q->study);
        study_leave_turn(q->study);
    }
    mem_free(q->x);
    return rc;
}

static int32_t lacking(const struct question *q, const char *what)
{
    return fail(AFINA_E_UNSUPPORTED, "the model of method \"%s\" has no %s", q->study->method->name, what);
}

/* What a question does that runs the host's filter. */
typedef int32_t (*filtered_work)(struct question *q, void *data);

/* A question whose work runs the host's filter: an exception of the filter passes through, and a child that it forks
 * leaves all alone. */
static int32_t ask_filtered(struct study *study, size_t output, filtered_work work, void *data)
{
    struct question q;
    int32_t rc = question_begin(&q, study, output, NULL, NULL, 0);
    mem_free(q.x);
    q.x = NULL;
    if (!rc)
        rc = study_check_filter(study);
    if (!rc) {
        STUDY_TURN_GUARD struct study *guard = study;
        rc = work(&q, data);
        guard = NULL;
        int32_t forked = study_check_process(study);
        if (forked)
            return forked;
    }
    return question_end(&q, rc);
}

static int32_t ask_point(struct question *q, struct study *study, size_t output, const struct afina_point *point)
{
    const struct point *values = point->point;
    return question_begin(q, study, output, point->space, &values, 1);
}

static double sign_of(const struct question *q)
{
    return q->study->signs[0];
}

int32_t study_predict(struct study *study, size_t output, const struct afina_point *point, double *mean, double *sd)
{
    struct question q;
    int32_t rc = ask_point(&q, study, output, point);
    if (!rc) {
        q.surrogate.functions->predict(q.surrogate.model, q.x, mean, sd);
        *mean *= sign_of(&q);
    }
    return question_end(&q, rc);
}

int32_t study_predict_quantile(struct study *study, size_t output, const struct afina_point *point, double p,
                               double *value)
{
    struct question q;
    int32_t rc = ask_point(&q, study, output, point);
    if (!rc) {
        double of_loss = sign_of(&q) > 0 ? p : 1 - p;
        *value = sign_of(&q) * q.surrogate.functions->quantile(q.surrogate.model, q.x, of_loss);
    }
    return question_end(&q, rc);
}

int32_t study_predict_noise(struct study *study, size_t output, const struct afina_point *point, double *sd)
{
    struct question q;
    int32_t rc = ask_point(&q, study, output, point);
    if (!rc && !q.surrogate.functions->noise)
        rc = lacking(&q, "noise");
    if (!rc)
        *sd = q.surrogate.functions->noise(q.surrogate.model, q.x);
    return question_end(&q, rc);
}

int32_t study_draw(struct study *study, size_t output, const struct space *space, const struct point *const *points,
                   size_t n, size_t draws, uint64_t seed, double *values)
{
    struct question q;
    int32_t rc = question_begin(&q, study, output, space, points, n);
    if (!rc && !q.surrogate.functions->draw)
        rc = lacking(&q, "joint distribution");
    if (!rc)
        rc = q.surrogate.functions->draw(q.surrogate.model, q.x, n, draws, seed, values);
    for (size_t i = 0; i < n * draws && !rc; i++)
        values[i] *= sign_of(&q);
    return question_end(&q, rc);
}

int32_t study_length_scale(struct study *study, size_t output, const struct parameter *parameter, double *value)
{
    struct question q;
    size_t i = 0;
    int32_t rc = question_begin(&q, study, output, NULL, NULL, 0);
    if (!rc && !q.surrogate.functions->length_scale)
        rc = lacking(&q, "length scales");
    if (!rc)
        rc = space_find(study->space, parameter->name, &i);
    if (!rc)
        *value = q.surrogate.functions->length_scale(q.surrogate.model, i);
    return question_end(&q, rc);
}

/* The shares of the parameters of `space` among those of the study's. */
static int32_t all_shares(struct question *q, const struct space *space, double *shares)
{
    double *all = mem_new(q->study->space->size, sizeof *all);
    int32_t rc = all ? importance_shares(&q->surrogate, q->study->space, all) : fail_memory();
    for (size_t j = 0, i = 0; !rc && j < space->size; j++) {
        rc = space_find(q->study->space, space->parameters[j].name, &i);
        shares[j] = all[i];
    }
    mem_free(all);
    return rc;
}

int32_t study_importances(struct study *study, size_t output, const struct space *space, double *shares)
{
    struct question q;
    int32_t rc = question_begin(&q, study, output, NULL, NULL, 0);
    if (!rc)
        rc = all_shares(&q, space, shares);
    return question_end(&q, rc);
}

int32_t study_leave_one_out(struct study *study, size_t output, struct surrogate_fold **folds, size_t *count)
{
    struct question q;
    *folds = NULL;
    int32_t rc = question_begin(&q, study, output, NULL, NULL, 0);
    if (!rc && !q.surrogate.functions->leave_one_out)
        rc = lacking(&q, "leave-one-out errors");
    if (!rc) {
        *count = q.surrogate.functions->held(q.surrogate.model);
        *folds = mem_new(*count, sizeof **folds);
        rc = *folds ? q.surrogate.functions->leave_one_out(q.surrogate.model, *folds) : fail_memory();
    }
    for (size_t i = 0; !rc && i < *count; i++) {
        (*folds)[i].mean *= sign_of(&q);
        (*folds)[i].residual *= sign_of(&q);
    }
    if (rc) {
        mem_free(*folds);
        *folds = NULL;
    }
    return question_end(&q, rc);
}

int32_t study_model_fallbacks(struct study *study, int64_t *count)
{
    struct question q;
    int32_t rc = question_begin(&q, study, 0, NULL, NULL, 0);
    if (!rc && !q.surrogate.functions->fallbacks)
        rc = lacking(&q, "counter of fallbacks");
    if (!rc)
        *count = (int64_t)q.surrogate.functions->fallbacks(q.surrogate.model);
    return question_end(&q, rc);
}

/* The trials that may be the best, and how many. */
static int32_t list_candidates(const struct question *q, struct trial ***list, size_t *count)
{
    struct study *study = q->study;
    study_lock(study);
    *list = mem_new(study->n_trials, sizeof **list);
    *count = 0;
    for (size_t i = 0; *list && i < study->n_trials; i++)
        if (study_may_be_best(study, study->trials[i]))
            (*list)[(*count)++] = study->trials[i];
    study_unlock(study);
    return *list ? 0 : fail_memory();
}

/* The share of a result's deviation from the predicted mean that is taken for structure too fine for the model; the
 * rest is taken for noise. Without it the point of the least mean is worse than the best result where the objective is
 * rough and has no noise, and it is no better where it has (docs/decisions/gp-ablation.md). */
static const double fine_structure = 0.25;

/* 1 when the noise of the trial's result is not known, so that the model may have learned as noise what is none. */
static int noise_is_learned(const struct study *study, const struct trial *trial)
{
    return study->replicates <= 1 && !trial->extras->errors;
}

static int32_t expected_loss(const struct question *q, const struct trial *trial, double *mean)
{
    double sd;
    const struct point *point;
    study_lock(q->study);
    double loss = sign_of(q) * trial->end->values[0];
    int hedged = isfinite(loss) && noise_is_learned(q->study, trial);
    int32_t rc = era_view_point(&q->study->fold->view, trial, TRIAL_ENDED, &point);
    study_unlock(q->study);
    if (rc)
        return rc;
    space_encode(q->study->space, point, q->x);
    q->surrogate.functions->predict(q->surrogate.model, q->x, mean, &sd);
    if (hedged)
        *mean += fine_structure * (loss - *mean);
    return 0;
}

int32_t study_best_expected(struct study *study, size_t output, struct trial **out)
{
    *out = NULL;
    int32_t rc = check_output(study, output);
    if (rc == AFINA_E_UNSUPPORTED && output == 0)
        rc = 0; /* without a model it is the best */
    if (!rc)
        rc = study_best(study, out);
    if (rc)
        return rc;
    struct question q;
    struct trial **list = NULL;
    size_t count = 0;
    rc = question_begin(&q, study, output, NULL, NULL, 1);
    if (rc == AFINA_E_STATE || rc == AFINA_E_UNSUPPORTED)
        return question_end(&q, 0);
    if (!rc)
        rc = list_candidates(&q, &list, &count);
    double least = INFINITY;
    for (size_t i = 0; !rc && i < count; i++) {
        double loss = INFINITY;
        rc = expected_loss(&q, list[i], &loss);
        if (loss < least) {
            least = loss;
            *out = list[i];
        }
    }
    mem_free(list);
    return question_end(&q, rc);
}

struct wanted_optima {
    const struct space *space;
    size_t draws;
    uint64_t seed;
    struct point **points;
};

static int32_t draw_optima(struct question *q, void *data)
{
    const struct wanted_optima *wanted = data;
    if (!q->surrogate.functions->draw)
        return lacking(q, "joint distribution");
    int32_t rc = optima_draw(&q->surrogate, q->study->space, wanted->draws, wanted->seed, wanted->points);
    for (size_t i = 0; !rc && q->study->space != wanted->space && i < wanted->draws; i++) {
        struct point *point;
        rc = point_new(&point, wanted->space);
        if (rc)
            break;
        space_convert(q->study->space, wanted->points[i], NULL, NULL, wanted->space, point);
        point_free(wanted->points[i]);
        wanted->points[i] = point;
    }
    for (size_t i = 0; rc && i < wanted->draws; i++) {
        point_free(wanted->points[i]);
        wanted->points[i] = NULL;
    }
    return rc;
}

int32_t study_optima(struct study *study, size_t output, const struct space *space, size_t draws, uint64_t seed,
                     struct point **points)
{
    struct wanted_optima wanted = {.space = space, .draws = draws, .seed = seed, .points = points};
    return ask_filtered(study, output, draw_optima, &wanted);
}

static int32_t simplify(struct question *q, void *data)
{
    const struct afina_point *asked = data;
    struct space *space = q->study->space;
    struct point *point = asked->point;
    int32_t rc = space == asked->space ? 0 : point_new(&point, space);
    if (!rc && point != asked->point)
        space_convert(asked->space, asked->point, NULL, NULL, space, point);
    if (!rc)
        rc = simplify_point(&q->surrogate, space, point);
    if (point != asked->point) {
        if (!rc)
            space_convert(space, point, NULL, NULL, asked->space, asked->point);
        point_free(point);
    }
    return rc;
}

int32_t study_simplify(struct study *study, size_t output, const struct afina_point *point)
{
    return ask_filtered(study, output, simplify, (void *)point);
}

static int32_t bound_regret(struct question *q, void *data)
{
    const struct surrogate_functions *f = q->surrogate.functions;
    double *both = data;
    if (!f->held || !f->result)
        return lacking(q, "list of results");
    if (!f->noise)
        return lacking(q, "noise");
    return regret_bound(&q->surrogate, q->study->space, q->study->seed, &both[0], &both[1]);
}

int32_t study_regret(struct study *study, size_t output, double *bound, double *noise)
{
    double both[2];
    int32_t rc = ask_filtered(study, output, bound_regret, both);
    if (rc)
        return rc;
    *bound = both[0];
    *noise = both[1];
    return 0;
}
