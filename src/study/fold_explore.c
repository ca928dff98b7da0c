/* What is new in a space that has grown is looked at before a method learns of it.
 *
 * All that a method is shown of a new parameter is its default, of a wider one its narrower part. From points that all
 * lie in one plane most methods do not get out, whatever they would find beside it. So the first suggestions take their
 * values of such parameters from the prior, and the others as the method has them.
 */
#include "core/fail.h"
#include "core/mem.h"
#include "space/extension.h"
#include "study/fold.h"

/* Trials that have all values of a parameter before a method chooses among them. */
enum { LEAST_TRIALS = 6 };

static int explores(const struct fold *fold)
{
    return fold->view.era->n > 0 && (fold->study->method->traits & METHOD_LEARNS) != 0;
}

/* Notes which parameters of the fold's space another space has with all of their values. */
static void compare(struct fold_explored *e, const struct space *space, const struct space *of)
{
    e->of = of;
    for (size_t i = 0; i < space->size; i++) {
        size_t j = parameter_in(of, &space->parameters[i], i);
        e->is_whole[i] = j != SIZE_MAX && !extension_is_wider(&of->parameters[j], &space->parameters[i]);
    }
}

int32_t fold_explore_asked(struct fold *fold, const struct trial *trial)
{
    struct fold_explored *e = &fold->explored;
    const struct space *space = fold->view.era->space;
    const struct space *of = trial_space_after(trial, trial_growth_in(trial, fold->view.era));
    if (!explores(fold))
        return 0;
    if (!e->trials) {
        e->trials = mem_new(space->size, sizeof *e->trials);
        e->is_whole = mem_new(space->size, sizeof *e->is_whole);
        if (!e->trials || !e->is_whole)
            return fail_memory();
    }
    if (e->of != of)
        compare(e, space, of);
    for (size_t i = 0; i < space->size; i++)
        e->trials[i] += e->is_whole[i];
    return 0;
}

void fold_explored_fini(struct fold_explored *explored)
{
    mem_free(explored->trials);
    mem_free(explored->is_whole);
    *explored = (struct fold_explored){0};
}

void fold_explore(struct fold *fold, struct suggestion *s)
{
    const struct fold_explored *e = &fold->explored;
    const struct space *space = fold->view.era->space;
    int changed = 0;
    if (!explores(fold) || !e->trials)
        return;
    for (size_t i = 0; i < space->size; i++) {
        if (e->trials[i] >= LEAST_TRIALS)
            continue;
        s->point->value[i] = parameter_from_unit(&space->parameters[i], rng_uniform(s->rng));
        changed = 1;
    }
    if (!changed)
        return;
    s->note_size = 0; /* it is of another point */
    for (size_t i = 0; i < space->size; i++)
        if (!s->point->active[i] && e->trials[i] >= LEAST_TRIALS)
            s->point->value[i] = parameter_suggestible_default(&space->parameters[i]);
    space_resolve(space, s->point, 1);
}
