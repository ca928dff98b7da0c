/* Where a suggestion's time goes: asks and tells after a history, for a profiler that is
 * told to look at bench_profiled_ask and bench_profiled_tell alone. One suggestion, with
 * the model's first fit, goes before; then there are so many that one fit is among them. */
#include "runner.h"

#include "problems/values.h"

int32_t bench_profiled_ask(afina_optimizer *optimizer, afina_trial **trial);
int32_t bench_profiled_tell(afina_optimizer *optimizer, int64_t number, double y);

/* A call that is the last thing a function does would take its place there. */
static inline void stay_on_the_stack(void)
{
    __asm__ volatile("" ::: "memory");
}

__attribute__((noinline)) int32_t bench_profiled_ask(afina_optimizer *optimizer, afina_trial **trial)
{
    const int32_t rc = afina_ask(optimizer, trial);
    stay_on_the_stack();
    return rc;
}

__attribute__((noinline)) int32_t bench_profiled_tell(afina_optimizer *optimizer, int64_t number, double y)
{
    const int32_t rc = afina_tell(optimizer, number, &y, 1);
    stay_on_the_stack();
    return rc;
}

static int32_t step(afina_optimizer *optimizer, const afina_space *space, const struct problem *p, int counts)
{
    double x[PROBLEM_PARAMETERS];
    afina_trial *trial;
    int32_t rc = counts ? bench_profiled_ask(optimizer, &trial) : afina_ask(optimizer, &trial);
    if (rc)
        return rc;
    rc = values_read(space, afina_trial_point(trial), x);
    const double y = rc ? 0 : p->value(p, x);
    const int64_t number = afina_trial_number(trial);
    if (!rc)
        rc = counts ? bench_profiled_tell(optimizer, number, y) : afina_tell(optimizer, number, &y, 1);
    afina_trial_free(trial);
    return rc;
}

/* The first problem chosen. */
static const struct problem *chosen(const struct settings *s)
{
    for (size_t i = 0; i < problem_count(); i++)
        if (is_chosen(s, problem_at(i)))
            return problem_at(i);
    return NULL;
}

int bench_profile(const struct settings *s, const char *method)
{
    const int counted = s->history < 250 ? s->history / 10 + 1 : 25;
    const struct problem *p = chosen(s);
    afina_space *space = NULL;
    afina_optimizer *optimizer = NULL;
    int32_t rc = p ? problem_space(p, &space) : AFINA_E_NAME;
    rc = rc ? rc : bench_filled(&optimizer, space, p, method, (size_t)s->history);
    rc = rc ? rc : step(optimizer, space, p, 0);
    for (int i = 0; i < counted && !rc; i++)
        rc = step(optimizer, space, p, 1);
    if (rc)
        fprintf(stderr, "bench: no profile: %s\n", p ? afina_last_error() : "no problem was chosen");
    else
        printf("%d suggestions\n", counted);
    afina_optimizer_free(optimizer);
    afina_space_free(space);
    return rc;
}
