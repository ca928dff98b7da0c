#include "study/fold.h"

#include "core/fail.h"
#include "core/mem.h"

#include <math.h>

enum {
    MOST_ATTEMPTS = 16,    /* proposals that a method may make for one trial */
    MOST_SCANNED = 1 << 20 /* points of a finite space looked at for a free one */
};

/* Forgets the era, and all that was taken in. */
static void end(struct fold *fold)
{
    if (fold->state) {
        fold->study->method->fini(fold->state);
        mem_free(fold->state);
    }
    fold_schedule_fini(fold);
    point_set_fini(&fold->seen);
    fold_explored_fini(&fold->explored);
    lattice_free(fold->lattice);
    point_free(fold->point);
    mem_free(fold->note);
    mem_free(fold->losses);
    mem_free(fold->lost);
    era_view_fini(&fold->view);
    *fold = (struct fold){.study = fold->study};
}

void fold_free(struct fold *fold)
{
    if (!fold)
        return;
    end(fold);
    mem_free(fold);
}

/* A finite space has a lattice of what may be suggested; one that has none is taken as
 * endless. */
static int32_t count_points(struct fold *fold)
{
    struct space *space = fold->view.era->space;
    fold->points = UINT64_MAX;
    if (space->size == 0 || space_is_continuous(space))
        return 0;
    int32_t rc = lattice_suggestible(&fold->lattice, space);
    if (rc == AFINA_E_UNSUPPORTED)
        return 0;
    if (!rc)
        fold->points = lattice_count(fold->lattice);
    return rc;
}

/* There is nothing to search in a space without parameters: it has no method yet. */
static int32_t begin_method(struct fold *fold)
{
    const struct method *method = fold->study->method;
    fold->state = mem_new(method->state_size, 1);
    return fold->state ? method->init(fold->state, &fold->context) : fail_memory();
}

static int32_t begin(struct fold *fold, struct era *era)
{
    struct study *study = fold->study;
    fold->view.era = era;
    fold->context = (struct method_context){
        .space = era->space,
        .options = &study->method_options,
        .others = study->others,
        .seed = study->seed,
        .objectives = study->objectives,
        .seen = &fold->seen,
        .repeats = study->repeats,
    };
    no_gain_init(&fold->no_gain, option_real(&study->options, "no_gain_percent"));
    int32_t rc = count_points(fold);
    if (!rc)
        rc = point_new(&fold->point, era->space);
    if (rc)
        return rc;
    fold->losses = mem_new(study->objectives, sizeof *fold->losses);
    fold->note = mem_resize(NULL, METHOD_NOTE_MAX, sizeof *fold->note); /* written before it is read */
    rc = fold->losses && fold->note ? 0 : fail_memory();
    if (!rc && era->space->size > 0)
        rc = begin_method(fold);
    if (!rc && study_plans(study))
        rc = fold_schedule_init(fold);
    return rc ? rc : fold_check_model(fold);
}

int32_t fold_enter(struct fold *fold, struct era *era)
{
    if (fold->view.era == era)
        return 0;
    end(fold);
    int32_t rc = begin(fold, era);
    if (rc)
        end(fold);
    return rc;
}

int32_t fold_new(struct fold **out, struct study *study)
{
    *out = mem_new(1, sizeof **out);
    if (!*out)
        return fail_memory();
    (*out)->study = study;
    return 0;
}

static int is_new(struct fold *fold, struct point *point)
{
    return fold->study->repeats || !point_set_contains(&fold->seen, point);
}

/* Looks for a free point of a finite space from a random rank on. Where there is none it
 * tells whether all were asked or the filter refuses them. */
static int32_t scan_points(struct fold *fold, struct rng *rng, struct point *point)
{
    uint64_t start = rng_below(rng, fold->points);
    uint64_t most = fold->points < MOST_SCANNED ? fold->points : MOST_SCANNED;
    for (uint64_t i = 0; i < most; i++) {
        uint64_t left = fold->points - start;
        lattice_unrank(fold->lattice, i < left ? start + i : i - left, point);
        if (!is_new(fold, point))
            continue;
        int32_t allowed = space_allows(fold->view.era->space, point);
        if (allowed)
            return allowed < 0 ? allowed : 0;
    }
    if (most == fold->points && fold->used > 0 && !fold->study->repeats)
        return AFINA_EXHAUSTED;
    return fail(AFINA_E_NO_POINT, "the filter refused every point of %llu that were tried", (unsigned long long)most);
}

/* What the frame proposes when the method's own proposals were all refused. */
static int32_t repair(struct fold *fold, struct rng *rng, struct point *point)
{
    struct space *space = fold->view.era->space;
    for (int i = 0; i < MOST_ATTEMPTS; i++) {
        int32_t rc = space_sample(space, rng, point);
        if (rc == AFINA_E_NO_POINT && fold->lattice)
            break;
        if (rc)
            return rc;
        if (is_new(fold, point))
            return 0;
    }
    if (fold->lattice)
        return scan_points(fold, rng, point);
    return 0; /* a continuous space that draws the same point for ever has no other to draw */
}

/* The one point of a space without parameters. */
static int32_t suggest_empty(struct fold *fold)
{
    fold->note_size = 0;
    return 0;
}

int32_t fold_suggest(struct fold *fold, int64_t number)
{
    struct study *study = fold->study;
    struct space *space = fold->view.era->space;
    if (!fold->state)
        return fold->seen.size > 0 && !study->repeats ? AFINA_EXHAUSTED : suggest_empty(fold);
    if (!study->repeats && fold->lattice && fold->used >= fold->points)
        return AFINA_EXHAUSTED;
    struct rng rng;
    rng_start(&rng, study->seed, (uint64_t)number, RNG_SUGGEST);
    struct suggestion s = {.rng = &rng, .number = number, .point = fold->point, .note = fold->note};
    for (; s.attempt < MOST_ATTEMPTS; s.attempt++) {
        s.note_size = 0;
        int32_t rc = study->method->suggest(fold->state, &s);
        if (rc)
            return rc;
        fold_explore(fold, &s);
        fold->note_size = s.note_size;
        int32_t allowed = 0;
        if (is_new(fold, fold->point) && space_is_suggestible(space, fold->point))
            allowed = space_allows(space, fold->point);
        if (allowed)
            return allowed < 0 ? allowed : 0;
    }
    rng_start(&rng, study->seed, (uint64_t)number, RNG_REPAIR);
    return repair(fold, &rng, fold->point);
}

/* The trial of the scheduler's action. */
static struct decision decide(const struct action *action, int exhausted, int64_t queued)
{
    int is_new = action->kind == ACTION_NEW;
    return (struct decision){
        .kind = action->kind,
        .from_queue = is_new && queued > 0,
        .exhausted = exhausted,
        .parent = is_new ? -1 : action->trial,
        .budget = action->budget,
        .replicate = action->kind == ACTION_REPEAT ? action->replicate : 0,
    };
}

/* Takes in one more end, for which the scheduler waits. Without lag all ends are taken in already. */
static int32_t wait_for_one(struct fold *fold, int64_t number, size_t position)
{
    if (fold->study->lag == 0)
        return AFINA_WAIT;
    study_lock(fold->study);
    int32_t rc = fold_take_one_more(fold, number, position);
    study_unlock(fold->study);
    return rc;
}

static int32_t suggest_for_arm(struct fold *fold, int64_t number)
{
    study_lock(fold->study);
    int32_t rc = fold_show_arms(fold);
    study_unlock(fold->study);
    return rc ? rc : fold_suggest(fold, number);
}

int fold_is_over(const struct fold *fold)
{
    int64_t trials = option_integer(&fold->study->options, "no_gain");
    return trials > 0 && no_gain_is_over(&fold->no_gain, trials);
}

int32_t fold_decide(struct fold *fold, int64_t number, size_t position, struct decision *out)
{
    struct action action;
    int exhausted = 0;
    for (;;) {
        study_lock(fold->study);
        fold_situate(fold, number, position, exhausted);
        study_unlock(fold->study);
        int32_t rc = fold_ask_scheduler(fold, &action);
        if (rc || action.kind == ACTION_DONE)
            return rc ? rc : AFINA_DONE;
        if (action.kind == ACTION_WAIT) {
            rc = wait_for_one(fold, number, position);
            if (rc)
                return rc;
            exhausted = 0;
            continue;
        }
        *out = decide(&action, exhausted, fold->schedule.situation.queued);
        if (action.kind == ACTION_NEW && !out->from_queue)
            rc = suggest_for_arm(fold, number);
        if (rc != AFINA_EXHAUSTED || exhausted)
            return rc;
        exhausted = 1;
    }
}
